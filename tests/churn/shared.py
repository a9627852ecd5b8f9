"""Memory that the processes share: a file of 64-bit words."""

from __future__ import annotations

import mmap
from pathlib import Path

WORDS = 16


class Shared:
    """What the measuring process and those that change the network tell each other."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._words = memoryview(mmap.mmap(file.fileno(), 8 * WORDS)).cast("Q")
        self.changes = self._words[4:6]  # made by each process
        self.refused = self._words[6:8]

    @staticmethod
    def create(path: Path) -> None:
        path.write_bytes(bytes(8 * WORDS))

    @property
    def dumps(self) -> int:
        """Requested so far: count_dumps.c."""
        return self._words[0]

    @property
    def focus(self) -> int:
        """The kinds of changes to make: bits, in the order of `changes.KINDS`."""
        return self._words[1]

    @focus.setter
    def focus(self, kinds: int) -> None:
        self._words[1] = kinds

    @property
    def stopped(self) -> bool:
        return bool(self._words[2])

    def stop(self) -> None:
        self._words[2] = 1
