/* Multicast groups: RTM_GETMULTICAST. */
#include "fallback.h"

static void group_request(struct request *request, const struct dump *dump)
{
    struct ifaddrmsg header = {.ifa_family = (uint8_t)dump->family, .ifa_index = dump->index};
    request_begin(request, RTM_GETMULTICAST, NLM_F_DUMP, &header, sizeof header);
}

static int group_parse(struct dump *dump, const uint8_t *payload, size_t len)
{
    struct ifaddrmsg header;
    memcpy(&header, payload, sizeof header);
    if (!address_size(header.ifa_family) || (dump->family && header.ifa_family != dump->family)
        || (dump->index && header.ifa_index != dump->index))
        return 0;
    if (!attr_set_read(&dump->set, payload + sizeof header, len - sizeof header))
        return OUTCOME_MALFORMED;
    struct getifs_ifaddr *row = table_next(dump->table);
    if (!row)
        return -ENOMEM;
    row->index = header.ifa_index;
    row->family = header.ifa_family;
    if (!row->index || !attr_address(attr_of(&dump->set, IFA_MULTICAST), row->family, row->addr))
        dump->table->malformed++;
    else
        table_keep_unfiltered(dump->table);
    return 0;
}

static const struct key group_keys[] = {KEY(getifs_ifaddr, index), KEY(getifs_ifaddr, family), KEY(getifs_ifaddr, addr)};
static const struct identity group_identity = {group_keys, 3, NULL};

const struct object group_object = {
    .name = "RTM_GETMULTICAST",
    .new_type = RTM_NEWMULTICAST,
    .other_type = RTM_GETMULTICAST, /* the type of most answers */
    .del_type = RTM_DELMULTICAST,
    .evidence = EVIDENCE_LATE,
    .groups = {RTNLGRP_IPV4_MCADDR, RTNLGRP_IPV6_MCADDR},
    .header_size = sizeof(struct ifaddrmsg),
    .row_size = sizeof(struct getifs_ifaddr),
    .short_rows = true,
    .identity = &group_identity,
    .make_unique = table_unique_by_interface,
    .request = group_request,
    .parse = group_parse,
    .fallback = groups_from_proc,
};
