"""Policy rules."""

from __future__ import annotations

from .. import _records
from .._lazy import LazyModule
from .._names import decode
from .._records import RULE, u16, u32
from .base import PACKAGE, Row, shown
from .members import ROUTE_PROTOCOL, ROUTE_TABLE, RULE_ACTION, RULE_FLAGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ipaddress

    from .. import enums
    from . import addresses
else:
    addresses = LazyModule(".addresses", __package__)
    ipaddress = LazyModule("ipaddress")
    enums = LazyModule("..enums", __package__)

_AT = RULE.offset
_FAMILY, _TABLE, _HAS = _AT["family"], _AT["table"], _AT["has"]


class Rule(Row):
    """A policy rule: which packets are routed by which table (`RTM_NEWRULE`). What is `None` applies to all packets."""

    __slots__ = ()
    __module__ = PACKAGE
    _kind = "Rule"
    _layout = RULE
    _repr = ("priority", "source", "destination", "iif", "oif", "mark", "table", "action", "goto")

    def _has(self, bit: int) -> int:
        return u16(self._record, _HAS)[0] & bit

    def _number(self, name: str) -> int:
        return u32(self._record, _AT[name])[0]

    def _range(self, name: str, bit: int) -> tuple[int, int] | None:
        if not self._has(bit):
            return None
        return u16(self._record, _AT[f"{name}_first"])[0], u16(self._record, _AT[f"{name}_last"])[0]

    def _network(self, name: str, bit: int) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
        if not self._has(bit):
            return None
        return addresses.make_network(self._record[_FAMILY], self._record, _AT[name], self._record[_AT[f"{name}_len"]])

    def _name(self, name: str) -> str | None:
        return decode(self._bytes(name).partition(b"\0")[0]) or None

    @property
    @shown("priority", own="priority")
    def priority(self) -> int:
        """The priority: rules are tried in ascending order (`FRA_PRIORITY`)."""
        return u32(self._record)[0]

    @property
    def family(self) -> int:
        """Address family, `AF_INET` or `AF_INET6`."""
        return self._record[_FAMILY]

    @property
    @shown("not", entries="rule_invert")
    def invert(self) -> bool:
        """Whether it is for the packets that its selectors do *not* match (`FIB_RULE_INVERT`)."""
        return bool(self._record[_AT["invert"]])

    @property
    @shown("src", "srclen", entries="rule_source")
    def source(self) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
        """Source addresses (`FRA_SRC`).

        The kernel keeps bits behind the prefix length, which have no effect. `to_dict()` shows them.
        """
        return self._network("src", _records.RULE_HAS_SOURCE)

    @property
    @shown("dst", "dstlen", entries="rule_destination")
    def destination(self) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
        """Destination addresses (`FRA_DST`)."""
        return self._network("dst", _records.RULE_HAS_DESTINATION)

    @property
    @shown("tos", form="tos_name")
    def tos(self) -> int:
        """Type of service; 0 means any."""
        return self._record[_AT["tos"]]

    @property
    @shown("dscp", "dscp_mask", entries="rule_dscp")
    def dscp(self) -> int | None:
        """Differentiated services code point (`FRA_DSCP`, Linux 6.12)."""
        return self._record[_AT["dscp"]] if self._has(_records.RULE_HAS_DSCP) else None

    @property
    def dscp_mask(self) -> int:
        """The bits of `dscp` that count (`FRA_DSCP_MASK`, Linux 6.15); 0 if the kernel does not send them."""
        return self._record[_AT["dscp_mask"]]

    @property
    @shown("fwmark", "fwmask", entries="rule_mark")
    def mark(self) -> int:
        """The firewall mark (`FRA_FWMARK`), compared in the bits of `mask`."""
        return self._number("mark")

    @property
    def mask(self) -> int:
        """The bits of the firewall mark that count (`FRA_FWMASK`); 0 means that the mark does not matter."""
        return self._number("mask")

    @property
    @shown("iif", entries="rule_iif")
    def iif(self) -> str | None:
        """Name of the interface that the packet came in through (`FRA_IIFNAME`); `lo` for packets of this machine.

        There need not be such an interface: see `RuleFlags.IIF_DETACHED`.
        """
        return self._name("iif")

    @property
    @shown("oif", entries="rule_oif")
    def oif(self) -> str | None:
        """Name of the interface that the sending socket is bound to (`FRA_OIFNAME`)."""
        return self._name("oif")

    @property
    @shown("l3mdev", entries="rule_l3mdev")
    def l3mdev(self) -> bool:
        """Whether the table is that of the VRF of the packet's interface (`FRA_L3MDEV`, Linux 4.8)."""
        return bool(self._record[_AT["l3mdev"]])

    @property
    @shown("uid_start", "uid_end", entries="rule_uid_range")
    def uid_range(self) -> tuple[int, int] | None:
        """The first and the last user id of the sender (`FRA_UID_RANGE`, Linux 4.10)."""
        return (self._number("uid_first"), self._number("uid_last")) if self._has(_records.RULE_HAS_UID_RANGE) else None

    @property
    @shown("ipproto", entries="rule_ip_proto")
    def ip_proto(self) -> int | None:
        """The number of the IP protocol, such as `socket.IPPROTO_TCP` (`FRA_IP_PROTO`, Linux 4.17)."""
        return self._record[_AT["ip_proto"]] or None

    @property
    @shown("sport", "sport_start", "sport_end", "sport_mask", entries="rule_sport")
    def sport(self) -> tuple[int, int] | None:
        """The first and the last source port (`FRA_SPORT_RANGE`, Linux 4.17)."""
        return self._range("sport", _records.RULE_HAS_SPORT)

    @property
    def sport_mask(self) -> int:
        """The bits of the source port that count (`FRA_SPORT_MASK`, Linux 6.15); 0 if the kernel does not send them."""
        return u16(self._record, _AT["sport_mask"])[0]

    @property
    @shown("dport", "dport_start", "dport_end", "dport_mask", entries="rule_dport")
    def dport(self) -> tuple[int, int] | None:
        """The first and the last destination port (`FRA_DPORT_RANGE`, Linux 4.17)."""
        return self._range("dport", _records.RULE_HAS_DPORT)

    @property
    def dport_mask(self) -> int:
        """The bits of the destination port that count (`FRA_DPORT_MASK`, Linux 6.15); 0 if none are sent."""
        return u16(self._record, _AT["dport_mask"])[0]

    @property
    @shown("tun_id")
    def tun_id(self) -> int | None:
        """The id of the tunnel that the packet came through (`FRA_TUN_ID`, Linux 4.3)."""
        return int.from_bytes(self._bytes("tun_id"), "big") or None

    @property
    @shown("flowlabel", "flowlabel_mask", entries="rule_flowlabel")
    def flowlabel(self) -> int | None:
        """The IPv6 flow label (`FRA_FLOWLABEL`, Linux 6.14), compared in the bits of `flowlabel_mask`."""
        return int.from_bytes(self._bytes("flowlabel"), "big") if self._has(_records.RULE_HAS_FLOWLABEL) else None

    @property
    def flowlabel_mask(self) -> int:
        """The bits of the flow label that count (`FRA_FLOWLABEL_MASK`)."""
        return int.from_bytes(self._bytes("flowlabel_mask"), "big")

    @property
    @shown("table", form="table_unless_zero", field="table")
    def table(self) -> enums.RouteTable:
        """The routing table that is asked (`FRA_TABLE`); `UNSPEC` for other actions and with `l3mdev`."""
        return ROUTE_TABLE[u32(self._record, _TABLE)[0]]

    @property
    @shown("suppress_prefixlen")
    def suppress_prefixlen(self) -> int | None:
        """Routes of the table with a prefix of this length or shorter are passed over (`FRA_SUPPRESS_PREFIXLEN`)."""
        return self._number("suppress_prefix_len") if self._has(_records.RULE_HAS_SUPPRESS_PREFIX_LEN) else None

    @property
    @shown("suppress_ifgroup", form="group_name")
    def suppress_ifgroup(self) -> int | None:
        """Routes through interfaces of this group are passed over (`FRA_SUPPRESS_IFGROUP`)."""
        return self._number("suppress_group") if self._has(_records.RULE_HAS_SUPPRESS_GROUP) else None

    @property
    @shown("flow_from", "flow_to", entries="rule_flow")
    def flow(self) -> int:
        """The realms that the rule gives, source realm << 16 | destination realm (`FRA_FLOW`); 0 if none."""
        return self._number("flow")

    @property
    @shown("action", "nop", entries="rule_action")
    def action(self) -> enums.RuleAction:
        """What is done with a packet that matches (`FR_ACT_*`)."""
        return RULE_ACTION[self._record[_AT["action"]]]

    @property
    @shown("goto", entries="rule_goto")
    def goto(self) -> int | None:
        """The priority of the rule that follows a match, for the action `GOTO` (`FRA_GOTO`)."""
        return self._number("target") if self._has(_records.RULE_HAS_TARGET) else None

    @property
    @shown("unresolved", "iif_detached", "oif_detached", entries="rule_flags")
    def flags(self) -> enums.RuleFlags:
        """Flags (`FIB_RULE_*`): the interface, or the rule to go to, does not exist now, and others."""
        return RULE_FLAGS[self._number("flags")]

    @property
    @shown("protocol", form="protocol_name", field="protocol")
    def protocol(self) -> enums.RouteProtocol:
        """Origin of the rule (`FRA_PROTOCOL`, Linux 4.17); `UNSPEC` if the kernel does not send it."""
        return ROUTE_PROTOCOL[self._record[_AT["protocol"]]]

    def __str__(self) -> str:
        words = ["not"] if self.invert else []
        words.append(f"from {self.source or 'all'}")
        if self.destination is not None:
            words.append(f"to {self.destination}")
        if self.mark or self.mask:
            words.append(f"fwmark {self.mark:#x}/{self.mask:#x}")
        words += [f"{key} {name}" for key, name in (("iif", self.iif), ("oif", self.oif)) if name]
        if self.goto is not None:
            words.append(f"goto {self.goto}")
        else:
            action = str(self.action).lower()
            words.append("lookup l3mdev" if self.l3mdev else f"lookup {self.table}".lower() if self.table else action)
        return f"{self.priority}: {' '.join(words)}"
