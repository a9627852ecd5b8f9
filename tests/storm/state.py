"""The state of a network, as a fresh dump says it, and how a follower's differs."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import getifs

State = dict[str, Counter[Any]]


QUERIES: dict[str, Callable[[Any, bool], Any]] = {
    "links": lambda asked, _: asked.interfaces(),
    "addrs": lambda asked, _: asked.interface_addrs(),
    "routes": lambda asked, all_routes: asked.route_table(all=all_routes),
    "nexthops": lambda asked, _: asked.nexthops(),
    "rules": lambda asked, _: asked.rules(),
}


def fresh(asked: Any = getifs, *, all_routes: bool = True, kinds: Iterable[str] = QUERIES) -> State:
    """All rows of some kinds. They are values: lifetimes do not count. `asked`: a session, or a watcher."""
    return {kind: Counter(QUERIES[kind](asked, all_routes)) for kind in kinds}


def differences(expected: State, actual: State) -> Iterator[str]:
    """One line for each row that the follower lacks (-) or has too much (+)."""
    for kind, rows in expected.items():
        found = actual[kind]
        for sign, difference in (("-", rows - found), ("+", found - rows)):
            for row, count in difference.items():
                yield f"{sign} {kind} {count} × {row.to_dict() if hasattr(row, 'to_dict') else row}"


def assert_follows(read: Callable[[], State], expect: Callable[[], State] = fresh, seconds: float = 3.0) -> None:
    """Fails if what a follower says is not what a fresh dump says, and does not become so within some seconds.

    The kernel delays some changes of operational state by up to a second.
    """
    end = time.monotonic() + seconds
    while True:
        actual, expected = read(), expect()
        if actual == expected:
            return
        if time.monotonic() > end:
            raise AssertionError("\n".join(["the follower differs:", *differences(expected, actual)]))
        time.sleep(0.05)
