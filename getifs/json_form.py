"""Rows as `ip -j -d` prints them: its keys, its values, its order of flags."""

from __future__ import annotations

from .address import IfAddr, IfNet
from .enums import AddrFlags, Flags, HwType, RouteFlags, Scope
from .interface import Interface
from .nexthop import NextHop
from .route import Route

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from enum import IntEnum
    from typing import Any

    Dict = dict[str, Any]
    Names = Mapping[int, str]

_FOREVER = 0xFFFFFFFF
_TABLES = {253: "default", 254: "main", 255: "local"}
# Where iproute2's name is not the kernel's in lower case.
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
_METRICS = {
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


def _family(version: int) -> str:
    return "inet" if version == 4 else "inet6"


def _name(member: IntEnum) -> str:
    return "global" if member is Scope.UNIVERSE else member.name.lower()


def _known(pairs: Iterable[tuple[str, object]]) -> Dict:
    return {key: value for key, value in pairs if value is not None}


def _device(index: int, names: Names) -> Dict:
    return _known([("ifindex", index), ("dev", names.get(index))])


def _flag_names(flags: int) -> list[str]:
    return [name for flag, name in _HOP_FLAGS.items() if flags & flag]


def _link_flags(flags: Flags) -> list[str]:
    names = [str(flag.name) for flag in _LINK_FLAGS if flags & flag]
    if flags & Flags.UP and not flags & Flags.RUNNING:
        names.insert(0, "NO-CARRIER")
    unknown = int(flags) & ~sum(_LINK_FLAGS, int(Flags.RUNNING))
    return [*names, f"{unknown:x}"] if unknown else names


def interface_dict(row: Interface, names: Names) -> Dict:
    below: Dict = {}
    if row.link is not None and row.link_netnsid is None and row.link in names:
        below["link"] = names[row.link]
    elif row.link is not None:
        below["link_index"] = row.link
    stats = row.stats
    return {
        "ifindex": row.index,
        **below,
        **_known(
            [
                ("link_netnsid", row.link_netnsid),
                ("ifname", row.name),
                ("flags", _link_flags(row.flags)),
                ("mtu", row.mtu),
                ("master", None if row.controller is None else names.get(row.controller, f"if{row.controller}")),
                ("operstate", row.oper_state.name),
                ("group", None if row.group is None else str(row.group or "default")),
                ("txqlen", row.tx_queue_len),
                ("link_type", _LINK_TYPES.get(row.hw_type) or row.hw_type.name.lower()),
                ("address", None if row.mac_addr is None else str(row.mac_addr)),
                ("broadcast", None if row.broadcast_mac_addr is None else str(row.broadcast_mac_addr)),
                ("permaddr", None if row.perm_mac_addr is None else str(row.perm_mac_addr)),
                ("min_mtu", row.min_mtu),
                ("max_mtu", row.max_mtu),
                ("linkinfo", None if row.kind is None else {"info_kind": row.kind}),
                ("parentbus", row.parent_bus),
                ("parentdev", row.parent_dev),
                ("ifalias", row.alias),
                ("altnames", list(row.alt_names) or None),
            ],
        ),
        **({} if stats is None else {"stats64": stats.to_dict()}),
    }


def ifnet_dict(row: IfNet, names: Names) -> Dict:
    flags = row.flags
    shown = [name for flag, name in _ADDR_FLAGS.items() if flags & flag]
    if flags & AddrFlags.SECONDARY:
        shown.append("secondary" if row.addr.version == 4 else "temporary")
    if not flags & AddrFlags.PERMANENT:
        shown.append("dynamic")
    return {
        "ifindex": row.index,
        **_known([("ifname", names.get(row.index))]),
        "family": _family(row.addr.version),
        "local": str(row.addr),
        **_known(
            [
                ("address", None if row.peer is None else str(row.peer)),
                ("prefixlen", row.prefix_len),
                ("metric", row.metric),
                ("broadcast", None if row.broadcast is None else str(row.broadcast)),
                ("scope", _name(row.scope)),
            ],
        ),
        **dict.fromkeys(shown, True),
        **_known([("protocol", None if row.proto is None else row.proto.name.lower()), ("label", row.label)]),
        "valid_life_time": _FOREVER if row.valid_lft is None else row.valid_lft,
        "preferred_life_time": _FOREVER if row.preferred_lft is None else row.preferred_lft,
    }


def ifaddr_dict(row: IfAddr, names: Names) -> Dict:
    return {
        "ifindex": row.index,
        **_known([("ifname", names.get(row.index))]),
        "family": _family(row.addr.version),
        "address": str(row.addr),
    }


def _prefix(network: Any) -> str:
    """A host's prefix is its address alone."""
    if network.prefixlen == 0:
        return "default"
    return str(network.network_address if network.prefixlen == network.max_prefixlen else network)


def _gateway(row: Route | NextHop, family: int) -> Dict:
    gateway = row.gateway
    if gateway is None:
        return {}
    if gateway.version == family:
        return {"gateway": str(gateway)}
    return {"via": {"family": _family(gateway.version), "host": str(gateway)}}


def route_dict(row: Route, names: Names) -> Dict:
    metrics = {_METRICS[number]: value for number, value in row.metrics.items() if number in _METRICS}
    return {
        "type": _name(row.type),
        "dst": _prefix(row.destination),
        **_known(
            [
                ("from", None if row.source is None else _prefix(row.source)),
                ("tos", f"0x{row.tos:02x}" if row.tos else None),
                ("nhid", row.nexthop_id),
                ("encap", None if row.encap is None else row.encap.name.lower()),
            ],
        ),
        **_gateway(row, row.destination.version),
        **_device(row.index, names),
        "table": _TABLES.get(row.table, str(row.table)),
        "protocol": _name(row.protocol),
        "scope": _name(row.scope),
        **_known([("prefsrc", None if row.prefsrc is None else str(row.prefsrc)), ("metric", row.metric or None)]),
        "weight": row.weight,
        "flags": _flag_names(row.flags),
        **_known(
            [("metrics", [metrics] if metrics else None), ("pref", None if row.pref is None else _name(row.pref))]
        ),
    }


def nexthop_dict(row: NextHop, names: Names) -> Dict:
    group = [{"id": member, "weight": weight} for member, weight in row.group]
    return {
        "id": row.id,
        **_known([("group", group or None)]),
        **({"blackhole": None} if row.blackhole else {}),
        **({"fdb": None} if row.fdb else {}),
        **_known([("encap", None if row.encap is None else row.encap.name.lower())]),
        **({} if row.gateway is None else {"gateway": str(row.gateway)}),
        **(_device(row.index, names) if row.index else {}),
        "scope": _name(row.scope),
        "protocol": _name(row.protocol),
        "flags": _flag_names(row.flags),
    }
