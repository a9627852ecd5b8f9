/* The system calls on netlink sockets, and the clock. Results as in outcome.h. */
#ifndef GETIFS_SOCKET_H
#define GETIFS_SOCKET_H
#include "netns.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SOCKET_ROOM = 32768, /* the largest datagram of a dump, unless a single row is larger */
    SOCKET_FIRST =
        7872  /* the largest that the kernel allocates before the first receive: 8 KiB with struct skb_shared_info */
};

struct getifs_socket {
    int fd; /* -1: closed */
    struct getifs_netns *netns; /* in which it is opened; NULL: in that of the calling thread */
    int protocol; /* NETLINK_ROUTE, which is 0, or NETLINK_GENERIC */
    enum { STRICT_UNKNOWN, STRICT_ON, STRICT_REFUSED } strict; /* NETLINK_GET_STRICT_CHK */
    size_t largest; /* receive so far: the kernel allocates as much for the following datagrams */
    bool explains;  /* NETLINK_EXT_ACK was requested */
    bool in_flight; /* an answer was not read to its end: the next request needs a new descriptor */
    uint32_t port;  /* 0: not known yet */
    uint32_t sequence;
    unsigned interruptions; /* EINTR of send() and recv() in a row */
    unsigned char *buffer;
    size_t room;
    size_t limit;    /* size of the next receives; 0: `room` */
    size_t smallest; /* receive since it was reset, or since the socket was opened */
    uint64_t joined; /* multicast groups, one bit for each number */
    struct getifs_socket *next, **link; /* the list of open sockets */
};

void socket_init(struct getifs_socket *socket, struct getifs_netns *netns);
/* Opens the socket unless it is open and its last answer was read to its end. */
int socket_open(struct getifs_socket *socket);
/* Asks the kernel of an open socket to filter dumps, once. False if it does not support that. */
bool socket_filters(struct getifs_socket *socket);
/* Asks for the kernel's texts about errors. True if they will come from now on, and did not before. */
bool socket_explain(struct getifs_socket *socket);
/* Opens a socket for ioctl(), unless it is open. */
int socket_open_control(struct getifs_socket *socket);
void socket_close(struct getifs_socket *socket);
/* Closes the socket and frees the buffer. */
void socket_free(struct getifs_socket *socket);
/* Joins a multicast group, unless it has joined it before. False if the kernel refuses. */
bool socket_join(struct getifs_socket *socket, unsigned group);
/* Leaves all groups. Notifications that were received before stay in the queue. */
void socket_leave(struct getifs_socket *socket);
int socket_send(struct getifs_socket *socket, const void *request, size_t size);
/* Receives one datagram into socket->buffer and returns its size. 0: the kernel did not send it to this socket or to a
   group that it has joined. OUTCOME_NO_DATAGRAM. OUTCOME_RESTART: it was larger than the receive, and is lost; the buffer
   has grown. */
ptrdiff_t socket_receive(struct getifs_socket *socket);
/* Waits for a datagram. OUTCOME_TIMED_OUT; OUTCOME_PAUSED when a signal arrived. */
int socket_wait(struct getifs_socket *socket, int64_t milliseconds);
/* Opens the socket and joins multicast groups; those that the kernel does not know are left out. Notifications of up
   to `receive_buffer` bytes are queued, if the process may have that much. */
int socket_subscribe(struct getifs_socket *socket, const unsigned *groups, size_t count, int receive_buffer);
/* Sends a request whose acknowledgement makes the socket readable. */
int socket_wake(struct getifs_socket *socket);
/* The number of forks between the first process and this one. */
unsigned socket_generation(void);
int64_t clock_milliseconds(void);

#endif
