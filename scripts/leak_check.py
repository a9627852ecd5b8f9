"""A pytest plugin for `make sanitize`: fails the run if LeakSanitizer reports memory that the C core leaked."""

import ctypes
import gc
import os
from pathlib import Path

import pytest

import getifs._native

MODULE = Path(getifs._native.__file__)


def pytest_configure() -> None:
    if not MODULE.is_relative_to(Path.cwd()):
        raise pytest.UsageError(f"the tests would import {MODULE}, which is not built with sanitizers")


def leaks() -> list[str]:
    """Returns the reports of leaked blocks that the core allocated.

    The interpreter and its own modules leak a few blocks too. The stacks of those do not contain our module.
    """
    if not ctypes.CDLL(None).__lsan_do_recoverable_leak_check():
        return []
    report = Path(f"{os.environ['SANITIZER_REPORT']}.{os.getpid()}")
    text = report.read_text(errors="replace")
    report.unlink()
    blocks = [block for block in text.split("\n\n") if " leak of " in block]
    return [block for block in blocks if "csrc/" in block or MODULE.name in block]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    gc.collect()
    if found := leaks():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print("\nLeakSanitizer: the core leaked memory", *found, sep="\n\n")
