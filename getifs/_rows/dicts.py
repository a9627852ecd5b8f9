"""Makes the dicts of rows from the declarations of their attributes."""

from __future__ import annotations

from itertools import groupby
from struct import Struct

from .._records import u16, u32
from . import iproute2
from .address_texts import address_text, is_host

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from .._records import Layout
    from .base import Column, Shown

    Row = Any
    Dict = dict[str, Any]
    Names = Mapping[int, str]
    # A key, the function that gives the attribute, and the form of its value. Without a key the function sets entries.
    Step = tuple[str, Callable[..., Any], Callable[[Any], object] | None]

_INET = 2
_NO_VALUES = ("extra_at", "reserved")
_SIMILAR_MOST = 10_000  # dicts that are kept for copies
_WORTH_SHARING = 4  # attributes that are not own
WORTH_COPYING = 10  # rows: preparing the copies takes longer than making fewer dicts


def set_entries(result: Dict, row: Row, names: Names, steps: list[Step]) -> Dict:
    """Sets the entries of a dict, and removes those that the row does not have."""
    for key, function, form in steps:
        if not key:
            function(row, names, result)
            continue
        value = function(row)
        if value is not None and form is not None:
            value = form(value)
        if value is not None:
            result[key] = value
        elif key in result:
            del result[key]
    return result


class Plan:
    """How the dicts of the rows of a class are made.

    Most rows of a table differ only in a few attributes, the *own* ones, so the dict of a row starts with a copy of the
    dict of an earlier row with the same values of the other fields.
    """

    __slots__ = ("_cls", "_own", "shared", "steps")

    steps: list[Step]  # of all attributes, in the order of their definition
    shared: Struct | None  # unpacks what the attributes that are not own are made of; `None` if these are few

    def __init__(self, cls: type[Row]) -> None:
        self._cls = cls
        declared = {name: one for name, one in cls._declared().items() if one.keys and not one.within}
        steps = {name: _step(cls, name, one) for name, one in declared.items()}
        self.steps = list(steps.values())
        self._own = [(steps[name], one) for name, one in declared.items() if one.own]
        fields = {*_NO_VALUES, *(one.own for one in declared.values())}
        self.shared = _without(cls._layout, fields) if len(steps) - len(self._own) >= _WORTH_SHARING else None

    def dicts(self, rows: Iterable[Row], names: Names) -> list[Dict]:
        """The dict of each row."""
        steps = self.steps
        return [set_entries({}, row, names, steps) for row in rows]

    def similar_dicts(
        self, divided: Iterable[tuple[Any, ...]], extra: bytes, shared: Iterable[tuple[bytes, ...]], names: Names
    ) -> list[Dict]:
        """The dict of each row, with what the layout's `divider` and `shared` unpack of their records."""
        # The dict of the first row of a kind; from the second row on also how to copy it.
        similar: dict[tuple[bytes, ...], tuple[Dict, _Copier | None]] = {}
        copiers: dict[tuple[str, ...], _Copier] = {}
        result: list[Dict] = []
        row = self._cls._row(b"", b"")  # one object for all rows: nobody sees it
        for (row._record, *side), fields in zip(divided, shared, strict=True):
            if side:
                size, start = side
                row._extra = extra[start : start + size] if size else b""
            made = None
            found = similar.get(fields)
            if found is not None:
                first, copier = found
                if copier is None:
                    keys = tuple(first)
                    copier = copiers.get(keys) or copiers.setdefault(keys, _Copier(self._own, first))
                    similar[fields] = first, copier
                made = copier.copy(first, row, names)
            if made is None:
                made = set_entries({}, row, names, self.steps)
                if len(similar) < _SIMILAR_MOST:
                    similar[fields] = made, None
            result.append(made)
        return result


