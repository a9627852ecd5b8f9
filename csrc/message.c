#include "message.h"
#include "outcome.h"
#include <stdlib.h>

static void read_extended_ack(struct message_reader *reader, const uint8_t *data, size_t len)
{
    struct attr text = attr_string(attr_nested((struct attr){data, len}, NLMSGERR_ATTR_MSG));
    if (!text.data)
        return;
    if (text.len >= reader->text_size)
        text.len = reader->text_size - 1;
    memcpy(reader->text, text.data, text.len);
    reader->text[text.len] = 0;
}

/* The errno in an NLMSG_ERROR or NLMSG_DONE. The kernel sends it negated; either sign is accepted. */
static int read_error(struct message_reader *reader, const struct nlmsghdr *head, const uint8_t *payload, size_t len)
{
    int32_t code;
    if (head->nlmsg_type == NLMSG_DONE && !len)
        return 0;
    if (len < sizeof code)
        return OUTCOME_MALFORMED;
    memcpy(&code, payload, sizeof code);
    if (code == INT32_MIN)
        return OUTCOME_MALFORMED;
    reader->error = abs(code);
    if (!reader->error || !(head->nlmsg_flags & NLM_F_ACK_TLVS) || !reader->text)
        return 0;
    size_t skip = sizeof code;
    if (head->nlmsg_type == NLMSG_ERROR) {
        /* The request follows: all of it, or its header only. */
        struct nlmsghdr request;
        if (len < skip + sizeof request)
            return 0;
        memcpy(&request, payload + skip, sizeof request);
        size_t quoted = head->nlmsg_flags & NLM_F_CAPPED ? sizeof request : NLMSG_ALIGN((size_t)request.nlmsg_len);
        if (quoted > len - skip)
            return 0;
        skip += quoted;
    }
    read_extended_ack(reader, payload + skip, len - skip);
    return 0;
}

static int read_message(struct message_reader *reader, const struct nlmsghdr *head, const uint8_t *payload, size_t len)
{
    int r;
    /* A recording contains what went to the kernel too. Answers never have NLM_F_REQUEST. */
    bool is_other = reader->recorded
        ? head->nlmsg_flags & NLM_F_REQUEST
        : head->nlmsg_seq != reader->sequence || (reader->port && head->nlmsg_pid != reader->port);
    if (is_other && !reader->notified)
        return reader->notice ? reader->notice(reader->notice_context, head->nlmsg_type, payload, len) : 0;
    reader->port = head->nlmsg_pid;
    if (head->nlmsg_flags & NLM_F_DUMP_INTR)
        reader->interrupted = true;
    if (head->nlmsg_type == NLMSG_ERROR || head->nlmsg_type == NLMSG_DONE) {
        r = read_error(reader, head, payload, len);
        /* An error of code 0 is an acknowledgement: the answer is still to come. */
        if (r == 0 && (reader->error || (head->nlmsg_type == NLMSG_DONE && !reader->recorded && !reader->notified)))
            reader->done = true;
        return r;
    }
    if (head->nlmsg_type < NLMSG_MIN_TYPE)
        return 0;
    reader->flags = head->nlmsg_flags;
    r = reader->handle(reader->context, head->nlmsg_type, payload, len);
    if (r < 0)
        return r;
    reader->handled++;
    reader->last = payload;
    if (len > reader->largest)
        reader->largest = len;
    if (reader->single)
        reader->done = true;
    return 0;
}

int messages_read(struct message_reader *reader, const void *data, size_t size)
{
    const uint8_t *at = data;
    ptrdiff_t left = (ptrdiff_t)size;
    while (left > 0 && !reader->done) {
        struct nlmsghdr head;
        if (left < (ptrdiff_t)sizeof head)
            return left < (ptrdiff_t)NLMSG_ALIGNTO ? 0 : OUTCOME_MALFORMED;
        memcpy(&head, at, sizeof head);
        if (head.nlmsg_len < sizeof head || (uint64_t)head.nlmsg_len > (uint64_t)left)
            return OUTCOME_MALFORMED;
        int r = read_message(reader, &head, at + sizeof head, head.nlmsg_len - sizeof head);
        if (r < 0)
            return r;
        ptrdiff_t step = (ptrdiff_t)NLMSG_ALIGN((size_t)head.nlmsg_len);
        left -= step;
        if (left > 0)
            at += step;
    }
    return 0;
}

void request_begin(struct request *request, unsigned type, unsigned flags, const void *header, size_t size)
{
    memset(request, 0, sizeof *request);
    request->head.nlmsg_type = (uint16_t)type;
    request->head.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
    request->head.nlmsg_len = (uint32_t)(sizeof request->head + NLMSG_ALIGN(size));
    memcpy(request->body, header, size);
}

void request_attr(struct request *request, unsigned type, const void *data, size_t size)
{
    struct rtattr head = {.rta_len = (unsigned short)(sizeof head + size), .rta_type = (unsigned short)type};
    uint8_t *at = (uint8_t *)request + request->head.nlmsg_len;
    memcpy(at, &head, sizeof head);
    memcpy(at + sizeof head, data, size);
    request->head.nlmsg_len += (uint32_t)NLMSG_ALIGN(sizeof head + size);
}
