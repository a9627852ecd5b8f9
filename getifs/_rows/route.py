"""Routes."""

from __future__ import annotations

from struct import Struct

from .._core import ROUTE, lib
from .._names import name_of
from .addr import make_address, make_network
from .base import ExtraRow
from .members import ENCAP_TYPE, ROUTE_FLAGS, ROUTE_PROTOCOL, ROUTE_TYPE, ROUTER_PREF, SCOPE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
    from typing import Any

    from .._core import Block
    from ..enums import EncapType, RouteFlags, RouteProtocol, RouterPref, RouteType, Scope

_AT = ROUTE.position
_INDEX, _METRIC, _DST_LEN, _HAS, _EXTRA_LEN = _AT["index"], _AT["metric"], _AT["dst_len"], _AT["has"], _AT["extra_len"]
_FAMILY, _DST, _GATEWAY_FAMILY, _GATEWAY = _AT["family"], _AT["dst"], _AT["gateway_family"], _AT["gateway"]
_ALIKE_MOST = 10_000
_PAIR = Struct("=II").unpack_from
_CC_ALGO = 16  # RTAX_CC_ALGO


class Route(ExtraRow):
    """A route, or one next hop of it: a route with several gives a row for each (`RTM_NEWROUTE`)."""

    __slots__ = ()
    _kind = "Route"
    _layout = ROUTE
    _address_fields = ("dst", "dst_len")
    _shown = ("index", "destination", "gateway", "metric", "table", "protocol", "scope", "type", "prefsrc")

    @classmethod
    def _make(cls, record: tuple[Any, ...], block: Block) -> Route:
        row = object.__new__(cls)
        row._record = record
        size = record[_EXTRA_LEN]
        row._extra = block.extra[record[-1] : record[-1] + size] if size else b""
        return row

    def _has(self, bit: int) -> int:
        return self._record[_HAS] & bit

    @property
    def _family(self) -> int:
        return self._record[_AT["family"]]

    @property
    def index(self) -> int:
        """Index of the interface that it leaves through (`RTA_OIF`), 0 where a route that needs none names none."""
        return self._record[_INDEX]

    @property
    def destination(self) -> IPv4Network | IPv6Network:
        """Where it leads (`RTA_DST`): 0.0.0.0/0 or ::/0 for a default route."""
        return make_network(self._family, self._bytes("dst"), self._record[_DST_LEN])

    @property
    def is_default(self) -> bool:
        """Is its destination everything?"""
        return self._record[_DST_LEN] == 0

    @property
    def gateway(self) -> IPv4Address | IPv6Address | None:
        """The next router (`RTA_GATEWAY`; `RTA_VIA` where it is of the other family); `None` if directly connected."""
        family = self._record[_AT["gateway_family"]]
        return make_address(family, self._bytes("gateway")) if family else None

    @property
    def metric(self) -> int:
        """Its metric: the least wins (`RTA_PRIORITY`; 0 where the kernel sends none)."""
        return self._record[_METRIC]

    @property
    def table(self) -> int:
        """The table that it is in (`RTA_TABLE`): 254 is main, 255 local, 253 default."""
        return self._record[_AT["table"]]

    @property
    def protocol(self) -> RouteProtocol:
        """Who made it (`rtm_protocol`)."""
        return ROUTE_PROTOCOL[self._record[_AT["protocol"]]]

    @property
    def scope(self) -> Scope:
        """How far its destination is (`rtm_scope`)."""
        return SCOPE[self._record[_AT["scope"]]]

    @property
    def type(self) -> RouteType:
        """What it does with a packet (`rtm_type`)."""
        return ROUTE_TYPE[self._record[_AT["type"]]]

    @property
    def prefsrc(self) -> IPv4Address | IPv6Address | None:
        """The source address that it prefers (`RTA_PREFSRC`)."""
        return make_address(self._family, self._bytes("prefsrc")) if self._has(lib.ROUTE_HAS_PREFSRC) else None

    @property
    def source(self) -> IPv4Network | IPv6Network | None:
        """The sources that it is for (`RTA_SRC`), where it is not for all."""
        if not self._has(lib.ROUTE_HAS_SOURCE):
            return None
        return make_network(self._family, self._bytes("src"), self._record[_AT["src_len"]])

    @property
    def tos(self) -> int:
        """The type of service that it is for, 0 for any (`rtm_tos`)."""
        return self._record[_AT["tos"]]

    @property
    def mtu(self) -> int | None:
        """The MTU of the route in bytes (`RTAX_MTU`), `None` if it has none."""
        return self.metrics.get(2) or None

    @property
    def hop(self) -> int:
        """Its number among the hops of its route, from 0: two hops that are equal otherwise are two."""
        return self._record[_AT["hop"]]

    @property
    def weight(self) -> int:
        """Its share among the hops of its route (`rtnh_hops` + 1; modulo 256 where the kernel sends hops inline)."""
        return self._record[_AT["weight"]]

    @property
    def nexthop_id(self) -> int | None:
        """The next-hop object that it goes through (`RTA_NH_ID`, Linux 5.3)."""
        return self._record[_AT["nexthop_id"]] if self._has(lib.ROUTE_HAS_NEXTHOP) else None

    @property
    def flags(self) -> RouteFlags:
        """Flags of the route (`RTM_F_*`) and of this hop (`RTNH_F_*`)."""
        return ROUTE_FLAGS[self._record[_AT["flags"]]]

    @property
    def pref(self) -> RouterPref | None:
        """Preference of an IPv6 router (`RTA_PREF`)."""
        return ROUTER_PREF[self._record[_AT["pref"]]] if self._has(lib.ROUTE_HAS_PREF) else None

    @property
    def encap(self) -> EncapType | None:
        """What it wraps packets in (`RTA_ENCAP_TYPE`)."""
        encap = self._record[_AT["encap"]]
        return ENCAP_TYPE[encap] if encap else None

    def _metric_pairs(self) -> list[tuple[int, int]]:
        """Numbers and values; the pair of RTAX_CC_ALGO is left out."""
        end = len(self._extra) - self._record[_AT["encap_len"]]
        pairs = []
        for at in range(0, end, 8):
            number, value = _PAIR(self._extra, at)
            if number == _CC_ALGO:
                break
            pairs.append((number, value))
        return pairs

    @property
    def congestion(self) -> str | None:
        """The name of the TCP congestion control algorithm of the route (`RTAX_CC_ALGO`), `None` if it has none."""
        at = 8 * len(self._metric_pairs())
        end = len(self._extra) - self._record[_AT["encap_len"]]
        return self._extra[at + 8 : end].decode(errors="replace") if at < end else None

    @property
    def flow(self) -> int:
        """The realms of the route, source realm << 16 | destination realm (`RTA_FLOW`); 0 if it has none."""
        return self._record[_AT["flow"]]

    @property
    def metrics(self) -> dict[int, int]:
        """All its metrics (`RTA_METRICS`), by `RTAX_*` number, such as 2 for the MTU."""
        return dict(self._metric_pairs())

    def name(self) -> str | None:
        """The name that its interface has now, `None` for index 0; `OSError` with `ENODEV` if it has gone."""
        return name_of(self.index) if self.index else None

    def __str__(self) -> str:
        via = f" via {self.gateway}" if self.gateway else ""
        return f"{self.destination}{via} ({self.index})"

    def to_dict(self, names: Mapping[int, str] | None = None) -> dict[str, Any]:
        from . import iproute2 as form

        names = names or {}
        family, gateway_family = self._family, self._record[_AT["gateway_family"]]
        gateway = form.address(gateway_family, self._bytes("gateway")) if gateway_family else None
        is_via = gateway_family not in (0, family)
        metrics = self._extra and {
            form.METRICS[key]: value for key, value in self.metrics.items() if key in form.METRICS
        }
        return form.known(
            {
                "type": form.lower_name(self.type),
                "dst": form.prefix(family, self._bytes("dst"), self._record[_DST_LEN]),
                "from": form.prefix(family, self._bytes("src"), self._record[_AT["src_len"]])
                if self._has(lib.ROUTE_HAS_SOURCE)
                else None,
                "tos": f"0x{self.tos:02x}" if self.tos else None,
                "nhid": self.nexthop_id,
                "encap": None if (encap := self.encap) is None else form.lower_name(encap),
                "gateway": None if is_via else gateway,
                "via": {"family": form.family_name(gateway_family), "host": gateway} if is_via else None,
                "ifindex": self.index,
                "dev": names.get(self.index),
                "table": form.TABLES.get(table := self.table) or str(table),
                "protocol": form.lower_name(self.protocol),
                "scope": form.lower_name(self.scope),
                "prefsrc": form.address(family, self._bytes("prefsrc")) if self._has(lib.ROUTE_HAS_PREFSRC) else None,
                "metric": self.metric or None,
                "weight": self.weight,
                "flags": [*form.hop_flags(self._record[_AT["flags"]])],
                "metrics": [metrics] if metrics else None,
                "pref": None if (pref := self.pref) is None else form.lower_name(pref),
            }
        )

    @classmethod
    def _dicts(
        cls, records: Iterable[tuple[Any, ...]], block: Block, names: Mapping[int, str] | None
    ) -> list[dict[str, Any]]:
        from .iproute2 import address, prefix

        # Most routes of a large table differ by destination, gateway and metric alone.
        alike: dict[tuple[Any, ...], dict[str, Any]] = {}
        dicts: list[dict[str, Any]] = []
        for record in records:
            metric, gateway_family = record[_METRIC], record[_GATEWAY_FAMILY]
            key = (record[:_METRIC], record[_METRIC + 1 : _DST], record[_GATEWAY + 1 : -1], not metric)
            found = alike.get(key)
            if found is None:
                found = cls._make(record, block).to_dict(names)
                if "via" not in found and not record[_EXTRA_LEN] and len(alike) < _ALIKE_MOST:
                    alike[key] = found
            else:
                found = found.copy()
                found["flags"] = found["flags"].copy()
                found["dst"] = prefix(record[_FAMILY], record[_DST], record[_DST_LEN])
                if gateway_family:
                    found["gateway"] = address(gateway_family, record[_GATEWAY])
                if metric:
                    found["metric"] = metric
            dicts.append(found)
        return dicts
