"""Unicast addresses, written out by hand: B20–B25."""

import ipaddress

from fields import fields
from netns import Namespace, wait_for
from packets import advertise
from rtnetlink import add_addr

import getifs
from getifs import filters

LO = 1
# IFA_F_…
SECONDARY = TEMPORARY = 0x01
NODAD, DADFAILED, DEPRECATED, TENTATIVE, PERMANENT = 0x02, 0x08, 0x20, 0x40, 0x80
MNGTMPADDR, NOPREFIXROUTE = 0x100, 0x200
UNIVERSE, SITE, LINK, HOST = 0, 200, 253, 254

WHAT = "addr prefix_len peer network"
LO_ROWS = [("127.0.0.1", 8, None, "127.0.0.0/8"), ("::1", 128, None, "::1/128")]


def addr(text: str) -> getifs.IfNet:
    (row,) = (row for row in getifs.interface_addrs() if str(row.addr) == text)
    return row


def test_b20_lo(net: Namespace) -> None:
    """B20, B9a: IPv4 first."""
    assert fields(getifs.interface_addrs(), WHAT) == LO_ROWS
    assert fields(getifs.interface_addrs(family=4), WHAT) == LO_ROWS[:1]
    assert fields(getifs.interface_addrs(family=6), WHAT) == LO_ROWS[1:]


def test_b20_the_far_end_is_a_peer_and_never_an_address_of_ours(net: Namespace) -> None:
    net.veth()
    net.ip("""
        addr add 192.0.2.1 peer 192.0.2.2 dev v0
        addr add 10.5.5.1 peer 10.5.6.0/24 dev v0
        addr add 198.51.100.1/24 dev v0
        addr add 2001:db8::1 peer 2001:db8::2 dev v0
        addr add 2001:db8:1::1 peer 2001:db8:2::2/64 dev v0
    """)
    assert sorted(fields(getifs.interface_addrs(interface="v0"), WHAT)) == [
        ("10.5.5.1", 24, "10.5.6.0", "10.5.6.0/24"),
        ("192.0.2.1", 32, "192.0.2.2", "192.0.2.2/32"),
        ("198.51.100.1", 24, None, "198.51.100.0/24"),
        ("2001:db8:1::1", 64, "2001:db8:2::2", "2001:db8:1::/64"),
        ("2001:db8::1", 128, "2001:db8::2", "2001:db8::1/128"),
    ]
    assert str(addr("10.5.5.1").net) == "10.5.5.1/24"
    assert str(addr("10.5.5.1")) == f"10.5.5.1/24 ({net.index('v0')})"
    assert addr("2001:db8::1").net == ipaddress.IPv6Interface("2001:db8::1/128")


def test_b21_one_address_with_two_prefix_lengths_and_on_two_links(net: Namespace) -> None:
    """B21, B6a: both are there."""
    v0 = net.veth()
    w0 = net.veth("w0", "w1")
    net.ip("""
        addr add 10.1.1.1/24 dev v0
        addr add 10.1.1.1/16 dev v0
        addr add 10.1.1.1/24 dev w0
        addr add 2001:db8::1/64 dev v0
        addr add 2001:db8::1/48 dev w0
    """)
    rows = getifs.interface_addrs(where=lambda row: str(row.addr) in ("10.1.1.1", "2001:db8::1"))
    assert sorted(fields(rows, "addr prefix_len index")) == [
        ("10.1.1.1", 16, v0),
        ("10.1.1.1", 24, v0),
        ("10.1.1.1", 24, w0),
        ("2001:db8::1", 48, w0),
        ("2001:db8::1", 64, v0),
    ]


def test_b21_flags_of_32_bits_stand_over_those_of_8(net: Namespace) -> None:
    """B21, B22."""
    net.veth()
    net.ip("addr add 192.0.2.1/24 dev v0 noprefixroute\n addr add 2001:db8::1/64 dev v0 nodad noprefixroute mngtmpaddr")
    assert addr("192.0.2.1").flags == PERMANENT | NOPREFIXROUTE
    assert addr("2001:db8::1").flags == PERMANENT | NODAD | NOPREFIXROUTE | MNGTMPADDR


