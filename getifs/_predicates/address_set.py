"""Sets of address blocks that have a name."""

from __future__ import annotations

from .leaves import INET, INET6, Networks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

    from .leaves import Prefix


class AddressSet(Networks):
    """A predicate for addresses in certain blocks, and a collection of these blocks.

    `address in addresses` tests an `ipaddress` address or its text. Iteration gives `ipaddress` networks.
    """

    __module__ = __name__.replace("_predicates.address_set", "rfc")

    def __init__(self, name: str, blocks: str, text: str) -> None:
        super().__init__(text, ())
        self.name = name
        self._blocks = blocks.split()
        self._size = len(self._blocks)

    def _prefixes(self) -> tuple[Prefix, ...]:
        # Parsed at the first use: programs use few of the sets.
        if not self._networks:
            self._networks = tuple(map(_parsed, self._blocks))
        return self._networks

    def __contains__(self, address: str | IPv4Address | IPv6Address) -> bool:
        return self(address)

    def __iter__(self) -> Iterator[IPv4Network | IPv6Network]:
        from ipaddress import ip_network

        return map(ip_network, self._blocks)

    def __len__(self) -> int:
        return len(self._blocks)


def address_set(blocks: str) -> Callable[[Callable[[], None]], AddressSet]:
    """Decorator that replaces a function by an `AddressSet` with the function's name and docstring.

    Like `ready_made`. `blocks` are networks separated by spaces.
    """

    def replace(function: Callable[[], None]) -> AddressSet:
        name = function.__name__
        found = AddressSet(name, blocks, f"rfc.{name}" if function.__module__.endswith(".rfc") else name)
        found._publish(function)
        return found

    return replace


def _parsed(network: str) -> Prefix:
    """Parses a well-formed network. `ipaddress` needs about 10 µs for each of the 130 networks."""
    address, length = network.split("/")
    if ":" not in address:
        return INET, bytes(map(int, address.split("."))), int(length)
    head, _, tail = address.partition("::")
    groups = head.split(":") if head else []
    last = tail.split(":") if tail else []
    groups += ["0"] * (8 - len(groups) - len(last)) + last
    return INET6, b"".join(int(group, 16).to_bytes(2, "big") for group in groups), int(length)
