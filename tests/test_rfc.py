"""Sets of address blocks: their contents and their use."""

import ipaddress
import re
from collections.abc import Iterator
from typing import Any

import pytest

import getifs
from getifs import filters, rfc

SETS = {
    "RFC919": "255.255.255.255/32",
    "RFC1112": "224.0.0.0/4",
    "RFC1122": "0.0.0.0/8, 127.0.0.0/8",
    "RFC1918": "10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16",
    "RFC2544": "198.18.0.0/15",
    "RFC2765": "::ffff:0:0/96",
    "RFC2928": "2001::/23",  # as in the registry, not 2001::/16
    "RFC3056": "2002::/16",
    "RFC3068": "192.88.99.0/24, 2002:c058:6301::/120",
    "RFC3171": "224.0.0.0/4",
    "RFC3330": """0.0.0.0/8, 10.0.0.0/8, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.0.2.0/24, 192.88.99.0/24,
        192.168.0.0/16, 198.18.0.0/15, 224.0.0.0/4, 240.0.0.0/4""",
    "RFC3849": "2001:db8::/32",
    "RFC3927": "169.254.0.0/16",
    "RFC4038": "::ffff:0:0/96",
    "RFC4193": "fc00::/7",
    "RFC4291": "::/128, ::1/128, ::/96, ::ffff:0:0/96, fe80::/10, fec0::/10, ff00::/8",
    "RFC4380": "2001::/32",
    "RFC4773": "2001::/23",
    "RFC4843": "2001:10::/28",
    "RFC5180": "2001:2::/48",
    "RFC5735": "192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, 198.18.0.0/15",
    "RFC5737": "192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24",
    "RFC6052": "64:ff9b::/96",
    "RFC6333": "192.0.0.0/29",
    "RFC6598": "100.64.0.0/10",
    "RFC6666": "100::/64",
    "RFC6890": """0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.0.0.0/24,
        192.0.0.0/29, 192.0.2.0/24, 192.88.99.0/24, 192.168.0.0/16, 198.18.0.0/15, 198.51.100.0/24, 203.0.113.0/24,
        240.0.0.0/4, 255.255.255.255/32, ::/128, ::1/128, 64:ff9b::/96, ::ffff:0:0/96, 100::/64, 2001::/23, 2001::/32,
        2001:2::/48, 2001:db8::/32, 2001:10::/28, 2002::/16, fc00::/7, fe80::/10""",
    "RFC7335": "192.0.0.0/29",
    "RFC9637": "3fff::/20",
    "FORWARDING_BLACKLIST": """0.0.0.0/8, 127.0.0.0/8, 169.254.0.0/16, 192.0.0.0/24, 192.0.2.0/24, 198.51.100.0/24,
        203.0.113.0/24, 240.0.0.0/4, 255.255.255.255/32, ::/128, ::1/128, ::ffff:0:0/96, 2001:db8::/32, 2001:10::/28,
        fe80::/10""",
}
NUMBERS = [int(name.removeprefix("RFC")) for name in SETS if name.startswith("RFC")]


def blocks_of(name: str) -> list[str]:
    return [block.strip() for block in SETS[name].split(",")]


def edges(network: Any) -> Iterator[Any]:
    """The first and last address of the network, and the addresses before and after if they exist."""
    address = type(network.network_address)
    first, last = int(network.network_address), int(network.broadcast_address)
    return (address(number) for number in (first - 1, first, last, last + 1) if 0 <= number < 2**network.max_prefixlen)


@pytest.mark.parametrize("name", SETS)
def test_set_holds_the_blocks_of_the_table(name: str) -> None:
    found = getattr(rfc, name)
    networks = [ipaddress.ip_network(block) for block in blocks_of(name)]
    assert list(found) == networks
    assert [type(network) for network in found] == [type(network) for network in networks]
    assert len(found) == len(networks)
    assert found.name == name
    assert repr(found) == f"rfc.{name}"


