"""C and Python select the same rows: random predicates and combinations on random rows of every kind."""

import functools
import ipaddress
import operator
import os
import pickle
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from random_rows import (
    EDGES,
    INET,
    INET6,
    OF_ADDRESSES,
    accepted,
    address_fields,
    addresses,
    agree,
    at_random,
    links_named,
    names,
    networks,
    often,
    patterns,
    random_tables,
    table_of,
)
from recorded import KINDS, every_kind, tables, whole

import getifs
from getifs import filters, rfc
from getifs._predicates.compiler import program_for
from getifs._predicates.leaves import Networks
from getifs._predicates.tree import Predicate

# Predicates.

ADDRESS_SETS: list[Predicate] = [
    *(value for value in vars(rfc).values() if isinstance(value, rfc.AddressSet)),
    *(filters.loopback, filters.link_local, filters.local, filters.private, filters.public, filters.multicast),
    *(filters.unspecified, filters.broadcast, filters.documentation, filters.benchmark, filters.shared),
    *(filters.unique_local, filters.ipv4, filters.ipv6),
]
on = st.integers(1, 4).map(filters.on)
of_addresses = st.one_of(
    st.sampled_from(ADDRESS_SETS),
    st.lists(networks(), min_size=1, max_size=4).map(lambda some: filters.within(*some)),
    on,
)
protocols = st.lists(st.sampled_from([0, 2, 186, 255, "kernel", "BGP"]), min_size=1, max_size=3).map(
    lambda some: filters.protocol(*some)
)
in_tables = st.lists(st.sampled_from([0, 253, "main", "local", 1000, 2**32 - 1]), min_size=1, max_size=2).map(
    lambda some: filters.in_table(*some)
)
flags = st.one_of(st.sampled_from([0, 1, 0x41, 2**31, "up", "LOWER_UP"]), st.integers(0, 2**32 - 1))
LEAVES: dict[Any, st.SearchStrategy[Predicate]] = {
    getifs.Interface: st.one_of(
        st.sampled_from([filters.up, filters.running, filters.lower_up]),
        st.sampled_from([filters.kind(""), filters.kind("eth"), filters.kind("é\udcff", "a")]),
        st.lists(flags, min_size=1, max_size=2).map(lambda some: filters.has_flags(*some)),
        st.lists(names.map(os.fsdecode), min_size=1, max_size=3).map(lambda some: filters.kind(*some)),
        st.lists(patterns, min_size=1, max_size=3).map(lambda some: filters.named(*some)),
        on,
    ),
    getifs.IfNet: st.one_of(of_addresses, st.sampled_from([filters.temporary, filters.deprecated, filters.tentative])),
    getifs.IfAddr: of_addresses,
    getifs.Route: st.one_of(
        of_addresses,
        protocols,
        st.sampled_from([filters.default_route, filters.has_gateway]),
        in_tables,
        addresses().map(lambda address: filters.covers(ipaddress.ip_address(address[1]))),
    ),
    getifs.Neighbour: st.one_of(of_addresses, on, st.just(filters.reachable)),
    getifs.NextHop: st.one_of(on, protocols, st.just(filters.has_gateway)),
    getifs.Rule: st.one_of(protocols, in_tables),
}


def combined(leaves: st.SearchStrategy[Predicate]) -> st.SearchStrategy[Predicate]:
    return st.recursive(
        leaves,
        lambda some: st.one_of(
            st.builds(operator.and_, some, some), st.builds(operator.or_, some, some), some.map(operator.invert)
        ),
        max_leaves=10,
    )


@every_kind
def test_random_predicates_over_random_records(kind: Any) -> None:
    @at_random
    @given(random_tables(kind), combined(LEAVES[kind]), combined(LEAVES[kind]))
    def run(table: Any, one: Predicate, other: Predicate) -> None:
        agree(table, one)
        agree(table[::-1], one)
        agree(table[1::2], one)
        agree(table.where(one), other)
        assert [whole(row) for row in table.where(one).where(other)] == agree(table, one & other)
        assert len(agree(table, one)) + len(agree(table, ~one)) == len(table)
        assert len(table.where(one | other)) + len(table.where(~one & ~other)) == len(table)
        assert agree(table, pickle.loads(pickle.dumps(one & ~other))) == agree(table, one & ~other)

    run()


