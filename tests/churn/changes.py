"""The changes: rows that come and go while the permanent ones stay, and the processes that make them."""

from __future__ import annotations

import errno
import os
import random
import socket
import struct
import time
from collections import Counter
from dataclasses import dataclass

import network
import requests as make
from netlink_messages import HEADER, NLMSG_ERROR, messages
from network import HOPS4, HOPS6, LO, V0, V1, W0
from shared import Shared

BATCH = 16  # changes in one datagram
HALVES = 2  # processes, each with half of the changes
# The kernel sorts addresses by scope: rows of a dump are lost where a list changes before or in its middle.
SCOPES = (0, 253, 254)
DEVICES = (V0, V0, V0, LO, V1)
IP_ADD_MEMBERSHIP, IP_DROP_MEMBERSHIP = 35, 36
IPV6_JOIN_GROUP, IPV6_LEAVE_GROUP = 20, 21


@dataclass(frozen=True)
class Change:
    """Requests that make something, and those that remove it again."""

    add: bytes
    remove: bytes


@dataclass(frozen=True)
class Pool:
    """Changes of one kind. `pause` is the shortest time between two datagrams, in seconds."""

    changes: list[Change]
    batch: int = BATCH
    pause: float = 0.0


def _addrs(prefix: str, count: int) -> list[Change]:
    found = []
    for number in range(count):
        # The permanent addresses have other solicited-node groups, which depend on the last 24 bits.
        text = f"{prefix}:1:{number + 1:x}" if ":" in prefix else f"{prefix}.{number // 250}.{number % 250 + 1}"
        index, scope = DEVICES[number % len(DEVICES)], SCOPES[number % 3] if "." in text else 0
        found.append(
            Change(make.address(text, index, scope=scope), make.address(text, index, scope=scope, delete=True))
        )
    return found


def _route_change(destination: str, number: int, hops: list[str], metric: int, objects: int) -> Change:
    """A route through one or two hops, or through a next-hop object of its own, whose number is above `objects`."""
    first = (V0, hops[number % len(hops)])
    key = {"metric": metric}
    if number % 5 == 0:
        add = make.nexthop(objects + number, first)
        add += make.route(destination, [], nexthop_id=objects + number, **key)
        return Change(add, make.nexthop(objects + number, delete=True))  # which removes the route as well
    through = [first, (V1, hops[number % len(hops) - 1])] if number % 5 == 1 else [first]
    if number % 5 == 2:
        key["table"] = 100
    return Change(make.route(destination, through, **key), make.route(destination, through, delete=True, **key))


def _routes4() -> list[Change]:
    found = []
    for number in range(network.ROUTES):
        base = f"20.{number // 250}.{number % 250}"
        found.append(_route_change(f"{base}.128/25", number, HOPS4, 0, 20_000))
        hop, of_the_same = [(V0, HOPS4[3])], {"tos": 0x10} if number % 2 else {"metric": 7}
        found.append(
            Change(
                make.route(f"{base}.0/24", hop, **of_the_same),
                make.route(f"{base}.0/24", hop, delete=True, **of_the_same),
            )
        )
    return found


def _routes6() -> list[Change]:
    found = []
    for number in range(network.ROUTES):
        found.append(_route_change(f"2001:db9:{number:x}:8000::/49", number, HOPS6, 9, 30_000))
        found.append(_route_change(f"2001:db9:{number:x}::/48", number, HOPS6, 7, 40_000))
    return found


def _objects() -> list[Change]:
    changes = []
    for number in range(network.OBJECTS):
        id = network.FIRST_OBJECT + 2 * number + 1
        changes.append(Change(make.nexthop(id, (V0, HOPS4[number % 500])), make.nexthop(id, delete=True)))
    return changes


def _links() -> list[Change]:
    changes = []
    for number in range(40):
        index = network.FIRST_INDEX + 40 * number + 5
        add = make.link(f"c{number}", index, ("bridge", "ifb")[number % 2])
        changes.append(Change(add, make.link("", index, "", delete=True)))
    return changes


def _rules() -> list[Change]:
    """Each stands behind a permanent one of the same priority, and behind or before another one of these."""
    changes = []
    for number in range(2 * network.RULES):
        source = network.source_of_rule(4 if number % 2 else 6, network.RULES + number)
        priority = network.FIRST_RULE + number // 4 * 2
        changes.append(Change(make.rule(source, priority), make.rule(source, priority, delete=True)))
    return changes


def _flap() -> list[Change]:
    """A link whose routes the kernel removes when it goes down, those of IPv4 without a notification."""
    routes = [make.route(f"20.{number}.77.64/26", [], index=W0) for number in range(4)]
    routes += [make.route(f"22.0.{number}.0/24", [], index=W0) for number in range(40)]
    routes += [make.route(f"2001:db9:{number:x}:4000::/50", [], metric=9, index=W0) for number in range(40)]
    return [Change(make.set_up(W0, True) + b"".join(routes), make.set_up(W0, False))]


