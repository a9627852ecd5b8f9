"""Following changes (B93): the events of known changes, and what the kernel does not announce."""

import select
import time
from collections.abc import Callable
from typing import Any

import pytest
from followed import Follower, differences
from netns import Namespace, wait_for
from packets import advertise
from queries import QUERIES, set_up

import getifs
from getifs import Event, Watcher, filters


def texts(events: list[Event]) -> list[str]:
    return [str(event) for event in events]


def following(watcher: Watcher, wanted: int, seconds: float = 5.0) -> list[Event]:
    """So many events, and those that follow within a short time."""
    events: list[Event] = []
    until = time.monotonic() + seconds
    while len(events) < wanted and time.monotonic() < until:
        events += watcher.poll(until - time.monotonic())
    return events + watcher.poll(0.05)


@pytest.fixture
def v0(net: Namespace) -> int:
    index = net.veth()
    net.wait_for_carrier("v0", "v1")
    return index


def test_b93_addresses(net: Namespace, v0: int) -> None:
    with getifs.watch(links=False) as watcher:
        assert watcher.poll(0) == []
        net.ip("addr add 192.0.2.1/24 dev v0\n addr change 192.0.2.1/24 dev v0 metric 7\n addr del 192.0.2.1/24 dev v0")
        added, changed, removed = following(watcher, 3)
        assert [added.kind, changed.kind, removed.kind] == ["added", "changed", "removed"]
        assert isinstance(changed.row, getifs.IfNet)
        assert (str(added.row), added.old) == (f"192.0.2.1/24 ({v0})", None)
        assert (changed.row.metric, changed.old) == (7, added.row)
        assert (removed.row, removed.old) == (changed.row, None)
        net.ip("link set v0 mtu 1400\n addr add 2001:db8::1/64 dev v0 nodad")
        assert texts(following(watcher, 1)) == [f"added addr 2001:db8::1/64 ({v0})"]


def test_b93_links(net: Namespace, v0: int) -> None:
    with getifs.watch(addrs=False) as watcher:
        net.ip("link set v0 mtu 1400 alias cable\n link add br0 type bridge\n link set v0 master br0")
        _mtu, changed, added, *_, enslaved = following(watcher, 4)
        assert (changed.kind, added.kind, enslaved.kind) == ("changed", "added", "changed")
        assert isinstance(changed.row, getifs.Interface) and isinstance(changed.old, getifs.Interface)
        assert (changed.row.mtu, changed.row.alias, changed.old.mtu, changed.old.alias) == (1400, "cable", 1400, None)
        assert isinstance(added.row, getifs.Interface) and added.row.kind == "bridge"
        net.ip("link set v0 down\n link set v0 name w0\n link del br0")
        events = following(watcher, 3)
        assert {event.row.name for event in events if isinstance(event.row, getifs.Interface)} >= {"w0", "br0"}
        assert [event.row.name for event in events if event.kind == "removed"] == ["br0"]
        assert watcher.interface_by_name("w0") == getifs.interface_by_name("w0")


def test_b93_a_notification_that_changes_nothing_visible_is_no_event(net: Namespace, v0: int) -> None:
    """The state of bridge ports is announced as RTM_NEWLINK of family AF_BRIDGE; lifetimes are no part of a row."""
    net.ip("""
        link add br0 type bridge
        link set v0 master br0
        link set br0 up
        addr add 192.0.2.1/24 dev br0 valid_lft 100 preferred_lft 100
    """)
    time.sleep(0.1)
    with getifs.watch() as watcher:
        net.ip(
            "link set v0 type bridge_slave cost 7\n addr change 192.0.2.1/24 dev br0 valid_lft 200 preferred_lft 200"
        )
        assert watcher.poll(0.2) == []
        (addr,) = watcher.interface_addrs(family=4, interface="br0")
        assert 190 < (addr.valid_lft or 0) <= 200, "the mirror has the new lifetime"
        net.ip("link set br0 type bridge ageing_time 100\n link set v0 nomaster")
        assert all(event.kind == "changed" for event in following(watcher, 1)), "v0 has left the bridge, and is there"


