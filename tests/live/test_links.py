"""Interfaces, written out by hand: B10–B15."""

import os
import socket

import pytest
from fields import fields
from netns import Namespace, wait_for

import getifs
from getifs import Flags, MacAddr

UP, BROADCAST, LOOPBACK, POINTOPOINT, RUNNING, NOARP, MULTICAST, LOWER_UP = 1, 2, 8, 16, 0x40, 0x80, 0x1000, 0x10000
ETHER, LOOPBACK_TYPE, NONE = 1, 772, 0xFFFE  # ARPHRD_…
UNKNOWN, DOWN, LOWERLAYERDOWN, UP_STATE = 0, 2, 3, 6  # IF_OPER_…


def test_b10_lo_alone(net: Namespace) -> None:
    (lo,) = getifs.interfaces()
    assert fields([lo], "index name mtu flags mac_addr hw_type") == [
        (1, "lo", 65536, UP | LOOPBACK | RUNNING | LOWER_UP, None, LOOPBACK_TYPE)
    ]
    assert fields([lo], "oper_state carrier kind controller link link_netnsid alias stats") == [
        (UNKNOWN, True, None, None, None, None, None, None)
    ]


def test_b10_b15_every_field(net: Namespace) -> None:
    far = net.other()
    net.ip("""
        link add v0 mtu 1400 txqueuelen 77 address 02:00:5e:10:00:01 type veth peer name v1 address 02:00:5e:10:00:02
        link set v0 group 42 alias cable
        link add br0 address 02:00:5e:10:00:03 type bridge
        link set v0 master br0
        link set br0 up
        link set v0 up
        link add mv0 link v1 address 02:00:5e:10:00:04 type macvlan
        tuntap add t0 mode tun
        link add x0 type veth peer name x1
    """)
    net.ip(f"link set x1 netns {far.path}")
    wait_for(lambda: getifs.interface_by_name("br0").oper_state == DOWN)
    index = {name: number for number, name in net.names().items()}
    rows = {row.name: row for row in getifs.interfaces()}
    assert rows.keys() == index.keys()

    names = "index mtu tx_queue_len group alias kind controller link link_netnsid hw_type mac_addr"
    ethernet = [rows[name] for name in ("v0", "v1", "br0", "mv0")]
    assert fields(ethernet, names) == [
        (index["v0"], 1400, 77, 42, "cable", "veth", index["br0"], index["v1"], None, ETHER, "02:00:5e:10:00:01"),
        (index["v1"], 1500, 1000, 0, None, "veth", None, index["v0"], None, ETHER, "02:00:5e:10:00:02"),
        (index["br0"], 1400, 1000, 0, None, "bridge", None, None, None, ETHER, "02:00:5e:10:00:03"),
        (index["mv0"], 1500, 1000, 0, None, "macvlan", None, index["v1"], None, ETHER, "02:00:5e:10:00:04"),
    ]
    assert fields([rows["t0"]], names) == [(index["t0"], 1500, 500, 0, None, "tun", None, None, None, NONE, None)]
    assert fields([rows["x0"]], "kind link link_netnsid") == [("veth", far.index("x1"), 0)]
    assert fields(ethernet, "oper_state carrier min_mtu max_mtu broadcast_mac_addr perm_mac_addr") == [
        (LOWERLAYERDOWN, False, 68, 65535, "ff:ff:ff:ff:ff:ff", None),
        (DOWN, False, 68, 65535, "ff:ff:ff:ff:ff:ff", None),
        (DOWN, False, 68, 65535, "ff:ff:ff:ff:ff:ff", None),
        (DOWN, False, 68, 65535, "ff:ff:ff:ff:ff:ff", None),
    ]
    assert fields([rows["v0"], rows["v1"], rows["t0"]], "flags") == [
        (UP | BROADCAST | MULTICAST,),
        (BROADCAST | MULTICAST,),
        (POINTOPOINT | NOARP | MULTICAST,),
    ]
    net.ip("link set v1 up")
    v0 = getifs.interface_by_name("v0")
    assert fields([v0], "oper_state carrier flags") == [
        (UP_STATE, True, UP | BROADCAST | MULTICAST | RUNNING | LOWER_UP)
    ]
    assert isinstance(v0.mac_addr, MacAddr)
    assert isinstance(v0.flags, Flags)


def test_b10_the_set_of_links_equals_that_of_ip(net: Namespace) -> None:
    """B10: names of every kind, bridge ports once each."""
    net.ip("link add br0 type bridge")
    net.ip("\n".join(f"link add p{n} type veth peer name q{n}\n link set p{n} master br0" for n in range(60)))
    expected = [(row["ifindex"], row["ifname"]) for row in net.ip_json("link")]
    assert len(expected) == 122
    assert fields(getifs.interfaces(), "index name") == expected


@pytest.mark.parametrize("stats", [False, True])
def test_b10_alternative_names_hide_no_link(net: Namespace, stats: bool) -> None:
    """B10: without an extension mask the kernel ends the dump at the first link that does not fit."""
    counts = {"lo": 20, "w0": 60, "v0": 300}
    expected: dict[str, tuple[str, ...]] = {"w1": (), "v1": (), "last": (), "tail": ()}
    for name, peer in (("w0", "w1"), ("v0", "v1"), ("last", "tail")):
        net.ip(f"link add {name} type veth peer name {peer}")
    for name, count in counts.items():
        names = [f"{name}-{number}-".ljust(106, "x") for number in range(count)]
        net.ip("\n".join(f"link property add dev {name} altname {text}" for text in names))
        expected[name] = tuple(names)
    assert {row.name: row.alt_names for row in getifs.interfaces(stats=stats)} == expected
    with getifs.Session() as session:
        for _ in range(2):
            assert {row.name: row.alt_names for row in session.interfaces(stats=stats)} == expected
    for name in ("lo", "v0", expected["v0"][299]):
        found = getifs.interface_by_name(name)
        assert found is not None
        assert found.alt_names == expected[found.name]


