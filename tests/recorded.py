"""The captures of tests/captures/, and the tables and rows that getifs reads from them."""

import json
import struct
from functools import cache
from pathlib import Path
from sys import byteorder
from typing import Any

import pytest

import getifs
from getifs import _core, replay

# The kernel writes numbers in the order of the machine: there is a second set of captures for big-endian ones.
FOLDER = Path(__file__).with_name("captures") / ("" if byteorder == "little" else "big_endian")
CAPTURES: dict[str, dict[str, Any]] = {
    path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))
}
SOUND = [name for name, capture in CAPTURES.items() if "error" not in capture]
ROWS = {
    "interfaces": getifs.Interface,
    "addrs": getifs.IfNet,
    "gateways": getifs.IfAddr,
    "neighbours": getifs.Neighbour,
    "routes": getifs.Route,
    "rules": getifs.Rule,
}


def recorded(capture: dict[str, Any], part: str = "data") -> bytes:
    return bytes.fromhex("".join(capture.get(part, [])))


def read(capture: dict[str, Any], data: bytes, nexthops: bytes) -> Any:
    objects = [nexthops] if capture["query"] in ("routes", "gateways", "best_interfaces") else []
    return getattr(replay, capture["query"])(data, *objects, **capture.get("arguments", {}))


KINDS: list[Any] = [
    *(getifs.Interface, getifs.IfNet, getifs.IfAddr, getifs.Route, getifs.NextHop, getifs.Neighbour, getifs.Rule),
]
# The attribute that comes first in the order and the text of rows.
FIRST: dict[Any, str] = dict.fromkeys(KINDS, "index") | {getifs.NextHop: "id", getifs.Rule: "priority"}
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


@cache
def tables(kind: Any) -> list[Any]:
    """One table for each capture with rows of this kind."""
    captures = [CAPTURES[name] for name in SOUND]
    if kind is getifs.NextHop:
        recordings = [recorded(capture, "nexthops") for capture in captures]
        size = kind._layout.size
        return [_core.replay(getifs.Table(kind), _core.NEXTHOPS, size, data) for data in recordings if data]
    return [
        read(capture, recorded(capture), recorded(capture, "nexthops"))
        for capture in captures
        if ROWS.get(capture["query"]) is kind
    ]


def rows(kind: Any) -> list[Any]:
    return [row for table in tables(kind) for row in table]


def whole(row: Any) -> Any:
    """Everything that a row contains, including fields that equality ignores."""
    return row.__reduce__()


def changed(row: Any, **fields: Any) -> Any:
    """A copy of the row with other values in its record."""
    layout = row._layout
    record = bytearray(row._record.ljust(layout.size, b"\0"))
    for name, value in fields.items():
        struct.pack_into(f"={layout.codes[name]}", record, layout.offset[name], value)
    restore, (kind, _, text) = row.__reduce__()
    return restore(kind, bytes(record[: len(row._record)]), text)
