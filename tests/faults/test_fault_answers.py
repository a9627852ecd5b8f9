"""Answers that a real kernel gives only in rare moments or in other versions (B6a–B62)."""

from __future__ import annotations

import errno
import socket
import struct
from collections.abc import Iterable

import pytest
from fake_kernel import Request, address, done, link, links, message, refusal, route, word
from netlink_messages import RTM_GETADDR, RTM_GETLINK, RTM_GETMULTICAST, RTM_GETNEXTHOP, attr

NAMES = "[interface.name for interface in getifs.interfaces()]"


def test_b6a_a_row_that_comes_twice_is_one_and_the_latest(kernel):
    def handler(request: Request) -> Iterable[bytes]:
        if request.type == RTM_GETLINK:
            rows = [link(request, 1, "lo"), link(request, 2, "old"), link(request, 3, "eth1"), link(request, 2, "new")]
        else:
            rows = [
                address(request, 2, bytes([10, 0, 0, 1]), 24),
                address(request, 1, bytes([10, 0, 0, 1]), 24),
                address(request, 2, bytes([10, 0, 0, 1]), 24),
                address(request, 2, bytes([10, 0, 0, 1]), 8),
            ]
        return [b"".join(rows), done(request)]

    fake = kernel(handler)
    assert fake.ask(NAMES) == ["lo", "new", "eth1"]
    expected = ["10.0.0.1/24 (2)", "10.0.0.1/24 (1)", "10.0.0.1/8 (2)"]
    assert fake.ask("[str(addr) for addr in getifs.interface_addrs()]") == expected


def test_b6a_equal_hops_of_one_route_stay_two(kernel):
    def handler(request: Request) -> Iterable[bytes]:
        if request.family == socket.AF_INET6:
            return [done(request)]
        hop = struct.pack("=HBBi", 16, 0, 0, 1) + attr(5, bytes([10, 0, 0, 1]))
        return [route(request, 0, bytes(4), 0, attr(9, hop + hop)), done(request)]

    assert kernel(handler).ask("[str(r) for r in getifs.route_table()]") == ["0.0.0.0/0 via 10.0.0.1 (1)"] * 2


@pytest.mark.parametrize("error", [errno.EOPNOTSUPP, errno.EPROTONOSUPPORT, errno.EAFNOSUPPORT])
@pytest.mark.parametrize("make", [done, refusal])
def test_b7_an_unavailable_family_is_empty_for_routes(kernel, error, make):
    def handler(request: Request) -> Iterable[bytes]:
        if request.family == socket.AF_INET6:
            return [make(request, error)]
        return [route(request, 1, bytes(4), 0), done(request)]

    assert kernel(handler).ask("[str(r) for r in getifs.route_table()]") == ["0.0.0.0/0 (1)"]


def test_b7_no_rows_where_a_table_filter_finds_no_table(kernel):
    fake = kernel(lambda request: [done(request, errno.ENOENT, "ipv4: FIB table does not exist")])
    assert fake.ask("len(getifs.route_table(table=77))") == 0
    assert fake.ask("len(getifs.route_table())")[:2] == ["NetlinkError", errno.ENOENT]


def test_b9_without_strict_checking_the_rows_are_filtered_here(kernel):
    def handler(request: Request) -> Iterable[bytes]:
        if request.type == RTM_GETLINK:
            return [link(request, 2, "eth0", flags=0)]
        if request.type == RTM_GETADDR:
            rows = [address(request, index, bytes([10, 0, index, 1]), 24) for index in (1, 2, 3)]
        else:
            rows = [route(request, 1, bytes(4), 0), route(request, 1, bytes(4), 0, attr(15, word(100)))]
            rows *= request.family == socket.AF_INET
        return [b"".join(rows), done(request)]

    fake = kernel(handler)
    old = {"FAKE_REFUSES_OPTIONS": str(errno.ENOPROTOOPT)}
    assert fake.ask("[str(a) for a in getifs.interface_addrs(interface=2)]", **old) == ["10.0.2.1/24 (2)"]
    assert fake.ask("[str(a) for a in getifs.interface_addrs(interface='eth0')]", **old) == ["10.0.2.1/24 (2)"]
    assert fake.ask("[r.table for r in getifs.route_table(table=100)]", **old) == [100]


def test_b9_an_interface_that_is_not_there_without_strict_checking(kernel):
    fake = kernel(lambda request: [refusal(request, errno.ENODEV)])
    expression = "len(getifs.interface_addrs(interface=2))"
    assert fake.ask(expression, FAKE_REFUSES_OPTIONS=str(errno.ENOPROTOOPT))[:2] == ["NetlinkError", errno.ENODEV]
    assert [request.type for request in fake.requests] == [RTM_GETLINK]


@pytest.mark.parametrize("error", [errno.EINVAL, errno.ERANGE])
def test_b13_a_kernel_without_alternative_names_has_none(kernel, error):
    fake = kernel(lambda request: [refusal(request, error)])
    assert fake.ask("getifs.interface_by_name('a' * 16)") is None
    assert fake.ask("getifs.interface_by_name('a' * 15)")[:2] == ["NetlinkError", error]
    assert fake.ask("len(getifs.interface_addrs(interface='a' * 16))")[:2] == ["NetlinkError", errno.ENODEV]


