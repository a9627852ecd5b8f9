"""What getifs and other libraries take: bytes on disk, import time, memory and system calls of one query.

    python bench/footprint.py [--rounds N]

Each figure is that of fresh processes that ask for all interfaces with their addresses once. It needs strace(1). Prints
the table of docs/embedding.md.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

# The query; and the packages that it needs beside the standard library.
LIBRARIES = {
    "getifs": ("getifs", "getifs.addrs_by_interface()", ("getifs", "_cffi_backend")),
    "psutil": ("psutil", "psutil.net_if_stats(), psutil.net_if_addrs()", ("psutil",)),
    "ifaddr": ("ifaddr", "list(ifaddr.get_adapters())", ("ifaddr",)),
    "netifaces": (
        "netifaces",
        "[netifaces.ifaddresses(name) for name in netifaces.interfaces()]",
        ("netifaces", "_netifaces"),
    ),
    "pyroute2": (
        "pyroute2",
        "[(list(ipr.get_links()), list(ipr.get_addr())) for ipr in [pyroute2.IPRoute()]]",
        ("pyroute2",),
    ),
}
OPTIONAL = {"_cli", "compat"}  # of getifs: see docs/embedding.md
CLOCK = "from time import perf_counter_ns as now; start = now(); {}; print(now() - start)"
MEMORY = "{}; print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"


def bytes_of(name: str) -> int:
    """The bytes of a package's or module's files, without bytecode and optional parts; of modules without symbols."""
    spec = find_spec(name)
    assert spec
    roots = spec.submodule_search_locations
    files = [path for root in roots for path in Path(root).rglob("*")] if roots else [Path(str(spec.origin))]
    total = 0
    with tempfile.TemporaryDirectory() as scratch:
        for path in files:
            left_out = name == "getifs" and OPTIONAL & {*path.parts}
            if path.suffix not in {".py", ".so"} or left_out:
                continue
            if path.suffix == ".so":
                subprocess.run(["strip", "-o", f"{scratch}/stripped", path], check=True)
                path = Path(scratch, "stripped")  # noqa: PLW2901
            total += path.stat().st_size
    return total


def output(program: str, *command: str) -> str:
    done = subprocess.run([*command, sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def median(template: str, program: str, rounds: int) -> float:
    return statistics.median(int(output(template.format(program))) for _ in range(rounds))


def calls(program: str) -> int:
    """The system calls of a process, in all its threads and children."""
    with tempfile.NamedTemporaryFile("r") as trace:
        output(program, "strace", "-f", "-qq", "-o", trace.name)
        return sum(1 for line in trace if re.match(r"\d+ +\w+\(", line))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=21)
    rounds = parser.parse_args().rounds
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed has its bytecode
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    bare_kb, bare_calls = median(MEMORY, "pass", rounds), calls("pass")
    print("| library | KB on disk | import | import and query | memory | system calls |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, (module, query, packages) in LIBRARIES.items():
        load, once = f"import {module}", f"import {module}; {query}"
        imported, queried = median(CLOCK, load, rounds) / 1e6, median(CLOCK, once, rounds) / 1e6
        memory = (median(MEMORY, once, rounds) - bare_kb) * 1024 / 1e6
        sizes = " + ".join(f"{bytes_of(package) / 1000:,.0f}" for package in packages)
        counted = calls(once) - bare_calls
        print(
            f"| {name} | {sizes} | {imported:.1f} ms | {queried:.1f} ms | {memory:.1f} MB | {counted:,} |", flush=True
        )


if __name__ == "__main__":
    main()
