/*
 * What the kernel does not announce. A notification about one object can be the only sign of changes of others: these
 * are dumped again.
 */
#include "mirror.h"

typedef bool row_test(const void *row, const void *context);

/* Makes a part dirty if a row of it passes the test. While it is dumped, its rows are not known: then always. */
static void suspect(struct getifs_mirror *m, enum part_number number, row_test *test, const void *context)
{
    struct part *part = &m->parts[number];
    if (!part->mirrored || part->dirty)
        return;
    bool found = m->resync.part == part;
    const struct keyed *rows = &part->rows;
    for (size_t at = 0; at < rows->table.count && !found; at++)
        found = keyed_has(rows, at) && test(table_row(&rows->table, at), context);
    part->dirty = found;
}

static bool route_leaves_through(const void *row, const void *index)
{
    return memcmp(&((const struct getifs_route *)row)->index, index, sizeof(uint32_t)) == 0;
}

static bool nexthop_leaves_through(const void *row, const void *index)
{
    return memcmp(&((const struct getifs_nexthop *)row)->index, index, sizeof(uint32_t)) == 0;
}

static bool addr_is_ipv6_of(const void *row, const void *index)
{
    const struct getifs_addr *addr = row;
    return addr->family == AF_INET6 && memcmp(&addr->index, index, sizeof(uint32_t)) == 0;
}

static bool is_above(const struct getifs_link *link, const struct getifs_link *other)
{
    return link->has & LINK_HAS_LINK && !(link->has & LINK_HAS_LINK_NETNSID) && link->link == other->index;
}

static bool rule_names_link(const void *row, const void *context)
{
    const struct getifs_rule *rule = row;
    (void)context;
    return rule->iif[0] || rule->oif[0];
}

struct turn {
    const struct getifs_link *link;
    bool comes_or_goes;
};

/* A link says which one it is above, or the peer of, and that one may say so too. A link above another one can make it
   promiscuous, which is a counter, and announced only if it was 0. */
static bool link_depends_on(const void *row, const void *context)
{
    const struct turn *turn = context;
    bool above = is_above(row, turn->link), below = is_above(turn->link, row);
    return turn->comes_or_goes ? above || below : below && !above;
}

/* IPv4 and IPv6 leave an interface whose MTU is too small for them. */
static unsigned protocols_that_fit(const struct getifs_link *link)
{
    return link->mtu < 68 ? 0 : link->mtu < 1280 ? 1 : 2;
}

static bool route_disagrees(const void *row, const void *context)
{
    const struct getifs_route *route = row;
    const struct getifs_link *link = context;
    if (route->index != link->index || (route->type != RTN_UNICAST && route->type != RTN_MULTICAST))
        return false;
    return !(route->flags & RTNH_F_LINKDOWN) != !!(link->flags & IFF_LOWER_UP);
}

static bool nexthop_disagrees(const void *row, const void *context)
{
    const struct getifs_link *link = context;
    return nexthop_leaves_through(row, &link->index) && !(link->flags & IFF_LOWER_UP);
}

/* A carrier can come or go and be back before the kernel announces it. What was added meanwhile is as the carrier was
   then, until the announcement, which says nothing new about the link. */
static void suspect_carrier(struct getifs_mirror *m, const struct getifs_link *link)
{
    if (!(link->flags & IFF_UP))
        return;
    suspect(m, PART_NEXTHOPS, nexthop_disagrees, link);
    suspect(m, PART_ROUTES4, route_disagrees, link);
    suspect(m, PART_ROUTES6, route_disagrees, link);
}

static bool same_state(const struct getifs_link *now, const struct getifs_link *before)
{
    enum { MATTERS = IFF_UP | IFF_RUNNING | IFF_LOWER_UP };
    return !((now->flags ^ before->flags) & MATTERS) && now->oper_state == before->oper_state
        && protocols_that_fit(now) == protocols_that_fit(before);
}

/*
 * A link that goes down or away, or loses its carrier, takes routes of IPv4 and next-hop objects with it, and changes
 * the flags of other routes and of IPv6 addresses. Where it comes back, the flags change again. IFF_LOWER_UP is set before
 * the kernel changes routes; if the operational state was unknown, only this changes with them, up to a second later.
 */
