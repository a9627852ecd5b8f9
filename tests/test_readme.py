"""README.md and docs/*.md: Python examples print the output shown, links lead to files, quoted times are right."""

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from netns import Namespace, own_names

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]
PERFORMANCE = ROOT / "docs/performance.md"
BASE = "https://github.com/getifs/getifs/blob/main/"
PICTURES = "https://raw.githubusercontent.com/getifs/getifs/main/"
# A Python block and its output: a text block directly below, or after one line of text.
BLOCK = re.compile(r"^```python\n(.*?)^```$(?:\n\n(?:[^`\n]+\n\n)?```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
NETWORK = """\
link add eth0 address 02:00:00:00:00:01 type veth peer name eth1
link set eth0 addrgenmode none up
addr add 192.0.2.2/24 dev eth0
addr add 2001:db8::2/64 dev eth0 nodad
link set eth1 netns {}
"""
ROUTES = """\
route add default via 192.0.2.1 metric 100
route add default via 2001:db8::1
"""


def blocks() -> list[object]:
    found = []
    for page in PAGES:
        text = page.read_text()
        for block in BLOCK.finditer(text):
            line = text.count("\n", 0, block.start()) + 1
            found.append(pytest.param(block[1], block[2], id=f"{page.name}:{line}"))
    return found


@pytest.fixture
def example_net(net: Namespace) -> Iterator[Namespace]:
    """The network of the examples: `eth0` with one address and one default route of each family; and another one."""
    far = net.other()
    net.ip(NETWORK.format(far.path))
    far.ip("link set eth1 up")
    net.ip(ROUTES)
    net.settle()
    with own_names():
        net.run("ip", "netns", "add", "blue")
        yield net
        net.run("ip", "netns", "del", "blue")


@pytest.mark.parametrize(("code", "output"), blocks())
def test_python_blocks(example_net: Namespace, code: str, output: str | None) -> None:
    missing = [name for name in re.findall(r"^import (\w+)", code, re.MULTILINE) if find_spec(name) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    if output is not None:
        assert done.stdout == output


def test_readme_has_python() -> None:
    assert len(BLOCK.findall(PAGES[0].read_text())) >= 2
    assert any(output for _, output in BLOCK.findall(PAGES[0].read_text()))


def test_speed_is_that_of_the_benchmark() -> None:
    """Times in the README equal the floor times the ratios in docs/performance.md."""
    rows = [line.strip("| ").split(" |") for line in PERFORMANCE.read_text().splitlines() if line.startswith("| ")]
    names = [cell.strip() for cell in rows[0]]
    (row,) = [row for row in rows if [cell.strip() for cell in row[:2]] == ["medium", "links_addrs"]]
    cells = dict(zip(names, row, strict=False))
    floor = float(cells["floor"].replace(",", "").removesuffix(" µs")) / 1000
    times = [floor * float(cells[name].split()[0]) for name in ("getifs", "psutil", "ifaddr", "netifaces", "pyroute2")]
    expected = " | ".join(f"{time:.{0 if time >= 10 else 1}f} ms" for time in times)
    assert f"| 201 links with their addresses | {expected} |" in PAGES[0].read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links(page: Path) -> None:
    """Links to files of the project exist. Links in the README are absolute, since a package index shows it too."""
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if target.startswith((BASE, PICTURES)):
            file = target.removeprefix(BASE).removeprefix(PICTURES).partition("#")[0]
            assert (ROOT / file).is_file(), target
        elif not target.startswith("https://"):
            assert page.name != "README.md", target
            assert (page.parent / target.partition("#")[0]).is_file(), target
