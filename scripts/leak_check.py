"""A pytest plugin for `make sanitize`: asks LeakSanitizer, once all tests are through, what the core left behind."""

import ctypes
import gc
import os
from pathlib import Path

import pytest

import getifs._native

MODULE = Path(getifs._native.__file__)


def pytest_configure() -> None:
    if not MODULE.is_relative_to(Path.cwd()):
        raise pytest.UsageError(f"the tests would run over {MODULE}, which is not the copy under sanitizers")


def leaks() -> list[str]:
    """What LeakSanitizer says of blocks that nothing points to and that the core allocated.

    It knows of a few that the interpreter and its own modules lose; no stack of those passes through our module.
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
        print("\nLeakSanitizer: nothing points to these any more", *found, sep="\n\n")
