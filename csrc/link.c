/* Interfaces: RTM_GETLINK. */
#include "fallback.h"

static void link_request(struct request *request, const struct dump *dump)
{
    struct ifinfomsg info = {.ifi_index = dump->single ? (int)dump->index : 0};
    request_begin(request, RTM_GETLINK, dump->single ? 0 : NLM_F_DUMP, &info, sizeof info);
    /* Without a mask, or with 0, the kernel sizes its datagrams for a link without extras, and ends the dump, with
       success, at the first link that does not fit. BRVLAN_COMPRESSED requests nothing in family AF_UNSPEC. */
    uint32_t mask = dump->stats ? RTEXT_FILTER_BRVLAN_COMPRESSED : RTEXT_FILTER_SKIP_STATS;
    request_attr(request, IFLA_EXT_MASK, &mask, sizeof mask);
    if (dump->single && !dump->index) {
        char name[128] = {0};
        memcpy(name, dump->name, dump->name_len);
        request_attr(request, dump->name_len < IFNAMSIZ ? IFLA_IFNAME : IFLA_ALT_IFNAME, name, dump->name_len + 1);
    }
}

/* A kernel without alternative names refuses the attribute, or the length of the name. */
static int link_refusal(const struct dump *dump, int error)
{
    bool long_name = dump->single && !dump->index && dump->name_len >= IFNAMSIZ;
    return long_name && (error == EINVAL || error == ERANGE) ? ENODEV : error;
}

static const struct field link_fields[] = {
    FIELD(IFLA_MTU, getifs_link, mtu, LINK_HAS_MTU),
    FIELD(IFLA_MIN_MTU, getifs_link, min_mtu, LINK_HAS_MIN_MTU),
    FIELD(IFLA_MAX_MTU, getifs_link, max_mtu, LINK_HAS_MAX_MTU),
    FIELD(IFLA_TXQLEN, getifs_link, tx_queue_len, LINK_HAS_TX_QUEUE_LEN),
    FIELD(IFLA_GROUP, getifs_link, group, LINK_HAS_GROUP),
    FIELD(IFLA_PROMISCUITY, getifs_link, promiscuity, LINK_HAS_PROMISCUITY),
    FIELD(IFLA_PROTO_DOWN, getifs_link, proto_down, LINK_HAS_PROTO_DOWN),
    FIELD(IFLA_MASTER, getifs_link, controller, LINK_HAS_CONTROLLER),
    FIELD(IFLA_LINK, getifs_link, link, LINK_HAS_LINK),
    FIELD(IFLA_LINK_NETNSID, getifs_link, link_netnsid, LINK_HAS_LINK_NETNSID),
    FIELD(IFLA_OPERSTATE, getifs_link, oper_state, LINK_HAS_OPER_STATE),
    FIELD(IFLA_CARRIER, getifs_link, carrier, LINK_HAS_CARRIER),
};

/* An address of zeros only is none. The addresses of tunnels are their end points, not hardware addresses. */
static struct attr hardware_address(struct attr attr, unsigned hw_type)
{
    if (attr.len == 4 && (hw_type == ARPHRD_IPGRE || hw_type == ARPHRD_TUNNEL || hw_type == ARPHRD_SIT))
        return (struct attr){0};
    if (attr.len == 16 && (hw_type == ARPHRD_TUNNEL6 || hw_type == ARPHRD_IP6GRE))
        return (struct attr){0};
    for (size_t i = 0; i < attr.len; i++)
        if (attr.data[i])
            return attr;
    return (struct attr){0};
}

static struct attr counters(const struct dump *dump)
{
    struct attr attr = attr_of(&dump->set, IFLA_STATS64);
    size_t least = offsetof(struct rtnl_link_stats64, tx_compressed) + sizeof(uint64_t);
    return dump->stats && attr.len >= least ? attr : (struct attr){0};
}

/* With its header, so that the part is never empty if the query asks for it. */
static struct attr details(const struct dump *dump)
{
    static const struct rtattr empty = {.rta_len = sizeof empty, .rta_type = IFLA_LINKINFO};
    if (!dump->details)
        return (struct attr){0};
    struct attr info = attr_of(&dump->set, IFLA_LINKINFO);
    return info.data ? (struct attr){info.data - sizeof empty, info.len + sizeof empty}
                     : (struct attr){(const uint8_t *)&empty, sizeof empty};
}

