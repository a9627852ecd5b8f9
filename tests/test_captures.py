"""Recorded messages and the rows that they must give (tests/captures/, made by tests/record.py).

The expected rows are never made with getifs. They were drafted with pyroute2 and compared with `ip -d` and the
documented behaviour.
"""

import errno
import json
import re
from collections.abc import Sequence
from sys import byteorder
from typing import Any

import pytest
from recorded import CAPTURES, ROWS, SOUND, read, recorded

import getifs

REFUSED = [name for name in CAPTURES if name not in SOUND]
OVER_OBJECTS = [name for name, capture in CAPTURES.items() if "nexthops" in capture]

# For each query: the attributes that any of its captures lists.
PINNED: dict[str, set[str]] = {
    query: {
        name for capture in CAPTURES.values() if capture["query"] == query for row in capture["rows"] for name in row
    }
    for query in ROWS
}

every_capture = pytest.mark.parametrize("name", CAPTURES)
every_sound_capture = pytest.mark.parametrize("name", SOUND)


def plain(value: object) -> Any:
    """The value in the form of the captures."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):  # enumerations too
        return int(value)
    if isinstance(value, getifs.LinkStats):
        return {name: getattr(value, name) for name in value._fields}
    if isinstance(value, dict):
        return [[plain(key), plain(one)] for key, one in value.items()]
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    return str(value)


def listed(query: str, row: Any) -> Any:
    """The row in the form of the captures: the attributes of PINNED, without those that are None or empty."""
    if query == "best_interfaces":
        return list(row)
    values = {name: plain(str(row) if name == "str" else getattr(row, name)) for name in PINNED[query]}
    return {name: value for name, value in values.items() if value is not None and value != []}


def rows_of(capture: dict[str, Any], answer: Sequence[object]) -> list[Any]:
    return [listed(capture["query"], row) for row in answer]


@every_sound_capture
def test_capture_gives_its_rows(name: str) -> None:
    capture = CAPTURES[name]
    answer = read(capture, recorded(capture), recorded(capture, "nexthops"))
    assert rows_of(capture, answer) == capture["rows"]
    # In JSON, unlike in Python, 1 is not equal to true.
    assert json.dumps(rows_of(capture, answer), sort_keys=True) == json.dumps(capture["rows"], sort_keys=True)
    if capture["query"] != "best_interfaces" and capture.get("malformed", 0) is not None:
        assert answer.malformed == capture.get("malformed", 0)  # B4


@pytest.mark.parametrize("name", REFUSED)
def test_capture_is_refused(name: str) -> None:
    capture = CAPTURES[name]
    expected = capture["error"]
    with pytest.raises(getifs.NetlinkError) as caught:
        read(capture, recorded(capture), recorded(capture, "nexthops"))
    assert type(caught.value) is getattr(getifs, expected["type"])
    assert caught.value.errno == getattr(errno, expected["errno"])
    assert expected.get("text", "") in str(caught.value)


def message_ends(data: bytes) -> set[int]:
    """The sizes of valid prefixes: they end after a message, anywhere in its padding, or up to 3 bytes later (B4)."""
    ends, at = {0, 1, 2, 3}, 0
    while at + 16 <= len(data):
        length = int.from_bytes(data[at : at + 4], byteorder)
        padded = (length + 3) & ~3
        ends |= set(range(at + length, at + padded + 4))
        at += max(padded, 16)
    return ends


@every_capture
def test_every_proper_prefix_is_refused_or_gives_whole_rows(name: str) -> None:
    capture = CAPTURES[name]
    data, nexthops = recorded(capture), recorded(capture, "nexthops")
    ends = message_ends(data)
    for size in range(len(data)):
        try:
            answer = read(capture, data[:size], nexthops)
        except getifs.NetlinkError:
            assert size not in ends or "error" in capture, size
            continue
        assert size in ends, size
        if capture["query"] == "best_interfaces":  # the best routes of a prefix may be any
            assert answer == sorted(set(answer))
        elif any(
            isinstance(request, str) for request in capture.get("requests", [])
        ):  # commands changed rows during the recording
            assert [row.index for row in answer] == [row["index"] for row in capture["rows"]][: len(answer)]
        else:
            assert rows_of(capture, answer) == capture["rows"][: len(answer)]


@pytest.mark.parametrize("name", OVER_OBJECTS)
def test_every_proper_prefix_of_the_objects_is_refused_or_gives_whole_rows(name: str) -> None:
    capture = CAPTURES[name]
    data, nexthops = recorded(capture), recorded(capture, "nexthops")
    for size in range(len(nexthops)):
        try:
            answer = read(capture, data, nexthops[:size])
        except getifs.NetlinkError:
            continue
        assert size in message_ends(nexthops), size
        assert all(row in capture["rows"] for row in rows_of(capture, answer))


@every_sound_capture
@pytest.mark.parametrize("padding", [1, 2, 3])
def test_padding_behind_the_last_message_is_none(name: str, padding: int) -> None:
    capture = CAPTURES[name]
    answer = read(capture, recorded(capture) + bytes(padding), recorded(capture, "nexthops"))
    assert rows_of(capture, answer) == capture["rows"]


def test_captures_are_many_and_of_two_kernels() -> None:
    assert len(CAPTURES) >= 40
    expected = {"6.1", "6.18"} if byteorder == "little" else {"6.1"}
    assert expected <= {".".join(capture["kernel"].split(".")[:2]) for capture in CAPTURES.values()}


@every_capture
def test_capture_says_how_it_was_made_and_which_rule_it_pins(name: str) -> None:
    capture = CAPTURES[name]
    assert capture["made_by"]
    assert re.search(r"\bB\d+", capture["about"])
    assert recorded(capture)


@pytest.mark.parametrize("query", ROWS)
def test_no_attribute_is_left_out(query: str) -> None:
    """Every public attribute is listed by a capture, or part of `to_dict()`, which tests/live compares with `ip -j`."""
    row = ROWS[query]
    public = {name for name in dir(row) if not name.startswith("_") and not callable(getattr(row, name))}
    assert PINNED[query] - {"str"} <= public
    assert public - PINNED[query] <= {name for name, declared in row._declared().items() if declared.keys}
