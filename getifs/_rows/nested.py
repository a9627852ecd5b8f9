"""Nested attributes, and the forms of their values in `ip -j -d`.

A form takes the payload of an attribute. It raises `struct.error` if the payload is too short; of a longer one it reads
the first bytes.
"""

from __future__ import annotations

import errno
import struct
from os import sysconf
from struct import Struct

from ..errors import MalformedMessageError
from .address_texts import address_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Attributes = dict[int, bytes]
    Form = Callable[[bytes], object]
    # The number of an attribute, its key and its form; or a function that makes several entries of the attributes.
    Field = tuple[int, str, Form] | Callable[[Attributes], dict[str, object]]

LEFT_OUT = object()  # the value of a form for an attribute that `ip` does not print
_HEADER = Struct("=HH")
_TYPE_MASK = 0x3FFF  # NLA_TYPE_MASK
_INET, _INET6 = 2, 10
_TICKS = sysconf("SC_CLK_TCK")  # clock ticks in a second
_MAC = Struct("=6s").unpack_from


def items(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The attributes in a payload. 1 to 3 bytes at the end are padding."""
    at = 0
    while at + _HEADER.size <= len(data):
        size, number = _HEADER.unpack_from(data, at)
        if size < _HEADER.size or at + size > len(data):
            raise struct.error(f"a length of {size}, with {len(data) - at} bytes left")
        yield number & _TYPE_MASK, data[at + _HEADER.size : at + size]
        at += (size + 3) & ~3


def attributes(data: bytes) -> Attributes:
    """The attributes in a payload by number, the last one of each number."""
    return dict(items(data))


def decode(fields: Sequence[Field], data: bytes, what: str) -> dict[str, object]:
    """The entries of a payload, in the order of the fields.

    Raises:
        MalformedMessageError: An attribute is too short, or longer than the payload.
    """
    result: dict[str, object] = {}
    key = "attributes"
    try:
        found = attributes(data)
        for field in fields:
            if callable(field):
                key = "attributes"
                result |= field(found)
                continue
            number, key, form = field
            value = form(found[number]) if number in found else LEFT_OUT
            if value is not LEFT_OUT:
                result[key] = value
    except struct.error as error:
        raise MalformedMessageError(errno.EBADMSG, f"malformed {what}: {key}: {error}") from None
    return result


# Numbers.


def _number(code: str) -> Callable[[bytes], int]:
    unpack: Callable[[bytes], tuple[int]] = Struct(code).unpack_from
    return lambda data: unpack(data)[0]


u8 = _number("=B")
u16 = _number("=H")
u32 = _number("=I")
u64 = _number("=Q")
s32 = _number("=i")
be16 = _number(">H")
be32 = _number(">I")
be64 = _number(">Q")


def switch(data: bytes) -> bool:
    return u8(data) != 0


def present(_data: bytes) -> bool:
    """An attribute without a payload."""
    return True


def hexadecimal(number: Callable[[bytes], int]) -> Form:
    """As `%#x` of C, which prints 0 without a prefix."""
    return lambda data: f"{value:#x}" if (value := number(data)) else "0"


def unless_zero(form: Form) -> Form:
    """Left out if all bytes are zero."""

    def value(data: bytes) -> object:
        made = form(data)
        return made if any(data) else LEFT_OUT

    return value


def choice(number: Callable[[bytes], int], names: dict[int, str] | tuple[str, ...], unknown: str = "unknown") -> Form:
    """The name of a value: the names by number, or from 0 on."""
    by_number = names if isinstance(names, dict) else dict(enumerate(names))
    return lambda data: by_number.get(number(data), unknown)


def bit_names(number: int, names: Sequence[str]) -> list[str]:
    """The names of the bits that are set, the lowest first."""
    return [name for bit, name in enumerate(names) if number >> bit & 1]


def timer(data: bytes) -> float:
    """Seconds of a timer in clock ticks, cut to hundredths."""
    return u64(data) * 100 // _TICKS / 100


# Addresses and protocols.


def mac(data: bytes) -> str:
    return data.hex(":")


def ethernet(data: bytes) -> str:
    address: bytes = _MAC(data)[0]
    return address.hex(":")


def inet(data: bytes) -> str:
    be32(data)
    return address_text(_INET, data, 0)


def inet6(data: bytes) -> str:
    struct.unpack_from("16s", data)
    return address_text(_INET6, data, 0)


def bridge_id(data: bytes) -> str:
    """Priority and address of a bridge, the bytes of the address without leading zeros."""
    priority, address = struct.unpack_from("=2s6s", data)
    return f"{priority.hex()}.{':'.join([f'{byte:x}' for byte in address])}"


_ETHER_TYPES = {0x8100: "802.1Q", 0x88A8: "802.1ad"}


def ether_type(data: bytes) -> str:
    number = be16(data)
    return _ETHER_TYPES.get(number) or f"[{number}]"
