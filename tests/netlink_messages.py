"""Packing and parsing of netlink messages and attributes, and the numbers of rtnetlink that several modules use."""

import struct
from collections.abc import Iterator

HEADER = struct.Struct("=IHHII")  # struct nlmsghdr
NLMSG_NOOP, NLMSG_ERROR, NLMSG_DONE = 1, 2, 3
NLM_F_REQUEST, NLM_F_MULTI, NLM_F_ACK, NLM_F_DUMP_INTR = 0x1, 0x2, 0x4, 0x10
NLM_F_DUMP, NLM_F_CREATE = 0x300, 0x400  # in requests
NLM_F_CAPPED, NLM_F_ACK_TLVS = 0x100, 0x200  # in acknowledgements
RTM_NEWLINK, RTM_NEWADDR, RTM_NEWROUTE, RTM_NEWNEIGH, RTM_NEWRULE, RTM_NEWNEXTHOP = 16, 20, 24, 28, 32, 104
RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE, RTM_GETNEIGH, RTM_GETRULE, RTM_GETNEXTHOP = 18, 22, 26, 30, 34, 106
RTM_GETMULTICAST = 58
RTM_DELLINK, RTM_DELADDR, RTM_DELROUTE, RTM_DELNEXTHOP = 17, 21, 25, 105


def attr(number: int, payload: bytes) -> bytes:
    """An attribute, padded to a multiple of 4 bytes."""
    return struct.pack("=HH", 4 + len(payload), number) + payload + bytes(-len(payload) % 4)


def packed_message(number: int, payload: bytes, *, flags: int = NLM_F_MULTI, sequence: int = 0, port: int = 0) -> bytes:
    """A message, padded to a multiple of 4 bytes."""
    header = HEADER.pack(HEADER.size + len(payload), number, flags, sequence, port)
    return header + payload + bytes(-len(payload) % 4)


def messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The type and the bytes of each message, including its padding."""
    while data:
        length, number, *_ = HEADER.unpack_from(data)
        padded = (length + 3) & ~3
        yield number, data[:padded]
        data = data[padded:]


def attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The number and the payload of each attribute."""
    while len(data) >= 4:
        length, number = struct.unpack_from("=HH", data)
        yield number & 0x3FFF, data[4:length]  # without NLA_F_NESTED and NLA_F_NET_BYTEORDER
        data = data[(length + 3) & ~3 :]
