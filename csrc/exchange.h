/* One request and its whole answer, in as many calls as it is paused. */
#ifndef GETIFS_EXCHANGE_H
#define GETIFS_EXCHANGE_H
#include "evidence.h"

struct exchange {
    struct request request;
    struct message_reader reader;
    struct evidence *evidence; /* NULL: none is needed */
    bool strict;         /* ask for strict checking: the kernel filters, or leaves out cached routes */
    bool sent;
    bool short_rows;     /* every row fits into the smallest datagram of a dump */
    bool cold;           /* the kernel's first datagram was smaller than those that follow can be */
    int64_t now;         /* at the last look at the clock, in ms */
    int64_t silence;     /* the longest wait for a datagram, in ms */
    int64_t quiet_until; /* when the current wait ends */
    int64_t deadline;    /* of the whole query */
};

/* 0: the answer was read to its end. A positive number: the kernel's errno. OUTCOME_PAUSED: call again.
   OUTCOME_RESTART or -ENOBUFS: discard the rows and dump again. */
int exchange_continue(struct exchange *exchange, struct getifs_socket *socket);

#endif
