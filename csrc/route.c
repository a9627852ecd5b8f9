#include "route.h"
#include <arpa/inet.h>
#include <errno.h>

void route_request(struct request *request, unsigned family, bool one_table, uint32_t table)
{
    struct rtmsg header = {.rtm_family = (uint8_t)family};
    request_begin(request, RTM_GETROUTE, NLM_F_DUMP, &header, sizeof header);
    if (one_table)
        request_attr(request, RTA_TABLE, &table, sizeof table);
}

static bool is_kept_table(const struct route_rules *rules, uint32_t table)
{
    if (rules->one_table)
        return table == rules->table;
    return route_takes_every(rules) || (table >= RT_TABLE_DEFAULT && table <= RT_TABLE_LOCAL);
}

/* What the header alone says against a route. */
static bool is_kept_header(const struct route_rules *rules, const struct rtmsg *header)
{
    if (header->rtm_flags & RTM_F_CLONED)
        return false;
    if (route_takes_every(rules))
        return true;
    if (rules->purpose == ROUTE_DEFAULTS && header->rtm_dst_len)
        return false;
    return (header->rtm_type == RTN_UNICAST || header->rtm_type == RTN_LOCAL) && !header->rtm_tos && !header->rtm_src_len;
}

/* A prefix is no longer than its family allows and has no bits set past it. */
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

/* RTA_GATEWAY, RTA_VIA and RTA_ENCAP_TYPE, which stand in a route and in each of its hops. False: unreadable. */
static inline bool read_hop(const struct attr_set *set, struct getifs_route *row)
{
    attr_u16(attr_of(set, RTA_ENCAP_TYPE), &row->encap);
    if (attr_is(set, RTA_GATEWAY)) {
        if (!attr_address(attr_of(set, RTA_GATEWAY), row->family, row->gateway))
            return false;
        row->gateway_family = row->family;
    }
    return !attr_is(set, RTA_VIA) || read_via(attr_of(set, RTA_VIA), row);
}

static int read_metrics(struct table *table, struct getifs_route *row, struct attr metrics)
{
    struct attrs it = attrs_of(metrics.data, metrics.len);
    const uint8_t *head;
    unsigned type;
    row->text_at = (uint32_t)table->text_size;
    while (attr_next(&it, &head, &type) == ATTR_OK) {
        uint32_t pair[2] = {type, 0};
        if (type == RTAX_CC_ALGO || !attr_u32(attr_at(head), &pair[1]))
            continue;
        if (type == RTAX_MTU)
            row->mtu = pair[1];
        if (type == RTAX_LOCK && pair[1] & 1u << RTAX_MTU)
            row->has |= GETIFS_HAS_MTU_LOCK;
        int r = table_append_text(table, pair, sizeof pair);
        if (r < 0)
            return r;
        row->text_len = (uint16_t)(row->text_len + sizeof pair);
    }
    return 0;
}

/*
 *     |<-- rtnh_len ---------------------------------------->|
 *     +------------+---------+--------+-----------+-----------+
 *     | rtnh_len 2 | flags 1 | hops 1 | ifindex 4 | attributes|   next hop at the next multiple of 4
 *     +------------+---------+--------+-----------+-----------+
 */
