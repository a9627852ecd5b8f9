"""The storm itself: that it reaches what followers find difficult, and that it defeats simple ones."""

from collections.abc import Iterator

import pytest
from netns import Namespace
from storm import State, Storm, assert_follows, fresh
from storm.commands import GROUPS, LINKS, TABLE, Commands
from storm.followers import EventsOnly, FollowerNdb

from getifs import Interface, Route
from getifs.enums import RouteProtocol


def _link_features(row: Interface) -> Iterator[str]:
    if row.name.startswith("r"):
        yield "renamed link"
    if row.name.startswith("c"):
        yield "new link"
    if row.controller:
        yield "port of a bridge"


def _route_features(row: Route) -> Iterator[str]:
    yield f"type {row.type.name}"
    if row.hop and not row.nexthop_id:
        yield "multipath"
    if row.nexthop_id:
        yield "through a group" if row.nexthop_id in (*GROUPS[4], *GROUPS[6]) else "through an object"
    if row.table == TABLE:
        yield "in another table"
    if row.prefsrc is not None and row.protocol == RouteProtocol.BOOT:
        yield "with a source"


def _features(state: State) -> Iterator[str]:
    for row in state["links"]:
        yield from _link_features(row)
    if sum(row.name[0] in "sr" for row in state["links"]) < len(LINKS):
        yield "moved link"
    for row in state["routes"]:
        yield from (f"IPv{row.destination.version} {feature}" for feature in _route_features(row))
    for row in state["nexthops"]:
        yield "group" if row.group else "object"


def test_what_a_storm_reaches(net: Namespace) -> None:
    missing = {"moved link", "renamed link", "new link", "port of a bridge", "group", "object"}
    ways = "multipath", "through an object", "through a group", "in another table", "with a source"
    for feature in ("type UNICAST", "type BLACKHOLE", "type UNREACHABLE", *ways):
        missing |= {f"IPv4 {feature}", f"IPv6 {feature}"}
    storm = Storm(net, 1, pause_every=50, quiet=0.05)
    for _ in storm.run(20_000):
        missing.difference_update(_features(fresh()))
        if not missing:
            break
    assert not missing
    assert storm.accepted > storm.refused


def test_the_same_seed_gives_the_same_commands() -> None:
    one, same, other = ([*map(str, (commands.next() for _ in range(100)))] for commands in map(_commands, (1, 1, 2)))
    assert one == same != other


def _commands(seed: int) -> Commands:
    return Commands(seed, "elsewhere", "here")


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("kind", [EventsOnly, FollowerNdb])
def test_a_storm_defeats_followers_that_only_apply_notifications(
    net: Namespace, seed: int, kind: type[EventsOnly | FollowerNdb]
) -> None:
    storm = Storm(net, seed, pause_every=50)
    net.settle()
    follower = kind()

    def follow() -> None:
        for _ in storm.run(1000):
            assert_follows(follower.state, kind.expected, 1.5)

    try:
        assert_follows(follower.state, kind.expected)  # it can see a network as a fresh dump does
        with pytest.raises(AssertionError, match=r"(?m)^[+-] routes"):
            follow()
    finally:
        follower.close()
