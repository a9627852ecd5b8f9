"""What people may have meant."""

from __future__ import annotations

from difflib import get_close_matches

from .commands import ALIASES, COMMANDS, FLAGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from .._rows.interface import Interface


def _near(word: str, known: Collection[str]) -> str:
    """Names like a word, as a question; empty if there are none."""
    found = get_close_matches(word, known, n=2, cutoff=0.7)
    return f"; did you mean {' or '.join(found)}?" if found else ""


def no_such_command(word: str) -> str:
    near = _near(word, [*COMMANDS, *ALIASES]) or f"; there are {', '.join(COMMANDS)}"
    return f"no command is called {word!r}{near}"


def no_such_option(flag: str) -> str:
    return f"there is no option {flag}{_near(flag, FLAGS)}"


def no_such_predicate(name: str, known: Collection[str]) -> str:
    near = _near(name, known) or f"; there are {', '.join(known)} and rfc.RFC..."
    return f"no predicate is called {name}{near}"


def no_such_interface(text: str, interfaces: Collection[Interface]) -> str:
    names = [name for interface in interfaces for name in (interface.name, *interface.alt_names)]
    near = "" if text.isdecimal() else _near(text, names)
    what = f"no interface has the index {text}" if text.isdecimal() else f"no interface is called {text}"
    return f"{what}{near}"
