"""The command `getifs watch`: one line, or one JSON object, for each change."""

from __future__ import annotations

import gc
import select
import sys

from .._events import Event
from ..watcher import Watcher, watch
from . import routes, rules, text
from .json_text import dumps
from .output import write, write_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from .._predicates.tree import Predicate
    from .arguments import Arguments

_USUAL = ("links", "addrs", "routes")
_LINES: dict[str, tuple[Callable[..., Iterator[str]], int]] = {  # and the lines of their headings
    "Interface": (text.links, 1),
    "IfNet": (text.addrs, 1),
    "Route": (routes.lines, 0),
    "NextHop": (text.nexthops, 0),
    "Neighbour": (text.neighbours, 0),
    "Rule": (rules.lines, 0),
}


def follow(args: Arguments, wanted: Sequence[Predicate], *, colour: bool) -> None:
    """Writes changes until the output is closed or the process is interrupted."""
    gc.enable()  # this one can run for months
    objects = args.words or _USUAL
    where: Predicate | None = None
    for predicate in wanted:
        where = predicate if where is None else where & predicate
    with watch(
        links="links" in objects,
        addrs="addrs" in objects,
        routes=("all" if args.all else True) if "routes" in objects else False,
        nexthops="nexthops" in objects,
        neighbours="neighbours" in objects,
        rules="rules" in objects,
        family=args.family,
        where=where,
        initial=args.initial,
        netns=args.netns,
        settle=args.settle or 0.0,
        timeout=args.timeout,
    ) as watcher:
        names: dict[int, str] = {}
        while True:
            _wait(watcher)
            names |= watcher.ifnames()  # those of interfaces that have gone stay
            if events := watcher.poll(0):
                names |= watcher.ifnames()
                if args.json:
                    write("".join(f"{dumps(event.to_dict(names))}\n" for event in events))
                else:
                    write_lines((_line(event, names) for event in events), colour=colour)


def _wait(watcher: Watcher) -> None:
    """Waits for the watcher. A pipe whose reader has gone is an error at once, not at the next change."""
    poll = select.poll()
    poll.register(watcher, select.POLLIN)
    if sys.stdout is not None:
        poll.register(sys.stdout, 0)
    if any(happened & (select.POLLERR | select.POLLNVAL) for _, happened in poll.poll()):
        raise BrokenPipeError


def _body(row: Any, names: Mapping[int, str]) -> str:
    lines, heading = _LINES[type(row).__name__]
    return " ".join(" ".join(line.split()) for line in list(lines([row], names))[heading:])


def _line(event: Event, names: Mapping[int, str]) -> str:
    shown = event.to_dict(names)
    line = f"{shown['event']} {shown['object']} {_body(event.row, names)}"
    if event.old is None:
        return line
    was = [f"{key} {_value(value)}" for key, value in shown["old"].items() if shown["row"].get(key) != value]
    return " ".join([line, *(["was", *was] if was else [])])


def _value(value: object) -> str:
    """As one word; a list of flags without quotes."""
    if isinstance(value, list) and all(isinstance(one, str) for one in value):  # pyright: ignore[reportUnknownVariableType]
        return ",".join(value) or "none"  # pyright: ignore[reportUnknownArgumentType]
    return value if isinstance(value, str) else dumps(value)
