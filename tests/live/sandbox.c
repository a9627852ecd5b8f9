/*
 * Runs a command whose netlink requests and ioctl() calls are refused:
 *     sandbox [CALL:NUMBER:ERRNO ...] -- COMMAND [ARGUMENT ...]
 * CALL is `message` (NUMBER: nlmsg_type), `socket` (protocol of netlink, or -1 for all of netlink), `domain` (address family),
 * `bind` (NUMBER: any), `ioctl` (request) or `ethtool` (command of SIOCETHTOOL). seccomp stops each of these system calls;
 * this process looks at the arguments, and lets the call go on or fail. An ERRNO of 0 is only counted: the number of calls
 * that matched each rule is written to standard error at the end, one a line.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/net.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_RULES = 32 };
struct rule {
    char call[16];
    long number;
    int error;
    unsigned matched;
};
static struct rule rules[MOST_RULES];
static int rule_count;

static void fail(const char *what)
{
    perror(what);
    exit(125);
}

static int install_filter(void)
{
    /* The system calls that are stopped. glibc and musl send() with sendto(). */
    static const unsigned calls[] = {SYS_socket, SYS_bind, SYS_sendto, SYS_sendmsg, SYS_ioctl,
#ifdef SYS_socketcall
                                     SYS_socketcall
#endif
    };
    enum { COUNT = sizeof calls / sizeof *calls };
    struct sock_filter code[COUNT + 3];
    code[0] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (unsigned i = 0; i < COUNT; i++)
        code[i + 1] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, calls[i], (unsigned char)(COUNT - i), 0);
    code[COUNT + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    code[COUNT + 2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
    struct sock_fprog program = {COUNT + 3, code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        fail("prctl");
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

static int read_memory(pid_t pid, unsigned long long at, void *data, size_t size)
{
    struct iovec here = {data, size}, there = {(void *)(uintptr_t)at, size};
    return process_vm_readv(pid, &here, 1, &there, 1, 0) == (ssize_t)size;
}

/* Where glibc calls socketcall(), as on i386 and s390x: what it stands for. */
static void expand_socketcall(struct seccomp_notif *stopped)
{
#ifdef SYS_socketcall
    static const struct {
        int nr, size;
    } calls[] = {
        [SYS_SOCKET] = {SYS_socket, 3},
        [SYS_BIND] = {SYS_bind, 3},
        [SYS_SEND] = {SYS_sendto, 4},
        [SYS_SENDTO] = {SYS_sendto, 6},
        [SYS_SENDMSG] = {SYS_sendmsg, 3},
    };
    __u64 call = stopped->data.args[0];
    unsigned long args[6];
    if (stopped->data.nr != SYS_socketcall || call >= sizeof calls / sizeof *calls || !calls[call].nr
        || !read_memory((pid_t)stopped->pid, stopped->data.args[1], args, calls[call].size * sizeof *args))
        return;
    stopped->data.nr = calls[call].nr;
    for (int i = 0; i < calls[call].size; i++)
        stopped->data.args[i] = args[i];
#else
    (void)stopped;
#endif
}

/* The type of the netlink message in a buffer, or -1. */
static long message_type(pid_t pid, unsigned long long at, size_t size)
{
    struct nlmsghdr head;
    return size >= sizeof head && read_memory(pid, at, &head, sizeof head) && head.nlmsg_len <= size ? head.nlmsg_type : -1;
}

static long sent_type(const struct seccomp_notif *stopped)
{
    pid_t pid = (pid_t)stopped->pid;
    const __u64 *args = stopped->data.args;
    struct msghdr head;
    struct iovec first;
    if (stopped->data.nr == SYS_sendto)
        return message_type(pid, args[1], (size_t)args[2]);
    if (!read_memory(pid, args[1], &head, sizeof head) || !read_memory(pid, (uintptr_t)head.msg_iov, &first, sizeof first))
        return -1;
    return message_type(pid, (uintptr_t)first.iov_base, first.iov_len);
}

static long ethtool_command(const struct seccomp_notif *stopped)
{
    struct ifreq argument;
    unsigned command;
    pid_t pid = (pid_t)stopped->pid;
    if (stopped->data.args[1] != SIOCETHTOOL || !read_memory(pid, stopped->data.args[2], &argument, sizeof argument)
        || !read_memory(pid, (uintptr_t)argument.ifr_data, &command, sizeof command))
        return -1;
    return command;
}

static int matches(const struct rule *rule, const struct seccomp_notif *stopped)
{
    const __u64 *args = stopped->data.args;
    int nr = stopped->data.nr;
    int is_netlink = nr == SYS_socket && args[0] == AF_NETLINK;
    if (!strcmp(rule->call, "message"))
        return (nr == SYS_sendto || nr == SYS_sendmsg) && sent_type(stopped) == rule->number;
    if (!strcmp(rule->call, "socket"))
        return is_netlink && (rule->number == -1 || (long)args[2] == rule->number);
    if (!strcmp(rule->call, "domain"))
        return nr == SYS_socket && (long)args[0] == rule->number;
    if (!strcmp(rule->call, "bind"))
        return nr == SYS_bind;
    if (!strcmp(rule->call, "ioctl"))
        return nr == SYS_ioctl && (long)args[1] == rule->number;
    return !strcmp(rule->call, "ethtool") && nr == SYS_ioctl && ethtool_command(stopped) == rule->number;
}

/* Decides about one stopped call. */
static void serve(int listener)
{
    struct seccomp_notif stopped = {0};
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &stopped) < 0)
        return; /* the process was killed */
    expand_socketcall(&stopped);
    struct seccomp_notif_resp answer = {.id = stopped.id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
    for (int i = 0; i < rule_count; i++) {
        if (!matches(&rules[i], &stopped))
            continue;
        rules[i].matched++;
        if (rules[i].error) {
            answer.flags = 0;
            answer.error = -rules[i].error;
            break;
        }
    }
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
}

static void read_rule(const char *text)
{
    struct rule *rule = &rules[rule_count++];
    if (rule_count > MOST_RULES || sscanf(text, "%15[^:]:%li:%d", rule->call, &rule->number, &rule->error) != 3) {
        fprintf(stderr, "not a rule: %s\n", text);
        exit(125);
    }
}

/* The other process takes the descriptor, which is closed on exec(), and then closes its end of a pipe. */
static void run_command(char **command, int told, int taken)
{
    char end;
    int listener = install_filter();
    if (listener < 0)
        fail("seccomp");
    if (write(told, &listener, sizeof listener) != sizeof listener || read(taken, &end, 1) != 0)
        fail("pipe");
    close(told);
    close(taken);
    execvp(command[0], command);
    fail(command[0]);
}

int main(int argc, char **argv)
{
    int at = 1;
    for (; at < argc && strcmp(argv[at], "--") != 0; at++)
        read_rule(argv[at]);
    int told[2], taken[2];
    if (at + 1 >= argc || pipe(told) < 0 || pipe(taken) < 0)
        fail("arguments");
    pid_t child = fork();
    if (child == 0) {
        close(told[0]);
        close(taken[1]);
        run_command(argv + at + 1, told[1], taken[0]);
    }
    close(told[1]);
    close(taken[0]);
    int number;
    if (read(told[0], &number, sizeof number) != sizeof number)
        return 125;
    int process = (int)syscall(SYS_pidfd_open, child, 0);
    int listener = (int)syscall(SYS_pidfd_getfd, process, number, 0);
    if (listener < 0)
        fail("pidfd_getfd");
    close(taken[1]);
    struct pollfd both[] = {{.fd = listener, .events = POLLIN}, {.fd = process, .events = POLLIN}};
    while (poll(both, 2, -1) >= 0 && !both[1].revents)
        if (both[0].revents & POLLIN)
            serve(listener);
    int status;
    if (waitpid(child, &status, 0) < 0)
        fail("waitpid");
    for (int i = 0; i < rule_count; i++)
        fprintf(stderr, "%s:%ld:%d %u\n", rules[i].call, rules[i].number, rules[i].error, rules[i].matched);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
