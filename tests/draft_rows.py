"""Drafts the expected rows of a new capture with pyroute2, an implementation independent of getifs.

This module decodes what pyroute2 0.9 does not: names that are not UTF-8, hardware addresses that are not 6 bytes long,
RTA_NH_ID and next-hop objects.
"""

import ipaddress
import os
import struct
from sys import byteorder
from typing import Any

from netlink_messages import (
    RTM_NEWADDR,
    RTM_NEWLINK,
    RTM_NEWNEIGH,
    RTM_NEWNEXTHOP,
    RTM_NEWROUTE,
    RTM_NEWRULE,
    attributes,
    messages,
)
from pyroute2.netlink.rtnl.fibmsg import fibmsg
from pyroute2.netlink.rtnl.ifaddrmsg import ifaddrmsg
from pyroute2.netlink.rtnl.ifinfmsg import ifinfmsg
from pyroute2.netlink.rtnl.ndmsg import ndmsg
from pyroute2.netlink.rtnl.rtmsg import rtmsg

HEADERS = {ifinfmsg: 32, ifaddrmsg: 24, rtmsg: 28, ndmsg: 28, fibmsg: 28}
IFLA_ADDRESS, IFLA_BROADCAST, IFLA_IFNAME, IFLA_OPERSTATE, IFLA_IFALIAS = 1, 2, 3, 16, 20
IFLA_STATS64, IFLA_PROP_LIST, IFLA_PERM_ADDRESS = 23, 52, 54
IFA_LABEL = 3
NDA_LLADDR, NDA_PROTOCOL, NDA_FLAGS_EXT = 2, 12, 15
NUD_NOARP, NTF_PROXY = 0x40, 0x8
RTA_METRICS, RTA_PREF, RTA_NH_ID = 8, 20, 30
RTAX_MTU, RTAX_CC_ALGO = 2, 16
FRA_DST, FRA_SRC, FRA_IIFNAME, FRA_GOTO, FRA_PRIORITY, FRA_FWMARK, FRA_FLOW, FRA_TUN_ID = 1, 2, 3, 4, 6, 10, 11, 12
FRA_SUPPRESS_IFGROUP, FRA_SUPPRESS_PREFIXLEN, FRA_TABLE, FRA_FWMASK, FRA_OIFNAME = 13, 14, 15, 16, 17
FRA_L3MDEV, FRA_UID_RANGE, FRA_PROTOCOL, FRA_IP_PROTO, FRA_SPORT_RANGE, FRA_DPORT_RANGE = 19, 20, 21, 22, 23, 24
FRA_DSCP, FRA_FLOWLABEL, FRA_FLOWLABEL_MASK, FRA_SPORT_MASK, FRA_DPORT_MASK, FRA_DSCP_MASK = range(25, 31)
FIB_RULE_INVERT = 2
NHA_ID, NHA_GROUP, NHA_OIF, NHA_GATEWAY, NHA_ENCAP_TYPE = 1, 2, 5, 6, 7
AF_INET = 2
UNICAST_OR_LOCAL, REJECTING = (1, 2), (6, 7, 8, 9)
TYPES = dict(enumerate("local broadcast anycast multicast blackhole unreachable prohibit throw".split(), 2))
DEAD, LINKDOWN, UNRESOLVED, CLONED = 1, 16, 32, 0x200
FOREVER = 0xFFFFFFFF
TUNNEL_END_POINTS = {(4, 778), (4, 768), (4, 776), (16, 769), (16, 823)}  # B12: address length and hardware type
COUNTERS = """rx_packets tx_packets rx_bytes tx_bytes rx_errors tx_errors rx_dropped tx_dropped multicast collisions
    rx_length_errors rx_over_errors rx_crc_errors rx_frame_errors rx_fifo_errors rx_missed_errors tx_aborted_errors
    tx_carrier_errors tx_fifo_errors tx_heartbeat_errors tx_window_errors rx_compressed tx_compressed rx_nohandler
    rx_otherhost_dropped"""  # struct rtnl_link_stats64
