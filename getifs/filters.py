"""Ready-made predicates for `where=`, to be combined with `&`, `|` and `~`.

    >>> getifs.interface_addrs(where=filters.private & ~filters.on("docker0"))

Predicates about addresses take rows that have one (for a route: its destination, which must match as a whole),
`ipaddress` addresses, and texts: `filters.private("10.0.0.1")`. The others take the rows that their docstring names.
All of them run in C, over the kernel's answer, before row objects are created.
"""

from __future__ import annotations

from . import _records, rfc
from ._arguments import TABLES, address_argument, integer_argument, interface_argument, text_argument
from ._lazy import LazyModule
from ._predicates.address_set import address_set
from ._predicates.leaves import INET, INET6, Covers, Fields, Networks, Text
from ._predicates.tree import Named, Or, Predicate, ready_made

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ipaddress
    from collections.abc import Iterable, Mapping

    from . import enums
    from ._rows import interface as rows
    from ._rows import name_files
else:
    ipaddress = LazyModule("ipaddress")
    enums = LazyModule(".enums", __package__)
    rows = LazyModule("._rows.interface", __package__)
    name_files = LazyModule("._rows.name_files", __package__)

__all__ = [
    "benchmark",
    "broadcast",
    "covers",
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
    "lower_up",
    "multicast",
    "named",
    "on",
    "private",
    "protocol",
    "public",
    "reachable",
    "running",
    "shared",
    "temporary",
    "tentative",
    "unique_local",
    "unspecified",
    "up",
    "within",
]


# Addresses.


@address_set("127.0.0.0/8 ::1/128")
def loopback() -> None:
    """Loopback addresses: 127.0.0.0/8 and ::1."""


@address_set("169.254.0.0/16 fe80::/10")
def link_local() -> None:
    """Link-local addresses: 169.254.0.0/16 and fe80::/10."""


@ready_made(~(loopback | link_local))
def local() -> None:
    """Addresses that are neither loopback nor link-local."""


@ready_made(rfc.RFC6890 & ~rfc.FORWARDING_BLACKLIST)
def private() -> None:
    """Private addresses: those in `rfc.RFC6890` that are not in `rfc.FORWARDING_BLACKLIST`.

    Among them are 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 and fc00::/7. The answer does not depend on the version of
    Python, unlike that of `ipaddress`.
    """


@ready_made(~rfc.RFC6890)
def public() -> None:
    """Public addresses: those that are not in `rfc.RFC6890`."""


@address_set("224.0.0.0/4 ff00::/8")
def multicast() -> None:
    """Multicast addresses: 224.0.0.0/4 and ff00::/8."""


@address_set("0.0.0.0/32 ::/128")
def unspecified() -> None:
    """The unspecified addresses, 0.0.0.0 and ::."""


@address_set("255.255.255.255/32")
def broadcast() -> None:
    """The limited broadcast address, 255.255.255.255."""


@address_set("192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32 3fff::/20")
def documentation() -> None:
    """Addresses for documentation (RFC 5737, RFC 3849, RFC 9637), such as 192.0.2.0/24 and 2001:db8::/32."""


@address_set("198.18.0.0/15 2001:2::/48")
def benchmark() -> None:
    """Addresses for benchmarks: 198.18.0.0/15 (RFC 2544) and 2001:2::/48 (RFC 5180)."""


@address_set("100.64.0.0/10")
def shared() -> None:
    """Shared address space of carrier-grade NAT: 100.64.0.0/10 (RFC 6598)."""


@address_set("fc00::/7")
def unique_local() -> None:
    """IPv6 unique local addresses: fc00::/7 (RFC 4193)."""


@address_set("0.0.0.0/0")
def ipv4() -> None:
    """IPv4 addresses."""


@address_set("::/0")
def ipv6() -> None:
    """IPv6 addresses."""


def within(*networks: str | ipaddress.IPv4Network | ipaddress.IPv6Network) -> Predicate:
    """Addresses in any of these networks.

    Args:
        networks: Texts such as `"10.0.0.0/8"`, or `ipaddress` networks.

    Raises:
        ValueError: One of them is not a network, or has host bits set.
        TypeError: There are none.
    """
    _require("networks", networks)
    parsed = [_network(network) for network in networks]
    return Networks(
        f"within({', '.join(repr(str(network)) for network in parsed)})",
        [(INET if net.version == 4 else INET6, net.network_address.packed, net.prefixlen) for net in parsed],
    )


# Unicast addresses of interfaces.


