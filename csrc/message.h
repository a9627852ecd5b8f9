/*
 * Netlink messages: the only loop over them. No I/O.
 *
 *     |<-- nlmsg_len ------------------------------------------->|
 *     +-------------+--------+---------+-------+-------+---------+~~~~~~~~~+
 *     | nlmsg_len 4 | type 2 | flags 2 | seq 4 | pid 4 | payload | padding |   next at the next multiple of 4
 *     +-------------+--------+---------+-------+-------+---------+~~~~~~~~~+
 */
#ifndef GETIFS_MESSAGE_H
#define GETIFS_MESSAGE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Takes the payload of one message. 0, or a negative errno: -EBADMSG where it makes no sense. */
typedef int message_taker(void *context, unsigned type, const uint8_t *payload, size_t len);

struct message_reader {
    message_taker *take;
    void *context;
    bool recorded;    /* any port and sequence; DONE is no end */
    bool single;      /* no dump: the first message that is taken ends it */
    uint32_t port;
    uint32_t sequence;
    bool done;
    bool interrupted; /* NLM_F_DUMP_INTR, which the kernel sets on any message of a dump */
    int error;        /* the kernel's errno, positive, or 0 */
    size_t taken;
    char *text;       /* the kernel's extended acknowledgement, with its room */
    size_t text_room;
};

/* Reads one datagram. 0, or a negative errno from framing or from the taker. */
int messages_read(struct message_reader *reader, const void *data, size_t size);

#endif
