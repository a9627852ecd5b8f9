"""Type checks of a user's program (tests/typing/), with mypy, and with pyright if it is installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import getifs

ROOT = Path(__file__).parents[1]
PROGRAMS = ["tests/typing/right.py", "tests/typing/wrong.py"]


def check(*command: str) -> None:
    # Without the settings of `make sanitize`, which would slow the type checker down.
    environment = {name: value for name, value in os.environ.items() if name not in ("LD_PRELOAD", "PYTHONMALLOC")}
    done = subprocess.run(
        [sys.executable, "-m", *command, *PROGRAMS],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(sys.implementation.name == "pypy", reason="mypy has no release for PyPy")
def test_mypy(tmp_path: Path) -> None:
    options = ["--strict", "--config-file=", "--python-version=3.10", "--follow-imports=silent"]
    check("mypy", *options, f"--cache-dir={tmp_path}")


def test_pyright() -> None:
    check("pyright", "--pythonpath", sys.executable)


def test_right_program_uses_every_public_name() -> None:
    text = (ROOT / PROGRAMS[0]).read_text(encoding="utf-8")
    modules = {"filters", "probe", "replay", "rfc"}
    missing = [name for name in getifs.__all__ if f"getifs.{name}" not in text and name not in modules]
    assert not missing
    assert not [name for name in getifs.filters.__all__ if f"filters.{name}" not in text]
