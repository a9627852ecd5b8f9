"""Tables: the rows of an answer as a sequence, and as columns and arrays."""

from __future__ import annotations

from _collections_abc import Callable, Mapping, Sequence
from struct import Struct
from sys import byteorder

from . import _core
from ._core import Block
from ._lazy import LazyModule

TYPE_CHECKING = False
if TYPE_CHECKING:
    import array as arrays
    import typing
    from collections.abc import Iterable, Iterator
    from typing import Any, Literal, TypeVar, overload

    from ._predicates import compiler
    from ._records import Layout
    from ._rows import addresses as conversions
    from ._rows import dicts, name_files
    from ._rows.addresses import Convert
    from ._rows.base import Column
    from ._rows.base import Row as AnyRow

    Row = TypeVar("Row", bound=AnyRow, covariant=True)  # noqa: PLC0105  # the rows' own class is called so
else:
    arrays = LazyModule("array")
    compiler = LazyModule("._predicates.compiler", __package__)
    conversions = LazyModule("._rows.addresses", __package__)
    dicts = LazyModule("._rows.dicts", __package__)
    name_files = LazyModule("._rows.name_files", __package__)
    typing = LazyModule("typing")
    Row = object

    def overload(function: object) -> object:
        """Stands for that of `typing`, which is not imported at run time."""
        return function


