/* Interfaces: RTM_GETLINK. */
#ifndef GETIFS_LINK_H
#define GETIFS_LINK_H
#include "request.h"
#include "table.h"

/* A dump of all links, or, by index or by name, of one; a name of more than 15 bytes is an alternative name. */
void link_request(struct request *request, uint32_t index, const char *name, size_t name_len, bool stats);
/* The kernel sends its counters whether they are asked for or not; they are kept if `stats`. */
int link_parse(struct table *table, struct attr_set *set, bool stats, const uint8_t *payload, size_t len);

#endif
