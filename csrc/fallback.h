/* Other sources of rows, for kernels that do not support a request. */
#ifndef GETIFS_FALLBACK_H
#define GETIFS_FALLBACK_H
#include "netns.h"
#include "object.h"

struct proc_text {
    const char *data;
    size_t size;
    bool big_endian; /* of the machine that wrote it */
};

/* The groups in the text of /proc/net/igmp or igmp6. OUTCOME_MALFORMED: the message is the faulty line. */
int groups_parse_proc(struct dump *dump, struct proc_text text, char *message, size_t message_size);
/* A fallback of struct object: the same from /proc/net in the namespace of the query. */
int groups_from_proc(struct dump *dump, int error, char *message, size_t message_size);

/* Another one: a single link by ioctl(). If all are asked for, it only notes the refusal, and links_by_ioctl() follows.
   OUTCOME_RESTART: a link was renamed or removed meanwhile. */
int link_by_ioctl(struct dump *dump, int error, char *message, size_t message_size);
/* The links that have addresses, those in /sys/class/net, and those with a small index. Empties the table of addresses. The
   same results. */
int links_by_ioctl(struct dump *dump, struct table *addrs);

#endif
