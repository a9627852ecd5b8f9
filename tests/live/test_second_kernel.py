"""Runs tests inside a second kernel, Linux 6.1: those of tests/live/second_kernel, and some of tests/live again."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
UML_RUN = HERE.parent.parent / "scripts" / "uml-run"
pytestmark = pytest.mark.uml
# Without its module there is no /dev/net/tun; with theirs every new namespace would have sit0, gre0 and others.
PREPARE = "modprobe tun; echo 2 > /proc/sys/net/core/fb_tunnels_only_for_init_net;"
ONCE_MORE = ["against_ip", "details", "link_modes", "links", "multipath", "routes"]


def run_inside(options: list[str], prepare: str, files: list[Path]) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider", "--color=no"]
    inside = f"{prepare} GETIFS_SECOND_KERNEL=1 {shlex.join([*command, *map(str, files)])}"
    done = subprocess.run([UML_RUN, *options, inside], capture_output=True, text=True, check=False, cwd=HERE)
    output = done.stdout + done.stderr
    assert done.returncode == 0, output
    return output


def test_inside_the_second_kernel() -> None:
    files = [path for path in (HERE / "second_kernel").glob("test_*.py") if path.name != "test_no_ipv6.py"]
    output = run_inside([], PREPARE, [*files, *(HERE / f"test_{name}.py" for name in ONCE_MORE)])
    assert "skipped" not in output


def test_b7a_inside_the_second_kernel_without_ipv6() -> None:
    no_more_modules = "modprobe veth; echo /bin/false > /proc/sys/kernel/modprobe;"
    output = run_inside(["--no-ipv6"], no_more_modules, [HERE / "second_kernel" / "test_no_ipv6.py"])
    assert "4 passed" in output
