/*
 * State that is kept by notifications. A notification is applied where it says everything. Where it may not, the
 * object is dumped again, and the difference becomes the changes.
 *
 *     notifications → follow.c → parts ─ changes → events
 *     dump → base → notifications since its request → difference to the part → events; base becomes the part
 */
#ifndef GETIFS_MIRROR_H
#define GETIFS_MIRROR_H
#include "difference.h"
#include "socket.h"
#include <pthread.h>

enum part_number {
    PART_LINKS,
    PART_ADDRS,
    PART_NEXTHOPS,
    PART_ROUTES4,
    PART_ROUTES6,
    PART_NEIGHBOURS,
    PART_RULES,
    PART_COUNT
};

/* The rows of one object; routes have a part for each family. */
struct part {
    const struct followed *what;
    struct keyed rows;
    struct dump dump;     /* parses notifications */
    struct route_rules rules;
    struct table said;    /* the rows of one notification */
    unsigned family;
    uint32_t event_object;
    bool mirrored, shown; /* shown: changes become events */
    bool dirty;           /* must be dumped again */
    bool tried;           /* was dumped during this call */
};

struct getifs_mirror {
    pthread_mutex_t lock;
    unsigned generation; /* of the process that opened it */
    struct getifs_socket socket;
    unsigned inside;     /* threads that rely on the descriptor */
    bool closed, woken;
    unsigned drains;     /* of a queue that did not become empty */
    unsigned family;     /* AF_UNSPEC: both */
    int32_t timeout_ms, receive_buffer;
    bool all_routes, initial;
    bool filled;         /* every part was dumped */
    struct part parts[PART_COUNT];
    uint32_t *group;     /* positions of rows with the same key */
    size_t group_room;
    struct table events;
    struct resync {
        struct part *part; /* that is dumped; NULL: none */
        enum { RESYNC_BARRIER, RESYNC_DUMP, RESYNC_INDEX, RESYNC_COMPARE } phase;
        struct getifs_client *client; /* its socket stays open, in the namespace where the mirror was opened */
        struct keyed base;
        struct table log; /* the notifications since the request, in the side bytes */
        bool is_cut;      /* some are not in the log */
        struct difference difference;
    } resync;
};

/* A notification, and the rows that it changes: those of the part, or the base of a dump. */
struct notification {
    struct getifs_mirror *mirror;
    struct part *part;
    struct keyed *rows;
    bool is_new;
    unsigned flags; /* NLM_F_REPLACE … */
};

/* follow.c: what notifications mean. */
extern const struct followed link_followed, addr_followed, nexthop_followed, route_followed, neighbour_followed,
    rule_followed;
/* The part that a notification is about; NULL: it is about none. */
struct part *part_of(struct getifs_mirror *mirror, unsigned type, const uint8_t *payload, size_t len, bool *is_new);
/* Applies it. 0 or a negative errno. */
int follow(const struct notification *notification, const uint8_t *payload, size_t len);
/* follow_route.c */
int follow_routes(const struct notification *notification);

/* suspect.c: parts that may have changed in silence become dirty. A row of NULL does not exist, or is not known. */
void suspect_link(struct getifs_mirror *mirror, const struct getifs_link *now, const struct getifs_link *before);
void suspect_addr(struct getifs_mirror *mirror, const struct getifs_addr *gone);
void suspect_nexthop(struct getifs_mirror *mirror);
/* Notifications about IPv6 on an interface and about settings. */
void suspect_setting(struct getifs_mirror *mirror, unsigned type, const uint8_t *payload, size_t len);

/* events.c: adds an event. */
int append_event(struct table *events, const struct followed *what, uint32_t object, struct record row, struct record old);
/* The same, if the part is shown and either row is visible. */
int emit(struct getifs_mirror *mirror, const struct part *part, struct record row, struct record old);
/* Changes rows, with an event unless they are the base of a dump. */
int change_add(const struct notification *notification, struct record row);
int change_set(const struct notification *notification, size_t at, struct record row);
int change_remove(const struct notification *notification, size_t at);

/* resync.c: dumps what is dirty, each part at most once. A status; GETIFS_PAUSED: call again. */
int resync(struct getifs_mirror *mirror, struct getifs_client *client);
void resync_log(struct getifs_mirror *mirror, unsigned type, unsigned flags, const uint8_t *payload, size_t len);
/* The rows of the part must not change now. */
bool resync_is_comparing(const struct getifs_mirror *mirror);
void resync_end(struct getifs_mirror *mirror);

/* mirror.c: getifs_query() of a client with a mirror. */
int mirror_answer(struct getifs_client *client, const struct getifs_request *request, const struct getifs_filter *filter);
/* mirror_query.c */
int mirror_query(struct getifs_mirror *mirror, struct getifs_client *client, const struct getifs_request *request,
                 const struct getifs_filter *filter);
bool route_is_kept(const struct route_rules *rules, const struct getifs_route *route);
bool neighbour_is_kept(const struct getifs_neighbour *neighbour);

#endif
