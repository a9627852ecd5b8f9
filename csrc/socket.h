/* The only system calls, but for memory's. Every function gives 0 (or a size) or a negative errno. */
#ifndef GETIFS_SOCKET_H
#define GETIFS_SOCKET_H
#include "getifs.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

enum { SOCKET_ROOM = 32768 }; /* the kernel never fills more by itself, but for one huge link */

struct getifs_socket {
    bool open;
    enum { STRICT_UNASKED, STRICT_ON, STRICT_REFUSED } strict; /* NETLINK_GET_STRICT_CHK */
    bool warm;      /* something was received: the kernel's next datagrams are as large as the buffer */
    bool in_flight; /* an answer has not been read to its end: the next request needs a new descriptor */
    int fd;
    uint32_t port;
    uint32_t sequence;
    pid_t pid; /* of a kept socket: who opened it */
    unsigned char *memory; /* with the buffer somewhere in it */
    unsigned char *buffer;
    size_t room; /* of the buffer */
    /* Of a kept socket. Threads and signal handlers share it without a lock that one of them could wait for. */
    atomic_int users; /* what refers to it: its owner, and the query that has it */
    atomic_bool taken;
    atomic_bool closed;
};

/* A socket that can take a request: the one that is open, or a new one. */
int socket_open(struct getifs_socket *socket);
/* Has an open socket's kernel filter what it dumps, if it can. */
bool socket_filters(struct getifs_socket *socket);
/* The descriptor and the buffer. */
void socket_close(struct getifs_socket *socket);
/* Takes a kept socket for one query: 1. 0: another query has it. -ESHUTDOWN: it was closed. */
int socket_take(struct getifs_socket *socket);
void socket_give_back(struct getifs_socket *socket);
int socket_send(struct getifs_socket *socket, const void *request, size_t size);
/* One datagram of the kernel's into socket->buffer. -EAGAIN: none is there. -EMSGSIZE: it was larger than the
   buffer, which has grown; the datagram is gone. 0: it came from another sender, and is gone. */
ptrdiff_t socket_receive(struct getifs_socket *socket);
/* Waits for a datagram. -ETIMEDOUT after that long; -EINTR when a signal came. */
int socket_wait(struct getifs_socket *socket, int64_t milliseconds);
int64_t clock_milliseconds(void);
/* The whole of a file in the calling thread's /proc/net, to be freed; NULL where there is no such file. */
int proc_net_read(const char *name, char **text, size_t *size);

#endif
