"""Answers about speed and duplex that this kernel and its drivers do not give (B16).

The fake kernel answers netlink requests only: an ioctl() goes to the real one.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Callable, Iterable

import pytest
from fake_kernel import Handler, Request, done, link, message, refusal, word
from netlink_messages import NLM_F_DUMP, NLM_F_DUMP_INTR, NLM_F_MULTI, RTM_GETLINK, attr
from netns import Namespace

Answer = Iterable[bytes]
GENL_ID_CTRL, ETHTOOL = 16, 40
MODES = "[[row.index, row.speed, row.duplex] for row in getifs.interfaces(link_modes=True)]"


def family(request: Request) -> Answer:
    name = attr(2, b"ethtool\0")
    assert request.data[20:].startswith(name)
    return [message(request, GENL_ID_CTRL, b"\1\2\0\0" + name + attr(1, struct.pack("=H", ETHTOOL)), flags=0)]


def mode(request: Request, index: int, speed: int, duplex: int, **fields: int) -> bytes:
    device = attr(1, attr(1, word(index)) + attr(2, b"name\0"))
    return message(request, ETHTOOL, b"\4\1\0\0" + device + attr(5, word(speed)) + attr(6, bytes([duplex])), **fields)


def kernel_with(modes: Callable[[Request], Answer], *links: tuple[int, str]) -> Handler:
    def handler(request: Request) -> Answer:
        if request.type == RTM_GETLINK:
            return [b"".join(link(request, *one) for one in links), done(request)]
        return family(request) if request.type == GENL_ID_CTRL else modes(request)

    return handler


def test_b16_what_means_that_the_driver_does_not_know(kernel):
    values = [(1, 0, 0), (2, 0xFFFFFFFF, 1), (3, 0xFFFF, 0xFF), (4, 0xFFFFFFFE, 7), (5, 10, 0xFF)]

    def modes(request: Request) -> Answer:
        assert request.flags & NLM_F_DUMP == NLM_F_DUMP
        assert request.payload == b"\4\1\0\0" + attr(0x8001, attr(3, word(1)))
        return [b"".join(mode(request, *value) for value in values), done(request)]

    fake = kernel(kernel_with(modes, *((index, f"none{index}") for index, _, _ in values)))
    assert fake.ask(MODES) == [[1, None, 0], [2, None, 1], [3, None, None], [4, 0xFFFFFFFE, 7], [5, 10, None]]
    assert fake.ask("str(getifs.interfaces(link_modes=True)[3].duplex)") == "7"


def test_b16_in_any_order(kernel):
    def modes(request: Request) -> Answer:
        return [mode(request, 3, 30, 1), mode(request, 9, 90, 1) + mode(request, 1, 10, 1), done(request)]

    fake = kernel(kernel_with(modes, (1, "none1"), (2, "none2"), (3, "none3")))
    assert fake.ask(MODES) == [[1, 10, 1], [2, None, None], [3, 30, 1]]


def test_b16_a_session_asks_once_for_the_family(kernel):
    def modes(request: Request) -> Answer:
        row = mode(request, 1, 10, 1)
        return [row, done(request)] if request.flags & NLM_F_DUMP else [row]

    fake = kernel(kernel_with(modes, (1, "none1"), (2, "none2")))
    program = (
        "import getifs\n"
        "with getifs.Session() as session:\n"
        "    print([session.interfaces(link_modes=True)[0].speed for _ in range(3)])\n"
        "    one = session.interfaces(link_modes=True, where=getifs.filters.named('none1'))\n"
        "    print(one[0].speed)\n"
        "    session.interfaces()\n"
    )
    assert fake.run(program).stdout.split("\n")[:2] == ["[10, 10, 10]", "10"]
    assert [request.type for request in fake.requests] == [
        *(RTM_GETLINK, GENL_ID_CTRL, ETHTOOL),
        *(RTM_GETLINK, ETHTOOL) * 3,
        RTM_GETLINK,
    ]
    last = fake.requests[-2]
    assert (last.flags & NLM_F_DUMP, last.payload[4:]) == (0, attr(0x8001, attr(3, word(1)) + attr(1, word(1))))
    assert fake.sockets == 2


@pytest.fixture
def real(net: Namespace) -> Namespace:
    net.ip("tuntap add t0 mode tun\n tuntap add t1 mode tun\n tuntap add t2 mode tun")
    net.run("ethtool", "-s", "t1", "speed", "100", "duplex", "half")
    return net


def links_of(net: Namespace) -> list[tuple[int, str]]:
    return [(net.index(name), name) for name in ("t0", "t1", "t2")]


@pytest.mark.parametrize("error", [errno.ENOENT, errno.EOPNOTSUPP, errno.EPERM])
def test_b16_without_the_family_by_ioctl(kernel, real, error):
    one, two, three = links_of(real)
    # An interface that got its name meanwhile is another one; a name that is too long for ioctl() finds none.
    rows = [one, two, (three[0] + 50, three[1]), (77, "t1:0"), (78, "t" * 16)]

    def handler(request: Request) -> Answer:
        if request.type == RTM_GETLINK:
            return [b"".join(link(request, *row) for row in rows), done(request)]
        return [refusal(request, error)]

    expected = [[one[0], 10000, 1], [two[0], 100, 0], *([row[0], None, None] for row in rows[2:])]
    assert kernel(handler).ask(MODES) == expected


def failing(request: Request, net: Namespace) -> Answer:
    """A driver has failed, which ends the dump."""
    return [mode(request, net.index("t0"), 7, 1), done(request, errno.ENODEV)]


def interrupted(request: Request, net: Namespace) -> Answer:
    return [mode(request, net.index("t0"), 7, 1, flags=NLM_F_MULTI | NLM_F_DUMP_INTR), done(request)]


def unknown(request: Request, net: Namespace) -> Answer:
    return [refusal(request, errno.EOPNOTSUPP)]


@pytest.mark.parametrize("answer", [failing, interrupted, unknown])
def test_b16_what_the_dump_lacks_by_ioctl(kernel, real, answer):
    fake = kernel(kernel_with(lambda request: answer(request, real), *links_of(real)))
    one, two, three = (index for index, _ in links_of(real))
    speed = 10000 if answer is unknown else 7
    assert fake.ask(MODES) == [[one, speed, 1], [two, 100, 0], [three, 10000, 1]]


@pytest.mark.parametrize("content", [b"\4", b"\4\1\0\0" + attr(5, word(10))[:-1], b"\4\1\0\0\3\0\1\0"])
def test_b16_malformed(kernel, content):
    def modes(request: Request) -> Answer:
        return [message(request, ETHTOOL, content), done(request)]

    fake = kernel(kernel_with(modes, (1, "none1"), (2, "none2")))
    name, number, text = fake.ask(MODES)
    assert (name, number) == ("MalformedMessageError", errno.EBADMSG)
    assert "ETHTOOL_MSG_LINKMODES_GET" in text


def test_b16_no_answer(kernel):
    fake = kernel(kernel_with(lambda _request: [], (1, "none1"), (2, "none2")))
    expression = "getifs.interfaces(link_modes=True, timeout=0.1)"
    assert fake.ask(expression)[:2] == ["TimeoutError", errno.ETIMEDOUT]
