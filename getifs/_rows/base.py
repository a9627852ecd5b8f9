"""What all rows have in common: the bytes of the record, its side bytes, and how attributes are declared."""

from __future__ import annotations

from _collections_abc import Mapping

from .._lazy import LazyModule
from .._names import name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any, ClassVar, TypeVar

    from typing_extensions import Self

    from .._core import Block
    from .._records import Layout
    from . import dicts

    Getter = TypeVar("Getter", bound=Callable[..., object])
else:
    dicts = LazyModule(".dicts", __package__)
    typing = LazyModule("typing")

PACKAGE = __name__.removesuffix("._rows.base")  # pickles name the classes by the package, where they are public
new: Callable[[type], Any] = object.__new__  # as a global it is found faster


class Column:
    """The fields that an address is made of, if an attribute is a column of addresses.

    Args:
        address: The field of the address.
        length: The field of the prefix length, if it is a network.
        family: The field of the family; if empty, it is an IPv4 address.
        has: The bit of `has` without which the attribute is `None`; if 0, the family is 0 then.
    """

    __slots__ = ("address", "family", "has", "length")

    def __init__(self, address: str, length: str = "", family: str = "family", has: int = 0) -> None:
        self.address, self.length, self.family, self.has = address, length, family, has


class Shown:
    """Where and how an attribute is shown: see `shown`."""

    __slots__ = ("column", "entries", "field", "form", "has", "keys", "own", "within")

    def __init__(
        self,
        keys: tuple[str, ...],
        *,
        form: str,
        field: str,
        entries: str,
        column: Column | None,
        within: str,
        own: str,
        has: int,
    ) -> None:
        self.keys, self.form, self.field, self.entries, self.column = keys, form, field, entries, column
        self.within, self.own, self.has = within, own, has


def shown(
    *keys: str,
    form: str = "",
    field: str = "",
    entries: str = "",
    column: Column | None = None,
    within: str = "",
    own: str = "",
    has: int = 0,
) -> Callable[[Getter], Getter]:
    """Declares how `to_dict()` and `Table.column()` show an attribute. Stands below `@property`; reading costs nothing.

    Args:
        keys: The keys of `to_dict()`, which are those of `ip -j`. A value of `None` is left out.
        form: A function of `iproute2` that converts the value.
        field: The field of the record whose number is converted instead of the value, if that is a member of an
            enumeration: `to_dict()` does without `enum`.
        entries: A function of `iproute2` that sets the entries with these keys, from the row and the names of
            interfaces, if the value of the attribute is not enough.
        column: Declares it a column of addresses, whose texts are the values of `to_dict()` unless `entries` sets them.
            Every number of a record is a column without a declaration.
        within: The key of the inner dict that has these keys; the attribute with that key makes it.
        own: The field of the record that the attribute shows, if it differs in most rows. Other attributes do not show
            it. For side bytes it is `extra_at`. Whether a row has the attribute must follow from the other fields, or
            else its `entries` function removes entries too. A number of 32 bits is shown as the record has it.
        has: The bit of `has` without which such a number, or that of `field`, is left out.
    """

    def declare(getter: Getter) -> Getter:
        getter.__dict__["shown"] = Shown(
            keys, form=form, field=field, entries=entries, column=column, within=within, own=own, has=has
        )
        return getter

    return declare


