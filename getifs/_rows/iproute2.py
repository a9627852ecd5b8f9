"""Rows as `ip -j -d` prints them: its keys, its values, its order of flags."""

from __future__ import annotations

from functools import lru_cache
from socket import inet_ntop

from ..enums import AddrFlags, Flags, HwType, RouteFlags, Scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import IntEnum
    from typing import Any

    Dict = dict[str, Any]
    Names = Mapping[int, str]

_INET, _INET6 = 2, 10  # plain numbers, with which calls are quicker
TABLES = {253: "default", 254: "main", 255: "local"}
# Where iproute2's name is not the kernel's in lower case.
LINK_TYPES = {
    HwType.TUNNEL: "ipip",
    HwType.IPGRE: "gre",
    HwType.IP6GRE: "gre6",
    HwType.IEEE80211: "ieee802.11",
    HwType.IEEE80211_PRISM: "ieee802.11/prism",
    HwType.IEEE80211_RADIOTAP: "ieee802.11/radiotap",
    HwType.IEEE802154: "ieee802.15.4",
    HwType.IEEE802154_MONITOR: "ieee802.15.4/monitor",
    HwType.SIXLOWPAN: "6lowpan",
}
_LINK_FLAGS = (
    Flags.LOOPBACK,
    Flags.BROADCAST,
    Flags.POINTOPOINT,
    Flags.MULTICAST,
    Flags.NOARP,
    Flags.ALLMULTI,
    Flags.PROMISC,
    Flags.MASTER,
    Flags.SLAVE,
    Flags.DEBUG,
    Flags.DYNAMIC,
    Flags.AUTOMEDIA,
    Flags.PORTSEL,
    Flags.NOTRAILERS,
    Flags.UP,
    Flags.LOWER_UP,
    Flags.DORMANT,
    Flags.ECHO,
)
_ADDR_FLAGS = {
    AddrFlags.NODAD: "nodad",
    AddrFlags.OPTIMISTIC: "optimistic",
    AddrFlags.DADFAILED: "dadfailed",
    AddrFlags.HOMEADDRESS: "home",
    AddrFlags.DEPRECATED: "deprecated",
    AddrFlags.TENTATIVE: "tentative",
    AddrFlags.MANAGETEMPADDR: "mngtmpaddr",
    AddrFlags.NOPREFIXROUTE: "noprefixroute",
    AddrFlags.MCAUTOJOIN: "autojoin",
    AddrFlags.STABLE_PRIVACY: "stable-privacy",
}
_HOP_FLAGS = {
    RouteFlags.DEAD: "dead",
    RouteFlags.ONLINK: "onlink",
    RouteFlags.PERVASIVE: "pervasive",
    RouteFlags.OFFLOAD: "offload",
    RouteFlags.TRAP: "trap",
    RouteFlags.NOTIFY: "notify",
    RouteFlags.LINKDOWN: "linkdown",
    RouteFlags.UNRESOLVED: "unresolved",
    RouteFlags.RT_OFFLOAD: "rt_offload",
    RouteFlags.RT_TRAP: "rt_trap",
    RouteFlags.OFFLOAD_FAILED: "rt_offload_failed",
}
METRICS = {
    2: "mtu",
    3: "window",
    4: "rtt",
    5: "rttvar",
    6: "ssthresh",
    7: "cwnd",
    8: "advmss",
    9: "reordering",
    10: "hoplimit",
    11: "initcwnd",
    12: "features",
    13: "rto_min",
    14: "initrwnd",
    15: "quickack",
    17: "fastopen_no_cookie",
}


def family_name(family: int) -> str:
    return "inet" if family == _INET else "inet6"


def address(family: int, packed: bytes) -> str:
    """The text of a record's 16 bytes."""
    return inet_ntop(_INET, packed[:4]) if family == _INET else inet_ntop(_INET6, packed)


def prefix(family: int, packed: bytes, length: int) -> str:
    """A host's prefix is its address alone."""
    if length == 0:
        return "default"
    text = address(family, packed)
    return text if length == (32 if family == _INET else 128) else f"{text}/{length}"


@lru_cache(256, typed=True)  # members of different enumerations are equal
def lower_name(member: IntEnum) -> str:
    return "global" if member is Scope.UNIVERSE else member.name.lower()


def known(values: Dict) -> Dict:
    """What is there of it."""
    return {key: value for key, value in values.items() if value is not None}


def device(index: int, names: Names) -> Dict:
    return known({"ifindex": index, "dev": names.get(index)})


@lru_cache(256)
def hop_flags(flags: int) -> tuple[str, ...]:
    return tuple([name for flag, name in _HOP_FLAGS.items() if flags & flag])


@lru_cache(256)
def link_flags(flags: int) -> tuple[str, ...]:
    names = [str(flag.name) for flag in _LINK_FLAGS if flags & flag]
    if flags & Flags.UP and not flags & Flags.RUNNING:
        names.insert(0, "NO-CARRIER")
    unknown = flags & ~sum(_LINK_FLAGS, int(Flags.RUNNING))
    return (*names, f"{unknown:x}") if unknown else tuple(names)


@lru_cache(256)
def addr_flags(flags: int, family: int) -> tuple[str, ...]:
    names = [name for flag, name in _ADDR_FLAGS.items() if flags & flag]
    if flags & AddrFlags.SECONDARY:
        names.append("secondary" if family == _INET else "temporary")
    if not flags & AddrFlags.PERMANENT:
        names.append("dynamic")
    return tuple(names)
