/*
 * Redirects the netlink sockets of a process to the fake kernel, which listens at the abstract address FAKE_KERNEL.
 * A datagram of the fake kernel starts with three 32-bit words: the port id of the sender, the multicast groups that it
 * was sent to, and an errno with which recvfrom() fails instead (0: none). FAKE_FAILS=CALL:ERRNO:COUNT lets the first
 * calls of socket(), send() or pthread_create() fail. With FAKE_PATIENCE, recvfrom() waits a moment before it reports that
 * nothing is there. With FAKE_INTERRUPT, a SIGINT arrives just before a poll() without a limit has to wait.
 * The calls are written to the file FAKE_LOG, one a line: "socket FD 0", "dump FD 0" for a request of one,
 * "receive FD SIZE", "join FD GROUP", "leave FD GROUP" and "setns FD BLOCKED", 1 if the thread blocks SIGALRM.
 */
#include <dlfcn.h>
#include <errno.h>
#include <linux/netlink.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* With _GNU_SOURCE, which would define it, glibc declares these functions with unions for the addresses. */
#ifndef RTLD_NEXT
#define RTLD_NEXT ((void *)-1L)
#endif

enum { PORT = 4242, MOST_FDS = 1024, PATIENCE_MS = 200 };
static char is_fake[MOST_FDS];
static uint32_t awaited[MOST_FDS]; /* the sequence number of a request that is no dump, until it is answered */

static int faked(int fd)
{
    return fd >= 0 && fd < MOST_FDS && is_fake[fd];
}

static void record(const char *call, int fd, size_t size)
{
    const char *path = getenv("FAKE_LOG");
    FILE *file = path ? fopen(path, "a") : NULL;
    if (!file)
        return;
    fprintf(file, "%s %d %zu\n", call, fd, size);
    fclose(file);
}

/* True, with errno set, if this call has to fail. */
static int fails(const char *call)
{
    static int failed;
    const char *wanted = getenv("FAKE_FAILS");
    char name[16];
    int error, count;
    if (!wanted || sscanf(wanted, "%15[^:]:%d:%d", name, &error, &count) != 3 || strcmp(name, call) != 0 || failed >= count)
        return 0;
    failed++;
    errno = error;
    return 1;
}

int socket(int domain, int type, int protocol)
{
    int (*real)(int, int, int) = dlsym(RTLD_NEXT, "socket");
    const char *name = getenv("FAKE_KERNEL");
    if (domain != AF_NETLINK || !name)
        return real(domain, type, protocol);
    if (fails("socket"))
        return -1;
    int fd = real(AF_UNIX, SOCK_SEQPACKET | (type & SOCK_CLOEXEC), 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path + 1, name, strlen(name));
    if (connect(fd, (struct sockaddr *)&address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name))) < 0)
        abort();
    is_fake[fd] = 1;
    record("socket", fd, 0);
    return fd;
}

int setns(int fd, int type)
{
    int (*real)(int, int) = dlsym(RTLD_NEXT, "setns");
    sigset_t blocked;
    pthread_sigmask(SIG_BLOCK, NULL, &blocked);
    record("setns", fd, (size_t)sigismember(&blocked, SIGALRM));
    return real(fd, type);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *argument)
{
    int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) = dlsym(RTLD_NEXT, "pthread_create");
    return fails("pthread_create") ? errno : real(thread, attributes, start, argument);
}

int poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
    int (*real)(struct pollfd *, nfds_t, int) = dlsym(RTLD_NEXT, "poll");
    if (timeout_ms < 0 && getenv("FAKE_INTERRUPT") && real(fds, count, 0) == 0)
        raise(SIGINT);
    return real(fds, count, timeout_ms);
}

ssize_t send(int fd, const void *data, size_t size, int flags)
{
    ssize_t (*real)(int, const void *, size_t, int) = dlsym(RTLD_NEXT, "send");
    struct nlmsghdr head;
    if (!faked(fd))
        return real(fd, data, size, flags);
    if (fails("send"))
        return -1;
    memcpy(&head, data, sizeof head);
    if (head.nlmsg_flags & NLM_F_DUMP)
        record("dump", fd, 0);
    awaited[fd] = head.nlmsg_flags & NLM_F_DUMP ? 0 : head.nlmsg_seq;
    return real(fd, data, size, flags);
}

int close(int fd)
{
    int (*real)(int) = dlsym(RTLD_NEXT, "close");
    if (faked(fd))
        is_fake[fd] = 0;
    return real(fd);
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
    int (*real)(int, int, int, const void *, socklen_t) = dlsym(RTLD_NEXT, "setsockopt");
    if (!faked(fd))
        return real(fd, level, name, value, len);
    if (name == NETLINK_ADD_MEMBERSHIP || name == NETLINK_DROP_MEMBERSHIP) {
        int group;
        memcpy(&group, value, sizeof group);
        record(name == NETLINK_ADD_MEMBERSHIP ? "join" : "leave", fd, (size_t)group);
    }
    const char *refused = getenv("FAKE_REFUSES_OPTIONS");
    if (!refused)
        return 0;
    errno = atoi(refused);
    return -1;
}

int getsockname(int fd, struct sockaddr *address, socklen_t *len)
{
    int (*real)(int, struct sockaddr *, socklen_t *) = dlsym(RTLD_NEXT, "getsockname");
    if (!faked(fd))
        return real(fd, address, len);
    struct sockaddr_nl self = {.nl_family = AF_NETLINK, .nl_pid = PORT};
    memcpy(address, &self, sizeof self);
    *len = sizeof self;
    return 0;
}

ssize_t recvfrom(int fd, void *data, size_t size, int flags, struct sockaddr *address, socklen_t *len)
{
    ssize_t (*real)(int, void *, size_t, int, struct sockaddr *, socklen_t *) = dlsym(RTLD_NEXT, "recvfrom");
    if (!faked(fd))
        return real(fd, data, size, flags, address, len);
    record("receive", fd, size);
    uint32_t words[3];
    struct iovec parts[2] = {{words, sizeof words}, {data, size}};
    struct msghdr whole = {.msg_iov = parts, .msg_iovlen = 2};
    ssize_t got = recvmsg(fd, &whole, flags);
    if (got < 0 && (awaited[fd] || getenv("FAKE_PATIENCE"))) {
        /* The kernel answers such a request within send(). */
        struct pollfd one = {.fd = fd, .events = POLLIN};
        poll(&one, 1, PATIENCE_MS);
        got = recvmsg(fd, &whole, flags);
    }
    if (got == 0)
        errno = ECONNRESET;
    if (got <= 0)
        return -1;
    if (words[2]) {
        errno = (int)words[2];
        return -1;
    }
    struct nlmsghdr head = {0};
    if (got >= (ssize_t)(sizeof words + sizeof head))
        memcpy(&head, data, sizeof head);
    if (head.nlmsg_seq == awaited[fd])
        awaited[fd] = 0;
    struct sockaddr_nl sender = {.nl_family = AF_NETLINK, .nl_pid = words[0], .nl_groups = words[1]};
    memcpy(address, &sender, sizeof sender);
    *len = sizeof sender;
    return got - (ssize_t)sizeof words;
}
