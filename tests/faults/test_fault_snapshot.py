"""Snapshots whose dumps do not fit together (B92)."""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Callable, Iterator

import pytest
from fake_kernel import FakeKernel, Handler, Request, address, done, link, message, refusal, route, word
from netlink_messages import (
    RTM_GETADDR,
    RTM_GETLINK,
    RTM_GETNEIGH,
    RTM_GETNEXTHOP,
    RTM_GETROUTE,
    RTM_NEWNEIGH,
    RTM_NEWNEXTHOP,
    attr,
)

TRIES = 8
Kernel = Callable[[Handler], FakeKernel]
TEXT = "repr(getifs.snapshot(neighbours=True))"
HERE = bytes([10, 0, 0, 1])


class Tables:
    """A kernel with one row of each object. `wrong` is the one that refers to what is not there, `times` often."""

    def __init__(self, wrong: str, times: int) -> None:
        self.wrong, self.times = wrong, times
        self.links = 0

    def __call__(self, request: Request) -> Iterator[bytes]:
        self.links += request.type == RTM_GETLINK
        yield b"".join([*self.rows(request), done(request)])

    def index(self, name: str) -> int:
        return 7 if name == self.wrong and self.links <= self.times else 1

    def rows(self, request: Request) -> Iterator[bytes]:
        if request.type == RTM_GETLINK:
            yield link(request, 1, "lo")
        elif request.type == RTM_GETADDR:
            yield address(request, self.index("addr"), HERE, 8)
        elif request.type == RTM_GETNEXTHOP:
            body = bytes([socket.AF_INET, 0, 4, 0, 0, 0, 0, 0]) + attr(1, word(self.index("nexthop id")))
            yield message(request, RTM_NEWNEXTHOP, body + attr(5, word(self.index("nexthop"))))
        elif request.type == RTM_GETNEIGH and request.family == socket.AF_INET:
            body = bytes([socket.AF_INET, 0, 0, 0]) + word(self.index("neighbour")) + bytes([2, 0, 0, 1])
            yield message(request, RTM_NEWNEIGH, body + attr(1, HERE))
        elif request.type == RTM_GETROUTE and request.family == socket.AF_INET:
            yield route(request, self.index("route"), HERE, 32, attr(30, word(1)))


WRONG = ["addr", "route", "nexthop", "nexthop id", "neighbour"]


@pytest.mark.parametrize("wrong", WRONG)
def test_b92_dumps_that_do_not_fit_are_repeated(kernel: Kernel, wrong: str) -> None:
    tables = Tables(wrong, 2)
    expected = "Snapshot(1 interfaces, 1 addrs, 1 routes, 1 nexthops, 1 neighbours)"
    fake = kernel(tables)
    assert fake.ask(TEXT) == expected
    assert (tables.links, fake.sockets) == (3, 1)


@pytest.mark.parametrize("wrong", WRONG)
def test_b92_dumps_that_never_fit_end_in_an_error(kernel: Kernel, wrong: str) -> None:
    tables = Tables(wrong, 1000)
    expected = ["DumpInterruptedError", errno.EINTR, "[Errno 4] the tables changed during every attempt"]
    assert kernel(tables).ask(TEXT) == expected
    assert tables.links == TRIES


def test_b92_attempts_end_after_ten_timeouts(kernel: Kernel) -> None:
    tables = Tables("addr", 1000)

    def slow(request: Request) -> Iterator[bytes]:
        time.sleep(0.05)
        yield from tables(request)

    found = kernel(slow).ask("getifs.snapshot(timeout=0.1)")
    assert isinstance(found, list) and found[0] == "DumpInterruptedError"
    assert tables.links < TRIES


def test_b92_a_route_can_refer_to_a_malformed_object(kernel: Kernel) -> None:
    class Malformed(Tables):
        def rows(self, request: Request) -> Iterator[bytes]:
            if request.type == RTM_GETNEXTHOP:
                body = bytes([socket.AF_INET, 0, 4, 0, 0, 0, 0, 0]) + attr(1, word(1)) + attr(5, word(1))
                yield message(request, RTM_NEWNEXTHOP, body + attr(6, bytes(3)))  # a gateway of 3 bytes
            else:
                yield from super().rows(request)

    expression = "[len(s.nexthops), s.nexthops.malformed, s.routes[0].nexthop_id, s.nexthop_of(s.routes[0])]"
    assert kernel(Malformed("", 0)).ask(f"(lambda s: {expression})(getifs.snapshot())") == [0, 1, 1, None]


def test_b92_an_error_of_one_dump_is_that_of_the_snapshot(kernel: Kernel) -> None:
    def handler(request: Request) -> Iterator[bytes]:
        if request.type == RTM_GETADDR:
            yield refusal(request, errno.EPERM)
        else:
            yield from Tables("", 0)(request)

    found = kernel(handler).ask("getifs.snapshot()")
    assert isinstance(found, list) and found[:2] == ["NetlinkPermissionError", errno.EPERM]
