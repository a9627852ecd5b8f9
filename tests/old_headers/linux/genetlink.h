#ifndef OLD_LINUX_GENETLINK_H
#define OLD_LINUX_GENETLINK_H
#include <linux/netlink.h>

struct genlmsghdr {
    __u8 cmd;
    __u8 version;
    __u16 reserved;
};

#define GENL_ID_CTRL 0x10

enum { CTRL_CMD_UNSPEC, CTRL_CMD_NEWFAMILY, CTRL_CMD_DELFAMILY, CTRL_CMD_GETFAMILY };
enum { CTRL_ATTR_UNSPEC, CTRL_ATTR_FAMILY_ID, CTRL_ATTR_FAMILY_NAME };
#endif
