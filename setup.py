"""Builds the C core through cffi; all that is not code stands in pyproject.toml."""

import platform
import sys
import sysconfig

from setuptools import setup

# One wheel serves every CPython from 3.10 on, where the limited API is to be had: cffi decides by the same three facts.
limited_api = (
    platform.python_implementation() == "CPython"
    and not sysconfig.get_config_var("Py_GIL_DISABLED")
    and not hasattr(sys, "gettotalrefcount")
)

setup(
    cffi_modules=["csrc/build_ffi.py:ffi"],
    options={"bdist_wheel": {"py_limited_api": "cp310"}} if limited_api else {},
)
