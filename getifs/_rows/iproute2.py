"""The values of `to_dict()` as `ip -j -d` prints them.

Attributes are declared with the name of a function of this module if `to_dict()` does not show their value as it is: a
form converts the value, a function for entries sets the entries of the dict.
"""

from __future__ import annotations

from functools import lru_cache
from os import sysconf
from struct import Struct

from .._lazy import LazyModule
from .._records import ADDR, LINK, NEXTHOP, ROUTE, constants, u16, u32
from ..enums import AddrFlags, Flags, HwType, NeighbourFlags, NeighbourState, RouteFlags
from .addresses import address_text
from .iproute2_names import addr_protocol_name as addr_protocol_name
from .iproute2_names import flow as flow
from .iproute2_names import group_name as group_name
from .iproute2_names import lower_name as lower_name
from .iproute2_names import protocol_name as protocol_name
from .iproute2_names import protocol_unless_zero as protocol_unless_zero
from .iproute2_names import scope_name as scope_name
from .iproute2_names import table_name as table_name
from .iproute2_names import table_unless_zero as table_unless_zero
from .iproute2_names import tos_name as tos_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from . import details
    from .macaddr import MacAddr

    Row = Any  # the row classes import this module
    Dict = dict[str, Any]
    Names = Mapping[int, str]
else:
    details = LazyModule(".details", __package__)

