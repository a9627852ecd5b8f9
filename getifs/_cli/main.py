"""The command line: `getifs` and `python -m getifs`."""

from __future__ import annotations

import gc
import sys

from .arguments import UsageError
from .parse import parse
from .terminal import escape, has_colours

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal as _signal
    from collections.abc import Sequence

    from .arguments import Arguments
else:
    import _signal  # `signal` would import `enum`

_DIED_OF_SIGPIPE = 141  # the status that a shell reports for a command that SIGPIPE ended


def _run(argv: Sequence[str]) -> None:
    args = parse(argv)
    if args.help:
        from .help import help_text
        from .output import write

        write(help_text(args.command))
    elif args.command is None and args.version:
        from .. import __version__
        from .output import write

        write(f"getifs {__version__}\n")
    else:
        try:
            _answer(args)
        except (TypeError, ValueError, RecursionError) as error:
            raise UsageError(str(error)) from None


def _answer(args: Arguments) -> None:
    from ..session import Session
    from . import output
    from .answers import answer, predicates
    from .commands import command

    colour = has_colours(args.color)
    with Session(netns=args.netns, timeout=args.timeout) as session:
        if args.command == "watch":
            from .follow import follow

            follow(args, predicates(session, args), colour=colour)
            return
        lines, objects = answer(session, args)
    if args.json:
        output.write_json(objects)
    else:
        output.write_lines(lines, colour=colour, named=command(args.command).named)


def _complain(message: str) -> None:
    if sys.stderr is not None:
        sys.stderr.write(f"getifs: {escape(message)}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Runs a command line, by default that of the process.

    Returns:
        The exit status: 0; 1 if the query failed; 2 if the command line is wrong; 141 if nobody reads the output.
    """
    collects = gc.isenabled()
    gc.disable()  # a command makes no cycles, and its imports alone would start collections
    interrupts = _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler
    if interrupts:
        # Python runs its own handler between two instructions. After a signal just before a system call, it would run
        # when that returns.
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    try:
        _run(sys.argv[1:] if argv is None else argv)
    except UsageError as error:
        _complain(str(error))
        return 2
    except BrokenPipeError:
        return _DIED_OF_SIGPIPE
    except OSError as error:
        _complain(f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error))
        return 1
    finally:
        if interrupts:
            _signal.signal(_signal.SIGINT, _signal.default_int_handler)
        if collects:
            gc.enable()
        if argv is None and hasattr(gc, "freeze"):
            gc.freeze()  # otherwise the interpreter looks for cycles in all imported objects before it exits
    return 0
