#include "query.h"
#include "addr.h"
#include "link.h"
#include "multicast.h"
#include <errno.h>
#include <stdlib.h>

#define KEY(type, field) {offsetof(struct type, field), sizeof(((struct type *)0)->field)}

void query_begin(struct query *q, struct query_request request)
{
    *q = (struct query){.request = request, .index = request.index, .family = request.family};
    q->rules.all = request.options & GETIFS_ALL_ROUTES;
    q->rules.one_table = request.options & GETIFS_ONE_TABLE;
    q->rules.table = request.table;
    if (request.query == GETIFS_ASK_DEFAULT_ROUTES || request.query == GETIFS_ASK_BEST_ADDRS)
        q->rules.purpose = ROUTE_DEFAULTS;
    if (request.query == GETIFS_ASK_GATEWAYS)
        q->rules.purpose = ROUTE_GATEWAYS;
    table_init(&q->links, GETIFS_LINK, request.query == GETIFS_ASK_LINKS ? request.filter : NULL);
    table_init(&q->addrs, GETIFS_IFNET, request.filter);
    table_init(&q->groups, GETIFS_IFADDR, request.filter);
    table_init(&q->routes, GETIFS_ROUTE, request.filter);
    table_init(&q->gateways, GETIFS_IFADDR, request.filter);
    table_init(&q->nexthops, GETIFS_NEXTHOP, request.query == GETIFS_ASK_NEXTHOPS ? request.filter : NULL);
}

void query_end(struct query *q)
{
    table_free(&q->links);
    table_free(&q->addrs);
    table_free(&q->groups);
    table_free(&q->routes);
    table_free(&q->gateways);
    table_free(&q->nexthops);
}

/* Dumps repeat rows while the table changes. */
static int unique_links(struct table *links)
{
    static const struct key index[] = {KEY(getifs_link, index)};
    return table_unique_by_interface(links, index, 1);
}

static int unique_addrs(struct table *addrs)
{
    static const struct key identity[] = {KEY(getifs_ifnet, index), KEY(getifs_ifnet, family), KEY(getifs_ifnet, prefix_len),
                                          KEY(getifs_ifnet, addr), KEY(getifs_ifnet, peer)};
    return table_unique_by_interface(addrs, identity, 5);
}

static int unique_groups(struct table *groups)
{
    static const struct key whole[] = {KEY(getifs_ifaddr, index), KEY(getifs_ifaddr, family), KEY(getifs_ifaddr, addr)};
    return table_unique_by_interface(groups, whole, 3);
}

static int unique_gateways(struct table *gateways)
{
    static const struct key whole[] = {{0, sizeof(struct getifs_ifaddr)}};
    return table_unique(gateways, 0, whole, 1);
}

/* Many routes share a few gateways: now and then all are made unique, at a cost that is spread over those that came. */
static int take_gateways(struct query *q, size_t from)
{
    enum { LEAST = 1024 };
    int r = route_take_gateways(&q->routes, from, &q->gateways);
    if (r < 0 || q->gateways.count < LEAST || q->gateways.count < 2 * q->unique_gateways)
        return r;
    r = unique_gateways(&q->gateways);
    q->unique_gateways = q->gateways.count;
    return r;
}

int query_take(void *context, unsigned type, const uint8_t *payload, size_t len)
{
    struct query *q = context;
    switch (q->object) {
    case OBJECT_LINKS:
    case OBJECT_LINK:
        return type == RTM_NEWLINK ? link_parse(&q->links, &q->set, q->request.options & GETIFS_WITH_STATS, payload, len) : 0;
    case OBJECT_ADDRS: return type == RTM_NEWADDR ? addr_parse(&q->addrs, &q->set, q->family, q->index, payload, len) : 0;
    case OBJECT_MULTICAST:
        /* The kernel answers with the type of the request. */
        return type == RTM_GETMULTICAST || type == RTM_NEWMULTICAST
            ? multicast_parse(&q->groups, &q->set, q->family, q->index, payload, len) : 0;
    case OBJECT_ROUTES: {
        size_t before = q->routes.count;
        int r = type == RTM_NEWROUTE ? route_parse(&q->routes, &q->set, &q->rules, q->family, payload, len) : 0;
        /* A gateway is taken out of its route at once: a large routing table leaves no large block behind. */
        return r < 0 || q->rules.purpose != ROUTE_GATEWAYS ? r : take_gateways(q, before);
    }
    case OBJECT_NEXTHOPS: return type == RTM_NEWNEXTHOP ? nexthop_parse(&q->nexthops, payload, len) : 0;
    }
    return 0;
}

