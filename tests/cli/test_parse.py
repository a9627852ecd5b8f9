"""Command lines that are parsed without `argparse` have the arguments that it finds."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from getifs._cli import parse, parser
from getifs._cli.arguments import UsageError
from getifs._cli.commands import COMMANDS, FLAGS

WORDS = [*FLAGS, "4", "6", "5", "lo", "1.5", "0x10", "auto", "main", "-", "--", "", "--json=1", "--color=never", "-1"]
WORDS += ["--family=4", "--family=5", "--where=", "--where=up", "--timeout=x", "--tabl", "-46", "--interface=-1"]


@given(st.sampled_from([None, *COMMANDS]), st.lists(st.sampled_from(WORDS), max_size=6))
def test_both_ways_agree(name: str | None, words: list[str]) -> None:
    plain = parse._plain(name, words)
    if plain is None:
        return
    explained = parser.explain(name, words)
    assert vars(plain) == vars(explained)


@given(st.lists(st.sampled_from([*WORDS, *COMMANDS]), max_size=6))
def test_every_command_line_is_parsed_or_refused(words: list[str]) -> None:
    with suppress(UsageError):
        assert parse.parse(words).command in (None, *COMMANDS)


def test_usual_command_lines_are_parsed_without_it() -> None:
    for name, words in (
        (None, []),
        ("links", ["--stats", "--interface", "lo"]),
        ("routes", ["-4", "--table", "main", "--json", "--where=default_route", "--where", "ipv4"]),
        ("watch", ["links", "--settle", "1", "addrs"]),
        ("get", ["192.0.2.1", "--mark", "0x10"]),
    ):
        assert parse._plain(name, words) is not None
    assert (
        vars(parse._plain("routes", ["-6", "--where=a", "--where", "b"])).items()
        >= {
            "family": 6,
            "where": ["a", "b"],
            "json": False,
            "table": None,
            "timeout": 5.0,
        }.items()
    )
