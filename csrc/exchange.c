#include "exchange.h"
#include "outcome.h"
#include <errno.h>

enum { SLICE_MS = 10 }; /* signal handlers run at least this often */

static int exchange_send(struct exchange *x, struct getifs_socket *s)
{
    int r = socket_open(s);
    if (r < 0)
        return r;
    if (x->strict)
        socket_filters(s);
    if (x->evidence)
        evidence_begin(x->evidence, s);
    x->request.head.nlmsg_seq = ++s->sequence;
    r = socket_send(s, &x->request, x->request.head.nlmsg_len);
    if (r == -EACCES || r == -EPERM)
        return -r; /* a security module refuses the request here, and not in an answer */
    if (r < 0)
        return r;
    x->reader.port = s->port;
    x->reader.sequence = s->sequence;
    x->cold = s->largest < SOCKET_ROOM;
    s->limit = x->short_rows && s->largest <= SOCKET_FIRST ? SOCKET_FIRST : 0;
    x->sent = true;
    x->now = clock_milliseconds();
    x->quiet_until = x->now + x->silence;
    return 0;
}

static int exchange_wait(struct exchange *x, struct getifs_socket *s)
{
    int64_t until = x->quiet_until < x->deadline ? x->quiet_until : x->deadline;
    x->now = clock_milliseconds();
    return x->now < until ? socket_wait(s, until - x->now) : OUTCOME_TIMED_OUT;
}

/*
 * The first datagram of a new socket has the size of a page, later ones that of the largest receive so far, up to 32 KiB.
 * A row that does not fit into an empty datagram ends the dump: for links and routes with success, for
 * next-hop objects with EMSGSIZE.
 */
static bool may_be_cut(const struct exchange *x)
{
    if (!x->cold || x->short_rows || x->reader.single || x->reader.handled)
        return false;
    return !x->reader.error || x->reader.error == EMSGSIZE;
}

static int read_datagram(struct exchange *x, struct getifs_socket *s, size_t size)
{
    struct message_reader *reader = &x->reader;
    size_t handled = reader->handled;
    int r = messages_read(reader, s->buffer, size);
    if (r < 0 || !x->evidence)
        return r;
    r = evidence_datagram(x->evidence, s, reader, size, reader->handled - handled);
    reader->interrupted = false;
    return r;
}

static int exchange_receive(struct exchange *x, struct getifs_socket *s)
{
    ptrdiff_t size = socket_receive(s);
    if (size == OUTCOME_NO_DATAGRAM)
        return exchange_wait(x, s);
    /* The kernel does not drop datagrams of a dump, which goes on. */
    if (size == -ENOBUFS && x->evidence && x->evidence->joined) {
        evidence_overrun(x->evidence);
        return exchange_wait(x, s);
    }
    if (size < 0)
        return (int)size;
    /* A kernel that allocates 32 KiB for the datagram after a short one, which holds NLMSG_DONE alone, takes longer. */
    if (size > SOCKET_FIRST / 4)
        s->limit = 0;
    int r = read_datagram(x, s, (size_t)size);
    if (r < 0)
        return r;
    x->now = clock_milliseconds();
    if (x->now > x->deadline || (!size && x->now > x->quiet_until))
        return OUTCOME_TIMED_OUT;
    if (size) /* the datagram of another process does not end the silence */
        x->quiet_until = x->now + x->silence;
    return 0;
}

int exchange_continue(struct exchange *x, struct getifs_socket *s)
{
    /* A child process has closed the sockets that it inherited. */
    if (x->sent && s->fd < 0)
        return OUTCOME_RESTART;
    int r = 0;
    if (x->sent)
        x->now = clock_milliseconds();
    else
        r = exchange_send(x, s);
    if (r != 0)
        return r;
    int64_t pause_at = x->now + SLICE_MS;
    while (!x->reader.done) {
        if ((r = exchange_receive(x, s)) < 0)
            return r;
        if (x->now > pause_at && !x->reader.done)
            return OUTCOME_PAUSED;
    }
    /* The queue was full of notifications when the dump began. It can still begin later, so the socket is of no use. */
    if (x->reader.error == ENOBUFS)
        return -ENOBUFS;
    s->in_flight = false;
    s->port = x->reader.port;
    s->limit = 0;
    if (x->reader.interrupted || may_be_cut(x))
        return OUTCOME_RESTART;
    return x->reader.error;
}
