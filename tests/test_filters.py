"""The meaning of each predicate, by examples, and the arguments that it rejects."""

import ipaddress
import types
from collections.abc import Callable
from typing import Any

import pytest
from netns import Namespace
from recorded import changed, rows

import getifs
from getifs import Flags, RouteProtocol, filters, rfc
from getifs._predicates.tree import Predicate

# The first and last address of each block, and the addresses before and after.
INSIDE = {
    "loopback": "127.0.0.0 127.0.0.1 127.255.255.255 ::1",
    "link_local": "169.254.0.0 169.254.255.255 fe80:: fe80::1 febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "local": "126.255.255.255 128.0.0.0 ::2 :: 169.253.255.255 169.255.0.0 fec0:: 10.0.0.1 255.255.255.255 ff02::1",
    "private": """10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 172.16.0.0 172.31.255.255 192.88.99.0
        192.88.99.255 192.168.0.0 192.168.255.255 198.18.0.0 198.19.255.255 64:ff9b:: 64:ff9b::ffff:ffff 100:: 100::1
        2001:: 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff 2001:2:: 2001:f:ffff:: 2001:20:: 2002::
        2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff fc00:: fd00::1 fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff""",
    "public": """1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 169.253.255.255
        172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0 192.0.3.0 192.88.98.255 192.88.100.0 198.17.255.255
        198.20.0.0 224.0.0.1 239.255.255.255 ::2 64:ff9b:0:1:: 100:0:0:1:: 2001:200:: 2001:db9:: 2003:: 2600:: 3fff::
        fbff:ffff:: fe00:: fec0:: ff02::1""",
    "multicast": "224.0.0.0 239.255.255.255 ff00:: ff02::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "unspecified": "0.0.0.0 ::",
    "broadcast": "255.255.255.255",
    "documentation": """192.0.2.0 192.0.2.255 198.51.100.0 198.51.100.255 203.0.113.0 203.0.113.255 2001:db8::
        2001:db8:ffff:ffff:ffff:ffff:ffff:ffff 3fff:: 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff""",
    "benchmark": "198.18.0.0 198.19.255.255 2001:2:: 2001:2:0:ffff:ffff:ffff:ffff:ffff",
    "shared": "100.64.0.0 100.127.255.255",
    "unique_local": "fc00:: fd00::1 fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "ipv4": "0.0.0.0 10.0.0.1 255.255.255.255",
    "ipv6": ":: ::1 ::ffff:10.0.0.1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
}
OUTSIDE = {
    "loopback": "126.255.255.255 128.0.0.0 :: ::2 ::ffff:127.0.0.1 0:0:0:1:: 10.0.0.1",
    "link_local": "169.253.255.255 169.255.0.0 fe7f:ffff:: fec0:: ff02::1 ::ffff:169.254.0.1",
    "local": "127.0.0.0 127.255.255.255 ::1 169.254.0.0 169.254.255.255 fe80:: febf:ffff::",
    "private": """9.255.255.255 11.0.0.0 0.0.0.0 127.0.0.1 169.254.1.1 192.0.0.0 192.0.0.7 192.0.0.255 192.0.2.1
        198.51.100.1 203.0.113.1 240.0.0.1 255.255.255.255 224.0.0.1 :: ::1 ::ffff:10.0.0.1 2001:db8::1 2001:10::1
        2001:1f:ffff:: fe80::1 fbff:: fe00:: 100:0:0:1:: 3fff::1 1.1.1.1""",
    "public": """0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 127.0.0.1 169.254.0.0 172.31.255.255 192.0.0.0
        192.0.0.255 192.0.2.0 192.88.99.255 192.168.0.1 198.19.255.255 198.51.100.255 203.0.113.0 240.0.0.0
        255.255.255.255 :: ::1 ::ffff:0:0 ::ffff:8.8.8.8 64:ff9b::8.8.8.8 100::1 2001::1 2001:10::1 2001:db8::1 2002::1
        fc00:: fdff:: fe80:: febf:ffff::""",
    "multicast": "223.255.255.255 240.0.0.0 feff:ffff:: ::ffff:224.0.0.1",
    "unspecified": "0.0.0.1 ::1 128.0.0.0 8000::",
    "broadcast": "255.255.255.254 0.0.0.0 10.255.255.255 ffff:ffff:: ::ffff:255.255.255.255",
    "documentation": """192.0.1.255 192.0.3.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0 2001:db7:ffff::
        2001:db9:: 3ffe:ffff:: 3fff:1000::""",
    "benchmark": "198.17.255.255 198.20.0.0 2001:1:ffff:: 2001:2:1::",
    "shared": "100.63.255.255 100.128.0.0 ::ffff:100.64.0.1",
    "unique_local": "fbff:ffff:: fe00:: 10.0.0.1",
    "ipv4": ":: ::ffff:10.0.0.1",
    "ipv6": "0.0.0.0 255.255.255.255",
}
ADDRESSES = sorted({text for texts in (*INSIDE.values(), *OUTSIDE.values()) for text in texts.split()})


