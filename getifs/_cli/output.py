"""Writes an answer piece by piece, so that a reader has the first lines at once."""

from __future__ import annotations

import errno
import os
import sys
from itertools import islice

from . import terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LINES = 500  # that are written at once


def write(text: str) -> None:
    """Writes names as their bytes, regardless of the encoding of the terminal."""
    if sys.stdout is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF), "standard output")
    try:
        sys.stdout.flush()
        data = memoryview(os.fsencode(text))
        while data:  # an unbuffered stream (python -u) can take a part
            data = data[sys.stdout.buffer.write(data) :]
        sys.stdout.flush()
    except BaseException:
        # The interpreter would try to flush the rest again when it exits, and fail.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
        raise


def write_lines(lines: Iterable[str], *, colour: bool, named: int | None = None) -> None:
    """Writes lines for people."""
    shown: Iterator[str] = terminal.fold(lines, terminal.width())
    if colour:
        from .colours import paint

        shown = paint(shown, named)
    while batch := list(islice(shown, _LINES)):
        batch.append("")
        write("\n".join(batch))


def write_json(objects: Iterable[str]) -> None:
    """Writes an array with one object per line."""
    objects = iter(objects)
    before = "["
    while batch := list(islice(objects, _LINES)):
        write(before + ",\n ".join(batch))
        before = ",\n "
    write("]\n" if before != "[" else "[]\n")
