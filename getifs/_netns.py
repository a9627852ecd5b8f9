"""The argument `netns`: a network namespace by name, path, pid or descriptor."""

from __future__ import annotations

import errno
import os

from . import _arguments, _core
from ._lazy import LazyModule

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing

    class HasFileno(typing.Protocol):
        """A file, a socket and the like."""

        def fileno(self) -> int: ...

else:
    typing = LazyModule("typing")
    HasFileno = object

Netns = str | os.PathLike[str] | int | HasFileno

_NAMES = "/run/netns"  # of `ip netns`


def open_netns(netns: Netns) -> _core.Netns:
    """Opens a namespace. See `Session` for the meaning of the argument, and for the errors."""
    if isinstance(netns, str):
        return _at(_path_of_name(netns))
    if isinstance(netns, int):
        return _of_process(_arguments.integer_argument("netns", netns, 1, 2**31 - 1))
    if isinstance(netns, os.PathLike):
        return _at(os.fsdecode(netns))
    fileno = getattr(netns, "fileno", None)
    if fileno is None:
        raise TypeError(f"netns must be a name, a path, a pid or an object with fileno(), not {type(netns).__name__}")
    descriptor = _arguments.integer_argument("netns.fileno()", fileno(), 0, 2**31 - 1)
    return _opened("", descriptor, f"descriptor {descriptor}")


def _path_of_name(netns: str) -> str:
    if "/" in netns:
        return netns
    if netns in ("", ".", ".."):
        raise ValueError(f"netns: no namespace can be called {netns!r}")
    return f"{_NAMES}/{netns}"


def _at(path: str) -> _core.Netns:
    if "\0" in path:
        raise ValueError(f"netns must not contain NUL: {path!r}")
    try:
        return _opened(path, -1, path)
    except UnicodeEncodeError as error:
        raise ValueError(f"netns: {error}") from None


def _of_process(pid: int) -> _core.Netns:
    path = f"/proc/{pid}/ns/net"
    try:
        return _opened(path, -1, path)
    except FileNotFoundError:
        if not os.path.exists("/proc/self/ns/net"):  # noqa: PTH110  # pathlib takes long to import
            raise
        raise ProcessLookupError(errno.ESRCH, os.strerror(errno.ESRCH), f"pid {pid}") from None


def _opened(path: str, descriptor: int, shown: str) -> _core.Netns:
    netns = _core.Netns()
    error = netns.open(os.fsencode(path), descriptor)
    if error:
        # EINVAL is the answer of setns(2) to another file, and to a namespace of another kind.
        text = "not a network namespace" if error == errno.EINVAL else os.strerror(error)
        raise OSError(error, text, shown)
    return netns
