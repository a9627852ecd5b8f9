"""Complete answers (B6a): each kind of evidence, and what withholds it.

A datagram of 80 addresses or routes is "full": the kernel could have had no room for the next row. Only its boundaries
need evidence.
"""

from __future__ import annotations

import errno
import socket
import struct
from collections.abc import Iterable, Sequence

import pytest
from fake_kernel import (
    FakeKernel,
    Fault,
    Handler,
    Request,
    address,
    done,
    in_turn,
    link,
    message,
    notification,
    refusal,
    route,
    word,
)
from netlink_messages import (
    NLM_F_DUMP_INTR,
    NLM_F_MULTI,
    NLMSG_DONE,
    RTM_DELADDR,
    RTM_DELLINK,
    RTM_DELNEXTHOP,
    RTM_DELROUTE,
    RTM_GETLINK,
    RTM_NEWADDR,
    RTM_NEWLINK,
    RTM_NEWROUTE,
    attr,
)

ADDRS = "[str(row.addr) for row in getifs.interface_addrs(family=4)]"
ROUTES = "[str(row.destination) for row in getifs.route_table(family=4)]"
FULL = 80
Answer = Iterable["bytes | Fault"]


def ip(number: int) -> str:
    return f"10.0.{number // 256}.{number % 256}"


def ips(first: int, last: int) -> list[str]:
    return [ip(number) for number in range(first, last)]


def addr(request: Request, number: int, **fields: int) -> bytes:
    return address(request, 1, socket.inet_aton(ip(number)), 32, **fields)


def addrs(request: Request, first: int, last: int, **fields: int) -> bytes:
    return b"".join(addr(request, number, **fields) for number in range(first, last))


def routes(request: Request, first: int, last: int) -> bytes:
    return b"".join(route(request, 1, socket.inet_aton(ip(number)), 32) for number in range(first, last))


def removed(request: Request, number: int) -> bytes:
    return notification(RTM_DELADDR, addr(request, number))


def added(request: Request, number: int) -> bytes:
    return notification(RTM_NEWADDR, addr(request, number))


def whole(request: Request) -> Answer:
    return [addrs(request, 0, 2 * FULL) + done(request)]


def dirty(lost: Sequence[int], between: int, *noise: int) -> Handler:
    """A dump of two datagrams that lost rows between them, while something else was removed."""

    def handler(request: Request) -> Answer:
        rows = [addr(request, number) for number in range(2 * FULL)]
        rest = [row for number, row in enumerate(rows) if number >= between and number not in lost]
        return [
            b"".join(rows[:between]),
            *(removed(request, number) for number in noise or (999,)),
            b"".join(rest) + done(request),
        ]

    return handler


def counts(fake: FakeKernel) -> tuple[int, int, int]:
    return len(fake.requests), len(fake.probes), fake.sockets


def test_a_small_answer_needs_no_evidence(kernel):
    fake = kernel(lambda request: [addrs(request, 0, 3), removed(request, 9), done(request)])
    assert fake.ask(ADDRS) == ips(0, 3)
    assert counts(fake) == (1, 0, 1)


def test_without_a_removal_one_dump_is_complete(kernel):
    fake = kernel(
        lambda request: [
            addrs(request, 0, FULL),
            added(request, 999),
            addrs(request, FULL, 2 * FULL) + addrs(request, 5, 6),
            done(request),
        ]
    )
    answer = fake.ask(ADDRS)
    assert sorted(answer) == sorted(ips(0, 2 * FULL))  # the one that is repeated is there once
    assert counts(fake) == (1, 1, 1)


@pytest.mark.parametrize("place", ["before", "between", "after", "late"])
def test_a_removal_makes_the_boundary_dirty(kernel, place):
    def torn(request: Request) -> Answer:
        return [
            *([removed(request, 999)] * (place == "before")),
            addrs(request, 0, FULL),
            *([removed(request, 999)] * (place == "between")),
            addrs(request, FULL + 1, 2 * FULL),
            *([removed(request, 999)] * (place == "after")),
            done(request),
        ]

    def probe(request: Request) -> Answer:
        is_late = place == "late" and len(fake.probes) == 1
        return [*([removed(request, 999)] * is_late), refusal(request, errno.EINVAL)]

    fake = kernel(in_turn(torn, whole))
    fake.probe_handler = probe
    assert fake.ask(ADDRS) == ips(0, 2 * FULL)
    assert len(fake.requests) == fake.sockets == 2


