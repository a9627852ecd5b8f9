"""Measures what each optimization of ablations.py gains, and prints one Markdown table.

    python bench/tricks.py [--only NAME|NETWORK …] [--rounds N] [--starts N]

Each optimization is removed from a copy of the sources. Workers of the whole and of the changed copy run the same
operation in turns; they are started anew several times, since the layout of a process's memory has an influence too.
The columns "with" and "without" are ratios to the floor (see run.py), the last one is the ratio of both: medians and
quartiles. The rows of the control, in which nothing was removed, show how much is noise. Run it as root.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import run
from ablations import ABLATIONS, Ablation
from networks import NETWORKS, Namespace, Network

HERE = Path(__file__).parent
ROOT = HERE.parent
# Routes of real tables share gateways; those of the other networks alternate between 200.
PLACES = NETWORKS | {"one-gateway": Network(pairs=1, routes4=0, routes6=50_000)}
SOURCES = ("csrc", "getifs", "setup.py", "pyproject.toml", "README.md", "LICENSE")


def python(tree: Path) -> list[str]:
    """The command of an interpreter that imports getifs from this tree."""
    return ["env", f"PYTHONPATH={tree}", sys.executable]


def build(tree: Path) -> None:
    subprocess.run([sys.executable, "setup.py", "-q", "build_ext", "--inplace"], cwd=tree, check=True)


def copy_sources(tree: Path) -> None:
    """A copy of the sources, built."""
    tree.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("*.so", "__pycache__"))
        else:
            shutil.copy(ROOT / name, tree / name)
    build(tree)


class Trees:
    """The whole sources, and a copy of them without each optimization; made when they are first needed."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self.whole = folder / "whole"
        copy_sources(self.whole)

    def without(self, name: str) -> Path:
        tree = self._folder / name
        if not tree.exists():
            shutil.copytree(self.whole, tree)
            ABLATIONS[name].apply(tree)
            if ABLATIONS[name].is_native:
                build(tree)
            code = "from getifs import _native; print(_native.__file__)"
            imported = subprocess.run([*python(tree), "-c", code], capture_output=True, text=True, check=True).stdout
            assert Path(imported).is_relative_to(tree), imported
        return tree


def start(library: str, tree: Path, namespace: Namespace) -> run.Worker:
    return run.Worker([*python(tree), str(HERE / "worker.py"), library, namespace.path])


class Comparison:
    """One operation with and without an optimization."""

    def __init__(self) -> None:
        self.whole, self.changed, self.gain = (run.Measurement(name) for name in ("with", "without", "gain"))

    def add(self, floor: str, trees: tuple[Path, Path], namespace: Namespace, name: str, rounds: int) -> None:
        """Measures once more, in new processes."""
        library, _, operation = name.rpartition("/")
        workers = {"floor": run.Worker([floor, namespace.path])}
        workers |= {
            key: start(library or "getifs", tree, namespace)
            for key, tree in zip(("with", "without"), trees, strict=True)
        }
        _, (whole, changed) = run.measure(workers, operation, 1, rounds)
        self.whole.ratios += whole.ratios
        self.changed.ratios += changed.ratios
        self.gain.ratios += [slow / fast for slow, fast in zip(changed.times, whole.times, strict=True)]
        for worker in workers.values():
            worker.close()


def report(network: str, names: list[str], floor: str, trees: Trees, options: argparse.Namespace) -> None:
    """Prints the rows of one network."""
    namespace = Namespace("bench-tricks", PLACES[network])
    try:
        for name in names:
            ablation: Ablation = ABLATIONS[name]
            both = (trees.whole, trees.without(name))
            for operation in ablation.where[network].split():
                found = Comparison()
                for _ in range(options.starts):
                    found.add(floor, both, namespace, operation, options.rounds)
                cells = [f"{ablation.title}", network, operation, found.whole, found.changed, found.gain]
                print("| " + " | ".join(map(str, cells)) + " |", flush=True)
    finally:
        namespace.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", choices=[*ABLATIONS, *PLACES], default=[])
    parser.add_argument("--rounds", type=int, default=7, help="of each start")
    parser.add_argument("--starts", type=int, default=7)
    options = parser.parse_args()
    names = [name for name in ABLATIONS if name in options.only] or list(ABLATIONS)
    networks = [name for name in PLACES if name in options.only] or list(PLACES)
    print(
        f"{dt.datetime.now(tz=dt.timezone.utc).date()}, Linux {platform.release()}, {platform.machine()}, "
        f"{os.cpu_count()} processors, Python {platform.python_version()}, "
        f"{options.starts} starts of {options.rounds} rounds\n"
    )
    print("| optimization | network | operation | with | without | without ÷ with |")
    print("| --- | --- | --- | --- | --- | --- |", flush=True)
    scratch = tempfile.mkdtemp()
    try:
        trees = Trees(Path(scratch) / "trees")
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
        floor = run.build_floor(scratch)
        for network in networks:
            here = [name for name in names if network in ABLATIONS[name].where]
            if here:
                report(network, here, floor, trees, options)
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
