"""`net_if_addrs`, `net_if_stats` and `net_io_counters` of psutil 7.2, with its types and constants."""

from __future__ import annotations

import socket
from enum import IntEnum
from functools import lru_cache
from itertools import repeat
from operator import add, lt
from struct import Struct
from threading import RLock
from typing import Literal, NamedTuple, overload

from .. import _core, _records
from .._names import ENCODING, ERRORS
from .._records import LINK
from ..enums import Flags
from ..session import MODULE
from ._getifaddrs import NETMASKS6, Entries

__all__ = [
    "AF_LINK",
    "NIC_DUPLEX_FULL",
    "NIC_DUPLEX_HALF",
    "NIC_DUPLEX_UNKNOWN",
    "NicDuplex",
    "net_if_addrs",
    "net_if_stats",
    "net_io_counters",
    "snetio",
    "snicaddr",
    "snicstats",
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
# Of the record of a link: the lengths of its name and of its counters, and the length and the place of all side bytes,
# of which the counters are the last ones if no details were asked for.
_LENGTHS, _SIDE = LINK.offset["part_len"], LINK.offset["extra_len"]
_BETWEEN, _AFTER = 2 * (_records.LINK_STATS - 1), _SIDE - _LENGTHS - 2 * (_records.LINK_STATS + 1)
_places = Struct(f"={_LENGTHS}xH{_BETWEEN}xH{_AFTER}xII").iter_unpack
# struct rtnl_link_stats64, up to tx_dropped, and rx_missed_errors.
_counted = Struct("=8Q56xQ").unpack_from
_RUNNING = int(Flags.RUNNING)
# Those of `ioctl(SIOCGIFFLAGS)`, which have 16 bits.
_FLAGS = [(int(flag), flag.name.lower()) for flag in Flags if flag <= Flags.DYNAMIC and flag.name]


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
    _, named = _ENTRIES.read()
    return {name: [*entries] for name, entries in named.items()}


def net_if_stats() -> dict[str, snicstats]:
    """The state of each interface by name. `isup` tells whether it can send (`IFF_RUNNING`).

    Raises:
        OSError: As `getifs.interfaces()`.
    """
    result: dict[str, snicstats] = {}
    for link in MODULE.interfaces(link_modes=True):
        flags, duplex = int(link.flags), link.duplex
        result[link.name] = snicstats(
            isup=flags & _RUNNING != 0,
            duplex=NIC_DUPLEX_UNKNOWN if duplex is None else _DUPLEX.get(duplex, NIC_DUPLEX_UNKNOWN),
            speed=link.speed or 0,
            mtu=link.mtu,
            flags=_flag_names(flags),
        )
    return result


@lru_cache(maxsize=64)
def _flag_names(flags: int) -> str:
    """The names of flags, with commas."""
    return ",".join([name for flag, name in _FLAGS if flags & flag])


class _Unwrapped:
    """Counters that never decrease: what a counter had before it restarted is added to it."""

    def __init__(self) -> None:
        self._lock = RLock()  # a signal handler may ask too
        self.clear()

    def clear(self) -> None:
        self._latest: dict[str, snetio] = {}
        self._added: dict[str, tuple[int, ...]] = {}

    def read(self) -> dict[str, snetio]:
        """The counters now. An answer that is older than the latest one would look like a restart."""
        with self._lock:
            counters = _read_counters()
            added: dict[str, tuple[int, ...]] = {}
            for name, row in counters.items():
                before, more = self._latest.get(name), self._added.get(name)
                if before is not None and row != before and any(map(lt, row, before)):
                    restarted = zip(row, before, more or repeat(0), strict=False)
                    more = tuple([extra + then if now < then else extra for now, then, extra in restarted])
                if more is not None:
                    added[name] = more
            self._latest, self._added = counters, added
            return counters | {name: snetio(*map(add, counters[name], more)) for name, more in added.items()}


_unwrapped = _Unwrapped()


def _read_counters() -> dict[str, snetio]:
    """From the records and their side bytes: the rows would take as long as the answer of the kernel."""
    block = _core.ask(_core.Block(), _core.SHARED, _core.LINKS, LINK.size, options=_core.WITH_STATS)
    extra = bytes(block._extra)
    result: dict[str, snetio] = {}
    for name_len, stats_len, extra_len, at in _places(block._records):
        if stats_len:
            name = extra[at : at + name_len].decode(ENCODING, ERRORS)
            received, sent, bytes_in, bytes_out, errors_in, errors_out, dropped_in, dropped_out, missed = _counted(
                extra, at + extra_len - stats_len
            )
            lost = dropped_in + missed  # as /proc/net/dev
            result[name] = snetio(bytes_out, bytes_in, sent, received, errors_in, errors_out, lost, dropped_out)
    return result


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
    counters = _unwrapped.read() if nowrap else _read_counters()
    if pernic:
        return counters
    return snetio(*map(sum, zip(*counters.values(), strict=True))) if counters else None


net_io_counters.cache_clear = _unwrapped.clear  # type: ignore[attr-defined]
