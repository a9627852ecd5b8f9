/* The course of a live query: which dumps, in which order, and again where one can't stand. */
#include "addr.h"
#include "exchange.h"
#include "link.h"
#include "multicast.h"
#include "query.h"
#include <errno.h>
#include <stdlib.h>

enum { TRIES = 8, STEPS_MOST = 4, SILENCES = 10 };

struct step {
    enum query_object object;
    unsigned family;
};

struct getifs_run {
    struct getifs_socket own, *socket;
    struct query query;
    struct exchange exchange;
    bool under_way; /* the exchange of this step */
    bool resolved;
    size_t step, step_count;
    struct step steps[STEPS_MOST];
    unsigned tries;
    int64_t silence, deadline;
};

static void add_step(struct getifs_run *run, enum query_object object, unsigned family)
{
    run->steps[run->step_count++] = (struct step){object, family};
}

static void add_family_steps(struct getifs_run *run, enum query_object object)
{
    unsigned family = run->query.request.family;
    if (family != AF_INET6)
        add_step(run, object, AF_INET);
    if (family != AF_INET)
        add_step(run, object, AF_INET6);
}

static void plan(struct getifs_run *run)
{
    const struct query_request *request = &run->query.request;
    switch (request->query) {
    case GETIFS_ASK_LINKS: add_step(run, OBJECT_LINKS, AF_UNSPEC); break;
    case GETIFS_ASK_LINK: add_step(run, OBJECT_LINK, AF_UNSPEC); break;
    case GETIFS_ASK_ADDRS:
        /* A kernel that filters says by itself that there is no such interface. */
        if (request->name || (request->index && !socket_filters(run->socket)))
            add_step(run, OBJECT_LINK, AF_UNSPEC);
        add_step(run, OBJECT_ADDRS, request->family);
        break;
    case GETIFS_ASK_LINKS_ADDRS:
        add_step(run, OBJECT_LINKS, AF_UNSPEC);
        add_step(run, OBJECT_ADDRS, request->family);
        break;
    case GETIFS_ASK_MULTICAST:
        if (request->name || request->index)
            add_step(run, OBJECT_LINK, AF_UNSPEC);
        add_family_steps(run, OBJECT_MULTICAST);
        break;
    case GETIFS_ASK_ROUTES:
    case GETIFS_ASK_DEFAULT_ROUTES:
    case GETIFS_ASK_GATEWAYS:
    case GETIFS_ASK_BEST_ADDRS:
        add_family_steps(run, OBJECT_ROUTES);
        add_step(run, OBJECT_NEXTHOPS, AF_UNSPEC);
        if (request->query == GETIFS_ASK_BEST_ADDRS)
            add_step(run, OBJECT_ADDRS, request->family);
        break;
    case GETIFS_ASK_NEXTHOPS: add_step(run, OBJECT_NEXTHOPS, AF_UNSPEC); break;
    case GETIFS_ASK_OWNER:
        add_step(run, OBJECT_ADDRS, request->family);
        add_step(run, OBJECT_LINK, AF_UNSPEC);
        break;
    }
}

/* Where the interfaces of the best routes are one, its addresses are all that is asked for. */
static uint32_t only_interface(const struct table *routes)
{
    uint32_t index = 0;
    for (size_t i = 0; i < routes->count; i++) {
        const struct getifs_route *route = table_row(routes, i);
        if (index && route->index != index)
            return 0;
        index = route->index;
    }
    return index;
}

/* The interface of the first that has the address; 0: none has. */
static uint32_t owner_of(const struct table *addrs, const char *address, size_t size)
{
    for (size_t i = 0; i < addrs->count; i++) {
        const struct getifs_ifnet *row = table_row(addrs, i);
        if (size == address_size(row->family) && memcmp(row->addr, address, size) == 0)
            return row->index;
    }
    return 0;
}

