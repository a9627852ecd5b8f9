"""Notifications that no kernel at hand sends, and faults while they are read (B4, B93)."""

from __future__ import annotations

import errno
import random
import signal
import struct
from collections.abc import Callable, Iterable, Iterator

import pytest
from fake_kernel import (
    PORT,
    Datagram,
    FakeKernel,
    Fault,
    Handler,
    Request,
    address,
    done,
    link,
    message,
    refusal,
    route,
    word,
)
from netlink_messages import (
    NLM_F_DUMP,
    NLMSG_NOOP,
    RTM_GETADDR,
    RTM_GETLINK,
    RTM_GETROUTE,
    RTM_NEWADDR,
    RTM_NEWLINK,
    attr,
)

RTM_DELLINK, RTM_DELADDR = 17, 21
Kernel = Callable[[Handler], FakeKernel]
IPV4 = [bytes([10, 0, 0, number]) for number in range(10)]


class Followed:
    """A kernel whose tables are `links` and `addrs`, and which notifies when it is woken."""

    def __init__(self, *notifications: Callable[[Request], Iterable[bytes | Fault]]) -> None:
        self.notifications = iter(notifications)
        self.links = ["lo", "eth0"]
        self.addrs = {1: IPV4[1]}
        self.dumps = 0
        self.routes: Callable[[Request], bytes] = lambda request: b""

    def __call__(self, request: Request) -> Iterator[bytes | Fault]:
        if request.type == NLMSG_NOOP:
            yield refusal(request, 0)
            yield from next(self.notifications, lambda _: ())(request)
        elif not request.flags & NLM_F_DUMP:
            yield link(request, 1, "lo", flags=0)
        else:
            self.dumps += 1
            yield b"".join([*self.rows(request), done(request)])

    def rows(self, request: Request) -> Iterator[bytes]:
        if request.type == RTM_GETLINK:
            yield from (link(request, index, name) for index, name in enumerate(self.links, 1))
        elif request.type == RTM_GETADDR:
            yield from (address(request, index, packed, 8) for index, packed in self.addrs.items())
        elif request.type == RTM_GETROUTE:
            yield self.routes(request)


def follow(kernel: Kernel, followed: Followed, arguments: str = "") -> list[list[str]]:
    """The events of three steps. Each one wakes the watcher, so that the fake kernel sends the next notifications."""
    found = kernel(followed).ask(
        "(lambda watcher: [[str(event) for event in (watcher._mirror.wake(), watcher.poll(0.2))[1]] for _ in range(3)])"
        f"(getifs.watch({arguments}))"
    )
    assert isinstance(found, list)
    return found


def nothing(_: Request) -> Iterable[bytes]:
    return ()


def unasked(request: Request, kind: int, whole: bytes, flags: int = 0) -> bytes:
    """A message that was built as an answer, as a notification."""
    return message(request, kind, whole[16:], flags=flags, sequence=0, port=0)


def test_plain_notifications(kernel: Kernel) -> None:
    followed = Followed(
        nothing,
        lambda request: [
            unasked(request, RTM_NEWADDR, address(request, 2, IPV4[2], 8))
            + unasked(request, RTM_DELADDR, address(request, 1, IPV4[1], 8))
        ],
    )
    assert follow(kernel, followed)[0] == ["added addr 10.0.0.2/8 (2)", "removed addr 10.0.0.1/8 (1)"]


def test_wireless_events_are_no_changes_of_links(kernel: Kernel) -> None:
    """They are RTM_NEWLINK with IFLA_IFNAME and IFLA_WIRELESS only."""

    def events(request: Request) -> Iterable[bytes]:
        body = struct.pack("=BxHiII", 0, 1, 2, 1, 0) + attr(3, b"eth0\0") + attr(11, bytes(16))
        return [message(request, RTM_NEWLINK, body, sequence=0, port=0)]

    assert follow(kernel, Followed(nothing, events)) == [[], [], []]


def test_a_datagram_of_another_process_is_no_notification(kernel: Kernel) -> None:
    def forged(request: Request) -> Iterable[bytes]:
        datagram = Datagram(unasked(request, RTM_NEWADDR, address(request, 2, IPV4[2], 8)))
        datagram.sender = PORT + 1
        return [datagram]

    assert follow(kernel, Followed(nothing, forged)) == [[], [], []]


