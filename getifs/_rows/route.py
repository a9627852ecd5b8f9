"""Routes."""

from __future__ import annotations

from struct import Struct

from .. import _records
from .._lazy import LazyModule
from .._records import ROUTE, u16, u32
from .base import PACKAGE, Column, ExtraRow, OnInterface, new, shown
from .members import ENCAP_TYPE, ROUTE_FLAGS, ROUTE_PROTOCOL, ROUTE_TABLE, ROUTE_TYPE, ROUTER_PREF, SCOPE

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ipaddress
    from collections.abc import Iterable, Iterator
    from typing import Any

    from typing_extensions import Self

    from .. import enums
    from .._core import Block
    from . import addresses
else:
    addresses = LazyModule(".addresses", __package__)
    ipaddress = LazyModule("ipaddress")
    enums = LazyModule("..enums", __package__)

_AT = ROUTE.offset
_INDEX, _METRIC, _DST_LEN, _HAS, _DST = _AT["index"], _AT["metric"], _AT["dst_len"], _AT["has"], _AT["dst"]
_FAMILY, _GATEWAY_FAMILY, _GATEWAY_END = _AT["family"], _AT["gateway_family"], _AT["gateway"] + 16
_TYPE, _UNICAST = _AT["type"], 1  # RTN_UNICAST
_PAIR = Struct("=II").unpack_from
_MTU, _CC_ALGO = 2, 16  # RTAX_MTU, RTAX_CC_ALGO


class _Gateways(dict[bytes, "ipaddress.IPv4Address | ipaddress.IPv6Address | None"]):
    """Gateways by their family in one byte (0 if there is none) and their 16 bytes: few routers have many routes."""

    __slots__ = ()
    _MOST = 1000

    def __missing__(self, key: bytes) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
        value = addresses.make_address(key[0], key, 1) if key[0] else None
        if len(self) < self._MOST:
            self[key] = value
        return value


