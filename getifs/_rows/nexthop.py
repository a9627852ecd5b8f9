"""Next-hop objects."""

from __future__ import annotations

from .._core import NEXTHOP, lib
from .addr import make_address
from .base import ExtraRow
from .members import ENCAP_TYPE, ROUTE_FLAGS, ROUTE_PROTOCOL, SCOPE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from ipaddress import IPv4Address, IPv6Address
    from typing import Any

    from .._core import Block
    from ..enums import EncapType, RouteFlags, RouteProtocol, Scope

_AT = NEXTHOP.position


class NextHop(ExtraRow):
    """A next-hop object, which routes refer to by its id (`RTM_NEWNEXTHOP`, Linux 5.3)."""

    __slots__ = ()
    _kind = "NextHop"
    _layout = NEXTHOP
    _shown = ("id", "index", "gateway", "blackhole", "group")

    @classmethod
    def _make(cls, record: tuple[Any, ...], block: Block) -> NextHop:
        row = object.__new__(cls)
        row._record = record
        row._extra = block.extra[record[-1] : record[-1] + record[_AT["extra_len"]]]
        return row

    @property
    def id(self) -> int:
        """Its id (`NHA_ID`)."""
        return self._record[_AT["id"]]

    @property
    def index(self) -> int:
        """Index of the interface that it leaves through (`NHA_OIF`), 0 for a group and a blackhole."""
        return self._record[_AT["index"]]

    @property
    def gateway(self) -> IPv4Address | IPv6Address | None:
        """The next router (`NHA_GATEWAY`); `None` if directly connected."""
        family = self._record[_AT["gateway_family"]]
        return make_address(family, self._bytes("gateway")) if family else None

    @property
    def family(self) -> int:
        """Address family (`nh_family`): `AF_INET`, `AF_INET6`, or `AF_UNSPEC` (0) for a group."""
        return self._record[_AT["family"]]

    @property
    def blackhole(self) -> bool:
        """Does it drop what comes (`NHA_BLACKHOLE`)?"""
        return bool(self._record[_AT["has"]] & lib.NEXTHOP_HAS_BLACKHOLE)

    @property
    def fdb(self) -> bool:
        """Is it one of a VXLAN's forwarding entries (`NHA_FDB`)?"""
        return bool(self._record[_AT["has"]] & lib.NEXTHOP_HAS_FDB)

    @property
    def group(self) -> tuple[tuple[int, int], ...]:
        """Members of a group (`NHA_GROUP`): pairs of id and weight."""
        words = memoryview(self._extra[: self._record[_AT["members_len"]]]).cast("I").tolist()
        return tuple(zip(words[::2], words[1::2], strict=True))

    @property
    def flags(self) -> RouteFlags:
        """Its flags (`RTNH_F_*`)."""
        return ROUTE_FLAGS[self._record[_AT["flags"]]]

    @property
    def protocol(self) -> RouteProtocol:
        """Who made it (`nh_protocol`)."""
        return ROUTE_PROTOCOL[self._record[_AT["protocol"]]]

    @property
    def scope(self) -> Scope:
        """How far it is (`nh_scope`)."""
        return SCOPE[self._record[_AT["scope"]]]

    @property
    def encap(self) -> EncapType | None:
        """What it wraps packets in (`NHA_ENCAP_TYPE`)."""
        encap = self._record[_AT["encap"]]
        return ENCAP_TYPE[encap] if encap else None

    def __str__(self) -> str:
        if self.group:
            return f"id {self.id} group {'/'.join(f'{member},{weight}' for member, weight in self.group)}"
        via = f" via {self.gateway}" if self.gateway else " blackhole" if self.blackhole else ""
        return f"id {self.id}{via} ({self.index})"

    def to_dict(self, names: Mapping[int, str] | None = None) -> dict[str, Any]:
        from . import iproute2 as form

        names = names or {}
        group = [{"id": member, "weight": weight} for member, weight in self.group]
        gateway_family = self._record[_AT["gateway_family"]]
        return {
            "id": self.id,
            **form.known({"group": group or None}),
            **({"blackhole": None} if self.blackhole else {}),
            **({"fdb": None} if self.fdb else {}),
            **form.known({"encap": None if self.encap is None else self.encap.name.lower()}),
            **({"gateway": form.address(gateway_family, self._bytes("gateway"))} if gateway_family else {}),
            **(form.device(self.index, names) if self.index else {}),
            "scope": form.lower_name(self.scope),
            "protocol": form.lower_name(self.protocol),
            "flags": [*form.hop_flags(self.flags)],
        }
