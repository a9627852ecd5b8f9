/* A growing block of records of one kind with its side text. */
#ifndef GETIFS_TABLE_H
#define GETIFS_TABLE_H
#include "filter.h"
#include "getifs.h"
#include <stdbool.h>
#include <string.h>

struct table {
    unsigned char *rows;
    char *text;
    size_t count, room; /* in records */
    size_t reserved;    /* room and what can become it at its place */
    size_t text_size, text_room;
    size_t malformed;
    size_t row_size;
    const struct getifs_filter *filter;
};

void table_init(struct table *table, enum getifs_kind kind, const struct getifs_filter *filter);
void table_free(struct table *table);
size_t record_size(enum getifs_kind kind);

int table_grow(struct table *table); /* at least one more */
/* Room for one more record, zeroed; it counts once it is kept. NULL: no memory. The room stays where it is
   until the next one is asked for. */
static inline void *table_next(struct table *table)
{
    if (table->count == table->room && table_grow(table) < 0)
        return NULL;
    return memset(table->rows + table->count * table->row_size, 0, table->row_size);
}
/* Keeps the record that table_next gave, unless the filter rejects it. */
static inline void table_keep(struct table *table)
{
    const void *row = table->rows + table->count * table->row_size;
    if (!table->filter || filter_accepts(table->filter, row, table->text))
        table->count++;
}
/* Keeps it whatever the filter says: table_filter or another pass comes later. */
static inline void table_keep_unfiltered(struct table *table)
{
    table->count++;
}
int table_append_text(struct table *table, const void *data, size_t size);
static inline void *table_row(const struct table *table, size_t at)
{
    return table->rows + at * table->row_size;
}
/* Applies the filter to what was kept without it. */
void table_filter(struct table *table);
/* Of records from `from` on that are equal in the `key_count` byte ranges the latest is kept, in the place of the first. */
struct key {
    size_t offset, size;
};
int table_unique(struct table *table, size_t from, const struct key *keys, size_t key_count);
/* The same for what the kernel dumps by family (keys[1], if there is one) and then by interface (keys[0]). */
int table_unique_by_interface(struct table *table, const struct key *keys, size_t key_count);
/* Hands the block over: the table is empty then. */
void table_give(struct table *table, struct getifs_block *block);
/* The same, but a block that fits is copied. */
void table_give_few(struct table *table, struct getifs_answer *answer);

#endif
