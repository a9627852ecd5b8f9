/* The question for the route to one destination: RTM_GETROUTE without a dump. */
#include "route.h"

void route_lookup_request(struct request *request, const struct dump *dump)
{
    struct getifs_lookup lookup;
    memcpy(&lookup, dump->name, sizeof lookup);
    size_t size = address_size(dump->family);
    bool has_source = lookup.has & LOOKUP_HAS_SOURCE;
    struct rtmsg header = {
        .rtm_family = (uint8_t)dump->family,
        .rtm_dst_len = (uint8_t)(size * 8),
        .rtm_src_len = has_source ? (uint8_t)(size * 8) : 0,
        .rtm_tos = lookup.tos,
        /* Without it IPv4 always says "main". IPv6 refuses it, and always says the table. */
        .rtm_flags = dump->family == AF_INET ? RTM_F_LOOKUP_TABLE : 0,
    };
    request_begin(request, RTM_GETROUTE, 0, &header, sizeof header);
    request_attr(request, RTA_DST, lookup.dst, size);
    if (has_source)
        request_attr(request, RTA_SRC, lookup.src, size);
    if (dump->index)
        request_attr(request, RTA_OIF, &dump->index, sizeof dump->index);
    if (lookup.has & LOOKUP_HAS_MARK)
        request_attr(request, RTA_MARK, &lookup.mark, sizeof lookup.mark);
    if (lookup.has & LOOKUP_HAS_UID)
        request_attr(request, RTA_UID, &lookup.uid, sizeof lookup.uid);
}
