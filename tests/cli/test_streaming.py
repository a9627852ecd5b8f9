"""Answers are written while they are made, and little is imported for them."""

import os
from collections.abc import Iterator

import pytest
from interpreter import modules_after
from netns import Namespace

from getifs import Session, enums
from getifs._cli import answers, main, output, parse, routes, text

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


def test_what_the_table_of_interfaces_imports() -> None:
    """Each of these takes a part of the time of a bare interpreter."""
    loaded = modules_after("from getifs._cli.main import main\nassert main(['links', '--color=auto']) == 0")
    assert "getifs._cli.text" in {name for name in loaded if "." in name}
    heavy = {"argparse", "ast", "difflib", "enum", "ipaddress", "json", "re", "shutil", "socket", "typing"}
    assert not loaded & heavy


def test_flags_and_states_are_those_of_the_enumerations() -> None:
    assert dict(enumerate(text.STATES)) == {int(state): state.name for state in enums.OperState}
    without_running = {int(flag): flag.name for flag in enums.Flags if flag is not enums.Flags.RUNNING}
    assert without_running == text.FLAGS
