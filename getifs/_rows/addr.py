"""Unicast addresses, and addresses of multicast groups and gateways."""

from __future__ import annotations

from .._core import ADDR, IFADDR, lib
from .._names import decode, name_of
from .base import Row
from .members import ADDR_FLAGS, ADDR_PROTO, SCOPE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
    from typing import Any

    from ..enums import AddrFlags, AddrProto, Scope

_INET = 2
_FOREVER = 0xFFFFFFFF  # INFINITY_LIFE_TIME


def make_address(family: int, packed: bytes) -> IPv4Address | IPv6Address:
    """The address object of a record's 16 bytes."""
    from ipaddress import IPv4Address, IPv6Address

    return IPv4Address(packed[:4]) if family == _INET else IPv6Address(packed)


def make_network(family: int, packed: bytes, length: int) -> IPv4Network | IPv6Network:
    from ipaddress import IPv4Network, IPv6Network

    return IPv4Network((packed[:4], length)) if family == _INET else IPv6Network((packed, length))


class _Address(Row):
    """What both kinds of address rows have."""

    __slots__ = ()
    _address_fields: tuple[str, str | None] = ("addr", None)

    @property
    def index(self) -> int:
        """Index of the interface that it is on."""
        return self._record[0]

    @property
    def _family(self) -> int:
        return self._record[self._layout.position["family"]]

    @property
    def addr(self) -> IPv4Address | IPv6Address:
        """The address, without a scope id."""
        return make_address(self._family, self._bytes("addr"))

    @property
    def scoped(self) -> IPv4Address | IPv6Address:
        """The address as sockets take it: an IPv6 link-local one with its interface's index as the scope id."""
        addr = self.addr
        # Multicast of interface-local (1) and link-local (2) scope too: the kernel wants an interface for both.
        if addr.version == 6 and (addr.is_link_local or (addr.is_multicast and addr.packed[1] & 0xF in (1, 2))):
            return type(addr)(f"{addr}%{self.index}")
        return addr

    def name(self) -> str:
        """The name that its interface has now; `OSError` with `ENODEV` if it has gone."""
        return name_of(self.index)


_AT = ADDR.position


class IfNet(_Address):
    """A unicast address of an interface (`RTM_NEWADDR`)."""

    __slots__ = ()
    _kind = "IfNet"
    _layout = ADDR
    _shown = ("index", "net", "peer", "scope", "flags", "label")

    @property
    def prefix_len(self) -> int:
        """Length of the on-link prefix in bits (`ifa_prefixlen`): with an IPv4 peer that of the peer's network."""
        return self._record[_AT["prefix_len"]]

    @property
    def net(self) -> IPv4Interface | IPv6Interface:
        """The address and the prefix length, as written."""
        from ipaddress import IPv4Interface, IPv6Interface

        packed = self._bytes("addr")
        if self._family == _INET:
            return IPv4Interface((packed[:4], self.prefix_len))
        return IPv6Interface((packed, self.prefix_len))

    @property
    def network(self) -> IPv4Network | IPv6Network:
        """The on-link prefix: of `10.5.5.1 peer 10.5.6.0/24` it is 10.5.6.0/24.

        The prefix length of an IPv6 address with a peer is its own; the peer is reached by a route of length 128.
        """
        from ipaddress import IPv4Network

        if self._family == _INET and self._record[_AT["has"]] & lib.ADDR_HAS_PEER:
            return IPv4Network((self._bytes("peer")[:4], self.prefix_len), strict=False)
        return self.net.network

    @property
    def peer(self) -> IPv4Address | IPv6Address | None:
        """The far end of a point-to-point link (`IFA_ADDRESS`), where there is one."""
        if not self._record[_AT["has"]] & lib.ADDR_HAS_PEER:
            return None
        return make_address(self._family, self._bytes("peer"))

    @property
    def broadcast(self) -> IPv4Address | None:
        """The broadcast address (`IFA_BROADCAST`)."""
        if not self._record[_AT["has"]] & lib.ADDR_HAS_BROADCAST:
            return None
        from ipaddress import IPv4Address

        return IPv4Address(self._bytes("broadcast"))

    @property
    def scope(self) -> Scope:
        """How far it reaches (`ifa_scope`)."""
        return SCOPE[self._record[_AT["scope"]]]

    @property
    def flags(self) -> AddrFlags:
        """Its flags (`IFA_F_*`; `IFA_FLAGS` where the kernel sends that)."""
        return ADDR_FLAGS[self._record[_AT["flags"]]]

    @property
    def label(self) -> str | None:
        """Its label (`IFA_LABEL`), such as `eth0:1`: a label, never another interface. IPv6 has none."""
        label = self._bytes("label")
        return decode(label[1 : 1 + label[0]]) or None

    @property
    def valid_lft(self) -> int | None:
        """Seconds until it is removed (`ifa_valid`); `None` is forever."""
        seconds = self._record[_AT["valid_lft"]]
        return None if seconds == _FOREVER else seconds

    @property
    def preferred_lft(self) -> int | None:
        """Seconds until it is deprecated (`ifa_prefered`); `None` is never."""
        seconds = self._record[_AT["preferred_lft"]]
        return None if seconds == _FOREVER else seconds

    @property
    def metric(self) -> int | None:
        """Metric of its prefix route (`IFA_RT_PRIORITY`, Linux 4.18), where one was set."""
        return self._record[_AT["metric"]] if self._record[_AT["has"]] & lib.ADDR_HAS_METRIC else None

    @property
    def proto(self) -> AddrProto | None:
        """Who made it (`IFA_PROTO`, Linux 5.18), where the kernel says so."""
        return ADDR_PROTO[self._record[_AT["proto"]]] if self._record[_AT["has"]] & lib.ADDR_HAS_PROTO else None

    def __str__(self) -> str:
        return f"{self.addr}/{self.prefix_len} ({self.index})"

    def to_dict(self, names: Mapping[int, str] | None = None) -> dict[str, Any]:
        from . import iproute2 as form

        names = names or {}
        record, family = self._record, self._family
        has = record[_AT["has"]]
        return form.known(
            {
                "ifindex": self.index,
                "ifname": names.get(self.index),
                "family": form.family_name(family),
                "local": form.address(family, self._bytes("addr")),
                "address": form.address(family, self._bytes("peer")) if has & lib.ADDR_HAS_PEER else None,
                "prefixlen": self.prefix_len,
                "metric": self.metric,
                "broadcast": form.address(_INET, self._bytes("broadcast")) if has & lib.ADDR_HAS_BROADCAST else None,
                "scope": form.lower_name(self.scope),
                **dict.fromkeys(form.addr_flags(record[_AT["flags"]], family), True),
                "protocol": None if (proto := self.proto) is None else form.lower_name(proto),
                "label": self.label,
                "valid_life_time": record[_AT["valid_lft"]],
                "preferred_life_time": record[_AT["preferred_lft"]],
            }
        )


class IfAddr(_Address):
    """An address on an interface that has no prefix length: a multicast group, a gateway."""

    __slots__ = ()
    _kind = "IfAddr"
    _layout = IFADDR
    _shown = ("index", "addr")

    def __str__(self) -> str:
        return f"{self.addr} ({self.index})"

    def to_dict(self, names: Mapping[int, str] | None = None) -> dict[str, Any]:
        from . import iproute2 as form

        names = names or {}
        return form.known(
            {
                "ifindex": self.index,
                "ifname": names.get(self.index),
                "family": form.family_name(self._family),
                "address": form.address(self._family, self._bytes("addr")),
            }
        )
