"""What is written: names as their bytes, nothing that a terminal obeys, lines that fit."""

import gc
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping

import pytest
from command import Output, answer, objects, on_terminal, run
from interpreter import python
from netns import Namespace

import getifs
from getifs._cli import main
from getifs._cli.commands import COMMANDS
from getifs._cli.terminal import fold

SGR = re.compile(r"\x1b\[[0-9;]*m")
ENCODINGS: list[Mapping[str, str]] = [
    {},
    {"LC_ALL": "C"},
    {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "utf-8:strict"},
    {"PYTHONIOENCODING": "utf-16"},
]


@pytest.mark.parametrize("settings", ENCODINGS, ids=str)
def test_b11_names_are_written_as_their_bytes(net: Namespace, settings: Mapping[str, str]) -> None:
    """B11: not UTF-8, UTF-8 that is not ASCII, and both in one."""
    names = [b"\xff", b"\xc3\xa9", b"a\xe9b\xc3\xa9", b"\xe6\x97\xa5\xe6\x9c\xac"]
    for number, name in enumerate(names):
        net.ip(f"link add {os.fsdecode(name)} type veth peer name p{number}")
    for arguments in ((), ("links",)):
        done = run(*arguments, **settings)
        assert (done.returncode, done.stderr) == (0, b"")
        assert {word for word in done.stdout.split() if not word.isascii()} >= set(names)
    for name in names[:2]:
        index = net.index(os.fsdecode(name))
        assert run("name", str(index), **settings).stdout == name + b"\n"
        assert run("index", os.fsdecode(name), **settings).stdout == b"%d\n" % index
    shown = [link["ifname"] for link in json.loads(run("links", "--json", **settings).stdout)]
    if "PYTHONUTF8" not in settings:  # where Python takes names for ASCII, é is two bytes that are none
        assert {os.fsencode(name) for name in shown} >= set(names)
    assert all(name.isascii() for name in run("--json", **settings).stdout.splitlines())


def test_control_characters_stay_visible(net: Namespace, capsysbinary: Output) -> None:
    alias = 'x\n\x1b[31m\r\t\x7f\u009b\u202e\u200b"\\'
    net.run("ip", "link", "add", "\x1b]0;\x07", "type", "veth", "peer", "name", "v1")
    net.run("ip", "link", "set", "\x1b]0;\x07", "alias", alias)
    lines = answer(capsysbinary, "links").split("\n")
    assert len(lines) == 1 + 2 * 3 + 1
    assert all(line.isprintable() for line in lines)
    assert sum(r"\x1b]0;\x07" in line for line in lines) == 2  # its own line, and that of its peer
    assert sum(r'alias x\n\x1b[31m\r\t\x7f\x9b\u202e\u200b"\\'[:-1] in line for line in lines) == 1
    header, *lines = answer(capsysbinary).splitlines()
    assert [line[: header.index("STATE")] for line in lines if "DOWN" in line] == ["v1           ", r"\x1b]0;\x07  "]
    (link,) = objects(capsysbinary, "links", "--interface", "\x1b]0;\x07")
    assert (link["ifname"], link["ifalias"]) == ("\x1b]0;\x07", alias)


def test_columns_of_wide_and_combining_characters(net: Namespace, capsysbinary: Output) -> None:
    for number, name in enumerate(("日本語", "e\u0301e\u0301", "abcdef")):
        net.ip(f"link add {name} address 02:00:5e:10:00:0{number} type veth peer name p{number}")
    lines = answer(capsysbinary).splitlines()
    heads = [line.partition("DOWN")[0] for line in lines if "02:00:5e" in line]
    assert heads == ["日本語     ", "e\u0301e\u0301         ", "abcdef     "]


@pytest.mark.skipif(sys.implementation.name == "pypy", reason="PyPy imports unicodedata when it starts")
@pytest.mark.parametrize(("name", "imported"), [("abcdef", False), ("日本語", True)])
def test_unicodedata_is_imported_for_names_that_are_not_ascii(net: Namespace, name: str, imported: bool) -> None:
    net.ip(f"link add {name} type veth peer name p0")
    program = "import sys; import getifs._cli.main as c; c.main(['links']); print('unicodedata' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.splitlines()[-1] == str(imported).encode()


@pytest.mark.parametrize(
    "arguments",
    [(), *((name,) for name, command in COMMANDS.items() if command.method), ("tree",), ("--help",)],
    ids=" ".join,
)
def test_eighty_columns(network: Namespace, arguments: tuple[str, ...]) -> None:
    """On a terminal lines end before it does, and hold all that they hold elsewhere."""
    wide = os.fsdecode(run(*arguments, COLUMNS="200" if arguments == ("--help",) else "").stdout)
    lines = [SGR.sub("", line) for line in on_terminal(*arguments)]
    assert max(map(len, lines)) <= 80
    assert [line for line in lines if line != line.rstrip()] == []
    assert " ".join(lines).split() == wide.split()
    assert max(len(SGR.sub("", line)) for line in on_terminal(*arguments, columns=400)) < 400


def test_fold() -> None:
    """A word that is longer than the line stays whole; what goes on stands further in."""
    for text, columns, folded in (
        ("one two three", "9", ["one two", "    three"]),
        ("    one two", "9", ["    one", "        two"]),
        ("three", "3", ["three"]),
        ("a b c", "1", ["a", "    b", "    c"]),
        ("      ab c", "3", ["      ab", "          c"]),
        ("one \n  ", "5", [r"one", r"    \n"]),
        ("one two", "0", ["one two"]),
    ):
        assert list(fold([text], int(columns))) == folded


@pytest.mark.parametrize("collects", [True, False])
def test_garbage_is_collected_again(collects: bool, capsysbinary: Output) -> None:
    try:
        if not collects:
            gc.disable()
        assert [main.main(["index", name]) for name in ("lo", "nowhere0")] == [0, 1]
        assert gc.isenabled() == collects
    finally:
        gc.enable()


@pytest.mark.skipif(not hasattr(gc, "freeze"), reason="PyPy")
def test_only_a_process_that_ends_leaves_its_garbage() -> None:
    frozen = "import gc\nfrom getifs._cli.main import main\nassert main({}) == 0\nprint(gc.get_freeze_count() > 0)"
    assert [python(frozen.format(given)).split()[-1] for given in ("", "['--version']")] == ["True", "False"]


def test_help_and_version(capsysbinary: Output) -> None:
    text = answer(capsysbinary, "--help")
    for name, command in COMMANDS.items():
        assert f"\n  {name} " in text
        own = answer(capsysbinary, name, "-h")
        assert own == answer(capsysbinary, "--help", name)
        assert own.startswith(f"usage: getifs {name} ")
        assert ("--table" in own, "--settle" in own) == (name == "routes", name == "watch")
        assert all(f"getifs {line}\n" in own or f"getifs {line} " in own for line, _ in command.examples)
    assert answer(capsysbinary, "--version") == f"getifs {getifs.__version__}\n"