/* 1: go on; 0: nothing is to be asked here; negative: an error. */
static int prepare_step(struct getifs_run *run)
{
    struct query *q = &run->query;
    const struct query_request *request = &q->request;
    enum query_object object = run->steps[run->step].object;
    if (object == OBJECT_NEXTHOPS)
        return q->rules.pending || request->query == GETIFS_ASK_NEXTHOPS;
    if (object == OBJECT_ADDRS && request->query == GETIFS_ASK_BEST_ADDRS) {
        if (!q->routes.count)
            return 0;
        q->index = only_interface(&q->routes);
    }
    if (object == OBJECT_LINK && request->query == GETIFS_ASK_OWNER) {
        q->index = owner_of(&q->addrs, request->name, request->name_len);
        if (!q->index)
            return 0;
    }
    return 1;
}

/* Routes always: without strict checking the kernel sends cached ones along. */
static bool is_filtered(const struct query *q, enum query_object object)
{
    return object == OBJECT_ROUTES || (q->index && (object == OBJECT_ADDRS || object == OBJECT_MULTICAST));
}

static void make_request(struct getifs_run *run, struct getifs_answer *answer)
{
    struct query *q = &run->query;
    const struct query_request *request = &q->request;
    struct step step = run->steps[run->step];
    struct request *message = &run->exchange.request;
    q->object = step.object;
    q->family = step.family;
    switch (step.object) {
    case OBJECT_LINKS: link_request(message, 0, NULL, 0, request->options & GETIFS_WITH_STATS); break;
    case OBJECT_LINK:
        link_request(message, q->index, q->index ? NULL : request->name, request->name_len, request->options & GETIFS_WITH_STATS);
        break;
    case OBJECT_ADDRS: addr_request(message, RTM_GETADDR, step.family, q->index); break;
    case OBJECT_MULTICAST: addr_request(message, RTM_GETMULTICAST, step.family, q->index); break;
    case OBJECT_ROUTES: route_request(message, step.family, q->rules.one_table, q->rules.table); break;
    case OBJECT_NEXTHOPS: nexthop_request(message); break;
    }
    exchange_begin(&run->exchange, step.object == OBJECT_LINK, is_filtered(q, step.object), query_take, q, answer->message, sizeof answer->message);
    run->under_way = true;
}

static bool is_unsupported(int error)
{
    return error == EOPNOTSUPP || error == EPROTONOSUPPORT || error == EAFNOSUPPORT;
}

/* The groups of a kernel that doesn't dump them. */
static int read_igmp(struct getifs_run *run, struct getifs_answer *answer, unsigned family)
{
    char *text;
    size_t size;
    int r = proc_net_read(family == AF_INET ? "igmp" : "igmp6", &text, &size);
    if (r < 0 || !text) /* no such family here */
        return r;
    r = igmp_parse(&run->query.groups, family, run->query.index, is_big_endian(), text, size, answer->message,
                   sizeof answer->message);
    free(text);
    return r;
}

/* What the kernel's refusal means for a step: 0 (an empty part of the answer), or the errno again. */
static int judge_error(struct getifs_run *run, struct getifs_answer *answer, int error)
{
    const struct query_request *request = &run->query.request;
    struct step step = run->steps[run->step];
    bool is_empty = false;
    switch (step.object) {
    case OBJECT_LINKS: break;
    case OBJECT_LINK:
        if (request->query == GETIFS_ASK_LINK || request->query == GETIFS_ASK_OWNER)
            is_empty = error == ENODEV;
        /* A kernel older than alternative names takes no name of such a length, or no IFLA_ALT_IFNAME. */
        if (!run->query.index && request->name_len >= IFNAMSIZ && (error == EINVAL || error == ERANGE)) {
            is_empty = request->query == GETIFS_ASK_LINK;
            error = ENODEV;
        }
        break;
    case OBJECT_MULTICAST:
        if (is_unsupported(error)) {
            answer->message[0] = 0;
            return read_igmp(run, answer, step.family);
        }
        break;
    case OBJECT_ADDRS:
        is_empty = is_unsupported(error);
        /* The interface of the best route has gone meanwhile; that of a scope id is not there. */
        if (request->query == GETIFS_ASK_BEST_ADDRS || request->query == GETIFS_ASK_OWNER)
            is_empty |= error == ENODEV;
        break;
    case OBJECT_ROUTES: is_empty = is_unsupported(error) || (error == ENOENT && run->query.rules.one_table); break;
    case OBJECT_NEXTHOPS: is_empty = is_unsupported(error); break;
    }
    if (is_empty)
        answer->message[0] = 0;
    return is_empty ? 0 : error;
}