class Table(Block, Sequence[Row]):
    """The rows of an answer: an immutable sequence that creates a row object when a row is accessed.

    The records are in one block of memory. A row that was taken out of the table is independent of it.
    `numpy.asarray(table)` gives the records as a structured array.
    """

    __slots__ = ("_chosen", "_cls")
    __module__ = __name__.rpartition(".")[0]  # pickles name it by the package, where it is public

    _cls: type[Row]
    _chosen: Sequence[int] | None  # the positions of its rows in the block; `None`: all of them

    def __init__(self, cls: type[Row]) -> None:
        """A table whose records are still to come."""
        self._cls = cls
        self._chosen = None

    def _part(self, chosen: Sequence[int]) -> Table[Row]:
        """The rows at these positions of the block."""
        part = Table(self._cls)
        part._records, part._count, part._extra = self._records, self._count, self._extra
        part._malformed, part._keeps, part._chosen = self._malformed, self._keeps, chosen
        return part

    @property
    def malformed(self) -> int:
        """The number of rows that were left out of the answer because the kernel's messages were malformed."""
        return self._malformed

    @property
    def _at(self) -> Sequence[int]:
        return range(self._count) if self._chosen is None else self._chosen

    def __len__(self) -> int:
        return self._count if self._chosen is None else len(self._chosen)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Table[Row]: ...  # noqa: F811  # an overload
    def __getitem__(self, at: int | slice) -> Row | Table[Row]:  # noqa: F811  # the implementation
        if isinstance(at, slice):
            return self._part(self._at[at])
        try:
            position = self._at[at if type(at) is int else _index(at)]
        except (IndexError, OverflowError):  # PyPy has the second for a very large index
            raise IndexError("table index out of range") from None
        layout = self._cls._layout
        return next(self._cls._rows([layout.divider.unpack_from(self._records, position * layout.size)], self))

    def __iter__(self) -> Iterator[Row]:
        return self._cls._rows(self._divided(), self)  # the iterator keeps the block

    def _is_whole(self) -> bool:
        return self._chosen is None or self._chosen == range(self._count)

    def _divided(self) -> Iterable[tuple[Any, ...]]:
        """The records as the layout's `divider` unpacks them."""
        return _unpacked(self._cls._layout.divider, self._records, self._at)

    def _bytes(self) -> bytes:
        """The records of these rows, one after the other."""
        rows, size = self._records, self._cls._layout.size
        return (
            bytes(rows) if self._is_whole() else b"".join([bytes(rows[at * size : (at + 1) * size]) for at in self._at])
        )

    def _for_core(self) -> _core.Rows:
        """The rows for the C core."""
        return _core.Rows(self._cls._layout, self._records if self._is_whole() else self._bytes(), self._extra)

    def __eq__(self, other: Any) -> bool:  # noqa: PYI032  # pyright narrows an `object` to a Sequence[Unknown]
        if not _can_be_equal(other):
            return NotImplemented
        return len(self) == len(other) and all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # a table can be equal to a list, which has no hash

    def where(self, predicate: Callable[[Row], object]) -> Table[Row]:
        """The rows that a predicate accepts.

        Args:
            predicate: A predicate of `getifs.filters` or `getifs.rfc`, a combination of these, or a function of a row.

        Returns:
            Another table, over the same records.

        Raises:
            TypeError: `predicate` is not callable, or does not apply to rows of this class.
        """
        program, function = compiler.split(None, predicate, self._cls)
        chosen = self
        if program is not None:
            found = memoryview(program.select(self._for_core(), len(self))).cast("I")
            at = found if self._is_whole() else arrays.array("I", [self._at[i] for i in found])
            chosen = self._part(at)
        if function is not None:
            kept = [at for at, row in zip(chosen._at, chosen, strict=True) if function(row)]
            chosen = self._part(arrays.array("I", kept))
        return chosen

    @overload
    def column(self, name: str) -> memoryview | list[typing.Any]: ...
    @overload
    def column(self, name: str, form: Literal["object"]) -> list[typing.Any]: ...  # noqa: F811  # an overload
    @overload
    def column(self, name: str, form: Literal["text"]) -> list[str | None]: ...  # noqa: F811  # an overload
    @overload
    def column(self, name: str, form: Literal["int"]) -> list[int | None]: ...  # noqa: F811  # an overload
    def column(self, name: str, form: str | None = None) -> memoryview | list[typing.Any]:  # noqa: F811  # implements
        """One field of all rows, in their order, without a row object for each.

        Args:
            name: The name of a number, such as `"metric"`, or of an address, such as `"gateway"`: see `docs/tables.md`.
            form: The form of an address: `"object"` (the default), a value of the attribute; `"text"`, such as
                `"192.0.2.1"`, or `"192.0.2.0/24"` of a network; `"int"`, the address as a number, of a network its
                first one.

        Returns:
            For a number, a read-only memoryview of the kernel's integers, with 0 if the kernel did not send it. It
            shares the memory of the table and keeps it alive; that of a filtered table is a copy. For an address, a
            list, with `None` for rows without one; equal values are the same object.

        Raises:
            ValueError: Rows of this class have no such column, or the column has no such form.
        """
        return _column(self._cls, self._view(), self._at, name, form)

    @property
    def __array_interface__(self) -> dict[str, typing.Any]:
        """The records for numpy: without a copy if they are the whole answer or a slice of it, and read-only."""
        layout, at = self._cls._layout, self._at
        data, first, step = (
            (self._view(), at.start if at else 0, at.step)
            if isinstance(at, range)
            else (memoryview(self._bytes()), 0, 1)
        )
        return {
            "version": 3,
            "shape": (len(at),),
            "typestr": f"|V{layout.size}",
            "descr": _fields(layout),
            "data": data,
            "offset": first * layout.size,
            "strides": (step * layout.size,),
        }

    def to_dicts(self, names: Mapping[int, str] | None = None) -> list[dict[str, typing.Any]]:
        """`to_dict(names)` of every row.

        Args:
            names: The names of interfaces by index (`getifs.ifnames()`), for those that the rows do not contain.
        """
        plan = dicts.PLANS[self._cls]
        name_files.look_again()
        if plan.shared is None or len(self) < dicts.WORTH_COPYING:
            return plan.dicts(self, names or {})
        shared = _unpacked(plan.shared, self._records, self._at)
        return plan.similar_dicts(self._divided(), self._extra, shared, names or {})

    def __repr__(self) -> str:
        rows = [repr(row) for row in self[:10]]
        if len(self) > 10:
            rows.append(f"… {len(self) - 10} more")
        return f"Table([{', '.join(rows)}])"

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self._cls, self._bytes(), len(self), bytes(self._extra), self.malformed)


def _index(value: object) -> int:
    from operator import index

    try:
        return index(value)  # type: ignore[arg-type]  # that is what it finds out
    except TypeError:
        raise TypeError(f"table indices must be integers or slices, not {type(value).__name__}") from None


def _can_be_equal(other: object) -> bool:
    return isinstance(other, Sequence) and not isinstance(other, (str, bytes))


def _restore(cls: type[Row], rows: bytes, count: int, extra: bytes, malformed: int) -> Table[Row]:
    table = Table(cls)
    table._records, table._count, table._extra, table._malformed, table._keeps = rows, count, extra, malformed, None
    return table


_INET = 2  # AF_INET
# Fields that say only where the side bytes of a row are.
_INNER = ("reserved", "extra_len", "part_len", "encap_len", "members_len", "extra_at")


