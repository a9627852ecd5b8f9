"""Modules that are imported when an attribute of theirs is first used."""

from __future__ import annotations


class LazyModule:
    """Stands for a module in code and in annotations, and imports it on the first access.

    `import getifs` and the first query must be cheap, and `typing.get_type_hints` must find every name.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> object:
        from importlib import import_module

        value: object = getattr(import_module(self._name), attribute)
        setattr(self, attribute, value)
        return value
