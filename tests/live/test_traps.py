"""What has broken readers of rtnetlink before: rows too large for a datagram, and rows that change under the reader."""

import os
import signal
import struct
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fields import fields
from netlink_messages import HEADER, NLM_F_DUMP_INTR, RTM_NEWLINK, attr, messages, packed_message
from netns import Namespace, wait_for
from rtnetlink import add_default, add_group, dump_addrs

import getifs

HOPS = "gateway index"


@pytest.fixture(params=["fresh socket", "kept session", "used session"])
def api(request: pytest.FixtureRequest, net: Namespace) -> Iterator[Any]:
    """The module's functions, a session's, or those of a session that has received something before."""
    if request.param == "fresh socket":
        yield getifs
        return
    with getifs.Session() as session:
        if request.param == "used session":
            session.interfaces()
        yield session


@pytest.fixture
def v0(net: Namespace) -> int:
    index = net.veth()
    net.ip("addr add 10.0.0.1/16 dev v0\n addr add 2001:db8::1/64 dev v0 nodad")
    return index


def test_b5_a_default_route_of_1000_hops_as_first_row(net: Namespace, v0: int, api: Any) -> None:
    """B5, B33, B40, B51: it fits no datagram of a fresh socket, where the kernel then ends the dump without a row."""
    gateways = [f"10.0.{number // 250 + 1}.{number % 250 + 1}" for number in range(1000)]
    add_default([(v0, gateway) for gateway in gateways])
    expected = [(gateway, v0) for gateway in gateways]
    table = api.route_table(family=4)
    assert fields(table[:1000], HOPS) == expected
    assert fields(table[1000:], "destination") == [
        ("10.0.0.0/16",),
        ("10.0.0.1/32",),
        ("127.0.0.0/8",),
        ("127.0.0.1/32",),
    ]
    assert fields(api.default_routes(), HOPS) == expected
    assert fields(api.gateway_addrs(), "addr index") == expected
    assert fields(api.best_local_addrs(), "addr") == [("10.0.0.1",)]
    assert api.route_table(table=254, family=4) == table[:1001]


def test_b5_an_ipv6_route_of_many_hops(net: Namespace, v0: int, api: Any) -> None:
    gateways = [f"2001:db8::{number:x}" for number in range(2, 602)]
    add_default([(v0, gateway) for gateway in gateways])
    rows = [row for row in api.route_table(family=6) if row.is_default]
    assert sorted(fields(rows, "gateway")) == sorted((gateway,) for gateway in gateways)
    assert len(api.default_routes()) == 600


@pytest.mark.parametrize("compat", [1, 0])
def test_b34_a_group_of_600_members_with_the_lowest_id(net: Namespace, v0: int, api: Any, compat: int) -> None:
    """B34, B5: as first row it answers a fresh socket with EMSGSIZE."""
    net.sysctl("net.ipv4.nexthop_compat_mode", compat)
    ids = range(1001, 1601)
    gateways = [f"10.0.{number // 250}.{number % 250 + 2}" for number in ids]
    net.ip("\n".join(f"nexthop add id {id} via {gateway} dev v0" for id, gateway in zip(ids, gateways, strict=True)))
    add_group(1, [(id, 1) for id in ids])
    net.ip("route add default nhid 1")
    expected = [(gateway, v0) for gateway in gateways]
    objects = api.nexthops()
    assert [row.id for row in objects] == [1, *ids]
    assert objects[0].group == tuple((id, 1) for id in ids)
    assert fields(api.default_routes(), HOPS) == expected
    assert fields(api.gateway_addrs(), "addr index") == expected
    rows = api.route_table(family=4)
    assert fields([row for row in rows if row.is_default], HOPS + " nexthop_id") == [(*hop, 1) for hop in expected]


