"""Large tables made of many captures, and views of them: slices and filtered tables."""

import re
import struct
from collections.abc import Iterator
from typing import Any

import pytest
from netlink_messages import RTM_NEWADDR, RTM_NEWLINK, messages
from recorded import CAPTURES, recorded, tables, whole

import getifs
from getifs import filters, replay
from getifs._table import Table


def recording(query: str) -> bytes:
    """The messages of all captures of one query that give no error and have no next-hop objects."""
    captures = [capture for capture in CAPTURES.values() if capture["query"] == query and "error" not in capture]
    return b"".join(recorded(capture) for capture in captures if "nexthops" not in capture)


def renumbered(data: bytes) -> bytes:
    """The messages of links or addresses with consecutive interface indexes, so that no row replaces another.

    The table is then too large to be copied, and stays in memory of the C core.
    """
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
    """Views of a table by name: slices, filtered tables and combinations, which store their rows differently."""
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


def views_named(name: str) -> Iterator[Any]:
    """That view of some tables, and a slice of it."""
    for table in (addrs(), links()):
        yield views(table)[name]
        yield views(table)[name][::-1][::2]


def recorded_parts(kind: Any) -> Iterator[Any]:
    """The recorded tables of a kind of row, and slices of them."""
    for table in tables(kind):
        yield from (table, table[::-1], table[1::2])


def parts(table: Any) -> Iterator[Any]:
    """A table, its slices, and what a function selects."""
    odd = table.where(lambda row: row.index % 2)
    yield from (table, table[::-1], table[1:-1], table[:0][::-1], table[0:0:-1], odd, odd[::-1])


every_view = pytest.mark.parametrize("view", views(addrs()))


def wholes(sequence: Any) -> list[Any]:
    return [whole(row) for row in sequence]


# Fields that say where the side bytes of a row are.
INNER = {"reserved", "extra_len", "part_len", "encap_len", "members_len", "extra_at"}


def numbers(kind: Any) -> list[str]:
    return [name for name, code in kind._layout.codes.items() if name not in INNER and re.fullmatch("[BHIi]", code)]


def raw(table: Any, name: str) -> list[Any]:
    return [row._layout.read(row._record, name) for row in table]
