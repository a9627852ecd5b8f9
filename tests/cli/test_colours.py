"""Colours: when, and of what. The text itself stays."""

import re

import pytest
from command import Output, answer, on_terminal
from netns import Namespace

from getifs._cli.colours import paint
from getifs._cli.commands import COMMANDS

SGR = re.compile(r"\x1b\[[0-9;]*m")
NAME, MAC, INET, INET6, UP, DOWN = 36, 33, 35, 34, 32, 31


def word(colour: int, text: str) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m"


@pytest.mark.parametrize("arguments", [(), *((name,) for name, one in COMMANDS.items() if one.lines), ("tree",)])
def test_colours_change_no_text(network: Namespace, capsysbinary: Output, arguments: tuple[str, ...]) -> None:
    plain = answer(capsysbinary, *arguments, "--color=never")
    painted = answer(capsysbinary, *arguments, "--color=always")
    assert (painted == plain) == (arguments == ("rules",))
    assert SGR.sub("", painted) == plain == answer(capsysbinary, *arguments)


def test_when(network: Namespace, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal, unless NO_COLOR is set and not empty."""
    monkeypatch.setenv("TERM", "xterm")

    def is_coloured(*arguments: str) -> bool:
        return any(SGR.search(line) for line in on_terminal("routes", *arguments))

    assert is_coloured()
    assert not is_coloured("--color", "never")
    monkeypatch.setenv("NO_COLOR", "")
    assert is_coloured()
    monkeypatch.setenv("NO_COLOR", "1")
    assert not is_coloured()
    assert is_coloured("--color=always")
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not is_coloured()


def test_words(network: Namespace, capsysbinary: Output) -> None:
    lines = answer(capsysbinary, "links", "--color=always").splitlines()
    assert lines[0] == "\x1b[1mINDEX  INTERFACE        STATE             MTU  KIND    HARDWARE ADDRESS\x1b[0m"
    assert lines[3].startswith(f"    2  {word(NAME, 'v1')}               {word(UP, 'UP')}               1500  veth    ")
    assert lines[3].endswith(word(MAC, "02:00:5e:10:00:02"))
    assert lines[4] == f"    BROADCAST,MULTICAST,UP,LOWER_UP master {word(NAME, 'br0')} link {word(NAME, 'v0')}"
    route = answer(capsysbinary, "routes", "--color=always", "-4").splitlines()[0]
    assert route == f"default via {word(INET, '192.0.2.9')} dev {word(NAME, 'v0')} metric 100"
    addrs = answer(capsysbinary, "addrs", "--color=always").splitlines()
    assert f"{word(NAME, 'lo')}               {word(INET6, '::1/128')}" in "\n".join(addrs)
    assert word(DOWN, "blackhole") in answer(capsysbinary, "routes", "--color=always")


@pytest.mark.parametrize(
    ("text", "painted"),
    [
        ("1.2.3.4 1.2.3 1.2.3.4/x", f"{word(INET, '1.2.3.4')} 1.2.3 1.2.3.4/x"),
        ("fd00::/64 fd00:: a:b", f"{word(INET6, 'fd00::/64')} {word(INET6, 'fd00::')} a:b"),
        ("32766: from all", "32766: from all"),
        (
            "added link 7 v0 UP link v1",
            f"{word(UP, 'added')} link 7 {word(NAME, 'v0')} {word(UP, 'UP')} link {word(NAME, 'v1')}",
        ),
        ("removed addr v0 1.2.3.4", f"{word(DOWN, 'removed')} addr {word(NAME, 'v0')} {word(INET, '1.2.3.4')}"),
        ("::/0 scope link src", f"{word(INET6, '::/0')} scope link src"),
        ("dev 1.2.3.4", f"dev {word(NAME, '1.2.3.4')}"),
        ("", ""),
    ],
)
def test_kinds_of_words(text: str, painted: str) -> None:
    assert list(paint([text], None)) == [painted]


def test_names_cannot_colour(net: Namespace, capsysbinary: Output) -> None:
    """Escape sequences in names stay visible, whatever the colours."""
    net.run("ip", "link", "add", "\x1b[31mred", "type", "veth", "peer", "name", "v1")
    painted = answer(capsysbinary, "links", "--color=always")
    assert "\x1b[31mred" not in painted
    assert word(NAME, r"\x1b[31mred") in painted
