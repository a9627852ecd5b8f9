"""Address blocks, by the RFC that reserved them.

Each set is a predicate for `where=` that takes rows and addresses: `rfc.RFC1918("10.0.0.1")`. `address in rfc.RFC1918`
works too, and a set iterates over its networks. `filters.private` and `filters.public` are made of `RFC6890` and
`FORWARDING_BLACKLIST`.
"""

from __future__ import annotations

from ._predicates.address_set import AddressSet as AddressSet
from ._predicates.address_set import address_set

__all__ = [
    "FORWARDING_BLACKLIST",
    "IANA_SPECIAL_PURPOSE",
    "RFC919",
    "RFC1112",
    "RFC1122",
    "RFC1918",
    "RFC2544",
    "RFC2765",
    "RFC2928",
    "RFC3056",
    "RFC3068",
    "RFC3171",
    "RFC3330",
    "RFC3849",
    "RFC3927",
    "RFC4038",
    "RFC4193",
    "RFC4291",
    "RFC4380",
    "RFC4773",
    "RFC4843",
    "RFC5180",
    "RFC5735",
    "RFC5737",
    "RFC6052",
    "RFC6333",
    "RFC6598",
    "RFC6666",
    "RFC6890",
    "RFC7335",
    "RFC9637",
    "AddressSet",
    "get",
]


@address_set("255.255.255.255/32")
def RFC919() -> None:
    """The limited broadcast address, 255.255.255.255 (RFC 919)."""


@address_set("224.0.0.0/4")
def RFC1112() -> None:
    """IPv4 multicast (RFC 1112)."""


@address_set("0.0.0.0/8 127.0.0.0/8")
def RFC1122() -> None:
    """The IPv4 blocks "this network", 0.0.0.0/8, and loopback, 127.0.0.0/8 (RFC 1122)."""


@address_set("10.0.0.0/8 172.16.0.0/12 192.168.0.0/16")
def RFC1918() -> None:
    """IPv4 addresses for private networks (RFC 1918)."""


@address_set("198.18.0.0/15")
def RFC2544() -> None:
    """IPv4 addresses for benchmarks (RFC 2544)."""


@address_set("::ffff:0:0/96")
def RFC2765() -> None:
    """IPv4-mapped IPv6 addresses (RFC 2765)."""


@address_set("2001::/23")
def RFC2928() -> None:
    """IPv6 addresses for IETF protocol assignments, 2001::/23 (RFC 2928)."""


@address_set("2002::/16")
def RFC3056() -> None:
    """6to4, 2002::/16 (RFC 3056)."""


@address_set("192.88.99.0/24 2002:c058:6301::/120")
def RFC3068() -> None:
    """6to4 relay anycast (RFC 3068)."""


@address_set("224.0.0.0/4")
def RFC3171() -> None:
    """IPv4 multicast (RFC 3171)."""


@address_set(
    "0.0.0.0/8 10.0.0.0/8 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 "
    "198.18.0.0/15 224.0.0.0/4 240.0.0.0/4"
)
def RFC3330() -> None:
    """Special-use IPv4 addresses as of 2002 (RFC 3330)."""


@address_set("2001:db8::/32")
def RFC3849() -> None:
    """IPv6 addresses for documentation, 2001:db8::/32 (RFC 3849)."""


@address_set("169.254.0.0/16")
def RFC3927() -> None:
    """IPv4 link-local addresses (RFC 3927)."""


@address_set("::ffff:0:0/96")
def RFC4038() -> None:
    """IPv4-mapped IPv6 addresses (RFC 4038)."""


@address_set("fc00::/7")
def RFC4193() -> None:
    """IPv6 unique local addresses (RFC 4193)."""


@address_set("::/128 ::1/128 ::/96 ::ffff:0:0/96 fe80::/10 fec0::/10 ff00::/8")
def RFC4291() -> None:
    """Special IPv6 addresses such as loopback, link-local, site-local and multicast (RFC 4291)."""


@address_set("2001::/32")
def RFC4380() -> None:
    """Teredo, 2001::/32 (RFC 4380)."""