def with_address(row: Any, text: str) -> Any:
    """A copy of the row with another address or, for a route, another destination."""
    address = ipaddress.ip_address(text)
    field, length = row._address_fields
    fields = {"family": 2 if address.version == 4 else 10, field: address.packed.ljust(16, b"\0")}
    return changed(row, **fields, **({length: address.max_prefixlen} if length else {}))


@pytest.mark.parametrize("name", INSIDE)
def test_addresses_in_and_out(name: str) -> None:
    predicate = getattr(filters, name)
    for texts, expected in ((INSIDE[name], True), (OUTSIDE[name], False)):
        for text in texts.split():
            assert predicate(ipaddress.ip_address(text)) is expected, text
            assert predicate(text) is expected, text
            for kind in (getifs.IfNet, getifs.IfAddr, getifs.Route):
                assert predicate(with_address(rows(kind)[0], text)) is expected, text


@pytest.mark.parametrize("text", ADDRESSES)
def test_one_address_has_one_place(text: str) -> None:
    """B23, B24: predicates that exclude or include each other."""
    address = ipaddress.ip_address(text)
    assert filters.local(address) is not (filters.loopback(address) or filters.link_local(address))
    assert filters.public(address) is not (address in rfc.RFC6890)
    assert filters.private(address) is (address in rfc.RFC6890 and address not in rfc.FORWARDING_BLACKLIST)
    assert filters.ipv4(address) is not filters.ipv6(address)


@pytest.mark.parametrize(
    ("networks", "text", "expected"),
    [
        (["10.0.0.0/8"], "10.255.255.255", True),
        (["10.0.0.0/8"], "11.0.0.0", False),
        (["10.0.0.0/9"], "10.127.255.255", True),
        (["10.0.0.0/9"], "10.128.0.0", False),
        (["10.0.0.0/31"], "10.0.0.1", True),
        (["10.0.0.0/31"], "10.0.0.2", False),
        (["10.0.0.1/32"], "10.0.0.1", True),
        (["10.0.0.1"], "10.0.0.1", True),
        (["10.0.0.1"], "10.0.0.0", False),
        (["0.0.0.0/0"], "255.255.255.255", True),
        (["0.0.0.0/0"], "::", False),
        (["128.0.0.0/1"], "127.255.255.255", False),
        (["::/0"], "0.0.0.0", False),
        (["::/0"], "ffff::", True),
        (["fe80::/127"], "fe80::1", True),
        (["fe80::/127"], "fe80::2", False),
        (["fe80::1/128"], "fe80::1", True),
        (["8000::/1", "10.0.0.0/8"], "10.0.0.1", True),
        (["8000::/1", "10.0.0.0/8"], "7fff::", False),
        ([ipaddress.ip_network("192.0.2.0/24"), ipaddress.ip_network("2001:db8::/32")], "2001:db8::1", True),
    ],
)
def test_within(networks: list[Any], text: str, expected: bool) -> None:
    predicate = filters.within(*networks)
    assert predicate(ipaddress.ip_address(text)) is expected
    assert predicate(with_address(rows(getifs.IfNet)[0], text)) is expected


