#include "link.h"
#include <errno.h>

void link_request(struct request *request, uint32_t index, const char *name, size_t name_len, bool stats)
{
    struct ifinfomsg info = {.ifi_index = (int)index};
    bool one = index || name;
    request_begin(request, RTM_GETLINK, one ? 0 : NLM_F_DUMP, &info, sizeof info);
    /* Without a mask, or with a mask of 0, the kernel sizes its datagrams for a bare link and ends the dump, with
       success, at the first link that does not fit. BRVLAN_COMPRESSED asks for nothing in family AF_UNSPEC. */
    uint32_t mask = stats ? RTEXT_FILTER_BRVLAN_COMPRESSED : RTEXT_FILTER_SKIP_STATS;
    request_attr(request, IFLA_EXT_MASK, &mask, sizeof mask);
    if (name) {
        char text[128] = {0};
        memcpy(text, name, name_len);
        request_attr(request, name_len < IFNAMSIZ ? IFLA_IFNAME : IFLA_ALT_IFNAME, text, name_len + 1);
    }
}

/* An address of nothing but zeros is none. Those of tunnels are their end points, not hardware's. */
static struct attr hardware_address(struct attr attr, unsigned type)
{
    if (attr.len == 4 && (type == ARPHRD_IPGRE || type == ARPHRD_TUNNEL || type == ARPHRD_SIT))
        return (struct attr){0};
    if (attr.len == 16 && (type == ARPHRD_TUNNEL6 || type == ARPHRD_IP6GRE))
        return (struct attr){0};
    for (size_t i = 0; i < attr.len; i++)
        if (attr.data[i])
            return attr;
    return (struct attr){0};
}

static struct attr kind_of(struct attr info)
{
    struct attr_set nested;
    nested.count = 0;
    attr_set_read(&nested, info.data, info.len); /* as far as it can be read */
    return attr_text(attr_of(&nested, IFLA_INFO_KIND));
}

/* Alternative names, each with a NUL behind it. The payload of one attribute: under 64 KiB. */
static int append_alt_names(struct table *table, struct attr list, uint16_t *len)
{
    struct attrs it = attrs_of(list.data, list.len);
    const uint8_t *head;
    unsigned type;
    size_t total = 0;
    int r;
    while (attr_next(&it, &head, &type) == ATTR_OK) {
        if (type != IFLA_ALT_IFNAME)
            continue;
        struct attr name = attr_text(attr_at(head));
        if (!name.len)
            continue;
        if ((r = table_append_text(table, name.data, name.len)) < 0 || (r = table_append_text(table, "", 1)) < 0)
            return r;
        total += name.len + 1;
    }
    *len = (uint16_t)total;
    return 0;
}

static int append_texts(struct table *table, struct getifs_link *link, const struct attr texts[GETIFS_TEXTS])
{
    int r;
    link->text_at = (uint32_t)table->text_size;
    for (int i = 0; i < GETIFS_TEXTS; i++) {
        if (!texts[i].len)
            continue;
        if (i == GETIFS_TEXT_ALT_NAMES) {
            if ((r = append_alt_names(table, texts[i], &link->text_len[i])) < 0)
                return r;
            continue;
        }
        if ((r = table_append_text(table, texts[i].data, texts[i].len)) < 0)
            return r;
        link->text_len[i] = (uint16_t)texts[i].len;
    }
    link->text_size = (uint32_t)table->text_size - link->text_at;
    return 0;
}

int link_parse(struct table *table, struct attr_set *set, bool stats, const uint8_t *payload, size_t len)
{
    struct ifinfomsg info;
    if (len < sizeof info)
        return -EBADMSG;
    memcpy(&info, payload, sizeof info);
    if (info.ifi_family != AF_UNSPEC)
        return 0; /* a bridge's port (AF_BRIDGE) is not the interface */
    if (!attr_set_read(set, payload + sizeof info, len - sizeof info))
        return -EBADMSG;
    if (info.ifi_index <= 0) {
        table->malformed++;
        return 0;
    }
    struct getifs_link *link = table_next(table);
    if (!link)
        return -ENOMEM;
    link->index = (uint32_t)info.ifi_index;
    link->flags = info.ifi_flags;
    link->hw_type = info.ifi_type;
    unsigned has = 0;
#define NUMBER(type, field, bit) has |= attr_u32(attr_of(set, type), &link->field) ? (bit) : 0u
    NUMBER(IFLA_MTU, mtu, GETIFS_HAS_MTU);
    NUMBER(IFLA_MIN_MTU, min_mtu, GETIFS_HAS_MIN_MTU);
    NUMBER(IFLA_MAX_MTU, max_mtu, GETIFS_HAS_MAX_MTU);
    NUMBER(IFLA_TXQLEN, tx_queue_len, GETIFS_HAS_TX_QUEUE_LEN);
    NUMBER(IFLA_GROUP, group, GETIFS_HAS_GROUP);
    NUMBER(IFLA_MASTER, controller, GETIFS_HAS_CONTROLLER);
    NUMBER(IFLA_LINK, link, GETIFS_HAS_LINK);
#undef NUMBER
    uint32_t netnsid;
    if (attr_u32(attr_of(set, IFLA_LINK_NETNSID), &netnsid)) {
        memcpy(&link->link_netnsid, &netnsid, sizeof netnsid);
        has |= GETIFS_HAS_LINK_NETNSID;
    }
    if (attr_u8(attr_of(set, IFLA_OPERSTATE), &link->oper_state))
        has |= GETIFS_HAS_OPER_STATE;
    if (attr_u8(attr_of(set, IFLA_CARRIER), &link->carrier))
        has |= GETIFS_HAS_CARRIER;
    link->has = (uint16_t)has;

    struct attr counters = attr_of(set, IFLA_STATS64);
    if (!stats || counters.len < offsetof(struct rtnl_link_stats64, tx_compressed) + sizeof(uint64_t))
        counters.len = 0;
    const struct attr texts[GETIFS_TEXTS] = {
        [GETIFS_TEXT_NAME] = attr_text(attr_of(set, IFLA_IFNAME)),
        [GETIFS_TEXT_KIND] = kind_of(attr_of(set, IFLA_LINKINFO)),
        [GETIFS_TEXT_ALIAS] = attr_text(attr_of(set, IFLA_IFALIAS)),
        [GETIFS_TEXT_PARENT_DEV] = attr_text(attr_of(set, IFLA_PARENT_DEV_NAME)),
        [GETIFS_TEXT_PARENT_BUS] = attr_text(attr_of(set, IFLA_PARENT_DEV_BUS_NAME)),
        [GETIFS_TEXT_ALT_NAMES] = attr_of(set, IFLA_PROP_LIST),
        [GETIFS_TEXT_MAC] = hardware_address(attr_of(set, IFLA_ADDRESS), info.ifi_type),
        [GETIFS_TEXT_BROADCAST_MAC] = hardware_address(attr_of(set, IFLA_BROADCAST), info.ifi_type),
        [GETIFS_TEXT_PERM_MAC] = hardware_address(attr_of(set, IFLA_PERM_ADDRESS), info.ifi_type),
        [GETIFS_TEXT_STATS] = counters,
    };
    int r = append_texts(table, link, texts);
    if (r < 0)
        return r;
    table_keep_unfiltered(table);
    return 0;
}
