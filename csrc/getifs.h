/*
 * The interface between the C core and Python: the functions that Python calls, and what they take. The records that they
 * fill are in records.h.
 *
 * The compiler and cffi read this same file (cffi: every line that does not start with '#'), so it contains plain
 * declarations only.
 */
#ifndef GETIFS_H
#define GETIFS_H
#include "records.h"
#include <stddef.h>

/* What records.h declares, in texts that build_ffi.py writes: "NAME value NAME value", and for each record a line
   "name member format member format" with formats of Python's `struct`. */
extern const char getifs_constants[], getifs_records[];

struct getifs_filter {
    const struct getifs_test *tests;
    size_t test_count;
    const struct getifs_glob *globs;
};

struct getifs_rows {
    const void *rows;
    size_t row_size, count;
    const char *extra;
    size_t extra_len;
};

/* Writes the positions of the accepted records to `out` (room for `count`) and returns their number. */
size_t getifs_select(const struct getifs_filter *filter, const struct getifs_rows *rows, uint32_t *out);

/* If `rows` is NULL, the rows and then the side bytes are in the client's `few`. */
struct getifs_block {
    size_t count;
    size_t extra_len;
    size_t malformed; /* rows of the kernel that were dropped because they are malformed */
    unsigned char *rows;
    char *extra;
};

struct getifs_blocks {
    struct getifs_block block;
    struct getifs_block more; /* of a query with two kinds of rows */
};

/* State that is kept by notifications: see mirror.h. */
struct getifs_mirror;

/* A network namespace. Python allocates it zeroed, and keeps it longer than what points to it. */
struct getifs_netns {
    int fd;
    uint32_t users;   /* of the descriptor: clients that may open sockets, and Python while `is_open` */
    uint32_t is_open; /* between getifs_netns_open() and getifs_netns_close() */
};

/* A netlink socket, what is under way on it, and its latest answer. Python allocates it zeroed, uses it for
   one query at a time, and releases it with getifs_close(). */
struct getifs_client {
    struct getifs_blocks blocks;
    struct getifs_run *run; /* NULL before the first query and after getifs_close() */
    struct getifs_mirror *mirror; /* queries are answered from this; NULL: by the kernel. Not owned. */
    struct getifs_netns *netns; /* the namespace of its sockets; NULL: that of the thread that opens them. Not owned. */
    int error;
    char message[236];
    unsigned char few[4096]; /* small answers: cheaper to read than through pointers */
};

/* Runs one query. `request` is a struct getifs_request; a `filter` of NULL accepts every row. After any status
   but GETIFS_PAUSED the query has ended; with GETIFS_KEEP_OPEN the socket stays open for the next one. */
int getifs_query(struct getifs_client *client, const void *request, const struct getifs_filter *filter);
/* Parses recorded messages in the same way; no system call. */
int getifs_replay(struct getifs_client *client, const void *request, const void *data, size_t size, const void *nexthops,
                  size_t nexthops_size);
/* Parses the groups in the text of /proc/net/igmp (family 4) or igmp6, as a machine of that byte order wrote it. */
int getifs_read_igmp(struct getifs_client *client, int family, int big_endian, const char *text, size_t size);
/* Transfers ownership of the blocks; release them with getifs_free(). */
void getifs_take(struct getifs_client *client, struct getifs_blocks *blocks);
void getifs_free(struct getifs_blocks *blocks);
/* Opens the namespace at `path`, or of a copy of the descriptor `fd` if that is NULL, and joins it once to see whether
   that is possible. 0 or the errno. */
int getifs_netns_open(struct getifs_netns *netns, const char *path, int fd);
/* Closes the descriptor when the queries under way have ended. */
void getifs_netns_close(struct getifs_netns *netns);
/*
 * Mirrors. All functions but getifs_mirror_new() and getifs_mirror_free() can be called by several threads at the same
 * time, each with a client of its own, whose `mirror` is set.
 */
/* `follow`: GETIFS_FOLLOW_*. `receive_buffer`: bytes of notifications that the kernel queues. `netns`: as of a client,
   open until getifs_mirror_close(). NULL: no memory. */
struct getifs_mirror *getifs_mirror_new(uint32_t follow, uint32_t family, int32_t timeout_ms, int32_t receive_buffer,
                                        struct getifs_netns *netns);
void getifs_mirror_free(struct getifs_mirror *mirror);
/* Reads the notifications at hand, and dumps again where they do not tell everything. Never waits for a notification.
   GETIFS_OK: the events are in the client. GETIFS_INTERRUPTED: no events; a dump has to be repeated. */
int getifs_mirror_read(struct getifs_client *client);
/* Waits until getifs_mirror_read() has something to do or the mirror is closed; below 0: without a time limit.
   GETIFS_OK, GETIFS_TIMED_OUT; GETIFS_PAUSED when a signal arrived. */
int getifs_mirror_wait(struct getifs_client *client, int32_t milliseconds);
/* Makes the descriptor readable until the next getifs_mirror_read(). */
void getifs_mirror_wake(struct getifs_mirror *mirror);
/* Between these the descriptor of the mirror stays open; -1: it is closed, and there is nothing to leave. */
int getifs_mirror_enter(struct getifs_mirror *mirror);
void getifs_mirror_leave(struct getifs_mirror *mirror);
/* Wakes all that wait. The descriptor is closed when the last one has left. */
void getifs_mirror_close(struct getifs_mirror *mirror);
/* The changes that lead from one table of rows of an enum getifs_event_object to another one, as events like those of
   a mirror. GETIFS_MALFORMED: side bytes of a row are outside of the table. */
int getifs_difference(struct getifs_client *client, uint32_t object, const struct getifs_rows *old,
                      const struct getifs_rows *now);
/* Of a table of routes, the rows that GETIFS_DEFAULT_ROUTES would give. */
int getifs_best_routes(struct getifs_client *client, const struct getifs_rows *routes);
/* Abandons a query that is under way, closes the socket and frees what the client holds. It can be used again. */
void getifs_close(struct getifs_client *client);

#endif
