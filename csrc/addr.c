#include "addr.h"
#include <errno.h>

void addr_request(struct request *request, unsigned type, unsigned family, uint32_t index)
{
    struct ifaddrmsg header = {.ifa_family = (uint8_t)family, .ifa_index = index};
    request_begin(request, type, NLM_F_DUMP, &header, sizeof header);
}

int addr_parse(struct table *table, struct attr_set *set, unsigned family, uint32_t index, const uint8_t *payload, size_t len)
{
    struct ifaddrmsg header;
    if (len < sizeof header)
        return -EBADMSG;
    memcpy(&header, payload, sizeof header);
    size_t size = address_size(header.ifa_family);
    if (!size || (family && header.ifa_family != family) || (index && header.ifa_index != index))
        return 0;
    if (!attr_set_read(set, payload + sizeof header, len - sizeof header))
        return -EBADMSG;
    struct getifs_ifnet *row = table_next(table);
    if (!row)
        return -ENOMEM;
    row->index = header.ifa_index;
    row->flags = header.ifa_flags;
    row->valid_lft = row->preferred_lft = UINT32_MAX;
    row->family = header.ifa_family;
    row->prefix_len = header.ifa_prefixlen;
    row->scope = header.ifa_scope;
    /* With IFA_LOCAL, IFA_ADDRESS is the far end, in IPv4 also where there is none: then both are the same. */
    struct attr local = attr_of(set, IFA_LOCAL), address = attr_of(set, IFA_ADDRESS);
    if (!attr_address(local.data ? local : address, row->family, row->addr) || row->prefix_len > size * 8 || !row->index) {
        table->malformed++;
        return 0;
    }
    unsigned has = 0;
    if (local.data && attr_address(address, row->family, row->peer)) {
        if (memcmp(row->peer, row->addr, size) != 0)
            has |= GETIFS_HAS_PEER;
        else
            memset(row->peer, 0, sizeof row->peer);
    }
    attr_u32(attr_of(set, IFA_FLAGS), &row->flags);
    if (attr_u32(attr_of(set, IFA_RT_PRIORITY), &row->metric))
        has |= GETIFS_HAS_METRIC;
    if (attr_u8(attr_of(set, IFA_PROTO), &row->proto))
        has |= GETIFS_HAS_PROTO;
    if (row->family == AF_INET && attr_address(attr_of(set, IFA_BROADCAST), AF_INET, row->broadcast))
        has |= GETIFS_HAS_BROADCAST;
    struct attr label = attr_text(attr_of(set, IFA_LABEL)), lifetime = attr_of(set, IFA_CACHEINFO);
    if (label.len > sizeof row->label - 1)
        label.len = sizeof row->label - 1; /* the kernel's IFNAMSIZ leaves no more */
    row->label[0] = (uint8_t)label.len;
    if (label.len)
        memcpy(row->label + 1, label.data, label.len);
    struct ifa_cacheinfo info;
    if (lifetime.len >= sizeof info) {
        memcpy(&info, lifetime.data, sizeof info);
        row->valid_lft = info.ifa_valid;
        row->preferred_lft = info.ifa_prefered;
        has |= GETIFS_HAS_LIFETIME;
    }
    row->has = (uint8_t)has;
    table_keep_unfiltered(table);
    return 0;
}
