"""The time that commands take, beside a bare interpreter and beside `ip`. Prints Markdown tables.

    python bench/commands.py [--rounds N]

Run it as root, with a Python in which getifs is installed or on its path.
"""

from __future__ import annotations

import argparse
import os
import shlex
import statistics
import subprocess
import sys
import time

from networks import Namespace, Network

PYTHON = shlex.quote(sys.executable)
GETIFS = f"{PYTHON} -c 'import sys; from getifs._cli.main import main; sys.exit(main())'"
START = [
    GETIFS,
    *[f"{GETIFS} {words}" for words in ("links", "routes", "links --json", "--help")],
    *[f"{GETIFS} {words}" for words in ("best", "tree", "links --where up")],  # which need predicates
]
ROUTES = [
    ("ip route", f"{GETIFS} routes -4"),
    ("ip route | cat", f"{GETIFS} routes -4 | cat"),
    ("ip -j route", f"{GETIFS} routes -4 --json"),
    ("ip route", f"{GETIFS} routes | head -1"),
    ("ip route", f"{GETIFS} routes --json | head -1"),
]


def seconds(commands: list[str], rounds: int, namespace: str = "") -> dict[str, float]:
    """The median time of each command. They take turns."""
    times: dict[str, list[float]] = {command: [] for command in commands}
    before = ["ip", "netns", "exec", namespace] if namespace else []
    for _ in range(rounds + 1):
        for command, measured in times.items():
            start = time.perf_counter()
            subprocess.run([*before, "sh", "-c", command], stdout=subprocess.DEVNULL, check=True)
            measured.append(time.perf_counter() - start)
    return {command: statistics.median(measured[1:]) for command, measured in times.items()}


def shown(command: str) -> str:
    return command.replace(GETIFS, "getifs").replace(PYTHON, "python").replace("|", "\\|")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    bare = f"{PYTHON} -c pass"
    times = seconds([bare, *START], 3 * rounds)
    print(f"| command | time | {shown(bare)} |\n| --- | --- | --- |")
    for command in START:
        print(f"| `{shown(command)}` | {times[command] * 1e3:.1f} ms | {times[command] / times[bare]:.2f} × |")
    namespace = Namespace("getifs-commands", Network(pairs=1, routes4=200_000, routes6=0))
    try:
        times = seconds([command for pair in ROUTES for command in pair], rounds, namespace.name)
    finally:
        namespace.close()
    print("\n| command, with 200,000 routes | time | beside | |\n| --- | --- | --- | --- |")
    for theirs, ours in ROUTES:
        ratio = f"{times[ours] / times[theirs]:.2f} ×"
        print(f"| `{shown(ours)}` | {times[ours] * 1e3:.0f} ms | `{shown(theirs)}` | {ratio} |")


if __name__ == "__main__":
    main()