def test_no_other_set_is_there() -> None:
    public = {name for name, value in vars(rfc).items() if isinstance(value, rfc.AddressSet)}
    assert public == {*SETS, "IANA_SPECIAL_PURPOSE"}


@pytest.mark.parametrize("name", SETS)
def test_membership_at_the_edges_of_every_block(name: str) -> None:
    found = getattr(rfc, name)
    networks = [ipaddress.ip_network(block) for block in blocks_of(name)]
    for network in networks:
        for address in edges(network):
            inside = any(address in one for one in networks if one.version == address.version)
            assert (address in found) is inside, address
            assert (str(address) in found) is inside, address
            assert found(address) is inside, address


@pytest.mark.parametrize("name", SETS)
def test_addresses_of_the_other_family_with_the_same_bits_are_outside(name: str) -> None:
    """0a00:: starts with the bits of 10.0.0.0, and 32.1.13.184 has the first bits of 2001:db8::."""
    found = getattr(rfc, name)
    networks = list(found)
    for network in networks:
        packed = network.network_address.packed
        twin: Any
        twin = ipaddress.IPv6Address(packed.ljust(16, b"\0")) if len(packed) == 4 else ipaddress.IPv4Address(packed[:4])
        assert (twin in found) is any(twin in one for one in networks if one.version == twin.version), twin


def test_a_scope_id_takes_no_part() -> None:
    assert "fe80::1%eth0" in filters.link_local
    assert ipaddress.ip_address("fe80::1%5") in rfc.RFC4291
    assert ipaddress.ip_address("2001:db8::%5") not in rfc.RFC4193


@pytest.mark.parametrize("text", ["", "10.0.0.0/8", "localhost", "10.0.0.256", "fe80:::1", "10.0.0.1 "])
def test_a_text_that_is_not_an_address_is_a_value_error(text: str) -> None:
    for call in (rfc.RFC1918, rfc.RFC1918.__contains__, filters.private, ~filters.ipv4 & filters.public):
        with pytest.raises(ValueError, match=f"address.*{re.escape(repr(text))}"):
            call(text)


@pytest.mark.parametrize("address", [None, 1, 1.5, b"\n\0\0\1", ipaddress.ip_network("10.0.0.0/8")])
def test_what_is_no_address_is_a_type_error(address: Any) -> None:
    with pytest.raises(TypeError, match=rf"^rfc\.RFC1918 takes .*{type(address).__name__}"):
        address in rfc.RFC1918


@pytest.mark.parametrize("number", NUMBERS)
def test_get_finds_a_set_by_its_number(number: int) -> None:
    assert rfc.get(number) is getattr(rfc, f"RFC{number}")


@pytest.mark.parametrize("number", [0, 1, -1918, 791, 10000])
def test_get_of_an_unknown_number_is_a_key_error(number: int) -> None:
    with pytest.raises(KeyError) as caught:
        rfc.get(number)
    assert caught.value.args == (number,)


def test_sets_combine() -> None:
    either = rfc.RFC1918 | rfc.RFC4193
    assert repr(either) == "rfc.RFC1918 | rfc.RFC4193"
    assert either(ipaddress.ip_address("10.1.2.3"))
    assert either(ipaddress.ip_address("fd00::1"))
    assert not either(ipaddress.ip_address("11.0.0.0"))
    assert not either(ipaddress.ip_address("fe00::"))


@pytest.mark.usefixtures("net")
def test_sets_are_predicates_of_rows() -> None:
    with pytest.raises(TypeError, match=r"rfc\.RFC1918.*Interface"):
        getifs.interfaces(where=rfc.RFC1918)
    assert [str(row.addr) for row in getifs.interface_addrs(where=rfc.RFC1122)] == ["127.0.0.1"]
    assert [str(row.addr) for row in getifs.interface_addrs(where=rfc.RFC4291)] == ["::1"]
    assert not getifs.interface_addrs(where=rfc.RFC1122 & rfc.RFC1918)


