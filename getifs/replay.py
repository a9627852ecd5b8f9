"""The parsers of the live queries over recorded bytes: netlink messages, one after the other, as `recv` returned them.

No socket is opened. The rows are in the order of the recording. Requests in it (`NLM_F_REQUEST`) are skipped. Errors
are those of the live queries: `MalformedMessageError`; `DumpInterruptedError` if a message has `NLM_F_DUMP_INTR`, or a
route refers to a next-hop object that is not in `nexthops`; `NetlinkError` if the recording contains a refusal.
"""

from __future__ import annotations

from . import _arguments, _core
from ._core import Bytes
from ._lazy import LazyModule
from ._rows.addr import IfAddr, IfNet
from ._rows.interface import Interface
from ._rows.neighbour import Neighbour
from ._rows.route import Route
from ._rows.rule import Rule
from ._table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import enums
else:
    enums = LazyModule(".enums", __package__)


def _recorded(argument: str, value: Bytes) -> Bytes:
    if not isinstance(value, (bytes, bytearray, memoryview)):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{argument} must be bytes, not {type(value).__name__}")
    return value


def interfaces(data: Bytes, *, stats: bool = False, details: bool = False) -> Table[Interface]:
    """The interfaces in `RTM_NEWLINK` messages, with their counters and the settings of their kinds if asked for."""
    options = _arguments.option_argument("stats", stats, _core.WITH_STATS)
    options |= _arguments.option_argument("details", details, _core.WITH_DETAILS)
    return _core.replay(Table(Interface), _core.LINKS, Interface._layout.size, _recorded("data", data), options=options)


def addrs(data: Bytes) -> Table[IfNet]:
    """The unicast addresses in `RTM_NEWADDR` messages."""
    return _core.replay(Table(IfNet), _core.ADDRS, IfNet._layout.size, _recorded("data", data))


def neighbours(data: Bytes, *, all: bool = False) -> Table[Neighbour]:
    """The neighbours in `RTM_NEWNEIGH` messages, selected as by `getifs.neighbours`."""
    options = _arguments.option_argument("all", all, _core.ALL)
    size = Neighbour._layout.size
    return _core.replay(Table(Neighbour), _core.NEIGHBOURS, size, _recorded("data", data), options=options)


def rules(data: Bytes) -> Table[Rule]:
    """The policy rules in `RTM_NEWRULE` messages."""
    return _core.replay(Table(Rule), _core.RULES, Rule._layout.size, _recorded("data", data))


def routes(
    data: Bytes,
    nexthops: Bytes = b"",
    *,
    table: int | str | enums.RouteTable | None = None,
    all: bool = False,
) -> Table[Route]:
    """The routes in `RTM_NEWROUTE` messages, selected as by `getifs.route_table`.

    Args:
        data: The recording.
        nexthops: The `RTM_NEWNEXTHOP` messages of the objects that the routes refer to.
        table: Only this table: a number, a `RouteTable` or a name (`"main"`).
        all: All types, tables, sources and types of service, and hops that cannot be used.
    """
    options = _arguments.option_argument("all", all, _core.ALL)
    if table is not None:
        table = _arguments.table_argument(table)
        options |= _core.ONE_TABLE
    return _core.replay(
        Table(Route),
        _core.ROUTES,
        Route._layout.size,
        _recorded("data", data),
        _recorded("nexthops", nexthops),
        options=options,
        table=table or 0,
    )


def gateways(data: Bytes, nexthops: Bytes = b"") -> Table[IfAddr]:
    """The gateways in `RTM_NEWROUTE` messages, as by `getifs.gateway_addrs`."""
    recordings = _recorded("data", data), _recorded("nexthops", nexthops)
    return _core.replay(Table(IfAddr), _core.GATEWAYS, IfAddr._layout.size, *recordings)


def best_interfaces(data: Bytes, nexthops: Bytes = b"") -> list[tuple[int, int]]:
    """The interfaces of the best default routes in `RTM_NEWROUTE` messages.

    Returns:
        Pairs of a family, 4 or 6, and the index of an interface; IPv4 first, then by index.
    """
    routes = _core.replay(
        Table(Route),
        _core.DEFAULT_ROUTES,
        Route._layout.size,
        _recorded("data", data),
        _recorded("nexthops", nexthops),
    )
    return sorted({(route.destination.version, route.index) for route in routes})
