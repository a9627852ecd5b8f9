"""All functions of netifaces 0.11, `allifaddresses` of its fork netifaces-plus, and their constants."""

from __future__ import annotations

from errno import ENODEV
from typing import Any

from .. import _core, filters
from .._arguments import name_argument
from .._rows.route import Route
from .._table import Table
from ..enums import Flags, RouteTable
from ..errors import NetlinkError
from ..session import MODULE
from ._getifaddrs import Entries


def _netmask6(length: int) -> str:
    """An IPv6 netmask in the form of netifaces, such as `ffff:ff00::/24`: whole groups, and the prefix length."""
    groups = [f"{0xFFFF << (16 - min(16, length - at)) & 0xFFFF:04x}" for at in range(0, length, 16)]
    return f"{':'.join(groups)}{'' if length > 112 else '::'}/{length}"


# The numbers of linux/socket.h that netifaces names. Of two names, `address_families` has the second one.
AF_UNSPEC = 0
AF_UNIX = AF_FILE = 1
AF_INET = 2
AF_AX25 = 3
AF_IPX = 4
AF_APPLETALK = 5
AF_NETROM = 6
AF_BRIDGE = 7
AF_ATMPVC = 8
AF_X25 = 9
AF_INET6 = 10
AF_ROSE = 11
AF_DECnet = 12
AF_NETBEUI = 13
AF_SECURITY = 14
AF_KEY = 15
AF_ROUTE = AF_NETLINK = 16
AF_LINK = AF_PACKET = 17
AF_ASH = 18
AF_ECONET = 19
AF_ATMSVC = 20
AF_SNA = 22
AF_IRDA = 23
AF_PPPOX = 24
AF_WANPIPE = 25
AF_BLUETOOTH = 31
AF_ISDN = 34

address_families = {number: name for name, number in dict(globals()).items() if name.startswith("AF_")}
version = "0.11.0"  # of the interface that this is

# An address without a peer is its own peer on these links.
_OWN_PEER = int(Flags.LOOPBACK | Flags.POINTOPOINT)
_NETMASKS6 = [_netmask6(length) for length in range(129)]
_TO_GATEWAYS = filters.default_route & filters.has_gateway
_IN_MAIN = filters.in_table(RouteTable.MAIN)
_ENTRIES: Entries[tuple[Any, ...]] = Entries(lambda *items: items, _NETMASKS6, _OWN_PEER)


def interfaces() -> list[str]:
    """The names of all interfaces, and then the labels of IPv4 addresses that are no such name, as `eth0:1`.

    Raises:
        OSError: As `getifs.addrs_by_interface()`.
    """
    links, named = _ENTRIES.read()
    return list(dict.fromkeys([*links, *named]))


def ifaddresses(ifname: str, /) -> dict[int, list[dict[str, str]]]:
    """The addresses of an interface, or those with a label, by family.

    Args:
        ifname: The name or the label.

    Returns:
        A dict of `AF_LINK`, `AF_INET` and `AF_INET6` to lists of addresses. An address is a dict with the keys `addr`,
        `netmask`, `broadcast` and `peer`, as far as it has them.

    Raises:
        ValueError: There is no such interface.
        OSError: As `getifs.addrs_by_interface()`.
    """
    name_argument(ifname, "ifname")
    links, named = _ENTRIES.read()
    if ifname in named:
        return _by_family(named[ifname])
    if ifname not in links:
        raise ValueError(f"ifname is not the name of an interface: {ifname!r}")
    return {}


def allifaddresses() -> dict[str, dict[int, list[dict[str, str]]]]:
    """`ifaddresses` of all names that have addresses, by name.

    Raises:
        OSError: As `getifs.addrs_by_interface()`.
    """
    return {name: _by_family(entries) for name, entries in _ENTRIES.read()[1].items()}


def _by_family(entries: list[tuple[Any, ...]]) -> dict[int, list[dict[str, str]]]:
    """The addresses of one name, in new dicts and lists."""
    families: dict[int, list[dict[str, str]]] = {AF_LINK: []} if entries[-1][0] == AF_LINK else {}
    for family, address, netmask, broadcast, peer in entries:
        shown = {"addr": address}
        if netmask is not None:
            shown["netmask"] = netmask
        if broadcast is not None:
            shown["broadcast"] = broadcast
        if peer is not None:
            shown["peer"] = peer
        families.setdefault(int(family), []).append(shown)
    return families


def gateways() -> dict[Any, Any]:
    """The gateways of default routes.

    Returns:
        A dict of `AF_INET` and `AF_INET6` to lists of tuples: the address of the gateway, the name of the interface,
        and whether it is the default gateway of the family. Under the key `"default"` is a dict of each family to the
        address and the interface of its default gateway, the one of the best route of the table main.

    Raises:
        OSError: As `getifs.route_table()`.
    """
    routes = MODULE.route_table(all=True, where=_TO_GATEWAYS)
    names = {index: _name_of(index) for index in {route.index for route in routes}}
    best: dict[int, Route] = {}
    for route in _core.best_routes(Table(Route), routes.where(_IN_MAIN)._for_core()):
        best.setdefault(route._family, route)
    defaults: dict[int, tuple[str, str]] = {}
    result: dict[Any, Any] = {"default": defaults}
    for route in routes:
        name = names[route.index]
        if name is not None:  # else it has gone, and the route with it
            gateway = str(route.gateway)
            is_default = route == best.get(route._family)
            result.setdefault(route._family, []).append((gateway, name, is_default))
            if is_default:
                defaults[route._family] = gateway, name
    return result


def _name_of(index: int) -> str | None:
    """The name of an interface; `None` if it has gone."""
    try:
        return MODULE.ifindex_to_name(index)
    except NetlinkError as error:
        if error.errno != ENODEV:
            raise
        return None
