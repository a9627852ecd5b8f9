"""Tunnels and other links that only the second kernel makes: B12, B15, B31, B60."""

import socket
import sys
import threading

import pytest
from fields import fields
from netns import Namespace
from oracle import check

import getifs

IPGRE, TUNNEL, SIT, TUNNEL6, IP6GRE, ETHER = 778, 768, 776, 769, 823, 1  # ARPHRD_…


def links(net: Namespace) -> dict[str, getifs.Interface]:
    return {row.name: row for row in getifs.interfaces()}


def test_b12_tunnel_end_points_are_no_hardware_addresses(net: Namespace) -> None:
    """B12: 4 bytes on GRE, IPIP, SIT; 16 on IPv6 tunnels. What GRE gives Ethernet is hardware's."""
    net.ip("""
        link add g0 type gre local 192.0.2.1 remote 192.0.2.2
        link add i0 type ipip local 192.0.2.1 remote 192.0.2.2
        link add s0 type sit local 192.0.2.1 remote 192.0.2.2
        link add t0 type ip6tnl local 2001:db8::1 remote 2001:db8::2
        link add x0 type ip6gre local 2001:db8::1 remote 2001:db8::2
        link add e0 address 02:00:5e:10:00:01 type gretap local 192.0.2.1 remote 192.0.2.2
    """)
    found = links(net)
    names = ["g0", "i0", "s0", "t0", "x0", "e0"]
    assert fields((found[name] for name in names), "name kind hw_type mac_addr broadcast_mac_addr") == [
        ("g0", "gre", IPGRE, None, None),
        ("i0", "ipip", TUNNEL, None, None),
        ("s0", "sit", SIT, None, None),
        ("t0", "ip6tnl", TUNNEL6, None, None),
        ("x0", "ip6gre", IP6GRE, None, None),
        ("e0", "gretap", ETHER, "02:00:5e:10:00:01", "ff:ff:ff:ff:ff:ff"),
    ]
    assert {row["ifname"] for row in net.ip_json("-d", "link") if "permaddr" in row} >= {"t0", "x0"}
    assert [row.perm_mac_addr for row in found.values()] == [None] * len(found)
    check("link", net)


def test_b15_what_stands_on_what(net: Namespace) -> None:
    net.ip("""
        link add d0 type dummy
        link add d1 type dummy
        link add d0.5 link d0 type vlan id 5
        link add b0 type bond
        link set d1 master b0
        link add red type vrf table 500
        link set d0.5 master red
        link add l0 link d0 type ipvlan
        link add t0 type team
    """)
    found = links(net)
    index = {name: row.index for name, row in found.items()}
    assert fields((found[name] for name in ("d0", "d1", "d0.5", "b0", "red", "l0", "t0")), "kind controller link") == [
        ("dummy", None, None),
        ("dummy", index["b0"], None),
        ("vlan", index["red"], index["d0"]),
        ("bond", None, None),
        ("vrf", None, None),
        ("ipvlan", None, index["d0"]),
        ("team", None, None),
    ]
    assert found["l0"].perm_mac_addr == found["d0"].mac_addr  # the hardware's
    check("link", net)
    assert getifs.Flags.MASTER in found["b0"].flags
    assert getifs.Flags.SLAVE in found["d1"].flags
    assert fields(getifs.interfaces(where=getifs.filters.kind("vlan")), "name") == [("d0.5",)]


def test_b31_routes_of_a_vrf_lie_in_its_table(net: Namespace) -> None:
    """B31, B37, B40, B50: they are of another table; their gateways are gateways."""
    net.ip("""
        link add d0 type dummy
        link add red type vrf table 500
        link set d0 master red
        link set red up
        link set d0 up
        addr add 192.0.2.1/24 dev d0
        route add default via 192.0.2.2 table 500
    """)
    d0 = net.index("d0")
    assert [row.table for row in getifs.route_table(family=4)] == [255, 255]
    assert fields(getifs.route_table(family=4, table=500), "destination gateway index type") == [
        ("0.0.0.0/0", "192.0.2.2", d0, 1),
        ("192.0.2.0/24", None, d0, 1),
        ("192.0.2.1/32", None, d0, 2),
    ]
    assert getifs.default_routes() == []
    assert fields(getifs.gateway_addrs(), "addr index") == [("192.0.2.2", d0)]


def test_b60_the_ipv4_groups_come_from_proc(net: Namespace) -> None:
    """B60: this kernel's RTM_GETMULTICAST knows IPv6 alone; the file is that of the calling thread's namespace."""
    net.ip("link add d0 type dummy\n link set d0 up")
    d0 = net.index("d0")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.setsockopt(
            socket.IPPROTO_IP,
            socket.IP_ADD_MEMBERSHIP,
            socket.inet_aton("239.1.2.3") + bytes(4) + d0.to_bytes(4, sys.byteorder),
        )
        expected = [(1, "224.0.0.1"), (d0, "239.1.2.3"), (d0, "224.0.0.1")]
        assert fields(getifs.interface_multicast_addrs(family=4), "index addr") == expected
        assert fields(getifs.interface_multicast_addrs(family=4, interface="d0"), "addr") == [
            ("239.1.2.3",),
            ("224.0.0.1",),
        ]
        other, found = net.other(), []

        def ask() -> None:
            with other:
                found.append(fields(getifs.interface_multicast_addrs(family=4), "index addr"))

        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
        assert found == [[(1, "224.0.0.1")]]
        with other, getifs.Session(netns=net.path) as session:
            assert fields(session.interface_multicast_addrs(family=4), "index addr") == expected


@pytest.mark.parametrize("name", ["n" * 15, "n" * 16, "n" * 127])
def test_b13_no_such_name(net: Namespace, name: str) -> None:
    assert getifs.interface_by_name(name) is None
