/* Sets of chunks that are adjacent: the datagrams of all dumps, and the two ends of the table. */
#ifndef GETIFS_CHUNKS_H
#define GETIFS_CHUNKS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CHUNK_START, CHUNK_END, CHUNK_FIRST };

struct chunks {
    struct chunk {
        uint32_t parent; /* in the tree of its set */
        uint32_t shared; /* a message that chunk `other` of the same dump showed before; 0: none */
        uint32_t other;
    } *all;
    size_t count, room;
};

/* Adds chunks, each a set of its own, until there are `count`. -ENOMEM. */
int chunks_add(struct chunks *chunks, size_t count);
void chunks_unite(struct chunks *chunks, size_t a, size_t b);
/* The ends are in one set: its chunks have every row that exists all the time. */
bool chunks_are_complete(struct chunks *chunks);

#endif
