"""Handmade dumps: repeated rows in any order, and answers around the size up to which rows are copied."""

from __future__ import annotations

import struct
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from netlink_messages import RTM_NEWADDR, RTM_NEWLINK, RTM_NEWNEIGH, RTM_NEWNEXTHOP, RTM_NEWROUTE, attr, packed_message

from getifs import _records, replay

RTA_OIF, RTA_GATEWAY, RTA_METRICS, RTA_NH_ID, NHA_ID, NHA_BLACKHOLE = 4, 5, 8, 30, 1, 4
IFA_LOCAL, IFA_FLAGS, IFLA_IFNAME, IFLA_MTU = 2, 8, 3, 4
FEW = 4096  # bytes of rows and texts; larger answers are not copied

indexes = st.integers(1, 4)
addresses = st.sampled_from([ip_address(text) for text in ("10.0.0.1", "10.0.0.2", "fd00::1", "fd00::2")])
versions = st.integers(0, 255)  # tells repeated rows apart
addrs = st.lists(st.tuples(addresses, indexes, st.integers(20, 30), versions), max_size=40)


def message(kind: int, body: bytes, *attributes: tuple[int, bytes]) -> bytes:
    return packed_message(kind, body + b"".join(attr(number, payload) for number, payload in attributes))


def latest(rows: list[tuple], key_size: int) -> list[tuple]:
    kept: dict[tuple, tuple] = {}
    for row in rows:
        kept[row[:key_size]] = row  # a dict keeps the position of the first
    return list(kept.values())


def addr_messages(rows: list[tuple]) -> bytes:
    return b"".join(
        message(
            RTM_NEWADDR,
            struct.pack("=BBBBI", 2 if addr.version == 4 else 10, length, 0, 0, index),
            (IFA_LOCAL, addr.packed),
            (IFA_FLAGS, struct.pack("=I", version)),
        )
        for addr, index, length, version in rows
    )


def replayed(rows: list[tuple]) -> list[tuple]:
    table = replay.addrs(addr_messages(rows))
    return [(row.addr, row.index, row.prefix_len, int(row.flags)) for row in table]


@given(addrs)
def test_addresses_in_any_order(rows):
    assert replayed(rows) == latest(rows, 3)


@given(addrs)
def test_addresses_in_the_order_of_a_dump(rows):
    rows.sort(key=lambda row: (row[0].version, row[1]))
    assert replayed(rows) == latest(rows, 3)


@given(st.lists(st.tuples(indexes, versions)), st.booleans())
def test_links(rows, in_order):
    if in_order:
        rows.sort(key=lambda row: row[0])
    data = b"".join(
        message(RTM_NEWLINK, struct.pack("=BxHiII", 0, 1, index, 1, 0), (IFLA_MTU, struct.pack("=I", version)))
        for index, version in rows
    )
    assert [(row.index, row.mtu) for row in replay.interfaces(data)] == latest(rows, 1)


def test_many_addresses_of_one_interface():
    rows = [(ip_address(f"10.0.0.{number}"), 1, 24, number) for number in range(1, 101)]
    assert replayed(rows) == rows
    assert replayed([*rows, (rows[0][0], 1, 24, 255)]) == [(rows[0][0], 1, 24, 255), *rows[1:]]


def is_copied(table: Any) -> bool:
    return table._keeps is None


def test_as_many_rows_as_are_copied_and_one_more():
    most = FEW // _records.ADDR.size
    rows = [(ip_address(0x0A000000 + number), 1, 24, 0) for number in range(most + 1)]
    assert replayed(rows) == rows
    assert replayed(rows[:-1]) == rows[:-1]
    assert [is_copied(replay.addrs(addr_messages(rows[:count]))) for count in (0, 1, most, most + 1)] == [True] * 3 + [
        False
    ]


