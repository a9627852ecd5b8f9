"""What the Linux kernel knows of its network: interfaces, addresses, routes, gateways, multicast groups.

    >>> import getifs
    >>> for interface in getifs.interfaces(where=getifs.filters.up):
    ...     print(interface.name, interface.mtu, [str(addr.net) for addr in interface.addrs()])

Everything is asked of the kernel through rtnetlink at each call; nothing is kept. Names are imported when they are
first used, so that `import getifs` itself costs next to nothing.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import filters, probe, replay, rfc
    from ._rows.addr import IfAddr, IfNet
    from ._rows.interface import Interface
    from ._rows.macaddr import MacAddr
    from ._rows.nexthop import NextHop
    from ._rows.route import Route
    from ._rows.stats import LinkStats
    from ._table import Table
    from .enums import (
        AddrFlags,
        AddrProto,
        EncapType,
        Flags,
        HwType,
        OperState,
        RouteFlags,
        RouteProtocol,
        RouterPref,
        RouteType,
        Scope,
    )
    from .errors import DumpInterruptedError, MalformedMessageError, NetlinkError
    from .session import MODULE, Session

    interfaces = MODULE.interfaces
    interface_by_index = MODULE.interface_by_index
    interface_by_name = MODULE.interface_by_name
    interface_addrs = MODULE.interface_addrs
    addrs_by_interface = MODULE.addrs_by_interface
    local_addrs = MODULE.local_addrs
    default_routes = MODULE.default_routes
    best_local_addrs = MODULE.best_local_addrs
    private_addrs = MODULE.private_addrs
    public_addrs = MODULE.public_addrs
    interface_multicast_addrs = MODULE.interface_multicast_addrs
    gateway_addrs = MODULE.gateway_addrs
    route_table = MODULE.route_table
    nexthops = MODULE.nexthops
    ip_mtu = MODULE.ip_mtu
    ifindex_to_name = MODULE.ifindex_to_name
    ifname_to_index = MODULE.ifname_to_index
    ifname_to_iface = MODULE.ifname_to_iface

__version__ = "0.1.0"

__all__ = [
    "AddrFlags",
    "AddrProto",
    "DumpInterruptedError",
    "EncapType",
    "Flags",
    "HwType",
    "IfAddr",
    "IfNet",
    "Interface",
    "LinkStats",
    "MacAddr",
    "MalformedMessageError",
    "NetlinkError",
    "NextHop",
    "OperState",
    "Route",
    "RouteFlags",
    "RouteProtocol",
    "RouteType",
    "RouterPref",
    "Scope",
    "Session",
    "Table",
    "addrs_by_interface",
    "best_local_addrs",
    "default_routes",
    "filters",
    "gateway_addrs",
    "ifindex_to_name",
    "ifname_to_iface",
    "ifname_to_index",
    "interface_addrs",
    "interface_by_index",
    "interface_by_name",
    "interface_multicast_addrs",
    "interfaces",
    "ip_mtu",
    "local_addrs",
    "nexthops",
    "private_addrs",
    "probe",
    "public_addrs",
    "replay",
    "rfc",
    "route_table",
]

# Where a class lives. What is neither a class nor a module of this list is a query.
_CLASSES = {
    "AddrFlags": "enums",
    "AddrProto": "enums",
    "DumpInterruptedError": "errors",
    "EncapType": "enums",
    "Flags": "enums",
    "HwType": "enums",
    "IfAddr": "_rows.addr",
    "IfNet": "_rows.addr",
    "Interface": "_rows.interface",
    "LinkStats": "_rows.stats",
    "MacAddr": "_rows.macaddr",
    "MalformedMessageError": "errors",
    "NetlinkError": "errors",
    "NextHop": "_rows.nexthop",
    "OperState": "enums",
    "Route": "_rows.route",
    "RouteFlags": "enums",
    "RouteProtocol": "enums",
    "RouteType": "enums",
    "RouterPref": "enums",
    "Scope": "enums",
    "Session": "session",
    "Table": "_table",
}
_MODULES = ("filters", "probe", "replay", "rfc")


if not TYPE_CHECKING:  # which would take it for leave to use any name

    def __getattr__(name: str) -> object:
        from importlib import import_module

        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value: object
        if name in _MODULES:
            value = import_module(f".{name}", __name__)
        elif name in _CLASSES:
            value = getattr(import_module(f".{_CLASSES[name]}", __name__), name)
        else:
            value = getattr(import_module(".session", __name__).MODULE, name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
