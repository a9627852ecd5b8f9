#include "plan.h"
#include "nexthop.h"
#include <stdio.h>
#include <stdlib.h>

static const struct object *const objects[OBJECT_COUNT] = {
    [OBJECT_LINK] = &link_object,           [OBJECT_ADDR] = &addr_object,       [OBJECT_GROUP] = &group_object,
    [OBJECT_ROUTE] = &route_object,         [OBJECT_NEXTHOP] = &nexthop_object, [OBJECT_GATEWAY] = &gateway_object,
    [OBJECT_NEIGHBOUR] = &neighbour_object, [OBJECT_RULE] = &rule_object,
};

/* A kernel that filters reports by itself that the interface does not exist. */
static bool needs_lookup(struct query *q)
{
    return q->request.name_len || (q->request.index && !q->kernel_filters);
}

static bool has_interface(struct query *q)
{
    return q->request.name_len || q->request.index;
}

static bool wants_all(struct query *q)
{
    return q->request.options & GETIFS_ALL;
}

static bool are_links_refused(struct query *q)
{
    return q->dump.refused;
}

static int take_index(struct query *q)
{
    const struct table *links = &q->tables[OBJECT_LINK];
    if (links->count)
        q->index = ((const struct getifs_link *)table_row(links, 0))->index;
    return 0;
}

static bool has_pending(struct query *q)
{
    return q->rules.pending;
}

static int resolve(struct query *q)
{
    if (!q->rules.pending)
        return 0;
    q->resolution.rules = &q->rules;
    q->resolution.nexthops = &q->tables[OBJECT_NEXTHOP];
    int r = route_resolve(&q->tables[OBJECT_ROUTE], &q->resolution);
    if (r == 0)
        q->rules.pending = false;
    return r;
}

static int resolve_defaults(struct query *q)
{
    int r = resolve(q);
    if (r == 0)
        route_keep_best(&q->tables[OBJECT_ROUTE]);
    return r;
}

static int resolve_gateways(struct query *q)
{
    int r = resolve(q);
    return r < 0 ? r : route_take_gateways(&q->tables[OBJECT_ROUTE], 0, &q->tables[OBJECT_GATEWAY]);
}

/* Takes the gateway out of each route at once, so that a large routing table needs little memory. Many routes share
   few gateways: they are made unique each time their number has doubled. */
static int take_gateways(struct query *q)
{
    enum { LEAST = 1024 };
    struct table *gateways = &q->tables[OBJECT_GATEWAY];
    struct table *routes = &q->tables[OBJECT_ROUTE];
    int r = route_take_gateways(routes, q->routes_seen, gateways);
    q->routes_seen = routes->count;
    if (r < 0 || gateways->count < LEAST || gateways->count < 2 * q->gateways_seen)
        return r;
    do
        r = table_unique(gateways, gateway_object.identity, &q->unique);
    while (r == OUTCOME_PAUSED);
    q->gateways_seen = gateways->count;
    return r;
}

/* If the best default routes all leave through one interface, only its addresses are needed. */
static bool needs_best_addrs(struct query *q)
{
    const struct table *routes = &q->tables[OBJECT_ROUTE];
    for (size_t i = 0; i < routes->count; i++) {
        uint32_t index = ((const struct getifs_route *)table_row(routes, i))->index;
        if (i && index != q->index) {
            q->index = 0;
            break;
        }
        q->index = index;
    }
    return routes->count > 0;
}

/* The first interface that has the address which is the request's name. */
static bool needs_owner(struct query *q)
{
    const struct table *addrs = &q->tables[OBJECT_ADDR];
    q->index = 0;
    for (size_t i = 0; i < addrs->count && !q->index; i++) {
        const struct getifs_addr *row = table_row(addrs, i);
        size_t size = address_size(row->family);
        if (size == q->request.name_len && memcmp(row->addr, q->request.name, size) == 0)
            q->index = row->index;
    }
    return q->index != 0;
}

