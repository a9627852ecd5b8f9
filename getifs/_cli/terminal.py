"""What a terminal shows: its width, colours, escaped characters, lines that fit."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

INDENT = "    "


def escape(text: str) -> str:
    """Escapes control characters and everything else that a terminal could interpret.

    Lone surrogates stay: they stand for the bytes of a name that is not UTF-8.
    """
    if text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable() or "\udc80" <= character <= "\udcff"
        else character.encode("unicode_escape").decode()
        for character in text
    )


def has_colours(when: str) -> bool:
    """Whether `--color=WHEN` means colours here. https://no-color.org/: NO_COLOR turns `auto` off."""
    if when != "auto":
        return when == "always"
    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    return is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width() -> int:
    """The columns of the terminal; 0 if the output is none. `COLUMNS` takes precedence."""
    wanted = os.environ.get("COLUMNS", "")
    if wanted.isdecimal() and int(wanted) > 0:
        return int(wanted)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns  # type: ignore[union-attr]  # an AttributeError
    except (AttributeError, ValueError, OSError):
        return 0


def fold(lines: Iterable[str], columns_: int) -> Iterator[str]:
    """Escapes the lines, and wraps those that are longer than so many columns with an indent."""
    for text in lines:
        line = escape(text.rstrip(" "))
        start = len(line) - len(line.lstrip())
        indent = start + len(INDENT)
        while 0 < columns_ < columns(line):
            cut = line.rfind(" ", start, columns_ + 1)
            if cut < 0:
                cut = line.find(" ", max(start, columns_))
            if cut < 0:
                break
            yield line[:cut].rstrip()
            line = " " * indent + line[cut:].lstrip()
            start = indent
        yield line


def columns(text: str) -> int:
    """The width of a text in columns of a terminal."""
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )
