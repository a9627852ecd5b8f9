"""From the words of a command line to arguments. What they do not fit is explained by `argparse`, see `parser.py`."""

from __future__ import annotations

from .arguments import Arguments, UsageError, new
from .commands import ALIASES, COMMANDS, FLAGS, command, options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def parse(argv: Sequence[str]) -> Arguments:
    """The arguments of a command line.

    Raises:
        UsageError: It is wrong.
    """
    name, words = _split(argv)
    name = ALIASES.get(name, name) if name else name
    if name is not None and name not in COMMANDS:
        from .hints import no_such_command

        raise UsageError(no_such_command(name))
    args = _plain(name, words)
    if args is None:
        from .parser import explain

        args = explain(name, words)
    if name == "watch":
        args.words = [ALIASES.get(word, word) for word in args.words]
    _check(args)
    return args


def _split(argv: Sequence[str]) -> tuple[str | None, list[str]]:
    """The first word that is neither an option nor the value of one, and the others."""
    at = 0
    while at < len(argv):
        word = argv[at]
        if not word.startswith("-") or word == "-":
            return word, [*argv[:at], *argv[at + 1 :]]
        option = FLAGS.get(word)
        at += 2 if option is not None and option.metavar else 1
    return None, list(argv)


def _plain(name: str | None, words: Sequence[str]) -> Arguments | None:
    """The arguments, if all options are written in full and have values that fit. `argparse` takes longer to import."""
    known = {flag: option for option in options(command(name)) for flag in option.flags}
    args = new(name)
    waiting = iter(words)
    for word in waiting:
        if not word.startswith("-"):
            args.words.append(word)
            continue
        flag, has_value, value = word.partition("=") if word.startswith("--") else (word, "", "")
        option = known.get(flag)
        if option is None or (has_value and not option.metavar):
            return None
        if not option.metavar:
            setattr(args, option.name, option.const)
            continue
        text = value if has_value else next(waiting, "-")
        try:
            converted = option.convert(text)
        except ValueError:
            return None
        if (text.startswith("-") and not has_value) or (option.choices and converted not in option.choices):
            return None
        setattr(args, option.name, [*(getattr(args, option.name) or []), converted] if option.many else converted)
    return args


def _check(args: Arguments) -> None:
    """Checks the number of arguments, and those of `watch`."""
    if args.help:
        return
    one = command(args.command)
    if one.argument and not args.words:
        raise UsageError(f"{args.command} needs {one.argument}")
    if one.words:
        for word in args.words:
            if word not in one.words:
                raise UsageError(f"{args.command} takes {', '.join(one.words)}, not {word!r}")
    elif len(args.words) > bool(one.argument):
        raise UsageError(f"{args.command} takes no argument: {args.words[-1]!r}")
