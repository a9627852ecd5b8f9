/* What a query keeps of the messages it is given, and what is made of that. No I/O: live answers and recorded ones meet here. */
#ifndef GETIFS_QUERY_H
#define GETIFS_QUERY_H
#include "nexthop.h"
#include "route.h"

enum query_object { OBJECT_LINKS, OBJECT_LINK, OBJECT_ADDRS, OBJECT_MULTICAST, OBJECT_ROUTES, OBJECT_NEXTHOPS };

struct query_request {
    uint32_t query;
    uint32_t options;
    uint32_t family;
    uint32_t index;
    uint32_t table;
    const char *name;
    size_t name_len;
    const struct getifs_filter *filter; /* NULL: everything */
};

struct query {
    struct query_request request;
    struct table links, addrs, groups, routes, gateways, nexthops;
    struct route_rules rules;
    struct attr_set set; /* of the last message */
    size_t unique_gateways; /* how many there were when they last were made unique */
    uint32_t index;  /* the one interface that is asked for, or 0 */
    enum query_object object; /* what the messages that come are about */
    unsigned family; /* AF_UNSPEC: either */
};

void query_begin(struct query *query, struct query_request request);
void query_end(struct query *query);
/* A message_taker. */
int query_take(void *query, unsigned type, const uint8_t *payload, size_t len);
/* After routes and next-hop objects. -EAGAIN: an object is not there, the dumps saw different moments. */
int query_resolve(struct query *query, bool skip_missing);
/* After addresses and links. -EAGAIN likewise. */
int query_finish(struct query *query);
void query_answer(struct query *query, struct getifs_answer *answer);
/* What `r` (0, a kernel's errno, or a negative one of ours) means to Python, with its message. */
int answer_status(struct getifs_answer *answer, int r, enum query_object object);

#endif
