/*
 * A complete answer from several dumps of a table that changes: their chunks are connected where they are adjacent
 * (evidence.h) or show the same row, until they reach from the start of the table to its end.
 * docs/completeness-algorithm.md says why it holds.
 */
#ifndef GETIFS_COMPLETE_H
#define GETIFS_COMPLETE_H
#include "chunks.h"
#include "evidence.h"

struct complete {
    const struct evidence *evidence; /* of the dump that is under way */
    bool active;
    unsigned dumps;            /* that were begun */
    struct dump probe;         /* parses each message, to identify it */
    struct table scratch;
    struct route_rules rules;
    struct message *messages;  /* the latest of each identity; the first one is the head of the list */
    size_t count, room;
    uint32_t *slots;           /* hash table of positions, plus 1 */
    size_t slot_count;
    uint8_t *bytes;            /* of the messages */
    size_t bytes_len, bytes_room;
    struct chunks chunks;
    size_t first_chunk;        /* of the dump that is under way */
    uint32_t tail;             /* the latest message of the dump that is under way */
    bool alone;                /* the last dump is complete without the others */
    unsigned pass;             /* of the replay */
    uint32_t at;
};

/* -ENOMEM. */
int complete_begin(struct complete *complete, const struct dump *dump, const struct evidence *evidence);
/* Begins another dump. -ENOMEM. */
int complete_next(struct complete *complete);
/* The size of its first chunk: each dump has other boundaries. */
size_t complete_warm(const struct complete *complete);
/* A message of a dump: a message_handler. */
int complete_message(void *complete, unsigned type, const uint8_t *payload, size_t len);
/* A notification. */
int complete_notice(struct complete *complete, unsigned type, const uint8_t *payload, size_t len);
/* After a dump. 0: the answer is complete. OUTCOME_RESTART: another dump is needed. OUTCOME_INCOMPLETE: there were too
   many. */
int complete_judge(struct complete *complete);
/* Passes the messages of the complete answer to a handler. OUTCOME_PAUSED: call again. */
int complete_replay(struct complete *complete, message_handler *handle, void *context);
/* Frees everything. It can begin again. */
void complete_end(struct complete *complete);

#endif
