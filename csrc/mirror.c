#include "mirror.h"
#include <stdlib.h>

static void part_init(struct getifs_mirror *m, enum part_number number, const struct followed *what, unsigned family)
{
    static const uint32_t objects[PART_COUNT] = {GETIFS_EVENT_LINK,  GETIFS_EVENT_ADDR,  GETIFS_EVENT_NEXTHOP,
                                                 GETIFS_EVENT_ROUTE, GETIFS_EVENT_ROUTE, GETIFS_EVENT_NEIGHBOUR,
                                                 GETIFS_EVENT_RULE};
    struct part *part = &m->parts[number];
    part->what = what;
    part->family = family;
    part->event_object = objects[number];
    part->rules.every = part->rules.unusable = true;
    keyed_init(&part->rows, what);
    table_init(&part->said, what->object->row_size, NULL);
    part->dump.object = what->object;
    part->dump.table = &part->said;
    part->dump.rules = &part->rules;
    part->dump.family = family;
    part->dump.all = true;
}

static void part_follow(struct part *part, bool mirrored, bool shown)
{
    part->mirrored = part->dirty = mirrored;
    part->shown = shown;
}

struct getifs_mirror *getifs_mirror_new(uint32_t follow, uint32_t family, int32_t timeout_ms, int32_t receive_buffer,
                                        struct getifs_netns *netns)
{
    struct getifs_mirror *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    pthread_mutex_init(&m->lock, NULL);
    m->generation = socket_generation();
    m->family = family;
    m->timeout_ms = timeout_ms;
    m->receive_buffer = receive_buffer;
    m->all_routes = follow & GETIFS_FOLLOW_ALL_ROUTES;
    m->initial = follow & GETIFS_FOLLOW_INITIAL;
    socket_init(&m->socket, netns);
    table_init(&m->events, sizeof(struct getifs_event), NULL);
    table_init(&m->resync.log, 1, NULL);
    part_init(m, PART_LINKS, &link_followed, AF_UNSPEC);
    part_init(m, PART_ADDRS, &addr_followed, family);
    part_init(m, PART_NEXTHOPS, &nexthop_followed, AF_UNSPEC);
    part_init(m, PART_ROUTES4, &route_followed, AF_INET);
    part_init(m, PART_ROUTES6, &route_followed, AF_INET6);
    part_init(m, PART_NEIGHBOURS, &neighbour_followed, family);
    part_init(m, PART_RULES, &rule_followed, family);
    bool routes = follow & GETIFS_FOLLOW_ROUTES, addrs = follow & GETIFS_FOLLOW_ADDRS;
    /* Changes of links and addresses are the only sign of some changes of routes. */
    part_follow(&m->parts[PART_LINKS], true, follow & GETIFS_FOLLOW_LINKS);
    part_follow(&m->parts[PART_ADDRS], addrs || routes, addrs);
    part_follow(&m->parts[PART_NEXTHOPS], follow & GETIFS_FOLLOW_NEXTHOPS, follow & GETIFS_FOLLOW_NEXTHOPS);
    part_follow(&m->parts[PART_ROUTES4], routes && family != AF_INET6, routes && family != AF_INET6);
    part_follow(&m->parts[PART_ROUTES6], routes && family != AF_INET, routes && family != AF_INET);
    part_follow(&m->parts[PART_NEIGHBOURS], follow & GETIFS_FOLLOW_NEIGHBOURS, follow & GETIFS_FOLLOW_NEIGHBOURS);
    part_follow(&m->parts[PART_RULES], follow & GETIFS_FOLLOW_RULES, follow & GETIFS_FOLLOW_RULES);
    return m;
}

