#include "message.h"
#include "attr.h"
#include <errno.h>
#include <stdlib.h>

static void read_extended_ack(struct message_reader *reader, const uint8_t *data, size_t len)
{
    struct attr_set set;
    set.count = 0;
    attr_set_read(&set, data, len); /* as far as it can be read */
    struct attr text = attr_text(attr_of(&set, NLMSGERR_ATTR_MSG));
    if (!text.data)
        return;
    if (text.len >= reader->text_room)
        text.len = reader->text_room - 1;
    memcpy(reader->text, text.data, text.len);
    reader->text[text.len] = 0;
}

/* The errno of an NLMSG_ERROR or NLMSG_DONE; the kernel sends it negated, either sign is taken. */
static int read_error(struct message_reader *reader, const struct nlmsghdr *head, const uint8_t *payload, size_t len)
{
    int32_t code;
    if (head->nlmsg_type == NLMSG_DONE && !len)
        return 0;
    if (len < sizeof code)
        return -EBADMSG;
    memcpy(&code, payload, sizeof code);
    if (code == INT32_MIN)
        return -EBADMSG;
    reader->error = abs(code);
    if (!reader->error || !(head->nlmsg_flags & NLM_F_ACK_TLVS) || !reader->text)
        return 0;
    size_t skip = sizeof code;
    if (head->nlmsg_type == NLMSG_ERROR) {
        /* The request follows: whole, or its header alone. */
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

int messages_read(struct message_reader *reader, const void *data, size_t size)
{
    const uint8_t *at = data;
    ptrdiff_t left = (ptrdiff_t)size;
    int r;

    while (left > 0 && !reader->done) {
        struct nlmsghdr head;
        if (left < (ptrdiff_t)sizeof head)
            return left < (ptrdiff_t)NLMSG_ALIGNTO ? 0 : -EBADMSG;
        memcpy(&head, at, sizeof head);
        if (head.nlmsg_len < sizeof head || (uint64_t)head.nlmsg_len > (uint64_t)left)
            return -EBADMSG;
        const uint8_t *payload = at + sizeof head;
        size_t len = head.nlmsg_len - sizeof head;
        if (reader->recorded || (head.nlmsg_seq == reader->sequence && head.nlmsg_pid == reader->port)) {
            if (head.nlmsg_flags & NLM_F_DUMP_INTR)
                reader->interrupted = true;
            if (head.nlmsg_type == NLMSG_ERROR || head.nlmsg_type == NLMSG_DONE) {
                r = read_error(reader, &head, payload, len);
                if (r < 0)
                    return r;
                /* An error of code 0 is an acknowledgement: the answer is still to come. */
                if (reader->error || (head.nlmsg_type == NLMSG_DONE && !reader->recorded))
                    reader->done = true;
            } else if (head.nlmsg_type >= NLMSG_MIN_TYPE) {
                r = reader->take(reader->context, head.nlmsg_type, payload, len);
                if (r < 0)
                    return r;
                reader->taken++;
                if (reader->single)
                    reader->done = true;
            }
        }
        ptrdiff_t step = (ptrdiff_t)NLMSG_ALIGN((size_t)head.nlmsg_len);
        left -= step;
        if (left > 0)
            at += step;
    }
    return 0;
}
