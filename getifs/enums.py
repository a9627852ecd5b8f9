"""The kernel's enumerations, under its own names and values. A value that is not named here stays a usable number."""

from __future__ import annotations

from enum import IntEnum, IntFlag


class _KernelEnum(IntEnum):
    """An enumeration that the kernel, or an administrator, may extend: an unknown value is named by its number."""

    @classmethod
    def _missing_(cls, value: object) -> _KernelEnum | None:
        if not isinstance(value, int):
            return None
        member = int.__new__(cls, value)
        member._name_ = str(value)
        member._value_ = value
        return member

    def __reduce_ex__(self, protocol: object) -> tuple[type[_KernelEnum], tuple[int]]:
        # Some Pythons 3.11 pickle members by name, which an unknown value has not.
        return type(self), (int(self),)


class Flags(IntFlag):
    """Flags of an interface: `IFF_UP` … of linux/if.h."""

    UP = 0x1
    BROADCAST = 0x2
    DEBUG = 0x4
    LOOPBACK = 0x8
    POINTOPOINT = 0x10
    NOTRAILERS = 0x20
    RUNNING = 0x40
    NOARP = 0x80
    PROMISC = 0x100
    ALLMULTI = 0x200
    MASTER = 0x400
    SLAVE = 0x800
    MULTICAST = 0x1000
    PORTSEL = 0x2000
    AUTOMEDIA = 0x4000
    DYNAMIC = 0x8000
    LOWER_UP = 0x10000
    DORMANT = 0x20000
    ECHO = 0x40000


class OperState(_KernelEnum):
    """Operational state (RFC 2863): `IF_OPER_UNKNOWN` … of linux/if.h."""

    UNKNOWN = 0
    NOTPRESENT = 1
    DOWN = 2
    LOWERLAYERDOWN = 3
    TESTING = 4
    DORMANT = 5
    UP = 6


class HwType(_KernelEnum):
    """Hardware type: `ARPHRD_ETHER` … of linux/if_arp.h."""

    NETROM = 0
    ETHER = 1
    EETHER = 2
    AX25 = 3
    IEEE802 = 6
    ARCNET = 7
    ATM = 19
    IEEE1394 = 24
    EUI64 = 27
    INFINIBAND = 32
    SLIP = 256
    CAN = 280
    MCTP = 290
    PPP = 512
    CISCO = 513
    RAWHDLC = 518
    RAWIP = 519
    TUNNEL = 768
    TUNNEL6 = 769
    LOOPBACK = 772
    SIT = 776
    IPGRE = 778
    PIMREG = 779
    IEEE80211 = 801
    IEEE80211_PRISM = 802
    IEEE80211_RADIOTAP = 803
    IEEE802154 = 804
    IEEE802154_MONITOR = 805
    PHONET = 820
    CAIF = 822
    IP6GRE = 823
    NETLINK = 824
    SIXLOWPAN = 825
    VSOCKMON = 826
    VOID = 0xFFFF
    NONE = 0xFFFE


class AddrFlags(IntFlag):
    """Flags of an address: `IFA_F_SECONDARY` … of linux/if_addr.h. On IPv6 `SECONDARY` means `TEMPORARY`."""

    SECONDARY = 0x01
    TEMPORARY = 0x01
    NODAD = 0x02
    OPTIMISTIC = 0x04
    DADFAILED = 0x08
    HOMEADDRESS = 0x10
    DEPRECATED = 0x20
    TENTATIVE = 0x40
    PERMANENT = 0x80
    MANAGETEMPADDR = 0x100
    NOPREFIXROUTE = 0x200
    MCAUTOJOIN = 0x400
    STABLE_PRIVACY = 0x800


class AddrProto(_KernelEnum):
    """Who made an address: `IFAPROT_UNSPEC` … of linux/if_addr.h."""

    UNSPEC = 0
    KERNEL_LO = 1
    KERNEL_RA = 2
    KERNEL_LL = 3


class Scope(_KernelEnum):
    """How far an address or a route reaches: `RT_SCOPE_UNIVERSE` … of linux/rtnetlink.h."""

    UNIVERSE = 0
    SITE = 200
    LINK = 253
    HOST = 254
    NOWHERE = 255


class RouteType(_KernelEnum):
    """What a route does with a packet: `RTN_UNICAST` … of linux/rtnetlink.h."""

    UNSPEC = 0
    UNICAST = 1
    LOCAL = 2
    BROADCAST = 3
    ANYCAST = 4
    MULTICAST = 5
    BLACKHOLE = 6
    UNREACHABLE = 7
    PROHIBIT = 8
    THROW = 9
    NAT = 10
    XRESOLVE = 11


class RouteProtocol(_KernelEnum):
    """Who made a route: `RTPROT_UNSPEC` … of linux/rtnetlink.h."""

    UNSPEC = 0
    REDIRECT = 1
    KERNEL = 2
    BOOT = 3
    STATIC = 4
    GATED = 8
    RA = 9
    MRT = 10
    ZEBRA = 11
    BIRD = 12
    DNROUTED = 13
    XORP = 14
    NTK = 15
    DHCP = 16
    MROUTED = 17
    KEEPALIVED = 18
    BABEL = 42
    OVN = 84
    OPENR = 99
    BGP = 186
    ISIS = 187
    OSPF = 188
    RIP = 189
    EIGRP = 192


class RouteFlags(IntFlag):
    """Flags of a route and its hop: `RTNH_F_DEAD` … and `RTM_F_NOTIFY` … of linux/rtnetlink.h."""

    DEAD = 0x1
    PERVASIVE = 0x2
    ONLINK = 0x4
    OFFLOAD = 0x8
    LINKDOWN = 0x10
    UNRESOLVED = 0x20
    TRAP = 0x40
    NOTIFY = 0x100
    CLONED = 0x200
    EQUALIZE = 0x400
    PREFIX = 0x800
    LOOKUP_TABLE = 0x1000
    FIB_MATCH = 0x2000
    RT_OFFLOAD = 0x4000
    RT_TRAP = 0x8000
    OFFLOAD_FAILED = 0x20000000


class RouterPref(_KernelEnum):
    """Preference of an IPv6 router (RFC 4191): `ICMPV6_ROUTER_PREF_MEDIUM` … of linux/icmpv6.h."""

    MEDIUM = 0
    HIGH = 1
    INVALID = 2
    LOW = 3


class EncapType(_KernelEnum):
    """What a route wraps packets in: `LWTUNNEL_ENCAP_NONE` … of linux/lwtunnel.h."""

    NONE = 0
    MPLS = 1
    IP = 2
    ILA = 3
    IP6 = 4
    SEG6 = 5
    BPF = 6
    SEG6_LOCAL = 7
    RPL = 8
    IOAM6 = 9
    XFRM = 10


class RouteTable(_KernelEnum):
    """Routing tables: `RT_TABLE_MAIN` and others of linux/rtnetlink.h."""

    UNSPEC = 0
    COMPAT = 252
    DEFAULT = 253
    MAIN = 254
    LOCAL = 255
