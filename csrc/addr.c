#include "addr.h"
#include <errno.h>

void addr_request(struct request *request, unsigned type, unsigned family, uint32_t index)
{
    struct ifaddrmsg header = {.ifa_family = (uint8_t)family, .ifa_index = index};
    request_begin(request, type, NLM_F_DUMP, &header, sizeof header);
}

int addr_parse(struct table *table, unsigned family, uint32_t index, const uint8_t *payload, size_t len)
{
    struct ifaddrmsg header;
    if (len < sizeof header)
        return -EBADMSG;
    memcpy(&header, payload, sizeof header);
    size_t size = address_size(header.ifa_family);
    if (!size || (family && header.ifa_family != family) || (index && header.ifa_index != index))
        return 0;
    struct getifs_ifnet *row = table_next(table);
    if (!row)
        return -ENOMEM;
    row->index = header.ifa_index;
    row->flags = header.ifa_flags;
    row->family = header.ifa_family;
    row->prefix_len = header.ifa_prefixlen;
    row->scope = header.ifa_scope;
    row->valid_lft = row->preferred_lft = UINT32_MAX;

    struct attr local = {0}, address = {0}, attr;
    struct attrs it = attrs_of(payload + sizeof header, len - sizeof header);
    enum attr_step step;
    unsigned has = 0;
    while ((step = attr_next(&it, &attr)) == ATTR_OK) {
        switch (attr.type) {
        case IFA_LOCAL: local = attr; break;
        case IFA_ADDRESS: address = attr; break;
        case IFA_FLAGS: attr_u32(&attr, &row->flags); break;
        case IFA_RT_PRIORITY: has |= attr_u32(&attr, &row->metric) ? GETIFS_HAS_METRIC : 0u; break;
        case IFA_PROTO: has |= attr_u8(&attr, &row->proto) ? GETIFS_HAS_PROTO : 0u; break;
        case IFA_BROADCAST:
            if (header.ifa_family == AF_INET && attr_address(&attr, AF_INET, row->broadcast))
                has |= GETIFS_HAS_BROADCAST;
            break;
        case IFA_LABEL: {
            size_t text = attr_text_len(&attr);
            if (text > sizeof row->label - 1)
                text = sizeof row->label - 1; /* the kernel's IFNAMSIZ leaves no more */
            row->label[0] = (uint8_t)text;
            memcpy(row->label + 1, attr.data, text);
            break;
        }
        case IFA_CACHEINFO: {
            struct ifa_cacheinfo info;
            if (attr.len < sizeof info)
                break;
            memcpy(&info, attr.data, sizeof info);
            row->valid_lft = info.ifa_valid;
            row->preferred_lft = info.ifa_prefered;
            has |= GETIFS_HAS_LIFETIME;
            break;
        }
        }
    }
    if (step == ATTR_BROKEN)
        return -EBADMSG;
    /* With IFA_LOCAL, IFA_ADDRESS is the far end, in IPv4 also where there is none: then both are the same. */
    const struct attr *own = local.data ? &local : &address;
    if (!own->data || !attr_address(own, header.ifa_family, row->addr) || row->prefix_len > size * 8 || !row->index) {
        table->malformed++;
        return 0;
    }
    if (local.data && address.data && attr_address(&address, header.ifa_family, row->peer)) {
        if (memcmp(row->peer, row->addr, size) != 0)
            has |= GETIFS_HAS_PEER;
        else
            memset(row->peer, 0, sizeof row->peer);
    }
    row->has = (uint8_t)has;
    table_keep_unfiltered(table);
    return 0;
}
