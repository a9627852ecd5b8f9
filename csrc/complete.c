#include "complete.h"
#include <stdlib.h>

enum { MOST_DUMPS = 12 };
#define NONE UINT32_MAX

/* A message that makes a row, or that announced the removal of one. */
struct message {
    uint64_t hash;
    size_t at;       /* of its payload in `bytes` */
    uint32_t len;
    uint32_t next;   /* in the order of the table, of all dumps before; NONE: the last one, or not in the list */
    uint32_t follow; /* the same, in this dump */
    uint32_t chunk;  /* that showed it last, in dumps before; NONE */
    uint32_t now;    /* the same, in this dump */
    uint16_t type;
    uint8_t bits;
};
enum {
    SHOWN = 1,   /* by a chunk */
    TOUCHED = 2, /* notified during the call: its place can have changed */
    GONE = 4,    /* removed after it was shown */
    TWIN = 8     /* another row has the same identity: notifications are ambiguous */
};

/* Keeps the hash table, whose size is a power of two, at most half full. */
static int grow_slots(struct complete *c)
{
    if (c->count * 2 < c->slot_count)
        return 0;
    size_t slot_count = c->slot_count ? c->slot_count * 4 : 1024;
    uint32_t *slots = calloc(slot_count, sizeof *slots);
    if (!slots)
        return -ENOMEM;
    free(c->slots);
    c->slots = slots;
    c->slot_count = slot_count;
    for (size_t i = 1; i < c->count; i++) {
        size_t slot = c->messages[i].hash & (slot_count - 1);
        while (slots[slot])
            slot = (slot + 1) & (slot_count - 1);
        slots[slot] = (uint32_t)i + 1;
    }
    return 0;
}

static int add_message(struct complete *c, uint64_t hash)
{
    if (c->count == c->room) {
        size_t room = c->room ? c->room * 2 : 256;
        struct message *messages = room < NONE ? realloc(c->messages, room * sizeof *messages) : NULL;
        if (!messages)
            return -ENOMEM;
        c->messages = messages;
        c->room = room;
    }
    c->messages[c->count++] = (struct message){.hash = hash, .next = NONE, .follow = NONE, .chunk = NONE, .now = NONE};
    return 0;
}

/* The position of the message with this hash, which is added if there is none. 0: no memory. */
static uint32_t find_message(struct complete *c, uint64_t hash)
{
    if (grow_slots(c) < 0)
        return 0;
    size_t slot = hash & (c->slot_count - 1);
    while (c->slots[slot] && c->messages[c->slots[slot] - 1].hash != hash)
        slot = (slot + 1) & (c->slot_count - 1);
    if (!c->slots[slot]) {
        if (add_message(c, hash) < 0)
            return 0;
        c->slots[slot] = (uint32_t)c->count;
    }
    return c->slots[slot] - 1;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 32;
}

static uint64_t hash_bytes(uint64_t hash, const void *data, size_t len)
{
    const uint8_t *at = data;
    for (; len >= sizeof hash; at += sizeof hash, len -= sizeof hash) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        hash = mix(hash, word);
    }
    uint64_t word = len;
    if (len)
        memcpy(&word, at, len);
    return mix(hash, word);
}

/* The identity of all rows of a message, such as the hops of a route. Messages that make no row are told apart by their
   bytes. */
static int identify(struct complete *c, const uint8_t *payload, size_t len, uint64_t *hash)
{
    const struct object *object = c->probe.object;
    struct table *rows = &c->scratch;
    rows->count = rows->extra_len = 0;
    int r = len < object->header_size ? OUTCOME_MALFORMED : object->parse(&c->probe, payload, len);
    if (r < 0 && r != OUTCOME_MALFORMED)
        return r;
    if (r < 0 || !rows->count) {
        *hash = hash_bytes(1, payload, len);
        return 0;
    }
    const struct identity *identity = object->distinct ? object->distinct : object->identity;
    *hash = object->distinct ? hash_bytes(rows->count, rows->extra, rows->extra_len) : rows->count;
    for (size_t i = 0; i < rows->count; i++)
        *hash = mix(*hash, identity_hash(identity, table_row(rows, i)));
    return 0;
}

