/* ioctl() on interfaces: for kernels and sandboxes where netlink does not answer. */
#ifndef GETIFS_CONTROL_H
#define GETIFS_CONTROL_H
#include "socket.h"
#include "uapi.h"

/* One call, SIOCGIFNAME and so on. Opens the socket if it is closed. 0 or a negative errno. */
int control_call(struct getifs_socket *socket, unsigned long request, struct ifreq *argument);
/* Sets the name, which is terminated. False: it is too long for an ioctl, or means something else there. */
bool control_set_name(struct ifreq *argument, const char *name, size_t len);
/* What the driver reports. 0 or a negative errno, such as -EOPNOTSUPP of a driver that reports nothing. */
int control_link_mode(struct getifs_socket *socket, struct ifreq *argument, uint32_t *speed, uint8_t *duplex);

#endif
