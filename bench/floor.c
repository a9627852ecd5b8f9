/*
 * The floor: what the kernel itself costs. Opens a socket, asks for the dumps of an operation, receives them to the end
 * and closes, without looking at a row. Reads lines "operation count" and answers with the nanoseconds that it took.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <arpa/inet.h>
#include <ifaddrs.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ROOM = 32768, SKIP_STATS = 1 << 3 };
static char buffer[ROOM] __attribute__((aligned(8)));

static void must(int yes, const char *what)
{
    if (!yes) {
        perror(what);
        exit(1);
    }
}

static int opened(int strict)
{
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    must(fd >= 0, "socket");
    if (strict)
        must(setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &strict, sizeof strict) == 0, "strict");
    return fd;
}

/* One request with the header of its type, and one attribute where size is not 0. */
static void ask(int fd, int type, int flags, const void *header, size_t header_size, int attribute, uint32_t value)
{
    struct {
        struct nlmsghdr head;
        char body[64];
    } request = {.head = {.nlmsg_type = (uint16_t)type, .nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags), .nlmsg_seq = 1}};
    memcpy(request.body, header, header_size);
    size_t size = sizeof request.head + NLMSG_ALIGN(header_size);
    if (attribute) {
        struct rtattr attr = {.rta_len = sizeof attr + sizeof value, .rta_type = (unsigned short)attribute};
        memcpy((char *)&request + size, &attr, sizeof attr);
        memcpy((char *)&request + size + sizeof attr, &value, sizeof value);
        size += sizeof attr + sizeof value;
    }
    request.head.nlmsg_len = (uint32_t)size;
    must(send(fd, &request, size, 0) == (ssize_t)size, "send");
}

static void receive(int fd, int dump)
{
    for (;;) {
        ssize_t size = recv(fd, buffer, sizeof buffer, 0);
        must(size > 0, "recv");
        if (!dump)
            return;
        struct nlmsghdr *head = (struct nlmsghdr *)buffer;
        for (; NLMSG_OK(head, (size_t)size); head = NLMSG_NEXT(head, size))
            if (head->nlmsg_type == NLMSG_DONE || head->nlmsg_type == NLMSG_ERROR)
                return;
    }
}

static void links(int fd)
{
    struct ifinfomsg header = {0};
    ask(fd, RTM_GETLINK, NLM_F_DUMP, &header, sizeof header, IFLA_EXT_MASK, SKIP_STATS);
    receive(fd, 1);
}

static void one_link(int fd)
{
    struct ifinfomsg header = {.ifi_index = 1};
    ask(fd, RTM_GETLINK, 0, &header, sizeof header, IFLA_EXT_MASK, SKIP_STATS);
    receive(fd, 0);
}

static void addrs(int fd, int type, int family, int index)
{
    struct ifaddrmsg header = {.ifa_family = (uint8_t)family, .ifa_index = (uint32_t)index};
    ask(fd, type, NLM_F_DUMP, &header, sizeof header, 0, 0);
    receive(fd, 1);
}

static void routes(int fd, int family)
{
    struct rtmsg header = {.rtm_family = (uint8_t)family};
    ask(fd, RTM_GETROUTE, NLM_F_DUMP, &header, sizeof header, 0, 0);
    receive(fd, 1);
}

static void neighbours(int fd, int family)
{
    struct ndmsg header = {.ndm_family = (uint8_t)family};
    ask(fd, RTM_GETNEIGH, NLM_F_DUMP, &header, sizeof header, 0, 0);
    receive(fd, 1);
}

static void rules(int fd, int family)
{
    struct fib_rule_hdr header = {.family = (uint8_t)family};
    ask(fd, RTM_GETRULE, NLM_F_DUMP, &header, sizeof header, 0, 0);
    receive(fd, 1);
}

/* The route to 198.51.100.1. */
static void route_to(int fd)
{
    struct rtmsg header = {.rtm_family = AF_INET, .rtm_dst_len = 32, .rtm_flags = RTM_F_LOOKUP_TABLE};
    ask(fd, RTM_GETROUTE, 0, &header, sizeof header, RTA_DST, htonl(0xC6336401));
    receive(fd, 0);
}

/* No floor, but what glibc makes of it. */
static void glibc_getifaddrs(void)
{
    struct ifaddrs *all;
    must(getifaddrs(&all) == 0, "getifaddrs");
    freeifaddrs(all);
}

static void operate(const char *operation)
{
    int is = 0;
    if (strcmp(operation, "getifaddrs") == 0) {
        glibc_getifaddrs();
        return;
    }
#define IS(name) (strcmp(operation, name) == 0 && (is = 1))
    int fd = opened(!IS("links") && !IS("one_link") && !IS("neighbours") && !IS("rules") && !IS("route_to"));
    is = 0;
    if (IS("links") || IS("links_addrs"))
        links(fd);
    if (IS("one_link"))
        one_link(fd);
    if (IS("addrs") || IS("links_addrs"))
        addrs(fd, RTM_GETADDR, AF_UNSPEC, 0);
    if (IS("routes4") || IS("routes") || IS("best4"))
        routes(fd, AF_INET);
    if (IS("best4"))
        addrs(fd, RTM_GETADDR, AF_INET, 1);
    if (IS("addrs_of_one"))
        addrs(fd, RTM_GETADDR, AF_UNSPEC, 1);
    if (IS("multicast")) {
        addrs(fd, RTM_GETMULTICAST, AF_INET, 0);
        addrs(fd, RTM_GETMULTICAST, AF_INET6, 0);
    }
    if (IS("neighbours")) {
        neighbours(fd, AF_INET);
        neighbours(fd, AF_INET6);
    }
    if (IS("rules")) {
        rules(fd, AF_INET);
        rules(fd, AF_INET6);
    }
    if (IS("route_to"))
        route_to(fd);
    if (IS("routes_unspec"))
        routes(fd, AF_UNSPEC);
    if (IS("routes"))
        routes(fd, AF_INET6);
    must(is, operation);
    close(fd);
}

int main(int argc, char **argv)
{
    if (argc > 1) {
        int namespace = open(argv[1], O_RDONLY);
        must(namespace >= 0 && setns(namespace, CLONE_NEWNET) == 0, argv[1]);
        close(namespace);
    }
    char operation[64];
    int count;
    while (scanf("%63s %d", operation, &count) == 2) {
        struct timespec from, to;
        clock_gettime(CLOCK_MONOTONIC, &from);
        for (int i = 0; i < count; i++)
            operate(operation);
        clock_gettime(CLOCK_MONOTONIC, &to);
        printf("%lld\n", (long long)(to.tv_sec - from.tv_sec) * 1000000000 + to.tv_nsec - from.tv_nsec);
        fflush(stdout);
    }
}