@address_set("2001::/23")
def RFC4773() -> None:
    """IPv6 addresses for IETF protocol assignments, 2001::/23 (RFC 4773)."""


@address_set("2001:10::/28")
def RFC4843() -> None:
    """ORCHID, 2001:10::/28 (RFC 4843)."""


@address_set("2001:2::/48")
def RFC5180() -> None:
    """IPv6 addresses for benchmarks (RFC 5180)."""


@address_set("192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 198.18.0.0/15")
def RFC5735() -> None:
    """IPv4 addresses for documentation and benchmarks (RFC 5735)."""


@address_set("192.0.2.0/24 198.51.100.0/24 203.0.113.0/24")
def RFC5737() -> None:
    """IPv4 addresses for documentation (RFC 5737)."""


@address_set("64:ff9b::/96")
def RFC6052() -> None:
    """The well-known prefix for IPv4/IPv6 translation, 64:ff9b::/96 (RFC 6052)."""


@address_set("192.0.0.0/29")
def RFC6333() -> None:
    """IPv4 addresses for Dual-Stack Lite, 192.0.0.0/29 (RFC 6333)."""


@address_set("100.64.0.0/10")
def RFC6598() -> None:
    """Shared address space of carrier-grade NAT, 100.64.0.0/10 (RFC 6598)."""


@address_set("100::/64")
def RFC6666() -> None:
    """The IPv6 discard prefix, 100::/64 (RFC 6666)."""


@address_set(
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.0.0/29 "
    "192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 "
    "255.255.255.255/32 ::/128 ::1/128 64:ff9b::/96 ::ffff:0:0/96 100::/64 2001::/23 2001::/32 2001:2::/48 "
    "2001:db8::/32 2001:10::/28 2002::/16 fc00::/7 fe80::/10"
)
def RFC6890() -> None:
    """The special-purpose address registries as of 2013 (RFC 6890)."""


@address_set("192.0.0.0/29")
def RFC7335() -> None:
    """The IPv4 service continuity prefix, 192.0.0.0/29 (RFC 7335)."""


@address_set("3fff::/20")
def RFC9637() -> None:
    """IPv6 addresses for documentation, 3fff::/20 (RFC 9637)."""


@address_set(
    "0.0.0.0/8 127.0.0.0/8 169.254.0.0/16 192.0.0.0/24 192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 "
    "255.255.255.255/32 ::/128 ::1/128 ::ffff:0:0/96 2001:db8::/32 2001:10::/28 fe80::/10"
)
def FORWARDING_BLACKLIST() -> None:
    """Blocks of `RFC6890` that do not count as private, such as loopback and link-local addresses."""


@address_set(
    # IPv4
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.0.0/29 "
    "192.0.0.8/32 192.0.0.9/32 192.0.0.10/32 192.0.0.170/32 192.0.0.171/32 192.0.2.0/24 192.31.196.0/24 "
    "192.52.193.0/24 192.88.99.0/24 192.88.99.2/32 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 "
    "203.0.113.0/24 240.0.0.0/4 255.255.255.255/32 "
    # IPv6
    "::1/128 ::/128 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23 2001::/32 "
    "2001:1::1/128 2001:1::2/128 2001:1::3/128 2001:2::/48 2001:3::/32 2001:4:112::/48 2001:10::/28 2001:20::/28 "
    "2001:30::/28 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20 5f00::/16 fc00::/7 fe80::/10"
)
def IANA_SPECIAL_PURPOSE() -> None:
    """IANA's special-purpose address registries as of 2025-10-09. `private` and `public` do not depend on it."""


def get(number: int) -> AddressSet:
    """Returns the set of an RFC.

    Args:
        number: The number of the RFC, such as 1918.

    Raises:
        KeyError: This module has no set of that RFC.
    """
    if not isinstance(number, int):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"number must be an int, not {type(number).__name__}")
    found = globals().get(f"RFC{number}")
    if not isinstance(found, AddressSet):
        raise KeyError(number)
    return found