def test_b34_a_route_whose_object_was_removed_is_left_out(kernel):
    def nexthop(request: Request, number: int, *attributes: bytes) -> bytes:
        return message(request, 104, b"\x02\0\0\0" + bytes(4) + attr(1, word(number)) + b"".join(attributes))

    def handler(request: Request) -> Iterable[bytes]:
        if request.type == RTM_GETNEXTHOP:
            group = attr(2, struct.pack("=IBBH", 5, 0, 0, 0) + struct.pack("=IBBH", 6, 2, 0, 0))
            return [nexthop(request, 6, attr(5, word(1))) + nexthop(request, 7, group), done(request)]
        if request.family == socket.AF_INET6:
            return [done(request)]
        plain = route(request, 1, bytes(4), 0, attr(5, bytes([10, 0, 0, 1])))
        over = [route(request, 0, bytes([10, number, 0, 0]), 16, attr(30, word(number))) for number in (5, 6, 7)]
        return [plain + b"".join(over), done(request)]

    fake = kernel(handler)
    # Object 5 does not exist any more, neither for its route nor as a member of the group.
    assert fake.ask("[(str(r.destination), r.index, r.weight) for r in getifs.route_table()]") == [
        ["0.0.0.0/0", 1, 1],
        ["10.6.0.0/16", 1, 1],
        ["10.7.0.0/16", 1, 3],
    ]
    assert len(fake.requests) == 3
    assert fake.ask("[str(g) for g in getifs.gateway_addrs()]") == ["10.0.0.1 (1)"]


def test_b34_no_subsystem_no_objects(kernel):
    fake = kernel(lambda request: [refusal(request, errno.EOPNOTSUPP)])
    assert fake.ask("len(getifs.nexthops())") == 0


def test_an_address_of_a_link_that_is_not_there_repeats_both_dumps(kernel):
    rounds: list[int] = []

    def handler(request: Request) -> Iterable[bytes]:
        if request.type == RTM_GETLINK:
            rounds.append(1)
            names = ["lo"] if len(rounds) < 3 else ["lo", "new"]
            return links(*names)(request)
        return [address(request, 2, bytes([10, 0, 0, 1]), 24), done(request)]

    expression = "{i.name: [str(a) for a in addrs] for i, addrs in getifs.addrs_by_interface().items()}"
    assert kernel(handler).ask(expression) == {"lo": [], "new": ["10.0.0.1/24 (2)"]}


def test_b60_without_the_dump_proc_is_read(kernel):
    fake = kernel(lambda request: [refusal(request, errno.EOPNOTSUPP)])
    groups = fake.ask("sorted({str(g.addr) for g in getifs.interface_multicast_addrs()})")
    assert {"224.0.0.1", "ff02::1"} <= set(groups)
    assert {request.type for request in fake.requests} == {RTM_GETMULTICAST}


def test_b62_a_line_of_proc_that_makes_no_sense_is_an_error():
    from getifs import MalformedMessageError, _core

    with pytest.raises(MalformedMessageError, match="no such thing"):
        _core.read_igmp(_core.Block(), b"1    lo  no such thing\n", family=6, big_endian=False)


def test_b61_the_digits_of_igmp_are_in_the_order_of_the_machine():
    from getifs import IfAddr, _core
    from getifs._table import Table

    text = (
        b"Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n"
        b"1\tlo        :     1      V3\n"
        b"\t\t\t\t%s     1 0:00000000\t\t0\n"
    )
    for big_endian, digits in ((False, b"010000E0"), (True, b"E0000001")):
        table = _core.read_igmp(Table(IfAddr), text % digits, family=4, big_endian=big_endian)
        assert [str(row) for row in table] == ["224.0.0.1 (1)"]


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_b71_another_interfaces_malformed_address_does_not_fail_ip_mtu(kernel, family):
    packed = bytes([10, 0, 0, 1]) if family == socket.AF_INET else bytes.fromhex("20010db8" + "0" * 23 + "1")
    mine = socket.inet_ntop(family, packed)
    other = packed[:-1] + b"\2"

    def handler(request: Request) -> Iterable[bytes]:
        if request.type == RTM_GETLINK:
            return links("lo", "broken", "mine")(request)
        index = struct.unpack_from("=I", request.payload, 4)[0]
        broken = message(request, 20, struct.pack("=BBBBI", family, 24, 0, 0, 2) + struct.pack("=HH", 400, 2))
        rows = {2: broken, 3: address(request, 3, packed, 24)}
        return [rows.get(index, b"") if index else b"".join(rows.values()), done(request)]

    fake = kernel(handler)
    assert fake.ask("getifs.interface_addrs()")[0] == "MalformedMessageError"
    assert fake.ask(f"getifs.ip_mtu('{mine}')") == 1500
    # The malformed message could be the one of this address.
    assert fake.ask(f"getifs.ip_mtu('{socket.inet_ntop(family, other)}')")[0] == "MalformedMessageError"
