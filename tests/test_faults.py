"""What a real kernel will not do on demand: faults of the transport (B2–B8a), shown by a fake kernel behind a shim."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from faults.fake_kernel import (
    NLM_F_DUMP,
    NLM_F_DUMP_INTR,
    NLM_F_MULTI,
    NLMSG_ERROR,
    NLMSG_NOOP,
    RTM_GETADDR,
    RTM_GETLINK,
    RTM_GETMULTICAST,
    RTM_GETNEXTHOP,
    RTM_GETROUTE,
    Datagram,
    FakeKernel,
    Fault,
    Handler,
    Request,
    address,
    attr,
    done,
    link,
    message,
    refusal,
    route,
)

NAMES = "[interface.name for interface in getifs.interfaces()]"
HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = os.environ.get("CC") or shutil.which("cc") or "gcc"
    built = tmp_path_factory.mktemp("shim") / "shim.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", built, HERE / "faults" / "shim.c", "-ldl"], check=True)
    return built


@pytest.fixture
def kernel(shim: Path) -> Iterator[Callable[[Handler], FakeKernel]]:
    with contextlib.ExitStack() as stack:

        def make(handler: Handler) -> FakeKernel:
            fake = FakeKernel(shim, handler)
            stack.callback(fake.close)
            return fake

        yield make


def word(number: int) -> bytes:
    return struct.pack("=I", number)


def in_turn(*answers: Callable[[Request], Iterable[bytes | Fault]]) -> Handler:
    """The first answer to the first request, and so on; the last one for all that follow."""
    left: Iterator[Callable[[Request], Iterable[bytes | Fault]]] = iter(answers)
    current = [answers[-1]]

    def handler(request: Request) -> Iterable[bytes | Fault]:
        current[0] = next(left, current[0])
        return current[0](request)

    return handler


def links(*names: str, **fields: int) -> Callable[[Request], Iterable[bytes]]:
    return lambda request: [
        b"".join(link(request, index, name, **fields) for index, name in enumerate(names, 1)),
        done(request),
    ]


def test_the_fake_kernel_is_understood(kernel):
    fake = kernel(links("lo", "eth0"))
    assert fake.ask(NAMES) == ["lo", "eth0"]
    (request,) = fake.requests
    assert (request.type, request.flags & NLM_F_DUMP, request.port) == (RTM_GETLINK, NLM_F_DUMP, 0)


def test_b2_only_the_kernel_is_heard(kernel):
    def handler(request: Request) -> Iterable[bytes]:
        stranger = Datagram(link(request, 66, "evil") + done(request))
        stranger.sender = 4711
        garbage = Datagram(b"\xff" * 7)
        garbage.sender = 1
        return [stranger, garbage, link(request, 1, "lo"), stranger, done(request)]

    assert kernel(handler).ask(NAMES) == ["lo"]


def test_b2_another_port_or_sequence_is_not_ours(kernel):
    def handler(request: Request) -> Iterable[bytes]:
        return [
            link(request, 66, "other port", port=1) + link(request, 67, "other sequence", sequence=0),
            done(request, sequence=request.sequence - 1) + done(request, port=5),
            refusal(request, errno.EIO)[:8] + b"\0\0\0\0" + refusal(request, errno.EIO)[12:],
            link(request, 1, "lo") + done(request),
        ]

    assert kernel(handler).ask(NAMES) == ["lo"]


@pytest.mark.parametrize("length", [0, 15, 17, 1000, 2**32 - 1, 2**31])
def test_b4_a_broken_message_length_fails_the_dump(kernel, length):
    def handler(request: Request) -> Iterable[bytes]:
        last = link(request, 2, "eth0")[:16]
        return [link(request, 1, "lo") + length.to_bytes(4, sys.byteorder) + last[4:], done(request)]

    assert kernel(handler).ask(NAMES)[:2] == ["MalformedMessageError", errno.EBADMSG]


def test_b4_a_header_too_short_for_its_type_fails_the_dump(kernel):
    def handler(request: Request) -> Iterable[bytes]:
        return [message(request, 16, b"\0" * 12), done(request)]

    assert kernel(handler).ask(NAMES)[:2] == ["MalformedMessageError", errno.EBADMSG]


def test_b4_a_session_recovers_from_a_broken_dump(kernel):
    fake = kernel(in_turn(lambda request: [b"\1\0\0\0" * 4], links("lo")))
    program = (
        "import getifs\n"
        "with getifs.Session() as s:\n"
        "    try:\n        s.interfaces()\n    except getifs.MalformedMessageError:\n        print('refused')\n"
        "    print([i.name for i in s.interfaces()])\n"
    )
    assert fake.run(program).stdout.split("\n")[:2] == ["refused", "['lo']"]
    assert fake.sockets == 2  # what was left of the broken answer must not be taken for the next one


@pytest.mark.parametrize("count", [1, 7])
def test_b6_an_interrupted_dump_is_asked_again(kernel, count):
    def torn(request: Request) -> Iterable[bytes]:
        return [link(request, 1, "old", flags=NLM_F_MULTI | NLM_F_DUMP_INTR) + link(request, 2, "torn"), done(request)]

    fake = kernel(in_turn(*[torn] * count, links("lo")))
    assert fake.ask(NAMES) == ["lo"]
    assert len(fake.requests) == count + 1
    assert len({request.sequence for request in fake.requests}) == count + 1


def test_b6_a_dump_that_is_always_interrupted_is_an_error(kernel):
    fake = kernel(links("lo", flags=NLM_F_MULTI | NLM_F_DUMP_INTR))
    assert fake.ask(NAMES)[:2] == ["DumpInterruptedError", errno.EINTR]
    assert 1 < len(fake.requests) < 100


def test_b6_the_flag_on_the_last_message_counts_too(kernel):
    def torn(request: Request) -> Iterable[bytes]:
        return [link(request, 9, "torn"), message(request, 3, b"\0" * 4, flags=NLM_F_MULTI | NLM_F_DUMP_INTR)]

    assert kernel(in_turn(torn, links("lo"))).ask(NAMES) == ["lo"]


def test_b6a_a_row_that_comes_twice_is_one_and_the_latest(kernel):
    def handler(request: Request) -> Iterable[bytes]:
        if request.type == RTM_GETLINK:
            rows = [link(request, 1, "lo"), link(request, 2, "old"), link(request, 3, "eth1"), link(request, 2, "new")]
        else:
            rows = [
                address(request, 2, bytes([10, 0, 0, 1]), 24),
                address(request, 1, bytes([10, 0, 0, 1]), 24),
                address(request, 2, bytes([10, 0, 0, 1]), 24),
                address(request, 2, bytes([10, 0, 0, 1]), 8),
            ]
        return [b"".join(rows), done(request)]

    fake = kernel(handler)
    assert fake.ask(NAMES) == ["lo", "new", "eth1"]
    expected = ["10.0.0.1/24 (2)", "10.0.0.1/24 (1)", "10.0.0.1/8 (2)"]
    assert fake.ask("[str(addr) for addr in getifs.interface_addrs()]") == expected


def test_b6a_equal_hops_of_one_route_stay_two(kernel):
    def handler(request: Request) -> Iterable[bytes]:
        if request.family == socket.AF_INET6:
            return [done(request)]
        hop = struct.pack("=HBBi", 16, 0, 0, 1) + attr(5, bytes([10, 0, 0, 1]))
        return [route(request, 0, bytes(4), 0, attr(9, hop + hop)), done(request)]

    assert kernel(handler).ask("[str(r) for r in getifs.route_table()]") == ["0.0.0.0/0 via 10.0.0.1 (1)"] * 2


@pytest.mark.parametrize("error", [errno.EOPNOTSUPP, errno.EPROTONOSUPPORT, errno.EAFNOSUPPORT])
@pytest.mark.parametrize("make", [done, refusal])
def test_b7_an_unavailable_family_is_empty_for_routes(kernel, error, make):
    def handler(request: Request) -> Iterable[bytes]:
        if request.family == socket.AF_INET6:
            return [make(request, error)]
        return [route(request, 1, bytes(4), 0), done(request)]

    assert kernel(handler).ask("[str(r) for r in getifs.route_table()]") == ["0.0.0.0/0 (1)"]


def test_b7_for_links_it_is_an_error(kernel):
    fake = kernel(lambda request: [refusal(request, errno.EOPNOTSUPP)])
    assert fake.ask(NAMES)[:2] == ["NetlinkError", errno.EOPNOTSUPP]


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("capped", [True, False])
def test_b7_the_kernels_errno_and_text_reach_the_caller(kernel, sign, capped):
    fake = kernel(lambda request: [refusal(request, errno.EPERM, "Not today", capped=capped, sign=sign)])
    assert fake.ask(NAMES) == ["NetlinkError", errno.EPERM, "[Errno 1] Operation not permitted: Not today"]


def test_b7_an_error_of_a_dump_comes_inside_done(kernel):
    fake = kernel(lambda request: [link(request, 1, "lo"), done(request, errno.EINVAL, "Bad header")])
    assert fake.ask(NAMES) == ["NetlinkError", errno.EINVAL, "[Errno 22] Invalid argument: Bad header"]


def test_b7_an_acknowledgement_ends_nothing_and_a_short_one_is_malformed(kernel):
    assert kernel(lambda request: [refusal(request, 0), *links("lo")(request)]).ask(NAMES) == ["lo"]
    fake = kernel(lambda request: [message(request, NLMSG_ERROR, b"\0\0\0")])
    assert fake.ask(NAMES)[:2] == ["MalformedMessageError", errno.EBADMSG]


def test_b7_no_rows_where_a_table_filter_finds_no_table(kernel):
    fake = kernel(lambda request: [done(request, errno.ENOENT, "ipv4: FIB table does not exist")])
    assert fake.ask("len(getifs.route_table(table=77))") == 0
    assert fake.ask("len(getifs.route_table())")[:2] == ["NetlinkError", errno.ENOENT]


def test_b7_other_messages_are_passed_over(kernel):
    def handler(request: Request) -> Iterable[bytes]:
        return [message(request, NLMSG_NOOP, b"") + message(request, 4711, b"\xff" * 40), *links("lo")(request)]

    assert kernel(handler).ask(NAMES) == ["lo"]


def test_b8_enobufs_is_asked_again(kernel):
    fake = kernel(in_turn(lambda request: [link(request, 9, "lost"), Fault(errno.ENOBUFS)], links("lo")))
    assert fake.ask(NAMES) == ["lo"]
    assert fake.sockets == 2


def test_b5_a_datagram_larger_than_the_buffer_is_asked_for_again(kernel):
    names = [f"link{number}" for number in range(1, 1500)]
    fake = kernel(links(*names))
    assert fake.ask(NAMES) == names


@pytest.mark.parametrize("error", [errno.ENOPROTOOPT, errno.EPERM])
def test_b8a_refused_socket_options_cost_no_query(kernel, error):
    fake = kernel(links("lo"))
    assert fake.ask(NAMES, FAKE_REFUSES_OPTIONS=str(error)) == ["lo"]


def test_b9_without_strict_checking_the_rows_are_filtered_here(kernel):
    def handler(request: Request) -> Iterable[bytes]:
        if request.type == RTM_GETLINK:
            return [link(request, 2, "eth0", flags=0)]
        if request.type == RTM_GETADDR:
            rows = [address(request, index, bytes([10, 0, index, 1]), 24) for index in (1, 2, 3)]
        else:
            rows = [route(request, 1, bytes(4), 0), route(request, 1, bytes(4), 0, attr(15, word(100)))]
            rows *= request.family == socket.AF_INET
        return [b"".join(rows), done(request)]

    fake = kernel(handler)
    old = {"FAKE_REFUSES_OPTIONS": str(errno.ENOPROTOOPT)}
    assert fake.ask("[str(a) for a in getifs.interface_addrs(interface=2)]", **old) == ["10.0.2.1/24 (2)"]
    assert fake.ask("[str(a) for a in getifs.interface_addrs(interface='eth0')]", **old) == ["10.0.2.1/24 (2)"]
    assert fake.ask("[r.table for r in getifs.route_table(table=100)]", **old) == [100]


def test_b9_an_interface_that_is_not_there_without_strict_checking(kernel):
    fake = kernel(lambda request: [refusal(request, errno.ENODEV)])
    expression = "len(getifs.interface_addrs(interface=2))"
    assert fake.ask(expression, FAKE_REFUSES_OPTIONS=str(errno.ENOPROTOOPT))[:2] == ["NetlinkError", errno.ENODEV]
    assert [request.type for request in fake.requests] == [RTM_GETLINK]


@pytest.mark.parametrize("error", [errno.EINVAL, errno.ERANGE])
def test_b13_a_kernel_without_alternative_names_has_none(kernel, error):
    fake = kernel(lambda request: [refusal(request, error)])
    assert fake.ask("getifs.interface_by_name('a' * 16)") is None
    assert fake.ask("getifs.interface_by_name('a' * 15)")[:2] == ["NetlinkError", error]
    assert fake.ask("len(getifs.interface_addrs(interface='a' * 16))")[:2] == ["NetlinkError", errno.ENODEV]


def test_b8a_silence_ends_in_a_timeout(kernel):
    fake = kernel(lambda request: [link(request, 1, "lo")])
    start = time.monotonic()
    assert fake.ask("getifs.interfaces(timeout=0.2)")[:2] == ["TimeoutError", errno.ETIMEDOUT]
    assert fake.ask("getifs.Session(timeout=0.2).interfaces()")[:2] == ["TimeoutError", errno.ETIMEDOUT]
    assert time.monotonic() - start < 20


def test_b8a_a_dump_that_never_ends_ends_in_a_timeout(kernel):
    def handler(request: Request) -> Iterable[bytes]:
        while True:
            yield link(request, 1, "lo")
            time.sleep(0.01)

    assert kernel(handler).ask("getifs.interfaces(timeout=0.1)")[:2] == ["TimeoutError", errno.ETIMEDOUT]


def test_b8a_strangers_do_not_prolong_a_silence(kernel):
    def handler(request: Request) -> Iterable[bytes]:
        noise = Datagram(b"noise")
        noise.sender = 7
        while True:
            yield noise
            time.sleep(0.01)

    start = time.monotonic()
    assert kernel(handler).ask("getifs.interfaces(timeout=0.3)")[:2] == ["TimeoutError", errno.ETIMEDOUT]
    assert time.monotonic() - start < 10


def test_b8_a_signal_handler_runs_during_a_query_which_goes_on(kernel):
    def handler(request: Request) -> Iterable[bytes]:
        yield link(request, 1, "lo")
        time.sleep(0.5)
        yield done(request)

    program = (
        "import getifs, signal\n"
        "ran = []\n"
        "signal.signal(signal.SIGALRM, lambda *_: ran.append([i.name for i in session.interfaces()]))\n"
        "with getifs.Session() as session:\n"
        "    signal.setitimer(signal.ITIMER_REAL, 0.1)\n"
        "    print([i.name for i in session.interfaces()], ran)\n"
    )
    ended = kernel(handler).run(program)
    assert ended.stdout == "['lo'] [['lo']]\n", ended.stderr


def test_b8_a_signal_handler_that_raises_ends_the_query_and_leaks_nothing(kernel):
    def handler(request: Request) -> Iterable[bytes]:
        yield link(request, 1, "torn" if len(fake.requests) <= 2 else "lo")
        if len(fake.requests) <= 2:
            time.sleep(1)
        yield done(request)

    program = (
        "import getifs, os, signal\n"
        "def stop(*_):\n    raise KeyboardInterrupt\n"
        "signal.signal(signal.SIGALRM, stop)\n"
        "session = getifs.Session()\n"
        "before = os.listdir('/proc/self/fd')\n"
        "kept = []\n"
        "for query in (getifs.interfaces, session.interfaces):\n"
        "    signal.setitimer(signal.ITIMER_REAL, 0.2)\n"
        "    try:\n        query()\n    except KeyboardInterrupt as error:\n        kept.append(error)\n"
        "print(len(kept), [i.name for i in session.interfaces()])\n"
        "session.close()\n"
        "print(os.listdir('/proc/self/fd') == before)\n"
    )
    fake = kernel(handler)
    ended = fake.run(program)
    assert ended.stdout == "2 ['lo']\nTrue\n", ended.stderr


def test_b34_a_missing_object_is_looked_for_again(kernel):
    rounds: list[int] = []

    def handler(request: Request) -> Iterable[bytes]:
        if request.type == RTM_GETNEXTHOP:
            rounds.append(1)
            body = b"\x02\0\0\0" + bytes(4) + attr(1, word(5)) + attr(5, word(1))
            return [message(request, 104, body) if len(rounds) == 3 else b"", done(request)]
        if request.family == socket.AF_INET6:
            return [done(request)]
        return [route(request, 0, bytes(4), 0, attr(30, word(5))), done(request)]

    fake = kernel(handler)
    assert fake.ask("[str(r) for r in getifs.route_table()]") == ["0.0.0.0/0 (1)"]
    assert [request.type for request in fake.requests].count(RTM_GETROUTE) >= 3


def test_b34_an_object_that_stays_missing_is_an_error_but_for_gateways(kernel):
    def handler(request: Request) -> Iterable[bytes]:
        if request.type == RTM_GETNEXTHOP or request.family == socket.AF_INET6:
            return [done(request)]
        plain = route(request, 1, bytes(4), 0, attr(5, bytes([10, 0, 0, 1])))
        return [plain + route(request, 0, bytes(4), 0, attr(30, word(5))), done(request)]

    fake = kernel(handler)
    assert fake.ask("len(getifs.route_table())")[:2] == ["DumpInterruptedError", errno.EINTR]
    assert fake.ask("[str(g) for g in getifs.gateway_addrs()]") == ["10.0.0.1 (1)"]


def test_b34_no_subsystem_no_objects(kernel):
    fake = kernel(lambda request: [refusal(request, errno.EOPNOTSUPP)])
    assert fake.ask("len(getifs.nexthops())") == 0


def test_an_address_of_a_link_that_is_not_there_repeats_both_dumps(kernel):
    rounds: list[int] = []

    def handler(request: Request) -> Iterable[bytes]:
        if request.type == RTM_GETLINK:
            rounds.append(1)
            names = ["lo"] if len(rounds) < 3 else ["lo", "new"]
            return links(*names)(request)
        return [address(request, 2, bytes([10, 0, 0, 1]), 24), done(request)]

    expression = "{i.name: [str(a) for a in addrs] for i, addrs in getifs.addrs_by_interface().items()}"
    assert kernel(handler).ask(expression) == {"lo": [], "new": ["10.0.0.1/24 (2)"]}


def test_b60_without_the_dump_proc_is_read(kernel):
    fake = kernel(lambda request: [refusal(request, errno.EOPNOTSUPP)])
    groups = fake.ask("sorted({str(g.addr) for g in getifs.interface_multicast_addrs()})")
    assert {"224.0.0.1", "ff02::1"} <= set(groups)
    assert {request.type for request in fake.requests} == {RTM_GETMULTICAST}


def test_b62_a_line_of_proc_that_makes_no_sense_is_an_error():
    from getifs import MalformedMessageError, _kernel

    with pytest.raises(MalformedMessageError, match="no such thing"):
        _kernel.read_igmp(b"1    lo  no such thing\n", family=6, big_endian=False)


def test_b61_the_digits_of_igmp_are_in_the_order_of_the_machine():
    from getifs import IfAddr, _kernel
    from getifs.table import Table

    text = b"Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n1\tlo        :     1      V3\n\t\t\t\t%s     1 0:00000000\t\t0\n"
    for big_endian, digits in ((False, b"010000E0"), (True, b"E0000001")):
        table = Table(IfAddr, _kernel.read_igmp(text % digits, family=4, big_endian=big_endian))
        assert [str(row) for row in table] == ["224.0.0.1 (1)"]
