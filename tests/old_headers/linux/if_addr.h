#ifndef OLD_LINUX_IF_ADDR_H
#define OLD_LINUX_IF_ADDR_H
#include <linux/types.h>

struct ifaddrmsg {
    __u8 ifa_family, ifa_prefixlen, ifa_flags, ifa_scope;
    __u32 ifa_index;
};

struct ifa_cacheinfo {
    __u32 ifa_prefered, ifa_valid, cstamp, tstamp;
};

enum { IFA_UNSPEC, IFA_ADDRESS, IFA_LOCAL, IFA_LABEL, IFA_BROADCAST, IFA_ANYCAST, IFA_CACHEINFO, IFA_MULTICAST };

#define IFA_F_SECONDARY 0x01
#define IFA_F_TEMPORARY IFA_F_SECONDARY
#define IFA_F_NODAD 0x02
#define IFA_F_OPTIMISTIC 0x04
#define IFA_F_DADFAILED 0x08
#define IFA_F_HOMEADDRESS 0x10
#define IFA_F_DEPRECATED 0x20
#define IFA_F_TENTATIVE 0x40
#define IFA_F_PERMANENT 0x80
#endif
