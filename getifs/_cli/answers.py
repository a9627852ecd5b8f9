"""What a command asks for, as lines for people and as JSON objects, both made while they are written."""

from __future__ import annotations

import errno

from ..session import Session
from . import text
from .arguments import UsageError
from .commands import COMMANDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from .._predicates.tree import Predicate
    from .._rows.interface import Interface
    from .._rows.route import Route
    from .._table import Table
    from .arguments import Arguments
    from .commands import Command

    Dict = dict[str, Any]
    Answer = tuple[Iterable[str], Iterable[str]]

_ROWS = 5000  # whose objects are made at once


def answer(session: Session, args: Arguments) -> Answer:
    """The answer to a command."""
    name = args.command
    if name is None:
        from .overview import overview

        lines, objects = overview(session, args.family, predicates(session, args))
        return lines, as_json(objects)
    if name in _LOOKUPS:
        found = _LOOKUPS[name](session, args.words[0])
        return [" ".join(map(str, found.values()))], as_json([found])
    if name == "get":
        from . import routes

        route, names = _route_to(session, args), session.ifnames()
        return routes.lines([route], names), routes.as_json([route], names)
    if name == "tree":
        from .tree import Tree

        tree = Tree(session.snapshot(), args.family)
        return tree.lines(), as_json(tree.dicts())
    return _rows(session, args, COMMANDS[name])


def _rows(session: Session, args: Arguments, command: Command) -> Answer:
    """The answer to a query for rows."""
    where = predicates(session, args)
    rows = getattr(session, command.method)(**_passed(args))
    for predicate in where:
        rows = rows.where(predicate)
    names = session.ifnames()
    if command.lines == "routes":
        from . import routes

        return routes.lines(rows, names), routes.as_json(rows, names)
    if command.lines == "rules":
        from . import rules

        return rules.lines(rows, names), as_json(_dicts(rows, names))
    return getattr(text, command.lines)(rows, names), as_json(_dicts(rows, names))


def as_json(objects: Iterable[Dict]) -> Iterator[str]:
    from .json_text import dumps

    yield from map(dumps, objects)


def _passed(args: Arguments) -> Dict:
    """The arguments of the method."""
    passed = {name: getattr(args, name) for name in COMMANDS[args.command or ""].passes}
    if args.command == "routes":
        table = args.table if args.table is not None or args.all else "main"
        passed |= {"all": True, "table": table}
    return passed


def _dicts(rows: Table[Any], names: dict[int, str]) -> Iterator[Dict]:
    for start in range(0, len(rows), _ROWS):
        yield from rows[start : start + _ROWS].to_dicts(names)


def predicates(session: Session, args: Arguments) -> list[Predicate]:
    """Those of --where, and of --interface unless the method takes an interface, which is left in `args`."""
    where: list[Predicate] = []
    if args.where:
        from .where import parse

        def index_of(name: str) -> int:
            index: int = _index(session, name)["ifindex"]
            return index

        where += [parse(expression, index_of) for expression in args.where]
    if args.interface is not None:
        from .. import filters

        args.interface = _interface(session, args.interface)
        if args.command not in COMMANDS or "interface" not in COMMANDS[args.command].passes:
            where.append(filters.on(args.interface))
    return where


def _interface(session: Session, name: str) -> Interface:
    found = session.interface_by_index(int(name)) if name.isdecimal() else session.interface_by_name(name)
    if found is None:
        raise _no_such_interface(session, name)
    return found


def _no_such_interface(session: Session, name: str) -> OSError:
    from .hints import no_such_interface

    return OSError(errno.ENODEV, no_such_interface(name, session.interfaces()))


def _route_to(session: Session, args: Arguments) -> Route:
    passed = {name: getattr(args, name) for name in COMMANDS["get"].passes}
    if args.interface is not None:
        passed["interface"] = _interface(session, args.interface)
    try:
        return session.route_to(args.words[0], **passed)
    except OSError as error:
        if error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH):
            raise OSError(error.errno, f"no route to {args.words[0]}: {error.strerror}") from None
        raise


def _name(session: Session, index: str) -> Dict:
    if not index.isdecimal():
        raise UsageError(f"INDEX must be a number, not {index!r}")
    return {"ifname": _found(session, index, lambda: session.ifindex_to_name(int(index)))}


def _index(session: Session, name: str) -> Dict:
    return {"ifindex": _found(session, name, lambda: session.ifname_to_index(name))}


def _iface(session: Session, name: str) -> Dict:
    address, index = _found(session, name, lambda: session.ifname_to_iface(name))
    return {"ifindex": index, **({} if address is None else {"local": str(address)})}


def _mtu(session: Session, address: str) -> Dict:
    try:
        return {"mtu": session.ip_mtu(address)}
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise OSError(error.errno, f"no interface owns {address}") from None
        raise


def _found(session: Session, name: str, ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except OSError as error:
        if error.errno == errno.ENODEV:
            raise _no_such_interface(session, name) from None
        raise


_LOOKUPS: dict[str, Callable[[Session, str], Dict]] = {"name": _name, "index": _index, "iface": _iface, "mtu": _mtu}
