"""The command line: `getifs` and `python -m getifs`."""

from __future__ import annotations

import argparse
import ast
import errno
import os
import sys
import warnings
from typing import NamedTuple, NoReturn

from .. import __version__, enums, filters, rfc
from .._names import no_such_interface
from .._predicates.compiler import program_for
from .._predicates.tree import Predicate
from .._rows.addr import IfNet
from .._rows.interface import Interface
from ..session import Session
from . import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

_DIED_OF_SIGPIPE = 141  # what a shell says of other commands whose reader has gone
_DIED_OF_SIGINT = 130


class _UsageError(Exception):
    """What the user typed makes no sense."""


class _Query(NamedTuple):
    """A query that gives rows. `takes`: what its method takes; `--interface` and `--where` go with all of them."""

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
    "links": _Query("interfaces", "interfaces", text.links, ("stats",)),
    "addrs": _Query("unicast addresses", "interface_addrs", text.addrs, ("family", "interface")),
    "local": _Query("addresses that are neither loopback nor link-local", "local_addrs", text.addrs),
    "private": _Query("private addresses", "private_addrs", text.addrs),
    "public": _Query("public addresses", "public_addrs", text.addrs),
    "best": _Query("local addresses of the interfaces that `defaults` leave through", "best_local_addrs", text.addrs),
    "multicast": _Query(
        "multicast groups that are joined", "interface_multicast_addrs", text.ifaddrs, ("family", "interface")
    ),
    "gateways": _Query("gateways of all routes", "gateway_addrs", text.ifaddrs),
    "routes": _Query("routes, each hop by itself", "route_table", text.routes, ("family", "table", "all")),
    "defaults": _Query("the best default routes", "default_routes", text.routes),
    "nexthops": _Query("next-hop objects", "nexthops", text.nexthops, ()),
}
_LOOKUPS = {
    "name": _Lookup("name of an interface", "INDEX", lambda on, text: {"ifname": on.ifindex_to_name(_index(text))}),
    "index": _Lookup("index of an interface", "NAME", lambda on, text: {"ifindex": on.ifname_to_index(text)}),
    "iface": _Lookup("its index, and its first IPv4 address that is not link-local", "NAME", _iface),
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


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _UsageError(message)


def _table(text: str) -> int | str:
    return int(text) if text.isdecimal() else text


def _parser() -> _Parser:
    queries = [(name, query.help) for name, query in _QUERIES.items()]
    queries += [(f"{name} {lookup.argument}", lookup.help) for name, lookup in _LOOKUPS.items()]
    parser = _Parser(
        prog="getifs",
        usage="getifs [OPTION ...] [QUERY]",
        description="What the kernel knows of the network;\nwithout QUERY, every interface and its addresses.",
        epilog="queries:\n"
        + "".join(f"  {query:<11}  {meaning}\n" for query, meaning in queries)
        + f"\nAlso, as ip has it: {', '.join(_ALIASES)}.\n"
        "Exit status: 0; 1 if the query failed; 2 if the command makes no sense.",
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
        case ast.Attribute(ast.Name("Flags" | "RouteProtocol" as enumeration), name):
            members: Mapping[str, int] = getattr(enums, enumeration).__members__
            if name in members:
                return members[name]
        case ast.BinOp(left, ast.BitOr(), right):
            one, other = _argument(left), _argument(right)
            if isinstance(one, int) and isinstance(other, int):
                return one | other
    raise ValueError(f"not an argument of a predicate: {ast.unparse(node)}")


def _check(args: argparse.Namespace) -> None:
    """Do the words of the command line go together?"""
    query = args.query
    if query in _LOOKUPS:
        takes: set[str] = set()
    elif query in _QUERIES:
        takes = {"interface", "where", *_QUERIES[query].takes}
    elif query is None:
        takes = {"interface", "where", "family"}
    else:
        raise _UsageError(f"no query is called {query!r}; there are {', '.join([*_QUERIES, *_LOOKUPS])}")
    if query in _LOOKUPS and args.argument is None:
        raise _UsageError(f"{query} needs {_LOOKUPS[query].argument}")
    if query not in _LOOKUPS and args.argument is not None:
        raise _UsageError(f"{query} takes no argument: {args.argument!r}")
    for option in ("family", "interface", "where", "stats", "table", "all"):
        value = getattr(args, option)
        if not (value is None or value is False or option in takes):
            raise _UsageError(f"{query or 'the table of interfaces'} takes no --{option}")


def _ask(session: Session, args: argparse.Namespace) -> tuple[Iterable[str], Iterable[dict[str, Any]]]:
    """The answer, as lines and as objects."""
    if args.query in _LOOKUPS:
        answer = _LOOKUPS[args.query].ask(session, args.argument)
        return [" ".join(map(str, answer.values()))], [answer]
    query = _QUERIES.get(args.query)
    where = [_where(text) for text in args.where or []]
    if args.interface is not None:
        args.interface = _interface(session, args.interface)
        if query is None or "interface" not in query.takes:
            where.append(filters.on(args.interface))
    if query is None:
        return _overview(session, args.family, where)
    rows = getattr(session, query.method)(**{name: getattr(args, name) for name in query.takes})
    for predicate in where:
        rows = rows.where(predicate)
    names = {row.index: row.name for row in session.interfaces()}
    return query.lines(rows, names), (row.to_dict(names) for row in rows)


def _interface(session: Session, text: str) -> Interface:
    found = session.interface_by_index(int(text)) if text.isdecimal() else session.interface_by_name(text)
    if found is None:
        raise no_such_interface(text)
    return found


def _overview(
    session: Session, family: int | None, where: list[Predicate]
) -> tuple[Iterable[str], Iterable[dict[str, Any]]]:
    """Interfaces and their addresses. Who asks for certain addresses gets the interfaces that have one."""
    found = session.addrs_by_interface(family=family)
    names = {interface.index: interface.name for interface in found}
    certain = family is not None
    for predicate in where:
        if _takes_interfaces(predicate):
            found = {interface: addrs for interface, addrs in found.items() if predicate(interface)}
        else:
            program_for(predicate, IfNet)  # a TypeError where it takes no addresses either
            found = {interface: [addr for addr in addrs if predicate(addr)] for interface, addrs in found.items()}
            certain = True
    found = {interface: addrs for interface, addrs in found.items() if addrs or not certain}
    return text.overview(found), (_with_addrs(interface, addrs, names) for interface, addrs in found.items())


def _takes_interfaces(predicate: Predicate) -> bool:
    try:
        program_for(predicate, Interface)
    except TypeError:
        return False
    return True


def _with_addrs(interface: Interface, addrs: list[IfNet], names: dict[int, str]) -> dict[str, Any]:
    """As `ip -j addr` prints it: the interface is named once, outside."""
    inside = [{key: value for key, value in addr.to_dict().items() if key != "ifindex"} for addr in addrs]
    return {**interface.to_dict(names), "addr_info": inside}


def _json(objects: Iterable[dict[str, Any]]) -> str:
    """An array, an object a line."""
    import json

    return "[" + ",\n ".join(map(json.dumps, objects)) + "]\n"


def _run(argv: Sequence[str] | None) -> None:
    args = _parser().parse_intermixed_args(argv)
    if args.help or args.version:
        _write(_parser().format_help() if args.help else f"getifs {__version__}\n")
        return
    args.query = _ALIASES.get(args.query, args.query)
    _check(args)
    try:
        with Session(timeout=args.timeout) as session:
            lines, objects = _ask(session, args)
    except (TypeError, ValueError, RecursionError) as error:
        raise _UsageError(str(error)) from None
    _write(_json(objects) if args.json else "".join(f"{line}\n" for line in text.fold(lines)))


def _write(text: str) -> None:
    """Writes names as the bytes that they are, whatever the encoding of the terminal."""
    if sys.stdout is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF), "standard output")
    try:
        sys.stdout.flush()
        data = memoryview(os.fsencode(text))
        while data:  # an unbuffered one (python -u) may take a part
            data = data[sys.stdout.buffer.write(data) :]
        sys.stdout.flush()
    except BaseException:
        # What could not be written would be tried again, in vain, as the interpreter ends.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        raise


def _complain(message: str) -> None:
    if sys.stderr is not None:
        sys.stderr.write(f"getifs: {text.escape(message)}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line `argv` (that of the process unless given).

    Returns:
        The exit status: 0; 1 if the query failed; 2 if the command makes no sense.
    """
    try:
        _run(argv)
    except _UsageError as error:
        _complain(str(error))
        return 2
    except BrokenPipeError:
        return _DIED_OF_SIGPIPE
    except OSError as error:
        _complain(f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error))
        return 1
    except KeyboardInterrupt:
        return _DIED_OF_SIGINT
    return 0
