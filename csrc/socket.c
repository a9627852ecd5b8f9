#define _GNU_SOURCE
#include "socket.h"
#include "outcome.h"
#include "uapi.h"
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/*
 * Open sockets, for fork(): a child that used an inherited socket would take datagrams from its parent, and a
 * child of another thread could never close one that is in use. So each child closes all of them.
 */
static pthread_mutex_t open_lock = PTHREAD_MUTEX_INITIALIZER;
static struct getifs_socket *open_sockets;
static pthread_once_t fork_once = PTHREAD_ONCE_INIT;
static unsigned generation;

static void lock_before_fork(void)
{
    pthread_mutex_lock(&open_lock);
}

static void unlock_in_parent(void)
{
    pthread_mutex_unlock(&open_lock);
}

static void unlock_in_child(void)
{
    for (struct getifs_socket *s = open_sockets; s; s = s->next) {
        close(s->fd);
        s->fd = -1;
    }
    open_sockets = NULL;
    generation++;
    pthread_mutex_unlock(&open_lock);
}

static void register_fork_handlers(void)
{
    pthread_atfork(lock_before_fork, unlock_in_parent, unlock_in_child);
}

void socket_init(struct getifs_socket *s, struct getifs_netns *netns)
{
    *s = (struct getifs_socket){.fd = -1, .netns = netns};
}

static int make_room(struct getifs_socket *s, size_t room)
{
    unsigned char *buffer = malloc(room);
    if (!buffer)
        return -ENOMEM;
    free(s->buffer);
    s->buffer = buffer;
    s->room = room;
    return 0;
}

static bool set_option(int fd, int option)
{
    int on = 1;
    return setsockopt(fd, SOL_NETLINK, option, &on, sizeof on) == 0;
}

struct socket_kind {
    int domain, type, protocol;
};

/* A descriptor or a negative errno. */
static int create(void *context)
{
    const struct socket_kind *kind = context;
    int fd = socket(kind->domain, kind->type | SOCK_CLOEXEC, kind->protocol);
    return fd < 0 ? -errno : fd;
}

/* Every socket of a query comes from here. */
static int make_descriptor(struct getifs_socket *s, int domain, int type, int protocol)
{
    pthread_once(&fork_once, register_fork_handlers);
    pthread_mutex_lock(&open_lock);
    struct socket_kind kind = {domain, type, protocol};
    int r = netns_call(s->netns, create, &kind);
    if (r >= 0) {
        s->fd = r;
        s->next = open_sockets;
        s->link = &open_sockets;
        if (s->next)
            s->next->link = &s->next;
        open_sockets = s;
    }
    pthread_mutex_unlock(&open_lock);
    return r < 0 ? r : 0;
}

int socket_open(struct getifs_socket *s)
{
    if (s->fd >= 0 && !s->in_flight)
        return 0;
    socket_close(s);
    if (!s->buffer && make_room(s, SOCKET_ROOM) < 0)
        return -ENOMEM;
    int r = make_descriptor(s, AF_NETLINK, SOCK_RAW, s->protocol);
    if (r < 0)
        return r;
    s->strict = STRICT_UNKNOWN;
    s->in_flight = false;
    s->largest = 0;
    s->port = 0;
    s->explains = false;
    s->limit = 0;
    s->smallest = SIZE_MAX;
    s->joined = 0;
    return 0;
}

/* Android allows ioctl() on sockets of the Internet only, and some sandboxes only local ones. */
int socket_open_control(struct getifs_socket *s)
{
    int r = s->fd >= 0 ? 0 : make_descriptor(s, AF_INET, SOCK_DGRAM, 0);
    return r < 0 ? make_descriptor(s, AF_UNIX, SOCK_DGRAM, 0) : r;
}

bool socket_filters(struct getifs_socket *s)
{
    if (s->strict == STRICT_UNKNOWN)
        s->strict = set_option(s->fd, NETLINK_GET_STRICT_CHK) ? STRICT_ON : STRICT_REFUSED;
    return s->strict == STRICT_ON;
}

bool socket_explain(struct getifs_socket *s)
{
    bool is_new = !s->explains && set_option(s->fd, NETLINK_EXT_ACK);
    s->explains = true;
    return is_new;
}

