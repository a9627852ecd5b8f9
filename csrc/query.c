/* Live queries: the steps of a plan, one exchange with the kernel after the other. */
#include "complete.h"
#include "exchange.h"
#include "fallback.h"
#include "linkmodes.h"
#include "mirror.h"
#include "plan.h"
#include <stdio.h>
#include <stdlib.h>

enum {
    MOST_TRIES = 8,   /* of a query whose dumps are inconsistent */
    MOST_SILENCES = 10 /* the time of a whole query, in timeouts */
};

/* What a client keeps between calls and queries. */
struct getifs_run {
    struct getifs_socket sockets[2];
    struct getifs_socket *socket; /* the one in use */
    struct query query;
    struct exchange exchange;
    struct evidence evidence; /* of the dump that is under way */
    struct complete complete; /* active if one dump was not enough */
    struct link_modes modes;
    /* A bit for each kind of dump, about its last answer. */
    uint32_t small; /* it needed no notifications as evidence */
    uint32_t busy;  /* one dump was not enough */
    bool active; /* a query was paused */
    enum { STEP_BEGIN, STEP_DUMP, STEP_REPLAY, STEP_FETCHED, STEP_DONE } phase;
    size_t step;
    unsigned family; /* of the dump of this step */
    unsigned tries;
    int64_t deadline;
};

static int notice(void *context, unsigned type, const uint8_t *payload, size_t len)
{
    struct getifs_run *run = context;
    evidence_notice(&run->evidence, type, payload, len);
    return run->complete.active ? complete_notice(&run->complete, type, payload, len) : 0;
}

enum { KINDS_OF_ONE_INTERFACE = 16 }; /* the bits before are those of whole tables */
_Static_assert(2 * OBJECT_COUNT <= KINDS_OF_ONE_INTERFACE, "two bits for each object");

static uint32_t kind_of_dump(const struct getifs_run *run)
{
    uint32_t bit = (uint32_t)1 << (2 * run->query.plan->steps[run->step].object + (run->family == AF_INET6));
    return run->query.dump.index ? bit << KINDS_OF_ONE_INTERFACE : bit;
}

static void remember(uint32_t *kinds, uint32_t kind, bool is_set)
{
    *kinds = is_set ? *kinds | kind : *kinds & ~kind;
}

static void send_dump(struct getifs_run *run, struct getifs_client *client, bool subscribe)
{
    struct query *q = &run->query;
    struct exchange *x = &run->exchange;
    struct evidence *e = &run->evidence;
    struct complete *complete = &run->complete;
    const struct dump *dump = &q->dump;
    dump->object->request(&x->request, dump);
    e->object = dump->object;
    e->family = dump->family;
    e->subscribe = subscribe;
    e->warm = complete->active ? complete_warm(complete) : 0;
    e->notice = notice;
    e->context = run;
    x->evidence = dump->single ? NULL : e;
    x->reader = (struct message_reader){
        .handle = complete->active ? complete_message : query_message,
        .context = complete->active ? (void *)complete : q,
        .notice = dump->single ? NULL : notice,
        .notice_context = run,
        .single = dump->single,
        .text = client->message,
        .text_size = sizeof client->message,
    };
    /* Without strict checking the kernel ignores filters, and dumps cached routes too. */
    x->strict = !dump->single && (dump->object == &route_object || dump->index);
    x->short_rows = dump->object->short_rows;
    x->sent = false;
    x->silence = q->request.timeout_ms;
    x->deadline = run->deadline;
    run->phase = STEP_DUMP;
}

/* The next dump uses a new socket, so that its chunks have other boundaries. */
static int dump_again(struct getifs_run *run, struct getifs_client *client)
{
    struct getifs_socket *old = run->socket;
    struct getifs_socket *fresh = old == run->sockets ? old + 1 : run->sockets;
    int r = socket_open(fresh);
    if (r < 0)
        return r;
    evidence_move(&run->evidence, old, fresh);
    socket_close(old);
    run->socket = fresh;
    r = complete_next(&run->complete);
    if (r == 0)
        send_dump(run, client, true);
    return r;
}

static int begin_complete(struct getifs_run *run, struct getifs_client *client)
{
    int r = complete_begin(&run->complete, &run->query.dump, &run->evidence);
    return r < 0 ? r : dump_again(run, client);
}

static int begin_dump(struct getifs_run *run, struct getifs_client *client)
{
    struct query *q = &run->query;
    const struct step *step = &q->plan->steps[run->step];
    query_begin_dump(q, step, step->flags & STEP_FALLBACK ? AF_UNSPEC : run->family);
    q->dump.control = &run->modes.control;
    if (step->flags & STEP_FALLBACK && step->object == OBJECT_LINK) {
        run->phase = STEP_DONE;
        return links_by_ioctl(&q->dump, &q->tables[OBJECT_ADDR]);
    }
    uint32_t kind = kind_of_dump(run);
    if (!q->dump.single && run->busy & kind) {
        run->evidence.joined = run->evidence.overrun = false;
        return begin_complete(run, client);
    }
    /* Joining and leaving groups would cost a small answer a tenth of its time. */
    send_dump(run, client, !(run->small & kind));
    return 0;
}

