/* What notifications mean for the rows that are kept. */
#include "mirror.h"
#include <stdlib.h>

static size_t link_extra_len(const void *row)
{
    return ((const struct getifs_link *)row)->extra_len;
}

static size_t route_extra_len(const void *row)
{
    return ((const struct getifs_route *)row)->extra_len;
}

static size_t nexthop_extra_len(const void *row)
{
    return ((const struct getifs_nexthop *)row)->extra_len;
}

/* An IPv6 address can get another peer. An IPv4 address that differs by its peer or prefix length is another one. */
static bool same_addr(const void *a, const void *b)
{
    const struct getifs_addr *x = a, *y = b;
    return x->family == AF_INET6 || (x->prefix_len == y->prefix_len && memcmp(x->peer, y->peer, sizeof x->peer) == 0);
}

static const struct key link_keys[] = {KEY(getifs_link, index)};
static const struct key addr_keys[] = {KEY(getifs_addr, index), KEY(getifs_addr, family), KEY(getifs_addr, addr)};
static const struct key nexthop_keys[] = {KEY(getifs_nexthop, id)};
static const struct key route_keys[] = {KEY(getifs_route, metric),  KEY(getifs_route, table),   KEY(getifs_route, family),
                                        KEY(getifs_route, dst_len), KEY(getifs_route, src_len), KEY(getifs_route, tos),
                                        KEY(getifs_route, dst),     KEY(getifs_route, src)};
static const struct key neighbour_keys[] = {KEY(getifs_neighbour, index), KEY(getifs_neighbour, family),
                                            KEY(getifs_neighbour, addr), KEY(getifs_neighbour, proxy)};

static const struct key rule_keys[] = {{0, offsetof(struct getifs_rule, flags)}};

const struct followed link_followed = {
    .object = &link_object,
    .key = {link_keys, 1, NULL},
    .value_size = offsetof(struct getifs_link, extra_at),
    .extra_at = offsetof(struct getifs_link, extra_at),
    .extra_len = link_extra_len,
};
const struct followed addr_followed = {
    .object = &addr_object,
    .key = {addr_keys, 3, NULL},
    .same = same_addr,
    .value_size = offsetof(struct getifs_addr, valid_lft),
};
const struct followed nexthop_followed = {
    .object = &nexthop_object,
    .key = {nexthop_keys, 1, NULL},
    .value_size = offsetof(struct getifs_nexthop, extra_at),
    .extra_at = offsetof(struct getifs_nexthop, extra_at),
    .extra_len = nexthop_extra_len,
};
const struct followed route_followed = {
    .object = &route_object,
    .key = {route_keys, FIELD_COUNT(route_keys), NULL},
    .value_size = offsetof(struct getifs_route, extra_at),
    .extra_at = offsetof(struct getifs_route, extra_at),
    .extra_len = route_extra_len,
};
const struct followed neighbour_followed = {
    .object = &neighbour_object,
    .key = {neighbour_keys, 4, NULL},
    .value_size = sizeof(struct getifs_neighbour),
};
const struct followed rule_followed = {
    .object = &rule_object,
    .key = {rule_keys, 1, NULL},
    .value_size = sizeof(struct getifs_rule),
};

struct part *part_of(struct getifs_mirror *m, unsigned type, const uint8_t *payload, size_t len, bool *is_new)
{
    *is_new = type == RTM_NEWLINK || type == RTM_NEWADDR || type == RTM_NEWNEXTHOP || type == RTM_NEWROUTE
        || type == RTM_NEWNEIGH || type == RTM_NEWRULE;
    switch (type) {
    case RTM_NEWLINK:
    case RTM_DELLINK: return &m->parts[PART_LINKS];
    case RTM_NEWADDR:
    case RTM_DELADDR: return &m->parts[PART_ADDRS];
    case RTM_NEWNEXTHOP:
    case RTM_DELNEXTHOP: return &m->parts[PART_NEXTHOPS];
    case RTM_NEWNEIGH:
    case RTM_DELNEIGH: return &m->parts[PART_NEIGHBOURS];
    case RTM_NEWRULE:
    case RTM_DELRULE: return &m->parts[PART_RULES];
    case RTM_NEWROUTE:
    case RTM_DELROUTE:
        if (len && payload[0] == AF_INET) /* rtm_family */
            return &m->parts[PART_ROUTES4];
        return len && payload[0] == AF_INET6 ? &m->parts[PART_ROUTES6] : NULL;
    default: return NULL;
    }
}