/* Alternative names, each with a NUL behind it. They come from one attribute: less than 64 KiB. */
static int append_alt_names(struct table *table, struct attr list, uint16_t *len)
{
    struct attr_iter it = {list.data, list.len};
    const uint8_t *head;
    unsigned type;
    size_t total = 0;
    int r;
    while (attr_next(&it, &head, &type) == ATTR_OK) {
        if (type != IFLA_ALT_IFNAME)
            continue;
        struct attr name = attr_string(attr_at(head));
        if (!name.len)
            continue;
        if ((r = table_append(table, name.data, name.len)) < 0 || (r = table_append(table, "", 1)) < 0)
            return r;
        total += name.len + 1;
    }
    *len = (uint16_t)total;
    return 0;
}

static int append_parts(struct dump *dump, struct getifs_link *link)
{
    const struct attr_set *set = &dump->set;
    const struct attr parts[LINK_PARTS] = {
        [LINK_NAME] = attr_string(attr_of(set, IFLA_IFNAME)),
        [LINK_KIND] = attr_string(attr_nested(attr_of(set, IFLA_LINKINFO), IFLA_INFO_KIND)),
        [LINK_ALIAS] = attr_string(attr_of(set, IFLA_IFALIAS)),
        [LINK_PARENT_DEV] = attr_string(attr_of(set, IFLA_PARENT_DEV_NAME)),
        [LINK_PARENT_BUS] = attr_string(attr_of(set, IFLA_PARENT_DEV_BUS_NAME)),
        [LINK_ALT_NAMES] = attr_of(set, IFLA_PROP_LIST),
        [LINK_MAC] = hardware_address(attr_of(set, IFLA_ADDRESS), link->hw_type),
        [LINK_BROADCAST_MAC] = hardware_address(attr_of(set, IFLA_BROADCAST), link->hw_type),
        [LINK_PERM_MAC] = hardware_address(attr_of(set, IFLA_PERM_ADDRESS), link->hw_type),
        [LINK_STATS] = counters(dump),
        [LINK_DETAILS] = details(dump),
    };
    struct table *table = dump->table;
    link->extra_at = (uint32_t)table->extra_len;
    for (int i = 0; i < LINK_PARTS; i++) {
        int r = 0;
        if (i == LINK_ALT_NAMES) {
            r = append_alt_names(table, parts[i], &link->part_len[i]);
        } else if (parts[i].len) {
            r = table_append(table, parts[i].data, parts[i].len);
            link->part_len[i] = (uint16_t)parts[i].len;
        }
        if (r < 0)
            return r;
    }
    link->extra_len = (uint32_t)table->extra_len - link->extra_at;
    return 0;
}

static int link_parse(struct dump *dump, const uint8_t *payload, size_t len)
{
    struct ifinfomsg info;
    memcpy(&info, payload, sizeof info);
    if (info.ifi_family != AF_UNSPEC)
        return 0; /* AF_BRIDGE: a port of a bridge, not the interface */
    if (!attr_set_read(&dump->set, payload + sizeof info, len - sizeof info))
        return OUTCOME_MALFORMED;
    if (info.ifi_index <= 0) {
        dump->table->malformed++;
        return 0;
    }
    struct getifs_link *link = table_next(dump->table);
    if (!link)
        return -ENOMEM;
    link->index = (uint32_t)info.ifi_index;
    link->flags = info.ifi_flags;
    link->hw_type = info.ifi_type;
    link->has = (uint16_t)fields_read(link_fields, FIELD_COUNT(link_fields), &dump->set, link);
    int r = append_parts(dump, link);
    if (r < 0)
        return r;
    table_keep_unfiltered(dump->table);
    return 0;
}

static const struct key link_keys[] = {KEY(getifs_link, index)};
static const struct identity link_identity = {link_keys, 1, NULL};

const struct object link_object = {
    .name = "RTM_GETLINK",
    .new_type = RTM_NEWLINK,
    .del_type = RTM_DELLINK,
    .evidence = EVIDENCE_FLAG,
    .header_size = sizeof(struct ifinfomsg),
    .row_size = sizeof(struct getifs_link),
    .identity = &link_identity,
    .make_unique = table_unique_by_interface,
    .request = link_request,
    .parse = link_parse,
    .refusal = link_refusal,
    .fallback = link_by_ioctl,
};
