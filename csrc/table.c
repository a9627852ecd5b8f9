#define _GNU_SOURCE
#include "table.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

size_t record_size(enum getifs_kind kind)
{
    switch (kind) {
    case GETIFS_LINK: return sizeof(struct getifs_link);
    case GETIFS_IFNET: return sizeof(struct getifs_ifnet);
    case GETIFS_IFADDR: return sizeof(struct getifs_ifaddr);
    case GETIFS_ROUTE: return sizeof(struct getifs_route);
    case GETIFS_NEXTHOP: return sizeof(struct getifs_nexthop);
    }
    return 0;
}

void table_init(struct table *table, enum getifs_kind kind, const struct getifs_filter *filter)
{
    *table = (struct table){.row_size = record_size(kind), .filter = filter};
}

void table_free(struct table *table)
{
    free(table->rows);
    free(table->text);
    table->rows = NULL;
    table->text = NULL;
    table->count = table->room = table->reserved = table->text_size = table->text_room = 0;
}

static int reserve(struct table *table)
{
    /* In few steps at first: glibc gives the top of its heap back to the kernel with every answer of some 100 KB, until
       one was so large that it had a mapping of its own. */
    size_t times = table->reserved * table->row_size < 1 << 20 ? 4 : 2;
    size_t count = table->reserved ? table->reserved * times : 32;
    if (count > SIZE_MAX / table->row_size)
        return -ENOMEM;
    void *rows = realloc(table->rows, count * table->row_size);
    if (!rows)
        return -ENOMEM;
    table->rows = rows;
    table->reserved = count;
    return 0;
}

int table_grow(struct table *table)
{
    enum { ALWAYS_FRESH = 32 << 20, STEP = 1 << 20, PAGE = 4096 };
    if (table->room == table->reserved && reserve(table) < 0)
        return -ENOMEM;
    size_t more = table->reserved - table->room;
    /* Blocks of that size malloc maps anew each time, and a page fault costs more than the rows of its page: the
       kernel makes many at once for less (Linux 5.14). Where it doesn't, nothing is lost. */
    if (table->reserved * table->row_size > ALWAYS_FRESH && more > STEP / table->row_size) {
        more = STEP / table->row_size;
        uintptr_t from = (uintptr_t)table_row(table, table->room);
        from += -from % PAGE;
        madvise((void *)from, STEP - 2 * PAGE, MADV_POPULATE_WRITE);
    }
    table->room += more;
    return 0;
}

int table_append_text(struct table *table, const void *data, size_t size)
{
    if (size > table->text_room - table->text_size) {
        size_t room = (table->text_room + size) * 2 + 256;
        if (room > UINT32_MAX)
            return -EOVERFLOW; /* records hold 32-bit offsets */
        char *text = realloc(table->text, room);
        if (!text)
            return -ENOMEM;
        table->text = text;
        table->text_room = room;
    }
    if (size)
        memcpy(table->text + table->text_size, data, size);
    table->text_size += size;
    return 0;
}

void table_filter(struct table *table)
{
    if (!table->filter)
        return;
    size_t kept = 0;
    for (size_t i = 0; i < table->count; i++) {
        if (!filter_accepts(table->filter, table_row(table, i), table->text))
            continue;
        if (kept != i)
            memcpy(table_row(table, kept), table_row(table, i), table->row_size);
        kept++;
    }
    table->count = kept;
}

static uint64_t key_hash(const unsigned char *row, const struct key *keys, size_t key_count)
{
    uint64_t hash = 0;
    for (size_t k = 0; k < key_count; k++) {
        const unsigned char *at = row + keys[k].offset;
        for (size_t left = keys[k].size; left;) {
            uint64_t word = 0;
            size_t size = left < sizeof word ? left : sizeof word;
            memcpy(&word, at, size);
            hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
            hash ^= hash >> 32;
            at += size;
            left -= size;
        }
    }
    return hash;
}

static bool key_equal(const unsigned char *a, const unsigned char *b, const struct key *keys, size_t key_count)
{
    for (size_t k = 0; k < key_count; k++)
        if (memcmp(a + keys[k].offset, b + keys[k].offset, keys[k].size) != 0)
            return false;
    return true;
}

int table_unique(struct table *table, size_t from, const struct key *keys, size_t key_count)
{
    size_t slots = 64;
    while (slots < (table->count - from) * 2)
        slots *= 2;
    uint32_t *seen = calloc(slots, sizeof *seen); /* position + 1 */
    if (!seen)
        return -ENOMEM;
    size_t kept = from;
    for (size_t i = from; i < table->count; i++) {
        unsigned char *row = table_row(table, i);
        size_t slot = key_hash(row, keys, key_count) & (slots - 1);
        while (seen[slot] && !key_equal(table_row(table, seen[slot] - 1), row, keys, key_count))
            slot = (slot + 1) & (slots - 1);
        size_t place = seen[slot] ? seen[slot] - 1 : kept++;
        seen[slot] = (uint32_t)place + 1;
        if (place != i)
            memcpy(table_row(table, place), row, table->row_size);
    }
    free(seen);
    table->count = kept;
    return 0;
}

/* Rows in the order of the dump: by family, then by interface, only a few of which are the same one's. */
static bool are_distinct(const struct table *table, const struct key *keys, size_t key_count)
{
    enum { FEW = 8 };
    uint64_t last = 0;
    size_t first = 0; /* of the rows of the same interface */
    for (size_t i = 0; i < table->count; i++) {
        const unsigned char *row = table_row(table, i);
        uint32_t index;
        memcpy(&index, row + keys[0].offset, sizeof index);
        uint64_t place = (uint64_t)(key_count > 1 ? row[keys[1].offset] : 0) << 32 | index;
        if (place < last || (place == last && i - first == FEW))
            return false;
        if (place > last)
            first = i;
        for (size_t j = first; j < i; j++)
            if (key_equal(table_row(table, j), row, keys, key_count))
                return false;
        last = place;
    }
    return true;
}

int table_unique_by_interface(struct table *table, const struct key *keys, size_t key_count)
{
    return are_distinct(table, keys, key_count) ? 0 : table_unique(table, 0, keys, key_count);
}

void table_give(struct table *table, struct getifs_block *block)
{
    *block = (struct getifs_block){
        .count = table->count,
        .text_size = table->text_size,
        .malformed = table->malformed,
        .rows = table->rows,
        .text = table->text,
    };
    table->rows = NULL;
    table->text = NULL;
    table_free(table);
}

void table_give_few(struct table *table, struct getifs_answer *answer)
{
    size_t size = table->count * table->row_size;
    if (!size)
        table->text_size = 0; /* of rows that were dropped later */
    bool fits = size <= sizeof answer->few && table->text_size <= sizeof answer->few - size;
    if (fits && size)
        memcpy(answer->few, table->rows, size);
    if (fits && table->text_size)
        memcpy(answer->few + size, table->text, table->text_size);
    table_give(table, &answer->blocks.block);
    if (fits) {
        free(answer->blocks.block.rows);
        free(answer->blocks.block.text);
        answer->blocks.block.rows = NULL;
        answer->blocks.block.text = NULL;
    }
}
