#include "nexthop.h"
#include <errno.h>

void nexthop_request(struct request *request)
{
    struct nhmsg header = {0};
    request_begin(request, RTM_GETNEXTHOP, NLM_F_DUMP, &header, sizeof header);
}

/* Weights have 16 bits since Linux 6.12: the byte that was reserved before holds the upper half. */
static int append_group(struct table *table, struct getifs_nexthop *row, const struct attr *group)
{
    struct nexthop_grp member;
    for (size_t at = 0; at + sizeof member <= group->len; at += sizeof member) {
        memcpy(&member, group->data + at, sizeof member);
        uint8_t high;
        memcpy(&high, group->data + at + 5, 1);
        uint32_t pair[2] = {member.id, (uint32_t)(member.weight | high << 8) + 1};
        int r = table_append_text(table, pair, sizeof pair);
        if (r < 0)
            return r;
        row->text_len += (uint32_t)sizeof pair;
    }
    return 0;
}

int nexthop_parse(struct table *table, const uint8_t *payload, size_t len)
{
    struct nhmsg header;
    if (len < sizeof header)
        return -EBADMSG;
    memcpy(&header, payload, sizeof header);
    struct getifs_nexthop *row = table_next(table);
    if (!row)
        return -ENOMEM;
    row->family = header.nh_family;
    row->scope = header.nh_scope;
    row->protocol = header.nh_protocol;
    row->flags = header.nh_flags;
    row->text_at = (uint32_t)table->text_size;

    struct attrs it = attrs_of(payload + sizeof header, len - sizeof header);
    struct attr attr;
    enum attr_step step;
    unsigned has = 0;
    int r = 0;
    while ((step = attr_next(&it, &attr)) == ATTR_OK && r == 0) {
        switch (attr.type) {
        case NHA_ID: attr_u32(&attr, &row->id); break;
        case NHA_OIF: attr_u32(&attr, &row->index); break;
        case NHA_BLACKHOLE: has |= GETIFS_HAS_BLACKHOLE; break;
        case NHA_FDB: has |= GETIFS_HAS_FDB; break;
        case NHA_GROUP_TYPE: attr_u16(&attr, &row->group_type); break;
        case NHA_ENCAP_TYPE: attr_u16(&attr, &row->encap); break;
        case NHA_GROUP: r = append_group(table, row, &attr); break;
        case NHA_GATEWAY:
            if (attr_address(&attr, header.nh_family, row->gateway))
                row->gateway_family = header.nh_family;
            else
                has |= GETIFS_HAS_BROKEN;
            break;
        }
    }
    if (r < 0)
        return r;
    if (step == ATTR_BROKEN)
        has |= GETIFS_HAS_BROKEN;
    row->has = (uint8_t)has;
    if (!row->id) {
        table->malformed++;
        return 0;
    }
    table_keep_unfiltered(table);
    return 0;
}

void nexthop_drop_broken(struct table *table)
{
    size_t kept = 0;
    for (size_t i = 0; i < table->count; i++) {
        const struct getifs_nexthop *row = table_row(table, i);
        if (row->has & GETIFS_HAS_BROKEN)
            table->malformed++;
        else if (kept++ != i)
            memcpy(table_row(table, kept - 1), row, table->row_size);
    }
    table->count = kept;
}
