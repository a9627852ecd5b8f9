"""Rows of every kind, from the captures: immutability, comparison, pickles, dicts."""

import copy
import itertools
import json
import operator
import pickle
import struct
from collections.abc import Iterator
from typing import Any

import pytest
from descriptors import no_descriptors
from netns import Namespace
from random_rows import table_of
from recorded import CAPTURES, FIRST, KINDS, SOUND, changed, every_kind, recorded, rows, tables, whole

import getifs
from getifs import _records, filters, replay

# Fields that equality ignores.
NOT_COMPARED = {"valid_lft", "preferred_lft"}


def public(kind: type) -> list[str]:
    return [name for name in dir(kind) if not name.startswith("_")]


@every_kind
def test_captures_have_rows_of_every_kind(kind: Any) -> None:
    assert len({pickle.dumps(row) for row in rows(kind)}) >= 5
    assert {type(row) for row in rows(kind)} == {kind}


@every_kind
def test_no_attribute_can_be_set_or_deleted(kind: Any) -> None:
    row = rows(kind)[0]
    before = pickle.dumps(row)
    for name in [*public(kind), "anything", "__dict__"]:
        with pytest.raises(AttributeError):
            setattr(row, name, 1)
        with pytest.raises(AttributeError):
            delattr(row, name)
    assert pickle.dumps(row) == before


@every_kind
def test_slots_alone(kind: Any) -> None:
    assert not hasattr(rows(kind)[0], "__dict__")
    assert all("__slots__" in vars(base) for base in kind.__mro__[:-1])


@every_kind
def test_equal_to_the_same_row_of_another_answer(kind: Any) -> None:
    mine = rows(kind)
    tables.cache_clear()
    again = rows(kind)
    assert mine is not again
    assert mine == again
    assert [hash(row) for row in mine] == [hash(row) for row in again]
    assert not any(one != other for one, other in zip(mine, again, strict=True))


def with_extra(row: Any, extra: bytes) -> Any:
    restore, (kind, record, _) = row.__reduce__()
    return restore(kind, record, extra)


@every_kind
def test_equality_compares_every_field_but_lifetimes(kind: Any) -> None:
    row = rows(kind)[0]
    for name, code in kind._layout.codes.items():
        if name in ("part_len", "extra_len", "extra_at", "reserved"):  # the first three depend on the extra bytes
            continue
        value = kind._layout.read(row._record, name)
        other = changed(row, **{name: bytes([value[0] ^ 1]) + value[1:] if code.endswith("s") else value ^ 1})
        assert (row == other) is (name in NOT_COMPARED), name
        assert (row != other) is (name not in NOT_COMPARED), name
        assert (row < other or other < row) is (name not in NOT_COMPARED), name
        assert row != other or hash(row) == hash(other)


def test_equality_compares_the_side_bytes() -> None:
    for kind in (getifs.Interface, getifs.Route, getifs.NextHop):
        row = next(row for row in rows(kind) if row._extra)
        assert row == with_extra(row, row._extra)
        assert row != with_extra(row, bytes([row._extra[0] ^ 1]) + row._extra[1:])


def test_equality_ignores_the_counters_of_interfaces() -> None:
    for name in SOUND:
        if CAPTURES[name]["query"] == "interfaces":
            data = recorded(CAPTURES[name])
            without, with_stats = replay.interfaces(data), replay.interfaces(data, stats=True)
            for one, other in zip(without, with_stats, strict=True):
                assert one.stats is None
                assert one == other
                assert not one < other and not other < one
                assert hash(one) == hash(other)
                counted = with_extra(other, other._extra[:-1] + b"\xff")
                assert (counted == other, counted.stats == other.stats) == (True, False)
                assert one != changed(other, mtu=1)


def test_interfaces_hash_by_index() -> None:
    lo, other = rows(getifs.Interface)[:2]
    different = changed(lo, mtu=1, flags=0)
    assert lo != different
    assert hash(lo) == hash(different) == hash(changed(other, index=lo.index))
    assert {lo, different, changed(lo, mtu=1, flags=0)} == {lo, different}


@every_kind
def test_unlike_anything_else(kind: Any) -> None:
    row = rows(kind)[0]
    others = [rows(other)[0] for other in KINDS if other is not kind]
    for other in [*others, row._record, getattr(row, FIRST[kind]), str(row), None]:
        assert row != other
        assert not row == other  # noqa: SIM201
        with pytest.raises(TypeError):
            row < other


@every_kind
def test_sorted(kind: Any) -> None:
    all_rows = rows(kind)
    in_order = sorted([*all_rows[1:], all_rows[0]])
    key = operator.attrgetter(FIRST[kind])
    assert [key(row) for row in in_order] == sorted(key(row) for row in all_rows)
    assert in_order == sorted(all_rows)
    for one, other in itertools.pairwise(in_order):
        assert (one < other) is (one != other)
        assert (other > one) is (one != other)
        assert one <= other
        assert other >= one
        assert (one >= other) is (one == other)
        assert (other <= one) is (one == other)


