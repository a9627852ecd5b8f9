"""The route to one destination, compared with `ip -j route get`: B54."""

from __future__ import annotations

import errno
import os
import threading
from typing import Any

import pytest
from netns import Namespace, wait_for

import getifs

NETWORK = """
    addr add 192.0.2.1/24 dev v0
    addr add 192.0.2.2/24 dev v0
    addr add 198.51.100.1/24 dev w0
    addr add 2001:db8::1/64 dev v0 nodad
    addr add 2001:db8::2/64 dev v0 nodad
    addr add 2001:db8:b::1/64 dev w0 nodad
    addr add fe80::a/64 dev v0 nodad
    addr add fe80::b/64 dev w0 nodad
    nexthop add id 1 via 192.0.2.7 dev v0
    nexthop add id 2 via fe80::7 dev v0
    route add default via 192.0.2.5
    route add default via 2001:db8::5 metric 5
    route add 10.1.0.0/16 nexthop via 192.0.2.5 nexthop via 198.51.100.5 dev w0
    route add 10.2.0.0/16 via inet6 fe80::5 dev v0
    route add 10.3.0.0/16 nhid 1
    route add 10.4.0.0/16 via 192.0.2.6 mtu 1300 src 192.0.2.2 advmss 1000
    route add 10.5.0.0/16 via 192.0.2.6 tos 0x10
    route add 10.5.0.0/16 via 198.51.100.6 dev w0
    route add 10.6.0.0/16 via 198.51.100.6 dev w0 table 100
    route add default via 198.51.100.9 dev w0 table 101
    route add default via 2001:db8:b::9 dev w0 table 101
    route add unreachable 10.15.0.0/16
    route add prohibit 10.16.0.0/16
    route add blackhole 10.17.0.0/16
    route add throw 10.18.0.0/16 table 101
    route add 2001:db8:1::/48 nexthop via fe80::5 dev v0 nexthop via fe80::6 dev w0
    route add 2001:db8:3::/48 nhid 2
    route add 2001:db8:4::/48 via 2001:db8::6 mtu 1300 src 2001:db8::2
    route add 2001:db8:6::/48 via fe80::6 dev w0 table 100
    route add 2001:db8:7::/48 from 2001:db8::2 via fe80::7 dev v0
    route add 2001:db8:7::/48 via fe80::8 dev w0
    route add unreachable 2001:db8:15::/48
    route add prohibit 2001:db8:16::/48
    route add blackhole 2001:db8:17::/48
"""
RULES = """
    rule add to 10.6.0.0/16 table 100 pref 10
    rule add fwmark 7/0xf table 101 pref 11
    rule add uidrange 1000-1999 table 101 pref 12
    rule add from 192.0.2.2 to 10.20.0.0/16 table 101 pref 13
    rule add tos 0x08 table 101 pref 14
    rule add oif w0 to 10.21.0.0/16 table 101 pref 15
    rule add to 10.22.0.0/16 unreachable pref 16
    rule add to 10.23.0.0/16 prohibit pref 17
    rule add to 10.24.0.0/16 blackhole pref 18
"""


@pytest.fixture
def routed(net: Namespace) -> Namespace:
    net.veth("v0", "v1")
    net.veth("w0", "w1")
    net.ip(NETWORK)
    net.ip(RULES, "-4")
    rules6 = RULES.replace("192.0.2.2", "2001:db8::2").replace(" 10.", " 2001:db8:").replace(".0.0/16", "::/48")
    net.ip(rules6, "-6")
    net.settle()
    return net


DESTINATIONS = {
    4: ["8.8.8.8", "192.0.2.9", "192.0.2.1", "127.0.0.1", "192.0.2.255", "255.255.255.255", "224.0.0.5"]
    + [f"10.{number}.3.4" for number in (1, 2, 3, 4, 5, 6, 15, 16, 17, 18, 20, 21, 22, 23, 24)],
    6: ["2a00::8", "2001:db8::9", "2001:db8::1", "::1", "ff0e::1"]
    + [f"2001:db8:{number}::9" for number in (1, 3, 4, 6, 7, 15, 16, 17, 20, 21, 22, 23, 24)],
}
# Arguments of route_to(), and the same for `ip`.
ASKED: dict[str, dict[str, Any]] = {
    "": {},
    "mark 7": {"mark": 7},
    "mark 23": {"mark": 23},
    "mark 8": {"mark": 8},
    "uid 1500": {"uid": 1500},
    "uid 2000": {"uid": 2000},
    "tos 0x10": {"tos": 0x10},
    "tos 0x08": {"tos": 0x08},
    "oif w0": {"interface": "w0"},
    "oif v0": {"interface": "v0"},
    "mark 7 oif v0 tos 0x10 uid 5": {"mark": 7, "interface": "v0", "tos": 0x10, "uid": 5},
}
SOURCES = {4: ["192.0.2.1", "192.0.2.2", "127.0.0.1"], 6: ["2001:db8::1", "2001:db8::2", "2001:db8:b::1"]}
# Differences from `ip -j -d route get`: what it prints of the question and of the cache, and what it always leaves out.
ONLY_IP = {"uid", "cache", "mark"}