# Blocks added to the registry after RFC 6890 and the sets above: RFC 7534 and 7535 (AS112), 7450 (AMT), 8215, 7343
# (ORCHIDv2), 9374 (DRIP), 9602 (SRv6) and 9780, and single addresses of the protocol assignments.
ADDED = """192.31.196.0/24 192.175.48.0/24 2001:4:112::/48 2620:4f:8000::/48 192.52.193.0/24 2001:3::/32 64:ff9b:1::/48
    2001:20::/28 2001:30::/28 5f00::/16 100:0:0:1::/64 3fff::/20 192.0.0.8/32 192.0.0.9/32 192.0.0.10/32 192.0.0.170/32
    192.0.0.171/32 2001:1::1/128 2001:1::2/128 2001:1::3/128"""


@pytest.mark.parametrize("block", ADDED.split())
def test_special_purpose_registry_has_grown(block: str) -> None:
    network = ipaddress.ip_network(block)
    assert network in list(rfc.IANA_SPECIAL_PURPOSE)
    assert network.network_address in rfc.IANA_SPECIAL_PURPOSE
    assert network.broadcast_address in rfc.IANA_SPECIAL_PURPOSE


def test_special_purpose_registry_names_no_block_twice_and_says_its_date() -> None:
    networks = list(rfc.IANA_SPECIAL_PURPOSE)
    assert len(set(networks)) == len(networks)
    assert re.search(r" 20\d\d-\d\d-\d\d\b", rfc.IANA_SPECIAL_PURPOSE.__doc__ or "")


@pytest.mark.parametrize("number", NUMBERS)
def test_docstring_names_the_rfc(number: int) -> None:
    assert rfc.get(number).__doc__.endswith(f"(RFC {number}).")


@pytest.mark.parametrize("block", blocks_of("RFC6890"))
def test_every_block_of_rfc6890_lies_in_the_registry_or_was_given_up(block: str) -> None:
    network = ipaddress.ip_network(block)
    assert network in list(rfc.IANA_SPECIAL_PURPOSE)
    assert network.network_address in rfc.IANA_SPECIAL_PURPOSE
    assert network.broadcast_address in rfc.IANA_SPECIAL_PURPOSE


PRIVATE_AND_PUBLIC = {  # B24: later blocks of the registry are ignored
    "192.31.196.1": (False, True),
    "192.52.193.1": (False, True),
    "192.175.48.1": (False, True),
    "64:ff9b:1::1": (False, True),
    "100:0:0:1::1": (False, True),
    "2620:4f:8000::1": (False, True),
    "3fff::1": (False, True),
    "5f00::1": (False, True),
    "2001:10::1": (False, False),  # ORCHID: listed and blacklisted
    "2001:20::1": (True, False),  # ORCHIDv2 lies in 2001::/23
}


@pytest.mark.parametrize(("text", "expected"), PRIVATE_AND_PUBLIC.items())
def test_private_and_public_do_not_follow_the_registry(text: str, expected: tuple[bool, bool]) -> None:
    address = ipaddress.ip_address(text)
    assert (filters.private(address), filters.public(address)) == expected


@pytest.mark.parametrize("name", ["RFC6890", "FORWARDING_BLACKLIST"])
def test_private_and_public_are_these_two_sets_and_nothing_else(name: str) -> None:
    """B24."""
    listed = [ipaddress.ip_network(block) for block in blocks_of("RFC6890")]
    blacklisted = [ipaddress.ip_network(block) for block in blocks_of("FORWARDING_BLACKLIST")]
    for block in blocks_of(name):
        for address in edges(ipaddress.ip_network(block)):
            in_list = any(address in one for one in listed if one.version == address.version)
            in_blacklist = any(address in one for one in blacklisted if one.version == address.version)
            assert filters.private(address) is (in_list and not in_blacklist), address
            assert filters.public(address) is (not in_list), address
