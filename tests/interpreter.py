"""Runs programs in a new Python interpreter; collects the garbage of this one."""

import gc
import subprocess
import sys
from pathlib import Path

import _cffi_backend
import vendored

import getifs

PACKAGE = Path(getifs.__file__).parent
# Directories of getifs and _cffi_backend, for an interpreter without `site` (which may import other modules). In PyPy
# _cffi_backend is a part of the interpreter.
BACKEND = [str(Path(_cffi_backend.__file__).parent)] if hasattr(_cffi_backend, "__file__") else []
PATHS = [str(PACKAGE.parents[vendored.NAME.count(".")]), *BACKEND]
PATH = f"import sys\nsys.path[:0] = {PATHS}\n"
# A copy inside another package is `getifs` in programs too.
ALIAS = "" if vendored.NAME == "getifs" else f"{PATH}sys.path.append({str(Path(__file__).parent)!r})\nimport vendored\n"


def python(program: str, *options: str, folder: Path | None = None) -> str:
    """Runs a program in a new interpreter and returns its standard output."""
    command = [sys.executable, *options, "-c", ALIAS + program]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def modules_after(program: str) -> set[str]:
    """The modules that a program imports, without those that Python imports at startup."""
    end = "\nprint(*{*sys.modules} - before)"
    loaded = python(f"{PATH}before = {{*sys.modules}}\n{program}{end}", "-S").split()
    return {vendored.alias(name) for name in loaded if not vendored.NAME.startswith(f"{name}.")}


def collect() -> None:
    """Frees what nothing refers to. PyPy needs a collection for each object of a chain that has a destructor."""
    for _ in range(3):
        gc.collect()
