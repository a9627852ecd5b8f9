/* Unicast addresses: RTM_GETADDR. */
#include "object.h"

static void addr_request(struct request *request, const struct dump *dump)
{
    struct ifaddrmsg header = {.ifa_family = (uint8_t)dump->family, .ifa_index = dump->index};
    request_begin(request, RTM_GETADDR, NLM_F_DUMP, &header, sizeof header);
}

static const struct field addr_fields[] = {
    FIELD(IFA_FLAGS, getifs_addr, flags, 0), /* 32 bits; the header has the lower 8 */
    FIELD(IFA_RT_PRIORITY, getifs_addr, metric, ADDR_HAS_METRIC),
    FIELD(IFA_PROTO, getifs_addr, proto, ADDR_HAS_PROTO),
};

/* With IFA_LOCAL, IFA_ADDRESS is the far end of a point-to-point link. IPv4 always sends both: they are equal if
   there is no far end. False: the address is malformed. */
static bool read_addresses(const struct attr_set *set, struct getifs_addr *row, unsigned *has)
{
    struct attr local = attr_of(set, IFA_LOCAL), address = attr_of(set, IFA_ADDRESS);
    if (!attr_address(local.data ? local : address, row->family, row->addr))
        return false;
    if (local.data && attr_address(address, row->family, row->peer)) {
        if (memcmp(row->peer, row->addr, address_size(row->family)) != 0)
            *has |= ADDR_HAS_PEER;
        else
            memset(row->peer, 0, sizeof row->peer);
    }
    if (row->family == AF_INET && attr_address(attr_of(set, IFA_BROADCAST), AF_INET, row->broadcast))
        *has |= ADDR_HAS_BROADCAST;
    return true;
}

static void read_label(struct attr label, struct getifs_addr *row)
{
    if (label.len > sizeof row->label - 1)
        label.len = sizeof row->label - 1; /* IFNAMSIZ leaves no more */
    row->label[0] = (uint8_t)label.len;
    if (label.len)
        memcpy(row->label + 1, label.data, label.len);
}

static int addr_parse(struct dump *dump, const uint8_t *payload, size_t len)
{
    struct ifaddrmsg header;
    memcpy(&header, payload, sizeof header);
    size_t size = address_size(header.ifa_family);
    if (!size || (dump->family && header.ifa_family != dump->family) || (dump->index && header.ifa_index != dump->index))
        return 0;
    if (!attr_set_read(&dump->set, payload + sizeof header, len - sizeof header))
        return OUTCOME_MALFORMED;
    struct getifs_addr *row = table_next(dump->table);
    if (!row)
        return -ENOMEM;
    row->index = header.ifa_index;
    row->flags = header.ifa_flags;
    row->family = header.ifa_family;
    row->prefix_len = header.ifa_prefixlen;
    row->scope = header.ifa_scope;
    unsigned has = 0;
    if (!row->index || row->prefix_len > size * 8 || !read_addresses(&dump->set, row, &has)) {
        dump->table->malformed++;
        return 0;
    }
    has |= fields_read(addr_fields, FIELD_COUNT(addr_fields), &dump->set, row);
    read_label(attr_string(attr_of(&dump->set, IFA_LABEL)), row);
    struct ifa_cacheinfo info = {.ifa_valid = UINT32_MAX, .ifa_prefered = UINT32_MAX};
    if (attr_copy(attr_of(&dump->set, IFA_CACHEINFO), &info, sizeof info))
        has |= ADDR_HAS_LIFETIME;
    row->valid_lft = info.ifa_valid;
    row->preferred_lft = info.ifa_prefered;
    row->has = (uint8_t)has;
    table_keep_unfiltered(dump->table);
    return 0;
}

static const struct key addr_keys[] = {KEY(getifs_addr, index), KEY(getifs_addr, family), KEY(getifs_addr, prefix_len),
                                       KEY(getifs_addr, addr), KEY(getifs_addr, peer)};
static const struct identity addr_identity = {addr_keys, 5, NULL};

const struct object addr_object = {
    .name = "RTM_GETADDR",
    .new_type = RTM_NEWADDR,
    .del_type = RTM_DELADDR,
    .evidence = EVIDENCE_LATE,
    .groups = {RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV6_IFADDR},
    .header_size = sizeof(struct ifaddrmsg),
    .row_size = sizeof(struct getifs_addr),
    .short_rows = true,
    .identity = &addr_identity,
    .make_unique = table_unique_by_interface,
    .request = addr_request,
    .parse = addr_parse,
    .refusal = unsupported_is_empty,
};
