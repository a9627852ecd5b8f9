/* Routes: RTM_GETROUTE. */
#ifndef GETIFS_ROUTE_H
#define GETIFS_ROUTE_H
#include "request.h"
#include "table.h"

enum route_purpose { ROUTE_TABLE, ROUTE_DEFAULTS, ROUTE_GATEWAYS };

/* Which rows are kept. */
struct route_rules {
    enum route_purpose purpose;
    bool all;       /* of ROUTE_TABLE: every type, table, source and TOS, and unusable hops */
    bool one_table; /* `table` instead of local, main and default */
    uint32_t table;
    bool pending;   /* set where a kept row waits for its next-hop object */
};

/* The bits of rtm_flags, rtnh_flags and nh_flags that speak of a hop. */
enum { ROUTE_HOP_FLAGS = 0xff, ROUTE_HOP_UNUSABLE = RTNH_F_DEAD | RTNH_F_LINKDOWN | RTNH_F_UNRESOLVED };

static inline bool route_takes_every(const struct route_rules *rules)
{
    return rules->all || rules->purpose == ROUTE_GATEWAYS;
}

/* Keeps the record that table_next gave; the filter is for the rows of a route table. */
static inline void route_keep(struct table *table, const struct route_rules *rules)
{
    if (rules->purpose == ROUTE_TABLE)
        table_keep(table);
    else
        table_keep_unfiltered(table);
}

void route_request(struct request *request, unsigned family, bool one_table, uint32_t table);
/* A family of AF_UNSPEC takes both; any other family than the one asked for is skipped. */
int route_parse(struct table *table, struct attr_set *set, struct route_rules *rules, unsigned family, const uint8_t *payload, size_t len);
/* Rows that wait for their object become one row for each usable hop. -ENOENT: an object is not there; the rows are
   as they were then, unless `skip_missing`. */
int route_resolve(struct table *routes, const struct route_rules *rules, struct table *nexthops, bool skip_missing);
/* Of default routes the best of each family stay: least table rank, then metric, then router preference. */
void route_keep_best(struct table *routes);
/* Adds the gateways of the rows behind `from` that wait for nothing to a table of ifaddrs, and keeps the others. */
int route_take_gateways(struct table *routes, size_t from, struct table *gateways);
/* Dumps of IPv6 routes repeat rows while the table changes; those of IPv4, which come first, never do. */
int route_make_unique(struct table *routes);

#endif