def six(request: Request, *numbers: int) -> bytes:
    return b"".join(
        address(request, 1, socket.inet_pton(socket.AF_INET6, f"2001:db8::{number:x}"), 128) for number in numbers
    )


def test_a_removal_long_before_the_boundary_does_no_harm(kernel):
    fake = kernel(
        lambda request: [
            removed(request, 999),
            addrs(request, 0, 5),  # not full: the end of the family
            six(request, *range(FULL)),
            six(request, *range(FULL, 2 * FULL)) + done(request),
        ]
    )
    assert len(fake.ask("getifs.interface_addrs().to_dicts()")) == 5 + 2 * FULL
    assert len(fake.requests) == 1


@pytest.mark.parametrize("refused", [errno.EACCES, errno.EPERM, None])
def test_without_the_answer_under_the_lock_there_is_no_evidence(kernel, refused):
    fake = kernel(
        in_turn(lambda request: [addrs(request, 0, FULL), addrs(request, FULL + 1, 2 * FULL), done(request)], whole)
    )
    fake.probe_handler = lambda request: [refusal(request, refused)] if refused else []
    assert fake.ask(ADDRS) == ips(0, 2 * FULL)
    assert len(fake.requests) == 2


def test_without_groups_there_is_no_evidence(kernel):
    fake = kernel(
        in_turn(lambda request: [addrs(request, 0, FULL), addrs(request, FULL + 1, 2 * FULL), done(request)], whole)
    )
    assert fake.ask(ADDRS, FAKE_REFUSES_OPTIONS=str(errno.EPERM)) == ips(0, 2 * FULL)
    assert len(fake.requests) == 2


def test_a_kernel_without_the_groups_leaves_the_flag_alone(kernel):
    def flagged(request: Request) -> Answer:
        return [
            addrs(request, 0, FULL),
            addrs(request, FULL + 1, 2 * FULL, flags=NLM_F_MULTI | NLM_F_DUMP_INTR),
            done(request),
        ]

    def plain(request: Request) -> Answer:
        return [addrs(request, 0, FULL), addrs(request, FULL, 2 * FULL), done(request)]

    for handlers, dumps in (((plain,), 1), ((flagged, plain), 2)):
        fake = kernel(in_turn(*handlers))
        assert fake.ask(ADDRS, FAKE_REFUSES_OPTIONS=str(errno.EINVAL)) == ips(0, 2 * FULL)
        assert len(fake.requests) == dumps


def test_lost_notifications_withhold_evidence_and_the_dump_goes_on(kernel):
    def torn(request: Request) -> Answer:
        return [addrs(request, 0, FULL), Fault(errno.ENOBUFS), addrs(request, FULL + 1, 2 * FULL), done(request)]

    fake = kernel(in_turn(torn, whole))
    assert fake.ask(ADDRS) == ips(0, 2 * FULL)
    assert len(fake.requests) == 2


def test_rows_that_can_have_moved_unnoticed_connect_nothing(kernel):
    def overrun(request: Request) -> Answer:
        return [addrs(request, 0, FULL), Fault(errno.ENOBUFS), addrs(request, FULL + 1, 2 * FULL), done(request)]

    fake = kernel(in_turn(dirty([], FULL), overrun, dirty([100], 100), dirty([FULL], FULL)))
    assert fake.ask(ADDRS) == ips(0, 2 * FULL)
    assert len(fake.requests) == 4  # the last two dumps are complete together


@pytest.mark.parametrize("query", [ADDRS, "[row.name for row in getifs.interfaces()]"])
def test_a_dump_that_finds_the_queue_full_begins_again(kernel, query):
    def full(request: Request) -> Answer:
        return [refusal(request, errno.ENOBUFS)]

    def good(request: Request) -> Answer:
        return [link(request, 1, "lo") + done(request)] if request.type == RTM_GETLINK else whole(request)

    fake = kernel(in_turn(full, good))
    assert fake.ask(query) == (ips(0, 2 * FULL) if query == ADDRS else ["lo"])
    assert fake.sockets == 2
    assert kernel(full).ask(query)[:2] == ["OSError", errno.ENOBUFS]