class _Copier:
    """Makes dicts of rows from those of similar rows. All have the same keys."""

    __slots__ = ("_containers", "_entries", "_numbers", "_values")

    def __init__(self, own: list[tuple[Step, Shown]], first: Dict) -> None:
        steps = [(step, declared) for step, declared in own if declared.entries or declared.keys[0] in first]
        self._numbers = [(step[0], step[1].at) for step, _ in steps if isinstance(step[1], _Number)]
        others = [step for step, _ in steps if not isinstance(step[1], _Number)]
        self._entries = [function for key, function, _ in others if not key]
        self._values = [step for step in others if step[0]]
        fresh = {key for _, declared in own for key in declared.keys}
        self._containers = [key for key, value in first.items() if key not in fresh and type(value) in (list, dict)]

    def copy(self, first: Dict, row: Row, names: Names) -> Dict | None:
        """The dict of the row; `None` if it has other keys than the first."""
        made = first.copy()
        record = row._record
        for key, at in self._numbers:
            made[key] = u32(record, at)[0]
        for function in self._entries:
            function(row, names, made)
        if self._values:
            set_entries(made, row, names, self._values)
        if len(made) != len(first):
            return None
        for key in self._containers:
            made[key] = made[key].copy()
        return made


class _Number:
    """A number of 32 bits, as the record has it; `None` if the row does not have it."""

    __slots__ = ("_has", "_has_at", "at")

    def __init__(self, layout: Layout, name: str, has: int) -> None:
        self.at, self._has_at, self._has = layout.offset[name], layout.offset["has"] if has else 0, has

    def __call__(self, row: Row) -> int | None:
        record = row._record
        return None if self._has and not record[self._has_at] & self._has else u32(record, self.at)[0]


def _step(cls: type[Row], name: str, declared: Shown) -> Step:
    key, layout = declared.keys[0], cls._layout
    if declared.entries:
        return "", _entries(declared.entries), None
    if declared.column is not None:
        return "", _address(layout, declared.column, key), None
    if layout.codes.get(declared.own) == "I" and declared.own != "extra_at":
        return key, _Number(layout, declared.own, declared.has), None
    if declared.field:
        return key, _field(layout, declared.field, declared.has), getattr(iproute2, declared.form)
    return key, getattr(cls, name).fget, getattr(iproute2, declared.form) if declared.form else None


def _entries(name: str) -> Callable[[Row, Names, Dict], None]:
    if name.startswith("rule_"):
        from . import iproute2_rules

        return getattr(iproute2_rules, name)  # type: ignore[no-any-return]
    return getattr(iproute2, name)  # type: ignore[no-any-return]


def _field(layout: Layout, name: str, has: int) -> Callable[[Row], int | None]:
    """Reads a number; `None` if the row does not have it."""
    read = _reader(layout, name)
    if not has:
        return read
    flags = _reader(layout, "has")
    return lambda row: read(row) if flags(row) & has else None


def _reader(layout: Layout, name: str) -> Callable[[Row], int]:
    at, code = layout.offset[name], layout.codes[name]
    if code == "B":
        return lambda row: row._record[at]
    unpack = u16 if code == "H" else u32
    return lambda row: unpack(row._record, at)[0]


def _address(layout: Layout, column: Column, key: str) -> Callable[[Row, object, Dict], None]:
    """Sets the entry of an address or a network."""
    at, family_at = layout.offset[column.address], layout.offset.get(column.family, -1)
    has_at, has = (layout.offset["has"], column.has) if column.has else (family_at, 0xFF)
    length_at = layout.offset.get(column.length, -1)

    def address(row: Row, _names: object, result: Dict) -> None:
        record = row._record
        if record[has_at] & has:
            result[key] = address_text(_INET if family_at < 0 else record[family_at], record, at)

    def network(row: Row, _names: object, result: Dict) -> None:
        record = row._record
        if record[has_at] & has:
            family, length = record[family_at], record[length_at]
            if length == 0:
                result[key] = "default"
            elif is_host(family, length):
                result[key] = address_text(family, record, at)
            else:
                result[key] = f"{address_text(family, record, at)}/{length}"

    return network if column.length else address


def _without(layout: Layout, names: set[str]) -> Struct:
    """Unpacks the bytes of a record before, between and after these fields."""
    code = "="
    for left_out, fields in groupby(layout.codes, names.__contains__):
        code += f"{sum(map(layout.width, fields))}{'x' if left_out else 's'}"
    return Struct(code)


class _Plans(dict["type[Row]", Plan]):
    """The plans by the class of the rows."""

    __slots__ = ()

    def __missing__(self, cls: type[Row]) -> Plan:
        plan = self[cls] = Plan(cls)
        return plan


PLANS = _Plans()