@every_kind
def test_pickles_and_copies_are_the_same(kind: Any) -> None:
    for row in rows(kind):
        pickles = [pickle.loads(pickle.dumps(row, number)) for number in range(pickle.HIGHEST_PROTOCOL + 1)]
        for again in [*pickles, copy.copy(row), copy.deepcopy(row)]:
            assert type(again) is kind
            assert whole(again) == whole(row)
            assert again == row
            assert again.to_dict() == row.to_dict()
            assert repr(again) == repr(row)


@every_kind
def test_ready_for_json(kind: Any) -> None:
    for row in rows(kind):
        made = row.to_dict()
        assert json.loads(json.dumps(made)) == made
        assert row.to_dict() is not made


@every_kind
def test_dicts_name_the_interfaces_that_they_are_told_of(kind: Any) -> None:
    names = {index: f"name{index}" for index in range(1, 5000)}
    key = "dev" if kind in (getifs.Route, getifs.NextHop, getifs.Neighbour) else "ifname"
    for row in rows(kind):
        made = row.to_dict(names=names)
        if kind is getifs.Rule:
            assert made == row.to_dict()
            continue
        assert made.get("ifindex", 0) == row.index
        expected = row.name if kind is getifs.Interface else names.get(row.index)
        assert made.get(key) == expected
        assert row.to_dict().get(key) == (row.name if kind is getifs.Interface else None)


@every_kind
def test_no_attribute_asks_the_kernel(kind: Any) -> None:
    properties = [name for name in public(kind) if isinstance(getattr(kind, name), property)]
    for row in rows(kind)[:3]:
        row.to_dict()  # imports lazily imported modules
        before = [getattr(row, name) for name in properties]
        with no_descriptors():
            assert [getattr(row, name) for name in properties] == before
            assert row.to_dict()
            assert str(row)
            assert repr(row)


@every_kind
def test_made_by_queries_alone(kind: Any) -> None:
    for arguments in [(), (1,), (1, "lo")]:
        with pytest.raises(TypeError):
            kind(*arguments)


UNKNOWN: dict[Any, dict[str, int]] = {
    getifs.Interface: {"flags": 0xFFF80041, "hw_type": 9999, "oper_state": 200},
    getifs.IfNet: {"flags": 0xFFFFF080, "scope": 77},
    getifs.Route: {"flags": 0xDFFF0001, "protocol": 250, "scope": 78, "type": 99, "encap": 5000},
    getifs.Neighbour: {"flags": 0x80000080, "state": 0x8002, "protocol": 252},
    getifs.NextHop: {"flags": 0xDFFF0001, "protocol": 251, "scope": 79, "encap": 5001},
    getifs.Rule: {"flags": 0xFFF00002, "protocol": 252, "action": 99},
}


@pytest.mark.parametrize("kind", UNKNOWN, ids=lambda kind: kind.__name__)
def test_values_that_have_no_name_survive(kind: Any) -> None:
    row = changed(rows(kind)[0], **UNKNOWN[kind])
    for name, number in UNKNOWN[kind].items():
        value = getattr(row, name)
        assert value == number
        assert isinstance(value, int)
        assert type(value).__module__ == getifs.__name__
        assert pickle.loads(pickle.dumps(value)) == number
    assert str(row)
    assert repr(row)
    made = row.to_dict()
    assert json.loads(json.dumps(made)) == made
    assert whole(copy.deepcopy(row)) == whole(row)


def test_unknown_values_in_dicts_are_numbers() -> None:
    """Like `ip`: a number for a value without a name, and one hexadecimal number for unknown flags (B14)."""
    route = changed(rows(getifs.Route)[0], protocol=250, scope=78, type=99, table=77).to_dict()
    assert [route[key] for key in ("protocol", "scope", "type", "table")] == ["250", "78", "99", "77"]
    assert changed(rows(getifs.IfNet)[0], scope=77).to_dict()["scope"] == "77"
    for unknown in (0x80000, 0x80000000, 0xFFF80000):
        assert changed(rows(getifs.Interface)[0], flags=unknown).to_dict()["flags"] == [f"{unknown:x}"]


def test_ifname_looks_the_interface_up_now(net: Namespace) -> None:
    index = net.veth("v0", "v1")
    net.ip("addr add 192.0.2.1/24 dev v0\n route add default via 192.0.2.5\n route add blackhole 10.0.0.0/8")
    (addr,) = getifs.interface_addrs(interface="v0", family=4)
    (gateway,) = getifs.gateway_addrs()
    (default,) = getifs.default_routes()
    (blackhole,) = getifs.route_table(all=True, where=filters.within("10.0.0.0/8"))
    assert [row.ifname() for row in (addr, gateway, default, blackhole)] == ["v0", "v0", "v0", None]
    net.ip("link set v0 name w0")
    assert [row.ifname() for row in (addr, gateway, default)] == ["w0"] * 3
    net.ip("link del w0")
    for row in (addr, gateway, default):
        with pytest.raises(OSError, match=f"No such device.*{index}"):
            row.ifname()


