#define _GNU_SOURCE
#include "socket.h"
#include "compat.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static bool set_option(int fd, int option)
{
    int on = 1;
    return setsockopt(fd, SOL_NETLINK, option, &on, sizeof on) == 0;
}

int socket_open(struct getifs_socket *s)
{
    if (s->open && !s->in_flight && s->pid == (int32_t)getpid())
        return 0;
    socket_close(s); /* after a fork: this process's copy, the parent keeps its own */
    if (!s->buffer) {
        s->buffer = malloc(SOCKET_ROOM);
        if (!s->buffer)
            return -ENOMEM;
        s->room = SOCKET_ROOM;
    }
    s->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (s->fd < 0)
        return -errno;
    s->open = 1;
    s->pid = (int32_t)getpid();
    s->port = 0;
    s->warm = 0;
    s->in_flight = 0;
    s->strict = set_option(s->fd, NETLINK_GET_STRICT_CHK);
    set_option(s->fd, NETLINK_EXT_ACK);
    return 0;
}

void socket_close(struct getifs_socket *s)
{
    if (s->open)
        close(s->fd);
    s->open = 0;
}

void getifs_close(struct getifs_socket *s)
{
    socket_close(s);
    free(s->buffer);
    s->buffer = NULL;
}

int socket_send(struct getifs_socket *s, const void *request, size_t size)
{
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    ssize_t sent;
    s->in_flight = 1;
    do
        sent = sendto(s->fd, request, size, 0, (struct sockaddr *)&kernel, sizeof kernel);
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

static int grow(struct getifs_socket *s, size_t size)
{
    size_t room = (size + 4095) & ~(size_t)4095;
    if (room > UINT32_MAX)
        return -ENOMEM;
    unsigned char *buffer = realloc(s->buffer, room);
    if (!buffer)
        return -ENOMEM;
    s->buffer = buffer;
    s->room = (uint32_t)room;
    return -EMSGSIZE;
}

ptrdiff_t socket_receive(struct getifs_socket *s)
{
    struct sockaddr_nl sender = {0};
    struct iovec part = {s->buffer, s->room};
    struct msghdr head = {.msg_name = &sender, .msg_namelen = sizeof sender, .msg_iov = &part, .msg_iovlen = 1};
    ssize_t size;
    do
        size = recvmsg(s->fd, &head, MSG_DONTWAIT | MSG_TRUNC);
    while (size < 0 && errno == EINTR);
    if (size < 0)
        return errno == EWOULDBLOCK ? -EAGAIN : -errno;
    if (head.msg_namelen != sizeof sender || sender.nl_pid != 0)
        return 0;
    if (head.msg_flags & MSG_TRUNC)
        return grow(s, (size_t)size);
    s->warm = 1;
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

int file_read(const char *path, char **text, size_t *size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    char *data = NULL;
    size_t used = 0, room = 0;
    int r = 0;
    for (;;) {
        if (used == room) {
            char *more = realloc(data, room = room * 2 + 4096);
            if (!more) {
                r = -ENOMEM;
                break;
            }
            data = more;
        }
        ssize_t got = read(fd, data + used, room - used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            r = -errno;
        if (got <= 0)
            break;
        used += (size_t)got;
    }
    close(fd);
    if (r < 0) {
        free(data);
        return r;
    }
    *text = data;
    *size = used;
    return 0;
}
