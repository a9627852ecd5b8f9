/* Queries that are answered from mirrored rows: the steps of a plan, with copies of the rows in place of dumps. */
#include "mirror.h"
#include "plan.h"
#include <stdio.h>
#include <stdlib.h>

/* What the parser of routes keeps, for rows that were kept with all others. */
bool route_is_kept(const struct route_rules *rules, const struct getifs_route *row)
{
    if (rules->one_table ? row->table != rules->table
                         : !rules->every && (row->table < RT_TABLE_DEFAULT || row->table > RT_TABLE_LOCAL))
        return false;
    if (!rules->every
        && ((rules->defaults && row->dst_len) || (row->type != RTN_UNICAST && row->type != RTN_LOCAL) || row->tos
            || row->src_len || row->has & ROUTE_HAS_SOURCE))
        return false;
    if (!rules->unusable && row->flags & ROUTE_HOP_UNUSABLE && row->has & (ROUTE_HAS_HOP | ROUTE_HAS_OBJECT))
        return false;
    return !(rules->resolvable && row->flags & (RTNH_F_DEAD | RTNH_F_UNRESOLVED));
}

bool neighbour_is_kept(const struct getifs_neighbour *row)
{
    return !(row->state & NUD_NOARP) && !row->proxy;
}

static bool link_has_name(const struct getifs_link *link, const char *extra, const char *name, size_t len)
{
    const char *at = extra + link->extra_at, *alternative = at;
    if (link->part_len[LINK_NAME] == len && memcmp(at, name, len) == 0)
        return true;
    for (int part = 0; part < LINK_ALT_NAMES; part++)
        alternative += link->part_len[part];
    const char *end = alternative + link->part_len[LINK_ALT_NAMES];
    while (alternative < end) {
        size_t size = strlen(alternative); /* each is terminated */
        if (size == len && memcmp(alternative, name, len) == 0)
            return true;
        alternative += size + 1;
    }
    return false;
}

static bool is_asked_for(const struct query *q, const struct keyed *rows, const void *row)
{
    const struct dump *dump = &q->dump;
    const void *index = row; /* the first member of links, addresses and neighbours */
    if (dump->object == &route_object)
        return route_is_kept(&q->rules, row)
            && (!dump->family || ((const struct getifs_route *)row)->family == dump->family);
    if (dump->object == &nexthop_object)
        return true;
    if (dump->single && !dump->index)
        return link_has_name(row, rows->table.extra, dump->name, dump->name_len);
    if (dump->index && memcmp(index, &dump->index, sizeof dump->index) != 0)
        return false;
    if (!dump->family || dump->object == &link_object)
        return true;
    unsigned family = dump->object == &addr_object ? ((const struct getifs_addr *)row)->family
        : dump->object == &rule_object             ? ((const struct getifs_rule *)row)->family
                                                   : ((const struct getifs_neighbour *)row)->family;
    return family == dump->family;
}

static int copy_row(struct table *table, const struct keyed *rows, const void *row)
{
    void *copy = table_next(table);
    if (!copy)
        return -ENOMEM;
    memcpy(copy, row, table->row_size);
    size_t len = extra_len_of(rows->what, row);
    if (rows->what->extra_at) {
        uint32_t at = (uint32_t)table->extra_len;
        memcpy((char *)copy + rows->what->extra_at, &at, sizeof at);
    }
    int r = len ? table_append(table, extra_of(rows->what, row, rows->table.extra), len) : 0;
    if (r == 0)
        table_keep(table);
    return r;
}

static int copy_rows(struct query *q, const struct part *part)
{
    const struct keyed *rows = &part->rows;
    struct table *table = q->dump.table;
    int r = 0;
    for (size_t at = 0; at < rows->table.count && r == 0; at++) {
        const void *row = table_row(&rows->table, at);
        if (keyed_has(rows, at) && is_asked_for(q, rows, row))
            r = copy_row(table, rows, row);
    }
    return r;
}