def test_later_query_finds_an_interface_in_a_dict_unless_it_changed(net: Namespace) -> None:
    net.veth("v0", "v1")
    net.settle()
    notes = {interface: interface.name for interface in getifs.interfaces()}
    assert {notes.get(interface) for interface in getifs.interfaces(stats=True)} == {"lo", "v0", "v1"}
    net.ip("link set v0 mtu 1400")
    assert [notes.get(interface) for interface in getifs.interfaces()].count(None) == 1


def test_classes_say_where_they_are_public() -> None:
    classes = [value for name in getifs.__all__ if isinstance(value := getattr(getifs, name), type)]
    expected = {*KINDS, getifs.Table, getifs.MacAddr, getifs.LinkStats, getifs.Flags, getifs.RouteTable}
    assert expected <= {kind for kind in classes if kind.__module__ == getifs.__name__}
    for value in (*expected, getifs.MacAddr("02:00"), getifs.LinkStats(*range(23)), getifs.Flags.UP):
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            data = pickle.dumps(value, protocol)
            assert b"getifs" in data
            assert not [name for name in (b"_rows", b"_table", b"enums") if name in data]
            assert pickle.loads(data) == value


# Fields that say where the side bytes of a row are.
SIDE = {"part_len", "members_len", "encap_len", "extra_len", "extra_at"}
MANY = 12  # rows: `to_dicts()` of fewer copies nothing


def similar_rows(kind: Any) -> Iterator[Any]:
    """Tables of many times one row, and one that differs from it in one bit of one field."""
    layout = kind._layout
    for table in tables(kind):
        restore, (_, records, count, extra, _) = table.__reduce__()
        for at in range(min(count, 3)):
            record = records[at * layout.size : (at + 1) * layout.size]
            for name in layout.codes.keys() - SIDE:
                other = bytearray(record)
                other[layout.offset[name]] ^= 1
                yield restore(kind, record * MANY + other, MANY + 1, extra, 0)
                yield restore(kind, other * MANY + record, MANY + 1, extra, 0)


@every_kind
def test_dicts_of_similar_rows(kind: Any) -> None:
    """`to_dicts()` copies what similar rows have in common."""
    everything = {index: f"name{index}" for index in range(5000)}
    for table in similar_rows(kind):
        for names in ({}, everything):
            expected = [list(row.to_dict(names).items()) for row in (table[0], table[-1])]
            assert [list(made.items()) for made in table.to_dicts(names)[-2:]] == expected
        for row in (table[0], table[-1]):
            names = {getattr(row, FIRST[kind]): "name"}
            assert table.to_dicts(names)[-2:] == [table[0].to_dict(names), table[-1].to_dict(names)]


def check_similar(kind: Any, records: list[dict[str, Any]], sides: list[bytes], names: dict[int, str]) -> None:
    """Many rows of the first record, and one of the second."""
    records = [
        record | {"extra_len": len(sides[0]), "extra_at": at * len(sides[0])} for at, record in enumerate(records)
    ]
    table = table_of(kind, [*[records[0]] * MANY, records[1]], b"".join(sides))
    assert table.to_dicts(names) == [row.to_dict(names) for row in table]


def test_dicts_of_rows_with_similar_side_bytes() -> None:
    """Attributes that one row has and another has not, though the lengths are the same."""
    macs = b"\2\0\0\0\0\1", b"\2\0\0\0\0\2"
    parts = [b"v0" + macs[0] + permanent for permanent in macs]  # without `permaddr`, and with it
    link = {"part_len": [2, 0, 0, 0, 0, 0, 6, 0, 6, 0], "has": _records.LINK_HAS_LINK}
    links = [link | {"link": index} for index in (7, 8)]  # by name, and by index
    limits = [struct.pack("=II", 10, limit) for limit in (64, 0xFFFFFFFF)]  # `ip` leaves the second out
    for at in ((0, 1), (1, 0)):
        sides = [parts[one] for one in at]
        check_similar(getifs.Interface, [link, link], sides, {})
        check_similar(getifs.Interface, links, sides, {7: "name"})
        check_similar(getifs.Interface, links[::-1], sides, {7: "name"})
        check_similar(getifs.Route, [{"family": 2}] * 2, [limits[one] for one in at], {})


@every_kind
def test_dicts_of_a_table_share_nothing(kind: Any) -> None:
    for table in tables(kind):
        restore, (_, records, count, extra, _) = table.__reduce__()
        expected = table.to_dicts()
        for at, made in enumerate(restore(kind, records * MANY, count * MANY, extra, 0).to_dicts()):
            assert made == expected[at % count]
            for value in made.values():
                if isinstance(value, (list, dict)):
                    value.clear()
