"""`Snapshot`: consistent tables of several objects, joined by methods, and the difference of two."""

from __future__ import annotations

from errno import EINTR
from time import monotonic

from . import _arguments, _core
from ._lazy import LazyModule
from ._names import no_such_interface
from ._query import Asker
from ._rows.addr import IfNet
from ._rows.interface import Interface
from ._rows.route import Route
from ._table import Table
from .errors import DumpInterruptedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing
    from typing import Any

    from . import _events, filters
    from ._rows import neighbour, nexthop, rule
else:
    _events = LazyModule("._events", __package__)
    filters = LazyModule(".filters", __package__)
    neighbour = LazyModule("._rows.neighbour", __package__)
    nexthop = LazyModule("._rows.nexthop", __package__)
    rule = LazyModule("._rows.rule", __package__)
    typing = LazyModule("typing")

PACKAGE = __name__.rpartition(".")[0]  # pickles name the class by the package, where it is public
_MOST_TRIES = 8  # and ten timeouts, as those of a query


class Snapshot:
    """Interfaces, addresses, routes and next-hop objects at one time: immutable, comparable, picklable.

    Made by `getifs.snapshot()`. Every row refers to an interface of the snapshot, and every route to a next-hop object
    of it, if the kernel said so. Nothing here makes a system call.

    Errors that methods share: `OSError` with `ENODEV` if `interface` is not in the snapshot; `TypeError` and
    `ValueError` for a wrong argument.
    """

    __slots__ = ("_addrs", "_all_routes", "_interfaces", "_known", "_neighbours", "_nexthops", "_routes", "_rules")
    __module__ = PACKAGE

    def __init__(  # noqa: PLR0917  # in the order of a pickle
        self,
        interfaces: Table[Interface],
        addrs: Table[IfNet],
        routes: Table[Route],
        nexthops: Table[nexthop.NextHop],
        neighbours: Table[neighbour.Neighbour] | None = None,
        all_routes: bool = False,
        rules: Table[rule.Rule] | None = None,
    ) -> None:
        self._interfaces, self._addrs, self._routes, self._nexthops = interfaces, addrs, routes, nexthops
        self._neighbours, self._all_routes, self._rules = neighbours, all_routes, rules
        self._known: dict[int | str, Interface] = {}  # interfaces by index and by name, once one was looked up

    @property
    def interfaces(self) -> Table[Interface]:
        """The interfaces, as of `getifs.interfaces()`."""
        return self._interfaces

    @property
    def addrs(self) -> Table[IfNet]:
        """The unicast addresses, as of `getifs.interface_addrs()`."""
        return self._addrs

    @property
    def routes(self) -> Table[Route]:
        """The routes, as of `getifs.route_table()`."""
        return self._routes

    @property
    def nexthops(self) -> Table[nexthop.NextHop]:
        """The next-hop objects, as of `getifs.nexthops()`."""
        return self._nexthops

    @property
    def neighbours(self) -> Table[neighbour.Neighbour] | None:
        """The neighbours, as of `getifs.neighbours()`; `None` if the snapshot was made without."""
        return self._neighbours

    @property
    def rules(self) -> Table[rule.Rule] | None:
        """The policy rules, as of `getifs.rules()`; `None` if the snapshot was made without."""
        return self._rules

    def interface(self, interface: int | str | Interface) -> Interface | None:
        """The interface with an index or a name, alternative names too; `None` if there is none.

        Args:
            interface: An index, a name, or an `Interface` of the same index, such as one of another snapshot.
        """
        index, _ = _arguments.interface_argument(_not_none(interface))
        if not self._known:
            known: dict[int | str, Interface] = {}
            for row in self._interfaces:
                known[row.index] = row
                known |= dict.fromkeys((row.name, *row.alt_names), row)
            self._known = known
        return self._known.get(index or interface)  # type: ignore[arg-type]  # without an index it is a name

    def _index(self, interface: int | str | Interface) -> int:
        found = self.interface(interface)
        if found is None:
            raise no_such_interface(interface)
        return found.index

    def addrs_of(self, interface: int | str | Interface) -> Table[IfNet]:
        """The unicast addresses of an interface.

        Args:
            interface: An index, a name or an `Interface`.
        """
        return self._addrs.where(filters.on(self._index(interface)))

    def routes_of(self, interface: int | str | Interface) -> Table[Route]:
        """The routes that leave through an interface: of a route with several hops, those hops.

        Args:
            interface: An index, a name or an `Interface`.
        """
        return self._routes.where(filters.on(self._index(interface)))

    def neighbours_of(self, interface: int | str | Interface) -> Table[neighbour.Neighbour]:
        """The neighbours on an interface.

        Args:
            interface: An index, a name or an `Interface`.

        Raises:
            ValueError: The snapshot was made without neighbours.
        """
        index = self._index(interface)
        if self._neighbours is None:
            raise ValueError("the snapshot was made without neighbours: snapshot(neighbours=True)")
        return self._neighbours.where(filters.on(index))

    def controller_of(self, interface: int | str | Interface) -> Interface | None:
        """The bridge, bond, team or VRF that an interface is a port of (`IFLA_MASTER`); `None` if there is none.

        Args:
            interface: An index, a name or an `Interface`.
        """
        controller = self._known[self._index(interface)].controller
        return self._known.get(controller) if controller else None

    def ports_of(self, interface: int | str | Interface) -> Table[Interface]:
        """The interfaces whose controller an interface is: the ports of a bridge, a bond, a team or a VRF.

        Args:
            interface: An index, a name or an `Interface`.
        """
        index = self._index(interface)
        return self._interfaces.where(lambda row: row.controller == index)

    def nexthop_of(self, route: Route) -> nexthop.NextHop | None:
        """The next-hop object that a route refers to (`RTA_NH_ID`); `None` if it refers to none.

        Args:
            route: A route of the snapshot.
        """
        if not isinstance(route, Route):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"route must be a Route, not {type(route).__name__}")
        number = route.nexthop_id
        return next((row for row in self._nexthops if row.id == number), None) if number else None

    def default_routes(self, *, family: int | None = None) -> Table[Route]:
        """The best default routes of each family, as of `getifs.default_routes()`.

        Args:
            family: 4, 6 or `None` for both, which are decided separately.
        """
        number = _arguments.family_argument(family)
        best = _core.best_routes(Table(Route), self._routes._for_core())
        return best.where(lambda row: row._family == number) if number else best

    def difference(self, earlier: Snapshot) -> list[_events.Event]:
        """The changes since an earlier snapshot, as a watcher gives them. What came and went in between is not seen.

        Args:
            earlier: A snapshot that was made with the same arguments.

        Returns:
            The events, first those of interfaces, then of addresses, next-hop objects, routes, neighbours and rules.

        Raises:
            TypeError: `earlier` is not a `Snapshot`.
            ValueError: `earlier` was made with other arguments.
        """
        if not isinstance(earlier, Snapshot):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"earlier must be a Snapshot, not {type(earlier).__name__}")
        if self._contents() != earlier._contents():
            raise ValueError(
                "earlier must be a snapshot that was made with the same neighbours=, all_routes= and rules="
            )
        now, before = self._tables(), earlier._tables()
        objects = [name for name in ("interfaces", "addrs", "nexthops", "routes", "neighbours", "rules") if name in now]
        return [event for name in objects for event in _events.difference(before[name], now[name])]

    def _contents(self) -> tuple[bool, bool, bool]:
        return self._neighbours is not None, self._all_routes, self._rules is not None

    def _tables(self) -> dict[str, Table[Any]]:
        tables: dict[str, Table[Any]] = {
            "interfaces": self._interfaces,
            "addrs": self._addrs,
            "routes": self._routes,
            "nexthops": self._nexthops,
        }
        if self._neighbours is not None:
            tables["neighbours"] = self._neighbours
        if self._rules is not None:
            tables["rules"] = self._rules
        return tables

    def to_dict(self) -> dict[str, list[dict[str, typing.Any]]]:
        """The snapshot, ready for JSON: for each table the list of its rows, with the keys and values of `ip -j -d`."""
        names = {row.index: row.name for row in self._interfaces}
        return {name: table.to_dicts(names) for name, table in self._tables().items()}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Snapshot):
            return NotImplemented
        return self._contents() == other._contents() and self._tables() == other._tables()

    __hash__ = None  # type: ignore[assignment]  # a table has none

    def __reduce__(self) -> tuple[Any, ...]:
        tables = (self._interfaces, self._addrs, self._routes, self._nexthops, self._neighbours)
        return Snapshot, (*tables, self._all_routes, self._rules)

    def __repr__(self) -> str:
        return f"Snapshot({', '.join(f'{len(table)} {name}' for name, table in self._tables().items())})"


