"""Compiles predicates to programs that the C core runs over records; `csrc/getifs.h` describes the program."""

from __future__ import annotations

from .. import _core
from .._core import lib
from .tree import Predicate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .._rows.base import Row
    from .tree import Expression

_LIMIT = 65534  # positions of a program are 16 bits wide, and two stand for its ends


def _assemble(expression: Expression, on_true: int, on_false: int, program: list[dict[str, Any]]) -> int:
    """Appends the tests of an expression from its end to its start; gives the place to enter at.

    Places count from the program's end, so that a test knows those it may go to before they have positions.
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
    if entry < 0:  # an operator with nothing to combine
        always = {"op": lib.GETIFS_TEST_MASK, "size": 1, "value": 0, "mask": 0}
        entry = _assemble(always, entry, entry, program)
    last = len(program) - 1
    ends = {accept: lib.GETIFS_ACCEPT, reject: lib.GETIFS_REJECT}
    globs: list[dict[str, int]] = []
    tests = []
    for test in reversed(program):
        glob = test.pop("glob", None)
        if glob is not None:
            test["value"] = len(globs)
            globs += [{"op": op, "first": first, "last": last_} for op, first, last_ in glob]
        for way in ("on_true", "on_false"):
            test[way] = ends.get(test[way], last - test[way])
        tests.append(test)
    return _core.Program(tests, globs)


def program_for(predicate: Predicate, cls: type[Row], required: Predicate | None = None) -> _core.Program | None:
    """The compiled predicate (and, with it, `required`) for that row class; `None` where only Python can run it."""
    key = (cls, required)
    try:
        return predicate._programs[key]
    except KeyError:
        whole = predicate if required is None else required & predicate
        expression = whole.expression(cls)
        program = predicate._programs[key] = (
            None if expression is None or whole._size > _LIMIT else _compile(expression)
        )
        return program


def split(
    required: Predicate | None,
    where: Callable[[Any], object] | None,
    cls: type[Row],
) -> tuple[_core.Program | None, Callable[[Any], object] | None]:
    """What C runs and what Python runs behind it, for rows that both `required` and `where` accept."""
    if where is not None and not callable(where):
        raise TypeError(f"where must be a predicate or another callable, not {type(where).__name__}")
    if isinstance(where, Predicate):
        program = program_for(where, cls, required)
        if program is not None:
            return program, None
    return (None if required is None else program_for(required, cls)), where
