/* Speed and duplex of links: generic netlink family "ethtool" (Linux 5.6), or SIOCETHTOOL. */
#ifndef GETIFS_LINKMODES_H
#define GETIFS_LINKMODES_H
#include "exchange.h"

struct link_modes {
    struct getifs_socket socket; /* of NETLINK_GENERIC */
    struct getifs_socket control; /* for ioctl() */
    struct exchange exchange;
    struct table *links;
    size_t at;                   /* the link that is looked at next */
    uint16_t family;             /* number of the family; 0: not known yet */
    enum { MODES_BEGIN, MODES_FAMILY, MODES_LINKS, MODES_IOCTL, MODES_DONE } phase;
};

void link_modes_init(struct link_modes *modes, struct getifs_netns *netns);
/* Sets the speed and the duplex of the links that have them. `silence` and `deadline`: see struct exchange. 0,
   OUTCOME_PAUSED, OUTCOME_TIMED_OUT, OUTCOME_MALFORMED or a negative errno. */
int link_modes_read(struct link_modes *modes, struct table *links, int64_t silence, int64_t deadline);
/* Ends the reading, and closes the sockets unless they are kept for the next one. */
void link_modes_end(struct link_modes *modes, bool keep_open);
void link_modes_free(struct link_modes *modes);

#endif
