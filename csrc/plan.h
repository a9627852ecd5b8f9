/*
 * Queries without their I/O: the dumps that a query consists of, what it keeps of each message, and the
 * post-processing. Live answers (query.c) and recorded ones (replay.c) share it.
 */
#ifndef GETIFS_PLAN_H
#define GETIFS_PLAN_H
#include "route.h"

struct query;

enum {
    STEP_PER_FAMILY = 1, /* one dump for IPv4, then one for IPv6 */
    STEP_SINGLE = 2,     /* one link or route, without a dump */
    STEP_PROXIES = 4,    /* proxy entries of neighbours */
    STEP_OPTIONAL = 8,   /* an interface that does not exist (ENODEV) gives no rows, and is no error */
    STEP_FALLBACK = 16   /* where RTM_GETLINK is refused: all addresses; links by ioctl, which takes the addresses away */
};
struct step {
    enum object_number object;
    unsigned flags;
    bool (*is_needed)(struct query *query); /* called when the step's turn comes; NULL: always */
    int (*done)(struct query *query);       /* called after the step, also if it was not needed */
};

struct plan {
    enum object_number rows; /* of the answer */
    bool has_more;           /* addrs, too */
    struct route_rules rules;
    struct step steps[4];
    size_t step_count;
    int (*after_message)(struct query *query);
    int (*finish)(struct query *query);
};

struct query {
    struct getifs_request request;
    const struct plan *plan;
    const struct getifs_filter *filter; /* NULL: accepts everything */
    struct table tables[OBJECT_COUNT];
    struct route_rules rules;
    uint32_t index;       /* of the interface that the next step is about; 0: all */
    bool kernel_filters;  /* dumps of one interface's rows fail with ENODEV if it does not exist */
    size_t routes_seen;   /* pending routes, whose gateway is not known yet */
    size_t gateways_seen; /* rows of the table of gateways when it was last made unique */
    struct route_resolution resolution;
    struct unique unique; /* of the object that is made unique */
    unsigned unique_count; /* objects that were made unique */
    struct mark {
        size_t count, extra_len, malformed;
    } marks[OBJECT_COUNT]; /* the tables before the dump */
    bool was_pending;
    struct dump dump;
};

/* NULL: there is no such query. */
const struct plan *plan_of(uint32_t query_number);
void query_begin(struct query *query, const struct plan *plan, const struct getifs_request *request,
                 const struct getifs_filter *filter);
void query_end(struct query *query);
/* Sets query->dump to the dump of a step. */
void query_begin_dump(struct query *query, const struct step *step, unsigned family);
/* Forgets what the dump has added. */
void query_undo_dump(struct query *query);
/* A message_handler. */
int query_message(void *query, unsigned type, const uint8_t *payload, size_t len);
/* Post-processing after the last step. OUTCOME_RESTART: the dumps saw different states. OUTCOME_PAUSED. */
int query_finish(struct query *query);
/* Gives the rows to the client. */
void query_answer(struct query *query, struct getifs_client *client);
/* The status of a result, with the client's error and message. */
int query_status(const struct query *query, struct getifs_client *client, int result);

#endif
