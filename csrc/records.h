/*
 * The constants and records that Python reads and writes as bytes: rows, requests, filters, events.
 *
 * The compiler reads this file, and build_ffi.py writes the names, values and formats of it into the module as texts,
 * which are much smaller than the tables of cffi. So it contains plain declarations only (build_ffi.py leaves out the
 * lines that start with '#'). A record has a fixed size, no pointers and no implicit padding. Numbers are in host order,
 * addresses in network order. Bytes of variable length are in the block's side buffer: `extra_len` bytes at `extra_at`.
 * These two are the last members of a record; everything before them is part of the row's value.
 */
#ifndef RECORDS_H
#define RECORDS_H
#include <stdint.h>

/* Bits of `has`: the kernel sent the attribute. */
enum {
    LINK_HAS_MTU = 1,
    LINK_HAS_CARRIER = 2,
    LINK_HAS_LINK = 4,
    LINK_HAS_LINK_NETNSID = 8,
    LINK_HAS_CONTROLLER = 16,
    LINK_HAS_OPER_STATE = 32,
    LINK_HAS_TX_QUEUE_LEN = 64,
    LINK_HAS_MIN_MTU = 128,
    LINK_HAS_MAX_MTU = 256,
    LINK_HAS_GROUP = 512,
    LINK_HAS_PROMISCUITY = 1024,
    LINK_HAS_PROTO_DOWN = 2048,
    LINK_HAS_SPEED = 4096,
    LINK_HAS_DUPLEX = 8192
};
enum { ADDR_HAS_METRIC = 1, ADDR_HAS_PEER = 2, ADDR_HAS_BROADCAST = 4, ADDR_HAS_PROTO = 8, ADDR_HAS_LIFETIME = 16 };
enum {
    ROUTE_HAS_METRIC = 1,
    ROUTE_HAS_PREFSRC = 2,
    ROUTE_HAS_SOURCE = 4,
    ROUTE_HAS_PREF = 8,
    ROUTE_HAS_HOP = 16,
    ROUTE_HAS_PENDING = 32, /* internal: the next-hop object is not resolved yet */
    ROUTE_HAS_NEXTHOP = 64,
    ROUTE_HAS_OBJECT = 128 /* internal: the hop was read from a next-hop object, not from the route */
};
enum {
    NEXTHOP_HAS_BLACKHOLE = 1,
    NEXTHOP_HAS_FDB = 2,
    NEXTHOP_HAS_BROKEN = 4, /* internal: an attribute is malformed */
    NEXTHOP_HAS_RESILIENT = 8
};
enum {
    RULE_HAS_TARGET = 1,
    RULE_HAS_SUPPRESS_PREFIX_LEN = 2,
    RULE_HAS_SUPPRESS_GROUP = 4,
    RULE_HAS_UID_RANGE = 8,
    RULE_HAS_SPORT = 16,
    RULE_HAS_DPORT = 32,
    RULE_HAS_DSCP = 64,
    RULE_HAS_FLOWLABEL = 128,
    RULE_HAS_SOURCE = 256,
    RULE_HAS_DESTINATION = 512
};

/* The parts of a link's side bytes, in their order. Alternative names are each terminated by NUL; the
   counters are the 64-bit words of struct rtnl_link_stats64; the details are the whole attribute IFLA_LINKINFO,
   an empty one if the kernel did not send it. */
enum {
    LINK_NAME,
    LINK_KIND,
    LINK_ALIAS,
    LINK_PARENT_DEV,
    LINK_PARENT_BUS,
    LINK_ALT_NAMES,
    LINK_MAC,
    LINK_BROADCAST_MAC,
    LINK_PERM_MAC,
    LINK_STATS,
    LINK_DETAILS,
    LINK_PARTS
};

