"""What programs import from `ifaddr._shared`: its classes, its types, and a helper."""

from __future__ import annotations

from ipaddress import IPv6Address

from . import IP as IP
from . import Adapter as Adapter

_IPv4Address = str
_IPv6Address = tuple[str, int, int]


def ipv6_prefixlength(address: IPv6Address) -> int:
    """The prefix length of an IPv6 netmask."""
    return int(address).bit_count()