static int read_hops(struct table *table, const struct route_rules *rules, struct attr multipath)
{
    const struct getifs_route route = *(const struct getifs_route *)table_row(table, table->count);
    const uint8_t *at = multipath.data;
    ptrdiff_t left = (ptrdiff_t)multipath.len;
    uint16_t number = 0;
    struct attr_set set;
    set.count = 0;
    while (left >= (ptrdiff_t)sizeof(struct rtnexthop)) {
        struct rtnexthop hop;
        memcpy(&hop, at, sizeof hop);
        if (hop.rtnh_len < sizeof hop || hop.rtnh_len > left) {
            table->malformed++;
            break;
        }
        struct getifs_route *row = table_next(table);
        if (!row)
            return -ENOMEM;
        *row = route;
        row->index = (uint32_t)hop.rtnh_ifindex;
        row->hop = number++;
        row->weight = (uint16_t)(hop.rtnh_hops + 1);
        row->flags = (route.flags & ~(uint32_t)ROUTE_HOP_FLAGS) | hop.rtnh_flags;
        row->has |= GETIFS_HAS_HOP;
        if (!attr_set_read(&set, at + sizeof hop, hop.rtnh_len - sizeof hop) || !read_hop(&set, row))
            table->malformed++;
        else if (row->index && (rules->all || !(hop.rtnh_flags & ROUTE_HOP_UNUSABLE)))
            route_keep(table, rules);
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

int route_parse(struct table *table, struct attr_set *set, struct route_rules *rules, unsigned family, const uint8_t *payload, size_t len)
{
    struct rtmsg header;
    if (len < sizeof header)
        return -EBADMSG;
    memcpy(&header, payload, sizeof header);
    size_t size = address_size(header.rtm_family);
    if (!size || (family && header.rtm_family != family) || !is_kept_header(rules, &header))
        return 0;
    if (!attr_set_read(set, payload + sizeof header, len - sizeof header))
        return -EBADMSG;
    bool has_dst = attr_is(set, RTA_DST), has_src = attr_is(set, RTA_SRC);
    uint32_t number = header.rtm_table;
    attr_u32(attr_of(set, RTA_TABLE), &number);
    if (!is_kept_table(rules, number) || (has_src && !route_takes_every(rules)))
        return 0;
    struct getifs_route *row = table_next(table);
    if (!row)
        return -ENOMEM;
    row->table = number;
    row->weight = 1;
    row->family = header.rtm_family;
    row->dst_len = header.rtm_dst_len;
    row->src_len = header.rtm_src_len;
    row->tos = header.rtm_tos;
    row->type = header.rtm_type;
    row->flags = header.rtm_flags;
    row->protocol = header.rtm_protocol;
    row->scope = header.rtm_scope;
    if (!read_hop(set, row) || !(has_dst ? attr_address(attr_of(set, RTA_DST), row->family, row->dst) : !row->dst_len)
        || !(has_src ? attr_address(attr_of(set, RTA_SRC), row->family, row->src) : !row->src_len) || !is_prefix(row->dst, row->dst_len, size)
        || !is_prefix(row->src, row->src_len, size)) {
        table->malformed++;
        return 0;
    }
    unsigned has = has_src ? GETIFS_HAS_SOURCE : 0;
    attr_u32(attr_of(set, RTA_OIF), &row->index);
    if (attr_u32(attr_of(set, RTA_PRIORITY), &row->metric))
        has |= GETIFS_HAS_METRIC;
    if (attr_address(attr_of(set, RTA_PREFSRC), row->family, row->prefsrc))
        has |= GETIFS_HAS_PREFSRC;
    if (attr_u8(attr_of(set, RTA_PREF), &row->pref))
        has |= GETIFS_HAS_PREF;
    if (attr_u32(attr_of(set, RTA_NH_ID), &row->nexthop_id))
        has |= GETIFS_HAS_NEXTHOP;
    row->has = (uint8_t)has;
    int r = attr_is(set, RTA_METRICS) ? read_metrics(table, row, attr_of(set, RTA_METRICS)) : 0;
    if (r < 0)
        return r;
    if (attr_is(set, RTA_MULTIPATH))
        return read_hops(table, rules, attr_of(set, RTA_MULTIPATH));
    if (!row->index && has & GETIFS_HAS_NEXTHOP && !is_rejecting(row->type)) {
        row->has |= GETIFS_HAS_PENDING;
        rules->pending = true;
        table_keep_unfiltered(table);
        return 0;
    }
    if (!row->index && needs_interface(row->type))
        return 0;
    /* A single hop with LINKDOWN alone is used by the kernel, which adds DEAD where it is not. */
    if (rules->purpose != ROUTE_TABLE && row->flags & (RTNH_F_DEAD | RTNH_F_UNRESOLVED))
        return 0;
    route_keep(table, rules);
    return 0;
}
