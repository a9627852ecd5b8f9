/* A growing block of records of one kind, with side bytes of variable length. */
#ifndef GETIFS_TABLE_H
#define GETIFS_TABLE_H
#include "filter.h"
#include "getifs.h"
#include <stdbool.h>
#include <string.h>

struct table {
    unsigned char *rows;
    char *extra;
    size_t count, room; /* in records */
    size_t reserved;    /* records that are allocated; `room` of them are populated */
    size_t extra_len, extra_room;
    size_t malformed;
    size_t row_size;
    const struct getifs_filter *filter;
};

void table_init(struct table *table, size_t row_size, const struct getifs_filter *filter);
void table_free(struct table *table);

int table_grow(struct table *table); /* makes room for at least one more record */
/* A zeroed record behind the last one, which counts once it is kept. NULL: no memory. */
static inline void *table_next(struct table *table)
{
    if (table->count == table->room && table_grow(table) < 0)
        return NULL;
    return memset(table->rows + table->count * table->row_size, 0, table->row_size);
}
/* Keeps the record that table_next returned, unless the filter rejects it. */
static inline void table_keep(struct table *table)
{
    const void *row = table->rows + table->count * table->row_size;
    if (!table->filter || filter_accepts(table->filter, row, table->extra))
        table->count++;
}
/* Keeps it regardless of the filter; table_filter() follows. */
static inline void table_keep_unfiltered(struct table *table)
{
    table->count++;
}
/* Appends side bytes. */
int table_append(struct table *table, const void *data, size_t size);
static inline void *table_row(const struct table *table, size_t at)
{
    return table->rows + at * table->row_size;
}
/* Applies the filter to the rows that were kept without it. */
void table_filter(struct table *table);

/* The identity of a record: ranges of bytes, and for some objects their side bytes. */
struct identity {
    const struct key {
        size_t offset, size;
    } *keys;
    size_t count;
    bool (*same_extra)(const void *a, const char *extra_a, const void *b, const char *extra_b);
};
uint64_t identity_hash(const struct identity *identity, const void *row);
bool identity_equal(const struct identity *identity, const void *a, const char *extra_a, const void *b, const char *extra_b);
#define KEY(record, member) {offsetof(struct record, member), sizeof(((struct record *)0)->member)}

/* Progress of table_unique(): zeroed but for `from` before the first call. */
struct unique {
    size_t from; /* the first row that is looked at */
    uint32_t *seen; /* hash table of positions, plus 1 */
    size_t slots, at, kept;
};
/* Drops repeated records: the last one is kept, in the place of the first. Large tables take several calls:
   OUTCOME_PAUSED. */
int table_unique(struct table *table, const struct identity *identity, struct unique *unique);
/* The same for objects that the kernel dumps by interface, or by priority (key 0), within a family (key 1, if there is
   one). */
int table_unique_by_interface(struct table *table, const struct identity *identity, struct unique *unique);
void unique_end(struct unique *unique);

/* Transfers ownership of the block; the table is empty then. */
void table_give(struct table *table, struct getifs_block *block);
/* The same, but a small block is copied to client->few. */
void table_give_small(struct table *table, struct getifs_client *client);

#endif
