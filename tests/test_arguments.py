"""Wrong arguments of all public functions raise an error that names the argument, before any system call."""

import errno
import inspect
import ipaddress
import os
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from descriptors import no_descriptors

import getifs
from getifs import filters, probe, replay, rfc

BAD_INDEXES: list[object] = [0, -1, 2**31, 2**64]
NO_INDEXES: list[object] = ["1", 1.0, None, b"1", [1]]
BAD_NAMES: list[object] = ["", "x" * 128, "é" * 64, "a\0b", "a/b", "/"]
NO_NAMES: list[object] = [1, None, 1.5, ["lo"]]
BAD_INTERFACES = BAD_INDEXES + BAD_NAMES
NO_INTERFACES: list[object] = [1.0, [1], object(), {"index": 1}]
BAD_ADDRESSES: list[object] = ["", "x", "192.0.2", "192.0.2.1/24", "192.0.2.256", "2001:db8:::1", "192.0.2.1\0"]
NO_ADDRESSES: list[object] = [None, 1, 3221225985, b"\xc0\0\2\1", ipaddress.ip_network("192.0.2.1/32"), 1.5]
NO_NUMBERS: list[object] = ["1", 1.0, True, [1], b"1"]
NO_BOOLS: list[object] = [0, 1, None, "yes", [True]]

# For each argument: values of a wrong type, and invalid values of a right type.
ARGUMENTS: dict[str, tuple[list[object], list[object]]] = {
    "index": (NO_INDEXES, BAD_INDEXES),
    "name": (NO_NAMES, BAD_NAMES),
    "family": (["4", "inet", 4.0, [4]], [0, 1, 3, 5, -4, 46, 2**40]),
    "interface": (NO_INTERFACES, BAD_INTERFACES),
    "where": ([5, "up", [], ipaddress.ip_network("10.0.0.0/8")], []),
    "timeout": (["5", [5], b"5"], [0, -1, -0.5, float("nan")]),
    "interfaces": ([5, "up", []], []),
    "table": ([254.0, [254], b"main", True], [-1, 0, 2**32, "nonsense", "254"]),
    "address": (NO_ADDRESSES, BAD_ADDRESSES),
    "neighbours": (NO_BOOLS, []),
    "all_routes": (NO_BOOLS, []),
    "rules": (NO_BOOLS, []),
    "destination": (NO_ADDRESSES, [*BAD_ADDRESSES, "fe80::1", "ff02::1"]),
    "source": (NO_ADDRESSES[1:], [*BAD_ADDRESSES, "::1"]),
    "mark": (NO_NUMBERS, [-1, 2**32]),
    "uid": (NO_NUMBERS, [-1, 2**32 - 1]),
    "tos": (NO_NUMBERS, [-1, 256]),
    "link_modes": (NO_BOOLS, []),
    "details": (NO_BOOLS, []),
}
QUERIES = {
    "interfaces": ["where", "link_modes", "details", "timeout"],
    "interface_by_index": ["index", "link_modes", "details", "timeout"],
    "interface_by_name": ["name", "link_modes", "details", "timeout"],
    "interface_addrs": ["family", "interface", "where", "timeout"],
    "addrs_by_interface": ["family", "where", "interfaces", "timeout"],
    "local_addrs": ["family", "where", "timeout"],
    "default_routes": ["family", "timeout"],
    "best_local_addrs": ["family", "where", "timeout"],
    "private_addrs": ["family", "where", "timeout"],
    "public_addrs": ["family", "where", "timeout"],
    "interface_multicast_addrs": ["family", "interface", "where", "timeout"],
    "gateway_addrs": ["family", "where", "timeout"],
    "route_table": ["family", "where", "table", "timeout"],
    "neighbours": ["family", "interface", "where", "timeout"],
    "nexthops": ["where", "timeout"],
    "rules": ["family", "where", "timeout"],
    "route_to": ["destination", "source", "interface", "mark", "uid", "tos", "timeout"],
    "snapshot": ["neighbours", "all_routes", "rules", "timeout"],
    "ip_mtu": ["address", "timeout"],
    "ifnames": ["timeout"],
    "ifindex_to_name": ["index", "timeout"],
    "ifname_to_index": ["name", "timeout"],
    "ifname_to_iface": ["name", "timeout"],
}
# Valid values of required arguments.
NEEDED = {"index": 1, "name": "lo", "address": "127.0.0.1", "destination": "127.0.0.1"}


def _cases() -> Iterator[object]:
    for query, arguments in QUERIES.items():
        for argument in arguments:
            for error, values in zip((TypeError, ValueError), ARGUMENTS[argument], strict=True):
                for number, value in enumerate(values):
                    name = f"{query}-{argument}-{error.__name__}-{number}"
                    yield pytest.param(query, argument, value, error, id=name)


@pytest.fixture(scope="module", autouse=True)
def _imported() -> None:
    """Imports all lazily imported modules, since imports fail inside no_descriptors()."""
    filters.kind("veth")
    for query, arguments in QUERIES.items():
        needed = {name: NEEDED[name] for name in arguments if name in NEEDED}
        getattr(getifs, query)(**needed)