def test_b93_routes_that_are_replaced_keep_their_key(net: Namespace, v0: int) -> None:
    net.ip("addr add 192.0.2.1/24 dev v0")
    with getifs.watch(links=False, addrs=False, routes=True) as watcher:
        net.ip("""
            route add 198.51.100.0/24 via 192.0.2.5
            route replace 198.51.100.0/24 via 192.0.2.6
            route change 198.51.100.0/24 via 192.0.2.7
            route append 198.51.100.0/24 via 192.0.2.8
            route add 198.51.100.0/24 via 192.0.2.9 metric 5
            route del 198.51.100.0/24 via 192.0.2.7
        """)
        events = following(watcher, 6)
        assert [(event.kind, str(event.row).rpartition("via ")[2]) for event in events] == [
            ("added", f"192.0.2.5 ({v0})"),
            ("changed", f"192.0.2.6 ({v0})"),
            ("changed", f"192.0.2.7 ({v0})"),
            ("added", f"192.0.2.8 ({v0})"),
            ("added", f"192.0.2.9 ({v0})"),
            ("removed", f"192.0.2.7 ({v0})"),
        ]
        net.ip("route add 203.0.113.0/24 via 192.0.2.5 table 100\n route add blackhole 203.0.113.0/25")
        assert watcher.poll(0.1) == [], "neither is in route_table()"
        assert watcher.route_table(table=100) == getifs.route_table(table=100)


# What each command removes or changes without a notification: the setup, the command, and the rows that are gone.
SILENT: dict[str, tuple[str, str, set[str]]] = {
    "IPv4 routes over a link that goes down": (
        "route add 198.51.100.0/24 via 192.0.2.5",
        "link set v0 down",
        {"192.0.2.0/24", "198.51.100.0/24 via 192.0.2.5"},
    ),
    "IPv4 routes over a link that is deleted": (
        "route add 198.51.100.0/24 dev v0",
        "link del v0",
        {"192.0.2.0/24", "198.51.100.0/24", "local 192.0.2.1/32"},
    ),
    # Linux 6.18 announces this one; older kernels do not.
    "IPv4 routes with a preferred source that is deleted": (
        "addr add 203.0.113.1/32 dev lo\n route add 198.51.100.0/24 via 192.0.2.5 src 203.0.113.1",
        "addr del 203.0.113.1/32 dev lo",
        {"198.51.100.0/24 via 192.0.2.5", "local 203.0.113.1/32"},
    ),
    "IPv4 routes over a link whose last address is deleted": (
        "route add 198.51.100.0/24 dev v0",
        "addr del 192.0.2.1/24 dev v0",
        {"192.0.2.0/24", "198.51.100.0/24", "local 192.0.2.1/32"},
    ),
    "IPv4 routes over a link whose MTU is too small": (
        "route add 198.51.100.0/24 dev lo",
        "link set lo mtu 67",
        {"198.51.100.0/24", "local 127.0.0.1/32"},
    ),
    "next-hop objects of a link that goes down, and routes over them": (
        "nexthop add id 1 via 192.0.2.5 dev v0\n route add 198.51.100.0/24 nhid 1",
        "link set v0 down",
        {"192.0.2.0/24", "198.51.100.0/24 via 192.0.2.5", "id 1 via 192.0.2.5"},
    ),
    "IPv4 routes over a next-hop object that is deleted": (
        "nexthop add id 1 via 192.0.2.5 dev v0\n route add 198.51.100.0/24 nhid 1",
        "nexthop del id 1",
        {"198.51.100.0/24 via 192.0.2.5", "id 1 via 192.0.2.5"},
    ),
}


@pytest.mark.parametrize("case", SILENT)
@pytest.mark.parametrize("compat", [1, 0])
def test_b93_silent_removals(net: Namespace, v0: int, case: str, compat: int) -> None:
    setup, command, gone = SILENT[case]
    net.sysctl("net.ipv4.nexthop_compat_mode", compat)
    net.ip(f"addr add 192.0.2.1/24 dev v0\n {setup}")
    follower = Follower()
    with getifs.watch(routes=True, nexthops=True, family=4, initial=True) as watcher:
        follower.apply(watcher.poll(0))
        net.ip(command)
        events = following(watcher, len(gone))
        removed = [event.row for event in events if event.kind == "removed"]
        shown = {str(row).removesuffix(f" ({v0})").removesuffix(" (1)") for row in removed}
        assert shown & gone == gone
        follower.apply(events)
        assert differences(watcher, follower, kinds=("links", "nexthops")) == []
        assert list(watcher.route_table()) == list(getifs.route_table(family=4))


