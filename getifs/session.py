"""Every query, as a method. The functions of the package are methods of `MODULE`, an instance without a socket."""

from __future__ import annotations

from _collections_abc import Callable

from . import _arguments, _core
from ._lazy import LazyModule
from ._lookups import Lookups
from ._names import no_such_interface
from ._records import LINK
from ._rows.addr import IfAddr, IfNet
from ._rows.interface import Interface
from ._rows.route import Route
from ._table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ipaddress

    from . import _netns, _snapshot, enums, filters
    from ._predicates import compiler
    from ._rows import neighbour, nexthop, rule
else:
    _netns = LazyModule("._netns", __package__)
    _snapshot = LazyModule("._snapshot", __package__)
    compiler = LazyModule("._predicates.compiler", __package__)
    enums = LazyModule(".enums", __package__)
    filters = LazyModule(".filters", __package__)
    ipaddress = LazyModule("ipaddress")
    neighbour = LazyModule("._rows.neighbour", __package__)
    nexthop = LazyModule("._rows.nexthop", __package__)
    rule = LazyModule("._rows.rule", __package__)


class Queries(Lookups):
    """Queries about the network namespace of the calling thread.

    Arguments that queries share:

    - `family`: `4` or `socket.AF_INET`, `6` or `socket.AF_INET6`, or `None` for both, IPv4 first.
    - `interface`: an index, a name (alternative names too) or an `Interface`; `None` for all.
    - `where`: a predicate of `getifs.filters` or `getifs.rfc`, a combination of them, or any callable that takes a row.
    - `timeout`: the longest wait for the kernel, in seconds. A whole query takes at most ten times as long.

    Errors that queries share: `TypeError` and `ValueError` for a wrong argument, before any system call;
    `NetlinkError` with the kernel's errno if it refuses the request, which is a `PermissionError` too for `EACCES` and
    `EPERM`; `OSError` with `ENODEV` if `interface` does not exist; `DumpInterruptedError` if the tables changed during
    every attempt; `MalformedMessageError`; `TimeoutError`.
    """

    __slots__ = ()

    def interfaces(
        self,
        *,
        where: Callable[[Interface], object] | None = None,
        stats: bool = False,
        link_modes: bool = False,
        details: bool = False,
        timeout: float | None = None,
    ) -> Table[Interface]:
        """All interfaces (`RTM_GETLINK`).

        Args:
            where: Only interfaces that it accepts.
            stats: Include the counters (`Interface.stats`).
            link_modes: Include what drivers report: `Interface.speed` and `Interface.duplex`.
            details: Include the settings of their kinds (`Interface.details`, `Interface.port_details`).
            timeout: Seconds.
        """
        options = 0 if stats is False else _arguments.option_argument("stats", stats, _core.WITH_STATS)
        if link_modes is not False:
            options |= _arguments.option_argument("link_modes", link_modes, _core.WITH_LINK_MODES)
        if details is not False:
            options |= _arguments.option_argument("details", details, _core.WITH_DETAILS)
        return self._ask(_core.LINKS, Interface, None, None, where, timeout, options)

    def interface_addrs(
        self,
        *,
        family: int | None = None,
        interface: int | str | Interface | None = None,
        where: Callable[[IfNet], object] | None = None,
        timeout: float | None = None,
    ) -> Table[IfNet]:
        """All unicast addresses (`RTM_GETADDR`), IPv4 first.

        Args:
            family: 4, 6 or `None` for both.
            interface: Only those of this interface.
            where: Only those that it accepts.
            timeout: Seconds.
        """
        return self._ask(_core.ADDRS, IfNet, family, interface, where, timeout)

    def addrs_by_interface(
        self,
        *,
        family: int | None = None,
        where: Callable[[IfNet], object] | None = None,
        interfaces: Callable[[Interface], object] | None = None,
        timeout: float | None = None,
    ) -> dict[Interface, list[IfNet]]:
        """Every interface with its unicast addresses, also an interface without any.

        Args:
            family: 4, 6 or `None` for both.
            where: Only addresses that it accepts.
            interfaces: Only interfaces that it accepts.
            timeout: Seconds.
        """
        program = function = None
        if where is not None or interfaces is not None:
            program, function = compiler.split(None, where, IfNet)
            compiler.split(None, interfaces, Interface, "interfaces")  # checks the argument, before any system call
        links, addrs = Table(Interface), Table(IfNet)
        _core.ask(
            links,
            self._pool,
            _core.LINKS_ADDRS,
            LINK.size,
            _arguments.family_argument(family),
            timeout_ms=self._timeout(timeout),
            program=program,
            more=addrs,
        )
        if interfaces is not None:
            links = links.where(interfaces)
        by_index: dict[int, list[IfNet]] = {}
        result = {interface: by_index.setdefault(interface.index, []) for interface in links}
        for addr in addrs:
            found = by_index.get(addr.index)
            if found is not None and (function is None or function(addr)):
                found.append(addr)
        return result

    def local_addrs(
        self, *, family: int | None = None, where: Callable[[IfNet], object] | None = None, timeout: float | None = None
    ) -> Table[IfNet]:
        """The addresses that are neither loopback nor link-local (`filters.local`).

        Args:
            family: 4, 6 or `None` for both.
            where: Only those that it accepts.
            timeout: Seconds.
        """
        return self._ask(_core.ADDRS, IfNet, family, None, where, timeout, required=filters.local)

    def private_addrs(
        self, *, family: int | None = None, where: Callable[[IfNet], object] | None = None, timeout: float | None = None
    ) -> Table[IfNet]:
        """The private addresses: in the list of RFC 6890, and forwardable (`filters.private`).

        Args:
            family: 4, 6 or `None` for both.
            where: Only those that it accepts.
            timeout: Seconds.
        """
        return self._ask(_core.ADDRS, IfNet, family, None, where, timeout, required=filters.private)

    def public_addrs(
        self, *, family: int | None = None, where: Callable[[IfNet], object] | None = None, timeout: float | None = None
    ) -> Table[IfNet]:
        """The public addresses: not in the list of RFC 6890 (`filters.public`).

        Args:
            family: 4, 6 or `None` for both.
            where: Only those that it accepts.
            timeout: Seconds.
        """
        return self._ask(_core.ADDRS, IfNet, family, None, where, timeout, required=filters.public)

    def default_routes(self, *, family: int | None = None, timeout: float | None = None) -> Table[Route]:
        """The best default routes of each family: one row for each usable hop.

        The best routes are those of the first table (local, main, default), then of the lowest metric, then of the
        highest IPv6 router preference. Routes that are equally good all count.

        Args:
            family: 4, 6 or `None` for both, which are decided separately.
            timeout: Seconds.
        """
        return self._ask(_core.DEFAULT_ROUTES, Route, family, None, None, timeout)

    def best_local_addrs(
        self, *, family: int | None = None, where: Callable[[IfNet], object] | None = None, timeout: float | None = None
    ) -> Table[IfNet]:
        """The local addresses of the interfaces of the best default routes. Empty if there is no such route.

        Args:
            family: 4, 6 or `None` for both, which are decided separately.
            where: Only those that it accepts.
            timeout: Seconds.
        """
        return self._ask(_core.BEST_ADDRS, IfNet, family, None, where, timeout, required=filters.local)

    def interface_multicast_addrs(
        self,
        *,
        family: int | None = None,
        interface: int | str | Interface | None = None,
        where: Callable[[IfAddr], object] | None = None,
        timeout: float | None = None,
    ) -> Table[IfAddr]:
        """The joined multicast groups (`RTM_GETMULTICAST`, or /proc/net if the kernel does not support it).

        Args:
            family: 4, 6 or `None` for both.
            interface: Only those of this interface.
            where: Only those that it accepts.
            timeout: Seconds.
        """
        return self._ask(_core.GROUPS, IfAddr, family, interface, where, timeout)

    def gateway_addrs(
        self,
        *,
        family: int | None = None,
        where: Callable[[IfAddr], object] | None = None,
        timeout: float | None = None,
    ) -> Table[IfAddr]:
        """The distinct gateways, with their interfaces, of all routes in all routing tables.

        Args:
            family: The family of the routes: 4, 6 or `None` for both. An IPv4 route can have an IPv6 gateway.
            where: Only those that it accepts.
            timeout: Seconds.
        """
        return self._ask(_core.GATEWAYS, IfAddr, family, None, where, timeout)

    def route_table(
        self,
        *,
        family: int | None = None,
        where: Callable[[Route], object] | None = None,
        table: int | str | enums.RouteTable | None = None,
        all: bool = False,
        timeout: float | None = None,
    ) -> Table[Route]:
        """The routes (`RTM_GETROUTE`): one row for each next hop.

        By default these are the unicast and local routes of the tables local, main and default that apply to all
        sources and types of service.

        Args:
            family: 4, 6 or `None` for both.
            where: Only those that it accepts.
            table: Instead, the routes of this table: a number, a `RouteTable` or a name: `"main"`, or one in
                `/etc/iproute2/rt_tables`.
            all: All types, tables, sources and types of service, and hops that cannot be used.
            timeout: Seconds.
        """
        options = 0 if all is False else _arguments.option_argument("all", all, _core.ALL)
        if table is not None:
            table = _arguments.table_argument(table)
            options |= _core.ONE_TABLE
        return self._ask(_core.ROUTES, Route, family, None, where, timeout, options, table or 0)

    def nexthops(
        self, *, where: Callable[[nexthop.NextHop], object] | None = None, timeout: float | None = None
    ) -> Table[nexthop.NextHop]:
        """All next-hop objects (`RTM_GETNEXTHOP`). Empty if the kernel does not support them (before Linux 5.3).

        Args:
            where: Only those that it accepts.
            timeout: Seconds.
        """
        return self._ask(_core.NEXTHOPS, nexthop.NextHop, None, None, where, timeout)

    def neighbours(
        self,
        *,
        family: int | None = None,
        interface: int | str | Interface | None = None,
        where: Callable[[neighbour.Neighbour], object] | None = None,
        all: bool = False,
        timeout: float | None = None,
    ) -> Table[neighbour.Neighbour]:
        """The neighbours, which are the entries of the ARP and NDP tables (`RTM_GETNEIGH`).

        Args:
            family: 4, 6 or `None` for both.
            interface: Only those of this interface.
            where: Only those that it accepts.
            all: Include entries that need no resolution (`NUD_NOARP`) and proxy entries (`NTF_PROXY`).
            timeout: Seconds.
        """
        options = _arguments.option_argument("all", all, _core.ALL)
        return self._ask(_core.NEIGHBOURS, neighbour.Neighbour, family, interface, where, timeout, options)

    def rules(
        self,
        *,
        family: int | None = None,
        where: Callable[[rule.Rule], object] | None = None,
        timeout: float | None = None,
    ) -> Table[rule.Rule]:
        """The policy rules (`RTM_GETRULE`), of each family in the order in which the kernel tries them.

        Args:
            family: 4, 6 or `None` for both.
            where: Only those that it accepts.
            timeout: Seconds.
        """
        return self._ask(_core.RULES, rule.Rule, family, None, where, timeout)

    def snapshot(
        self,
        *,
        neighbours: bool = False,
        all_routes: bool = False,
        rules: bool = False,
        timeout: float | None = None,
    ) -> _snapshot.Snapshot:
        """Interfaces, addresses, routes and next-hop objects that fit together. Repeated until they do, as each query.

        Args:
            neighbours: Include `neighbours()`.
            all_routes: The routes of `route_table(all=True)`.
            rules: Include `rules()`.
            timeout: Seconds, for each table.
        """
        return _snapshot.take(self, timeout, neighbours=neighbours, all_routes=all_routes, rules=rules)

    def ifname_to_iface(self, name: str, *, timeout: float | None = None) -> tuple[ipaddress.IPv4Address | None, int]:
        """An interface in the form in which multicast socket options take it: an IPv4 address, and its index.

        Returns:
            Its first IPv4 address that is not link-local, or `None`; and its index, the scope id of IPv6.

        Raises:
            OSError: `ENODEV`: there is no such interface.
        """
        interface = self._one_link(0, _arguments.name_argument(name), timeout)
        if interface is None:
            raise no_such_interface(name)
        addrs = self.interface_addrs(family=4, interface=interface, where=~filters.link_local, timeout=timeout)
        first = addrs[0].addr if addrs else None
        return first if isinstance(first, ipaddress.IPv4Address) else None, interface.index


