"""The commands of the command line, their options and examples, as data."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


class Option:
    """An option. If it takes no value, it stands for `const`.

    Args:
        flags: The short form, if it has one, and the long one.
        help: For people.
        metavar: The name of its value; without one it takes none.
        name: The name of the attribute that it sets: by default its long form.
        const: What it stands for.
        convert: Makes the value of a text; a `ValueError` says what the text is not.
        choices: The values that it takes.
        many: It can be given several times.
        default: Its value where it is not given.
    """

    __slots__ = ("choices", "const", "convert", "default", "flags", "help", "many", "metavar", "name")

    def __init__(
        self,
        *flags: str,
        help: str,
        metavar: str = "",
        name: str = "",
        const: object = True,
        convert: Callable[[str], Any] = str,
        choices: Sequence[object] = (),
        many: bool = False,
        default: object = None,
    ) -> None:
        self.flags, self.help, self.metavar, self.const, self.convert = flags, help, metavar, const, convert
        self.choices, self.many, self.default = choices, many, default
        self.name = name or flags[-1].lstrip("-").replace("-", "_")


class Command:
    """A command.

    Args:
        help: One line.
        options: Its own options; all commands have `COMMON` too.
        examples: Command lines without `getifs`, and what they do.
        about: What more there is to say about it.
        method: If it is a query for rows, the method of a `Session` that answers it.
        lines: The function of `text` that prints these rows.
        passes: The options that the method takes.
        named: The column that has the name of an interface, for colours.
        argument: The argument that it needs.
        words: The arguments that it takes, any number of them.
    """

    __slots__ = ("about", "argument", "examples", "help", "lines", "method", "named", "options", "passes", "words")

    def __init__(
        self,
        help: str,
        options: Sequence[Option] = (),
        examples: Sequence[tuple[str, str]] = (),
        *,
        about: str = "",
        method: str = "",
        lines: str = "",
        passes: Sequence[str] = (),
        named: int | None = None,
        argument: str = "",
        words: Sequence[str] = (),
    ) -> None:
        self.help, self.options, self.examples, self.about = help, options, examples, about
        self.method, self.lines, self.passes, self.named = method, lines, passes, named
        self.argument, self.words = argument, words


def _number(text: str) -> int:
    return int(text, 0)


def _table(text: str) -> int | str:
    return int(text) if text.isdecimal() else text


VERSION = Option("--version", help="print the version")
HELP = Option("-h", "--help", help="print this help")
COMMON = (
    HELP,
    Option("-j", "--json", help="print JSON, with the keys and values of ip -j -d"),
    Option(
        "--color",
        metavar="WHEN",
        choices=("auto", "always", "never"),
        default="auto",
        help="auto (on a terminal, unless NO_COLOR is set), always or never",
    ),
    Option("--netns", metavar="NAME|PATH", help="in this network namespace, as ip -n"),
    Option(
        "--timeout",
        metavar="S",
        convert=float,
        default=5.0,
        help="longest wait for the kernel in seconds (5)",
    ),
)
_FAMILY = (
    Option("--family", metavar="N", convert=int, choices=(4, 6), help="only IPv4 (4) or IPv6 (6)"),
    Option("-4", name="family", const=4, help="--family 4"),
    Option("-6", name="family", const=6, help="--family 6"),
)
_INTERFACE = Option("--interface", metavar="NAME|INDEX", help="only this interface")
_WHERE = Option(
    "--where",
    metavar="EXPR",
    many=True,
    help="only what a predicate of getifs.filters or getifs.rfc accepts; & is and, | is or, ~ is not; "
    "if given several times, all must accept",
)
_STATS = Option("--stats", help="include the counters")
_LINK_MODES = Option("--link-modes", help="include the speed in Mbit/s and the duplex mode")
_DETAILS = Option("--details", help="include the settings of their kinds")
_OUT = Option("--interface", metavar="NAME|INDEX", help="out of this interface")
_PACKET = (
    Option("--from", name="source", metavar="ADDRESS", help="with this source address"),
    Option("--mark", metavar="N", convert=_number, help="with this firewall mark"),
    Option("--uid", metavar="N", convert=_number, help="of a process of this user id"),
    Option("--tos", metavar="N", convert=_number, help="with this type of service"),
)
_TABLE = Option(
    "--table", metavar="N|NAME", convert=_table, help="this table (a number, main, local or default) instead of main"
)
_ROWS = (_INTERFACE, _WHERE)
_ADDRS = (*_FAMILY, *_ROWS)

OVERVIEW = Command(
    "every interface and its addresses",
    (VERSION, *_ADDRS),
    [
        ("", "every interface and its addresses"),
        ("--where 'private & ~on(\"lo\")'", "interfaces with private addresses"),
        ("routes --help", "what a command takes"),
    ],
    named=0,
)
COMMANDS = {
    "links": Command(
        "interfaces",
        (*_ROWS, _STATS, _LINK_MODES, _DETAILS),
        [
            ("links --where 'up & named(\"eth*\")'", "by state and name"),
            ("links --interface eth0 --stats --link-modes", "the counters and the speed of one interface"),
        ],
        method="interfaces",
        lines="links",
        passes=("stats", "link_modes", "details"),
        named=1,
    ),
    "addrs": Command(
        "unicast addresses",
        _ADDRS,
        [("addrs -6 --interface eth0", "of one interface"), ("addrs --where 'within(\"10.0.0.0/8\")'", "of a network")],
        method="interface_addrs",
        lines="addrs",
        passes=("family", "interface"),
        named=0,
    ),
    "local": Command(
        "addresses that are neither loopback nor link-local",
        _ADDRS,
        [("local -4", "the IPv4 ones")],
        method="local_addrs",
        lines="addrs",
        passes=("family",),
        named=0,
    ),
    "private": Command(
        "private addresses",
        _ADDRS,
        [("private --where rfc.RFC1918", "those of RFC 1918")],
        method="private_addrs",
        lines="addrs",
        passes=("family",),
        named=0,
    ),
    "public": Command(
        "public addresses",
        _ADDRS,
        [("public -6", "the IPv6 ones")],
        method="public_addrs",
        lines="addrs",
        passes=("family",),
        named=0,
    ),
    "best": Command(
        "local addresses of the interfaces of the best default routes",
        _ADDRS,
        [("best -4 --json", "as JSON")],
        method="best_local_addrs",
        lines="addrs",
        passes=("family",),
        named=0,
    ),
    "multicast": Command(
        "joined multicast groups",
        _ADDRS,
        [("multicast --interface eth0", "of one interface")],
        method="interface_multicast_addrs",
        lines="ifaddrs",
        passes=("family", "interface"),
        named=0,
    ),
    "gateways": Command(
        "gateways of all routes",
        _ADDRS,
        [("gateways -4", "of IPv4 routes")],
        method="gateway_addrs",
        lines="ifaddrs",
        passes=("family",),
        named=0,
    ),
    "routes": Command(
        "routes, one line for each hop",
        (*_ADDRS, _TABLE, Option("--all", help="the routes of all tables")),
        [
            ("routes -4", "as ip route prints them"),
            ("routes --table local --interface eth0", "of another table"),
            ("routes --where 'covers(\"192.0.2.7\")'", "those whose destination contains an address"),
        ],
        about="Without --table and --all: table main. Routes of all types are shown, such as blackholes.",
        method="route_table",
        lines="routes",
        passes=("family", "table", "all"),
    ),
    "defaults": Command(
        "the best default routes",
        _ADDRS,
        [("defaults -6", "the IPv6 ones")],
        method="default_routes",
        lines="routes",
        passes=("family",),
    ),
    "neighbours": Command(
        "neighbours",
        (*_ADDRS, Option("--all", help="include proxy entries and those that need no resolution")),
        [("neighbours --interface eth0 --where reachable", "who answers on an interface")],
        method="neighbours",
        lines="neighbours",
        passes=("family", "interface", "all"),
    ),
    "nexthops": Command(
        "next-hop objects",
        _ROWS,
        [("nexthops --where has_gateway", "those with a gateway")],
        method="nexthops",
        lines="nexthops",
    ),
    "rules": Command(
        "policy rules",
        _ADDRS,
        [("rules -4", "as ip rule prints them")],
        method="rules",
        lines="rules",
        passes=("family",),
    ),
    "get": Command(
        "the route that the kernel uses for one destination",
        (_OUT, *_PACKET),
        [("get 192.0.2.7", "policy rules included"), ("get 2001:db8::7 --from 2001:db8::2 --mark 0x10", "of a packet")],
        passes=("source", "interface", "mark", "uid", "tos"),
        argument="ADDRESS",
    ),
    "tree": Command(
        "what is stacked on what, with addresses and default routes",
        _FAMILY,
        [("tree -4", "with IPv4 addresses and default routes"), ("tree --json", "as a nested tree")],
        about="Ports are below their bridge or bond, a VLAN and the like below the interface that it is on.",
    ),
    "name": Command("name of an interface", examples=[("name 2", "of the one with index 2")], argument="INDEX"),
    "index": Command("index of an interface", examples=[("index eth0", "alternative names too")], argument="NAME"),
    "iface": Command(
        "its index, and its first IPv4 address that is not link-local",
        examples=[("iface eth0", "for multicast socket options")],
        argument="NAME",
    ),
    "mtu": Command(
        "MTU of the interface that owns an address",
        examples=[("mtu 192.0.2.2", "of the interface with that address")],
        argument="ADDRESS",
    ),
    "watch": Command(
        "changes, one line each, until interrupted",
        (
            *_ADDRS,
            Option("--all", help="routes of all types, tables, sources and types of service"),
            Option("--initial", help="begin with what exists"),
            Option("--settle", metavar="S", convert=float, help="wait until nothing changed for so many seconds"),
        ),
        [
            ("watch", "links, addresses and routes"),
            ("watch addrs --initial -6", "begin with the addresses that exist"),
            ("watch routes --json | jq .event", "an object on each line"),
        ],
        words=("links", "addrs", "routes", "nexthops", "neighbours", "rules"),
    ),
}
# The words of `ip`.
ALIASES = {
    "link": "links",
    "addr": "addrs",
    "address": "addrs",
    "maddr": "multicast",
    "route": "routes",
    "neigh": "neighbours",
    "neighbour": "neighbours",
    "nexthop": "nexthops",
    "rule": "rules",
}
EXIT_STATUS = (
    (0, "all is well"),
    (1, "the kernel refused the query, or what was asked for does not exist"),
    (2, "the command line is wrong"),
    (130, "ended by SIGINT, as a shell reports it"),
    (141, "nobody reads the output any more"),
)
ENVIRONMENT = (
    ("NO_COLOR", "if it is set, and not empty, --color=auto means no colours"),
    ("COLUMNS", "the width to which lines are wrapped, if not that of the terminal"),
)


def command(name: str | None) -> Command:
    """The command with that name; without a name, what is printed without a command."""
    return OVERVIEW if name is None else COMMANDS[name]


def options(one: Command) -> list[Option]:
    """All options of a command."""
    return [*one.options, *COMMON]


# Every option of any command. A flag takes a value everywhere or nowhere.
FLAGS = {flag: option for one in (OVERVIEW, *COMMANDS.values()) for option in options(one) for flag in option.flags}
