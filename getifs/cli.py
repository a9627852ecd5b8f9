"""The command line: `getifs` and `python -m getifs`."""

from __future__ import annotations

import argparse
import ast
import os
import sys
import warnings
from typing import NamedTuple, NoReturn

from . import __version__, _print, filters, rfc
from .enums import Flags
from .interface import Interface
from .names import no_such_interface
from .predicate import Predicate, program_for
from .session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from .address import IfNet

_DIED_OF_SIGPIPE = 141  # what a shell says of other commands whose reader has gone
_DIED_OF_SIGINT = 130


class _UsageError(Exception):
    """What the user typed makes no sense."""


class _Query(NamedTuple):
    """A query that gives rows. `takes` names its options beside `--interface` and `--where`, which all have."""

    help: str
    method: str
    lines: Callable[..., Iterable[str]]
    takes: tuple[str, ...] = ("family",)


class _Lookup(NamedTuple):
    """A query of one thing, which gives one object."""

    help: str
    argument: str
    ask: Callable[[Session, str], dict[str, Any]]


def _index(text: str) -> int:
    if not text.isdecimal():
        raise _UsageError(f"INDEX must be a number, not {text!r}")
    return int(text)


def _iface(session: Session, name: str) -> dict[str, Any]:
    address, index = session.ifname_to_iface(name)
    return {"ifindex": index, **({} if address is None else {"local": str(address)})}


_QUERIES = {
    "links": _Query("interfaces", "interfaces", _print.links, ("stats",)),
    "addrs": _Query("unicast addresses", "interface_addrs", _print.addrs),
    "local": _Query("those that are neither loopback nor link-local", "local_addrs", _print.addrs),
    "private": _Query("those that are private", "private_addrs", _print.addrs),
    "public": _Query("those that are public", "public_addrs", _print.addrs),
    "best": _Query("local ones of the interfaces that `defaults` leave through", "best_local_addrs", _print.addrs),
    "multicast": _Query("multicast groups joined", "interface_multicast_addrs", _print.ifaddrs),
    "gateways": _Query("every gateway of the routing tables", "gateway_addrs", _print.ifaddrs),
    "routes": _Query("routes, a line for each hop", "route_table", _print.routes, ("family", "table", "all")),
    "defaults": _Query("the best default routes", "default_routes", _print.routes),
    "nexthops": _Query("next-hop objects", "nexthops", _print.nexthops, ()),
}
_LOOKUPS = {
    "name": _Lookup("name of an interface", "INDEX", lambda on, text: {"ifname": on.ifindex_to_name(_index(text))}),
    "index": _Lookup("index of an interface", "NAME", lambda on, text: {"ifindex": on.ifname_to_index(text)}),
    "iface": _Lookup("its index and first IPv4 address that is not link-local", "NAME", _iface),
    "mtu": _Lookup("MTU of the interface that owns an address", "ADDRESS", lambda on, text: {"mtu": on.ip_mtu(text)}),
}
# Words of `ip`.
_ALIASES = {
    "link": "links",
    "addr": "addrs",
    "address": "addrs",
    "maddr": "multicast",
    "route": "routes",
    "nexthop": "nexthops",
}
_OVERVIEW_TAKES = ("family", "interface", "where")
_TABLES = {"default": 253, "main": 254, "local": 255}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _UsageError(message)


def _table(text: str) -> int:
    if text not in _TABLES and not text.isdecimal():
        raise argparse.ArgumentTypeError(f"neither a number nor one of {', '.join(_TABLES)}: {text!r}")
    return _TABLES.get(text) or int(text)


def _parser() -> _Parser:
    lookups = {f"{name} {lookup.argument}": lookup for name, lookup in _LOOKUPS.items()}
    parser = _Parser(
        prog="getifs",
        usage="getifs [OPTION ...] [QUERY]",
        description="What the kernel knows of this machine's network; without QUERY every interface and its addresses.",
        epilog="queries:\n"
        + "".join(f"  {name:<20}  {query.help}\n" for name, query in {**_QUERIES, **lookups}.items())
        + f"\nAlso, as ip says it: {', '.join(_ALIASES)}.\n"
        "Exit status: 0, 1 if the query failed, 2 if the command makes no sense.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
        allow_abbrev=False,
    )
    parser.add_argument("query", nargs="?", help=argparse.SUPPRESS)
    parser.add_argument("argument", nargs="?", help=argparse.SUPPRESS)
    add = parser.add_argument
    add("-h", "--help", action="store_true", help="print this")
    add("--version", action="store_true", help="print the version")
    add("--json", action="store_true", help="print JSON, with the keys and values of ip -j -d")
    add("--family", type=int, choices=(4, 6), help="IPv4 or IPv6 only")
    add("-4", dest="family", action="store_const", const=4, help="--family 4")
    add("-6", dest="family", action="store_const", const=6, help="--family 6")
    add("--interface", metavar="NAME|INDEX", help="this interface only")
    add(
        "--where",
        metavar="EXPR",
        action="append",
        help="only what a predicate of getifs.filters or getifs.rfc accepts, such as 'private & ~on(\"eth0\")', "
        "'up & named(\"eth*\")', 'rfc.RFC1918 | has_flags(Flags.UP)'; given again, each must accept",
    )
    add("--stats", action="store_true", help="links: with their counters")
    add("--table", type=_table, metavar="N|NAME", help="routes: those of this table (main, local, default)")
    add("--all", action="store_true", help="routes: all types, tables, sources and types of service")
    add("--timeout", type=float, default=5.0, metavar="S", help="seconds without an answer until it fails (5)")
    return parser


