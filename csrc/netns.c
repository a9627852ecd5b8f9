#define _GNU_SOURCE
#include "netns.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

enum { STACK = 256 << 10 }; /* glibc takes thread-local storage from it */

struct call {
    int fd;
    int (*function)(void *context);
    void *context;
    int result;
};

static void *run(void *argument)
{
    struct call *call = argument;
    call->result = setns(call->fd, CLONE_NEWNET) < 0 ? -errno : call->function(call->context);
    return NULL;
}

int netns_call(const struct getifs_netns *netns, int (*function)(void *context), void *context)
{
    if (!netns)
        return function(context);
    struct call call = {netns->fd, function, context, 0};
    pthread_attr_t attributes;
    int r = pthread_attr_init(&attributes);
    if (r != 0)
        return -r;
    pthread_attr_setstacksize(&attributes, STACK);
    /* The thread inherits the mask, so that it never runs a signal handler of the program. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_t thread;
    r = pthread_create(&thread, &attributes, run, &call);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    if (r != 0)
        return -r;
    pthread_join(thread, NULL);
    return call.result;
}

bool netns_enter(struct getifs_netns *netns)
{
    uint32_t users = __atomic_load_n(&netns->users, __ATOMIC_ACQUIRE);
    while (users)
        if (__atomic_compare_exchange_n(&netns->users, &users, users + 1, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            return true;
    return false;
}

void netns_leave(struct getifs_netns *netns)
{
    if (__atomic_sub_fetch(&netns->users, 1, __ATOMIC_ACQ_REL) == 0)
        close(netns->fd);
}

static int do_nothing(void *context)
{
    (void)context;
    return 0;
}

int getifs_netns_open(struct getifs_netns *netns, const char *path, int fd)
{
    /* Opening a FIFO would wait without O_NONBLOCK. */
    fd = path ? open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) : fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    netns->fd = fd;
    int r = netns_call(netns, do_nothing, NULL);
    if (r < 0) {
        close(fd);
        return -r;
    }
    netns->users = netns->is_open = 1;
    return 0;
}

void getifs_netns_close(struct getifs_netns *netns)
{
    if (__atomic_exchange_n(&netns->is_open, 0, __ATOMIC_ACQ_REL))
        netns_leave(netns);
}