/* Everything from the first step on. */
static int start_over(struct getifs_run *run)
{
    if (++run->tries >= TRIES)
        return -EAGAIN;
    struct query_request request = run->query.request;
    query_end(&run->query);
    query_begin(&run->query, request);
    run->step = 0;
    run->resolved = run->under_way = false;
    return 0;
}

/* Gateways are best effort: where an object stays away, its route is left out. */
static int resolve(struct getifs_run *run)
{
    bool is_last = run->query.rules.purpose == ROUTE_GATEWAYS && run->tries + 1 >= TRIES;
    int r = query_resolve(&run->query, is_last);
    run->resolved = r == 0;
    return r;
}

static int take_step(struct getifs_run *run, struct getifs_answer *answer)
{
    int r;
    if (!run->under_way) {
        if ((r = prepare_step(run)) <= 0)
            return r;
        make_request(run, answer);
    }
    r = exchange_continue(&run->exchange, run->socket, run->silence, run->deadline);
    if (r > 0)
        r = judge_error(run, answer, r);
    if (r == 0 && run->steps[run->step].object == OBJECT_LINK && run->query.links.count)
        run->query.index = ((const struct getifs_link *)table_row(&run->query.links, 0))->index;
    if (r == 0)
        run->under_way = false;
    return r;
}

static int take_steps(struct getifs_run *run, struct getifs_answer *answer)
{
    int r = 0;
    while (run->step < run->step_count) {
        bool is_nexthops = run->steps[run->step].object == OBJECT_NEXTHOPS;
        r = take_step(run, answer);
        if (r == 0 && is_nexthops && !run->resolved)
            r = resolve(run);
        if (r == 0)
            run->step++;
        else if (r != -EAGAIN || (r = start_over(run)) < 0)
            return r;
        if (run->step == run->step_count && (r = query_finish(&run->query)) == -EAGAIN)
            r = start_over(run);
        if (r < 0)
            return r;
    }
    return r;
}

static int begin(struct getifs_answer *answer, struct getifs_socket *socket, struct query_request request, int32_t timeout_ms)
{
    struct getifs_run *run = calloc(1, sizeof *run);
    if (!run)
        return -ENOMEM;
    answer->run = run;
    answer->message[0] = 0;
    int taken = socket ? socket_take(socket) : 0;
    run->socket = taken > 0 ? socket : &run->own;
    if (taken < 0)
        return taken;
    run->silence = timeout_ms;
    run->deadline = clock_milliseconds() + run->silence * SILENCES;
    query_begin(&run->query, request);
    int r = socket_open(run->socket); /* what is planned depends on what it can do */
    if (r == 0)
        plan(run);
    return r;
}

static void end(struct getifs_answer *answer)
{
    struct getifs_run *run = answer->run;
    if (!run)
        return;
    query_end(&run->query);
    if (run->socket != &run->own)
        socket_give_back(run->socket);
    socket_close(&run->own);
    free(run);
    answer->run = NULL;
}

int getifs_ask(struct getifs_answer *answer, struct getifs_socket *socket, uint32_t query, uint32_t options, uint32_t family,
               uint32_t index, uint32_t table, int32_t timeout_ms, const char *name, size_t name_len,
               const struct getifs_filter *filter)
{
    struct query_request request = {.query = query, .options = options, .family = family, .index = index, .table = table,
                                    .name = name, .name_len = name_len, .filter = filter};
    int r = answer->run ? 0 : begin(answer, socket, request, timeout_ms);
    struct getifs_run *run = answer->run;
    if (r == 0)
        r = take_steps(run, answer);
    if (r == 0)
        query_answer(&run->query, answer);
    int status = r == -ESHUTDOWN ? GETIFS_CLOSED : answer_status(answer, r, run ? run->query.object : OBJECT_LINKS);
    if (status != GETIFS_SIGNAL)
        end(answer);
    return status;
}

void getifs_clear(struct getifs_answer *answer)
{
    end(answer);
    getifs_free(&answer->blocks);
    answer->error = 0;
}