def test_a_full_datagram_before_done_alone_needs_evidence(kernel):
    def handler(request: Request) -> Answer:
        return [addrs(request, 0, FULL), done(request)]

    fake = kernel(handler)
    assert fake.ask(ADDRS) == ips(0, FULL)
    assert counts(fake) == (1, 1, 1)
    fake = kernel(in_turn(lambda request: [addrs(request, 0, FULL), removed(request, 999), done(request)], whole))
    assert fake.ask(ADDRS) == ips(0, 2 * FULL)


def test_shared_rows_connect_dumps_that_lost_different_rows(kernel):
    fake = kernel(in_turn(dirty([], FULL), dirty([FULL], FULL), dirty([100], 100)))
    # The first dump only shows that evidence is needed. The second one lost row 80, the third one row 100.
    assert fake.ask(ADDRS) == ips(0, 2 * FULL)
    assert len(fake.requests) == 3


def test_a_row_that_was_notified_connects_nothing(kernel):
    """The dumps share row 0 on the left and row 1 in the middle, which was removed and added again elsewhere."""

    def left(request: Request) -> Answer:
        return [addrs(request, 0, FULL), removed(request, 999), addrs(request, 200, 200 + FULL) + done(request)]

    def right(request: Request) -> Answer:
        first = addrs(request, 0, 1) + addrs(request, 300, 300 + FULL)
        moved = [removed(request, 1), added(request, 1)] if is_notified else [removed(request, 999)]
        return [first, *moved, addr(request, 1) + addrs(request, 200, 200 + FULL) + done(request)]

    is_notified = False
    turns = [left, left, right]
    fake = kernel(in_turn(*turns, whole))
    assert len(fake.ask(ADDRS)) == 3 * FULL
    assert len(fake.requests) == 3
    is_notified = True
    fake = kernel(in_turn(*turns, whole))
    assert fake.ask(ADDRS) == ips(0, 2 * FULL)  # the one dump that is complete alone
    assert len(fake.requests) == 4


def test_a_row_that_a_later_chunk_leaves_out_was_removed(kernel):
    def later(request: Request) -> Answer:
        rows = addrs(request, 0, 10) + addrs(request, 11, 100)
        return [rows, removed(request, 999), addrs(request, 101, 2 * FULL) + done(request)]

    fake = kernel(in_turn(dirty([], FULL), dirty([FULL], FULL), later))
    assert fake.ask(ADDRS) == [text for text in ips(0, 2 * FULL) if text != ip(10)]
    assert len(fake.requests) == 3


def test_a_row_that_was_removed_is_left_out_of_connected_dumps(kernel):
    def third(request: Request) -> Answer:
        rows = addrs(request, 0, 10) + addrs(request, 11, 100)
        return [removed(request, 10), rows, addrs(request, 101, 2 * FULL) + done(request)]

    fake = kernel(in_turn(dirty([], FULL), dirty([FULL], FULL), third))
    assert fake.ask(ADDRS) == [text for text in ips(0, 2 * FULL) if text != ip(10)]


def test_no_notification_is_missed_between_two_dumps(kernel):
    """Row 1, which alone could connect the dumps, moves after the first of them."""

    def one(request: Request) -> Answer:
        return [addrs(request, 0, FULL), removed(request, 999), addrs(request, 200, 300) + done(request)]

    def two(request: Request) -> Answer:
        first = addrs(request, 0, 1) + addrs(request, 300, 300 + FULL)
        return [first, removed(request, 999), addrs(request, 1, 2) + addrs(request, 200, 300) + done(request)]

    def probe(request: Request) -> Answer:
        is_end_of_one = len(fake.requests) == 2 and request.type == RTM_GETLINK
        return [refusal(request, errno.EINVAL), *([removed(request, 1), added(request, 1)] * is_end_of_one)]

    fake = kernel(in_turn(one, one, two, whole))
    fake.probe_handler = probe
    assert fake.ask(ADDRS, FAKE_PATIENCE="1") == ips(0, 2 * FULL)
    assert len(fake.requests) == 4


