/*
 * The kernel's headers, and the names that older ones lack, back to Linux 3.10.
 *
 * The values are the kernel's ABI. Most of these names are enumerators, which the preprocessor cannot see. A macro
 * with the value of an existing enumerator does no harm.
 */
#ifndef GETIFS_UAPI_H
#define GETIFS_UAPI_H
#include <sys/socket.h>
#include <linux/ethtool.h>
#include <linux/genetlink.h>
#include <linux/icmpv6.h>
#include <linux/fib_rules.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 3, 0)
#include <linux/nexthop.h>
#else
#include <stdint.h>
struct nhmsg {
    unsigned char nh_family, nh_scope, nh_protocol, resvd;
    unsigned int nh_flags;
};
struct nexthop_grp {
    uint32_t id;
    uint8_t weight, resvd1;
    uint16_t resvd2;
};
#define NHA_ID 1
#define NHA_GROUP 2
#define NHA_GROUP_TYPE 3
#define NHA_BLACKHOLE 4
#define NHA_OIF 5
#define NHA_GATEWAY 6
#define NHA_ENCAP_TYPE 7
#endif
#ifndef NHA_FDB /* 5.8 */
#define NHA_FDB 11
#endif
#ifndef NHA_RES_GROUP /* 5.13 */
#define NHA_RES_GROUP 12
#define NHA_RES_GROUP_BUCKETS 1
#define NHA_RES_GROUP_IDLE_TIMER 2
#define NHA_RES_GROUP_UNBALANCED_TIMER 3
#define NHA_RES_GROUP_UNBALANCED_TIME 4
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 6, 0)
#include <linux/ethtool_netlink.h>
#else
#define ETHTOOL_GENL_NAME "ethtool"
#define ETHTOOL_GENL_VERSION 1
#define ETHTOOL_MSG_LINKMODES_GET 4
#define ETHTOOL_A_LINKMODES_HEADER 1
#define ETHTOOL_A_LINKMODES_SPEED 5
#define ETHTOOL_A_LINKMODES_DUPLEX 6
#define ETHTOOL_A_HEADER_DEV_INDEX 1
#define ETHTOOL_A_HEADER_FLAGS 3
#define ETHTOOL_FLAG_COMPACT_BITSETS 1
#endif
#ifndef ETHTOOL_GLINKSETTINGS /* 4.6 */
#define ETHTOOL_GLINKSETTINGS 0x0000004c
struct ethtool_link_settings {
    uint32_t cmd, speed;
    uint8_t duplex, port, phy_address, autoneg, mdio_support, eth_tp_mdix, eth_tp_mdix_ctrl;
    int8_t link_mode_masks_nwords;
    uint32_t reserved[8];
};
#endif

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif
#ifndef NETLINK_EXT_ACK /* 4.12 */
#define NETLINK_EXT_ACK 11
#endif
#ifndef NETLINK_GET_STRICT_CHK /* 4.20 */
#define NETLINK_GET_STRICT_CHK 12
#endif
#ifndef NLM_F_CAPPED /* 4.12 */
#define NLM_F_CAPPED 0x100
#endif
#ifndef NLM_F_ACK_TLVS /* 4.12 */
#define NLM_F_ACK_TLVS 0x200
#endif
#ifndef NLMSGERR_ATTR_MSG /* 4.12 */
#define NLMSGERR_ATTR_MSG 1
#endif

#ifndef RTM_GETNEXTHOP /* 5.3 */
#define RTM_NEWNEXTHOP 104
#define RTM_DELNEXTHOP 105
#define RTM_GETNEXTHOP 106
#endif
#ifndef RTNLGRP_NEXTHOP /* 5.3 */
#define RTNLGRP_NEXTHOP 32
#endif
#ifndef RTM_NEWMULTICAST /* older kernels answer with the type of the request, RTM_GETMULTICAST (58) */
#define RTM_NEWMULTICAST 56
#endif
#ifndef RTM_DELMULTICAST /* 6.13, as are the groups */
#define RTM_DELMULTICAST 57
#endif
#ifndef RTNLGRP_IPV4_MCADDR
#define RTNLGRP_IPV4_MCADDR 37
#define RTNLGRP_IPV6_MCADDR 38
#endif

