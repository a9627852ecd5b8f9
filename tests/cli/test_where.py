"""`--where`: what its expressions choose, and what they may not be."""

import pytest
from command import LONG_ADDR, LONG_NAME, Output, complaint, objects
from hypothesis import given
from hypothesis import strategies as st
from netns import Namespace

import getifs
from getifs import Flags, RouteProtocol, filters, rfc
from getifs._cli import where
from getifs._cli.commands import COMMANDS
from getifs._predicates.tree import Predicate


@pytest.mark.parametrize(
    ("query", "text", "predicate"),
    [
        ("addrs", "private", filters.private),
        ("addrs", 'within("10.0.0.0/8") | rfc.RFC3927', filters.within("10.0.0.0/8") | rfc.RFC3927),
        ("addrs", ' within("10.0.0.0/8", "2001:db8::/32")', filters.within("10.0.0.0/8", "2001:db8::/32")),
        ("addrs", "deprecated & (ipv6 | loopback)", filters.deprecated),
        ("links", 'up & named("v[0-9]")', filters.up & filters.named("v?")),
        ("links", "has_flags(Flags.UP | Flags.BROADCAST)", filters.has_flags(Flags.UP | Flags.BROADCAST)),
        ("links", "~has_flags(Flags.UP)", ~filters.up),
        ("links", r'up & ~named("\d")', filters.up),
        ("links", "has_flags(8)", filters.has_flags(Flags.LOOPBACK)),
        ("links", 'has_flags("up", "BROADCAST")', filters.has_flags(Flags.UP | Flags.BROADCAST)),
        ("links", 'kind("bridge")', filters.kind("bridge")),
        ("routes", "default_route", filters.default_route),
        (
            "routes",
            "has_gateway & ~default_route & protocol(RouteProtocol.BOOT)",
            filters.has_gateway & ~filters.default_route,
        ),
        ("routes", "in_table(255) & ipv6", filters.in_table(255) & filters.ipv6),
        ("routes", 'in_table("main")', filters.in_table(254)),
        ("routes", 'covers("127.0.0.1")', filters.covers("127.0.0.1")),
        ("nexthops", "~has_gateway", ~filters.has_gateway),
    ],
)
def test_where(network: Namespace, capsysbinary: Output, query: str, text: str, predicate: Predicate) -> None:
    chosen = objects(capsysbinary, query, *(["--all"] if query == "routes" else []), "--where", text)
    rows = getifs.route_table(all=True) if query == "routes" else getattr(getifs, COMMANDS[query].method)()
    assert 0 < len(chosen) < len(rows)
    assert chosen == rows.where(predicate).to_dicts(network.names())


def test_where_on(network: Namespace, capsysbinary: Output) -> None:
    v0 = network.index("v0")
    for name in ("v0", "uplink"):
        chosen = objects(capsysbinary, "addrs", "--where", f'~on("{name}")')
        assert {row["ifname"] for row in chosen} == {"lo", LONG_NAME}
        assert chosen == objects(capsysbinary, "addrs", "--where", f"~on({v0})")
    assert objects(capsysbinary, "addrs", "--where", 'private & ~on("v0")') == []


def test_b25_where_narrows(network: Namespace, capsysbinary: Output) -> None:
    """B25; several `--where` must all accept."""
    assert objects(capsysbinary, "private", "--where", "loopback | public") == []
    where = ("--where", 'within("10.0.0.0/8")', "--where", '~within("10.0.0.0/16")')
    assert [row["local"] for row in objects(capsysbinary, "private", *where)] == ["10.5.5.1"]


def test_where_of_the_table_of_interfaces(network: Namespace, capsysbinary: Output) -> None:
    """Of interfaces or of addresses; certain addresses alone show the interfaces that have one."""

    def found(*arguments: str) -> dict[str, list[str]]:
        rows = objects(capsysbinary, *arguments)
        return {row["ifname"]: [addr["local"] for addr in row["addr_info"]] for row in rows}

    everything = found()
    assert everything["br0"] == []
    assert found("--where", 'named("?r0")') == {"br0": []}
    assert found("--where", "private", "-4") == {"v0": ["10.0.0.1", "10.5.5.1"]}
    assert found("-6") == {"lo": ["::1"], "v0": everything["v0"][-2:], LONG_NAME: [LONG_ADDR]}
    assert found("--where", 'on("v0")') == found("--interface", "v0") == {"v0": everything["v0"]}
    assert found("--where", "~up") == {"br0": [], "w1": []}
    assert found("--where", "up", "--where", 'within("127.0.0.0/8", "2001:db8::/32")') == {
        "lo": ["127.0.0.1"],
        "v0": ["2001:db8::1"],
        LONG_NAME: [LONG_ADDR],
    }