@pytest.mark.parametrize("fault", ["ENOBUFS", "malformed message", "malformed attribute", "large"])
def test_everything_is_dumped_again(kernel: Kernel, fault: str) -> None:
    followed = Followed(nothing)

    def faulty(request: Request) -> Iterable[bytes | Fault]:
        followed.addrs = {1: IPV4[1], 2: IPV4[7]}
        whole = unasked(request, RTM_NEWADDR, address(request, 2, IPV4[2], 8))
        return {
            "ENOBUFS": [Fault(errno.ENOBUFS)],
            "malformed message": [struct.pack("=I", 5000) + whole[4:]],
            "malformed attribute": [message(request, RTM_NEWADDR, whole[16:24] + b"\xff\xff\1\0", sequence=0, port=0)],
            "large": [whole * 2000],
        }[fault]

    followed.notifications = iter([nothing, faulty])
    assert follow(kernel, followed)[0] == ["added addr 10.0.0.7/8 (2)"]


def test_what_a_link_takes_away_in_silence_is_found_if_a_dump_shows_the_link_first(kernel: Kernel) -> None:
    """The notification about the link is read after the dump, and then says nothing new."""
    followed = Followed(nothing)
    followed.routes = lambda request: route(request, 2, IPV4[0], 24) if request.family == 2 else b""

    def goes(request: Request) -> Iterable[bytes]:
        followed.links, followed.routes = ["lo"], lambda _: b""
        malformed = message(request, RTM_NEWLINK, bytes(16) + b"\xff\xff\1\0", sequence=0, port=0)
        return [malformed]  # links are dumped, nothing else

    followed.notifications = iter([nothing, goes])
    events = follow(kernel, followed, "routes=True, addrs=False")[0]
    assert [event.split(" (")[0] for event in events] == ["removed link eth0", "removed route 10.0.0.0/24"]


def test_a_link_that_was_never_dumped_takes_routes_away(kernel: Kernel) -> None:
    """It went between the dump of links and that of routes, or its row was lost."""
    followed = Followed(nothing)
    followed.links = ["lo"]
    followed.routes = lambda request: route(request, 2, IPV4[0], 24) if request.family == 2 else b""

    def gone(request: Request) -> Iterable[bytes]:
        followed.routes = lambda _: b""
        return [unasked(request, RTM_DELLINK, link(request, 2, "eth0"))]

    followed.notifications = iter([nothing, gone])
    assert follow(kernel, followed, "routes=True, addrs=False")[0] == ["removed route 10.0.0.0/24 (2)"]


def test_a_carrier_that_goes_and_comes_back_changes_routes(kernel: Kernel) -> None:
    """The kernel announces a link that is as it was. What was added meanwhile was not as the carrier is."""
    followed = Followed(nothing)
    followed.routes = lambda request: route(request, 2, IPV4[0], 24) if request.family == 2 else b""

    def announced(request: Request) -> Iterable[bytes]:
        followed.routes = lambda _: b""
        return [unasked(request, RTM_NEWLINK, link(request, 2, "eth0"))]  # without IFF_LOWER_UP

    followed.notifications = iter([nothing, announced])
    assert follow(kernel, followed, "routes=True, addrs=False")[0] == ["removed route 10.0.0.0/24 (2)"]


def test_a_change_of_the_operational_state_alone_changes_flags_of_routes(kernel: Kernel) -> None:
    """From unknown to up, up to a second after IFF_LOWER_UP, without a change of flags: so do new macvlan devices."""
    ff00 = b"\xff" + bytes(15)
    followed = Followed(nothing)
    followed.routes = lambda request: route(request, 2, ff00, 8) if request.family == 10 else b""

    def up(request: Request) -> Iterable[bytes]:
        followed.routes = lambda _: b""
        return [unasked(request, RTM_NEWLINK, link(request, 2, "eth0", attr(16, b"\x06")))]  # IFLA_OPERSTATE

    followed.notifications = iter([nothing, up])
    events = follow(kernel, followed, "routes='all', addrs=False")[0]
    assert [event.split(" (")[0] for event in events] == ["changed link eth0", "removed route ff00::/8"]


def test_an_error_of_a_dump_reaches_the_caller_and_is_tried_again(kernel: Kernel) -> None:
    refusals = [0]

    class Refusing(Followed):
        def __call__(self, request: Request) -> Iterator[bytes | Fault]:
            if refusals[0] and request.type == RTM_GETADDR:
                refusals[0] -= 1
                yield refusal(request, errno.EPERM)
                return
            yield from super().__call__(request)

    followed = Refusing()

    def lost(_: Request) -> Iterable[bytes | Fault]:
        refusals[0] = 2  # the request is repeated once, for the kernel's text
        followed.addrs[2] = IPV4[2]
        return [Fault(errno.ENOBUFS)]

    followed.notifications = iter([nothing, lost])
    code = """
import getifs
watcher = getifs.watch()
watcher._mirror.wake()
try:
    watcher.poll(1)
except PermissionError as error:
    print(error.errno)
print(*watcher.poll(1))
"""
    done = kernel(followed).run(code)
    assert (done.stdout.split("\n"), done.stderr) == (["1", "added addr 10.0.0.2/8 (2)", ""], "")


