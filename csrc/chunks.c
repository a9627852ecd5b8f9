#include "chunks.h"
#include <errno.h>
#include <stdlib.h>

int chunks_add(struct chunks *c, size_t count)
{
    if (count > c->room) {
        size_t room = count * 2 + 64;
        struct chunk *all = room < UINT32_MAX ? realloc(c->all, room * sizeof *all) : NULL;
        if (!all)
            return -ENOMEM;
        c->all = all;
        c->room = room;
    }
    for (; c->count < count; c->count++)
        c->all[c->count] = (struct chunk){.parent = (uint32_t)c->count};
    return 0;
}

static uint32_t find(struct chunks *c, size_t chunk)
{
    uint32_t at = (uint32_t)chunk;
    while (c->all[at].parent != at)
        at = c->all[at].parent = c->all[c->all[at].parent].parent;
    return at;
}

void chunks_unite(struct chunks *c, size_t a, size_t b)
{
    c->all[find(c, a)].parent = find(c, b);
}

bool chunks_are_complete(struct chunks *c)
{
    return find(c, CHUNK_START) == find(c, CHUNK_END);
}
