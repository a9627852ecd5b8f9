"""The names that the administrator gives to numbers in the files of iproute2, such as /etc/iproute2/rt_tables.

Files are read when a name is needed that is not built in. They are looked at again in each `to_dicts()`, in each query
by name, and otherwise after a second, and read again if one has changed.
"""

from __future__ import annotations

import os
from stat import S_ISREG
from time import monotonic

from .._names import decode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    # The path of a file, with what changes when its contents change.
    Found = tuple[str, tuple[int, int, int]]

# The first directory that has a file counts: iproute2 from 6.7 on, 6.5 and 6.6 fall back on the second and the third.
DIRECTORIES = ["/etc/iproute2", "/usr/share/iproute2", "/usr/lib/iproute2"]
_SECONDS = 1.0
_ABSENT = (FileNotFoundError, NotADirectoryError, PermissionError, IsADirectoryError)
_BYTE, _INT = 255, 2**31 - 1  # the largest numbers that iproute2 reads a name for


class Names:
    """The names in a file, and in the files `*.conf` of its directory if iproute2 reads one.

    Args:
        file: Name of the file.
        most: The largest number that can have a name.
        has_directory: Whether iproute2 reads a directory with the name of the file and `.d`.
    """

    __slots__ = ("_file", "_found", "_has_directory", "_most", "_names", "_next", "_numbers")

    def __init__(self, file: str, most: int, *, has_directory: bool = False) -> None:
        self._file, self._most, self._has_directory = file, most, has_directory
        self._next = 0.0
        self._found: list[Found] = []
        self._names: dict[int, str] = {}
        self._numbers: dict[str, int] = {}

    def name(self, number: int) -> str | None:
        """The name of a number, `None` if it has none. Of several, the one that was read last."""
        now = monotonic()
        if now >= self._next:
            try:  # noqa: SIM105  # queries do without contextlib
                self._update()
            except OSError:
                pass  # the names that were read before
            self._next = now + _SECONDS
        return self._names.get(number)

    def number(self, name: str) -> int | None:
        """The number with a name, `None` if there is none. Of several, the smallest.

        Raises:
            OSError: The process cannot read files, such as with too many open files.
        """
        self._update()
        return self._numbers.get(name)

    def look_again(self) -> None:
        """Makes the next use look whether a file has changed."""
        self._next = 0.0

    def _update(self) -> None:
        found = list(self._search())
        if found == self._found:
            return
        pairs = [pair for path, _ in found for pair in _pairs(path) if pair[0] <= self._most]
        numbers: dict[str, int] = {}
        for number, name in pairs:
            numbers[name] = min(number, numbers.get(name, number))
        self._names, self._numbers, self._found = dict(pairs), numbers, found

    def _search(self) -> Iterator[Found]:
        """The files in the order in which they are read."""
        for directory in DIRECTORIES:
            found = _stat(f"{directory}/{self._file}")
            if found is not None:
                yield found
                break
        if not self._has_directory:
            return
        # A file of an earlier directory replaces the one with the same name in later directories.
        chosen: dict[str, str] = {}
        for directory in reversed(DIRECTORIES):
            path = f"{directory}/{self._file}.d"
            chosen = {name: place for name, place in chosen.items() if not os.path.lexists(f"{path}/{name}")}
            chosen |= dict.fromkeys(_listed(path), path)
        for name, path in chosen.items():
            found = _stat(f"{path}/{name}")
            if found is not None:
                yield found


def _listed(directory: str) -> list[str]:
    """The names of its files, in alphabetical order. iproute2 reads them in the order of the file system."""
    try:
        with os.scandir(directory) as entries:
            names = [entry.name for entry in entries]
    except _ABSENT:
        return []
    return sorted([name for name in names if name.endswith(".conf") and not name.startswith(".")])


def _stat(path: str) -> Found | None:
    try:
        status = os.stat(path)  # noqa: PTH116  # pathlib takes as long to import as all of this
    except _ABSENT:
        return None
    return path, (status.st_mtime_ns, status.st_size, status.st_ino)


def _pairs(path: str) -> Iterator[tuple[int, str]]:
    """The numbers and names in a file. Lines that are none are left out, and so is a file that cannot be read."""
    try:
        # A special file could block.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            lines = file.read().split(b"\n") if S_ISREG(os.fstat(descriptor).st_mode) else []
    except _ABSENT:
        return
    for line in lines:
        words = line.split()
        if len(words) > 1 and not words[0].startswith(b"#"):
            number = _number(words[0])
            if number is not None:
                yield number, decode(words[1])


def _number(word: bytes) -> int | None:
    try:
        number = int(word, 16 if word.startswith(b"0x") else 10)
    except ValueError:
        return None
    return number if number >= 0 else None


PROTOCOLS = Names("rt_protos", _BYTE, has_directory=True)
ADDR_PROTOCOLS = Names("rt_addrprotos", _BYTE, has_directory=True)
TABLES = Names("rt_tables", _INT, has_directory=True)
SCOPES = Names("rt_scopes", _BYTE)
REALMS = Names("rt_realms", _BYTE)
GROUPS = Names("group", _INT)
DS_FIELDS = Names("rt_dsfield", _BYTE)


def number_of(argument: str, name: str) -> int | None:
    """The number with a name, for an argument of a predicate; `None` if there is none."""
    names = {"tables": TABLES, "protocols": PROTOCOLS}.get(argument)
    return None if names is None else names.number(name)


def look_again() -> None:
    """Makes the next use of each file look whether it has changed."""
    for names in (PROTOCOLS, ADDR_PROTOCOLS, TABLES, SCOPES, REALMS, GROUPS, DS_FIELDS):
        names.look_again()