/* Joins the groups of what is mirrored, and those of what it depends on. */
static int subscribe(struct getifs_mirror *m)
{
    const struct part *parts = m->parts;
    bool routes4 = parts[PART_ROUTES4].mirrored, routes6 = parts[PART_ROUTES6].mirrored;
    bool addrs4 = parts[PART_ADDRS].mirrored && m->family != AF_INET6;
    bool addrs6 = parts[PART_ADDRS].mirrored && m->family != AF_INET;
    bool rules = parts[PART_RULES].mirrored;
    const struct {
        bool joins;
        unsigned group;
    } all[] = {
        {true, RTNLGRP_LINK},
        {addrs4, RTNLGRP_IPV4_IFADDR},
        {addrs6, RTNLGRP_IPV6_IFADDR},
        {addrs6, RTNLGRP_IPV6_IFINFO},
        {parts[PART_NEXTHOPS].mirrored || routes4 || routes6, RTNLGRP_NEXTHOP},
        {routes4, RTNLGRP_IPV4_ROUTE},
        {routes4, RTNLGRP_IPV4_NETCONF},
        {routes6, RTNLGRP_IPV6_ROUTE},
        {routes6, RTNLGRP_IPV6_NETCONF},
        {parts[PART_NEIGHBOURS].mirrored, RTNLGRP_NEIGH},
        {rules && m->family != AF_INET6, RTNLGRP_IPV4_RULE},
        {rules && m->family != AF_INET, RTNLGRP_IPV6_RULE},
    };
    unsigned groups[FIELD_COUNT(all)];
    size_t count = 0;
    for (size_t i = 0; i < FIELD_COUNT(all); i++)
        if (all[i].joins)
            groups[count++] = all[i].group;
    m->woken = true;
    return socket_subscribe(&m->socket, groups, count, m->receive_buffer);
}

/* The socket stays, since other threads can wait for it. */
static void release(struct getifs_mirror *m)
{
    resync_end(m);
    for (size_t i = 0; i < PART_COUNT; i++) {
        keyed_free(&m->parts[i].rows);
        table_free(&m->parts[i].said);
    }
    table_free(&m->events);
    free(m->group);
    m->group = NULL;
    m->group_room = 0;
}

void getifs_mirror_free(struct getifs_mirror *m)
{
    if (!m)
        return;
    release(m);
    socket_free(&m->socket);
    /* A child process may have inherited the mutex locked. */
    if (m->generation == socket_generation())
        pthread_mutex_destroy(&m->lock);
    free(m);
}

static void wake(struct getifs_mirror *m)
{
    if (!m->woken && m->socket.fd >= 0)
        m->woken = socket_wake(&m->socket) == 0;
}

struct reading {
    struct getifs_mirror *mirror;
    struct message_reader reader;
};

static int notified(void *context, unsigned type, const uint8_t *payload, size_t len)
{
    struct reading *reading = context;
    struct getifs_mirror *m = reading->mirror;
    struct notification n = {.mirror = m, .flags = reading->reader.flags};
    suspect_setting(m, type, payload, len);
    n.part = part_of(m, type, payload, len, &n.is_new);
    if (!n.part)
        return 0;
    n.rows = &n.part->rows;
    if (m->resync.part == n.part)
        resync_log(m, type, n.flags, payload, len);
    return follow(&n, payload, len);
}

/* Notifications were lost. */
static void lose(struct getifs_mirror *m)
{
    for (size_t i = 0; i < PART_COUNT; i++)
        m->parts[i].dirty = m->parts[i].mirrored;
}

/* 0: the queue is empty. 1: there are more. */
static int drain(struct getifs_mirror *m)
{
    enum { MOST = 512 };
    for (int i = 0; i < MOST; i++) {
        ptrdiff_t size = socket_receive(&m->socket);
        if (size == OUTCOME_NO_DATAGRAM) {
            m->woken = false;
            return 0;
        }
        if (size == -ENOBUFS || size == OUTCOME_RESTART) {
            lose(m);
        } else if (size < 0 && size != OUTCOME_PAUSED) {
            return (int)size;
        } else if (size > 0) {
            struct reading reading = {m, {.handle = notified, .context = &reading, .notified = true}};
            int r = messages_read(&reading.reader, m->socket.buffer, (size_t)size);
            if (r == OUTCOME_MALFORMED)
                lose(m);
            else if (r < 0)
                return r;
        }
    }
    return 1;
}

static bool is_dirty(const struct getifs_mirror *m)
{
    bool dirty = false;
    for (size_t i = 0; i < PART_COUNT; i++)
        dirty |= m->parts[i].dirty;
    return dirty;
}