/* An interface: RTM_NEWLINK. */
struct getifs_link {
    uint32_t index;
    uint32_t flags;
    uint32_t mtu;
    uint32_t min_mtu;
    uint32_t max_mtu;
    uint32_t tx_queue_len;
    uint32_t group;
    uint32_t promiscuity;
    uint32_t controller;
    uint32_t link;
    int32_t link_netnsid;
    uint32_t speed; /* in Mbit/s; this and duplex come from the driver, through ethtool */
    uint16_t hw_type;
    uint16_t has;
    uint8_t oper_state;
    uint8_t carrier;
    uint8_t proto_down;
    uint8_t duplex;
    uint8_t reserved[2];
    uint16_t part_len[11];
    uint32_t extra_len; /* of all parts */
    uint32_t extra_at;
};

/* A unicast address: RTM_NEWADDR. `label` is its length, then its bytes. */
struct getifs_addr {
    uint32_t index;
    uint32_t flags;
    uint32_t metric;
    uint8_t family;
    uint8_t prefix_len;
    uint8_t scope;
    uint8_t proto;
    uint8_t addr[16];
    uint8_t peer[16];
    uint8_t broadcast[4];
    uint8_t label[16];
    uint8_t has;
    uint8_t reserved[3];
    uint32_t valid_lft; /* the lifetimes count down by themselves: they are no part of the row's value */
    uint32_t preferred_lft;
};

/* An address on an interface, without a prefix length: a multicast group or a gateway. */
struct getifs_ifaddr {
    uint32_t index;
    uint8_t family;
    uint8_t reserved[3];
    uint8_t addr[16];
};

/*
 * A route, one record for each next hop: RTM_NEWROUTE. The side bytes are the metrics (RTA_METRICS) as
 * pairs of 32-bit words, RTAX_* and value, and then `encap_len` bytes, the payload of RTA_ENCAP. The pair of
 * RTAX_CC_ALGO is the last one; its value is the length of the name, which follows it.
 */
struct getifs_route {
    /* The members before `prefsrc` identify a row: the route, and one of its hops. */
    uint32_t index;
    uint32_t metric;
    uint32_t table;
    uint32_t nexthop_id;
    uint16_t hop; /* position among the hops of the route: hops can be equal */
    uint16_t weight;
    uint16_t encap;
    uint16_t encap_len;
    uint8_t family;
    uint8_t dst_len;
    uint8_t src_len;
    uint8_t tos;
    uint8_t type;
    uint8_t dst[16];
    uint8_t gateway_family; /* and gateway, in one piece: what a gateway is */
    uint8_t gateway[16];
    uint8_t src[16];
    uint8_t prefsrc[16];
    uint8_t protocol;
    uint8_t scope;
    uint32_t flags;
    uint32_t flow;
    uint8_t pref;
    uint8_t has;
    uint16_t extra_len; /* metrics and encapsulation */
    uint32_t extra_at;
};

/* A next-hop object: RTM_NEWNEXTHOP. The side bytes are the members of a group as pairs of 32-bit words,
   id and weight, and with NEXTHOP_HAS_RESILIENT four 64-bit words: buckets, idle timer, unbalanced timer and
   unbalanced time (the times in the kernel's clock ticks). */
struct getifs_nexthop {
    uint32_t id;
    uint32_t index;
    uint32_t flags;
    uint32_t members_len; /* in bytes */
    uint16_t encap;
    uint16_t group_type;
    uint8_t family;
    uint8_t protocol;
    uint8_t scope;
    uint8_t has;
    uint8_t gateway_family;
    uint8_t reserved[3];
    uint8_t gateway[16];
    uint32_t extra_len;
    uint32_t extra_at;
};

/* A neighbour, an entry of the ARP or NDP table: RTM_NEWNEIGH. */
struct getifs_neighbour {
    uint32_t index;
    uint32_t flags; /* NTF_*, and the NTF_EXT_* bits shifted left by 8 */
    uint16_t state; /* NUD_* */
    uint8_t family;
    uint8_t type; /* RTN_* of the address */
    uint8_t protocol;
    uint8_t proxy; /* 1: an entry that is answered on behalf of another host */
    uint8_t addr[16];
    uint8_t mac_len;
    uint8_t mac[32];
    uint8_t reserved;
};

