/* Next-hop objects: RTM_GETNEXTHOP (Linux 5.3). */
#include "nexthop.h"
#include <stdlib.h>

/* Always of every family: a family filter hides groups. */
static void nexthop_request(struct request *request, const struct dump *dump)
{
    struct nhmsg header = {0};
    (void)dump;
    request_begin(request, RTM_GETNEXTHOP, NLM_F_DUMP, &header, sizeof header);
}

static const struct field nexthop_fields[] = {
    FIELD(NHA_ID, getifs_nexthop, id, 0),
    FIELD(NHA_OIF, getifs_nexthop, index, 0),
    FIELD(NHA_GROUP_TYPE, getifs_nexthop, group_type, 0),
    FIELD(NHA_ENCAP_TYPE, getifs_nexthop, encap, 0),
};

/* A weight has 16 bits since Linux 6.12: the byte that was reserved before is the upper half. */
static int append_group(struct table *table, struct getifs_nexthop *row, struct attr group)
{
    struct nexthop_grp member;
    for (size_t at = 0; at + sizeof member <= group.len; at += sizeof member) {
        memcpy(&member, group.data + at, sizeof member);
        uint8_t high;
        memcpy(&high, group.data + at + 5, 1);
        uint32_t pair[2] = {member.id, (uint32_t)(member.weight | high << 8) + 1};
        int r = table_append(table, pair, sizeof pair);
        if (r < 0)
            return r;
        row->members_len += (uint32_t)sizeof pair;
    }
    return 0;
}

static int append_resilient(struct table *table, struct attr args)
{
    uint64_t words[4] = {0};
    uint16_t buckets = 0;
    uint32_t idle = 0, unbalanced = 0;
    attr_u16(attr_nested(args, NHA_RES_GROUP_BUCKETS), &buckets);
    attr_u32(attr_nested(args, NHA_RES_GROUP_IDLE_TIMER), &idle);
    attr_u32(attr_nested(args, NHA_RES_GROUP_UNBALANCED_TIMER), &unbalanced);
    attr_copy(attr_nested(args, NHA_RES_GROUP_UNBALANCED_TIME), &words[3], sizeof words[3]);
    words[0] = buckets;
    words[1] = idle;
    words[2] = unbalanced;
    return table_append(table, words, sizeof words);
}

static int nexthop_parse(struct dump *dump, const uint8_t *payload, size_t len)
{
    struct nhmsg header;
    memcpy(&header, payload, sizeof header);
    struct table *table = dump->table;
    struct getifs_nexthop *row = table_next(table);
    if (!row)
        return -ENOMEM;
    row->flags = header.nh_flags;
    row->family = header.nh_family;
    row->protocol = header.nh_protocol;
    row->scope = header.nh_scope;
    const struct attr_set *set = &dump->set;
    bool broken = !attr_set_read(&dump->set, payload + sizeof header, len - sizeof header);
    fields_read(nexthop_fields, FIELD_COUNT(nexthop_fields), set, row);
    if (!row->id) {
        table->malformed++;
        return 0;
    }
    if (attr_address(attr_of(set, NHA_GATEWAY), row->family, row->gateway))
        row->gateway_family = row->family;
    else
        broken |= attr_is(set, NHA_GATEWAY);
    row->extra_at = (uint32_t)table->extra_len;
    int r = append_group(table, row, attr_of(set, NHA_GROUP));
    if (r == 0 && attr_is(set, NHA_RES_GROUP))
        r = append_resilient(table, attr_of(set, NHA_RES_GROUP));
    if (r < 0)
        return r;
    row->extra_len = (uint32_t)table->extra_len - row->extra_at;
    row->has = (uint8_t)((attr_is(set, NHA_BLACKHOLE) ? NEXTHOP_HAS_BLACKHOLE : 0)
                         | (attr_is(set, NHA_FDB) ? NEXTHOP_HAS_FDB : 0)
                         | (attr_is(set, NHA_RES_GROUP) ? NEXTHOP_HAS_RESILIENT : 0) | (broken ? NEXTHOP_HAS_BROKEN : 0));
    table_keep_unfiltered(table);
    return 0;
}

void nexthop_drop_broken(struct table *table)
{
    size_t kept = 0;
    for (size_t i = 0; i < table->count; i++) {
        const struct getifs_nexthop *row = table_row(table, i);
        if (row->has & NEXTHOP_HAS_BROKEN)
            table->malformed++;
        else if (kept++ != i)
            memcpy(table_row(table, kept - 1), row, table->row_size);
    }
    table->count = kept;
}

static int compare_ids(const void *a, const void *b)
{
    uint32_t x, y;
    memcpy(&x, a, sizeof x); /* the id is the first member of the record */
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

void nexthop_sort(struct table *nexthops)
{
    if (nexthops->count)
        qsort(nexthops->rows, nexthops->count, nexthops->row_size, compare_ids);
}

const struct getifs_nexthop *nexthop_find(const struct table *nexthops, uint32_t id)
{
    return nexthops->count ? bsearch(&id, nexthops->rows, nexthops->count, nexthops->row_size, compare_ids) : NULL;
}

static const struct key nexthop_keys[] = {KEY(getifs_nexthop, id)};
static const struct identity nexthop_identity = {nexthop_keys, 1, NULL};

const struct object nexthop_object = {
    .name = "RTM_GETNEXTHOP",
    .new_type = RTM_NEWNEXTHOP,
    .del_type = RTM_DELNEXTHOP,
    .evidence = EVIDENCE_FLAG,
    .header_size = sizeof(struct nhmsg),
    .row_size = sizeof(struct getifs_nexthop),
    .identity = &nexthop_identity,
    .request = nexthop_request,
    .parse = nexthop_parse,
    .refusal = unsupported_is_empty,
};
