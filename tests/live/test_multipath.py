"""Routes with several next hops, hops that can't be used, single routes over a link that is down: B33."""

import pytest
from fields import fields
from netns import Namespace

import getifs

DEAD, ONLINK, LINKDOWN = 1, 4, 16  # RTNH_F_…
HOP = "gateway index weight flags"


@pytest.fixture
def links(net: Namespace) -> tuple[int, int]:
    """v0 with 192.0.2.1/24, w0 with 198.51.100.1/24, and one of IPv6 each."""
    pair = net.veth("v0", "v1"), net.veth("w0", "w1")
    net.ip("""
        addr add 192.0.2.1/24 dev v0
        addr add 198.51.100.1/24 dev w0
        addr add 2001:db8:a::1/64 dev v0 nodad
        addr add 2001:db8:b::1/64 dev w0 nodad
    """)
    return pair


def hops(destination: str, **options: bool) -> list[tuple[object, ...]]:
    return fields((row for row in getifs.route_table(**options) if str(row.destination) == destination), HOP)


def test_b33_one_row_a_hop(net: Namespace, links: tuple[int, int]) -> None:
    v0, w0 = links
    net.ip("""
        route add 10.0.0.0/8 metric 7 nexthop via 192.0.2.2 weight 3 nexthop via 198.51.100.2 weight 256 nexthop dev v0
        route add 2001:db8:1::/48 nexthop via 2001:db8:a::2 weight 3 nexthop via 2001:db8:b::2
    """)
    assert hops("10.0.0.0/8") == [("192.0.2.2", v0, 3, 0), ("198.51.100.2", w0, 256, 0), (None, v0, 1, 0)]
    assert hops("2001:db8:1::/48") == [("2001:db8:a::2", v0, 3, 0), ("2001:db8:b::2", w0, 1, 0)]
    rows = [row for row in getifs.route_table() if str(row.destination) == "10.0.0.0/8"]
    assert fields(rows, "metric table protocol type nexthop_id") == [(7, 254, 3, 1, None)] * 3


def test_b33_equal_hops_are_never_merged(net: Namespace, links: tuple[int, int]) -> None:
    """B33, B6a."""
    net.ip("route add default nexthop via 192.0.2.2 nexthop via 192.0.2.2")
    assert hops("0.0.0.0/0") == [("192.0.2.2", links[0], 1, 0)] * 2
    assert fields(getifs.default_routes(), HOP) == [("192.0.2.2", links[0], 1, 0)] * 2
    assert fields(getifs.gateway_addrs(), "addr index") == [("192.0.2.2", links[0])]


def test_b33_hops_without_carrier_are_unusable(net: Namespace, links: tuple[int, int]) -> None:
    v0, w0 = links
    net.ip("""
        route add 10.0.0.0/8 nexthop via 192.0.2.2 nexthop via 198.51.100.2
        route add 2001:db8:1::/48 nexthop via 2001:db8:a::2 nexthop via 2001:db8:b::2
    """)
    net.pull("w0", "w1")
    assert hops("10.0.0.0/8") == [("192.0.2.2", v0, 1, 0)]
    assert hops("2001:db8:1::/48") == [("2001:db8:a::2", v0, 1, 0)]
    assert hops("10.0.0.0/8", all=True) == [("192.0.2.2", v0, 1, 0), ("198.51.100.2", w0, 1, LINKDOWN)]
    assert hops("2001:db8:1::/48", all=True) == [("2001:db8:a::2", v0, 1, 0), ("2001:db8:b::2", w0, 1, LINKDOWN)]
    assert fields(getifs.gateway_addrs(), "addr") == [("192.0.2.2",), ("2001:db8:a::2",)]

    net.sysctl("net.ipv4.conf.w0.ignore_routes_with_linkdown", 1)
    net.sysctl("net.ipv6.conf.w0.ignore_routes_with_linkdown", 1)
    assert hops("10.0.0.0/8", all=True)[1:] == [("198.51.100.2", w0, 1, LINKDOWN | DEAD)]
    assert hops("2001:db8:1::/48", all=True)[1:] == [("2001:db8:b::2", w0, 1, LINKDOWN | DEAD)]
    assert hops("10.0.0.0/8") == [("192.0.2.2", v0, 1, 0)]


def test_b33_hops_over_a_link_that_is_down_are_unusable(net: Namespace, links: tuple[int, int]) -> None:
    v0, w0 = links
    net.ip("route add 10.0.0.0/8 nexthop via 192.0.2.2 nexthop via 198.51.100.2 onlink dev w0\n link set w0 down")
    assert hops("10.0.0.0/8") == [("192.0.2.2", v0, 1, 0)]
    ((*hop, flags),) = hops("10.0.0.0/8", all=True)[1:]
    assert hop == ["198.51.100.2", w0, 1]
    assert flags & (DEAD | ONLINK) == DEAD | ONLINK


def test_b33_no_usable_hop_no_row(net: Namespace, links: tuple[int, int]) -> None:
    net.ip("route add 10.0.0.0/8 nexthop via 192.0.2.2 nexthop via 192.0.2.3")
    net.pull("v0", "v1")
    assert hops("10.0.0.0/8") == []
    assert len(hops("10.0.0.0/8", all=True)) == 2


def test_b33_a_single_route_without_carrier_stays_with_its_flags(net: Namespace, links: tuple[int, int]) -> None:
    """B33, B40, B50: a cable pulled under a default route. The kernel goes on using it, unless told otherwise."""
    v0, _ = links
    net.ip("route add default via 192.0.2.2\n route add default via 2001:db8:a::2")
    net.pull("v0", "v1")
    for version, gateway in ((4, "192.0.2.2"), (6, "2001:db8:a::2")):
        default = "0.0.0.0/0" if version == 4 else "::/0"
        assert hops(default) == [(gateway, v0, 1, LINKDOWN)]
        assert fields(getifs.default_routes(family=version), HOP) == [(gateway, v0, 1, LINKDOWN)]
        assert fields(getifs.gateway_addrs(family=version), "addr index") == [(gateway, v0)]
        assert fields(getifs.best_local_addrs(family=version), "index") == [(v0,)]

        net.sysctl(f"net.ipv{version}.conf.v0.ignore_routes_with_linkdown", 1)
        assert hops(default) == [(gateway, v0, 1, LINKDOWN | DEAD)]
        assert getifs.default_routes(family=version) == []
        assert getifs.gateway_addrs(family=version) == []
        assert getifs.best_local_addrs(family=version) == []
