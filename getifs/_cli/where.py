"""The argument of `--where`: an expression of predicates. It is parsed as Python, and never evaluated."""

from __future__ import annotations

import ast
import warnings

from .. import enums, filters, rfc
from .._predicates.tree import Predicate
from .hints import no_such_predicate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def parse(text: str, index_of: Callable[[str], int]) -> Predicate:
    """The predicate of an expression. `index_of` looks up the name of an interface.

    Raises:
        ValueError: The expression is not a predicate.
        OSError: It names an interface that does not exist (`ENODEV`).
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about backslashes in strings
            # The bytes of a name that is not UTF-8 are not valid in Python source; their escapes are.
            tree = ast.parse(text.strip().encode(errors="backslashreplace").decode(), mode="eval")
        _look_up(tree, index_of)
        return _predicate(tree.body)
    except SyntaxError as error:
        raise ValueError(f"--where: {error.msg}: {text}") from None
    except (TypeError, ValueError) as error:
        raise ValueError(f"--where: {error}") from None
    except (RecursionError, MemoryError):
        raise ValueError("--where: nested too deeply") from None


def _look_up(tree: ast.Expression, index_of: Callable[[str], int]) -> None:
    """Replaces names by indexes: `on()` would look for them in the network namespace of the process."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Name("on"), [ast.Constant(str(name)) as argument], []):
                argument.value = index_of(name)
            case _:
                pass


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
        case _:
            raise ValueError(_mistake(node))


def _mistake(node: ast.expr) -> str:
    """What an expression that is no predicate may have meant."""
    match node:
        case ast.Name(name) | ast.Call(ast.Name(name)) if name not in filters.__all__:
            return no_such_predicate(name, filters.__all__)
        case ast.Attribute(ast.Name("rfc"), name):
            return no_such_predicate(f"rfc.{name}", [f"rfc.{name}" for name in rfc.__all__])
        case ast.BoolOp(operator, parts):
            word, symbol = ("and", "&") if isinstance(operator, ast.And) else ("or", "|")
            better = f" {symbol} ".join(map(ast.unparse, parts))
            return f"predicates are combined with {symbol}, not with {word!r}: {better}"
        case ast.UnaryOp(ast.Not(), operand):
            better = ast.unparse(ast.UnaryOp(ast.Invert(), operand))
            return f"the opposite of a predicate is made with ~, not with 'not': {better}"
        case ast.Call(ast.Name(name), [], [ast.keyword(key, value), *_]):
            return f"{name} takes no argument by name: {name}({ast.unparse(value)}), not {key}="
        case _:
            pass
    return f"not a predicate: {ast.unparse(node)}"


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
    raise ValueError(f"not an argument of a predicate: {ast.unparse(node)}")
