"""Answers are written while they are made, and little is imported for them."""

import json
import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from interpreter import modules_after
from netns import Namespace

from getifs import Session
from getifs._cli import answers, json_text, main, output, parse, routes

ROUTES = 20_000


@pytest.fixture
def many(net: Namespace) -> Namespace:
    net.ip("link set lo up")
    net.ip("\n".join(f"route add 10.{n >> 8}.{n & 255}.0/24 dev lo" for n in range(ROUTES)))
    return net


@pytest.fixture
def converted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The number of routes that were converted so far."""
    count = [0]
    original = routes.address_text

    def counted(family: int, record: bytes, at: int) -> str:
        count[0] += 1
        return original(family, record, at)

    monkeypatch.setattr(routes, "address_text", counted)
    return count


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("form", ["lines", "json"])
def test_routes_are_converted_when_they_are_written(converted: list[int], form: str) -> None:
    with Session() as session:
        lines, objects = answers.answer(session, parse.parse(["routes"]))
        assert converted == [0]
        rest = iter(lines if form == "lines" else objects)
        next(rest)
        assert converted == [1]
        assert sum(1 for _ in rest) == ROUTES - 1


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("arguments", [["routes"], ["routes", "--json"]])
def test_a_reader_that_leaves_ends_it(
    converted: list[int], arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not more is converted than a pipe and one write hold."""
    reader, writer = os.pipe()
    with os.fdopen(writer, "w") as pipe:
        monkeypatch.setattr("sys.stdout", pipe)
        os.close(reader)
        assert main.main(arguments) == 141
    assert 0 < converted[0] <= output._LINES


COMMANDS = [
    "",
    "--json",
    "--help",
    "routes --help",
    "links",
    "links --details --link-modes --json",
    "addrs",
    "routes",
    "routes --json",
    "multicast",
    "gateways",
    "neighbours",
    "nexthops -j",
    "rules",
    "rules --json",
    "get 127.0.0.1",
    "index lo",
    "mtu 127.0.0.1",
    "best",
    "tree",
    "tree --json",
    'links --where up|~on("lo")|kind("veth")',
    "routes --where default_route|private",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_what_a_command_imports(command: str) -> None:
    """Each of these takes a part of the time of a bare interpreter."""
    program = f"from getifs._cli.main import main\nassert main({[*command.split(), '--color=auto']}) == 0"
    loaded = modules_after(program)
    assert "getifs._cli.output" in {name for name in loaded if "." in name}
    heavy = {
        "argparse",
        "ast",
        "collections",
        "difflib",
        "enum",
        "functools",
        "importlib",
        "ipaddress",
        "json",
        "operator",
        "re",
        "shutil",
        "socket",
        "textwrap",
        "typing",
    }
    if sys.implementation.name == "pypy" and "-j" in command:
        heavy -= {"collections", "enum", "functools", "json", "operator", "re"}  # it has no _json, and imports json
    assert not loaded & heavy


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda one: st.lists(one) | st.dictionaries(st.text(), one),
)


@given(_VALUES)
def test_json(value: object) -> None:
    assert json_text.dumps(value) == json.dumps(value)
