#include "linkmodes.h"
#include "control.h"
#include "getifs.h"
#include "outcome.h"
#include "table.h"
#include <errno.h>

void link_modes_init(struct link_modes *m, struct getifs_netns *netns)
{
    socket_init(&m->socket, netns);
    socket_init(&m->control, netns);
    m->socket.protocol = NETLINK_GENERIC;
}

/* Drivers that do not know the speed report 0, -1, or -1 as 16 bits had it. */
static void set_mode(struct getifs_link *link, uint32_t speed, uint8_t duplex)
{
    if (speed && speed != UINT16_MAX && speed != (uint32_t)SPEED_UNKNOWN) {
        link->speed = speed;
        link->has |= LINK_HAS_SPEED;
    }
    if (duplex != DUPLEX_UNKNOWN) {
        link->duplex = duplex;
        link->has |= LINK_HAS_DUPLEX;
    }
}

/* Both dumps have the same order, so the next link is the usual result. */
static struct getifs_link *find_link(struct link_modes *m, uint32_t index)
{
    for (size_t left = m->links->count; left; left--) {
        struct getifs_link *link = table_row(m->links, m->at);
        m->at = m->at + 1 < m->links->count ? m->at + 1 : 0;
        if (link->index == index)
            return link;
    }
    return NULL;
}

static int read_family(void *context, unsigned type, const uint8_t *payload, size_t len)
{
    struct link_modes *m = context;
    if (type != GENL_ID_CTRL)
        return 0;
    if (len < sizeof(struct genlmsghdr))
        return OUTCOME_MALFORMED;
    attr_u16(attr_nested((struct attr){payload + sizeof(struct genlmsghdr), len - sizeof(struct genlmsghdr)},
                         CTRL_ATTR_FAMILY_ID),
             &m->family);
    return 0;
}

static int read_mode(void *context, unsigned type, const uint8_t *payload, size_t len)
{
    struct link_modes *m = context;
    if (type != m->family)
        return 0;
    if (len < sizeof(struct genlmsghdr))
        return OUTCOME_MALFORMED;
    struct attr_iter it = {payload + sizeof(struct genlmsghdr), len - sizeof(struct genlmsghdr)};
    const uint8_t *head;
    unsigned attribute;
    enum attr_step step;
    uint32_t index = 0, speed = (uint32_t)SPEED_UNKNOWN;
    uint8_t duplex = DUPLEX_UNKNOWN;
    while ((step = attr_next(&it, &head, &attribute)) == ATTR_OK) {
        if (attribute == ETHTOOL_A_LINKMODES_HEADER)
            attr_u32(attr_nested(attr_at(head), ETHTOOL_A_HEADER_DEV_INDEX), &index);
        else if (attribute == ETHTOOL_A_LINKMODES_SPEED)
            attr_u32(attr_at(head), &speed);
        else if (attribute == ETHTOOL_A_LINKMODES_DUPLEX)
            attr_copy(attr_at(head), &duplex, sizeof duplex);
    }
    struct getifs_link *link = find_link(m, index);
    if (link)
        set_mode(link, speed, duplex);
    return step == ATTR_MALFORMED ? OUTCOME_MALFORMED : 0;
}

static void begin_exchange(struct link_modes *m, message_handler *handle)
{
    struct exchange *x = &m->exchange;
    x->reader = (struct message_reader){
        .handle = handle,
        .context = m,
        .single = !(x->request.head.nlmsg_flags & NLM_F_DUMP),
    };
    x->short_rows = true;
    x->sent = false;
}

static void begin_family(struct link_modes *m)
{
    struct genlmsghdr header = {.cmd = CTRL_CMD_GETFAMILY, .version = 1};
    request_begin(&m->exchange.request, GENL_ID_CTRL, 0, &header, sizeof header);
    request_attr(&m->exchange.request, CTRL_ATTR_FAMILY_NAME, ETHTOOL_GENL_NAME, sizeof ETHTOOL_GENL_NAME);
    begin_exchange(m, read_family);
    m->phase = MODES_FAMILY;
}

