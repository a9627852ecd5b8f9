"""Columns, buffers and dicts of whole tables say what the rows say."""

import gc
import re
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_rows import at_random, random_tables, table_of
from test_rows import KINDS, every_kind, tables
from test_table import addrs, every_view, links, views
from test_table import freed as freed

import getifs

ADDRESSES = {
    getifs.Interface: "",
    getifs.IfNet: "addr peer broadcast",
    getifs.IfAddr: "addr",
    getifs.Route: "destination gateway source prefsrc",
    getifs.NextHop: "gateway",
}
INNER = {"reserved", "extra_len", "part_len", "encap_len", "members_len", "extra_at"}


def numbers(kind: Any) -> list[str]:
    return [name for name, code in kind._layout.codes.items() if name not in INNER and re.fullmatch("[BHIi]", code)]


def raw(table: Any, name: str) -> list[Any]:
    return [row._record[row._layout.position[name]] for row in table]


def array(table: Any) -> Any:
    return np.frombuffer(table.buffer, dtype=np.dtype(table.dtype))


def check_numbers(table: Any) -> None:
    kind, records = table._cls, array(table)
    assert len(records) == len(table)
    for name in numbers(kind):
        column = table.column(name)
        assert column.readonly
        assert column.itemsize == kind._layout.width(name)
        assert column.tolist() == raw(table, name) == records[name].tolist()
        assert len(column) == len(table)
    for name in {*records.dtype.names} - {*numbers(kind)}:
        assert [bytes(value) for value in records[name]] == raw(table, name)


def check(table: Any) -> None:
    check_numbers(table)
    for name in ADDRESSES[table._cls].split():
        assert table.column(name) == [getattr(row, name) for row in table]
    assert table.to_dicts() == [row.to_dict() for row in table]


@every_kind
def test_recorded_rows(kind: Any) -> None:
    for table in tables(kind):
        check(table)
        check(table[::-1])
        check(table[1::2])


@pytest.mark.parametrize("kind", KINDS[:-1], ids=lambda kind: kind.__name__)
@at_random
@given(data=st.data())
def test_random_numbers(kind: Any, data: Any) -> None:
    table = data.draw(random_tables(kind))
    odd = table.where(lambda row: row.index % 2)
    for part in (table, table[::-1], table[1:-1], table[:0][::-1], table[0:0:-1], odd, odd[::-1]):
        check_numbers(part)


@every_view
def test_views(view: str) -> None:
    for table in (addrs(), links()):
        check(views(table)[view])
        check(views(table)[view][::-1][::2])


def test_numbers_are_those_of_rows() -> None:
    table = links()
    for name in ("index", "mtu", "flags", "hw_type"):
        assert table.column(name).tolist() == [getattr(row, name) for row in table]
    assert table.column("index")[0] == table[0].index
    assert table.column("mtu").format == "I"
    assert {row.mtu for row in table} != {0}


def test_equal_addresses_are_one_object() -> None:
    table = addrs()
    twice = [*table.column("addr"), *table[:0].column("addr")]
    assert len({id(one) for one in twice}) == len(set(twice)) < len(twice)


@every_kind
def test_unknown_column(kind: Any) -> None:
    known = sorted([*ADDRESSES[kind].split(), *numbers(kind)])
    for name in ("nothing", "reserved", "extra_at", "name", ""):
        message = f"{kind.__name__} has no column {name!r}; there are {', '.join(known)}"
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            tables(kind)[0].column(name)


def address_of(array: Any) -> int:
    return int(array.__array_interface__["data"][0])


def test_whole_table_is_not_copied() -> None:
    table = links()
    (first, again), part = (array(table), array(table)), array(table[:])
    assert address_of(first) == address_of(again) == address_of(part)
    assert address_of(array(table[1:])) != address_of(first) + table._cls._layout.size
    assert address_of(np.asarray(table.column("mtu"))) == address_of(first) + table.dtype["offsets"][2]
    assert not first.flags.writeable
    with pytest.raises(TypeError, match="read-only"):
        table.buffer[0] = 1  # type: ignore[index]
    with pytest.raises(TypeError, match="read-only"):
        table.column("mtu")[0] = 1


@pytest.mark.parametrize(
    "take",
    [
        lambda table: table.buffer,
        lambda table: table.column("mtu"),
        lambda table: table[::-1].column("mtu"),
        array,
        lambda table: array(table)["mtu"][1:],
        lambda table: memoryview(table.buffer)[3:],
    ],
)
def test_memory_stays_as_long_as_what_was_taken(take: Any, freed: list[object]) -> None:
    expected = bytes(take(links()))
    gc.collect()
    freed.clear()
    kept = take(links())
    gc.collect()
    [bytes(10_000) for _ in range(100)]  # memory that was given back would be in use again
    assert not freed
    assert bytes(kept) == expected != b""
    del kept
    gc.collect()
    assert len(freed) == 1


def test_lists_and_copies_do_not_keep_the_table(freed: list[object]) -> None:
    kept = addrs().column("addr"), links().where(lambda row: row.index % 2).column("mtu"), links()[1:].buffer
    gc.collect()
    assert len(freed) == 3
    assert all(len(one) for one in kept)


def test_example() -> None:
    example = Path(__file__).parents[1] / "examples/numpy_routes.py"
    done = subprocess.run([sys.executable, example], capture_output=True, text=True, check=True)
    assert " gateways\n" in done.stdout


def test_addresses_in_dicts_are_written_as_ip_does() -> None:
    """IPv4 within IPv6 is dotted, whatever `str` of this Python's `ipaddress` makes of it."""
    for text in ("::ffff:192.0.2.1", "2001:db8::1"):
        packed = socket.inet_pton(socket.AF_INET6, text)
        (row,) = table_of(getifs.IfAddr, [{"index": 1, "family": 10, "addr": packed}])
        assert row.to_dict()["address"] == text
        record = {"index": 1, "family": 10, "dst": packed, "dst_len": 128, "gateway": packed, "gateway_family": 10}
        (route,) = table_of(getifs.Route, [record])
        assert (route.to_dict()["dst"], route.to_dict()["gateway"]) == (text, text)
        (route,) = table_of(getifs.Route, [record | {"family": 2, "dst": bytes(16), "dst_len": 8}])
        assert (route.to_dict()["dst"], route.to_dict()["via"]) == ("0.0.0.0/8", {"family": "inet6", "host": text})


def test_equal_numbers_of_different_enumerations_keep_their_names() -> None:
    (row,) = table_of(getifs.Route, [{"index": 1, "family": 2, "type": 2, "protocol": 2, "pref": 1, "has": 8}])
    assert [row.to_dict()[key] for key in ("type", "protocol", "scope", "pref")] == [
        "local",
        "kernel",
        "global",
        "high",
    ]
    (row,) = table_of(getifs.Route, [{"index": 1, "family": 2, "type": 1, "protocol": 1, "scope": 200}])
    assert [row.to_dict()[key] for key in ("type", "protocol", "scope")] == ["unicast", "redirect", "site"]
