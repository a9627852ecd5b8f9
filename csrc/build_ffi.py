"""Hands the C core to cffi: one header for both, the compiler and cffi."""

from pathlib import Path

import cffi

HERE = Path(__file__).resolve().parent


def declarations() -> str:
    """What cffi reads of getifs.h: it has no preprocessor, and the header needs none but for its includes."""
    return "\n".join(line for line in (HERE / "getifs.h").read_text().splitlines() if not line.startswith("#"))


ffi = cffi.FFI()
ffi.cdef(declarations())
ffi.set_source(
    "getifs._native",
    '#include "getifs.h"',
    # setuptools wants them relative to setup.py
    sources=sorted(f"csrc/{path.name}" for path in HERE.glob("*.c")),
    depends=sorted(f"csrc/{path.name}" for path in HERE.glob("*.h")),
    include_dirs=["csrc"],
    extra_compile_args=["-std=gnu11", "-fvisibility=hidden"],
)
