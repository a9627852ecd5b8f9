"""Texts of rows: `str()` and `repr()`; and `sockaddr()`."""

import errno
import socket
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Network
from typing import Any

import pytest
from netns import Namespace
from recorded import FIRST, changed, every_kind, rows

import getifs
from getifs import _records

# Addresses that need a scope id, and others.
OF_A_LINK = "fe80::1 febf:ffff::1 ff02::1 ff02::1:ff00:1 ff12::1 ff32::8000:1 ff01::1 ff11::1"
NOT_OF_A_LINK = "ff00::1 ff03::1 ff05::1 ff0e::1 fec0::1 fe7f::1 2001:db8::1 169.254.1.1 224.0.0.1 192.0.2.1"


@pytest.mark.parametrize("address", [*OF_A_LINK.split(), *NOT_OF_A_LINK.split()])
def test_sockaddr_has_the_scope_id_where_scoped_has(address: str) -> None:
    version = 6 if ":" in address else 4
    packed = (IPv6Address if version == 6 else IPv4Address)(address).packed
    for kind in (getifs.IfNet, getifs.IfAddr):
        row = changed(rows(kind)[0], index=3, family=10 if version == 6 else 2, addr=packed.ljust(16, b"\0"))
        end = (0, 3 if address in OF_A_LINK.split() else 0) if version == 6 else ()
        assert row.sockaddr() == (address, 0, *end)
        assert row.sockaddr(80) == row.sockaddr(port=80) == (address, 80, *end)
        assert row.sockaddr(65535)[1] == 65535
        for wrong in (-1, 65536):
            with pytest.raises(ValueError, match="port must be from 0 to 65535"):
                row.sockaddr(wrong)
        for other in ("80", 80.0, None, True):
            with pytest.raises(TypeError, match="port must be an int"):
                row.sockaddr(other)


def test_sockaddr_can_be_bound(net: Namespace) -> None:
    v0 = net.veth()
    net.ip("addr add fe80::7/64 dev v0 nodad\n addr add 2001:db8::7/64 dev v0 nodad\n addr add 192.0.2.7/24 dev v0")
    for row in getifs.interface_addrs(interface=v0):
        family = socket.AF_INET if row.addr.version == 4 else socket.AF_INET6
        with socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.bind(row.sockaddr())
            name = sock.getsockname()
            assert name[0].partition("%")[0] == str(row.addr)
            assert name[1] != 0
            assert name[3:] == ((v0,) if str(row.addr) == "fe80::7" else (0,) if row.addr.version == 6 else ())
        with socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.bind(row.sockaddr(4321))
            assert sock.getsockname()[1] == 4321


@every_kind
def test_repr_names_the_class_and_what_matters(kind: Any) -> None:
    for row in rows(kind):
        assert repr(row).startswith(f"{kind.__name__}(")
        assert repr(row).endswith(")")
        first = FIRST[kind]
        assert repr(row).startswith(f"{kind.__name__}({first}={getattr(row, first)}")


def found(kind: Any, **attributes: object) -> Any:
    """The first row whose attributes have these texts."""
    for row in rows(kind):
        if all(str(getattr(row, name)) == str(value) for name, value in attributes.items()):
            return row
    raise AssertionError(f"no {kind.__name__} with {attributes}")


def test_str_of_addresses() -> None:
    row = changed(found(getifs.IfNet, addr="192.0.2.1"), index=3)
    assert str(changed(row, prefix_len=24)) == "192.0.2.1/24 (3)"
    assert str(changed(row, prefix_len=32)) == "192.0.2.1/32 (3)"
    packed = IPv6Address("fe80::1").packed
    assert str(changed(row, family=10, addr=packed, prefix_len=64)) == "fe80::1/64 (3)"
    plain = changed(rows(getifs.IfAddr)[0], index=3, family=10, addr=packed)
    assert str(plain) == "fe80::1 (3)"
    assert str(changed(plain, family=2, addr=IPv4Address("192.0.2.1").packed.ljust(16, b"\0"))) == "192.0.2.1 (3)"
    assert repr(plain) == "IfAddr(index=3, addr=IPv6Address('fe80::1'))"


