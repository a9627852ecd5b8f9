/* Post-processing of a complete route dump: next-hop objects, the best default routes, gateways. */
#include "nexthop.h"
#include "route.h"
#include <stdlib.h>

/* Adds the hop of a leaf object. A weight of 0: the route refers to the leaf itself, not to a group. */
static int add_leaf(struct table *out, const struct route_rules *rules, const struct getifs_route *route,
                    const struct getifs_nexthop *leaf, uint32_t weight, size_t number)
{
    if (leaf->has & (NEXTHOP_HAS_BROKEN | NEXTHOP_HAS_BLACKHOLE) || leaf->members_len || !leaf->index)
        return 0;
    if (leaf->flags & ROUTE_HOP_UNUSABLE && !rules->unusable)
        return 0;
    struct getifs_route *row = table_next(out);
    if (!row)
        return -ENOMEM;
    *row = *route;
    row->has = (uint8_t)((row->has & ~ROUTE_HAS_PENDING) | ROUTE_HAS_OBJECT);
    row->index = leaf->index;
    row->hop = (uint16_t)number;
    row->flags = (route->flags & ~(uint32_t)ROUTE_HOP_FLAGS) | (leaf->flags & ROUTE_HOP_FLAGS);
    row->gateway_family = leaf->gateway_family;
    memcpy(row->gateway, leaf->gateway, sizeof row->gateway);
    row->encap = leaf->encap;
    if (weight) {
        row->weight = (uint16_t)weight;
        row->has |= ROUTE_HAS_HOP;
    }
    table_keep(out);
    return 0;
}

static int add_object(struct route_resolution *progress, const struct getifs_route *route)
{
    struct table *out = &progress->out;
    const struct route_rules *rules = progress->rules;
    const struct table *nexthops = progress->nexthops;
    const int missing = progress->skip_missing ? 0 : OUTCOME_RESTART;
    const struct getifs_nexthop *object = nexthop_find(nexthops, route->nexthop_id);
    if (!object)
        return missing;
    if (object->has & NEXTHOP_HAS_BROKEN || (object->flags & ROUTE_HOP_UNUSABLE && !rules->unusable))
        return 0;
    if (!object->members_len)
        return add_leaf(out, rules, route, object, 0, 0);
    for (size_t i = 0; i < nexthop_member_count(object); i++) {
        uint32_t pair[2];
        memcpy(pair, nexthops->extra + object->extra_at + i * sizeof pair, sizeof pair);
        const struct getifs_nexthop *member = nexthop_find(nexthops, pair[0]);
        int r = member ? add_leaf(out, rules, route, member, pair[1], i) : missing;
        if (r < 0)
            return r;
    }
    return 0;
}

/* Moves the rows before `end` to `out`, resolved. */
static int resolve_rows(struct table *routes, struct route_resolution *progress, size_t end)
{
    struct table *out = &progress->out;
    for (; progress->at < end; progress->at++) {
        const struct getifs_route *route = table_row(routes, progress->at);
        if (route->has & ROUTE_HAS_PENDING) {
            int r = add_object(progress, route);
            if (r < 0)
                return r;
            continue;
        }
        struct getifs_route *row = table_next(out);
        if (!row)
            return -ENOMEM;
        *row = *route;
        table_keep_unfiltered(out);
    }
    return 0;
}

int route_resolve(struct table *routes, struct route_resolution *progress)
{
    enum { SLICE = 1 << 16 };
    struct table *out = &progress->out;
    if (!out->row_size) {
        nexthop_sort(progress->nexthops);
        table_init(out, routes->row_size, routes->filter);
    }
    out->extra = routes->extra; /* shared, for the filter */
    out->extra_len = routes->extra_len;
    size_t end = routes->count - progress->at > SLICE ? progress->at + SLICE : routes->count;
    int r = resolve_rows(routes, progress, end);
    if (r < 0)
        return r;
    if (end < routes->count)
        return OUTCOME_PAUSED;
    free(routes->rows);
    routes->rows = out->rows;
    routes->count = out->count;
    routes->room = out->room;
    routes->reserved = out->reserved;
    *out = (struct table){0};
    return 0;
}

void route_resolution_end(struct route_resolution *progress)
{
    progress->out.extra = NULL;
    table_free(&progress->out);
}

/* The smallest wins. A reserved preference counts as medium. */
static uint64_t route_key(const struct getifs_route *route)
{
    uint64_t rank = RT_TABLE_LOCAL - route->table;
    uint64_t pref = 1;
    if (route->family == AF_INET6 && route->has & ROUTE_HAS_PREF)
        pref = route->pref == ICMPV6_ROUTER_PREF_HIGH ? 0 : route->pref == ICMPV6_ROUTER_PREF_LOW ? 2 : 1;
    return rank << 40 | (uint64_t)route->metric << 8 | pref;
}

void route_keep_best(struct table *routes)
{
    uint64_t best[2] = {UINT64_MAX, UINT64_MAX};
    for (size_t i = 0; i < routes->count; i++) {
        const struct getifs_route *route = table_row(routes, i);
        uint64_t key = route_key(route), *least = &best[route->family == AF_INET6];
        if (key < *least)
            *least = key;
    }
    size_t kept = 0;
    for (size_t i = 0; i < routes->count; i++) {
        const struct getifs_route *route = table_row(routes, i);
        if (route_key(route) == best[route->family == AF_INET6] && kept++ != i)
            memcpy(table_row(routes, kept - 1), route, routes->row_size);
    }
    routes->count = kept;
}

int route_take_gateways(struct table *routes, size_t from, struct table *gateways)
{
    size_t kept = from;
    for (size_t i = from; i < routes->count; i++) {
        const struct getifs_route *route = table_row(routes, i);
        if (route->has & ROUTE_HAS_PENDING) {
            if (kept++ != i)
                memcpy(table_row(routes, kept - 1), route, routes->row_size);
            continue;
        }
        if (!route->gateway_family || !route->index)
            continue;
        struct getifs_ifaddr *row = table_next(gateways);
        if (!row)
            return -ENOMEM;
        row->index = route->index;
        row->family = route->gateway_family;
        memcpy(row->addr, route->gateway, address_size(row->family));
        /* Routes that follow each other usually have the same gateway. */
        if (!gateways->count || memcmp(row, table_row(gateways, gateways->count - 1), sizeof *row) != 0)
            table_keep_unfiltered(gateways);
    }
    routes->count = kept;
    return 0;
}

static const struct key gateway_keys[] = {{0, sizeof(struct getifs_ifaddr)}};
static const struct identity gateway_identity = {gateway_keys, 1, NULL};

/* Gateways have no message of their own: they are made of routes. */
const struct object gateway_object = {
    .name = "RTM_GETROUTE",
    .row_size = sizeof(struct getifs_ifaddr),
    .identity = &gateway_identity,
    .make_unique = table_unique,
};