def test_destination_of_a_route_has_to_lie_inside_as_a_whole() -> None:
    route = with_address(rows(getifs.Route)[0], "10.0.0.0")
    for length, inside in ((32, True), (9, True), (8, True), (7, False), (0, False)):
        assert filters.within("10.0.0.0/8")(changed(route, dst_len=length)) is inside
    assert filters.ipv4(changed(route, dst=bytes(16), dst_len=0))
    assert not filters.ipv6(changed(route, dst=bytes(16), dst_len=0))


def test_prefix_length_of_an_address_does_not_matter() -> None:
    row = with_address(rows(getifs.IfNet)[0], "10.1.2.3")
    assert all(filters.within("10.1.0.0/16")(changed(row, prefix_len=length)) for length in (0, 8, 16, 32))


def test_flags_of_addresses() -> None:
    six = changed(with_address(rows(getifs.IfNet)[0], "2001:db8::1"), flags=0)
    four = changed(with_address(six, "192.0.2.1"), flags=0)
    for name, bit in (("deprecated", 0x20), ("tentative", 0x40), ("temporary", 0x01)):
        predicate = getattr(filters, name)
        assert predicate(changed(six, flags=bit)) is True
        assert predicate(changed(six, flags=0xFFFFFFFF)) is True
        assert predicate(changed(six, flags=0xFFFFFFFF & ~bit)) is False
        # The bit that means temporary on IPv6 means secondary on IPv4.
        assert predicate(changed(four, flags=bit)) is (name != "temporary")


def test_flags_of_interfaces() -> None:
    row = rows(getifs.Interface)[0]
    assert filters.up(changed(row, flags=Flags.UP)) is True
    assert filters.up(changed(row, flags=0xFFFFFFFE)) is False
    assert filters.running(changed(row, flags=Flags.RUNNING)) is True
    assert filters.running(changed(row, flags=Flags.UP)) is False
    assert filters.lower_up(changed(row, flags=0x10000)) is True
    assert filters.lower_up(changed(row, flags=0xFFFEFFFF)) is False
    for both in (
        filters.has_flags(Flags.UP | Flags.LOWER_UP),
        filters.has_flags(Flags.UP, Flags.LOWER_UP),
        filters.has_flags("UP", "LOWER_UP"),
        filters.has_flags("lower_Up", 1),
        filters.has_flags(0x10001),
    ):
        found = [both(changed(row, flags=flags)) for flags in (0x10001, 0xFFFFFFFF, 0x1, 0x10000, 0)]
        assert found == [True, True, False, False, False]
    for flag in Flags:
        assert filters.has_flags(str(flag.name))(changed(row, flags=flag)) is True
        assert filters.has_flags(str(flag.name))(changed(row, flags=0xFFFFFFFF & ~flag)) is False
    assert filters.has_flags(0x80000000)(changed(row, flags=0x80000001)) is True
    assert filters.has_flags(0)(changed(row, flags=0)) is True


def test_kinds_and_names_of_interfaces(net: Namespace) -> None:
    net.ip("link add eth0 type veth peer name Eth1\n link add br-1 type bridge\n link add e type veth peer name f[1]")

    def names(predicate: Predicate) -> list[str]:
        return sorted(interface.name for interface in getifs.interfaces(where=predicate))

    assert names(filters.kind("veth")) == ["Eth1", "e", "eth0", "f[1]"]
    assert names(filters.kind("bridge")) == ["br-1"]
    assert names(filters.kind("")) == ["lo"]
    assert names(filters.kind("bridge", "", "vlan")) == ["br-1", "lo"]
    assert names(filters.kind("vet*")) == names(filters.kind("VETH")) == names(filters.kind("vethx")) == []
    assert names(filters.named("eth*")) == ["eth0"]
    assert names(filters.named("[Ee]th?")) == ["Eth1", "eth0"]
    assert names(filters.named("l?", "e", "x*")) == ["e", "lo"]
    assert names(filters.named("*-[!0]")) == ["br-1"]
    assert names(filters.named("f[[]1]")) == names(filters.named("f[[]?]")) == ["f[1]"]
    assert names(filters.named("f[1]")) == names(filters.named("")) == names(filters.named("eth")) == []
    assert names(filters.named("*")) == ["Eth1", "br-1", "e", "eth0", "f[1]", "lo"]
    assert names(filters.named("?")) == ["e"]
    assert names(filters.on("eth0")) == names(filters.on(net.index("eth0"))) == ["eth0"]
    assert names(filters.on(getifs.interfaces()[0])) == ["lo"]


