/* One request and its whole answer: sent, awaited and read, in as many calls as signals interrupt it. */
#ifndef GETIFS_EXCHANGE_H
#define GETIFS_EXCHANGE_H
#include "message.h"
#include "request.h"
#include "socket.h"

struct exchange {
    struct request request;
    bool filters;       /* the kernel may filter */
    struct message_reader reader;
    bool sent;
    bool cold;          /* nothing had been received through this socket before */
    int64_t quiet_until; /* the longest silence ends here */
};

/* What is to be asked stands in `request`; what takes the messages, and where texts go, in the rest. */
void exchange_begin(struct exchange *exchange, bool single, bool filters, message_taker *take, void *context, char *text, size_t room);
/*
 * 0: the answer is complete. Positive: the kernel's errno. Negative: -EINTR: a signal came, call again;
 * -EAGAIN: what was taken must be thrown away and asked again; -EBADMSG: it makes no sense; else an errno.
 */
int exchange_continue(struct exchange *exchange, struct getifs_socket *socket, int64_t silence, int64_t deadline);

#endif
