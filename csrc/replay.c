/* Recorded messages, and texts of /proc, through the parsers of the live queries. */
#include "fallback.h"
#include "plan.h"

struct recording {
    const void *data;
    size_t size;
};

static int replay_step(struct query *q, const struct step *step, struct recording recording, struct getifs_client *client)
{
    struct message_reader reader = {
        .handle = query_message,
        .context = q,
        .recorded = true,
        .text = client->message,
        .text_size = sizeof client->message,
    };
    query_begin_dump(q, step, AF_UNSPEC);
    int r = messages_read(&reader, recording.data, recording.size);
    if (r == 0)
        r = reader.interrupted ? OUTCOME_RESTART : reader.error;
    return r;
}

/* The first dump of the plan reads the first recording, and so on. */
static int replay_steps(struct query *q, const struct recording recordings[2], struct getifs_client *client)
{
    size_t dumps = 0;
    for (size_t i = 0; i < q->plan->step_count; i++) {
        const struct step *step = &q->plan->steps[i];
        int r = step->flags & (STEP_SINGLE | STEP_FALLBACK) || dumps == 2
            ? 0
            : replay_step(q, step, recordings[dumps++], client);
        if (r == 0 && step->done)
            do
                r = step->done(q);
            while (r == OUTCOME_PAUSED);
        if (r != 0)
            return r;
    }
    return 0;
}

int getifs_replay(struct getifs_client *client, const void *request_data, const void *data, size_t size,
                  const void *nexthops, size_t nexthops_size)
{
    struct getifs_request request;
    struct query query;
    const struct recording recordings[] = {{data, size}, {nexthops, nexthops_size}};
    memcpy(&request, request_data, sizeof request);
    const struct plan *plan = plan_of(request.query);
    if (!plan) {
        client->error = EINVAL;
        return GETIFS_FAILED;
    }
    client->message[0] = 0;
    query_begin(&query, plan, &request, NULL);
    query.resolution.skip_missing = plan->rows == OBJECT_GATEWAY;
    int r = replay_steps(&query, recordings, client);
    if (r == 0)
        do
            r = query_finish(&query);
        while (r == OUTCOME_PAUSED);
    if (r == 0)
        query_answer(&query, client);
    int status = query_status(&query, client, r);
    query_end(&query);
    return status;
}

int getifs_read_igmp(struct getifs_client *client, int family, int big_endian, const char *text, size_t size)
{
    struct query query;
    const struct getifs_request request = {.query = GETIFS_GROUPS};
    const struct step step = {.object = OBJECT_GROUP};
    client->message[0] = 0;
    query_begin(&query, plan_of(GETIFS_GROUPS), &request, NULL);
    query_begin_dump(&query, &step, family == 4 ? AF_INET : AF_INET6);
    int r = groups_parse_proc(&query.dump, (struct proc_text){text, size, big_endian}, client->message,
                              sizeof client->message);
    if (r == 0)
        query_answer(&query, client);
    int status = query_status(&query, client, r);
    query_end(&query);
    return status;
}
