#include "multicast.h"
#include <errno.h>

static int keep_group(struct table *table, unsigned family, uint32_t index, const uint8_t *addr)
{
    struct getifs_ifaddr *row = table_next(table);
    if (!row)
        return -ENOMEM;
    row->index = index;
    row->family = (uint8_t)family;
    memcpy(row->addr, addr, address_size(family));
    table_keep_unfiltered(table);
    return 0;
}

int multicast_parse(struct table *table, struct attr_set *set, unsigned family, uint32_t index, const uint8_t *payload, size_t len)
{
    struct ifaddrmsg header;
    if (len < sizeof header)
        return -EBADMSG;
    memcpy(&header, payload, sizeof header);
    if (!address_size(header.ifa_family) || (family && header.ifa_family != family))
        return 0;
    if (index && header.ifa_index != index)
        return 0;
    if (!attr_set_read(set, payload + sizeof header, len - sizeof header))
        return -EBADMSG;
    uint8_t group[16];
    if (!attr_address(attr_of(set, IFA_MULTICAST), header.ifa_family, group) || !header.ifa_index) {
        table->malformed++;
        return 0;
    }
    return keep_group(table, header.ifa_family, header.ifa_index, group);
}

bool is_big_endian(void)
{
    uint16_t one = 1;
    uint8_t first;
    memcpy(&first, &one, 1);
    return first == 0;
}

static int digit(char c, unsigned base)
{
    int value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
    return value < (int)base ? value : -1;
}

struct line {
    const char *at, *end;
};

static void skip_blanks(struct line *line)
{
    while (line->at < line->end && (*line->at == ' ' || *line->at == '\t'))
        line->at++;
}

static bool read_index(struct line *line, uint32_t *index)
{
    uint64_t value = 0;
    const char *from = line->at;
    for (int d; line->at < line->end && (d = digit(*line->at, 10)) >= 0; line->at++)
        if ((value = value * 10 + (unsigned)d) > INT32_MAX)
            return false;
    *index = (uint32_t)value;
    return line->at > from && value > 0;
}

static bool read_hex(struct line *line, uint8_t *out, size_t size)
{
    for (size_t i = 0; i < size; i++, line->at += 2) {
        if (line->end - line->at < 2)
            return false;
        int high = digit(line->at[0], 16), low = digit(line->at[1], 16);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return line->at == line->end || *line->at == ' ' || *line->at == '\t';
}

/*
 * igmp: a heading; then "1\tlo        :     1      V3" for an interface and "\t\t\t\t010000E0     1 0:0 0" for each
 * of its groups, a word printed in the host's byte order. igmp6: "1    lo              ff02…01     1 0000000C 0".
 */
static bool read_line(struct line line, unsigned family, bool big_endian, uint32_t *index, uint8_t group[16], bool *is_group)
{
    *is_group = false;
    if (family == AF_INET6) {
        skip_blanks(&line);
        if (!read_index(&line, index))
            return false;
        skip_blanks(&line);
        while (line.at < line.end && *line.at != ' ' && *line.at != '\t')
            line.at++;
        skip_blanks(&line);
        *is_group = true;
        return read_hex(&line, group, 16);
    }
    if (line.at < line.end && *line.at != '\t' && *line.at != ' ')
        return read_index(&line, index);
    skip_blanks(&line);
    uint8_t word[4];
    if (!*index || !read_hex(&line, word, 4))
        return false;
    for (int i = 0; i < 4; i++)
        group[i] = big_endian ? word[i] : word[3 - i];
    *is_group = true;
    return true;
}

int igmp_parse(struct table *table, unsigned family, uint32_t index, bool big_endian, const char *text, size_t size,
               char *message, size_t room)
{
    const char *end = text + size;
    uint32_t current = 0;
    bool heading = family == AF_INET;
    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        struct line line = {text, stop ? stop : end};
        text = stop ? stop + 1 : end;
        if (heading) {
            heading = false;
            continue;
        }
        uint8_t group[16];
        bool is_group;
        if (!read_line(line, family, big_endian, &current, group, &is_group)) {
            size_t len = (size_t)(line.end - line.at);
            if (len >= room)
                len = room - 1;
            memcpy(message, line.at, len);
            message[len] = 0;
            return -EBADMSG;
        }
        if (is_group && (!index || index == current) && keep_group(table, family, current, group) < 0)
            return -ENOMEM;
    }
    return 0;
}
