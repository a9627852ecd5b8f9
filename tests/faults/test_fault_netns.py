"""Other network namespaces, where a real kernel and libc do not fail on demand (B94)."""

from __future__ import annotations

import errno
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from fake_kernel import Fault, Request, in_turn, link, links, refusal
from netlink_messages import NLM_F_DUMP_INTR, NLM_F_MULTI

SESSION = "getifs.Session(netns='/proc/self/ns/net')"
NAMES = f"[interface.name for interface in {SESSION}.interfaces()]"


def joins(log: Path) -> list[str]:
    return [line.split()[2] for line in log.read_text().splitlines() if line.startswith("setns")]


def test_b94_each_socket_is_opened_by_a_thread_that_blocks_signals(kernel, tmp_path):
    fake = kernel(links("lo"))
    log = tmp_path / "log"
    assert fake.ask(NAMES, FAKE_LOG=str(log)) == ["lo"]
    assert joins(log) == ["1", "1"]  # to see that it can be joined, and for the socket


@pytest.mark.parametrize("count", [1, 2])
def test_b94_a_thread_that_cannot_be_created_is_an_error(kernel, count):
    """Of Session(), or of the query."""
    program = (
        "import getifs, os\n"
        "before = len(os.listdir('/proc/self/fd'))\n"
        "caught = []\n"
        "for _ in range(3):\n"
        "    try:\n"
        f"        with {SESSION} as session:\n"
        "            caught.append([i.name for i in session.interfaces()])\n"
        "    except OSError as error:\n        caught.append(error.errno)\n"
        "print(caught, len(os.listdir('/proc/self/fd')) - before)\n"
    )
    ended = kernel(links("lo")).run(program, FAKE_FAILS=f"pthread_create:{errno.EAGAIN}:{count}")
    assert ended.stdout == f"{[errno.EAGAIN] * count + [['lo']] * (3 - count)} 0\n", ended.stderr
    program = (
        "import ctypes, getifs, os\n"
        f"session = {SESSION}\n"
        "os.environ['FAKE_FAILS'] = 'pthread_create:11:1'\n"
        "try:\n    session.interfaces()\nexcept OSError as error:\n    print(error.errno)\n"
        "print([i.name for i in session.interfaces()])\n"
    )
    ended = kernel(links("lo")).run(program)
    assert ended.stdout == "11\n['lo']\n", ended.stderr


LARGE = [f"link{number}" for number in range(1, 1500)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (lambda request: [link(request, 9, "lost"), Fault(errno.ENOBUFS)], ["lo"]),
        (links(*LARGE), LARGE),  # a datagram that does not fit into the buffer
        (links("lost", flags=NLM_F_MULTI | NLM_F_DUMP_INTR), ["lo"]),
    ],
)
def test_b94_a_query_that_begins_again_opens_its_socket_there(kernel, tmp_path, first, second):
    fake = kernel(in_turn(first, links(*second)))
    log = tmp_path / "log"
    assert fake.ask(NAMES, FAKE_LOG=str(log)) == second
    assert fake.sockets == 2
    assert joins(log) == ["1"] * 3


def test_b94_a_query_that_is_under_way_ends_when_its_session_is_closed(kernel):
    """Although it needs another socket then."""

    def handler(request: Request) -> Iterable[bytes | Fault]:
        if len(fake.requests) == 1:
            time.sleep(0.5)
            return [link(request, 9, "lost"), Fault(errno.ENOBUFS)]
        return links("lo")(request)

    program = (
        "import getifs, os, signal\n"
        "before = os.listdir('/proc/self/fd')\n"
        f"session = {SESSION}\n"
        "signal.signal(signal.SIGALRM, lambda *_: session.close())\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.1)\n"
        "print([i.name for i in session.interfaces()])\n"
        "print(os.listdir('/proc/self/fd') == before)\n"
        "try:\n    session.interfaces()\nexcept ValueError as error:\n    print(error)\n"
    )
    fake = kernel(handler)
    ended = fake.run(program)
    assert ended.stdout == "['lo']\nTrue\nthe session is closed\n", ended.stderr


def test_b94_groups_from_proc_are_those_of_the_namespace(kernel, net):
    """B60: where the kernel does not dump them."""
    far = net.other()
    far.veth()
    with far:  # the names of its sockets belong to the namespace, too
        fake = kernel(lambda request: [refusal(request, errno.EOPNOTSUPP)])
    groups = f"getifs.Session(netns={far.path!r}).interface_multicast_addrs(family=4)"
    inside = [[index, "224.0.0.1"] for index in (1, far.index("v1"), far.index("v0"))]
    assert fake.ask(f"[[row.index, str(row.addr)] for row in {groups}]") == inside
