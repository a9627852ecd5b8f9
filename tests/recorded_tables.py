"""Large tables made of the captures, and parts of them."""

import struct
from typing import Any

import pytest
from netlink_messages import RTM_NEWADDR, RTM_NEWLINK, messages
from recorded import CAPTURES, recorded, whole

import getifs
from getifs import filters, replay
from getifs._table import Table


def recording(query: str) -> bytes:
    """The messages of all sound captures of one query."""
    captures = [capture for capture in CAPTURES.values() if capture["query"] == query and "error" not in capture]
    return b"".join(recorded(capture) for capture in captures if "nexthops" not in capture)


def renumbered(data: bytes) -> bytes:
    """Messages of links or addresses, each of an interface of its own: they make a table that is in C's memory."""
    parts = [bytearray(part) for kind, part in messages(data) if kind in (RTM_NEWLINK, RTM_NEWADDR)]
    for index, part in enumerate(parts, 1):
        part[20:24] = struct.pack("=I", index)
    return b"".join(parts)


INTERFACES, ADDRS = renumbered(recording("interfaces")), renumbered(recording("addrs"))
ROUTES = recording("routes")


def links() -> Table[getifs.Interface]:
    return replay.interfaces(INTERFACES)


def addrs() -> Table[getifs.IfNet]:
    return replay.addrs(ADDRS)


def views(table: Any) -> dict[str, Any]:
    """The same rows and parts of them, each a table of another inside."""
    part = table.where(filters.on(table[1].index) | ~filters.on(table[0].index))
    return {
        "whole": table,
        "sliced": table[1:-1],
        "stepped": table[::3],
        "reversed": table[::-1],
        "empty": table[:0],
        "filtered": part,
        "filtered and sliced": part[1:],
        "filtered and reversed": part[::-1],
        "filtered twice": part.where(filters.on(table[1].index)),
        "filtered by a function": table.where(lambda row: row.index % 2 == 0),
    }


every_view = pytest.mark.parametrize("view", views(addrs()))


def wholes(sequence: Any) -> list[Any]:
    return [whole(row) for row in sequence]
