"""Neighbours."""

from __future__ import annotations

from .._lazy import LazyModule
from .._records import NEIGHBOUR, u16, u32
from .addr import Address
from .base import PACKAGE, shown
from .macaddr import MacAddr
from .members import NEIGHBOUR_FLAGS, NEIGHBOUR_STATE, ROUTE_PROTOCOL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .. import enums
else:
    enums = LazyModule("..enums", __package__)

_AT = NEIGHBOUR.offset
_MAC = _AT["mac"]


class Neighbour(Address):
    """A neighbour on a link, an entry of the ARP or NDP table (`RTM_NEWNEIGH`)."""

    __slots__ = ()
    __module__ = PACKAGE
    _kind = "Neighbour"
    _layout = NEIGHBOUR
    _family_at, _addr_at = _AT["family"], _AT["addr"]
    _addr_key, _name_key = "dst", "dev"
    _repr = ("index", "addr", "mac_addr", "state", "flags")

    @property
    def family(self) -> int:
        """Address family, `AF_INET` or `AF_INET6` (`ndm_family`)."""
        return self._record[self._family_at]

    @property
    @shown("lladdr", form="mac", own="mac")
    def mac_addr(self) -> MacAddr | None:
        """Hardware address (`NDA_LLADDR`); `None` if it is not resolved."""
        size = self._record[_AT["mac_len"]]
        return bytes.__new__(MacAddr, self._record[_MAC : _MAC + size]) if size else None  # without the checks

    @property
    @shown("router", "proxy", "extern_learn", "offload", "managed", "locked", entries="neighbour_flags")
    def flags(self) -> enums.NeighbourFlags:
        """Flags (`NTF_*`; `NDA_FLAGS_EXT`)."""
        return NEIGHBOUR_FLAGS[u32(self._record, _AT["flags"])[0]]

    @property
    @shown("state", form="neighbour_state", field="state")
    def state(self) -> enums.NeighbourState:
        """State of the resolution (`ndm_state`)."""
        return NEIGHBOUR_STATE[u16(self._record, _AT["state"])[0]]

    @property
    @shown("protocol", form="protocol_unless_zero", field="protocol")
    def protocol(self) -> enums.RouteProtocol:
        """Who made the entry (`NDA_PROTOCOL`, Linux 5.0); `UNSPEC` if the kernel does not send it."""
        return ROUTE_PROTOCOL[self._record[_AT["protocol"]]]

    def __str__(self) -> str:
        lladdr = f" lladdr {self.mac_addr}" if self.mac_addr else ""
        return f"{self.addr}{lladdr} {self.state} ({self.index})"
