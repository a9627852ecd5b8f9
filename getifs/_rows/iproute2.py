"""The values of `to_dict()` as `ip -j -d` prints them.

Attributes are declared with the name of a function of this module if `to_dict()` does not show their value as it is: a
form converts the value, a function for entries sets the entries of the dict.
"""

from __future__ import annotations

from os import sysconf
from struct import Struct

from .. import _records
from .._lazy import LazyModule
from .._records import ADDR, LINK, NEIGHBOUR, NEXTHOP, ROUTE, u16, u32
from .address_texts import address_text
from .iproute2_names import addr_protocol_name as addr_protocol_name
from .iproute2_names import encap_name as encap_name
from .iproute2_names import flow as flow
from .iproute2_names import group_name as group_name
from .iproute2_names import pref_name as pref_name
from .iproute2_names import protocol_name as protocol_name
from .iproute2_names import protocol_unless_zero as protocol_unless_zero
from .iproute2_names import route_type_name as route_type_name
from .iproute2_names import scope_name as scope_name
from .iproute2_names import table_name as table_name
from .iproute2_names import table_unless_zero as table_unless_zero
from .iproute2_names import tos_name as tos_name
from .link_names import hardware_type as hardware_type
from .link_names import link_flags as link_flags
from .link_names import link_state as link_state

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
_DETAILS_LEN = LINK.offset["part_len"] + 2 * _records.LINK_DETAILS
_NEXTHOP = NEXTHOP.offset
_ADDR_FLAGS_AT, _ADDR_FAMILY = ADDR.offset["flags"], ADDR.offset["family"]
_ROUTE_FAMILY = ROUTE.offset["family"]
_GATEWAY_FAMILY, _GATEWAY = ROUTE.offset["gateway_family"], ROUTE.offset["gateway"]
_NEIGHBOUR_FLAGS_AT = NEIGHBOUR.offset["flags"]
_ADDR_FLAGS = {  # IFA_F_*
    0x02: "nodad",
    0x04: "optimistic",
    0x08: "dadfailed",
    0x10: "home",
    0x20: "deprecated",
    0x40: "tentative",
    0x100: "mngtmpaddr",
    0x200: "noprefixroute",
    0x400: "autojoin",
    0x800: "stable-privacy",
}
_SECONDARY, _PERMANENT = 0x01, 0x80
_HOP_FLAGS = {  # RTNH_F_* and RTM_F_*
    0x1: "dead",
    0x4: "onlink",
    0x2: "pervasive",
    0x8: "offload",
    0x40: "trap",
    0x100: "notify",
    0x10: "linkdown",
    0x20: "unresolved",
    0x4000: "rt_offload",
    0x8000: "rt_trap",
    0x20000000: "rt_offload_failed",
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
_DUPLEX = ("Half", "Full")  # DUPLEX_*
_GROUP_TYPES = {1: "resilient"}  # NEXTHOP_GRP_TYPE_*
_FOUR_WORDS = Struct("=4Q").unpack_from
_TICKS = sysconf("SC_CLK_TCK")  # clock ticks in a second


# Forms.


def family_name(family: int) -> str:
    return "inet" if family == _INET else "inet6"


def mac(address: MacAddr) -> str:
    return address.hex(":")


def unless_zero(number: int) -> int | None:
    return number or None


def list_if_any(values: tuple[str, ...]) -> list[str] | None:
    return list(values) or None


def stats(counters: Any) -> Any:
    return counters.to_dict()


def duplex(mode: int) -> str:
    """As ethtool prints it."""
    return _DUPLEX[mode] if mode < len(_DUPLEX) else str(mode)


# Entries of interfaces.


def link(row: Row, names: Names, result: Dict) -> None:
    """The interface below by name if it is of this namespace and `names` has it; `None` if its index is 0."""
    index = row._number("link", _records.LINK_HAS_LINK)
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
        shown = details.linkinfo(row._part(_records.LINK_DETAILS), names)
    if shown:
        result["linkinfo"] = shown
    else:
        result.pop("linkinfo", None)


def perm_mac_addr(row: Row, _names: Names, result: Dict) -> None:
    """Only if it is not the address."""
    permanent = row._part(_records.LINK_PERM_MAC)
    if permanent and permanent != row._part(_records.LINK_MAC):
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
    flags = u32(row._record, _ADDR_FLAGS_AT)[0]
    if flags == _PERMANENT:  # as most of them
        return
    for flag, name in _ADDR_FLAGS.items():
        if flags & flag:
            result[name] = True
    if flags & _SECONDARY:
        result["secondary" if row._record[_ADDR_FAMILY] == _INET else "temporary"] = True
    if not flags & _PERMANENT:
        result["dynamic"] = True


# Entries of neighbours.

_NEIGHBOUR_FLAGS = {  # NTF_*, and NTF_EXT_* << 8
    0x80: "router",
    0x08: "proxy",
    0x10: "extern_learn",
    0x20: "offload",
    0x100: "managed",
    0x200: "locked",
}
_NEIGHBOUR_STATES = {  # NUD_*
    0x01: "INCOMPLETE",
    0x02: "REACHABLE",
    0x04: "STALE",
    0x08: "DELAY",
    0x10: "PROBE",
    0x20: "FAILED",
    0x40: "NOARP",
    0x80: "PERMANENT",
}


def neighbour_flags(row: Row, _names: Names, result: Dict) -> None:
    flags = u32(row._record, _NEIGHBOUR_FLAGS_AT)[0]
    result.update({name: None for flag, name in _NEIGHBOUR_FLAGS.items() if flags & flag})


def neighbour_state(state: int) -> list[str] | None:
    return [name for flag, name in _NEIGHBOUR_STATES.items() if state & flag] or None


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
    flags = row._layout.read(row._record, "flags")
    result["flags"] = [name for flag, name in _HOP_FLAGS.items() if flags & flag] if flags else []


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
    if row._record[_NEXTHOP["has"]] & _records.NEXTHOP_HAS_RESILIENT:
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
