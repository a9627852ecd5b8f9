#include "exchange.h"
#include <errno.h>

void exchange_begin(struct exchange *x, bool single, bool filters, message_taker *take, void *context, char *text, size_t room)
{
    x->sent = false;
    x->filters = filters;
    x->reader = (struct message_reader){.take = take, .context = context, .single = single, .text = text, .text_room = room};
}

static int exchange_send(struct exchange *x, struct getifs_socket *s, int64_t silence)
{
    int r = socket_open(s);
    if (r < 0)
        return r;
    if (x->filters)
        socket_filters(s);
    x->request.head.nlmsg_seq = ++s->sequence;
    r = socket_send(s, &x->request, x->request.head.nlmsg_len);
    if (r < 0)
        return r;
    x->reader.port = s->port;
    x->reader.sequence = s->sequence;
    x->cold = !s->warm;
    x->sent = true;
    x->quiet_until = clock_milliseconds() + silence;
    return 0;
}

static int exchange_wait(struct exchange *x, struct getifs_socket *s, int64_t deadline)
{
    int64_t until = x->quiet_until < deadline ? x->quiet_until : deadline;
    int64_t now = clock_milliseconds();
    return now < until ? socket_wait(s, until - now) : -ETIMEDOUT;
}

/*
 * The kernel fills the first datagram of a new socket to a page, later ones to as much as was ever received with.
 * A row that doesn't fit an empty datagram ends the dump: of links and routes with success, of next hops with EMSGSIZE.
 */
static bool may_be_cut(const struct exchange *x)
{
    return x->cold && !x->reader.single && !x->reader.taken && (!x->reader.error || x->reader.error == EMSGSIZE);
}

int exchange_continue(struct exchange *x, struct getifs_socket *s, int64_t silence, int64_t deadline)
{
    int r = x->sent ? 0 : exchange_send(x, s, silence);
    if (r < 0)
        return r;
    while (!x->reader.done) {
        ptrdiff_t size = socket_receive(s);
        if (size == -EAGAIN) {
            if ((r = exchange_wait(x, s, deadline)) < 0)
                return r;
            continue;
        }
        /* A datagram is lost, DONE with it perhaps: a new socket is the only way to tell two dumps apart. */
        if (size == -EMSGSIZE || size == -ENOBUFS)
            return -EAGAIN;
        if (size < 0)
            return (int)size;
        if ((r = messages_read(&x->reader, s->buffer, (size_t)size)) < 0)
            return r;
        int64_t now = clock_milliseconds();
        if (now > deadline || (!size && now > x->quiet_until))
            return -ETIMEDOUT;
        if (size) /* a stranger's datagram breaks no silence */
            x->quiet_until = now + silence;
    }
    s->in_flight = false;
    if (x->reader.interrupted || may_be_cut(x))
        return -EAGAIN;
    return x->reader.error;
}