class Route(OnInterface, ExtraRow):
    """A route, or one next hop of it: a route with several next hops gives a row for each (`RTM_NEWROUTE`)."""

    __slots__ = ("_gateways",)
    __module__ = PACKAGE
    _kind = "Route"
    _layout = ROUTE
    _address_fields = ("dst", "dst_len")
    _name_key = "dev"
    _repr = (
        *("index", "destination", "gateway", "metric", "table", "protocol", "scope", "type", "prefsrc", "source"),
        *("tos", "nexthop_id"),
    )

    _gateways: _Gateways

    @classmethod
    def _row(cls, record: bytes, extra: bytes) -> Self:
        row = super()._row(record, extra)
        row._gateways = _Gateways()
        return row

    @classmethod
    def _rows(cls, divided: Iterable[tuple[Any, ...]], block: Block) -> Iterator[Self]:
        extra, gateways = block._extra, _Gateways()
        for record, size, start in divided:
            row = new(cls)
            row._record = record
            row._extra = extra[start : start + size] if size else b""
            row._gateways = gateways
            yield row

    def _has(self, bit: int) -> int:
        return self._record[_HAS] & bit

    @property
    def _family(self) -> int:
        return self._record[_FAMILY]

    @property
    @shown("type", form="route_type_name", field="type")
    def type(self) -> enums.RouteType:
        """What the route does with a packet (`rtm_type`)."""
        return ROUTE_TYPE[self._record[_TYPE]]

    @property
    @shown("dst", column=Column("dst", "dst_len"), own="dst")
    def destination(self) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
        """The destination (`RTA_DST`): 0.0.0.0/0 or ::/0 for a default route."""
        record = self._record
        return addresses.make_network(record[_FAMILY], record, _DST, record[_DST_LEN])

    @property
    def is_default(self) -> bool:
        """Whether it is a default route: its destination has the prefix length 0."""
        return self._record[_DST_LEN] == 0

    @property
    @shown("from", column=Column("src", "src_len", has=_records.ROUTE_HAS_SOURCE))
    def source(self) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
        """The source addresses that the route is for (`RTA_SRC`); `None` means all."""
        if not self._has(_records.ROUTE_HAS_SOURCE):
            return None
        return addresses.make_network(self._family, self._record, _AT["src"], self._record[_AT["src_len"]])

    @property
    @shown("tos", form="tos_name")
    def tos(self) -> int:
        """The type of service that the route is for (`rtm_tos`); 0 means any."""
        return self._record[_AT["tos"]]

    @property
    @shown("nhid")
    def nexthop_id(self) -> int | None:
        """The id of its next-hop object (`RTA_NH_ID`, Linux 5.3); `None` if it has none."""
        return u32(self._record, _AT["nexthop_id"])[0] if self._has(_records.ROUTE_HAS_NEXTHOP) else None

    @property
    @shown("encap", form="encap_name", field="encap")
    def encap(self) -> enums.EncapType | None:
        """Type of the encapsulation (`RTA_ENCAP_TYPE`); `None` if it has none."""
        encap = u16(self._record, _AT["encap"])[0]
        return ENCAP_TYPE[encap] if encap else None

    @property
    @shown("gateway", "via", entries="gateway", column=Column("gateway", family="gateway_family"))
    def gateway(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
        """The next router (`RTA_GATEWAY`, or `RTA_VIA` if it is of the other family); `None` if directly connected."""
        return self._gateways[self._record[_GATEWAY_FAMILY:_GATEWAY_END]]

    @property
    @shown("ifindex", "dev", entries="interface", own="index")
    def index(self) -> int:
        """Index of the outgoing interface (`RTA_OIF`); 0 if there is none, as for a blackhole of IPv4."""
        return u32(self._record, _INDEX)[0]

    @property
    @shown("table", form="table_unless_zero", field="table")
    def table(self) -> enums.RouteTable:
        """The routing table that the route is in (`RTA_TABLE`)."""
        return ROUTE_TABLE[u32(self._record, _AT["table"])[0]]

    @property
    @shown("protocol", form="protocol_name", field="protocol")
    def protocol(self) -> enums.RouteProtocol:
        """Origin of the route (`rtm_protocol`)."""
        return ROUTE_PROTOCOL[self._record[_AT["protocol"]]]

    @property
    @shown("scope", form="scope_name", field="scope")
    def scope(self) -> enums.Scope:
        """Distance to the destination (`rtm_scope`)."""
        return SCOPE[self._record[_AT["scope"]]]

    @property
    @shown("prefsrc", column=Column("prefsrc", has=_records.ROUTE_HAS_PREFSRC), own="prefsrc")
    def prefsrc(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
        """The preferred source address (`RTA_PREFSRC`); `None` if it has none."""
        return (
            addresses.make_address(self._family, self._record, _AT["prefsrc"])
            if self._has(_records.ROUTE_HAS_PREFSRC)
            else None
        )

    @property
    @shown("metric", own="metric", has=_records.ROUTE_HAS_METRIC)
    def metric(self) -> int:
        """The metric: the lowest has priority (`RTA_PRIORITY`); 0 if the kernel sends none."""
        return u32(self._record, _METRIC)[0]

    @property
    def hop(self) -> int:
        """Position among the next hops of the route, from 0. It distinguishes equal next hops."""
        return u16(self._record, _AT["hop"])[0]

    @property
    @shown("weight")
    def weight(self) -> int:
        """Weight among the next hops of the route (`rtnh_hops` + 1).

        It is modulo 256 if the kernel sends the next hops of a next-hop object with the route.
        """
        return u16(self._record, _AT["weight"])[0]

    @property
    @shown("flags", entries="hop_flags")
    def flags(self) -> enums.RouteFlags:
        """Flags of the route (`RTM_F_*`) and of this next hop (`RTNH_F_*`)."""
        return ROUTE_FLAGS[u32(self._record, _AT["flags"])[0]]

    @property
    @shown("flow", form="flow")
    def flow(self) -> int:
        """The realms of the route, source realm << 16 | destination realm (`RTA_FLOW`); 0 if it has none."""
        return u32(self._record, _AT["flow"])[0]

    def _metric_pairs(self) -> list[tuple[int, int]]:
        """Numbers and values, without the pair of RTAX_CC_ALGO."""
        end = len(self._extra) - u16(self._record, _AT["encap_len"])[0]
        pairs: list[tuple[int, int]] = []
        for at in range(0, end, 8):
            number, value = _PAIR(self._extra, at)
            if number == _CC_ALGO:
                break
            pairs.append((number, value))
        return pairs

    @property
    @shown("metrics", entries="metrics", own="extra_at")
    def metrics(self) -> dict[int, int]:
        """The other metrics (`RTA_METRICS`) by number (`RTAX_*`), such as 2 for the MTU, as the kernel sends them.

        Times have the kernel's units: `RTAX_RTT` is in 1/8 ms, `RTAX_RTTVAR` in 1/4 ms, `RTAX_RTO_MIN` in ms.
        """
        return dict(self._metric_pairs())

    @property
    @shown("mtu", within="metrics")
    def mtu(self) -> int | None:
        """The MTU of the route in bytes (`RTAX_MTU`); `None` if it has none."""
        return self.metrics.get(_MTU) or None

    @property
    @shown("congestion", within="metrics")
    def congestion(self) -> str | None:
        """The name of the TCP congestion control algorithm of the route (`RTAX_CC_ALGO`); `None` if it has none."""
        at = 8 * len(self._metric_pairs())
        end = len(self._extra) - u16(self._record, _AT["encap_len"])[0]
        return self._extra[at + 8 : end].decode(errors="replace") if at < end else None

    @property
    @shown("pref", form="pref_name", field="pref", has=_records.ROUTE_HAS_PREF)
    def pref(self) -> enums.RouterPref | None:
        """Preference of an IPv6 router, RFC 4191 (`RTA_PREF`)."""
        return ROUTER_PREF[self._record[_AT["pref"]]] if self._has(_records.ROUTE_HAS_PREF) else None

    def __str__(self) -> str:
        text = str(self.destination)
        if self._record[_TYPE] != _UNICAST:
            text = f"{str(self.type).lower()} {text}"
        gateway_family = self._record[_GATEWAY_FAMILY]
        if gateway_family:
            other = "" if gateway_family == self._family else "inet6 " if gateway_family != 2 else "inet "
            text += f" via {other}{self.gateway}"
        return f"{text} ({self.index})" if self.index else text