def as_ip(row: getifs.Route, names: dict[int, str]) -> dict[str, Any]:
    """`ip` prints neither the index nor the weight, nor a protocol of IPv4."""
    shown = row.to_dict(names)
    left_out = {"ifindex", "weight"}
    if row.destination.version == 4:
        left_out |= {"protocol", "scope"}
    return {key: value for key, value in shown.items() if key not in left_out}


def told(net: Namespace, words: list[str]) -> dict[str, Any] | str:
    try:
        (row,) = net.ip_json("-d", "route", "get", *words)
    except RuntimeError as error:
        return str(error).rpartition("RTNETLINK answers: ")[2].splitlines()[0]
    left_out = {
        *ONLY_IP,
        *(["from"] if row.get("from") == "::" else []),
        *(["protocol", "scope"] if "uid" in row else []),
    }
    return {key: value for key, value in row.items() if key not in left_out}


def ours(asked: Any, net: Namespace, destination: str, arguments: dict[str, Any]) -> dict[str, Any] | str:
    try:
        return as_ip(asked.route_to(destination, **arguments), net.names())
    except OSError as error:
        return os.strerror(error.errno or 0)


@pytest.mark.parametrize("family", [4, 6])
@pytest.mark.parametrize("words", ASKED)
def test_b54_equals_ip(routed: Namespace, family: int, words: str) -> None:
    with getifs.Session() as session:
        for destination in DESTINATIONS[family]:
            expected = told(routed, [destination, *words.split()])
            for asked in (getifs, session):
                assert ours(asked, routed, destination, ASKED[words]) == expected, destination


@pytest.mark.parametrize("family", [4, 6])
def test_b54_with_a_source_equals_ip(routed: Namespace, family: int) -> None:
    for source in SOURCES[family]:
        for destination in DESTINATIONS[family]:
            for words, arguments in (("", {}), ("mark 7", {"mark": 7})):
                expected = told(routed, [destination, "from", source, *words.split()])
                assert ours(getifs, routed, destination, {"source": source, **arguments}) == expected, destination


def test_b54_attributes(routed: Namespace) -> None:
    v0, w0 = routed.index("v0"), routed.index("w0")
    row = getifs.route_to("10.4.1.2")
    assert (row.index, str(row.gateway), str(row.prefsrc), row.mtu) == (v0, "192.0.2.6", "192.0.2.2", 1300)
    assert (str(row.destination), row.table, row.type) == (
        "10.4.1.2/32",
        getifs.RouteTable.MAIN,
        getifs.RouteType.UNICAST,
    )
    assert getifs.route_to("10.6.1.2").table == 100
    assert str(getifs.route_to("10.2.1.2").gateway) == "fe80::5"
    assert getifs.route_to("8.8.8.8", mark=7).index == w0
    assert getifs.route_to("8.8.8.8", uid=1000).table == 101
    row = getifs.route_to("2001:db8:4::9")
    assert (row.index, str(row.gateway), str(row.prefsrc), row.mtu) == (v0, "2001:db8::6", "2001:db8::2", 1300)
    assert row.source is None
    assert str(getifs.route_to("2001:db8:7::9", source="2001:db8::2").gateway) == "fe80::7"
    row = getifs.route_to("127.0.0.1")
    assert (row.index, row.type, row.table) == (1, getifs.RouteType.LOCAL, getifs.RouteTable.LOCAL)
    assert row == getifs.route_to(getifs.interface_addrs(family=4, interface="lo")[0].addr)


@pytest.mark.parametrize(
    ("destination", "number"),
    [
        ("10.15.0.1", errno.EHOSTUNREACH),
        ("10.16.0.1", errno.EACCES),
        ("10.17.0.1", errno.EINVAL),
        ("10.22.0.1", errno.ENETUNREACH),
        ("10.23.0.1", errno.EACCES),
        ("10.24.0.1", errno.EINVAL),
        ("2001:db8:15::1", errno.EHOSTUNREACH),
        ("2001:db8:16::1", errno.EACCES),
        ("2001:db8:17::1", errno.EINVAL),
        ("2001:db8:22::1", errno.ENETUNREACH),
        ("2001:db8:23::1", errno.EACCES),
        ("2001:db8:24::1", errno.EINVAL),
    ],
)
def test_b54_without_a_route(routed: Namespace, destination: str, number: int) -> None:
    with getifs.Session() as session:
        for _ in range(3):
            with pytest.raises(getifs.NetlinkError) as caught:
                session.route_to(destination)
            assert caught.value.errno == number
            assert isinstance(caught.value, PermissionError) == (number == errno.EACCES)
        assert session.route_to("127.0.0.1").index == 1


def test_b54_no_route_at_all(net: Namespace) -> None:
    for destination in ("192.0.2.1", "2001:db8::1"):
        with pytest.raises(OSError, match=os.strerror(errno.ENETUNREACH)) as caught:
            getifs.route_to(destination)
        assert caught.value.errno == errno.ENETUNREACH


