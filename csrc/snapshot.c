/* Tables that Python has: the difference of two, and the best default routes of one. No I/O. */
#include "mirror.h"
#include "route.h"
#include <stdio.h>

static const struct followed *const kinds[] = {
    [GETIFS_EVENT_LINK] = &link_followed,           [GETIFS_EVENT_ADDR] = &addr_followed,
    [GETIFS_EVENT_NEXTHOP] = &nexthop_followed,     [GETIFS_EVENT_ROUTE] = &route_followed,
    [GETIFS_EVENT_NEIGHBOUR] = &neighbour_followed, [GETIFS_EVENT_RULE] = &rule_followed,
};

/* Encapsulation is the end of the side bytes. */
static bool has_encap_outside(const struct followed *what, const void *row)
{
    const struct getifs_route *route = row;
    return what == &route_followed && route->encap_len > route->extra_len;
}

/* Whether the side bytes of all rows are inside those of the table: a pickle can contain anything. */
static bool is_sound(const struct followed *what, const struct getifs_rows *rows)
{
    if (rows->row_size != what->object->row_size)
        return false;
    for (size_t at = 0; at < rows->count && what->extra_at; at++) {
        const char *row = (const char *)rows->rows + at * rows->row_size;
        size_t len = extra_len_of(what, row);
        uint32_t start;
        memcpy(&start, row + what->extra_at, sizeof start);
        if ((len && (start > rows->extra_len || len > rows->extra_len - start)) || has_encap_outside(what, row))
            return false;
    }
    return true;
}

/* Indexes rows in the memory of the caller, which is only read. */
static int borrow(struct keyed *k, const struct getifs_rows *rows)
{
    if (!is_sound(k->what, rows))
        return OUTCOME_MALFORMED;
    memcpy(&k->table.rows, &rows->rows, sizeof rows->rows);
    memcpy(&k->table.extra, &rows->extra, sizeof rows->extra);
    k->table.count = k->table.room = rows->count;
    k->table.extra_len = rows->extra_len;
    int r;
    do
        r = keyed_index(k);
    while (r == OUTCOME_PAUSED);
    return r;
}

static void give_back(struct keyed *k)
{
    k->table.rows = NULL;
    k->table.extra = NULL;
    keyed_free(k);
}

static int status_of(struct getifs_client *client, int result)
{
    if (result == 0)
        return GETIFS_OK;
    if (result == OUTCOME_MALFORMED) {
        snprintf(client->message, sizeof client->message, "a row of the table is malformed");
        return GETIFS_MALFORMED;
    }
    client->error = -result;
    return GETIFS_FAILED;
}

struct changes {
    struct table events;
    const struct followed *what;
    uint32_t object;
};

static int add_change(void *context, struct record row, struct record old)
{
    struct changes *changes = context;
    return append_event(&changes->events, changes->what, changes->object, row, old);
}

int getifs_difference(struct getifs_client *client, uint32_t object, const struct getifs_rows *old,
                      const struct getifs_rows *now)
{
    if (object >= sizeof kinds / sizeof *kinds)
        return status_of(client, -EINVAL);
    struct changes changes = {.what = kinds[object], .object = object};
    struct keyed before, after;
    struct difference difference = {.old = &before, .new = &after, .handle = add_change, .context = &changes};
    table_init(&changes.events, sizeof(struct getifs_event), NULL);
    keyed_init(&before, changes.what);
    keyed_init(&after, changes.what);
    int r = borrow(&before, old);
    if (r == 0)
        r = borrow(&after, now);
    if (r == 0)
        do
            r = difference_continue(&difference);
        while (r == OUTCOME_PAUSED);
    difference_end(&difference);
    if (r == 0)
        table_give_small(&changes.events, client);
    table_free(&changes.events);
    give_back(&before);
    give_back(&after);
    return status_of(client, r);
}

int getifs_best_routes(struct getifs_client *client, const struct getifs_rows *rows)
{
    static const struct route_rules usable_defaults = {.defaults = true, .resolvable = true};
    struct keyed best;
    keyed_init(&best, &route_followed);
    int r = is_sound(&route_followed, rows) ? 0 : OUTCOME_MALFORMED;
    for (size_t at = 0; at < rows->count && r == 0; at++) {
        const unsigned char *row = (const unsigned char *)rows->rows + at * rows->row_size;
        if (route_is_kept(&usable_defaults, (const void *)row))
            r = keyed_add(&best, row, rows->extra);
    }
    if (r == 0) {
        route_keep_best(&best.table);
        table_give_small(&best.table, client);
    }
    keyed_free(&best);
    return status_of(client, r);
}