class _Values(dict["tuple[Any, ...]", "Any"]):
    """The value in a column of addresses for each combination of the fields that it is made of."""

    __slots__ = ("_address", "_convert", "_family", "_has", "_length")

    def __init__(self, column: Column, names: list[str], convert: Convert) -> None:
        super().__init__()
        self._address, self._convert = names.index(column.address), convert
        self._family = names.index(column.family) if column.family else None
        self._length = names.index(column.length) if column.length else None
        self._has = (names.index("has"), column.has) if column.has else None

    def __missing__(self, key: tuple[Any, ...]) -> Any:
        family = _INET if self._family is None else key[self._family]
        length = None if self._length is None else key[self._length]
        is_set = family if self._has is None else key[self._has[0]] & self._has[1]
        value = self[key] = self._convert(family, key[self._address], length) if is_set else None
        return value


def _fields(layout: Layout) -> dict[str, Any]:
    """The fields of a record as a data type of numpy.

    The array interface describes it as a list, but numpy takes a dict too. In a list the bytes between the fields would
    have to be fields, with names.
    """
    names = [name for name in layout.codes if name not in _INNER]
    return {
        "names": names,
        "formats": [_format(layout.codes[name], layout.width(name)) for name in names],
        "offsets": [layout.offset[name] for name in names],
        "itemsize": layout.size,
    }


def _format(code: str, width: int) -> str:
    if code.endswith("s"):
        return f"({width},)u1"
    return f"{'<' if byteorder == 'little' else '>'}{'i' if code.islower() else 'u'}{width}"


def _column(
    cls: type[AnyRow], rows: memoryview, at: Sequence[int], name: str, form: str | None
) -> memoryview | list[Any]:
    """One field of the rows at these positions of the records in `rows`."""
    layout = cls._layout
    column = _declared_column(cls, name)
    if column is not None:
        return _addresses(layout, rows, at, column, form or "object")
    if not _is_number(layout, name):
        addresses = [attribute for attribute in cls._declared() if _declared_column(cls, attribute)]
        known = ", ".join(sorted([*addresses, *(field for field in layout.codes if _is_number(layout, field))]))
        raise ValueError(f"{cls.__name__} has no column {name!r}; there are {known}")
    if form is not None:
        raise ValueError(f"the column {name!r} has numbers, not addresses: it has no form {form!r}")
    width = layout.width(name)
    code: Literal["B", "H", "I", "i"] = layout.codes[name]  # type: ignore[assignment]
    whole = rows.cast(code)[layout.offset[name] // width :: layout.size // width]
    if isinstance(at, range):
        return whole[_slice(at)]
    return memoryview(arrays.array(code, map(whole.__getitem__, at))).toreadonly()


def _declared_column(cls: type[AnyRow], name: str) -> Column | None:
    """The column of addresses with that name."""
    attribute = getattr(cls, name, None)
    declared = attribute.fget.__dict__.get("shown") if isinstance(attribute, property) else None
    return declared.column if declared is not None else None


def _is_number(layout: Layout, name: str) -> bool:
    return name not in _INNER and len(layout.codes.get(name, "")) == 1


def _addresses(layout: Layout, rows: memoryview, at: Sequence[int], column: Column, form: str) -> list[Any]:
    """A column of addresses in one of the forms of `addresses.FORMS`."""
    convert = conversions.FORMS.get(form)
    if convert is None:
        raise ValueError(f"form must be {', '.join(map(repr, conversions.FORMS))}, not {form!r}")
    used = {column.address, column.length, column.family, "has" if column.has else ""} - {""}
    names = sorted(used, key=layout.offset.__getitem__)
    unpacker = Struct(_parts(layout, names))
    return list(map(_Values(column, names, convert).__getitem__, _unpacked(unpacker, rows, at)))


def _parts(layout: Layout, names: list[str]) -> str:
    """The format of `struct` for some fields of a record, without what is between them."""
    form, end = "=", 0
    for name in names:
        form += f"{layout.offset[name] - end}x{layout.codes[name]}"
        end = layout.offset[name] + layout.width(name)
    return f"{form}{layout.size - end}x"


def _unpacked(unpacker: Struct, rows: bytes | memoryview, at: Sequence[int]) -> Iterator[tuple[Any, ...]]:
    """The records at these positions, unpacked."""
    unpack, size = unpacker.unpack_from, unpacker.size
    if isinstance(at, range) and at.step == 1:
        return unpacker.iter_unpack(memoryview(rows)[at.start * size : at.stop * size])
    return (unpack(rows, one * size) for one in at)


def _slice(at: range) -> slice:
    if not at:
        return slice(0)
    return slice(at.start, at.stop if at.stop >= 0 else None, at.step)
