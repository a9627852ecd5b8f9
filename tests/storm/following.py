"""Watchers in a storm: at each pause, what their events led to and what they answer must equal fresh dumps."""

from __future__ import annotations

import os
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from followed import Follower, differences
from netns import Namespace

import getifs
from getifs.enums import Flags

from .state import State
from .storm import Storm

LARGE, SMALL = 4 << 20, 1  # bytes of receive buffers; the kernel makes the small one larger
WATCHERS = {
    "all": {"routes": "all", "receive_buffer": LARGE},
    "usual": {"routes": True, "receive_buffer": LARGE},
    "late": {"routes": "all", "receive_buffer": SMALL},  # reads only in pauses, and loses notifications
}


@dataclass
class Counts:
    """Of commands, and of notifications that the kernel dropped."""

    accepted: int = 0
    refused: int = 0
    lost: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    def __str__(self) -> str:
        return f"{self.accepted} commands accepted, {self.refused} refused, {self.lost} notifications lost"


def _comparable(link: getifs.Interface) -> dict[str, object]:
    """A link without what the kernel does not announce: see docs/watch.md."""
    said = {**link.to_dict(), "promiscuity": bool(link.promiscuity)}
    silent = () if link.flags & Flags.UP else ("ifalias", "altnames", "group")
    return {key: value for key, value in said.items() if key not in silent}


def as_compared(state: State) -> State:
    """The rows, and the text of what is compared of links."""
    links = Counter(str(_comparable(row)) for row in state["links"].elements())
    return {**state, "links": links}


class Watching:
    """A watcher, and a follower that applies its events."""

    def __init__(self, **options: Any) -> None:
        self.watcher = getifs.watch(nexthops=True, rules=True, initial=True, **options)
        self._all_routes = options["routes"] == "all"
        self._inode = os.fstat(self.watcher.fileno()).st_ino
        self._follower = Follower()
        self.read()

    def read(self) -> None:
        self._follower.apply(self.watcher.poll(0))

    def differences(self) -> list[str]:
        self.read()
        return differences(self.watcher, self._follower, all_routes=self._all_routes, as_compared=as_compared)

    def lost(self) -> int:
        """The number of notifications that the kernel has dropped."""
        sockets = map(str.split, Path("/proc/thread-self/net/netlink").read_text().splitlines())
        return next(int(drops) for *_, drops, inode in sockets if inode == str(self._inode))


def _set_up(net: Namespace, seed: int) -> None:
    """Settings that change what the kernel announces. The bits of the seed choose them."""
    net.sysctl("net.ipv4.nexthop_compat_mode", seed & 1)
    for family in ("ipv4", "ipv6"):
        net.sysctl(f"net.{family}.conf.all.ignore_routes_with_linkdown", seed >> 1 & 1)
    net.give_link_local_addresses(bool(seed >> 2 & 1))
    net.sysctl("net.ipv6.route.skip_notify_on_dev_down", seed >> 3 & 1)


def follow(net: Namespace, seed: int, operations: int, **options: Any) -> Counts:
    """A storm. Fails with the latest commands and all differences."""
    _set_up(net, seed)
    watching: dict[str, Watching] = {}

    def read() -> None:
        for name in watching.keys() - {"late"}:
            watching[name].read()

    storm = Storm(net, seed, meanwhile=read, **options)
    with ExitStack() as stack:
        for name, arguments in WATCHERS.items():
            watching[name] = Watching(**arguments)
            stack.enter_context(watching[name].watcher)
        for done in storm.run(operations):
            end = time.monotonic() + 3  # the kernel delays changes of operational state by up to a second
            while found := [f"{name}: {line}" for name, one in watching.items() for line in one.differences()]:
                if time.monotonic() > end:
                    raise AssertionError("\n".join([*storm.log, f"after {done} operations:", *found]))
                time.sleep(0.05)
        return Counts(storm.accepted, storm.refused, sum(one.lost() for one in watching.values()))
