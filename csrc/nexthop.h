/* Next-hop objects: RTM_GETNEXTHOP (Linux 5.3). */
#ifndef GETIFS_NEXTHOP_H
#define GETIFS_NEXTHOP_H
#include "request.h"
#include "table.h"

/* Always of every family: a family filter hides the groups. */
void nexthop_request(struct request *request);
/* An object with broken attributes is kept, with GETIFS_HAS_BROKEN: it is known, and unusable. */
int nexthop_parse(struct table *table, const uint8_t *payload, size_t len);
/* The members of a group: pairs of id and weight. */
static inline size_t nexthop_member_count(const struct getifs_nexthop *hop)
{
    return hop->text_len / (2 * sizeof(uint32_t));
}
/* Drops the broken ones, counted. */
void nexthop_drop_broken(struct table *table);

#endif
