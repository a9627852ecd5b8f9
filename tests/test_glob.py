"""Shell patterns for interface names: C, Python and fnmatch agree."""

import fnmatch
import os
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from random_rows import agree, links_named, names, often, patterns
from recorded import whole

import getifs
from getifs import filters
from getifs._predicates.compiler import program_for
from getifs._predicates.patterns import parse


@often
@given(st.lists(names, min_size=1, max_size=8), patterns)
def test_names_and_patterns(some: list[bytes], pattern: str) -> None:
    agree(links_named(*some), filters.named(pattern))


@often
@given(names)
def test_name_matches_itself_and_its_characters(name: bytes) -> None:
    """A byte that is not valid UTF-8 is one character, U+DC80 + n, as in os.fsdecode() (B11)."""
    table, text = links_named(name), os.fsdecode(name)
    quoted = "".join(f"[{character}]" if character in "*?[" else character for character in text)
    assert agree(table, filters.named(quoted))
    assert agree(table, filters.named("?" * len(text)))
    assert not agree(table, filters.named("?" * (len(text) + 1)))
    if text and text[0] not in "]!":  # special characters at the start of a set
        assert agree(table, filters.named(f"[{text[0]}-{text[0]}]" + "?" * (len(text) - 1)))
        assert not agree(table, filters.named(f"[!{text[0]}-{text[0]}]" + "?" * (len(text) - 1)))


def members(draw: st.DrawFn) -> str:
    letter = st.sampled_from("ab0é€😀\udcff.\\^~&|")
    one, other = sorted([draw(letter), draw(letter)])
    return draw(st.sampled_from([one, one + other, f"{one}-{other}"]))


@st.composite
def common_patterns(draw: st.DrawFn) -> str:
    """Patterns that all versions of fnmatch read alike: no empty ranges, and an unclosed `[` only at the end."""
    parts = []
    for _ in range(draw(st.integers(0, 6))):
        inside = "".join(
            [draw(st.sampled_from(["", "]"])), members(draw), members(draw), draw(st.sampled_from(["", "-"]))]
        )
        kinds = [f"[{inside}]", f"[!{inside}]", "*", "?", draw(st.sampled_from("ab0-!]é€\udcff.\\^"))]
        parts.append(draw(st.sampled_from(kinds)))
    return "".join(parts) + draw(st.sampled_from(["", "", "[", "[!", "[a"]))


@often
@given(st.lists(names, min_size=1, max_size=8), common_patterns())
@example([b"a", b"-", b"b"], "[a-]")
@example([b"]", b"a"], "[]]")
@example([b"a", b"-", b"e", b"c", b"d"], "[a-c-e]")
@example([b"[a", b"a"], "[a")
def test_patterns_are_those_of_fnmatch(some: list[bytes], pattern: str) -> None:
    table = links_named(*some)
    found = agree(table, filters.named(pattern))
    assert found == [whole(row) for row in table if fnmatch.fnmatchcase(row.name, pattern)]


def test_characters_are_never_cut() -> None:
    """A star matches whole characters, and a truncated sequence does not continue in the next text."""
    assert agree(links_named("é".encode()), filters.named("*\udca9")) == []
    assert agree(links_named("aé€".encode()), filters.named("*\udc82\udcac")) == []
    table = links_named(b"\xc3", b"\xa9", b"\xe2\x82", b"\xac")
    assert agree(table, filters.named("[é€]*")) == []
    assert len(agree(table, filters.named("[\udcc3\udca9\udcac]"))) == 3
    assert len(agree(table, filters.named("\udce2\udc82"))) == 1


def test_range_that_ends_before_it_starts_takes_nothing() -> None:
    table = links_named(b"a", b"b", b"-", b"c")
    assert agree(table, filters.named("[b-a]")) == []
    assert len(agree(table, filters.named("[!b-a]"))) == 4
    agree(table, filters.named("[b-ac]"))
    assert [row.index for row in table.where(filters.named("[b-ac]"))] == [4]


def test_many_stars_cost_little() -> None:
    long = b"a" * 3000
    table = links_named(long, long + b"b")
    assert [row.index for row in table.where(filters.named("*a" * 50 + "*b"))] == [2]
    assert [row.index for row in table.where(filters.named("*" * 1000 + "b"))] == [2]
    assert parse("a***b*") == parse("a*b*")  # each redundant star would multiply the time in Python


def test_texts_of_another_file_system_encoding_are_matched_in_python(monkeypatch: pytest.MonkeyPatch) -> None:
    table = links_named("é".encode(), b"e")
    monkeypatch.setattr(sys, "getfilesystemencoding", lambda: "iso8859-15")
    predicate = filters.named("é") & filters.on(1)
    assert program_for(predicate, getifs.Interface) is None
    assert [row.index for row in table.where(predicate)] == [1]
