"""Hardware addresses."""

from __future__ import annotations

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
    raise ValueError(f"value is no hardware address: {text!r}")


class MacAddr(bytes):
    """A hardware address: its bytes, 6 for Ethernet, 8 for EUI-64, 20 for InfiniBand (`IFLA_ADDRESS`).

    Args:
        value: The bytes, or a text: `02:00:5e:10:00:01`, `02-00-5e-10-00-01` or `0200.5e10.0001`.

    Raises:
        TypeError: It is neither bytes nor a text.
        ValueError: The text is no hardware address, or there is no byte.
    """

    __slots__ = ()

    def __new__(cls, value: bytes | bytearray | memoryview | str) -> MacAddr:
        if isinstance(value, str):
            value = _parse(value)
        elif not isinstance(value, (bytes, bytearray, memoryview)):
            raise TypeError(f"value must be bytes or str, not {type(value).__name__}")
        if not len(value):
            raise ValueError("value must not be empty")
        return super().__new__(cls, value)

    def __str__(self) -> str:
        return self.hex(":")

    def __repr__(self) -> str:
        return f"MacAddr('{self}')"
