"""Predicates that can be combined, printed, and compiled to a program that the C core runs over records.

Each built-in predicate says one thing twice: in Python, of a row or an address (`__call__`), and as an expression
of tests on a record's fields (`_expression`). `getifs.h` describes what a compiled program consists of.
"""

from __future__ import annotations

from .. import _core
from .._core import lib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from .._rows.base import Row

    # A test (the fields of struct getifs_test, and "glob": a name pattern), or an operator and what it combines.
    Expression = dict[str, Any] | tuple[str, list["Expression"]]

_FAMILY_SIZE = {2: 4, 10: 16}  # AF_INET, AF_INET6; the same on every architecture of Linux


class Predicate:
    """A condition on rows. `&`, `|` and `~` combine it with others and with any callable."""

    __slots__ = ("_expressions", "_programs", "_size")

    def __init__(self, size: int = 1) -> None:
        self._expressions: dict[type[Row], Expression | None] = {}
        self._programs: dict[object, _core.Program | None] = {}
        self._size = size  # how many tests its program has: a predicate that is used twice counts twice

    def __call__(self, item: Any, /) -> bool:
        raise NotImplementedError

    def expression(self, cls: type[Row]) -> Expression | None:
        """What it means for records of that row class; `None`: only Python can tell.

        Raises:
            TypeError: It takes no such rows.
        """
        if cls not in self._expressions:
            self._expressions[cls] = self._expression(cls)
        return self._expressions[cls]

    def _expression(self, cls: type[Row]) -> Expression | None:
        raise NotImplementedError

    _binding = 3  # how closely its text holds together

    def _wrapped(self, binding: int) -> str:
        return f"({self!r})" if self._binding < binding else repr(self)

    def __and__(self, other: Callable[[Any], object]) -> Predicate:
        return _And(self, _as_predicate(other)) if callable(other) else NotImplemented

    def __rand__(self, other: Callable[[Any], object]) -> Predicate:
        return _And(_as_predicate(other), self) if callable(other) else NotImplemented

    def __or__(self, other: Callable[[Any], object]) -> Predicate:
        return _Or(self, _as_predicate(other)) if callable(other) else NotImplemented

    def __ror__(self, other: Callable[[Any], object]) -> Predicate:
        return _Or(_as_predicate(other), self) if callable(other) else NotImplemented

    def __invert__(self) -> Predicate:
        return _Not(self)

    def __bool__(self) -> bool:
        raise TypeError("a predicate has no truth value: combine predicates with & | ~, call them with a row")

    def __reduce__(self) -> tuple[Any, ...]:
        raise TypeError(f"cannot pickle {self!r}")


def _as_predicate(function: Callable[[Any], object]) -> Predicate:
    return function if isinstance(function, Predicate) else _Plain(function)


class _Plain(Predicate):
    """Somebody's own function."""

    __slots__ = ("_function",)

    def __init__(self, function: Callable[[Any], object]) -> None:
        super().__init__()
        self._function = function

    def __call__(self, item: Any, /) -> bool:
        return bool(self._function(item))

    def _expression(self, cls: type[Row]) -> Expression | None:  # noqa: ARG002  # nothing can be told of any
        return None

    def __repr__(self) -> str:
        return getattr(self._function, "__name__", None) or repr(self._function)


class _Many(Predicate):
    """Several predicates with one operator between them: `a & b & c` is one of three, not two of two."""

    __slots__ = ("_parts",)
    _operator: str

    def __init__(self, left: Predicate, right: Predicate) -> None:
        super().__init__(left._size + right._size)
        self._parts: list[Predicate] = [*left._parts, right] if type(left) is type(self) else [left, right]

    def _expression(self, cls: type[Row]) -> Expression | None:
        # All of them are asked: each may say that it takes no such rows.
        expressions = [part.expression(cls) for part in self._parts]
        known = [expression for expression in expressions if expression is not None]
        return (self._operator, known) if len(known) == len(expressions) else None

    def __repr__(self) -> str:
        first, *others = self._parts
        texts = [first._wrapped(self._binding), *(part._wrapped(self._binding + 1) for part in others)]
        return f" {self._operator} ".join(texts)


class _And(_Many):
    __slots__ = ()
    _operator = "&"
    _binding = 1

    def __call__(self, item: Any, /) -> bool:
        return all(part(item) for part in self._parts)


class _Or(_Many):
    __slots__ = ()
    _operator = "|"
    _binding = 0

    def __call__(self, item: Any, /) -> bool:
        return any(part(item) for part in self._parts)


class _Not(Predicate):
    __slots__ = ("_part",)
    _binding = 2

    def __init__(self, part: Predicate) -> None:
        super().__init__(part._size)
        self._part = part

    def __call__(self, item: Any, /) -> bool:
        return not self._part(item)

    def _expression(self, cls: type[Row]) -> Expression | None:
        expression = self._part.expression(cls)
        return None if expression is None else ("~", [expression])

    def __repr__(self) -> str:
        return f"~{self._part._wrapped(self._binding)}"


class WrongKind(TypeError):
    """A predicate was given what it can't judge."""

    def __init__(self, predicate: Predicate, takes: str, given: type) -> None:
        super().__init__(f"{predicate!r} takes {takes}, not {given.__name__}")
        self.takes = takes
        self.given = given


