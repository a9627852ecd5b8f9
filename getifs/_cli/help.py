"""The help of commands. `argparse` could write it too, but takes longer to import than all of the rest."""

from __future__ import annotations

from . import terminal
from .commands import ALIASES, COMMANDS, ENVIRONMENT, EXIT_STATUS, command, options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .commands import Command, Option

    Rows = Sequence[tuple[str, str]]

_USUAL_WIDTH, _LEAST_WIDTH = 80, 40
_MOST_BEFORE = 24  # columns of what is explained; if it is longer, the meaning is on a line of its own


def help_text(name: str | None) -> str:
    """The help of a command, or of all, as wide as the terminal."""
    width = max(terminal.width() or _USUAL_WIDTH, _LEAST_WIDTH)
    one = command(name)
    sections: list[tuple[str, Rows]] = [("options", [(_forms(option), option.help) for option in options(one)])]
    if name is None:
        sections.append(("commands", [(other, each.help) for other, each in COMMANDS.items()]))
    sections.append(("examples", [(f"getifs {line}".rstrip(), what) for line, what in one.examples]))
    sections.append(("exit status", [(str(number), what) for number, what in EXIT_STATUS]))
    if name is None:
        sections.append(("environment", ENVIRONMENT))
    lines = [f"usage: {usage(name, one)}", "", *wrap(description(name), width)]
    for title, rows in sections:
        lines += ["", f"{title}:", *_rows(rows, width)]
    return "\n".join(lines) + "\n"


def usage(name: str | None, one: Command) -> str:
    """How a command is called."""
    if name is None:
        return "getifs [COMMAND] [OPTION ...]"
    words = f" {one.argument}" if one.argument else " [OBJECT ...]" if one.words else ""
    return f"getifs {name}{words} [OPTION ...]"


def description(name: str | None) -> str:
    """What a command does, or all of them, in paragraphs of one line."""
    if name is None:
        return (
            "Prints what the kernel knows about the network.\nWithout a command: every interface and its addresses.\n"
            "Options can stand before and after the command."
        )
    one = COMMANDS[name]
    aliases = [alias for alias, means in ALIASES.items() if means == name]
    parts = [f"Prints {one.help}."]
    parts += [one.about] if one.about else []
    parts += [f"Objects: {', '.join(one.words)}; without any, the first three."] if one.words else []
    parts += [f"Aliases, as in ip: {', '.join(aliases)}."] if aliases else []
    return "\n".join(parts)


def wrap(text: str, width: int) -> Iterator[str]:
    """The lines of paragraphs, broken at spaces."""
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            if line and len(line) + 1 + len(word) > width:
                yield line
                line = word
            else:
                line = f"{line} {word}" if line else word
        yield line


def _forms(option: Option) -> str:
    return ", ".join(f"{flag} {option.metavar}" if option.metavar else flag for flag in option.flags)


def _rows(rows: Rows, width: int) -> Iterator[str]:
    before = max(len(first) for first, _ in rows)
    indent = min(before, _MOST_BEFORE) + 4
    for first, second in rows:
        start = f"  {first:<{indent - 2}}"
        if len(first) > _MOST_BEFORE:
            yield start
            start = " " * indent
        for line in wrap(second, width - indent):
            yield start + line
            start = " " * indent
