/*
 * Evidence that one dump is complete: that no row was lost between two of its datagrams ("chunks") while the table
 * changed. Notifications and flags only withhold evidence, they never add or remove rows.
 * docs/completeness-algorithm.md says why it holds.
 */
#ifndef GETIFS_EVIDENCE_H
#define GETIFS_EVIDENCE_H
#include "object.h"
#include "socket.h"

struct evidence {
    /* Input. */
    const struct object *object;
    unsigned family;         /* of the dump */
    bool subscribe;          /* join the groups that announce changes */
    size_t warm;             /* the size of the first chunk; 0: a page on a new socket */
    message_noticer *notice; /* for notifications; it calls evidence_notice() */
    void *context;
    /* State. */
    size_t before;    /* the largest receive before the request */
    bool joined;      /* the groups */
    bool unannounced; /* the kernel has no such group */
    bool doubtful;    /* in this dump, that there is no notification proves nothing */
    bool overrun;     /* notifications were lost */
    bool noted;       /* a row changed after the chunk before */
    size_t chunks;    /* so far; one that has NLMSG_DONE and no row counts, but not one that has notifications only */
    size_t removed;   /* the last boundary at which a removal can have lost a row; 0: none */
    unsigned last_family; /* of the last row of the chunk before */
    uint8_t *marks;   /* of each chunk, which the next dump reuses */
    size_t room;
};

/* Begins a dump, before its request. */
void evidence_begin(struct evidence *evidence, struct getifs_socket *socket);
/* A notification was read. A message_noticer, but for its context. */
void evidence_notice(struct evidence *evidence, unsigned type, const uint8_t *payload, size_t len);
/* A datagram of `size` bytes was read, with `rows` rows. -ENOMEM. */
int evidence_datagram(struct evidence *evidence, const struct getifs_socket *socket, const struct message_reader *reader,
                      size_t size, size_t rows);
/* The kernel reports that notifications were lost. */
void evidence_overrun(struct evidence *evidence);
/* After the dump: collects the notifications that are still to come. */
void evidence_finish(struct evidence *evidence, struct getifs_socket *socket);
/* After the dump: the next one uses another socket. No notification is missed in between. */
void evidence_move(struct evidence *evidence, struct getifs_socket *from, struct getifs_socket *to);
/* No row was lost between chunk `at` and the one before, or before the first chunk. */
bool evidence_is_clean(const struct evidence *evidence, size_t at);
/* Each boundary is clean. */
bool evidence_is_complete(const struct evidence *evidence);
/* Without notifications, no boundary could be clean otherwise: the answer had one chunk of each family at most. */
bool evidence_is_small(const struct evidence *evidence);
void evidence_end(struct evidence *evidence);

#endif