static bool is_base(const struct notification *n)
{
    return n->rows != &n->part->rows;
}

int change_add(const struct notification *n, struct record row)
{
    int r = is_base(n) ? 0 : emit(n->mirror, n->part, row, (struct record){0});
    return r < 0 ? r : keyed_add(n->rows, row.row, row.extra);
}

int change_set(const struct notification *n, size_t at, struct record row)
{
    struct record old = record_of(n->rows, at);
    bool is_same = same_value(n->part->what, row.row, row.extra, old.row, old.extra);
    int r = is_base(n) || is_same ? 0 : emit(n->mirror, n->part, row, old);
    return r < 0 ? r : keyed_set(n->rows, at, row.row, row.extra);
}

int change_remove(const struct notification *n, size_t at)
{
    struct record old = record_of(n->rows, at);
    int r = is_base(n) ? 0 : emit(n->mirror, n->part, (struct record){0}, old);
    keyed_remove(n->rows, at);
    return r;
}

/* The row that is a state of the same object. */
static size_t find(const struct notification *n, const void *row)
{
    size_t at = keyed_last(n->rows, row);
    while (at != KEYED_END && n->part->what->same && !n->part->what->same(row, table_row(&n->rows->table, at)))
        at = keyed_before(n->rows, row, at);
    return at;
}

static void suspect(const struct notification *n, const void *now, const void *before)
{
    if (is_base(n))
        return;
    if (n->part->what == &link_followed)
        suspect_link(n->mirror, n->is_new ? now : NULL, before || n->is_new ? before : now);
    else if (n->part->what == &addr_followed && !n->is_new)
        suspect_addr(n->mirror, now);
}

static int follow_row(const struct notification *n, struct record row)
{
    bool is_there = n->is_new && (n->part->what != &neighbour_followed || neighbour_is_kept(row.row));
    size_t at = find(n, row.row);
    struct getifs_link link = {0};
    if (n->part->what == &link_followed && at != KEYED_END)
        memcpy(&link, table_row(&n->rows->table, at), sizeof link);
    int r = 0;
    if (is_there)
        r = at == KEYED_END ? change_add(n, row) : change_set(n, at, row);
    else if (at != KEYED_END)
        r = change_remove(n, at);
    suspect(n, row.row, at != KEYED_END && link.index ? &link : NULL);
    return r;
}

/* Wireless extensions announce events of their own as RTM_NEWLINK, with few of the attributes of a link. */
static bool is_partial(const struct part *part)
{
    return part->what == &link_followed && attr_is(&part->dump.set, IFLA_WIRELESS);
}

int follow(const struct notification *n, const uint8_t *payload, size_t len)
{
    struct part *part = n->part;
    const struct object *object = part->what->object;
    /* Nothing refers to an object that is new. */
    if (part->what == &nexthop_followed && !is_base(n) && !(n->is_new && n->flags & NLM_F_EXCL))
        suspect_nexthop(n->mirror);
    if (!part->mirrored)
        return 0;
    /* The kernel announces rules after it has released its lock, perhaps in another order than it changed them. It has
       equal rules, and with a rule those change that go to it. So they are dumped. */
    if (part->what == &rule_followed) {
        part->dirty = true;
        return 0;
    }
    struct table *said = &part->said;
    said->count = said->extra_len = said->malformed = 0;
    part->rules.pending = false;
    int r = len < object->header_size ? OUTCOME_MALFORMED : object->parse(&part->dump, payload, len);
    if (r == OUTCOME_MALFORMED || said->malformed || part->rules.pending) {
        part->dirty = true; /* a dump tells what happened */
        return 0;
    }
    if (r < 0 || !said->count || is_partial(part))
        return r;
    r = part->what == &route_followed ? follow_routes(n) : follow_row(n, (struct record){said->rows, said->extra});
    if (r == 0)
        keyed_tidy(n->rows);
    return r;
}
