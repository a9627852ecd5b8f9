#include "evidence.h"
#include <stdlib.h>

enum {
    MARK_FULL = 1,    /* the next row may not have fitted */
    MARK_FLAGGED = 2, /* NLM_F_DUMP_INTR */
    MARK_NOTED = 4,   /* a notification stood before it */
    MARK_FAMILY = 8,  /* its first row has another family than the last row before */
    MARK_CUT = 16,    /* no rows: one that is larger than the first chunk could have ended the dump */
    MARK_ROWS = 32    /* it has rows */
};

static int ignore(void *context, unsigned type, const uint8_t *payload, size_t len)
{
    (void)context, (void)type, (void)payload, (void)len;
    return 0;
}

static struct message_reader noticing_reader(const struct evidence *e, const struct getifs_socket *s)
{
    return (struct message_reader){
        .handle = ignore,
        .notice = e->notice,
        .notice_context = e->context,
        .single = true,
        .port = s->port,
        .sequence = s->sequence,
    };
}

/* Sends a request that the kernel refuses at once, and returns the errno of the refusal. The kernel answers within
   send(): the reply is in the queue, or was dropped because the queue is full. 0: there is no reply. */
static int ask(struct evidence *e, struct getifs_socket *s, unsigned type, const void *header, size_t header_size)
{
    struct request request;
    request_begin(&request, type, 0, header, header_size);
    request.head.nlmsg_seq = ++s->sequence;
    bool sent = socket_send(s, &request, request.head.nlmsg_len) == 0;
    s->in_flight = false;
    struct message_reader reader = noticing_reader(e, s);
    ptrdiff_t size = 0;
    while (sent && !reader.done && (size >= 0 || size == -ENOBUFS)) {
        size = socket_receive(s);
        if (size == -ENOBUFS)
            evidence_overrun(e);
        else if (size > 0 && messages_read(&reader, s->buffer, (size_t)size) < 0)
            evidence_overrun(e);
    }
    return reader.error;
}

/* What was changed under the RTNL lock before is notified after this: RTM_GETLINK takes the lock, and without an
   interface it writes no row. */
static void barrier(struct evidence *e, struct getifs_socket *s)
{
    struct ifinfomsg header = {0};
    if (ask(e, s, RTM_GETLINK, &header, sizeof header) != EINVAL)
        e->doubtful = true;
}

/* The first datagram on a socket has the size of a page, later ones that of the largest receive so far. */
static void warm(struct evidence *e, struct getifs_socket *s)
{
    struct ifaddrmsg header = {.ifa_family = AF_INET6};
    ask(e, s, RTM_GETADDR, &header, sizeof header);
}

/* EINVAL: the kernel does not know the group, as 6.1 those of multicast groups. Then only the flag is left. */
static bool join(struct evidence *e, struct getifs_socket *s, unsigned group)
{
    bool joined = socket_join(s, group);
    e->unannounced |= !joined && errno == EINVAL;
    return joined;
}

static void join_groups(struct evidence *e, struct getifs_socket *s)
{
    const uint8_t *groups = e->object->groups;
    e->joined = (e->family == AF_INET6 || join(e, s, groups[0])) && (e->family == AF_INET || join(e, s, groups[1]));
    if (!e->joined || e->object->evidence != EVIDENCE_EXACT)
        return;
    e->joined = socket_join(s, RTNLGRP_LINK) && (e->family == AF_INET6 || socket_join(s, RTNLGRP_IPV4_IFADDR));
    socket_join(s, RTNLGRP_NEXTHOP); /* unknown before Linux 5.3, as are the objects */
}

void evidence_begin(struct evidence *e, struct getifs_socket *s)
{
    e->joined = e->unannounced = e->doubtful = e->overrun = e->noted = false;
    e->chunks = e->removed = 0;
    s->limit = e->warm;
    if (e->warm)
        warm(e, s);
    if (e->subscribe && e->object->evidence != EVIDENCE_FLAG)
        join_groups(e, s);
    /* Routes that the kernel is removing silently now, under the RTNL, may have been announced already. */
    if (e->joined && e->object->evidence == EVIDENCE_EXACT)
        barrier(e, s);
    s->limit = 0;
    s->smallest = SIZE_MAX;
    e->before = s->largest;
}

/* The kernel removes IPv4 routes without notifications when their interface goes down, or their preferred source or
   their next-hop object is deleted, and IPv6 routes where sysctls say so. */
static bool is_silent_removal(unsigned type, const uint8_t *payload, size_t len)
{
    struct ifinfomsg info;
    if (type == RTM_DELLINK || type == RTM_DELADDR || type == RTM_DELNEXTHOP)
        return true;
    if (type != RTM_NEWLINK || len < sizeof info)
        return false;
    memcpy(&info, payload, sizeof info);
    return info.ifi_family == AF_UNSPEC && info.ifi_change & IFF_UP && !(info.ifi_flags & IFF_UP);
}

void evidence_notice(struct evidence *e, unsigned type, const uint8_t *payload, size_t len)
{
    const struct object *object = e->object;
    if (object->evidence == EVIDENCE_EXACT) {
        if (type == object->new_type || type == object->del_type)
            e->noted = true;
        else if (is_silent_removal(type, payload, len))
            e->doubtful = true;
    } else if (type == object->del_type) {
        e->removed = e->chunks + 1;
    }
}

