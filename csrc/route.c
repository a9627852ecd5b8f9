#include "route.h"
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
    size_t whole = len / 8;
    if (whole < size && addr[whole] & (0xff >> len % 8))
        return false;
    for (size_t i = whole + 1; i < size; i++)
        if (addr[i])
            return false;
    return true;
}

static bool read_via(const struct attr *attr, struct getifs_route *row)
{
    uint16_t family;
    if (!attr_u16(attr, &family))
        return false;
    struct attr address = {.data = attr->data + sizeof family, .len = attr->len - sizeof family};
    if (!attr_address(&address, family, row->gateway))
        return false;
    row->gateway_family = (uint8_t)family;
    return true;
}

/* RTA_GATEWAY, RTA_VIA and RTA_ENCAP_TYPE, which stand in a route and in each of its hops. False: unreadable. */
static bool read_hop_attr(const struct attr *attr, struct getifs_route *row)
{
    switch (attr->type) {
    case RTA_GATEWAY:
        row->gateway_family = row->family;
        return attr_address(attr, row->family, row->gateway);
    case RTA_VIA: return read_via(attr, row);
    case RTA_ENCAP_TYPE: attr_u16(attr, &row->encap); return true;
    }
    return true;
}

static int read_metrics(struct table *table, struct getifs_route *row, const struct attr *metrics)
{
    struct attrs it = attrs_of(metrics->data, metrics->len);
    struct attr attr;
    row->text_at = (uint32_t)table->text_size;
    row->text_len = 0;
    while (attr_next(&it, &attr) == ATTR_OK) {
        uint32_t pair[2] = {attr.type, 0};
        if (attr.type == RTAX_CC_ALGO || !attr_u32(&attr, &pair[1]))
            continue;
        if (attr.type == RTAX_MTU)
            row->mtu = pair[1];
        if (attr.type == RTAX_LOCK && pair[1] & 1u << RTAX_MTU)
            row->has |= GETIFS_HAS_MTU_LOCK;
        int r = table_append_text(table, pair, sizeof pair);
        if (r < 0)
            return r;
        row->text_len = (uint16_t)(row->text_len + sizeof pair);
    }
    return 0;
}

/* The attributes of one hop; false where they are broken or the gateway can't be read. */
static bool read_hop(const uint8_t *data, size_t len, struct getifs_route *row)
{
    struct attrs it = attrs_of(data, len);
    struct attr attr;
    enum attr_step step;
    while ((step = attr_next(&it, &attr)) == ATTR_OK)
        if (!read_hop_attr(&attr, row))
            return false;
    return step == ATTR_END;
}

/*
 *     |<-- rtnh_len ---------------------------------------->|
 *     +------------+---------+--------+-----------+-----------+
 *     | rtnh_len 2 | flags 1 | hops 1 | ifindex 4 | attributes|   next hop at the next multiple of 4
 *     +------------+---------+--------+-----------+-----------+
 */
static int read_hops(struct table *table, const struct route_rules *rules, const struct attr *multipath)
{
    const struct getifs_route route = *(const struct getifs_route *)table_row(table, table->count);
    const uint8_t *at = multipath->data;
    ptrdiff_t left = (ptrdiff_t)multipath->len;
    uint16_t number = 0;
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
        if (!read_hop(at + sizeof hop, hop.rtnh_len - sizeof hop, row))
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

int route_parse(struct table *table, struct route_rules *rules, unsigned family, const uint8_t *payload, size_t len)
{
    struct rtmsg header;
    if (len < sizeof header)
        return -EBADMSG;
    memcpy(&header, payload, sizeof header);
    size_t size = address_size(header.rtm_family);
    if (!size || (family && header.rtm_family != family) || !is_kept_header(rules, &header))
        return 0;
    struct getifs_route *row = table_next(table);
    if (!row)
        return -ENOMEM;
    row->family = header.rtm_family;
    row->dst_len = header.rtm_dst_len;
    row->src_len = header.rtm_src_len;
    row->tos = header.rtm_tos;
    row->table = header.rtm_table;
    row->protocol = header.rtm_protocol;
    row->scope = header.rtm_scope;
    row->type = header.rtm_type;
    row->flags = header.rtm_flags;
    row->weight = 1;

    struct attrs it = attrs_of(payload + sizeof header, len - sizeof header);
    struct attr attr, multipath = {0};
    enum attr_step step;
    bool has_dst = false, readable = true;
    unsigned has = 0;
    int r = 0;
    while ((step = attr_next(&it, &attr)) == ATTR_OK && r == 0) {
        switch (attr.type) {
        case RTA_DST: has_dst = true; readable &= attr_address(&attr, row->family, row->dst); break;
        case RTA_SRC: has |= GETIFS_HAS_SOURCE; readable &= attr_address(&attr, row->family, row->src); break;
        case RTA_OIF: attr_u32(&attr, &row->index); break;
        case RTA_PRIORITY: has |= attr_u32(&attr, &row->metric) ? GETIFS_HAS_METRIC : 0u; break;
        case RTA_TABLE: attr_u32(&attr, &row->table); break;
        case RTA_PREFSRC: has |= attr_address(&attr, row->family, row->prefsrc) ? GETIFS_HAS_PREFSRC : 0u; break;
        case RTA_PREF: has |= attr_u8(&attr, &row->pref) ? GETIFS_HAS_PREF : 0u; break;
        case RTA_NH_ID: has |= attr_u32(&attr, &row->nexthop_id) ? GETIFS_HAS_NEXTHOP : 0u; break;
        case RTA_MULTIPATH: multipath = attr; break;
        case RTA_METRICS: r = read_metrics(table, row, &attr); break;
        default: readable &= read_hop_attr(&attr, row); break;
        }
    }
    if (r < 0)
        return r;
    if (step == ATTR_BROKEN)
        return -EBADMSG;
    row->has |= (uint8_t)has;
    if (!is_kept_table(rules, row->table) || (!route_takes_every(rules) && has & GETIFS_HAS_SOURCE))
        return 0;
    if (!readable || (row->dst_len && !has_dst) || !is_prefix(row->dst, row->dst_len, size)
        || !is_prefix(row->src, row->src_len, size) || (row->src_len && !(has & GETIFS_HAS_SOURCE))) {
        table->malformed++;
        return 0;
    }
    if (multipath.data)
        return read_hops(table, rules, &multipath);
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
