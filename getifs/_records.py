"""What csrc/records.h declares: the constants, and the layouts of the records."""

from __future__ import annotations

from struct import Struct

from ._native import ffi, lib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    def __getattr__(name: str) -> int: ...


# The constants are attributes of this module, which are found faster than those of other objects.
_words = ffi.string(lib.getifs_constants).decode().split()
globals().update(zip(_words[::2], map(int, _words[1::2]), strict=True))
_RECORDS = {
    name: fields.split()
    for name, _, fields in (line.partition(" ") for line in ffi.string(lib.getifs_records).decode().splitlines())
}
_WIDTHS = {"s": 1, "B": 1, "H": 2, "I": 4, "i": 4}
# The number at an offset of a record is the first item of what these return. A number of one byte is `record[offset]`.
u16: Callable[..., tuple[int]] = Struct("=H").unpack_from
u32: Callable[..., tuple[int]] = Struct("=I").unpack_from


class Layout:
    """The layout of a record of records.h: how `struct` packs and unpacks it, and where each field is.

    `divider` unpacks a record as a row takes it: the bytes of its value, and then the length and the offset of its side
    bytes, if there are any in such records.
    """

    __slots__ = ("_readers", "_widths", "arrays", "codes", "divider", "offset", "pack", "position", "size", "unpacker")

    def __init__(self, name: str) -> None:
        self.offset: dict[str, int] = {}
        self.position: dict[str, int] = {}
        words = _RECORDS[name]
        self.codes: dict[str, str] = dict(zip(words[::2], words[1::2], strict=True))
        self.arrays: dict[str, slice] = {}  # the bytes of the fields that are arrays of bytes
        self._widths: dict[str, int] = {}
        at = position = 0
        for field, code in self.codes.items():
            count, kind = int(code[:-1] or 1), code[-1]
            width = count * _WIDTHS[kind]
            self.offset[field], self.position[field], self._widths[field] = at, position, width
            if kind == "s":
                self.arrays[field] = slice(at, at + width)
                count = 1
            position += count
            at += width
        self.size = at
        self.unpacker = Struct("=" + "".join(self.codes.values()))
        self.pack = self.unpacker.pack
        side = "".join([self.codes[field] for field in ("extra_len", "extra_at") if field in self.codes])
        self.divider = Struct(f"={self.offset.get('extra_len', at)}s{side}")
        self._readers: dict[str, Callable[[bytes], tuple[Any, ...]]] = {}

    def read(self, record: bytes, name: str) -> Any:
        """A field of a record, by name."""
        reader = self._readers.get(name)
        if reader is None:
            reader = self._readers[name] = Struct(f"={self.offset[name]}x{self.codes[name]}").unpack_from
        return reader(record)[0]

    def pack_all(self, rows: list[dict[str, Any]]) -> bytes:
        """Records of some fields. The others are zero."""
        zero = {name: b"" if name in self.arrays else 0 for name in self.codes}
        return b"".join([self.pack(*{**zero, **row}.values()) for row in rows])

    def width(self, name: str) -> int:
        """The bytes of a field."""
        return self._widths[name]


LINK = Layout("getifs_link")
ADDR = Layout("getifs_addr")
IFADDR = Layout("getifs_ifaddr")
ROUTE = Layout("getifs_route")
NEXTHOP = Layout("getifs_nexthop")
NEIGHBOUR = Layout("getifs_neighbour")
RULE = Layout("getifs_rule")
EVENT = Layout("getifs_event")
