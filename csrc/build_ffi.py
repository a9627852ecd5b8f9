"""Builds the C core with cffi. getifs.h and records.h are the declarations for both the compiler and Python."""

import os
import struct
from pathlib import Path
from typing import Any

import cffi

# A copy of getifs that is part of another package is built with that name: GETIFS_PACKAGE=acme._vendor.getifs.
MODULE = os.environ.get("GETIFS_PACKAGE", "getifs") + "._native"

HERE = Path(__file__).resolve().parent
CWD = Path.cwd()
# setuptools wants paths relative to the current directory, and puts object files outside build/ for a path with "..".
CORE = HERE.relative_to(CWD) if HERE.is_relative_to(CWD) else HERE
LINK_ARGS = ["-pthread"]  # pthread_atfork, with glibc before 2.34


CODES = {"char": "B", "uint8_t": "B", "uint16_t": "H", "uint32_t": "I", "int32_t": "i"}  # of Python's struct


def declarations(header: str) -> str:
    """Returns a header without its preprocessor lines, which cffi does not accept and the declarations do not need."""
    return "\n".join(line for line in (HERE / header).read_text().splitlines() if not line.startswith("#"))


def code(ctype: Any) -> str:
    """Returns the format of a member of a record."""
    if ctype.kind == "primitive":
        return CODES[ctype.cname]
    item = CODES[ctype.item.cname]
    return f"{ctype.length}{'s' if item == 'B' else item}"


def description() -> str:
    """Returns C source: what records.h declares, as getifs.h says. It does not compile if a record has padding."""
    headers = cffi.FFI()
    headers.cdef(declarations("records.h"))
    values = headers.dlopen(None)  # the C library, and the constants
    lines = ["const char getifs_constants[] ="]
    lines += [f'    "{name} {getattr(values, name)} "' for name in sorted(dir(values))]
    lines += ["    ;", "const char getifs_records[] ="]
    checks = []
    _, records, _ = headers.list_types()
    for name in records:
        members = {member: code(field.type) for member, field in headers.typeof(f"struct {name}").fields}
        lines.append(f'    "{name} {" ".join(map(" ".join, members.items()))}\\n"')
        size = struct.calcsize("=" + "".join(members.values()))
        checks.append(f'_Static_assert(sizeof(struct {name}) == {size}, "padding");')
    return "\n".join([*lines, "    ;", *checks])


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
ffi.cdef(declarations("getifs.h"))
ffi.set_source(
    MODULE,
    f'#include "getifs.h"\n{description()}\n',
    sources=sorted(str(CORE / path.name) for path in HERE.glob("*.c")),
    depends=sorted(str(CORE / path.name) for path in HERE.glob("*.h")),
    include_dirs=[str(CORE)],
    extra_compile_args=compile_args(),
    extra_link_args=LINK_ARGS,
)