/* A policy rule: RTM_NEWRULE. The members before `flags` identify it. Names are zero-terminated; ports are in host order,
   the id of the tunnel and the flow labels in network order. `target` is the priority to which FR_ACT_GOTO goes. */
struct getifs_rule {
    uint32_t priority, table, mark, mask, target, flow;
    uint32_t suppress_prefix_len, suppress_group, uid_first, uid_last;
    uint16_t sport_first, sport_last, sport_mask, dport_first, dport_last, dport_mask, has;
    uint8_t family, src_len, dst_len, tos, dscp, dscp_mask;
    uint8_t action, invert, protocol, ip_proto, l3mdev; /* action: FR_ACT_* */
    uint8_t src[16], dst[16], iif[16], oif[16], tun_id[8], flowlabel[4], flowlabel_mask[4];
    uint8_t reserved[3];
    uint32_t flags; /* FIB_RULE_* */
};

/*
 * A filter is an array of tests. Each test names the next test for either outcome, or one of the two
 * ends. Targets are always later in the array, so every run terminates.
 */
enum { GETIFS_ACCEPT = 65535, GETIFS_REJECT = 65534, GETIFS_FULL_LENGTH = 65535 };
enum getifs_test_op {
    GETIFS_TEST_MASK,   /* (field & mask) == value; size is 1, 2 or 4 bytes */
    GETIFS_TEST_PREFIX, /* the prefix at offset is within addr/length; its family and length are at
                           family_at and length_at (GETIFS_FULL_LENGTH: the length of an address) */
    GETIFS_TEST_COVERS, /* the prefix at offset, with its family and length at family_at and length_at,
                           contains addr, an address of `length` bits */
    GETIFS_TEST_TEXT    /* part number `part` of a link matches the pattern of `length` elements that
                           starts at element `value` of the pool */
};
struct getifs_test {
    uint16_t op;
    uint16_t size;
    uint16_t offset;
    uint16_t on_true;
    uint16_t on_false;
    uint16_t family_at;
    uint16_t length_at;
    uint16_t part;
    uint32_t mask;
    uint32_t value;
    uint16_t family;
    uint16_t length;
    uint8_t addr[16];
};

/*
 * An element of a name pattern, compiled from a shell pattern. SET matches one character that is in one
 * of the `first` ranges that follow it (RANGE elements), NOT_SET one that is in none of them. A byte that
 * is not valid UTF-8 counts as the character 0xDC00 + byte, as in os.fsdecode.
 */
enum getifs_glob_op {
    GETIFS_GLOB_CHAR,
    GETIFS_GLOB_ANY,
    GETIFS_GLOB_STAR,
    GETIFS_GLOB_SET,
    GETIFS_GLOB_NOT_SET,
    GETIFS_GLOB_RANGE
};
struct getifs_glob {
    uint32_t op;
    uint32_t first; /* CHAR: the character; SET, NOT_SET: the number of ranges; RANGE: its first character */
    uint32_t last;  /* RANGE: its last character */
};

