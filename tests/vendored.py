"""Lets the tests run against a copy of getifs that is part of another package: GETIFS_PACKAGE=acme._vendor.getifs.

`import getifs` then gives the modules of that copy.
"""

import os
import sys
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, spec_from_loader
from types import ModuleType

NAME = os.environ.get("GETIFS_PACKAGE", "getifs")


class Alias(MetaPathFinder, Loader):
    """Finds `getifs` and its modules under their real names."""

    def find_spec(self, name: str, path: object, target: object = None) -> ModuleSpec | None:
        package, dot, rest = name.partition(".")
        if package != "getifs" or find_spec(NAME + dot + rest) is None:
            return None
        return spec_from_loader(name, self)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = import_module(NAME + spec.name.removeprefix("getifs"))
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Gives the module its own spec again, which relative imports use."""
        spec = module.__spec__
        assert spec is not None
        module.__spec__ = spec.loader_state


def alias(name: str) -> str:
    """The name of a module, where that of the package is `getifs`."""
    return f"getifs{name.removeprefix(NAME)}" if name == NAME or name.startswith(f"{NAME}.") else name


if NAME != "getifs":
    sys.meta_path.insert(0, Alias())