/* A chunk never repeats a row: if it shows an identity twice, these are two rows of the kernel. */
static uint32_t find_row(struct complete *c, uint64_t hash, uint32_t chunk)
{
    uint32_t at = find_message(c, hash);
    while (at && c->messages[at].now == chunk) {
        c->messages[at].bits |= TWIN;
        hash = mix(hash, 1);
        if ((at = find_message(c, hash)) != 0)
            c->messages[at].bits |= TWIN;
    }
    return at;
}

static int keep_bytes(struct complete *c, struct message *m, const uint8_t *payload, size_t len)
{
    if (!(m->bits & SHOWN) || len != m->len) {
        if (len > c->bytes_room - c->bytes_len) {
            size_t room = (c->bytes_room + len) * 2 + 4096;
            uint8_t *bytes = realloc(c->bytes, room);
            if (!bytes)
                return -ENOMEM;
            c->bytes = bytes;
            c->bytes_room = room;
        }
        m->at = c->bytes_len;
        m->len = (uint32_t)len;
        c->bytes_len += len;
    }
    if (len)
        memcpy(c->bytes + m->at, payload, len);
    return 0;
}

/* A row that did not move: the chunks that show it overlap. */
static bool can_connect(const struct message *m)
{
    return !(m->bits & (TOUCHED | TWIN));
}

int complete_message(void *context, unsigned type, const uint8_t *payload, size_t len)
{
    struct complete *c = context;
    const struct object *object = c->probe.object;
    if (type != object->new_type && type != object->other_type)
        return 0;
    uint64_t hash;
    int r = identify(c, payload, len, &hash);
    if (r < 0)
        return r;
    uint32_t chunk = (uint32_t)(c->first_chunk + c->evidence->chunks);
    uint32_t at = find_row(c, hash, chunk);
    if (!at)
        return -ENOMEM;
    struct message *m = &c->messages[at];
    if ((r = keep_bytes(c, m, payload, len)) < 0 || (r = chunks_add(&c->chunks, chunk + 1)) < 0)
        return r;
    if (m->now != NONE && can_connect(m)) {
        c->chunks.all[chunk].shared = at;
        c->chunks.all[chunk].other = m->now;
    }
    if (m->now == NONE)
        c->tail = c->messages[c->tail].follow = at;
    m->type = (uint16_t)type;
    m->now = chunk;
    m->bits = (uint8_t)((m->bits | SHOWN) & ~GONE);
    return 0;
}

int complete_notice(struct complete *c, unsigned type, const uint8_t *payload, size_t len)
{
    const struct object *object = c->probe.object;
    if (type != object->new_type && type != object->other_type && type != object->del_type)
        return 0;
    uint64_t hash;
    int r = identify(c, payload, len, &hash);
    if (r < 0)
        return r;
    uint32_t at = find_message(c, hash);
    if (!at)
        return -ENOMEM;
    struct message *m = &c->messages[at];
    m->bits |= TOUCHED;
    if (type == object->del_type)
        m->bits |= GONE;
    else
        m->bits &= (uint8_t)~GONE;
    return 0;
}

/* Forgets all dumps but their number. */
static int reset(struct complete *c)
{
    c->count = c->bytes_len = c->chunks.count = 0;
    if (c->slots)
        memset(c->slots, 0, c->slot_count * sizeof *c->slots);
    int r = add_message(c, 0); /* the head of the list */
    return r < 0 ? r : chunks_add(&c->chunks, CHUNK_FIRST);
}

int complete_begin(struct complete *c, const struct dump *dump, const struct evidence *evidence)
{
    c->active = true;
    c->evidence = evidence;
    c->rules = (struct route_rules){.every = true, .unusable = true};
    c->probe = (struct dump){
        .object = dump->object,
        .table = &c->scratch,
        .rules = &c->rules,
        .family = dump->family,
        .all = true,
        .proxies = dump->proxies,
    };
    table_init(&c->scratch, dump->object->row_size, NULL);
    return reset(c);
}

int complete_next(struct complete *c)
{
    c->dumps++;
    /* A row that moved while notifications were lost could connect chunks that are not adjacent. Rows of other
       objects cannot move: their identity determines their place. */
    bool is_blind = c->evidence->overrun && c->probe.object->evidence == EVIDENCE_LATE;
    int r = is_blind ? reset(c) : 0;
    c->first_chunk = c->chunks.count;
    c->tail = 0;
    return r;
}

