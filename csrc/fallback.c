/* Multicast groups from /proc/net, for kernels that do not dump them. */
#define _GNU_SOURCE
#include "fallback.h"
#include "socket.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int digit(char c, unsigned base)
{
    int value = c >= '0' && c <= '9' ? c - '0'
        : c >= 'a' && c <= 'f'       ? c - 'a' + 10
        : c >= 'A' && c <= 'F'       ? c - 'A' + 10
                                     : 99;
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
 * igmp: a heading; then "1\tlo        :     1      V3" for each interface and "\t\t\t\t010000E0     1 0:0 0" for each
 * of its groups, a word in the host's byte order. igmp6: "1    lo              ff02…01     1 0000000C 0".
 */
static bool read_igmp6_line(struct line line, uint32_t *index, uint8_t group[16])
{
    skip_blanks(&line);
    if (!read_index(&line, index))
        return false;
    skip_blanks(&line);
    while (line.at < line.end && *line.at != ' ' && *line.at != '\t')
        line.at++;
    skip_blanks(&line);
    return read_hex(&line, group, 16);
}

/* A line of an interface sets the index of the groups that follow. */
static bool read_igmp_line(struct line line, bool big_endian, uint32_t *index, uint8_t group[16], bool *is_group)
{
    *is_group = false;
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

static int keep_group(struct dump *dump, uint32_t index, const uint8_t *group)
{
    if (dump->index && dump->index != index)
        return 0;
    struct getifs_ifaddr *row = table_next(dump->table);
    if (!row)
        return -ENOMEM;
    row->index = index;
    row->family = (uint8_t)dump->family;
    memcpy(row->addr, group, address_size(dump->family));
    table_keep_unfiltered(dump->table);
    return 0;
}

int groups_parse_proc(struct dump *dump, struct proc_text text, char *message, size_t message_size)
{
    const char *at = text.data, *end = text.data + text.size;
    uint32_t index = 0;
    bool heading = dump->family == AF_INET;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        struct line line = {at, stop ? stop : end};
        at = stop ? stop + 1 : end;
        if (heading) {
            heading = false;
            continue;
        }
        uint8_t group[16];
        bool is_group = true;
        bool ok = dump->family == AF_INET6 ? read_igmp6_line(line, &index, group)
                                           : read_igmp_line(line, text.big_endian, &index, group, &is_group);
        if (!ok) {
            size_t len = (size_t)(line.end - line.at);
            if (len >= message_size)
                len = message_size - 1;
            memcpy(message, line.at, len);
            message[len] = 0;
            return OUTCOME_MALFORMED;
        }
        if (is_group && keep_group(dump, index, group) < 0)
            return -ENOMEM;
    }
    return 0;
}

static int read_whole(int fd, char **text, size_t *size)
{
    char *data = NULL;
    size_t used = 0, room = 0;
    for (;;) {
        if (used == room) {
            char *more = realloc(data, room = room * 2 + 4096);
            if (!more) {
                free(data);
                return -ENOMEM;
            }
            data = more;
        }
        ssize_t got = read(fd, data + used, room - used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            int r = -errno;
            free(data);
            return r;
        }
        if (got == 0)
            break;
        used += (size_t)got;
    }
    *text = data;
    *size = used;
    return 0;
}

struct proc_net_file {
    const char *name;
    int fd; /* -1: there is no such file */
};

/* Opens a file in the calling thread's /proc/net. It stays one of that thread's namespace. */
static int open_proc_net(void *context)
{
    struct proc_net_file *file = context;
    /* /proc/net shows the namespace of the process's first thread. /proc/thread-self came with Linux 3.17. */
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%ld/net", syscall(SYS_gettid));
    int dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return -errno;
    file->fd = openat(dir, file->name, O_RDONLY | O_CLOEXEC);
    int r = file->fd < 0 && errno != ENOENT ? -errno : 0;
    close(dir);
    return r;
}

static bool is_big_endian(void)
{
    uint16_t one = 1;
    uint8_t first;
    memcpy(&first, &one, 1);
    return first == 0;
}

int groups_from_proc(struct dump *dump, int error, char *message, size_t message_size)
{
    (void)error;
    struct proc_net_file file = {dump->family == AF_INET ? "igmp" : "igmp6", -1};
    int r = netns_call(dump->control->netns, open_proc_net, &file);
    if (r < 0 || file.fd < 0) /* this kernel lacks the family */
        return r;
    char *data = NULL;
    struct proc_text text = {.big_endian = is_big_endian()};
    r = read_whole(file.fd, &data, &text.size);
    close(file.fd);
    if (r < 0)
        return r;
    text.data = data;
    r = groups_parse_proc(dump, text, message, message_size);
    free(data);
    return r;
}
