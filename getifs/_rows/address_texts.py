"""The texts of the addresses in records. They need no `ipaddress`."""

from __future__ import annotations

from _socket import inet_ntop  # `socket` would import `enum` and `selectors`

_INET, _INET6 = 2, 10  # inet_ntop is faster with plain numbers
_INET_BITS, _INET6_BITS = 32, 128
_OCTETS = [str(number) for number in range(256)]


def address_text(family: int, record: bytes, at: int) -> str:
    """The text of the 16 bytes at an offset, as `ip` writes it: IPv4-mapped addresses are dotted in every Python."""
    if family == _INET:
        a, b, c, d = record[at : at + 4]
        return f"{_OCTETS[a]}.{_OCTETS[b]}.{_OCTETS[c]}.{_OCTETS[d]}"  # faster than inet_ntop
    return inet_ntop(_INET6, record[at : at + 16])


def is_host(family: int, length: int) -> bool:
    """Whether a prefix of that length has one address."""
    return length == (_INET_BITS if family == _INET else _INET6_BITS)