def test_routes() -> None:
    route = rows(getifs.Route)[0]
    assert [filters.default_route(changed(route, dst_len=length)) for length in (0, 1, 32)] == [True, False, False]
    for predicate, field in ((filters.in_table(1000), "table"), (filters.protocol(186), "protocol")):
        good = 1000 if field == "table" else 186
        assert [predicate(changed(route, **{field: value})) for value in (good, good + 1, good & 127)] == [
            True,
            False,
            False,
        ]
    for name, number in (("local", 255), ("main", 254), ("default", 253), ("Main", 254), ("DEFAULT", 253)):
        assert [filters.in_table(name)(changed(route, table=table)) for table in (number, 0)] == [True, False]
    several = filters.in_table("main", 1000, RouteProtocol.BGP)
    assert [several(changed(route, table=table)) for table in (254, 1000, 186, 255)] == [True, True, True, False]
    several = filters.protocol("kernel", 186)
    assert [several(changed(route, protocol=number)) for number in (2, 186, 3)] == [True, True, False]
    assert filters.in_table(2**32 - 1)(changed(route, table=2**32 - 1)) is True
    for given in ("bgp", "BGP", RouteProtocol.BGP, 186):
        assert filters.protocol(given)(changed(route, protocol=186)) is True
        assert filters.protocol(given)(changed(route, protocol=187)) is False
    for row in (route, rows(getifs.NextHop)[0]):
        assert [filters.has_gateway(changed(row, gateway_family=family)) for family in (0, 2, 10)] == [
            False,
            True,
            True,
        ]


@pytest.mark.parametrize(
    ("destination", "address", "expected"),
    [
        ("10.0.0.0/8", "10.0.0.0", True),
        ("10.0.0.0/8", "10.255.255.255", True),
        ("10.0.0.0/8", "11.0.0.0", False),
        ("10.0.0.0/9", "10.128.0.0", False),
        ("10.0.0.1/32", "10.0.0.1", True),
        ("10.0.0.1/32", "10.0.0.0", False),
        ("0.0.0.0/0", "203.0.113.1", True),
        ("0.0.0.0/0", "::", False),
        ("::/0", "0.0.0.0", False),
        ("::/0", "2001:db8::1", True),
        ("fe80::/64", "fe80::1%3", True),
        ("fe80::/127", "fe80::2", False),
        ("2001:db8::1/128", "2001:db8::1", True),
    ],
)
def test_covers(destination: str, address: str, expected: bool) -> None:
    network = ipaddress.ip_network(destination)
    route = changed(with_address(rows(getifs.Route)[0], str(network.network_address)), dst_len=network.prefixlen)
    for given in (address, ipaddress.ip_address(address)):
        assert filters.covers(given)(route) is expected
        assert (~filters.covers(given))(route) is not expected


def test_covers_the_routes_that_lead_to_an_address(net: Namespace) -> None:
    net.veth("v0", "v1")
    net.ip("link set v0 up\n link set v1 up\n addr add 10.0.0.1/24 dev v0")
    net.ip("route add default via 10.0.0.2\n route add 10.1.0.0/16 via 10.0.0.3\n route add 10.1.2.0/24 via 10.0.0.4")
    table = getifs.route_table(family=4, where=filters.covers("10.1.2.3"))
    assert [str(row.destination) for row in table] == ["0.0.0.0/0", "10.1.0.0/16", "10.1.2.0/24"]
    assert [str(row.destination) for row in getifs.route_table(where=filters.covers("10.2.0.0"))] == ["0.0.0.0/0"]


def test_rows_of_one_interface() -> None:
    for kind in (getifs.Interface, getifs.IfNet, getifs.IfAddr, getifs.Route, getifs.NextHop):
        row = rows(kind)[0]
        assert [filters.on(7)(changed(row, index=index)) for index in (7, 8, 7 + 256, 0)] == [True, False, False, False]
    assert filters.on(2**31 - 1)(changed(row, index=2**31 - 1)) is True


