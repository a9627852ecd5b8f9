"""examples/zeroconf_follow.py: python-zeroconf announces on an address within a second after it appeared (B93).

The packets stay in two namespaces, which a pair of links connects.
"""

import contextlib
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from netns import Namespace, wait_for
from zeroconf import DNSAddress, DNSIncoming

EXAMPLE = Path(__file__).parents[2] / "examples/zeroconf_follow.py"
HOST = "follow.local."
PORT = 5353
SECONDS = 1.0


class Peer:
    """The other end of the cable, which listens to multicast DNS."""

    def __init__(self, net: Namespace, link: str) -> None:
        with net:
            index = socket.if_nametoindex(link)
            self.v4 = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.v6 = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        membership = struct.pack("=4s4si", socket.inet_aton("224.0.0.251"), bytes(4), index)
        self.v4.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
        membership = socket.inet_pton(socket.AF_INET6, "ff02::fb") + struct.pack("=i", index)
        self.v6.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, membership)
        self.v6.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        self.v4.bind(("", PORT))
        self.v6.bind(("", PORT))

    def hears(self, source: str, *addrs: str) -> None:
        """Waits for a packet of `source` that announces exactly these addresses; a second at most."""
        listener = self.v6 if ":" in source else self.v4
        until = time.monotonic() + SECONDS
        heard = []
        while (left := until - time.monotonic()) > 0:
            listener.settimeout(left)
            with contextlib.suppress(TimeoutError):
                packet, sender = listener.recvfrom(9000)
                answers = [row for row in DNSIncoming(packet).answers() if isinstance(row, DNSAddress)]
                announced = {_text(row.address) for row in answers if row.name == HOST}
                heard.append((sender[0].partition("%")[0], announced))
                if heard[-1] == (source, set(addrs)):
                    return
        pytest.fail(f"no announcement of {addrs} by {source} within {SECONDS} s, but {heard}")

    def close(self) -> None:
        self.v4.close()
        self.v6.close()


def _text(packed: bytes) -> str:
    return socket.inet_ntop(socket.AF_INET if len(packed) == 4 else socket.AF_INET6, packed)


@pytest.fixture
def peer(net: Namespace) -> Iterator[Peer]:
    far = net.other()
    net.veth("v0", "v1", far)
    net.wait_for_carrier("v0")
    made = Peer(far, "v1")
    yield made
    made.close()


@pytest.fixture
def example(net: Namespace, peer: Peer) -> Iterator[subprocess.Popen[str]]:
    """The running example; it has registered its service, without an address yet."""
    with subprocess.Popen(
        [sys.executable, EXAMPLE, "follow"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "registered follow\n"
            yield process
        finally:
            process.terminate()


def sockets(net: Namespace) -> set[str]:
    """The addresses of this namespace to which sockets for multicast DNS are bound."""
    lines = net.run("ss", "--no-header", "--udp", "--all", "--numeric", f"sport = :{PORT}").decode().splitlines()
    bound = [line.split()[3].rpartition(":")[0] for line in lines]
    return {addr.partition("%")[0].strip("[]") for addr in bound} - {"*", "0.0.0.0", "::"}


def becomes_bound(net: Namespace, *addrs: str) -> None:
    wait_for(lambda: sockets(net) == set(addrs), SECONDS)


def test_b93_addresses_that_appear_are_announced(net: Namespace, peer: Peer, example: object) -> None:
    net.ip("addr add 192.0.2.1/24 dev v0")
    peer.hears("192.0.2.1", "192.0.2.1")
    net.ip("addr add fe80::5/64 dev v0 nodad")
    peer.hears("fe80::5", "192.0.2.1", "fe80::5")
    becomes_bound(net, "192.0.2.1", "fe80::5")
    # python-zeroconf has one socket for each interface and family.
    time.sleep(0.7)  # the earlier announcements, whose records change too
    net.ip("addr add 192.0.2.2/24 dev v0")
    peer.hears("192.0.2.1", "192.0.2.1", "192.0.2.2", "fe80::5")


def test_b93_a_tentative_address_is_announced_when_it_is_usable(net: Namespace, peer: Peer, example: object) -> None:
    net.ip("addr add fe80::5/64 dev v0")
    assert sockets(net) == set()
    wait_for(lambda: "tentative" not in net.ip_json("addr", "show", "dev", "v0")[0]["addr_info"][0])
    peer.hears("fe80::5", "fe80::5")


def test_b93_sockets_of_addresses_that_disappear_are_closed(net: Namespace, peer: Peer, example: object) -> None:
    net.ip("addr add 192.0.2.1/24 dev v0\n addr add 198.51.100.1/24 dev v0")
    peer.hears("192.0.2.1", "192.0.2.1", "198.51.100.1")
    net.ip("addr del 198.51.100.1/24 dev v0")
    peer.hears("192.0.2.1", "192.0.2.1")
    becomes_bound(net, "192.0.2.1")
    net.ip("link del v0")
    becomes_bound(net)


def test_b93_an_interface_that_comes_and_goes(net: Namespace, peer: Peer, example: object) -> None:
    net.ip("addr add 192.0.2.1/24 dev v0")
    peer.hears("192.0.2.1", "192.0.2.1")
    net.ip("link set v0 down")
    becomes_bound(net)
    net.ip("link set v0 up")
    peer.hears("192.0.2.1", "192.0.2.1")


def test_b93_nothing_polls(net: Namespace, example: subprocess.Popen[str]) -> None:
    """The process does not run while nothing changes, except for a timer of python-zeroconf's cache, every 10 s."""

    def times_it_ran() -> int:
        status = Path(f"/proc/{example.pid}/status").read_text()
        return int(status.split("\nvoluntary_ctxt_switches:")[1].split()[0])

    time.sleep(0.5)
    before = times_it_ran()
    time.sleep(2)
    assert times_it_ran() - before <= 3
