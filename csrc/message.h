/*
 * Netlink messages: the only loop over them, and requests. No I/O.
 *
 *     |<-- nlmsg_len ------------------------------------------->|
 *     +-------------+--------+---------+-------+-------+---------+~~~~~~~~~+
 *     | nlmsg_len 4 | type 2 | flags 2 | seq 4 | pid 4 | payload | padding |   next at the next multiple of 4
 *     +-------------+--------+---------+-------+-------+---------+~~~~~~~~~+
 */
#ifndef GETIFS_MESSAGE_H
#define GETIFS_MESSAGE_H
#include "attr.h"

/* Receives the payload of each message. Returns 0 or an outcome: OUTCOME_MALFORMED if the payload is too short. */
typedef int message_handler(void *context, unsigned type, const uint8_t *payload, size_t len);
/* Receives the payload of each message that is not part of the answer: notifications. Returns 0 or a negative errno. */
typedef message_handler message_noticer;

struct message_reader {
    message_handler *handle;
    void *context;
    message_noticer *notice; /* NULL: notifications are skipped */
    void *notice_context;
    bool recorded;    /* messages of any port and sequence; DONE does not end them; requests are skipped */
    bool notified;    /* likewise, but all count: some notifications have the flags of the request that caused them */
    bool single;      /* not a dump: the first message ends the answer */
    uint32_t port;    /* 0: not known before the first answer */
    uint32_t sequence;
    uint16_t flags;   /* of the message that is handled */
    bool done;
    bool interrupted; /* NLM_F_DUMP_INTR, which the kernel sets on any message of a dump */
    int error;        /* the kernel's errno, positive, or 0 */
    size_t handled;
    size_t largest;   /* payload that was handled */
    const uint8_t *last; /* payload that was handled, in the datagram that was read last */
    char *text;       /* buffer for the kernel's extended acknowledgement */
    size_t text_size;
};

/* Reads one datagram. 0, OUTCOME_MALFORMED, or what the handler returned. */
int messages_read(struct message_reader *reader, const void *data, size_t size);

struct request {
    struct nlmsghdr head;
    uint8_t body[240];
};

void request_begin(struct request *request, unsigned type, unsigned flags, const void *header, size_t size);
/* The largest attribute is a name of 127 bytes: there is always room. */
void request_attr(struct request *request, unsigned type, const void *data, size_t size);

#endif
