"""Ready-made predicates for `where=`, to be combined with `&`, `|` and `~`.

Those of addresses take rows that have one (of a route: its destination, as a whole) and `ipaddress` addresses.
They run in C, over the kernel's answer, before any row object exists.
"""

from __future__ import annotations

from . import rfc
from ._arguments import integer_argument, interface_argument, text_argument
from ._core import lib
from ._predicates.tree import Fields, Named, Networks, Predicate, Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

    from ._rows.interface import Interface
    from .enums import Flags, RouteProtocol

    # Whatever `ipaddress.ip_network` takes without host bits.
    Network = str | IPv4Network | IPv6Network

__all__ = [
    "benchmark",
    "broadcast",
    "default_route",
    "deprecated",
    "documentation",
    "has_flags",
    "has_gateway",
    "in_table",
    "ipv4",
    "ipv6",
    "kind",
    "link_local",
    "local",
    "loopback",
    "multicast",
    "named",
    "on",
    "private",
    "protocol",
    "public",
    "running",
    "shared",
    "temporary",
    "tentative",
    "unique_local",
    "unspecified",
    "up",
    "within",
]


def _addresses(text: str, blocks: str) -> rfc.AddressSet:
    return rfc.AddressSet(text, blocks, text)


def _flag(text: str, kind: str, bit: int) -> Fields:
    return Fields(text, {kind: ("flags", bit, bit)})


# Addresses.
loopback: rfc.AddressSet = _addresses("loopback", "127.0.0.0/8 ::1/128")
link_local: rfc.AddressSet = _addresses("link_local", "169.254.0.0/16 fe80::/10")
private: Predicate = Named("private", rfc.RFC6890 & ~rfc.FORWARDING_BLACKLIST)
local: Predicate = Named("local", ~(loopback | link_local))
public: Predicate = Named("public", ~rfc.RFC6890)
multicast: rfc.AddressSet = _addresses("multicast", "224.0.0.0/4 ff00::/8")
unspecified: rfc.AddressSet = _addresses("unspecified", "0.0.0.0/32 ::/128")
broadcast: rfc.AddressSet = _addresses("broadcast", "255.255.255.255/32")
documentation: rfc.AddressSet = _addresses(
    "documentation", "192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32 3fff::/20"
)
benchmark: rfc.AddressSet = _addresses("benchmark", "198.18.0.0/15 2001:2::/48")
shared: rfc.AddressSet = _addresses("shared", "100.64.0.0/10")
unique_local: rfc.AddressSet = _addresses("unique_local", "fc00::/7")
ipv4: rfc.AddressSet = _addresses("ipv4", "0.0.0.0/0")
ipv6: rfc.AddressSet = _addresses("ipv6", "::/0")

# Unicast addresses (`IfNet`).
temporary: Predicate = Named(
    "temporary", _flag("IFA_F_TEMPORARY", "IfNet", 0x01) & ipv6
)  # of IPv4 the same bit is SECONDARY
deprecated: Predicate = _flag("deprecated", "IfNet", 0x20)
tentative: Predicate = _flag("tentative", "IfNet", 0x40)

# Interfaces.
up: Predicate = _flag("up", "Interface", 0x1)
running: Predicate = _flag("running", "Interface", 0x40)

# Routes.
default_route: Predicate = Fields("default_route", {"Route": ("dst_len", 0xFF, 0)})
has_gateway: Predicate = Named(
    "has_gateway",
    ~Fields("no gateway", {"Route": ("gateway_family", 0xFF, 0), "NextHop": ("gateway_family", 0xFF, 0)}),
)


