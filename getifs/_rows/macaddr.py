"""Hardware addresses."""

from __future__ import annotations

from .base import PACKAGE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NOTATIONS = ((":", 2), ("-", 2), (".", 4))


def _parse(text: str) -> bytes:
    for separator, width in _NOTATIONS:
        groups = text.split(separator)
        digits = "".join(groups)
        if all(len(group) == width for group in groups) and digits.isascii() and digits.isalnum():
            try:
                return bytes.fromhex(digits)
            except ValueError:
                break
    raise ValueError(f"value is not a hardware address: {text!r}")


def _is_buffer(value: object) -> bool:
    return isinstance(value, (bytes, bytearray, memoryview))


def _checked(value: Any) -> bytes:
    if not _is_buffer(value):
        raise TypeError(f"value must be bytes or str, not {type(value).__name__}")
    if not len(value):
        raise ValueError("value must not be empty")
    return bytes(value)


class MacAddr(bytes):
    """A hardware address as bytes: 6 for Ethernet, 8 for EUI-64, 20 for InfiniBand (`IFLA_ADDRESS`).

    Args:
        value: The bytes, or a text: `02:00:5e:10:00:01`, `02-00-5e-10-00-01` or `0200.5e10.0001`.

    Raises:
        TypeError: `value` is neither bytes nor a `str`.
        ValueError: `value` is not the text of a hardware address, or it is empty.
    """

    __slots__ = ()
    __module__ = PACKAGE

    def __new__(cls, value: bytes | bytearray | memoryview | str) -> MacAddr:
        return super().__new__(cls, _parse(value) if isinstance(value, str) else _checked(value))

    def __str__(self) -> str:
        return self.hex(":")

    def __repr__(self) -> str:
        return f"MacAddr('{self}')"
