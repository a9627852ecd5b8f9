#define _GNU_SOURCE
#include "socket.h"
#include "compat.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/*
 * Where the buffer lies in its page matters: the kernel copies from the start of a page, and to a place 16 bytes into
 * another one, which is where malloc's larger blocks begin, each load waits for the store before it (4 KB aliasing).
 */
static int make_room(struct getifs_socket *s, size_t room)
{
    enum { LINE = 64 };
    unsigned char *memory = malloc(room + LINE);
    if (!memory)
        return -ENOMEM;
    free(s->memory);
    s->memory = memory;
    s->buffer = memory + (LINE - (uintptr_t)memory % LINE);
    s->room = room;
    return 0;
}

static bool set_option(int fd, int option)
{
    int on = 1;
    return setsockopt(fd, SOL_NETLINK, option, &on, sizeof on) == 0;
}

int socket_open(struct getifs_socket *s)
{
    if (s->open && !s->in_flight && (!s->users || s->pid == getpid()))
        return 0;
    if (s->open)
        close(s->fd); /* after a fork: this process's copy, the parent keeps its own */
    s->open = false;
    if (!s->memory && make_room(s, SOCKET_ROOM) < 0)
        return -ENOMEM;
    s->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (s->fd < 0)
        return -errno;
    s->open = true;
    if (s->users)
        s->pid = getpid();
    s->port = 0;
    s->warm = false;
    s->in_flight = false;
    s->strict = STRICT_UNASKED;
    set_option(s->fd, NETLINK_EXT_ACK);
    return 0;
}

bool socket_filters(struct getifs_socket *s)
{
    if (s->strict == STRICT_UNASKED)
        s->strict = set_option(s->fd, NETLINK_GET_STRICT_CHK) ? STRICT_ON : STRICT_REFUSED;
    return s->strict == STRICT_ON;
}

void socket_close(struct getifs_socket *s)
{
    if (s->open)
        close(s->fd);
    s->open = false;
    free(s->memory);
    s->memory = NULL;
}

struct getifs_socket *getifs_socket_new(void)
{
    struct getifs_socket *s = calloc(1, sizeof *s);
    if (s)
        s->users = 1;
    return s;
}

int socket_take(struct getifs_socket *s)
{
    if (atomic_exchange(&s->taken, true))
        return s->closed ? -ESHUTDOWN : 0;
    if (s->closed) {
        s->taken = false;
        return -ESHUTDOWN;
    }
    s->users++;
    return 1;
}

void socket_give_back(struct getifs_socket *s)
{
    s->taken = false;
    if (s->closed)
        getifs_socket_close(s); /* it was closed meanwhile */
    getifs_socket_free(s);
}

void getifs_socket_close(struct getifs_socket *s)
{
    s->closed = true;
    if (atomic_exchange(&s->taken, true))
        return;
    socket_close(s);
    s->taken = false;
}

void getifs_socket_free(struct getifs_socket *s)
{
    if (!s || --s->users)
        return;
    socket_close(s);
    free(s);
}

int socket_send(struct getifs_socket *s, const void *request, size_t size)
{
    ssize_t sent;
    s->in_flight = true;
    do
        sent = send(s->fd, request, size, 0); /* a socket that is connected to nothing sends to the kernel */
    while (sent < 0 && errno == EINTR);
    if (sent < 0)
        return -errno;
    if (s->port)
        return 0;
    /* The kernel has bound the socket as it sent. */
    struct sockaddr_nl self;
    socklen_t len = sizeof self;
    if (getsockname(s->fd, (struct sockaddr *)&self, &len) < 0)
        return -errno;
    s->port = self.nl_pid;
    return 0;
}

ptrdiff_t socket_receive(struct getifs_socket *s)
{
    struct sockaddr_nl sender = {0};
    socklen_t len;
    ssize_t size;
    do {
        len = sizeof sender;
        /* MSG_TRUNC: the size that the datagram had, not what of it found room. */
        size = recvfrom(s->fd, s->buffer, s->room, MSG_DONTWAIT | MSG_TRUNC, (struct sockaddr *)&sender, &len);
    } while (size < 0 && errno == EINTR);
    if (size < 0)
        return errno == EWOULDBLOCK ? -EAGAIN : -errno;
    if (len != sizeof sender || sender.nl_pid != 0)
        return 0;
    if ((size_t)size > s->room)
        return make_room(s, (size_t)size) < 0 ? -ENOMEM : -EMSGSIZE;
    s->warm = true;
    return size;
}

int socket_wait(struct getifs_socket *s, int64_t milliseconds)
{
    struct pollfd one = {.fd = s->fd, .events = POLLIN};
    int r = poll(&one, 1, milliseconds > INT32_MAX ? INT32_MAX : (int)milliseconds);
    if (r < 0)
        return -errno;
    return r == 0 ? -ETIMEDOUT : 0;
}

int64_t clock_milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int read_whole(int fd, char **text, size_t *size)
{
    char *data = NULL;
    size_t used = 0, room = 0;
    for (;;) {
        if (used == room) {
            char *more = realloc(data, room = room * 2 + 4096);
            if (!more) {
                free(data);
                return -ENOMEM;
            }
            data = more;
        }
        ssize_t got = read(fd, data + used, room - used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            int r = -errno;
            free(data);
            return r;
        }
        if (got == 0)
            break;
        used += (size_t)got;
    }
    *text = data;
    *size = used;
    return 0;
}

int proc_net_read(const char *name, char **text, size_t *size)
{
    /* /proc/thread-self is of Linux 3.17, and /proc/net the network of the process's first thread. */
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%ld/net", syscall(SYS_gettid));
    int dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return -errno;
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
    int r = fd < 0 ? -errno : 0;
    close(dir);
    *text = NULL;
    *size = 0;
    if (r == -ENOENT)
        return 0;
    if (r < 0)
        return r;
    r = read_whole(fd, text, size);
    close(fd);
    return r;
}
