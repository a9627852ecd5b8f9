"""The routing table, one hop a route: B30–B32, B35–B37. Every row that is expected stands here as it must be."""

import sys

import pytest
from fields import fields
from netns import Namespace, wait_for
from packets import report_path_mtu
from rtnetlink import AF_INET, AF_INET6, dump_routes

import getifs

UNICAST, LOCAL, BROADCAST, ANYCAST, MULTICAST, BLACKHOLE, UNREACHABLE, PROHIBIT, THROW = 1, 2, 3, 4, 5, 6, 7, 8, 9
DEFAULT, MAIN, LOCAL_TABLE = 253, 254, 255
KERNEL, BOOT, STATIC = 2, 3, 4
GLOBAL, LINK, HOST = 0, 253, 254
LO = 1

KEY = "destination gateway index table type metric"
LO_ROWS_4 = [("127.0.0.0/8", None, LO, 255, LOCAL, 0), ("127.0.0.1/32", None, LO, 255, LOCAL, 0)]
LO_ROWS_6 = [("::1/128", None, LO, 255, LOCAL, 0)]


@pytest.fixture
def v0(net: Namespace) -> int:
    """A link with 192.0.2.1/24 and 2001:db8::1/64."""
    index = net.veth()
    net.ip("addr add 192.0.2.1/24 dev v0\n addr add 2001:db8::1/64 dev v0 nodad")
    return index


def unicast(**options: object) -> list[tuple[object, ...]]:
    """The kept unicast routes that a test has made: not the kernel's own."""
    rows = getifs.route_table(**options)
    return fields((row for row in rows if row.protocol != KERNEL), KEY)


def test_b30_families_are_asked_for_separately_ipv4_first(net: Namespace) -> None:
    """B30, B9a."""
    assert fields(getifs.route_table(), KEY) == LO_ROWS_4 + LO_ROWS_6
    assert fields(getifs.route_table(family=4), KEY) == LO_ROWS_4
    assert fields(getifs.route_table(family=AF_INET), KEY) == LO_ROWS_4
    assert fields(getifs.route_table(family=6), KEY) == LO_ROWS_6
    assert fields(getifs.route_table(family=AF_INET6), KEY) == LO_ROWS_6


def test_b31_keeps_unicast_and_local_routes_of_the_three_tables(net: Namespace, v0: int) -> None:
    net.ip("""
        route add 10.1.0.0/16 dev v0
        route add 10.2.0.0/16 dev v0 table default
        route add 10.3.0.0/16 dev v0 table 100
        route add 10.4.0.0/16 dev v0 table 1000
        route add 10.5.0.0/16 dev v0 table 252
        route add 10.6.0.0/16 dev v0 tos 0x10
        route add local 10.7.0.0/16 dev v0
        route add blackhole 10.8.0.0/16
        route add multicast 225.0.0.0/8 dev v0
        route add 2001:db8:1::/48 dev v0
        route add 2001:db8:2::/48 dev v0 table default
        route add 2001:db8:3::/48 dev v0 table 1000
        route add 2001:db8:4::/48 from 2001:db8:5::/48 dev v0
        route add unreachable 2001:db8:6::/48
        route add anycast 2001:db8:7::7 dev v0
    """)
    assert unicast() == [
        ("10.2.0.0/16", None, v0, DEFAULT, UNICAST, 0),
        ("10.1.0.0/16", None, v0, MAIN, UNICAST, 0),
        ("10.7.0.0/16", None, v0, LOCAL_TABLE, LOCAL, 0),
        ("2001:db8:2::/48", None, v0, DEFAULT, UNICAST, 1024),
        ("2001:db8:1::/48", None, v0, MAIN, UNICAST, 1024),
    ]


def test_b31_the_kernels_own_routes(net: Namespace) -> None:
    """B31: the broadcast and multicast routes beside them are left out."""
    v0 = net.veth()
    net.ip("""
        addr add 192.0.2.1/24 dev v0
        addr add 2001:db8::1/64 dev v0 nodad
        addr add fe80::7/64 dev v0 nodad
    """)
    net.settle()
    rows = getifs.route_table()
    assert fields(rows, KEY) == [
        ("192.0.2.0/24", None, v0, MAIN, UNICAST, 0),
        *LO_ROWS_4,
        ("192.0.2.1/32", None, v0, LOCAL_TABLE, LOCAL, 0),
        ("2001:db8::/64", None, v0, MAIN, UNICAST, 256),
        ("fe80::/64", None, v0, MAIN, UNICAST, 256),
        *LO_ROWS_6,
        ("2001:db8::1/128", None, v0, LOCAL_TABLE, LOCAL, 0),
        ("fe80::7/128", None, v0, LOCAL_TABLE, LOCAL, 0),
    ]
    assert fields(rows[:2], "protocol scope prefsrc flags weight nexthop_id source tos mtu encap pref") == [
        (KERNEL, LINK, "192.0.2.1", 0, 1, None, None, 0, None, None, None),
        (KERNEL, HOST, "127.0.0.1", 0, 1, None, None, 0, None, None, None),
    ]