/* One request, or a dump for several links. */
static void begin_links(struct link_modes *m)
{
    struct genlmsghdr header = {.cmd = ETHTOOL_MSG_LINKMODES_GET, .version = ETHTOOL_GENL_VERSION};
    struct {
        struct rtattr flags_head;
        uint32_t flags;
        struct rtattr index_head;
        uint32_t index;
    } device = {
        {RTA_LENGTH(sizeof(uint32_t)), ETHTOOL_A_HEADER_FLAGS},
        ETHTOOL_FLAG_COMPACT_BITSETS, /* otherwise the names of all modes are sent */
        {RTA_LENGTH(sizeof(uint32_t)), ETHTOOL_A_HEADER_DEV_INDEX},
        ((const struct getifs_link *)table_row(m->links, 0))->index,
    };
    bool is_single = m->links->count == 1;
    request_begin(&m->exchange.request, m->family, is_single ? 0 : NLM_F_DUMP, &header, sizeof header);
    request_attr(&m->exchange.request, ETHTOOL_A_LINKMODES_HEADER | NLA_F_NESTED, &device,
                 is_single ? sizeof device : sizeof device / 2);
    begin_exchange(m, read_mode);
    m->phase = MODES_LINKS;
    m->at = 0;
}

static bool is_fatal(int result)
{
    return result == OUTCOME_PAUSED || result == OUTCOME_TIMED_OUT || result == OUTCOME_MALFORMED || result == -ENOMEM;
}

/* The links that have no mode yet, one after the other. Names can change: the interface is that of the index if it had the
   name before and has it after the call. */
static int ask_by_ioctl(struct link_modes *m)
{
    enum { SLICE_MS = 10 };
    int64_t pause_at = clock_milliseconds() + SLICE_MS;
    for (; m->at < m->links->count; m->at++) {
        struct getifs_link *link = table_row(m->links, m->at);
        struct ifreq argument;
        uint32_t speed = 0;
        uint8_t duplex = DUPLEX_UNKNOWN;
        if (link->has & (LINK_HAS_SPEED | LINK_HAS_DUPLEX)
            || !control_set_name(&argument, m->links->extra + link->extra_at, link->part_len[LINK_NAME]))
            continue;
        int r = control_link_mode(&m->control, &argument, &speed, &duplex);
        if (r == -EPERM || r == -EACCES || m->control.fd < 0)
            return r;
        if (r == 0 && control_call(&m->control, SIOCGIFINDEX, &argument) == 0
            && (uint32_t)argument.ifr_ifindex == link->index)
            set_mode(link, speed, duplex);
        int64_t now = clock_milliseconds();
        if (now > m->exchange.deadline)
            return OUTCOME_TIMED_OUT;
        if (now > pause_at) {
            m->at++;
            return OUTCOME_PAUSED;
        }
    }
    return 0;
}

int link_modes_read(struct link_modes *m, struct table *links, int64_t silence, int64_t deadline)
{
    if (m->phase == MODES_BEGIN) {
        m->links = links;
        m->exchange.silence = silence;
        m->exchange.deadline = deadline;
        if (!links->count)
            m->phase = MODES_DONE;
        else if (m->family)
            begin_links(m);
        else
            begin_family(m);
    }
    while (m->phase == MODES_FAMILY || m->phase == MODES_LINKS) {
        int r = exchange_continue(&m->exchange, &m->socket);
        if (is_fatal(r))
            return r;
        if (m->phase == MODES_FAMILY && r == 0 && m->family) {
            begin_links(m);
            continue;
        }
        /* A driver that fails ends the dump. */
        m->phase = r == 0 && m->phase == MODES_LINKS ? MODES_DONE : MODES_IOCTL;
        m->at = 0;
    }
    int r = m->phase == MODES_IOCTL ? ask_by_ioctl(m) : 0;
    if (r == 0)
        m->phase = MODES_DONE;
    return r;
}

void link_modes_end(struct link_modes *m, bool keep_open)
{
    if (m->phase == MODES_BEGIN && m->control.fd < 0)
        return;
    m->phase = MODES_BEGIN;
    if (!keep_open) {
        socket_close(&m->socket);
        socket_close(&m->control);
    }
}

void link_modes_free(struct link_modes *m)
{
    socket_free(&m->socket);
    socket_free(&m->control);
}
