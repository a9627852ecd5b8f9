"""Snapshots (B92): their tables and joins against `ip -j`, and differences against the events of a watcher."""

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import oracle
import pytest
from descriptors import descriptors
from followed import Follower
from netns import Namespace

import getifs
from getifs import Event, Snapshot, Watcher

TABLES: dict[str, Callable[[Snapshot], Any]] = {
    "link": lambda snapshot: snapshot.interfaces,
    "addr": lambda snapshot: snapshot.addrs,
    "route": lambda snapshot: snapshot.routes,
    "nexthop": lambda snapshot: snapshot.nexthops,
}


def links_without_details(net: Namespace) -> oracle.Rows:
    """What `ip` prints, with the kind alone: a snapshot has no settings of it (B15a)."""
    rows = net.ip_json("-d", "link")
    kinds = [row.pop("linkinfo", {}).get("info_kind") for row in rows]
    return [row | ({"linkinfo": {"info_kind": kind}} if kind else {}) for row, kind in zip(rows, kinds, strict=True)]


@pytest.mark.parametrize("kind", TABLES)
def test_b92_tables_equal_those_of_ip(everything: Namespace, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setitem(oracle.OURS, kind, lambda: TABLES[kind](getifs.snapshot(all_routes=True)))
    monkeypatch.setitem(oracle.TOLD, "link", links_without_details)
    oracle.check(kind, everything)


def test_b92_joins_equal_those_of_ip(everything: Namespace) -> None:
    everything.ip("neigh add 192.0.2.99 lladdr 02:00:00:00:00:99 dev v0")
    snapshot = getifs.snapshot(all_routes=True, neighbours=True)
    ports = [row["ifname"] for row in everything.ip_json("link", "show", "master", "br0")]
    assert [row.name for row in snapshot.ports_of("br0")] == ports == ["p0", "q0"]
    controller = snapshot.controller_of("p0")
    assert controller is snapshot.interface("br0") is not None and controller.name == "br0"
    assert snapshot.controller_of("v0") is None
    v0 = snapshot.interface("another")  # an alternative name
    assert v0 is not None and (v0.index, v0.name) == (everything.index("v0"), "v0")
    assert snapshot.interface("nope") is snapshot.interface(9999) is None
    addrs = [row["local"] for row in everything.ip_json("addr", "show", "dev", "v0")[0]["addr_info"]]
    assert [str(row.addr) for row in snapshot.addrs_of(v0)] == addrs
    assert snapshot.addrs_of(v0) == snapshot.addrs_of(v0.index) == snapshot.addrs_of("v0")
    routes = {(row.get("dst"), row.get("table")) for row in everything.ip_json("-4", "route", "show", "dev", "q0")}
    found = {str(row.destination) for row in snapshot.routes_of("q0") if row.destination.version == 4}
    assert {str(dst) for dst, _ in routes} <= found
    told = everything.ip_json("neigh", "show", "dev", "v0")
    permanent = {row["dst"] for row in told if row["state"] == ["PERMANENT"]}
    found = {str(row.addr) for row in snapshot.neighbours_of("v0") if str(row.state) == "PERMANENT"}
    assert found == permanent >= {"192.0.2.99"}
    (over,) = [row for row in snapshot.routes if str(row.destination) == "10.4.0.0/16"]
    nexthop = snapshot.nexthop_of(over)
    assert nexthop in list(getifs.nexthops()) and nexthop is not None and nexthop.id == 2
    assert snapshot.nexthop_of(next(row for row in snapshot.routes if row.nexthop_id is None)) is None


@pytest.mark.parametrize("all_routes", [False, True])
def test_b92_default_routes_are_those_of_the_query(everything: Namespace, all_routes: bool) -> None:
    everything.ip("route add default table 100 dev v0\n route add blackhole default metric 3")
    snapshot = getifs.snapshot(all_routes=all_routes)
    assert snapshot.default_routes() == getifs.default_routes() != []
    for family in (4, 6):
        assert snapshot.default_routes(family=family) == getifs.default_routes(family=family) != []


def test_b92_to_dict_has_the_names_of_the_snapshot(everything: Namespace) -> None:
    shown = getifs.snapshot().to_dict()
    assert list(shown) == ["interfaces", "addrs", "routes", "nexthops"]
    names = {row["ifindex"]: row["ifname"] for row in everything.ip_json("link")}
    assert {row["ifindex"]: row["ifname"] for row in shown["interfaces"]} == names
    assert all(row["ifname"] == names[row["ifindex"]] for row in shown["addrs"])
    assert all(row["dev"] == names[row["ifindex"]] for row in shown["routes"])
    assert list(getifs.snapshot(neighbours=True).to_dict())[-1] == "neighbours"


@pytest.fixture
def world(net: Namespace) -> Namespace:
    net.veth()
    net.veth("w0", "w1")
    net.wait_for_carrier("v0", "v1", "w0", "w1")
    net.sysctl("net.ipv4.nexthop_compat_mode", 0)
    net.ip("""
        addr add 192.0.2.1/24 dev v0
        addr add 2001:db8::1/64 dev v0 nodad
        addr add 203.0.113.9/32 dev v0 noprefixroute
        addr add 198.51.100.1/24 dev w0
        nexthop add id 1 via 192.0.2.5 dev v0
        route add default nhid 1
        route add 10.1.0.0/16 via 192.0.2.5
        route add 10.2.0.0/16 nexthop via 192.0.2.5 nexthop via 198.51.100.5
        route add 2001:db8:1::/48 nexthop via 2001:db8::5 nexthop via 2001:db8::6
        route add 2001:db8:2::/48 via 2001:db8::5
        route add 10.3.0.0/16 dev v0 table 100
        neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev v0 nud stale
    """)
    net.settle()
    return net


# Changes whose every step a difference shows, and the kinds of the events.
CHANGES: dict[str, tuple[str, list[str]]] = {
    "MTU": ("link set v0 mtu 1400", ["changed"]),
    "link": ("link add br0 type bridge", ["added"]),
    "address": ("addr add 203.0.113.1/32 dev v0 noprefixroute", ["added", "added"]),
    "metric of an address": ("addr change 203.0.113.9/32 dev v0 noprefixroute metric 7", ["changed"]),
    "route of the same key": ("route replace 10.1.0.0/16 via 192.0.2.6", ["changed"]),
    "IPv6 route of the same key": ("route replace 2001:db8:2::/48 via 2001:db8::7", ["changed"]),
    "route of another key": ("route add 10.1.0.0/16 via 192.0.2.6 metric 5", ["added"]),
    "route that is appended": ("route append 10.1.0.0/16 via 192.0.2.6", ["added"]),
    "two hops by one": ("route replace 10.2.0.0/16 via 192.0.2.5", ["changed", "removed"]),
    "one hop by two": ("route replace 10.1.0.0/16 nexthop via 192.0.2.5 nexthop via 192.0.2.6", ["added", "changed"]),
    "a hop of IPv6": ("route del 2001:db8:1::/48 via 2001:db8::5", ["changed", "removed"]),
    "route of another table": ("route del 10.3.0.0/16 table 100", ["removed"]),
    "next-hop object, and the route over it": ("nexthop replace id 1 via 192.0.2.7 dev v0", ["changed", "changed"]),
    "next-hop object that is deleted": ("nexthop del id 1", ["removed", "removed"]),
    "neighbour": ("neigh change 192.0.2.9 lladdr 02:00:00:00:00:08 dev v0 nud stale", ["changed"]),
    "nothing": ("route replace 10.1.0.0/16 via 192.0.2.5", []),
}


def following(watcher: Watcher, seconds: float = 5.0) -> list[Event]:
    """The first events, and those that follow within a short time."""
    events, until = watcher.poll(seconds), time.monotonic() + seconds
    while (more := watcher.poll(0.1)) and time.monotonic() < until:
        events += more
    return events


@pytest.mark.parametrize("change", CHANGES)
def test_b92_a_difference_is_what_a_watcher_gives(world: Namespace, change: str) -> None:
    command, kinds = CHANGES[change]
    with getifs.watch(routes="all", nexthops=True, neighbours=True) as watcher:
        before = getifs.snapshot(neighbours=True, all_routes=True)
        world.ip(command)
        events = following(watcher, 5.0 if kinds else 0.3)
        after = getifs.snapshot(neighbours=True, all_routes=True)
    found = after.difference(before)
    assert sorted(event.kind for event in found) == kinds
    assert Counter(found) == Counter(events)
    assert after.difference(after) == []


def rows(snapshot: Snapshot) -> list[Event]:
    """A follower of a snapshot begins with its rows."""
    tables = (snapshot.interfaces, snapshot.addrs, snapshot.routes, snapshot.nexthops)
    return [Event("added", row) for table in tables for row in table]


@pytest.mark.parametrize("all_routes", [False, True])
def test_b92_a_difference_leads_from_one_to_the_other(world: Namespace, all_routes: bool) -> None:
    before = getifs.snapshot(all_routes=all_routes)
    world.ip("""
        link del w0
        link set v0 name u0
        addr del 192.0.2.1/24 dev u0
        addr add 192.0.2.1/25 dev u0
        link add br0 type bridge
        link set u0 master br0
        route replace default via 192.0.2.5
        route add 10.2.0.0/16 nexthop via 192.0.2.5 nexthop via 192.0.2.6 weight 3
        route replace 10.3.0.0/16 via 192.0.2.5 mtu 1300 table 100
        route replace 2001:db8:1::/48 via 2001:db8::7 mtu 1300
    """)
    world.settle()
    after = getifs.snapshot(all_routes=all_routes)
    for earlier, later in ((before, after), (after, before)):
        follower, expected = Follower(), Follower()
        follower.apply([*rows(earlier), *later.difference(earlier)])
        expected.apply(rows(later))
        assert follower.rows == expected.rows
    gone = {str(event) for event in after.difference(before) if isinstance(event.row, getifs.Interface)}
    assert {text.split()[2] for text in gone if text.startswith("removed link")} == {"w0", "w1"}


def test_b92_a_watcher_gives_snapshots_of_its_state(world: Namespace) -> None:
    with getifs.watch(routes=True, nexthops=True, neighbours=True) as watcher:
        with getifs.Session() as session:
            before = session.snapshot(neighbours=True, all_routes=True)
        assert watcher.snapshot(neighbours=True, all_routes=True) == before
        world.ip("addr add 203.0.113.1/32 dev v0\n link set v0 mtu 1300")
        assert watcher.snapshot(neighbours=True, all_routes=True) == before, "nothing was read since"
        following(watcher)
        found = watcher.snapshot(neighbours=True, all_routes=True)
        assert getifs.snapshot(neighbours=True, all_routes=True).difference(found) == []
        assert {event.kind for event in found.difference(before)} == {"added", "changed"}
    with getifs.watch() as watcher, pytest.raises(ValueError, match="routes=True"):
        watcher.snapshot()


def test_b92_one_socket_for_all_dumps(world: Namespace) -> None:
    """The function of the module closes it."""
    before = descriptors()
    getifs.snapshot(neighbours=True)
    assert descriptors() == before
    with getifs.Session() as session:
        session.snapshot(neighbours=True)
        assert len(descriptors()) == len(before) + 1
