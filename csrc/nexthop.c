#include "nexthop.h"
#include <errno.h>

void nexthop_request(struct request *request)
{
    struct nhmsg header = {0};
    request_begin(request, RTM_GETNEXTHOP, NLM_F_DUMP, &header, sizeof header);
}

/* Weights have 16 bits since Linux 6.12: the byte that was reserved before holds the upper half. */
static int append_group(struct table *table, struct getifs_nexthop *row, struct attr group)
{
    struct nexthop_grp member;
    for (size_t at = 0; at + sizeof member <= group.len; at += sizeof member) {
        memcpy(&member, group.data + at, sizeof member);
        uint8_t high;
        memcpy(&high, group.data + at + 5, 1);
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
    row->flags = header.nh_flags;
    row->family = header.nh_family;
    row->protocol = header.nh_protocol;
    row->scope = header.nh_scope;
    row->text_at = (uint32_t)table->text_size;
    struct attr_set set;
    set.count = 0;
    bool broken = !attr_set_read(&set, payload + sizeof header, len - sizeof header);
    attr_u32(attr_of(&set, NHA_ID), &row->id);
    if (!row->id) {
        table->malformed++;
        return 0;
    }
    attr_u32(attr_of(&set, NHA_OIF), &row->index);
    attr_u16(attr_of(&set, NHA_GROUP_TYPE), &row->group_type);
    attr_u16(attr_of(&set, NHA_ENCAP_TYPE), &row->encap);
    if (attr_address(attr_of(&set, NHA_GATEWAY), row->family, row->gateway))
        row->gateway_family = row->family;
    else
        broken |= attr_is(&set, NHA_GATEWAY);
    int r = append_group(table, row, attr_of(&set, NHA_GROUP));
    if (r < 0)
        return r;
    row->has = (uint8_t)((attr_is(&set, NHA_BLACKHOLE) ? GETIFS_HAS_BLACKHOLE : 0) | (attr_is(&set, NHA_FDB) ? GETIFS_HAS_FDB : 0)
                         | (broken ? GETIFS_HAS_BROKEN : 0));
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
