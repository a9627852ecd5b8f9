/* Routes: RTM_GETROUTE. */
#include "route.h"
#include <arpa/inet.h>

static void route_request(struct request *request, const struct dump *dump)
{
    if (dump->single) {
        route_lookup_request(request, dump);
        return;
    }
    struct rtmsg header = {.rtm_family = (uint8_t)dump->family};
    request_begin(request, RTM_GETROUTE, NLM_F_DUMP, &header, sizeof header);
    if (dump->rules->one_table)
        request_attr(request, RTA_TABLE, &dump->rules->table, sizeof dump->rules->table);
}

/* ENOENT: the table that was asked for does not exist. */
static int route_refusal(const struct dump *dump, int error)
{
    if (dump->single)
        return error;
    return is_unsupported(error) || (error == ENOENT && dump->rules->one_table) ? 0 : error;
}

static bool is_kept_table(const struct route_rules *rules, uint32_t table)
{
    if (rules->one_table)
        return table == rules->table;
    return rules->every || (table >= RT_TABLE_DEFAULT && table <= RT_TABLE_LOCAL);
}

/* A filter on the destination's length, the family or the type needs no attribute. */
static bool filter_rejects_header(const struct getifs_filter *filter, const struct rtmsg *header)
{
    struct getifs_route row;
    row.family = header->rtm_family;
    row.dst_len = header->rtm_dst_len;
    row.src_len = header->rtm_src_len;
    row.tos = header->rtm_tos;
    row.type = header->rtm_type;
    return filter_rejects(filter, &row, offsetof(struct getifs_route, family),
                          offsetof(struct getifs_route, gateway_family));
}

static bool is_kept_header(const struct dump *dump, const struct rtmsg *header)
{
    const struct route_rules *rules = dump->rules;
    /* In a dump these are exceptions; the answer of a lookup is always a copy of a route. */
    if (header->rtm_flags & RTM_F_CLONED && !dump->single)
        return false;
    if (rules->every)
        return true;
    if (rules->defaults && header->rtm_dst_len)
        return false;
    return (header->rtm_type == RTN_UNICAST || header->rtm_type == RTN_LOCAL) && !header->rtm_tos && !header->rtm_src_len;
}

/* A prefix is not longer than its family allows, and has no bits set behind its length. */
static bool is_prefix(const uint8_t *addr, unsigned len, size_t size)
{
    if (len > size * 8)
        return false;
    for (size_t at = 0; at < size; at += 4) {
        uint32_t word;
        memcpy(&word, addr + at, sizeof word);
        unsigned bits = len > at * 8 ? len - (unsigned)at * 8 : 0;
        if (bits < 32 && ntohl(word) & UINT32_MAX >> bits)
            return false;
    }
    return true;
}

/* An address with a length: absent only if the length is 0. */
static inline bool read_prefix(const struct attr_set *set, size_t type, const struct getifs_route *row, uint8_t *addr,
                               unsigned len)
{
    if (!attr_set_has(set, type))
        return !len;
    return attr_address(attr_set_get(set, type), row->family, addr) && is_prefix(addr, len, address_size(row->family));
}

static bool read_via(struct attr attr, struct getifs_route *row)
{
    uint16_t family;
    if (!attr_u16(attr, &family))
        return false;
    struct attr address = {attr.data + sizeof family, attr.len - sizeof family};
    if (!attr_address(address, family, row->gateway))
        return false;
    row->gateway_family = (uint8_t)family;
    return true;
}

/* What a route and each of its hops can have. False: a gateway is malformed. */
static inline bool read_hop(const struct attr_set *set, struct getifs_route *row)
{
    static const struct field fields[] = {
        FIELD(RTA_ENCAP_TYPE, getifs_route, encap, 0),
        FIELD(RTA_FLOW, getifs_route, flow, 0),
    };
    fields_read(fields, FIELD_COUNT(fields), set, row);
    if (attr_is(set, RTA_GATEWAY)) {
        if (!attr_address(attr_of(set, RTA_GATEWAY), row->family, row->gateway))
            return false;
        row->gateway_family = row->family;
    }
    return !attr_is(set, RTA_VIA) || read_via(attr_of(set, RTA_VIA), row);
}

/* RTA_METRICS: see struct getifs_route. */
static int append_metrics(struct table *table, struct attr metrics)
{
    struct attr_iter it = {metrics.data, metrics.len};
    struct attr congestion = {0};
    const uint8_t *head;
    unsigned type;
    int r = 0;
    while (r == 0 && attr_next(&it, &head, &type) == ATTR_OK) {
        uint32_t pair[2] = {type, 0};
        if (type == RTAX_CC_ALGO)
            congestion = attr_string(attr_at(head));
        else if (attr_u32(attr_at(head), &pair[1]))
            r = table_append(table, pair, sizeof pair);
    }
    uint32_t last[2] = {RTAX_CC_ALGO, (uint32_t)congestion.len};
    if (r == 0 && congestion.len)
        r = table_append(table, last, sizeof last);
    return r < 0 ? r : table_append(table, congestion.data, congestion.len);
}