def _where(text: str) -> Predicate:
    """The predicate of an expression, which is read but never evaluated as Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of backslashes in its strings
            # A name's bytes that are not UTF-8 are no Python source, but their escapes are.
            tree = ast.parse(text.strip().encode(errors="backslashreplace").decode(), mode="eval")
        return _predicate(tree.body)
    except SyntaxError as error:
        raise _UsageError(f"--where: {error.msg}: {text}") from None
    except (TypeError, ValueError) as error:
        raise _UsageError(f"--where: {error}") from None
    except (RecursionError, MemoryError):
        raise _UsageError("--where: nested too deeply") from None


def _predicate(node: ast.expr) -> Predicate:
    match node:
        case ast.BinOp(left, ast.BitAnd(), right):
            return _predicate(left) & _predicate(right)
        case ast.BinOp(left, ast.BitOr(), right):
            return _predicate(left) | _predicate(right)
        case ast.UnaryOp(ast.Invert(), operand):
            return ~_predicate(operand)
        case ast.Attribute(ast.Name("rfc"), name) if isinstance(found := getattr(rfc, name, None), Predicate):
            return found
        case ast.Name(name) if name in filters.__all__:
            found = getattr(filters, name)
            if isinstance(found, Predicate):
                return found
            raise ValueError(f"{name} needs an argument")
        case ast.Call(ast.Name(name), arguments, []) if name in filters.__all__:
            function = getattr(filters, name)
            if isinstance(function, Predicate):
                raise ValueError(f"{name} takes no argument")
            made: Predicate = function(*map(_argument, arguments))
            return made
        case ast.Name(name):
            raise ValueError(f"no predicate is called {name}; there are {', '.join(filters.__all__)} and rfc.RFC...")
    raise ValueError(f"not a predicate: {ast.unparse(node)}")


def _argument(node: ast.expr) -> str | int:
    match node:
        case ast.Constant(str() | int() as value):
            return value
        case ast.Attribute(ast.Name("Flags"), name) if name in Flags.__members__:
            return Flags[name]
        case ast.BinOp(left, ast.BitOr(), right):
            one, other = _argument(left), _argument(right)
            if isinstance(one, Flags) and isinstance(other, Flags):
                return one | other
    raise ValueError(f"not an argument of a predicate: {ast.unparse(node)}")


def _interface(session: Session, text: str) -> Interface:
    found = session.interface_by_index(int(text)) if text.isdecimal() else session.interface_by_name(text)
    if found is None:
        raise no_such_interface(text)
    return found


def _overview(session: Session, family: int | None, where: list[Predicate]) -> dict[Interface, list[IfNet]]:
    """Interfaces with their addresses. Who asks for certain addresses gets only the interfaces that have one."""
    from .address import IfNet

    found = session.addrs_by_interface(family=family)
    certain = family is not None
    for predicate in where:
        if _takes(predicate, Interface):
            found = {interface: addrs for interface, addrs in found.items() if predicate(interface)}
        else:
            program_for(predicate, IfNet)  # a TypeError if it does not take addresses either
            found = {interface: [addr for addr in addrs if predicate(addr)] for interface, addrs in found.items()}
            certain = True
    return {interface: addrs for interface, addrs in found.items() if addrs or not certain}


def _takes(predicate: Predicate, cls: type[Interface]) -> bool:
    try:
        program_for(predicate, cls)
    except TypeError:
        return False
    return True


def _ask(session: Session, args: argparse.Namespace) -> tuple[Iterable[str], list[dict[str, Any]]]:
    """The answer as lines and as objects."""
    if args.query in _LOOKUPS:
        answer = _LOOKUPS[args.query].ask(session, args.argument)
        return [" ".join(map(str, answer.values()))], [answer]
    where = [_where(text) for text in args.where or []]
    if args.interface is not None:
        where.insert(0, filters.on(_interface(session, args.interface)))
    if args.query is None:
        found = _overview(session, args.family, where)
        names = {row.index: row.name for row in session.interfaces()}
        objects = [
            {**row.to_dict(names), "addr_info": [{**addr.to_dict()} for addr in addrs]} for row, addrs in found.items()
        ]
        return _print.overview(found, names), objects
    query = _QUERIES[args.query]
    rows = getattr(session, query.method)(**{option: getattr(args, option) for option in query.takes})
    for predicate in where:
        rows = rows.where(predicate)
    names = {row.index: row.name for row in session.interfaces()}
    return query.lines(rows, names), rows.to_dicts(names)
