"""Multicast groups: B60–B62. An older kernel tells IPv4's through /proc alone: second_kernel/ shows that."""

import socket
import struct
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fields import fields
from netns import Namespace

import getifs
from getifs import _core, _records

GROUP = "index addr"
LO_ROWS = [(1, "224.0.0.1"), (1, "ff02::1"), (1, "ff01::1")]


@pytest.fixture
def joined(net: Namespace) -> Iterator[int]:
    """v0, which has joined 239.1.2.3 and ff05::1:3."""
    v0 = net.veth()
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as four,
        socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as six,
    ):
        request = socket.inet_aton("239.1.2.3") + socket.inet_aton("0.0.0.0") + struct.pack("=i", v0)
        four.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, request)
        group = socket.inet_pton(socket.AF_INET6, "ff05::1:3") + struct.pack("=I", v0)
        six.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, group)
        yield v0


def test_b60_lo(net: Namespace) -> None:
    """B60, B9a."""
    assert fields(getifs.interface_multicast_addrs(), GROUP) == LO_ROWS
    assert fields(getifs.interface_multicast_addrs(family=4), GROUP) == LO_ROWS[:1]
    assert fields(getifs.interface_multicast_addrs(family=6), GROUP) == LO_ROWS[1:]


def test_b60_joined_groups(net: Namespace, joined: int) -> None:
    assert fields(getifs.interface_multicast_addrs(interface="v0", family=4), GROUP) == [
        (joined, "239.1.2.3"),
        (joined, "224.0.0.1"),
    ]
    assert fields(getifs.interface_multicast_addrs(interface=joined, family=6), "addr") == [
        ("ff05::1:3",),
        ("ff02::1",),
        ("ff01::1",),
    ]
    assert all(row.index == joined for row in getifs.interface_by_index(joined).multicast_addrs())
    assert fields(getifs.interface_multicast_addrs(), GROUP) == [
        *LO_ROWS[:1],
        (joined - 1, "224.0.0.1"),
        (joined, "239.1.2.3"),
        (joined, "224.0.0.1"),
        *LO_ROWS[1:],
        (joined - 1, "ff02::1"),
        (joined - 1, "ff01::1"),
        (joined, "ff05::1:3"),
        (joined, "ff02::1"),
        (joined, "ff01::1"),
    ]


def test_b60_where(net: Namespace, joined: int) -> None:
    filters = getifs.filters
    assert fields(getifs.interface_multicast_addrs(where=filters.within("239.0.0.0/8")), "addr") == [("239.1.2.3",)]
    assert fields(getifs.interface_multicast_addrs(where=filters.on("lo")), GROUP) == LO_ROWS
    assert fields(getifs.interface_multicast_addrs(where=lambda row: row.addr.packed[-1] == 3), "addr") == [
        ("239.1.2.3",),
        ("ff05::1:3",),
    ]


def test_b60_a_thread_sees_its_own_namespace(net: Namespace, joined: int) -> None:
    """B60: not that of the main thread."""
    other, found = net.other(), []

    def ask() -> None:
        with other:
            found.append(fields(getifs.interface_multicast_addrs(), GROUP))

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert found == [LO_ROWS]


@pytest.mark.parametrize("big_endian", [False, True])
def test_b61_the_words_of_igmp_are_in_the_hosts_order(big_endian: bool) -> None:
    word = "EF010203" if big_endian else "030201EF"
    text = "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n"
    text += f"7\tv0        :     1      V3\n\t\t\t\t{word}     1 0:00000000\t\t0\n"
    block = _core.read_igmp(_core.Block(), text.encode(), family=4, big_endian=big_endian)
    (row,) = _records.IFADDR.unpacker.iter_unpack(block._records)
    assert row[:2] == (7, socket.AF_INET)
    assert row[-1][:4] == socket.inet_aton("239.1.2.3")


def test_b61_this_kernels_own_files(net: Namespace, joined: int) -> None:
    """B61, B62: the files name the groups that the kernel's messages name."""
    found = []
    for version, family, name, size in ((4, socket.AF_INET, "igmp", 4), (6, socket.AF_INET6, "igmp6", 16)):
        text = Path("/proc/thread-self/net", name).read_bytes()
        block = _core.read_igmp(_core.Block(), text, family=version, big_endian=sys.byteorder == "big")
        rows = _records.IFADDR.unpacker.iter_unpack(block._records)
        found += [(row[0], socket.inet_ntop(family, row[-1][:size])) for row in rows]
    assert sorted(found) == sorted(fields(getifs.interface_multicast_addrs(), GROUP))


@pytest.mark.parametrize(
    ("family", "text", "line"),
    [
        (4, "heading\n1\tlo        :     1      V3\n\t\t\t\t0100Z0E0     1 0:00000000\t\t0\n", "0100Z0E0"),
        (4, "heading\n1\tlo        :     1      V3\n\t\t\t\t0100E0     1 0:00000000\t\t0\n", "0100E0 "),
        (4, "heading\n\t\t\t\t010000E0     1 0:00000000\t\t0\n", "010000E0"),
        (4, "heading\nlo\tlo        :     1      V3\n", "lo\tlo "),
        (6, "1    lo              ff02000000000000000000000000001     1 00000008 0\n", "1    lo"),
        (6, "x    lo              ff020000000000000000000000000001     1 00000008 0\n", "x    lo"),
    ],
)
def test_b62_a_line_that_makes_no_sense_is_an_error_with_the_line_in_it(family: int, text: str, line: str) -> None:
    with pytest.raises(getifs.MalformedMessageError) as caught:
        _core.read_igmp(_core.Block(), text.encode(), family=family, big_endian=False)
    assert line in str(caught.value)


def test_b62_no_ipv6_on_a_link_is_an_empty_family(net: Namespace) -> None:
    net.sysctl("net.ipv6.conf.lo.disable_ipv6", 1)
    assert fields(getifs.interface_multicast_addrs(interface="lo", family=4), GROUP) == LO_ROWS[:1]
