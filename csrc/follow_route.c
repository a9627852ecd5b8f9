/*
 * Notifications about routes. A route can have several rows, one for each hop, and several routes can have the same
 * key. Where a notification does not say which of them it is about, the routes are dumped again.
 */
#include "mirror.h"
#include <stdlib.h>

static const struct getifs_route *route_at(const struct notification *n, size_t at)
{
    return table_row(&n->rows->table, at);
}

static const struct getifs_route *said_route(const struct notification *n, size_t at)
{
    return table_row(&n->part->said, at);
}

static struct record said_record(const struct notification *n, size_t at)
{
    return (struct record){said_route(n, at), n->part->said.extra};
}

/* Sets mirror->group to the positions of the rows with the key of the notification, in order. */
static int find_group(const struct notification *n, size_t *count)
{
    struct getifs_mirror *m = n->mirror;
    const void *row = said_route(n, 0);
    *count = 0;
    for (size_t at = keyed_last(n->rows, row); at != KEYED_END; at = keyed_before(n->rows, row, at)) {
        if (*count == m->group_room) {
            size_t room = m->group_room * 2 + 16;
            uint32_t *group = realloc(m->group, room * sizeof *group);
            if (!group)
                return -ENOMEM;
            m->group = group;
            m->group_room = room;
        }
        m->group[(*count)++] = (uint32_t)at;
    }
    for (size_t i = 0, j = *count; i + 1 < j; i++) {
        uint32_t at = m->group[i];
        m->group[i] = m->group[--j];
        m->group[j] = at;
    }
    return 0;
}

/* The same next hop of the same route, at whatever position. */
static bool same_hop(const struct notification *n, const struct getifs_route *row, const struct getifs_route *said)
{
    return row->index == said->index && row->gateway_family == said->gateway_family && row->type == said->type
        && memcmp(row->gateway, said->gateway, sizeof row->gateway) == 0 && row->nexthop_id == said->nexthop_id
        && row->encap == said->encap && row->encap_len == said->encap_len
        && (!row->encap_len
            || memcmp(n->rows->table.extra + row->extra_at + row->extra_len - row->encap_len,
                      n->part->said.extra + said->extra_at + said->extra_len - said->encap_len, row->encap_len)
                == 0);
}

/* The same route of IPv4, which can differ from others in what is no part of a row's identity. */
static bool same_alias(const struct notification *n, const struct getifs_route *row, const struct getifs_route *said)
{
    size_t metrics = (size_t)(row->extra_len - row->encap_len);
    return same_hop(n, row, said) && row->hop == said->hop && row->weight == said->weight && row->protocol == said->protocol
        && row->scope == said->scope && row->flow == said->flow && row->extra_len == said->extra_len
        && memcmp(row->prefsrc, said->prefsrc, sizeof row->prefsrc) == 0
        && (!metrics || memcmp(n->rows->table.extra + row->extra_at, n->part->said.extra + said->extra_at, metrics) == 0);
}

/* Whether a row is the first of a route. */
static bool is_first(const struct getifs_route *row)
{
    return !(row->has & ROUTE_HAS_HOP) || row->hop == 0;
}

static size_t count_routes(const struct notification *n, size_t group_count)
{
    size_t count = 0;
    for (size_t i = 0; i < group_count; i++)
        count += is_first(route_at(n, n->mirror->group[i]));
    return count;
}

/* The first of the rows of the group that are exactly the announced route; `group_count` if there is none. */
static size_t find_alias(const struct notification *n, size_t group_count)
{
    size_t wanted = n->part->said.count;
    const uint32_t *group = n->mirror->group;
    for (size_t i = 0; i + wanted <= group_count; i++) {
        size_t j = 0;
        while (j < wanted && same_alias(n, route_at(n, group[i + j]), said_route(n, j)))
            j++;
        if (j == wanted && (i + j == group_count || is_first(route_at(n, group[i + j]))))
            return i;
    }
    return group_count;
}

