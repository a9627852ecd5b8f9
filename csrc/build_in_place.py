"""Builds the C core into a package directory with Python, cffi and a C compiler: no setuptools, no network.

    python csrc/build_in_place.py [--name acme._vendor.getifs] [DIRECTORY]

DIRECTORY is that of the package, by default `getifs` beside this directory; `--name` the name that it is imported by.
CC, CPPFLAGS, CFLAGS, LDSHARED and LDFLAGS are honoured as by setuptools. With _PYTHON_SYSCONFIGDATA_NAME the module is
for the Python that this describes, on another architecture.
"""

import argparse
import contextlib
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def words(text: object) -> list[str]:
    return shlex.split(str(text or ""))


def compiler() -> list[str]:
    """Returns $CC, or the compiler that Python was built with, or `cc` if that is not installed."""
    found = words(os.environ.get("CC") or sysconfig.get_config_var("CC"))
    return found if found and shutil.which(found[0]) else ["cc"]


def linker() -> list[str]:
    if "LDSHARED" in os.environ:
        return words(os.environ["LDSHARED"])
    return [*compiler(), "-shared"]


def file_name() -> str:
    """Returns the name of the module. cffi uses the limited API, unless the interpreter does not support it."""
    config = sysconfig.get_config_vars()
    limited = sys.implementation.name == "cpython" and not config.get("Py_DEBUG") and not config.get("Py_GIL_DISABLED")
    return "_native.abi3.so" if limited else f"_native{config['EXT_SUFFIX']}"


def build(target: Path) -> None:
    """Generates the interface, compiles everything and links it."""
    import build_ffi  # reads GETIFS_PACKAGE

    includes = dict.fromkeys([str(HERE), sysconfig.get_path("include"), sysconfig.get_path("platinclude")])
    with tempfile.TemporaryDirectory() as scratch:
        with contextlib.redirect_stdout(sys.stderr):  # it says what it does
            build_ffi.ffi.emit_c_code(str(Path(scratch, "_native.c")))
        compilation = [
            *compiler(),
            *words(sysconfig.get_config_var("CFLAGS")),
            *words(os.environ.get("CFLAGS")),
            *words(os.environ.get("CPPFLAGS")),
            "-fPIC",
            *(f"-I{path}" for path in includes),
            "-c",
            "_native.c",
            *sorted(str(path) for path in HERE.glob("*.c")),
            *build_ffi.compile_args(),
        ]
        subprocess.run(compilation, cwd=scratch, check=True)
        objects = sorted(path.name for path in Path(scratch).glob("*.o"))
        flags = [*words(os.environ.get("LDFLAGS")), *build_ffi.LINK_ARGS]
        subprocess.run([*linker(), *objects, *flags, "-o", str(target)], cwd=scratch, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--name", help="the name of the package (that of its directory)")
    parser.add_argument("directory", nargs="?", type=Path, default=HERE.parent / "getifs")
    options = parser.parse_args()
    directory = options.directory.resolve()
    if not (directory / "_core.py").is_file():
        parser.error(f"{directory} is not the package getifs")
    os.environ["GETIFS_PACKAGE"] = options.name or directory.name
    target = directory / file_name()
    build(target)
    print(target)


if __name__ == "__main__":
    main()
