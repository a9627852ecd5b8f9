"""Next-hop objects and the routes over them, with the kernel sending hops inline and sending the id alone: B34."""

import pytest
from fields import fields
from netns import KERNEL, Namespace
from rtnetlink import add_group

import getifs

BLACKHOLE = 6
ROW = "destination gateway index weight nexthop_id"


@pytest.fixture
def links(net: Namespace) -> tuple[int, int]:
    """v0 with 192.0.2.1/24 and w0 with 198.51.100.1/24, leaves 1 (v0) and 2 (w0), 6 (v0, IPv6), blackhole 3."""
    pair = net.veth("v0", "v1"), net.veth("w0", "w1")
    net.ip("""
        addr add 192.0.2.1/24 dev v0
        addr add 198.51.100.1/24 dev w0
        nexthop add id 1 via 192.0.2.2 dev v0
        nexthop add id 2 via 198.51.100.2 dev w0 protocol static
        nexthop add id 3 blackhole
        nexthop add id 6 via fe80::9 dev v0
    """)
    return pair


@pytest.fixture(params=[1, 0])
def compat(request: pytest.FixtureRequest, net: Namespace) -> int:
    """Whether the kernel sends a route's hops inline beside the id of its next-hop object."""
    net.sysctl("net.ipv4.nexthop_compat_mode", request.param)
    return request.param


def routes(**options: object) -> list[tuple[object, ...]]:
    return fields((row for row in getifs.route_table(**options) if row.nexthop_id is not None), ROW)


def test_b34_a_leaf_gives_one_row(net: Namespace, links: tuple[int, int], compat: int) -> None:
    v0, w0 = links
    net.ip("""
        route add 10.1.0.0/16 nhid 1
        route add 10.2.0.0/16 nhid 2 metric 5 src 192.0.2.1 mtu 1400
        route add 10.3.0.0/16 nhid 6
        route add 2001:db8:1::/48 nhid 6
    """)
    assert routes() == [
        ("10.1.0.0/16", "192.0.2.2", v0, 1, 1),
        ("10.2.0.0/16", "198.51.100.2", w0, 1, 2),
        ("10.3.0.0/16", "fe80::9", v0, 1, 6),
        ("2001:db8:1::/48", "fe80::9", v0, 1, 6),
    ]
    (row,) = (row for row in getifs.route_table() if row.nexthop_id == 2)
    assert fields([row], "metric prefsrc mtu table type") == [(5, "192.0.2.1", 1400, 254, 1)]
    assert fields(getifs.gateway_addrs(), "addr index") == [("192.0.2.2", v0), ("198.51.100.2", w0), ("fe80::9", v0)]


def test_b34_a_group_gives_one_row_a_member(net: Namespace, links: tuple[int, int], compat: int) -> None:
    v0, w0 = links
    net.ip("""
        nexthop add id 4 group 1,250/2,10
        nexthop add id 7 via 2001:db8::7 dev w0 onlink
        nexthop add id 8 group 6/7,20
        route add 10.1.0.0/16 nhid 4
        route add 2001:db8:1::/48 nhid 8
    """)
    assert routes() == [
        ("10.1.0.0/16", "192.0.2.2", v0, 250, 4),
        ("10.1.0.0/16", "198.51.100.2", w0, 10, 4),
        ("2001:db8:1::/48", "fe80::9", v0, 1, 8),
        ("2001:db8:1::/48", "2001:db8::7", w0, 20, 8),
    ]


@pytest.mark.skipif(KERNEL < (6, 12), reason="Linux before 6.12 has no weight over 256")
def test_b34_a_weight_over_256(net: Namespace, links: tuple[int, int], compat: int) -> None:
    """B34, B36: inline it comes modulo 256; the object has all of it."""
    v0, w0 = links
    add_group(4, [(1, 300), (2, 65535)])
    net.ip("route add 10.1.0.0/16 nhid 4")
    first, second = (44, 255) if compat else (300, 65535)
    assert routes() == [("10.1.0.0/16", "192.0.2.2", v0, first, 4), ("10.1.0.0/16", "198.51.100.2", w0, second, 4)]
    assert [row.group for row in getifs.nexthops() if row.group] == [((1, 300), (2, 65535))]