_INET = 2
_DETAILS_LEN = LINK.offset["part_len"] + 2 * constants.LINK_DETAILS
_NEXTHOP = NEXTHOP.offset
_ADDR_FLAGS_AT, _ADDR_FAMILY = ADDR.offset["flags"], ADDR.offset["family"]
_ROUTE_FAMILY = ROUTE.offset["family"]
_GATEWAY_FAMILY, _GATEWAY = ROUTE.offset["gateway_family"], ROUTE.offset["gateway"]
# Where iproute2's name is not that of the kernel in lower case.
_LINK_TYPES = {
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
# Names of RTAX_* and the unit that `ip` divides by.
_METRICS = {
    2: ("mtu", 1),
    3: ("window", 1),
    4: ("rtt", 8),
    5: ("rttvar", 4),
    6: ("ssthresh", 1),
    7: ("cwnd", 1),
    8: ("advmss", 1),
    9: ("reordering", 1),
    10: ("hoplimit", 1),
    11: ("initcwnd", 1),
    13: ("rto_min", 1),
    14: ("initrwnd", 1),
    15: ("quickack", 1),
    17: ("fastopen_no_cookie", 1),
}
_LOCK, _HOPLIMIT, _FEATURES = 1, 10, 12  # RTAX_*
_ECN = 1  # RTAX_FEATURE_ECN
_GROUP_TYPES = {1: "resilient"}  # NEXTHOP_GRP_TYPE_*
_FOUR_WORDS = Struct("=4Q").unpack_from
_TICKS = sysconf("SC_CLK_TCK")  # clock ticks in a second


# Forms.


def family_name(family: int) -> str:
    return "inet" if family == _INET else "inet6"


text = str


def mac(address: MacAddr) -> str:
    return address.hex(":")


def unless_zero(number: int) -> int | None:
    return number or None


def list_if_any(values: tuple[str, ...]) -> list[str] | None:
    return list(values) or None


def link_type(hw_type: HwType) -> str:
    return _LINK_TYPES.get(hw_type) or lower_name(hw_type)


def stats(counters: Any) -> Any:
    return counters.to_dict()


def duplex(mode: Any) -> str:
    """As ethtool prints it: `Full`."""
    return str(mode).capitalize()


def link_flags(flags: int) -> list[str]:
    return list(_link_flags(flags))


@lru_cache(256)
def _link_flags(flags: int) -> tuple[str, ...]:
    names = [str(flag) for flag in _LINK_FLAGS if flags & flag]
    if flags & Flags.UP and not flags & Flags.RUNNING:
        names.insert(0, "NO-CARRIER")
    unknown = int(flags) & ~sum(_LINK_FLAGS, int(Flags.RUNNING))
    return (*names, f"{unknown:x}") if unknown else tuple(names)


# Entries of interfaces.


def link(row: Row, names: Names, result: Dict) -> None:
    """The interface below by name if it is of this namespace and `names` has it; `None` if its index is 0."""
    index = row._number("link", constants.LINK_HAS_LINK)
    if index is None:
        return
    is_named = not index or (row.link_netnsid is None and index in names)
    key, other = ("link", "link_index") if is_named else ("link_index", "link")
    if other in result:
        result.clear()  # the dict of a row with the other key
    result[key] = index if not is_named else names[index] if index else None


def controller(row: Row, names: Names, result: Dict) -> None:
    index = row.controller
    if index is not None:
        result["master"] = names.get(index, f"if{index}")


def linkinfo(row: Row, names: Names, result: Dict) -> None:
    """The kind, and its settings if the query asked for them."""
    kind = row.kind
    shown: Dict = {"info_kind": kind} if kind else {}
    if u16(row._record, _DETAILS_LEN)[0]:
        shown = details.linkinfo(row._part(constants.LINK_DETAILS), names)
    if shown:
        result["linkinfo"] = shown
    else:
        result.pop("linkinfo", None)


def perm_mac_addr(row: Row, _names: Names, result: Dict) -> None:
    """Only if it is not the address."""
    permanent = row._part(constants.LINK_PERM_MAC)
    if permanent and permanent != row._part(constants.LINK_MAC):
        result["permaddr"] = permanent.hex(":")
    else:
        result.pop("permaddr", None)


# Entries of addresses, and of routes.


def interface(row: Row, names: Names, result: Dict) -> None:
    """Where the index is the first field of the record. The index of a route without an interface is 0."""
    index = result["ifindex"] = u32(row._record)[0]
    if index in names:
        result[row._name_key] = names[index]
    elif names:
        result.pop(row._name_key, None)


def addr(row: Row, _names: Names, result: Dict) -> None:
    record = row._record
    result[row._addr_key] = address_text(record[row._family_at], record, row._addr_at)


def label(row: Row, _names: Names, result: Dict) -> None:
    text = row.label
    if text:
        result["label"] = text
    else:
        result.pop("label", None)


def addr_flags(row: Row, _names: Names, result: Dict) -> None:
    for name in _addr_flags(u32(row._record, _ADDR_FLAGS_AT)[0], row._record[_ADDR_FAMILY]):
        result[name] = True


@lru_cache(256)
def _addr_flags(flags: int, family: int) -> tuple[str, ...]:
    names = [name for flag, name in _ADDR_FLAGS.items() if flags & flag]
    if flags & AddrFlags.SECONDARY:
        names.append("secondary" if family == _INET else "temporary")
    if not flags & AddrFlags.PERMANENT:
        names.append("dynamic")
    return tuple(names)


# Entries of neighbours.

_NEIGHBOUR_FLAGS = {
    NeighbourFlags.ROUTER: "router",
    NeighbourFlags.PROXY: "proxy",
    NeighbourFlags.EXT_LEARNED: "extern_learn",
    NeighbourFlags.OFFLOADED: "offload",
    NeighbourFlags.EXT_MANAGED: "managed",
    NeighbourFlags.EXT_LOCKED: "locked",
}
_NEIGHBOUR_STATES = (
    NeighbourState.INCOMPLETE,
    NeighbourState.REACHABLE,
    NeighbourState.STALE,
    NeighbourState.DELAY,
    NeighbourState.PROBE,
    NeighbourState.FAILED,
    NeighbourState.NOARP,
    NeighbourState.PERMANENT,
)


def neighbour_flags(row: Row, _names: Names, result: Dict) -> None:
    result.update({name: None for flag, name in _NEIGHBOUR_FLAGS.items() if row.flags & flag})


def neighbour_state(state: int) -> list[str] | None:
    return [str(one) for one in _NEIGHBOUR_STATES if state & one] or None


# Entries of routes and next-hop objects.


def gateway(row: Row, _names: Names, result: Dict) -> None:
    """The key is `via` if the gateway is of the other family."""
    record = row._record
    family = record[_GATEWAY_FAMILY]
    if family:
        text = address_text(family, record, _GATEWAY)
        if family == record[_ROUTE_FAMILY]:
            result["gateway"] = text
        else:
            result["via"] = {"family": family_name(family), "host": text}


def device(row: Row, names: Names, result: Dict) -> None:
    """A next-hop object without an interface has no such entries."""
    index = row.index
    if index:
        result["ifindex"] = index
    if index in names:
        result["dev"] = names[index]


def hop_flags(row: Row, _names: Names, result: Dict) -> None:
    result["flags"] = list(_hop_flags(row._layout.read(row._record, "flags")))


@lru_cache(256)
def _hop_flags(flags: int) -> tuple[str, ...]:
    return tuple([name for flag, name in _HOP_FLAGS.items() if flags & flag])


def metrics(row: Row, _names: Names, result: Dict) -> None:
    """A locked metric without a value is 0. The lock itself is in no JSON."""
    if not row._extra:
        return
    values, congestion = row.metrics, row.congestion
    found = _features(values.get(_FEATURES, 0))
    lock = values.get(_LOCK, 0)
    for number, (name, unit) in _METRICS.items():
        value = values.get(number, 0 if lock >> number & 1 else None)
        if value is not None and (number, value) != (_HOPLIMIT, 0xFFFFFFFF):
            found[name] = value // unit
    if congestion is not None:
        found["congestion"] = congestion
    if found:
        result["metrics"] = [found]
    else:
        result.pop("metrics", None)


def _features(features: int) -> Dict:
    found: Dict = {"ecn": None} if features & _ECN else {}
    if features & ~_ECN:
        found["features"] = f"{features:#x}"
    return found


def nexthop_group(row: Row, _names: Names, result: Dict) -> None:
    """A weight of 1 is left out."""
    members = row.group
    if not members:
        return
    result["group"] = [{"id": id} if weight == 1 else {"id": id, "weight": weight} for id, weight in members]
    kind = u16(row._record, _NEXTHOP["group_type"])[0]
    if kind:  # multipath is left out too
        result["type"] = _GROUP_TYPES.get(kind, "<unknown type>")
    if row._record[_NEXTHOP["has"]] & constants.NEXTHOP_HAS_RESILIENT:
        buckets, *times = _FOUR_WORDS(row._extra, u32(row._record, _NEXTHOP["members_len"])[0])
        keys = ("idle_timer", "unbalanced_timer", "unbalanced_time")
        result["resilient_args"] = {"buckets": buckets, **dict(zip(keys, map(_seconds, times), strict=True))}


def _seconds(ticks: int) -> int | float:
    return ticks / _TICKS if ticks % _TICKS else ticks // _TICKS


def blackhole(row: Row, _names: Names, result: Dict) -> None:
    if row.blackhole:
        result["blackhole"] = None


def fdb(row: Row, _names: Names, result: Dict) -> None:
    if row.fdb:
        result["fdb"] = None
