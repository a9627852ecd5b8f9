"""The address and network objects of rows are like those that the constructors of `ipaddress` make."""

import copy
import ipaddress
import itertools
import pickle
import socket
from typing import Any

import pytest
from random_rows import table_of

import getifs
from getifs._rows import addresses
from getifs._rows.route import _Gateways

FAMILIES = {ipaddress.IPv4Network: (socket.AF_INET, 32), ipaddress.IPv6Network: (socket.AF_INET6, 128)}
every_class = pytest.mark.parametrize("cls", FAMILIES)
NUMBERS = (0, 0xC0000280, 0xFFFFFFFF, 0x20010DB8 << 96 | 0x5A5A, (1 << 128) - 1)


def networks(cls: Any) -> list[tuple[Any, Any]]:
    """Networks of each prefix length, made by a constructor, and the destinations of routes."""
    family, bits = FAMILIES[cls]
    pairs = []
    for length, number in itertools.product(range(bits + 1), NUMBERS):
        expected = cls((number % (1 << bits) >> (bits - length) << (bits - length), length))
        dst = expected.network_address.packed.ljust(16, b"\xff")
        (row,) = table_of(getifs.Route, [{"family": family, "dst": dst, "dst_len": length}])
        pairs.append((row.destination, expected))
    return pairs


def first(network: Any) -> list[Any]:
    return [list(itertools.islice(network, 3)), list(itertools.islice(network.hosts(), 3))]


@every_class
def test_networks(cls: Any) -> None:
    for network, expected in networks(cls):
        assert type(network) is cls
        assert vars(network).keys() == vars(expected).keys()
        assert (network, hash(network), str(network)) == (expected, hash(expected), str(expected))
        assert not network < expected
        for name in ("network_address", "netmask", "hostmask", "broadcast_address", "prefixlen", "num_addresses"):
            value = getattr(network, name)
            assert (type(value), value) == (type(getattr(expected, name)), getattr(expected, name))
        for name in ("is_private", "is_global", "is_multicast", "is_loopback", "with_netmask", "exploded"):
            assert getattr(network, name) == getattr(expected, name)
        assert first(network) == first(expected)
        for again in (pickle.loads(pickle.dumps(network)), copy.copy(network), copy.deepcopy(network)):
            assert (type(again), again) == (cls, expected)
        assert network.supernet() == expected.supernet()
        assert network.subnet_of(expected)
        assert network.overlaps(expected)


@every_class
def test_no_attribute_is_shared_by_networks_that_differ(cls: Any) -> None:
    bits = FAMILIES[cls][1]
    one, other = (addresses.make_network(FAMILIES[cls][0], bytes([n]) * 16, 0, bits) for n in (1, 2))
    assert one.broadcast_address != other.broadcast_address
    assert list(one.hosts()) != list(other.hosts())
    list(one.hosts()).clear()
    assert list(one.hosts()) == [one.network_address]


@every_class
def test_networks_are_made_without_their_constructor(cls: Any) -> None:
    shapes = addresses._Shapes(cls)
    bits = FAMILIES[cls][1]
    assert [length for length in range(bits + 1) if not shapes[length].known] == [bits - 1]


@every_class
def test_host_bits_are_ignored(cls: Any) -> None:
    family, bits = FAMILIES[cls]
    for length in (0, 8, bits - 2, bits - 1):
        packed = b"\xff" * 16
        assert addresses.make_network(family, packed, 0, length) == cls((packed[: bits // 8], length), strict=False)
    with pytest.raises(ipaddress.NetmaskValueError):
        addresses.make_network(family, bytes(16), 0, bits + 1)


class OtherNetwork(ipaddress.IPv4Network):
    """As a later Python could be: with an attribute that differs."""

    def __init__(self, address: Any) -> None:
        super().__init__(address)
        self.other = int(self.network_address)


class SlottedNetwork:
    """The same, without a `__dict__`."""

    __slots__ = ("hostmask", "max_prefixlen", "netmask", "network_address")

    def __init__(self, address: tuple[int, int]) -> None:
        network = ipaddress.IPv4Network(address)
        for name in self.__slots__:
            setattr(self, name, getattr(network, name))


@pytest.mark.parametrize("cls", [OtherNetwork, SlottedNetwork])
def test_other_networks_are_left_to_their_constructor(cls: Any) -> None:
    assert not [length for length in range(33) if addresses._Shape(cls, length).known]


def test_equal_gateways_are_one_object() -> None:
    def route(last: int) -> dict[str, Any]:
        return {
            "family": 2,
            "gateway_family": 2,
            "gateway": bytes([192, 0, 2 + last // 256, last % 256]).ljust(16, b"\0"),
        }

    most = _Gateways._MOST
    table = table_of(getifs.Route, [route(at % (most + 200)) for at in range(2 * most + 400)])
    rows = list(table)
    gateways = [row.gateway for row in rows]
    assert gateways == [table[at].gateway for at in range(len(table))]
    half = most + 200
    assert [one is other for one, other in zip(gateways[:half], gateways[half:], strict=True)] == [
        at < most for at in range(half)
    ]
    assert len(rows[0]._gateways) == most
    assert rows[0].gateway is not next(iter(table)).gateway
