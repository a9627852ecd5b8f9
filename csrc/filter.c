#include "filter.h"
#include <string.h>

bool prefix_equal(const uint8_t *a, const uint8_t *b, unsigned bits)
{
    unsigned whole = bits / 8, rest = bits % 8;
    return memcmp(a, b, whole) == 0 && (!rest || !((a[whole] ^ b[whole]) >> (8 - rest)));
}

static bool test_mask(const struct getifs_test *test, const uint8_t *row)
{
    uint32_t value = 0;
    if (test->size == 1) {
        value = row[test->offset];
    } else if (test->size == 2) {
        uint16_t half;
        memcpy(&half, row + test->offset, sizeof half);
        value = half;
    } else {
        memcpy(&value, row + test->offset, sizeof value);
    }
    return (value & test->mask) == test->value;
}

static bool test_prefix(const struct getifs_test *test, const uint8_t *row)
{
    return row[test->family_at] == test->family
        && (test->length_at == GETIFS_FULL_LENGTH || row[test->length_at] >= test->length)
        && prefix_equal(row + test->offset, test->addr, test->length);
}

static bool test_covers(const struct getifs_test *test, const uint8_t *row)
{
    return row[test->family_at] == test->family && row[test->length_at] <= test->length
        && prefix_equal(row + test->offset, test->addr, row[test->length_at]);
}

static bool test_text(const struct getifs_filter *filter, const struct getifs_test *test, const void *row, const char *extra)
{
    struct getifs_link link;
    memcpy(&link, row, sizeof link);
    size_t at = link.extra_at;
    for (unsigned part = 0; part < test->part; part++)
        at += link.part_len[part];
    return glob_matches(filter->globs + test->value, test->length, extra + at, link.part_len[test->part]);
}

bool filter_accepts(const struct getifs_filter *filter, const void *row, const char *extra)
{
    size_t at = 0;
    while (at < filter->test_count) {
        const struct getifs_test *test = &filter->tests[at];
        bool yes = false;
        switch (test->op) {
        case GETIFS_TEST_MASK: yes = test_mask(test, row); break;
        case GETIFS_TEST_PREFIX: yes = test_prefix(test, row); break;
        case GETIFS_TEST_COVERS: yes = test_covers(test, row); break;
        case GETIFS_TEST_TEXT: yes = test_text(filter, test, row, extra); break;
        }
        at = yes ? test->on_true : test->on_false;
    }
    return at == GETIFS_ACCEPT;
}

bool filter_rejects(const struct getifs_filter *filter, const void *row, size_t from, size_t to)
{
    size_t at = 0;
    while (at < filter->test_count) {
        const struct getifs_test *test = &filter->tests[at];
        if (test->op != GETIFS_TEST_MASK || test->offset < from || (size_t)test->offset + test->size > to)
            return false;
        at = test_mask(test, row) ? test->on_true : test->on_false;
    }
    return at != GETIFS_ACCEPT;
}

size_t getifs_select(const struct getifs_filter *filter, const struct getifs_rows *rows, uint32_t *out)
{
    size_t found = 0;
    const uint8_t *row = rows->rows;
    for (size_t i = 0; i < rows->count; i++, row += rows->row_size)
        if (filter_accepts(filter, row, rows->extra))
            out[found++] = (uint32_t)i;
    return found;
}
