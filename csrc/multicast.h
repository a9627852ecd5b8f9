/* Multicast groups: RTM_GETMULTICAST, and the files of /proc/net for kernels without it. */
#ifndef GETIFS_MULTICAST_H
#define GETIFS_MULTICAST_H
#include "attr.h"
#include "table.h"

int multicast_parse(struct table *table, struct attr_set *set, unsigned family, uint32_t index, const uint8_t *payload, size_t len);
/* /proc/net/igmp or igmp6. -EBADMSG: the line that makes no sense is copied to `line`. */
int igmp_parse(struct table *table, unsigned family, uint32_t index, bool big_endian, const char *text, size_t size,
               char *line, size_t line_room);
bool is_big_endian(void);

#endif
