/* Tables whose records are found by a key, for state that is kept: records come, change and go one by one. */
#ifndef GETIFS_KEYED_H
#define GETIFS_KEYED_H
#include "object.h"

/* What keeping rows of an object needs to know about them. */
struct followed {
    const struct object *object;
    struct identity key;  /* several records can have the same key: routes do */
    bool (*same)(const void *a, const void *b); /* two rows with the same key are states of one object; NULL: always */
    size_t value_size;    /* of the part of a record that is its value */
    size_t extra_at;      /* offset of the member `extra_at` of a record; 0: rows have no side bytes */
    size_t (*extra_len)(const void *row);
};

struct keyed {
    const struct followed *what;
    struct table table; /* with removed rows, until there are too many */
    uint32_t *next;     /* of each row: the row before with the same hash, plus 1, or REMOVED */
    uint32_t *heads;    /* of each hash: its last row, plus 1 */
    size_t next_room, slots;
    size_t indexed;     /* rows that are in the index */
    size_t removed;
    size_t unused;      /* side bytes of removed rows */
};

enum { KEYED_REMOVED = UINT32_MAX, KEYED_END = UINT32_MAX };

void keyed_init(struct keyed *keyed, const struct followed *what);
void keyed_free(struct keyed *keyed);
/* Indexes rows that were put into the table directly. Large tables take several calls: OUTCOME_PAUSED. */
int keyed_index(struct keyed *keyed);
/* Adds a copy of a record and its side bytes. */
int keyed_add(struct keyed *keyed, const void *row, const char *extra);
/* Replaces a record by one with the same key. */
int keyed_set(struct keyed *keyed, size_t at, const void *row, const char *extra);
void keyed_remove(struct keyed *keyed, size_t at);
/* Frees the space of removed rows if they are many. Positions change; the order does not. */
void keyed_tidy(struct keyed *keyed);
/* The last record with the key of `row`, and the one before it. KEYED_END: there is none. */
size_t keyed_last(const struct keyed *keyed, const void *row);
size_t keyed_before(const struct keyed *keyed, const void *row, size_t at);

static inline bool keyed_has(const struct keyed *keyed, size_t at)
{
    return keyed->next[at] != KEYED_REMOVED;
}
static inline size_t keyed_count(const struct keyed *keyed)
{
    return keyed->table.count - keyed->removed;
}
static inline size_t extra_len_of(const struct followed *what, const void *row)
{
    return what->extra_at ? what->extra_len(row) : 0;
}
static inline const char *extra_of(const struct followed *what, const void *row, const char *extra)
{
    uint32_t at = 0;
    if (what->extra_at)
        memcpy(&at, (const char *)row + what->extra_at, sizeof at);
    return extra && extra_len_of(what, row) ? extra + at : NULL;
}
/* Two records with their tables' side bytes have the same value. */
bool same_value(const struct followed *what, const void *a, const char *extra_a, const void *b, const char *extra_b);

#endif
