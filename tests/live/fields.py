"""Converts rows to plain tuples, for comparisons with the values that a test expects."""

from collections.abc import Iterable
from typing import Any


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (bool, str)):
        return value
    return int(value) if hasattr(value, "bit_length") else str(value)


def fields(rows: Iterable[Any], names: str) -> list[tuple[Any, ...]]:
    """The attributes `names` of each row. Addresses and networks are converted to text, enumerations to numbers."""
    return [tuple(_plain(getattr(row, name)) for name in names.split()) for row in rows]
