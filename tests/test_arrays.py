"""Arrays of tables have the same values as the rows."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from interpreter import collect
from random_rows import at_random, random_tables
from recorded import KINDS, every_kind, tables
from recorded_tables import INNER, every_view, links, numbers, parts, raw, recorded_parts, views_named

import getifs

if sys.implementation.name == "pypy":
    pytest.skip("numpy has no release for this version of PyPy", allow_module_level=True)
import numpy as np


def check(table: Any) -> None:
    records, fields = np.asarray(table), numbers(table._cls)
    assert len(records) == len(table)
    for name in records.dtype.names:
        values = records[name].tolist() if name in fields else [bytes(value) for value in records[name]]
        assert values == raw(table, name)


@every_kind
def test_recorded_rows(kind: Any) -> None:
    for table in recorded_parts(kind):
        check(table)


@pytest.mark.parametrize("kind", KINDS[:-1], ids=lambda kind: kind.__name__)
@at_random
@given(data=st.data())
def test_random_numbers(kind: Any, data: Any) -> None:
    for part in parts(data.draw(random_tables(kind))):
        check(part)


@every_view
def test_views(view: str) -> None:
    for table in views_named(view):
        check(table)


def address_of(array: Any) -> int:
    return int(array.__array_interface__["data"][0])


def test_arrays_of_answers_and_slices_are_not_copied() -> None:
    table = links()
    size, first = table._cls._layout.size, np.asarray(table)
    start, last = address_of(first), len(table) - 1
    assert address_of(np.asarray(table)) == address_of(np.asarray(table[:])) == start
    assert address_of(np.asarray(table[1:])) == start + size
    assert address_of(np.asarray(table[3::2])) == start + 3 * size
    assert address_of(np.asarray(table[::-1])) == start + last * size
    assert np.asarray(table[::-3]).strides == (-3 * size,)
    assert address_of(np.asarray(table.column("mtu"))) == start + first.dtype.fields["mtu"][1]
    copied = np.asarray(table.where(lambda row: row.index % 2))
    assert not start <= address_of(copied) < start + len(table) * size
    assert copied.strides == (size,)
    assert copied["index"].tolist() == [row.index for row in table if row.index % 2]


def test_arrays_and_columns_are_read_only() -> None:
    table = links()
    for part in (table, table[1:], table[::-1], table.where(lambda row: row.index % 2)):
        records = np.asarray(part)
        assert not records.flags.writeable
        with pytest.raises(ValueError, match="read-only"):
            records["mtu"][0] = 1
        with pytest.raises(ValueError, match="cannot set WRITEABLE"):
            records.flags.writeable = True
        with pytest.raises(TypeError, match="read-only"):
            part.column("mtu")[0] = 1
    assert np.array(table).flags.writeable  # a copy


def test_array_has_the_visible_fields_and_no_others() -> None:
    for kind in KINDS:
        dtype = np.asarray(tables(kind)[0]).dtype
        assert set(dtype.names) == {*kind._layout.codes} - INNER
        assert dtype.itemsize == kind._layout.size
        for name, (_, offset) in dtype.fields.items():
            assert offset == kind._layout.offset[name]
            assert dtype[name].itemsize == kind._layout.width(name)


def test_table_is_no_array_but_has_the_interface_of_one() -> None:
    """pandas treats any object with a `dtype` as an array."""
    table: Any = links()
    assert not [name for name in ("dtype", "buffer", "ndim", "shape", "__array__") if hasattr(table, name)]
    program = "import sys, getifs\ngetifs.interfaces().__array_interface__\nassert 'numpy' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_no_error_hides_in_the_array_of_an_empty_table() -> None:
    table = links()
    for empty in (table[:0], table[:0][::-1], table[5:2], table.where(lambda _: False), getifs.replay.routes(b"")):
        assert np.asarray(empty).shape == (0,)
        assert np.asarray(empty).dtype.names


@pytest.mark.parametrize(
    "take",
    [
        np.asarray,
        lambda table: np.asarray(table[::-1]),
        lambda table: np.asarray(table)["mtu"][1:],
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


def test_copies_do_not_keep_the_table(freed: list[object]) -> None:
    odd = links().where(lambda row: row.index % 2)
    kept = np.asarray(odd), np.array(links()[1:])
    del odd
    collect()
    assert len(freed) == 2
    assert all(len(one) for one in kept)


def test_example() -> None:
    example = Path(__file__).parents[1] / "examples/numpy_routes.py"
    done = subprocess.run([sys.executable, example], capture_output=True, text=True, check=True)
    assert " gateways\n" in done.stdout
