"""Unicast addresses, and addresses without a prefix length: of multicast groups and gateways."""

from __future__ import annotations

from .. import _records
from .._arguments import integer_argument
from .._lazy import LazyModule
from .._names import decode
from .._records import ADDR, IFADDR, u32
from .base import PACKAGE, Column, OnInterface, Row, shown
from .members import ADDR_FLAGS, ADDR_PROTO, SCOPE

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ipaddress
    from typing import Any, ClassVar

    from .. import enums
    from . import addresses
else:
    addresses = LazyModule(".addresses", __package__)
    ipaddress = LazyModule("ipaddress")
    enums = LazyModule("..enums", __package__)

_INET = 2
_FOREVER = 0xFFFFFFFF  # INFINITY_LIFE_TIME
_INTERFACE_LOCAL, _LINK_LOCAL = 1, 2  # scopes of IPv6 multicast addresses


class Address(OnInterface, Row):
    """What all rows with one address have in common."""

    __slots__ = ()
    _address_fields: tuple[str, str | None] = ("addr", None)
    _family_at: ClassVar[int]  # offsets in the record
    _addr_at: ClassVar[int]
    _addr_key: ClassVar[str]  # keys of to_dict(): of the address, and of the name of the interface
    _name_key: ClassVar[str]

    @property
    @shown("ifindex", "ifname", "dev", entries="interface", own="index")
    def index(self) -> int:
        """Index of the interface that the address is on."""
        return u32(self._record)[0]

    @property
    @shown("family", form="family_name")
    def _family(self) -> int:
        return self._record[self._family_at]

    @property
    @shown("local", "address", "dst", entries="addr", column=Column("addr"), own="addr")
    def addr(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
        """The address, without a scope id."""
        record = self._record
        return addresses.make_address(record[self._family_at], record, self._addr_at)

    def _scope_id(self) -> int:
        """The index of the interface if the kernel requires it to use the address, otherwise 0."""
        addr = self.addr
        if addr.version == 6 and (
            addr.is_link_local or (addr.is_multicast and addr.packed[1] & 0xF in (_INTERFACE_LOCAL, _LINK_LOCAL))
        ):
            return self.index
        return 0

    @property
    def scoped(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
        """The address, with the index of its interface as scope id if it is an IPv6 address of one link.

        These are link-local unicast addresses and multicast addresses of interface-local and link-local scope.
        """
        addr, scope_id = self.addr, self._scope_id()
        return type(addr)(f"{addr}%{scope_id}") if scope_id else addr

    def sockaddr(self, port: int = 0) -> tuple[str, int] | tuple[str, int, int, int]:
        """The address in the form that `socket.bind` and `socket.connect` take.

        Args:
            port: 0 to 65535.

        Returns:
            `(address, port)` for IPv4, `(address, port, 0, scope_id)` for IPv6. The scope id is the index of the
            interface if the address needs one (see `scoped`), otherwise 0.

        Raises:
            TypeError: `port` is not an `int`.
            ValueError: `port` is out of range.
        """
        port = integer_argument("port", port, 0, 65535)
        if self._family == _INET:
            return str(self.addr), port
        return str(self.addr), port, 0, self._scope_id()


_AT = ADDR.offset
_PREFIX_LEN = _AT["prefix_len"]


class IfNet(Address):
    """A unicast address of an interface (`RTM_NEWADDR`).

    The remaining lifetimes are not compared: they count down by themselves.
    """

    __slots__ = ()
    __module__ = PACKAGE
    _kind = "IfNet"
    _layout = ADDR
    _family_at, _addr_at = ADDR.offset["family"], ADDR.offset["addr"]
    _addr_key, _name_key = "local", "ifname"
    _repr = ("index", "net", "peer", "broadcast", "scope", "flags", "label")

    def _value(self) -> object:
        return self._record[: _AT["valid_lft"]]  # the lifetimes are the last fields

    def _order(self) -> tuple[Any, ...]:
        return super()._order()[:-2]

    def _has(self, bit: int) -> int:
        return self._record[_AT["has"]] & bit

    @property
    @shown("prefixlen")
    def prefix_len(self) -> int:
        """Length of the on-link prefix in bits (`ifa_prefixlen`): with an IPv4 peer, that of the peer's network."""
        return self._record[_PREFIX_LEN]

    @property
    def net(self) -> ipaddress.IPv4Interface | ipaddress.IPv6Interface:
        """The address with its prefix length, such as `192.0.2.2/24`."""
        packed = self._bytes("addr")
        if self._family == _INET:
            return ipaddress.IPv4Interface((packed[:4], self.prefix_len))
        return ipaddress.IPv6Interface((packed, self.prefix_len))

    @property
    def network(self) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
        """The on-link prefix. With an IPv4 peer it is the peer's: 10.5.6.0/24 for `10.5.5.1 peer 10.5.6.0/24`.

        An IPv6 peer has no prefix length: the kernel adds a route of length 128 to it.
        """
        if self._family == _INET and self._has(_records.ADDR_HAS_PEER):
            return ipaddress.IPv4Network((self._bytes("peer")[:4], self.prefix_len), strict=False)
        return self.net.network

    @property
    @shown("address", column=Column("peer", has=_records.ADDR_HAS_PEER), own="peer")
    def peer(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
        """The address of the other end of a point-to-point link (`IFA_ADDRESS`), `None` if it has none."""
        return (
            addresses.make_address(self._family, self._record, _AT["peer"])
            if self._has(_records.ADDR_HAS_PEER)
            else None
        )

    @property
    @shown("broadcast", column=Column("broadcast", family="", has=_records.ADDR_HAS_BROADCAST), own="broadcast")
    def broadcast(self) -> ipaddress.IPv4Address | None:
        """The broadcast address (`IFA_BROADCAST`), `None` if it has none."""
        if not self._has(_records.ADDR_HAS_BROADCAST):
            return None
        return addresses.make_address(_INET, self._record, _AT["broadcast"])  # type: ignore[return-value]  # IPv4

    @property
    @shown("scope", form="scope_name", field="scope")
    def scope(self) -> enums.Scope:
        """Where the address is valid (`ifa_scope`)."""
        return SCOPE[self._record[_AT["scope"]]]

    @property
    @shown(
        *("nodad", "optimistic", "dadfailed", "home", "deprecated", "tentative", "mngtmpaddr", "noprefixroute"),
        *("autojoin", "stable-privacy", "secondary", "temporary", "dynamic"),
        entries="addr_flags",
    )
    def flags(self) -> enums.AddrFlags:
        """Flags (`IFA_FLAGS`, or `ifa_flags` if the kernel does not send that), unknown bits included."""
        return ADDR_FLAGS[u32(self._record, _AT["flags"])[0]]

    @property
    @shown("label", entries="label", own="label")
    def label(self) -> str | None:
        """The label, such as `eth0:1` (`IFA_LABEL`). It is not the name of an interface. `None` for IPv6."""
        label = self._bytes("label")
        return decode(label[1 : 1 + label[0]]) or None

    @property
    @shown("valid_life_time", own="valid_lft")
    def valid_lft(self) -> int | None:
        """Seconds until the kernel removes the address (`ifa_valid`); `None` means never."""
        seconds = u32(self._record, _AT["valid_lft"])[0]
        return None if seconds == _FOREVER else seconds

    @property
    @shown("preferred_life_time", own="preferred_lft")
    def preferred_lft(self) -> int | None:
        """Seconds until the address is deprecated (`ifa_prefered`); `None` means never."""
        seconds = u32(self._record, _AT["preferred_lft"])[0]
        return None if seconds == _FOREVER else seconds

    @property
    @shown("metric")
    def metric(self) -> int | None:
        """Metric of its prefix route (`IFA_RT_PRIORITY`, Linux 4.18); `None` if none was set."""
        return u32(self._record, _AT["metric"])[0] if self._has(_records.ADDR_HAS_METRIC) else None

    @property
    @shown("protocol", form="addr_protocol_name", field="proto", has=_records.ADDR_HAS_PROTO)
    def proto(self) -> enums.AddrProto | None:
        """Origin of the address (`IFA_PROTO`, Linux 5.18); `None` if the kernel does not send it."""
        return ADDR_PROTO[self._record[_AT["proto"]]] if self._has(_records.ADDR_HAS_PROTO) else None

    def __str__(self) -> str:
        return f"{self.addr}/{self.prefix_len} ({self.index})"


class IfAddr(Address):
    """An address on an interface, without a prefix length: of a multicast group or a gateway."""

    __slots__ = ()
    __module__ = PACKAGE
    _kind = "IfAddr"
    _layout = IFADDR
    _family_at, _addr_at = IFADDR.offset["family"], IFADDR.offset["addr"]
    _addr_key, _name_key = "address", "ifname"
    _repr = ("index", "addr")

    def __str__(self) -> str:
        return f"{self.addr} ({self.index})"
