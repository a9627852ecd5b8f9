"""Many rows."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import repeat
from struct import Struct

from ._core import Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any, TypeVar, overload

    from ._core import Layout
    from ._rows.base import Row as AnyRow

    Row = TypeVar("Row", bound=AnyRow, covariant=True)  # noqa: PLC0105  # as the rows' own class is called
else:
    Row = object

    def overload(function: object) -> object:
        """In place of that of `typing`, which is not imported at run time."""
        return function


class Table(Sequence[Row]):
    """The rows of an answer: an immutable sequence that makes a row object when one is touched.

    It holds the answer's records in one block of memory. A row that was taken out of it is independent of it.
    """

    __slots__ = ("_at", "_block", "_cls")

    def __init__(self, cls: type[Row], block: Block, at: Sequence[int] | None = None) -> None:
        self._cls = cls
        self._block = block
        self._at: Sequence[int] = range(block.count) if at is None else at

    @property
    def malformed(self) -> int:
        """How many rows of the kernel's were dropped because they made no sense."""
        return self._block.malformed

    def __len__(self) -> int:
        return len(self._at)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Table[Row]: ...  # noqa: F811  # an overload
    def __getitem__(self, at: int | slice) -> Row | Table[Row]:  # noqa: F811  # what they overload
        if isinstance(at, slice):
            return Table(self._cls, self._block, self._at[at])
        layout, block = self._cls._layout, self._block
        return self._cls._make(layout.unpacker.unpack_from(block.rows, self._at[at] * layout.size), block)

    def __iter__(self) -> Iterator[Row]:
        # The block goes along with each record: it keeps the memory that the iterator reads.
        return map(self._cls._make, self._records(), repeat(self._block))

    def _is_whole(self) -> bool:
        return self._at == range(self._block.count)

    def _records(self) -> Iterable[tuple[Any, ...]]:
        layout, rows = self._cls._layout, self._block.rows
        if self._is_whole():
            return layout.unpacker.iter_unpack(rows)
        unpack, size = layout.unpacker.unpack_from, layout.size
        return (unpack(rows, at * size) for at in self._at)

    def _bytes(self) -> bytes:
        """The records of these rows, one after the other."""
        rows, size = self._block.rows, self._cls._layout.size
        return (
            bytes(rows) if self._is_whole() else b"".join([bytes(rows[at * size : (at + 1) * size]) for at in self._at])
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, (str, bytes)):
            return NotImplemented
        return len(self) == len(other) and all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # equal to lists, which have none

    def where(self, predicate: Callable[[Any], object]) -> Table[Row]:
        """The rows that a predicate accepts.

        Args:
            predicate: One of `getifs.filters` or `getifs.rfc`, a combination of these, or any callable.

        Returns:
            Another table, over the same records.

        Raises:
            TypeError: `predicate` can't be called, or takes no rows of this kind.
        """
        from ._predicates.compiler import split

        program, function = split(None, predicate, self._cls)
        chosen = self
        if program is not None:
            rows = self._block.rows if self._is_whole() else self._bytes()
            found = memoryview(program.select(self._cls._layout, rows, len(self), self._block.extra)).cast("I")
            at = found if self._is_whole() else array("I", [self._at[i] for i in found])
            chosen = Table(self._cls, self._block, at)
        if function is not None:
            kept = [at for at, row in zip(chosen._at, chosen, strict=True) if function(row)]
            chosen = Table(self._cls, self._block, array("I", kept))
        return chosen

    def column(self, name: str) -> memoryview[int] | list[Any]:
        """One field of all rows, in their order, without a row object for each.

        Args:
            name: A number of the record, such as `"metric"`, or an address, such as `"gateway"`; see `docs/tables.md`.

        Returns:
            Of a number, a read-only view of the kernel's plain numbers, 0 where it sent none. It lies over the table's
            memory (and keeps it) but for filtered rows, which are copied. Of an address, a list of what the rows'
            attribute of that name gives; equal ones are one object.

        Raises:
            ValueError: Rows of this kind have no such column.
        """
        return _column(self._cls, self._block.view(), self._at, name)

    @property
    def buffer(self) -> memoryview[int]:
        """The rows' records, one after the other, read-only: of a whole answer without a copy. It keeps the memory."""
        return self._block.view() if self._is_whole() else memoryview(self._bytes())

    @property
    def dtype(self) -> Any:  # a dict; numpy's own type for it is the only one that its stubs take
        """How a record lies in `buffer`, as `numpy.dtype` takes it: names, formats, offsets and its size."""
        return _dtype(self._cls._layout)

    def to_dicts(self, names: Mapping[int, str] | None = None) -> list[dict[str, Any]]:
        """Every row's `to_dict(names)`."""
        return self._cls._dicts(self._records(), self._block, names)

    def __repr__(self) -> str:
        rows = [repr(row) for row in self[:10]]
        if len(self) > 10:
            rows.append(f"… {len(self) - 10} more")
        return f"Table([{', '.join(rows)}])"

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self._cls, self._bytes(), len(self), bytes(self._block.extra), self.malformed)


