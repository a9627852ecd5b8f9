"""Compiles predicates to programs that the C core runs over records; `csrc/records.h` defines their format."""

from __future__ import annotations

from .. import _core, _records
from .._records import Layout
from .tree import Predicate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .._rows.base import Row
    from .tree import Expression

_TEST, _GLOB = Layout("getifs_test"), Layout("getifs_glob")
_LIMIT = 65534  # tests are numbered with 16 bits, and two of the numbers mean accept and reject


def _assemble(expression: Expression, on_true: int, on_false: int, program: list[dict[str, Any]]) -> int:
    """Appends the tests of an expression to the program, last test first; returns the number of its first test.

    `on_true` and `on_false` are the tests, or ends, to continue with. Built backwards, a program contains them already.
    """
    if isinstance(expression, dict):
        program.append({**expression, "on_true": on_true, "on_false": on_false})
        return len(program) - 1
    operator, parts = expression
    if operator == "~":
        return _assemble(parts[0], on_false, on_true, program)
    entry = on_true if operator == "&" else on_false
    for part in reversed(parts):
        if operator == "&":
            entry = _assemble(part, entry, on_false, program)
        else:
            entry = _assemble(part, on_true, entry, program)
    return entry


def _compile(expression: Expression) -> _core.Program:
    accept, reject = -1, -2
    program: list[dict[str, Any]] = []
    entry = _assemble(expression, accept, reject, program)
    if entry < 0:  # an operator without operands: the program needs one test
        always = {"op": _records.GETIFS_TEST_MASK, "size": 1, "value": 0, "mask": 0}
        entry = _assemble(always, entry, entry, program)
    last = len(program) - 1
    ends = {accept: _records.GETIFS_ACCEPT, reject: _records.GETIFS_REJECT}
    globs: list[dict[str, int]] = []
    tests: list[dict[str, Any]] = []
    for test in reversed(program):
        glob = test.pop("glob", None)
        if glob is not None:
            test["value"] = len(globs)
            globs += [{"op": op, "first": first, "last": last_} for op, first, last_ in glob]
        for way in ("on_true", "on_false"):
            test[way] = ends.get(test[way], last - test[way])
        tests.append(test)
    return _core.Program(_TEST.pack_all(tests), len(tests), _GLOB.pack_all(globs))


def program_for(predicate: Predicate, cls: type[Row], required: Predicate | None = None) -> _core.Program | None:
    """The compiled predicate for that row class, combined with `required`; `None` if it has to run in Python.

    Raises:
        TypeError: The predicate does not apply to such rows.
    """
    key = (cls, required)
    try:
        return predicate._programs[key]
    except KeyError:
        whole = predicate if required is None else required & predicate
        expression = whole._expression(cls)
        program = predicate._programs[key] = (
            None if expression is None or whole._size > _LIMIT else _compile(expression)
        )
        return program


def split(
    required: Predicate | None,
    where: Callable[[Any], object] | None,
    cls: type[Row],
    argument: str = "where",
) -> tuple[_core.Program | None, Callable[[Any], object] | None]:
    """Splits a filter into a program for C and a function for Python, which gets the rows that the program accepts.

    A row has to match both `required` and `where`.

    Raises:
        TypeError: `where` is not callable, or is a predicate that does not apply to such rows.
    """
    if where is not None and not callable(where):
        raise TypeError(f"{argument} must be a predicate or another callable, not {type(where).__name__}")
    if isinstance(where, Predicate):
        program = program_for(where, cls, required)
        if program is not None:
            return program, None
    return (None if required is None else program_for(required, cls)), where