def test_without_evidence_after_all_dumps_there_is_no_answer(kernel):
    fake = kernel(dirty([FULL], FULL))
    assert fake.ask(ADDRS)[:2] == ["DumpInterruptedError", errno.EINTR]
    assert len(fake.requests) == fake.sockets == 13
    assert fake.ask(f"({ADDRS}, 1)")[:2] == ["DumpInterruptedError", errno.EINTR]


@pytest.mark.parametrize("answer", ["addrs", "routes"])
def test_each_dump_has_other_boundaries(kernel, tmp_path, answer):
    """The kernel makes the first datagram of a dump as large as the largest receive on the socket so far."""

    def torn(request: Request) -> Answer:
        gone = notification(RTM_DELROUTE, routes(request, 999, 1000))
        return [routes(request, 0, FULL), gone, routes(request, FULL + 1, 2 * FULL) + done(request)]

    log = tmp_path / "log"
    fake = kernel(torn if answer == "routes" else dirty([FULL], FULL))
    fake.ask(ROUTES if answer == "routes" else ADDRS, FAKE_LOG=str(log))
    largest: list[int] = []  # receive on the socket before each dump
    since: dict[str, int] = {}
    for call, fd, size in map(str.split, log.read_text().splitlines()):
        since[fd] = 0 if call == "socket" else max(since[fd], int(size))
        if call == "dump":
            largest.append(since[fd])
    assert len(largest) == 13
    assert len(set(largest[1:])) == 12
    assert largest[1] == max(largest) == 32768


def test_groups_are_joined_only_where_the_last_answer_needed_them(kernel, tmp_path):
    def small(request: Request) -> Answer:
        return [addrs(request, 0, 3), done(request)]

    def full(request: Request) -> Answer:
        return [addrs(request, 0, FULL), done(request)]

    def refused(request: Request) -> Answer:
        return [refusal(request, errno.EIO)]

    log = tmp_path / "log"
    fake = kernel(in_turn(small, small, full, full, full, refused))
    program = (
        "import getifs\n"
        "with getifs.Session() as session:\n"
        "    for _ in range(5):\n"
        "        try:\n            print(len(session.interface_addrs(family=4)), end=' ')\n"
        "        except OSError:\n            print('refused', end='')\n"
    )
    ended = fake.run(program, FAKE_LOG=str(log))
    assert ended.stdout == "3 3 80 80 refused", ended.stderr
    calls = [line.split()[0] for line in log.read_text().splitlines()]
    assert [call for call in calls if call != "receive"] == [
        *("socket", "join", "dump", "leave"),  # the first answer can be large
        *["dump"],
        *("dump", "socket", "join", "dump", "leave"),  # the answer has grown, which nobody has watched
        *("join", "dump", "leave"),
        *("join", "dump", "dump", "leave"),  # once more, for the kernel's text
    ]


def test_a_session_goes_on_after_several_dumps(kernel):
    fake = kernel(in_turn(dirty([], FULL), dirty([FULL], FULL), dirty([100], 100), whole))
    program = (
        "import getifs, os\n"
        "with getifs.Session() as session:\n"
        "    print([len(session.interface_addrs(family=4)) for _ in range(3)], len(os.listdir('/proc/self/fd')))\n"
        "print(len(os.listdir('/proc/self/fd')))\n"
    )
    ended = fake.run(program)
    rows, opened, closed = ended.stdout.rsplit(maxsplit=2)
    assert (rows, int(opened) - int(closed)) == ("[160, 160, 160]", 1), ended.stderr


def test_where_the_family_changes_the_flag_proves_nothing(kernel):
    def both(request: Request) -> bytes:
        return b"".join(
            address(request, 1, socket.inet_pton(socket.AF_INET6, f"2001:db8::{number:x}"), 128)
            for number in range(FULL)
        )

    fake = kernel(
        in_turn(
            lambda request: [addrs(request, 0, FULL), both(request), done(request)],
            lambda request: [addrs(request, 0, FULL + 1) + both(request) + done(request)],
        )
    )
    assert len(fake.ask("getifs.interface_addrs().to_dicts()")) == 2 * FULL + 1
    assert len(fake.requests) == 2