# For IPv4 the same bit is IFA_F_SECONDARY.
@ready_made(Fields("IFA_F_TEMPORARY", {"IfNet": ("flags", 0x01, 0x01)}) & ipv6)
def temporary() -> None:
    """Temporary IPv6 addresses (`IFA_F_TEMPORARY`, RFC 8981). Takes `IfNet`."""


@ready_made(Fields("IFA_F_DEPRECATED", {"IfNet": ("flags", 0x20, 0x20)}))
def deprecated() -> None:
    """Addresses whose preferred lifetime has ended (`IFA_F_DEPRECATED`). Takes `IfNet`."""


@ready_made(Fields("IFA_F_TENTATIVE", {"IfNet": ("flags", 0x40, 0x40)}))
def tentative() -> None:
    """Addresses in duplicate address detection (`IFA_F_TENTATIVE`). Takes `IfNet`."""


# Interfaces.


def _has_flags(text: str, flags: int) -> Predicate:
    return Fields(text, {"Interface": ("flags", flags, flags)})


@ready_made(_has_flags("IFF_UP", 0x1))
def up() -> None:
    """Interfaces that an administrator has switched on (`IFF_UP`). Takes `Interface`."""


@ready_made(_has_flags("IFF_RUNNING", 0x40))
def running() -> None:
    """Interfaces that are operational (`IFF_RUNNING`). Takes `Interface`."""


@ready_made(_has_flags("IFF_LOWER_UP", 0x10000))
def lower_up() -> None:
    """Interfaces whose driver reports a link, such as a carrier (`IFF_LOWER_UP`). Takes `Interface`."""


def has_flags(*flags: enums.Flags | int | str) -> Predicate:
    """Interfaces that have all of these flags (`IFF_*`). Takes `Interface`.

    Args:
        flags: Members of `Flags`, numbers, or names such as `"UP"`. Case does not matter.

    Raises:
        ValueError: No flag has that name, or a number does not fit 32 bits.
        TypeError: There are none.
    """
    from .enums import Flags

    _require("flags", flags)
    bits = 0
    for flag in flags:
        bits |= _number("flags", flag, Flags.__members__, 2**32 - 1)
    return _has_flags(_call("has_flags", flags), bits)


def kind(*names: str) -> Predicate:
    """Interfaces of one of these kinds (`IFLA_INFO_KIND`), such as `"veth"` and `"bridge"`. Takes `Interface`.

    The empty text stands for interfaces without a kind.

    Raises:
        TypeError: A name is not a text, or there are none.
    """
    from ._predicates.patterns import literal

    _require("names", names)
    globs = [literal(text_argument("name", name)) for name in names]
    return _any(_call("kind", names), [Text("", _records.LINK_KIND, glob) for glob in globs])


def named(*patterns: str) -> Predicate:
    """Interfaces whose name (`IFLA_IFNAME`) matches one of these shell patterns. Takes `Interface`.

    Args:
        patterns: `*` is any text, `?` any character, `[a-z]` a character of a set, `[!a-z]` one outside. Case matters.

    Raises:
        TypeError: A pattern is not a text, or there are none.
    """
    from ._predicates.patterns import parse

    _require("patterns", patterns)
    globs = [parse(text_argument("pattern", pattern)) for pattern in patterns]
    return _any(_call("named", patterns), [Text("", _records.LINK_NAME, glob) for glob in globs])


# Routes.


@ready_made(Fields("dst_len 0", {"Route": ("dst_len", 0xFF, 0)}))
def default_route() -> None:
    """Default routes: 0.0.0.0/0 and ::/0. Takes `Route`."""


@ready_made(~Fields("gateway_family 0", {"Route": ("gateway_family", 0xFF, 0), "NextHop": ("gateway_family", 0xFF, 0)}))
def has_gateway() -> None:
    """Routes and next hops through a gateway (`RTA_GATEWAY`, `RTA_VIA`). Takes `Route` and `NextHop`."""


def covers(address: str | ipaddress.IPv4Address | ipaddress.IPv6Address) -> Predicate:
    """Routes whose destination contains an address (`RTA_DST`). Takes `Route`.

    These are all routes that match the address, not the one that the kernel would choose. A scope id has no effect.

    Raises:
        ValueError: The text is not an address.
    """
    family, packed, _ = address_argument(address)
    return Covers(f"covers({str(address)!r})", family, packed)