static void end_complete(struct getifs_run *run)
{
    if (!run->complete.active)
        return;
    complete_end(&run->complete);
    socket_free(run->socket == run->sockets ? &run->sockets[1] : &run->sockets[0]);
}

/* Otherwise the socket is closed soon, which is cheaper. */
static void leave_groups(struct getifs_run *run)
{
    if (run->query.request.options & GETIFS_KEEP_OPEN)
        socket_leave(run->socket);
}

/* Judges a dump that was read to its end, and sets the phase: fetched, another dump, or the replay of several. */
static int judge_dump(struct getifs_run *run, struct getifs_client *client)
{
    struct evidence *e = &run->evidence;
    struct complete *complete = &run->complete;
    evidence_finish(e, run->socket);
    if (complete->active) {
        int r = complete_judge(complete);
        if (r == OUTCOME_RESTART)
            return dump_again(run, client);
        leave_groups(run);
        remember(&run->busy, kind_of_dump(run), complete->dumps > 1);
        run->phase = STEP_REPLAY;
        return r;
    }
    remember(&run->small, kind_of_dump(run), evidence_is_small(e));
    if (evidence_is_complete(e)) {
        leave_groups(run);
        run->phase = STEP_FETCHED;
        return 0;
    }
    query_undo_dump(&run->query);
    return begin_complete(run, client);
}

/* The meaning of the kernel's refusal: 0 if the step has no rows, or an errno. */
static int judge_refusal(struct getifs_run *run, struct getifs_client *client, int error)
{
    struct dump *dump = &run->query.dump;
    const struct object *object = dump->object;
    bool is_refused = is_unsupported(error) || error == EPERM || error == EACCES;
    if (object->fallback && is_refused && !(run->query.request.options & GETIFS_NO_FALLBACK))
        error = object->fallback(dump, error, client->message, sizeof client->message);
    else if (object->refusal)
        error = object->refusal(dump, error);
    if (error == ENODEV && run->query.plan->steps[run->step].flags & STEP_OPTIONAL)
        error = 0;
    if (!error)
        client->message[0] = 0;
    return error;
}

/* True if a step has another dump, for the next family. */
static bool next_family(struct getifs_run *run)
{
    unsigned flags = run->query.plan->steps[run->step].flags;
    if (!(flags & STEP_PER_FAMILY) || run->family != AF_INET || run->query.request.family)
        return false;
    run->family = AF_INET6;
    return true;
}

/* Ends the dumps of the step if they gave an answer. */
static int end_dumps(struct getifs_run *run, int result)
{
    if (result == 0) {
        end_complete(run);
        run->phase = STEP_FETCHED;
    }
    return result;
}

static int run_dump(struct getifs_run *run, struct getifs_client *client)
{
    int r = exchange_continue(&run->exchange, run->socket);
    if (r == 0 && run->exchange.evidence)
        return judge_dump(run, client);
    if (r > 0)
        r = judge_refusal(run, client, r);
    /* The kernel's text costs a system call, so only a request that has failed is sent again to get it. */
    if (r > 0 && socket_explain(run->socket))
        return OUTCOME_RESTART;
    return end_dumps(run, r);
}

static int run_step(struct getifs_run *run, struct getifs_client *client)
{
    struct query *q = &run->query;
    const struct step *step = &q->plan->steps[run->step];
    int r;
    if (run->phase == STEP_BEGIN) {
        run->family = q->request.family || !(step->flags & STEP_PER_FAMILY) ? q->request.family : AF_INET;
        if (step->is_needed && !step->is_needed(q))
            run->phase = STEP_DONE;
        else if ((r = begin_dump(run, client)) != 0)
            return r;
    }
    while (run->phase != STEP_DONE) {
        if (run->phase == STEP_DUMP)
            r = run_dump(run, client);
        else
            r = end_dumps(run, complete_replay(&run->complete, query_message, q));
        if (r != 0)
            return r;
        if (run->phase == STEP_FETCHED)
            r = next_family(run) ? begin_dump(run, client) : (run->phase = STEP_DONE, 0);
        if (r != 0)
            return r;
    }
    r = step->done ? step->done(q) : 0;
    if (r == 0) {
        run->phase = STEP_BEGIN;
        run->step++;
    }
    return r;
}