def test_families_stay_apart_in_connected_dumps(kernel):
    def one(request: Request) -> Answer:  # lost 10.0.0.70
        gone = notification(RTM_DELADDR, six(request, 999))
        return [addrs(request, 0, 70), gone, addrs(request, 71, 80) + six(request, *range(1, FULL)) + done(request)]

    def two(request: Request) -> Answer:  # lost 2001:db8::28; 2001:db8::1 is gone, and 10.0.0.80 is new
        gone = notification(RTM_DELADDR, six(request, 999))
        first = addrs(request, 0, 81) + six(request, *range(2, 40))
        # Otherwise the missing row between 10.0.0.79 and 2001:db8::2 would show that it was removed.
        changed = notification(RTM_NEWADDR, six(request, 2))
        return [first, gone, changed, six(request, *range(41, FULL)) + done(request)]

    fake = kernel(in_turn(one, one, two))
    answer = fake.ask("[str(row.addr) for row in getifs.interface_addrs()]")
    assert answer == ips(0, 81) + [f"2001:db8::{number:x}" for number in range(1, FULL)]


@pytest.mark.parametrize("kind", [RTM_NEWROUTE, RTM_DELROUTE])
def test_a_changed_route_makes_the_next_two_boundaries_dirty(kernel, kind):
    def handler(request: Request) -> Answer:
        noise = notification(kind, routes(request, 999, 1000))
        if not change[0]:
            return [routes(request, 0, 3 * FULL) + done(request)]
        change[0] -= 1
        parts = [routes(request, FULL * at, FULL * at + FULL) for at in range(3)]
        parts[0] = routes(request, 0, few) if few else parts[0]
        return [noise, *parts, done(request)]

    # A notification before the first datagram can be about a change after it was built, but not after the second one.
    few, change = 0, [1]
    fake = kernel(handler)
    assert fake.ask(ROUTES) == [f"{text}/32" for text in ips(0, 3 * FULL)]
    assert len(fake.requests) == 2
    few, change = 5, [1]  # it had room for more rows, but not for the large one that followed
    fake = kernel(handler)
    assert len(fake.ask(ROUTES)) == 3 * FULL
    assert len(fake.requests) == 2


def link_change(change: int, flags: int) -> bytes:
    return struct.pack("=BxHiII", 0, 1, 5, flags, change) + attr(3, b"eth0\0")


@pytest.mark.parametrize("place", ["dump", "before", "after"])
@pytest.mark.parametrize("event", ["down", "gone", "address", "object", "up", "unchanged"])
def test_routes_that_vanish_silently_make_the_dump_dirty(kernel, event, place):
    def noise(request: Request) -> bytes:
        kind = {"gone": RTM_DELLINK, "address": RTM_DELADDR, "object": RTM_DELNEXTHOP}.get(event, RTM_NEWLINK)
        return notification(kind, message(request, kind, link_change(int(event != "unchanged"), int(event == "up"))))

    def torn(request: Request) -> Answer:
        last = routes(request, 2 * FULL, 3 * FULL)
        parts = [routes(request, 0, FULL), routes(request, FULL, 2 * FULL), last]
        return [*parts, *([noise(request)] if place == "dump" else []), done(request)]

    def probe(request: Request) -> Answer:
        is_first = len(fake.probes) == 1
        is_noisy = len(fake.probes) < 3 and place == ("before" if is_first else "after")
        return [*([noise(request)] if is_noisy else []), refusal(request, errno.EINVAL)]

    fake = kernel(in_turn(torn, lambda request: [routes(request, 0, 3 * FULL) + done(request)]))
    fake.probe_handler = probe
    assert len(fake.ask(ROUTES)) == 3 * FULL
    assert len(fake.requests) == (1 if event in ("up", "unchanged") else 2)


def test_rows_of_a_flagged_dump_of_links_connect(kernel):
    def links(request: Request, *numbers: int, flags: int = NLM_F_MULTI) -> bytes:
        return b"".join(link(request, number, f"l{number}", flags=flags) for number in numbers)

    flagged = NLM_F_MULTI | NLM_F_DUMP_INTR

    def one(request: Request) -> Answer:  # lost 3
        return [links(request, 1, 2), links(request, 4, 5, flags=flagged), done(request)]

    def two(request: Request) -> Answer:  # lost 2
        return [links(request, 1), links(request, 3, 4, 5, flags=flagged), done(request)]

    def three(request: Request) -> Answer:
        return [links(request, 1, 2, 3, 4), links(request, 5, flags=flagged), done(request)]

    fake = kernel(in_turn(one, one, two, three))
    assert fake.ask("[row.name for row in getifs.interfaces()]") == ["l1", "l2", "l3", "l4", "l5"]
    assert len(fake.requests) == 4


