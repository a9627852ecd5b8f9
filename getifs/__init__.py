"""The Linux kernel's network: interfaces, addresses, routes, gateways, multicast groups, next-hop objects.

    >>> import getifs
    >>> for interface in getifs.interfaces(where=getifs.filters.up):
    ...     print(interface.name, interface.mtu, [str(addr.net) for addr in interface.addrs()])

Each call asks the kernel through rtnetlink; nothing is cached. Names are imported when they are first used, so that
`import getifs` is cheap. `__init__.pyi` lists them for editors and type checkers.
"""

# pyright: reportUnsupportedDunderAll=false
from __future__ import annotations

__version__ = "0.1.0"

__all__ = [
    "AddrFlags",
    "AddrProto",
    "DumpInterruptedError",
    "Duplex",
    "EncapType",
    "Event",
    "Flags",
    "HwType",
    "IfAddr",
    "IfNet",
    "Interface",
    "LinkStats",
    "MacAddr",
    "MalformedMessageError",
    "Neighbour",
    "NeighbourFlags",
    "NeighbourState",
    "NetlinkError",
    "NetlinkPermissionError",
    "NextHop",
    "OperState",
    "Predicate",
    "Route",
    "RouteFlags",
    "RouteProtocol",
    "RouteTable",
    "RouteType",
    "RouterPref",
    "Rule",
    "RuleAction",
    "RuleFlags",
    "Scope",
    "Session",
    "Snapshot",
    "Table",
    "Watcher",
    "addrs_by_interface",
    "best_local_addrs",
    "default_routes",
    "filters",
    "gateway_addrs",
    "ifindex_to_name",
    "ifname_to_iface",
    "ifname_to_index",
    "ifnames",
    "interface_addrs",
    "interface_by_index",
    "interface_by_name",
    "interface_multicast_addrs",
    "interfaces",
    "ip_mtu",
    "local_addrs",
    "neighbours",
    "nexthops",
    "private_addrs",
    "probe",
    "public_addrs",
    "replay",
    "rfc",
    "route_table",
    "route_to",
    "rules",
    "snapshot",
    "watch",
]

# The modules of the classes. Every other name of __all__ is a module or a query.
_CLASSES = {
    "AddrFlags": "enums",
    "AddrProto": "enums",
    "DumpInterruptedError": "errors",
    "Duplex": "enums",
    "EncapType": "enums",
    "Event": "_events",
    "Flags": "enums",
    "HwType": "enums",
    "IfAddr": "_rows.addr",
    "IfNet": "_rows.addr",
    "Interface": "_rows.interface",
    "LinkStats": "_rows.stats",
    "MacAddr": "_rows.macaddr",
    "MalformedMessageError": "errors",
    "Neighbour": "_rows.neighbour",
    "NeighbourFlags": "enums",
    "NeighbourState": "enums",
    "NetlinkError": "errors",
    "NetlinkPermissionError": "errors",
    "NextHop": "_rows.nexthop",
    "OperState": "enums",
    "Predicate": "_predicates.tree",
    "Route": "_rows.route",
    "RouteFlags": "enums",
    "RouteProtocol": "enums",
    "RouteTable": "enums",
    "RouteType": "enums",
    "RouterPref": "enums",
    "Rule": "_rows.rule",
    "RuleAction": "enums",
    "RuleFlags": "enums",
    "Scope": "enums",
    "Session": "session",
    "Snapshot": "_snapshot",
    "Table": "_table",
    "Watcher": "watcher",
    "watch": "watcher",
}
_MODULES = ("filters", "probe", "replay", "rfc")


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from ._lazy import import_module

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