static int compare_indexes(const void *a, const void *b)
{
    uint32_t x, y;
    memcpy(&x, a, sizeof x); /* the index is the first member of the record */
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

/* Dumps are in the order of indexes, and begin with IPv4. Notifications come in any order. */
static int copy_in_order(struct query *q, const struct part *part)
{
    struct table *table = q->dump.table;
    if (q->dump.object == &link_object) {
        int r = copy_rows(q, part);
        for (size_t i = 1; i < table->count; i++)
            if (compare_indexes(table_row(table, i - 1), table_row(table, i)) > 0) {
                qsort(table->rows, table->count, table->row_size, compare_indexes);
                break;
            }
        return r;
    }
    if (q->dump.family || q->dump.object == &nexthop_object || q->dump.object == &route_object)
        return copy_rows(q, part);
    q->dump.family = AF_INET;
    int r = copy_rows(q, part);
    q->dump.family = AF_INET6;
    return r < 0 ? r : copy_rows(q, part);
}

/* The parts that a step reads: from, up to. NULL and a text: not followed. */
static const struct part *parts_of(struct getifs_mirror *m, const struct step *step, const struct part **end,
                                   const char **text)
{
    static const char *const texts[PART_COUNT] = {
        [PART_ADDRS] = "pass addrs=True to watch()",    [PART_NEXTHOPS] = "pass nexthops=True to watch()",
        [PART_ROUTES4] = "pass routes=True to watch()", [PART_NEIGHBOURS] = "pass neighbours=True to watch()",
        [PART_RULES] = "pass rules=True to watch()",
    };
    enum part_number first = step->object == OBJECT_LINK ? PART_LINKS
        : step->object == OBJECT_ADDR                    ? PART_ADDRS
        : step->object == OBJECT_NEXTHOP                 ? PART_NEXTHOPS
        : step->object == OBJECT_ROUTE                   ? PART_ROUTES4
        : step->object == OBJECT_NEIGHBOUR               ? PART_NEIGHBOURS
        : step->object == OBJECT_RULE                    ? PART_RULES
                                                         : PART_COUNT;
    *text = "there are no notifications for this";
    bool is_lookup = first == PART_ROUTES4 && step->flags & STEP_SINGLE;
    if (first == PART_COUNT || is_lookup || step->flags & STEP_PROXIES)
        return NULL;
    *end = &m->parts[first] + (first == PART_ROUTES4 ? 2 : 1);
    *text = texts[first];
    bool is_followed = first == PART_LINKS || m->parts[first].shown
        || (first == PART_ROUTES4 && m->parts[PART_ROUTES6].shown);
    return is_followed ? &m->parts[first] : NULL;
}

static int explain(struct getifs_client *client, const char *text)
{
    snprintf(client->message, sizeof client->message, "not followed: %s", text);
    return GETIFS_UNFOLLOWED;
}

/* GETIFS_UNFOLLOWED, or 0 and *result. */
static int answer_step(struct getifs_mirror *m, struct query *q, const struct step *step, struct getifs_client *client,
                       int *result)
{
    int r = 0;
    if (!step->is_needed || step->is_needed(q)) {
        const struct part *end;
        const char *text;
        const struct part *part = parts_of(m, step, &end, &text);
        if (!part)
            return explain(client, text);
        query_begin_dump(q, step, q->request.family);
        for (; part < end && r == 0; part++)
            r = copy_in_order(q, part);
        if (r == 0 && step->flags & STEP_SINGLE && !(step->flags & STEP_OPTIONAL) && !q->dump.table->count)
            r = ENODEV;
    }
    if (r == 0 && step->done)
        r = step->done(q);
    *result = r;
    return 0;
}

int mirror_query(struct getifs_mirror *m, struct getifs_client *client, const struct getifs_request *request,
                 const struct getifs_filter *filter)
{
    struct query q;
    int r = 0, refused = 0;
    client->message[0] = 0;
    query_begin(&q, plan_of(request->query), request, filter);
    if (m->family && request->family && m->family != request->family)
        refused = explain(client, "the watcher follows the other family only");
    else if (request->options & (GETIFS_WITH_STATS | GETIFS_WITH_LINK_MODES)
             || (request->query == GETIFS_NEIGHBOURS && request->options & GETIFS_ALL))
        refused = explain(client, "there are no notifications for this");
    else if (request->options & GETIFS_WITH_DETAILS)
        refused = explain(client, "a watcher does not keep the details of links");
    for (size_t i = 0; i < q.plan->step_count && r == 0 && !refused; i++)
        refused = answer_step(m, &q, &q.plan->steps[i], client, &r);
    if (r == 0 && !refused) {
        if (q.plan->has_more) { /* the mirrored addresses can be older than the links */
            table_filter(&q.tables[OBJECT_ADDR]);
        } else {
            q.unique_count = OBJECT_GATEWAY; /* the others are unique */
            do
                r = query_finish(&q);
            while (r == OUTCOME_PAUSED);
        }
    }
    if (r == 0 && !refused)
        query_answer(&q, client);
    int status = refused ? refused : query_status(&q, client, r);
    query_end(&q);
    return status;
}
