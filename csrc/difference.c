#include "difference.h"
#include <stdlib.h>

/* The pass that pairs rows of equal value, the one that pairs rows with the same key, the one for what is left. */
enum { PASS_EQUAL, PASS_SAME_KEY, PASS_ADDED, PASS_END };

static bool is_equal(const struct difference *d, size_t old, size_t new)
{
    return !d->new_paired[new]
        && same_value(d->old->what, table_row(&d->old->table, old), d->old->table.extra, table_row(&d->new->table, new),
                      d->new->table.extra);
}

/* Most rows are equal, and in the same order: the row after the one that was paired last is tried first. */
static void pair_equal(struct difference *d, size_t old)
{
    size_t found = d->likely;
    if (found >= d->new->table.count || !is_equal(d, old, found)) {
        const void *row = table_row(&d->old->table, old);
        found = keyed_last(d->new, row);
        while (found != KEYED_END && !is_equal(d, old, found))
            found = keyed_before(d->new, row, found);
    }
    if (found == KEYED_END)
        return;
    d->old_paired[old] = d->new_paired[found] = 1;
    d->likely = found + 1;
}

/* The new row that takes the place of an old one: that with the same identity, otherwise the first of its object. */
static size_t successor(const struct difference *d, size_t old)
{
    const void *row = table_row(&d->old->table, old);
    const struct identity *identity = d->old->what->object->identity;
    size_t first = KEYED_END;
    for (size_t at = keyed_last(d->new, row); at != KEYED_END; at = keyed_before(d->new, row, at)) {
        if (d->new_paired[at] || (d->old->what->same && !d->old->what->same(row, table_row(&d->new->table, at))))
            continue;
        first = at;
        if (identity_equal(identity, row, d->old->table.extra, table_row(&d->new->table, at), d->new->table.extra))
            break;
    }
    return first;
}

static int step(struct difference *d)
{
    size_t at = d->at;
    if (d->pass == PASS_ADDED)
        return d->new_paired[at] ? 0 : d->handle(d->context, record_of(d->new, at), (struct record){0});
    if (!keyed_has(d->old, at) || d->old_paired[at])
        return 0;
    if (d->pass == PASS_EQUAL) {
        pair_equal(d, at);
        return 0;
    }
    size_t new = successor(d, at);
    if (new == KEYED_END)
        return d->handle(d->context, (struct record){0}, record_of(d->old, at));
    d->new_paired[new] = 1;
    return d->handle(d->context, record_of(d->new, new), record_of(d->old, at));
}

static int begin(struct difference *d)
{
    size_t old_count = d->old->table.count, new_count = d->new->table.count;
    d->old_paired = calloc(old_count + 1, 1);
    d->new_paired = calloc(new_count + 1, 1);
    if (!d->old_paired || !d->new_paired)
        return -ENOMEM;
    for (size_t at = 0; at < new_count; at++)
        d->new_paired[at] = !keyed_has(d->new, at);
    return 0;
}

int difference_continue(struct difference *d)
{
    enum { SLICE = 1 << 14 };
    if (!d->old_paired) {
        int r = begin(d);
        if (r < 0)
            return r;
    }
    size_t steps = 0;
    for (; d->pass < PASS_END; d->pass++, d->at = 0) {
        size_t count = d->pass == PASS_ADDED ? d->new->table.count : d->old->table.count;
        for (; d->at < count; d->at++) {
            if (steps++ == SLICE)
                return OUTCOME_PAUSED;
            int r = step(d);
            if (r < 0)
                return r;
        }
    }
    return 0;
}

void difference_end(struct difference *d)
{
    free(d->old_paired);
    free(d->new_paired);
    *d = (struct difference){0};
}
