"""Rows: values that can't be changed, of every kind, from the recorded messages."""

import copy
import errno
import itertools
import json
import operator
import pickle
import socket
from functools import cache
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Network
from typing import Any

import pytest
from netns import Namespace
from test_arguments import no_descriptors
from test_captures import CAPTURES, ROWS, SOUND, read, recorded

import getifs
from getifs import _core, filters

KINDS: list[Any] = [getifs.Interface, getifs.IfNet, getifs.IfAddr, getifs.Route, getifs.NextHop]
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


@cache
def tables(kind: Any) -> list[Any]:
    """A table for each capture of such rows."""
    captures = [CAPTURES[name] for name in SOUND]
    if kind is getifs.NextHop:
        recordings = [recorded(capture, "nexthops") for capture in captures]
        blocks = [_core.replay(_core.NEXTHOPS, kind._layout.size, data) for data in recordings if data]
        return [getifs.Table(kind, block) for block in blocks]
    return [
        read(capture, recorded(capture), recorded(capture, "nexthops"))
        for capture in captures
        if ROWS.get(capture["query"]) is kind
    ]


def rows(kind: Any) -> list[Any]:
    return [row for table in tables(kind) for row in table]


def whole(row: Any) -> Any:
    """All that a row holds: interfaces are equal where their indexes are."""
    return row.__reduce__()


def public(kind: type) -> list[str]:
    return [name for name in dir(kind) if not name.startswith("_")]


def changed(row: Any, **fields: Any) -> Any:
    """The same row with other numbers in its record."""
    record = list(row._record)
    for name, value in fields.items():
        record[row._layout.position[name]] = value
    restore, (kind, _, text) = row.__reduce__()
    return restore(kind, tuple(record), text)


@every_kind
def test_captures_have_rows_of_every_kind(kind: Any) -> None:
    assert len({pickle.dumps(row) for row in rows(kind)}) >= 5
    assert {type(row) for row in rows(kind)} == {kind}


@every_kind
def test_no_attribute_can_be_set_or_deleted(kind: Any) -> None:
    row = rows(kind)[0]
    before = pickle.dumps(row)
    for name in [*public(kind), "anything", "__dict__"]:
        with pytest.raises(AttributeError):
            setattr(row, name, 1)
        with pytest.raises(AttributeError):
            delattr(row, name)
    assert pickle.dumps(row) == before


@every_kind
def test_slots_alone(kind: Any) -> None:
    assert not hasattr(rows(kind)[0], "__dict__")
    assert all("__slots__" in vars(base) for base in kind.__mro__[:-1])


@every_kind
def test_equal_to_the_same_row_of_another_answer(kind: Any) -> None:
    mine = rows(kind)
    tables.cache_clear()
    again = rows(kind)
    assert mine is not again
    assert mine == again
    assert [hash(row) for row in mine] == [hash(row) for row in again]
    assert not any(one != other for one, other in zip(mine, again, strict=True))


@every_kind
def test_equality_looks_at_everything_that_the_kernel_said(kind: Any) -> None:
    if kind is getifs.Interface:
        return  # the next test's
    for one, other in itertools.combinations(rows(kind), 2):
        assert (one == other) is (whole(one) == whole(other))
        assert (one != other) is (whole(one) != whole(other))
        assert one != other or hash(one) == hash(other)


def test_interfaces_are_equal_by_index_alone() -> None:
    lo, other = rows(getifs.Interface)[:2]
    renamed = changed(lo, mtu=1, flags=0)
    assert lo == renamed
    assert hash(lo) == hash(renamed) == hash(changed(other, index=lo.index))
    assert {lo: "found"}[renamed] == "found"
    assert lo != changed(lo, index=lo.index + 1)
    assert lo.to_dict() != renamed.to_dict()


@every_kind
def test_unlike_anything_else(kind: Any) -> None:
    row = rows(kind)[0]
    others = [rows(other)[0] for other in KINDS if other is not kind]
    for other in [*others, row._record, row.index, str(row), None]:
        assert row != other
        assert not row == other  # noqa: SIM201
        with pytest.raises(TypeError):
            row < other


@every_kind
def test_sorted(kind: Any) -> None:
    all_rows = rows(kind)
    in_order = sorted([*all_rows[1:], all_rows[0]])
    key = operator.attrgetter("id" if kind is getifs.NextHop else "index")
    assert [key(row) for row in in_order] == sorted(key(row) for row in all_rows)
    assert in_order == sorted(all_rows)
    for one, other in itertools.pairwise(in_order):
        assert (one < other) is (one != other)
        assert (other > one) is (one != other)
        assert one <= other
        assert other >= one
        assert (one >= other) is (one == other)
        assert (other <= one) is (one == other)


@every_kind
def test_pickles_and_copies_are_the_same(kind: Any) -> None:
    for row in rows(kind):
        pickles = [pickle.loads(pickle.dumps(row, number)) for number in range(pickle.HIGHEST_PROTOCOL + 1)]
        for again in [*pickles, copy.copy(row), copy.deepcopy(row)]:
            assert type(again) is kind
            assert whole(again) == whole(row)
            assert again == row
            assert again.to_dict() == row.to_dict()
            assert repr(again) == repr(row)


@every_kind
def test_ready_for_json(kind: Any) -> None:
    for row in rows(kind):
        made = row.to_dict()
        assert json.loads(json.dumps(made)) == made
        assert row.to_dict() is not made


@every_kind
def test_dicts_name_the_interfaces_that_they_are_told_of(kind: Any) -> None:
    names = {index: f"name{index}" for index in range(1, 5000)}
    key = "dev" if kind in (getifs.Route, getifs.NextHop) else "ifname"
    for row in rows(kind):
        made = row.to_dict(names=names)
        assert made.get("ifindex", 0) == row.index
        expected = row.name if kind is getifs.Interface else names.get(row.index)
        assert made.get(key) == expected
        assert row.to_dict().get(key) == (row.name if kind is getifs.Interface else None)


