/* Network namespaces other than that of the calling thread, which never changes. Results as in outcome.h. */
#ifndef GETIFS_NETNS_H
#define GETIFS_NETNS_H
#include "getifs.h"
#include <stdbool.h>

/* Calls a function in a namespace, in a thread of its own, and returns its result. NULL: in that of the calling thread. */
int netns_call(const struct getifs_netns *netns, int (*function)(void *context), void *context);
/* The descriptor stays open until the same number of netns_leave(). False: it is closed. */
bool netns_enter(struct getifs_netns *netns);
void netns_leave(struct getifs_netns *netns);

#endif