@pytest.mark.parametrize("session", [False, True])
def test_b31_path_mtu_exceptions_are_no_routes(net: Namespace, session: bool) -> None:
    """B31: cloned entries are never shown, in the live table or out of a dump without strict checking."""
    router = net.other()
    net.veth(other=router)
    net.ip("addr add 192.0.2.1/24 dev v0\n addr add 2001:db8::1/64 dev v0 nodad")
    router.ip("addr add 192.0.2.2/24 dev v1\n addr add 2001:db8::2/64 dev v1 nodad")
    net.ip("route add 198.51.100.0/24 via 192.0.2.2\n route add 2001:db8:5::/48 via 2001:db8::2")
    net.settle()
    before = getifs.route_table(all=True)

    report_path_mtu(router, "192.0.2.1", "198.51.100.7", 1300)
    report_path_mtu(router, "2001:db8::1", "2001:db8:5::7", 1300)
    for destination in ("198.51.100.7", "2001:db8:5::7"):
        wait_for(lambda told=destination: b"mtu 1300" in net.run("ip", "route", "get", told))

    with getifs.Session() as kept:
        assert (kept if session else getifs).route_table(all=True) == before
    data = dump_routes(AF_INET) + dump_routes(AF_INET6)
    assert data.count((1300).to_bytes(4, sys.byteorder)) == 2, "the dump holds no exceptions"
    assert getifs.replay.routes(data) == getifs.route_table()


def test_b32_default_routes_have_length_0(net: Namespace, v0: int) -> None:
    net.ip("route add default via 192.0.2.2\n route add default via 2001:db8::2\n route add 128.0.0.0/1 via 192.0.2.2")
    rows = [row for row in getifs.route_table() if row.protocol == BOOT]
    assert fields(rows, KEY + " is_default") == [
        ("0.0.0.0/0", "192.0.2.2", v0, MAIN, UNICAST, 0, True),
        ("128.0.0.0/1", "192.0.2.2", v0, MAIN, UNICAST, 0, False),
        ("::/0", "2001:db8::2", v0, MAIN, UNICAST, 1024, True),
    ]
    assert [str(row) for row in rows] == [
        f"0.0.0.0/0 via 192.0.2.2 ({v0})",
        f"128.0.0.0/1 via 192.0.2.2 ({v0})",
        f"::/0 via 2001:db8::2 ({v0})",
    ]


def test_b35_routes_that_lead_nowhere_have_no_interface_in_ipv4_and_lo_in_ipv6(net: Namespace, v0: int) -> None:
    """B35, B37."""
    for kind in ("blackhole", "unreachable", "prohibit", "throw"):
        net.ip(f"route add {kind} 203.0.113.0/24 metric 7{len(kind)}\n route add {kind} 2001:db8:{len(kind)}::/48")
    rows = [row for row in getifs.route_table(all=True) if row.protocol == BOOT]
    assert fields(rows, KEY) == [
        ("203.0.113.0/24", None, 0, MAIN, THROW, 75),
        ("203.0.113.0/24", None, 0, MAIN, PROHIBIT, 78),
        ("203.0.113.0/24", None, 0, MAIN, BLACKHOLE, 79),
        ("203.0.113.0/24", None, 0, MAIN, UNREACHABLE, 711),
        ("2001:db8:5::/48", None, LO, MAIN, THROW, 1024),
        ("2001:db8:8::/48", None, LO, MAIN, PROHIBIT, 1024),
        ("2001:db8:9::/48", None, LO, MAIN, BLACKHOLE, 1024),
        ("2001:db8:11::/48", None, LO, MAIN, UNREACHABLE, 1024),
    ]
    assert rows[0].ifname() is None
    assert rows[-1].ifname() == "lo"


def test_b36_a_gateway_of_the_other_family(net: Namespace, v0: int) -> None:
    net.ip("route add 10.1.0.0/16 via inet6 fe80::9 dev v0")
    net.ip("route add 10.2.0.0/16 nexthop via inet6 fe80::8 dev v0 nexthop via 192.0.2.8 weight 5")
    rows = [row for row in getifs.route_table() if row.protocol == BOOT]
    assert fields(rows, "destination gateway index weight") == [
        ("10.1.0.0/16", "fe80::9", v0, 1),
        ("10.2.0.0/16", "fe80::8", v0, 1),
        ("10.2.0.0/16", "192.0.2.8", v0, 5),
    ]


