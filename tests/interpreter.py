"""Runs programs in a new Python interpreter."""

import subprocess
import sys
from pathlib import Path

import _cffi_backend

import getifs

PACKAGE = Path(getifs.__file__).parent
# Directories of getifs and _cffi_backend, for an interpreter without `site` (which may import other modules).
PATHS = [str(PACKAGE.parent), str(Path(_cffi_backend.__file__).parent)]


def python(program: str, *options: str, folder: Path | None = None) -> str:
    """Runs a program in a new interpreter and returns its standard output."""
    command = [sys.executable, *options, "-c", program]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def modules_after(program: str) -> set[str]:
    """The modules that a program imports, without those that Python imports at startup."""
    start = f"import sys\nsys.path[:0] = {PATHS}\nbefore = {{*sys.modules}}\n"
    return set(python(f"{start}{program}\nprint(*{{*sys.modules}} - before)", "-S").split())
