"""Names, indexes and the MTU of an address: B70–B72; what is not there."""

import errno
import ipaddress
from contextlib import AbstractContextManager

import pytest
from fields import fields
from netns import Namespace

import getifs

UNKNOWN_NAMES = ["nope", "n" * 15, "n" * 16, "n" * 127]


def raises(code: int) -> AbstractContextManager[object]:
    return pytest.raises(OSError, match=rf"\[Errno {code}\]")


def test_b70_names_and_indexes(net: Namespace) -> None:
    v0 = net.veth()
    net.ip(f"link property add dev v0 altname short altname {'a' * 127}")
    assert getifs.ifindex_to_name(v0) == "v0"
    assert getifs.ifindex_to_name(1) == "lo"
    for name in ("v0", "short", "a" * 127):
        assert getifs.ifname_to_index(name) == v0


@pytest.mark.parametrize("name", UNKNOWN_NAMES)
def test_b70_unknown_names(net: Namespace, name: str) -> None:
    """B70, B72; `interface=` of every query that has one."""
    for ask in (
        lambda: getifs.ifname_to_index(name),
        lambda: getifs.ifname_to_iface(name),
        lambda: getifs.interface_addrs(interface=name),
        lambda: getifs.interface_multicast_addrs(interface=name),
    ):
        with raises(errno.ENODEV):
            ask()
    assert getifs.interface_by_name(name) is None


@pytest.mark.parametrize("index", [99, 2**31 - 1])
def test_b70_unknown_indexes(net: Namespace, index: int) -> None:
    for ask in (
        lambda: getifs.ifindex_to_name(index),
        lambda: getifs.interface_addrs(interface=index),
        lambda: getifs.interface_addrs(interface=index, family=4),
        lambda: getifs.interface_addrs(interface=index, family=6),
        lambda: getifs.interface_multicast_addrs(interface=index),
    ):
        with raises(errno.ENODEV):
            ask()
    assert getifs.interface_by_index(index) is None


def test_b70_an_interface_that_vanishes(net: Namespace) -> None:
    """Rows stay what they were; what asks again says that the link is gone."""
    v0 = net.veth()
    net.ip("""
        addr add 192.0.2.1/24 dev v0
        route add default via 192.0.2.2
        route add blackhole 10.0.0.0/8
    """)
    row = getifs.interface_by_name("v0")
    (address,) = getifs.interface_addrs(interface=v0, family=4)
    (gateway,) = getifs.gateway_addrs()
    (route,) = getifs.default_routes()
    (nowhere,) = (route for route in getifs.route_table(all=True) if route.index == 0)
    assert [item.ifname() for item in (address, gateway, route)] == ["v0"] * 3
    iterator = iter(getifs.interface_addrs())
    first = next(iterator)
    net.ip("link del v0")

    assert [str(item.addr) for item in (first, *iterator)].count("192.0.2.1") == 1
    for item in (address, gateway, route):
        assert item.index == v0
        with raises(errno.ENODEV):
            item.ifname()
    assert nowhere.ifname() is None
    assert row.name == "v0"
    with raises(errno.ENODEV):
        row.addrs()
    with raises(errno.ENODEV):
        row.multicast_addrs()
    with raises(errno.ENODEV):
        getifs.interface_addrs(interface=row)
    assert getifs.interface_by_index(v0) is None


def test_b71_mtu_of_an_address(net: Namespace) -> None:
    net.ip("""
        link add v0 mtu 1400 type veth peer name v1 mtu 1300
        link set v0 up
        addr add 192.0.2.1/24 dev v0
        addr add 192.0.2.1/24 dev v1
        addr add 10.5.5.1 peer 10.5.6.1 dev v1
        addr add 2001:db8::1/64 dev v1 nodad
        link set v1 up
    """)
    first = {row["ifname"]: row["mtu"] for row in net.ip_json("addr", "show", "to", "192.0.2.1")}
    assert getifs.ip_mtu("192.0.2.1") == next(iter(first.values()))
    assert len(first) == 2
    assert getifs.ip_mtu("127.0.0.1") == 65536
    assert getifs.ip_mtu("::1") == 65536
    assert getifs.ip_mtu("2001:db8::1") == 1300
    assert getifs.ip_mtu(ipaddress.ip_address("10.5.5.1")) == 1300
    assert getifs.ip_mtu(ipaddress.ip_address("2001:db8::1")) == 1300


@pytest.mark.parametrize("address", ["192.0.2.99", "10.5.6.1", "127.0.0.2", "0.0.0.0", "::", "2001:db8::99", "fe80::1"])
def test_b71_nobodys_address(net: Namespace, address: str) -> None:
    """B71: the far end of a link, an address inside an own network."""
    net.veth()
    net.ip("addr add 10.5.5.1 peer 10.5.6.1 dev v0")
    with raises(errno.EADDRNOTAVAIL):
        getifs.ip_mtu(address)


def test_b71_an_unrelated_link_does_not_matter(net: Namespace) -> None:
    net.veth()
    net.ip("addr add 192.0.2.1/24 dev v0\n link property add dev lo altname " + "x" * 120)
    net.ip("\n".join(f"link property add dev v1 altname {number}{'y' * 110}" for number in range(30)))
    assert getifs.ip_mtu("192.0.2.1") == 1500


def test_b72_the_interface_to_bind_to(net: Namespace) -> None:
    v0, w0 = net.veth("v0", "v1"), net.veth("w0", "w1")
    net.ip("""
        addr add 169.254.9.9/16 dev v0
        addr add 192.0.2.1/24 dev v0
        addr add 192.0.2.2/24 dev v0
        addr add 169.254.8.8/16 dev w0
        link property add dev v0 altname sixteen-bytes-xx
    """)
    assert getifs.ifname_to_iface("v0") == (ipaddress.IPv4Address("192.0.2.1"), v0)
    assert getifs.ifname_to_iface("sixteen-bytes-xx") == (ipaddress.IPv4Address("192.0.2.1"), v0)
    assert getifs.ifname_to_iface("w0") == (None, w0)
    assert getifs.ifname_to_iface("v1") == (None, net.index("v1"))
    assert getifs.ifname_to_iface("lo") == (ipaddress.IPv4Address("127.0.0.1"), 1)


def test_b72_rows_know_their_index_alone(net: Namespace) -> None:
    """A name is looked up when it is asked for: after a renaming it is the new one."""
    v0 = net.veth()
    net.ip("addr add 192.0.2.1/24 dev v0")
    (row,) = getifs.interface_addrs(interface="v0", family=4)
    net.ip("link set v0 down\n link set v0 name renamed")
    assert row.ifname() == "renamed"
    assert fields([row], "index addr") == [(v0, "192.0.2.1")]
