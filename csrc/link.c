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
static bool is_hardware_address(unsigned type, const struct attr *attr)
{
    if (attr->len == 4 && (type == ARPHRD_IPGRE || type == ARPHRD_TUNNEL || type == ARPHRD_SIT))
        return false;
    if (attr->len == 16 && (type == ARPHRD_TUNNEL6 || type == ARPHRD_IP6GRE))
        return false;
    for (size_t i = 0; i < attr->len; i++)
        if (attr->data[i])
            return true;
    return false;
}

static void read_kind(const struct attr *info, struct attr *kind)
{
    struct attrs it = attrs_of(info->data, info->len);
    struct attr attr;
    while (attr_next(&it, &attr) == ATTR_OK)
        if (attr.type == IFLA_INFO_KIND) {
            *kind = attr;
            kind->len = attr_text_len(&attr);
        }
}

/* Alternative names, each with a NUL behind it. The payload of one attribute: under 64 KiB. */
static int append_alt_names(struct table *table, const struct attr *list, uint16_t *len)
{
    struct attrs it = attrs_of(list->data, list->len);
    struct attr attr;
    size_t total = 0;
    int r;
    while (attr_next(&it, &attr) == ATTR_OK) {
        if (attr.type != IFLA_ALT_IFNAME)
            continue;
        size_t size = attr_text_len(&attr);
        if (!size)
            continue;
        if ((r = table_append_text(table, attr.data, size)) < 0 || (r = table_append_text(table, "", 1)) < 0)
            return r;
        total += size + 1;
    }
    *len = (uint16_t)total;
    return 0;
}

static int append_texts(struct table *table, struct getifs_link *link, const struct attr texts[GETIFS_TEXTS])
{
    int r;
    link->text_at = (uint32_t)table->text_size;
    for (int i = 0; i < GETIFS_TEXTS; i++) {
        if (i == GETIFS_TEXT_ALT_NAMES) {
            if ((r = append_alt_names(table, &texts[i], &link->text_len[i])) < 0)
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

int link_parse(struct table *table, bool stats, const uint8_t *payload, size_t len)
{
    struct ifinfomsg info;
    if (len < sizeof info)
        return -EBADMSG;
    memcpy(&info, payload, sizeof info);
    if (info.ifi_family != AF_UNSPEC)
        return 0; /* a bridge's port (AF_BRIDGE) is not the interface */
    struct getifs_link *link = table_next(table);
    if (!link)
        return -ENOMEM;
    link->index = (uint32_t)info.ifi_index;
    link->flags = info.ifi_flags;
    link->hw_type = info.ifi_type;

    struct attr texts[GETIFS_TEXTS] = {{0}};
    struct attrs it = attrs_of(payload + sizeof info, len - sizeof info);
    struct attr attr;
    enum attr_step step;
    unsigned has = 0;
#define NUMBER(field, bit) has |= attr_u32(&attr, &link->field) ? (bit) : 0u
#define TEXT(part) (texts[part] = attr, texts[part].len = attr_text_len(&attr))
#define HARDWARE(part) (is_hardware_address(info.ifi_type, &attr) ? (void)(texts[part] = attr) : (void)0)
    while ((step = attr_next(&it, &attr)) == ATTR_OK) {
        uint32_t number;
        switch (attr.type) {
        case IFLA_IFNAME: TEXT(GETIFS_TEXT_NAME); break;
        case IFLA_MTU: NUMBER(mtu, GETIFS_HAS_MTU); break;
        case IFLA_MIN_MTU: NUMBER(min_mtu, GETIFS_HAS_MIN_MTU); break;
        case IFLA_MAX_MTU: NUMBER(max_mtu, GETIFS_HAS_MAX_MTU); break;
        case IFLA_TXQLEN: NUMBER(tx_queue_len, GETIFS_HAS_TX_QUEUE_LEN); break;
        case IFLA_GROUP: NUMBER(group, GETIFS_HAS_GROUP); break;
        case IFLA_MASTER: NUMBER(controller, GETIFS_HAS_CONTROLLER); break;
        case IFLA_LINK: NUMBER(link, GETIFS_HAS_LINK); break;
        case IFLA_LINK_NETNSID:
            if (attr_u32(&attr, &number)) {
                memcpy(&link->link_netnsid, &number, sizeof number);
                has |= GETIFS_HAS_LINK_NETNSID;
            }
            break;
        case IFLA_OPERSTATE: has |= attr_u8(&attr, &link->oper_state) ? GETIFS_HAS_OPER_STATE : 0u; break;
        case IFLA_CARRIER: has |= attr_u8(&attr, &link->carrier) ? GETIFS_HAS_CARRIER : 0u; break;
        case IFLA_ADDRESS: HARDWARE(GETIFS_TEXT_MAC); break;
        case IFLA_BROADCAST: HARDWARE(GETIFS_TEXT_BROADCAST_MAC); break;
        case IFLA_PERM_ADDRESS: HARDWARE(GETIFS_TEXT_PERM_MAC); break;
        case IFLA_LINKINFO: read_kind(&attr, &texts[GETIFS_TEXT_KIND]); break;
        case IFLA_IFALIAS: TEXT(GETIFS_TEXT_ALIAS); break;
        case IFLA_PARENT_DEV_NAME: TEXT(GETIFS_TEXT_PARENT_DEV); break;
        case IFLA_PARENT_DEV_BUS_NAME: TEXT(GETIFS_TEXT_PARENT_BUS); break;
        case IFLA_PROP_LIST: texts[GETIFS_TEXT_ALT_NAMES] = attr; break;
        case IFLA_STATS64:
            if (stats && attr.len >= offsetof(struct rtnl_link_stats64, tx_compressed) + sizeof(uint64_t))
                texts[GETIFS_TEXT_STATS] = attr;
            break;
        }
    }
#undef NUMBER
#undef TEXT
#undef HARDWARE
    if (step == ATTR_BROKEN)
        return -EBADMSG;
    if (info.ifi_index <= 0) {
        table->malformed++;
        return 0;
    }
    link->has = (uint16_t)has;
    int r = append_texts(table, link, texts);
    if (r < 0)
        return r;
    table_keep_unfiltered(table);
    return 0;
}