class Groups:
    """Multicast groups, which sockets join and leave."""

    def __init__(self, family: int, first: int, count: int) -> None:
        self._family = family
        self._names = [self._membership(first + number) for number in range(count)]
        self._sockets: list[socket.socket] = []

    def _membership(self, number: int) -> bytes:
        index = (V0, V1)[number % 2]
        if self._family == socket.AF_INET:
            return struct.pack("=4s4si", socket.inet_aton(f"239.1.{number // 250}.{number % 250 + 1}"), bytes(4), index)
        return struct.pack("=16si", make.packed(f"ff05::{number + 1:x}"), index)

    def __len__(self) -> int:
        return len(self._names)

    def toggle(self, number: int, join: bool) -> None:
        if not self._sockets:  # 20 groups for each socket: net.ipv4.igmp_max_memberships, net.core.optmem_max
            self._sockets = [socket.socket(self._family, socket.SOCK_DGRAM) for _ in range(0, len(self), 20)]
        level, options = (
            (socket.IPPROTO_IP, (IP_DROP_MEMBERSHIP, IP_ADD_MEMBERSHIP))
            if self._family == socket.AF_INET
            else (socket.IPPROTO_IPV6, (IPV6_LEAVE_GROUP, IPV6_JOIN_GROUP))
        )
        self._sockets[number // 20].setsockopt(level, options[join], self._names[number])


KINDS = ("addr4", "addr6", "route4", "route6", "object", "link", "flap", "group4", "group6", "rule")


def permanent_groups() -> list[Groups]:
    found = [Groups(family, 0, network.GROUPS) for family in (socket.AF_INET, socket.AF_INET6)]
    for groups in found:
        for number in range(len(groups)):
            groups.toggle(number, True)
    return found


class Changer:
    """One half of the changes: those whose position is `half` modulo 2."""

    def __init__(self, half: int, seed: int) -> None:
        pools = {
            "addr4": Pool(_addrs("9.1", 600)),
            "addr6": Pool(_addrs("2001:db8:2:", 600)),
            "route4": Pool(_routes4()),
            "route6": Pool(_routes6()),
            "object": Pool(_objects()),
            "link": Pool(_links(), batch=1, pause=0.02),
            "flap": Pool(_flap(), batch=1, pause=0.02),
            "rule": Pool(_rules()),
        }
        self._pools = {kind: Pool(pool.changes[half::HALVES], pool.batch, pool.pause) for kind, pool in pools.items()}
        self._groups = {
            "group4": Groups(socket.AF_INET, 1000 + 500 * half, 100),
            "group6": Groups(socket.AF_INET6, 1000 + 500 * half, 100),
        }
        sizes = {kind: len(pool.changes) for kind, pool in self._pools.items()}
        sizes |= {kind: len(groups) for kind, groups in self._groups.items()}
        self._present = {kind: bytearray(size) for kind, size in sizes.items()}
        self._kinds = [kind for kind in KINDS if sizes[kind]]
        self._not_before = dict.fromkeys(KINDS, 0.0)
        self._random = random.Random(f"{seed} {half}")
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
        self._socket.bind((0, 0))
        self.refused: Counter[str] = Counter()

    def close(self) -> None:
        self._socket.close()

    def set_all(self, present: bool) -> None:
        """Makes all of its changes, or none, be there."""
        for kind in self._kinds:
            numbers = [number for number, is_there in enumerate(self._present[kind]) if is_there != present]
            for first in range(0, len(numbers), BATCH):
                self._toggle(kind, numbers[first : first + BATCH])

    def _toggle(self, kind: str, numbers: list[int]) -> None:
        present = self._present[kind]
        data = []
        for number in numbers:
            present[number] ^= 1
            if kind in self._groups:
                self._groups[kind].toggle(number, bool(present[number]))
            else:
                change = self._pools[kind].changes[number]
                data.append(change.add if present[number] else change.remove)
        if data:
            self._socket.send(b"".join(data))
            self._count_refusals(kind)

    def _count_refusals(self, kind: str) -> None:
        """The kernel answers only what it refuses."""
        while True:
            try:
                answer = self._socket.recv(1 << 16, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno != errno.ENOBUFS:
                    raise
                continue
            for number, message in messages(answer):
                if number == NLMSG_ERROR:
                    code = -struct.unpack_from("=i", message, HEADER.size)[0]
                    self.refused[f"{kind}: {os.strerror(code)}"] += 1

    def change_once(self, focus: int) -> int:
        """One datagram of random changes of a kind that `focus`, a set of bits, contains. Returns their number."""
        now = time.monotonic()
        kinds = [kind for kind in self._kinds if focus >> KINDS.index(kind) & 1 and self._not_before[kind] <= now]
        if not kinds:
            time.sleep(0.001)
            return 0
        kind = self._random.choice(kinds)
        pool = self._pools.get(kind)
        if pool and pool.pause:
            self._not_before[kind] = now + pool.pause
        batch = pool.batch if pool else BATCH
        count = len(self._present[kind])
        numbers = list({self._random.randrange(count) for _ in range(batch)})
        self._toggle(kind, numbers)
        return len(numbers)

    def run(self, shared: Shared, half: int) -> None:
        """Changes what `shared.focus` says until that says to stop, or the parent process has ended."""
        parent = os.getppid()
        while not shared.stopped and os.getppid() == parent:
            shared.changes[half] += self.change_once(shared.focus)
        shared.refused[half] = self.refused.total()
        for what, count in self.refused.items():
            print(f"refused {count} × {what}", flush=True)
