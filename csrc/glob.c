#include "filter.h"

enum { NOT_UTF8 = 0xDC00 };

static bool is_continuation(uint8_t byte)
{
    return (byte & 0xC0) == 0x80;
}

/* Decodes one UTF-8 character of at most `left` bytes, and returns its size. A byte that starts none is a character by itself. */
static size_t next_character(const uint8_t *at, size_t left, uint32_t *character)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint8_t first = at[0];
    size_t size = first < 0x80          ? 1
        : first >= 0xF0 && first < 0xF8 ? 4
        : first >= 0xE0 && first < 0xF0 ? 3
        : first >= 0xC0 && first < 0xE0 ? 2
                                        : 0;
    uint32_t value = size == 1 ? first : size ? first & (0x7Fu >> size) : 0;
    if (size && size <= left) {
        size_t i = 1;
        for (; i < size && is_continuation(at[i]); i++)
            value = value << 6 | (at[i] & 0x3F);
        if (i == size && value >= least[size] && value < 0x110000 && (value < 0xD800 || value > 0xDFFF)) {
            *character = value;
            return size;
        }
    }
    *character = NOT_UTF8 + first;
    return 1;
}

/* The size of an element, its ranges included. */
static size_t element_size(const struct getifs_glob *pattern)
{
    bool has_ranges = pattern->op == GETIFS_GLOB_SET || pattern->op == GETIFS_GLOB_NOT_SET;
    return 1 + (has_ranges ? pattern->first : 0);
}

static bool element_matches(const struct getifs_glob *pattern, uint32_t character)
{
    if (pattern->op == GETIFS_GLOB_ANY)
        return true;
    if (pattern->op == GETIFS_GLOB_CHAR)
        return pattern->first == character;
    bool found = false;
    for (uint32_t i = 1; i <= pattern->first && !found; i++)
        found = pattern[i].first <= character && character <= pattern[i].last;
    return found == (pattern->op == GETIFS_GLOB_SET);
}

/* After a mismatch the latest star takes one more character. Earlier stars never need to change. */
bool glob_matches(const struct getifs_glob *pattern, size_t count, const void *text, size_t size)
{
    const uint8_t *bytes = text;
    size_t at = 0, element = 0, star = 0, star_at = 0;
    bool has_star = false;
    while (at < size) {
        uint32_t character;
        size_t width = next_character(bytes + at, size - at, &character);
        if (element < count && pattern[element].op == GETIFS_GLOB_STAR) {
            has_star = true;
            star = ++element;
            star_at = at;
        } else if (element < count && element_matches(pattern + element, character)) {
            element += element_size(pattern + element);
            at += width;
        } else if (has_star) {
            star_at += next_character(bytes + star_at, size - star_at, &character);
            at = star_at;
            element = star;
        } else {
            return false;
        }
    }
    while (element < count && pattern[element].op == GETIFS_GLOB_STAR)
        element++;
    return element == count;
}
