"""Fixtures of all tests. Without root the process becomes root of a user namespace of its own."""

import gc
import os
from collections.abc import Iterator

import netns
import pytest

from getifs import _core

# Helpers whose assertions should show the compared values.
pytest.register_assert_rewrite("command", "oracle", "random_rows")


def pytest_configure(config: pytest.Config) -> None:
    if os.geteuid() != 0:
        netns.become_root()


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