def test_b93_ipv6_routes_lose_a_preferred_source_in_silence(net: Namespace, v0: int) -> None:
    net.ip("""
        addr add 2001:db8::1/64 dev v0 nodad
        addr add 2001:db8::2/64 dev v0 nodad
        route add 2001:db8:5::/48 via 2001:db8::9 src 2001:db8::2
    """)
    net.settle()
    with getifs.watch(addrs=False, routes=True) as watcher:
        net.ip("addr del 2001:db8::2/64 dev v0")
        events = following(watcher, 2)
        (changed,) = [event for event in events if event.kind == "changed"]
        assert isinstance(changed.row, getifs.Route) and isinstance(changed.old, getifs.Route)
        assert (str(changed.row.destination), changed.row.prefsrc) == ("2001:db8:5::/48", None)
        assert str(changed.old.prefsrc) == "2001:db8::2"


def test_b93_hops_over_a_link_without_carrier_are_unusable_in_silence(net: Namespace, v0: int) -> None:
    w0 = net.veth("w0", "w1")
    net.sysctl("net.ipv4.conf.all.ignore_routes_with_linkdown", 1)
    net.ip("""
        addr add 192.0.2.1/24 dev v0
        addr add 198.51.100.1/24 dev w0
        route add default nexthop via 192.0.2.5 nexthop via 198.51.100.5
    """)
    with getifs.watch(links=False, routes=True, family=4) as watcher:
        assert [row.index for row in watcher.default_routes()] == [v0, w0]
        net.pull("v0", "v1")
        assert f"removed route 0.0.0.0/0 via 192.0.2.5 ({v0})" in texts(following(watcher, 1))
        assert [row.index for row in watcher.default_routes()] == [w0]
        assert watcher.default_routes() == getifs.default_routes(family=4)
        assert [str(row.addr) for row in watcher.best_local_addrs()] == ["198.51.100.1"]
        net.ip("link set v1 up")
        wait_for(lambda: watcher.poll(0) or len(watcher.default_routes()) == 2)
        assert watcher.default_routes() == getifs.default_routes(family=4)


def test_b93_a_setting_changes_flags_of_routes(net: Namespace, v0: int) -> None:
    net.ip("addr add 192.0.2.1/24 dev v0\n route add default via 192.0.2.5")
    net.pull("v0", "v1")
    with getifs.watch(links=False, addrs=False, routes=True, family=4) as watcher:
        net.sysctl("net.ipv4.conf.all.ignore_routes_with_linkdown", 1)
        changed = {str(event.row): event.row for event in following(watcher, 2) if event.kind == "changed"}
        row = changed[f"0.0.0.0/0 via 192.0.2.5 ({v0})"]
        assert isinstance(row, getifs.Route) and "DEAD" in str(row.flags)


def test_b93_an_address_under_detection_is_found(net: Namespace) -> None:
    """The kernel announces a link-local address only after duplicate address detection, but dumps it before."""
    net.give_link_local_addresses(True)
    with getifs.watch(links=False) as watcher:
        net.veth()
        wait_for(lambda: watcher.poll(0) or len(watcher.interface_addrs(where=filters.tentative)) == 2, 1)
        wait_for(lambda: watcher.poll(0) or not watcher.interface_addrs(where=filters.tentative))
        assert set(watcher.interface_addrs()) == set(getifs.interface_addrs())


def test_b93_router_advertisements(net: Namespace) -> None:
    far = net.other()
    net.give_link_local_addresses(True)
    index = net.veth("f0", "f1", far)
    far.ip("addr add fe80::a/64 dev f1 nodad")
    with getifs.watch(routes=True, family=6) as watcher:
        # The kernel announces the route before it sets its hop limit.
        advertise(far, "f1", "fe80::a", "high", "2001:db8:aa::", host=net)
        watcher.wait_for(lambda watcher: watcher.default_routes() and watcher.local_addrs(), timeout=10)
        events = texts(watcher.poll(0))
        assert f"added route ::/0 via fe80::a ({index})" in events
        assert any(text.startswith("added addr 2001:db8:aa:") for text in events)
        assert watcher.default_routes() == getifs.default_routes(family=6)
        wait_for(lambda: watcher.poll(0) or list(watcher.best_local_addrs()) == list(getifs.best_local_addrs(family=6)))