def test_b22_ipv4_fields(net: Namespace) -> None:
    """B22, B22a."""
    v0 = net.veth()
    net.ip("""
        addr add 192.0.2.1/24 brd + dev v0 label v0:1
        addr add 192.0.2.2/24 dev v0 metric 77
        addr add 10.0.0.1/24 dev v0 scope link
        addr add 10.0.1.1/24 brd 10.0.1.77 dev v0 scope host valid_lft 1000 preferred_lft 500
    """)
    names = "addr index label broadcast scope flags metric proto"
    assert sorted(fields(getifs.interface_addrs(interface="v0"), names)) == [
        ("10.0.0.1", v0, "v0", None, LINK, PERMANENT, None, None),
        ("10.0.1.1", v0, "v0", "10.0.1.77", HOST, 0, None, None),
        ("192.0.2.1", v0, "v0:1", "192.0.2.255", UNIVERSE, PERMANENT, None, None),
        ("192.0.2.2", v0, "v0", None, UNIVERSE, PERMANENT | SECONDARY, 77, None),
    ]
    assert addr("192.0.2.1").ifname() == "v0"
    assert (addr("192.0.2.1").valid_lft, addr("192.0.2.1").preferred_lft) == (None, None)
    last = addr("10.0.1.1")
    assert last.valid_lft is not None and 980 <= last.valid_lft <= 1000
    assert last.preferred_lft is not None and 480 <= last.preferred_lft <= 500


def test_b22_ipv6_scopes(net: Namespace) -> None:
    v0 = net.veth()
    for text in ("2001:db8::1", "fe80::7", "fec0::7", "fd00::7"):
        net.ip(f"addr add {text}/64 dev v0")
    rows = getifs.interface_addrs(family=6)
    assert sorted(fields(rows, "addr scope label")) == [
        ("2001:db8::1", UNIVERSE, None),
        ("::1", HOST, None),
        ("fd00::7", UNIVERSE, None),
        ("fe80::7", LINK, None),
        ("fec0::7", SITE, None),
    ]
    assert str(addr("fe80::7").scoped) == f"fe80::7%{v0}"
    assert str(addr("fe80::7").addr) == "fe80::7"
    assert str(addr("2001:db8::1").scoped) == "2001:db8::1"


def test_b22_deprecated(net: Namespace) -> None:
    net.veth()
    net.ip("addr add 192.0.2.1/24 dev v0 preferred_lft 0\n addr add 2001:db8::1/64 dev v0 nodad preferred_lft 0")
    assert addr("192.0.2.1").flags == DEPRECATED | PERMANENT
    assert addr("2001:db8::1").flags == DEPRECATED | PERMANENT | NODAD
    assert addr("2001:db8::1").preferred_lft == 0
    assert fields(getifs.interface_addrs(where=filters.deprecated), "addr") == [("192.0.2.1",), ("2001:db8::1",)]


def test_b22_temporary(net: Namespace) -> None:
    """B22: by an advertised prefix, with a lifetime."""
    router = net.other()
    net.veth(other=router)
    net.sysctl("net.ipv6.conf.v0.use_tempaddr", 2)
    router.ip("addr add fe80::9/64 dev v1 nodad")
    advertise(router, "v1", "fe80::9", prefix="2001:db8:aa::", host=net)
    found = wait_for(lambda: getifs.interface_addrs(where=filters.temporary))
    (row,) = found
    assert row in getifs.interface_addrs(where=filters.within("2001:db8:aa::/64") & filters.temporary)
    assert row.flags & (TEMPORARY | PERMANENT) == TEMPORARY
    assert row.valid_lft is not None and 3500 <= row.valid_lft <= 3600
    assert row.preferred_lft is not None and 1700 <= row.preferred_lft <= 1800
    (managed,) = getifs.interface_addrs(where=filters.within("2001:db8:aa::/64") & ~filters.temporary)
    assert managed.flags & MNGTMPADDR


def test_b22_tentative_and_dadfailed(net: Namespace) -> None:
    far = net.other()
    net.veth(other=far)
    net.sysctl("net.ipv6.neigh.v0.retrans_time_ms", 50)
    net.sysctl("net.ipv6.conf.v0.dad_transmits", 1000)
    net.ip("addr add 2001:db8::1/64 dev v0")
    assert addr("2001:db8::1").flags == PERMANENT | TENTATIVE
    assert addr("2001:db8::1") in getifs.interface_addrs(where=filters.tentative)
    far.ip("addr add 2001:db8::1/64 dev v1 nodad")
    wait_for(lambda: addr("2001:db8::1").flags & DADFAILED)
    assert addr("2001:db8::1").flags == PERMANENT | TENTATIVE | DADFAILED


