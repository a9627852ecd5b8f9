"""README.md and docs/: examples print the output shown, links lead to files and headings, quoted times are right."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from netns import Namespace, own_names

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
OTHERS = [ROOT / name for name in ("CHANGELOG.md", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "SECURITY.md")]
PERFORMANCE = ROOT / "docs/performance.md"
BASE = "https://github.com/getifs/getifs/blob/main/"
PICTURES = "https://raw.githubusercontent.com/getifs/getifs/main/"
# A fenced block, its language, and the comment before it that says why it is not run.
FENCE = re.compile(r"(?:^<!-- not run: (.+?) -->\n+)?^```(.*)\n(?s:(.*?))^```$", re.MULTILINE)
# The output of a Python block: a text block directly below, or after one line of text.
OUTPUT = re.compile(r"\n\n(?:[^`\n]+\n\n)?```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
SHOWN = re.compile(r"(text|diff|ini|toml|yaml|)|\{.*\}.*")  # languages that cannot be run, and directives of Sphinx
NETWORK = """\
link add eth0 index 2 address 02:00:00:00:00:01 type veth peer name eth1 index 3
link set eth0 addrgenmode none up
addr add 192.0.2.2/24 dev eth0
addr add 2001:db8::2/64 dev eth0 nodad
link set eth1 netns {}
"""
ROUTES = """\
route add default via 192.0.2.1 metric 100
route add default via 2001:db8::1
"""


def blocks(language: str) -> list[object]:
    """The blocks of a language that are to be run, each with the text behind it."""
    found = []
    for page in PAGES:
        text = page.read_text()
        for block in FENCE.finditer(text):
            if block[2] == language and block[1] is None:
                line = text.count("\n", 0, block.start(2)) + 1
                name = page.relative_to(ROOT / "docs") if page.is_relative_to(ROOT / "docs") else page.name
                found.append(pytest.param(block[3], text[block.end() :], id=f"{name}:{line}"))
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


@pytest.mark.parametrize(("code", "behind"), blocks("python"))
def test_python_blocks(example_net: Namespace, code: str, behind: str) -> None:
    missing = [name for name in re.findall(r"^import (\w+)", code, re.MULTILINE) if find_spec(name) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    if output := OUTPUT.match(behind):
        assert done.stdout == output[1]


@pytest.mark.parametrize(("session", "behind"), blocks("console"))
def test_console_blocks(example_net: Namespace, session: str, behind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    commands = COMMAND.findall(session)
    assert commands
    for command, output in commands:
        done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
        assert done.stdout + done.stderr == output, command


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_blocks_that_are_not_run_say_why(page: Path) -> None:
    for reason, language, code in FENCE.findall(page.read_text()):
        assert language in ("python", "console") or SHOWN.fullmatch(language) or reason, code


def test_readme_has_python() -> None:
    readme = [block for block in blocks("python") if block.id.startswith("README.md:")]
    assert len(readme) >= 2
    assert any(OUTPUT.match(block.values[1]) for block in readme)


def test_speed_is_that_of_the_benchmark() -> None:
    """Times in docs/comparison.md and the README equal the floor times the ratios in docs/performance.md."""
    rows = [line.strip("| ").split(" |") for line in PERFORMANCE.read_text().splitlines() if line.startswith("| ")]
    names = [cell.strip() for cell in rows[0]]
    (row,) = [row for row in rows if [cell.strip() for cell in row[:2]] == ["medium", "links_addrs"]]
    cells = dict(zip(names, row, strict=False))
    floor = float(cells["floor"].replace(",", "").removesuffix(" µs")) / 1000
    times = [floor * float(cells[name].split()[0]) for name in ("getifs", "psutil", "ifaddr", "netifaces", "pyroute2")]
    expected = " | ".join(f"{time:.{0 if time >= 10 else 1}f} ms" for time in times)
    assert f"| 201 links with their addresses | {expected} |" in (ROOT / "docs/comparison.md").read_text()
    first, psutil, ifaddr, _, pyroute2 = expected.split(" | ")
    said = f"201 links with their addresses take {first} (psutil {psutil}, ifaddr {ifaddr}, pyroute2 {pyroute2})."
    assert said in PAGES[0].read_text()


def anchors(page: Path) -> set[str]:
    """The anchors that code hosts give to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", [*PAGES, *OTHERS], ids=lambda page: page.name)
def test_links(page: Path) -> None:
    """Links to files and headings of the project exist. Links in the README are absolute, for package indexes."""
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        place, _, anchor = target.removeprefix(BASE).removeprefix(PICTURES).partition("#")
        if target.startswith((BASE, PICTURES)):
            file = ROOT / place
        elif target.startswith("https://"):
            continue
        else:
            assert page.parent != ROOT, target
            file = page.parent / place if place else page
        assert file.is_file(), target
        assert not anchor or anchor in anchors(file), target


def test_drawings_are_those_of_the_script() -> None:
    subprocess.run([sys.executable, ROOT / "docs/drawings/draw.py", "--check"], check=True)