class Row:
    """One row of an answer: immutable, hashable, comparable, picklable.

    Rows are created by queries. They are values: two rows are equal if all that the kernel said is equal.
    """

    __slots__ = ("_record",)
    __module__ = PACKAGE

    _kind: ClassVar[str]  # its name in predicates
    _layout: ClassVar[Layout]
    _repr: ClassVar[tuple[str, ...]]  # attributes that repr() shows: the first, and those that are set
    _record: bytes  # without the place of the side bytes

    def __init__(self) -> None:
        raise TypeError(f"{type(self).__name__} rows are created by queries")

    @classmethod
    def _row(cls, record: bytes, extra: bytes) -> Self:  # noqa: ARG003  # rows with side bytes keep them
        """The row of the value bytes of a record, with all of its side bytes."""
        row: Self = new(cls)
        row._record = record
        return row

    @classmethod
    def _rows(cls, divided: Iterable[tuple[Any, ...]], block: Block) -> Iterator[Self]:  # noqa: ARG003  # has side bytes
        """The rows of records of that block, as the layout's `divider` unpacks them."""
        for (record,) in divided:
            row = new(cls)
            row._record = record
            yield row

    @classmethod
    def _declared(cls) -> dict[str, Shown]:
        """The declarations of the attributes, in the order of their definition."""
        return {
            name: value.fget.__dict__["shown"]
            for base in reversed(cls.__mro__)
            for name, value in vars(base).items()
            if isinstance(value, property) and "shown" in value.fget.__dict__
        }

    def _bytes(self, name: str) -> bytes:
        """A field that is an array of bytes."""
        return self._record[self._layout.arrays[name]]

    def _value(self) -> object:
        """What equality and hash compare."""
        return self._record

    def _order(self) -> tuple[Any, ...]:
        """What the order compares: the value, with numbers as numbers."""
        layout = self._layout
        return layout.unpacker.unpack(self._record.ljust(layout.size, b"\0"))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Row) or other._kind != self._kind:
            return NotImplemented
        return self._value() == other._value()

    def __lt__(self, other: Self) -> bool:
        if getattr(other, "_kind", None) != self._kind:
            return NotImplemented
        return self._order() < other._order()

    def __le__(self, other: Self) -> bool:
        if getattr(other, "_kind", None) != self._kind:
            return NotImplemented
        return self._order() <= other._order()

    def __hash__(self) -> int:
        return hash(self._value())

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self._record, b"")

    def __repr__(self) -> str:
        first, *others = [(name, getattr(self, name)) for name in self._repr]
        parts = [first, *((name, value) for name, value in others if _is_set(value))]
        return f"{type(self).__name__}({', '.join(f'{name}={_text(value)}' for name, value in parts)})"

    def to_dict(self, names: Mapping[int, str] | None = None) -> dict[str, typing.Any]:
        """The row with the keys and values of `ip -j -d`, ready for JSON.

        Args:
            names: The names of interfaces by index (`getifs.ifnames()`), for those that the row does not contain.

        Returns:
            A new dict. Its values are `str`, `int`, `float`, `bool`, `None`, lists and dicts.
        """
        return dicts.set_entries({}, self, names or {}, dicts.PLANS[type(self)].steps)


class ExtraRow(Row):
    """A row with side bytes: `_extra` is its own copy of them."""

    __slots__ = ("_extra",)
    __module__ = PACKAGE

    _extra: bytes

    @classmethod
    def _row(cls, record: bytes, extra: bytes) -> Self:
        row: Self = new(cls)
        row._record = record
        row._extra = extra
        return row

    @classmethod
    def _rows(cls, divided: Iterable[tuple[Any, ...]], block: Block) -> Iterator[Self]:
        extra = block._extra
        for record, size, start in divided:
            row = new(cls)
            row._record = record
            row._extra = extra[start : start + size]
            yield row

    def _value(self) -> object:
        return self._record, self._extra

    def _order(self) -> tuple[Any, ...]:
        return (*super()._order(), self._extra)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self._record, self._extra)


class OnInterface:
    """A row that refers to an interface by its index."""

    __slots__ = ()

    @property
    def index(self) -> int:
        """Index of the interface."""
        raise NotImplementedError

    def ifname(self) -> str | None:
        """The name of the interface, asked of the kernel now; `None` if `index` is 0.

        It is asked for in the network namespace of the calling thread. For a row from another one, use
        `Session.ifindex_to_name()`.

        Raises:
            OSError: `ENODEV`: the interface does not exist any more.
        """
        return name_of(self.index) if self.index else None


def _is_set(value: object) -> bool:
    """`repr()` leaves out `None`, `False`, 0 and an empty group, but no member of an enumeration."""
    return bool(value) or (isinstance(value, int) and type(value) not in (int, bool))


def _text(value: object) -> str:
    """As `repr()` shows a value: members of enumerations by name."""
    return str(value) if isinstance(value, int) else repr(value)


def _restore(cls: type[Row], record: bytes, extra: bytes) -> Row:
    return cls._row(record, extra)
