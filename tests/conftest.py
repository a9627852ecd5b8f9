"""Fixtures of all tests. Without root the process becomes root of a user namespace of its own."""

import gc
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import netns
import pytest
import vendored  # noqa: F401  # before the package is imported
from hypothesis import settings

from getifs import _core

# A busy machine is no failure.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# Helpers whose assertions should show the compared values.
pytest.register_assert_rewrite("command", "oracle", "random_rows")


# Directories of tests that need network namespaces, and modules about the checkout and its tools, not the package.
NAMESPACES = {"churn", "cli", "faults", "live", "storm"}
CHECKOUT = {"ablations", "arrays", "completion", "enums", "readme", "stdlib", "typing", "vendoring"}


def pytest_addoption(parser: pytest.Parser) -> None:
    what = "run only tests that need pytest, hypothesis and the package: no network namespaces, compiler or other tools"
    parser.addoption("--offline", action="store_true", help=what)


def pytest_configure(config: pytest.Config) -> None:
    # A job in the background of a shell script ignores SIGINT, and so would the commands that the tests start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if os.geteuid() != 0 and not config.getoption("offline"):
        netns.become_root()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    if not config.getoption("offline"):
        return None
    return collection_path.name in NAMESPACES or collection_path.stem.removeprefix("test_") in CHECKOUT or None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("offline"):
        live = [item for item in items if "net" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=live)
        items[:] = [item for item in items if item not in live]


@pytest.fixture
def net() -> Iterator[netns.Namespace]:
    """A fresh network namespace with `lo` up, in which the test runs."""
    with netns.namespace() as fresh:
        yield fresh


@pytest.fixture
def freed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """One entry for each block that was released since the start of the test."""
    cleared: list[object] = []
    real = _core.lib

    class Watched:
        def __getattr__(self, name: str) -> object:
            return getattr(real, name)

        def getifs_free(self, blocks: object) -> None:
            real.getifs_free(blocks)
            cleared.append(1)

    monkeypatch.setattr(_core, "lib", Watched())
    gc.collect()
    cleared.clear()
    yield cleared
    gc.collect()
