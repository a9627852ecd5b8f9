"""getifs.compat.psutil beside psutil: the same answers, but for the differences that docs/porting.md lists."""

import contextlib
import fcntl
import os
import socket
import struct
import threading
from collections.abc import Iterator

import netifaces
import psutil
import pytest
from netns import Namespace

from getifs.compat import netifaces as shim_netifaces
from getifs.compat import psutil as shim

Difference = tuple[str, str, str, str | None, str | None]
IFF_TUN, IFF_TAP, IFF_NO_PI = 1, 2, 0x1000
TUNSETIFF, TUNSETLINK = 0x400454CA, 0x400454CD
ARPHRD_LOCALTLK, ARPHRD_IPGRE = 773, 778


@contextlib.contextmanager
def link_of_type(name: str, mode: int, hw_type: int) -> Iterator[None]:
    device = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH", os.fsencode(name), mode | IFF_NO_PI))
    fcntl.ioctl(device, TUNSETLINK, hw_type)
    yield
    os.close(device)


def addr_differences() -> list[Difference]:
    """Name, address and field, and the values of psutil and of the shim. All else must be equal, also the order."""
    theirs, ours = psutil.net_if_addrs(), shim.net_if_addrs()
    assert list(ours) == list(theirs)
    found = []
    for name, rows in ours.items():
        for original, row in zip(theirs[name], rows, strict=True):
            pairs = zip(original._fields, original, row, strict=True)
            found += [(name, row.address, field, old, new) for field, old, new in pairs if old != new]
    return found


def test_addresses_of_all_kinds(everything: Namespace) -> None:
    assert addr_differences() == [
        # The kernel sends no broadcast address, and getifaddrs(3) then shows what it has in the same place.
        ("v0", "10.5.5.1", "broadcast", "10.5.6.0", None),
        ("v0", "10.5.5.1", "ptp", None, "10.5.6.0"),
        ("v0", "2001:db8::11", "broadcast", "2001:db8::12", None),
        ("v0", "2001:db8::11", "ptp", None, "2001:db8::12"),
        ("v0:1", "192.0.2.2", "broadcast", "192.0.2.2", None),
        ("w0", "169.254.1.1", "broadcast", "169.254.1.1", None),
        ("w0", "198.51.100.1", "broadcast", "198.51.100.1", None),
        ("w0", "198.51.100.2", "broadcast", "198.51.100.2", None),
        ("w0", "198.51.100.2", "broadcast", "198.51.100.2", None),
    ]


def test_addresses_of_point_to_point_links(net: Namespace) -> None:
    net.ip("""
        tuntap add t0 mode tun
        link set t0 up
        addr add 10.5.5.1 peer 10.5.6.1 dev t0
        addr add 10.6.0.1/24 dev t0
        addr add 10.7.0.1/24 brd + dev t0
        addr add 10.8.0.1 peer 10.8.1.1 brd 10.8.1.255 dev t0
    """)
    assert addr_differences() == [
        ("t0", "10.6.0.1", "ptp", "10.6.0.1", None),
        ("t0", "10.7.0.1", "ptp", "10.7.0.255", None),
        ("t0", "10.8.0.1", "ptp", "10.8.1.255", "10.8.1.1"),
    ]
    assert shim.net_if_addrs()["t0"][0] == (socket.AF_INET, "10.5.5.1", "255.255.255.255", None, "10.5.6.1")


def test_end_points_of_tunnels_are_no_hardware_addresses(net: Namespace) -> None:
    with link_of_type("tunnel0", IFF_TUN, ARPHRD_IPGRE):
        assert [row.address for row in psutil.net_if_addrs()["tunnel0"]] == ["00:00:00:00:00:00"]
        assert netifaces.ifaddresses("tunnel0") == {shim.AF_LINK: [{"addr": "00:00:00:00", "peer": "00:00:00:00"}]}
        assert "tunnel0" not in shim.net_if_addrs()
        assert shim_netifaces.ifaddresses("tunnel0") == {}


def test_short_hardware_addresses_are_not_made_longer(net: Namespace) -> None:
    with link_of_type("short0", IFF_TAP, ARPHRD_LOCALTLK):
        net.ip("link set short0 address 02")
        assert [row.address for row in psutil.net_if_addrs()["short0"]] == ["02:00:00:00:00:00"]
        assert [row.address for row in shim.net_if_addrs()["short0"]] == ["02"]


def test_types(everything: Namespace) -> None:
    """`repr` shows the types of enumerations; those of a tuple would be lost in `==`."""
    assert repr(shim.net_if_addrs()["lo"]) == repr(psutil.net_if_addrs()["lo"])
    for original, ours in (
        (psutil.net_if_stats(), shim.net_if_stats()),
        (psutil.net_io_counters(pernic=True), shim.net_io_counters(pernic=True)),
    ):
        assert repr(ours) == repr(original)
        assert {type(value) for row in ours.values() for value in row} <= {str, bool, int, shim.NicDuplex}
    assert [repr(getattr(shim, name)) for name in shim.__all__ if name.isupper()] == [
        repr(getattr(psutil, name)) for name in shim.__all__ if name.isupper()
    ]
    assert [row._fields for row in (shim.snicaddr, shim.snicstats, shim.snetio)] == [
        row._fields for row in (psutil._ntuples.snicaddr, psutil._ntuples.snicstats, psutil._ntuples.snetio)
    ]


