"""The gateways of the routing table: B40."""

from fields import fields
from netns import Namespace

import getifs

GATEWAY = "addr index"


def gateways(**options: object) -> list[tuple[object, ...]]:
    return fields(getifs.gateway_addrs(**options), GATEWAY)


def test_b40_each_pair_of_interface_and_gateway_once(net: Namespace) -> None:
    v0, w0 = net.veth("v0", "v1"), net.veth("w0", "w1")
    net.ip("""
        addr add 192.0.2.1/24 dev v0
        addr add 198.51.100.1/24 dev w0
        route add default via 192.0.2.2
        route add default via 198.51.100.2 metric 9
        route add 10.1.0.0/16 via 192.0.2.2
        route add 10.2.0.0/16 via 192.0.2.2 onlink dev w0
        route add 10.3.0.0/16 nexthop via 192.0.2.2 nexthop via 192.0.2.3
        route add 2001:db8:1::/48 via fe80::9 dev w0
        route add 2001:db8:2::/48 via fe80::9 dev v0
        route add 2001:db8:3::/48 via fe80::9 dev v0
    """)
    assert gateways(family=4) == [("192.0.2.2", v0), ("198.51.100.2", w0), ("192.0.2.2", w0), ("192.0.2.3", v0)]
    assert gateways(family=6) == [("fe80::9", w0), ("fe80::9", v0)]
    assert gateways() == gateways(family=4) + gateways(family=6)


def test_b40_of_every_table_and_type(net: Namespace) -> None:
    v0 = net.veth()
    net.ip("""
        addr add 192.0.2.1/24 dev v0
        route add 10.1.0.0/16 via 192.0.2.2 table 100
        route add 10.2.0.0/16 via 192.0.2.3 table 1000
        route add 10.3.0.0/16 via 192.0.2.4 tos 0x10
        route add anycast 2001:db8:9::1 via fe80::5 dev v0
        route add 2001:db8:4::/48 from 2001:db8:5::/48 via fe80::6 dev v0
        route add blackhole 10.4.0.0/16
    """)
    assert gateways() == [(gateway, v0) for gateway in ("192.0.2.2", "192.0.2.3", "192.0.2.4", "fe80::6", "fe80::5")]


def test_b40_of_the_other_family(net: Namespace) -> None:
    """B40, B36: RTA_VIA, at top level and in a hop."""
    v0 = net.veth()
    net.ip("""
        addr add 192.0.2.1/24 dev v0
        route add 10.1.0.0/16 via inet6 fe80::9 dev v0
        route add 10.2.0.0/16 nexthop via inet6 fe80::8 dev v0 nexthop via 192.0.2.8
    """)
    assert sorted(gateways()) == [("192.0.2.8", v0), ("fe80::8", v0), ("fe80::9", v0)]


def test_b40_where_narrows(net: Namespace) -> None:
    v0, w0 = net.veth("v0", "v1"), net.veth("w0", "w1")
    net.ip("route add default via fe80::1 dev v0\n route add default via fe80::2 dev w0 metric 5")
    assert gateways(where=getifs.filters.on(w0)) == [("fe80::2", w0)]
    assert gateways(where=lambda row: row.index == v0) == [("fe80::1", v0)]
    assert [str(row) for row in getifs.gateway_addrs(where=getifs.filters.on(w0))] == [f"fe80::2 ({w0})"]
    assert [row.ifname() for row in getifs.gateway_addrs(where=getifs.filters.on(w0))] == ["w0"]


def test_b40_no_gateways(net: Namespace) -> None:
    assert gateways() == []
