"""Columns of a table: one field of all its rows at once."""

from __future__ import annotations

from array import array
from struct import Struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from ._kernel import Layout
    from ._record import Row

_INNER = ("reserved", "text_len", "text_size", "text_at")
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

    def __init__(self, cls: type[Row], name: str, fields: Sequence[str]) -> None:
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


def dtype(layout: Layout) -> dict[str, Any]:
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


def column(cls: type[Row], rows: memoryview, at: Sequence[int], name: str) -> memoryview | list[Any]:
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
