"""The addresses of all interfaces by name, as psutil and netifaces list them: they call getifaddrs(3)."""

from __future__ import annotations

from _collections_abc import Callable
from ipaddress import IPv4Network, IPv6Network
from socket import AF_INET, AF_INET6, AF_PACKET
from struct import Struct
from typing import Any, Generic, TypeVar

from .. import _core, _records
from .._names import decode
from .._records import ADDR, LINK, u32
from .._rows.address_texts import address_text
from .._rows.interface import Interface
from .._rows.macaddr import MacAddr
from ..enums import Flags, HwType

Entry = TypeVar("Entry", bound=tuple[Any, ...])
Named = tuple[str, Entry]
Owner = tuple[str, int]  # the name and the flags of a link
Found = tuple[list[str], dict[str, list[Entry]]]

NETMASKS6 = [str(IPv6Network((0, length)).netmask) for length in range(129)]
_NETMASKS = [str(IPv4Network((0, length)).netmask) for length in range(33)]
_INET, _INET6 = int(AF_INET), int(AF_INET6)
_BROADCAST = int(Flags.BROADCAST)
# Such links always have a hardware address. If the core shows none, its bytes are zero.
_ADDRESSED = (HwType.ETHER, HwType.LOOPBACK)
_NO_MAC = MacAddr(bytes(6))
_AT = ADDR.offset
# The value of an address: the lifetimes, which are the last fields, count down.
_values = Struct(f"={_AT['valid_lft']}s{ADDR.size - _AT['valid_lft']}x").iter_unpack


class Entries(Generic[Entry]):
    """Lists addresses as tuples: family, address, netmask, broadcast address, address of the far end.

    The latest answer is kept, and its tuples: making them takes most of the time, and programs ask again and again.

    Args:
        make: Makes such a tuple of its items.
        netmasks6: The texts of IPv6 netmasks by prefix length.
        own_peer: On links with one of these flags (`IFF_*`) an address without a peer is its own peer.
    """

    def __init__(self, make: Callable[..., Entry], netmasks6: list[str], own_peer: int) -> None:
        self._make, self._netmasks6, self._own_peer = make, netmasks6, own_peer
        self._links: dict[tuple[bytes, bytes], tuple[int, Owner, Named[Entry] | None]] = {}
        self._addrs: dict[tuple[bytes, Owner], Named[Entry]] = {}
        self._latest: tuple[tuple[bytes, ...], Found[Entry]] | None = None

    def read(self) -> Found[Entry]:
        """The names of all links, and the entries by name, IPv4 first, hardware addresses last; not to be changed.

        An IPv4 address goes by its label.
        """
        links, addrs = _core.Block(), _core.Block()
        _core.ask(links, _core.SHARED, _core.LINKS_ADDRS, LINK.size, more=addrs)
        answer = bytes(links._records), bytes(links._extra), bytes(addrs._records)
        latest = self._latest
        if latest is not None and latest[0] == answer:
            return latest[1]
        found = self._find(*answer)
        self._latest = answer, found
        return found

    def _find(self, links: bytes, extra: bytes, addrs: bytes) -> Found[Entry]:
        owners: dict[int, Owner] = {}
        hardware: list[Named[Entry]] = []
        links_now = {}
        for record, size, at in LINK.divider.iter_unpack(links):
            link = record, extra[at : at + size]
            links_now[link] = index, owner, named = self._links.get(link) or self._make_link(*link)
            owners[index] = owner
            if named is not None:
                hardware.append(named)
        found: list[Named[Entry]] = []
        addrs_now = {}
        for (value,) in _values(addrs):
            addr = value, owners[u32(value)[0]]
            addrs_now[addr] = named = self._addrs.get(addr) or self._make_addr(*addr)
            found.append(named)
        self._links, self._addrs = links_now, addrs_now
        result: dict[str, list[Entry]] = {}
        for name, entry in found + hardware:
            same = result.get(name)
            if same is None:
                result[name] = [entry]
            else:
                same.append(entry)
        return [name for name, _ in owners.values()], result

    def _make_link(self, record: bytes, extra: bytes) -> tuple[int, Owner, Named[Entry] | None]:
        """The index of a link, its name and flags, and the entry of its hardware address by name."""
        link = Interface._row(record, extra)
        name, flags, mac = link.name, int(link.flags), link.mac_addr
        if mac is None and link.hw_type not in _ADDRESSED:
            return link.index, (name, flags), None
        address = str(mac or _NO_MAC)
        theirs = str(link.broadcast_mac_addr or _NO_MAC) if flags & (_BROADCAST | self._own_peer) else None
        broadcast, far = (theirs, None) if flags & _BROADCAST else (None, theirs)
        return link.index, (name, flags), (name, self._make(AF_PACKET, address, None, broadcast, far))

    def _make_addr(self, value: bytes, owner: Owner) -> Named[Entry]:
        """The name that an address goes by, and its entry."""
        link, flags = owner
        has, length = value[_AT["has"]], value[_AT["prefix_len"]]
        broadcast = far = None
        if value[_AT["family"]] == _INET:
            address = address_text(_INET, value, _AT["addr"])
            if has & _records.ADDR_HAS_BROADCAST and flags & _BROADCAST:
                broadcast = address_text(_INET, value, _AT["broadcast"])
            elif has & _records.ADDR_HAS_PEER:
                far = address_text(_INET, value, _AT["peer"])
            elif flags & self._own_peer:
                far = address
            label = value[_AT["label"] :]
            name = decode(label[1 : 1 + label[0]]) or link
            return name, self._make(AF_INET, address, _NETMASKS[length], broadcast, far)
        address = _address6(value, _AT["addr"], link)
        if has & _records.ADDR_HAS_PEER:
            far = _address6(value, _AT["peer"], link)
        return link, self._make(AF_INET6, address, self._netmasks6[length], None, far)


def _address6(value: bytes, at: int, link: str) -> str:
    """An IPv6 address, with its link if it is link-local."""
    text = address_text(_INET6, value, at)
    return f"{text}%{link}" if value[at] == 0xFE and value[at + 1] & 0xC0 == 0x80 else text
