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

int emit(struct getifs_mirror *m, const struct part *part, struct record row, struct record old)
{
    if (!part->shown || !(m->filled || m->initial))
        return 0;
    bool has_row = row.row && is_visible(m, part, row.row), has_old = old.row && is_visible(m, part, old.row);
    if (!has_row && !has_old)
        return 0;
    struct getifs_event event = {.object = part->event_object, .row_at = UINT32_MAX, .old_at = UINT32_MAX};
    event.kind = !has_old ? GETIFS_ADDED : has_row ? GETIFS_CHANGED : GETIFS_REMOVED;
    int r = append_record(&m->events, part->what, has_row ? row : old, &event.row_at);
    if (r == 0 && has_row && has_old)
        r = append_record(&m->events, part->what, old, &event.old_at);
    struct getifs_event *next = r == 0 ? table_next(&m->events) : NULL;
    if (!next)
        return r < 0 ? r : -ENOMEM;
    *next = event;
    table_keep_unfiltered(&m->events);
    return 0;
}
