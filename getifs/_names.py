"""Names and indexes of interfaces, and their encoding."""

from __future__ import annotations

import errno
import os
from sys import getfilesystemencodeerrors, getfilesystemencoding

from . import _core
from ._records import LINK
from .errors import NetlinkError

ENCODING, ERRORS = getfilesystemencoding(), getfilesystemencodeerrors()


def decode(name: bytes) -> str:
    """Decodes as `os.fsdecode`: bytes that are not in the file system's encoding encode to the same bytes again."""
    return name.decode(ENCODING, ERRORS)


def no_such_interface(interface: object) -> NetlinkError:
    """The error for an index, a name or an `Interface` that does not exist."""
    shown = f"index {interface}" if isinstance(interface, int) else str(interface)
    return NetlinkError(errno.ENODEV, os.strerror(errno.ENODEV), shown)


def name_of(index: int, pool: _core.Pool = _core.SHARED, timeout_ms: int = _core.DEFAULT_TIMEOUT_MS) -> str:
    """The name of the interface with an index."""
    block = _core.ask(_core.Block(), pool, _core.ONE_LINK, LINK.size, 0, index, timeout_ms=timeout_ms)
    if not block._count:
        raise no_such_interface(index)
    record = LINK.unpacker.unpack_from(block._records)
    return decode(block._extra[: record[LINK.position["part_len"]]])


def index_of(name: bytes, pool: _core.Pool = _core.SHARED, timeout_ms: int = _core.DEFAULT_TIMEOUT_MS) -> int:
    """The index of the interface with a name or alternative name."""
    block = _core.ask(_core.Block(), pool, _core.ONE_LINK, LINK.size, 0, 0, name, timeout_ms=timeout_ms)
    if not block._count:
        raise no_such_interface(decode(name))
    index: int = LINK.unpacker.unpack_from(block._records)[LINK.position["index"]]
    return index
