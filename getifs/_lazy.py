"""Modules that are imported when one of their names is first used.

`import getifs` and plain queries must not wait for `enum`, `ipaddress` and `typing`. Annotations can still refer to
them, so that `typing.get_type_hints` works. Classes of `collections.abc` come from `_collections_abc`, which every
interpreter has loaded when it starts; the other name brings `collections` with it.

    TYPE_CHECKING = False
    if TYPE_CHECKING:
        import ipaddress
    else:
        ipaddress = LazyModule("ipaddress")
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def import_module(name: str, package: str | None) -> Any:
    """As that of `importlib`, which takes as long to import as some of these modules."""
    absolute = name.lstrip(".")
    level = len(name) - len(absolute)
    return __import__(absolute, {"__package__": package}, None, ["__name__"], level)


class LazyModule:
    """Stands for a module. A name that was used once costs no more than an attribute of the module itself."""

    def __init__(self, name: str, package: str | None = None) -> None:
        self._name = name
        self._package = package

    def __getattr__(self, name: str) -> Any:
        value = self.__dict__[name] = getattr(import_module(self._name, self._package), name)
        return value
