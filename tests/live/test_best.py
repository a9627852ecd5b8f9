"""The best default routes and the local addresses of their interfaces: B50–B53, and the rules B23–B25 they rest on."""

import itertools

import pytest
from fields import fields
from netns import Namespace
from packets import advertise

import getifs

ADDR = "addr index"
ROUTE = "gateway index table metric pref"
HIGH, MEDIUM, LOW = 1, 0, 3  # ICMPV6_ROUTER_PREF_…


@pytest.fixture
def links(net: Namespace) -> tuple[int, int]:
    """v0 with 192.0.2.1/24 and 2001:db8:a::1/64, w0 with 198.51.100.1/24 and 2001:db8:b::1/64."""
    pair = net.veth("v0", "v1"), net.veth("w0", "w1")
    net.ip("""
        addr add 192.0.2.1/24 dev v0
        addr add 198.51.100.1/24 dev w0
        addr add 2001:db8:a::1/64 dev v0 nodad
        addr add 2001:db8:b::1/64 dev w0 nodad
    """)
    return pair


def best(**options: object) -> list[tuple[object, ...]]:
    return fields(getifs.best_local_addrs(**options), ADDR)


def test_b50_table_stands_over_metric(net: Namespace, links: tuple[int, int]) -> None:
    v0, w0 = links
    net.ip("route add default via 192.0.2.2 table default\n route add default via 198.51.100.2 metric 900")
    assert fields(getifs.default_routes(), ROUTE) == [("198.51.100.2", w0, 254, 900, None)]
    assert best() == [("198.51.100.1", w0)]
    net.ip("route del default table main")
    assert fields(getifs.default_routes(), ROUTE) == [("192.0.2.2", v0, 253, 0, None)]
    assert best() == [("192.0.2.1", v0)]


def test_b50_then_the_smaller_metric(net: Namespace, links: tuple[int, int]) -> None:
    """B50: an absent metric is 0; the largest is no sign."""
    v0, w0 = links
    net.ip("route add default via 192.0.2.2 metric 4294967295\n route add default via 198.51.100.2 metric 2147483648")
    assert best() == [("198.51.100.1", w0)]
    net.ip("route add default via 192.0.2.2")
    assert fields(getifs.default_routes(), ROUTE) == [("192.0.2.2", v0, 254, 0, None)]
    net.ip("route add default via 2001:db8:a::2 metric 20\n route add default via 2001:db8:b::2 metric 10")
    assert best() == [("192.0.2.1", v0), ("2001:db8:b::1", w0)]


@pytest.mark.parametrize("order", list(itertools.permutations(["high", "medium", "low"])), ids="-".join)
def test_b50_then_the_router_preference(net: Namespace, order: tuple[str, ...]) -> None:
    """B50: three routers offer themselves on three links, equal in all but their preference."""
    far = net.other()
    for number, preference in enumerate(order):
        near, away = f"v{number}", f"far{number}"
        index = net.veth(near, away, far)
        net.ip(f"addr add 2001:db8:{index}::1/64 dev {near} nodad")
        far.ip(f"addr add fe80::{index}/64 dev {away} nodad")
        advertise(far, away, f"fe80::{index}", preference, host=net)
    for preference, value in (("high", HIGH), ("medium", MEDIUM)):
        index = net.index(f"v{order.index(preference)}")
        assert fields(getifs.default_routes(), "gateway index metric pref") == [(f"fe80::{index}", index, 1024, value)]
        assert best() == [(f"2001:db8:{index}::1", index)]
        net.ip(f"route del default via fe80::{index}", "-6")
    assert fields(getifs.default_routes(), "pref") == [(LOW,)]


def test_b50_a_router_preference_over_a_next_hop_object(net: Namespace, links: tuple[int, int]) -> None:
    _v0, w0 = links
    net.ip("""
        nexthop add id 1 via 2001:db8:a::2 dev v0
        nexthop add id 2 via 2001:db8:b::2 dev w0
        route add ::/0 nhid 1 metric 5 pref medium
        route append ::/0 nhid 2 metric 5 pref high
    """)
    assert fields(getifs.default_routes(), ROUTE) == [("2001:db8:b::2", w0, 254, 5, HIGH)]
    assert best() == [("2001:db8:b::1", w0)]


def test_b50_metric_stands_over_router_preference(net: Namespace, links: tuple[int, int]) -> None:
    v0, _w0 = links
    net.ip("""
        route add default via 2001:db8:a::2 metric 5 pref low
        route add default via 2001:db8:b::2 metric 6 pref high
    """)
    assert best() == [("2001:db8:a::1", v0)]


