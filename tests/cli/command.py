"""How these tests call the command, and the network that they ask it about."""

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from typing import Any

import pytest
from netns import Namespace, wait_for

from getifs._cli import main as cli

COMMAND = [sys.executable, "-m", "getifs"]
LONG_NAME = "name0123456789a"
LONG_ADDR, LONG_PEER = "2001:db8:1111:2222:3333:4444:5555:6666", "2001:db8:1111:2222:3333:4444:5555:7777"
LONG_WORD = "very-" * 12 + "long"
NETWORK = f"""
    link add v0 address 02:00:5e:10:00:01 type veth peer name v1 address 02:00:5e:10:00:02
    link set v0 up alias cable
    link set v1 up
    link property add dev v0 altname uplink
    link add br0 address 02:00:5e:10:00:03 type bridge
    link set v1 master br0
    link add {LONG_NAME} mtu 9000 address 02:00:5e:10:00:04 type veth peer name w1 address 02:00:5e:10:00:05
    link set {LONG_NAME} up alias {LONG_WORD}
    link property add dev {LONG_NAME} altname {"a" * 60} altname {"b" * 60}
    addr add 192.0.2.1/24 brd + dev v0
    addr add 10.0.0.1/8 dev v0 label v0:1
    addr add 11.0.0.1/24 dev v0
    addr add 169.254.0.1/16 dev v0
    addr add 10.5.5.1 peer 10.5.6.0/24 dev v0
    addr add 2001:db8::1/64 dev v0 nodad
    addr add fd00::1/64 dev v0 nodad preferred_lft 0
    addr add {LONG_ADDR} peer {LONG_PEER} dev {LONG_NAME} nodad noprefixroute
    neigh add 192.0.2.8 lladdr 02:00:5e:10:00:08 dev v0
    neigh add 2001:db8::8 lladdr 02:00:5e:10:00:08 dev v0 nud stale router
    neigh add proxy 192.0.2.7 dev v0
    nexthop add id 1 via 192.0.2.9 dev v0
    nexthop add id 2 blackhole
    nexthop add id 3 group 1,5
    route add default via 192.0.2.9 metric 100
    route add default via 2001:db8::9 metric 5
    route add 198.51.100.0/24 nexthop via 192.0.2.9 weight 3 nexthop via 192.0.2.10
    route add 203.0.113.0/24 via inet6 2001:db8::9 dev v0 mtu 1300
    route add 198.18.0.0/15 dev v0 table 1000
    route add blackhole 198.51.0.0/16
    route add 192.0.2.128/25 nhid 1
    route add {LONG_ADDR[:-1]}1 via {LONG_PEER[:-1]}8 dev {LONG_NAME} onlink metric 4294967295 table 4294967295
"""


def settle(net: Namespace) -> None:
    """The kernel tells of a carrier some time later, and makes routes then."""
    states = {"v0": "UP", "v1": "UP", LONG_NAME: "LOWERLAYERDOWN"}.items()
    wait_for(lambda: {(link["ifname"], link["operstate"]) for link in net.ip_json("link")} >= states)
    groups = ("-6", "route", "show", "table", "local", "type", "multicast")
    wait_for(lambda: {route["dev"] for route in net.ip_json(*groups)} == {"v0", "v1", LONG_NAME})


Output = pytest.CaptureFixture[bytes]


def answer(output: Output, *arguments: str) -> str:
    """What `main` prints for these arguments, where all is well."""
    status = cli.main(arguments)
    out, err = output.readouterr()
    assert (status, err) == (0, b"")
    return os.fsdecode(out)


def complaint(output: Output, *arguments: str) -> tuple[int, str]:
    """The exit status and the one line on standard error that `main` leaves, with nothing on standard output."""
    status = cli.main(arguments)
    out, err = output.readouterr()
    assert out == b""
    (line,) = os.fsdecode(err).splitlines()
    assert line.startswith("getifs: ")
    return status, line.removeprefix("getifs: ")


def objects(output: Output, *arguments: str) -> list[dict[str, Any]]:
    result: list[dict[str, Any]] = json.loads(answer(output, *arguments, "--json"))
    return result


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *arguments], env={**os.environ, **settings}, capture_output=True, check=False)


def on_terminal(*arguments: str, columns: int = 80) -> list[str]:
    """The lines that the command prints on a terminal of that width."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    env = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    printed = b""
    with subprocess.Popen([*COMMAND, *arguments], stdout=slave, env=env) as process:
        os.close(slave)
        try:
            while data := os.read(master, 4096):
                printed += data
        except OSError:  # EIO: nobody has the other end any more
            pass
        os.close(master)
    assert process.returncode == 0
    return os.fsdecode(printed).replace("\r\n", "\n").splitlines()


def agree(ours: list[dict[str, Any]], theirs: list[dict[str, Any]], needed: str) -> None:
    """Objects say the same under every key that both have, and both have the needed ones."""
    assert len(ours) == len(theirs) > 0
    for mine, its in zip(ours, theirs, strict=True):
        shared = mine.keys() & its.keys()
        assert shared >= set(needed.split()), mine.keys() ^ its.keys()
        assert {key: mine[key] for key in shared} == {key: its[key] for key in shared}
