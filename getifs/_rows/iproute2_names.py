"""Numbers that `ip` prints as names, those in its files included: see `name_files`.

The names are not those of `enums`, since its import takes longer than most queries.
"""

from __future__ import annotations

from .._lazy import LazyModule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from . import name_files
else:
    name_files = LazyModule(".name_files", __package__)


class _Names(dict[int, str]):
    """Names by number. Those that are not built in can change: they are looked up each time.

    Args:
        known: The names that are built in.
        file: The constant of `name_files` that has the names of other numbers.
        otherwise: Makes the text of a number without a name.
    """

    __slots__ = ("_file", "_otherwise")

    def __init__(self, known: dict[int, str], file: str, otherwise: Callable[[int], str] = str) -> None:
        super().__init__(known)
        self._file, self._otherwise = file, otherwise

    def __missing__(self, number: int) -> str:
        file: name_files.Names = getattr(name_files, self._file)
        return file.name(number) or self._otherwise(number)


_PROTOCOLS = {  # RTPROT_*
    0: "unspec",
    1: "redirect",
    2: "kernel",
    3: "boot",
    4: "static",
    8: "gated",
    9: "ra",
    10: "mrt",
    11: "zebra",
    12: "bird",
    13: "dnrouted",
    14: "xorp",
    15: "ntk",
    16: "dhcp",
    18: "keepalived",
    42: "babel",
    186: "bgp",
    187: "isis",
    188: "ospf",
    189: "rip",
    192: "eigrp",
}
_SCOPES = {0: "global", 200: "site", 253: "link", 254: "host", 255: "nowhere"}  # RT_SCOPE_*
_TABLES = {253: "default", 254: "main", 255: "local"}  # RT_TABLE_*
_ADDR_PROTOCOLS = {0: "unspec", 1: "kernel_lo", 2: "kernel_ra", 3: "kernel_ll"}  # IFAPROT_*
_ROUTE_TYPES = (  # RTN_*
    *("unspec", "unicast", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable", "prohibit"),
    *("throw", "nat", "xresolve"),
)
_ENCAPS = ("none", "mpls", "ip", "ila", "ip6", "seg6", "bpf", "seg6local", "rpl", "ioam6", "xfrm")  # LWTUNNEL_ENCAP_*
_PREFS = ("medium", "high", "invalid", "low")  # ICMPV6_ROUTER_PREF_*

# Functions of C, since most rows have all three.
protocol_name = _Names(_PROTOCOLS, "PROTOCOLS").__getitem__
scope_name = _Names(_SCOPES, "SCOPES").__getitem__
table_name = _Names(_TABLES, "TABLES").__getitem__
addr_protocol_name = _Names(_ADDR_PROTOCOLS, "ADDR_PROTOCOLS", "{:#x}".format).__getitem__


def _of(names: tuple[str, ...], number: int) -> str:
    return names[number] if number < len(names) else str(number)


def route_type_name(number: int) -> str:
    return _of(_ROUTE_TYPES, number)


def encap_name(number: int) -> str | None:
    return _of(_ENCAPS, number) if number else None


def pref_name(number: int) -> str:
    return _of(_PREFS, number)


def protocol_unless_zero(number: int) -> str | None:
    return protocol_name(number) if number else None


def tos_name(number: int) -> str | None:
    return name_files.DS_FIELDS.name(number) or f"0x{number:02x}" if number else None


def table_unless_zero(number: int) -> str | None:
    return table_name(number) if number else None


def group_name(group: int) -> str:
    return (name_files.GROUPS.name(group) or str(group)) if group else "default"


def flow(realms: int) -> dict[str, str] | None:
    if not realms:
        return None
    source, destination = realms >> 16, realms & 0xFFFF
    return {**({"from": realm(source)} if source else {}), "to": realm(destination)}


def realm(number: int) -> str:
    return name_files.REALMS.name(number) or (str(number) if number else "cosmos")