/* A status; with an error in the client if it is one. */
static int fail(struct getifs_mirror *m, struct getifs_client *client, int error)
{
    lose(m); /* the notification is half applied */
    client->error = -error;
    return GETIFS_FAILED;
}

static int read_all(struct getifs_mirror *m, struct getifs_client *client)
{
    enum { MOST_DRAINS = 128 };
    int r = m->socket.fd < 0 ? subscribe(m) : 0;
    if (r == 0 && !resync_is_comparing(m))
        r = drain(m);
    if (r < 0)
        return fail(m, client, r);
    /* A dump is expensive: it should serve all that is queued, unless that never ends. */
    if (r > 0 && is_dirty(m) && ++m->drains < MOST_DRAINS)
        return GETIFS_PAUSED;
    m->drains = 0;
    int status = resync(m, client);
    if (status == GETIFS_PAUSED)
        return status;
    if (is_dirty(m))
        wake(m);
    else
        m->filled = true;
    if (!m->filled || (status != GETIFS_OK && !m->events.count))
        return status == GETIFS_OK ? GETIFS_INTERRUPTED : status;
    table_give_small(&m->events, client);
    return GETIFS_OK;
}

/* GETIFS_OK with the lock held, or the reason. */
static int enter(struct getifs_mirror *m)
{
    if (m->generation != socket_generation())
        return GETIFS_FORKED;
    pthread_mutex_lock(&m->lock);
    if (!m->closed)
        return GETIFS_OK;
    pthread_mutex_unlock(&m->lock);
    return GETIFS_CLOSED;
}

int getifs_mirror_read(struct getifs_client *client)
{
    struct getifs_mirror *m = client->mirror;
    int status = enter(m);
    if (status != GETIFS_OK)
        return status;
    client->message[0] = 0;
    status = read_all(m, client);
    pthread_mutex_unlock(&m->lock);
    return status;
}

int mirror_answer(struct getifs_client *client, const struct getifs_request *request, const struct getifs_filter *filter)
{
    struct getifs_mirror *m = client->mirror;
    int status = enter(m);
    if (status != GETIFS_OK)
        return status;
    status = mirror_query(m, client, request, filter);
    pthread_mutex_unlock(&m->lock);
    return status;
}

int getifs_mirror_enter(struct getifs_mirror *m)
{
    if (enter(m) != GETIFS_OK)
        return -1;
    int fd = m->socket.fd;
    m->inside += fd >= 0;
    pthread_mutex_unlock(&m->lock);
    return fd;
}

void getifs_mirror_leave(struct getifs_mirror *m)
{
    if (m->generation != socket_generation())
        return;
    pthread_mutex_lock(&m->lock);
    if (!--m->inside && m->closed)
        socket_free(&m->socket);
    pthread_mutex_unlock(&m->lock);
}

int getifs_mirror_wait(struct getifs_client *client, int32_t milliseconds)
{
    struct getifs_mirror *m = client->mirror;
    if (getifs_mirror_enter(m) < 0)
        return m->generation == socket_generation() ? GETIFS_CLOSED : GETIFS_FORKED;
    int r = socket_wait(&m->socket, milliseconds);
    getifs_mirror_leave(m);
    client->error = -r;
    return r == 0                ? GETIFS_OK
        : r == OUTCOME_PAUSED    ? GETIFS_PAUSED
        : r == OUTCOME_TIMED_OUT ? GETIFS_TIMED_OUT
                                 : GETIFS_FAILED;
}

void getifs_mirror_wake(struct getifs_mirror *m)
{
    if (enter(m) != GETIFS_OK)
        return;
    wake(m);
    pthread_mutex_unlock(&m->lock);
}

void getifs_mirror_close(struct getifs_mirror *m)
{
    if (enter(m) != GETIFS_OK)
        return;
    m->closed = true;
    release(m);
    if (m->inside) {
        m->woken = false;
        wake(m);
    } else {
        socket_free(&m->socket);
    }
    pthread_mutex_unlock(&m->lock);
}
