"""File descriptors: limits, and those of objects that nothing refers to."""

import gc
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_descriptors() -> Iterator[None]:
    """Every system call that would open a file descriptor fails with EMFILE inside this context."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def close_abandoned() -> None:
    """Closes those of objects that nothing refers to. CPython has done so at once; PyPy does in a collection."""
    if sys.implementation.name == "pypy":
        gc.collect()
