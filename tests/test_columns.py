"""Columns and dicts of tables have the same values as the rows."""

import re
import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from interpreter import collect
from random_rows import at_random, random_tables, table_of
from recorded import KINDS, every_kind, tables
from recorded_tables import addrs, every_view, links, numbers, parts, raw, recorded_parts, views_named

import getifs

ADDRESSES = {
    getifs.Interface: "",
    getifs.IfNet: "addr peer broadcast",
    getifs.IfAddr: "addr",
    getifs.Route: "destination gateway source prefsrc",
    getifs.NextHop: "gateway",
    getifs.Neighbour: "addr",
    getifs.Rule: "",
}


def check_numbers(table: Any) -> None:
    kind = table._cls
    for name in numbers(kind):
        column = table.column(name)
        assert column.readonly
        assert column.itemsize == kind._layout.width(name)
        assert column.tolist() == raw(table, name)
        assert len(column) == len(table)


def check(table: Any) -> None:
    check_numbers(table)
    for name in ADDRESSES[table._cls].split():
        values = [getattr(row, name) for row in table]
        assert table.column(name) == table.column(name, "object") == values
        for text, value in zip(table.column(name, "text"), values, strict=True):
            assert (text is None) is (value is None)
            assert value is None or (type(value)(text) == value and (text == str(value) or text.startswith("::")))
        assert table.column(name, "int") == [
            None if value is None else int(getattr(value, "network_address", value)) for value in values
        ]
    assert table.to_dicts() == [row.to_dict() for row in table]


@every_kind
def test_recorded_rows(kind: Any) -> None:
    for table in recorded_parts(kind):
        check(table)


@pytest.mark.parametrize("kind", KINDS[:-1], ids=lambda kind: kind.__name__)
@at_random
@given(data=st.data())
def test_random_numbers(kind: Any, data: Any) -> None:
    for part in parts(data.draw(random_tables(kind))):
        check_numbers(part)


@every_view
def test_views(view: str) -> None:
    for table in views_named(view):
        check(table)


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


def test_forms_of_addresses() -> None:
    packed = socket.inet_pton(socket.AF_INET6, "2001:db8::1")
    four = {"family": 2, "dst": b"\x0a\1\2\0".ljust(16, b"\0"), "dst_len": 24}
    six = {"family": 10, "dst": packed, "dst_len": 128, "gateway_family": 10, "gateway": packed}
    table = table_of(getifs.Route, [four, six, four])
    assert table.column("destination", "text") == ["10.1.2.0/24", "2001:db8::1/128", "10.1.2.0/24"]
    assert table.column("destination", form="int") == [0x0A010200, int.from_bytes(packed, "big"), 0x0A010200]
    assert table.column("gateway", "text") == [None, "2001:db8::1", None]
    assert table[::-2].column("gateway", "int") == [None, None]
    mapped = {"index": 1, "family": 10, "addr": socket.inet_pton(socket.AF_INET6, "::ffff:192.0.2.1")}
    assert table_of(getifs.IfAddr, [mapped]).column("addr", "text") == ["::ffff:192.0.2.1"]


def test_wrong_forms() -> None:
    with pytest.raises(ValueError, match="^form must be 'object', 'text', 'int', not 'bytes'$"):
        addrs().column("addr", "bytes")
    with pytest.raises(ValueError, match="^the column 'index' has numbers, not addresses: it has no form 'text'$"):
        addrs().column("index", "text")


@pytest.mark.parametrize(
    "take",
    [
        lambda table: table.column("mtu"),
        lambda table: table[::-1].column("mtu"),
    ],
)
def test_memory_stays_as_long_as_what_was_taken(take: Any, freed: list[object]) -> None:
    expected = bytes(take(links()))
    collect()
    freed.clear()
    kept = take(links())
    collect()
    [bytes(10_000) for _ in range(100)]  # reuses memory that was released
    assert not freed
    assert bytes(kept) == expected != b""
    del kept
    collect()
    assert len(freed) == 1


def test_lists_and_copies_do_not_keep_the_table(freed: list[object]) -> None:
    odd = links().where(lambda row: row.index % 2)
    kept = addrs().column("addr"), odd.column("mtu")
    del odd
    collect()
    assert len(freed) == 2
    assert all(len(one) for one in kept)


def test_addresses_in_dicts_are_written_as_ip_does() -> None:
    """IPv4-mapped addresses are dotted, independent of the Python version: `str()` of `ipaddress` differs."""
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
