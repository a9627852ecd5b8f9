"""Random `ip` commands. Names, addresses and numbers are few, so that commands meet what earlier ones have made."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Choice = TypeVar("Choice")

LINKS = range(4)  # pairs: s0 and its peer t0, and so on
GATEWAYS = range(2, 6)
OBJECTS = {4: range(1, 5), 6: range(11, 15)}
GROUPS = {4: range(21, 23), 6: range(31, 33)}
BLACKHOLES = {4: 41, 6: 42}
TABLE = 100

SETUP = "\n".join(
    [
        *(f"link add s{link} type veth peer name t{link}" for link in LINKS),
        *(f"link set {end}{link} up" for link in LINKS for end in "st"),
        *(f"addr add 10.{link}.0.1/24 dev s{link}" for link in LINKS),
        *(f"addr add fd00:{link}::1/64 dev s{link} nodad" for link in LINKS),
        "link add br0 type bridge",
        "link set br0 up",
    ]
)


@dataclass(frozen=True)
class Command:
    """A line for `ip OPTIONS -batch`, here or in the namespace to which links are moved."""

    line: str
    is_away: bool = False
    options: tuple[str, ...] = ()


class Commands:
    """Chooses commands. A link keeps its number when it is renamed or moved."""

    def __init__(self, seed: int, elsewhere: str, here: str) -> None:
        self._random = random.Random(seed)
        self._elsewhere, self._here = elsewhere, here
        self._renamed: set[int] = set()
        self._moved: list[str] = []
        weights: dict[Callable[[], list[Command]], int] = {
            self._flap: 6,
            self._carrier: 6,
            self._temporary_link: 4,
            self._rename: 2,
            self._attributes: 4,
            self._mtu: 3,
            self._move: 4,
            self._bridge: 4,
            self._addr4: 12,
            self._addr6: 10,
            self._route4: 26,
            self._route6: 22,
            self._object: 18,
            self._group: 8,
            self._rule: 12,
            self._flush: 1,
        }
        self._makers, self._weights = list(weights), list(weights.values())

    def next(self) -> list[Command]:
        """One operation. Some need several commands."""
        (make,) = self._random.choices(self._makers, self._weights)
        return make()

    def _one(self, *choices: Choice) -> Choice:
        return self._random.choice(choices)

    def _name(self, link: int) -> str:
        return f"r{link}" if link in self._renamed else f"s{link}"

    def _some_link(self) -> int:
        return self._random.choice(LINKS)

    # Links

    def _flap(self) -> list[Command]:
        name = self._name(self._some_link())
        if self._random.random() < 0.5:
            return [Command(f"link set {name} down"), Command(f"link set {name} up")]
        # More often up than down: most other operations need a link that is up.
        return [Command(f"link set {name} {self._one('up', 'up', 'up', 'down')}")]

    def _carrier(self) -> list[Command]:
        return [Command(f"link set t{self._some_link()} {self._one('up', 'up', 'up', 'down')}")]

    def _temporary_link(self) -> list[Command]:
        name = f"c{self._random.randrange(3)}"
        kind = self._one("type bridge", "type ifb", f"type veth peer name {name}p", "link br0 type macvlan")
        link = "link br0 " if kind.startswith("link") else ""
        if self._random.random() < 0.5:
            return [Command(f"link del {name}")]
        if self._random.random() < 0.1:
            return [Command("link del br0"), Command("link add br0 type bridge"), Command("link set br0 up")]
        commands = [f"link add {link}name {name} {kind.removeprefix('link br0 ')}"]
        commands += [
            f"link set {name} up",
            f"addr add 10.9.0.1/24 dev {name}",
            f"addr add fd00:9::1/64 dev {name} nodad",
        ]
        commands.append(f"route add 172.17.0.0/24 via 10.9.0.2 dev {name}")
        return [Command(line) for line in commands[: self._random.randrange(6)]]

    def _rename(self) -> list[Command]:
        link = self._some_link()
        old = self._name(link)
        self._renamed ^= {link}
        return [Command(f"link set {old} name {self._name(link)}")]

    def _attributes(self) -> list[Command]:
        name = self._name(self._some_link())
        number = self._random.randrange(3)
        change = self._one(
            f"mtu {1300 + 100 * number}",
            f"alias alias{number}",
            f"txqueuelen {500 + number}",
            f"group {number}",
            f"address 02:00:00:00:00:0{number + 1}",
            self._one("promisc on", "promisc off"),
        )
        alternative = f"link property {self._one('add', 'del')} dev {name} altname {name}-{number}"
        return [Command(alternative if self._random.random() < 0.15 else f"link set {name} {change}")]

    def _mtu(self) -> list[Command]:
        """IPv4 and IPv6 leave an interface whose MTU is too small for them."""
        name = self._one("lo", f"t{self._some_link()}", *[self._name(self._some_link())] * 2)
        return [Command(f"link set {name} mtu {self._one(60, 1000, 1500, 1500)}")]

    def _move(self) -> list[Command]:
        name = self._one(self._name(self._some_link()), f"t{self._some_link()}")
        if self._moved and self._random.random() < 0.6:
            name = self._moved.pop(0)
            return [Command(f"link set {name} netns {self._here}", is_away=True), Command(f"link set {name} up")]
        self._moved.append(name)
        return [Command(f"link set {name} netns {self._elsewhere}")]

    def _bridge(self) -> list[Command]:
        # Never both ends of a pair, which would be a loop.
        name = self._one(self._name(self._some_link()), self._name(self._some_link()), "c0")
        return [Command(f"link set {name} {self._one('master br0', 'nomaster')}")]

    # Addresses

    def _addr4(self) -> list[Command]:
        link = self._some_link()
        text = f"10.{link}.0.{self._random.randrange(1, 4)}"
        more = self._one("", "", f"label {self._name(link)}:1", "metric 77", "noprefixroute", "preferred_lft 5000")
        return self._addr(f"{text}/{self._one('24', '24', '32')}", link, more)

    def _addr6(self) -> list[Command]:
        link = self._some_link()
        number = self._random.randrange(1, 4)
        if self._random.random() < 0.2:
            addr = f"fd00:{link}::{number} peer fd00:8::{self._random.randrange(1, 4)}"
        else:
            addr = f"fd00:{link}::{number}/{self._one('64', '64', '128')}"
        more = self._one("", "", "metric 77", "noprefixroute", "valid_lft 6000 preferred_lft 5000")
        return self._addr(addr, link, f"nodad {more}")

    def _addr(self, addr: str, link: int, more: str) -> list[Command]:
        verb = self._one("add", "add", "replace", "del")
        if verb == "del":
            more = ""
        return [Command(f"addr {verb} {addr} dev {self._name(link)} {more}")]

    # Routes

    def _via(self, family: int) -> str:
        link = self._some_link()
        host = self._random.choice(GATEWAYS)
        gateway = self._one(f"fd00:{link}::{host}", f"fe80::{host}") if family == 6 else f"10.{link}.0.{host}"
        onlink = self._one("", "onlink") if family == 4 else ""  # does not need an address of the link
        return f"via {gateway} dev {self._name(link)} {onlink}"

    def _target(self, family: int) -> str:
        """What follows the destination: the hops, and more."""
        link = self._some_link()
        objects = [*OBJECTS[family], *GROUPS[family], BLACKHOLES[family]]
        source = (
            f"fd00:{link}::{self._random.randrange(1, 4)}"
            if family == 6
            else f"10.{link}.0.{self._random.randrange(1, 4)}"
        )
        return self._one(
            self._via(family),
            self._via(family),
            f"dev {self._name(link)}",
            f"dev {self._name(link)} src {source}",
            f"{self._via(family)} src {source}",
            f"{self._via(family)} mtu 1280",
            f"nexthop {self._via(family)} nexthop {self._via(family)}",
            f"nexthop {self._via(family)} weight 3 nexthop {self._via(family)} nexthop {self._via(family)}",
            f"nhid {self._random.choice(objects)}",
            f"nhid {self._random.choice(objects)}",
        )

    def _route(self, family: int, destination: str, verbs: tuple[str, ...]) -> list[Command]:
        verb = self._one(*verbs)
        key = self._one("", "", "metric 5", "metric 10", f"table {TABLE}")
        if family == 4 and self._random.random() < 0.1:
            key += " tos 0x10"
        kind = self._one(*[""] * 12, "blackhole ", "unreachable ")
        target = "" if kind or (verb == "del" and self._random.random() < 0.7) else self._target(family)
        return [Command(f"route {verb} {kind}{destination} {key} {target}")]

    def _route4(self) -> list[Command]:
        destination = self._one("default", *(f"172.16.{number}.0/24" for number in range(12)))
        return self._route(
            4, destination, ("add", "add", "append", "prepend", "replace", "replace", "change", "del", "del")
        )

    def _route6(self) -> list[Command]:
        destination = self._one("::/0", *(f"2001:db8:{number}::/64" for number in range(12)))
        return self._route(
            6, destination, ("add", "add", "append", "append", "prepend", "replace", "replace", "change", "del", "del")
        )

    def _object(self) -> list[Command]:
        family = self._random.choice((4, 6))
        number = self._random.choice(OBJECTS[family])
        return [
            Command(
                self._one(
                    *[f"nexthop {self._one('add', 'replace')} id {number} {self._via(family)}"] * 5,
                    f"nexthop {self._one('add', 'replace')} id {BLACKHOLES[family]} blackhole",
                    *[f"nexthop del id {number}"] * 2,
                )
            )
        ]

    def _group(self) -> list[Command]:
        """A group, at times with members and a route. Alone it would seldom find all of its members."""
        family = self._random.choice((4, 6))
        group = self._random.choice(GROUPS[family])
        if self._random.random() < 0.3:
            return [Command(f"nexthop del id {group}")]
        members = self._random.sample(OBJECTS[family], self._random.randrange(1, 4))
        lines = [f"nexthop replace id {member} {self._via(family)}" for member in members]
        lines.append(f"nexthop {self._one('add', 'replace')} id {group} group {'/'.join(map(str, members))}")
        lines.append(f"route replace {'2001:db8:0::/64' if family == 6 else '172.16.0.0/24'} nhid {group}")
        return [Command(line) for line in lines[self._one(0, 0, len(members)) :]]

    def _rule(self) -> list[Command]:
        """A rule. With interfaces and priorities that come and go, its flags change."""
        selector = self._one(
            "",
            f"from 172.16.{self._random.randrange(4)}.0/24",
            f"iif {self._name(self._some_link())}",
            f"oif c{self._random.randrange(3)} fwmark 7",
            "ipproto tcp dport 80-90",
        )
        action = self._one(
            f"table {TABLE}", "table main suppress_prefixlength 0", f"goto {self._random.randrange(20, 30)}"
        )
        # A rule goes only to a later one.
        priority = self._random.randrange(10, 20 if action.startswith("goto") else 30)
        verb, family = self._one("add", "add", "del"), self._one("-4", "-6")
        if family == "-6":
            selector = selector.replace("172.16.", "2001:db8:").replace(".0/24", "::/64")
        line = f"rule {verb} {selector} pref {priority} {action}"
        return [
            Command(
                line if verb == "add" or self._random.random() < 0.5 else f"rule del pref {priority}", options=(family,)
            )
        ]

    def _flush(self) -> list[Command]:
        name = self._name(self._some_link())
        family = self._one("-4", "-6")
        return [
            Command(
                self._one(
                    f"route flush table {TABLE}",
                    "route flush table main",
                    f"route flush dev {name}",
                    f"addr flush dev {name}",
                    f"nexthop flush dev {name}",
                ),
                options=(family,),
            )
        ]
