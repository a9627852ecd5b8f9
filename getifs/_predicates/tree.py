"""Predicates and the operators that combine them.

Each predicate implements its condition twice: `__call__` evaluates it in Python for one row or address, `_express`
describes it as tests on the fields of a record. The compiler turns that description into a program for the C core.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, SupportsIndex

    from .. import _core
    from .._rows.base import Row

    # A test (the fields of struct getifs_test, and "glob": a name pattern), or an operator and its operands.
    Expression = dict[str, Any] | tuple[str, list["Expression"]]


class Predicate:
    """A condition on rows, to be passed as `where=`.

    `getifs.filters` and `getifs.rfc` have the ready-made ones and the functions that make others.

    - `predicate(row)` is `True` or `False`. A predicate about addresses also takes an `ipaddress` address or its text:
      `filters.private("10.0.0.1")`. For a route it tests the destination: all of its addresses must match.
    - `a & b`, `a | b` and `~a` are predicates again. One side of `&` and `|` may be any function of a row:
      `filters.up & (lambda row: row.mtu > 1500)`.
    - Predicates run in C, before row objects are created. One that contains a function of yours runs in Python.
    - `repr()` gives the expression that made it. Predicates can be copied, and pickled if the functions in them can.
    """

    __module__ = __name__.removesuffix("._predicates.tree")

    _precedence = 3  # of the outermost operator in its repr()
    _global: str | None = None  # the name of a ready-made predicate in its module

    def __init__(self, size: int = 1) -> None:
        self._expressions: dict[type[Row], Expression | None] = {}
        self._programs: dict[object, _core.Program | None] = {}
        self._size = size  # number of tests in the compiled program

    def __call__(self, item: Any, /) -> bool:
        """Does the condition hold for a row, an address or the text of an address?

        Raises:
            TypeError: The predicate does not apply to such an object.
            ValueError: The text is not an address.
        """
        raise NotImplementedError

    def _expression(self, cls: type[Row]) -> Expression | None:
        """The condition as tests on records of that row class; `None` if it has to run in Python.

        Raises:
            TypeError: The predicate does not apply to such rows.
        """
        if cls not in self._expressions:
            self._expressions[cls] = self._express(cls)
        return self._expressions[cls]

    def _express(self, cls: type[Row]) -> Expression | None:
        raise NotImplementedError

    def _operand(self, precedence: int) -> str:
        """Its text as an operand, in parentheses where the operator around it binds more tightly."""
        return f"({self!r})" if self._precedence < precedence else repr(self)

    def __and__(self, other: Callable[[Any], object]) -> Predicate:
        return And.join(self, other) if callable(other) else NotImplemented

    def __rand__(self, other: Callable[[Any], object]) -> Predicate:
        return And.join(other, self) if callable(other) else NotImplemented

    def __or__(self, other: Callable[[Any], object]) -> Predicate:
        return Or.join(self, other) if callable(other) else NotImplemented

    def __ror__(self, other: Callable[[Any], object]) -> Predicate:
        return Or.join(other, self) if callable(other) else NotImplemented

    def __invert__(self) -> Predicate:
        return Not(self)

    def __bool__(self) -> bool:
        raise TypeError("a predicate has no truth value: combine predicates with & | ~, or call them with a row")

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_expressions": {}, "_programs": {}}

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Any, ...]:
        # A ready-made predicate is pickled like a function: by its name.
        return self._global or super().__reduce_ex__(protocol)

    def _publish(self, function: Callable[[], None]) -> None:
        """Makes this the predicate that stands for `function` in its module."""
        self._global = function.__name__
        self.__module__ = function.__module__
        self.__doc__ = function.__doc__


def ready_made(predicate: Predicate) -> Callable[[Callable[[], None]], Predicate]:
    """Decorator that replaces a function by a predicate with the function's name and docstring.

    The function is never called. Written this way, a docstring is found by `help()` and by editors, which read the
    source alone.
    """

    def replace(function: Callable[[], None]) -> Predicate:
        named = Named(function.__name__, predicate)
        named._publish(function)
        return named

    return replace


class Function(Predicate):
    """A function of the user's."""

    def __init__(self, function: Callable[[Any], object]) -> None:
        super().__init__()
        self._function = function

    def __call__(self, item: Any, /) -> bool:
        return bool(self._function(item))

    def _express(self, cls: type[Row]) -> Expression | None:  # noqa: ARG002  # a function may take rows of any class
        return None

    def __repr__(self) -> str:
        return getattr(self._function, "__name__", None) or repr(self._function)


class _Operator(Predicate):
    """Predicates joined by one operator. `a & b & c` is one operator with three parts."""

    _symbol: str

    def __init__(self, parts: Sequence[Predicate]) -> None:
        super().__init__(sum(part._size for part in parts))
        self._parts = parts

    @classmethod
    def join(cls, left: Callable[[Any], object], right: Callable[[Any], object]) -> Predicate:
        """The operator applied to two predicates or functions."""
        one = left if isinstance(left, Predicate) else Function(left)
        other = right if isinstance(right, Predicate) else Function(right)
        return cls([*one._parts, other] if isinstance(one, cls) else [one, other])

    def _express(self, cls: type[Row]) -> Expression | None:
        # Each part is asked, also after one that has to run in Python: it raises TypeError if it takes no such rows.
        expressions = [part._expression(cls) for part in self._parts]
        known = [expression for expression in expressions if expression is not None]
        return (self._symbol, known) if len(known) == len(expressions) else None

    def __repr__(self) -> str:
        first, *others = self._parts
        texts = [first._operand(self._precedence), *(part._operand(self._precedence + 1) for part in others)]
        return f" {self._symbol} ".join(texts)


class And(_Operator):
    """All of the parts are true."""

    _symbol = "&"
    _precedence = 1

    def __call__(self, item: Any, /) -> bool:
        return all(part(item) for part in self._parts)


class Or(_Operator):
    """One of the parts is true."""

    _symbol = "|"
    _precedence = 0

    def __call__(self, item: Any, /) -> bool:
        return any(part(item) for part in self._parts)


class Not(Predicate):
    """The part is false."""

    _precedence = 2

    def __init__(self, part: Predicate) -> None:
        super().__init__(part._size)
        self._part = part

    def __call__(self, item: Any, /) -> bool:
        return not self._part(item)

    def _express(self, cls: type[Row]) -> Expression | None:
        expression = self._part._expression(cls)
        return None if expression is None else ("~", [expression])

    def __repr__(self) -> str:
        return f"~{self._part._operand(self._precedence)}"


class NotApplicableError(TypeError):
    """A predicate was given an object that it does not apply to."""

    def __init__(self, predicate: Predicate, takes: str, given: type) -> None:
        super().__init__(f"{predicate!r} takes {takes}, not {given.__name__}")
        self.takes = takes
        self.given = given


class Named(Predicate):
    """Another predicate under a name. Errors show the name, not the other predicate."""

    def __init__(self, name: str, predicate: Predicate) -> None:
        super().__init__(predicate._size)
        self._name = name
        self._predicate = predicate

    def __call__(self, item: Any, /) -> bool:
        try:
            return self._predicate(item)
        except NotApplicableError as error:
            raise NotApplicableError(self, error.takes, error.given) from None

    def _express(self, cls: type[Row]) -> Expression | None:
        try:
            return self._predicate._expression(cls)
        except NotApplicableError as error:
            raise NotApplicableError(self, error.takes, error.given) from None

    def __repr__(self) -> str:
        return self._name
