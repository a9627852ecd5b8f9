"""JSON. `json` takes longer to import than most queries take."""

from __future__ import annotations

try:
    from _json import encode_basestring_ascii as quoted  # the function of C that `json` uses
except ImportError:  # an interpreter without it
    from json.encoder import encode_basestring_ascii as quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_CONSTANTS = {None: "null", True: "true", False: "false"}


def dumps(value: Any) -> str:
    """The text of a value of `to_dict()`, as `json.dumps` makes it."""
    if isinstance(value, str):
        return quoted(value)
    if value is None or isinstance(value, bool):
        return _CONSTANTS[value]
    if isinstance(value, int):
        return str(value)
    if hasattr(value, "items"):
        return "{" + ", ".join([f"{quoted(key)}: {dumps(one)}" for key, one in value.items()]) + "}"
    if hasattr(value, "append"):
        return "[" + ", ".join([dumps(one) for one in value]) + "]"
    from json import dumps as others

    return others(value)