def test_b22_origin_and_metric(net: Namespace) -> None:
    """B22: IFA_PROTO, which iproute2 6.1 neither sets nor prints; the kernel's own addresses have theirs."""
    net.give_link_local_addresses(True)
    v0 = net.veth()
    add_addr(v0, "192.0.2.1", 24, proto=77)
    add_addr(v0, "2001:db8::1", 64, proto=78)
    net.ip("addr add 192.0.2.9/24 dev v0\n addr add 2001:db8::9/64 dev v0 metric 5")
    rows = {str(row.addr): row.proto for row in getifs.interface_addrs(interface=v0)}
    (link_local,) = (text for text in rows if text.startswith("fe80::"))
    assert rows == {"192.0.2.1": 77, "192.0.2.9": None, "2001:db8::1": 78, "2001:db8::9": None, link_local: 3}
    assert [row.proto for row in getifs.interface_addrs(interface=LO)] == [None, 1]  # IFAPROT_KERNEL_LO
    assert (addr("2001:db8::9").metric, addr("2001:db8::1").metric) == (5, None)


def test_b9_one_interface(net: Namespace) -> None:
    """B9: by index, by name, by row; addresses of no other."""
    v0 = net.veth()
    net.ip("addr add 192.0.2.1/24 dev v0\n addr add 192.0.2.2/24 dev v1\n link property add dev v0 altname another")
    expected = [("192.0.2.1", v0)]
    for interface in (v0, "v0", "another", getifs.interface_by_index(v0)):
        assert fields(getifs.interface_addrs(interface=interface), "addr index") == expected
    assert fields(getifs.interface_by_name("v0").addrs(), "addr index") == expected
    assert fields(getifs.interface_addrs(interface="v0", family=6), "addr index") == []


def test_b20_addresses_by_interface(net: Namespace) -> None:
    """B10, B20: every interface is in it, those without an address too."""
    net.veth()
    net.ip("addr add 192.0.2.1/24 dev v0\n addr add 2001:db8::1/64 dev v0")
    found = {row.name: fields(addrs, "addr") for row, addrs in getifs.addrs_by_interface().items()}
    assert found == {"lo": [("127.0.0.1",), ("::1",)], "v0": [("192.0.2.1",), ("2001:db8::1",)], "v1": []}
    only = {row.name: fields(addrs, "addr") for row, addrs in getifs.addrs_by_interface(family=6).items()}
    assert only == {"lo": [("::1",)], "v0": [("2001:db8::1",)], "v1": []}
    assert getifs.addrs_by_interface()[getifs.interface_by_name("v0")] == getifs.interface_addrs(interface="v0")
    none = getifs.addrs_by_interface(where=lambda row: False)
    assert [row.name for row in none] == [row.name for row in getifs.interfaces()]
    assert not any(none.values())


def test_b23_local(net: Namespace) -> None:
    """B23, B25."""
    net.veth()
    texts = ["127.1.1.1", "169.254.7.7", "169.253.7.7", "10.1.1.1", "fe80::7", "febf::7", "fec0::7", "2001:db8::7"]
    net.ip("\n".join(f"addr add {text} dev v0" for text in texts))
    assert sorted(fields(getifs.local_addrs(), "addr")) == [
        ("10.1.1.1",),
        ("169.253.7.7",),
        ("2001:db8::7",),
        ("fec0::7",),
    ]
    assert sorted(fields(getifs.local_addrs(family=6), "addr")) == [("2001:db8::7",), ("fec0::7",)]
    assert fields(getifs.local_addrs(where=filters.private), "addr") == [("10.1.1.1",)]
    assert getifs.local_addrs(where=filters.link_local) == []


def test_b24_private_and_public(net: Namespace) -> None:
    """B24, B25: every address is of one of the sorts, or of neither."""
    net.veth()
    private = ["10.1.1.1", "100.64.1.1", "172.31.1.1", "192.168.1.1", "192.88.99.1", "198.18.1.1"]
    private += ["64:ff9b::1", "100::1", "2001::1", "2001:2::1", "2002::1", "fd00::1"]
    public = ["8.8.8.8", "100.128.1.1", "172.32.1.1", "198.20.1.1", "2001:200::1", "2a00::1", "64:ff9b:1::1", "fec0::1"]
    neither = ["169.254.1.1", "192.0.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1"]
    neither += ["2001:db8::1", "2001:10::1", "fe80::1"]
    net.ip("\n".join(f"addr add {text} dev v0" for text in private + public + neither))
    assert sorted(text for (text,) in fields(getifs.private_addrs(), "addr")) == sorted(private)
    assert sorted(text for (text,) in fields(getifs.public_addrs(), "addr")) == sorted(public)
    assert sorted(text for (text,) in fields(getifs.public_addrs(family=4), "addr")) == sorted(public[:4])
    assert fields(getifs.private_addrs(where=filters.within("fc00::/7")), "addr") == [("fd00::1",)]
    assert getifs.public_addrs(where=filters.private) == []
