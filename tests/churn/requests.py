"""Requests of rtnetlink that change the network, as bytes."""

from __future__ import annotations

import socket
import struct

from netlink_messages import NLM_F_CREATE, NLM_F_REQUEST, RTM_NEWADDR, RTM_NEWLINK, RTM_NEWNEXTHOP, attr, packed_message
from netlink_messages import RTM_NEWROUTE as RTM_NEWROUTE
from netlink_messages import RTM_NEWRULE as RTM_NEWRULE

AF_INET, AF_INET6 = socket.AF_INET, socket.AF_INET6
NLM_F_EXCL = 0x200
IFF_UP = 1
IFA_F_NODAD = 2
RTNH_F_ONLINK = 4
UNIVERSE, NOWHERE = 0, 255  # scopes
RTPROT_STATIC = 4
MAIN = 254

Hop = tuple[int, str]  # index and gateway


def _word(value: int) -> bytes:
    return struct.pack("=I", value)


def _request(new: int, body: bytes, *, delete: bool) -> bytes:
    # Each kind of object has its RTM_DEL… after its RTM_NEW….
    if delete:
        return packed_message(new + 1, body, flags=NLM_F_REQUEST)
    return packed_message(new, body, flags=NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL)


def family_of(text: str) -> int:
    return AF_INET6 if ":" in text else AF_INET


def packed(text: str) -> bytes:
    return socket.inet_pton(family_of(text), text)


def address(text: str, index: int, *, scope: int = UNIVERSE, delete: bool = False) -> bytes:
    """An address with the full prefix length, without duplicate address detection."""
    family, value = family_of(text), packed(text)
    body = struct.pack("=BBBBI", family, len(value) * 8, IFA_F_NODAD, scope, index)
    return _request(RTM_NEWADDR, body + attr(2, value) + attr(1, value), delete=delete)


def _hops(hops: list[Hop]) -> bytes:
    if len(hops) == 1:
        ((index, gateway),) = hops
        return attr(5, packed(gateway)) + attr(4, _word(index))
    data = b""
    for index, gateway in hops:
        via = attr(5, packed(gateway))
        data += struct.pack("=HBBi", 8 + len(via), RTNH_F_ONLINK, 0, index) + via
    return attr(9, data)


def route(
    destination: str,
    hops: list[Hop],
    *,
    metric: int = 0,
    tos: int = 0,
    table: int = MAIN,
    nexthop_id: int = 0,
    index: int = 0,
    delete: bool = False,
) -> bytes:
    """A route through gateways, or through a next-hop object, or (`index`) to a link."""
    text, _, length = destination.partition("/")
    family = family_of(text)
    scope = 253 if index and family == AF_INET and not delete else NOWHERE if delete else UNIVERSE
    body = struct.pack("=BBBBBBBBI", family, int(length), 0, tos, table, 0 if delete else RTPROT_STATIC, scope, 1, 0)
    body += attr(1, packed(text)) if length != "0" else b""
    body += attr(6, _word(metric)) if metric else b""
    if hops:
        body += _hops(hops)
    if nexthop_id:
        body += attr(30, _word(nexthop_id))
    if index:
        body += attr(4, _word(index))
    return _request(RTM_NEWROUTE, body, delete=delete)


def nexthop(number: int, hop: Hop | None = None, *, delete: bool = False) -> bytes:
    """A next-hop object through a gateway. `hop` is not needed to delete it."""
    body = struct.pack("=BBBBI", 0 if hop is None else family_of(hop[1]), 0, 0 if delete else RTPROT_STATIC, 0, 0)
    body += attr(1, _word(number))
    if hop is not None:
        body += attr(5, _word(hop[0])) + attr(6, packed(hop[1]))
    return _request(RTM_NEWNEXTHOP, body, delete=delete)


def rule(source: str, priority: int, *, delete: bool = False) -> bytes:
    """A rule for one source address that asks table 77."""
    family, value = family_of(source), packed(source)
    body = struct.pack("=8BI", family, 0, len(value) * 8, 0, 77, 0, 0, 1, 0)
    return _request(RTM_NEWRULE, body + attr(2, value) + attr(6, _word(priority)), delete=delete)


def link(name: str, index: int, kind: str, *, delete: bool = False) -> bytes:
    body = struct.pack("=BBHiII", 0, 0, 0, index, 0, 0)
    if not delete:
        body += attr(3, name.encode() + b"\0") + attr(18, attr(1, kind.encode()))
    return _request(RTM_NEWLINK, body, delete=delete)


def set_up(index: int, up: bool) -> bytes:
    return packed_message(
        RTM_NEWLINK, struct.pack("=BBHiII", 0, 0, 0, index, IFF_UP if up else 0, IFF_UP), flags=NLM_F_REQUEST
    )