def test_an_object_that_changes_between_dumps_is_there_once(kernel):
    flagged = NLM_F_MULTI | NLM_F_DUMP_INTR

    def group(request: Request, number: int, member: int, flags: int = NLM_F_MULTI) -> bytes:
        members = attr(2, struct.pack("=IBBH", member, 0, 0, 0))
        return message(request, 104, bytes(8) + attr(1, word(number)) + members, flags=flags)

    def handler(request: Request) -> Answer:
        member = len(fake.requests)
        lost = 2 * member - 1
        first = [group(request, number, member) for number in range(1, lost)]
        rest = [group(request, number, member, flagged) for number in range(lost + 1, 7)]
        return [b"".join(first), b"".join(rest), done(request)]

    fake = kernel(handler)  # the second dump lacks object 3, the third one object 5
    assert fake.ask("[(row.id, row.group[0][0]) for row in getifs.nexthops()]") == [
        [number, 2 if number == 5 else 3] for number in range(1, 7)
    ]
    assert len(fake.requests) == 3


@pytest.mark.parametrize("place", ["together", "apart"])
def test_rows_that_only_the_kernel_tells_apart_stay_two(kernel, place):
    """IPv4 routes can differ in their preferred source alone."""

    def twin(request: Request, number: int) -> bytes:
        source = attr(7, socket.inet_aton(f"192.0.2.{number}"))
        return route(request, 1, socket.inet_aton(ip(300)), 32, source)

    def handler(request: Request) -> Answer:
        gone = notification(RTM_DELROUTE, routes(request, 999, 1000))
        first = FULL if len(fake.requests) < 3 else 100
        before, rest = routes(request, 0, first), routes(request, first + 1, 2 * FULL)
        if place == "together":
            return [twin(request, 1) + twin(request, 2) + before, gone, rest + done(request)]
        return [twin(request, 3) + before + twin(request, 1), gone, twin(request, 2) + rest + done(request)]

    fake = kernel(handler)
    assert fake.ask(ROUTES).count(f"{ip(300)}/32") == (2 if place == "together" else 3)


def test_rows_on_both_sides_of_a_boundary_connect(kernel):
    def links(request: Request) -> Answer:
        flagged = NLM_F_MULTI | NLM_F_DUMP_INTR
        first, again = link(request, 1, "l1") + link(request, 2, "l2"), link(request, 2, "l2", flags=flagged)
        return [first, again + link(request, 3, "l3"), done(request)]

    fake = kernel(links)
    assert fake.ask("[row.name for row in getifs.interfaces()]") == ["l1", "l2", "l3"]
    assert len(fake.requests) == 2


def test_hops_of_a_route_stay_together_in_connected_dumps(kernel):
    def multipath(request: Request) -> bytes:
        hops = b"".join(
            struct.pack("=HBBi", 16, 0, 0, 1) + attr(5, socket.inet_aton(f"192.0.2.{number}")) for number in (1, 2)
        )
        return route(request, 0, socket.inet_aton(ip(500)), 32, attr(9, hops))

    def handler(request: Request) -> Answer:
        gone = notification(RTM_DELROUTE, routes(request, 999, 1000))
        first = FULL if len(fake.requests) < 3 else 100
        rest = routes(request, first + 1, 2 * FULL)
        return [multipath(request) + routes(request, 0, first), gone, rest + done(request)]

    fake = kernel(handler)
    answer = fake.ask("[str(row) for row in getifs.route_table(family=4)]")
    assert answer[:2] == [f"{ip(500)}/32 via 192.0.2.{number} (1)" for number in (1, 2)]
    assert len(answer) == 2 * FULL + 2


def test_a_flag_on_done_alone_counts(kernel):
    def torn(request: Request) -> Answer:
        return [addrs(request, 0, 3), message(request, NLMSG_DONE, b"\0" * 4, flags=NLM_F_MULTI | NLM_F_DUMP_INTR)]

    fake = kernel(in_turn(torn, torn, whole))
    assert fake.ask(ADDRS) == ips(0, 2 * FULL)