def test_texts_count_too():
    def links(length: int) -> Any:
        name = b"x" * length
        return replay.interfaces(
            b"".join(
                message(RTM_NEWLINK, struct.pack("=BxHiII", 0, 1, index, 1, 0), (IFLA_IFNAME, name)) for index in (1, 2)
            )
        )

    most = FEW // 2 - _records.LINK.size
    for length in (0, 1, most, most + 1):
        assert [(row.index, row.name) for row in links(length)] == [(1, "x" * length), (2, "x" * length)]
    assert is_copied(links(most))
    assert not is_copied(links(most + 1))


def test_texts_of_rows_that_were_all_dropped_are_none():
    word = struct.Struct("=I").pack
    metrics = b"".join(struct.pack("=HHI", 8, number, 1) for number in range(3, 12))
    route = message(
        RTM_NEWROUTE, struct.pack("=8BI", 2, 0, 0, 0, 254, 4, 0, 1, 0), (RTA_METRICS, metrics), (RTA_NH_ID, word(5))
    )
    blackhole = message(RTM_NEWNEXTHOP, struct.pack("=4BI", 2, 0, 4, 0, 0), (NHA_ID, word(5)), (NHA_BLACKHOLE, b""))
    table = replay.routes(route * 100, blackhole)
    assert len(table) == 0
    assert table._extra == b""
    assert is_copied(table)


@pytest.mark.parametrize("period", [1, 3, 1000, 1023, 1024, 1500, 5000])
def test_each_gateway_once_in_the_order_in_which_they_came(period):
    header, index = struct.pack("=8BI", 2, 0, 0, 0, 254, 4, 0, 1, 0), struct.pack("=I", 7)
    wanted = [ip_address(0x0A000001 + number % period * 7919) for number in range(5000)]
    data = b"".join(
        message(RTM_NEWROUTE, header, (RTA_OIF, index), (RTA_GATEWAY, gateway.packed)) for gateway in wanted
    )
    assert [row.addr for row in replay.gateways(data)] == list(dict.fromkeys(wanted))


@pytest.mark.parametrize("padding", [1, 61, 62, 63, 64, 70])
def test_messages_alike_and_unlike_the_one_before(padding):
    word = struct.Struct("=I").pack
    more = [(200 + number, word(number)) for number in range(padding)]
    attributes = [
        [*more, (IFLA_MTU, word(1)), (IFLA_IFNAME, b"one\0")],
        [*more, (IFLA_MTU, word(2)), (IFLA_IFNAME, b"two\0")],
        [*more, (IFLA_IFNAME, b"mtu\0"), (IFLA_MTU, word(3))],  # same length, other order
        [*more, (IFLA_MTU, word(4)), (201, b"oth\0")],
        [*more, (IFLA_MTU, word(5)), (IFLA_IFNAME, b"one\0")],
    ]
    data = b"".join(
        message(RTM_NEWLINK, struct.pack("=BxHiII", 0, 1, index, 1, 0), *one) for index, one in enumerate(attributes, 1)
    )
    rows = [(row.mtu, row.name) for row in replay.interfaces(data)]
    assert rows == [(1, "one"), (2, "two"), (3, "mtu"), (4, ""), (5, "one")]


def test_requests_in_a_recording_are_skipped():
    header, index = struct.pack("=8BI", 2, 0, 0, 0, 254, 4, 0, 1, 0), struct.pack("=I", 7)
    row = message(RTM_NEWROUTE, header, (RTA_OIF, index))
    for flags in (0x0001, 0x0605):  # NLM_F_REQUEST; the flags of `ip route add`
        request = row[:6] + struct.pack("=H", flags) + row[8:]
        assert len(replay.routes(request + row + request)) == 1


def test_b33_a_hop_without_a_gateway_has_none():
    """It does not inherit the gateway and the encapsulation of the route."""
    header = struct.pack("=8BI", 2, 0, 0, 0, 254, 4, 0, 1, 0)
    gateway = struct.pack("=HH4B", 8, RTA_GATEWAY, 10, 0, 0, 9)
    hops = struct.pack("=HBBi", 8, 0, 0, 7) + struct.pack("=HBBi", 16, 0, 0, 8) + gateway
    route = message(RTM_NEWROUTE, header, (RTA_GATEWAY, bytes([10, 0, 0, 1])), (9, hops))
    assert [(row.index, str(row.gateway)) for row in replay.routes(route)] == [(7, "None"), (8, "10.0.0.9")]