class Session(Queries):
    """The queries through sockets that are kept open between them.

        with Session() as session:
            for interface in session.interfaces():
                print(interface, session.interface_addrs(interface=interface))

    Threads and signal handlers can share a session: each query takes an idle socket, or opens another one. A child
    process closes the sockets that it inherits, and opens its own.

    Args:
        netns: The network namespace that is asked. A `str` without `/` is a name under /run/netns, as in `ip -n NAME`;
            one with `/`, and an `os.PathLike`, is a path; an `int` is a pid, never a descriptor; an object with
            `fileno()` is a descriptor of a namespace (`open(number, "rb", closefd=False)` makes one of a number).
            It is opened now, and stays until `close()`, also if its name is removed. By default it is that of the
            thread that asks first. The namespace of the calling thread never changes.
        timeout: The longest wait for the kernel, in seconds, of queries that are not given another one.

    Raises:
        FileNotFoundError: There is no namespace of that name, or no such path.
        ProcessLookupError: There is no such process.
        PermissionError: The process may not open the namespace, or not join it: that needs `CAP_SYS_ADMIN`.
        OSError: It is not a network namespace (`EINVAL`), or cannot be joined for lack of threads or descriptors.
        TypeError: An argument has a wrong type.
        ValueError: An argument has a wrong value.
    """

    __slots__ = ()
    __module__ = __name__.rpartition(".")[0]

    def __init__(self, *, netns: _netns.Netns | None = None, timeout: float = 5.0) -> None:
        timeout_ms = _arguments.timeout_argument(timeout)
        place = None if netns is None else _netns.open_netns(netns)
        super().__init__(_core.Pool(keep_open=True, netns=place), timeout_ms)

    def close(self) -> None:
        """Closes the sockets, each one in use when its query ends. Later queries are a `ValueError`. Idempotent."""
        self._pool.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


MODULE: Queries = Queries()
