"""The kernel's enumerations, with its names and values.

`str()` and `format()` give names, and numbers for the format codes of integers: `f"{flags}"` is `UP|RUNNING` and
`f"{flags:#x}"` is `0x41`. A value without a name here is not an error: it stays a usable number.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag

_PACKAGE = __name__.rpartition(".")[0]  # pickles name the classes by the package, where they are public
_INTEGER_CODES = frozenset("bcdeEfFgGnoxX%")


class _KernelEnum(IntEnum):
    """One of several values. The name of an unknown value is its number."""

    @classmethod
    def _missing_(cls, value: object) -> _KernelEnum | None:
        if not isinstance(value, int):
            return None
        member = int.__new__(cls, value)
        member._name_ = str(int(value))
        member._value_ = int(value)
        return member

    def __str__(self) -> str:
        return self._name_

    def __format__(self, format_spec: str) -> str:
        return format(int(self) if format_spec[-1:] in _INTEGER_CODES else str(self), format_spec)

    def __reduce_ex__(self, protocol: object) -> tuple[type[_KernelEnum], tuple[int]]:
        # Some Pythons 3.11 pickle members by name, which fails for an unknown value.
        return type(self), (int(self),)


class _KernelFlags(IntFlag):
    """A set of bits. Unknown bits are kept. Negative numbers, as `~` makes them, are taken as 32 bits."""

    @classmethod
    def _missing_(cls, value: object) -> object:
        return cls(value & 0xFFFFFFFF) if isinstance(value, int) and value < 0 else super()._missing_(value)

    def __str__(self) -> str:
        number = int(self)
        names: list[str] = []
        for name, member in type(self).__members__.items():  # in ascending order; an alias comes behind its member
            if number & int(member):
                number &= ~int(member)
                names.append(name)
        if number:
            names.append(f"{number:#x}")
        return "|".join(names) or "NONE"

    def __format__(self, format_spec: str) -> str:
        return format(int(self) if format_spec[-1:] in _INTEGER_CODES else str(self), format_spec)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}.{self}: {int(self)}>"

    def __reduce_ex__(self, protocol: object) -> tuple[type[_KernelFlags], tuple[int]]:
        return type(self), (int(self),)


class Flags(_KernelFlags):
    """Flags of an interface (`IFF_UP` and so on, linux/if.h)."""

    __module__ = _PACKAGE

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
    """Operational state of an interface, RFC 2863 (`IF_OPER_UP` and so on, linux/if.h)."""

    __module__ = _PACKAGE

    UNKNOWN = 0
    NOTPRESENT = 1
    DOWN = 2
    LOWERLAYERDOWN = 3
    TESTING = 4
    DORMANT = 5
    UP = 6


class HwType(_KernelEnum):
    """Hardware type of an interface (`ARPHRD_ETHER` and so on, linux/if_arp.h)."""

    __module__ = _PACKAGE

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


class Duplex(_KernelEnum):
    """Duplex mode of an interface: `DUPLEX_HALF` and others of linux/ethtool.h."""

    HALF = 0
    FULL = 1


class AddrFlags(_KernelFlags):
    """Flags of an address (`IFA_F_PERMANENT` and so on, linux/if_addr.h).

    `SECONDARY` and `TEMPORARY` are the same bit: the first is its name for IPv4, the second for IPv6.
    """

    __module__ = _PACKAGE

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
    """Origin of an address (`IFAPROT_KERNEL_LL` and so on, linux/if_addr.h)."""

    __module__ = _PACKAGE

    UNSPEC = 0
    KERNEL_LO = 1
    KERNEL_RA = 2
    KERNEL_LL = 3


class Scope(_KernelEnum):
    """Scope of an address or a route (`RT_SCOPE_UNIVERSE` and so on, linux/rtnetlink.h)."""

    __module__ = _PACKAGE

    UNIVERSE = 0
    SITE = 200
    LINK = 253
    HOST = 254
    NOWHERE = 255


class NeighbourState(_KernelFlags):
    """State of a neighbour: `NUD_INCOMPLETE` and others of linux/neighbour.h."""

    __module__ = _PACKAGE

    NONE = 0
    INCOMPLETE = 0x01
    REACHABLE = 0x02
    STALE = 0x04
    DELAY = 0x08
    PROBE = 0x10
    FAILED = 0x20
    NOARP = 0x40
    PERMANENT = 0x80


class NeighbourFlags(_KernelFlags):
    """Flags of a neighbour: `NTF_ROUTER` and others of linux/neighbour.h. `NTF_EXT_*` are shifted left by 8."""

    __module__ = _PACKAGE

    USE = 0x01
    SELF = 0x02
    MASTER = 0x04
    PROXY = 0x08
    EXT_LEARNED = 0x10
    OFFLOADED = 0x20
    STICKY = 0x40
    ROUTER = 0x80
    EXT_MANAGED = 0x100
    EXT_LOCKED = 0x200


class RouteType(_KernelEnum):
    """Type of a route: what it does with a packet (`RTN_UNICAST` and so on, linux/rtnetlink.h)."""

    __module__ = _PACKAGE

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
    """Origin of a route (`RTPROT_KERNEL` and so on, linux/rtnetlink.h)."""

    __module__ = _PACKAGE

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


class RouteTable(_KernelEnum):
    """Routing table (`RT_TABLE_MAIN` and so on, linux/rtnetlink.h). Others have no name here, only a number."""

    __module__ = _PACKAGE

    UNSPEC = 0
    COMPAT = 252
    DEFAULT = 253
    MAIN = 254
    LOCAL = 255


class RouteFlags(_KernelFlags):
    """Flags of a route and of its next hop (`RTM_F_CLONED`, `RTNH_F_DEAD` and so on, linux/rtnetlink.h)."""

    __module__ = _PACKAGE

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


class RuleAction(_KernelEnum):
    """What a policy rule does with a packet (`FR_ACT_TO_TBL` and so on, linux/fib_rules.h)."""

    __module__ = _PACKAGE

    UNSPEC = 0
    TO_TBL = 1
    GOTO = 2
    NOP = 3
    BLACKHOLE = 6
    UNREACHABLE = 7
    PROHIBIT = 8


class RuleFlags(_KernelFlags):
    """Flags of a policy rule (`FIB_RULE_PERMANENT` and so on, linux/fib_rules.h)."""

    __module__ = _PACKAGE

    PERMANENT = 0x1
    INVERT = 0x2
    UNRESOLVED = 0x4
    IIF_DETACHED = 0x8
    OIF_DETACHED = 0x10
    FIND_SADDR = 0x10000


class RouterPref(_KernelEnum):
    """Preference of an IPv6 router, RFC 4191 (`ICMPV6_ROUTER_PREF_MEDIUM` and so on, linux/icmpv6.h)."""

    __module__ = _PACKAGE

    MEDIUM = 0
    HIGH = 1
    INVALID = 2
    LOW = 3


class EncapType(_KernelEnum):
    """Encapsulation of a route (`LWTUNNEL_ENCAP_MPLS` and so on, linux/lwtunnel.h)."""

    __module__ = _PACKAGE

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