def test_b12_hardware_addresses_of_any_length() -> None:
    """B12: a recorded link with the 20 bytes of InfiniBand, with 8 (EUI-64), with tunnels' end points."""
    long = bytes(range(1, 21))
    for hw_type, hardware, expected in (
        (32, long, long),
        (27, long[:8], long[:8]),
        (1, long[:6], long[:6]),
        (1, bytes(6), None),
        (778, long[:4], None),
        (768, long[:4], None),
        (776, long[:4], None),
        (769, long[:16], None),
        (823, long[:16], None),
        (1, long[:4], long[:4]),
        (823, long[:6], long[:6]),
    ):
        body = struct.pack("=BBHiII", 0, 0, hw_type, 7, 1, 0) + attr(3, b"ib0\0")
        body += attr(1, hardware) + attr(2, hardware) + attr(54, hardware)
        (row,) = getifs.replay.interfaces(packed_message(RTM_NEWLINK, body))
        for found in (row.mac_addr, row.broadcast_mac_addr, row.perm_mac_addr):
            assert (None if found is None else bytes(found)) == expected
    assert str(getifs.MacAddr(long)) == long.hex(":")


def test_b6_the_interrupted_flag_counts_on_any_message(net: Namespace, v0: int) -> None:
    whole = [message for _, message in messages(dump_addrs())]
    assert len(getifs.replay.addrs(b"".join(whole))) == len(whole) == 4
    for at, message in enumerate(whole):
        length, kind, flags, *rest = HEADER.unpack_from(message)
        flagged = HEADER.pack(length, kind, flags | NLM_F_DUMP_INTR, *rest) + message[HEADER.size :]
        with pytest.raises(getifs.DumpInterruptedError):
            getifs.replay.addrs(b"".join([*whole[:at], flagged, *whole[at + 1 :]]))


@pytest.fixture
def busy(net: Namespace) -> Iterator[Callable[[str, str], None]]:
    """Runs two batches of `ip` commands in turn in the background, as fast as it can, until the test ends."""
    children: list[int] = []

    def start(on: str, off: str) -> None:
        child = os.fork()
        if child == 0:
            try:
                while os.getppid() != 1:
                    net.ip(on)
                    net.ip(off)
            finally:
                os._exit(1)
        children.append(child)

    yield start
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_b6_addresses_under_change(net: Namespace, v0: int, busy: Callable[[str, str], None]) -> None:
    """B6, B6a: what is there all the time is in every answer once."""
    net.ip("\n".join(f"addr add 10.1.{number // 250}.{number % 250 + 1}/32 dev v0" for number in range(500)))
    numbers = range(40)
    busy(
        "\n".join(f"addr add 10.2.0.{number}/32 dev v1" for number in numbers),
        "\n".join(f"addr del 10.2.0.{number}/32 dev v1" for number in numbers),
    )
    steady = {row for row in getifs.interface_addrs() if row.index != net.index("v1")}
    assert len(steady) > 500
    seen: set[int] = set()

    def ask() -> bool:
        try:
            rows = getifs.interface_addrs()
        except getifs.DumpInterruptedError:
            return False
        assert len(set(rows)) == len(rows)
        assert steady <= set(rows)
        seen.add(len(rows))
        return len(seen) > 3

    wait_for(ask)


def test_b6_links_and_their_addresses_under_change(net: Namespace, v0: int, busy: Callable[[str, str], None]) -> None:
    """B6: every address finds its link."""
    busy(
        "link add w0 type veth peer name w1\n addr add 10.3.0.1/32 dev w0\n link set w0 up",
        "link del w0",
    )
    seen: set[tuple[str, ...]] = set()

    def ask() -> bool:
        try:
            found = getifs.addrs_by_interface()
        except getifs.DumpInterruptedError:
            return False
        names = [row.name for row in found]
        assert {"lo", "v0", "v1"} <= set(names) <= {"lo", "v0", "v1", "w0", "w1"}
        assert len(names) == len(set(names))
        assert all(addr.index == row.index for row, addrs in found.items() for addr in addrs)
        seen.add(tuple(names))
        return len(seen) > 1

    wait_for(ask)