@every_kind
def test_recorded_rows(kind: Any) -> None:
    @settings(at_random, max_examples=30)
    @given(combined(LEAVES[kind]))
    def run(predicate: Predicate) -> None:
        for table in tables(kind)[::5]:
            agree(table, predicate)

    run()


@pytest.mark.parametrize("kind", OF_ADDRESSES, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("predicate", ADDRESS_SETS, ids=repr)
def test_edges_of_all_blocks(kind: Any, predicate: Predicate) -> None:
    hosts = [(INET if size == 4 else INET6, address, 8 * size) for size, address in EDGES]
    table = table_of(kind, [address_fields(kind, *host) for host in hosts])
    found = agree(table, predicate)
    assert 0 < len(found) < len(table)
    objects = [ipaddress.ip_address(address) for _, address, _ in hosts]
    assert [predicate(one) for one in objects] == [whole(row) in found for row in table]


def routes_to(destinations: list[Any]) -> Any:
    return table_of(
        getifs.Route,
        [
            address_fields(getifs.Route, INET if one.version == 4 else INET6, one.network_address.packed, one.prefixlen)
            for one in destinations
        ],
    )


@often
@given(st.lists(networks(), min_size=1, max_size=5), addresses())
@example([ipaddress.ip_network("0.0.0.0/0")], (INET6, bytes(16)))
@example([ipaddress.ip_network("::/0")], (INET, bytes(4)))
def test_within_is_what_ipaddress_says(some: list[Any], address: tuple[int, bytes]) -> None:
    one = ipaddress.ip_address(address[1])
    expected = any(one in network for network in some if network.version == one.version)
    for kind in OF_ADDRESSES:
        assert bool(agree(table_of(kind, [address_fields(kind, *address, 128)]), filters.within(*some))) is expected
    assert filters.within(*some)(one) is expected
    assert filters.within(*some)(str(one)) is expected


@often
@given(networks(), networks())
def test_destination_is_a_subnet_as_ipaddress_says(network: Any, destination: Any) -> None:
    family = INET if destination.version == 4 else INET6
    fields = address_fields(getifs.Route, family, destination.network_address.packed, destination.prefixlen)
    expected = network.version == destination.version and destination.subnet_of(network)
    assert bool(agree(table_of(getifs.Route, [fields]), filters.within(network))) is expected


@often
@given(st.lists(networks(), min_size=1, max_size=5), addresses())
@example([ipaddress.ip_network("0.0.0.0/0")], (INET6, bytes(16)))
@example([ipaddress.ip_network("::/0")], (INET, bytes(4)))
def test_covers_is_what_ipaddress_says(destinations: list[Any], address: tuple[int, bytes]) -> None:
    one = ipaddress.ip_address(address[1])
    table = routes_to(destinations)
    expected = [row for row in table if one in row.destination]
    for given_ in (one, str(one)):
        assert agree(table, filters.covers(given_)) == [whole(row) for row in expected]


@pytest.mark.parametrize("text", ["85.170.85.170", "55aa:aa55:55aa:aa55:55aa:aa55:55aa:aa55"])
def test_covers_at_every_length(text: str) -> None:
    """Destinations of all lengths, each also with the last bit of its prefix changed."""
    address = ipaddress.ip_address(text)
    bits, number = address.max_prefixlen, int(address)
    kind: Any = type(ipaddress.ip_network(text))
    good = [kind((number >> (bits - length) << (bits - length), length)) for length in range(bits + 1)]
    bad = [kind((int(net.network_address) ^ 1 << (bits - net.prefixlen), net.prefixlen)) for net in good[1:]]
    found = agree(routes_to(good + bad), filters.covers(text))
    assert found == [whole(row) for row in routes_to(good)]


# Large predicates.


def far_networks(count: int) -> list[Any]:
    return [ipaddress.IPv4Network((0x0B000000 + number, 32)) for number in range(count)]


def hosts(*texts: str) -> Any:
    return table_of(
        getifs.IfNet, [address_fields(getifs.IfNet, INET, ipaddress.IPv4Address(text).packed, 32) for text in texts]
    )


def test_ten_thousand_networks() -> None:
    table = hosts("11.0.0.0", "11.0.39.15", "11.0.39.16", "10.255.255.255")
    predicate = filters.within(*far_networks(10_000))
    assert len(agree(table, predicate)) == 2
    assert len(agree(table, ~predicate & filters.ipv4)) == 2


@pytest.mark.parametrize("count", [60_000, 65_532, 65_533, 65_534, 65_535, 65_536, 70_000])
def test_too_large_for_a_program(count: int) -> None:
    """Positions in a program have 16 bits, and two values are reserved. Larger predicates run in Python."""
    table = hosts("11.0.0.0", "12.0.0.0", "11.0.0.0")
    many = Networks("many", [(INET, b"\x0c\1\1\1", 32)] * (count - 1) + [(INET, b"\x0b\0\0\0", 32)])
    compiled = program_for(many, getifs.IfNet) is not None
    assert compiled or count > 60_000
    assert not compiled or count < 65_535
    found = [whole(row) for row in table.where(many)]
    assert found == accepted(table, many) == [whole(table[0]), whole(table[2])]
    with pytest.raises(TypeError, match=r"many.*Interface"):
        links_named().where(many)


def test_long_chains() -> None:
    for kind in KINDS:
        table = tables(kind)[0]
        of, name = (filters.in_table, "table") if kind is getifs.Rule else (filters.on, "index")
        either = functools.reduce(operator.or_, [of(number) for number in range(1, 3000)])
        every = functools.reduce(operator.and_, [~of(number) for number in range(10_000, 12_000)])
        assert agree(table, either) == [whole(row) for row in table if 0 < getattr(row, name) < 3000]
        assert agree(table, every) == [whole(row) for row in table]


def test_deep_nesting() -> None:
    for kind in KINDS:
        table = tables(kind)[0]
        of: Any = filters.in_table if kind is getifs.Rule else filters.on
        predicate: Predicate = of(3)
        for number in range(60):
            predicate = ~(of(number + 1) & ~(of(number + 2) | predicate))
        agree(table, predicate)
        assert agree(table, functools.reduce(lambda inner, _: ~inner, range(200), predicate)) == agree(table, predicate)


# Execution in C or in Python.


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The interface index of each Interface object that is created."""
    indexes: list[int] = []
    make = getifs.Interface._rows.__func__  # type: ignore[attr-defined]

    def watched(cls: Any, divided: Any, block: Any) -> Any:
        for row in make(cls, divided, block):
            indexes.append(row.index)
            yield row

    monkeypatch.setattr(getifs.Interface, "_rows", classmethod(watched))
    return indexes


def test_no_row_is_made_of_what_c_rejects(made: list[int]) -> None:
    table = links_named(b"a", b"b", b"c", b"d")
    chosen = table.where(~filters.named("[bd]")).where(filters.on(3) | filters.on(4))
    assert len(chosen) == 1
    assert made == []
    assert [row.name for row in chosen] == ["c"]
    assert made == [3]


@pytest.mark.usefixtures("net")
def test_no_row_is_made_of_what_a_query_rejects(made: list[int]) -> None:
    assert not getifs.interfaces(where=filters.named("nothing"))
    assert made == []
    (lo,) = getifs.interfaces(where=filters.has_flags(getifs.Flags.LOOPBACK))
    assert made == [lo.index]


def test_function_sees_the_rows_that_are_left_and_no_others(made: list[int]) -> None:
    seen: list[str] = []

    def odd(row: getifs.Interface) -> int:
        seen.append(row.name)
        return row.index & 1

    table = links_named(b"a", b"b", b"c", b"d", b"e")
    assert [row.index for row in table.where(filters.named("[!a]")).where(odd)] == [3, 5]
    assert seen == ["b", "c", "d", "e"]
    assert 1 not in made
    seen.clear()
    assert [row.index for row in table.where(filters.named("[!a]") & odd)] == [3, 5]
    assert seen == ["b", "c", "d", "e"]
    assert [row.index for row in table.where(odd | filters.named("d"))] == [1, 3, 4, 5]
    assert [row.index for row in table.where(~(filters.named("[!a]") & odd))] == [1, 2, 4]


def test_errors_of_a_function_come_through() -> None:
    def broken(row: getifs.Interface) -> bool:
        raise LookupError(row.name)

    table = links_named(b"a")
    for where in (broken, filters.named("a") & broken, ~(broken | filters.up)):
        with pytest.raises(LookupError, match="a"):
            table.where(where)


# The kinds of rows that each predicate takes. "address" stands for the addresses of ipaddress.
ADDRESS = {"IfNet", "IfAddr", "Neighbour", "Route", "address"}
TAKES: dict[str, tuple[Predicate, set[str]]] = {
    **{repr(predicate): (predicate, ADDRESS) for predicate in ADDRESS_SETS},
    "within": (filters.within("10.0.0.0/8"), ADDRESS),
    **{name: (getattr(filters, name), {"IfNet"}) for name in ("temporary", "deprecated", "tentative")},
    **{name: (getattr(filters, name), {"Interface"}) for name in ("up", "running", "lower_up")},
    "has_flags": (filters.has_flags(1), {"Interface"}),
    "kind": (filters.kind("veth"), {"Interface"}),
    "named": (filters.named("*"), {"Interface"}),
    "reachable": (filters.reachable, {"Neighbour"}),
    "default_route": (filters.default_route, {"Route"}),
    "covers": (filters.covers("10.0.0.1"), {"Route"}),
    "in_table": (filters.in_table(254), {"Route", "Rule"}),
    "has_gateway": (filters.has_gateway, {"Route", "NextHop"}),
    "protocol": (filters.protocol(2), {"Route", "NextHop", "Rule"}),
    "on": (filters.on(1), {"Interface", "IfNet", "IfAddr", "Neighbour", "Route", "NextHop"}),
}
FOUR = ipaddress.ip_address("192.0.2.1")


def test_every_predicate_is_tried() -> None:
    assert {name for name in TAKES if not name.startswith("rfc.")} == set(filters.__all__)


@every_kind
@pytest.mark.parametrize("name", TAKES)
def test_other_kinds_of_rows_are_a_type_error(name: str, kind: Any) -> None:
    """Both when called and in `where()`, even on an empty table."""
    predicate, takes = TAKES[name]
    table = tables(kind)[0]
    if kind.__name__ in takes:
        agree(table, predicate)
        return
    text = rf"^{name}.*\b{kind.__name__}\b"
    with pytest.raises(TypeError, match=text):
        predicate(table[0])
    other = filters.in_table(1) if kind is getifs.Rule else filters.on(1)
    for where in (predicate, ~predicate, predicate & other, other | predicate, ~(other & ~(predicate | other))):
        for rows_ in (table, table[:0]):
            with pytest.raises(TypeError, match=text):
                rows_.where(where)
    for mixed in (predicate & bool, bool & predicate, bool | (other & predicate)):
        with pytest.raises(TypeError, match=text):
            table[:0].where(mixed)


@pytest.mark.parametrize("name", TAKES)
def test_other_things_are_a_type_error(name: str) -> None:
    predicate, takes = TAKES[name]
    if "address" in takes:
        assert predicate(FOUR) in (True, False)
        assert predicate(str(FOUR)) is predicate(FOUR)
        with pytest.raises(ValueError, match=r"address.*'10\.0\.0\.1/8'"):
            predicate("10.0.0.1/8")
    others = [None, 1, b"\x0a\0\0\1", ipaddress.ip_network("10.0.0.0/8")]
    for thing in others if "address" in takes else [*others, FOUR, "10.0.0.1"]:
        with pytest.raises(TypeError, match=rf"^{name}.*\b{type(thing).__name__}\b"):
            predicate(thing)


def test_wrong_kinds_are_found_before_anything_is_asked() -> None:
    closed = getifs.Session()
    closed.close()
    with pytest.raises(TypeError, match=r"ipv4.*Interface"):
        closed.interfaces(where=filters.ipv4)
    with pytest.raises(TypeError, match=r"up.*IfNet"):
        closed.addrs_by_interface(where=filters.up)
    with pytest.raises(ValueError, match="closed"):
        closed.interfaces(where=filters.up)


@pytest.mark.parametrize("where", [1, "up", [], {}])
def test_where_takes_callables_only(where: Any) -> None:
    with pytest.raises(TypeError, match=rf"predicate.*{type(where).__name__}"):
        tables(getifs.IfNet)[0].where(where)
