"""The argument of `--where`: an expression of predicates. It is parsed as Python, and never evaluated."""

from __future__ import annotations

import _ast as ast  # `ast` would import `enum`, and is needed for messages only

from .. import filters, rfc
from .._lazy import LazyModule
from .._predicates.tree import Predicate

TYPE_CHECKING = False
if TYPE_CHECKING:
    import warnings
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from .. import enums
else:
    warnings = LazyModule("warnings")
    enums = LazyModule("..enums", __package__)


def parse(text: str, index_of: Callable[[str], int]) -> Predicate:
    """The predicate of an expression. `index_of` looks up the name of an interface.

    Raises:
        ValueError: The expression is not a predicate.
        OSError: It names an interface that does not exist (`ENODEV`).
    """
    try:
        return _predicate(_parsed(text), index_of)
    except SyntaxError as error:
        raise ValueError(f"--where: {error.msg}: {text}") from None
    except (TypeError, ValueError) as error:
        raise ValueError(f"--where: {error}") from None
    except (RecursionError, MemoryError):
        raise ValueError("--where: nested too deeply") from None


def _parsed(text: str) -> ast.expr:
    # The bytes of a name that is not UTF-8 are not valid in Python source; their escapes are.
    source = text.strip().encode(errors="backslashreplace")
    if not any(character in b"\\0123456789" for character in source):
        return _compiled(source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about backslashes in texts, and numbers that end in a keyword
        return _compiled(source)


def _compiled(source: bytes) -> ast.expr:
    tree: Any = compile(source.decode(), "<--where>", "eval", ast.PyCF_ONLY_AST)
    body: ast.expr = tree.body
    return body


def _predicate(node: ast.expr, index_of: Callable[[str], int]) -> Predicate:
    match node:
        case ast.BinOp(left, ast.BitAnd(), right):
            return _predicate(left, index_of) & _predicate(right, index_of)
        case ast.BinOp(left, ast.BitOr(), right):
            return _predicate(left, index_of) | _predicate(right, index_of)
        case ast.UnaryOp(ast.Invert(), operand):
            return ~_predicate(operand, index_of)
        case ast.Attribute(ast.Name("rfc"), name) if isinstance(found := getattr(rfc, name, None), Predicate):
            return found
        case ast.Name(name) if name in filters.__all__:
            found = getattr(filters, name)
            if isinstance(found, Predicate):
                return found
            raise ValueError(f"{name} needs an argument")
        case ast.Call(ast.Name(name), arguments, []) if name in filters.__all__:
            return _call(name, arguments, index_of)
        case _:
            raise ValueError(_mistake(node))


def _call(name: str, arguments: list[ast.expr], index_of: Callable[[str], int]) -> Predicate:
    function = getattr(filters, name)
    if isinstance(function, Predicate):
        raise ValueError(f"{name} takes no argument")
    match name, arguments:
        case "on", [ast.Constant(str(interface))]:
            return filters.on(index_of(interface))  # it would look for the name in the namespace of the process
        case _:
            made: Predicate = function(*map(_argument, arguments))
            return made


def _mistake(node: ast.expr) -> str:
    """What an expression that is no predicate may have meant."""
    match node:
        case ast.Name(name) | ast.Call(ast.Name(name)) if name not in filters.__all__:
            return _unknown(name, filters.__all__)
        case ast.Attribute(ast.Name("rfc"), name):
            return _unknown(f"rfc.{name}", [f"rfc.{name}" for name in rfc.__all__])
        case ast.BoolOp(operator, parts):
            word, symbol = ("and", "&") if isinstance(operator, ast.And) else ("or", "|")
            better = f" {symbol} ".join(map(_unparsed, parts))
            return f"predicates are combined with {symbol}, not with {word!r}: {better}"
        case ast.UnaryOp(ast.Not(), operand):
            better = _unparsed(ast.UnaryOp(ast.Invert(), operand))
            return f"the opposite of a predicate is made with ~, not with 'not': {better}"
        case ast.Call(ast.Name(name), [], [ast.keyword(key, value), *_]):
            return f"{name} takes no argument by name: {name}({_unparsed(value)}), not {key}="
        case _:
            pass
    return f"not a predicate: {_unparsed(node)}"


def _unknown(name: str, known: Sequence[str]) -> str:
    from .hints import no_such_predicate

    return no_such_predicate(name, known)


def _unparsed(node: ast.expr) -> str:
    from ast import unparse

    return unparse(node)


def _argument(node: ast.expr) -> str | int:
    match node:
        case ast.Constant(str() | int() as value):
            return value
        case ast.Attribute(ast.Name("Flags" | "RouteProtocol" | "RouteTable" as enumeration), name):
            members: Mapping[str, int] = getattr(enums, enumeration).__members__
            if name in members:
                return members[name]
        case ast.BinOp(left, ast.BitOr(), right):
            one, other = _argument(left), _argument(right)
            if isinstance(one, int) and isinstance(other, int):
                return one | other
        case _:
            pass
    raise ValueError(f"not an argument of a predicate: {_unparsed(node)}")
