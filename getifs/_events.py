"""Events of a watcher: `Event`, and its making from a block of the C core."""

from __future__ import annotations

from _collections_abc import Mapping

from . import _core, _records
from ._lazy import LazyModule
from ._records import EVENT
from ._rows.addr import IfNet
from ._rows.interface import Interface
from ._rows.neighbour import Neighbour
from ._rows.nexthop import NextHop
from ._rows.route import Route
from ._rows.rule import Rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing
    from typing import Any, Literal

    from ._core import Block
    from ._table import Table

    Kind = Literal["added", "changed", "removed"]
else:
    typing = LazyModule("typing")
    Kind = str

Watched = Interface | IfNet | Route | NextHop | Neighbour | Rule

PACKAGE = __name__.rpartition(".")[0]  # pickles name the classes by the package, where they are public
_KINDS: dict[int, Kind] = {
    _records.GETIFS_ADDED: "added",
    _records.GETIFS_CHANGED: "changed",
    _records.GETIFS_REMOVED: "removed",
}
_CLASSES: dict[int, type[Watched]] = {
    _records.GETIFS_EVENT_LINK: Interface,
    _records.GETIFS_EVENT_ADDR: IfNet,
    _records.GETIFS_EVENT_ROUTE: Route,
    _records.GETIFS_EVENT_NEXTHOP: NextHop,
    _records.GETIFS_EVENT_NEIGHBOUR: Neighbour,
    _records.GETIFS_EVENT_RULE: Rule,
}
_OBJECTS = {
    Interface: "link",
    IfNet: "addr",
    Route: "route",
    NextHop: "nexthop",
    Neighbour: "neighbour",
    Rule: "rule",
}
_NUMBERS = {cls: number for number, cls in _CLASSES.items()}
_NO_ROW = 0xFFFFFFFF


class Event:
    """A change of a row: immutable, hashable, comparable, picklable.

    Attributes:
        kind: `"added"`, `"changed"` or `"removed"`.
        row: The row as it is now, or as it was last if it was removed.
        old: The row as it was before if it was changed, otherwise `None`.
    """

    __slots__ = ("_kind", "_old", "_row")
    __module__ = PACKAGE
    __match_args__ = ("kind", "row", "old")

    _kind: Kind
    _row: Watched
    _old: Watched | None

    def __init__(self, kind: Kind, row: Watched, old: Watched | None = None) -> None:
        if kind not in _KINDS.values():
            raise ValueError(f"kind must be 'added', 'changed' or 'removed', not {kind!r}")
        self._kind, self._row, self._old = kind, row, old

    @property
    def kind(self) -> Kind:
        """What happened: `"added"`, `"changed"` or `"removed"`."""
        return self._kind

    @property
    def row(self) -> Watched:
        """The row as it is now, or as it was last if it was removed."""
        return self._row

    @property
    def old(self) -> Watched | None:
        """The row as it was before if it was changed, otherwise `None`."""
        return self._old

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Event):
            return NotImplemented
        return (self._kind, self._row, self._old) == (other._kind, other._row, other._old)

    def __hash__(self) -> int:
        return hash((self._kind, self._row, self._old))

    def __reduce__(self) -> tuple[Any, ...]:
        return Event, (self._kind, self._row, self._old)

    def __repr__(self) -> str:
        old = "" if self._old is None else f", old={self._old!r}"
        return f"Event({self._kind!r}, {self._row!r}{old})"

    def __str__(self) -> str:
        return f"{self._kind} {_OBJECTS[type(self._row)]} {self._row}"

    def to_dict(self, names: Mapping[int, str] | None = None) -> dict[str, typing.Any]:
        """The event, ready for JSON: `event`, `object`, `row` and, if it was changed, `old`.

        Args:
            names: The names of interfaces by index (`getifs.ifnames()`), for those that the rows do not contain.
        """
        shown = {"event": self._kind, "object": _OBJECTS[type(self._row)], "row": self._row.to_dict(names)}
        if self._old is not None:
            shown["old"] = self._old.to_dict(names)
        return shown


def _row_at(cls: type[Watched], extra: bytes, at: int) -> Watched:
    """The row of a record in the side bytes, which have its own side bytes too."""
    record, *side = cls._layout.divider.unpack_from(extra, at)
    if not side:
        return cls._row(record, b"")
    size, start = side
    return cls._row(record, extra[start : start + size])


def events_of(block: Block) -> list[Event]:
    found: list[Event] = []
    extra = block._extra
    for kind, number, row_at, old_at in EVENT.unpacker.iter_unpack(block._records):
        cls = _CLASSES[number]
        event = object.__new__(Event)
        event._kind = _KINDS[kind]
        event._row = _row_at(cls, extra, row_at)
        event._old = None if old_at == _NO_ROW else _row_at(cls, extra, old_at)
        found.append(event)
    return found


def difference(old: Table[Watched], now: Table[Watched]) -> list[Event]:
    """The events that lead from one table to another one of the same class."""
    return events_of(_core.difference(_NUMBERS[now._cls], old._for_core(), now._for_core()))
