"""The arguments of a command."""

from __future__ import annotations

from .commands import command, options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class UsageError(Exception):
    """The command line is wrong."""


class Arguments:
    """The command, its arguments in `words`, and an attribute for each of its options."""

    command: str | None
    words: list[str]
    json: bool
    help: bool
    color: str
    interface: Any  # its name or index, and then an `Interface`
    netns: str | None
    timeout: float

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


def new(name: str | None) -> Arguments:
    """Arguments without options."""
    args = Arguments()
    args.command, args.words = name, []
    for option in options(command(name)):
        setattr(args, option.name, option.default if option.metavar or option.const is not True else False)
    return args
