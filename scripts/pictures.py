#!/usr/bin/env python3
"""Writes docs/pictures/*.svg: what the command prints about a network that this script builds in namespaces of its own.

Needs root, rich, and iproute2.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = 88
NETWORK = """
    link set lo up
    link add eth0 address 02:00:5e:10:00:01 type veth peer name port0 address 02:00:5e:10:00:0a
    link add eth1 address 02:00:5e:10:00:02 type veth peer name port1 address 02:00:5e:10:00:0b
    link add br0 address 02:00:5e:10:00:03 type bridge
    link set eth0 addrgenmode none up
    link set eth1 addrgenmode none up
    link set port0 netns {far}
    link set port1 netns {far}
    link set br0 addrgenmode none up
    link set eth1 master br0
    link add vm0 address 02:00:5e:10:00:04 link br0 type macvlan
    link set vm0 addrgenmode none up
    addr add 192.0.2.2/24 brd + dev eth0
    addr add 2001:db8::2/64 dev eth0 nodad
    addr add 10.1.0.1/16 brd + dev br0
    route add default via 192.0.2.1 metric 100
    route add default via 2001:db8::1 metric 100
    route add 198.51.100.0/24 via 10.1.0.9
"""
CHANGES = """
    addr add 10.1.0.7/16 dev vm0
    link set vm0 mtu 1400
    route add 203.0.113.0/24 via 10.1.0.9
    route del 198.51.100.0/24
    addr del 10.1.0.7/16 dev vm0
"""


def main() -> None:
    """Builds the network and writes the pictures."""
    if sys.argv[1:] != ["--inside"]:
        os.execvp("unshare", ["unshare", "--net", sys.executable, __file__, "--inside"])  # noqa: S606  # no shell
    with subprocess.Popen(["unshare", "--net", "sleep", "600"]) as far:
        try:
            build(far.pid)
            save("overview", [("getifs", getifs()), ("getifs routes", getifs("routes"))])
            save("tree", [("getifs tree", getifs("tree"))])
            save("watch", [("getifs watch", watched())])
        finally:
            far.kill()


def build(far: int) -> None:
    """Builds the network. The other ends of the cables are in the namespace of the process `far`."""
    own = Path("/proc/self/ns/net").stat()
    while Path(f"/proc/{far}/ns/net").stat().st_ino == own.st_ino:
        time.sleep(0.01)
    ip(NETWORK.format(far=far))
    for port in ("port0", "port1"):
        subprocess.run(["nsenter", "--net", "-t", str(far), "ip", "link", "set", port, "up"], check=True)
    while "DOWN" in getifs():
        time.sleep(0.1)


def ip(commands: str) -> None:
    """Runs commands of `ip`."""
    subprocess.run(["ip", "-batch", "-"], input=commands, text=True, check=True)


def command(*arguments: str) -> list[str]:
    """The command line of this checkout."""
    return [sys.executable, "-m", "getifs", "--color=always", *arguments]


def environment() -> dict[str, str]:
    """That of a terminal of so many columns."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "COLUMNS": str(COLUMNS)}


def getifs(*arguments: str) -> str:
    """What it prints."""
    done = subprocess.run(command(*arguments), env=environment(), stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()


def watched() -> str:
    """What `getifs watch` prints about the changes."""
    with subprocess.Popen(command("watch", "links", "addrs", "routes"), env=environment(), stdout=-1) as process:
        assert process.stdout is not None  # noqa: S101  # for type checkers
        time.sleep(1)  # it has subscribed
        for change in CHANGES.strip().splitlines():
            ip(change)
            time.sleep(0.3)
        process.terminate()
        return process.stdout.read().decode()


def save(name: str, shown: list[tuple[str, str]]) -> None:
    """Writes a picture of some commands and what they print."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    for number, (line, printed) in enumerate(shown):
        if number:
            console.print()
        console.print(Text.assemble(("$ ", "bold green"), (line, "bold")))
        console.print(Text.from_ansi(printed.rstrip("\n")))
    target = ROOT / "docs/pictures" / f"{name}.svg"
    target.parent.mkdir(exist_ok=True)
    picture = console.export_svg(title="", unique_id=f"getifs-{name}")
    target.write_text(re.sub(r"@font-face {.*?}\s*", "", picture, flags=re.DOTALL))  # fonts of other servers
    print(f"wrote {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
