"""`getifs tree`: which interface is stacked on which, with addresses and default routes."""

from __future__ import annotations

import sys

from .. import filters
from . import routes, text
from .overview import with_addrs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from .._rows.interface import Interface
    from .._snapshot import Snapshot

    Lines = tuple[str, str, str, str]

_UNICODE: Lines = ("├─ ", "└─ ", "│  ", "   ")
_ASCII: Lines = ("|- ", "`- ", "|  ", "   ")


def _drawing() -> Lines:
    """Lines that the encoding of the output has."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    try:
        "".join(_UNICODE).encode(encoding)
    except (LookupError, UnicodeEncodeError):
        return _ASCII
    return _UNICODE


class Tree:
    """The interfaces of a snapshot.

    An interface is below its controller. One without a controller is below the interface that it is made of, as a VLAN
    or a macvlan. Two that name each other are peers, as those of a veth pair, and neither is below the other.
    """

    __slots__ = ("_addrs", "_below", "_names", "_roots", "_routes")

    def __init__(self, found: Snapshot, family: int | None) -> None:
        interfaces = {interface.index: interface for interface in found.interfaces}
        self._names = {index: interface.name for index, interface in interfaces.items()}
        self._below: dict[int, list[Interface]] = {index: [] for index in interfaces}
        self._roots: list[Interface] = []
        above = {index: _above(interface, interfaces) for index, interface in interfaces.items()}
        for index, interface in interfaces.items():
            over = None if _is_circle(index, above) else above[index]
            (self._roots if over is None else self._below[over]).append(interface)
        family_is_right = None if family is None else filters.ipv4 if family == 4 else filters.ipv6
        addrs = found.addrs if family_is_right is None else found.addrs.where(family_is_right)
        defaults = found.routes.where(filters.default_route & filters.in_table("main"))
        if family_is_right is not None:
            defaults = defaults.where(family_is_right)
        self._addrs, self._routes = _by_index(addrs), _by_index(defaults)

    def lines(self) -> Iterator[str]:
        """The tree as text."""
        drawing = _drawing()
        for root in self._roots:
            yield from self._lines(root, "", "", drawing)

    def _lines(self, interface: Interface, first: str, others: str, drawing: Lines) -> Iterator[str]:
        yield f"{first}{text.headline(interface, self._names)}"
        details = [text.address(row, interface.name) for row in self._addrs.get(interface.index, ())]
        details += routes.lines(self._routes.get(interface.index, ()), self._names)
        below = self._below[interface.index]
        tee, corner, bar, blank = drawing
        for left, line in zip(range(len(details) + len(below) - 1, -1, -1), details, strict=False):
            yield f"{others}{tee if left else corner}{line}"
        for left, one in zip(range(len(below) - 1, -1, -1), below, strict=True):
            yield from self._lines(
                one, f"{others}{tee if left else corner}", f"{others}{bar if left else blank}", drawing
            )

    def dicts(self) -> Iterator[dict[str, Any]]:
        """The tree as objects: `children` has what is below an interface."""
        return map(self._dict, self._roots)

    def _dict(self, interface: Interface) -> dict[str, Any]:
        index = interface.index
        return {
            **with_addrs(interface, self._addrs.get(index, ()), self._names),
            "default_routes": [row.to_dict(self._names) for row in self._routes.get(index, ())],
            "children": [self._dict(one) for one in self._below[index]],
        }


def _above(interface: Interface, interfaces: dict[int, Interface]) -> int | None:
    """The interface that it is shown below."""
    controller = interface.controller
    if controller in interfaces:
        return controller
    link = interface.link if interface.link_netnsid is None else None
    if link in interfaces and link != interface.index and interfaces[link].link != interface.index:
        return link
    return None


def _is_circle(index: int, above: dict[int, int | None]) -> bool:
    """Whether the way up leads back, and this interface is the one at which the circle is cut."""
    circle = [index]
    at = above[index]
    while at is not None and at not in circle:
        circle.append(at)
        at = above[at]
    return at == index == min(circle)


def _by_index(rows: Iterable[Any]) -> dict[int, Sequence[Any]]:
    found: dict[int, Sequence[Any]] = {}
    for row in rows:
        found.setdefault(row.index, []).append(row)  # type: ignore[attr-defined]  # it is a list
    return found