def test_an_interrupted_first_dump_ends_in_an_error(kernel: Kernel) -> None:
    class Interrupted(Followed):
        def __call__(self, request: Request) -> Iterator[bytes | Fault]:
            if request.type == RTM_GETADDR:
                yield address(request, 1, IPV4[1], 8, flags=2 | 16) + done(request)  # NLM_F_DUMP_INTR
                return
            yield from super().__call__(request)

    assert kernel(Interrupted()).ask("getifs.watch(timeout=0.3)") == [
        "DumpInterruptedError",
        errno.EINTR,
        "[Errno 4] the tables changed during every attempt",
    ]


def changed(data: bytes, chance: random.Random) -> bytes:
    """A message with some bytes changed, but of the right length in most cases."""
    broken = bytearray(data)
    for _ in range(chance.randint(0, 3)):
        at = chance.randrange(0 if chance.random() < 0.05 else 16, len(broken))
        broken[at] = chance.choice((0, 1, 2, 10, 255, chance.randrange(256)))
    return bytes(broken)


def hops(*indexes: int) -> bytes:
    return attr(9, b"".join(struct.pack("=HBBi", 16, 0, 0, index) + attr(5, IPV4[index]) for index in indexes))


@pytest.mark.parametrize("seed", range(6))
def test_malformed_notifications_do_no_harm(kernel: Kernel, seed: int) -> None:
    """Whatever is in them, the process lives, and a dump repairs what they did."""
    chance = random.Random(seed)
    followed = Followed()
    followed.routes = lambda request: route(request, 2, IPV4[0], 24) if request.family == 2 else b""
    ipv6 = bytes([0x20, 1, *bytes(14)])

    def storm(request: Request) -> Iterator[bytes | Fault]:
        nexthop = struct.pack("=BBBBI", 2, 0, 4, 0, 0) + attr(1, word(1)) + attr(5, word(2))
        group = struct.pack("=BBBBI", 0, 0, 4, 0, 0) + attr(1, word(5)) + attr(2, struct.pack("=IBBH", 1, 0, 0, 0))
        neighbour = struct.pack("=BxHiHBB", 2, 0, 2, 2, 0, 1) + attr(1, IPV4[5]) + attr(2, bytes(6))
        kinds = [
            (16, link(request, chance.randint(1, 4), "x")[16:]),
            (20, address(request, chance.randint(1, 4), chance.choice(IPV4), 8)[16:]),
            (20, address(request, chance.randint(1, 4), ipv6, 64)[16:]),
            (24, route(request, chance.randint(1, 3), IPV4[0], 24)[16:]),
            (24, route(request, 0, IPV4[0], 24, hops(1, 2))[16:]),
            (24, route(request, 0, IPV4[0], 24, attr(30, word(1)))[16:]),
            (24, route(request, chance.randint(1, 3), ipv6, 64, attr(8, attr(2, word(1400))))[16:]),
            (104, nexthop),
            (104, group),
            (28, neighbour),
            (80, bytes(8)),
        ]
        for _ in range(60):
            kind, body = chance.choice(kinds)
            gone = 1 if kind != 80 and chance.random() < 0.3 else 0
            flags = chance.choice((0, 0x100, 0x400, 0x800, 0x600))
            yield changed(message(request, kind + gone, body, flags=flags, sequence=0, port=0), chance)

    followed.notifications = iter([storm] * 12)
    code = """
import getifs
with getifs.watch(routes="all", nexthops=True, neighbours=True) as watcher:
    for _ in range(10):
        watcher._mirror.wake()
        for event in watcher.poll(0.05):
            repr(event), str(event), event.to_dict()
        for query in (watcher.interfaces, watcher.interface_addrs, watcher.best_local_addrs, watcher.gateway_addrs):
            repr(query())
        watcher.route_table(all=True).to_dicts(), watcher.nexthops().to_dicts(), watcher.neighbours().to_dicts()
print("alive")
"""
    done = kernel(followed).run(code)
    assert (done.stdout, done.stderr) == ("alive\n", "")
    assert followed.dumps > 6


def test_a_signal_just_before_the_wait_ends_the_command(kernel: Kernel) -> None:
    """A handler of Python's would not run before the next change."""
    command = "import getifs._cli.main as cli; cli.main(['watch', 'addrs', '--initial'])"
    ended = kernel(Followed()).run(command, FAKE_INTERRUPT="1")
    assert (ended.returncode, ended.stderr) == (-signal.SIGINT, "")
