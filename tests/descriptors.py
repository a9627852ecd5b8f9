"""The open file descriptors of this process, and a limit on them."""

import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from interpreter import collect


def descriptors() -> dict[str, str]:
    """What each descriptor is, that of the listing itself aside. Those of abandoned objects are closed."""
    if sys.implementation.name == "pypy":
        collect()  # CPython frees an object as soon as nothing refers to it
    links = [path for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    return {path.name: str(path.readlink()) for path in links}


@contextmanager
def no_descriptors() -> Iterator[None]:
    """Every system call that would open a file descriptor fails with EMFILE inside this context."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
