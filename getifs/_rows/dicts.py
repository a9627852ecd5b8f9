"""Makes the dict of a row from the declarations of its attributes."""

from __future__ import annotations

from . import iproute2

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    Row = Any  # its module imports this one
    # A key, the function that gives the attribute, and the form of its value. Without a key the function sets entries.
    Step = tuple[str, Callable[..., Any], Callable[[Any], object] | None]

_plans: dict[type[Row], list[Step]] = {}


def plan(cls: type[Row]) -> list[Step]:
    """The steps of `as_dict` for rows of that class, in the order in which the attributes are defined."""
    if cls in _plans:
        return _plans[cls]
    steps: list[Step] = []
    for name, declared in cls._declared().items():
        if declared.entries:
            steps.append(("", getattr(iproute2, declared.entries), None))
        elif declared.keys and not declared.within:
            form = getattr(iproute2, declared.form) if declared.form else None
            steps.append((declared.keys[0], getattr(cls, name).fget, form))
    _plans[cls] = steps
    return steps


def as_dict(row: Row, names: Mapping[int, str], steps: list[Step]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, function, form in steps:
        if not key:
            function(row, names, result)
            continue
        value = function(row)
        if value is not None and form is not None:
            value = form(value)
        if value is not None:
            result[key] = value
    return result
