"""Asks getifs and other libraries about a network that changes as fast as two processes can change it.

    python tests/churn/run.py [--seconds N] [--only LIBRARY …] [--seed N]

Prints one Markdown table. The exit status is 1 if an answer of getifs is wrong (a permanent row is missing, a row is
repeated or never existed, another error than "no consistent answer"), or if fewer than 99.5 % of its calls answer.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))  # the helpers of the tests

import getifs_queries as queries  # noqa: E402
import network  # noqa: E402
import peers  # noqa: E402
import report  # noqa: E402
from changes import HALVES, KINDS, Changer, permanent_groups  # noqa: E402
from netns import become_root, namespace, wait_for  # noqa: E402
from shared import Shared  # noqa: E402
from tally import Tally  # noqa: E402

import getifs  # noqa: E402

OURS = ("getifs", "session")
LIBRARIES = (*OURS, *peers.PEERS)
TURN = 0.1  # seconds that a library asks a query in a row
SHARED = "CHURN_SHARED"


def count_dumps() -> None:
    """Starts this program again, in the same process, with the library that counts dumps."""
    scratch = Path(tempfile.mkdtemp())
    compiler = os.environ.get("CC") or shutil.which("cc") or "gcc"
    library, shared = scratch / "count_dumps.so", scratch / "shared"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, HERE / "count_dumps.c", "-ldl"], check=True)
    Shared.create(shared)
    preloaded = " ".join(filter(None, [os.environ.get("LD_PRELOAD"), str(library)]))
    os.execve(  # noqa: S606  # no shell is wanted
        sys.executable, [sys.executable, *sys.argv], {**os.environ, SHARED: str(shared), "LD_PRELOAD": preloaded}
    )


def tallies_of(library: str, session: getifs.Session) -> list[Tally]:
    if library in OURS:
        asked = session if library == "session" else getifs
        return [Tally(library, query, queries.GAVE_UP) for query in queries.queries(asked)]
    try:
        found, gave_up = peers.PEERS[library]()
    except peers.Missing as reason:
        print(f"Not measured: {reason}", flush=True)
        return []
    return [Tally(library, query, gave_up) for query in found]


def learn(tallies: list[Tally], changers: list[Changer], shared: Shared) -> None:
    """Asks while nothing changes: with all of the rows that come and go, and then without them."""
    for all_of_them in (True, False):
        for changer in changers:
            changer.set_all(all_of_them)
        for tally in tallies:

            def is_settled(tally: Tally = tally) -> bool:
                before = tally.quiet_answer(shared)
                time.sleep(0.02)
                tally.permanent = tally.quiet_answer(shared)
                return before == tally.permanent

            wait_for(is_settled)
            tally.possible |= tally.permanent


def start_changers(seed: int, shared: Shared) -> list[int]:
    children = []
    for half in range(HALVES):
        child = os.fork()
        if child == 0:
            status = 1
            try:
                Changer(half, seed).run(shared, half)
                status = 0
            finally:
                os._exit(status)
        children.append(child)
    return children


def measure(tallies: list[Tally], seconds: float, shared: Shared) -> None:
    """All libraries ask the same query in turns, then all ask the next one, until the time has passed."""
    end = time.monotonic() + seconds
    for number in itertools.count():
        for name, kinds in queries.FOCUS.items():
            if not any(tally.query.name == name for tally in tallies):
                continue
            if number and time.monotonic() >= end:  # each query is asked in any case
                return
            shared.focus = sum(1 << KINDS.index(kind) for kind in kinds.split())
            time.sleep(0.02)
            for tally in tallies:
                if tally.query.name == name:
                    tally.measure(shared, TURN)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--only", nargs="+", choices=LIBRARIES, help="these libraries")
    parser.add_argument("--queries", nargs="+", choices=queries.FOCUS, default=[*queries.FOCUS], help="these queries")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="of the order of the changes")
    return parser.parse_args()


def run(options: argparse.Namespace, shared: Shared, session: getifs.Session) -> bool:
    found = [tally for library in options.only or LIBRARIES for tally in tallies_of(library, session)]
    tallies = [tally for tally in found if tally.query.name in options.queries]
    changers = [Changer(half, options.seed) for half in range(HALVES)]
    learn(tallies, changers, shared)
    for changer in changers:
        changer.close()
    children = start_changers(options.seed, shared)
    try:
        measure(tallies, options.seconds, shared)
    finally:
        shared.stop()
        failed = [child for child in children if os.waitpid(child, 0)[1]]
    for tally in tallies:
        # Otherwise the changes have removed permanent rows, and the answers were right.
        wait_for(lambda tally=tally: tally.permanent <= tally.quiet_answer(shared))
    tallies.sort(key=lambda tally: list(queries.FOCUS).index(tally.query.name))
    print(f"{report.machine()}, {options.seconds:.0f} s, seed {options.seed}\n")
    print(report.table(tallies), end="\n\n")
    for text in report.details(tallies):
        print(text, file=sys.stderr)
    refused, changes = sum(shared.refused), sum(shared.changes)
    print(f"{changes:,} changes, {refused:,} of them refused by the kernel")
    is_good, text = report.verdict([tally for tally in tallies if tally.library in OURS])
    print(text)
    return is_good and not failed and refused <= changes // 1000


def main() -> None:
    options = arguments()
    if SHARED not in os.environ:
        count_dumps()
    shared_file = Path(os.environ[SHARED])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    if os.geteuid() != 0:
        become_root()
    try:
        with namespace() as net, getifs.Session() as session:
            network.build(net)
            groups = permanent_groups()
            is_good = run(options, Shared(shared_file), session)
            del groups
    finally:
        shutil.rmtree(shared_file.parent)
    sys.exit(not is_good)


if __name__ == "__main__":
    main()