def test_b93_neighbours(net: Namespace, v0: int) -> None:
    with getifs.watch(links=False, addrs=False, neighbours=True) as watcher:
        net.ip("""
            neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev v0 nud stale
            neigh change 192.0.2.9 lladdr 02:00:00:00:00:08 dev v0 nud stale
            neigh change 192.0.2.9 lladdr 02:00:00:00:00:08 dev v0 nud noarp
            neigh add 2001:db8::9 lladdr 02:00:00:00:00:09 dev v0
        """)
        events = following(watcher, 4)
        assert [(event.kind, str(event.row).split()[0]) for event in events] == [
            ("added", "192.0.2.9"),
            ("changed", "192.0.2.9"),
            ("removed", "192.0.2.9"),  # entries that need no resolution are not in neighbours()
            ("added", "2001:db8::9"),
        ]
        assert list(watcher.neighbours()) == list(getifs.neighbours())
        with pytest.raises(ValueError, match="no notifications"):
            watcher.neighbours(all=True)


def test_b93_lost_notifications_are_made_up_for(net: Namespace, v0: int) -> None:
    follower = Follower()
    with getifs.watch(links=False, initial=True, receive_buffer=2048) as watcher:
        follower.apply(watcher.poll(0))
        addrs = [f"10.9.{number // 250}.{number % 250}/32" for number in range(3000)]
        net.ip("\n".join(f"addr add {addr} dev lo" for addr in addrs))
        assert len(watcher.interface_addrs(family=4)) < 100, "not read yet"
        follower.apply(watcher.poll(1))
        assert len(watcher.interface_addrs(family=4)) == 3001
        net.ip("\n".join(f"addr del {addr} dev lo" for addr in addrs[::2]))
        follower.apply(watcher.poll(1))
        assert len(watcher.interface_addrs(family=4)) == 1501
        assert differences(watcher, follower, kinds=["addrs"]) == []


def test_initial_events_are_the_rows_that_exist(net: Namespace, v0: int) -> None:
    net.ip("addr add 192.0.2.1/24 dev v0\n nexthop add id 1 via 192.0.2.5 dev v0\n route add default nhid 1")
    with getifs.watch(routes="all", nexthops=True, neighbours=True, initial=True) as watcher:
        assert select.select([watcher], [], [], 0)[0] == [watcher]
        events = watcher.poll(0)
        assert {event.kind for event in events} == {"added"}
        rows = [*getifs.interfaces(), *getifs.interface_addrs(), *getifs.nexthops(), *getifs.route_table(all=True)]
        assert [event.row for event in events] == rows
        assert watcher.poll(0) == []


def test_where_filters_events_but_not_queries(net: Namespace, v0: int) -> None:
    with getifs.watch(links=False, where=filters.private) as watcher:
        net.ip("addr add 10.0.0.1/8 dev v0\n addr add 11.0.0.1/8 dev v0\n addr add 192.168.0.1/16 dev v0")
        assert texts(following(watcher, 2)) == [f"added addr 10.0.0.1/8 ({v0})", f"added addr 192.168.0.1/16 ({v0})"]
        assert len(watcher.interface_addrs(family=4, interface="v0")) == 3
    with getifs.watch(where=lambda row: row.index == v0) as watcher:
        net.ip("link set lo mtu 5000\n link set v0 mtu 1300\n addr del 10.0.0.1/8 dev v0\n addr add 127.0.0.2/8 dev lo")
        assert texts(following(watcher, 2)) == ["changed link v0 (3)", f"removed addr 10.0.0.1/8 ({v0})"]


def test_where_accepts_the_row_or_the_old_one(net: Namespace, v0: int) -> None:
    with getifs.watch(addrs=False, where=filters.up & filters.on(v0)) as watcher:
        net.ip("link set v0 down")
        first = following(watcher, 1)[0]
        assert isinstance(first.row, getifs.Interface)
        assert "UP" not in str(first.row.flags)


def test_polling_without_a_wait_does_not_wait_for_silence(net: Namespace, v0: int) -> None:
    with getifs.watch(links=False, settle=60) as watcher:
        net.ip("addr add 192.0.2.1/24 dev v0")
        start = time.monotonic()
        assert [event.kind for event in watcher.poll(0)] == ["added"]
        assert time.monotonic() - start < 30


