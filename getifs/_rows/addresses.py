"""The objects of `ipaddress` and other forms of the addresses in records.

It is imported when the first address is read, and `ipaddress` with it.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from struct import Struct
from types import MethodType

from .address_texts import address_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Address = IPv4Address | IPv6Address
    Network = IPv4Network | IPv6Network
    Convert = Callable[[int, bytes, int | None], Any]

_INET = 2
_word = Struct(">I").unpack_from
_new: Any = object.__new__  # as a global it is found faster


def make_address(family: int, record: bytes, at: int) -> Address:
    """The address object of the 16 bytes at an offset."""
    # From numbers: the constructors check packed addresses in a way that takes longer.
    if family == _INET:
        return IPv4Address(_word(record, at)[0])
    return IPv6Address(int.from_bytes(record[at : at + 16], "big"))


def make_network(family: int, record: bytes, at: int, length: int) -> Network:
    """The network object of the 16 bytes at an offset. Bits behind the prefix, which rules can have, are ignored."""
    address: Address
    # The constructors take most of the time of a row, so they make one network of each prefix length: see _Shape.
    if family == _INET:
        number = _word(record, at)[0]
        shape = _SHAPES[length]
        if not shape.known or number & shape.host_bits:
            return IPv4Network((number, length), strict=False)
        network, address = _new(IPv4Network), IPv4Address(number)
    else:
        number = int.from_bytes(record[at : at + 16], "big")
        shape = _SHAPES6[length]
        if not shape.known or number & shape.host_bits:
            return IPv6Network((number, length), strict=False)
        network, address = _new(IPv6Network), IPv6Address(number)
    network.network_address = address
    network.netmask = shape.netmask
    setattr(network, shape.length_name, length)
    if shape.is_host:
        network.hosts = MethodType(_only, address)
    return network  # type: ignore[no-any-return]


def _only(address: Address) -> list[Address]:
    """`hosts` of the network of one host. Bound to an address it is one object; the constructors' `lambda` is three."""
    return [address]


class _Shape:
    """What the networks of one prefix length have in common, and whether it is all that a constructor sets.

    That is the address, the netmask, and one attribute more, the prefix length, whatever its name is; in the network of
    one host also the method `hosts`. Networks that the constructor made show it. If they have other attributes, as in
    a later Python, or with a prefix length one bit short of a host's, it is not known how to make them without it.
    """

    __slots__ = ("host_bits", "is_host", "known", "length_name", "netmask")

    def __init__(self, cls: type[Any], length: int) -> None:
        first = cls((0, length))
        self.host_bits = int(first.hostmask)
        self.is_host = length == first.max_prefixlen
        self.netmask = first.netmask
        last = cls((int(first.netmask), length))
        self.length_name = next((name for name, value in getattr(last, "__dict__", {}).items() if value is length), "")
        self.known = all(self._is_plain(network, length) for network in (last, cls((0, length))))

    def _is_plain(self, network: Network, length: int) -> bool:
        own = getattr(network, "__dict__", {})
        names = {"network_address", "netmask", self.length_name, *(["hosts"] if self.is_host else [])}
        return (
            own.keys() == names
            and own[self.length_name] == length
            and own["netmask"] == self.netmask
            and (not self.is_host or list(network.hosts()) == [network.network_address])
        )


class _Shapes(dict[int, _Shape]):
    """The shapes of the networks of one family by prefix length."""

    __slots__ = ("_class",)

    def __init__(self, cls: type[Network]) -> None:
        super().__init__()
        self._class = cls

    def __missing__(self, length: int) -> _Shape:
        shape = self[length] = _Shape(self._class, length)
        return shape


_SHAPES, _SHAPES6 = _Shapes(IPv4Network), _Shapes(IPv6Network)


def _object(family: int, packed: bytes, length: int | None) -> Address | Network:
    return make_address(family, packed, 0) if length is None else make_network(family, packed, 0, length)


def _text(family: int, packed: bytes, length: int | None) -> str:
    text = address_text(family, packed, 0)
    return text if length is None else f"{text}/{length}"


def _int(family: int, packed: bytes, length: int | None) -> int:  # noqa: ARG001  # the other forms have it
    return int.from_bytes(packed[:4] if family == _INET else packed, "big")


# What `Table.column` makes of a family, a packed address, and the prefix length of a network.
FORMS: dict[str, Convert] = {"object": _object, "text": _text, "int": _int}
