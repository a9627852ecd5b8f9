#!/usr/bin/env python3
"""Writes the man page and the completions of bash, zsh and fish into share/, from the declarations of the commands.

    scripts/shell_files.py [--check]

--check writes nothing, and fails if a file is not what would be written. Needs shtab. The man page has the options that
all commands share once, so it is not made by a generator for `argparse`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from textwrap import wrap

import shtab

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from getifs import __version__  # noqa: E402  # of this checkout
from getifs._cli.commands import (  # noqa: E402
    ALIASES,
    COMMANDS,
    COMMON,
    ENVIRONMENT,
    EXIT_STATUS,
    OVERVIEW,
    Command,
    Option,
    options,
)
from getifs._cli.help import description  # noqa: E402
from getifs._cli.parser import add  # noqa: E402

COMPLETIONS = {
    "bash": "bash-completion/completions/getifs",
    "zsh": "zsh/site-functions/_getifs",
    "fish": "fish/vendor_completions.d/getifs.fish",
}
DATE = "2026-11-28"  # of the latest change of the page
INTERFACES = shtab.cmd("ls /sys/class/net")
NAMESPACES = shtab.cmd("ls /run/netns 2>/dev/null")


def main() -> int:
    """Writes or checks the files."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--check", action="store_true")
    check = arguments.parse_args().check
    files = {path: shtab.complete(whole(), shell=shell) for shell, path in COMPLETIONS.items()}
    files["man/man1/getifs.1"] = man_page()
    stale = 0
    for path, text in files.items():
        target = ROOT / "share" / path
        if target.is_file() and target.read_text() == text:
            continue
        stale += 1
        if check:
            print(f"share/{path} is not what scripts/shell_files.py writes")
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        print(f"wrote share/{path}")
    return check and stale > 0


def whole() -> argparse.ArgumentParser:
    """The parser of all commands, in the form that shtab reads."""
    parser = argparse.ArgumentParser(prog="getifs", description=description(None), add_help=False)
    add_options(parser, OVERVIEW)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, one in COMMANDS.items():
        aliases = [alias for alias, means in ALIASES.items() if means == name]
        sub = commands.add_parser(name, help=one.help, aliases=aliases, description=one.help, add_help=False)
        add_options(sub, one)
        if one.argument:
            word = sub.add_argument("word", metavar=one.argument)
            if one.argument == "NAME":
                word.complete = INTERFACES  # type: ignore[attr-defined]  # shtab reads it
        elif one.words:
            sub.add_argument("words", nargs="*", choices=one.words)
    return parser


def add_options(parser: argparse.ArgumentParser, one: Command) -> None:
    """Adds the options of a command, and what their values can be."""
    for option in options(one):
        action = add(parser, option)
        if option.name in ("interface", "netns"):
            action.complete = INTERFACES if option.name == "interface" else NAMESPACES  # type: ignore[attr-defined]


def man_page() -> str:
    """The text of getifs(1)."""
    lines = [f'.TH GETIFS 1 "{DATE}" "getifs {__version__}" "User Commands"', ".SH NAME"]
    lines += [r"getifs \- show interfaces, addresses, routes and what else the kernel knows about the network"]
    lines += [".SH SYNOPSIS", ".B getifs", r"[\fICOMMAND\fR [\fIARGUMENT\fR]] [\fIOPTION\fR ...]"]
    lines += [".SH DESCRIPTION", *map(roff, description(None).splitlines()), *examples(OVERVIEW)]
    lines += [".SH OPTIONS", "Options of all commands:", *option_list(COMMON), ".PP", "Without a command also:"]
    lines += option_list(OVERVIEW.options)
    lines += [".SH COMMANDS"]
    for name, one in COMMANDS.items():
        argument = f" \\fI{one.argument}\\fR" if one.argument else " [\\fIOBJECT\\fR ...]" if one.words else ""
        lines += [f'.SS "{roff(name)}{argument}"', *map(roff, description(name).splitlines())]
        own = [option.flags[-1] for option in one.options if option in OVERVIEW.options]
        if own:
            lines += [".br", f"Takes {roff(', '.join(own))} as above."]
        lines += option_list([option for option in one.options if option not in OVERVIEW.options])
        lines += examples(one)
    lines += [".SH EXIT STATUS"]
    for status, meaning in EXIT_STATUS:
        lines += [".TP", f".B {status}", roff(meaning)]
    lines += [".SH ENVIRONMENT"]
    for variable, meaning in ENVIRONMENT:
        lines += [".TP", f".B {variable}", roff(meaning)]
    lines += [".SH SEE ALSO", r".BR ip (8), .BR rtnetlink (7)".replace(", .BR", ",\n.BR")]
    return "\n".join(line for one in lines for line in ([one] if one.startswith(".") else wrap(one, 79))) + "\n"


def option_list(declared: list[Option] | tuple[Option, ...]) -> list[str]:
    """Options with what they mean."""
    lines: list[str] = []
    for option in declared:
        value = f" \\fI{roff(option.metavar)}\\fR" if option.metavar else ""
        lines += [".TP", ", ".join(f"\\fB{roff(flag)}\\fR" for flag in option.flags) + value, roff(option.help)]
    return lines


def examples(one: Command) -> list[str]:
    """The examples of a command."""
    lines: list[str] = []
    for line, meaning in one.examples:
        lines += [".TP", f".B {roff(f'getifs {line}'.rstrip())}", roff(meaning)]
    return [".PP", "Examples:", *lines] if lines else []


def roff(text: str) -> str:
    """Escapes a line for roff."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace('"', "\\(dq")
    return f"\\&{escaped}" if escaped.startswith(".") else escaped


if __name__ == "__main__":
    sys.exit(main())