@pytest.mark.parametrize("name", [b"\xff\xfe", b"caf\xe9", "Øresund".encode(), b'"', b"\\", b"$(x)", b"a.b@c"])
def test_b11_names_are_bytes(net: Namespace, name: bytes) -> None:
    """B11: they decode as file names do and go back unchanged."""
    text = os.fsdecode(name)
    quoted = "'" + text + "'"
    net.ip(f"link add {quoted} type ifb\n link property add dev {quoted} altname {quoted[:-1]}2'")
    row = getifs.interface_by_name(text)
    assert row is not None
    assert os.fsencode(row.name) == name
    assert row.alt_names == (text + "2",)
    assert [found.name for found in getifs.interfaces()] == ["lo", text]
    assert getifs.interface_by_name(row.alt_names[0]) == row
    assert getifs.ifname_to_index(text) == row.index
    assert getifs.ifindex_to_name(row.index) == text
    assert getifs.interface_addrs(interface=text) == []


def test_b12_hardware_addresses(net: Namespace) -> None:
    """B12: none where there is none (tun) or nothing but zeros (lo)."""
    net.ip("""
        tuntap add t0 mode tun
        tuntap add t1 mode tap
        link set t1 address 02:00:00:00:00:00
        link add i0 type ifb
    """)
    rows = {row.name: row.mac_addr for row in getifs.interfaces()}
    assert rows["lo"] is None
    assert rows["t0"] is None
    assert rows["t1"] == MacAddr("02:00:00:00:00:00") == MacAddr(bytes.fromhex("020000000000"))
    assert len(rows["i0"] or b"") == 6


def test_b13_one_interface(net: Namespace) -> None:
    """B13: by index, by name, by short and by long alternative name; `None` for what is not there."""
    v0 = net.veth("v0", "fifteen-bytes-x")
    longest = "y" * 127
    net.ip(f"link property add dev v0 altname short altname sixteen-bytes-xx altname {longest}")
    row = getifs.interface_by_index(v0)
    assert row is not None and row.name == "v0"
    for name in ("v0", "short", "sixteen-bytes-xx", longest):
        assert getifs.interface_by_name(name) == row
    other = getifs.interface_by_name("fifteen-bytes-x")
    assert other is not None and (other.index, other.link) == (row.link, v0)
    assert getifs.interface_by_index(1) == getifs.interface_by_name("lo") == getifs.interfaces()[0]
    for name in ("v", "v00", "fifteen-bytes-y", "sixteen-bytes-xy", "y" * 126, longest[:-1] + "z"):
        assert getifs.interface_by_name(name) is None
    for index in (v0 + 10, 2**31 - 1):
        assert getifs.interface_by_index(index) is None


def test_b14_flags(net: Namespace) -> None:
    """B14: LOWER_UP stands above the 16 bits of old."""
    v0 = net.veth()
    net.ip("link set v0 promisc on\n link set v0 allmulticast on\n link set v0 arp off\n link set v0 multicast off")
    flags = getifs.interface_by_index(v0).flags
    assert flags == UP | BROADCAST | RUNNING | NOARP | 0x100 | 0x200 | LOWER_UP
    assert Flags.LOWER_UP in flags
    assert Flags.MULTICAST not in flags
    net.ip("link set v1 down\n link set v0 dynamic on")
    flags = getifs.interface_by_index(v0).flags
    assert flags == UP | BROADCAST | NOARP | 0x100 | 0x200 | Flags.DYNAMIC
    assert Flags(1 << 31) == 1 << 31


def test_b15_counters_only_when_asked_for(net: Namespace) -> None:
    assert [row.stats for row in getifs.interfaces()] == [None]
    before = getifs.interfaces(stats=True)[0].stats
    assert before is not None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.sendto(b"x" * 100, ("127.0.0.1", 9))
    (told,) = net.ip_json("-s", "link")
    stats = getifs.interfaces(stats=True)[0].stats
    assert stats is not None
    assert (stats.rx_packets, stats.rx_bytes) == (told["stats64"]["rx"]["packets"], told["stats64"]["rx"]["bytes"])
    assert stats.tx_bytes - before.tx_bytes >= 128


def test_b15_where_sees_the_same_rows(net: Namespace) -> None:
    v0 = net.veth()
    net.ip("link add br0 type bridge\n link set v0 master br0")
    filters = getifs.filters
    assert fields(getifs.interfaces(where=filters.kind("veth")), "name") == [("v1",), ("v0",)]
    assert fields(getifs.interfaces(where=filters.named("v*") & filters.on(v0)), "name") == [("v0",)]
    assert fields(getifs.interfaces(where=~filters.up), "name") == [("br0",)]
    assert fields(getifs.interfaces(where=filters.has_flags(Flags.LOOPBACK)), "name") == [("lo",)]
    assert fields(getifs.interfaces(where=lambda row: row.controller is not None), "name") == [("v0",)]
