"""`net_if_addrs`, `net_if_stats` and `net_io_counters` of psutil 7.2, with its types and constants."""

from __future__ import annotations

import socket
from enum import IntEnum
from threading import Lock
from typing import Literal, NamedTuple, overload

from ..enums import Flags
from ..session import MODULE
from ._getifaddrs import NETMASKS6, Entries

__all__ = [
    "AF_LINK",
    "NIC_DUPLEX_FULL",
    "NIC_DUPLEX_HALF",
    "NIC_DUPLEX_UNKNOWN",
    "net_if_addrs",
    "net_if_stats",
    "net_io_counters",
]


class AddressFamily(IntEnum):
    """The family of hardware addresses, `AF_PACKET` by the name that it has elsewhere."""

    AF_LINK = socket.AF_PACKET


class NicDuplex(IntEnum):
    """Duplex mode of an interface."""

    NIC_DUPLEX_FULL = 2
    NIC_DUPLEX_HALF = 1
    NIC_DUPLEX_UNKNOWN = 0


AF_LINK = AddressFamily.AF_LINK
NIC_DUPLEX_FULL = NicDuplex.NIC_DUPLEX_FULL
NIC_DUPLEX_HALF = NicDuplex.NIC_DUPLEX_HALF
NIC_DUPLEX_UNKNOWN = NicDuplex.NIC_DUPLEX_UNKNOWN
_DUPLEX = {0: NIC_DUPLEX_HALF, 1: NIC_DUPLEX_FULL}  # DUPLEX_HALF and DUPLEX_FULL of linux/ethtool.h
_FLAGS = [flag for flag in Flags if flag <= Flags.DYNAMIC]  # those of `ioctl(SIOCGIFFLAGS)`, which have 16 bits


class snicaddr(NamedTuple):  # noqa: N801  # the name that psutil gives it
    """An address of an interface. What it does not have is `None`."""

    family: socket.AddressFamily
    address: str
    netmask: str | None
    broadcast: str | None
    ptp: str | None


class snicstats(NamedTuple):  # noqa: N801
    """The state of an interface: `speed` is in Mbit/s, 0 if it is unknown; `mtu` is in bytes."""

    isup: bool
    duplex: NicDuplex
    speed: int
    mtu: int
    flags: str


class snetio(NamedTuple):  # noqa: N801
    """Counters of an interface, or the sums of all interfaces."""

    bytes_sent: int
    bytes_recv: int
    packets_sent: int
    packets_recv: int
    errin: int
    errout: int
    dropin: int
    dropout: int


_ENTRIES = Entries(snicaddr, NETMASKS6, own_peer=0)


def net_if_addrs() -> dict[str, list[snicaddr]]:
    """The addresses of each interface by name: IPv4, IPv6, and last its hardware address (`AF_LINK`).

    An IPv4 address with a label goes by that, such as `eth0:1`. An interface without addresses is not listed.

    Raises:
        OSError: As `getifs.addrs_by_interface()`.
    """
    return _ENTRIES.by_name()


def net_if_stats() -> dict[str, snicstats]:
    """The state of each interface by name. `isup` tells whether it can send (`IFF_RUNNING`).

    Raises:
        OSError: As `getifs.interfaces()`.
    """
    result: dict[str, snicstats] = {}
    for link in MODULE.interfaces(link_modes=True):
        flags = link.flags
        names = ",".join([flag.name.lower() for flag in _FLAGS if flags & flag and flag.name])
        duplex = NIC_DUPLEX_UNKNOWN if link.duplex is None else _DUPLEX.get(link.duplex, NIC_DUPLEX_UNKNOWN)
        result[link.name] = snicstats(bool(flags & Flags.RUNNING), duplex, link.speed or 0, link.mtu, names)
    return result


class _Unwrapped:
    """Counters that never decrease: what a counter had before it restarted is added to it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.clear()

    def clear(self) -> None:
        self._latest: dict[str, tuple[int, ...]] = {}
        self._added: dict[str, tuple[int, ...]] = {}

    def update(self, counters: dict[str, snetio]) -> dict[str, snetio]:
        with self._lock:
            nothing = (0,) * len(snetio._fields)
            self._added = {
                name: tuple(
                    more + before if now < before else more
                    for now, before, more in zip(
                        row, self._latest.get(name, nothing), self._added.get(name, nothing), strict=True
                    )
                )
                for name, row in counters.items()
            }
            self._latest = dict(counters)
            return {
                name: snetio(*[now + more for now, more in zip(row, self._added[name], strict=True)])
                for name, row in counters.items()
            }


_unwrapped = _Unwrapped()


@overload
def net_io_counters(pernic: Literal[False] = False, nowrap: bool = True) -> snetio | None: ...
@overload
def net_io_counters(pernic: Literal[True], nowrap: bool = True) -> dict[str, snetio]: ...
def net_io_counters(pernic: bool = False, nowrap: bool = True) -> dict[str, snetio] | snetio | None:
    """The counters of all interfaces together, since they were created.

    Args:
        pernic: Instead, those of each interface by name.
        nowrap: They never decrease between calls: if those of the kernel restart, as for a new interface with the name
            of a former one, the former values are added. `net_io_counters.cache_clear()` forgets these.

    Returns:
        `None` or an empty dict if there is no interface.

    Raises:
        OSError: As `getifs.interfaces()`.
    """
    counters: dict[str, snetio] = {}
    for link in MODULE.interfaces(stats=True):
        stats = link.stats
        if stats is not None:
            counters[link.name] = snetio(
                stats.tx_bytes,
                stats.rx_bytes,
                stats.tx_packets,
                stats.rx_packets,
                stats.rx_errors,
                stats.tx_errors,
                stats.rx_dropped + stats.rx_missed_errors,  # as /proc/net/dev
                stats.tx_dropped,
            )
    if nowrap:
        counters = _unwrapped.update(counters)
    if pernic:
        return counters
    return snetio(*map(sum, zip(*counters.values(), strict=True))) if counters else None


net_io_counters.cache_clear = _unwrapped.clear  # type: ignore[attr-defined]
