"""Runs the test suites of psutil, ifaddr, netifaces, python-zeroconf and aiodiscover over the shims.

    python tests/compat/run_suites.py [--only SUITE …] [--original]

Downloads their source distributions through pip, and installs what the tests need in a virtual environment of their
own, in build/compat. Each suite runs in a new network namespace. Prints how many tests pass, fail, or do not apply to
the shims; reasons.py says why. Ends with status 1 if a test fails without a reason there. With `--original` nothing is
replaced: what fails then fails without the shims too. Run it as root.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tarfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FOLDER = ROOT / "build/compat"
PYTHON = FOLDER / "venv/bin/python"
sys.path.append(str(HERE.parent))

from netns import Namespace, namespace  # noqa: E402  # it is in the directory above
from reasons import NOT_APPLICABLE  # noqa: E402

NETWORK = """\
link set lo multicast on
link add eth0 type veth peer name eth1
link set eth0 up
link set eth1 up
addr add 192.0.2.2/24 brd + dev eth0
addr add 2001:db8::2/64 dev eth0 nodad
route add default via 192.0.2.1
route add default via 2001:db8::1
"""
TOOLS = ["cffi", "pytest==9.2.0", "pytest-asyncio==1.5.0", "pytest-timeout==2.4.0", "pytest-codspeed==5.0.4"]
TOOLS += ["blockbuster==1.5.29", "psleak==0.1.6", "hypothesis"]
# The tests of psutil that concern what the shim has. The others count as deselected.
PSUTIL = "net_io or net_if or NetIf or NetIO or nic_names or wrap or constants"


@dataclass
class Suite:
    """The tests in a source distribution."""

    version: str
    members: str  # a pattern for the files of the distribution that are extracted
    tests: list[str]  # arguments of pytest; none for a script
    counts: dict[str, int] = field(default_factory=dict)


SUITES = {
    "psutil": Suite("7.2.2", "tests/", ["tests", "-k", PSUTIL]),
    "ifaddr": Suite(
        "0.2.0", "ifaddr/test_ifaddr.py", ["ifaddr/test_ifaddr.py", "--rootdir=ifaddr", "--import-mode=importlib"]
    ),
    "netifaces": Suite("0.11.0", "test.py", []),
    "zeroconf": Suite("0.154.0", "tests/", ["tests", "--ignore=tests/benchmarks"]),
    "aiodiscover": Suite("3.3.2", "aiodiscover/", ["aiodiscover/tests"]),
}


def prepare(names: list[str]) -> None:
    """Installs and downloads what is not there yet."""
    installed = [f"{name}=={suite.version}" for name, suite in SUITES.items() if name != "netifaces"]
    installed += [*TOOLS, "netifaces-plus==0.12.5"]  # its maintained fork, the original for `--original`
    stamp = FOLDER / "venv/installed"
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "-q", "--no-input"]
    if not stamp.exists() or stamp.read_text() != "\n".join(installed):
        subprocess.run([sys.executable, "-m", "venv", "--clear", FOLDER / "venv"], check=True)
        subprocess.run([*pip, "install", *installed], check=True)
        stamp.write_text("\n".join(installed))
    for name in names:
        suite = SUITES[name]
        folder = FOLDER / f"{name}-{suite.version}"
        if folder.exists():
            continue
        what = ["--no-deps", "--no-binary", name, f"{name}=={suite.version}"]
        environment = os.environ | {"SKIP_CYTHON": "1"}  # zeroconf: pip needs the name and the version only
        subprocess.run([*pip, "download", "--dest", FOLDER, *what], check=True, env=environment)
        with tarfile.open(FOLDER / f"{name}-{suite.version}.tar.gz") as archive:
            # Without the packages of psutil and zeroconf, which are not compiled.
            wanted = [member for member in archive if member.name.startswith(f"{folder.name}/{suite.members}")]
            archive.extractall(FOLDER, wanted, filter="data")


def execute(name: str, net: Namespace, original: bool, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Runs Python in the folder of a suite, in the namespace, with the /sys of that, where a test reads MTUs."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{HERE}", "PYTHONDONTWRITEBYTECODE": "1"}
    environment |= {"ORIGINAL": "1"} if original else {}
    prefix = ["unshare", "--mount", "sh", "-c", 'mount -t sysfs sys /sys && exec "$@"', "sh"]
    folder = FOLDER / f"{name}-{SUITES[name].version}"
    with net:
        return subprocess.run(
            [*prefix, PYTHON, *command], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )


def run_script(name: str, net: Namespace, original: bool) -> Iterator[tuple[str, str]]:
    """Runs test.py, which only prints: it passes if it prints the same with the shim as with the original."""
    command = ["-c", "import in_place, runpy; runpy.run_path('test.py')"]
    done, expected = (execute(name, net, with_original, *command) for with_original in (original, True))
    failed = done.returncode != 0 or done.stdout != expected.stdout
    SUITES[name].counts["failed" if failed else "passed"] = 1
    if failed:
        yield "test.py", done.stderr.strip() or f"prints {done.stdout}, and not {expected.stdout}"


def run(name: str, net: Namespace, original: bool) -> Iterator[tuple[str, str]]:
    """Runs a suite: the tests that did not pass, with their messages."""
    suite = SUITES[name]
    report = FOLDER / f"{name}.xml"
    report.unlink(missing_ok=True)
    options = ["-q", "-c", os.devnull, "--rootdir=.", "-p", "in_place", "-p", "no:cacheprovider", "-W", "default"]
    options += ["-o", "asyncio_default_fixture_loop_scope=function", "--timeout=60", f"--junitxml={report}"]
    done = execute(name, net, original, "-m", "pytest", *options, *suite.tests)
    if not report.exists():
        raise SystemExit(f"{name}: no report\n{done.stdout}{done.stderr}")
    deselected = re.search(r"(\d+) deselected", done.stdout)
    suite.counts["not applicable"] = int(deselected[1]) if deselected else 0
    for case in ET.parse(report).iter("testcase"):  # noqa: S314  # pytest wrote it
        failure = next((case.find(tag) for tag in ("failure", "error") if case.find(tag) is not None), None)
        outcome = "passed" if failure is None else "failed"
        if case.find("skipped") is not None:
            outcome = "skipped"
        suite.counts[outcome] = suite.counts.get(outcome, 0) + 1
        if failure is not None:
            yield f"{case.get('classname', '')}::{case.get('name', '')}", failure.get("message", "")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", choices=SUITES, default=list(SUITES))
    parser.add_argument("--original", action="store_true")
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    prepare(options.only)
    unexplained = 0
    for name in options.only:
        counts = SUITES[name].counts
        lines = []
        with namespace() as net:
            net.ip(NETWORK)
            net.settle()
            for test, message in (run if SUITES[name].tests else run_script)(name, net, options.original):
                why = next((text for part, text in NOT_APPLICABLE.get(name, {}).items() if part in test), None)
                if why is None:
                    unexplained += 1
                    why = f"UNEXPLAINED: {message.splitlines()[0]}"
                else:
                    counts["failed"] -= 1
                    counts["not applicable"] = counts.get("not applicable", 0) + 1
                lines.append(f"    {test}: {why}")
        print(
            f"{name} {SUITES[name].version}: "
            + ", ".join(f"{counts[key]} {key}" for key in sorted(counts, reverse=True) if counts[key])
        )
        print("\n".join(lines), end="\n" if lines else "", flush=True)
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
