/*
 * What Python sees of the C core: the records of each kind of row, and the functions that fill them.
 *
 * The compiler and cffi read this same file (cffi: every line that does not start with '#'), so it
 * holds plain declarations only. Records are the contract: fixed size, no pointers, no implicit
 * padding, numbers in host order, addresses in network order. Texts of no fixed length lie in the
 * block's side buffer, at `text_at`, one after the other in the order in which their lengths stand
 * in the record. `text_at` stands last: what lies before it is the row's value.
 */
#ifndef GETIFS_H
#define GETIFS_H
#include <stddef.h>
#include <stdint.h>

enum getifs_kind { GETIFS_LINK, GETIFS_IFNET, GETIFS_IFADDR, GETIFS_ROUTE, GETIFS_NEXTHOP };

/* Bits of `has`: the kernel sent the attribute. */
enum {
    GETIFS_HAS_MTU = 1,
    GETIFS_HAS_CARRIER = 2,
    GETIFS_HAS_LINK = 4,
    GETIFS_HAS_LINK_NETNSID = 8,
    GETIFS_HAS_CONTROLLER = 16,
    GETIFS_HAS_OPER_STATE = 32,
    GETIFS_HAS_TX_QUEUE_LEN = 64,
    GETIFS_HAS_MIN_MTU = 128,
    GETIFS_HAS_MAX_MTU = 256,
    GETIFS_HAS_GROUP = 512,
    GETIFS_HAS_METRIC = 1,
    GETIFS_HAS_PEER = 2,
    GETIFS_HAS_BROADCAST = 4,
    GETIFS_HAS_PROTO = 8,
    GETIFS_HAS_LIFETIME = 16,
    GETIFS_HAS_PREFSRC = 2,
    GETIFS_HAS_SOURCE = 4,
    GETIFS_HAS_PREF = 8,
    GETIFS_HAS_HOP = 16,
    GETIFS_HAS_PENDING = 32, /* the core's own: a next-hop object is still to be looked up */
    GETIFS_HAS_MTU_LOCK = 64,
    GETIFS_HAS_NEXTHOP = 128,
    GETIFS_HAS_BLACKHOLE = 1,
    GETIFS_HAS_FDB = 2,
    GETIFS_HAS_BROKEN = 4
};

/* Which text stands where in the side text of a link. */
enum {
    GETIFS_TEXT_NAME,
    GETIFS_TEXT_KIND,
    GETIFS_TEXT_ALIAS,
    GETIFS_TEXT_PARENT_DEV,
    GETIFS_TEXT_PARENT_BUS,
    GETIFS_TEXT_ALT_NAMES,
    GETIFS_TEXT_MAC,
    GETIFS_TEXT_BROADCAST_MAC,
    GETIFS_TEXT_PERM_MAC,
    GETIFS_TEXT_STATS,
    GETIFS_TEXTS
};

/* An interface: RTM_NEWLINK. Alternative names are NUL-terminated, one after the other; the
   counters are the 64-bit words of rtnl_link_stats64. */
struct getifs_link {
    uint32_t index;
    uint32_t flags;
    uint32_t mtu;
    uint32_t min_mtu;
    uint32_t max_mtu;
    uint32_t tx_queue_len;
    uint32_t group;
    uint32_t controller;
    uint32_t link;
    int32_t link_netnsid;
    uint16_t hw_type;
    uint16_t has;
    uint8_t oper_state;
    uint8_t carrier;
    uint16_t text_len[10];
    uint16_t reserved;
    uint32_t text_size; /* all of them */
    uint32_t text_at;
};

/* A unicast address: RTM_NEWADDR. `label` is counted: its length, then its bytes. */
struct getifs_ifnet {
    uint32_t index;
    uint32_t flags;
    uint32_t valid_lft;
    uint32_t preferred_lft;
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
};

