"""What goes wrong: one line on standard error, an exit status, never a traceback."""

import os
import signal
import subprocess
from pathlib import Path

import pytest
from command import COMMAND, Output, complaint, run
from netns import Namespace

from getifs._cli.commands import COMMANDS

QUERIES = [name for name, command in COMMANDS.items() if command.method]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["nonsense"], "no command is called 'nonsense'; there are links, addrs, "),
        ([""], "no command is called ''"),
        (["links", "v0"], "links takes no argument: 'v0'"),
        (["links", "v0", "v1"], "links takes no argument: 'v1'"),
        (["links", "--nonsense"], " --nonsense"),
        (["links", "--stat"], " --stat"),
        (["links", "a\nb\x1b"], r"'a\nb\x1b'"),
        (["links", "--a\nb"], r" --a\nb"),
        (["links", "-4"], "links takes no --family"),
        (["-4", "links"], "links takes no --family"),
        (["nexthops", "-6"], "nexthops takes no --family"),
        (["addrs", "--stats"], "addrs takes no --stats"),
        (["addrs", "--all"], "addrs takes no --all"),
        (["addrs", "--link-modes"], "addrs takes no --link-modes"),
        (["addrs", "--table", "0"], "addrs takes no --table"),
        (["--table", "main"], "the table of interfaces takes no --table"),
        (["mtu", "::1", "--interface", "lo"], "mtu takes no --interface"),
        (["mtu", "::1", "--where", "up"], "mtu takes no --where"),
        (["name"], "name needs INDEX"),
        (["mtu", "--json"], "mtu needs ADDRESS"),
        (["name", "lo"], "INDEX must be a number, not 'lo'"),
        (["name", "0"], "index must be from 1 to 2147483647, not 0"),
        (["name", "9" * 5000], "digits"),
        (["index", "a/b"], "name must not contain NUL or '/'"),
        (["index", ""], "name must have 1 to 127 bytes"),
        (["iface", "x" * 128], "name must have 1 to 127 bytes"),
        (["mtu", "127.0.0"], "'127.0.0' is not an IPv4 or IPv6 address"),
        (["--interface", ""], "name must have 1 to 127 bytes"),
        (["--interface", "0"], "index must be from 1 to 2147483647, not 0"),
        (["--interface"], "argument --interface: "),
        (["--family", "5"], "argument --family: "),
        (["--family", "inet"], "argument --family: "),
        (
            ["routes", "--table", "nonsense"],
            "table: no table is called 'nonsense'",
        ),
        (["routes", "--table", "0"], "table must be from 1 to 4294967295, not 0"),
        (["--timeout", "0"], "timeout must be more than 0 seconds"),
        (["--timeout", "nan"], "timeout must be more than 0 seconds"),
        (["--timeout", "soon"], "argument --timeout: "),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else None,
)
def test_usage_errors(net: Namespace, capsysbinary: Output, arguments: list[str], text: str) -> None:
    status, line = complaint(capsysbinary, *arguments)
    assert status == 2
    assert text in line


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--interface", "nope"], "no interface is called nope"),
        (["--interface", "99"], "no interface has the index 99"),
        *(([query, "--interface", "nope"], "no interface is called nope") for query in QUERIES),
        *(([query, "--interface", "99"], "no interface has the index 99") for query in QUERIES),
        (["links", "--where", 'on("nope")'], "no interface is called nope"),
        (["name", "99"], "no interface has the index 99"),
        (["index", "nope"], "no interface is called nope"),
        (["index", "\x1b[31m"], r"no interface is called \x1b[31m"),
        (["iface", "nope"], "no interface is called nope"),
        (["mtu", "203.0.113.9"], "no interface owns 203.0.113.9"),
    ],
)
def test_failures(net: Namespace, capsysbinary: Output, arguments: list[str], line: str) -> None:
    assert complaint(capsysbinary, *arguments) == (1, line)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["rotues"], "no command is called 'rotues'; did you mean routes or rules?"),
        (["neighbors"], "no command is called 'neighbors'; did you mean neighbours or neighbour?"),
        (["links", "--intreface", "lo"], "there is no option --intreface; did you mean --interface?"),
        (["routes", "--tabel=main"], "there is no option --tabel; did you mean --table?"),
        (["links", "--interface", "uplnk"], "no interface is called uplnk; did you mean uplink?"),
        (["index", "v00"], "no interface is called v00; did you mean v0?"),
        (["addrs", "--where", "privat"], "--where: no predicate is called privat; did you mean private?"),
        (["addrs", "--where", "rfc.RFC191"], "--where: no predicate is called rfc.RFC191; did you mean rfc.RFC1918 or"),
        (["links", "--where", "up or up"], "--where: predicates are combined with |, not with 'or': up | up"),
        (["links", "--where", "not (up & up)"], "--where: the opposite of a predicate is made with ~, not with 'not'"),
        (["links", "--where", 'kind(name="a")'], "--where: kind takes no argument by name: kind('a'), not name="),
    ],
)
def test_hints(network: Namespace, capsysbinary: Output, arguments: list[str], line: str) -> None:
    status, message = complaint(capsysbinary, *arguments)
    assert status in (1, 2)
    assert message.startswith(line)


def test_exit_statuses_of_the_process(net: Namespace) -> None:
    for arguments, status, err in (
        ((), 0, b""),
        (("index", "nope"), 1, b"getifs: no interface is called nope\n"),
        (("index", "\udcff"), 1, b"getifs: no interface is called \\udcff\n"),
        (("index",), 2, b"getifs: index needs NAME\n"),
    ):
        done = run(*arguments)
        assert (done.returncode, done.stderr, bool(done.stdout)) == (status, err, not status)


def many_routes(net: Namespace) -> None:
    """More than a pipe holds."""
    net.veth()
    net.ip("\n".join(f"route add 10.{n >> 8}.{n & 255}.0/24 dev v0" for n in range(1000)))


@pytest.fixture(params=["", "1"], ids=["buffered", "unbuffered"])
def _either_output(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's standard output, which behaves otherwise with `python -u`."""
    monkeypatch.setenv("PYTHONUNBUFFERED", request.param)


@pytest.mark.usefixtures("_either_output")
def test_a_closed_pipe(net: Namespace) -> None:
    many_routes(net)
    command = [*COMMAND, "routes", "--all", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline().startswith(b'[{"type": "unicast", "dst": "10.0.0.0/24"')
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 128 + signal.SIGPIPE


@pytest.mark.usefixtures("_either_output")
@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["links"]])
def test_a_pipe_that_was_closed_before(net: Namespace, arguments: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*COMMAND, *arguments], stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (128 + signal.SIGPIPE, b"")


@pytest.mark.usefixtures("_either_output")
def test_an_interrupt(net: Namespace) -> None:
    """While it waits for a reader, for one."""
    many_routes(net)
    command = [*COMMAND, "routes", "--all", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        os.read(process.stdout.fileno(), 1)
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == b""
        assert process.wait() == -signal.SIGINT


@pytest.mark.usefixtures("_either_output")
def test_nowhere_to_write(net: Namespace) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(COMMAND, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (1, b"getifs: No space left on device\n")
    closed = ["sh", "-c", 'exec "$@" >&-', "sh", *COMMAND]
    done = subprocess.run(closed, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (1, b"getifs: standard output: Bad file descriptor\n")