/* The side bytes of a row: the metrics of the route, and the encapsulation of the hop. */
static int append_extra(struct table *table, struct getifs_route *row, struct attr metrics, struct attr encap)
{
    row->extra_at = (uint32_t)table->extra_len;
    int r = append_metrics(table, metrics);
    if (r == 0)
        r = table_append(table, encap.data, encap.len);
    size_t len = table->extra_len - row->extra_at;
    if (r == 0 && len > UINT16_MAX)
        return OUTCOME_MALFORMED; /* the kernel limits both to far less */
    row->extra_len = (uint16_t)len;
    row->encap_len = (uint16_t)encap.len;
    return r;
}

/*
 *     |<-- rtnh_len ---------------------------------------->|
 *     +------------+---------+--------+-----------+-----------+
 *     | rtnh_len 2 | flags 1 | hops 1 | ifindex 4 | attributes|   next hop at the next multiple of 4
 *     +------------+---------+--------+-----------+-----------+
 */
static int parse_hop(struct dump *dump, const struct getifs_route *route, struct attr_set *set, const uint8_t *at,
                     unsigned number)
{
    struct table *table = dump->table;
    struct rtnexthop hop;
    memcpy(&hop, at, sizeof hop);
    struct getifs_route *row = table_next(table);
    if (!row)
        return -ENOMEM;
    *row = *route;
    row->index = (uint32_t)hop.rtnh_ifindex;
    row->hop = (uint16_t)number;
    row->weight = (uint16_t)(hop.rtnh_hops + 1);
    row->flags = (route->flags & ~(uint32_t)ROUTE_HOP_FLAGS) | hop.rtnh_flags;
    row->has |= ROUTE_HAS_HOP;
    if (!attr_set_read(set, at + sizeof hop, hop.rtnh_len - sizeof hop) || !read_hop(set, row)) {
        table->malformed++;
        return 0;
    }
    if (!row->index || (hop.rtnh_flags & ROUTE_HOP_UNUSABLE && !dump->rules->unusable))
        return 0;
    struct attr metrics = attr_of(&dump->set, RTA_METRICS), encap = attr_of(set, RTA_ENCAP);
    int r = metrics.len || encap.len ? append_extra(table, row, metrics, encap) : 0;
    if (r == 0)
        table_keep(table);
    return r;
}

static int parse_hops(struct dump *dump, const struct getifs_route *route, struct attr multipath)
{
    const uint8_t *at = multipath.data;
    ptrdiff_t left = (ptrdiff_t)multipath.len;
    struct attr_set set;
    set.count = 0;
    for (unsigned number = 0; left >= (ptrdiff_t)sizeof(struct rtnexthop); number++) {
        struct rtnexthop hop;
        memcpy(&hop, at, sizeof hop);
        if (hop.rtnh_len < sizeof hop || hop.rtnh_len > left) {
            dump->table->malformed++;
            break;
        }
        int r = parse_hop(dump, route, &set, at, number);
        if (r < 0)
            return r;
        ptrdiff_t step = (hop.rtnh_len + 3) & ~3;
        left -= step;
        if (left > 0)
            at += step;
    }
    return 0;
}

static bool needs_interface(unsigned type)
{
    return type == RTN_UNICAST || type == RTN_LOCAL;
}

static bool is_rejecting(unsigned type)
{
    return type == RTN_BLACKHOLE || type == RTN_UNREACHABLE || type == RTN_PROHIBIT || type == RTN_THROW;
}

static void read_header(const struct rtmsg *header, uint32_t table, struct getifs_route *row)
{
    row->table = table;
    row->weight = 1;
    row->family = header->rtm_family;
    row->dst_len = header->rtm_dst_len;
    row->src_len = header->rtm_src_len;
    row->tos = header->rtm_tos;
    row->type = header->rtm_type;
    row->flags = header->rtm_flags;
    row->protocol = header->rtm_protocol;
    row->scope = header->rtm_scope;
}

/* Keeps a route that has no RTA_MULTIPATH: with its one hop, or until its next-hop object is resolved. */
static int keep_route(struct dump *dump, struct getifs_route *row)
{
    struct attr metrics = attr_of(&dump->set, RTA_METRICS), encap = attr_of(&dump->set, RTA_ENCAP);
    int r = metrics.len || encap.len ? append_extra(dump->table, row, metrics, encap) : 0;
    if (r < 0)
        return r;
    if (!row->index && row->has & ROUTE_HAS_NEXTHOP && !is_rejecting(row->type)) {
        row->has |= ROUTE_HAS_PENDING;
        dump->rules->pending = true;
        table_keep_unfiltered(dump->table);
        return 0;
    }
    if (!row->index && needs_interface(row->type))
        return 0;
    /* The kernel uses a single hop that has LINKDOWN but not DEAD. */
    if (dump->rules->resolvable && row->flags & (RTNH_F_DEAD | RTNH_F_UNRESOLVED))
        return 0;
    table_keep(dump->table);
    return 0;
}

