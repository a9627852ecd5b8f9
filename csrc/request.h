/* A request as it goes to the kernel. */
#ifndef GETIFS_REQUEST_H
#define GETIFS_REQUEST_H
#include "attr.h"

struct request {
    struct nlmsghdr head; /* nlmsg_pid 0, as the kernel's own tools send it */
    uint8_t body[240];
};

static inline void request_begin(struct request *request, unsigned type, unsigned flags, const void *header, size_t size)
{
    memset(request, 0, sizeof *request);
    request->head.nlmsg_type = (uint16_t)type;
    request->head.nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
    request->head.nlmsg_len = (uint32_t)(sizeof request->head + NLMSG_ALIGN(size));
    memcpy(request->body, header, size);
}

/* Names are at most 127 bytes: it always fits. */
static inline void request_attr(struct request *request, unsigned type, const void *data, size_t size)
{
    struct rtattr head = {.rta_len = (unsigned short)(sizeof head + size), .rta_type = (unsigned short)type};
    uint8_t *at = (uint8_t *)request + request->head.nlmsg_len;
    memcpy(at, &head, sizeof head);
    memcpy(at + sizeof head, data, size);
    request->head.nlmsg_len += (uint32_t)NLMSG_ALIGN(sizeof head + size);
}

#endif