def call(api: object, query: str, argument: str, value: object) -> object:
    given = {name: good for name, good in NEEDED.items() if name in QUERIES[query]} | {argument: value}
    return getattr(api, query)(**given)


@pytest.mark.parametrize(("query", "argument", "value", "error"), list(_cases()))
def test_wrong_arguments(query: str, argument: str, value: object, error: type[Exception]) -> None:
    with getifs.Session() as session:
        for api in (getifs, session):
            # The names of tables are looked up in files.
            limit = nullcontext() if argument == "table" and isinstance(value, str) else no_descriptors()
            with pytest.raises(error, match=rf"\b{argument}\b"), limit:
                call(api, query, argument, value)


@pytest.mark.parametrize("query", QUERIES)
def test_right_arguments_do_reach_the_kernel(query: str) -> None:
    """The queries of the test above would fail with EMFILE if they made a system call."""
    with pytest.raises(OSError, match=os.strerror(errno.EMFILE)) as caught, no_descriptors():
        call(getifs, query, "timeout", 5)
    assert caught.value.errno == errno.EMFILE


@pytest.mark.parametrize("query", QUERIES)
def test_every_argument_is_tried(query: str) -> None:
    names = set(inspect.signature(getattr(getifs, query)).parameters)
    assert names - {"stats", "all"} == set(QUERIES[query])
    with pytest.raises(TypeError, match="unknown_argument"):
        call(getifs, query, "unknown_argument", 1)


def test_every_query_is_tried() -> None:
    functions = {name for name in getifs.__all__ if inspect.isroutine(getattr(getifs, name))}
    assert functions == {*QUERIES, "watch"}


@pytest.mark.parametrize("query", [name for name, arguments in QUERIES.items() if arguments[0] not in NEEDED])
def test_arguments_of_queries_have_names(query: str) -> None:
    with pytest.raises(TypeError, match="positional"):
        getattr(getifs, query)(None)


# The same of a namespace, for Session() and watch().
NETNS: tuple[list[object], list[object]] = (
    [1.5, b"blue", (), True],
    ["", ".", "..", "a\0b", "/run/netns/a\0b", Path("a\0b"), "\ud800", 0, -1, 2**31],
)
# The same of watch(). Any string but "all" is a wrong type of `routes`.
WATCH: dict[str, tuple[list[object], list[object]]] = {
    "links": (NO_BOOLS, []),
    "addrs": (NO_BOOLS, []),
    "routes": ([*NO_BOOLS, "some", ""], []),
    "nexthops": (NO_BOOLS, []),
    "neighbours": (NO_BOOLS, []),
    "rules": (NO_BOOLS, []),
    "family": ARGUMENTS["family"],
    "where": ARGUMENTS["where"],
    "initial": (NO_BOOLS, []),
    "netns": NETNS,
    "settle": (["1", [1], None, True], [-1, -0.5, float("nan")]),
    "timeout": ARGUMENTS["timeout"],
    "receive_buffer": (["1", 1.5, None, True], [0, -1, 2**31]),
}


def _watch_cases() -> Iterator[object]:
    for argument, wrong in WATCH.items():
        for error, values in zip((TypeError, ValueError), wrong, strict=True):
            for number, value in enumerate(values):
                yield pytest.param({argument: value}, error, argument, id=f"{argument}-{error.__name__}-{number}")
    nothing = {"links": False, "addrs": False}
    yield pytest.param(nothing, ValueError, "links, addrs, routes, nexthops, neighbours and rules", id="nothing")
    yield pytest.param({**nothing, "initial": True}, ValueError, "links", id="nothing but initial")
    # Predicates that do not take all rows that are followed.
    yield pytest.param({"where": filters.private}, TypeError, "Interface", id="where of addresses")
    yield pytest.param({"where": filters.up}, TypeError, "IfNet", id="where of links")
    yield pytest.param(
        {**nothing, "routes": True, "neighbours": True, "where": filters.has_gateway},
        TypeError,
        "Neighbour",
        id="where",
    )


@pytest.mark.parametrize(("arguments", "error", "text"), list(_watch_cases()))
def test_wrong_arguments_of_watch(arguments: dict[str, Any], error: type[Exception], text: str) -> None:
    with pytest.raises(OSError, match="No such file"):
        getifs.watch(netns="/nonsense")  # imports what it needs
    with pytest.raises(error, match=rf"\b{text}\b"), no_descriptors():
        getifs.watch(**arguments)


RIGHT: list[dict[str, Any]] = [
    {},
    {"settle": 10**400},
    {"routes": "all", "addrs": False},
    {"family": 6, "settle": 0, "timeout": 1, "receive_buffer": 1, "initial": True},
]


