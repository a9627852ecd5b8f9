"""Random networks, for comparisons with the output of `ip`. A seed gives the same network again."""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Iterator

from netns import Namespace

_PEERS = [(f"a{number}", f"b{number}") for number in range(4)]
_LINKS = [name for pair in _PEERS for name in pair] + ["br0", "t0"]
_STATES = ("permanent", "stale", "noarp", "failed", "reachable", "none")
_ACTIONS = ("table 100", "table main", "table 4000000000", "blackhole", "unreachable", "prohibit", "nop", "goto 32766")


class _Random(random.Random):
    def maybe(self, text: str, share: float = 0.3) -> str:
        return text if self.random() < share else ""

    def address(self, family: int) -> str:
        if family == 4:
            return f"10.{self.randrange(4)}.{self.randrange(4)}.{self.randrange(1, 255)}"
        return f"{self.choice(('2001:db8', 'fd00', 'fe80'))}:{self.randrange(4):x}::{self.randrange(1, 4096):x}"

    def prefix(self, family: int) -> str:
        return f"{self.address(family)}/{self.randrange(1, 33 if family == 4 else 129)}"

    def network(self, family: int) -> str:
        if family == 4:
            return f"172.{self.randrange(16, 32)}.{self.randrange(256)}.0/{self.choice((24, 24, 25, 32))}"
        return f"2001:db8:{self.randrange(65536):x}::/{self.choice((48, 64, 128))}"


def _links(r: _Random) -> Iterator[str]:
    for one, other in _PEERS:
        yield f"link add {one} mtu {r.randrange(1280, 9000)} type veth peer name {other}"
    yield "link add br0 type bridge"
    yield "tuntap add t0 mode tun"
    for name in _LINKS:
        yield f"link set {name} {r.choice(('up', 'up', 'up', 'down'))} {r.maybe(f'alias x{r.randrange(99)}')}"
    yield f"link set {r.choice(_PEERS)[0]} master br0"


def _addrs(r: _Random) -> Iterator[str]:
    for _ in range(r.randrange(4, 20)):
        name = r.choice(_LINKS)
        scope = r.maybe(f"scope {r.choice(('link', 'host', 'site'))}")
        more = f"{r.maybe('noprefixroute')} {r.maybe(f'metric {r.randrange(99)}')}"
        yield f"addr add {r.prefix(4)} dev {name} {scope} {more}"
        yield f"addr add {r.prefix(6)} dev {name} nodad {more} {r.maybe('preferred_lft 0')}"


def _routes(r: _Random) -> Iterator[str]:
    for family in (4, 6):
        for _ in range(r.randrange(5, 40)):
            kind = r.maybe(r.choice(("blackhole", "unreachable", "prohibit", "throw")), 0.15)
            way = "" if kind else f"dev {r.choice(_LINKS)} {r.maybe(f'mtu {r.randrange(1280, 1500)}')}"
            table = r.maybe(f"table {r.choice((100, 253, 4000000000))}")
            yield f"route add {kind} {r.network(family)} {way} {table} {r.maybe(f'metric {r.randrange(1, 99)}')}"


def _neighbours(r: _Random) -> Iterator[str]:
    for _ in range(r.randrange(5, 60)):
        family = r.choice((4, 6))
        where = f"{r.address(family)} dev {r.choice(_LINKS)}"
        if r.random() < 0.1:
            yield f"neigh add proxy {where} {r.maybe('protocol static')}"
            continue
        mac = ":".join(f"{r.randrange(256):02x}" for _ in range(5))
        flags = f"{r.maybe('router')} {r.maybe('extern_learn')} {r.maybe('protocol static')}"
        yield f"neigh add {where} lladdr 02:{mac} nud {r.choice(_STATES)} {flags}"


def _selectors(r: _Random, family: int) -> Iterator[str]:
    yield r.maybe("not")
    yield r.maybe(f"from {r.prefix(family)}", 0.5)
    yield r.maybe(f"to {r.prefix(family)}")
    yield r.maybe(f"iif {r.choice((*_LINKS, 'lo', 'absent'))}")
    yield r.maybe(f"oif {r.choice((*_LINKS, 'lo', 'absent'))}")
    yield r.maybe(f"fwmark {r.randrange(1 << 32):#x}")
    yield r.maybe(f"fwmark {r.randrange(1 << 16):#x}/{r.randrange(1 << 32):#x}")
    yield r.maybe("tos 0x10", 0.2)
    yield r.maybe(f"uidrange {r.randrange(1000)}-{r.randrange(1000, 1 << 31)}")
    yield r.maybe(f"ipproto {r.choice(('tcp', 'udp', 'sctp', 'icmp', '99', '143'))}")
    yield r.maybe(f"sport {r.randrange(1, 65536)}")
    yield r.maybe(f"dport {r.randrange(1, 1000)}-{r.randrange(1000, 65535)}")
    yield r.maybe(f"tun_id {r.randrange(1, 1 << 63)}", 0.1)


def _rules(r: _Random, family: int) -> Iterator[str]:
    for _ in range(r.randrange(3, 40)):
        action = r.choice(_ACTIONS)
        suppress = (
            f"suppress_prefixlength {r.randrange(32)}" if r.random() < 0.5 else f"suppress_ifgroup {r.randrange(3, 99)}"
        )
        more = f"{r.maybe(suppress)} {r.maybe(f'realms {r.randrange(1, 99)}/{r.randrange(1, 99)}')}"
        more += f" {r.maybe('protocol static')}"
        selectors = " ".join(_selectors(r, family))
        yield f"rule add {selectors} pref {r.randrange(1, 200)} {action} {more if action.startswith('table') else ''}"


def build(net: Namespace, seed: int) -> int:
    """Makes the network of a seed. Some commands are refused; returns the number of the others."""
    r = _Random(seed)
    lines = [*_links(r), *_addrs(r), *_routes(r), *_neighbours(r)]
    accepted = _apply(net, lines)
    for family in (4, 6):
        accepted += _apply(net, list(_rules(r, family)), f"-{family}")
    return accepted


def _apply(net: Namespace, lines: list[str], *options: str) -> int:
    with net:
        done = subprocess.run(
            ["ip", *options, "-force", "-batch", "-"],
            input="\n".join(lines),
            capture_output=True,
            text=True,
            check=False,
        )
    return len(lines) - len(re.findall(r"Command failed -:\d+", done.stderr))
