"""A follower that only applies events, and how it and the mirror differ from fresh dumps."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from storm.state import differences as state_differences
from storm.state import fresh

from getifs import Event, Watcher

KINDS = {"Interface": "links", "IfNet": "addrs", "Route": "routes", "NextHop": "nexthops", "Rule": "rules"}


class Follower:
    """The rows that events lead to. An event that does not fit the rows before it fails."""

    def __init__(self) -> None:
        self.rows: dict[str, Counter[Any]] = {kind: Counter() for kind in KINDS.values()}

    def apply(self, events: Iterable[Event]) -> None:
        for event in events:
            rows = self.rows[KINDS[type(event.row).__name__]]
            gone = event.row if event.kind == "removed" else event.old
            if gone is not None:
                assert rows[gone] > 0, f"not there: {event!r}"
                rows[gone] -= 1
                if not rows[gone]:
                    del rows[gone]
            if event.kind != "removed":
                rows[event.row] += 1
            if event.kind == "changed":
                assert event.row != event.old, event


def differences(
    watcher: Watcher,
    follower: Follower,
    *,
    all_routes: bool = True,
    kinds: Iterable[str] = tuple(KINDS.values()),
    as_compared: Callable[[dict[str, Counter[Any]]], dict[str, Counter[Any]]] = lambda state: state,
) -> list[str]:
    """How the mirror and the follower differ from what the kernel says now."""
    expected = as_compared(fresh(all_routes=all_routes, kinds=kinds))
    mirror = as_compared(fresh(watcher, all_routes=all_routes, kinds=kinds))
    events = as_compared({kind: follower.rows[kind] for kind in kinds})
    return [
        f"{name} {line}"
        for name, state in (("mirror", mirror), ("events", events))
        for line in state_differences(expected, state)
    ]
