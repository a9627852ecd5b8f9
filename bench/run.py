"""Measures getifs against the floor and against other libraries, in turns, and prints one Markdown table.

    python bench/run.py [--only PART …] [--rounds N] [--before FOLDER] [--json FILE]

The floor of an operation is floor.c: it receives the same dump and does not parse it. Every figure is a ratio to the
floor that was measured in the same round: the median and, in brackets, the quartiles. `--before` measures another
checkout (with its own .venv) beside this one, instead of the other libraries. The JSON file is a pyperf suite
(`python -m pyperf show FILE`) of the times. Run it as root.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyperf
from networks import NETWORKS, Namespace

HERE = Path(__file__).parent
OURS = ("getifs", "session", "core")
OTHERS = ("glibc", "psutil", "ifaddr", "netifaces", "pyroute2", "ip")
BEFORE = {"getifs before": "getifs", "session before": "session"}
# What is measured, and what of the floor it is measured against.
FLOORS = {
    "one_link": "one_link",
    "one_link_by_name": "one_link",
    "links": "links",
    "links_read": "links",
    "addrs": "addrs",
    "addrs_addr": "addrs",
    "links_addrs": "links_addrs",
    "addrs_of_each": "addrs_of_one",
    "routes4": "routes4",
    "routes4_read": "routes4",
    "routes4_addr": "routes4",
    "routes4_column": "routes4",
    "routes4_default": "routes4",
    "routes4_dicts": "routes4",
    "gateways": "routes_unspec",
    "best": "routes",
    "best4": "best4",
    "defaults": "routes",
    "multicast": "multicast",
    "ip_mtu": "addrs",
    "neighbours": "neighbours",
    "rules": "rules",
    "route_to": "route_to",
    "net_if_addrs": "links_addrs",
    "net_if_stats": "links",
    "net_io_counters": "links",
    "get_adapters": "links_addrs",
    "ifaddresses": "links_addrs",
}
GLIBC = {"links_addrs": "getifaddrs"}  # an operation of the floor program
ROUND_NS = 20_000_000  # about as long as one library is measured in a round
SLOW_NS = 1_000_000_000  # what takes longer is measured once


class Worker:
    """A process in a namespace that does an operation so often and says how long it took."""

    def __init__(self, command: list[str], operations: dict[str, str] | None = None) -> None:
        self._operations = operations  # as it calls them, or `None`: it knows ours
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def measure(self, operation: str, count: int) -> float | None:
        """Nanoseconds each, or `None` where it has no such operation."""
        assert self._process.stdin
        assert self._process.stdout
        if self._operations is not None:
            if operation not in self._operations:
                return None
            operation = self._operations[operation]
        self._process.stdin.write(f"{operation} {count}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline().strip()
        if not answer:
            raise RuntimeError(f"{self._process.args} ended")
        return None if answer == "-" else int(answer) / count

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def build_floor(folder: str) -> str:
    floor = f"{folder}/floor"
    subprocess.run([os.environ.get("CC", "cc"), "-O2", "-o", floor, HERE / "floor.c"], check=True)
    return floor


class Measurement:
    """One operation of one library in one network: its times, and their ratios to the floor's of the same round."""

    def __init__(self, library: str) -> None:
        self.library = library
        self.times: list[float] = []
        self.ratios: list[float] = []

    def __str__(self) -> str:
        median = statistics.median(self.ratios)
        if len(self.ratios) < 4 or median >= 10:
            return f"{median:,.0f}" if median >= 10 else f"{median:.2f}"
        low, _, high = statistics.quantiles(self.ratios, n=4)
        return f"{median:.2f} ({low:.2f}–{high:.2f})"


def start(library: str, floor: str, namespace: Namespace, before: Path | None) -> Worker:
    if library == "glibc":
        return Worker([floor, namespace.path], GLIBC)
    if library in BEFORE:
        assert before
        command = [str(before / ".venv/bin/python"), str(before / "bench/worker.py"), BEFORE[library]]
        return Worker([*command, namespace.path])
    return Worker([sys.executable, str(HERE / "worker.py"), library, namespace.path])


def measure(workers: dict[str, Worker], operation: str, links: int, rounds: int) -> tuple[float, list[Measurement]]:
    """The floor in nanoseconds, and the measurements of all libraries that have the operation."""
    floor = workers["floor"]
    each = links if operation == "addrs_of_each" else 1
    measurements: dict[str, Measurement] = {}
    counts = {"floor": max(1, int(ROUND_NS / (floor.measure(FLOORS[operation], 10) or 1)))}
    for library in [name for name in workers if name != "floor"]:
        once = workers[library].measure(operation, 1)
        if once is not None:
            measurements[library] = Measurement(library)
            if once > SLOW_NS:
                measurements[library].times.append(once / each)
            else:  # the first time it imports what it needs
                counts[library] = max(1, int(ROUND_NS / (workers[library].measure(operation, 10) or once)))
    floors = []
    others = [name for name in counts if name != "floor"]
    for number in range(rounds):
        at = number % len(others)  # whoever comes first after the floor has the coldest caches
        for name in ["floor", *others[at:], *others[:at]]:
            count = counts[name]
            time_ = workers[name].measure(FLOORS[operation] if name == "floor" else operation, count)
            assert time_ is not None
            if name == "floor":
                floors.append(time_)
            else:
                measurements[name].times.append(time_ / each)
                measurements[name].ratios.append(time_ / each / floors[-1])
    base = statistics.median(floors)
    for measurement in measurements.values():
        measurement.ratios = measurement.ratios or [measurement.times[0] / base]
    return base, list(measurements.values())


