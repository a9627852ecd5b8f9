"""Random changes: whenever the network is quiet, a follower and the mirror equal what the kernel says (B93)."""

import os
import random
import subprocess
from collections.abc import Iterator

import pytest
from followed import Follower, differences
from netns import Namespace, wait_for

import getifs

LINKS = ["d0", "d1", "d2", "e1", "v0", "v1"]


class Storm:
    """Random commands of `ip -batch`. Many fail, which is intended."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def link(self) -> str:
        return self.random.choice(LINKS)

    def number(self, most: int = 4) -> int:
        return self.random.randint(1, most)

    def via(self) -> str:
        return f"via 10.{self.number(3)}.0.{self.number()}"

    def via6(self) -> str:
        return f"via fe80::{self.number()} dev {self.link()}"

    def links(self) -> Iterator[str]:
        yield f"link set {self.link()} {self.random.choice(('up', 'down', 'up'))}"
        yield f"link set {self.link()} mtu {self.random.choice((1400, 1500, 1000, 60))}"
        # The kernel does not announce the alias of a link that is down.
        yield f"link set {self.link()} up alias a{self.number()}"
        yield f"link set {self.link()} {self.random.choice(('master br0', 'nomaster'))}"
        yield f"link set {self.link()} {self.random.choice(('promisc on', 'promisc off'))}"
        yield f"link set lo mtu {self.random.choice((60, 1000, 65536))}"
        yield f"link del {self.random.choice(('d2', 'v0', 'br0'))}"
        yield "link add d2 type ifb"
        yield "link add br0 type bridge"
        yield "link add v0 type veth peer name v1"

    def addrs(self) -> Iterator[str]:
        yield f"addr add 10.{self.number(3)}.0.{self.number(9)}/24 dev {self.link()}"
        yield f"addr del 10.{self.number(3)}.0.{self.number(9)}/24 dev {self.link()}"
        yield f"addr add 2001:db8:{self.number()}::{self.number()}/64 dev {self.link()} nodad"
        yield f"addr del 2001:db8:{self.number()}::{self.number()}/64 dev {self.link()}"
        peer = self.random.choice(("", f"peer 2001:db8:9::{self.number()}"))
        yield f"addr replace 2001:db8:{self.number()}::{self.number()} {peer} dev {self.link()} nodad"

    def routes(self) -> Iterator[str]:
        prefix, verb = f"10.9.{self.number(3)}.0/24", self.random.choice(("add", "replace", "append", "del", "change"))
        extra = self.random.choice(("", "metric 7", "tos 0x10", "table 100", f"src 10.1.0.{self.number()}", "mtu 1300"))
        yield f"route {verb} {prefix} {self.via()} {extra}"
        yield f"route {verb} {prefix} dev {self.link()} {extra}"
        yield f"route {verb} {prefix} nexthop {self.via()} weight {self.number()} nexthop {self.via()} {extra}"
        yield f"route {verb} {self.random.choice(('blackhole', 'unreachable'))} {prefix} {extra}"
        yield f"route {verb} {prefix} nhid {self.number(6)}"
        yield f"route flush table {self.random.choice(('100', 'main'))}"

    def routes6(self) -> Iterator[str]:
        prefix = f"2001:db8:99:{self.number(3)}::/64"
        verb = self.random.choice(("add", "replace", "append", "del", "change", "prepend"))
        extra = self.random.choice(("", "metric 7", "table 100", f"src 2001:db8:1::{self.number()}", "mtu 1300"))
        yield f"-6 route {verb} {prefix} {self.via6()} {extra}"
        yield f"-6 route {verb} {prefix} dev {self.link()} {extra}"
        yield f"-6 route {verb} {prefix} nexthop {self.via6()} nexthop {self.via6()} {extra}"
        yield f"-6 route {verb} {prefix} {self.via6()}"
        yield f"-6 route {verb} blackhole {prefix}"
        yield f"-6 route {verb} {prefix} nhid {self.number(6)}"
        yield f"-6 route flush table {self.random.choice(('100', 'main'))}"

    def nexthops(self) -> Iterator[str]:
        verb = self.random.choice(("add", "replace", "replace"))
        yield f"nexthop {verb} id {self.number()} {self.via()} dev {self.link()}"
        yield f"nexthop {verb} id {self.number()} {self.via6()}"
        yield f"nexthop {verb} id {self.random.choice((5, 6))} group {self.number()}/{self.number()}"
        yield f"nexthop {verb} id {self.number()} blackhole"
        yield f"nexthop del id {self.number(6)}"

    def commands(self, count: int) -> list[str]:
        kinds = [
            self.links,
            self.addrs,
            self.addrs,
            self.routes,
            self.routes,
            self.routes6,
            self.routes6,
            self.nexthops,
        ]
        return [self.random.choice(list(self.random.choice(kinds)())) for _ in range(count)]


def blow(net: Namespace, commands: list[str]) -> None:
    """Runs commands, also behind one that fails."""
    with net:
        for family in ("-4", "-6"):
            mine = [command.removeprefix("-6 ") for command in commands if command.startswith("-6") == (family == "-6")]
            batch = "\n".join(mine).encode()
            subprocess.run(["ip", family, "-force", "-batch", "-"], input=batch, capture_output=True, check=False)


NETWORK = """
    link add d0 type veth peer name e0
    link add d1 type veth peer name e1
    link set e0 up
    link set e1 up
    link add br0 type bridge
    link add v0 type veth peer name v1
    link set d0 up
    link set d1 up
    addr add 10.1.0.1/16 dev d0
    addr add 10.2.0.1/16 dev d1
"""
SEEDS = range(*map(int, os.environ.get("STORM_SEEDS", "0:6").split(":")))


def stays_equal(net: Namespace, storm: Storm, watchers: dict[str, tuple[getifs.Watcher, bool]]) -> None:
    followers = {name: Follower() for name in watchers}

    def differ() -> list[str]:
        found = []
        for name, (watcher, all_routes) in watchers.items():
            followers[name].apply(watcher.poll(0))
            found += [f"{name}: {text}" for text in differences(watcher, followers[name], all_routes=all_routes)]
        return found

    for _ in range(8):
        commands = storm.commands(60)
        for at in range(0, len(commands), 20):
            blow(net, commands[at : at + 20])
            followers["all"].apply(watchers["all"][0].poll(0))
        try:
            wait_for(lambda: not differ(), 3)
        except AssertionError:
            raise AssertionError("\n".join([*commands, *differ()])) from None


@pytest.mark.parametrize("compat", [1, 0])
@pytest.mark.parametrize("seed", SEEDS)
def test_b93_random_changes(net: Namespace, seed: int, compat: int) -> None:
    net.sysctl("net.ipv4.nexthop_compat_mode", compat)
    net.ip(NETWORK)
    small = 4096 if seed % 3 == 2 else 4 << 20  # notifications are lost
    with (
        getifs.watch(routes="all", nexthops=True, initial=True, receive_buffer=small) as every,
        getifs.watch(routes=True, nexthops=True, initial=True) as usual,
    ):
        stays_equal(net, Storm(seed), {"all": (every, True), "usual": (usual, False)})
