"""Shell patterns for names, translated for the C core (`enum getifs_glob_op`) and to regular expressions.

`*` is any text, `?` any character, `[a-z]` a character of a set, `[!a-z]` one outside. Case matters.
"""

from __future__ import annotations

from .. import _records

TYPE_CHECKING = False
if TYPE_CHECKING:
    from re import Pattern

CHAR, ANY, STAR = _records.GETIFS_GLOB_CHAR, _records.GETIFS_GLOB_ANY, _records.GETIFS_GLOB_STAR
SET, NOT_SET, RANGE = _records.GETIFS_GLOB_SET, _records.GETIFS_GLOB_NOT_SET, _records.GETIFS_GLOB_RANGE

Element = tuple[int, int, int]


def literal(text: str) -> list[Element]:
    """The elements of a pattern that matches this text only."""
    return [(CHAR, ord(character), 0) for character in text]


def parse(pattern: str) -> list[Element]:
    """The elements of a shell pattern. A `[` without a `]` is an ordinary character."""
    elements: list[Element] = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        at += 1
        if character == "*":
            if elements[-1:] != [(STAR, 0, 0)]:  # `**` means the same and makes regular expressions slow
                elements.append((STAR, 0, 0))
        elif character == "?":
            elements.append((ANY, 0, 0))
        elif character == "[" and (end := _set_end(pattern, at)) > 0:
            elements += _parse_set(pattern[at:end])
            at = end + 1
        else:
            elements += literal(character)
    return elements


def _set_end(pattern: str, at: int) -> int:
    """Position of the `]` that ends a set, or -1. A `]` in first place is a member."""
    if pattern[at : at + 1] == "!":
        at += 1
    return pattern.find("]", at + 1)


def _parse_set(body: str) -> list[Element]:
    op = SET
    if body.startswith("!"):
        op, body = NOT_SET, body[1:]
    ranges: list[Element] = []
    at = 0
    while at < len(body):
        first = last = body[at]
        if body[at + 1 : at + 2] == "-" and at + 2 < len(body):
            last = body[at + 2]
            at += 2
        at += 1
        ranges.append((RANGE, ord(first), ord(last)))
    return [(op, len(ranges), 0), *ranges]


def regex(elements: list[Element]) -> Pattern[str]:
    """A regular expression for `fullmatch` that matches the same texts."""
    import re

    text = ""
    at = 0
    while at < len(elements):
        op, first, _ = elements[at]
        at += 1
        if op in (SET, NOT_SET):
            text += _regex_set(elements[at : at + first], negated=op == NOT_SET)
            at += first
        else:
            text += {ANY: ".", STAR: ".*"}.get(op) or re.escape(chr(first))
    return re.compile(text, re.DOTALL)


def _regex_set(ranges: list[Element], *, negated: bool) -> str:
    """A set as a regular expression. Empty ranges such as `[b-a]`, which `re` refuses, match nothing."""
    inside = "".join(f"\\U{first:08x}-\\U{last:08x}" for _, first, last in ranges if first <= last)
    if not inside:
        return "." if negated else "(?!)"
    return f"[{'^' if negated else ''}{inside}]"
