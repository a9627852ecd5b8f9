"""All of ifaddr 0.2: `get_adapters`, `Adapter` and `IP`."""

from __future__ import annotations

from ...session import MODULE

__all__ = ["IP", "Adapter", "get_adapters"]


class IP:
    """An IP address of an adapter.

    Attributes:
        ip: A text, or for IPv6 a tuple of a text, the flow information (0) and the scope id.
        network_prefix: Length of the prefix in bits.
        nice_name: Name of the adapter.
    """

    def __init__(self, ip: str | tuple[str, int, int], network_prefix: int, nice_name: str) -> None:
        self.ip = ip
        self.network_prefix = network_prefix
        self.nice_name = nice_name

    @property
    def is_IPv4(self) -> bool:  # noqa: N802  # the name that ifaddr gives it
        """Whether it is an IPv4 address."""
        return not isinstance(self.ip, tuple)

    @property
    def is_IPv6(self) -> bool:  # noqa: N802
        """Whether it is an IPv6 address."""
        return isinstance(self.ip, tuple)

    def __repr__(self) -> str:
        return f"IP(ip={self.ip!r}, network_prefix={self.network_prefix!r}, nice_name={self.nice_name!r})"


class Adapter:
    """An interface, or the label of IPv4 addresses of one, with its IP addresses.

    Attributes:
        name: Name of the interface, or the label, such as `eth0:1`.
        nice_name: The same.
        ips: The addresses, IPv4 first.
        index: Index of the interface.
    """

    def __init__(self, name: str, nice_name: str, ips: list[IP], index: int | None = None) -> None:
        self.name = name
        self.nice_name = nice_name
        self.ips = ips
        self.index = index

    def __repr__(self) -> str:
        return f"Adapter(name={self.name!r}, nice_name={self.nice_name!r}, ips={self.ips!r}, index={self.index!r})"


def get_adapters(include_unconfigured: bool = False) -> list[Adapter]:
    """All interfaces that have IP addresses, and each label of an IPv4 address that is not the name of one.

    Args:
        include_unconfigured: Include interfaces without an IP address. The interfaces come first then.

    Raises:
        OSError: As `getifs.addrs_by_interface()`.
    """
    found = MODULE.addrs_by_interface()
    adapters: dict[str, Adapter] = {}
    if include_unconfigured:
        adapters = {link.name: Adapter(link.name, link.name, [], link.index) for link in found}
    rows = [(addr, link) for link, addrs in found.items() for addr in addrs]
    rows.sort(key=lambda row: row[0].addr.version)  # as the kernel lists them, IPv4 first
    for row, link in rows:
        name = row.label or link.name
        adapter = adapters.get(name)
        if adapter is None:
            adapter = adapters[name] = Adapter(name, name, [], link.index)
        address = str(row.addr)
        ip = address if row.addr.version == 4 else (address, 0, row._scope_id())
        adapter.ips.append(IP(ip, row.prefix_len, name))
    return list(adapters.values())