#ifndef RTEXT_FILTER_BRVLAN_COMPRESSED /* 4.0 */
#define RTEXT_FILTER_BRVLAN_COMPRESSED (1 << 2)
#endif
#ifndef RTEXT_FILTER_SKIP_STATS /* 4.4 */
#define RTEXT_FILTER_SKIP_STATS (1 << 3)
#endif
#ifndef IFLA_CARRIER_CHANGES /* 3.15 */
#define IFLA_CARRIER_CHANGES 35
#endif
#ifndef IFLA_LINK_NETNSID /* 4.0 */
#define IFLA_LINK_NETNSID 37
#endif
#ifndef IFLA_PHYS_PORT_NAME /* 4.1 */
#define IFLA_PHYS_PORT_NAME 38
#define IFLA_PROTO_DOWN 39
#endif
#ifndef IFLA_GSO_MAX_SEGS /* 4.5 */
#define IFLA_GSO_MAX_SEGS 40
#define IFLA_GSO_MAX_SIZE 41
#endif
#ifndef IFLA_CARRIER_UP_COUNT /* 4.16 */
#define IFLA_CARRIER_UP_COUNT 47
#define IFLA_CARRIER_DOWN_COUNT 48
#endif
#ifndef IFLA_MIN_MTU /* 4.19 */
#define IFLA_MIN_MTU 50
#define IFLA_MAX_MTU 51
#endif
#ifndef IFLA_PROP_LIST /* 5.5 */
#define IFLA_PROP_LIST 52
#define IFLA_ALT_IFNAME 53
#endif
#ifndef IFLA_PERM_ADDRESS /* 5.6 */
#define IFLA_PERM_ADDRESS 54
#endif
#ifndef IFLA_PARENT_DEV_NAME /* 5.14 */
#define IFLA_PARENT_DEV_NAME 56
#define IFLA_PARENT_DEV_BUS_NAME 57
#endif

#ifndef IFA_FLAGS /* 3.14 */
#define IFA_FLAGS 8
#endif
#ifndef IFA_RT_PRIORITY /* 4.18 */
#define IFA_RT_PRIORITY 9
#endif
#ifndef IFA_PROTO /* 5.18 */
#define IFA_PROTO 11
#endif

#ifndef NDA_PROTOCOL /* 4.20 */
#define NDA_PROTOCOL 12
#endif
#ifndef NDA_FLAGS_EXT /* 5.16 */
#define NDA_FLAGS_EXT 15
#endif

#ifndef FRA_TUN_ID /* 4.3; before, the number had no use */
#define FRA_TUN_ID 12
#endif
#ifndef FRA_SUPPRESS_PREFIXLEN /* 3.12 */
#define FRA_SUPPRESS_IFGROUP 13
#define FRA_SUPPRESS_PREFIXLEN 14
#endif
#ifndef FRA_L3MDEV /* 4.8 */
#define FRA_L3MDEV 19
#endif
#ifndef FRA_UID_RANGE /* 4.10 */
#define FRA_UID_RANGE 20
#endif
#ifndef FRA_PROTOCOL /* 4.17 */
#define FRA_PROTOCOL 21
#define FRA_IP_PROTO 22
#define FRA_SPORT_RANGE 23
#define FRA_DPORT_RANGE 24
#endif
#ifndef FRA_DSCP /* 6.12 */
#define FRA_DSCP 25
#endif
#ifndef FRA_FLOWLABEL /* 6.14 */
#define FRA_FLOWLABEL 26
#define FRA_FLOWLABEL_MASK 27
#endif
#ifndef FRA_SPORT_MASK /* 6.15 */
#define FRA_SPORT_MASK 28
#define FRA_DPORT_MASK 29
#define FRA_DSCP_MASK 30
#endif

#ifndef RTNH_F_LINKDOWN /* 4.1 */
#define RTNH_F_LINKDOWN 16
#endif
#ifndef RTNH_F_UNRESOLVED /* 4.12 */
#define RTNH_F_UNRESOLVED 32
#endif
#ifndef RTA_VIA /* 4.1 */
#define RTA_VIA 18
#endif
#ifndef RTA_PREF /* 4.1 */
#define RTA_PREF 20
#endif
#ifndef RTA_UID /* 4.10 */
#define RTA_UID 25
#endif
#ifndef RTM_F_LOOKUP_TABLE /* 4.3; older kernels ignore it */
#define RTM_F_LOOKUP_TABLE 0x1000
#endif
#ifndef RTA_ENCAP_TYPE /* 4.3 */
#define RTA_ENCAP_TYPE 21
#define RTA_ENCAP 22
#endif
#ifndef RTA_NH_ID /* 5.3 */
#define RTA_NH_ID 30
#endif
#ifndef RTAX_CC_ALGO /* 4.0 */
#define RTAX_CC_ALGO 16
#endif

#endif