class Named(Predicate):
    """Another predicate under a name of its own."""

    __slots__ = ("_name", "_predicate")

    def __init__(self, name: str, predicate: Predicate) -> None:
        super().__init__(predicate._size)
        self._name = name
        self._predicate = predicate

    def __call__(self, item: Any, /) -> bool:
        try:
            return self._predicate(item)
        except WrongKind as error:
            raise WrongKind(self, error.takes, error.given) from None

    def _expression(self, cls: type[Row]) -> Expression | None:
        try:
            return self._predicate.expression(cls)
        except WrongKind as error:
            raise WrongKind(self, error.takes, error.given) from None

    def __repr__(self) -> str:
        return self._name


class Fields(Predicate):
    """A field of the record, masked, has a value: `fields` names it for each kind of row that has one."""

    __slots__ = ("_fields", "_text")

    def __init__(self, text: str, fields: dict[str, tuple[str, int, int]]) -> None:
        super().__init__()
        self._text = text
        self._fields = fields

    def _field(self, cls: type) -> tuple[str, int, int]:
        field = self._fields.get(getattr(cls, "_kind", ""))
        if field is None:
            raise WrongKind(self, f"rows of {' or '.join(self._fields)}", cls)
        return field

    def __call__(self, item: Any, /) -> bool:
        name, mask, value = self._field(type(item))
        number: int = item._record[item._layout.position[name]]
        return number & mask == value

    def _expression(self, cls: type[Row]) -> Expression | None:
        name, mask, value = self._field(cls)
        size = cls._layout.width(name)
        return {
            "op": lib.GETIFS_TEST_MASK,
            "size": size,
            "offset": cls._layout.offset[name],
            "mask": mask,
            "value": value,
        }

    def __repr__(self) -> str:
        return self._text


class Networks(Predicate):
    """An address lies in one of some networks. Of a route, its whole destination does.

    `networks` are triples: the address family, the packed network address, the prefix length.
    """

    __slots__ = ("_networks", "_text")

    def __init__(self, text: str, networks: Iterable[tuple[int, bytes, int]]) -> None:
        self._networks = tuple(networks)
        super().__init__(len(self._networks))
        self._text = text

    def __call__(self, item: Any, /) -> bool:
        family, packed, length = self._address(item)
        number = int.from_bytes(packed, "big")
        bits = len(packed) * 8
        return any(
            family == net_family
            and length >= net_length
            and (number ^ int.from_bytes(net_packed, "big")) >> (bits - net_length) == 0
            for net_family, net_packed, net_length in self._networks
        )

    def _address(self, item: Any) -> tuple[int, bytes, int]:
        kind = getattr(type(item), "_address_fields", None)
        if kind is not None:
            addr, length_name = kind
            record, position = item._record, item._layout.position
            family = record[position["family"]]
            size = _FAMILY_SIZE[family]
            return family, record[position[addr]][:size], record[position[length_name]] if length_name else size * 8
        from ipaddress import IPv4Address, IPv6Address

        if isinstance(item, (IPv4Address, IPv6Address)):
            return 2 if item.version == 4 else 10, item.packed, item.max_prefixlen
        raise WrongKind(self, "rows that have an address, or addresses", type(item))

    def _expression(self, cls: type[Row]) -> Expression | None:
        kind = getattr(cls, "_address_fields", None)
        if kind is None:
            raise WrongKind(self, "rows that have an address, or addresses", cls)
        addr, length_name = kind
        offset = cls._layout.offset
        common = {
            "op": lib.GETIFS_TEST_PREFIX,
            "offset": offset[addr],
            "family_at": offset["family"],
            "length_at": offset[length_name] if length_name else lib.GETIFS_FULL_LENGTH,
        }
        tests: list[Expression] = [
            {**common, "family": family, "addr": packed.ljust(16, b"\0"), "length": length}
            for family, packed, length in self._networks
        ]
        return ("|", tests)

    def __repr__(self) -> str:
        return self._text


class Text(Predicate):
    """A text of an interface (number `part` of its texts) matches a pattern; `glob` are its elements."""

    __slots__ = ("_glob", "_part", "_regex", "_text")

    def __init__(self, text: str, part: int, glob: list[tuple[int, int, int]]) -> None:
        super().__init__()
        self._text = text
        self._part = part
        self._glob = glob
        self._regex: Any = None

    def __call__(self, item: Any, /) -> bool:
        self._check(type(item))
        if self._regex is None:
            from .patterns import regex

            self._regex = regex(self._glob)
        return self._regex.fullmatch(item._decoded(self._part)) is not None

    def _check(self, cls: type) -> None:
        if getattr(cls, "_kind", None) != "Interface":
            raise WrongKind(self, "rows of Interface", cls)

    def _expression(self, cls: type[Row]) -> Expression | None:
        self._check(cls)
        import sys

        if sys.getfilesystemencoding() != "utf-8":
            return None  # names are decoded otherwise than the C core does
        return {"op": lib.GETIFS_TEST_TEXT, "part": self._part, "length": len(self._glob), "glob": self._glob}

    def __repr__(self) -> str:
        return self._text
