"""Address blocks by the RFC that set them aside, as predicates.

Each set is a predicate for rows and addresses, `address in RFC1918` works, and it iterates over its networks.
`RFC6890` and `FORWARDING_BLACKLIST` together decide what `getifs.filters` calls private and public.
"""

from __future__ import annotations

from ._predicates.tree import Networks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

_INET, _INET6 = 2, 10  # AF_INET, AF_INET6


def _packed(network: str) -> tuple[int, bytes, int]:
    """`ipaddress` takes some 10 µs for each of the 130 blocks, which are well-formed."""
    address, length = network.split("/")
    if ":" not in address:
        return _INET, bytes(map(int, address.split("."))), int(length)
    head, _, tail = address.partition("::")
    groups = head.split(":") if head else []
    last = tail.split(":") if tail else []
    groups += ["0"] * (8 - len(groups) - len(last)) + last
    return _INET6, b"".join(int(group, 16).to_bytes(2, "big") for group in groups), int(length)


class AddressSet(Networks):
    """The networks that a document names."""

    __slots__ = ("_blocks", "name")

    def __init__(self, name: str, blocks: str, text: str | None = None) -> None:
        super().__init__(text or f"rfc.{name}", map(_packed, blocks.split()))
        self.name = name
        self._blocks = blocks.split()

    def __contains__(self, address: str | IPv4Address | IPv6Address) -> bool:
        from ipaddress import ip_address

        return self(ip_address(address))

    def __iter__(self) -> Iterator[IPv4Network | IPv6Network]:
        from ipaddress import ip_network

        return map(ip_network, self._blocks)

    def __len__(self) -> int:
        return len(self._blocks)


RFC919: AddressSet = AddressSet("RFC919", "255.255.255.255/32")
RFC1112: AddressSet = AddressSet("RFC1112", "224.0.0.0/4")
RFC1122: AddressSet = AddressSet("RFC1122", "0.0.0.0/8 127.0.0.0/8")
RFC1918: AddressSet = AddressSet("RFC1918", "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16")
RFC2544: AddressSet = AddressSet("RFC2544", "198.18.0.0/15")
RFC2765: AddressSet = AddressSet("RFC2765", "::ffff:0:0/96")
RFC2928: AddressSet = AddressSet("RFC2928", "2001::/23")
RFC3056: AddressSet = AddressSet("RFC3056", "2002::/16")
RFC3068: AddressSet = AddressSet("RFC3068", "192.88.99.0/24 2002:c058:6301::/120")
RFC3171: AddressSet = AddressSet("RFC3171", "224.0.0.0/4")
RFC3330: AddressSet = AddressSet(
    "RFC3330",
    "0.0.0.0/8 10.0.0.0/8 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 "
    "198.18.0.0/15 224.0.0.0/4 240.0.0.0/4",
)
RFC3849: AddressSet = AddressSet("RFC3849", "2001:db8::/32")
RFC3927: AddressSet = AddressSet("RFC3927", "169.254.0.0/16")
RFC4038: AddressSet = AddressSet("RFC4038", "::ffff:0:0/96")
RFC4193: AddressSet = AddressSet("RFC4193", "fc00::/7")
RFC4291: AddressSet = AddressSet("RFC4291", "::/128 ::1/128 ::/96 ::ffff:0:0/96 fe80::/10 fec0::/10 ff00::/8")
RFC4380: AddressSet = AddressSet("RFC4380", "2001::/32")
RFC4773: AddressSet = AddressSet("RFC4773", "2001::/23")
RFC4843: AddressSet = AddressSet("RFC4843", "2001:10::/28")
RFC5180: AddressSet = AddressSet("RFC5180", "2001:2::/48")
RFC5735: AddressSet = AddressSet("RFC5735", "192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 198.18.0.0/15")
RFC5737: AddressSet = AddressSet("RFC5737", "192.0.2.0/24 198.51.100.0/24 203.0.113.0/24")
RFC6052: AddressSet = AddressSet("RFC6052", "64:ff9b::/96")
RFC6333: AddressSet = AddressSet("RFC6333", "192.0.0.0/29")
RFC6598: AddressSet = AddressSet("RFC6598", "100.64.0.0/10")
RFC6666: AddressSet = AddressSet("RFC6666", "100::/64")
RFC6890: AddressSet = AddressSet(
    "RFC6890",
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.0.0/29 "
    "192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 "
    "255.255.255.255/32 ::/128 ::1/128 64:ff9b::/96 ::ffff:0:0/96 100::/64 2001::/23 2001::/32 2001:2::/48 "
    "2001:db8::/32 2001:10::/28 2002::/16 fc00::/7 fe80::/10",
)
RFC7335: AddressSet = AddressSet("RFC7335", "192.0.0.0/29")
RFC9637: AddressSet = AddressSet("RFC9637", "3fff::/20")
FORWARDING_BLACKLIST: AddressSet = AddressSet(
    "FORWARDING_BLACKLIST",
    "0.0.0.0/8 127.0.0.0/8 169.254.0.0/16 192.0.0.0/24 192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 "
    "255.255.255.255/32 ::/128 ::1/128 ::ffff:0:0/96 2001:db8::/32 2001:10::/28 fe80::/10",
)
IANA_SPECIAL_PURPOSE: AddressSet = AddressSet(
    "IANA_SPECIAL_PURPOSE",
    # IPv4
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.0.0/29 "
    "192.0.0.8/32 192.0.0.9/32 192.0.0.10/32 192.0.0.170/32 192.0.0.171/32 192.0.2.0/24 192.31.196.0/24 "
    "192.52.193.0/24 192.88.99.0/24 192.88.99.2/32 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 "
    "203.0.113.0/24 240.0.0.0/4 255.255.255.255/32 "
    # IPv6
    "::1/128 ::/128 ::ffff:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23 2001::/32 "
    "2001:1::1/128 2001:1::2/128 2001:1::3/128 2001:2::/48 2001:3::/32 2001:4:112::/48 2001:10::/28 2001:20::/28 "
    "2001:30::/28 2001:db8::/32 2002::/16 2620:4f:8000::/48 3fff::/20 5f00::/16 fc00::/7 fe80::/10",
)
"""IANA's special-purpose address registries as of 2025-10-09; private and public do not depend on it."""


def get(number: int) -> AddressSet:
    """The set of an RFC.

    Args:
        number: The RFC's number, such as 1918.

    Raises:
        KeyError: There is no set of that number here.
    """
    if not isinstance(number, int):
        raise TypeError(f"number must be an int, not {type(number).__name__}")
    found = globals().get(f"RFC{number}")
    if not isinstance(found, AddressSet):
        raise KeyError(number)
    return found
