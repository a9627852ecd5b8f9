"""getifs.compat.netifaces beside netifaces-plus, the maintained fork of netifaces, and the differences from it."""

import socket
import subprocess
import sys
from typing import Any

import netifaces
import pytest
from netns import Namespace
from rtnetlink import add_addr

from getifs.compat import netifaces as shim

V4, V6 = socket.AF_INET, socket.AF_INET6


def differences() -> list[tuple[str, str, str, str | None, str | None]]:
    """Name, address and key, and the values of netifaces and of the shim. All else must be equal, also the order."""
    assert shim.interfaces() == netifaces.interfaces()
    found = []
    for name in shim.interfaces():
        theirs, ours = netifaces.ifaddresses(name), shim.ifaddresses(name)
        assert list(ours) == list(theirs)
        for family, rows in ours.items():
            for old, new in zip(theirs[family], rows, strict=True):
                keys = sorted({*old, *new})
                found += [
                    (name, new["addr"], key, old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key)
                ]
    return found


def test_addresses_of_all_kinds(everything: Namespace) -> None:
    assert differences() == [
        # The kernel sends no broadcast address, and getifaddrs(3) then shows what it has in the same place.
        ("v0", "10.5.5.1", "broadcast", "10.5.6.0", None),
        ("v0", "10.5.5.1", "peer", None, "10.5.6.0"),
        ("v0", "2001:db8::11", "broadcast", "2001:db8::12", None),
        ("v0", "2001:db8::11", "peer", None, "2001:db8::12"),
        ("w0", "198.51.100.1", "broadcast", "198.51.100.1", None),
        ("w0", "198.51.100.2", "broadcast", "198.51.100.2", None),
        ("w0", "198.51.100.2", "broadcast", "198.51.100.2", None),
        ("v0:1", "192.0.2.2", "broadcast", "192.0.2.2", None),
    ]
    assert shim.allifaddresses() == {name: rows for name in shim.interfaces() if (rows := shim.ifaddresses(name))}
    assert netifaces.allifaddresses().keys() == shim.allifaddresses().keys()


def test_peers_and_broadcast_addresses(net: Namespace) -> None:
    net.veth("v0", "v1")
    net.ip("""
        tuntap add t0 mode tun
        link set t0 up
        addr add 10.5.5.1 peer 10.5.6.1 dev t0
        addr add 10.6.0.1/24 dev t0
        addr add 10.7.0.1/24 brd + dev t0
        addr add 10.8.0.1 peer 10.8.1.1 brd 10.8.1.255 dev t0
        addr add 169.254.3.1/16 brd + dev v0
        addr add 10.9.0.1/24 brd + dev lo
    """)
    assert differences() == [
        ("lo", "10.9.0.1", "peer", "10.9.0.255", "10.9.0.1"),
        ("v0", "169.254.3.1", "broadcast", None, "169.254.255.255"),
        ("t0", "10.7.0.1", "peer", "10.7.0.255", "10.7.0.1"),
        ("t0", "10.8.0.1", "peer", "10.8.1.255", "10.8.1.1"),
    ]


@pytest.mark.parametrize("length", [1, 7, 8, 15, 16, 17, 20, 63, 64, 65, 112, 113, 127, 128])
def test_ipv6_netmasks(net: Namespace, length: int) -> None:
    net.veth("v0", "v1")
    net.ip(f"addr add 2001:db8::1/{length} dev v0 nodad")
    assert differences() == []


def test_labels(net: Namespace) -> None:
    """A label is listed as an interface, also one that has nothing of its name."""
    v0 = net.veth("v0", "v1")
    net.ip("addr add 192.0.2.1/24 brd + label v0:1 dev v0")
    add_addr(v0, "192.0.2.9", 24, label="other")
    assert shim.interfaces() == ["lo", "v1", "v0", "v0:1", "other"]
    assert differences() == [("other", "192.0.2.9", "broadcast", "192.0.2.9", None)]
    assert shim.ifaddresses("v0") == netifaces.ifaddresses("v0")
    assert V4 not in shim.ifaddresses("v0")


def test_interfaces_that_do_not_exist(net: Namespace) -> None:
    net.ip("link add v0 type veth peer name v1\n link property add dev v0 altname uplink\n tuntap add t0 mode tun")
    assert shim.ifaddresses("t0") == {}  # as in netifaces 0.11; it is a ValueError in netifaces-plus
    for library in (netifaces, shim):
        for name in ("nothing", "uplink", "x" * 200, ""):
            with pytest.raises(ValueError, match="interface|ifname"):
                library.ifaddresses(name)
        for wrong in (None, 1, b"lo"):
            with pytest.raises(TypeError):
                library.ifaddresses(wrong)  # type: ignore[arg-type]  # that is the test


