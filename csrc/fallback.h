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
/* The same from the /proc/net of a namespace; NULL: that of the calling thread. */
int groups_from_proc(struct dump *dump, struct getifs_netns *netns, char *message, size_t message_size);

#endif
