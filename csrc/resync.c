/* Dumps of parts that are dirty, and what they change. */
#include "mirror.h"
#include <stdlib.h>

enum { LOG_MOST = 64 << 20 };
struct logged {
    uint16_t type, flags;
    uint32_t len;
};

void resync_log(struct getifs_mirror *m, unsigned type, unsigned flags, const uint8_t *payload, size_t len)
{
    struct table *log = &m->resync.log;
    struct logged head = {(uint16_t)type, (uint16_t)flags, (uint32_t)len};
    if (log->extra_len + len > LOG_MOST || table_append(log, &head, sizeof head) < 0 || table_append(log, payload, len) < 0)
        m->resync.is_cut = true;
}

bool resync_is_comparing(const struct getifs_mirror *m)
{
    return m->resync.part && m->resync.phase > RESYNC_DUMP;
}

/* Ends the dump of a part. */
static void finish(struct getifs_mirror *m)
{
    struct resync *resync = &m->resync;
    difference_end(&resync->difference);
    if (resync->part)
        keyed_free(&resync->base);
    resync->part = NULL;
    table_free(&resync->log);
}

void resync_end(struct getifs_mirror *m)
{
    finish(m);
    if (m->resync.client)
        getifs_close(m->resync.client);
    free(m->resync.client);
    m->resync.client = NULL;
}

static int begin(struct getifs_mirror *m, struct part *part)
{
    struct resync *resync = &m->resync;
    if (!resync->client)
        resync->client = calloc(1, sizeof *resync->client);
    if (!resync->client)
        return -ENOMEM;
    resync->client->netns = m->socket.netns;
    part->dirty = false;
    part->tried = true;
    resync->part = part;
    resync->phase = RESYNC_BARRIER;
    resync->is_cut = false;
    keyed_init(&resync->base, part->what);
    return 0;
}

/* Asks for one link. The kernel answers under the lock under which it changes links and addresses: what it changes in
   silence after a notification that was read is done then. */
static int ask_barrier(struct getifs_mirror *m)
{
    struct getifs_request request = {
        .query = GETIFS_LINK,
        .options = GETIFS_KEEP_OPEN | GETIFS_NO_FALLBACK,
        .index = 1,
        .timeout_ms = m->timeout_ms,
    };
    return getifs_query(m->resync.client, &request, NULL);
}

static int ask_dump(struct getifs_mirror *m)
{
    static const uint32_t queries[PART_COUNT] = {GETIFS_LINKS,  GETIFS_ADDRS,      GETIFS_NEXTHOPS, GETIFS_ROUTES,
                                                 GETIFS_ROUTES, GETIFS_NEIGHBOURS, GETIFS_RULES};
    const struct part *part = m->resync.part;
    struct getifs_request request = {
        .query = queries[part - m->parts],
        .options = GETIFS_KEEP_OPEN | GETIFS_NO_FALLBACK | (part->what == &route_followed ? GETIFS_ALL : 0),
        .family = part->family,
        .timeout_ms = m->timeout_ms,
    };
    return getifs_query(m->resync.client, &request, NULL);
}

/* Moves the answer of the client to the base. */
static int take_rows(struct resync *resync)
{
    struct getifs_client *client = resync->client;
    struct table *table = &resync->base.table;
    struct getifs_blocks blocks;
    getifs_take(client, &blocks);
    struct getifs_block *block = &blocks.block;
    size_t size = block->count * table->row_size;
    if (!block->rows && block->count) {
        block->rows = malloc(size);
        block->extra = block->extra_len ? malloc(block->extra_len) : NULL;
        if (!block->rows || (block->extra_len && !block->extra)) {
            getifs_free(&blocks);
            return -ENOMEM;
        }
        memcpy(block->rows, client->few, size);
        if (block->extra_len)
            memcpy(block->extra, client->few + size, block->extra_len);
    }
    table->rows = block->rows;
    table->count = table->room = table->reserved = block->count;
    table->extra = block->extra;
    table->extra_len = table->extra_room = block->extra ? block->extra_len : 0;
    return 0;
}

