"""The command line: `getifs` and `python -m getifs`."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from typing import NamedTuple, NoReturn

from .. import __version__, filters
from .._names import no_such_interface
from .._predicates.compiler import program_for
from .._predicates.tree import Predicate
from .._rows.addr import IfNet
from .._rows.interface import Interface
from .._rows.route import Route
from ..session import Session
from . import text
from .where import parse as parse_where

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

_DIED_OF_SIGPIPE = 141  # the status that a shell reports for a command that SIGPIPE ended
_DIED_OF_SIGINT = 130


class _UsageError(Exception):
    """The command line is wrong."""


class _Query(NamedTuple):
    """A query for rows. `takes`: the options that its method takes; every query takes `--interface` and `--where`."""

    help: str
    method: str
    lines: Callable[..., Iterable[str]]
    takes: tuple[str, ...] = ("family",)


class _Lookup(NamedTuple):
    """A query for one object."""

    help: str
    argument: str
    ask: Callable[[Session, str], dict[str, Any] | Route]


def _index(text: str) -> int:
    if not text.isdecimal():
        raise _UsageError(f"INDEX must be a number, not {text!r}")
    return int(text)


def _iface(session: Session, name: str) -> dict[str, Any]:
    address, index = session.ifname_to_iface(name)
    return {"ifindex": index, **({} if address is None else {"local": str(address)})}


def _name(session: Session, index: str) -> dict[str, Any]:
    return {"ifname": session.ifindex_to_name(_index(index))}


def _index_of(session: Session, name: str) -> dict[str, Any]:
    return {"ifindex": session.ifname_to_index(name)}


def _route_to(session: Session, address: str) -> Route:
    return session.route_to(address)


def _mtu(session: Session, address: str) -> dict[str, Any]:
    return {"mtu": session.ip_mtu(address)}


_QUERIES = {
    "links": _Query("interfaces", "interfaces", text.links, ("stats", "link_modes", "details")),
    "addrs": _Query("unicast addresses", "interface_addrs", text.addrs, ("family", "interface")),
    "local": _Query("addresses that are neither loopback nor link-local", "local_addrs", text.addrs),
    "private": _Query("private addresses", "private_addrs", text.addrs),
    "public": _Query("public addresses", "public_addrs", text.addrs),
    "best": _Query("local addresses of the interfaces of the best default routes", "best_local_addrs", text.addrs),
    "multicast": _Query("joined multicast groups", "interface_multicast_addrs", text.ifaddrs, ("family", "interface")),
    "gateways": _Query("gateways of all routes", "gateway_addrs", text.ifaddrs),
    "routes": _Query("routes, one line for each hop", "route_table", text.routes, ("family", "table", "all")),
    "defaults": _Query("the best default routes", "default_routes", text.routes),
    "neighbours": _Query("neighbours", "neighbours", text.neighbours, ("family", "interface", "all")),
    "nexthops": _Query("next-hop objects", "nexthops", text.nexthops, ()),
    "rules": _Query("policy rules", "rules", text.rules),
}
_WATCHED = ("links", "addrs", "routes", "nexthops", "neighbours", "rules")
_WATCH_TAKES = {"family", "interface", "where", "all", "initial", "settle"}
_LOOKUPS = {
    "name": _Lookup("name of an interface", "INDEX", _name),
    "index": _Lookup("index of an interface", "NAME", _index_of),
    "iface": _Lookup("its index, and its first IPv4 address that is not link-local", "NAME", _iface),
    "get": _Lookup("the route that the kernel uses for one destination", "ADDRESS", _route_to),
    "mtu": _Lookup("MTU of the interface that owns an address", "ADDRESS", _mtu),
}
# The words of `ip`.
_ALIASES = {
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


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _UsageError(message)


def _table(text: str) -> int | str:
    return int(text) if text.isdecimal() else text


def _parser() -> _Parser:
    queries = [(name, query.help) for name, query in _QUERIES.items()]
    queries += [(f"{name} {lookup.argument}", lookup.help) for name, lookup in _LOOKUPS.items()]
    queries += [("watch ...", "changes, one line each, of links addrs routes nexthops neighbours rules")]
    parser = _Parser(
        prog="getifs",
        usage="getifs [OPTION ...] [QUERY]",
        description="Prints what the kernel knows about the network.\n"
        "Without QUERY: every interface and its addresses.",
        epilog="queries:\n"
        + "".join(f"  {query:<11}  {meaning}\n" for query, meaning in queries)
        + f"\nAliases, as in ip: {', '.join(_ALIASES)}.\n"
        "Exit status: 0; 1 if the query failed; 2 if the command line is wrong.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
        allow_abbrev=False,
    )
    parser.add_argument("query", nargs="?", help=argparse.SUPPRESS)
    parser.add_argument("arguments", nargs="*", help=argparse.SUPPRESS)
    add = parser.add_argument
    add("-h", "--help", action="store_true", help="print this help")
    add("--version", action="store_true", help="print the version")
    add("--json", action="store_true", help="print JSON, with the keys and values of ip -j -d")
    add("--family", type=int, choices=(4, 6), help="only IPv4 or IPv6")
    add("-4", dest="family", action="store_const", const=4, help="--family 4")
    add("-6", dest="family", action="store_const", const=6, help="--family 6")
    add("--interface", metavar="NAME|INDEX", help="only this interface")
    add(
        "--where",
        metavar="EXPR",
        action="append",
        help="only what a predicate of getifs.filters or getifs.rfc accepts, such as 'private & ~on(\"eth0\")', "
        "'up & named(\"eth*\")', 'rfc.RFC1918'; if given several times, all must accept",
    )
    add("--stats", action="store_true", help="links: include the counters")
    add("--link-modes", action="store_true", help="links: include the speed in Mbit/s and the duplex mode")
    add("--details", action="store_true", help="links: include the settings of their kinds")
    add("--table", type=_table, metavar="N|NAME", help="routes: only this table (main, local, default or a number)")
    add(
        "--all",
        action="store_true",
        help="routes: all types, tables, sources and types of service; neighbours: all entries",
    )
    add("--initial", action="store_true", help="watch: begin with what exists")
    add("--settle", type=float, metavar="S", help="watch: wait until nothing changed for so many seconds")
    add("--netns", metavar="NAME|PATH", help="in this network namespace, as ip -n")
    add("--timeout", type=float, default=5.0, metavar="S", help="longest wait for the kernel in seconds (5)")
    return parser


def _check(args: argparse.Namespace) -> None:
    """Checks that the options fit the query."""
    query = args.query
    if query in _LOOKUPS:
        takes: set[str] = set()
    elif query in _QUERIES:
        takes = {"interface", "where", *_QUERIES[query].takes}
    elif query == "watch":
        takes = _WATCH_TAKES
    elif query is None:
        takes = {"interface", "where", "family"}
    else:
        raise _UsageError(f"no query is called {query!r}; there are {', '.join([*_QUERIES, *_LOOKUPS, 'watch'])}")
    _check_arguments(query, args.arguments)
    for option in (
        "family",
        "interface",
        "where",
        "stats",
        "link_modes",
        "details",
        "table",
        "all",
        "initial",
        "settle",
    ):
        value = getattr(args, option)
        if not (value is None or value is False or option in takes):
            raise _UsageError(f"{query or 'the table of interfaces'} takes no --{option.replace('_', '-')}")


def _check_arguments(query: str | None, arguments: Sequence[str]) -> None:
    if query in _LOOKUPS and not arguments:
        raise _UsageError(f"{query} needs {_LOOKUPS[query].argument}")
    if query == "watch":
        for argument in arguments:
            if argument not in _WATCHED:
                raise _UsageError(f"watch takes {', '.join(_WATCHED)}, not {argument!r}")
    elif len(arguments) > (query in _LOOKUPS):
        raise _UsageError(f"{query} takes no argument: {arguments[-1]!r}")


def _ask(session: Session, args: argparse.Namespace) -> tuple[Iterable[str], Iterable[dict[str, Any]]]:
    """The answer as lines, and as objects for JSON."""
    if args.query in _LOOKUPS:
        answer = _LOOKUPS[args.query].ask(session, args.arguments[0])
        if isinstance(answer, Route):
            names = session.ifnames()
            return text.routes([answer], names), [answer.to_dict(names)]
        return [" ".join(map(str, answer.values()))], [answer]
    query = _QUERIES.get(args.query)
    where = _predicates(session, args, "" if query is None else query.takes)
    if query is None:
        return _overview(session, args.family, where)
    rows = getattr(session, query.method)(**{name: getattr(args, name) for name in query.takes})
    for predicate in where:
        rows = rows.where(predicate)
    names = session.ifnames()
    return query.lines(rows, names), (row.to_dict(names) for row in rows)


def _predicates(session: Session, args: argparse.Namespace, takes: Sequence[str]) -> list[Predicate]:
    """Those of --where, and of --interface unless the method takes an interface."""
    expressions: list[str] = args.where or []
    where = [parse_where(expression, session.ifname_to_index) for expression in expressions]
    if args.interface is not None:
        args.interface = _interface(session, args.interface)
        if "interface" not in takes:
            where.append(filters.on(args.interface))
    return where


def _interface(session: Session, text: str) -> Interface:
    found = session.interface_by_index(int(text)) if text.isdecimal() else session.interface_by_name(text)
    if found is None:
        raise no_such_interface(text)
    return found


def _overview(
    session: Session, family: int | None, where: list[Predicate]
) -> tuple[Iterable[str], Iterable[dict[str, Any]]]:
    """Interfaces and their addresses. If only some addresses are wanted, interfaces without one are left out."""
    found = session.addrs_by_interface(family=family)
    names = {interface.index: interface.name for interface in found}
    certain = family is not None
    for predicate in where:
        if _takes_interfaces(predicate):
            found = {interface: addrs for interface, addrs in found.items() if predicate(interface)}
        else:
            program_for(predicate, IfNet)  # a TypeError if it does not take addresses either
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
    """The form of `ip -j addr`: the interface is named once, outside."""
    inside = [{key: value for key, value in addr.to_dict().items() if key != "ifindex"} for addr in addrs]
    return {**interface.to_dict(names), "addr_info": inside}


def _json(objects: Iterable[dict[str, Any]]) -> str:
    """An array with one object per line."""
    import json

    return "[" + ",\n ".join(map(json.dumps, objects)) + "]\n"


def _run(argv: Sequence[str] | None) -> None:
    args = _parser().parse_intermixed_args(argv)
    if args.help or args.version:
        _write(_parser().format_help() if args.help else f"getifs {__version__}\n")
        return
    args.query = _ALIASES.get(args.query, args.query)
    arguments: list[str] = args.arguments
    if args.query == "watch":
        arguments = args.arguments = [_ALIASES.get(argument, argument) for argument in arguments]
    _check(args)
    try:
        with Session(netns=args.netns, timeout=args.timeout) as session:
            if args.query == "watch":
                from .follow import follow

                follow(args, arguments or _WATCHED[:3], _predicates(session, args, ()), _write)
                return
            lines, objects = _ask(session, args)
    except (TypeError, ValueError, RecursionError) as error:
        raise _UsageError(str(error)) from None
    _write(_json(objects) if args.json else "".join(f"{line}\n" for line in text.fold(lines)))


def _write(text: str) -> None:
    """Writes names as their bytes, regardless of the encoding of the terminal."""
    if sys.stdout is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF), "standard output")
    try:
        sys.stdout.flush()
        data = memoryview(os.fsencode(text))
        while data:  # an unbuffered stream (python -u) can take a part
            data = data[sys.stdout.buffer.write(data) :]
        sys.stdout.flush()
    except BaseException:
        # The interpreter would try to flush the rest again when it exits, and fail.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        raise


def _complain(message: str) -> None:
    if sys.stderr is not None:
        sys.stderr.write(f"getifs: {text.escape(message)}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command line, by default that of the process.

    Returns:
        The exit status: 0; 1 if the query failed; 2 if the command line is wrong.
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
