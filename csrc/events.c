/* Changes as the events that Python reads. */
#include "mirror.h"

static bool is_visible(const struct getifs_mirror *m, const struct part *part, const void *row)
{
    if (part->what == &route_followed)
        return m->all_routes || route_is_kept(&(struct route_rules){0}, row);
    if (part->what == &nexthop_followed)
        return !(((const struct getifs_nexthop *)row)->has & NEXTHOP_HAS_BROKEN);
    return true;
}

/* Copies a record and its side bytes to the side buffer of the events. */
static int append_record(struct table *events, const struct followed *what, struct record record, uint32_t *at)
{
    unsigned char copy[256];
    size_t size = what->object->row_size;
    memcpy(copy, record.row, size);
    *at = (uint32_t)events->extra_len;
    uint32_t extra_at = *at + (uint32_t)size;
    if (what->extra_at)
        memcpy(copy + what->extra_at, &extra_at, sizeof extra_at);
    int r = table_append(events, copy, size);
    size_t len = extra_len_of(what, record.row);
    return r < 0 || !len ? r : table_append(events, extra_of(what, record.row, record.extra), len);
}

int append_event(struct table *events, const struct followed *what, uint32_t object, struct record row, struct record old)
{
    struct getifs_event event = {.object = object, .row_at = UINT32_MAX, .old_at = UINT32_MAX};
    event.kind = !old.row ? GETIFS_ADDED : row.row ? GETIFS_CHANGED : GETIFS_REMOVED;
    int r = append_record(events, what, row.row ? row : old, &event.row_at);
    if (r == 0 && row.row && old.row)
        r = append_record(events, what, old, &event.old_at);
    struct getifs_event *next = r == 0 ? table_next(events) : NULL;
    if (!next)
        return r < 0 ? r : -ENOMEM;
    *next = event;
    table_keep_unfiltered(events);
    return 0;
}

int emit(struct getifs_mirror *m, const struct part *part, struct record row, struct record old)
{
    static const struct record none = {0};
    if (!part->shown || !(m->filled || m->initial))
        return 0;
    if (row.row && !is_visible(m, part, row.row))
        row = none;
    if (old.row && !is_visible(m, part, old.row))
        old = none;
    return row.row || old.row ? append_event(&m->events, part->what, part->event_object, row, old) : 0;
}
