"""Answers while other rows come and go (B6a): permanent rows are there, and no row is there twice.

`make churn` does the same with more changes, and for longer. All but that of links fail within a second if one dump is
taken as it is.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from netns import Namespace

import getifs

SECONDS = 1.0
LEAST_CALLS = 20  # on a slow machine


@contextmanager
def changes(*loops: str, options: tuple[str, ...] = ()) -> Iterator[None]:
    """Processes that repeat the commands of `ip`, each its own, as fast as they can."""
    children = []
    for commands in loops:
        child = os.fork()
        if child == 0:
            while True:
                subprocess.run(
                    ["ip", *options, "-force", "-batch", "-"], input=commands.encode(), capture_output=True, check=False
                )
        children.append(child)
    try:
        yield
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def check(ask: Callable[[], list[object]], permanent: set[object]) -> None:
    calls, end = 0, time.monotonic() + SECONDS
    while calls < LEAST_CALLS or time.monotonic() < end:
        rows = ask()
        assert permanent <= set(rows)
        assert len(rows) == len(set(rows))
        calls += 1


def batch(form: str, count: int) -> str:
    return "".join(
        form.replace("HEX", f"{number + 1:x}").replace("N", str(number + 1)) + "\n" for number in range(count)
    )


def in_turn(add: str, remove: str, count: int) -> str:
    """Adds and removes each."""
    return batch(f"{add}\n{remove}", count)


# The commands that make the others, those that remove their routes without a notification, and the sign of a route.
SILENT = {
    "link": ("link set w0 up", "link set w0 down", "dev w0"),
    "address": ("addr add 192.0.2.9/32 dev w0", "addr del 192.0.2.9/32 dev w0", "dev w0 src 192.0.2.9"),
    "object": ("nexthop add id 9 dev w0", "nexthop del id 9", "nhid 9"),
}


@pytest.mark.parametrize("api", ["module", "session"])
@pytest.mark.parametrize("way", SILENT)
def test_b6a_ipv4_routes_that_vanish_silently(net: Namespace, way: str, api: str) -> None:
    """Routes of the same destination: the kernel resumes a dump by their number."""
    index = net.veth()
    net.veth("w0", "w1")
    net.ip("".join(f"route add 10.0.0.0/8 dev v0 metric {1000 + number}\n" for number in range(1200)))
    add, remove, through = SILENT[way]
    others = "".join(f"route add 10.0.0.0/8 metric {number} {through}\n" for number in range(1, 500))
    with getifs.Session() as session, changes(f"{add}\n{others}{remove}\n"):
        asked = session if api == "session" else getifs
        check(
            lambda: [row.metric for row in asked.route_table(family=4) if row.index == index],
            set(range(1000, 2200)),
        )


def test_b6a_ipv6_routes(net: Namespace) -> None:
    net.veth()
    net.ip(batch("route add 2001:db8:HEX::/48 dev v0", 1000))

    def ask() -> list[object]:
        return [text for row in getifs.route_table(family=6) if (text := str(row.destination)).endswith("/48")]

    permanent = set(ask())
    assert len(permanent) == 1000
    each = in_turn("route add 2001:db7:HEX::/48 dev v0", "route del 2001:db7:HEX::/48 dev v0", 500)
    many = batch("route add 2001:db6:HEX::/48 dev v0", 300) + batch("route del 2001:db6:HEX::/48 dev v0", 300)
    with changes(each, many):
        check(ask, permanent)


@pytest.mark.parametrize("family", [4, 6, None])
def test_b6a_addresses(net: Namespace, family: int | None) -> None:
    net.veth()
    net.ip("".join(f"addr add 10.1.{n // 250}.{n % 250 + 1}/32 dev v0\n" for n in range(600)))
    net.ip(batch("addr add 2001:db8:1::HEX/128 dev v0 nodad", 600))
    net.settle()

    def ask() -> list[object]:
        return [(str(row.addr), row.index) for row in getifs.interface_addrs(family=family)]

    permanent = set(ask())
    four = in_turn("addr add 9.9.9.N/32 dev lo scope global", "addr del 9.9.9.N/32 dev lo", 200)
    six = in_turn("addr add 2001:db8:2::HEX/128 dev v0 nodad", "addr del 2001:db8:2::HEX/128 dev v0", 200)
    with changes(*([four] if family == 4 else [six] if family == 6 else [four, six])):
        check(ask, permanent)


def test_b6a_next_hop_objects(net: Namespace) -> None:
    net.veth()
    net.ip("".join(f"nexthop add id {2 * number} dev v0\n" for number in range(1, 1001)))
    others = "".join(f"nexthop add id {number} dev v0\nnexthop del id {number}\n" for number in range(1, 2000, 2))
    with changes(others):
        check(lambda: [row.id for row in getifs.nexthops()], {2 * number for number in range(1, 1001)})


@pytest.mark.parametrize("api", ["module", "session"])
@pytest.mark.parametrize("family", [4, 6, None])
def test_b6a_rules(net: Namespace, family: int | None, api: str) -> None:
    """The kernel resumes a dump by the number of the rule. The others stand before, between and behind."""
    for one in (4, 6):
        net.ip("".join(f"rule add iif v{number} pref {1000 + number} table 9\n" for number in range(800)), f"-{one}")

    families = {4: [2], 6: [10], None: [2, 10]}[family]
    permanent: set[object] = {(one, 1000 + number) for one in families for number in range(800)}
    numbers = [1, 7, 1100, 1400, 1500, 2000]
    others = "".join(f"rule add pref {number} table 8\nrule del pref {number} table 8\n" for number in numbers)
    with getifs.Session() as session, changes(others), changes(others, options=("-6",)):
        asked = session if api == "session" else getifs
        check(lambda: [(row.family, row.priority) for row in asked.rules(family=family) if row.table == 9], permanent)


def test_b6a_links(net: Namespace) -> None:
    """A dump of links goes on at an interface index: it cannot lose one."""
    net.ip("".join(f"link add p{number} index {100 + 2 * number} type bridge\n" for number in range(100)))
    permanent = {100 + 2 * number for number in range(100)}
    others = "".join(
        f"link add c{number} index {101 + 2 * number} type bridge\nlink del c{number}\n" for number in range(100)
    )
    with changes(others):
        check(lambda: [row.index for row in getifs.interfaces()], permanent)
