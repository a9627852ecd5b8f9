"""Every query, as a method. The functions of the package are methods of `MODULE`, an instance without a socket."""

from __future__ import annotations

import errno
import os

from . import _arguments, _core
from ._core import LINK
from ._names import index_of, name_of, no_such_interface
from ._query import Asker
from ._rows.addr import IfAddr, IfNet
from ._rows.interface import Interface
from ._rows.nexthop import NextHop
from ._rows.route import Route
from ._table import Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address
    from types import TracebackType

    from typing_extensions import Self

    from ._query import Where

    AnyInterface = int | str | Interface
    AnyAddress = str | IPv4Address | IPv6Address


class Queries(Asker):
    """What can be asked of the kernel about the network of the calling thread's namespace.

    Arguments that all queries share:

    - `family`: `4` or `socket.AF_INET`, `6` or `socket.AF_INET6`, `None` for both, IPv4 first.
    - `interface`: an index, a name (alternative names too), an `Interface`; `None` for all.
    - `where`: a predicate of `getifs.filters` or `getifs.rfc`, a combination of such, or any callable that takes a row.
    - `timeout`: seconds without an answer after which the query fails; ten times as long for the whole of it.

    Errors that all queries share: `TypeError` and `ValueError` for a wrong argument, before anything is asked;
    `NetlinkError` with the kernel's errno where it refuses, `OSError` with `ENODEV` where `interface` does not exist;
    `DumpInterruptedError` where the tables changed under every attempt; `MalformedMessageError`; `TimeoutError`.
    """

    __slots__ = ()

    def interfaces(
        self,
        *,
        where: Where = None,
        stats: bool = False,
        timeout: float | None = None,
    ) -> Table[Interface]:
        """All interfaces (`RTM_GETLINK`).

        Args:
            where: Only those that it accepts.
            stats: Ask for the counters too (`Interface.stats`).
            timeout: Seconds.
        """
        options = 0 if stats is False else _arguments.option_argument("stats", stats, _core.WITH_STATS)
        return self._ask(_core.LINKS, Interface, where=where, timeout=timeout, options=options)

    def interface_by_index(self, index: int, *, timeout: float | None = None) -> Interface | None:
        """The interface with that index, or `None`; no dump.

        Args:
            index: 1 … 2³¹ − 1.
            timeout: Seconds.
        """
        return self._one_link(_arguments.index_argument(index), b"", timeout)

    def interface_by_name(self, name: str, *, timeout: float | None = None) -> Interface | None:
        """The interface with that name or alternative name, or `None`; no dump.

        Args:
            name: 1 to 127 bytes without NUL and `/`.
            timeout: Seconds.
        """
        return self._one_link(0, _arguments.name_argument(name), timeout)

    def _one_link(self, index: int, name: bytes, timeout: float | None) -> Interface | None:
        timeout_ms = self._timeout_ms if timeout is None else self._timeout(timeout)
        block = _core.ask(self._pool, _core.ONE_LINK, LINK.size, 0, index, name, 0, 0, timeout_ms)
        return Interface._make(LINK.unpacker.unpack_from(block.rows), block) if block.count else None

    def interface_addrs(
        self,
        *,
        family: int | None = None,
        interface: AnyInterface | None = None,
        where: Where = None,
        timeout: float | None = None,
    ) -> Table[IfNet]:
        """All unicast addresses (`RTM_GETADDR`), IPv4 first.

        Args:
            family: 4, 6 or `None` for both.
            interface: Only this interface's.
            where: Only those that it accepts.
            timeout: Seconds.
        """
        return self._ask(_core.ADDRS, IfNet, family=family, interface=interface, where=where, timeout=timeout)

    def addrs_by_interface(
        self,
        *,
        family: int | None = None,
        where: Where = None,
        timeout: float | None = None,
    ) -> dict[Interface, list[IfNet]]:
        """Every interface with its unicast addresses, one without any too.

        Args:
            family: 4, 6 or `None` for both.
            where: Only the addresses that it accepts.
            timeout: Seconds.
        """
        program = function = None
        if where is not None:
            from ._predicates.compiler import split

            program, function = split(None, where, IfNet)
        links = _core.ask(
            self._pool,
            _core.LINKS_ADDRS,
            LINK.size,
            _arguments.family_argument(family),
            timeout_ms=self._timeout(timeout),
            program=program,
        )
        by_index: dict[int, list[IfNet]] = {}
        result = {interface: by_index.setdefault(interface.index, []) for interface in Table(Interface, links)}
        for addr in Table(IfNet, links.more):
            if function is None or function(addr):
                by_index[addr.index].append(addr)
        return result

    def local_addrs(
        self,
        *,
        family: int | None = None,
        where: Where = None,
        timeout: float | None = None,
    ) -> Table[IfNet]:
        """The addresses that are neither loopback nor link-local.

        Args:
            family: 4, 6 or `None` for both.
            where: Only those of them that it accepts.
            timeout: Seconds.
        """
        from .filters import local

        return self._ask(_core.ADDRS, IfNet, family=family, required=local, where=where, timeout=timeout)

    def private_addrs(
        self,
        *,
        family: int | None = None,
        where: Where = None,
        timeout: float | None = None,
    ) -> Table[IfNet]:
        """The private addresses: in the list of RFC 6890, and forwardable.

        Args:
            family: 4, 6 or `None` for both.
            where: Only those of them that it accepts.
            timeout: Seconds.
        """
        from .filters import private

        return self._ask(_core.ADDRS, IfNet, family=family, required=private, where=where, timeout=timeout)

    def public_addrs(
        self,
        *,
        family: int | None = None,
        where: Where = None,
        timeout: float | None = None,
    ) -> Table[IfNet]:
        """The public addresses: not in the list of RFC 6890.

        Args:
            family: 4, 6 or `None` for both.
            where: Only those of them that it accepts.
            timeout: Seconds.
        """
        from .filters import public

        return self._ask(_core.ADDRS, IfNet, family=family, required=public, where=where, timeout=timeout)

    def default_routes(self, *, family: int | None = None, timeout: float | None = None) -> Table[Route]:
        """The best default routes of each family: a row for each hop, none for what can't be used.

        Best is the least table rank (local, main, default), then the least metric, then the highest IPv6 router
        preference. Equally good ones all count.

        Args:
            family: 4, 6 or `None` for both, which are decided separately.
            timeout: Seconds.
        """
        return self._ask(_core.DEFAULT_ROUTES, Route, family=family, timeout=timeout)

    def best_local_addrs(
        self,
        *,
        family: int | None = None,
        where: Where = None,
        timeout: float | None = None,
    ) -> Table[IfNet]:
        """The local addresses of the interfaces that `default_routes` leave through; empty where there is none.

        Args:
            family: 4, 6 or `None` for both, which are decided separately.
            where: Only those of them that it accepts.
            timeout: Seconds.
        """
        from .filters import local

        return self._ask(_core.BEST_ADDRS, IfNet, family=family, required=local, where=where, timeout=timeout)

    def interface_multicast_addrs(
        self,
        *,
        family: int | None = None,
        interface: AnyInterface | None = None,
        where: Where = None,
        timeout: float | None = None,
    ) -> Table[IfAddr]:
        """The multicast groups that are joined (`RTM_GETMULTICAST`, or /proc where the kernel has it not).

        Args:
            family: 4, 6 or `None` for both.
            interface: Only this interface's.
            where: Only those that it accepts.
            timeout: Seconds.
        """
        return self._ask(_core.GROUPS, IfAddr, family=family, interface=interface, where=where, timeout=timeout)

    def gateway_addrs(
        self,
        *,
        family: int | None = None,
        where: Where = None,
        timeout: float | None = None,
    ) -> Table[IfAddr]:
        """Every gateway of the routing tables, on its interface, once.

        Args:
            family: The family of the routes; a gateway of the other one may serve them. 4, 6 or `None` for both.
            where: Only those that it accepts.
            timeout: Seconds.
        """
        return self._ask(_core.GATEWAYS, IfAddr, family=family, where=where, timeout=timeout)

    def route_table(
        self,
        *,
        family: int | None = None,
        where: Where = None,
        table: int | None = None,
        all: bool = False,
        timeout: float | None = None,
    ) -> Table[Route]:
        """The routes (`RTM_GETROUTE`): a row for each hop.

        Unicast and local routes of the tables local, main and default that hold for all sources and types of service.

        Args:
            family: 4, 6 or `None` for both.
            where: Only those that it accepts.
            table: The routes of this table instead.
            all: All types, tables, sources and types of service, and hops that can't be used.
            timeout: Seconds.
        """
        options = 0 if all is False else _arguments.option_argument("all", all, _core.ALL_ROUTES)
        if table is not None:
            table = _arguments.integer_argument("table", table, 1, 2**32 - 1)
            options |= _core.ONE_TABLE
        return self._ask(
            _core.ROUTES,
            Route,
            family=family,
            where=where,
            timeout=timeout,
            options=options,
            table=table or 0,
        )

    def nexthops(self, *, where: Where = None, timeout: float | None = None) -> Table[NextHop]:
        """All next-hop objects (`RTM_GETNEXTHOP`); none where the kernel has no such thing (before Linux 5.3).

        Args:
            where: Only those that it accepts.
            timeout: Seconds.
        """
        return self._ask(_core.NEXTHOPS, NextHop, where=where, timeout=timeout)

    def ip_mtu(self, address: AnyAddress, *, timeout: float | None = None) -> int:
        """The MTU in bytes of the interface that owns an address, of the first one where several do.

        Args:
            address: A text or an `ipaddress` object; the scope id of an IPv6 address is its interface.
            timeout: Seconds.

        Raises:
            OSError: `EADDRNOTAVAIL`: no interface owns it.
        """
        family, packed, scope = _arguments.address_argument(address)
        index = 0
        if scope is not None:
            index = int(scope) if scope.isdecimal() else self.ifname_to_index(scope, timeout=timeout)
            _arguments.index_argument(index, "address")
        timeout_ms = self._timeout(timeout)
        block = _core.ask(self._pool, _core.OWNER, LINK.size, family, index, packed, 0, 0, timeout_ms)
        if not block.count:
            raise OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL), str(address))
        mtu: int = LINK.unpacker.unpack_from(block.rows)[LINK.position["mtu"]]
        return mtu

    def ifindex_to_name(self, index: int, *, timeout: float | None = None) -> str:
        """The name of the interface with that index.

        Raises:
            OSError: `ENODEV`: there is none.
        """
        return name_of(_arguments.index_argument(index), self._pool, self._timeout(timeout))

    def ifname_to_index(self, name: str, *, timeout: float | None = None) -> int:
        """The index of the interface with that name or alternative name.

        Raises:
            OSError: `ENODEV`: there is none.
        """
        return index_of(_arguments.name_argument(name), self._pool, self._timeout(timeout))

    def ifname_to_iface(
        self,
        name: str,
        *,
        timeout: float | None = None,
    ) -> tuple[IPv4Address | None, int | None]:
        """What names an interface to a socket: for IPv4 an address of its own, for IPv6 its index.

        Returns:
            Its first IPv4 address that is not link-local, or `None`; and its index.

        Raises:
            OSError: `ENODEV`: there is no such interface.
        """
        from ipaddress import IPv4Address

        from .filters import link_local

        interface = self._one_link(0, _arguments.name_argument(name), timeout)
        if interface is None:
            raise no_such_interface(name)
        addrs = self.interface_addrs(family=4, interface=interface, where=~link_local, timeout=timeout)
        first = addrs[0].addr if addrs else None
        return first if isinstance(first, IPv4Address) else None, interface.index


class Session(Queries):
    """The queries through one socket that is kept, and closed in the end.

        with Session() as session:
            for interface in session.interfaces():
                print(interface, session.interface_addrs(interface=interface))

    Threads may share it (one that finds the socket in use opens its own), and it survives `fork`.

    Args:
        timeout: Seconds that its queries wait for an answer, unless they are told otherwise.
    """

    __slots__ = ()

    def __init__(self, *, timeout: float = 5.0) -> None:
        super().__init__(_core.Pool(keep_open=True), _arguments.timeout_argument(timeout))

    def close(self) -> None:
        """Closes the socket; a query after that is a `ValueError`. Closing twice is no error."""
        self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


MODULE: Queries = Queries()