ROUTE = """index destination gateway is_default metric table protocol scope type prefsrc source tos mtu metrics hop
    weight nexthop_id flags pref encap str"""

Row = dict[str, Any]


def draft(capture: Row) -> list[Any]:
    data = bytes.fromhex("".join(capture["data"]))
    arguments = capture.get("arguments", {})
    if capture["query"] == "interfaces":
        return [interface(message, **arguments) for number, message in messages(data) if number == RTM_NEWLINK]
    if capture["query"] in ("addrs", "rules"):
        wanted, row_of = (RTM_NEWADDR, ifnet) if capture["query"] == "addrs" else (RTM_NEWRULE, rule)
        return [row_of(message) for number, message in messages(data) if number == wanted]
    if capture["query"] == "neighbours":
        found = [neighbour(message) for number, message in messages(data) if number == RTM_NEWNEIGH]
        every = arguments.get("all", False)
        return [row for row in found if every or not (row["state"] & NUD_NOARP or row["flags"] & NTF_PROXY)]
    objects = read_objects(bytes.fromhex("".join(capture.get("nexthops", []))))
    routes = [message for number, message in messages(data) if number == RTM_NEWROUTE]
    if capture["query"] == "routes":
        return [row for message in routes for row in route_rows(message, objects, **arguments)]
    if capture["query"] == "gateways":
        return gateways(routes, objects)
    return best_interfaces(routes, objects)


def decode(kind: Any, message: bytes) -> tuple[Any, dict[int, bytes]]:
    decoded = kind(message)
    decoded.decode()
    return decoded, dict(attributes(message[HEADERS[kind] :]))


def mac(hw_type: int, data: bytes | None) -> str | None:
    if not data or not any(data) or (len(data), hw_type) in TUNNEL_END_POINTS:
        return None
    return data.hex(":")


def text(data: bytes | None) -> str | None:
    return None if data is None else os.fsdecode(data.split(b"\0")[0])


def interface(message: bytes, stats: bool = False) -> Row:
    link, raw = decode(ifinfmsg, message)
    hw_type = link["ifi_type"]
    info = link.get_attr("IFLA_LINKINFO")
    counters = struct.unpack(f"={len(raw[IFLA_STATS64]) // 8}Q", raw[IFLA_STATS64])
    return {
        "index": link["index"],
        "name": text(raw[IFLA_IFNAME]),
        "mtu": link.get_attr("IFLA_MTU"),
        "mac_addr": mac(hw_type, raw.get(IFLA_ADDRESS)),
        "flags": link["flags"],
        "oper_state": struct.unpack("=B", raw[IFLA_OPERSTATE])[0],
        "carrier": bool(link.get_attr("IFLA_CARRIER")),
        "kind": info.get_attr("IFLA_INFO_KIND") if info else None,
        "controller": link.get_attr("IFLA_MASTER"),
        "link": link.get_attr("IFLA_LINK") or None,
        "link_netnsid": link.get_attr("IFLA_LINK_NETNSID"),
        "hw_type": hw_type,
        "tx_queue_len": link.get_attr("IFLA_TXQLEN"),
        "min_mtu": link.get_attr("IFLA_MIN_MTU"),
        "max_mtu": link.get_attr("IFLA_MAX_MTU"),
        "group": link.get_attr("IFLA_GROUP"),
        "alias": text(raw.get(IFLA_IFALIAS)),
        "alt_names": [text(name) for _, name in attributes(raw.get(IFLA_PROP_LIST, b""))],
        "perm_mac_addr": mac(hw_type, raw.get(IFLA_PERM_ADDRESS)),
        "broadcast_mac_addr": mac(hw_type, raw.get(IFLA_BROADCAST)),
        "parent_dev": link.get_attr("IFLA_PARENT_DEV_NAME"),
        "parent_bus": link.get_attr("IFLA_PARENT_DEV_BUS_NAME"),
        "stats": dict(zip(COUNTERS.split(), counters, strict=False)) if stats else None,
    }


