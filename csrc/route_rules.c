/* What is made of whole sets of routes: next-hop objects looked up, the best defaults, the gateways. */
#include "nexthop.h"
#include "route.h"
#include <errno.h>
#include <stdlib.h>

static int compare_ids(const void *a, const void *b)
{
    uint32_t x, y;
    memcpy(&x, a, sizeof x); /* the id stands first in the record */
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

static const struct getifs_nexthop *find_nexthop(const struct table *nexthops, uint32_t id)
{
    return nexthops->count ? bsearch(&id, nexthops->rows, nexthops->count, nexthops->row_size, compare_ids) : NULL;
}

/* One hop through a leaf. Weight 0: the route names the leaf itself, not a group. */
static int add_leaf(struct table *out, const struct route_rules *rules, const struct getifs_route *route,
                    const struct getifs_nexthop *leaf, uint32_t weight, size_t number)
{
    if (leaf->has & (GETIFS_HAS_BROKEN | GETIFS_HAS_BLACKHOLE) || leaf->text_len || !leaf->index)
        return 0;
    if (leaf->flags & ROUTE_HOP_UNUSABLE && !rules->all)
        return 0;
    struct getifs_route *row = table_next(out);
    if (!row)
        return -ENOMEM;
    *row = *route;
    row->has &= (uint8_t)~GETIFS_HAS_PENDING;
    row->index = leaf->index;
    row->hop = (uint16_t)number;
    row->flags = (route->flags & ~(uint32_t)ROUTE_HOP_FLAGS) | (leaf->flags & ROUTE_HOP_FLAGS);
    row->gateway_family = leaf->gateway_family;
    memcpy(row->gateway, leaf->gateway, sizeof row->gateway);
    row->encap = leaf->encap;
    if (weight) {
        row->weight = (uint16_t)weight;
        row->has |= GETIFS_HAS_HOP;
    }
    route_keep(out, rules);
    return 0;
}

static int add_object(struct table *out, const struct route_rules *rules, const struct getifs_route *route,
                      const struct table *nexthops)
{
    const struct getifs_nexthop *object = find_nexthop(nexthops, route->nexthop_id);
    if (!object)
        return -ENOENT;
    if (object->has & GETIFS_HAS_BROKEN || (object->flags & ROUTE_HOP_UNUSABLE && !rules->all))
        return 0;
    if (!object->text_len)
        return add_leaf(out, rules, route, object, 0, 0);
    for (size_t i = 0; i < nexthop_member_count(object); i++) {
        uint32_t pair[2];
        memcpy(pair, nexthops->text + object->text_at + i * sizeof pair, sizeof pair);
        const struct getifs_nexthop *member = find_nexthop(nexthops, pair[0]);
        int r = member ? add_leaf(out, rules, route, member, pair[1], i) : -ENOENT;
        if (r < 0)
            return r;
    }
    return 0;
}

int route_resolve(struct table *routes, const struct route_rules *rules, struct table *nexthops, bool skip_missing)
{
    if (nexthops->count)
        qsort(nexthops->rows, nexthops->count, nexthops->row_size, compare_ids);
    struct table out;
    table_init(&out, GETIFS_ROUTE, routes->filter);
    out.text = routes->text; /* lent, so that the filter sees it */
    out.text_size = routes->text_size;
    int r = 0;
    for (size_t i = 0; i < routes->count && r == 0; i++) {
        const struct getifs_route *route = table_row(routes, i);
        if (route->has & GETIFS_HAS_PENDING) {
            size_t before = out.count;
            r = add_object(&out, rules, route, nexthops);
            if (r == -ENOENT && skip_missing) {
                out.count = before;
                r = 0;
            }
            continue;
        }
        struct getifs_route *row = table_next(&out);
        if (!row)
            r = -ENOMEM;
        else {
            *row = *route;
            table_keep_unfiltered(&out);
        }
    }
    if (r < 0) {
        out.text = NULL;
        table_free(&out);
        return r;
    }
    free(routes->rows);
    routes->rows = out.rows;
    routes->count = out.count;
    routes->room = out.room;
    routes->reserved = out.reserved;
    return 0;
}

/* Smallest wins. A reserved preference is medium. */
static uint64_t route_key(const struct getifs_route *route)
{
    uint64_t rank = RT_TABLE_LOCAL - route->table;
    uint64_t pref = 1;
    if (route->family == AF_INET6 && route->has & GETIFS_HAS_PREF)
        pref = route->pref == ICMPV6_ROUTER_PREF_HIGH ? 0 : route->pref == ICMPV6_ROUTER_PREF_LOW ? 2 : 1;
    return rank << 40 | (uint64_t)route->metric << 8 | pref;
}

int route_make_unique(struct table *routes)
{
    static const struct key identity[] = {{0, offsetof(struct getifs_route, prefsrc)}};
    size_t first = routes->count;
    while (first && ((const struct getifs_route *)table_row(routes, first - 1))->family == AF_INET6)
        first--;
    return first < routes->count ? table_unique(routes, first, identity, 1) : 0;
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
        if (route->has & GETIFS_HAS_PENDING) {
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
        /* Neighbouring routes mostly share their gateway. */
        if (!gateways->count || memcmp(row, table_row(gateways, gateways->count - 1), sizeof *row) != 0)
            table_keep_unfiltered(gateways);
    }
    routes->count = kept;
    return 0;
}