static int compare_indexes(const void *a, const void *b)
{
    uint32_t x, y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

/* Two dumps agree if the link of every address exists. */
static int addrs_have_links(struct query *q)
{
    const struct table *links = &q->tables[OBJECT_LINK], *addrs = &q->tables[OBJECT_ADDR];
    uint32_t *indexes = malloc((links->count + 1) * sizeof *indexes);
    if (!indexes)
        return -ENOMEM;
    for (size_t i = 0; i < links->count; i++)
        indexes[i] = ((const struct getifs_link *)table_row(links, i))->index;
    qsort(indexes, links->count, sizeof *indexes, compare_indexes);
    int r = 0;
    for (size_t i = 0; i < addrs->count && r == 0; i++) {
        const struct getifs_addr *row = table_row(addrs, i);
        if (!bsearch(&row->index, indexes, links->count, sizeof *indexes, compare_indexes))
            r = OUTCOME_RESTART;
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

/* Keeps the addresses on the interfaces of the best default routes, by family, then by interface. */
static int keep_best_addrs(struct query *q)
{
    struct table *addrs = &q->tables[OBJECT_ADDR], *routes = &q->tables[OBJECT_ROUTE];
    struct table best;
    table_init(&best, addrs->row_size, addrs->filter);
    if (routes->count)
        qsort(routes->rows, routes->count, routes->row_size, compare_interfaces);
    for (size_t i = 0; i < routes->count; i++) {
        const struct getifs_route *route = table_row(routes, i);
        if (i && compare_interfaces(route, table_row(routes, i - 1)) == 0)
            continue;
        for (size_t j = 0; j < addrs->count; j++) {
            const struct getifs_addr *addr = table_row(addrs, j);
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

static int count_malformed_routes(struct query *q)
{
    q->tables[OBJECT_GATEWAY].malformed = q->tables[OBJECT_ROUTE].malformed;
    return 0;
}

static int drop_broken(struct query *q)
{
    nexthop_drop_broken(&q->tables[OBJECT_NEXTHOP]);
    return 0;
}

/* Addresses tell which links there are. */
#define ALL_LINKS                                                                        \
    {OBJECT_LINK, 0, NULL, NULL}, {OBJECT_ADDR, STEP_FALLBACK, are_links_refused, NULL}, \
    {                                                                                    \
        OBJECT_LINK, STEP_FALLBACK, are_links_refused, NULL                              \
    }
#define NEXTHOPS_IF_PENDING(then) {OBJECT_NEXTHOP, 0, has_pending, then}

static const struct plan plans[] = {
    [GETIFS_LINKS] = {.rows = OBJECT_LINK, .steps = {ALL_LINKS}, .step_count = 3},
    [GETIFS_LINK] = {.rows = OBJECT_LINK,
                     .steps = {{OBJECT_LINK, STEP_SINGLE | STEP_OPTIONAL, NULL, NULL}},
                     .step_count = 1},
    [GETIFS_ADDRS] = {.rows = OBJECT_ADDR,
                      .steps = {{OBJECT_LINK, STEP_SINGLE, needs_lookup, take_index}, {OBJECT_ADDR, 0, NULL, NULL}},
                      .step_count = 2},
    [GETIFS_LINKS_ADDRS] = {.rows = OBJECT_LINK,
                            .has_more = true,
                            .steps = {ALL_LINKS, {OBJECT_ADDR, 0, NULL, NULL}},
                            .step_count = 4,
                            .finish = addrs_have_links},
    [GETIFS_GROUPS] = {.rows = OBJECT_GROUP,
                       .steps = {{OBJECT_LINK, STEP_SINGLE, has_interface, take_index},
                                 {OBJECT_GROUP, STEP_PER_FAMILY, NULL, NULL}},
                       .step_count = 2},
    [GETIFS_ROUTES] = {.rows = OBJECT_ROUTE,
                       .steps = {{OBJECT_ROUTE, STEP_PER_FAMILY, NULL, NULL}, NEXTHOPS_IF_PENDING(resolve)},
                       .step_count = 2},
    [GETIFS_DEFAULT_ROUTES] = {.rows = OBJECT_ROUTE,
                               .rules = {.defaults = true, .resolvable = true},
                               .steps = {{OBJECT_ROUTE, STEP_PER_FAMILY, NULL, NULL}, NEXTHOPS_IF_PENDING(resolve_defaults)},
                               .step_count = 2},
    [GETIFS_BEST_ADDRS] = {.rows = OBJECT_ADDR,
                           .rules = {.defaults = true, .resolvable = true},
                           .steps = {{OBJECT_ROUTE, STEP_PER_FAMILY, NULL, NULL},
                                     NEXTHOPS_IF_PENDING(resolve_defaults),
                                     {OBJECT_ADDR, STEP_OPTIONAL, needs_best_addrs, NULL}},
                           .step_count = 3,
                           .finish = keep_best_addrs},
    [GETIFS_GATEWAYS] = {.rows = OBJECT_GATEWAY,
                         .rules = {.every = true, .resolvable = true},
                         .steps = {{OBJECT_ROUTE, 0, NULL, NULL}, NEXTHOPS_IF_PENDING(resolve_gateways)},
                         .step_count = 2,
                         .after_message = take_gateways,
                         .finish = count_malformed_routes},
    [GETIFS_NEXTHOPS] = {.rows = OBJECT_NEXTHOP,
                         .steps = {{OBJECT_NEXTHOP, 0, NULL, NULL}},
                         .step_count = 1,
                         .finish = drop_broken},
    [GETIFS_NEIGHBOURS] = {.rows = OBJECT_NEIGHBOUR,
                           .steps = {{OBJECT_LINK, STEP_SINGLE, has_interface, take_index},
                                     {OBJECT_NEIGHBOUR, STEP_PER_FAMILY, NULL, NULL},
                                     {OBJECT_NEIGHBOUR, STEP_PER_FAMILY | STEP_PROXIES, wants_all, NULL}},
                           .step_count = 3},
    [GETIFS_RULES] = {.rows = OBJECT_RULE, .steps = {{OBJECT_RULE, STEP_PER_FAMILY, NULL, NULL}}, .step_count = 1},
    [GETIFS_ROUTE_TO] = {.rows = OBJECT_ROUTE,
                         .rules = {.every = true, .unusable = true},
                         .steps = {{OBJECT_ROUTE, STEP_SINGLE, NULL, NULL}},
                         .step_count = 1},
    [GETIFS_OWNER] = {.rows = OBJECT_LINK,
                      .steps = {{OBJECT_ADDR, STEP_OPTIONAL, NULL, NULL},
                                {OBJECT_LINK, STEP_SINGLE | STEP_OPTIONAL, needs_owner, NULL}},
                      .step_count = 2},
};

const struct plan *plan_of(uint32_t query_number)
{
    return query_number < sizeof plans / sizeof *plans ? &plans[query_number] : NULL;
}

void query_begin(struct query *q, const struct plan *plan, const struct getifs_request *request,
                 const struct getifs_filter *filter)
{
    memset(q, 0, sizeof *q);
    q->request = *request;
    q->plan = plan;
    q->filter = filter;
    q->index = request->index;
    q->rules = plan->rules;
    if (request->options & GETIFS_ALL)
        q->rules.every = q->rules.unusable = true;
    q->rules.one_table = request->options & GETIFS_ONE_TABLE;
    q->rules.table = request->table;
    for (int i = 0; i < OBJECT_COUNT; i++) {
        bool in_answer = plan->has_more ? i == OBJECT_ADDR : i == (int)plan->rows;
        table_init(&q->tables[i], objects[i]->row_size, in_answer ? filter : NULL);
    }
}

void query_end(struct query *q)
{
    for (int i = 0; i < OBJECT_COUNT; i++)
        table_free(&q->tables[i]);
    unique_end(&q->unique);
    route_resolution_end(&q->resolution);
}

void query_begin_dump(struct query *q, const struct step *step, unsigned family)
{
    struct dump *dump = &q->dump;
    dump->object = objects[step->object];
    dump->table = &q->tables[step->object];
    dump->rules = &q->rules;
    dump->family = family;
    dump->index = q->index;
    dump->name = q->request.name;
    dump->name_len = q->request.name_len;
    dump->single = step->flags & STEP_SINGLE;
    dump->all = q->request.options & GETIFS_ALL;
    dump->proxies = step->flags & STEP_PROXIES;
    dump->stats = q->request.options & GETIFS_WITH_STATS;
    dump->details = q->request.options & GETIFS_WITH_DETAILS;
    dump->set.count = 0;
    for (int i = 0; i < OBJECT_COUNT; i++)
        q->marks[i] = (struct mark){q->tables[i].count, q->tables[i].extra_len, q->tables[i].malformed};
    q->was_pending = q->rules.pending;
}

void query_undo_dump(struct query *q)
{
    for (int i = 0; i < OBJECT_COUNT; i++) {
        q->tables[i].count = q->marks[i].count;
        q->tables[i].extra_len = q->marks[i].extra_len;
        q->tables[i].malformed = q->marks[i].malformed;
    }
    q->rules.pending = q->was_pending;
    q->routes_seen = q->marks[OBJECT_ROUTE].count;
    q->gateways_seen = 0;
    q->dump.set.count = 0;
}

int query_message(void *context, unsigned type, const uint8_t *payload, size_t len)
{
    struct query *q = context;
    const struct object *object = q->dump.object;
    if (type != object->new_type && type != object->other_type)
        return 0;
    if (len < object->header_size)
        return OUTCOME_MALFORMED;
    int r = object->parse(&q->dump, payload, len);
    if (r == 0 && q->plan->after_message)
        r = q->plan->after_message(q);
    return r;
}

int query_finish(struct query *q)
{
    for (; q->unique_count < OBJECT_COUNT; q->unique_count++) {
        const struct object *object = objects[q->unique_count];
        struct table *table = &q->tables[q->unique_count];
        const struct identity *identity = object->repeated ? object->repeated : object->identity;
        int r = table->count && object->make_unique ? object->make_unique(table, identity, &q->unique) : 0;
        if (r < 0)
            return r;
    }
    int r = q->plan->finish ? q->plan->finish(q) : 0;
    if (r < 0)
        return r;
    if (q->plan->rows != OBJECT_ROUTE) /* routes were filtered one by one, so that fewer are kept */
        table_filter(&q->tables[q->plan->rows]);
    if (q->plan->has_more)
        table_filter(&q->tables[OBJECT_ADDR]);
    return 0;
}

void query_answer(struct query *q, struct getifs_client *client)
{
    struct table *rows = &q->tables[q->plan->rows];
    if (!q->plan->has_more) {
        table_give_small(rows, client);
        return;
    }
    table_give(rows, &client->blocks.block);
    table_give(&q->tables[OBJECT_ADDR], &client->blocks.more);
}

static int explain(const struct query *q, struct getifs_client *client, const char *text, int status)
{
    if (!client->message[0])
        snprintf(client->message, sizeof client->message, "%s %s", text, q->dump.object->name);
    return status;
}

int query_status(const struct query *q, struct getifs_client *client, int result)
{
    client->error = result < 0 ? -result : result;
    if (result == 0)
        return GETIFS_OK;
    if (result > 0)
        return GETIFS_REFUSED;
    if (result == OUTCOME_PAUSED)
        return GETIFS_PAUSED;
    if (result == OUTCOME_TIMED_OUT)
        return GETIFS_TIMED_OUT;
    if (result == OUTCOME_RESTART || result == OUTCOME_INCOMPLETE)
        return explain(q, client, "the tables changed during every", GETIFS_INTERRUPTED);
    if (result == OUTCOME_MALFORMED)
        return explain(q, client, "malformed answer to", GETIFS_MALFORMED);
    return GETIFS_FAILED;
}
