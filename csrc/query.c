/* Live queries: the steps of a plan, one exchange with the kernel after the other. */
#include "exchange.h"
#include "mirror.h"
#include "plan.h"
#include <stdlib.h>

enum {
    MOST_TRIES = 8,   /* of a query whose dumps are inconsistent */
    MOST_SILENCES = 10 /* the time of a whole query, in timeouts */
};

/* What a client keeps between calls and queries. */
struct getifs_run {
    struct getifs_socket socket;
    struct query query;
    struct exchange exchange;
    bool active; /* a query was paused */
    enum { STEP_BEGIN, STEP_DUMP, STEP_DONE } phase;
    size_t step;
    unsigned family; /* of the dump of this step */
    unsigned tries;
    int64_t deadline;
};

static void begin_dump(struct getifs_run *run, struct getifs_client *client)
{
    struct query *q = &run->query;
    struct exchange *x = &run->exchange;
    query_begin_dump(q, &q->plan->steps[run->step], run->family);
    const struct dump *dump = &q->dump;
    dump->object->request(&x->request, dump);
    x->reader = (struct message_reader){
        .handle = query_message,
        .context = q,
        .single = dump->single,
        .text = client->message,
        .text_size = sizeof client->message,
    };
    /* Without strict checking the kernel ignores filters, and dumps cached routes too. */
    x->strict = dump->object == &route_object || (dump->index && !dump->single);
    x->sent = false;
    x->silence = q->request.timeout_ms;
    x->deadline = run->deadline;
    run->phase = STEP_DUMP;
}

/* The meaning of the kernel's refusal: 0 if the step has no rows, or an errno. */
static int judge_refusal(struct getifs_run *run, struct getifs_client *client, int error)
{
    struct dump *dump = &run->query.dump;
    const struct object *object = dump->object;
    bool is_refused = is_unsupported(error) || error == EPERM || error == EACCES;
    if (object->fallback && is_refused) {
        client->message[0] = 0;
        return object->fallback(dump, client->message, sizeof client->message);
    }
    if (object->refusal)
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

static int run_step(struct getifs_run *run, struct getifs_client *client)
{
    struct query *q = &run->query;
    const struct step *step = &q->plan->steps[run->step];
    int r;
    if (run->phase == STEP_BEGIN) {
        run->family = q->request.family || !(step->flags & STEP_PER_FAMILY) ? q->request.family : AF_INET;
        if (step->is_needed && !step->is_needed(q))
            run->phase = STEP_DONE;
        else
            begin_dump(run, client);
    }
    while (run->phase == STEP_DUMP) {
        r = exchange_continue(&run->exchange, &run->socket);
        if (r > 0)
            r = judge_refusal(run, client, r);
        if (r != 0)
            return r;
        if (next_family(run))
            begin_dump(run, client);
        else
            run->phase = STEP_DONE;
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
    /* Gateways are best effort: in the end, routes whose next-hop object does not exist are left out. */
    q->resolution.skip_missing = q->plan->rows == OBJECT_GATEWAY && run->tries + 1 >= MOST_TRIES;
    if (request->query == GETIFS_ADDRS && request->index)
        q->kernel_filters = socket_filters(&run->socket);
}

/* Starts again with the first step, or returns the reason. */
static int restart(struct getifs_run *run, int reason)
{
    if (++run->tries >= MOST_TRIES)
        return reason;
    struct getifs_request request = run->query.request;
    const struct getifs_filter *filter = run->query.filter;
    query_end(&run->query);
    int r = socket_open(&run->socket);
    begin_steps(run, &request, filter);
    return r;
}

static int run_query(struct getifs_run *run, struct getifs_client *client)
{
    for (;;) {
        int r = 0;
        while (r == 0 && run->step < run->query.plan->step_count)
            r = run_step(run, client);
        if (r == 0)
            r = query_finish(&run->query);
        /* After a lost datagram (ENOBUFS), or one of another dump, only a new socket is unambiguous. */
        if (r == OUTCOME_RESTART || r == -ENOBUFS)
            r = restart(run, r);
        else
            return r;
        if (r < 0)
            return r;
    }
}

static int begin_query(struct getifs_client *client, const struct getifs_request *request, const struct getifs_filter *filter)
{
    struct getifs_run *run = client->run;
    if (!run) {
        run = client->run = calloc(1, sizeof *run);
        if (!run)
            return -ENOMEM;
        socket_init(&run->socket);
    }
    client->message[0] = 0;
    run->tries = 0;
    run->deadline = clock_milliseconds() + (int64_t)request->timeout_ms * MOST_SILENCES;
    int r = socket_open(&run->socket);
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
    int r = client->run && client->run->active ? 0 : begin_query(client, &request, filter);
    struct getifs_run *run = client->run;
    if (r == 0)
        r = run_query(run, client);
    if (r == 0)
        query_answer(&run->query, client);
    int status = query_status(run ? &run->query : NULL, client, r);
    if (status == GETIFS_PAUSED)
        return status;
    if (run && run->active)
        query_end(&run->query);
    if (run)
        run->active = false;
    if (run && !(request.options & GETIFS_KEEP_OPEN))
        socket_close(&run->socket);
    return status;
}

void getifs_close(struct getifs_client *client)
{
    struct getifs_run *run = client->run;
    getifs_free(&client->blocks);
    if (run && run->active)
        query_end(&run->query);
    if (run)
        socket_free(&run->socket);
    free(run);
    client->run = NULL;
}

void getifs_take(struct getifs_client *client, struct getifs_blocks *blocks)
{
    *blocks = client->blocks;
    client->blocks = (struct getifs_blocks){0};
}

void getifs_free(struct getifs_blocks *blocks)
{
    free(blocks->block.rows);
    free(blocks->block.extra);
    free(blocks->more.rows);
    free(blocks->more.extra);
    *blocks = (struct getifs_blocks){0};
}
