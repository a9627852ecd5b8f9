"""The parser of `argparse`, for help and for mistakes."""

from __future__ import annotations

import argparse
from textwrap import wrap
from typing import NoReturn

from .arguments import Arguments, UsageError, new
from .commands import ALIASES, COMMANDS, ENVIRONMENT, EXIT_STATUS, FLAGS, command, options
from .hints import no_such_option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from .commands import Command, Option


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


def help_text(name: str | None) -> str:
    """The help of a command, or of all."""
    return _of_command(name).format_help()


def _of_command(name: str | None) -> _Parser:
    """The parser of one command."""
    one = command(name)
    parser = _Parser(
        prog=f"getifs {name}" if name else "getifs",
        usage=f"getifs {name}{_words(one)} [OPTION ...]" if name else "getifs [COMMAND] [OPTION ...]",
        description=description(name),
        epilog=_epilog(name),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
        allow_abbrev=False,
    )
    parser.add_argument("words", nargs="*", help=argparse.SUPPRESS)
    for option in options(one):
        add(parser, option)
    return parser


def _words(one: Command) -> str:
    return f" {one.argument}" if one.argument else " [OBJECT ...]" if one.words else ""


def add(parser: argparse.ArgumentParser, option: Option) -> argparse.Action:
    """Adds an option to a parser."""
    how: dict[str, Any] = {"dest": option.name, "help": option.help, "default": argparse.SUPPRESS}
    if not option.metavar:
        return parser.add_argument(*option.flags, action="store_const", const=option.const, **how)
    how |= {"metavar": option.metavar, "action": "append" if option.many else "store", "type": option.convert}
    return parser.add_argument(*option.flags, choices=option.choices or None, **how)


def description(name: str | None) -> str:
    """What a command does, or all of them."""
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
    return "\n".join(line for part in parts for line in wrap(part, 79))


def _epilog(name: str | None) -> str:
    one = command(name)
    text = ""
    if name is None:
        text += _list("commands", [(name, one.help) for name, one in COMMANDS.items()])
    text += _list("examples", [(f"getifs {line}".rstrip(), what) for line, what in one.examples])
    text += _list("exit status", [(str(number), what) for number, what in EXIT_STATUS])
    return text if name else text + _list("environment", ENVIRONMENT)


def _list(title: str, rows: Sequence[tuple[str, str]]) -> str:
    width = max(len(first) for first, _ in rows)
    if width > 24:  # the meaning on a line of its own
        return f"{title}:\n" + "".join(f"  {first}\n      {second}\n" for first, second in rows) + "\n"
    return f"{title}:\n" + "".join(f"  {first:<{width}}  {second}\n" for first, second in rows) + "\n"