def test_b34_a_route_over_a_blackhole_is_a_blackhole(net: Namespace, links: tuple[int, int], compat: int) -> None:
    """B34, B37: a group of a blackhole is one too."""
    net.ip("nexthop add id 5 group 3\n route add 10.1.0.0/16 nhid 3\n route add 10.2.0.0/16 nhid 5")
    assert routes() == []
    rows = [row for row in getifs.route_table(all=True) if row.nexthop_id is not None]
    assert fields(rows, "destination type gateway nexthop_id") == [
        ("10.1.0.0/16", BLACKHOLE, None, 3),
        ("10.2.0.0/16", BLACKHOLE, None, 5),
    ]
    assert getifs.gateway_addrs() == []


def test_b34_only_ids_of_routes_that_are_kept_are_resolved(net: Namespace, links: tuple[int, int], compat: int) -> None:
    """B34, B37: in any table; `table=` and `all=` see the same hops."""
    v0, _ = links
    net.ip("""
        route add 10.1.0.0/16 nhid 1 table 100
        route add 0.0.0.0/0 nhid 1 table 1000
        route add 0.0.0.0/0 nhid 6
    """)
    assert routes() == [("0.0.0.0/0", "fe80::9", v0, 1, 6)]
    assert routes(table=100) == [("10.1.0.0/16", "192.0.2.2", v0, 1, 1)]
    assert routes(table=1000, all=True) == [("0.0.0.0/0", "192.0.2.2", v0, 1, 1)]
    assert sorted(routes(all=True)) == sorted(routes() + routes(table=100) + routes(table=1000))


@pytest.mark.parametrize("cut", ["cable", "link set w0 down", "nexthop del id 2"])
def test_b34_the_kernel_removes_a_leg_that_goes_down(
    net: Namespace, links: tuple[int, int], compat: int, cut: str
) -> None:
    v0, _ = links
    net.ip("nexthop add id 4 group 1/2\n route add default nhid 4\n route add 10.2.0.0/16 nhid 2")
    if cut == "cable":
        net.pull("w0", "w1")
    else:
        net.ip(cut)
    assert routes() == [("0.0.0.0/0", "192.0.2.2", v0, 1, 4)]
    assert fields(getifs.default_routes(), "gateway index") == [("192.0.2.2", v0)]
    assert [row.group for row in getifs.nexthops() if row.group] == [((1, 1),)]
    assert 2 not in [row.id for row in getifs.nexthops()]


def test_b34_best_and_gateways_through_objects(net: Namespace, links: tuple[int, int], compat: int) -> None:
    """B34, B40, B51."""
    v0, w0 = links
    net.ip("nexthop add id 4 group 2/1\n route add default nhid 4\n route add default nhid 6 metric 9")
    assert fields(getifs.default_routes(), "gateway index") == [("198.51.100.2", w0), ("192.0.2.2", v0)]
    assert fields(getifs.best_local_addrs(), "addr index") == [("192.0.2.1", v0), ("198.51.100.1", w0)]
    assert sorted(fields(getifs.gateway_addrs(), "addr index")) == [
        ("192.0.2.2", v0),
        ("198.51.100.2", w0),
        ("fe80::9", v0),
    ]


def test_b34_the_objects_themselves(net: Namespace, links: tuple[int, int]) -> None:
    v0, w0 = links
    net.ip("nexthop add id 5 dev v0\n nexthop add id 4 group 1,250/2 protocol 99")
    assert fields(getifs.nexthops(), "id index gateway blackhole flags protocol scope") == [
        (1, v0, "192.0.2.2", False, 0, 0, 253),
        (2, w0, "198.51.100.2", False, 0, 4, 253),
        (3, 0, None, True, 0, 0, 0),
        (4, 0, None, False, 0, 99, 0),
        (5, v0, None, False, 0, 0, 254),
        (6, v0, "fe80::9", False, 0, 0, 253),
    ]
    assert {row.id: row.family for row in getifs.nexthops()} == {1: 2, 2: 2, 3: 2, 4: 0, 5: 2, 6: 10}
    assert {row.id: row.group for row in getifs.nexthops() if row.group} == {4: ((1, 250), (2, 1))}
    assert fields(getifs.nexthops(where=lambda row: row.index == w0), "id") == [(2,)]


def test_b34_no_objects(net: Namespace) -> None:
    assert getifs.nexthops() == []
