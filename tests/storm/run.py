"""Watchers in many storms, in parallel processes.

    python tests/storm/run.py [--seeds N] [--first N] [--operations N]

Prints one line for each seed. The exit status is 1 if what a watcher said was not what a fresh dump says.
"""

from __future__ import annotations

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))  # the helpers of the tests

from netns import become_root, namespace

from storm.following import Counts, follow


def _one(seed: int, operations: int) -> Counts | str:
    with namespace() as net:
        try:
            return follow(net, seed, operations)
        except AssertionError as error:
            return str(error)


def main() -> int:
    parser = argparse.ArgumentParser(description="Watchers in random changes.")
    parser.add_argument("--seeds", type=int, default=6, help="how many")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    parser.add_argument("--operations", type=int, default=600, help="of each seed")
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        become_root()
    total, failed = Counts(), 0
    seeds = range(arguments.first, arguments.first + arguments.seeds)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(_one, seeds, [arguments.operations] * len(seeds))
        for seed, result in zip(seeds, results, strict=True):
            if isinstance(result, str):
                failed += 1
                print(f"seed {seed} differs:\n{result}", flush=True)
            else:
                total += result
                print(f"seed {seed}: {result}", flush=True)
    print(f"{len(seeds)} seeds of {arguments.operations} operations, {failed} with differences; {total}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