def _not_none(interface: object) -> object:
    if interface is None:
        raise TypeError("interface must be an index, a name or an Interface, not NoneType")
    return interface


def take(asker: Asker, timeout: float | None, *, neighbours: bool, all_routes: bool, rules: bool) -> Snapshot:
    """Asks for each table until their rows refer to each other's."""
    with_neighbours = bool(_arguments.option_argument("neighbours", neighbours, 1))
    options = _arguments.option_argument("all_routes", all_routes, _core.ALL)
    with_rules = bool(_arguments.option_argument("rules", rules, 1))
    until = monotonic() + asker._timeout(timeout) / 100
    pool = _core.Pool(keep_open=True) if asker._pool is _core.SHARED else None  # one socket for all dumps
    ask = asker._ask if pool is None else Asker(pool)._ask
    try:
        for _ in range(_MOST_TRIES):
            found = Snapshot(
                ask(_core.LINKS, Interface, None, None, None, timeout),
                ask(_core.ADDRS, IfNet, None, None, None, timeout),
                ask(_core.ROUTES, Route, None, None, None, timeout, options),
                ask(_core.NEXTHOPS, nexthop.NextHop, None, None, None, timeout),
                ask(_core.NEIGHBOURS, neighbour.Neighbour, None, None, None, timeout) if with_neighbours else None,
                bool(options),
                ask(_core.RULES, rule.Rule, None, None, None, timeout) if with_rules else None,
            )
            if _is_consistent(found):
                return found
            if monotonic() >= until:
                break
    finally:
        if pool is not None:
            pool.close()
    raise DumpInterruptedError(EINTR, "the tables changed during every attempt")


def _is_consistent(found: Snapshot) -> bool:
    """Whether the interfaces and next-hop objects that rows refer to exist."""
    links = {0, *found._interfaces.column("index")}
    tables = {name: table for name, table in found._tables().items() if name != "rules"}  # they name their interfaces
    if not all(links.issuperset(table.column("index")) for table in tables.values()):
        return False
    nexthops = {0, *found._nexthops.column("id")}
    # Routes can refer to a next-hop object that was left out because it is malformed.
    return bool(found._nexthops.malformed) or nexthops.issuperset(found._routes.column("nexthop_id"))