/* An address of an interface without a prefix length: a multicast group, a gateway. */
struct getifs_ifaddr {
    uint32_t index;
    uint8_t family;
    uint8_t reserved[3];
    uint8_t addr[16];
};

/* A route, one record for each next hop: RTM_NEWROUTE. The side text holds the metrics
   (RTA_METRICS) as pairs of 32-bit words: RTAX_* and value. */
struct getifs_route {
    /* From here to `src` a row's identity: what it leads to, and through which hop. */
    uint32_t index;
    uint32_t metric;
    uint32_t table;
    uint32_t nexthop_id;
    uint16_t hop; /* its number among the hops of its route: equal hops are two */
    uint16_t weight;
    uint16_t encap;
    uint8_t family;
    uint8_t dst_len;
    uint8_t src_len;
    uint8_t tos;
    uint8_t type;
    uint8_t gateway_family;
    uint8_t dst[16];
    uint8_t gateway[16];
    uint8_t src[16];
    uint8_t prefsrc[16];
    uint32_t flags;
    uint32_t mtu;
    uint16_t text_len;
    uint8_t protocol;
    uint8_t scope;
    uint8_t pref;
    uint8_t has;
    uint8_t reserved[2];
    uint32_t text_at;
};

/* A next-hop object: RTM_NEWNEXTHOP. The side text holds a group's members as pairs of 32-bit
   words: id and weight. */
struct getifs_nexthop {
    uint32_t id;
    uint32_t index;
    uint32_t flags;
    uint32_t text_len;
    uint16_t encap;
    uint16_t group_type;
    uint8_t family;
    uint8_t protocol;
    uint8_t scope;
    uint8_t has;
    uint8_t gateway_family;
    uint8_t reserved[3];
    uint8_t gateway[16];
    uint32_t text_at;
};

/*
 * A filter is an array of tests, each of which names the next one for either outcome, or one of the
 * two ends. Targets lie ahead of the test that names them: every run ends.
 */