PREDICATES = [getattr(filters, name) for name in filters.__all__ if isinstance(getattr(filters, name), Predicate)]
SETS = [value for value in vars(rfc).values() if isinstance(value, rfc.AddressSet)]
ADDRESSES = st.ip_addresses().map(str)
EXPRESSIONS = st.recursive(
    st.sampled_from([*PREDICATES, *SETS])
    | st.builds(filters.named, st.text(max_size=9))
    | st.builds(filters.kind, st.text(max_size=9))
    | st.builds(filters.in_table, st.integers(0, 2**32 - 1))
    | st.builds(filters.protocol, st.sampled_from(["kernel", RouteProtocol.STATIC, 99]))
    | st.builds(filters.has_flags, st.integers(0, 2**32 - 1).map(Flags))
    | st.builds(filters.on, st.integers(1, 2**31 - 1))
    | st.builds(filters.within, ADDRESSES, ADDRESSES)
    | st.builds(filters.covers, ADDRESSES),
    lambda inner: (
        st.builds(lambda a, b: a & b, inner, inner)
        | st.builds(lambda a, b: a | b, inner, inner)
        | st.builds(lambda a: ~a, inner)
    ),
    max_leaves=9,
)


@given(EXPRESSIONS)
def test_where_reads_what_predicates_print(predicate: Predicate) -> None:
    assert repr(where.parse(repr(predicate), getifs.ifname_to_index)) == repr(predicate)


def test_where_of_bytes_that_are_not_utf_8(net: Namespace, capsysbinary: Output) -> None:
    net.ip("link add \udcff\udc01 type veth peer name v1".replace("\udc01", "é"))
    for text in ('named("\udcff*")', 'on("\udcffé")'):
        assert [link["ifname"] for link in objects(capsysbinary, "links", "--where", text)] == ["\udcffé"]


BAD_EXPRESSIONS = [
    "",
    "up &",
    "(up",
    "nonsense",
    '__import__("os")',
    '__import__("os").system("true")',
    "up.__class__",
    "up.__class__.__mro__[1].__subclasses__()",
    "().__class__",
    "rfc.__builtins__",
    "rfc.Networks",
    "rfc.get(1918)",
    "rfc.RFC1",
    "rfc",
    "filters.up",
    "Flags.UP",
    "~Flags.UP",
    "has_flags(Flags.NOPE)",
    "has_flags(Flags.UP & Flags.BROADCAST)",
    'has_flags(Flags.UP | "UP")',
    "has_flags(Flags.__members__)",
    "protocol(RouteProtocol.__class__)",
    "has_flags(up)",
    "has_flags(Flags)",
    'has_flags("UPP")',
    "has_flags()",
    "within",
    "within()",
    "up & within",
    'within("10.0.0.1/8")',
    'within("x")',
    'within(*["10.0.0.0/8"])',
    'within(network="10.0.0.0/8")',
    'within(f"{1}")',
    'within("a" + "b")',
    'within(open("/etc/passwd"))',
    "up(1)",
    "up()",
    'on("")',
    "on(0)",
    "on(-1)",
    "on(1.5)",
    "on(None)",
    'on(b"lo")',
    "on(1)(2)",
    "on(1, 2)",
    "on(1, index=2)",
    "in_table(x)",
    'protocol("nope")',
    "up and running",
    "not up",
    "up if up else up",
    "up ^ up",
    "up + up",
    "up == up",
    "lambda row: True",
    "[up][0]",
    "(up, up)",
    "(x := up)",
    "5",
    '"up"',
    "up; up",
    "up\nup",
    "up\0",
    "print(1)",
    "~" * 100_000 + "up",
    " | ".join(["up"] * 10_000),
    "(" * 500 + "up" + ")" * 500,
]


@pytest.mark.parametrize("text", BAD_EXPRESSIONS, ids=lambda text: repr(text[:40]))
def test_where_refuses_all_else(net: Namespace, capsysbinary: Output, text: str) -> None:
    status, line = complaint(capsysbinary, "links", "--where", text)
    assert (status, line[:9]) == (2, "--where: ")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["links", "--where", "up()"], "up takes no argument"),
        (["links", "--where", "kind"], "kind needs an argument"),
        (["links", "--where", "down"], "no predicate is called down; there are benchmark, "),
        (["links", "--where", "up and running"], "combined with &, not with 'and': up & running"),
        (["links", "--where", "1or up"], "combined with |, not with 'or': 1 | up"),  # Python warns of it
        (["links", "--where", r"named('\.') and up"], "combined with &, not with 'and'"),  # likewise
        (["links", "--where", "kind(up)"], "not an argument of a predicate: up"),
        (["links", "--where", "up &"], "invalid syntax"),
        (["addrs", "--where", "up"], "up takes rows of Interface, not IfNet"),
        (["links", "--where", "private"], "takes rows that have an address"),
        (["routes", "--where", 'kind("veth")'], "takes rows of Interface, not Route"),
        (["--where", "up & private"], "up takes rows of Interface, not IfNet"),
        (["--where", "default_route"], "default_route takes rows of Route, not IfNet"),
    ],
)
def test_where_says_what_is_wrong(net: Namespace, capsysbinary: Output, arguments: list[str], text: str) -> None:
    status, line = complaint(capsysbinary, *arguments)
    assert status == 2
    assert text in line