def within(*networks: Network) -> Predicate:
    """Addresses in any of these networks.

    Args:
        networks: Texts such as `"10.0.0.0/8"`, or `ipaddress` networks.

    Raises:
        ValueError: One of them is no network, or has host bits set.
        TypeError: There is none.
    """
    from ipaddress import IPv4Network, IPv6Network, ip_network

    if not networks:
        raise TypeError("networks must not be empty")
    for network in networks:
        if not isinstance(network, (str, IPv4Network, IPv6Network)):
            raise TypeError(f"networks must be texts or ipaddress networks, not {type(network).__name__}")
    try:
        parsed = [ip_network(network) for network in networks]
    except ValueError as error:
        raise ValueError(f"networks: {error}") from None
    text = ", ".join(repr(str(network)) for network in parsed)
    return Networks(
        f"within({text})",
        [(2 if net.version == 4 else 10, net.network_address.packed, net.prefixlen) for net in parsed],
    )


def _written(value: object) -> str:
    """A member of an enumeration as somebody wrote it: `Flags.UP | Flags.RUNNING`."""
    from enum import Flag, IntEnum

    if isinstance(value, IntEnum) and value in type(value).__members__.values():
        return f"{type(value).__name__}.{value.name}"
    if not isinstance(value, Flag):
        return repr(value)
    members = [member for member in type(value).__members__.values() if member & value]
    unknown = int(value.value) & ~sum(int(member.value) for member in members)
    parts = [f"{type(value).__name__}.{member.name}" for member in members]
    return " | ".join(parts + [str(unknown)] * (unknown != 0 or not members))


def has_flags(flags: Flags | int) -> Predicate:
    """Interfaces that have all of these flags (`IFF_*`)."""
    number = integer_argument("flags", flags, 0, 2**32 - 1)
    return _flag(f"has_flags({_written(flags)})", "Interface", number)


def kind(name: str) -> Predicate:
    """Interfaces of that kind (`IFLA_INFO_KIND`), such as `"veth"` or `"bridge"`."""
    from ._predicates.patterns import literal

    return Text(f"kind({name!r})", lib.LINK_KIND, literal(text_argument("name", name)))


def named(pattern: str) -> Predicate:
    """Interfaces whose name (`IFLA_IFNAME`) matches a shell pattern: `*`, `?`, `[a-z]`, `[!a-z]`. Case matters."""
    from ._predicates.patterns import parse

    return Text(f"named({pattern!r})", lib.LINK_NAME, parse(text_argument("pattern", pattern)))


def in_table(table: int) -> Predicate:
    """Routes of that table (`RTA_TABLE`): 254 is main, 255 local, 253 default."""
    return Fields(
        f"in_table({table!r})", {"Route": ("table", 2**32 - 1, integer_argument("table", table, 0, 2**32 - 1))}
    )


def protocol(protocol: int | str | RouteProtocol) -> Predicate:
    """Routes and next-hop objects that were made by that protocol (`RTPROT_*`), by number or name (`"kernel"`).

    Raises:
        ValueError: No protocol has that name or number.
    """
    number: int
    if isinstance(protocol, str):
        from .enums import RouteProtocol

        try:
            number = RouteProtocol[protocol.upper()]
        except KeyError:
            raise ValueError(f"protocol: no protocol is called {protocol!r}") from None
    else:
        number = integer_argument("protocol", protocol, 0, 255)
    return Fields(
        f"protocol({_written(protocol)})",
        {"Route": ("protocol", 0xFF, number), "NextHop": ("protocol", 0xFF, number)},
    )


def on(interface: int | str | Interface) -> Predicate:
    """Rows of one interface.

    Args:
        interface: Its index, its name (looked up once, now), or a row.

    Raises:
        OSError: `ENODEV`: no interface has that name.
    """
    from ._names import index_of

    if interface is None:
        raise TypeError("interface must be an index, a name or an Interface, not NoneType")
    index, name = interface_argument(interface)
    if name:
        index = index_of(name)
    test = ("index", 2**32 - 1, index)
    shown = repr(interface) if isinstance(interface, (int, str)) else repr(interface.name)
    return Fields(f"on({shown})", dict.fromkeys(("Interface", "IfNet", "IfAddr", "Route", "NextHop"), test))
