"""What all tests share: `net`, a network namespace of the test's own. Without root, one is had in a user namespace."""

import os
from collections.abc import Iterator

import netns
import pytest


def pytest_configure(config: pytest.Config) -> None:
    if os.geteuid() != 0:
        netns.become_root()


@pytest.fixture
def net() -> Iterator[netns.Namespace]:
    """A fresh network, `lo` up; the test runs inside it."""
    with netns.namespace() as fresh:
        yield fresh
