"""Interfaces."""

from __future__ import annotations

from _collections_abc import Callable, Mapping
from struct import Struct

from .. import _core, _records
from .._lazy import LazyModule
from .._names import ENCODING, ERRORS, decode
from .._query import ONCE
from .._records import LINK, u16, u32
from .._table import Table
from .addr import IfAddr, IfNet
from .base import PACKAGE, ExtraRow, shown
from .macaddr import MacAddr
from .members import DUPLEX, FLAGS, HW_TYPE, OPER_STATE

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing
    from typing import Any

    from .. import enums
    from . import details as settings
    from . import stats as counters
else:
    enums = LazyModule("..enums", __package__)
    settings = LazyModule(".details", __package__)
    typing = LazyModule("typing")
    counters = LazyModule(".stats", __package__)

_AT = LINK.offset
_INDEX, _FLAGS, _MTU, _HAS, _PART_LEN = _AT["index"], _AT["flags"], _AT["mtu"], _AT["has"], _AT["part_len"]
_STATS_LEN = _PART_LEN + 2 * _records.LINK_STATS  # the counters and the details are the last parts of the side bytes
_LENGTHS = Struct(f"={_records.LINK_PARTS}H").unpack_from
_LAST_LENGTHS = Struct("=2H").unpack_from


class Interface(ExtraRow):
    """A network interface (`RTM_NEWLINK`).

    Two interfaces are equal if all is equal but their counters and details, which not every query asks for. The hash is
    that of the index.
    """

    __slots__ = ()
    __module__ = PACKAGE
    _kind = "Interface"
    _layout = LINK
    _repr = ("index", "name", "mtu", "mac_addr", "flags")

    def _value(self) -> tuple[bytes, bytes]:
        record = self._record
        return record[:_STATS_LEN], self._extra[: len(self._extra) - sum(_LAST_LENGTHS(record, _STATS_LEN))]

    def _order(self) -> tuple[Any, ...]:
        stats = LINK.position["part_len"] + _records.LINK_STATS
        return (*super()._order()[:stats], self._value()[1])

    def __hash__(self) -> int:
        return hash(u32(self._record, _INDEX)[0])

    def _part(self, number: int) -> bytes:
        """One part of the side bytes: `LINK_NAME` and so on."""
        if not u16(self._record, _PART_LEN + 2 * number)[0]:  # as most of them
            return b""
        lengths = _LENGTHS(self._record, _PART_LEN)
        start = sum(lengths[:number])
        return self._extra[start : start + lengths[number]]

    def _decoded(self, number: int) -> str:
        part = self._part(number)
        return decode(part) if part else ""

    def _has(self, bit: int) -> int:
        return u16(self._record, _HAS)[0] & bit

    def _number(self, name: str, bit: int) -> int | None:
        """A field of 32 bits, `None` if the kernel did not send it."""
        record = self._record
        return u32(record, _AT[name])[0] if u16(record, _HAS)[0] & bit else None

    def _mac(self, number: int) -> MacAddr | None:
        address = self._part(number)
        return bytes.__new__(MacAddr, address) if address else None  # without the checks of `MacAddr()`

    @property
    @shown("ifindex", own="index")
    def index(self) -> int:
        """Index of the interface (`ifi_index`), unique in its network namespace."""
        return u32(self._record, _INDEX)[0]

    @property
    @shown("link", "link_index", entries="link", own="link")
    def link(self) -> int | None:
        """Index of the interface below it, or of its peer, in the namespace `link_netnsid` (`IFLA_LINK`)."""
        return self._number("link", _records.LINK_HAS_LINK) or None

    @property
    @shown("link_netnsid")
    def link_netnsid(self) -> int | None:
        """Id of the namespace that `link` is in (`IFLA_LINK_NETNSID`); `None` if it is that of the interface."""
        return LINK.read(self._record, "link_netnsid") if self._has(_records.LINK_HAS_LINK_NETNSID) else None

    @property
    @shown("ifname", own="extra_at")
    def name(self) -> str:
        """Name of the interface (`IFLA_IFNAME`), decoded like a file name (`os.fsdecode`)."""
        return self._extra[: u16(self._record, _PART_LEN)[0]].decode(ENCODING, ERRORS)

    @property
    @shown("flags", form="link_flags", field="flags")
    def flags(self) -> enums.Flags:
        """Flags (`IFF_*`), unknown bits included."""
        return FLAGS[u32(self._record, _FLAGS)[0]]

    @property
    @shown("mtu")
    def mtu(self) -> int:
        """The size of the largest packet that it sends, in bytes (`IFLA_MTU`)."""
        return u32(self._record, _MTU)[0]

    @property
    @shown("master", entries="controller", own="controller")
    def controller(self) -> int | None:
        """Index of the bridge, bond, team or VRF that it is a port of (`IFLA_MASTER`); `None` if there is none."""
        return self._number("controller", _records.LINK_HAS_CONTROLLER) or None

    @property
    @shown("operstate", form="link_state", field="oper_state")
    def oper_state(self) -> enums.OperState:
        """Operational state, RFC 2863 (`IFLA_OPERSTATE`)."""
        return OPER_STATE[self._record[_AT["oper_state"]]]

    @property
    def carrier(self) -> bool | None:
        """Whether it has a carrier (`IFLA_CARRIER`); `None` if the kernel does not send it."""
        return bool(self._record[_AT["carrier"]]) if self._has(_records.LINK_HAS_CARRIER) else None

    @property
    @shown("group", form="group_name")
    def group(self) -> int | None:
        """Number of its interface group, 0 by default (`IFLA_GROUP`); `None` if the kernel does not send it."""
        return self._number("group", _records.LINK_HAS_GROUP)

    @property
    @shown("promiscuity")
    def promiscuity(self) -> int | None:
        """Number of users that need promiscuous mode (`IFLA_PROMISCUITY`); `None` if the kernel does not send it."""
        return self._number("promiscuity", _records.LINK_HAS_PROMISCUITY)

    @property
    @shown("proto_down", form="unless_zero")
    def proto_down(self) -> bool | None:
        """Whether a protocol holds it down (`IFLA_PROTO_DOWN`, Linux 4.1); `None` if the kernel does not send it."""
        return bool(self._record[_AT["proto_down"]]) if self._has(_records.LINK_HAS_PROTO_DOWN) else None

    @property
    @shown("txqlen", form="unless_zero")
    def tx_queue_len(self) -> int | None:
        """Length of the transmit queue in packets (`IFLA_TXQLEN`); `None` if the kernel does not send it."""
        return self._number("tx_queue_len", _records.LINK_HAS_TX_QUEUE_LEN)

    @property
    @shown("link_type", form="hardware_type", field="hw_type")
    def hw_type(self) -> enums.HwType:
        """Hardware type (`ifi_type`)."""
        return HW_TYPE[u16(self._record, _AT["hw_type"])[0]]

    @property
    @shown("address", form="mac", own="extra_at")
    def mac_addr(self) -> MacAddr | None:
        """Hardware address (`IFLA_ADDRESS`). `None` if it has none, if all bytes are zero, or if it is a tunnel."""
        return self._mac(_records.LINK_MAC)

    @property
    @shown("broadcast", form="mac", own="extra_at")
    def broadcast_mac_addr(self) -> MacAddr | None:
        """Broadcast address of the hardware (`IFLA_BROADCAST`); `None` in the cases of `mac_addr`."""
        return self._mac(_records.LINK_BROADCAST_MAC)

    @property
    @shown("permaddr", entries="perm_mac_addr", own="extra_at")
    def perm_mac_addr(self) -> MacAddr | None:
        """Permanent address of the hardware (`IFLA_PERM_ADDRESS`, Linux 5.6); `None` if it has none."""
        return self._mac(_records.LINK_PERM_MAC)

    @property
    @shown("min_mtu")
    def min_mtu(self) -> int | None:
        """The smallest MTU that it can be set to, in bytes (`IFLA_MIN_MTU`, Linux 4.19)."""
        return self._number("min_mtu", _records.LINK_HAS_MIN_MTU)

    @property
    @shown("max_mtu")
    def max_mtu(self) -> int | None:
        """The largest MTU that it can be set to, in bytes, 0 for no limit (`IFLA_MAX_MTU`, Linux 4.19)."""
        return self._number("max_mtu", _records.LINK_HAS_MAX_MTU)

    @property
    @shown("speed")
    def speed(self) -> int | None:
        """Speed in Mbit/s, as its driver reports it (`ETHTOOL_A_LINKMODES_SPEED`).

        `None` if the driver does not know it, or if the query did not ask for it (`link_modes=True`).
        """
        return self._number("speed", _records.LINK_HAS_SPEED)

    @property
    @shown("duplex", form="duplex", field="duplex", has=_records.LINK_HAS_DUPLEX)
    def duplex(self) -> enums.Duplex | None:
        """Duplex mode, as its driver reports it (`ETHTOOL_A_LINKMODES_DUPLEX`); `None` in the cases of `speed`."""
        return DUPLEX[self._record[_AT["duplex"]]] if self._has(_records.LINK_HAS_DUPLEX) else None

    @property
    @shown("linkinfo", entries="linkinfo", own="extra_at")
    def kind(self) -> str | None:
        """Kind of a virtual interface, such as `"veth"` (`IFLA_INFO_KIND`); `None` for others."""
        return self._decoded(_records.LINK_KIND) or None

    @property
    @shown("info_data", within="linkinfo")
    def details(self) -> Mapping[str, typing.Any] | None:
        """The settings of its kind, such as the id of a VLAN (`IFLA_INFO_DATA`); `None` if not asked for.

        Keys and values are those of `linkinfo.info_data` of `ip -j -d link`, but interfaces, users and groups are
        numbers. Empty for hardware, and for kinds without settings or whose settings are unknown.

        Raises:
            MalformedMessageError: The attribute is malformed.
        """
        part = self._part(_records.LINK_DETAILS)
        return settings.of_kind(part) if part else None

    @property
    @shown("info_slave_kind", "info_slave_data", within="linkinfo")
    def port_details(self) -> Mapping[str, typing.Any] | None:
        """What its bridge, bond or VRF says about this port (`IFLA_INFO_SLAVE_DATA`), in the form of `details`.

        `None` if the query did not ask for details. Empty if it is no port.

        Raises:
            MalformedMessageError: The attribute is malformed.
        """
        part = self._part(_records.LINK_DETAILS)
        return settings.of_port(part) if part else None

    @property
    @shown("parentbus", own="extra_at")
    def parent_bus(self) -> str | None:
        """Bus of `parent_dev`, such as `"pci"` (`IFLA_PARENT_DEV_BUS_NAME`, Linux 5.14)."""
        return self._decoded(_records.LINK_PARENT_BUS) or None

    @property
    @shown("parentdev", own="extra_at")
    def parent_dev(self) -> str | None:
        """Name of its device, such as a PCI address (`IFLA_PARENT_DEV_NAME`, Linux 5.14)."""
        return self._decoded(_records.LINK_PARENT_DEV) or None

    @property
    @shown("ifalias", own="extra_at")
    def alias(self) -> str | None:
        """Description that was set for it (`IFLA_IFALIAS`)."""
        return self._decoded(_records.LINK_ALIAS) or None

    @property
    @shown("altnames", form="list_if_any", own="extra_at")
    def alt_names(self) -> tuple[str, ...]:
        """Alternative names (`IFLA_ALT_IFNAME`, Linux 5.5)."""
        names = self._decoded(_records.LINK_ALT_NAMES)
        return tuple(names.split("\0")[:-1]) if names else ()

    @property
    @shown("stats64", form="stats", own="extra_at")
    def stats(self) -> counters.LinkStats | None:
        """Counters (`IFLA_STATS64`); `None` if the query did not ask for them."""
        part = self._part(_records.LINK_STATS)
        if not part:
            return None
        words = memoryview(part[: len(part) // 8 * 8]).cast("Q").tolist()
        return counters.LinkStats(*words[: len(counters.LinkStats._fields)])

    def addrs(
        self,
        *,
        family: int | None = None,
        where: Callable[[IfNet], object] | None = None,
        timeout: float | None = None,
    ) -> Table[IfNet]:
        """The unicast addresses of the interface, asked of the kernel now: `getifs.interface_addrs(interface=self)`.

        For an interface of another network namespace, use the method of the `Session`.
        """
        return ONCE._ask(_core.ADDRS, IfNet, family, self, where, timeout)

    def multicast_addrs(
        self,
        *,
        family: int | None = None,
        where: Callable[[IfAddr], object] | None = None,
        timeout: float | None = None,
    ) -> Table[IfAddr]:
        """The multicast groups joined on the interface now: `getifs.interface_multicast_addrs(interface=self)`.

        For an interface of another network namespace, use the method of the `Session`.
        """
        return ONCE._ask(_core.GROUPS, IfAddr, family, self, where, timeout)

    def __str__(self) -> str:
        return f"{self.name} ({self.index})"
