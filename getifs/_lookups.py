"""Queries for one thing: an interface, a name, an index, an MTU."""

from __future__ import annotations

import errno
import os

from . import _arguments, _core
from ._core import LINK
from ._lazy import LazyModule
from ._names import decode, index_of, name_of
from ._query import Asker
from ._rows.addr import IfNet
from ._rows.interface import Interface
from .errors import MalformedMessageError, NetlinkError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ipaddress
else:
    ipaddress = LazyModule("ipaddress")


_LINK_VALUE = LINK.offset["extra_len"]


class Lookups(Asker):
    """The queries of `getifs.session.Queries` that give one thing, not a table."""

    __slots__ = ()

    def interface_by_index(
        self, index: int, *, link_modes: bool = False, timeout: float | None = None
    ) -> Interface | None:
        """The interface with an index, or `None` if there is none. One request, no dump.

        Args:
            index: 1 to 2³¹ − 1.
            link_modes: Include what its driver reports: `Interface.speed` and `Interface.duplex`.
            timeout: Seconds.
        """
        return self._one_link(_arguments.index_argument(index), b"", timeout, link_modes)

    def interface_by_name(
        self, name: str, *, link_modes: bool = False, timeout: float | None = None
    ) -> Interface | None:
        """The interface with a name or alternative name, or `None` if there is none. One request, no dump.

        Args:
            name: 1 to 127 bytes, without NUL and `/`.
            link_modes: Include what its driver reports: `Interface.speed` and `Interface.duplex`.
            timeout: Seconds.
        """
        return self._one_link(0, _arguments.name_argument(name), timeout, link_modes)

    def _one_link(self, index: int, name: bytes, timeout: float | None, link_modes: object = False) -> Interface | None:
        timeout_ms = self._timeout_ms if timeout is None else self._timeout(timeout)
        options = 0
        if link_modes is not False:
            options = _arguments.option_argument("link_modes", link_modes, _core.WITH_LINK_MODES)
        block = _core.ask(_core.Block(), self._pool, _core.ONE_LINK, LINK.size, 0, index, name, options, 0, timeout_ms)
        if not block._count:
            return None
        return Interface._row(block._records[:_LINK_VALUE], block._extra[:])

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
        index = 0
        if scope is not None:
            index = int(scope) if scope.isdecimal() else self.ifname_to_index(scope, timeout=timeout)
            _arguments.index_argument(index, "address")
        timeout_ms = self._timeout(timeout)
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