@every_kind
def test_no_attribute_asks_the_kernel(kind: Any) -> None:
    properties = [name for name in public(kind) if isinstance(getattr(kind, name), property)]
    for row in rows(kind)[:3]:
        row.to_dict()  # what is imported at first use is in then
        before = [getattr(row, name) for name in properties]
        with no_descriptors():
            assert [getattr(row, name) for name in properties] == before
            assert row.to_dict()
            assert str(row)
            assert repr(row)


@every_kind
def test_made_by_queries_alone(kind: Any) -> None:
    for arguments in [(), (1,), (1, "lo")]:
        with pytest.raises(TypeError):
            kind(*arguments)


@every_kind
def test_repr_names_the_class_and_what_matters(kind: Any) -> None:
    for row in rows(kind):
        assert repr(row).startswith(f"{kind.__name__}(")
        assert repr(row).endswith(")")
        first = "id" if kind is getifs.NextHop else "index"
        assert f"{first}={getattr(row, first)}" in repr(row)


def found(kind: Any, **attributes: object) -> Any:
    """A row with these attributes, as text."""
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
        str(changed(default, gateway_family=10, gateway=IPv6Address("fe80::1").packed)) == "0.0.0.0/0 via fe80::1 (3)"
    )
    assert str(changed(default, dst=b"\x0a" + bytes(15), dst_len=8)) == "10.0.0.0/8 via 192.0.2.254 (3)"
    v6 = changed(default, family=10, gateway_family=10, gateway=IPv6Address("fe80::1").packed)
    assert str(v6) == "::/0 via fe80::1 (3)"


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


# Addresses of either kind that mean something on one link alone, and others.
OF_A_LINK = "fe80::1 febf:ffff::1 ff02::1 ff02::1:ff00:1 ff12::1 ff32::8000:1 ff01::1 ff11::1"
NOT_OF_A_LINK = "ff00::1 ff03::1 ff05::1 ff0e::1 fec0::1 fe7f::1 2001:db8::1 169.254.1.1 224.0.0.1 192.0.2.1"


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
    """Without an interface it refuses an address of one link; of others it says that there is no route."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as sock, pytest.raises(OSError, match=r".") as caught:
        sock.connect((address, 9))
    assert caught.value.errno == (errno.EINVAL if address in OF_A_LINK.split() else errno.ENETUNREACH)


UNKNOWN: dict[Any, dict[str, int]] = {
    getifs.Interface: {"flags": 0xFFF80041, "hw_type": 9999, "oper_state": 200},
    getifs.IfNet: {"flags": 0xFFFFF080, "scope": 77},
    getifs.Route: {"flags": 0xDFFF0001, "protocol": 250, "scope": 78, "type": 99, "encap": 5000},
    getifs.NextHop: {"flags": 0xDFFF0001, "protocol": 251, "scope": 79, "encap": 5001},
}


@pytest.mark.parametrize("kind", UNKNOWN, ids=lambda kind: kind.__name__)
def test_values_that_have_no_name_survive(kind: Any) -> None:
    row = changed(rows(kind)[0], **UNKNOWN[kind])
    for name, number in UNKNOWN[kind].items():
        value = getattr(row, name)
        assert value == number
        assert isinstance(value, int)
        assert type(value).__module__ == "getifs.enums"
        assert pickle.loads(pickle.dumps(value)) == number
    assert str(row)
    assert repr(row)
    made = row.to_dict()
    assert json.loads(json.dumps(made)) == made
    assert whole(copy.deepcopy(row)) == whole(row)


def test_unknown_values_in_dicts_are_numbers() -> None:
    """`ip` prints a number where it has no name, and the flags that it does not know as one number in hex (B14)."""
    route = changed(rows(getifs.Route)[0], protocol=250, scope=78, type=99, table=77).to_dict()
    assert [route[key] for key in ("protocol", "scope", "type", "table")] == ["250", "78", "99", "77"]
    assert changed(rows(getifs.IfNet)[0], scope=77).to_dict()["scope"] == "77"
    for unknown in (0x80000, 0x80000000, 0xFFF80000):
        assert changed(rows(getifs.Interface)[0], flags=unknown).to_dict()["flags"] == [f"{unknown:x}"]


def test_name_looks_the_interface_up_now(net: Namespace) -> None:
    index = net.veth("v0", "v1")
    net.ip("addr add 192.0.2.1/24 dev v0\n route add default via 192.0.2.5\n route add blackhole 10.0.0.0/8")
    (addr,) = getifs.interface_addrs(interface="v0", family=4)
    (gateway,) = getifs.gateway_addrs()
    (default,) = getifs.default_routes()
    (blackhole,) = getifs.route_table(all=True, where=filters.within("10.0.0.0/8"))
    assert [row.name() for row in (addr, gateway, default, blackhole)] == ["v0", "v0", "v0", None]
    net.ip("link set v0 name w0")
    assert [row.name() for row in (addr, gateway, default)] == ["w0"] * 3
    net.ip("link del w0")
    for row in (addr, gateway, default):
        with pytest.raises(OSError, match=f"No such device.*{index}"):
            row.name()


def test_later_query_finds_an_interface_in_a_dict(net: Namespace) -> None:
    net.veth("v0", "v1")
    notes = {interface: interface.name for interface in getifs.interfaces()}
    net.ip("link set v0 down name w0 mtu 1400 address 02:00:00:00:00:99")
    assert [notes[interface] for interface in getifs.interfaces()] == list(notes.values())
    assert "w0" not in notes.values()
