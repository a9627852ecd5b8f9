"""What all rows are made of: the fields of a C record, unpacked, and the texts that belong to it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, ClassVar

    from typing_extensions import Self

    from .._core import Block, Layout


class Row:
    """One row of an answer: immutable, hashable, comparable, picklable.

    Rows come from queries. They are values: two rows are equal where all that the kernel said is equal.
    """

    __slots__ = ("_record",)

    _kind: ClassVar[str]  # as predicates name it
    _layout: ClassVar[Layout]
    _shown: ClassVar[tuple[str, ...]]
    _record: tuple[int, ...]  # but for arrays of bytes: see _bytes

    def __init__(self) -> None:
        raise TypeError(f"{type(self).__name__} rows come from queries")

    @classmethod
    def _make(cls, record: tuple[Any, ...], block: Block) -> Self:  # noqa: ARG003  # rows with texts read it
        """The row of a record that was unpacked from that block."""
        row = object.__new__(cls)
        row._record = record
        return row

    def _bytes(self, name: str) -> bytes:
        """A field that is an array of bytes."""
        return self._record[self._layout.position[name]]  # type: ignore[return-value]  # as said above

    def _value(self) -> tuple[Any, ...]:
        """What equality, order and hash look at."""
        return self._record

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Row) or other._kind != self._kind:
            return NotImplemented
        return self._value() == other._value()

    def __lt__(self, other: Self) -> bool:
        if not isinstance(other, Row) or other._kind != self._kind:
            return NotImplemented
        return self._value() < other._value()

    def __le__(self, other: Self) -> bool:
        if not isinstance(other, Row) or other._kind != self._kind:
            return NotImplemented
        return self._value() <= other._value()

    def __hash__(self) -> int:
        return hash(self._value())

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self._record, None)

    def __repr__(self) -> str:
        parts = ((name, getattr(self, name)) for name in self._shown)
        shown = ", ".join(f"{name}={value!r}" for name, value in parts if value is not None)
        return f"{type(self).__name__}({shown})"

    def to_dict(self, names: Mapping[int, str] | None = None) -> dict[str, Any]:
        """The row as `ip -j` prints it, ready for JSON.

        Args:
            names: The interfaces' names by index, for those that the row itself does not know.

        Returns:
            A new dict of `str`, `int`, `bool`, `None`, lists and dicts.
        """
        raise NotImplementedError

    @classmethod
    def _dicts(
        cls, records: Iterable[tuple[Any, ...]], block: Block, names: Mapping[int, str] | None
    ) -> list[dict[str, Any]]:
        """`to_dict` of each row."""
        return [cls._make(record, block).to_dict(names) for record in records]


class ExtraRow(Row):
    """A row with texts. Its record says last where they lie in the block; `_text` is its own copy."""

    __slots__ = ("_extra",)

    _extra: bytes

    def _value(self) -> tuple[Any, ...]:
        return (*self._record[:-1], self._extra)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), (*self._record[:-1], 0), self._extra)


def _restore(cls: type[Row], record: tuple[Any, ...], text: bytes | None) -> Row:
    row = object.__new__(cls)
    row._record = record
    if isinstance(row, ExtraRow) and text is not None:
        row._extra = text
    return row
