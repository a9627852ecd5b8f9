#include "keyed.h"
#include <stdlib.h>

void keyed_init(struct keyed *k, const struct followed *what)
{
    *k = (struct keyed){.what = what};
    table_init(&k->table, what->object->row_size, NULL);
}

void keyed_free(struct keyed *k)
{
    table_free(&k->table);
    free(k->next);
    free(k->heads);
    *k = (struct keyed){.what = k->what, .table.row_size = k->table.row_size};
}

bool same_value(const struct followed *what, const void *a, const char *extra_a, const void *b, const char *extra_b)
{
    size_t len = extra_len_of(what, a);
    if (memcmp(a, b, what->value_size) != 0 || len != extra_len_of(what, b))
        return false;
    return !len || memcmp(extra_of(what, a, extra_a), extra_of(what, b, extra_b), len) == 0;
}

static size_t slot_of(const struct keyed *k, const void *row)
{
    return identity_hash(&k->what->key, row) & (k->slots - 1);
}

static void link_row(struct keyed *k, size_t at)
{
    uint32_t *head = &k->heads[slot_of(k, table_row(&k->table, at))];
    k->next[at] = *head;
    *head = (uint32_t)at + 1;
}

/* Makes room in the index for the rows of the table. If it grows, all rows have to be indexed again. */
static int make_room(struct keyed *k)
{
    if (k->table.count > UINT32_MAX - 2)
        return -EOVERFLOW;
    if (k->table.count > k->next_room) {
        size_t room = k->table.room;
        uint32_t *next = realloc(k->next, room * sizeof *next);
        if (!next)
            return -ENOMEM;
        k->next = next;
        k->next_room = room;
    }
    size_t slots = k->slots ? k->slots : 16;
    while (slots < k->table.count)
        slots *= 2;
    if (slots == k->slots)
        return 0;
    uint32_t *heads = calloc(slots, sizeof *heads);
    if (!heads)
        return -ENOMEM;
    free(k->heads);
    k->heads = heads;
    k->slots = slots;
    for (size_t at = 0; at < k->indexed; at++)
        if (keyed_has(k, at))
            link_row(k, at);
    return 0;
}

int keyed_index(struct keyed *k)
{
    enum { SLICE = 1 << 16 };
    if (k->table.count == k->indexed)
        return 0;
    int r = make_room(k);
    if (r < 0)
        return r;
    size_t end = k->table.count - k->indexed > SLICE ? k->indexed + SLICE : k->table.count;
    for (; k->indexed < end; k->indexed++)
        link_row(k, k->indexed);
    return end < k->table.count ? OUTCOME_PAUSED : 0;
}

/* Copies the side bytes of a record to a table, and sets its offset. */
static int copy_extra(struct table *table, const struct followed *what, void *row, const char *extra)
{
    if (!what->extra_at)
        return 0;
    uint32_t at = (uint32_t)table->extra_len;
    memcpy((char *)row + what->extra_at, &at, sizeof at);
    size_t len = extra_len_of(what, row);
    return len ? table_append(table, extra, len) : 0;
}

int keyed_add(struct keyed *k, const void *row, const char *extra)
{
    void *copy = table_next(&k->table);
    if (!copy)
        return -ENOMEM;
    memcpy(copy, row, k->table.row_size);
    int r = copy_extra(&k->table, k->what, copy, extra_of(k->what, row, extra));
    if (r < 0)
        return r;
    table_keep_unfiltered(&k->table);
    r = keyed_index(k);
    if (r < 0)
        k->table.count--;
    return r;
}

int keyed_set(struct keyed *k, size_t at, const void *row, const char *extra)
{
    unsigned char copy[256];
    size_t size = k->table.row_size;
    void *old = table_row(&k->table, at);
    size_t old_len = extra_len_of(k->what, old), len = extra_len_of(k->what, row);
    memcpy(copy, row, size);
    if (len && len == old_len) {
        const char *old_extra = extra_of(k->what, old, k->table.extra);
        memcpy(k->table.extra + (old_extra - k->table.extra), extra_of(k->what, row, extra), len);
        memcpy(copy + k->what->extra_at, (char *)old + k->what->extra_at, sizeof(uint32_t));
    } else {
        int r = copy_extra(&k->table, k->what, copy, extra_of(k->what, row, extra));
        if (r < 0)
            return r;
        k->unused += old_len;
    }
    memcpy(old, copy, size);
    return 0;
}

void keyed_remove(struct keyed *k, size_t at)
{
    const void *row = table_row(&k->table, at);
    uint32_t *link = &k->heads[slot_of(k, row)];
    while (*link != at + 1)
        link = &k->next[*link - 1];
    *link = k->next[at];
    k->next[at] = KEYED_REMOVED;
    k->removed++;
    k->unused += extra_len_of(k->what, row);
}

void keyed_tidy(struct keyed *k)
{
    size_t live = keyed_count(k);
    if (k->removed <= live / 4 + 64 && k->unused <= k->table.extra_len / 2 + 65536)
        return;
    struct table old = k->table;
    size_t extra_len = old.extra_len - k->unused;
    char *extra = extra_len ? malloc(extra_len) : NULL;
    if (extra_len && !extra)
        return; /* later */
    k->table.extra = extra;
    k->table.extra_len = 0;
    k->table.extra_room = extra_len;
    size_t kept = 0;
    for (size_t at = 0; at < old.count; at++) {
        if (!keyed_has(k, at))
            continue;
        unsigned char *row = table_row(&k->table, kept);
        const char *side = extra_of(k->what, table_row(&old, at), old.extra);
        if (kept++ != at)
            memcpy(row, table_row(&old, at), old.row_size);
        copy_extra(&k->table, k->what, row, side); /* there is room */
    }
    free(old.extra);
    k->table.count = kept;
    k->removed = k->unused = 0;
    memset(k->heads, 0, k->slots * sizeof *k->heads);
    for (k->indexed = 0; k->indexed < kept; k->indexed++)
        link_row(k, k->indexed);
}

size_t keyed_before(const struct keyed *k, const void *row, size_t at)
{
    for (uint32_t next = k->next[at]; next; next = k->next[next - 1])
        if (identity_equal(&k->what->key, row, NULL, table_row(&k->table, next - 1), NULL))
            return next - 1;
    return KEYED_END;
}

size_t keyed_last(const struct keyed *k, const void *row)
{
    if (!k->slots)
        return KEYED_END;
    for (uint32_t next = k->heads[slot_of(k, row)]; next; next = k->next[next - 1])
        if (identity_equal(&k->what->key, row, NULL, table_row(&k->table, next - 1), NULL))
            return next - 1;
    return KEYED_END;
}
