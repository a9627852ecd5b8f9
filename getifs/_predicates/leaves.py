"""Predicates that test the record of a row: number fields, addresses, texts."""

from __future__ import annotations

from .. import _records
from .._arguments import address_argument
from .tree import NotApplicableError, Predicate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from re import Pattern
    from typing import Any

    from .._rows.base import Row
    from .patterns import Element
    from .tree import Expression

    # Address family, packed address, length of the prefix in bits.
    Prefix = tuple[int, bytes, int]

INET, INET6 = 2, 10  # AF_INET, AF_INET6: the same on every architecture of Linux
_SIZES = {INET: 4, INET6: 16}


def _class_of(item: object) -> type:
    return type(item)


def _row_prefix(item: Any, fields: tuple[str, str | None]) -> Prefix:
    """The address of a row, and its prefix length. `fields` names both; without a length it is a single address."""
    address, length = fields
    record, offset = item._record, item._layout.offset
    family = record[offset["family"]]
    size, start = _SIZES[family], offset[address]
    return family, record[start : start + size], record[offset[length]] if length else 8 * size


def _contains(network: Prefix, prefix: Prefix) -> bool:
    """Does the network contain all addresses of the prefix?"""
    family, start, length = network
    if family != prefix[0] or length > prefix[2]:
        return False
    return (int.from_bytes(start, "big") ^ int.from_bytes(prefix[1], "big")) >> (8 * len(start) - length) == 0


class Fields(Predicate):
    """A number field of the record has a value: `(field & mask) == value`.

    `fields` maps each kind of row that has the field to the field's name, the mask and the value.
    """

    def __init__(self, text: str, fields: Mapping[str, tuple[str, int, int]]) -> None:
        super().__init__()
        self._text = text
        self._fields = fields

    def _field(self, cls: type) -> tuple[str, int, int]:
        field = self._fields.get(getattr(cls, "_kind", ""))
        if field is None:
            raise NotApplicableError(self, f"rows of {' or '.join(self._fields)}", cls)
        return field

    def __call__(self, item: Any, /) -> bool:
        name, mask, value = self._field(_class_of(item))
        number: int = item._layout.read(item._record, name)
        return number & mask == value

    def _express(self, cls: type[Row]) -> Expression | None:
        name, mask, value = self._field(cls)
        return {
            "op": _records.GETIFS_TEST_MASK,
            "size": cls._layout.width(name),
            "offset": cls._layout.offset[name],
            "mask": mask,
            "value": value,
        }

    def __repr__(self) -> str:
        return self._text


class Networks(Predicate):
    """An address is in one of some networks. For a route, its whole destination is."""

    def __init__(self, text: str, networks: Iterable[Prefix]) -> None:
        self._networks = tuple(networks)
        super().__init__(len(self._networks))
        self._text = text

    def _prefixes(self) -> tuple[Prefix, ...]:
        return self._networks

    def __call__(self, item: Any, /) -> bool:
        prefix = self._prefix(item)
        return any(_contains(network, prefix) for network in self._prefixes())

    def _prefix(self, item: Any) -> Prefix:
        fields = getattr(_class_of(item), "_address_fields", None)
        if fields is not None:
            return _row_prefix(item, fields)
        from ipaddress import IPv4Address, IPv6Address

        if not isinstance(item, (str, IPv4Address, IPv6Address)):
            raise self._not_applicable(_class_of(item))
        family, packed, _ = address_argument(item)
        return family, packed, 8 * len(packed)

    def _not_applicable(self, given: type) -> NotApplicableError:
        return NotApplicableError(self, "rows that have an address, or addresses", given)

    def _express(self, cls: type[Row]) -> Expression | None:
        fields = getattr(cls, "_address_fields", None)
        if fields is None:
            raise self._not_applicable(cls)
        address, length_name = fields
        offset = cls._layout.offset
        common = {
            "op": _records.GETIFS_TEST_PREFIX,
            "offset": offset[address],
            "family_at": offset["family"],
            "length_at": offset[length_name] if length_name else _records.GETIFS_FULL_LENGTH,
        }
        tests: list[Expression] = [
            {**common, "family": family, "addr": packed.ljust(16, b"\0"), "length": length}
            for family, packed, length in self._prefixes()
        ]
        return ("|", tests)

    def __repr__(self) -> str:
        return self._text


class Covers(Predicate):
    """The destination of a route contains an address."""

    def __init__(self, text: str, family: int, packed: bytes) -> None:
        super().__init__()
        self._text = text
        self._address = family, packed, 8 * len(packed)

    def _fields(self, cls: type) -> tuple[str, str]:
        if getattr(cls, "_kind", None) != "Route":
            raise NotApplicableError(self, "rows of Route", cls)
        return "dst", "dst_len"

    def __call__(self, item: Any, /) -> bool:
        return _contains(_row_prefix(item, self._fields(_class_of(item))), self._address)

    def _express(self, cls: type[Row]) -> Expression | None:
        destination, length = self._fields(cls)
        family, packed, bits = self._address
        offset = cls._layout.offset
        return {
            "op": _records.GETIFS_TEST_COVERS,
            "offset": offset[destination],
            "family_at": offset["family"],
            "length_at": offset[length],
            "family": family,
            "addr": packed.ljust(16, b"\0"),
            "length": bits,
        }

    def __repr__(self) -> str:
        return self._text


class Text(Predicate):
    """A text of an interface (`part` is its `LINK_*` number) matches a pattern."""

    def __init__(self, text: str, part: int, glob: list[Element]) -> None:
        super().__init__()
        self._text = text
        self._part = part
        self._glob = glob
        self._regex: Pattern[str] | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "_regex": None}

    def __call__(self, item: Any, /) -> bool:
        self._check(_class_of(item))
        if self._regex is None:
            from .patterns import regex

            self._regex = regex(self._glob)
        return self._regex.fullmatch(item._decoded(self._part)) is not None

    def _check(self, cls: type) -> None:
        if getattr(cls, "_kind", None) != "Interface":
            raise NotApplicableError(self, "rows of Interface", cls)

    def _express(self, cls: type[Row]) -> Expression | None:
        self._check(cls)
        import sys

        if sys.getfilesystemencoding() != "utf-8":
            return None  # the C core decodes UTF-8 only
        return {"op": _records.GETIFS_TEST_TEXT, "part": self._part, "length": len(self._glob), "glob": self._glob}

    def __repr__(self) -> str:
        return self._text