def test_b50_only_what_b31_keeps(net: Namespace, links: tuple[int, int]) -> None:
    """B50, B31: no other table, type, TOS or source; a prefix longer than 0 is no default."""
    v0, _w0 = links
    net.ip("""
        route add default via 192.0.2.2 metric 50
        route add default via 198.51.100.2 table 100
        route add default via 198.51.100.2 tos 0x10
        route add blackhole default metric 1
        route add 0.0.0.0/1 via 198.51.100.2
        route add default from 2001:db8:5::/48 via 2001:db8:b::2
        route add default via 2001:db8:a::2 metric 5000
    """)
    net.ip("route add unreachable default metric 1", "-6")
    assert best() == [("192.0.2.1", v0), ("2001:db8:a::1", v0)]
    assert fields(getifs.default_routes(), ROUTE) == [
        ("192.0.2.2", v0, 254, 50, None),
        ("2001:db8:a::2", v0, 254, 5000, MEDIUM),
    ]


def test_b51_all_hops_of_a_multipath_route(net: Namespace, links: tuple[int, int]) -> None:
    """B51: interfaces once each, in ascending order."""
    v0, w0 = links
    net.ip("""
        addr add 198.51.100.9/24 dev w0
        route add default nexthop via 198.51.100.2 nexthop via 192.0.2.2 nexthop via 198.51.100.3
        route add default nexthop via 2001:db8:b::2 nexthop via 2001:db8:a::2
    """)
    assert best(family=4) == [("192.0.2.1", v0), ("198.51.100.1", w0), ("198.51.100.9", w0)]
    assert best(family=6) == [("2001:db8:a::1", v0), ("2001:db8:b::1", w0)]
    assert fields(getifs.default_routes(family=4), "gateway") == [("198.51.100.2",), ("192.0.2.2",), ("198.51.100.3",)]


def test_b51_equal_routes_add_up(net: Namespace) -> None:
    """B51: two routers of the same preference are two routes, not one of two hops."""
    far = net.other()
    indexes = []
    for near, away in (("v0", "v1"), ("w0", "w1")):
        indexes.append(net.veth(near, away, far))
        net.ip(f"addr add 2001:db8:{indexes[-1]}::1/64 dev {near} nodad")
        far.ip(f"addr add fe80::{indexes[-1]}/64 dev {away} nodad")
        advertise(far, away, f"fe80::{indexes[-1]}", "low", host=net)
    assert sorted(fields(getifs.default_routes(), "gateway index")) == [(f"fe80::{i}", i) for i in indexes]
    assert best() == [(f"2001:db8:{i}::1", i) for i in indexes]


def test_b52_families_are_decided_separately(net: Namespace, links: tuple[int, int]) -> None:
    v0, w0 = links
    net.ip("route add default via 198.51.100.2\n route add default via 2001:db8:a::2")
    assert best() == [("198.51.100.1", w0), ("2001:db8:a::1", v0)]
    assert best(family=4) == [("198.51.100.1", w0)]
    assert best(family=6) == [("2001:db8:a::1", v0)]
    assert fields(getifs.default_routes(family=6), "gateway") == [("2001:db8:a::2",)]


def test_b53_a_local_default_wins_and_has_no_local_address(net: Namespace, links: tuple[int, int]) -> None:
    """B53: as in the kernel."""
    net.ip("route add default via 192.0.2.2\n route add local default dev lo table local", "-4")
    assert fields(getifs.default_routes(), ROUTE) == [(None, 1, 255, 0, None)]
    assert best() == []


def test_b53_no_candidate_is_an_empty_answer(net: Namespace, links: tuple[int, int]) -> None:
    assert getifs.default_routes() == []
    assert getifs.best_local_addrs() == []


def test_b53_unusable_hops_never_win(net: Namespace, links: tuple[int, int]) -> None:
    _v0, w0 = links
    net.ip("""
        route add default metric 1 nexthop via 192.0.2.2 nexthop via 192.0.2.3
        route add default metric 2 nexthop via 192.0.2.2 nexthop via 198.51.100.2
    """)
    net.pull("v0", "v1")
    assert fields(getifs.default_routes(), "gateway metric") == [("198.51.100.2", 2)]
    assert best() == [("198.51.100.1", w0)]


def test_b23_b25_best_addresses_are_local_and_narrowed_by_where(net: Namespace, links: tuple[int, int]) -> None:
    """B23, B25: neither loopback nor link-local, even if `where` asks for them."""
    v0, _ = links
    net.ip("""
        addr add 169.254.1.1/16 dev v0
        addr add 127.9.9.9/32 dev v0
        addr add 10.1.1.1/8 dev v0
        route add default via 192.0.2.2
        route add default via fe80::9 dev v0
    """)
    assert best() == [("192.0.2.1", v0), ("10.1.1.1", v0), ("2001:db8:a::1", v0)]
    assert best(where=getifs.filters.private) == [("10.1.1.1", v0)]
    assert best(where=getifs.filters.loopback | getifs.filters.link_local) == []
    assert best(where=lambda row: row.addr.version == 6) == [("2001:db8:a::1", v0)]
