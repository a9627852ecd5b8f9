/* Recorded messages, and the text of /proc files, through the parsers of the live queries. */
#include "message.h"
#include "multicast.h"
#include "query.h"
#include <errno.h>

static enum query_object object_of(unsigned query)
{
    switch (query) {
    case GETIFS_ASK_LINKS: return OBJECT_LINKS;
    case GETIFS_ASK_ADDRS: return OBJECT_ADDRS;
    case GETIFS_ASK_MULTICAST: return OBJECT_MULTICAST;
    case GETIFS_ASK_NEXTHOPS: return OBJECT_NEXTHOPS;
    default: return OBJECT_ROUTES;
    }
}

static int read_recorded(struct query *query, enum query_object object, const void *data, size_t size,
                         struct getifs_answer *answer)
{
    struct message_reader reader = {.take = query_take, .context = query, .recorded = true, .text = answer->message,
                                    .text_room = sizeof answer->message};
    query->object = object;
    int r = messages_read(&reader, data, size);
    if (r < 0)
        return r;
    return reader.interrupted ? -EAGAIN : reader.error;
}

int getifs_replay(struct getifs_answer *answer, uint32_t query_number, uint32_t options, uint32_t table, const void *data,
                  size_t size, const void *nexthops, size_t nexthops_size)
{
    struct query query;
    answer->message[0] = 0;
    query_begin(&query, (struct query_request){.query = query_number, .options = options, .table = table});
    enum query_object object = object_of(query_number);
    int r = read_recorded(&query, object, data, size, answer);
    if (r == 0 && object == OBJECT_ROUTES) {
        r = read_recorded(&query, OBJECT_NEXTHOPS, nexthops, nexthops_size, answer);
        if (r == 0)
            r = query_resolve(&query, query.rules.purpose == ROUTE_GATEWAYS);
    }
    if (r == 0)
        r = query_finish(&query);
    if (r == 0)
        query_answer(&query, answer);
    int status = answer_status(answer, r, query.object);
    query_end(&query);
    return status;
}

int getifs_read_igmp(struct getifs_answer *answer, int family, int big_endian, const char *text, size_t size)
{
    struct table groups;
    answer->message[0] = 0;
    table_init(&groups, GETIFS_IFADDR, NULL);
    int r = igmp_parse(&groups, family == 4 ? AF_INET : AF_INET6, 0, big_endian, text, size, answer->message,
                       sizeof answer->message);
    if (r == 0)
        table_give_few(&groups, answer);
    table_free(&groups);
    return answer_status(answer, r, OBJECT_MULTICAST);
}