static void begin_steps(struct getifs_run *run, const struct getifs_request *request, const struct getifs_filter *filter)
{
    struct query *q = &run->query;
    query_begin(q, plan_of(request->query), request, filter);
    run->step = 0;
    run->phase = STEP_BEGIN;
    /* The kernel removes an object with its routes and from its groups. What a complete answer lacks was removed. */
    q->resolution.skip_missing = true;
    if (request->query == GETIFS_ADDRS && request->index)
        q->kernel_filters = socket_filters(run->socket);
}

/* Starts again with the first step, or returns the reason. */
static int restart(struct getifs_run *run, int reason)
{
    if (++run->tries >= MOST_TRIES)
        return reason;
    struct getifs_request request = run->query.request;
    const struct getifs_filter *filter = run->query.filter;
    query_end(&run->query);
    end_complete(run);
    int r = socket_open(run->socket);
    begin_steps(run, &request, filter);
    return r;
}

static int finish(struct getifs_run *run, struct getifs_client *client)
{
    struct query *q = &run->query;
    int r = run->modes.phase == MODES_BEGIN ? query_finish(q) : 0;
    if (r == 0 && q->request.options & GETIFS_WITH_LINK_MODES)
        r = link_modes_read(&run->modes, &q->tables[OBJECT_LINK], q->request.timeout_ms, run->deadline);
    if (r == OUTCOME_MALFORMED)
        snprintf(client->message, sizeof client->message, "malformed answer to ETHTOOL_MSG_LINKMODES_GET");
    return r;
}

static int run_query(struct getifs_run *run, struct getifs_client *client)
{
    for (;;) {
        int r = 0;
        while (r == 0 && run->step < run->query.plan->step_count)
            r = run_step(run, client);
        if (r == 0)
            r = finish(run, client);
        /* After a lost datagram (ENOBUFS), or one of another dump, only a new socket is unambiguous. */
        if (r == OUTCOME_RESTART || r == -ENOBUFS)
            r = restart(run, r);
        else
            return r;
        if (r < 0)
            return r;
    }
}

static void end_query(struct getifs_run *run)
{
    if (run->active)
        query_end(&run->query);
    end_complete(run);
    link_modes_end(&run->modes, run->query.request.options & GETIFS_KEEP_OPEN);
    run->active = false;
}

/* Makes the run of a client. A status. */
static int make_run(struct getifs_client *client)
{
    struct getifs_run *run = calloc(1, sizeof *run);
    if (!run) {
        client->error = ENOMEM;
        return GETIFS_FAILED;
    }
    if (client->netns && !netns_enter(client->netns)) {
        free(run);
        return GETIFS_CLOSED;
    }
    client->run = run;
    socket_init(&run->sockets[0], client->netns);
    socket_init(&run->sockets[1], client->netns);
    link_modes_init(&run->modes, client->netns);
    run->socket = run->sockets;
    run->small = UINT32_MAX << KINDS_OF_ONE_INTERFACE;
    return GETIFS_OK;
}

static int begin_query(struct getifs_client *client, const struct getifs_request *request,
                       const struct getifs_filter *filter)
{
    struct getifs_run *run = client->run;
    client->message[0] = 0;
    run->tries = 0;
    run->deadline = clock_milliseconds() + (int64_t)request->timeout_ms * MOST_SILENCES;
    int r = socket_open(run->socket);
    if (r < 0)
        return r;
    begin_steps(run, request, filter);
    run->active = true;
    return 0;
}

int getifs_query(struct getifs_client *client, const void *request_data, const struct getifs_filter *filter)
{
    struct getifs_request request;
    memcpy(&request, request_data, sizeof request);
    if (!plan_of(request.query) || request.name_len >= sizeof request.name) {
        client->error = EINVAL;
        return GETIFS_FAILED;
    }
    if (client->mirror)
        return mirror_answer(client, &request, filter);
    int status = client->run ? GETIFS_OK : make_run(client);
    if (status != GETIFS_OK)
        return status;
    struct getifs_run *run = client->run;
    int r = run->active ? 0 : begin_query(client, &request, filter);
    if (r == 0)
        r = run_query(run, client);
    if (r == 0)
        query_answer(&run->query, client);
    status = query_status(&run->query, client, r);
    if (status == GETIFS_PAUSED)
        return status;
    end_query(run);
    if (request.options & GETIFS_KEEP_OPEN)
        socket_leave(run->socket);
    else
        socket_close(run->socket);
    return status;
}

void getifs_close(struct getifs_client *client)
{
    struct getifs_run *run = client->run;
    getifs_free(&client->blocks);
    if (run) {
        end_query(run);
        socket_free(run->socket);
        evidence_end(&run->evidence);
        link_modes_free(&run->modes);
        if (client->netns)
            netns_leave(client->netns);
    }
    free(run);
    client->run = NULL;
}
