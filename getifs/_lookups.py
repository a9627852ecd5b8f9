"""Queries for one thing: an interface, a name, an index, an MTU, the route to a destination."""

from __future__ import annotations

import errno
import os

from . import _arguments, _core
from ._lazy import LazyModule
from ._names import decode, index_of, name_of, no_such_interface
from ._query import Asker
from ._records import LINK, ROUTE
from ._rows.addr import IfNet
from ._rows.interface import Interface
from ._rows.route import Route
from .errors import MalformedMessageError, NetlinkError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ipaddress
else:
    ipaddress = LazyModule("ipaddress")


_LINK_VALUE = LINK.offset["extra_len"]
_ROUTE_VALUE = ROUTE.offset["extra_len"]


class Lookups(Asker):
    """The queries of `getifs.session.Queries` that give one thing, not a table."""

    __slots__ = ()

    def interface_by_index(
        self, index: int, *, link_modes: bool = False, details: bool = False, timeout: float | None = None
    ) -> Interface | None:
        """The interface with an index, or `None` if there is none. One request, no dump.

        Args:
            index: 1 to 2³¹ − 1.
            link_modes: Include what its driver reports: `Interface.speed` and `Interface.duplex`.
            details: Include the settings of its kind: `Interface.details` and `Interface.port_details`.
            timeout: Seconds.
        """
        return self._one_link(_arguments.index_argument(index), b"", timeout, link_modes, details)

    def interface_by_name(
        self, name: str, *, link_modes: bool = False, details: bool = False, timeout: float | None = None
    ) -> Interface | None:
        """The interface with a name or alternative name, or `None` if there is none. One request, no dump.

        Args:
            name: 1 to 127 bytes, without NUL and `/`.
            link_modes: Include what its driver reports: `Interface.speed` and `Interface.duplex`.
            details: Include the settings of its kind: `Interface.details` and `Interface.port_details`.
            timeout: Seconds.
        """
        return self._one_link(0, _arguments.name_argument(name), timeout, link_modes, details)

    def _one_link(
        self, index: int, name: bytes, timeout: float | None, link_modes: object = False, details: object = False
    ) -> Interface | None:
        timeout_ms = self._timeout_ms if timeout is None else self._timeout(timeout)
        options = 0
        if link_modes is not False:
            options = _arguments.option_argument("link_modes", link_modes, _core.WITH_LINK_MODES)
        if details is not False:
            options |= _arguments.option_argument("details", details, _core.WITH_DETAILS)
        block = _core.ask(_core.Block(), self._pool, _core.ONE_LINK, LINK.size, 0, index, name, options, 0, timeout_ms)
        if not block._count:
            return None
        return Interface._row(block._records[:_LINK_VALUE], block._extra[:])

    def route_to(
        self,
        destination: str | ipaddress.IPv4Address | ipaddress.IPv6Address,
        *,
        source: str | ipaddress.IPv4Address | ipaddress.IPv6Address | None = None,
        interface: int | str | Interface | None = None,
        mark: int | None = None,
        uid: int | None = None,
        tos: int | None = None,
        timeout: float | None = None,
    ) -> Route:
        """The route that the kernel uses for a packet to one destination (`RTM_GETROUTE`), policy rules included.

        Its `index` and `gateway` are the way out, `prefsrc` is the source address that the kernel chooses; `None` if
        `source` is given. The `destination` of the row is the address that was asked for. `mtu` is that of the route or
        of the path, as far as it is known; `None` means that of the interface. The kernel chooses one hop of a route
        that has several.

        Args:
            destination: A text or an `ipaddress` object. A link-local destination of IPv6 needs an interface: as its
                scope id (`"fe80::1%eth0"`), or as `interface`.
            source: The source address.
            interface: The outgoing interface, as `SO_BINDTODEVICE` sets it.
            mark: The firewall mark, as `SO_MARK` sets it.
            uid: The user id of the sender; that of this process if it is not given.
            tos: The type of service.
            timeout: Seconds.

        Raises:
            OSError: There is no route (`ENETUNREACH`, `EHOSTUNREACH`), or a route or rule of type unreachable
                (`EHOSTUNREACH`, `ENETUNREACH`), prohibit (`EACCES`, a `PermissionError` too) or blackhole (`EINVAL`).
                `ENODEV`: the interface does not exist.
        """
        family, packed, scope = _arguments.address_argument(destination, "destination")
        origin = None if source is None else _arguments.source_argument(source, family)
        if scope is not None and interface is not None:
            raise ValueError("interface must not be given for a destination with a scope id")
        lookup = _core.lookup(
            packed,
            origin,
            None if mark is None else _arguments.integer_argument("mark", mark, 0, 2**32 - 1),
            None if uid is None else _arguments.integer_argument("uid", uid, 0, 2**32 - 2),
            0 if tos is None else _arguments.integer_argument("tos", tos, 0, 255),
        )
        timeout_ms = self._timeout_ms if timeout is None else self._timeout(timeout)
        if scope is not None:
            index, name = _arguments.scope_argument(scope, "destination")
            interface = scope if name else index
        elif interface is not None:
            index, name = _arguments.interface_argument(interface)
        else:
            _arguments.check_scope(family, packed, destination)
            return self._route(family, 0, lookup, timeout_ms)
        if name:
            index = index_of(name, self._pool, timeout_ms)
        return self._route_through(family, index, lookup, timeout_ms, interface)

    def _route(self, family: int, index: int, lookup: bytes, timeout_ms: int) -> Route:
        block = _core.ask(
            _core.Block(), self._pool, _core.ROUTE_TO, ROUTE.size, family, index, lookup, 0, 0, timeout_ms
        )
        if not block._count:
            raise MalformedMessageError(errno.EBADMSG, "malformed answer to RTM_GETROUTE")
        return Route._row(block._records[:_ROUTE_VALUE], block._extra[:])

    def _route_through(self, family: int, index: int, lookup: bytes, timeout_ms: int, interface: object) -> Route:
        """The route through an interface. Without one the kernel of IPv6 says that there is no route, or ignores it."""
        answer: Route | NetlinkError
        try:
            answer = self._route(family, index, lookup, timeout_ms)
        except NetlinkError as error:
            answer = error
        if isinstance(answer, Route) and answer.index == index:
            return answer
        if self._one_link(index, b"", timeout_ms / 1000) is None:
            raise no_such_interface(interface)
        if isinstance(answer, Route):
            return answer
        raise answer

    def ip_mtu(
        self, address: str | ipaddress.IPv4Address | ipaddress.IPv6Address, *, timeout: float | None = None
    ) -> int:
        """The MTU, in bytes, of the interface that has an address; of the first one if several have it.

        Args:
            address: A text or an `ipaddress` object. The scope id of an IPv6 address is its interface.
            timeout: Seconds.

        Raises:
            OSError: `EADDRNOTAVAIL`: no interface has it.
        """
        family, packed, scope = _arguments.address_argument(address)
        index, name = (0, b"") if scope is None else _arguments.scope_argument(scope, "address")
        timeout_ms = self._timeout(timeout)
        if name:
            index = index_of(name, self._pool, timeout_ms)
        mtu: int | None = None
        try:
            block = _core.ask(
                _core.Block(), self._pool, _core.OWNER, LINK.size, family, index, packed, 0, 0, timeout_ms
            )
            if block._count:
                mtu = LINK.unpacker.unpack_from(block._records)[LINK.position["mtu"]]
        except MalformedMessageError as error:
            mtu = self._mtu_of_owner(packed, index, timeout_ms, error)
        if mtu is None:
            raise OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL), str(address))
        return mtu

    def _mtu_of_owner(self, packed: bytes, index: int, timeout_ms: int, error: MalformedMessageError) -> int | None:
        """`ip_mtu` if the dump of all addresses is malformed: asks for those of one interface after the other."""
        failed = None
        family = 2 if len(packed) == 4 else 10
        for interface in self._ask(_core.LINKS, Interface, None, None, None, timeout_ms / 1000):
            if index not in (0, interface.index):
                continue
            try:
                addrs = self._ask(_core.ADDRS, IfNet, family, interface, None, timeout_ms / 1000)
            except MalformedMessageError:
                failed = error
            except NetlinkError as refusal:
                if refusal.errno != errno.ENODEV:
                    raise
            else:
                if any(addr.addr.packed == packed for addr in addrs):
                    return interface.mtu
        if failed is not None:
            raise failed
        return None

    def ifnames(self, *, timeout: float | None = None) -> dict[int, str]:
        """The names of all interfaces by index, from one dump."""
        block = _core.ask(_core.Block(), self._pool, _core.LINKS, LINK.size, timeout_ms=self._timeout(timeout))
        at_index, at_name, at_extra = LINK.position["index"], LINK.position["part_len"], LINK.position["extra_at"]
        return {
            record[at_index]: decode(block._extra[record[at_extra] : record[at_extra] + record[at_name]])
            for record in LINK.unpacker.iter_unpack(block._records)
        }

    def ifindex_to_name(self, index: int, *, timeout: float | None = None) -> str:
        """The name of the interface with an index.

        Raises:
            OSError: `ENODEV`: there is none.
        """
        return name_of(_arguments.index_argument(index), self._pool, self._timeout(timeout))

    def ifname_to_index(self, name: str, *, timeout: float | None = None) -> int:
        """The index of the interface with a name or alternative name.

        Raises:
            OSError: `ENODEV`: there is none.
        """
        return index_of(_arguments.name_argument(name), self._pool, self._timeout(timeout))
