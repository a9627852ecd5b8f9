"""A pytest plugin that puts the shims in the place of psutil, netifaces and ifaddr: `-p in_place`.

They take the whole place of ifaddr and netifaces. Of psutil, whose tests use the rest of it too, they replace what they
have. With `ORIGINAL` set in the environment nothing is replaced.
"""

import os
import sys
from importlib import import_module

if "ORIGINAL" not in os.environ:
    for name in ("ifaddr", "netifaces"):
        sys.modules[name] = import_module(f"getifs.compat.{name}")
    import psutil

    from getifs.compat import psutil as shim

    for name in {*shim.__all__} & {*psutil.__all__}:
        setattr(psutil, name, getattr(shim, name))
