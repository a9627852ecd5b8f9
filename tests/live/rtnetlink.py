"""Raw rtnetlink requests: those that iproute2 6.1 cannot send, and dumps as bytes for `getifs.replay`."""

import os
import socket
import struct

from netlink_messages import (
    HEADER,
    NLM_F_ACK,
    NLM_F_CREATE,
    NLM_F_DUMP,
    NLM_F_REQUEST,
    NLMSG_DONE,
    NLMSG_ERROR,
    RTM_GETADDR,
    RTM_GETROUTE,
    RTM_NEWADDR,
    RTM_NEWNEXTHOP,
    RTM_NEWROUTE,
    attr,
    messages,
    packed_message,
)

AF_INET, AF_INET6 = socket.AF_INET, socket.AF_INET6


def address(text: str) -> bytes:
    return socket.inet_pton(AF_INET6 if ":" in text else AF_INET, text)


def _family(text: str) -> int:
    return AF_INET6 if ":" in text else AF_INET


def _exchange(kind: int, flags: int, body: bytes) -> bytes:
    """Sends a request and returns the messages of the answer, without the acknowledgement or the end of the dump."""
    answer = b""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as s:
        s.bind((0, 0))
        s.send(packed_message(kind, body, flags=NLM_F_REQUEST | flags, sequence=1))
        while True:
            for got, message in messages(s.recv(1 << 20)):
                if got in (NLMSG_ERROR, NLMSG_DONE):
                    code = -struct.unpack_from("=i", message, HEADER.size)[0]
                    if code:
                        raise OSError(code, os.strerror(code))
                    return answer
                answer += message


def dump(kind: int, body: bytes) -> bytes:
    """The rows of a dump, requested without strict checking (NETLINK_GET_STRICT_CHK)."""
    return _exchange(kind, NLM_F_DUMP, body)


def dump_routes(family: int) -> bytes:
    return dump(RTM_GETROUTE, struct.pack("=BBBBBBBBI", family, *[0] * 8))


def dump_addrs() -> bytes:
    return dump(RTM_GETADDR, bytes(8))


def add_addr(index: int, text: str, prefix_len: int, *, proto: int | None = None, label: str | None = None) -> None:
    """Adds an address with an origin (IFA_PROTO), or with any label (IFA_LABEL)."""
    body = struct.pack("=BBBBI", _family(text), prefix_len, 0, 0, index)
    body += attr(2, address(text)) + attr(1, address(text))
    body += attr(11, bytes([proto])) if proto is not None else b""
    body += attr(3, os.fsencode(label) + b"\0") if label is not None else b""
    _exchange(RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE, body)


def add_default(hops: list[tuple[int, str]]) -> None:
    """Adds a default route with any number of hops: (index, gateway)."""
    family = _family(hops[0][1])
    multipath = b""
    for index, gateway in hops:
        via = attr(5, address(gateway))
        multipath += struct.pack("=HBBi", 8 + len(via), 0, 0, index) + via
    body = struct.pack("=BBBBBBBBI", family, 0, 0, 0, 254, 3, 0, 1, 0) + attr(9, multipath)
    _exchange(RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE, body)


def add_group(number: int, members: list[tuple[int, int]]) -> None:
    """Adds a next-hop group with members (id, weight). Weights over 256 need a kernel that supports them."""
    group = b"".join(struct.pack("=IBBH", id, (weight - 1) & 0xFF, (weight - 1) >> 8, 0) for id, weight in members)
    body = struct.pack("=BBBBI", 0, 0, 0, 0, 0) + attr(1, struct.pack("=I", number)) + attr(2, group)
    _exchange(RTM_NEWNEXTHOP, NLM_F_ACK | NLM_F_CREATE, body)
