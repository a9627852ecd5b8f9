"""Measures what following changes costs, beside pyroute2, and prints one Markdown table.

    python bench/watch.py [--only PART …] [--rounds N]

Each library runs in a process of its own (followers.py), in a namespace where this program makes the changes. Times are
of the processor, all threads of the process together. Run it as root.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import statistics
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from changes import MARK, Sender, addr, batched, pairs, route
from networks import NETWORKS, Namespace, Network
from run import Worker

HERE = Path(__file__).parent
LIBRARIES = ("getifs", "AsyncIPRoute", "NDB")
BATCH = 400  # notifications that wait to be read: few enough for every library's buffer
IDLE_SECONDS = 5
QUERIES = 1000
SIZES = ("10000", "100000", "1000000")  # routes; the last only if asked for, and only with getifs
RATE = 10_000  # changes a second
FOLLOW_SECONDS = 5


class Follower(Worker):
    """A process of followers.py. It ends with the block."""

    def __init__(self, library: str, namespace: Namespace) -> None:
        super().__init__([sys.executable, str(HERE / "followers.py"), library, namespace.path])

    def ask(self, operation: str, count: int = 1) -> float | None:
        """The answer, whole."""
        answer = self.measure(operation, count)
        return None if answer is None else answer * count

    def __enter__(self) -> Follower:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def microseconds(times: list[float]) -> str:
    """The median of nanoseconds, and the quartiles."""
    low, median, high = statistics.quantiles([time_ / 1000 for time_ in times], n=4)
    digits = 0 if median >= 100 else 1
    return f"{median:,.{digits}f} ({low:,.{digits}f}–{high:,.{digits}f}) µs"


def of_addresses(library: str, namespace: Namespace, rounds: int) -> list[str]:
    """An event of an address, idling, and queries."""
    datagrams = batched(pairs(addr, BATCH), 50)
    sender = Sender(namespace.path)
    with Follower(library, namespace) as follower:
        follower.ask("addrs")
        times = []
        for _ in range(rounds):
            sender.send(datagrams)
            times.append(follower.measure("events", BATCH) or 0)
        cells = [microseconds(times[1:]), f"{(follower.ask('idle', IDLE_SECONDS) or 0) / 1e6:.1f} ms"]
        for query in ("interfaces", "interface_addrs"):
            times = [follower.measure(query, QUERIES) for _ in range(rounds)]
            cells.append("—" if None in times else microseconds(times))
    sender.close()
    return cells


def keeps_up(library: str, namespace: Namespace) -> list[str]:
    """Follows many routes while others change, fast."""
    requests = pairs(route, RATE * FOLLOW_SECONDS)
    datagrams = batched(requests, RATE // 100)
    sender = Sender(namespace.path)
    with Follower(library, namespace) as follower:
        begun = time.monotonic()
        known = follower.ask("routes")
        loaded = time.monotonic() - begun
        if known is None:
            return [f"over {loaded:.0f} s", *["—"] * (len(FOLLOW_LABELS) - 1)]
        memory = follower.ask("memory") or 0
        ends: list[float | None] = []
        waiter = threading.Thread(target=lambda: ends.append(follower.ask("mark")))
        waiter.start()
        time.sleep(0.2)
        rate = sender.send(datagrams, 100) * (RATE // 100)
        sender.send([route(1, add=True, metric=MARK)])
        done = time.monotonic_ns()
        waiter.join()
        sender.send([route(1, add=False, metric=MARK)])
        sender.close()
        known_after = "—" if library == "AsyncIPRoute" else f"{loaded:.2f} s"  # it keeps no state
        cells = [known_after, f"{memory / 1e6:.0f} MB", f"{rate:,.0f}"]
        if ends[0] is None:
            return [*cells, *["never"] * (len(FOLLOW_LABELS) - 3)]
        seen, used = follower.ask("events_seen") or 0, follower.ask("time_used") or 0
        cells += [f"{max(0.0, ends[0] - done) / 1e6:.1f} ms", f"{seen:,.0f} of {len(requests) + 1:,}"]
        return [*cells, f"{used / seen / 1000:.1f} µs", *after_deletion(library, namespace, follower)]


def after_deletion(library: str, namespace: Namespace, follower: Follower) -> list[str]:
    """An interface with routes is deleted, so that all are read again. The time, and the most memory so far."""
    if library != "getifs":
        return ["—", "—"]
    follower.ask("idle")  # reads what is left
    namespace.ip("link add gone0 type bridge", "link set gone0 up", "addr add 192.0.2.1/24 dev gone0", "link del gone0")
    used = follower.ask("idle") or 0
    return [f"{used / 1e6:.1f} ms", f"{(follower.ask('peak') or 0) / 1e6:.0f} MB"]


def memory_of_dump(namespace: Namespace) -> str:
    """What the table of one query takes, to compare the state that is kept with."""
    with Follower("dump", namespace) as follower:
        follower.ask("routes")
        return f"{(follower.ask('memory') or 0) / 1e6:.0f} MB"


ADDRESS_LABELS = (
    "an event of an address",
    f"{IDLE_SECONDS} s without a change",
    "query: 5 interfaces",
    "query: their 10 addresses",
)
FOLLOW_LABELS = (
    "until they are known",
    "memory",
    f"changes a second, for {FOLLOW_SECONDS} s",
    "lag at the end",
    "changes seen",
    "processor time for a change seen",
    "all are read again, since an interface was deleted",
    "most memory, with that",
)


def rows(labels: tuple[str, ...], network: Network, columns: Callable[[Namespace], list[list[str]]]) -> None:
    """Prints rows with a column for each library."""
    namespace = Namespace("bench-watch", network)
    try:
        for label, *cells in zip(labels, *columns(namespace), strict=True):
            print(f"| {label} | " + " | ".join(cells) + " |", flush=True)
    finally:
        namespace.close()


def follow(routes: int, libraries: tuple[str, ...]) -> None:
    """Prints the rows of a network with so many routes."""

    def columns(namespace: Namespace) -> list[list[str]]:
        dump.append(memory_of_dump(namespace))
        found = [keeps_up(library, namespace) for library in libraries]
        return [*found, *[[""] * len(FOLLOW_LABELS)] * (len(LIBRARIES) - len(found))]

    dump: list[str] = []
    labels = tuple(f"{routes:,} routes: {label}" for label in FOLLOW_LABELS)
    rows(labels, Network(pairs=1, routes4=routes, routes6=0), columns)
    print(f"| {routes:,} routes: memory of the table of `route_table()` | {dump[0]} | | |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", choices=["addresses", *SIZES], default=["addresses", *SIZES[:-1]])
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    print(
        f"{dt.datetime.now(tz=dt.timezone.utc).date()}, Linux {platform.release()}, {platform.machine()}, "
        f"{os.cpu_count()} processors, Python {platform.python_version()}, {options.rounds} rounds\n"
    )
    print("| | " + " | ".join(LIBRARIES) + " |")
    print("| --- " * (1 + len(LIBRARIES)) + "|", flush=True)
    if "addresses" in options.only:
        rows(
            ADDRESS_LABELS,
            NETWORKS["small"],
            lambda namespace: [of_addresses(library, namespace, options.rounds) for library in LIBRARIES],
        )
    for size in SIZES:
        if size in options.only:
            follow(int(size), LIBRARIES[:1] if size == SIZES[-1] else LIBRARIES)


if __name__ == "__main__":
    main()