/* IPv6 answers a lookup without a source as if it had been for "::". */
static bool is_unasked_source(const struct dump *dump, const struct getifs_route *row)
{
    static const uint8_t none[sizeof row->src] = {0};
    return dump->single && memcmp(row->src, none, sizeof none) == 0;
}

static int route_parse(struct dump *dump, const uint8_t *payload, size_t len)
{
    static const struct field fields[] = {
        FIELD(RTA_OIF, getifs_route, index, 0),
        FIELD(RTA_PRIORITY, getifs_route, metric, ROUTE_HAS_METRIC),
        FIELD(RTA_PREF, getifs_route, pref, ROUTE_HAS_PREF),
        FIELD(RTA_NH_ID, getifs_route, nexthop_id, ROUTE_HAS_NEXTHOP),
    };
    struct rtmsg header;
    struct attr_set *set = &dump->set;
    memcpy(&header, payload, sizeof header);
    if (!address_size(header.rtm_family) || (dump->family && header.rtm_family != dump->family)
        || !is_kept_header(dump, &header) || (dump->table->filter && filter_rejects_header(dump->table->filter, &header)))
        return 0;
    if (!attr_set_read(set, payload + sizeof header, len - sizeof header))
        return OUTCOME_MALFORMED;
    uint32_t table = header.rtm_table;
    attr_u32(attr_of(set, RTA_TABLE), &table);
    if (!is_kept_table(dump->rules, table) || (attr_is(set, RTA_SRC) && !dump->rules->every))
        return 0;
    struct getifs_route *row = table_next(dump->table);
    if (!row)
        return -ENOMEM;
    read_header(&header, table, row);
    if (!read_prefix(set, RTA_DST, row, row->dst, row->dst_len) || !read_prefix(set, RTA_SRC, row, row->src, row->src_len)) {
        dump->table->malformed++;
        return 0;
    }
    unsigned has = fields_read(fields, FIELD_COUNT(fields), set, row);
    if (attr_is(set, RTA_SRC) && !is_unasked_source(dump, row))
        has |= ROUTE_HAS_SOURCE;
    if (attr_address(attr_of(set, RTA_PREFSRC), row->family, row->prefsrc))
        has |= ROUTE_HAS_PREFSRC;
    row->has = (uint8_t)has;
    if (attr_is(set, RTA_MULTIPATH)) {
        const struct getifs_route route = *row;
        if (read_hop(set, row))
            return parse_hops(dump, &route, attr_of(set, RTA_MULTIPATH));
    } else if (read_hop(set, row)) {
        return keep_route(dump, row);
    }
    dump->table->malformed++;
    return 0;
}

/* Routes that differ in their encapsulation are different routes. */
static bool same_encap(const void *a, const char *extra_a, const void *b, const char *extra_b)
{
    const struct getifs_route *x = a, *y = b;
    size_t len = x->encap_len;
    return !len || memcmp(extra_a + x->extra_at + x->extra_len - len, extra_b + y->extra_at + y->extra_len - len, len) == 0;
}

/* The kernel refuses an IPv6 route with the same gateway as another one, so a hop is the same one at any position and
   weight. */
static const struct key hop_keys[] = {
    {0, offsetof(struct getifs_route, hop)},
    {offsetof(struct getifs_route, encap), offsetof(struct getifs_route, prefsrc) - offsetof(struct getifs_route, encap)}};
static const struct identity hop_identity = {hop_keys, 2, same_encap};

/* Dumps of IPv6 routes repeat rows while the table changes, and show a route of several hops again with fewer: the kernel
   adds and removes them one by one. Those of IPv4, which come first, never do. */
static int make_unique(struct table *routes, const struct identity *identity, struct unique *u)
{
    if (!u->seen) {
        size_t first = routes->count;
        while (first && ((const struct getifs_route *)table_row(routes, first - 1))->family == AF_INET6)
            first--;
        u->from = first;
        if (first == routes->count)
            return 0;
    }
    return table_unique(routes, identity, u);
}

static const struct key route_keys[] = {{0, offsetof(struct getifs_route, prefsrc)}};
static const struct identity route_identity = {route_keys, 1, same_encap};
/* IPv4 routes can differ in their preferred source, scope, protocol, realms or metrics alone. */
static const struct key distinct_keys[] = {{0, offsetof(struct getifs_route, flags)}, KEY(getifs_route, flow)};
static const struct identity distinct_identity = {distinct_keys, 2, NULL};

const struct object route_object = {
    .name = "RTM_GETROUTE",
    .new_type = RTM_NEWROUTE,
    .del_type = RTM_DELROUTE,
    .evidence = EVIDENCE_EXACT,
    .groups = {RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE},
    .header_size = sizeof(struct rtmsg),
    .row_size = sizeof(struct getifs_route),
    .identity = &route_identity,
    .distinct = &distinct_identity,
    .repeated = &hop_identity,
    .make_unique = make_unique,
    .request = route_request,
    .parse = route_parse,
    .refusal = route_refusal,
};