def test_addresses_that_change_are_not_taken_from_the_cache(net: Namespace) -> None:
    net.veth("v0", "v1")
    for commands in (
        "addr add 192.0.2.1/24 brd + dev v0",
        "addr change 192.0.2.1/24 brd 192.0.2.127 dev v0",
        "link set v0 down\n link set v0 name v2\n link set v2 up",
        "link set v2 address 02:00:00:00:00:09",
        "addr add fe80::1/64 dev v2 nodad",
        "addr flush dev v2",
    ):
        net.ip(commands)
        assert addr_differences() == []


def test_an_answer_belongs_to_the_caller(net: Namespace) -> None:
    net.ip("addr add 192.0.2.1/24 dev lo")
    before = shim.net_if_addrs()
    expected = {name: [*rows] for name, rows in before.items()}
    before["lo"].clear()
    before.clear()
    assert shim.net_if_addrs() == expected


def test_names_that_are_not_utf8(net: Namespace) -> None:
    net.run("ip", "link", "add", b"caf\xe9", "type", "veth", "peer", "name", "v1")  # type: ignore[arg-type]
    for function in (psutil.net_if_addrs, psutil.net_if_stats):
        with pytest.raises(UnicodeError):
            function()
    assert {*shim.net_if_addrs()} == {*shim.net_if_stats()} == {"lo", "v1", "caf\udce9"}


def test_counters_of_packets(net: Namespace) -> None:
    """The counters of /proc/net/dev; `missed` counts as dropped there, which no link here does."""
    net.veth("v0", "v1")
    net.ip("addr add 192.0.2.1/24 dev v0")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"payload", ("127.0.0.1", 9))
    assert shim.net_io_counters(pernic=True) == psutil.net_io_counters(pernic=True)
    assert shim.net_io_counters() == psutil.net_io_counters()
    assert shim.net_io_counters().packets_sent > 0


def test_counters_never_decrease(net: Namespace) -> None:
    """Beside psutil, over two links with the same name."""

    def both(**options: bool) -> list[object]:
        return [library.net_io_counters(pernic=True, **options)["v0"] for library in (psutil, shim)]

    shim.net_io_counters.cache_clear()
    psutil.net_io_counters.cache_clear()
    sent = []
    for _ in range(3):
        net.give_link_local_addresses(True)
        net.veth("v0", "v1")  # which both send packets for their addresses
        net.wait_for_carrier("v0")
        net.ip("addr add 192.0.2.1/24 dev v0\n neigh add 192.0.2.9 lladdr 02:00:00:00:00:01 dev v0")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"payload", ("192.0.2.9", 9))
        net.ip("link set v0 down\n link set v1 down")
        theirs, ours = both()
        assert ours == theirs
        sent.append(ours.packets_sent)
        net.ip("link del v0")
        net.ip("link add v0 type veth peer name v1")
        theirs, ours = both()
        assert ours == theirs
        assert ours.packets_sent == sent[-1]
        assert both(nowrap=False) == [shim.snetio(*[0] * 8)] * 2
        net.ip("link del v0")
        net.ip("link add v0 type veth peer name v1")
        net.ip("link del v0")
    assert sent[0] > 0
    net.ip("link add v0 type veth peer name v1")
    shim.net_io_counters.cache_clear()
    assert both()[1] == shim.snetio(*[0] * 8)


def test_threads_do_not_count_a_restart_twice(net: Namespace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The counters restart while the first thread has an answer from before that."""
    begun, second = threading.Event(), threading.Event()
    answers = iter([20, 1, 2])

    def read() -> dict[str, shim.snetio]:
        number = next(answers)
        if number == 20:
            begun.set()
            second.wait(0.5)
        elif number == 1:
            second.set()
        return {"v0": shim.snetio(*[number] * 8)}

    shim.net_io_counters.cache_clear()
    monkeypatch.setattr(shim, "_read_counters", read)
    first = threading.Thread(target=shim.net_io_counters)
    first.start()
    assert begun.wait(5)
    assert shim.net_io_counters().packets_sent == 21
    first.join()
    assert shim.net_io_counters().packets_sent == 22
    shim.net_io_counters.cache_clear()


def test_counters_without_an_interface(net: Namespace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every namespace has `lo`."""
    monkeypatch.setattr(shim, "_read_counters", dict)
    assert shim.net_io_counters() is None
    assert shim.net_io_counters(pernic=True) == {}