def test_names_that_are_not_utf8(net: Namespace) -> None:
    net.run("ip", "link", "add", b"caf\xe9", "type", "veth", "peer", "name", "v1")  # type: ignore[arg-type]
    if sys.implementation.name == "pypy":  # another name instead of an error
        assert "caf\udce9" not in netifaces.interfaces()
    else:
        with pytest.raises(SystemError):
            netifaces.interfaces()
    assert shim.interfaces() == ["lo", "v1", "caf\udce9"]
    assert [*shim.ifaddresses("caf\udce9")] == [shim.AF_LINK]


def test_many_alternative_names(net: Namespace) -> None:
    """getifaddrs(3) asks for ever, since the kernel's answer has no end that it knows: B10."""
    net.ip("\n".join(f"link property add dev lo altname {'x' * 100}{number}" for number in range(40)))
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run([sys.executable, "-c", "import netifaces; netifaces.interfaces()"], timeout=1, check=False)
    assert shim.interfaces() == ["lo"]


def test_an_answer_belongs_to_the_caller(net: Namespace) -> None:
    expected = netifaces.ifaddresses("lo")
    for _ in range(2):
        found, every = shim.ifaddresses("lo"), shim.allifaddresses()
        assert found == every["lo"] == expected
        for families in (found, every["lo"]):
            families[V4][0].clear()
            families[V4].clear()
            families.clear()
        every.clear()
        shim.interfaces().clear()


def test_gateways(net: Namespace) -> None:
    net.veth("v0", "v1")
    net.ip("""
        addr add 192.0.2.1/24 dev v0
        addr add 2001:db8::1/64 dev v0 nodad
        route add default via 192.0.2.2 metric 10
        route add default via 192.0.2.3 metric 20
        route add default via 192.0.2.5 metric 30 table 100
        route add 10.0.0.0/8 via 192.0.2.4
        route add default via 2001:db8::2
        route add default via fe80::9 dev v0 metric 1
        route add unreachable default metric 4000
    """)
    assert shim.gateways() == {
        "default": {V4: ("192.0.2.2", "v0"), V6: ("fe80::9", "v0")},
        V4: [("192.0.2.5", "v0", False), ("192.0.2.2", "v0", True), ("192.0.2.3", "v0", False)],
        V6: [("fe80::9", "v0", True), ("2001:db8::2", "v0", False)],
    }
    assert netifaces.gateways() == shim.gateways()
    assert list(netifaces.gateways()) == list(shim.gateways())


def test_gateways_of_other_tables_are_no_default_gateways(net: Namespace) -> None:
    net.veth("v0", "v1")
    net.ip("addr add 192.0.2.1/24 dev v0\n route add default via 192.0.2.2 table default")
    assert shim.gateways() == netifaces.gateways() == {"default": {}, V4: [("192.0.2.2", "v0", False)]}


def test_gateways_that_netifaces_does_not_know(net: Namespace) -> None:
    net.veth("v0", "v1")
    net.sysctl("net.ipv4.nexthop_compat_mode", 0)
    net.ip(
        """
        addr add 192.0.2.1/24 dev v0
        nexthop add id 7 via 192.0.2.7 dev v0
        route add default metric 1 nhid 7
        route add default metric 2 nexthop via 192.0.2.2 nexthop via 192.0.2.3
        route add default metric 3 via inet6 fe80::9 dev v0
        route add default via 192.0.2.5 table 100
        route add default via 192.0.2.6 metric 4
    """,
        "-4",
    )
    assert netifaces.gateways() == {
        "default": {},
        V4: [("192.0.2.5", "v0", False), ("192.0.2.6", "v0", False)],
    }
    assert shim.gateways() == {
        "default": {V4: ("192.0.2.7", "v0")},
        V4: [
            ("192.0.2.5", "v0", False),
            ("192.0.2.7", "v0", True),
            ("192.0.2.2", "v0", False),
            ("192.0.2.3", "v0", False),
            ("fe80::9", "v0", False),
            ("192.0.2.6", "v0", False),
        ],
    }


def test_prefixes_that_begin_with_zeros_are_no_default_routes(net: Namespace) -> None:
    net.veth("v0", "v1")
    net.ip("addr add 192.0.2.1/24 dev v0\n route add 0.0.0.0/1 via 192.0.2.2")
    assert netifaces.gateways()["default"] == {V4: ("192.0.2.2", "v0")}
    assert shim.gateways() == {"default": {}}


def test_constants() -> None:
    def constants(module: Any) -> dict[str, int]:
        return {name: value for name, value in vars(module).items() if name.startswith("AF_")}

    assert constants(shim) == constants(netifaces)
    assert shim.address_families == netifaces.address_families
    assert shim.version == "0.11.0"
