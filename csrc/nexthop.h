/* Tables of next-hop objects, as routes use them. */
#ifndef GETIFS_NEXTHOP_H
#define GETIFS_NEXTHOP_H
#include "object.h"

/* Drops objects with malformed attributes, and counts them. Routes need them: they are known, but unusable. */
void nexthop_drop_broken(struct table *nexthops);
void nexthop_sort(struct table *nexthops);
/* In a sorted table; NULL: no such object. */
const struct getifs_nexthop *nexthop_find(const struct table *nexthops, uint32_t id);
/* The members of a group: pairs of id and weight. */
static inline size_t nexthop_member_count(const struct getifs_nexthop *nexthop)
{
    return nexthop->members_len / (2 * sizeof(uint32_t));
}

#endif