int query_resolve(struct query *q, bool skip_missing)
{
    if (q->rules.pending) {
        int r = route_resolve(&q->routes, &q->rules, &q->nexthops, skip_missing);
        if (r < 0)
            return r == -ENOENT ? -EAGAIN : r;
        q->rules.pending = false;
    }
    switch (q->rules.purpose) {
    case ROUTE_DEFAULTS: route_keep_best(&q->routes); return route_make_unique(&q->routes);
    case ROUTE_GATEWAYS: return route_take_gateways(&q->routes, 0, &q->gateways);
    case ROUTE_TABLE: return route_make_unique(&q->routes);
    }
    return 0;
}

static int compare_indexes(const void *a, const void *b)
{
    uint32_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

/* Every address names a link that was there too. */
static int check_links(const struct table *links, const struct table *addrs)
{
    uint32_t *indexes = malloc((links->count + 1) * sizeof *indexes);
    if (!indexes)
        return -ENOMEM;
    for (size_t i = 0; i < links->count; i++)
        indexes[i] = ((const struct getifs_link *)table_row(links, i))->index;
    qsort(indexes, links->count, sizeof *indexes, compare_indexes);
    int r = 0;
    for (size_t i = 0; i < addrs->count && r == 0; i++) {
        const struct getifs_ifnet *row = table_row(addrs, i);
        if (!bsearch(&row->index, indexes, links->count, sizeof *indexes, compare_indexes))
            r = -EAGAIN;
    }
    free(indexes);
    return r;
}

static int compare_interfaces(const void *a, const void *b)
{
    const struct getifs_route *x = a, *y = b;
    if (x->family != y->family)
        return x->family < y->family ? -1 : 1;
    return (x->index > y->index) - (x->index < y->index);
}

/* Of the addresses those of the interfaces of the best default routes, by family, then by interface. */
static int pick_best(struct table *addrs, struct table *routes)
{
    struct table best;
    table_init(&best, GETIFS_IFNET, addrs->filter);
    if (routes->count)
        qsort(routes->rows, routes->count, routes->row_size, compare_interfaces);
    for (size_t i = 0; i < routes->count; i++) {
        const struct getifs_route *route = table_row(routes, i);
        if (i && compare_interfaces(route, table_row(routes, i - 1)) == 0)
            continue;
        for (size_t j = 0; j < addrs->count; j++) {
            const struct getifs_ifnet *addr = table_row(addrs, j);
            if (addr->family != route->family || addr->index != route->index)
                continue;
            void *row = table_next(&best);
            if (!row) {
                table_free(&best);
                return -ENOMEM;
            }
            memcpy(row, addr, best.row_size);
            table_keep_unfiltered(&best);
        }
    }
    best.malformed = addrs->malformed + routes->malformed;
    table_free(addrs);
    *addrs = best;
    return 0;
}

int query_finish(struct query *q)
{
    int r = 0;
    switch (q->request.query) {
    case GETIFS_ASK_LINKS: r = unique_links(&q->links); break;
    case GETIFS_ASK_ADDRS:
    case GETIFS_ASK_OWNER: r = unique_addrs(&q->addrs); break;
    case GETIFS_ASK_LINKS_ADDRS:
        if ((r = unique_links(&q->links)) == 0 && (r = unique_addrs(&q->addrs)) == 0)
            r = check_links(&q->links, &q->addrs);
        break;
    case GETIFS_ASK_BEST_ADDRS:
        if ((r = unique_addrs(&q->addrs)) == 0)
            r = pick_best(&q->addrs, &q->routes);
        break;
    case GETIFS_ASK_MULTICAST: r = unique_groups(&q->groups); break;
    case GETIFS_ASK_GATEWAYS:
        q->gateways.malformed = q->routes.malformed;
        r = unique_gateways(&q->gateways);
        break;
    case GETIFS_ASK_NEXTHOPS: nexthop_drop_broken(&q->nexthops); break;
    }
    if (r < 0)
        return r;
    table_filter(&q->links);
    table_filter(&q->addrs);
    table_filter(&q->groups);
    table_filter(&q->gateways);
    table_filter(&q->nexthops);
    return 0;
}

void query_answer(struct query *q, struct getifs_answer *answer)
{
    switch (q->request.query) {
    case GETIFS_ASK_LINKS_ADDRS:
        table_give(&q->links, &answer->blocks.block);
        table_give(&q->addrs, &answer->blocks.more);
        break;
    case GETIFS_ASK_LINKS:
    case GETIFS_ASK_LINK:
    case GETIFS_ASK_OWNER: table_give_few(&q->links, answer); break;
    case GETIFS_ASK_ADDRS:
    case GETIFS_ASK_BEST_ADDRS: table_give_few(&q->addrs, answer); break;
    case GETIFS_ASK_MULTICAST: table_give_few(&q->groups, answer); break;
    case GETIFS_ASK_ROUTES:
    case GETIFS_ASK_DEFAULT_ROUTES: table_give_few(&q->routes, answer); break;
    case GETIFS_ASK_GATEWAYS: table_give_few(&q->gateways, answer); break;
    case GETIFS_ASK_NEXTHOPS: table_give_few(&q->nexthops, answer); break;
    }
}