/* Replaces the rows at the first `old_count` positions of the group by the announced ones. */
static int replace(const struct notification *n, size_t old_count)
{
    struct getifs_mirror *m = n->mirror;
    size_t count = n->part->said.count;
    int r = 0;
    if (old_count == 1 && count == 1)
        return change_set(n, m->group[0], said_record(n, 0));
    bool is_base = n->rows != &n->part->rows;
    for (size_t i = 0; i < count && r == 0; i++) {
        struct record old = i < old_count ? record_of(n->rows, m->group[i]) : (struct record){0};
        struct record row = said_record(n, i);
        if (!is_base && !(old.row && same_value(n->part->what, row.row, row.extra, old.row, old.extra)))
            r = emit(m, n->part, row, old);
    }
    for (size_t i = count; i < old_count && r == 0 && !is_base; i++)
        r = emit(m, n->part, (struct record){0}, record_of(n->rows, m->group[i]));
    for (size_t i = 0; i < old_count; i++)
        keyed_remove(n->rows, m->group[i]);
    for (size_t i = 0; i < count && r == 0; i++)
        r = keyed_add(n->rows, said_route(n, i), n->part->said.extra);
    return r;
}

static int remove_rows(const struct notification *n, size_t from, size_t count)
{
    int r = 0;
    for (size_t i = from; i < from + count && r == 0; i++)
        r = change_remove(n, n->mirror->group[i]);
    return r;
}

/* Moves the rows of the group that have an announced hop to its front, and returns their number. */
static size_t select_hops(const struct notification *n, size_t group_count)
{
    uint32_t *group = n->mirror->group;
    size_t selected = 0;
    for (size_t i = 0; i < group_count; i++)
        for (size_t j = 0; j < n->part->said.count; j++)
            if (same_hop(n, route_at(n, group[i]), said_route(n, j))) {
                uint32_t at = group[i];
                group[i] = group[selected];
                group[selected++] = at;
                break;
            }
    return selected;
}

static int look(const struct notification *n)
{
    n->part->dirty = true;
    return 0;
}

/* Hops that the kernel joins to one route if they are announced one by one. */
static bool is_joinable(const struct getifs_route *row)
{
    return row->gateway_family && !(row->has & ROUTE_HAS_NEXTHOP);
}

static int new_route6(const struct notification *n, size_t group_count)
{
    const struct getifs_route *said = said_route(n, 0);
    if (said->protocol == RTPROT_RA)
        n->part->dirty = true; /* the hop limit of a router is set after the notification */
    size_t selected = select_hops(n, group_count);
    for (size_t i = selected; i < group_count; i++)
        if (is_joinable(said) && is_joinable(route_at(n, n->mirror->group[i])))
            return look(n);
    return replace(n, selected);
}

static int delete_route6(const struct notification *n, size_t group_count)
{
    return remove_rows(n, 0, select_hops(n, group_count));
}

/*
 * Hops of IPv6 are added, replaced and deleted together or one by one, and then change their positions. In its dumps
 * the kernel skips other routes that it inserted between the hops of a route: these appear and disappear in silence.
 */
static bool is_unclear6(const struct notification *n, size_t group_count)
{
    bool has_hops = said_route(n, 0)->has & ROUTE_HAS_HOP;
    for (size_t i = 0; i < group_count && !has_hops; i++)
        has_hops = route_at(n, n->mirror->group[i])->has & ROUTE_HAS_HOP;
    return has_hops && group_count;
}

int follow_routes(const struct notification *n)
{
    size_t group_count;
    int r = find_group(n, &group_count);
    if (r < 0)
        return r;
    bool is_ipv6 = said_route(n, 0)->family == AF_INET6;
    if (is_ipv6 && is_unclear6(n, group_count))
        return look(n);
    if (!n->is_new && is_ipv6)
        return delete_route6(n, group_count);
    if (n->is_new && n->flags & NLM_F_REPLACE && group_count)
        return count_routes(n, group_count) == 1 ? replace(n, group_count) : look(n);
    if (n->is_new && is_ipv6)
        return new_route6(n, group_count);
    size_t alias = find_alias(n, group_count);
    size_t count = n->part->said.count;
    if (n->is_new) {
        if (alias == group_count)
            return replace(n, 0);
        for (size_t i = 0; i < count && r == 0; i++)
            r = change_set(n, n->mirror->group[alias + i], said_record(n, i));
        return r;
    }
    if (alias == group_count)
        return group_count ? look(n) : 0;
    return remove_rows(n, alias, count);
}