def _restore(cls: type[Row], rows: bytes, count: int, text: bytes, malformed: int) -> Table[Row]:
    return Table(cls, Block(rows, count, text, malformed))


_INNER = ("reserved", "extra_len", "part_len", "encap_len", "members_len", "extra_at")
# Values that are made of several fields of a record: these fields, in the order in which they lie in it.
_VALUES: dict[str, dict[str, tuple[str, ...]]] = {
    "Interface": {},
    "IfNet": {"addr": ("family", "addr"), "peer": ("family", "peer", "has"), "broadcast": ("broadcast", "has")},
    "IfAddr": {"addr": ("family", "addr")},
    "Route": {
        "destination": ("family", "dst_len", "dst"),
        "gateway": ("gateway_family", "gateway"),
        "source": ("family", "src_len", "src", "has"),
        "prefsrc": ("family", "prefsrc", "has"),
    },
    "NextHop": {"gateway": ("gateway_family", "gateway")},
}


class _Made(dict["tuple[Any, ...]", "Any"]):
    """The value of each combination of fields that was met."""

    __slots__ = ("_cls", "_fields", "_name")

    def __init__(self, cls: type[AnyRow], name: str, fields: Sequence[str]) -> None:
        super().__init__()
        self._cls, self._name, self._fields = cls, name, fields

    def __missing__(self, key: tuple[Any, ...]) -> Any:
        layout = self._cls._layout
        record = list(layout.unpacker.unpack(bytes(layout.size)))
        for field, value in zip(self._fields, key, strict=True):
            record[layout.position[field]] = value
        row = object.__new__(self._cls)
        row._record = tuple(record)
        value = self[key] = getattr(row, self._name)
        return value


def _dtype(layout: Layout) -> dict[str, Any]:
    """The fields of a record as `numpy.dtype` takes them."""
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
    return f"{'i' if code.islower() else 'u'}{width}"


def _column(cls: type[AnyRow], rows: memoryview, at: Sequence[int], name: str) -> memoryview | list[Any]:
    """One field of the rows at these positions of the records in `rows`."""
    layout = cls._layout
    values = _VALUES[cls._kind]
    numbers = [field for field, code in layout.codes.items() if field not in _INNER and len(code) == 1]
    if name in values:
        fields = values[name]
        made = _Made(cls, name, fields)
        return list(map(made.__getitem__, _fields(layout, fields, rows, at)))
    if name not in numbers:
        known = ", ".join(sorted([*values, *numbers]))
        raise ValueError(f"{cls.__name__} has no column {name!r}; there are {known}")
    width = layout.width(name)
    code: Any = layout.codes[name]
    whole = rows.cast(code)[layout.offset[name] // width :: layout.size // width]
    if isinstance(at, range):
        return whole[_slice(at)]
    return memoryview(array(code, map(whole.__getitem__, at))).toreadonly()


def _fields(layout: Layout, names: Sequence[str], rows: memoryview, at: Sequence[int]) -> Iterable[tuple[Any, ...]]:
    """Some fields of records, without what lies between them."""
    form, end = "=", 0
    for name in names:
        form += f"{layout.offset[name] - end}x{layout.codes[name]}"
        end = layout.offset[name] + layout.width(name)
    unpacker = Struct(f"{form}{layout.size - end}x")
    if at == range(len(rows) // layout.size):
        return unpacker.iter_unpack(rows)
    return (unpacker.unpack_from(rows, one * layout.size) for one in at)


def _slice(at: range) -> slice:
    if not at:
        return slice(0)
    return slice(at.start, at.stop if at.stop >= 0 else None, at.step)
