/* Unicast addresses: RTM_GETADDR. Multicast groups share its header. */
#ifndef GETIFS_ADDR_H
#define GETIFS_ADDR_H
#include "request.h"
#include "table.h"

/* `type` is RTM_GETADDR or RTM_GETMULTICAST; an index of 0 means every interface. */
void addr_request(struct request *request, unsigned type, unsigned family, uint32_t index);
/* A family of AF_UNSPEC takes both; any other family than the one asked for is skipped. */
int addr_parse(struct table *table, struct attr_set *set, unsigned family, uint32_t index, const uint8_t *payload, size_t len);

#endif