def in_table(*tables: enums.RouteTable | int | str) -> Predicate:
    """Routes of one of these tables, and rules that ask it (`RTA_TABLE`, `FRA_TABLE`). Takes `Route` and `Rule`.

    Args:
        tables: Members of `RouteTable`, numbers, `"main"` and the like, or names in `/etc/iproute2/rt_tables`.

    Raises:
        ValueError: No table has that name, or a number does not fit 32 bits.
        TypeError: There are none.
    """
    _require("tables", tables)
    numbers = [_number("tables", table, TABLES, 2**32 - 1) for table in tables]
    tests = [("table", 2**32 - 1, number) for number in numbers]
    return _any(_call("in_table", tables), [Fields("", {"Route": test, "Rule": test}) for test in tests])


def protocol(*protocols: enums.RouteProtocol | int | str) -> Predicate:
    """Routes, next hops and rules that one of these protocols made (`RTPROT_*`). Takes `Route`, `NextHop` and `Rule`.

    Args:
        protocols: Members of `RouteProtocol`, numbers, or names, also those in `/etc/iproute2/rt_protos`.

    Raises:
        ValueError: No protocol has that name, or a number is not in 0…255.
        TypeError: There are none.
    """
    _require("protocols", protocols)
    tests = [("protocol", 0xFF, _number("protocols", one, enums.RouteProtocol.__members__, 255)) for one in protocols]
    kinds = ("Route", "NextHop", "Rule")
    return _any(_call("protocol", protocols), [Fields("", dict.fromkeys(kinds, test)) for test in tests])


# Neighbours.


@ready_made(Fields("NUD_REACHABLE", {"Neighbour": ("state", 0x02, 0x02)}))
def reachable() -> None:
    """Neighbours that were confirmed to be reachable recently (`NUD_REACHABLE`). Takes `Neighbour`."""


# Everything that has an interface.


def on(interface: int | str | rows.Interface) -> Predicate:
    """Rows of one interface. Takes all rows that have an index.

    Args:
        interface: An index, a name, or an `Interface`. A name is looked up once, when the predicate is made, in the
            network namespace of the calling thread.

    Raises:
        OSError: No interface has that name (`ENODEV`).
    """
    index = _index(interface)
    shown = interface if isinstance(interface, (int, str)) else interface.name
    test = ("index", 2**32 - 1, index)
    return Fields(
        f"on({shown!r})", dict.fromkeys(("Interface", "IfNet", "IfAddr", "Route", "NextHop", "Neighbour"), test)
    )


# Arguments.


def _require(argument: str, values: tuple[object, ...]) -> None:
    if not values:
        raise TypeError(f"{argument} must not be empty")


def _number(argument: str, value: object, names: Mapping[str, int], most: int) -> int:
    """A number, or that of a name: of a member, in any case, or in a file of `name_files`. It is looked up once."""
    if not isinstance(value, str):
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError(f"{argument} must be numbers or names, not {type(value).__name__}")
        return integer_argument(argument, value, 0, most)
    found = next((int(number) for name, number in names.items() if name.lower() == value.lower()), None)
    if found is None and (found := name_files.number_of(argument, value)) is None:
        raise ValueError(f"{argument}: {value!r} is not one of {', '.join(names)}")
    return found


def _network(value: object) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    if not isinstance(value, (str, ipaddress.IPv4Network, ipaddress.IPv6Network)):
        raise TypeError(f"networks must be texts or ipaddress networks, not {type(value).__name__}")
    try:
        return ipaddress.ip_network(value)
    except ValueError as error:
        raise ValueError(f"networks: {error}") from None


def _index(interface: object) -> int:
    from ._names import index_of

    if interface is None:
        raise TypeError("interface must be an index, a name or an Interface, not NoneType")
    index, name = interface_argument(interface)
    return index_of(name) if name else index


def _call(function: str, arguments: tuple[object, ...]) -> str:
    """A call as it is written in Python."""
    return f"{function}({', '.join(map(_written, arguments))})"


def _written(value: object) -> str:
    """A value as it is written in Python: `Flags.UP | Flags.RUNNING`."""
    if type(value) in (int, str):
        return repr(value)
    from enum import Flag, IntEnum

    if isinstance(value, IntEnum) and value in type(value).__members__.values():
        return f"{type(value).__name__}.{value.name}"
    if not isinstance(value, Flag):
        return repr(value)
    members = [member for member in type(value).__members__.values() if member & value]
    unknown = int(value.value) & ~sum(int(member.value) for member in members)
    parts = [f"{type(value).__name__}.{member.name}" for member in members]
    return " | ".join(parts + [str(unknown)] * (unknown != 0 or not members))


def _any(text: str, predicates: Iterable[Predicate]) -> Predicate:
    return Named(text, Or([*predicates]))