size_t complete_warm(const struct complete *c)
{
    static const uint16_t sizes[] = {32768, 16384, 8192, 24576, 12288, 20480, 28672, 10240, 18432, 26624, 14336, 22528};
    return sizes[(c->dumps - 1) % (sizeof sizes / sizeof *sizes)];
}

static int connect_chunks(struct complete *c)
{
    const struct evidence *e = c->evidence;
    int r = chunks_add(&c->chunks, c->first_chunk + e->chunks);
    if (r < 0)
        return r;
    for (size_t i = 0; i < e->chunks; i++) {
        size_t at = c->first_chunk + i;
        const struct chunk *chunk = &c->chunks.all[at];
        if (evidence_is_clean(e, i))
            chunks_unite(&c->chunks, i ? at - 1 : CHUNK_START, at);
        if (chunk->shared && can_connect(&c->messages[chunk->shared]))
            chunks_unite(&c->chunks, chunk->other, at);
    }
    if (e->chunks)
        chunks_unite(&c->chunks, c->chunks.count - 1, CHUNK_END);
    return 0;
}

static void connect_rows(struct complete *c)
{
    for (size_t i = 1; i < c->count; i++) {
        struct message *m = &c->messages[i];
        if (m->now == NONE)
            continue;
        if (m->chunk != NONE && can_connect(m))
            chunks_unite(&c->chunks, m->chunk, m->now);
        m->chunk = m->now;
        m->now = NONE;
    }
}

/* Rows that one chunk showed between two others, which another chunk showed without them, were removed in between: a
   chunk leaves out nothing. */
static void drop_between(struct complete *c, uint32_t first, uint32_t last)
{
    const struct message *a = &c->messages[first], *b = &c->messages[last];
    if (a->chunk == NONE || a->chunk != b->chunk || a->now != b->now || !can_connect(a) || !can_connect(b))
        return;
    for (uint32_t at = a->next; at != last; at = c->messages[at].next)
        if (c->messages[at].chunk == a->chunk)
            c->messages[at].bits |= GONE;
}

/* The new order is that of this dump. What it did not show follows the row after which it stood before. */
static void weave(struct complete *c)
{
    struct message *messages = c->messages;
    uint32_t place = 0, shown = 0;
    for (uint32_t at = messages[0].next; at != NONE; at = messages[at].next) {
        if (messages[at].now == NONE) {
            messages[at].follow = messages[place].follow;
            messages[place].follow = at;
        } else {
            drop_between(c, shown, at);
            shown = at;
        }
        place = at;
    }
    for (uint32_t at = 0; at != NONE; at = messages[at].next) {
        messages[at].next = messages[at].follow;
        messages[at].follow = NONE;
    }
}

int complete_judge(struct complete *c)
{
    int r = connect_chunks(c);
    if (r < 0)
        return r;
    weave(c);
    connect_rows(c);
    c->alone = evidence_is_complete(c->evidence);
    c->pass = 0;
    c->at = 0;
    if (chunks_are_complete(&c->chunks))
        return 0;
    return c->dumps < MOST_DUMPS ? OUTCOME_RESTART : OUTCOME_INCOMPLETE;
}

static bool is_answer(const struct complete *c, const struct message *m)
{
    if (c->alone)
        return m->chunk >= c->first_chunk;
    return (m->bits & (GONE | TWIN)) != GONE;
}

/* The list has the order of the kernel, but rows of both families can alternate where dumps showed different ones. */
int complete_replay(struct complete *c, message_handler *handle, void *context)
{
    enum { SLICE = 1 << 14, PASSES = 2 };
    unsigned left = SLICE;
    for (; c->pass < PASSES; c->pass++, c->at = 0) {
        uint32_t next;
        while ((next = c->messages[c->at].next) != NONE) {
            if (!left--)
                return OUTCOME_PAUSED;
            c->at = next;
            const struct message *m = &c->messages[next];
            bool is_first = m->len && c->bytes[m->at] == AF_INET;
            if (is_first != (c->pass == 0) || !is_answer(c, m))
                continue;
            int r = handle(context, m->type, c->bytes + m->at, m->len);
            if (r < 0)
                return r;
        }
    }
    return 0;
}

void complete_end(struct complete *c)
{
    free(c->messages);
    free(c->slots);
    free(c->bytes);
    free(c->chunks.all);
    table_free(&c->scratch);
    *c = (struct complete){0};
}
