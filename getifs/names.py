"""Names and indexes of interfaces."""

from __future__ import annotations

import errno
import os
from sys import getfilesystemencodeerrors, getfilesystemencoding

from . import _kernel
from ._kernel import LINK
from .errors import NetlinkError

ENCODING, ERRORS = getfilesystemencoding(), getfilesystemencodeerrors()


def decode(name: bytes) -> str:
    """As `os.fsdecode`: what is not in the file system's encoding goes back in unchanged."""
    return name.decode(ENCODING, ERRORS)


def no_such_interface(interface: object) -> NetlinkError:
    return NetlinkError(errno.ENODEV, os.strerror(errno.ENODEV), str(interface))


def name_of(index: int, socket: _kernel.Socket | None = None, timeout_ms: int = _kernel.DEFAULT_TIMEOUT_MS) -> str:
    """The name of the interface with that index."""
    block = _kernel.ask(_kernel.ONE_LINK, LINK.size, socket, 0, index, timeout_ms=timeout_ms)
    if not block.count:
        raise no_such_interface(index)
    record = LINK.unpacker.unpack_from(block.rows)
    return decode(block.text[: record[LINK.position["text_len"]]])


def index_of(name: bytes, socket: _kernel.Socket | None = None, timeout_ms: int = _kernel.DEFAULT_TIMEOUT_MS) -> int:
    """The index of the interface with that name, or that alternative name."""
    block = _kernel.ask(_kernel.ONE_LINK, LINK.size, socket, 0, 0, name, timeout_ms=timeout_ms)
    if not block.count:
        raise no_such_interface(decode(name))
    index: int = LINK.unpacker.unpack_from(block.rows)[LINK.position["index"]]
    return index
