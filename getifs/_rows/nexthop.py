"""Next-hop objects."""

from __future__ import annotations

from .. import _records
from .._lazy import LazyModule
from .._records import NEXTHOP, u16, u32
from .base import PACKAGE, Column, ExtraRow, OnInterface, shown
from .members import ENCAP_TYPE, ROUTE_FLAGS, ROUTE_PROTOCOL, SCOPE

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ipaddress

    from .. import enums
    from . import addresses
else:
    addresses = LazyModule(".addresses", __package__)
    ipaddress = LazyModule("ipaddress")
    enums = LazyModule("..enums", __package__)

_AT = NEXTHOP.offset


class NextHop(OnInterface, ExtraRow):
    """A next-hop object, which routes refer to by its id (`RTM_NEWNEXTHOP`, Linux 5.3)."""

    __slots__ = ()
    __module__ = PACKAGE
    _kind = "NextHop"
    _layout = NEXTHOP
    _repr = ("id", "index", "gateway", "blackhole", "group", "encap", "fdb")

    @property
    @shown("id", own="id")
    def id(self) -> int:
        """Id of the object (`NHA_ID`)."""
        return u32(self._record, _AT["id"])[0]

    @property
    @shown("group", "type", "resilient_args", entries="nexthop_group", own="extra_at")
    def group(self) -> tuple[tuple[int, int], ...]:
        """Members of a group: pairs of id and weight (`NHA_GROUP`); empty if it is not a group."""
        words = memoryview(self._extra[: u32(self._record, _AT["members_len"])[0]]).cast("I").tolist()
        return tuple(zip(words[::2], words[1::2], strict=True))

    @property
    @shown("blackhole", entries="blackhole")
    def blackhole(self) -> bool:
        """Whether it drops packets (`NHA_BLACKHOLE`)."""
        return bool(self._record[_AT["has"]] & _records.NEXTHOP_HAS_BLACKHOLE)

    @property
    @shown("fdb", entries="fdb")
    def fdb(self) -> bool:
        """Whether it is for the forwarding database of a VXLAN (`NHA_FDB`)."""
        return bool(self._record[_AT["has"]] & _records.NEXTHOP_HAS_FDB)

    @property
    @shown("encap", form="encap_name", field="encap")
    def encap(self) -> enums.EncapType | None:
        """Type of the encapsulation (`NHA_ENCAP_TYPE`); `None` if it has none."""
        encap = u16(self._record, _AT["encap"])[0]
        return ENCAP_TYPE[encap] if encap else None

    @property
    @shown("gateway", column=Column("gateway", family="gateway_family"), own="gateway")
    def gateway(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
        """The next router (`NHA_GATEWAY`); `None` if directly connected."""
        family = self._record[_AT["gateway_family"]]
        return addresses.make_address(family, self._record, _AT["gateway"]) if family else None

    @property
    @shown("ifindex", "dev", entries="device")
    def index(self) -> int:
        """Index of the outgoing interface (`NHA_OIF`); 0 for a group and a blackhole."""
        return u32(self._record, _AT["index"])[0]

    @property
    def family(self) -> int:
        """Address family (`nh_family`): `AF_INET`, `AF_INET6`, or `AF_UNSPEC` (0) for a group."""
        return self._record[_AT["family"]]

    @property
    @shown("scope", form="scope_name", field="scope")
    def scope(self) -> enums.Scope:
        """Distance to the gateway (`nh_scope`)."""
        return SCOPE[self._record[_AT["scope"]]]

    @property
    @shown("protocol", form="protocol_name", field="protocol")
    def protocol(self) -> enums.RouteProtocol:
        """Origin of the object (`nh_protocol`)."""
        return ROUTE_PROTOCOL[self._record[_AT["protocol"]]]

    @property
    @shown("flags", entries="hop_flags")
    def flags(self) -> enums.RouteFlags:
        """Flags (`RTNH_F_*`)."""
        return ROUTE_FLAGS[u32(self._record, _AT["flags"])[0]]

    def __str__(self) -> str:
        if self.group:
            return f"id {self.id} group {'/'.join(f'{member},{weight}' for member, weight in self.group)}"
        if self.blackhole:
            return f"id {self.id} blackhole"
        via = f" via {self.gateway}" if self.gateway else ""
        return f"id {self.id}{via} ({self.index})"
