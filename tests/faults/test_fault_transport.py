"""Faults of the transport, which a real kernel does not produce on demand (B2–B8a)."""

from __future__ import annotations

import errno
import sys
import time
from collections.abc import Iterable

import pytest
from fake_kernel import Datagram, Fault, Request, done, in_turn, link, links, message, refusal
from netlink_messages import NLM_F_DUMP, NLM_F_DUMP_INTR, NLM_F_MULTI, NLMSG_ERROR, NLMSG_NOOP, RTM_GETLINK

NAMES = "[interface.name for interface in getifs.interfaces()]"


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


def test_b2_another_group_port_or_sequence_is_not_ours(kernel):
    def handler(request: Request) -> Iterable[bytes]:
        notification = Datagram(link(request, 65, "group") + done(request))
        notification.groups = 1
        return [
            notification,
            link(request, 67, "other sequence", sequence=0) + done(request, sequence=request.sequence - 1),
            refusal(request, errno.EIO)[:8] + b"\0\0\0\0" + refusal(request, errno.EIO)[12:],
            link(request, 1, "lo"),
            link(request, 66, "other port", port=1) + done(request, port=5),
            done(request),
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
    assert fake.sockets == 2  # the rest of the broken answer must not be read as the next one


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


def test_b7_for_links_it_is_an_error(kernel):
    fake = kernel(lambda request: [refusal(request, errno.EOPNOTSUPP)])
    assert fake.ask(NAMES)[:2] == ["NetlinkError", errno.EOPNOTSUPP]


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("capped", [True, False])
def test_b7_the_kernels_errno_and_text_reach_the_caller(kernel, sign, capped):
    fake = kernel(lambda request: [refusal(request, errno.EPERM, "Not today", capped=capped, sign=sign)])
    assert fake.ask(NAMES) == ["NetlinkPermissionError", errno.EPERM, "[Errno 1] Operation not permitted: Not today"]


def test_b7_an_error_of_a_dump_comes_inside_done(kernel):
    fake = kernel(lambda request: [link(request, 1, "lo"), done(request, errno.EINVAL, "Bad header")])
    assert fake.ask(NAMES) == ["NetlinkError", errno.EINVAL, "[Errno 22] Invalid argument: Bad header"]


def test_b7_an_acknowledgement_ends_nothing_and_a_short_one_is_malformed(kernel):
    assert kernel(lambda request: [refusal(request, 0), *links("lo")(request)]).ask(NAMES) == ["lo"]
    fake = kernel(lambda request: [message(request, NLMSG_ERROR, b"\0\0\0")])
    assert fake.ask(NAMES)[:2] == ["MalformedMessageError", errno.EBADMSG]


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
        "    try:\n"
        "        signal.setitimer(signal.ITIMER_REAL, 0.2)\n"
        "        query()\n"
        "    except KeyboardInterrupt as error:\n        kept.append(error)\n"
        "print(len(kept), [i.name for i in session.interfaces()])\n"
        "session.close()\n"
        "print(os.listdir('/proc/self/fd') == before)\n"
    )
    fake = kernel(handler)
    ended = fake.run(program)
    assert ended.stdout == "2 ['lo']\nTrue\n", ended.stderr


# Errnos that the core also uses with other meanings ("interrupted", "retry", ...), and the exception for each.
CONFUSABLE = {
    errno.EINTR: "InterruptedError",
    errno.EAGAIN: "BlockingIOError",
    errno.ENOBUFS: "OSError",
    errno.ESHUTDOWN: "BrokenPipeError",
    errno.EBADMSG: "OSError",
    errno.EMFILE: "OSError",
}


@pytest.mark.parametrize("error", CONFUSABLE)
@pytest.mark.parametrize("call", ["socket", "send"])
@pytest.mark.parametrize("api", ["getifs", "getifs.Session()"])
def test_b7b_a_failing_call_keeps_its_errno(kernel, call, error, api):
    fake = kernel(links("lo"))
    answer = fake.ask(f"[i.name for i in {api}.interfaces()]", FAKE_FAILS=f"{call}:{error}:1000000")
    assert answer[:2] == [CONFUSABLE[error], error]


@pytest.mark.parametrize("error", [error for error in CONFUSABLE if error != errno.EAGAIN])
def test_b7b_a_failing_receive_keeps_its_errno(kernel, error):
    fake = kernel(lambda request: [Fault(error)] * 1000)
    assert fake.ask(NAMES)[:2] == [CONFUSABLE[error], error]


def test_b8_an_interrupted_call_goes_on(kernel):
    fake = kernel(lambda request: [link(request, 1, "lo"), Fault(errno.EINTR), done(request)])
    assert fake.ask(NAMES, FAKE_FAILS=f"send:{errno.EINTR}:3") == ["lo"]


def test_b8_a_fork_in_the_middle_of_a_query_gives_parent_and_child_the_whole_answer(kernel):
    def handler(request: Request) -> Iterable[bytes]:
        yield link(request, 1, "lo")
        if len(fake.requests) == 1:
            time.sleep(0.5)
        yield link(request, 2, "eth0") + done(request)

    program = (
        "import getifs, os, signal, sys\n"
        "children = []\n"
        "signal.signal(signal.SIGALRM, lambda *_: children.append(os.fork()))\n"
        "session = getifs.Session()\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.1)\n"
        "names = [i.name for i in {api}.interfaces()]\n"
        "assert len(children) == 1\n"
        "good = names == ['lo', 'eth0'] == [i.name for i in session.interfaces()]\n"
        "if children == [0]:\n"
        "    os._exit(0 if good else 1)\n"
        "print(good, os.waitpid(children[0], 0)[1])\n"
    )
    for api in ("session", "getifs"):
        fake = kernel(handler)
        ended = fake.run(program.replace("{api}", api))
        assert ended.stdout == "True 0\n", ended.stderr
