"""Interfaces."""

from __future__ import annotations

from .. import _core
from .._core import LINK, lib
from .._names import decode
from .._query import ONCE
from .addr import IfAddr, IfNet
from .base import ExtraRow
from .macaddr import MacAddr
from .members import FLAGS, HW_TYPE, OPER_STATE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from .._core import Block
    from .._table import Table
    from ..enums import Flags, HwType, OperState
    from .stats import LinkStats

_AT = LINK.position
_INDEX, _FLAGS, _MTU, _HAS, _PART_LEN = _AT["index"], _AT["flags"], _AT["mtu"], _AT["has"], _AT["part_len"]


class Interface(ExtraRow):
    """A network interface (`RTM_NEWLINK`).

    Two interfaces are equal, and have the same hash, where their indexes are equal: what a later query gives
    finds the former in a `dict`. Compare `to_dict()` to see what has changed.
    """

    __slots__ = ()
    _kind = "Interface"
    _layout = LINK
    _shown = ("index", "name", "mtu", "mac_addr", "flags")

    @classmethod
    def _make(cls, record: tuple[Any, ...], block: Block) -> Interface:
        row = object.__new__(cls)
        row._record = record
        start = record[-1]
        row._extra = block.extra[start : start + record[-2]]
        return row

    def _value(self) -> tuple[Any, ...]:
        return (self._record[_INDEX],)

    def _part(self, number: int) -> bytes:
        """One of its texts; the first is its name."""
        lengths = self._record[_PART_LEN : _PART_LEN + number + 1]
        end = sum(lengths)
        return self._extra[end - lengths[-1] : end]

    def _decoded(self, number: int) -> str:
        return decode(self._part(number))

    def _number(self, name: str, bit: int) -> int | None:
        """A number that the kernel may not have sent."""
        value: int = self._record[_AT[name]]
        return value if self._record[_HAS] & bit else None

    def _mac(self, number: int) -> MacAddr | None:
        address = self._part(number)
        return MacAddr(address) if address else None

    @property
    def index(self) -> int:
        """Its index (`ifi_index`), unique in its network namespace."""
        return self._record[_INDEX]

    @property
    def name(self) -> str:
        """Its name (`IFLA_IFNAME`); bytes that are not UTF-8 decode as file names do (`os.fsdecode`)."""
        return decode(self._extra[: self._record[_PART_LEN]])

    @property
    def mtu(self) -> int:
        """The largest packet that it sends, in bytes (`IFLA_MTU`)."""
        return self._record[_MTU]

    @property
    def flags(self) -> Flags:
        """Its flags (`IFF_*`), unknown bits included."""
        return FLAGS[self._record[_FLAGS]]

    @property
    def mac_addr(self) -> MacAddr | None:
        """Its hardware address (`IFLA_ADDRESS`); `None` if it has none, or an all-zero one, or is a tunnel."""
        return self._mac(lib.LINK_MAC)

    @property
    def broadcast_mac_addr(self) -> MacAddr | None:
        """The hardware's broadcast address (`IFLA_BROADCAST`)."""
        return self._mac(lib.LINK_BROADCAST_MAC)

    @property
    def perm_mac_addr(self) -> MacAddr | None:
        """The hardware's own address (`IFLA_PERM_ADDRESS`, Linux 5.6)."""
        return self._mac(lib.LINK_PERM_MAC)

    @property
    def hw_type(self) -> HwType:
        """Hardware type (`ifi_type`)."""
        return HW_TYPE[self._record[_AT["hw_type"]]]

    @property
    def oper_state(self) -> OperState:
        """Operational state of RFC 2863 (`IFLA_OPERSTATE`)."""
        return OPER_STATE[self._record[_AT["oper_state"]]]

    @property
    def carrier(self) -> bool | None:
        """Is there a carrier (`IFLA_CARRIER`)?"""
        carrier = self._number("carrier", lib.LINK_HAS_CARRIER)
        return None if carrier is None else bool(carrier)

    @property
    def kind(self) -> str | None:
        """Kind of a virtual interface, such as `"veth"` (`IFLA_INFO_KIND`)."""
        return self._decoded(lib.LINK_KIND) or None

    @property
    def controller(self) -> int | None:
        """Index of the bridge, bond, team or VRF that it is a port of (`IFLA_MASTER`)."""
        return self._number("controller", lib.LINK_HAS_CONTROLLER) or None

    @property
    def link(self) -> int | None:
        """Index of the interface below it, or of its peer (`IFLA_LINK`), in the namespace `link_netnsid`."""
        return self._number("link", lib.LINK_HAS_LINK) or None

    @property
    def link_netnsid(self) -> int | None:
        """This namespace's number for the one that `link` is in (`IFLA_LINK_NETNSID`); `None` if it is this one."""
        return self._number("link_netnsid", lib.LINK_HAS_LINK_NETNSID)

    @property
    def tx_queue_len(self) -> int | None:
        """Length of the transmit queue in packets (`IFLA_TXQLEN`)."""
        return self._number("tx_queue_len", lib.LINK_HAS_TX_QUEUE_LEN)

    @property
    def min_mtu(self) -> int | None:
        """The least MTU that it takes, in bytes (`IFLA_MIN_MTU`, Linux 4.19)."""
        return self._number("min_mtu", lib.LINK_HAS_MIN_MTU)

    @property
    def max_mtu(self) -> int | None:
        """The largest MTU that it takes, in bytes, 0 for no limit (`IFLA_MAX_MTU`, Linux 4.19)."""
        return self._number("max_mtu", lib.LINK_HAS_MAX_MTU)

    @property
    def group(self) -> int | None:
        """The group that it was put in, 0 by default (`IFLA_GROUP`)."""
        return self._number("group", lib.LINK_HAS_GROUP)

    @property
    def alias(self) -> str | None:
        """A description that somebody gave it (`IFLA_IFALIAS`)."""
        return self._decoded(lib.LINK_ALIAS) or None

    @property
    def alt_names(self) -> tuple[str, ...]:
        """Its alternative names (`IFLA_ALT_IFNAME`, Linux 5.5)."""
        return tuple(self._decoded(lib.LINK_ALT_NAMES).split("\0")[:-1])

    @property
    def parent_dev(self) -> str | None:
        """The device that it belongs to, such as a PCI address (`IFLA_PARENT_DEV_NAME`, Linux 5.14)."""
        return self._decoded(lib.LINK_PARENT_DEV) or None

    @property
    def parent_bus(self) -> str | None:
        """The bus of that device, such as `"pci"` (`IFLA_PARENT_DEV_BUS_NAME`, Linux 5.14)."""
        return self._decoded(lib.LINK_PARENT_BUS) or None

    @property
    def stats(self) -> LinkStats | None:
        """Its counters (`IFLA_STATS64`), where the query asked for them."""
        counters = self._part(lib.LINK_STATS)
        if not counters:
            return None
        from .stats import LinkStats

        words = memoryview(counters[: len(counters) // 8 * 8]).cast("Q").tolist()
        return LinkStats(*words[: len(LinkStats._fields)])

    def addrs(
        self,
        *,
        family: int | None = None,
        where: Callable[[Any], object] | None = None,
        timeout: float | None = None,
    ) -> Table[IfNet]:
        """This interface's unicast addresses now: `getifs.interface_addrs(interface=self, …)`."""
        return ONCE._ask(_core.ADDRS, IfNet, family=family, interface=self, where=where, timeout=timeout)

    def multicast_addrs(
        self,
        *,
        family: int | None = None,
        where: Callable[[Any], object] | None = None,
        timeout: float | None = None,
    ) -> Table[IfAddr]:
        """The multicast groups joined on it now: `getifs.interface_multicast_addrs(interface=self, …)`."""
        return ONCE._ask(_core.GROUPS, IfAddr, family=family, interface=self, where=where, timeout=timeout)

    def __str__(self) -> str:
        return f"{self.name} ({self.index})"

    def to_dict(self, names: Mapping[int, str] | None = None) -> dict[str, Any]:
        from . import iproute2 as form

        names = names or {}
        below: dict[str, Any] = {}
        link, netnsid = self.link, self.link_netnsid
        if link is not None and netnsid is None and link in names:
            below["link"] = names[link]
        elif link is not None:
            below["link_index"] = link
        controller, group, kind, stats = self.controller, self.group, self.kind, self.stats
        return form.known(
            {
                "ifindex": self.index,
                **below,
                "link_netnsid": netnsid,
                "ifname": self.name,
                "flags": list(form.link_flags(self._record[_FLAGS])),
                "mtu": self.mtu,
                "master": None if controller is None else names.get(controller, f"if{controller}"),
                "operstate": self.oper_state.name,
                "group": None if group is None else str(group or "default"),
                "txqlen": self.tx_queue_len,
                "link_type": form.LINK_TYPES.get(hw_type := self.hw_type) or form.lower_name(hw_type),
                "address": self._part(lib.LINK_MAC).hex(":") or None,
                "broadcast": self._part(lib.LINK_BROADCAST_MAC).hex(":") or None,
                "permaddr": self._part(lib.LINK_PERM_MAC).hex(":") or None,
                "min_mtu": self.min_mtu,
                "max_mtu": self.max_mtu,
                "linkinfo": None if kind is None else {"info_kind": kind},
                "parentbus": self.parent_bus,
                "parentdev": self.parent_dev,
                "ifalias": self.alias,
                "altnames": list(self.alt_names) or None,
                "stats64": None if stats is None else stats.to_dict(),
            }
        )