void suspect_link(struct getifs_mirror *m, const struct getifs_link *now, const struct getifs_link *before)
{
    const struct getifs_link *link = now ? now : before;
    if (!link)
        return;
    /* A rule says whether its interfaces exist. This one may have come, gone or got another name. */
    suspect(m, PART_RULES, rule_names_link, NULL);
    if (now && before && same_state(now, before)) {
        suspect_carrier(m, now);
        return;
    }
    struct turn turn = {link, !now || !before};
    suspect(m, PART_LINKS, link_depends_on, &turn);
    suspect(m, PART_ADDRS, addr_is_ipv6_of, &link->index);
    suspect(m, PART_NEXTHOPS, nexthop_leaves_through, &link->index);
    suspect(m, PART_ROUTES4, route_leaves_through, &link->index);
    suspect(m, PART_ROUTES6, route_leaves_through, &link->index);
}

struct departure {
    const struct getifs_addr *addr;
    bool was_last; /* of its family on its interface */
};

static bool route_needs_addr(const void *row, const void *context)
{
    const struct getifs_route *route = row;
    const struct departure *departure = context;
    const struct getifs_addr *addr = departure->addr;
    if (departure->was_last && route->index == addr->index)
        return true;
    return route->has & ROUTE_HAS_PREFSRC && memcmp(route->prefsrc, addr->addr, sizeof route->prefsrc) == 0;
}

static bool has_addr(const struct keyed *addrs, const struct getifs_addr *like)
{
    for (size_t at = 0; at < addrs->table.count; at++) {
        const struct getifs_addr *addr = table_row(&addrs->table, at);
        if (keyed_has(addrs, at) && addr->family == like->family && addr->index == like->index)
            return true;
    }
    return false;
}

/*
 * With an IPv4 address go the routes that prefer it as source, and with the last one of an interface all of its routes.
 * IPv6 routes lose their preferred source, and with the last address hops become unusable.
 */
void suspect_addr(struct getifs_mirror *m, const struct getifs_addr *gone)
{
    struct departure departure = {gone, !has_addr(&m->parts[PART_ADDRS].rows, gone)};
    suspect(m, gone->family == AF_INET6 ? PART_ROUTES6 : PART_ROUTES4, route_needs_addr, &departure);
}

static bool route_has_object(const void *row, const void *context)
{
    (void)context;
    return ((const struct getifs_route *)row)->has & ROUTE_HAS_NEXTHOP;
}

static bool nexthop_is_group(const void *row, const void *context)
{
    (void)context;
    return ((const struct getifs_nexthop *)row)->members_len != 0;
}

/* Routes and groups over a next-hop object change with it. */
void suspect_nexthop(struct getifs_mirror *m)
{
    suspect(m, PART_NEXTHOPS, nexthop_is_group, NULL);
    suspect(m, PART_ROUTES4, route_has_object, NULL);
    suspect(m, PART_ROUTES6, route_has_object, NULL);
}

static bool any_row(const void *row, const void *context)
{
    (void)row;
    (void)context;
    return true;
}

static bool route_lacks_carrier(const void *row, const void *context)
{
    (void)context;
    return ((const struct getifs_route *)row)->flags & RTNH_F_LINKDOWN;
}

void suspect_setting(struct getifs_mirror *m, unsigned type, const uint8_t *payload, size_t len)
{
    struct ifinfomsg info;
    if (type == RTM_NEWLINK && len >= sizeof info && payload[0] == AF_INET6) {
        /* IPv6 begins on an interface. Its first address is announced only after duplicate address detection. */
        memcpy(&info, payload, sizeof info);
        suspect(m, PART_ADDRS, any_row, NULL);
        suspect(m, PART_ROUTES6, route_leaves_through, &info.ifi_index);
    }
    if (type == RTM_NEWNETCONF && len) /* perhaps ignore_routes_with_linkdown, which changes flags of routes */
        suspect(m, payload[0] == AF_INET6 ? PART_ROUTES6 : PART_ROUTES4, route_lacks_carrier, NULL);
}
