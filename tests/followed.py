"""A follower that only applies events, and what it must be equal to."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import getifs
from getifs import Event, Watcher

QUERIES: dict[str, Callable[[Any, bool], Any]] = {
    "Interface": lambda api, all_routes: api.interfaces(),
    "IfNet": lambda api, all_routes: api.interface_addrs(),
    "Route": lambda api, all_routes: api.route_table(all=all_routes),
    "NextHop": lambda api, all_routes: api.nexthops(),
}


def _key(row: Any) -> tuple[Any, ...]:
    return (row._kind, *row._value())


class Follower:
    """The rows that events lead to. An event that does not fit the rows before it fails."""

    def __init__(self) -> None:
        self.rows: Counter[tuple[Any, ...]] = Counter()

    def apply(self, events: Iterable[Event]) -> None:
        for event in events:
            gone = event.row if event.kind == "removed" else event.old
            if gone is not None:
                assert self.rows[_key(gone)] > 0, f"not there: {event!r}"
                self.rows[_key(gone)] -= 1
            if event.kind != "removed":
                self.rows[_key(event.row)] += 1
            if event.kind == "changed":
                assert event.row != event.old, event

    def of(self, kind: str) -> Counter[tuple[Any, ...]]:
        return Counter({key: count for key, count in self.rows.items() if key[0] == kind and count})


def differences(
    watcher: Watcher, follower: Follower, *, all_routes: bool = True, kinds: Iterable[str] = QUERIES
) -> list[str]:
    """How the mirror and the follower differ from what the kernel says now."""
    found = []
    for kind in kinds:
        query = QUERIES[kind]
        fresh = Counter(map(_key, query(getifs, all_routes)))
        for name, rows in (("mirror", Counter(map(_key, query(watcher, all_routes)))), ("events", follower.of(kind))):
            found += [f"{name} lacks {row}" for row in (fresh - rows).elements()]
            found += [f"{name} has {row}" for row in (rows - fresh).elements()]
    return found
