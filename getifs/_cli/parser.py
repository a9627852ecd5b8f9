"""The parser of `argparse`, for mistakes, and for the completions of shells."""

from __future__ import annotations

import argparse
from typing import NoReturn

from .arguments import Arguments, UsageError, new
from .commands import FLAGS, command, options
from .hints import no_such_option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .commands import Option


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message)


def explain(name: str | None, words: Sequence[str]) -> Arguments:
    """The arguments of a command.

    Raises:
        UsageError: They are wrong; with a hint.
    """
    args = new(name)
    del args.words  # Python 3.10 and 3.11 warn about a list that is there before
    _, unknown = _of_command(name).parse_known_intermixed_args(words, args)
    for word in [*unknown, *args.words]:
        flag = word.partition("=")[0]
        if flag.startswith("-") and flag not in ("-", "--"):
            option = FLAGS.get(flag)
            if option is None:
                raise UsageError(no_such_option(flag))
            long = "--family" if option.name == "family" else option.flags[-1]
            raise UsageError(f"{name or 'the table of interfaces'} takes no {long}")
    return args


def _of_command(name: str | None) -> _Parser:
    """The parser of one command."""
    parser = _Parser(add_help=False, allow_abbrev=False)
    parser.add_argument("words", nargs="*")
    for option in options(command(name)):
        add(parser, option)
    return parser


def add(parser: argparse.ArgumentParser, option: Option) -> argparse.Action:
    """Adds an option to a parser."""
    how: dict[str, Any] = {"dest": option.name, "help": option.help, "default": argparse.SUPPRESS}
    if not option.metavar:
        return parser.add_argument(*option.flags, action="store_const", const=option.const, **how)
    how |= {"metavar": option.metavar, "action": "append" if option.many else "store", "type": option.convert}
    return parser.add_argument(*option.flags, choices=option.choices or None, **how)
