"""Tables: immutable sequences over one block of records, and the lifetime of the block."""

import copy
import gc
import pickle
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from recorded import CAPTURES, FIRST, KINDS, every_kind, recorded, rows, tables, whole
from recorded_tables import ADDRS, INTERFACES, ROUTES, addrs, every_view, links, views, wholes

import getifs
from getifs import _core, filters, replay
from getifs._rows.route import _Gateways
from getifs._table import Table


@every_view
def test_behaves_as_the_list_of_its_rows(view: str) -> None:
    table = views(addrs())[view]
    same = list(table)
    assert isinstance(table, Sequence)
    assert type(table) is Table
    assert len(table) == len(same)
    assert bool(table) is bool(same)
    assert [table[at] for at in range(len(same))] == same
    assert [table[at - len(same)] for at in range(len(same))] == same
    assert list(reversed(table)) == same[::-1]
    for at in (len(same), -len(same) - 1, 2**63, 10**30, -(10**30)):
        with pytest.raises(IndexError, match="^table index out of range$"):
            table[at]


@every_view
@pytest.mark.parametrize(
    "part",
    [slice(None), slice(2, 5), slice(-3, None), slice(None, None, -1), slice(1, None, 2), slice(5, 2), slice(0, 10**9)],
)
def test_slices_are_tables(view: str, part: slice) -> None:
    table = views(addrs())[view]
    assert type(table[part]) is Table
    assert wholes(table[part]) == wholes(list(table)[part])
    assert wholes(table[part][::2]) == wholes(list(table)[part][::2])


class One:
    """An integer, as numpy has its own."""

    def __index__(self) -> int:
        return 1


def test_slice_steps_and_kinds_of_index() -> None:
    table = links()
    with pytest.raises(ValueError, match="zero"):
        table[::0]
    for wrong in ("0", 1.0, None, (0, 1)):
        message = f"^table indices must be integers or slices, not {type(wrong).__name__}$"
        with pytest.raises(TypeError, match=message):
            table[wrong]  # type: ignore[call-overload]
    assert whole(table[True]) == whole(table[One()]) == whole(table[1])  # type: ignore[call-overload]


@every_kind
def test_finds_rows(kind: Any) -> None:
    for table in tables(kind):
        for row in table:
            first = next(at for at, other in enumerate(table) if other == row)
            assert row in table
            assert table.index(row) == first
            assert table.count(row) == list(table).count(row) > 0
            assert row not in table[:0]
    foreign = rows(KINDS[KINDS.index(kind) - 1])[0]
    assert foreign not in tables(kind)[0]
    assert table.count(foreign) == 0
    with pytest.raises(ValueError, match=r"^$|not in"):
        table.index(foreign)
    with pytest.raises(ValueError, match=r"^$|not in"):
        table.index(table[0], len(table))


def test_equal_to_any_sequence_of_the_same_rows() -> None:
    table = addrs()
    same = list(table)
    assert table == addrs()
    assert table == same
    assert same == table
    assert table == tuple(same)
    assert table[1:] == same[1:]
    assert table.where(filters.ipv6) == [row for row in same if row.addr.version == 6]
    assert table[:0] == [] == links()[:0]
    assert not table != same  # noqa: SIM202
    for other in (same[:-1], same[::-1], [*same, same[0]], set(same), iter(same), "", b"", None, 0, same[0]):
        assert table != other
        assert not table == other  # noqa: SIM201
    assert table != [None] * len(table)
    assert links() != table[: len(links())]


def test_not_hashable() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(links())


def test_immutable() -> None:
    table: Any = links()
    before = wholes(table)
    for name in ("malformed", "anything", "where", "index"):
        with pytest.raises(AttributeError):
            setattr(table, name, 1)
        with pytest.raises(AttributeError):
            delattr(table, name)
    with pytest.raises(TypeError):
        table[0] = table[1]
    with pytest.raises(TypeError):
        del table[0]
    assert not hasattr(table, "__dict__")
    assert not {"append", "insert", "sort", "reverse", "pop", "clear", "extend"} & set(dir(table))
    assert wholes(table) == before


def test_repr_shows_rows_and_is_cut_when_long() -> None:
    table = addrs()
    assert repr(table[:0]) == "Table([])"
    assert repr(table[:1]) == f"Table([{table[0]!r}])"
    assert repr(table[:10]) == f"Table({list(table[:10])!r})"
    assert repr(table) == f"{repr(table[:10])[:-2]}, … {len(table) - 10} more])"
    assert repr(table.where(filters.ipv4)[:2]) == f"Table({[row for row in table if row.addr.version == 4][:2]!r})"


def test_dicts_are_those_of_the_rows() -> None:
    table = addrs()
    assert table.to_dicts() == [row.to_dict() for row in table]
    names = {table[0].index: "name"}
    assert table[:1].to_dicts(names)[0]["ifname"] == "name"
    assert table[:1].to_dicts(names=names) == [table[0].to_dict(names)]


def test_malformed_rows_are_counted_once_and_for_all() -> None:
    """B4: slices and filtered tables have the count of the whole answer."""
    name = next(name for name, capture in CAPTURES.items() if capture.get("malformed") and capture["query"] == "addrs")
    dropped = CAPTURES[name]["malformed"]
    table = replay.addrs(recorded(CAPTURES[name]) + ADDRS)
    others = sum(CAPTURES[name].get("malformed") or 0 for name in CAPTURES if CAPTURES[name]["query"] == "addrs")
    assert table.malformed == dropped + others > 0
    for view in views(table).values():
        assert view.malformed == table.malformed
        assert pickle.loads(pickle.dumps(view)).malformed == table.malformed
    assert replay.addrs(b"").malformed == 0