def test_settle_groups_events(net: Namespace, v0: int) -> None:
    with getifs.watch(links=False, settle=0.3) as watcher:
        start = time.monotonic()
        net.ip("addr add 10.0.0.1/32 dev v0")
        net.ip("addr add 10.0.0.2/32 dev v0")
        assert len(watcher.poll()) == 2
        assert time.monotonic() - start >= 0.3
        assert watcher.poll(0) == []


# Queries that a watcher cannot answer, and why.
NOT_FOLLOWED: dict[str, tuple[Callable[[Watcher], Any], str]] = {
    "addrs": (lambda watcher: watcher.interface_addrs(), "addrs=True"),
    "best": (lambda watcher: watcher.best_local_addrs(), "routes=True"),
    "routes": (lambda watcher: watcher.route_table(), "routes=True"),
    "nexthops": (lambda watcher: watcher.nexthops(), "nexthops=True"),
    "neighbours": (lambda watcher: watcher.neighbours(), "neighbours=True"),
    "rules": (lambda watcher: watcher.rules(), "rules=True"),
    "multicast": (lambda watcher: watcher.interface_multicast_addrs(), "no notifications"),
    "route_to": (lambda watcher: watcher.route_to("127.0.0.1"), "no notifications"),
    "counters": (lambda watcher: watcher.interfaces(stats=True), "no notifications"),
}


@pytest.mark.parametrize("name", NOT_FOLLOWED)
def test_a_query_for_what_is_not_followed(net: Namespace, name: str) -> None:
    query, reason = NOT_FOLLOWED[name]
    with getifs.watch(addrs=False) as watcher, pytest.raises(ValueError, match=reason):
        query(watcher)


def test_a_query_for_the_other_family(net: Namespace) -> None:
    with getifs.watch(family=4) as watcher:
        assert {str(row.addr) for row in watcher.interface_addrs()} == {"127.0.0.1"}
        with pytest.raises(ValueError, match="other family"):
            watcher.interface_addrs(family=6)


@pytest.fixture
def world(net: Namespace) -> Namespace:
    set_up(net)
    net.ip("link property add dev v0 altname uplink")
    return net


@pytest.mark.parametrize("name", sorted(QUERIES.keys() - {"interface_multicast_addrs", "neighbours", "route_to"}))
def test_queries_are_answered_from_the_mirror(world: Namespace, name: str) -> None:
    with getifs.watch(routes=True, nexthops=True, neighbours=True, rules=True) as watcher:
        expected: Any = QUERIES[name](getifs)
        with world.other():  # it has nothing of this
            found: Any = QUERIES[name](watcher)
            assert found == expected or (name == "gateway_addrs" and set(found) == set(expected))
            assert watcher.interface_by_name("uplink") == watcher.interface_by_name("v0") is not None
            assert watcher.neighbours()[0].mac_addr is not None
            with pytest.raises(OSError, match="No such device"):
                watcher.interface_addrs(interface="nope")


def test_a_watcher_stays_in_its_namespace(net: Namespace, v0: int) -> None:
    net.ip("addr add 192.0.2.1/24 dev v0\n route add default via 192.0.2.5")
    with getifs.watch(routes=True) as watcher:
        net.ip("link set v0 down")  # routes have to be dumped again
        with net.other():
            watcher.poll(1)
            assert [row.name for row in watcher.interfaces()] == ["lo", "v1", "v0"]
            assert watcher.default_routes() == []


def test_wait_for(net: Namespace, v0: int) -> None:
    net.ip("addr add 192.0.2.1/24 dev v0")
    with getifs.watch(links=False, addrs=False, routes=True) as watcher:
        with pytest.raises(TimeoutError):
            watcher.wait_for(Watcher.default_routes, timeout=0.05)
        net.ip("route add default via 192.0.2.5")
        (route,) = watcher.wait_for(Watcher.default_routes, timeout=5)
        assert str(route.gateway) == "192.0.2.5"
        assert watcher.wait_for(lambda _: 7) == 7
        assert texts(watcher.poll(0)) == [f"added route 0.0.0.0/0 via 192.0.2.5 ({v0})"], "they were kept"