def test_name_is_looked_up_once(net: Namespace) -> None:
    net.veth("v0", "v1")
    predicate = filters.on("v0")
    net.ip("link set v0 down name w0\n link set v1 down name v0")
    assert [interface.name for interface in getifs.interfaces(where=predicate)] == ["w0"]
    with pytest.raises(OSError, match=r"No such device.*nothing"):
        filters.on("nothing")


def test_in_combination_with_functions() -> None:
    seen = []

    def odd(row: getifs.Interface) -> int:
        seen.append(row.index)
        return row.index & 1

    row = rows(getifs.Interface)[0]
    up, down = changed(row, index=1, flags=1), changed(row, index=1, flags=0)
    even = changed(row, index=2, flags=1)
    for both in (filters.up & odd, filters.up & filters.up & odd):
        assert [both(one) for one in (up, down, even)] == [True, False, False]
        assert seen == [1, 2]  # not called if the first operand decides
        seen.clear()
    assert (odd & filters.up)(up) is True
    assert [(filters.up | odd)(one) for one in (up, down, changed(even, flags=0))] == [True, True, False]
    assert (~(filters.up & odd))(up) is False


WRONG: list[tuple[Callable[[], object], type[Exception], str]] = [
    (filters.within, TypeError, "network"),
    (lambda: filters.within("nonsense"), ValueError, "network.*nonsense"),
    (lambda: filters.within("10.0.0.1/8"), ValueError, "network.*10.0.0.1/8.*host bits"),
    (lambda: filters.within("10.0.0.0/33"), ValueError, "network"),
    (lambda: filters.within("10.0.0.0/8", ""), ValueError, "network"),
    (lambda: filters.within(5), TypeError, "network.*int"),  # type: ignore[arg-type]
    (lambda: filters.within(b"\x0a\0\0\0"), TypeError, "network.*bytes"),  # type: ignore[arg-type]
    (lambda: filters.within(None), TypeError, "network.*None"),  # type: ignore[arg-type]
    (lambda: filters.within(("10.0.0.0", 8)), TypeError, "network.*tuple"),  # type: ignore[arg-type]
    (lambda: filters.within(["10.0.0.0/8"]), TypeError, "network.*list"),  # type: ignore[arg-type]
    (filters.has_flags, TypeError, "flags"),
    (lambda: filters.has_flags("UP", "IFF_UP"), ValueError, "flags.*'IFF_UP'.* UP, .*RUNNING"),
    (lambda: filters.has_flags("UP|RUNNING"), ValueError, "flags.*'UP|RUNNING'"),
    (lambda: filters.has_flags("1"), ValueError, "flags.*'1'"),
    (lambda: filters.has_flags(1.0), TypeError, "flags.*float"),  # type: ignore[arg-type]
    (lambda: filters.has_flags(1, None), TypeError, "flags.*None"),  # type: ignore[arg-type]
    (lambda: filters.has_flags(["UP"]), TypeError, "flags.*list"),  # type: ignore[arg-type]
    (lambda: filters.has_flags(True), TypeError, "flags.*bool"),
    (lambda: filters.has_flags(-1), ValueError, "flags.*-1"),
    (lambda: filters.has_flags(2**32), ValueError, "flags"),
    (filters.kind, TypeError, "names"),
    (lambda: filters.kind("veth", 5), TypeError, "(kind|name).*int"),  # type: ignore[arg-type]
    (lambda: filters.kind(5), TypeError, "(kind|name).*int"),  # type: ignore[arg-type]
    (lambda: filters.kind(None), TypeError, "(kind|name).*None"),  # type: ignore[arg-type]
    (filters.named, TypeError, "patterns"),
    (lambda: filters.named(b"eth*"), TypeError, "pattern.*bytes"),  # type: ignore[arg-type]
    (lambda: filters.named("eth*", None), TypeError, "pattern.*None"),  # type: ignore[arg-type]
    (filters.in_table, TypeError, "tables"),
    (lambda: filters.in_table("254"), ValueError, "table.*'254'.*default, main, local"),
    (lambda: filters.in_table("nonsense"), ValueError, "table.*'nonsense'.*main"),
    (lambda: filters.in_table("main", ""), ValueError, "table.*''"),
    (lambda: filters.in_table(254.0), TypeError, "table.*float"),  # type: ignore[arg-type]
    (lambda: filters.in_table(-1), ValueError, "table.*-1"),
    (lambda: filters.in_table(2**32), ValueError, "table"),
    (lambda: filters.protocol(2.0), TypeError, "protocol.*float"),  # type: ignore[arg-type]
    (lambda: filters.protocol(256), ValueError, "protocol.*256"),
    (filters.protocol, TypeError, "protocol"),
    (lambda: filters.protocol("ip"), ValueError, "protocol.*'ip'.*KERNEL"),
    (lambda: filters.protocol("kernel", "ip"), ValueError, "protocol.*'ip'"),
    (lambda: filters.protocol(""), ValueError, "protocol"),
    (lambda: filters.covers("nonsense"), ValueError, "address.*'nonsense'"),
    (lambda: filters.covers("10.0.0.0/8"), ValueError, "address.*'10.0.0.0/8'"),
    (lambda: filters.covers(None), TypeError, "address.*None"),  # type: ignore[arg-type]
    (lambda: filters.covers(ipaddress.ip_network("::/0")), TypeError, "address.*IPv6Network"),  # type: ignore[arg-type]
    (lambda: filters.on(0), ValueError, "interface.*0"),
    (lambda: filters.on(2**31), ValueError, "interface"),
    (lambda: filters.on(""), ValueError, "interface"),
    (lambda: filters.on("a/b"), ValueError, "interface"),
    (lambda: filters.on(1.0), TypeError, "interface.*float"),  # type: ignore[arg-type]
    (lambda: filters.on(None), TypeError, "interface.*None"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("call", "error", "text"), WRONG)
def test_wrong_arguments_are_named(call: Callable[[], object], error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=f"^{text}"):
        call()


# The documented names.
NAMED_IN_THE_INTERFACE = """loopback link_local local private public multicast unspecified broadcast documentation
    benchmark shared unique_local ipv4 ipv6 within temporary deprecated tentative up running lower_up has_flags kind
    named default_route has_gateway covers in_table protocol on"""


def test_every_promised_name_is_there() -> None:
    assert set(NAMED_IN_THE_INTERFACE.split()) <= set(filters.__all__)
    assert filters.__all__ == sorted(filters.__all__)
    public = {
        name for name, value in vars(filters).items() if not name.startswith("_") and isinstance(value, Predicate)
    }
    assert public <= set(filters.__all__)
    for name in filters.__all__:
        value = getattr(filters, name)
        assert isinstance(value, (Predicate, types.FunctionType))
        assert repr(value) == name or isinstance(value, types.FunctionType)


def test_where_only_narrows(net: Namespace) -> None:
    """B25."""
    net.veth("v0", "v1")
    net.ip("addr add 10.0.0.1/24 dev v0\n addr add 1.1.1.1/24 dev v0\n addr add 169.254.1.1/16 dev v0")
    everything = [str(row.addr) for row in getifs.interface_addrs(family=4, where=lambda _: True)]
    assert everything == ["127.0.0.1", "10.0.0.1", "1.1.1.1", "169.254.1.1"]
    wide: list[Any] = [filters.ipv4, filters.ipv4 | filters.ipv6, lambda _: True, filters.ipv4 | (lambda _: True)]
    for where in wide:
        assert [str(row.addr) for row in getifs.local_addrs(family=4, where=where)] == ["10.0.0.1", "1.1.1.1"]
        assert [str(row.addr) for row in getifs.private_addrs(family=4, where=where)] == ["10.0.0.1"]
        assert [str(row.addr) for row in getifs.public_addrs(family=4, where=where)] == ["1.1.1.1"]
    assert [str(row.addr) for row in getifs.local_addrs(family=4, where=filters.private)] == ["10.0.0.1"]
    assert not getifs.private_addrs(family=4, where=filters.loopback)
    assert not getifs.local_addrs(family=4, where=lambda row: row.addr.is_loopback)
