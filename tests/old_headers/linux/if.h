#ifndef OLD_LINUX_IF_H
#define OLD_LINUX_IF_H
#include <linux/socket.h>
#include <linux/types.h>

#define IFNAMSIZ 16
#define IFALIASZ 256

/* Macros alone: the enumerators came later. */
#define IFF_UP 0x1
#define IFF_BROADCAST 0x2
#define IFF_DEBUG 0x4
#define IFF_LOOPBACK 0x8
#define IFF_POINTOPOINT 0x10
#define IFF_NOTRAILERS 0x20
#define IFF_RUNNING 0x40
#define IFF_NOARP 0x80
#define IFF_PROMISC 0x100
#define IFF_ALLMULTI 0x200
#define IFF_MASTER 0x400
#define IFF_SLAVE 0x800
#define IFF_MULTICAST 0x1000
#define IFF_PORTSEL 0x2000
#define IFF_AUTOMEDIA 0x4000
#define IFF_DYNAMIC 0x8000
#define IFF_LOWER_UP 0x10000
#define IFF_DORMANT 0x20000
#define IFF_ECHO 0x40000

enum {
    IF_OPER_UNKNOWN,
    IF_OPER_NOTPRESENT,
    IF_OPER_DOWN,
    IF_OPER_LOWERLAYERDOWN,
    IF_OPER_TESTING,
    IF_OPER_DORMANT,
    IF_OPER_UP
};

/* What an ioctl() takes; `ifru_settings` has the size of the largest member, struct ifmap. */
union old_ifr_ifrn {
    char ifrn_name[IFNAMSIZ];
};
union old_ifr_ifru {
    struct sockaddr ifru_hwaddr;
    short ifru_flags;
    int ifru_ivalue;
    int ifru_mtu;
    void *ifru_data;
    struct {
        unsigned long start, end;
        unsigned char others[8];
    } ifru_settings;
};
struct ifreq {
    union old_ifr_ifrn ifr_ifrn;
    union old_ifr_ifru ifr_ifru;
};
#define ifr_name ifr_ifrn.ifrn_name
#define ifr_hwaddr ifr_ifru.ifru_hwaddr
#define ifr_flags ifr_ifru.ifru_flags
#define ifr_mtu ifr_ifru.ifru_mtu
#define ifr_data ifr_ifru.ifru_data
#define ifr_ifindex ifr_ifru.ifru_ivalue
#define ifr_qlen ifr_ifru.ifru_ivalue
#endif