enum { GETIFS_ACCEPT = 65535, GETIFS_REJECT = 65534, GETIFS_FULL_LENGTH = 65535 };
enum getifs_test_op {
    GETIFS_TEST_MASK,   /* (field & mask) == value; size is 1, 2 or 4 bytes */
    GETIFS_TEST_PREFIX, /* the address at offset, of the family and length that stand at family_at and
                           length_at (GETIFS_FULL_LENGTH: that of its family), lies in addr/length */
    GETIFS_TEST_TEXT    /* text number `part` of a link matches the pattern of `length` elements that
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
 * An element of a name pattern, made from a shell pattern. SET takes one character that lies in one of
 * the `count` ranges that follow it (RANGE elements), NOT_SET one that lies in none. A byte that is no
 * UTF-8 counts as the character 0xDC00 + byte, as in os.fsdecode.
 */
enum getifs_glob_op { GETIFS_GLOB_CHAR, GETIFS_GLOB_ANY, GETIFS_GLOB_STAR, GETIFS_GLOB_SET, GETIFS_GLOB_NOT_SET, GETIFS_GLOB_RANGE };
struct getifs_glob {
    uint32_t op;
    uint32_t first; /* CHAR: the character; SET, NOT_SET: the number of ranges; RANGE: its first character */
    uint32_t last;  /* RANGE: its last character */
};

struct getifs_filter {
    const struct getifs_test *tests;
    size_t test_count;
    const struct getifs_glob *globs;
};

/* Writes the positions of the accepted records to `out` (room for `count`) and returns how many. */
size_t getifs_select(const struct getifs_filter *filter, const void *rows, size_t row_size, size_t count,
                     const char *text, uint32_t *out);

/* What is asked. */
enum getifs_query {
    GETIFS_ASK_LINKS,          /* rows: links */
    GETIFS_ASK_LINK,           /* the one with `index` or `name`; no row where there is none */
    GETIFS_ASK_ADDRS,          /* rows: ifnets; of one interface if `index` or `name` is given */
    GETIFS_ASK_LINKS_ADDRS,    /* rows: links; more: ifnets; every ifnet's link is there */
    GETIFS_ASK_MULTICAST,      /* rows: ifaddrs; of one interface if `index` or `name` is given */
    GETIFS_ASK_ROUTES,         /* rows: routes */
    GETIFS_ASK_DEFAULT_ROUTES, /* rows: routes, the best defaults of each family */
    GETIFS_ASK_BEST_ADDRS,     /* rows: ifnets of the interfaces of those */
    GETIFS_ASK_GATEWAYS,       /* rows: ifaddrs */
    GETIFS_ASK_NEXTHOPS,       /* rows: nexthops */
    GETIFS_ASK_OWNER           /* rows: the link of the first ifnet with an address; no row where there is none */
};
enum { GETIFS_WITH_STATS = 1, GETIFS_ALL_ROUTES = 2, GETIFS_ONE_TABLE = 4 };

/* What the functions give that fill an answer. */
enum getifs_status {
    GETIFS_OK,
    GETIFS_SIGNAL,      /* a signal came: let its handlers run, then call again */
    GETIFS_ERRNO,       /* answer->error: the kernel's errno, or, negative, one of this process's own calls; message */
    GETIFS_INTERRUPTED, /* the tables changed under every try; message */
    GETIFS_MALFORMED,   /* what was read makes no sense; message */
    GETIFS_CLOSED       /* the socket is closed */
};

/* `rows` NULL: rows and then texts stand in the answer's `few`. */
struct getifs_block {
    size_t count;
    size_t text_size;
    size_t malformed;
    unsigned char *rows;
    char *text;
};

struct getifs_blocks {
    struct getifs_block block;
    struct getifs_block more; /* of a query that gives two */
};

/* One answer. Python makes it zeroed, and uses it again once its rows were copied or taken, or it was cleared. */
struct getifs_answer {
    struct getifs_blocks blocks;
    struct getifs_run *run; /* what is under way; NULL before and after */
    int error;
    char message[236];
    unsigned char few[4096]; /* small answers are read here with less ado than through pointers */
};

/* A socket kept between queries; see socket.h. */
struct getifs_socket;
struct getifs_socket *getifs_socket_new(void);
/* Now, or when the query ends that uses it. */
void getifs_socket_close(struct getifs_socket *socket);
void getifs_socket_free(struct getifs_socket *socket);

/*
 * One query. `socket` may be NULL, or in use elsewhere: the query opens one of its own. `name` is that of an interface,
 * or the address that GETIFS_ASK_OWNER is about; a `filter` of NULL accepts every row. What the pointers point to has
 * to stay, and the next call has to say the same, until the status is another one than GETIFS_SIGNAL. Arguments, not a
 * struct, since cffi is quicker with them.
 */
int getifs_ask(struct getifs_answer *answer, struct getifs_socket *socket, uint32_t query, uint32_t options, uint32_t family,
               uint32_t index, uint32_t table, int32_t timeout_ms, const char *name, size_t name_len,
               const struct getifs_filter *filter);
/* The same parsers over recorded messages; no system call. */
int getifs_replay(struct getifs_answer *answer, uint32_t query, uint32_t options, uint32_t table, const void *data, size_t size,
                  const void *nexthops, size_t nexthops_size);
/* The groups in the text of /proc/net/igmp (family 4) or igmp6; big_endian as on the machine that wrote it. */
int getifs_read_igmp(struct getifs_answer *answer, int family, int big_endian, const char *text, size_t size);
/* Moves the blocks to where they have an owner, who gives them to getifs_free in the end. */
void getifs_take(struct getifs_answer *answer, struct getifs_blocks *blocks);
void getifs_free(struct getifs_blocks *blocks);
/* Ends what is under way, and frees the blocks. */
void getifs_clear(struct getifs_answer *answer);

#endif
