"""Builds the C core with cffi. Static metadata is in pyproject.toml."""

import platform
import sys
import sysconfig

from setuptools import setup

# With the limited API one wheel serves all CPython versions from 3.10 on. The condition is the one that cffi uses.
# Python 3.15 names the module after the architecture too, `_native.abi3-x86_64-linux-gnu.so`, which older ones do not
# find.
limited_api = (
    platform.python_implementation() == "CPython"
    and not sysconfig.get_config_var("Py_GIL_DISABLED")
    and not hasattr(sys, "gettotalrefcount")
)
oldest = "cp310" if sys.version_info < (3, 15) else f"cp3{sys.version_info.minor}"

setup(
    # Old and new versions of setuptools accept no common form of this key in pyproject.toml.
    license="MIT",
    cffi_modules=["csrc/build_ffi.py:ffi"],
    options={"bdist_wheel": {"py_limited_api": oldest}} if limited_api else {},
)
