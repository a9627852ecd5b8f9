"""Programs in a fresh interpreter."""

import subprocess
import sys
from pathlib import Path

import _cffi_backend

import getifs

PACKAGE = Path(getifs.__file__).parent
# An interpreter without `site`, which may import anything, finds the package and cffi's own part here.
PATHS = [str(PACKAGE.parent), str(Path(_cffi_backend.__file__).parent)]


def python(program: str, *options: str, folder: Path | None = None) -> str:
    """What a fresh interpreter prints."""
    command = [sys.executable, *options, "-c", program]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def modules_after(program: str) -> set[str]:
    """Modules that a program brings in, beside those that every start of Python does."""
    start = f"import sys\nsys.path[:0] = {PATHS}\nbefore = {{*sys.modules}}\n"
    return set(python(f"{start}{program}\nprint(*{{*sys.modules}} - before)", "-S").split())
