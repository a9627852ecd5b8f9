/*
 * A library for LD_PRELOAD that counts the dumps that a process requests: netlink messages with NLM_F_DUMP that it
 * passes to send(), sendto() or sendmsg(). The count is the first 64-bit word of the file CHURN_SHARED, so that it
 * includes child processes. Requests that the C library sends itself, such as those of getifaddrs(), are not seen.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* With _GNU_SOURCE, which would define it, glibc declares these functions with unions for the addresses. */
#ifndef RTLD_NEXT
#define RTLD_NEXT ((void *)-1L)
#endif

static uint64_t *dumps;

__attribute__((constructor)) static void map_count(void)
{
    const char *path = getenv("CHURN_SHARED");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    void *map = mmap(NULL, sizeof *dumps, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    dumps = map == MAP_FAILED ? NULL : map;
    close(fd);
}

static void count(int fd, const void *data, size_t size)
{
    struct nlmsghdr header;
    int domain = 0;
    socklen_t len = sizeof domain;
    if (!dumps || size < sizeof header)
        return;
    memcpy(&header, data, sizeof header);
    if ((header.nlmsg_flags & NLM_F_DUMP) != NLM_F_DUMP || header.nlmsg_len > size)
        return;
    if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) == 0 && domain == AF_NETLINK)
        __atomic_add_fetch(dumps, 1, __ATOMIC_RELAXED);
}

ssize_t send(int fd, const void *data, size_t size, int flags)
{
    ssize_t (*real)(int, const void *, size_t, int) = dlsym(RTLD_NEXT, "send");
    count(fd, data, size);
    return real(fd, data, size, flags);
}

ssize_t sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *address, socklen_t len)
{
    ssize_t (*real)(int, const void *, size_t, int, const struct sockaddr *, socklen_t) = dlsym(RTLD_NEXT, "sendto");
    count(fd, data, size);
    return real(fd, data, size, flags, address, len);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    ssize_t (*real)(int, const struct msghdr *, int) = dlsym(RTLD_NEXT, "sendmsg");
    if (message->msg_iovlen > 0)
        count(fd, message->msg_iov[0].iov_base, message->msg_iov[0].iov_len);
    return real(fd, message, flags);
}
