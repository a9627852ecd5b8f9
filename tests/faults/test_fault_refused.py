"""A kernel that answers RTM_GETLINK with a refusal (B80). An ioctl() goes to the real kernel."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable, Iterable

import pytest
from fake_kernel import Handler, Request, address, done, refusal, route
from netlink_messages import RTM_GETADDR, RTM_GETLINK, RTM_GETMULTICAST, RTM_GETROUTE
from netns import Namespace

Answer = Iterable[bytes]
NAMES = "[row.name for row in getifs.interfaces()]"
LOOPBACK = bytes([127, 0, 0, 1])


def refusing(make: Callable[..., bytes], error: int, *addrs: tuple[int, bytes]) -> Handler:
    def handler(request: Request) -> Answer:
        if request.type == RTM_GETLINK:
            return [make(request, error, "SELinux")]
        if request.type == RTM_GETADDR:
            families = {socket.AF_UNSPEC: (4, 16), socket.AF_INET: (4,), socket.AF_INET6: (16,)}[request.family]
            return [
                b"".join(address(request, index, at, 8) for index, at in addrs if len(at) in families) + done(request)
            ]
        raise AssertionError(request.type)

    return handler


@pytest.mark.parametrize("error", [errno.EACCES, errno.EPERM])
@pytest.mark.parametrize("make", [refusal, done])
def test_b80_links_by_ioctl(kernel, net: Namespace, make, error):
    v0 = net.veth()
    fake = kernel(refusing(make, error, (v0, bytes([10, 0, 0, 1])), (1, LOOPBACK), (v0, bytes(15) + b"\1")))
    assert fake.ask(NAMES) == ["lo", "v1", "v0"]
    assert [request.type for request in fake.requests] == [RTM_GETLINK, RTM_GETADDR]
    both = "[[row.index, [str(a.addr) for a in addrs]] for row, addrs in getifs.addrs_by_interface(%s).items()]"
    assert fake.ask(both % "family=4") == [[1, ["127.0.0.1"]], [v0 - 1, []], [v0, ["10.0.0.1"]]]
    assert fake.ask(both % "")[2] == [v0, ["10.0.0.1", "::1"]]
    assert fake.ask("getifs.interface_by_name('v0').index") == v0
    assert fake.ask("getifs.interface_by_index(99)") is None
    assert fake.ask("getifs.ip_mtu('10.0.0.1')") == 1500


@pytest.mark.parametrize("error", [errno.EOPNOTSUPP, errno.EINVAL, errno.EIO])
def test_b80_other_errors_are_errors(kernel, error):
    fake = kernel(refusing(refusal, error))
    assert fake.ask(NAMES)[:2] == ["NetlinkError", error]
    assert {request.type for request in fake.requests} == {RTM_GETLINK}


def test_b80_an_address_of_an_interface_that_is_gone(kernel, net: Namespace):
    fake = kernel(refusing(refusal, errno.EACCES, (1, LOOPBACK), (77, bytes([10, 0, 0, 1]))))
    assert fake.ask(NAMES) == ["lo"]
    # Here the address has to have its interface: the query is repeated.
    assert fake.ask("len(getifs.addrs_by_interface())")[:2] == ["DumpInterruptedError", errno.EINTR]


def test_b80_the_refusal_of_a_request_that_follows_is_explained(kernel, net: Namespace):
    fake = kernel(lambda request: [refusal(request, errno.EPERM, "Not today")])
    assert fake.ask(NAMES) == ["NetlinkPermissionError", errno.EPERM, "[Errno 1] Operation not permitted: Not today"]
    expression = "getifs.interface_by_name('a' * 16)"  # too long for ioctl()
    assert fake.ask(expression)[2] == "[Errno 1] Operation not permitted: Not today"


@pytest.mark.parametrize("error", [errno.EACCES, errno.EPERM])
def test_b80_a_request_that_is_refused_in_send(kernel, net: Namespace, error):
    def handler(request: Request) -> Answer:
        return [route(request, 1, bytes(4), 0) if request.family == socket.AF_INET else b"", done(request)]

    fake = kernel(handler)
    once = {"FAKE_FAILS": f"send:{error}:1"}
    # The request is sent again, for the kernel's text, and then succeeds.
    assert fake.ask("len(getifs.route_table())", **once) == 1
    always = {"FAKE_FAILS": f"send:{error}:100"}
    assert fake.ask("len(getifs.route_table())", **always)[:2] == ["NetlinkPermissionError", error]
    assert RTM_GETROUTE in {request.type for request in fake.requests}


def test_b60_refused_groups_come_from_proc(kernel, net: Namespace):
    def handler(request: Request) -> Answer:
        assert request.type == RTM_GETMULTICAST
        return [refusal(request, errno.EACCES)]

    assert "224.0.0.1" in kernel(handler).ask("[str(row.addr) for row in getifs.interface_multicast_addrs()]")