/* A datagram is not full if another row would have fitted. Its room is a page (at most 8 KiB) without the kernel's
   overhead (struct skb_shared_info, with the most fragments), or else that of the largest receive when it was allocated:
   the first one at the request, each other one during a receive since then. */
static bool may_be_full(const struct evidence *e, const struct getifs_socket *s, const struct message_reader *reader,
                        size_t size)
{
    enum { SHORT_ROW = 256, LONG_ROW = 640, OVERHEAD = 768, PAGE = 4096, LARGEST_PAGE = 8192 };
    size_t row = e->object->short_rows ? SHORT_ROW : LONG_ROW;
    size_t room = !e->chunks || e->before > s->smallest ? e->before : s->smallest;
    if (room > SOCKET_ROOM)
        room = SOCKET_ROOM;
    bool fits_page = size + row + OVERHEAD <= PAGE;
    bool fits_room = size > LARGEST_PAGE && size + row + OVERHEAD <= room;
    return reader->largest > row || !(fits_page || fits_room);
}

static int make_room(struct evidence *e)
{
    size_t room = e->room ? e->room * 2 : 64;
    uint8_t *marks = realloc(e->marks, room);
    if (!marks)
        return -ENOMEM;
    e->marks = marks;
    e->room = room;
    return 0;
}

/* The first byte of each message of an address, a route or a neighbour is its family. */
static unsigned first_family(const struct getifs_socket *s)
{
    return s->buffer[sizeof(struct nlmsghdr)];
}

int evidence_datagram(struct evidence *e, const struct getifs_socket *s, const struct message_reader *reader, size_t size,
                      size_t rows)
{
    if (!rows && !reader->done)
        return 0;
    if (e->chunks == e->room && make_room(e) < 0)
        return -ENOMEM;
    unsigned marks = reader->interrupted ? MARK_FLAGGED : 0;
    if (e->noted)
        marks |= MARK_NOTED;
    if (may_be_full(e, s, reader, size))
        marks |= MARK_FULL;
    if (rows)
        marks |= MARK_ROWS;
    if (rows && e->chunks && first_family(s) != e->last_family)
        marks |= MARK_FAMILY;
    if (!rows && !e->chunks && e->warm && e->warm < SOCKET_ROOM)
        marks |= MARK_CUT;
    if (rows)
        e->last_family = *reader->last;
    e->noted = false;
    e->marks[e->chunks++] = (uint8_t)marks;
    return 0;
}

static bool is_clean_without_notifications(const struct evidence *e, size_t at)
{
    unsigned marks = e->marks[at];
    if (marks & (MARK_FLAGGED | MARK_CUT))
        return false;
    /* A family ends with a chunk that is not full. If it goes on after one, its next row was larger than expected. */
    bool goes_on = (marks & (MARK_ROWS | MARK_FAMILY)) == MARK_ROWS;
    return at == 0 || (!(e->marks[at - 1] & MARK_FULL) && !goes_on) || e->object->evidence == EVIDENCE_FLAG;
}

bool evidence_is_clean(const struct evidence *e, size_t at)
{
    unsigned marks = e->marks[at];
    if (marks & (MARK_FLAGGED | MARK_CUT))
        return false;
    if (is_clean_without_notifications(e, at))
        return true;
    if (e->unannounced)
        return true;
    if (!e->joined || e->doubtful)
        return false;
    if (e->object->evidence == EVIDENCE_EXACT)
        return !((marks | e->marks[at - 1]) & MARK_NOTED);
    /* The flag is forgotten where the kernel goes on with the next family. */
    return at > e->removed && !(marks & MARK_FAMILY);
}

bool evidence_is_complete(const struct evidence *e)
{
    size_t at = 0;
    while (at < e->chunks && evidence_is_clean(e, at))
        at++;
    return at == e->chunks;
}

bool evidence_is_small(const struct evidence *e)
{
    size_t at = 0;
    while (at < e->chunks && is_clean_without_notifications(e, at))
        at++;
    return at == e->chunks;
}

void evidence_finish(struct evidence *e, struct getifs_socket *s)
{
    if (e->joined && !e->doubtful && !evidence_is_small(e))
        barrier(e, s);
}

void evidence_overrun(struct evidence *e)
{
    e->doubtful = e->overrun = true;
}

static void drain(struct evidence *e, struct getifs_socket *s)
{
    struct message_reader reader = noticing_reader(e, s);
    ptrdiff_t size = 0;
    while (size >= 0) {
        reader.done = false;
        size = socket_receive(s);
        if (size > 0 && messages_read(&reader, s->buffer, (size_t)size) < 0)
            evidence_overrun(e);
    }
    if (size != OUTCOME_NO_DATAGRAM)
        evidence_overrun(e);
}

void evidence_move(struct evidence *e, struct getifs_socket *from, struct getifs_socket *to)
{
    if (!e->joined)
        return;
    join_groups(e, to);
    drain(e, from);
}

void evidence_end(struct evidence *e)
{
    free(e->marks);
    e->marks = NULL;
    e->room = 0;
}
