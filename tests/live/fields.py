"""Rows as plain tuples, to lay beside what a test expects of them."""

from collections.abc import Iterable
from typing import Any


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, str)):
        return value
    return int(value) if hasattr(value, "bit_length") else str(value)


def fields(rows: Iterable[Any], names: str) -> list[tuple[Any, ...]]:
    """The attributes `names` of each row; addresses and networks as text, enumerations as numbers."""
    return [tuple(_plain(getattr(row, name)) for name in names.split()) for row in rows]
