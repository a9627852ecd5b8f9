/* Policy rules: RTM_GETRULE. */
#include "object.h"

static void rule_request(struct request *request, const struct dump *dump)
{
    struct fib_rule_hdr header = {.family = (uint8_t)dump->family};
    request_begin(request, RTM_GETRULE, NLM_F_DUMP, &header, sizeof header);
}

static const struct field rule_fields[] = {
    FIELD(FRA_PRIORITY, getifs_rule, priority, 0),
    FIELD(FRA_TABLE, getifs_rule, table, 0),
    FIELD(FRA_FWMARK, getifs_rule, mark, 0),
    FIELD(FRA_FWMASK, getifs_rule, mask, 0),
    FIELD(FRA_GOTO, getifs_rule, target, RULE_HAS_TARGET),
    FIELD(FRA_FLOW, getifs_rule, flow, 0),
    FIELD(FRA_SUPPRESS_PREFIXLEN, getifs_rule, suppress_prefix_len, RULE_HAS_SUPPRESS_PREFIX_LEN),
    FIELD(FRA_SUPPRESS_IFGROUP, getifs_rule, suppress_group, RULE_HAS_SUPPRESS_GROUP),
    FIELD(FRA_PROTOCOL, getifs_rule, protocol, 0),
    FIELD(FRA_IP_PROTO, getifs_rule, ip_proto, 0),
    FIELD(FRA_L3MDEV, getifs_rule, l3mdev, 0),
    FIELD(FRA_DSCP, getifs_rule, dscp, RULE_HAS_DSCP),
    FIELD(FRA_DSCP_MASK, getifs_rule, dscp_mask, 0),
};

/* Attributes that are not numbers in host order, and ranges, of which the first number is the first field. */
static void read_others(const struct attr_set *set, struct getifs_rule *row)
{
    static const uint8_t none[4] = {0};
    uint32_t uids[2];
    uint16_t ports[2];
    if (attr_copy(attr_of(set, FRA_UID_RANGE), uids, sizeof uids)) {
        row->uid_first = uids[0];
        row->uid_last = uids[1];
        row->has |= RULE_HAS_UID_RANGE;
    }
    if (attr_copy(attr_of(set, FRA_SPORT_RANGE), ports, sizeof ports)) {
        row->sport_first = ports[0];
        row->sport_last = ports[1];
        row->has |= RULE_HAS_SPORT;
    }
    if (attr_copy(attr_of(set, FRA_DPORT_RANGE), ports, sizeof ports)) {
        row->dport_first = ports[0];
        row->dport_last = ports[1];
        row->has |= RULE_HAS_DPORT;
    }
    attr_u16(attr_of(set, FRA_SPORT_MASK), &row->sport_mask);
    attr_u16(attr_of(set, FRA_DPORT_MASK), &row->dport_mask);
    attr_copy(attr_of(set, FRA_TUN_ID), row->tun_id, sizeof row->tun_id);
    attr_copy(attr_of(set, FRA_FLOWLABEL), row->flowlabel, sizeof row->flowlabel);
    attr_copy(attr_of(set, FRA_FLOWLABEL_MASK), row->flowlabel_mask, sizeof row->flowlabel_mask);
    /* The kernel sends "no limit" as -1. */
    if (row->suppress_prefix_len == UINT32_MAX)
        row->has &= (uint16_t)~RULE_HAS_SUPPRESS_PREFIX_LEN;
    if (row->suppress_group == UINT32_MAX)
        row->has &= (uint16_t)~RULE_HAS_SUPPRESS_GROUP;
    if (memcmp(row->flowlabel_mask, none, sizeof none) != 0)
        row->has |= RULE_HAS_FLOWLABEL;
}

static void read_name(struct attr attr, uint8_t *name)
{
    enum { MOST = 15 }; /* IFNAMSIZ - 1 */
    struct attr text = attr_string(attr);
    memcpy(name, text.len ? text.data : (const uint8_t *)"", text.len < MOST ? text.len : MOST);
}

/* An address is sent only if its prefix has a length. */
static bool read_prefix(struct attr attr, unsigned family, unsigned len, uint8_t *addr)
{
    return len <= address_size(family) * 8 && (!len || attr_address(attr, family, addr));
}

static int rule_parse(struct dump *dump, const uint8_t *payload, size_t len)
{
    struct fib_rule_hdr header;
    const struct attr_set *set = &dump->set;
    memcpy(&header, payload, sizeof header);
    if (!address_size(header.family) || (dump->family && header.family != dump->family))
        return 0; /* a rule of multicast routing, RTNL_FAMILY_IPMR */
    if (!attr_set_read(&dump->set, payload + sizeof header, len - sizeof header))
        return OUTCOME_MALFORMED;
    struct getifs_rule *row = table_next(dump->table);
    if (!row)
        return -ENOMEM;
    row->family = header.family;
    row->dst_len = header.dst_len;
    row->src_len = header.src_len;
    row->tos = header.tos;
    row->action = header.action;
    row->invert = header.flags & FIB_RULE_INVERT ? 1 : 0;
    row->flags = header.flags;
    row->table = header.table;
    row->has = (uint16_t)fields_read(rule_fields, FIELD_COUNT(rule_fields), set, row);
    row->has |= (uint16_t)((row->src_len ? RULE_HAS_SOURCE : 0) | (row->dst_len ? RULE_HAS_DESTINATION : 0));
    read_others(set, row);
    read_name(attr_of(set, FRA_IIFNAME), row->iif);
    read_name(attr_of(set, FRA_OIFNAME), row->oif);
    if (read_prefix(attr_of(set, FRA_SRC), row->family, row->src_len, row->src)
        && read_prefix(attr_of(set, FRA_DST), row->family, row->dst_len, row->dst))
        table_keep_unfiltered(dump->table);
    else
        dump->table->malformed++;
    return 0;
}

/* Everything but the flags, which change with interfaces and with other rules. */
static const struct key rule_keys[] = {KEY(getifs_rule, priority),
                                       KEY(getifs_rule, family),
                                       {sizeof(uint32_t), offsetof(struct getifs_rule, flags) - sizeof(uint32_t)}};
static const struct identity rule_identity = {rule_keys, 3, NULL};

const struct object rule_object = {
    .name = "RTM_GETRULE",
    .new_type = RTM_NEWRULE,
    .del_type = RTM_DELRULE,
    .evidence = EVIDENCE_LATE,
    .groups = {RTNLGRP_IPV4_RULE, RTNLGRP_IPV6_RULE},
    .header_size = sizeof(struct fib_rule_hdr),
    .row_size = sizeof(struct getifs_rule),
    .short_rows = true,
    .identity = &rule_identity,
    .make_unique = table_unique_by_interface, /* by priority */
    .request = rule_request,
    .parse = rule_parse,
    .refusal = unsupported_is_empty,
};
