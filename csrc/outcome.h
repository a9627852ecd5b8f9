/*
 * Results of the core's functions: 0 is success, a positive number is an errno that the kernel answered
 * with, -1 to -4095 the negated errno of a failed system call of this process. These are apart from both,
 * so that an EINTR or EAGAIN of a system call is never taken for one of them.
 */
#ifndef GETIFS_OUTCOME_H
#define GETIFS_OUTCOME_H

enum {
    OUTCOME_PAUSED = -10000, /* not finished: let the interpreter run, then go on */
    OUTCOME_RESTART,         /* the rows so far are inconsistent or incomplete: discard them and dump again */
    OUTCOME_INCOMPLETE,      /* no number of dumps gave a complete answer */
    OUTCOME_MALFORMED,       /* a message violates its framing */
    OUTCOME_TIMED_OUT,
    OUTCOME_NO_DATAGRAM      /* the receive queue is empty */
};

#endif
