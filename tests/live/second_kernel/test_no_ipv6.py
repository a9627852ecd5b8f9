"""A kernel without IPv6, which answers a request for IPv6 with IPv4's rows: B7a, B7, B30, B62."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fields import fields
from netns import Namespace
from rtnetlink import AF_INET6, dump_routes

import getifs


@pytest.fixture(autouse=True)
def v0(net: Namespace) -> Iterator[None]:
    assert not Path("/proc/net/if_inet6").exists()
    net.ip("""
        link add v0 type veth peer name v1
        link set v0 up
        link set v1 up
        addr add 10.0.0.1/24 dev v0
        route add default via 10.0.0.2
    """)
    yield
    assert not Path("/proc/net/if_inet6").exists(), "a test has loaded IPv6"


def test_b7a_the_kernel_does_answer_with_ipv4(net: Namespace) -> None:
    """What the tests below rest on."""
    assert b"\x0a\x00\x00\x02" in dump_routes(AF_INET6)


def test_b7a_ipv6_is_empty() -> None:
    assert getifs.interface_addrs(family=6) == []
    assert getifs.interface_addrs(family=6, interface="v0") == []
    assert getifs.local_addrs(family=6) == []
    assert getifs.best_local_addrs(family=6) == []
    assert getifs.route_table(family=6) == []
    assert getifs.route_table(family=6, all=True) == []
    assert getifs.route_table(family=6, table=254) == []
    assert getifs.default_routes(family=6) == []
    assert getifs.gateway_addrs(family=6) == []
    assert getifs.interface_multicast_addrs(family=6) == []
    assert not any(getifs.addrs_by_interface(family=6).values())


def test_b7a_no_socket_of_ipv6_can_be_made() -> None:
    """With modules out of reach: else the question itself would load IPv6."""
    assert getifs.probe.ipv4()
    assert not getifs.probe.ipv6()
    assert not getifs.probe.ipv4_mapped_ipv6()


def test_b7a_ipv4_is_whole() -> None:
    """B7a, B30: each row once, and no family hides the other."""
    for family in (None, 4):
        assert fields(getifs.interface_addrs(family=family), "addr") == [("127.0.0.1",), ("10.0.0.1",)]
        assert fields(getifs.route_table(family=family), "destination gateway") == [
            ("0.0.0.0/0", "10.0.0.2"),
            ("10.0.0.0/24", None),
            ("10.0.0.1/32", None),
            ("127.0.0.0/8", None),
            ("127.0.0.1/32", None),
        ]
        assert fields(getifs.default_routes(family=family), "gateway") == [("10.0.0.2",)]
        assert fields(getifs.gateway_addrs(family=family), "addr") == [("10.0.0.2",)]
        assert fields(getifs.best_local_addrs(family=family), "addr") == [("10.0.0.1",)]
        assert fields(getifs.interface_multicast_addrs(family=family), "addr") == [("224.0.0.1",)] * 3
    assert getifs.ip_mtu("10.0.0.1") == 1500
