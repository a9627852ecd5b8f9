/*
 * What the engine knows about a kind of kernel object: its messages, its records, its parser, and which
 * refusals of the kernel mean that there is none. Objects know nothing of sockets, nor of each other.
 */
#ifndef GETIFS_OBJECT_H
#define GETIFS_OBJECT_H
#include "message.h"
#include "outcome.h"
#include "table.h"
#include <errno.h>

struct dump;
struct getifs_socket;

/* What proves that no row was lost between two datagrams of a dump: see evidence.h. */
enum evidence_kind {
    EVIDENCE_FLAG,  /* NLM_F_DUMP_INTR: each change happens under the lock of the dump */
    EVIDENCE_LATE,  /* notifications, which follow the change at some time before the RTNL is released */
    EVIDENCE_EXACT  /* notifications that are sent together with the change */
};

struct object {
    const char *name;     /* of the request, for messages */
    uint16_t new_type;    /* of the messages that make a row */
    uint16_t other_type;  /* a second such type, or 0 */
    uint16_t del_type;    /* of the messages that announce that a row is gone */
    uint8_t evidence;     /* enum evidence_kind */
    uint8_t groups[2];    /* RTNLGRP_* that announce changes of IPv4 and of IPv6 rows; unused with EVIDENCE_FLAG */
    uint16_t header_size; /* of the message's own header, before the attributes */
    uint16_t row_size;
    bool short_rows;      /* no message is longer than a few hundred bytes */
    const struct identity *identity;
    /* With the side bytes: tells apart what the kernel tells apart; NULL: `identity` does. */
    const struct identity *distinct;
    /* Rows that are equal in it are one row that the kernel repeats; NULL: `identity`. */
    const struct identity *repeated;
    /* Drops repeated rows; NULL if the kernel never repeats one. */
    int (*make_unique)(struct table *table, const struct identity *identity, struct unique *progress);
    void (*request)(struct request *request, const struct dump *dump);
    /* Makes the row of one message. `len` is at least header_size. 0, OUTCOME_MALFORMED or a negative errno. */
    int (*parse)(struct dump *dump, const uint8_t *payload, size_t len);
    /* The meaning of the kernel's refusal: 0 if it means that there are no rows, or an errno. */
    int (*refusal)(const struct dump *dump, int error);
    /* Finds the rows elsewhere if the kernel refuses or does not support the request, with this errno. The result is that
       of the request; the message explains a failure. */
    int (*fallback)(struct dump *dump, int error, char *message, size_t message_size);
};

enum object_number {
    OBJECT_LINK,
    OBJECT_ADDR,
    OBJECT_GROUP,
    OBJECT_ROUTE,
    OBJECT_NEXTHOP,
    OBJECT_GATEWAY,
    OBJECT_NEIGHBOUR,
    OBJECT_RULE,
    OBJECT_COUNT
};

extern const struct object link_object, addr_object, group_object, route_object, nexthop_object, gateway_object,
    neighbour_object, rule_object;

/* Which routes are kept. */
struct route_rules {
    bool every;       /* all types, tables, sources and TOS; otherwise B31 */
    bool unusable;    /* unusable hops too */
    bool resolvable;  /* only routes whose hop can be used: for gateways and default routes */
    bool defaults;    /* default routes only */
    bool one_table;   /* `table` instead of the tables local, main and default */
    uint32_t table;
    bool pending;     /* set when a row is kept whose next-hop object is not resolved yet */
};

/* One request of an object, and where its rows go. */
struct dump {
    const struct object *object;
    struct table *table;
    struct route_rules *rules; /* of routes */
    unsigned family;           /* AF_UNSPEC: both */
    uint32_t index;            /* of one interface; 0: all */
    const char *name;          /* of a single link, unless `index` is given; of a route: struct getifs_lookup */
    size_t name_len;
    bool single;               /* one link or route, without a dump */
    bool stats;                /* keep the counters of links */
    bool details;              /* keep what the kind of a link says about it */
    bool all;                  /* keep neighbours that are not the result of resolution */
    bool proxies;              /* request proxy entries of neighbours, and no others */
    struct getifs_socket *control; /* for ioctl(); opened when it is used */
    int refused;               /* the errno with which RTM_GETLINK was refused, or 0 */
    struct attr_set set;       /* of the message before */
};

/* A refusal that means that the kernel, or this namespace, lacks a family or an object. */
static inline bool is_unsupported(int error)
{
    return error == EOPNOTSUPP || error == EPROTONOSUPPORT || error == EAFNOSUPPORT;
}

/* The `refusal` of most objects. */
static inline int unsupported_is_empty(const struct dump *dump, int error)
{
    (void)dump;
    return is_unsupported(error) ? 0 : error;
}

#endif