OTHER_FILTERS = {getifs.NextHop: filters.has_gateway, getifs.Rule: filters.in_table(254)}


@every_kind
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickled(kind: Any, protocol: int) -> None:
    for table in tables(kind):
        part = table.where(lambda row: getattr(row, FIRST[kind]) % 2)
        for view in (table, table[1:], table[::-1], part, part[:1], table[:0]):
            again = pickle.loads(pickle.dumps(view, protocol))
            assert type(again) is Table
            assert wholes(again) == wholes(view)
            assert again == view
            where = OTHER_FILTERS.get(kind, filters.on(1))
            assert wholes(again.where(where)) == wholes(view.where(where))


@every_view
def test_copied(view: str) -> None:
    table = views(links())[view]
    for again in (copy.copy(table), copy.deepcopy(table)):
        assert type(again) is Table
        assert wholes(again) == wholes(table)
        assert again.malformed == table.malformed


# Memory.


def test_memory_goes_with_the_table(freed: list[object]) -> None:
    table = links()
    assert table._keeps is not None  # the block is memory of the C core
    assert table[0].name
    assert not freed
    del table
    gc.collect()
    assert len(freed) == 1


def test_row_does_not_keep_the_table(freed: list[object]) -> None:
    table = links()
    expected = [whole(row) for row in links()]
    gc.collect()
    freed.clear()
    row, last = table[0], table[-1]
    del table
    gc.collect()
    assert len(freed) == 1
    assert [whole(row), whole(last)] == [expected[0], expected[-1]]
    assert row.name
    assert last.to_dict()


@every_kind
def test_row_refers_to_no_block(kind: Any) -> None:
    for row in (tables(kind)[0][0], next(iter(tables(kind)[0])), tables(kind)[0].where(lambda _: True)[0]):
        reached, waiting = [], [row]
        while waiting:
            thing = waiting.pop()
            if not isinstance(thing, type):
                reached.append(thing)
                waiting += gc.get_referents(thing)
        assert row._record in reached
        assert {type(thing) for thing in reached} <= {kind, bytes, _Gateways}


@pytest.mark.parametrize(
    "keep",
    [
        iter,
        reversed,
        lambda table: iter(table[::2]),
        lambda table: iter(table.where(filters.up | ~filters.up)),
        lambda table: iter(table.where(lambda _: True)),
        lambda table: table[1:],
        lambda table: table.where(~filters.on(1)),
        lambda table: table.where(lambda row: row.index > 1)[::-1],
    ],
)
def test_whatever_reads_the_block_keeps_it(keep: Callable[[Any], Any], freed: list[object]) -> None:
    expected = wholes(keep(links()))
    gc.collect()
    freed.clear()
    kept = keep(links())
    gc.collect()
    assert not freed
    assert wholes(kept) == expected
    assert len(expected) >= 3
    del kept
    gc.collect()
    assert len(freed) == 1


def test_iterator_of_a_table_that_nobody_else_holds() -> None:
    expected = wholes(addrs())
    iterator = iter(replay.addrs(ADDRS))
    gc.collect()
    [bytes(10_000) for _ in range(100)]  # reuses memory that was released
    assert wholes(iterator) == expected


def test_no_memory_stays_after_a_refusal() -> None:
    for _ in range(3):
        with pytest.raises(getifs.MalformedMessageError):
            replay.interfaces(INTERFACES[:-1])
    assert _core.SHARED._idle
    assert all(not client.blocks.block.rows and not client.blocks.block.extra for client, _ in _core.SHARED._idle)


def test_recording_may_change_or_go_once_it_was_read() -> None:
    data = bytearray(INTERFACES)
    table = replay.interfaces(data)
    data[:] = b"\xff" * len(data)
    data.clear()
    assert wholes(table) == wholes(links())


def test_recording_may_go_while_an_error_is_kept() -> None:
    data = bytearray(INTERFACES[:-1])
    with pytest.raises(getifs.MalformedMessageError) as kept:
        replay.interfaces(data)
    data.clear()
    assert kept.tb


def test_route_costs_little() -> None:
    """A table of routes is one block of at most 128 bytes for each route."""
    layout = getifs.Route._layout
    assert layout.size == layout.unpacker.size <= 128
    table = replay.routes(ROUTES, all=True)
    assert len(table._records) == len(table) * layout.size


@pytest.mark.parametrize("threads", [8])
def test_threads_read_one_table(threads: int) -> None:
    table = addrs()
    expected = wholes(table)
    start = threading.Barrier(threads)

    def read_all(number: int) -> bool:
        start.wait()
        good = True
        for _ in range(20):
            good &= wholes(table) == expected
            good &= wholes(table[number::2]) == expected[number::2]
            good &= wholes(table.where(filters.ipv4)) + wholes(table.where(~filters.ipv4)) == sorted(
                expected, key=lambda one: one[1][1][table[0]._layout.offset["family"]]
            )
        return good

    with ThreadPoolExecutor(threads) as pool:
        assert list(pool.map(read_all, range(threads))) == [True] * threads