def test_b54_link_local_destinations(routed: Namespace) -> None:
    v0, w0 = routed.index("v0"), routed.index("w0")
    (interface,) = getifs.interfaces(where=getifs.filters.named("w0"))
    assert getifs.route_to("fe80::1%v0").index == v0
    assert getifs.route_to(f"fe80::1%{w0}").index == w0
    assert getifs.route_to("fe80::1", interface=interface).index == w0
    assert getifs.route_to("ff02::1%w0").index == w0
    for destination in ("fe80::1", "ff02::1", "febf::1"):
        with pytest.raises(ValueError, match="destination .* needs an interface"):
            getifs.route_to(destination)
    with pytest.raises(ValueError, match="interface must not be given"):
        getifs.route_to("fe80::1%v0", interface=v0)
    with pytest.raises(ValueError, match="source must not have a scope id"):
        getifs.route_to("fe80::1%v0", source="fe80::2%v0")
    with pytest.raises(ValueError, match="source must be of the family"):
        getifs.route_to("192.0.2.9", source="::1")
    assert getifs.route_to("fe80::1%v0").destination == getifs.route_to("fe80::1%w0").destination


@pytest.mark.parametrize("missing", ["nope", 9999, "an-alternative-name"])
@pytest.mark.parametrize(
    "destination", ["192.0.2.9", "8.8.8.8", "2001:db8::9", "2a00::1", "fe80::1", "127.0.0.1", "::1"]
)
def test_b54_an_interface_that_does_not_exist(routed: Namespace, destination: str, missing: int | str) -> None:
    for arguments in ({}, {"source": "192.0.2.1" if "." in destination else "2001:db8::1"}):
        with pytest.raises(OSError, match="No such device") as caught:
            getifs.route_to(destination, interface=missing, **arguments)
        assert (caught.value.errno, type(caught.value)) == (errno.ENODEV, getifs.NetlinkError)
        assert str(missing) in str(caught.value)


def test_b54_alternative_names(routed: Namespace) -> None:
    routed.ip("link property add dev w0 altname another-name-of-w0")
    assert getifs.route_to("2001:db8:b::9", interface="another-name-of-w0").index == routed.index("w0")
    assert getifs.route_to("fe80::9%another-name-of-w0").index == routed.index("w0")


def answer(session: getifs.Session, destination: str) -> int | None:
    """The version of the address in the answer, or the errno."""
    try:
        return session.route_to(destination, interface="c0").destination.version
    except OSError as error:
        return error.errno


def test_b54_while_the_interface_comes_and_goes(routed: Namespace) -> None:
    """Each answer is a route through it, or says that it does not exist or that there is no route."""
    stop, answered = threading.Event(), threading.Event()

    def flap() -> None:
        while not stop.is_set():
            routed.ip("link add c0 type veth peer name c1\n link set c1 up\n link set c0 up")
            routed.ip("addr add 203.0.113.1/24 dev c0\n addr add 2001:db8:c::1/64 dev c0 nodad")
            answered.wait(2)  # the kernel may take a second to notice the carrier, before which IPv6 has no route
            routed.ip("link del c0")

    thread = threading.Thread(target=flap)
    thread.start()
    found: set[object] = set()
    try:
        with getifs.Session() as session:

            def ask() -> bool:
                for destination in ("203.0.113.9", "2001:db8:c::9", "fe80::9"):
                    found.add(answer(session, destination))
                if found >= {4, 6}:
                    answered.set()
                return found >= {4, 6, errno.ENODEV}

            wait_for(ask)
            for _ in range(1000):
                ask()
    finally:
        stop.set()
        thread.join()
    assert found <= {4, 6, errno.ENODEV, errno.ENETUNREACH, errno.EHOSTUNREACH}


def test_b54_a_path_that_is_known_to_be_narrow(routed: Namespace) -> None:
    """The MTU of a route is in the answer; that of an interface is not."""
    routed.ip("route add 10.99.0.0/16 via 192.0.2.9 mtu lock 1234")
    assert getifs.route_to("10.99.1.1").mtu == 1234
    assert getifs.route_to("8.8.8.8").mtu is None


def test_b54_watchers_do_not_know(routed: Namespace) -> None:
    with getifs.watch(routes=True) as watcher, pytest.raises(ValueError, match="no notifications"):
        watcher.route_to("8.8.8.8")


@pytest.mark.parametrize("name", ["\u0663", "12345678901"])
def test_a_scope_id_that_is_a_name_of_digits(net: Namespace, name: str) -> None:
    """Only ASCII digits are an index, and no more than ten."""
    v0 = net.veth("v0", "v1")
    net.ip(f"addr add fe80::1/64 dev v0 nodad\n link property add dev v0 altname {name}")
    net.settle()
    assert getifs.ip_mtu(f"fe80::1%{name}") == 1500
    assert getifs.route_to(f"fe80::2%{name}").index == v0
    assert getifs.ip_mtu(f"fe80::1%{v0}") == 1500
    assert getifs.route_to(f"fe80::2%{v0}").index == v0
