/* Neighbours: RTM_GETNEIGH. */
#include "object.h"

static void neighbour_request(struct request *request, const struct dump *dump)
{
    /* The kernel dumps proxy entries only on request, and then no others. */
    struct ndmsg header = {.ndm_family = (uint8_t)dump->family, .ndm_flags = dump->proxies ? NTF_PROXY : 0};
    request_begin(request, RTM_GETNEIGH, NLM_F_DUMP, &header, sizeof header);
    if (dump->index)
        request_attr(request, NDA_IFINDEX, &dump->index, sizeof dump->index);
}

static const struct field neighbour_fields[] = {
    FIELD(NDA_PROTOCOL, getifs_neighbour, protocol, 0),
};

static int neighbour_parse(struct dump *dump, const uint8_t *payload, size_t len)
{
    struct ndmsg header;
    memcpy(&header, payload, sizeof header);
    uint32_t index = (uint32_t)header.ndm_ifindex;
    bool is_listed = dump->all || !(header.ndm_state & NUD_NOARP || header.ndm_flags & NTF_PROXY);
    if (!address_size(header.ndm_family) || (dump->family && header.ndm_family != dump->family)
        || (dump->index && index != dump->index) || !is_listed)
        return 0; /* AF_BRIDGE: a forwarding entry of a bridge, not a neighbour */
    if (!attr_set_read(&dump->set, payload + sizeof header, len - sizeof header))
        return OUTCOME_MALFORMED;
    struct getifs_neighbour *row = table_next(dump->table);
    if (!row)
        return -ENOMEM;
    row->index = index;
    row->state = header.ndm_state;
    row->family = header.ndm_family;
    row->type = header.ndm_type;
    row->flags = header.ndm_flags;
    uint32_t extended = 0;
    attr_u32(attr_of(&dump->set, NDA_FLAGS_EXT), &extended);
    row->flags |= extended << 8;
    row->proxy = header.ndm_flags & NTF_PROXY ? 1 : 0;
    fields_read(neighbour_fields, FIELD_COUNT(neighbour_fields), &dump->set, row);
    struct attr mac = attr_of(&dump->set, NDA_LLADDR);
    if (mac.len && mac.len <= sizeof row->mac) {
        memcpy(row->mac, mac.data, mac.len);
        row->mac_len = (uint8_t)mac.len;
    }
    if (!index || !attr_address(attr_of(&dump->set, NDA_DST), row->family, row->addr))
        dump->table->malformed++;
    else
        table_keep_unfiltered(dump->table);
    return 0;
}

static const struct key neighbour_keys[] = {KEY(getifs_neighbour, index), KEY(getifs_neighbour, family),
                                            KEY(getifs_neighbour, addr), KEY(getifs_neighbour, proxy)};
static const struct identity neighbour_identity = {neighbour_keys, 4, NULL};

const struct object neighbour_object = {
    .name = "RTM_GETNEIGH",
    .new_type = RTM_NEWNEIGH,
    .del_type = RTM_DELNEIGH,
    .evidence = EVIDENCE_LATE,
    .groups = {RTNLGRP_NEIGH, RTNLGRP_NEIGH},
    .header_size = sizeof(struct ndmsg),
    .row_size = sizeof(struct getifs_neighbour),
    .short_rows = true,
    .identity = &neighbour_identity,
    .make_unique = table_unique,
    .request = neighbour_request,
    .parse = neighbour_parse,
    .refusal = unsupported_is_empty,
};
