/* The only system calls. Every function gives 0 (or a size) or a negative errno. */
#ifndef GETIFS_SOCKET_H
#define GETIFS_SOCKET_H
#include "getifs.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SOCKET_ROOM = 32768 }; /* the kernel never fills more by itself, but for one huge link */

/* A socket that can take a request: the one that is open, or a new one. */
int socket_open(struct getifs_socket *socket);
/* The buffer stays: getifs_close frees it. */
void socket_close(struct getifs_socket *socket);
int socket_send(struct getifs_socket *socket, const void *request, size_t size);
/* One datagram of the kernel's into socket->buffer. -EAGAIN: none is there. -EMSGSIZE: it was larger than the
   buffer, which has grown; the datagram is gone. 0: it came from another sender, and is gone. */
ptrdiff_t socket_receive(struct getifs_socket *socket);
/* Waits for a datagram. -ETIMEDOUT after that long; -EINTR when a signal came. */
int socket_wait(struct getifs_socket *socket, int64_t milliseconds);
int64_t clock_milliseconds(void);
/* The whole of a file of /proc, to be freed. */
int file_read(const char *path, char **text, size_t *size);

#endif
