#include "query.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const object_names[] = {
    [OBJECT_LINKS] = "RTM_GETLINK",       [OBJECT_LINK] = "RTM_GETLINK",    [OBJECT_ADDRS] = "RTM_GETADDR",
    [OBJECT_MULTICAST] = "RTM_GETMULTICAST", [OBJECT_ROUTES] = "RTM_GETROUTE", [OBJECT_NEXTHOPS] = "RTM_GETNEXTHOP",
};

static void say(struct getifs_answer *answer, const char *text, enum query_object object)
{
    snprintf(answer->message, sizeof answer->message, "%s %s", text, object_names[object]);
}

int answer_status(struct getifs_answer *answer, int r, enum query_object object)
{
    switch (r) {
    case 0: return GETIFS_OK;
    case -EINTR: return GETIFS_SIGNAL;
    case -EAGAIN: say(answer, "the tables changed during every", object); return GETIFS_INTERRUPTED;
    case -EBADMSG:
        if (!answer->message[0])
            say(answer, "malformed answer to", object);
        return GETIFS_MALFORMED;
    default: answer->error = r; return GETIFS_ERRNO;
    }
}

void getifs_take(struct getifs_answer *answer, struct getifs_blocks *blocks)
{
    *blocks = answer->blocks;
    answer->blocks = (struct getifs_blocks){0};
}

void getifs_free(struct getifs_blocks *blocks)
{
    free(blocks->block.rows);
    free(blocks->block.text);
    free(blocks->more.rows);
    free(blocks->more.text);
    *blocks = (struct getifs_blocks){0};
}
