"""Builds the C core with cffi. getifs.h is the declaration for both the compiler and cffi."""

import os
from pathlib import Path

import cffi

# A copy of getifs that is part of another package is built with that name: GETIFS_PACKAGE=acme._vendor.getifs.
MODULE = os.environ.get("GETIFS_PACKAGE", "getifs") + "._native"

HERE = Path(__file__).resolve().parent
CWD = Path.cwd()
# setuptools wants paths relative to the current directory, and puts object files outside build/ for a path with "..".
CORE = HERE.relative_to(CWD) if HERE.is_relative_to(CWD) else HERE
LINK_ARGS = ["-pthread"]  # pthread_atfork, with glibc before 2.34


def declarations() -> str:
    """Returns getifs.h without its preprocessor lines, which cffi does not accept and the declarations do not need."""
    return "\n".join(line for line in (HERE / "getifs.h").read_text().splitlines() if not line.startswith("#"))


def compile_args() -> list[str]:
    """Returns the compiler flags. They come after $CFLAGS and after the flags that Python itself was built with."""
    given = os.environ.get("CFLAGS", "").split()
    args = ["-std=gnu11", "-fvisibility=hidden", "-pthread"]
    # No exception passes through the C core, and its speed is the same with less padding and inlining.
    args += ["-fno-asynchronous-unwind-tables", "-falign-functions=1", "-falign-loops=1", "-fno-inline-functions"]
    if not any(flag.startswith("-O") for flag in given):
        args.append("-O2")
    # Debug data doubles the size of the module and holds the path of the build directory. `CFLAGS=-g` keeps it.
    if not any(flag.startswith("-g") for flag in given):
        args.append("-g0")
    return args


ffi = cffi.FFI()
ffi.cdef(declarations())
ffi.set_source(
    MODULE,
    '#include "getifs.h"',
    sources=sorted(str(CORE / path.name) for path in HERE.glob("*.c")),
    depends=sorted(str(CORE / path.name) for path in HERE.glob("*.h")),
    include_dirs=[str(CORE)],
    extra_compile_args=compile_args(),
    extra_link_args=LINK_ARGS,
)
