/* The difference between two tables, as changes in order. */
#ifndef GETIFS_DIFFERENCE_H
#define GETIFS_DIFFERENCE_H
#include "keyed.h"

struct record {
    const void *row; /* NULL: none */
    const char *extra;
};
/* Receives a change: rows without `old` were added, `old` without a row was removed. 0 or a negative errno. */
typedef int change_handler(void *context, struct record row, struct record old);

/* Zeroed but for the input before the first call. */
struct difference {
    const struct keyed *old, *new;
    change_handler *handle;
    void *context;
    uint8_t *old_paired, *new_paired;
    unsigned pass;
    size_t at, likely;
};
/* Large tables take several calls: OUTCOME_PAUSED. */
int difference_continue(struct difference *difference);
void difference_end(struct difference *difference);

static inline struct record record_of(const struct keyed *keyed, size_t at)
{
    return (struct record){table_row(&keyed->table, at), keyed->table.extra};
}

#endif