def million(rounds: int, scratch: str) -> str:
    """1,000,000 IPv4 routes: ratio to the floor, and the memory that the query takes at most."""
    namespace = Namespace("bench-million", NETWORKS["million"])
    try:
        floor = Worker([build_floor(scratch), namespace.path])
        ours = Worker([sys.executable, str(HERE / "worker.py"), "getifs", namespace.path])
        ratios = []
        for _ in range(rounds):
            base = floor.measure("routes4", 1)
            assert base
            ratios.append((ours.measure("routes4", 1) or 0) / base)
        grown = ours.measure("peak_memory", 1) or 0
        floor.close()
        ours.close()
    finally:
        namespace.close()
    return (
        f"1,000,000 routes: {statistics.median(ratios):.2f} of the floor, peak memory {grown / 1e6:.0f} MB above start"
    )


def elsewhere(rounds: int) -> str:
    """Sessions with `netns=`, compared with sessions in their own namespace."""
    namespace = Namespace("bench-netns", NETWORKS["small"])
    found = []
    try:
        own, other = (
            Worker([sys.executable, str(HERE / "worker.py"), name, namespace.path]) for name in ("session", "netns")
        )
        for operation in ("one_link", "addrs", "one_link_opened"):
            ratios = []
            for _ in range(rounds + 1):
                base, time_ = own.measure(operation, 2000), other.measure(operation, 2000)
                assert base
                assert time_
                ratios.append(time_ / base)
            low, median, high = statistics.quantiles(ratios[1:], n=4)
            found.append(f"{operation} {median:.2f} ({low:.2f}–{high:.2f})")
        own.close()
        other.close()
    finally:
        namespace.close()
    return f"Session(netns=), of a session in its own namespace: {', '.join(found)}"


def import_cost() -> str:
    """What `import getifs` costs over a bare interpreter."""

    def start(code: str) -> float:
        from_ = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        return time.perf_counter() - from_

    costs = [start("import getifs") - start("pass") for _ in range(25)]
    return f"`import getifs`: {statistics.median(costs) * 1000:.1f} ms over a bare interpreter"


def report(  # noqa: PLR0917
    network: str, floor: str, operations: list[str], rounds: int, libraries: tuple[str, ...], before: Path | None
) -> list[pyperf.Benchmark]:
    """Prints the table's rows of one network."""
    namespace = Namespace(f"bench-{network}", NETWORKS[network])
    workers = {"floor": Worker([floor, namespace.path])}
    workers |= {library: start(library, floor, namespace, before) for library in libraries}
    benchmarks = []
    for operation in operations:
        base, measurements = measure(workers, operation, 2 * NETWORKS[network].pairs + 1, rounds)
        cells = {m.library: str(m) for m in measurements}
        row = [network, operation, f"{base / 1000:,.1f} µs", *(cells.get(name, "") for name in libraries)]
        print("| " + " | ".join(row) + " |", flush=True)
        for m in measurements:
            metadata = {"name": f"{network}/{operation}/{m.library}", "unit": "second"}
            seconds = [time_ / 1e9 for time_ in m.times]
            benchmarks.append(pyperf.Benchmark([pyperf.Run(seconds, metadata=metadata, collect_metadata=False)]))
    for worker in workers.values():
        worker.close()
    namespace.close()
    return benchmarks


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", choices=[*FLOORS, *NETWORKS, "import", "netns"], default=[])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--before", type=Path)
    parser.add_argument("--json", type=Path, default=HERE.parent / "build" / "bench.json")
    options = parser.parse_args()
    wanted = set(options.only)
    operations = [name for name in FLOORS if name in wanted] or ([] if wanted & {"import", "netns"} else list(FLOORS))
    networks = [name for name in NETWORKS if name in wanted] or list(NETWORKS)
    print(
        f"{dt.datetime.now(tz=dt.timezone.utc).date()}, Linux {platform.release()}, {platform.machine()}, "
        f"{os.cpu_count()} processors, Python {platform.python_version()}, {options.rounds} rounds\n"
    )
    benchmarks: list[pyperf.Benchmark] = []
    scratch = tempfile.mkdtemp()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # they take turns: on the same processor, with equal luck
    try:
        if operations:
            libraries = (*OURS, *(BEFORE if options.before else OTHERS))
            print("| network | operation | floor | " + " | ".join(libraries) + " |")
            print("| --- " * (3 + len(libraries)) + "|", flush=True)
            floor = build_floor(scratch)
            for network in networks:
                if network != "million":
                    benchmarks += report(network, floor, operations, options.rounds, libraries, options.before)
        if "million" in (wanted or networks):
            print("\n" + million(min(options.rounds, 5), scratch))
        if not wanted or "netns" in wanted:
            print("\n" + elsewhere(options.rounds))
        if not wanted or "import" in wanted:
            print("\n" + import_cost())
    finally:
        shutil.rmtree(scratch)
    if benchmarks:
        options.json.parent.mkdir(exist_ok=True)
        pyperf.BenchmarkSuite(benchmarks).dump(str(options.json), replace=True)


if __name__ == "__main__":
    main()