@pytest.mark.parametrize("arguments", RIGHT)
def test_right_arguments_of_watch_do_reach_the_kernel(arguments: dict[str, Any]) -> None:
    getifs.watch().close()
    with pytest.raises(OSError, match=os.strerror(errno.EMFILE)), no_descriptors():
        getifs.watch(**arguments)


def test_every_argument_of_watch_is_tried() -> None:
    assert set(inspect.signature(getifs.watch).parameters) == set(WATCH)
    with pytest.raises(TypeError, match="unknown_argument"):
        getifs.watch(unknown_argument=1)
    with pytest.raises(TypeError, match="positional"):
        getifs.watch(True)


@pytest.mark.parametrize("error", [TypeError, ValueError])
def test_wrong_namespaces_of_a_session(error: type[Exception]) -> None:
    with pytest.raises(OSError, match="No such file"):
        getifs.Session(netns="/nonsense")  # imports what it needs
    for netns in NETNS[error is ValueError]:
        with pytest.raises(error, match=r"\bnetns\b"), no_descriptors():
            getifs.Session(netns=netns)


OTHERS: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "Session timeout kind": (lambda: getifs.Session(timeout="5"), TypeError, "timeout"),
    "Session timeout": (lambda: getifs.Session(timeout=-1), ValueError, "timeout"),
    "ip_mtu scope id": (lambda: getifs.ip_mtu(f"fe80::1%{'1' * 5000}"), ValueError, "address"),
    "ip_mtu scope id of zeros": (lambda: getifs.ip_mtu("fe80::1%0"), ValueError, "address"),
    "route_to scope id": (lambda: getifs.route_to(f"fe80::1%{'1' * 5000}"), ValueError, "destination"),
    "route_to scope id of zeros": (lambda: getifs.route_to("fe80::1%00"), ValueError, "destination"),
    "MacAddr half a byte": (lambda: getifs.MacAddr("02:0"), ValueError, "hardware address"),
    "MacAddr no digit": (lambda: getifs.MacAddr("02:00:5e:10:00:0g"), ValueError, "hardware address"),
    "MacAddr nothing": (lambda: getifs.MacAddr(b""), ValueError, "value"),
    "MacAddr of a number": (lambda: getifs.MacAddr(5), TypeError, "value"),
    "MacAddr of None": (lambda: getifs.MacAddr(None), TypeError, "value"),
    "on 0": (lambda: filters.on(0), ValueError, "interface"),
    "on nothing": (lambda: filters.on(""), ValueError, "interface"),
    "on kind": (lambda: filters.on(1.5), TypeError, "interface"),
    "in_table": (lambda: filters.in_table(-1), ValueError, "table"),
    "in_table kind": (lambda: filters.in_table(1.5), TypeError, "table"),
    "kind": (lambda: filters.kind(5), TypeError, "name"),
    "named": (lambda: filters.named(5), TypeError, "pattern"),
    "within": (lambda: filters.within("x"), ValueError, "network"),
    "within kind": (lambda: filters.within(5.5), TypeError, "network"),
    "covers": (lambda: filters.covers("nonsense"), ValueError, "address"),
    "covers kind": (lambda: filters.covers(5), TypeError, "address"),
    "has_flags": (lambda: filters.has_flags("nonsense"), ValueError, "flags"),
    "has_flags kind": (lambda: filters.has_flags(1.5), TypeError, "flags"),
    "protocol number": (lambda: filters.protocol(256), ValueError, "protocol"),
    "protocol kind": (lambda: filters.protocol(1.5), TypeError, "protocol"),
    "rfc.get kind": (lambda: rfc.get("1918"), TypeError, "number"),
    "replay.interfaces": (lambda: replay.interfaces("text"), TypeError, "data"),
    "replay.addrs": (lambda: replay.addrs(None), TypeError, "data"),
    "replay.routes": (lambda: replay.routes(5), TypeError, "data"),
    "replay.routes nexthops": (lambda: replay.routes(b"", nexthops="text"), TypeError, "nexthops"),
    "replay.gateways": (lambda: replay.gateways(b"", nexthops=5), TypeError, "nexthops"),
    "replay.best_interfaces": (lambda: replay.best_interfaces(5), TypeError, "data"),
    "replay.best_interfaces nexthops": (lambda: replay.best_interfaces(b"", nexthops=5), TypeError, "nexthops"),
    "probe": (lambda: probe.ipv4(1), TypeError, "argument"),
}


@pytest.mark.parametrize("case", OTHERS)
def test_wrong_arguments_of_the_rest(case: str) -> None:
    call, error, argument = OTHERS[case]
    with pytest.raises(error, match=argument), no_descriptors():
        call()


@pytest.mark.parametrize(("predicate", "argument"), [(filters.in_table, "table"), (filters.protocol, "protocol")])
def test_names_in_no_file(predicate: Callable[[str], object], argument: str) -> None:
    with pytest.raises(ValueError, match=argument):
        predicate("nonsense")
    with pytest.raises(OSError, match=os.strerror(errno.EMFILE)), no_descriptors():
        predicate("nonsense")
