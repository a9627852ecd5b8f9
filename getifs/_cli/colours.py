"""Colours: those of `ip -c`, by what a word of a line is."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NAME, _MAC, _INET, _INET6, _UP, _DOWN, _HEADER = "36", "33", "35", "34", "32", "31", "1"  # SGR parameters
_STATES = {"UP": _UP, "DOWN": _DOWN, "LOWERLAYERDOWN": _DOWN}
_EVENTS = {"added": _UP, "removed": _DOWN, "changed": _MAC}
_EVENT_NAMED = {"link": 3, "addr": 2}  # positions of names, by the kind of object
_KINDS = {"blackhole": _DOWN, "unreachable": _DOWN, "prohibit": _DOWN, **_EVENTS}
_BEFORE_NAME = ("dev", "link", "master", "peer")
_HEXADECIMAL = frozenset("0123456789abcdef:.")
_LINES = frozenset("│├└─|`-")  # of trees


def paint(lines: Iterable[str], named: int | None) -> Iterator[str]:
    """Colours the words of escaped lines.

    Args:
        lines: The lines.
        named: The column of a table with the names of interfaces; its first line is a header.
    """
    for number, line in enumerate(lines):
        if named is not None and not number:
            yield f"\033[{_HEADER}m{line}\033[0m"
        else:
            yield _line(line, named)


def _line(line: str, named: int | None) -> str:
    words = line.split(" ")
    is_event = words[0] in _EVENTS and len(words) > 1
    if is_event:
        named = _EVENT_NAMED.get(words[1])
    made: list[str] = []
    before, position = "", 0
    # What stands further in is no row of the table, but for a number that is aligned to the right.
    is_row = named is not None and (not line.startswith("    ") or line.split(None, 1)[0].isdecimal())
    for word in words:
        colour = ""
        if word and not _LINES.issuperset(word):
            is_name = before in _BEFORE_NAME or (is_row and position == named)
            colour = _NAME if is_name else _of(word)
            is_value = before == "scope" or (is_event and position == 1)  # `scope link`, `added link`
            before, position = "" if is_value else word, position + 1
        made.append(f"\033[{colour}m{word}\033[0m" if colour else word)
    return " ".join(made)


def _of(word: str) -> str:
    """The colour of a word, empty if it has none."""
    if word in _STATES:
        return _STATES[word]
    if word.endswith(":") and not word.endswith("::") and not word[:-1].isdecimal():
        return _NAME
    address, _, length = word.partition("/")
    if length and not length.isdecimal():
        return ""
    if address.count(".") == 3 and address.replace(".", "").isdecimal():
        return _INET
    if address.count(":") > 1 and _HEXADECIMAL.issuperset(address):
        return _MAC if len(address) == 17 and address.count(":") == 5 and "::" not in address else _INET6
    return _KINDS.get(word, "")
