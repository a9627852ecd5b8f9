"""The permanent part of the network: what every complete answer contains."""

from __future__ import annotations

from collections.abc import Iterator

from netns import Namespace

LO, V0, V1, W0, W1 = 1, 1000, 1001, 1002, 1003
FIRST_INDEX = 1010  # of the other links; between two of them is room for one that comes and goes
FIRST_OBJECT = 10_000  # of the next-hop objects, whose numbers are even
ADDRS, ROUTES, OBJECTS, LINKS, GROUPS, RULES = 600, 1000, 1000, 200, 100, 600
FIRST_RULE = 40_000  # behind that of table main, so that no lookup gets there
ADDRS_OF_V0 = 500  # of each family; the others are on links of their own
HOPS4 = [f"10.0.{number // 250}.{number % 250 + 2}" for number in range(500)]
HOPS6 = [f"fe80::{number + 2:x}" for number in range(500)]


def _links() -> Iterator[str]:
    yield f"link add v0 index {V0} type veth peer name v1 index {V1}"
    yield f"link add w0 index {W0} type veth peer name w1 index {W1}"
    yield from (f"link set {name} up" for name in ("v0", "v1", "w1"))
    kinds = {"bridge": 40, "ifb": 20, "macvlan": 30}
    number = 0
    for kind, count in kinds.items():
        for _ in range(count):
            over = "link v0 " if kind == "macvlan" else ""
            yield f"link add {kind[0]}{number} index {FIRST_INDEX + 10 * number} {over}type {kind}"
            number += 1
    for pair in range(50):
        first = FIRST_INDEX + 10 * number
        yield f"link add p{pair} index {first} type veth peer name q{pair} index {first + 10}"
        number += 2
    yield from (f"tuntap add t{tun} mode tun" for tun in range(LINKS - number - 4))


def _addrs() -> Iterator[str]:
    # The kernel sorts IPv4 addresses by scope. Those that come and go have other scopes too, and stand between these.
    yield "addr add 10.0.0.1/16 dev v0"
    yield "addr add 10.4.0.1/32 dev v1"  # a link that loses its last IPv4 address loses its routes
    for number in range(ADDRS):
        dev = "v0" if number < ADDRS_OF_V0 else f"{'pq'[number % 2]}{(number - ADDRS_OF_V0) // 2}"
        scope = "scope link" if number % 2 else ""
        yield f"addr add 10.1.{number // 250}.{number % 250 + 1}/32 dev {dev} {scope}"
        yield f"addr add 2001:db8:1::{number + 1:x}/128 dev {dev} nodad"


def _objects() -> Iterator[str]:
    for number in range(OBJECTS - 50):
        gateway = HOPS4[number // 2] if number % 2 else HOPS6[number // 2]
        yield f"nexthop add id {FIRST_OBJECT + 2 * number} via {gateway} dev v0"
    for number in range(OBJECTS - 50, OBJECTS):
        member = FIRST_OBJECT + 4 * (number - OBJECTS + 50)
        yield f"nexthop add id {FIRST_OBJECT + 2 * number} group {member}/{member + 4}"


def _route(destination: str, number: int, hops: list[str], metric: str) -> str:
    via = hops[number % len(hops)]
    object = FIRST_OBJECT + 4 * (number // 10) + (2 if "." in via else 0)
    forms = {
        0: f"nhid {object}",
        1: f"nexthop via {via} dev v0 nexthop via {hops[number % len(hops) - 1]} dev v1 onlink",
        2: f"via {via} dev v0 table 100",
    }
    return f"route add {destination} {metric} {forms.get(number % 10, f'via {via} dev v0')}"


def _routes() -> Iterator[str]:
    for number in range(ROUTES):
        yield _route(f"20.{number // 250}.{number % 250}.0/24", number, HOPS4, "")
        yield _route(f"2001:db9:{number:x}::/48", number, HOPS6, "metric 9")
    yield f"route add default nexthop via {HOPS4[0]} dev v0 nexthop via {HOPS4[1]} dev v0"
    yield f"route add default nexthop via {HOPS6[0]} dev v0 nexthop via {HOPS6[1]} dev v0"


def source_of_rule(family: int, number: int) -> str:
    return f"198.18.{number // 250}.{number % 250 + 1}" if family == 4 else f"2001:db8:3::{number + 1:x}"


def _rules(family: int) -> Iterator[str]:
    for number in range(RULES):
        yield f"rule add from {source_of_rule(family, number)} pref {FIRST_RULE + number} table 77"


def build(net: Namespace) -> None:
    # The other groups are joined on request: see changes.Groups.
    for part in (_links, _addrs, _objects, _routes):
        net.ip("\n".join(part()))
    for family in (4, 6):
        net.ip("\n".join(_rules(family)), f"-{family}")