/* The queries. Each is a row of the table of plans in query.c. */
enum getifs_query_number {
    GETIFS_LINKS,          /* rows: links */
    GETIFS_LINK,           /* the link with `index` or `name`; no row if it does not exist */
    GETIFS_ADDRS,          /* rows: addrs; of one interface if `index` or `name` is given */
    GETIFS_LINKS_ADDRS,    /* rows: links; more: addrs; the link of every addr is among the links */
    GETIFS_GROUPS,         /* rows: ifaddrs, multicast groups; of one interface if `index` or `name` is given */
    GETIFS_ROUTES,         /* rows: routes */
    GETIFS_DEFAULT_ROUTES, /* rows: routes, the best default routes of each family */
    GETIFS_BEST_ADDRS,     /* rows: addrs of the interfaces of the best default routes */
    GETIFS_GATEWAYS,       /* rows: ifaddrs */
    GETIFS_NEXTHOPS,       /* rows: nexthops */
    GETIFS_NEIGHBOURS,     /* rows: neighbours; of one interface if `index` or `name` is given */
    GETIFS_RULES,          /* rows: rules */
    GETIFS_ROUTE_TO,       /* rows: the route that the kernel would use; `name` is a struct getifs_lookup, `index` of the
                              outgoing interface */
    GETIFS_OWNER           /* rows: the link of the first addr that is `name`, an address in network order */
};
enum {
    GETIFS_WITH_STATS = 1,
    GETIFS_ALL = 2,
    GETIFS_ONE_TABLE = 4,
    GETIFS_KEEP_OPEN = 8,
    GETIFS_WITH_LINK_MODES = 16,
    GETIFS_NO_FALLBACK = 32, /* a refused RTM_GETLINK is an error */
    GETIFS_WITH_DETAILS = 64
};

/* What GETIFS_ROUTE_TO asks for, besides the family and the interface. */
enum { LOOKUP_HAS_SOURCE = 1, LOOKUP_HAS_MARK = 2, LOOKUP_HAS_UID = 4 };
struct getifs_lookup {
    uint32_t mark, uid;
    uint8_t dst[16], src[16], tos, has, reserved[2];
};

/* A request as Python packs it: no padding, host order. */
struct getifs_request {
    uint32_t query, options;
    uint32_t family; /* AF_UNSPEC: both */
    uint32_t index, table;
    int32_t timeout_ms;
    uint32_t name_len;
    char name[128];
};

enum getifs_status {
    GETIFS_OK,
    GETIFS_PAUSED,      /* not finished: let signal handlers run, then call again with the same arguments */
    GETIFS_REFUSED,     /* `error` is the errno that the kernel answered with; message */
    GETIFS_FAILED,      /* `error` is the errno of a failed system call of this process */
    GETIFS_TIMED_OUT,
    GETIFS_INTERRUPTED, /* the tables changed during every attempt; message */
    GETIFS_MALFORMED,   /* message */
    GETIFS_UNFOLLOWED,  /* the mirror lacks what the query asks for; message */
    GETIFS_CLOSED,      /* the mirror, or the namespace, is closed */
    GETIFS_FORKED       /* the mirror belongs to the parent process */
};

/* A change of a followed row. `row_at` and `old_at` are offsets of records in the side buffer of the block of events,
   GETIFS_NO_ROW if there is none. The offsets `extra_at` of these records are in the same buffer. */
enum getifs_event_kind { GETIFS_ADDED, GETIFS_CHANGED, GETIFS_REMOVED };
enum getifs_event_object {
    GETIFS_EVENT_LINK,
    GETIFS_EVENT_ADDR,
    GETIFS_EVENT_NEXTHOP,
    GETIFS_EVENT_ROUTE,
    GETIFS_EVENT_NEIGHBOUR,
    GETIFS_EVENT_RULE
};
struct getifs_event {
    uint32_t kind, object, row_at, old_at;
};

/* What a mirror follows. */
enum {
    GETIFS_FOLLOW_LINKS = 1,
    GETIFS_FOLLOW_ADDRS = 2,
    GETIFS_FOLLOW_NEXTHOPS = 4,
    GETIFS_FOLLOW_ROUTES = 8,
    GETIFS_FOLLOW_NEIGHBOURS = 16,
    GETIFS_FOLLOW_ALL_ROUTES = 32, /* events of all routes, not only of those that GETIFS_ROUTES keeps by default */
    GETIFS_FOLLOW_INITIAL = 64,    /* events for the rows that exist at first */
    GETIFS_FOLLOW_RULES = 128
};

#endif