def test_str_of_routes() -> None:
    default = changed(found(getifs.Route, destination="0.0.0.0/0", gateway="192.0.2.254"), index=3)
    assert str(default) == "0.0.0.0/0 via 192.0.2.254 (3)"
    assert str(changed(default, gateway_family=0, gateway=bytes(16))) == "0.0.0.0/0 (3)"
    assert (
        str(changed(default, gateway_family=10, gateway=IPv6Address("fe80::1").packed))
        == "0.0.0.0/0 via inet6 fe80::1 (3)"
    )
    assert str(changed(default, dst=b"\x0a" + bytes(15), dst_len=8)) == "10.0.0.0/8 via 192.0.2.254 (3)"
    v6 = changed(default, family=10, gateway_family=10, gateway=IPv6Address("fe80::1").packed)
    assert str(v6) == "::/0 via fe80::1 (3)"
    nowhere = changed(default, index=0, gateway_family=0, dst=b"\xcb\0\x71" + bytes(13), dst_len=24)
    assert str(changed(nowhere, type=6)) == "blackhole 203.0.113.0/24"
    assert str(changed(nowhere, type=2, index=1)) == "local 203.0.113.0/24 (1)"
    assert str(changed(nowhere, type=99)) == "99 203.0.113.0/24"
    assert str(changed(nowhere, type=1)) == "203.0.113.0/24"


def test_str_of_interfaces() -> None:
    lo = found(getifs.Interface, name="lo")
    assert str(lo) == f"lo ({lo.index})"
    assert repr(changed(lo, index=1, mtu=65536, flags=0x8)).startswith(
        "Interface(index=1, name='lo', mtu=65536, flags="
    )


def test_texts_of_addresses_are_objects_of_the_right_kind() -> None:
    four = found(getifs.IfNet, addr="192.0.2.1")
    assert type(four.addr) is IPv4Address
    assert type(four.net) is IPv4Interface
    assert type(four.network) is IPv4Network
    assert four.net.ip == four.addr
    assert four.net.network.prefixlen == four.prefix_len
    assert type(found(getifs.Route, destination="::/0").destination) is IPv6Network


@pytest.mark.parametrize("address", [*OF_A_LINK.split(), *NOT_OF_A_LINK.split()])
def test_scoped_is_the_address_as_sockets_take_it(address: str) -> None:
    packed = (IPv6Address if ":" in address else IPv4Address)(address).packed
    for kind in (getifs.IfNet, getifs.IfAddr):
        row = changed(rows(kind)[0], index=3, family=10 if ":" in address else 2, addr=packed.ljust(16, b"\0"))
        assert str(row.addr) == address
        assert str(row.scoped) == (f"{address}%3" if address in OF_A_LINK.split() else address)
        assert type(row.scoped) is type(row.addr)


@pytest.mark.usefixtures("net")
@pytest.mark.parametrize("address", [*OF_A_LINK.split(), *NOT_OF_A_LINK.split()])
def test_scope_is_what_the_kernel_wants(address: str) -> None:
    """Without a scope id, connect() fails with EINVAL if the address needs one, otherwise with ENETUNREACH."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock, pytest.raises(OSError, match=r".") as caught:
        sock.connect((address, 9))
    assert caught.value.errno == (errno.EINVAL if address in OF_A_LINK.split() else errno.ENETUNREACH)


def test_repr_shows_what_distinguishes_rows() -> None:
    """Members of enumerations are shown by name; attributes that are not set are left out."""
    route = changed(
        found(getifs.Route, destination="0.0.0.0/0", gateway="192.0.2.254"),
        index=3, metric=0, table=254, protocol=4, scope=0, type=1, tos=0, has=0,
    )  # fmt: skip
    start = "Route(index=3, destination=IPv4Network('0.0.0.0/0'), gateway=IPv4Address('192.0.2.254')"
    end = "protocol=STATIC, scope=UNIVERSE, type=UNICAST"
    assert repr(route) == f"{start}, table=MAIN, {end})"
    has = _records.ROUTE_HAS_NEXTHOP | _records.ROUTE_HAS_SOURCE
    source = IPv4Address("198.51.100.0").packed.ljust(16, b"\0")
    full = changed(route, metric=7, table=1000, tos=16, has=has, nexthop_id=9, src=source, src_len=24)
    assert repr(full) == (
        f"{start}, metric=7, table=1000, {end}, source=IPv4Network('198.51.100.0/24'), tos=16, nexthop_id=9)"
    )
    net = found(getifs.IfNet, broadcast="192.0.2.255")
    assert "broadcast=IPv4Address('192.0.2.255')" in repr(net)
    assert f"flags={net.flags}" in repr(net)
    assert "PERMANENT" in repr(net)
    group = next(row for row in rows(getifs.NextHop) if row.group)
    assert repr(group) == f"NextHop(id={group.id}, group={group.group!r})"
    leaf = next(row for row in rows(getifs.NextHop) if row.gateway)
    assert repr(leaf).startswith(f"NextHop(id={leaf.id}, index={leaf.index}, gateway=IPv")
    assert "blackhole=True" in repr(next(row for row in rows(getifs.NextHop) if row.blackhole))
