/* Tables of routes: what the parser and the post-processing of complete dumps share. */
#ifndef GETIFS_ROUTE_H
#define GETIFS_ROUTE_H
#include "object.h"

/* The bits of rtm_flags, rtnh_flags and nh_flags that describe a hop. */
enum { ROUTE_HOP_FLAGS = 0xff, ROUTE_HOP_UNUSABLE = RTNH_F_DEAD | RTNH_F_LINKDOWN | RTNH_F_UNRESOLVED };

/* route_get.c: the request for the route to one destination. */
void route_lookup_request(struct request *request, const struct dump *dump);

/* Input and progress of route_resolve(): zeroed but for the input before the first call. */
struct route_resolution {
    const struct route_rules *rules;
    struct table *nexthops;
    bool skip_missing; /* leave out routes whose object does not exist, and members of groups that do not */
    struct table out;
    size_t at;
};

/* Replaces each route that has a pending next-hop object by one row for each usable hop. OUTCOME_RESTART if an object
   does not exist. Large tables take several calls: OUTCOME_PAUSED. */
int route_resolve(struct table *routes, struct route_resolution *progress);
void route_resolution_end(struct route_resolution *progress);
/* Keeps the best default routes of each family: lowest table rank, then metric, then router preference. */
void route_keep_best(struct table *routes);
/* Moves the gateways of the routes from position `from` on to a table of ifaddrs. Pending routes stay. */
int route_take_gateways(struct table *routes, size_t from, struct table *gateways);

#endif