def test_b36_every_field(net: Namespace, v0: int) -> None:
    net.ip("""
        route add 10.1.0.0/16 via 192.0.2.2 metric 4294967295 src 192.0.2.1 proto static mtu 1400
        route add 10.2.0.0/16 via 192.0.2.9 onlink dev v0 mtu lock 1300
        route add 10.3.0.0/16 encap ip id 5 dst 192.0.2.8 dev v0
        route add 2001:db8:1::/48 via 2001:db8::2 metric 5 src 2001:db8::1 proto 99 pref high
        route add 2001:db8:2::/48 encap ip6 id 6 dst 2001:db8::9 dev v0 pref low
    """)
    rows = [row for row in getifs.route_table() if row.protocol != KERNEL]
    assert fields(rows, "destination metric prefsrc protocol scope mtu flags encap pref") == [
        ("10.1.0.0/16", 4294967295, "192.0.2.1", STATIC, GLOBAL, 1400, 0, None, None),
        ("10.2.0.0/16", 0, None, BOOT, GLOBAL, 1300, 4, None, None),  # RTNH_F_ONLINK
        ("10.3.0.0/16", 0, None, BOOT, LINK, None, 0, 2, None),  # LWTUNNEL_ENCAP_IP
        ("2001:db8:1::/48", 5, "2001:db8::1", 99, GLOBAL, None, 0, None, 1),  # ICMPV6_ROUTER_PREF_HIGH
        ("2001:db8:2::/48", 1024, None, BOOT, GLOBAL, None, 0, 4, 3),  # LWTUNNEL_ENCAP_IP6, …_LOW
    ]


def test_b37_every_type_and_table(net: Namespace, v0: int) -> None:
    net.ip("""
        route add 10.1.0.0/16 dev v0 table 100
        route add 10.2.0.0/16 dev v0 table 1000
        route add 10.3.0.0/16 dev v0 tos 0x10
        route add multicast 225.0.0.0/8 dev v0
        route add broadcast 10.4.0.255 dev v0
        route add anycast 2001:db8:7::7 dev v0
        route add 2001:db8:4::/48 from 2001:db8:5::/48 dev v0
    """)
    rows = [row for row in getifs.route_table(all=True) if row.protocol == BOOT]
    assert fields(rows, "destination table type source tos") == [
        ("10.1.0.0/16", 100, UNICAST, None, 0),
        ("10.2.0.0/16", 1000, UNICAST, None, 0),
        ("10.3.0.0/16", MAIN, UNICAST, None, 0x10),
        ("225.0.0.0/8", MAIN, MULTICAST, None, 0),
        ("10.4.0.255/32", LOCAL_TABLE, BROADCAST, None, 0),
        ("2001:db8:4::/48", MAIN, UNICAST, "2001:db8:5::/48", 0),
        ("2001:db8:7::7/128", LOCAL_TABLE, ANYCAST, None, 0),
    ]
    own = [row for row in getifs.route_table(all=True, family=4) if row.type == BROADCAST and row.protocol == KERNEL]
    assert fields(own, "destination index") == [("127.255.255.255/32", LO), ("192.0.2.255/32", v0)]


def test_b37_one_table_keeps_the_other_rules_unless_all_is_asked(net: Namespace, v0: int) -> None:
    net.ip("""
        route add 10.1.0.0/16 dev v0 table 100
        route add blackhole 10.2.0.0/16 table 100
        route add 10.3.0.0/16 dev v0 tos 8 table 100
        route add 10.4.0.0/16 dev v0 table 1000
        route add 2001:db8:1::/48 dev v0 table 100
        route add unreachable 2001:db8:2::/48 table 100
    """)
    assert fields(getifs.route_table(table=100), "destination type") == [
        ("10.1.0.0/16", UNICAST),
        ("2001:db8:1::/48", UNICAST),
    ]
    assert fields(getifs.route_table(table=100, all=True), "destination type") == [
        ("10.1.0.0/16", UNICAST),
        ("10.2.0.0/16", BLACKHOLE),
        ("10.3.0.0/16", UNICAST),
        ("2001:db8:1::/48", UNICAST),
        ("2001:db8:2::/48", UNREACHABLE),
    ]
    assert fields(getifs.route_table(table=100, all=True, family=6), "type") == [(UNICAST,), (UNREACHABLE,)]
    assert fields(getifs.route_table(table=1000), "destination table") == [("10.4.0.0/16", 1000)]


@pytest.mark.parametrize("table", [253, 77, 4294967295])
def test_b7_a_table_that_is_not_there_has_no_rows(net: Namespace, table: int) -> None:
    """B7: the kernel answers ENOENT; B37."""
    assert getifs.route_table(table=table) == []
    assert getifs.route_table(table=table, all=True) == []


def test_b6a_routes_that_differ_in_their_encapsulation_are_different_routes(net: Namespace) -> None:
    net.veth()
    tunnels = {(1, "2001:db8::1"), (2, "2001:db8::1"), (2, "2001:db8::2")}
    for verb, (number, destination) in zip(("add", "append", "append"), sorted(tunnels), strict=True):
        net.ip(f"route {verb} 2001:db8:77::/48 encap ip6 id {number} dst {destination} dev v0", "-6")
    rows = getifs.route_table(family=6, where=getifs.filters.within("2001:db8:77::/48"))
    assert [row.encap for row in rows] == [getifs.EncapType.IP6] * 3
    assert len(set(rows)) == 3
