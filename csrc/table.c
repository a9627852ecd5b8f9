#define _GNU_SOURCE
#include "table.h"
#include "outcome.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

void table_init(struct table *table, size_t row_size, const struct getifs_filter *filter)
{
    *table = (struct table){.row_size = row_size, .filter = filter};
}

void table_free(struct table *table)
{
    free(table->rows);
    free(table->extra);
    table->rows = NULL;
    table->extra = NULL;
    table->count = table->room = table->reserved = table->extra_len = table->extra_room = 0;
}

static int reserve(struct table *table)
{
    /* Fourfold at first: with each answer of about 100 KB glibc returns the top of its heap to the kernel, until an
       answer was large enough for a mapping of its own. */
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
    /* malloc maps blocks of this size again each time, and a page fault costs more than the rows of the page. The
       kernel populates many pages at once for less (Linux 5.14); older kernels refuse, which is no error. */
    if (table->reserved * table->row_size > ALWAYS_FRESH && more > STEP / table->row_size) {
        more = STEP / table->row_size;
        uintptr_t from = (uintptr_t)table_row(table, table->room);
        from += -from % PAGE;
        madvise((void *)from, STEP - 2 * PAGE, MADV_POPULATE_WRITE);
    }
    table->room += more;
    return 0;
}

int table_append(struct table *table, const void *data, size_t size)
{
    if (size > table->extra_room - table->extra_len) {
        size_t room = (table->extra_room + size) * 2 + 256;
        if (room > UINT32_MAX)
            return -EOVERFLOW; /* records hold 32-bit offsets */
        char *extra = realloc(table->extra, room);
        if (!extra)
            return -ENOMEM;
        table->extra = extra;
        table->extra_room = room;
    }
    if (size)
        memcpy(table->extra + table->extra_len, data, size);
    table->extra_len += size;
    return 0;
}

void table_filter(struct table *table)
{
    if (!table->filter)
        return;
    size_t kept = 0;
    for (size_t i = 0; i < table->count; i++) {
        if (!filter_accepts(table->filter, table_row(table, i), table->extra))
            continue;
        if (kept != i)
            memcpy(table_row(table, kept), table_row(table, i), table->row_size);
        kept++;
    }
    table->count = kept;
}

uint64_t identity_hash(const struct identity *identity, const void *row)
{
    uint64_t hash = 0;
    for (size_t k = 0; k < identity->count; k++) {
        const unsigned char *at = (const unsigned char *)row + identity->keys[k].offset;
        for (size_t left = identity->keys[k].size; left;) {
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

bool identity_equal(const struct identity *identity, const void *a, const char *extra_a, const void *b, const char *extra_b)
{
    for (size_t k = 0; k < identity->count; k++) {
        size_t offset = identity->keys[k].offset;
        if (memcmp((const char *)a + offset, (const char *)b + offset, identity->keys[k].size) != 0)
            return false;
    }
    return !identity->same_extra || identity->same_extra(a, extra_a, b, extra_b);
}

static bool same_row(const struct table *table, const struct identity *identity, const void *a, const void *b)
{
    return identity_equal(identity, a, table->extra, b, table->extra);
}

int table_unique(struct table *table, const struct identity *identity, struct unique *u)
{
    enum { SLICE = 1 << 16 };
    if (!u->seen) {
        u->slots = 64;
        while (u->slots < (table->count - u->from) * 2)
            u->slots *= 2;
        u->seen = calloc(u->slots, sizeof *u->seen);
        if (!u->seen)
            return -ENOMEM;
        u->at = u->kept = u->from;
    }
    size_t end = table->count - u->at > SLICE ? u->at + SLICE : table->count;
    for (; u->at < end; u->at++) {
        unsigned char *row = table_row(table, u->at);
        size_t slot = identity_hash(identity, row) & (u->slots - 1);
        while (u->seen[slot] && !same_row(table, identity, table_row(table, u->seen[slot] - 1), row))
            slot = (slot + 1) & (u->slots - 1);
        size_t place = u->seen[slot] ? u->seen[slot] - 1 : u->kept++;
        u->seen[slot] = (uint32_t)place + 1;
        if (place != u->at)
            memcpy(table_row(table, place), row, table->row_size);
    }
    if (end < table->count)
        return OUTCOME_PAUSED;
    table->count = u->kept;
    unique_end(u);
    return 0;
}

void unique_end(struct unique *u)
{
    free(u->seen);
    *u = (struct unique){0};
}

/* True if the rows are in the order of a dump, by family and then by interface, with few rows of each interface,
   and none is repeated. Then no hash table is needed. */
static bool are_distinct(const struct table *table, const struct identity *identity)
{
    enum { FEW = 8 };
    uint64_t last = 0;
    const struct key *keys = identity->keys;
    size_t first = 0; /* row of the current interface */
    for (size_t i = 0; i < table->count; i++) {
        const unsigned char *row = table_row(table, i);
        uint32_t index;
        memcpy(&index, row + keys[0].offset, sizeof index);
        uint64_t place = (uint64_t)(identity->count > 1 ? row[keys[1].offset] : 0) << 32 | index;
        if (place < last || (place == last && i - first == FEW))
            return false;
        if (place > last)
            first = i;
        for (size_t j = first; j < i; j++)
            if (same_row(table, identity, table_row(table, j), row))
                return false;
        last = place;
    }
    return true;
}

int table_unique_by_interface(struct table *table, const struct identity *identity, struct unique *u)
{
    return !u->seen && are_distinct(table, identity) ? 0 : table_unique(table, identity, u);
}

void table_give(struct table *table, struct getifs_block *block)
{
    *block = (struct getifs_block){
        .count = table->count,
        .extra_len = table->extra_len,
        .malformed = table->malformed,
        .rows = table->rows,
        .extra = table->extra,
    };
    table->rows = NULL;
    table->extra = NULL;
    table_free(table);
}

void table_give_small(struct table *table, struct getifs_client *client)
{
    size_t size = table->count * table->row_size;
    if (!size)
        table->extra_len = 0; /* of rows that were dropped later */
    bool fits = size <= sizeof client->few && table->extra_len <= sizeof client->few - size;
    if (fits && size)
        memcpy(client->few, table->rows, size);
    if (fits && table->extra_len)
        memcpy(client->few + size, table->extra, table->extra_len);
    struct getifs_block *block = &client->blocks.block;
    table_give(table, block);
    if (fits) {
        free(block->rows);
        free(block->extra);
        block->rows = NULL;
        block->extra = NULL;
    }
}

void getifs_take(struct getifs_client *client, struct getifs_blocks *blocks)
{
    *blocks = client->blocks;
    client->blocks = (struct getifs_blocks){0};
}

void getifs_free(struct getifs_blocks *blocks)
{
    free(blocks->block.rows);
    free(blocks->block.extra);
    free(blocks->more.rows);
    free(blocks->more.extra);
    *blocks = (struct getifs_blocks){0};
}