def test_routes_that_differ_in_their_encapsulation_are_different_routes():
    header = struct.pack("=8BI", 10, 0, 0, 0, 254, 4, 0, 1, 0)
    index, kind = struct.pack("=I", 7), struct.pack("=H", 4)

    def route(encap: bytes) -> bytes:
        return message(RTM_NEWROUTE, header, (RTA_OIF, index), (21, kind), (22, encap))

    one, other, longer = b"\x08\0\1\0\0\0\0\1", b"\x08\0\1\0\0\0\0\2", b"\x08\0\1\0\0\0\0\1" * 2
    assert len(replay.routes(route(one) + route(other) + route(longer))) == 3
    assert len(replay.routes(route(one) + route(other) + route(one))) == 2


def test_hops_of_an_ipv6_route_that_is_shown_again_with_fewer():
    """The kernel removes the hops one by one, and a dump can show the route before and after."""
    header = struct.pack("=8BI", 10, 48, 0, 0, 254, 4, 0, 1, 0)
    destination = (1, bytes.fromhex("20010db90394") + bytes(10))

    def route(*gateways: int) -> bytes:
        addresses = [bytes.fromhex("fe80") + bytes(13) + bytes([gateway]) for gateway in gateways]
        hops = [struct.pack("=HBBiHH", 28, 0, 0, 7, 20, RTA_GATEWAY) + address for address in addresses]
        if len(gateways) > 1:
            return message(RTM_NEWROUTE, header, destination, (9, b"".join(hops)))
        return message(RTM_NEWROUTE, header, destination, (RTA_OIF, struct.pack("=I", 7)), (RTA_GATEWAY, addresses[0]))

    for before, after in (((1, 2), (2,)), ((1, 2, 3), (2, 3)), ((2,), (1, 2))):
        rows = replay.routes(route(*before) + route(*after))
        assert sorted(str(row.gateway) for row in rows) == [f"fe80::{n}" for n in sorted({*before, *after})]


def test_recorded_neighbours():
    word = struct.Struct("=I").pack

    def neighbour(state: int, flags: int, *attributes: tuple[int, bytes], family: int = 2) -> bytes:
        return message(RTM_NEWNEIGH, struct.pack("=BxHiHBB", family, 0, 7, state, flags, 1), *attributes)

    mac = (2, bytes([2, 0, 0, 0, 0, 1]))
    data = b"".join(
        (
            neighbour(0x02, 0x80, (1, bytes([10, 0, 0, 1])), mac, (12, b"\4"), (15, word(1))),
            neighbour(0x40, 0, (1, bytes([10, 0, 0, 2])), mac),  # NUD_NOARP
            neighbour(0, 8, (1, bytes([10, 0, 0, 3]))),  # NTF_PROXY
            neighbour(0x20, 0, (1, bytes([10, 0, 0, 4])), (2, bytes(33))),  # longer than MAX_ADDR_LEN
            neighbour(0x80, 2, mac, family=7),  # AF_BRIDGE
            neighbour(0x02, 0, (1, b"\12")),  # malformed
        )
    )
    rows = replay.neighbours(data)
    assert [(str(row.addr), str(row.mac_addr), str(row.state), str(row.flags), str(row.protocol)) for row in rows] == [
        ("10.0.0.1", "02:00:00:00:00:01", "REACHABLE", "ROUTER|EXT_MANAGED", "STATIC"),
        ("10.0.0.4", "None", "FAILED", "NONE", "UNSPEC"),
    ]
    assert rows.malformed == 1
    assert [str(row.addr) for row in replay.neighbours(data, all=True)] == [
        f"10.0.0.{number}" for number in (1, 2, 3, 4)
    ]
    assert len(replay.neighbours(data * 3)) == 2