/* Applies the notifications since the request of the dump to its rows: the last one about a row wins. */
static int apply_log(struct getifs_mirror *m)
{
    struct resync *resync = &m->resync;
    const char *at = resync->log.extra, *end = at + resync->log.extra_len;
    while (at < end) {
        struct logged head;
        memcpy(&head, at, sizeof head);
        at += sizeof head;
        struct notification n = {.mirror = m, .part = resync->part, .rows = &resync->base, .flags = head.flags};
        part_of(m, head.type, (const uint8_t *)at, head.len, &n.is_new);
        int r = follow(&n, (const uint8_t *)at, head.len);
        if (r < 0)
            return r;
        at += head.len;
    }
    return 0;
}

static int changed(void *context, struct record row, struct record old)
{
    struct getifs_mirror *m = context;
    /* The notification about it is read later, and then changes nothing. */
    if (m->filled && m->resync.part == &m->parts[PART_LINKS])
        suspect_link(m, row.row, old.row);
    return emit(m, m->resync.part, row, old);
}

/* The phases after the dump. */
static int compare(struct getifs_mirror *m)
{
    struct resync *resync = &m->resync;
    int r = 0;
    if (resync->phase == RESYNC_INDEX) {
        if ((r = keyed_index(&resync->base)) != 0)
            return r;
        if ((r = apply_log(m)) < 0)
            return r;
        resync->difference = (struct difference){
            .old = &resync->part->rows,
            .new = &resync->base,
            .handle = changed,
            .context = m,
        };
        resync->phase = RESYNC_COMPARE;
    }
    if ((r = difference_continue(&resync->difference)) != 0)
        return r;
    keyed_free(&resync->part->rows);
    resync->part->rows = resync->base;
    resync->part->dirty |= resync->is_cut;
    keyed_init(&resync->base, resync->part->what);
    return 0;
}

/* A status. */
static int dump_part(struct getifs_mirror *m, struct getifs_client *client)
{
    struct resync *resync = &m->resync;
    int status = GETIFS_OK;
    if (resync->phase == RESYNC_BARRIER) {
        if ((status = ask_barrier(m)) != GETIFS_OK)
            return status;
        resync->phase = RESYNC_DUMP;
    }
    int r = 0;
    if (resync->phase == RESYNC_DUMP) {
        if ((status = ask_dump(m)) != GETIFS_OK)
            return status;
        resync->phase = RESYNC_INDEX;
        r = take_rows(resync);
    }
    if (r == 0)
        r = compare(m);
    client->error = -r;
    return r == OUTCOME_PAUSED ? GETIFS_PAUSED : r < 0 ? GETIFS_FAILED : GETIFS_OK;
}

static struct part *next_dirty(struct getifs_mirror *m)
{
    for (size_t i = 0; i < PART_COUNT; i++)
        if (m->parts[i].dirty && !m->parts[i].tried)
            return &m->parts[i];
    return NULL;
}

int resync(struct getifs_mirror *m, struct getifs_client *client)
{
    int status = GETIFS_OK;
    struct part *part;
    while (m->resync.part || (part = next_dirty(m))) {
        if (!m->resync.part && begin(m, part) < 0) {
            client->error = ENOMEM;
            status = GETIFS_FAILED;
            break;
        }
        int result = dump_part(m, client);
        if (result == GETIFS_PAUSED)
            return result;
        if (result != GETIFS_OK) {
            status = result;
            m->resync.part->dirty = true;
            if (m->resync.phase <= RESYNC_DUMP) {
                client->error = m->resync.client->error;
                memcpy(client->message, m->resync.client->message, sizeof client->message);
            }
        }
        finish(m);
        if (result != GETIFS_OK && result != GETIFS_INTERRUPTED)
            break;
    }
    for (size_t i = 0; i < PART_COUNT; i++)
        m->parts[i].tried = false;
    return status;
}