def ifnet(message: bytes) -> Row:
    address, raw = decode(ifaddrmsg, message)
    far = canonical(address.get_attr("IFA_ADDRESS"))
    local = canonical(address.get_attr("IFA_LOCAL")) or far
    peer = far if far != local else None
    length = address["prefixlen"]
    flags = address.get_attr("IFA_FLAGS")
    life = address.get_attr("IFA_CACHEINFO")
    near = ipaddress.ip_address(local)
    on_link = peer if peer and near.version == 4 else local
    return {
        "index": address["index"],
        "addr": local,
        "prefix_len": length,
        "net": f"{local}/{length}",
        "network": str(ipaddress.ip_network(f"{on_link}/{length}", strict=False)),
        "peer": peer,
        "broadcast": address.get_attr("IFA_BROADCAST"),
        "scope": address["scope"],
        "flags": address["flags"] if flags is None else flags,
        "label": text(raw.get(IFA_LABEL)),
        "valid_lft": lifetime(life["ifa_valid"]),
        "preferred_lft": lifetime(life["ifa_preferred"]),
        "metric": address.get_attr("IFA_RT_PRIORITY"),
        "proto": address.get_attr("IFA_PROTO"),
        "scoped": f"{local}%{address['index']}" if near.version == 6 and near.is_link_local else local,
        "str": f"{local}/{length} ({address['index']})",
    }


def neighbour(message: bytes) -> Row:
    entry, raw = decode(ndmsg, message)
    addr, index = canonical(entry.get_attr("NDA_DST")), entry["ifindex"]
    states = {1: "INCOMPLETE", 2: "REACHABLE", 4: "STALE", 8: "DELAY", 16: "PROBE", 32: "FAILED", 64: "NOARP"}
    mac_addr = mac(1, raw.get(NDA_LLADDR))
    state = states.get(entry["state"], "PERMANENT" if entry["state"] else "NONE")
    return {
        "index": index,
        "addr": addr,
        "scoped": f"{addr}%{index}" if ipaddress.ip_address(addr).is_link_local and ":" in addr else addr,
        "family": entry["family"],
        "mac_addr": mac_addr,
        "state": entry["state"],
        "flags": entry["flags"] | int.from_bytes(raw.get(NDA_FLAGS_EXT, b""), byteorder) << 8,
        "protocol": raw.get(NDA_PROTOCOL, b"\0")[0],
        "str": f"{addr}{f' lladdr {mac_addr}' if mac_addr else ''} {state} ({index})",
    }


def rule(message: bytes) -> Row:
    decoded, raw = decode(fibmsg, message)

    def number(kind: int) -> int | None:
        return int.from_bytes(raw[kind], byteorder) if kind in raw else None

    def network(kind: int, size: int) -> str | None:
        return str(ipaddress.ip_network((raw[kind], size), strict=False)) if size else None

    def pair(kind: int, form: str) -> list[int] | None:
        return list(struct.unpack(form, raw[kind])) if kind in raw else None

    def unlimited(value: int | None) -> int | None:
        return None if value == FOREVER else value

    return {
        "priority": number(FRA_PRIORITY) or 0,
        "family": decoded["family"],
        "invert": bool(decoded["flags"] & FIB_RULE_INVERT),
        "source": network(FRA_SRC, decoded["src_len"]),
        "destination": network(FRA_DST, decoded["dst_len"]),
        "tos": decoded["tos"],
        "mark": number(FRA_FWMARK) or 0,
        "mask": number(FRA_FWMASK) or 0,
        "iif": text(raw.get(FRA_IIFNAME)),
        "oif": text(raw.get(FRA_OIFNAME)),
        "l3mdev": bool(number(FRA_L3MDEV)),
        "uid_range": pair(FRA_UID_RANGE, "=II"),
        "ip_proto": number(FRA_IP_PROTO),
        "sport": pair(FRA_SPORT_RANGE, "=HH"),
        "dport": pair(FRA_DPORT_RANGE, "=HH"),
        "tun_id": int.from_bytes(raw.get(FRA_TUN_ID, b""), "big") or None,
        "dscp": number(FRA_DSCP),
        "dscp_mask": number(FRA_DSCP_MASK) or 0,
        "sport_mask": number(FRA_SPORT_MASK) or 0,
        "dport_mask": number(FRA_DPORT_MASK) or 0,
        "flowlabel": int.from_bytes(raw[FRA_FLOWLABEL], "big") if FRA_FLOWLABEL in raw else None,
        "flowlabel_mask": int.from_bytes(raw.get(FRA_FLOWLABEL_MASK, b""), "big"),
        "table": number(FRA_TABLE) or decoded["table"],
        "suppress_prefixlen": unlimited(number(FRA_SUPPRESS_PREFIXLEN)),
        "suppress_ifgroup": unlimited(number(FRA_SUPPRESS_IFGROUP)),
        "flow": number(FRA_FLOW) or 0,
        "action": decoded["action"],
        "goto": number(FRA_GOTO),
        "flags": decoded["flags"],
        "protocol": number(FRA_PROTOCOL) or 0,
    }