bool socket_join(struct getifs_socket *s, unsigned group)
{
    int number = (int)group;
    uint64_t bit = (uint64_t)1 << group;
    if (s->joined & bit)
        return true;
    if (setsockopt(s->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &number, sizeof number) < 0)
        return false;
    s->joined |= bit;
    return true;
}

void socket_leave(struct getifs_socket *s)
{
    for (int number = 1; s->joined; number++) {
        uint64_t bit = (uint64_t)1 << number;
        if (s->joined & bit)
            setsockopt(s->fd, SOL_NETLINK, NETLINK_DROP_MEMBERSHIP, &number, sizeof number);
        s->joined &= ~bit;
    }
}

void socket_close(struct getifs_socket *s)
{
    pthread_mutex_lock(&open_lock);
    if (s->fd >= 0) {
        close(s->fd);
        s->fd = -1;
        *s->link = s->next;
        if (s->next)
            s->next->link = s->link;
    }
    pthread_mutex_unlock(&open_lock);
}

void socket_free(struct getifs_socket *s)
{
    socket_close(s);
    free(s->buffer);
    s->buffer = NULL;
}

/* The kernel does not interrupt these calls, but a tracer or a sandbox can. */
static int call_failed(struct getifs_socket *s)
{
    enum { MOST = 100 };
    return errno == EINTR && ++s->interruptions < MOST ? OUTCOME_PAUSED : -errno;
}

int socket_send(struct getifs_socket *s, const void *request, size_t size)
{
    /* A netlink socket that is not connected sends to the kernel. */
    if (send(s->fd, request, size, 0) < 0)
        return call_failed(s);
    s->in_flight = true;
    s->interruptions = 0;
    if (!s->joined || s->port)
        return 0;
    /* Among notifications the port tells our answers. The kernel has bound the socket on this first send. */
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
    socklen_t len = sizeof sender;
    /* With MSG_TRUNC the result is the size of the datagram, also where it is larger than the buffer. */
    size_t room = s->limit ? s->limit : s->room;
    ssize_t size = recvfrom(s->fd, s->buffer, room, MSG_DONTWAIT | MSG_TRUNC, (struct sockaddr *)&sender, &len);
    if (size < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK ? OUTCOME_NO_DATAGRAM : call_failed(s);
    s->interruptions = 0;
    if (room < s->smallest)
        s->smallest = room;
    if (room > s->largest)
        s->largest = room;
    /* The kernel's address. What it sends to this socket alone, and not to a group, answers a request of this socket. */
    if (len != sizeof sender || sender.nl_pid || (sender.nl_groups && !s->joined))
        return 0;
    if ((size_t)size > s->room && make_room(s, (size_t)size) < 0)
        return -ENOMEM;
    if ((size_t)size > room)
        s->limit = 0;
    return (size_t)size > room ? OUTCOME_RESTART : size;
}

int socket_wait(struct getifs_socket *s, int64_t milliseconds)
{
    struct pollfd one = {.fd = s->fd, .events = POLLIN};
    int r = poll(&one, 1, milliseconds > INT32_MAX ? INT32_MAX : (int)milliseconds);
    if (r < 0)
        return errno == EINTR ? OUTCOME_PAUSED : -errno;
    return r == 0 ? OUTCOME_TIMED_OUT : 0;
}

unsigned socket_generation(void)
{
    return generation;
}

int socket_wake(struct getifs_socket *s)
{
    struct nlmsghdr head = {
        .nlmsg_len = sizeof head,
        .nlmsg_type = NLMSG_NOOP,
        .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK,
    };
    return socket_send(s, &head, sizeof head);
}

int socket_subscribe(struct getifs_socket *s, const unsigned *groups, size_t count, int receive_buffer)
{
    enum { LARGEST = 65536 }; /* notifications have the size of their content */
    int r = socket_open(s);
    if (r < 0 || (s->room < LARGEST && (r = make_room(s, LARGEST)) < 0))
        return r;
    if (setsockopt(s->fd, SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer, sizeof receive_buffer) < 0)
        setsockopt(s->fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    for (size_t i = 0; i < count; i++)
        if (!socket_join(s, groups[i]) && errno != EINVAL)
            return -errno;
    /* The kernel binds the socket on the first send, and a socket that is not bound hears nothing. */
    return socket_wake(s);
}

int64_t clock_milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