def canonical(address: str | None) -> str | None:
    """The address in the notation of ipaddress: ::c000:201, not ::192.0.2.1."""
    return address and str(ipaddress.ip_address(address))


def lifetime(seconds: int) -> int | None:
    return None if seconds == FOREVER else seconds


class Object:
    """A next-hop object."""

    def __init__(self, message: bytes) -> None:
        self.flags = struct.unpack_from("=4xI", message, 16)[0]
        raw = dict(attributes(message[24:]))
        self.index = struct.unpack("=I", raw[NHA_OIF])[0] if NHA_OIF in raw else 0
        self.encap = struct.unpack_from("=H", raw[NHA_ENCAP_TYPE])[0] if NHA_ENCAP_TYPE in raw else None
        self.gateway = str(ipaddress.ip_address(raw[NHA_GATEWAY])) if NHA_GATEWAY in raw else None
        self.group = [
            (i, 1 + low + 256 * high) for i, low, high in struct.iter_unpack("=IBB2x", raw.get(NHA_GROUP, b""))
        ]


def read_objects(data: bytes) -> dict[int, Object]:
    found = {}
    for number, message in messages(data):
        if number == RTM_NEWNEXTHOP:
            found[struct.unpack("=I", dict(attributes(message[24:]))[NHA_ID])[0]] = Object(message)
    return found


def route_text(row: Row) -> str:
    kind = "" if row["type"] == 1 else f"{TYPES[row['type']]} "
    family = "inet6 " if ":" in (row["gateway"] or "") and ":" not in row["destination"] else ""
    via = f" via {family}{row['gateway']}" if row["gateway"] else ""
    end = f" ({row['index']})" if row["index"] else ""
    return f"{kind}{row['destination']}{via}{end}"


def hops_of(route: Any, raw: dict[int, bytes], objects: dict[int, Object]) -> list[Row]:
    """All hops, including unusable ones: B33, B34."""

    def hop(source: Any, **known: Any) -> Row:
        via = source.get_attr("RTA_VIA")
        gateway = via["addr"] if via else source.get_attr("RTA_GATEWAY")
        return {"gateway": canonical(gateway), "encap": source.get_attr("RTA_ENCAP_TYPE"), **known}

    flags = route["flags"]
    many = route.get_attr("RTA_MULTIPATH")
    if many:
        return [
            hop(
                one,
                index=one["oif"],
                hop=number,
                flags=(flags & ~0xFF) | one["flags"],
                weight=one["hops"] + 1,
                several=True,
            )
            for number, one in enumerate(many)
        ]
    single = hop(route, index=route.get_attr("RTA_OIF") or 0, hop=0, flags=flags, weight=1, several=False)
    if single["index"] or RTA_NH_ID not in raw or route["type"] in REJECTING:
        return [single]
    named = objects.get(struct.unpack("=I", raw[RTA_NH_ID])[0])
    if not named:
        return []
    members = [(objects[i], weight) for i, weight in named.group] or [(named, 1)]
    return [
        {
            "index": member.index,
            "hop": number,
            "gateway": member.gateway,
            "flags": (flags & ~0xFF) | member.flags,
            "weight": weight,
            "encap": member.encap,
            "several": True,
        }
        for number, (member, weight) in enumerate(members)
        if member.index
    ]


def usable(hop: Row) -> bool:
    return bool(hop["index"]) and not hop["flags"] & (DEAD | UNRESOLVED | (LINKDOWN if hop["several"] else 0))


def route_rows(message: bytes, objects: dict[int, Object], all: bool = False, table: int | None = None) -> list[Row]:
    return [row for row, hop in rows_and_hops(message, objects, all, table) if all or not hop["several"] or usable(hop)]


def rows_and_hops(message: bytes, objects: dict[int, Object], all: bool, table: int | None) -> list[tuple[Row, Row]]:
    route, raw = decode(rtmsg, message)
    number = route.get_attr("RTA_TABLE") or route["table"]
    plain = route["type"] in UNICAST_OR_LOCAL and not route["tos"] and not route["src_len"]
    wanted = all or number in (253, 254, 255) if table is None else number == table
    if route["flags"] & CLONED or not (all or plain) or not wanted:
        return []
    any_address = "0.0.0.0" if route["family"] == AF_INET else "::"
    destination = f"{canonical(route.get_attr('RTA_DST') or any_address)}/{route['dst_len']}"
    numbers = [(kind, value) for kind, value in attributes(raw.get(RTA_METRICS, b"")) if kind != RTAX_CC_ALGO]
    metrics = {kind: struct.unpack("=I", value)[0] for kind, value in numbers}
    common = {
        "destination": destination,
        "is_default": route["dst_len"] == 0,
        "metric": route.get_attr("RTA_PRIORITY") or 0,
        "table": number,
        "protocol": route["proto"],
        "scope": route["scope"],
        "type": route["type"],
        "prefsrc": canonical(route.get_attr("RTA_PREFSRC")),
        "source": f"{canonical(route.get_attr('RTA_SRC'))}/{route['src_len']}" if route["src_len"] else None,
        "tos": route["tos"],
        "mtu": metrics.get(RTAX_MTU),
        "metrics": [[kind, value] for kind, value in metrics.items()],
        "nexthop_id": struct.unpack("=I", raw[RTA_NH_ID])[0] if RTA_NH_ID in raw else None,
        "pref": struct.unpack("=B", raw[RTA_PREF])[0] if RTA_PREF in raw else None,
    }
    rows = []
    for hop in hops_of(route, raw, objects):
        if hop["index"] or route["type"] not in UNICAST_OR_LOCAL:
            row = {**common, **hop}
            row["str"] = route_text(row)
            rows.append(({name: row[name] for name in ROUTE.split()}, hop))
    return rows


def gateways(routes: list[bytes], objects: dict[int, Object]) -> list[Row]:
    """B40: gateways of routes of all types and tables, without duplicates."""
    rows: list[Row] = []
    for message in routes:
        for _, hop in rows_and_hops(message, objects, True, None):
            index, gateway = hop["index"], hop["gateway"]
            if not gateway or not usable(hop):
                continue
            link_local = ":" in gateway and ipaddress.ip_address(gateway).is_link_local
            scoped = f"{gateway}%{index}" if link_local else gateway
            row = {"index": index, "addr": gateway, "scoped": scoped, "str": f"{gateway} ({index})"}
            if row not in rows:
                rows.append(row)
    return rows


def best_interfaces(routes: list[bytes], objects: dict[int, Object]) -> list[list[int]]:
    """B50 to B53: pairs of an IP version (4 or 6) and an interface index."""
    found: dict[int, list[tuple[tuple[int, int, int], int]]] = {4: [], 6: []}
    for message in routes:
        family = 4 if message[16] == AF_INET else 6
        for row, hop in rows_and_hops(message, objects, False, None):
            if row["is_default"] and usable(hop):
                pref = {1: 0, 3: 2}.get(row["pref"], 1)
                found[family].append(((255 - row["table"], row["metric"], pref), row["index"]))
    return [
        [family, index]
        for family, candidates in found.items()
        for index in sorted({i for key, i in candidates if key == min(candidates)[0]})
    ]
