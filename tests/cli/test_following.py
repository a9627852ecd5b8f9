"""`getifs watch`: one line, or one JSON object, for each change, as it happens."""

import json
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from command import COMMAND, Output, complaint
from netns import Namespace, wait_for

# Seconds until a command that hangs is killed. On a busy machine a sound one takes more than ten.
PATIENCE = 60


@contextmanager
def watching(*arguments: str, stdout: int = subprocess.PIPE) -> Iterator["subprocess.Popen[str]"]:
    command = [*COMMAND, "watch", *arguments, "--initial"]
    env = {**os.environ, "COLUMNS": ""}
    with subprocess.Popen(command, stdout=stdout, stderr=subprocess.PIPE, text=True, env=env) as process:
        watchdog = threading.Timer(PATIENCE, process.kill)
        watchdog.start()
        try:
            yield process
        finally:
            watchdog.cancel()
            process.kill()


def lines(process: "subprocess.Popen[str]", count: int) -> list[str]:
    assert process.stdout
    assert process.stderr
    found = [process.stdout.readline().rstrip("\n") for _ in range(count)]
    if not all(found):
        pytest.fail(f"it ended with status {process.wait()}: {process.stderr.read()}")
    return found


@pytest.fixture
def v0(net: Namespace) -> int:
    index = net.veth()
    net.wait_for_carrier("v0", "v1")
    return index


def test_lines(net: Namespace, v0: int) -> None:
    with watching("addrs", "-4") as process:
        assert lines(process, 1) == ["added addr lo 127.0.0.1/8 scope host"]
        net.ip("addr add 10.0.0.1/8 dev v0\n addr change 10.0.0.1/8 dev v0 metric 7\n addr del 10.0.0.1/8 dev v0")
        assert lines(process, 3) == [
            "added addr v0 10.0.0.1/8",
            "changed addr v0 10.0.0.1/8",
            "removed addr v0 10.0.0.1/8",
        ]


def test_a_changed_line_says_what_was(net: Namespace, v0: int) -> None:
    with watching("links", "--interface", "v0") as process:
        (first,) = lines(process, 1)
        assert first.startswith(f"added link {v0} v0 ")
        net.ip("link set v0 mtu 1400")
        (line,) = lines(process, 1)
        assert line.startswith(f"changed link {v0} v0 UP 1400 veth ")
        assert line.endswith(" was mtu 1500")
        net.ip("link del v0")
        while "removed" not in (line := lines(process, 1)[0]):
            pass
        assert line.startswith(f"removed link {v0} v0 ")


def test_usual_objects_are_links_addrs_and_routes(net: Namespace, v0: int) -> None:
    with watching() as process:
        shown = lines(process, 7)
    assert {" ".join(line.split()[:2]) for line in shown} == {"added link", "added addr", "added route"}


def test_json(net: Namespace, v0: int) -> None:
    net.ip("addr add 10.0.0.1/8 dev v0\n nexthop add id 1 via 10.0.0.2 dev v0")
    with watching("route", "nexthop", "--all", "--json", "--where", 'on("v0")', "-4") as process:
        shown: list[dict[str, Any]] = [json.loads(line) for line in lines(process, 4)]
        assert [(event["event"], event["object"]) for event in shown] == [
            ("added", "nexthop"),
            *[("added", "route")] * 3,
        ]
        assert {event["row"]["dev"] for event in shown} == {"v0"}
        net.ip("nexthop replace id 1 via 10.0.0.3 dev v0")
        event = json.loads(lines(process, 1)[0])
        assert (event["event"], event["row"]["gateway"], event["old"]["gateway"]) == ("changed", "10.0.0.3", "10.0.0.2")


def interrupt(process: "subprocess.Popen[str]") -> None:
    """A single SIGINT ends it, without a traceback."""
    assert process.stderr
    process.send_signal(signal.SIGINT)
    assert (process.wait(PATIENCE), process.stderr.read()) == (-signal.SIGINT, "")


def test_interrupt(net: Namespace) -> None:
    with watching() as process:
        lines(process, 1)
        interrupt(process)


def test_a_closed_pipe_ends_it_at_once(net: Namespace) -> None:
    with watching("addrs") as process:
        lines(process, 2)
        assert process.stdout and process.stderr
        process.stdout.close()
        assert process.wait(PATIENCE) == 141
        assert process.stderr.read() == ""


def test_a_file_as_output(net: Namespace, tmp_path: Path) -> None:
    path = tmp_path / "out"
    with path.open("wb") as out, watching("addrs", stdout=out.fileno()) as process:
        wait_for(lambda: path.stat().st_size > 0 or process.poll() is not None)
        interrupt(process)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("watch", "defaults"), "watch takes links, addrs, routes, nexthops, neighbours, rules, not 'defaults'"),
        (("watch", "--table", "main"), "watch takes no --table"),
        (("watch", "links", "--stats"), "watch takes no --stats"),
        (
            ("watch", "links", "--where", "private"),
            "private takes rows that have an address",
        ),
        (("watch", "--settle=-1"), "settle must be at least 0 seconds"),
        (("links", "--initial"), "links takes no --initial"),
        (("addrs", "links"), "addrs takes no argument: 'links'"),
        (("index",), "index needs NAME"),
        (("index", "a", "b"), "index takes no argument: 'b'"),
    ],
)
def test_a_wrong_command_line(capsysbinary: Output, arguments: tuple[str, ...], text: str) -> None:
    status, message = complaint(capsysbinary, *arguments)
    assert status == 2
    assert text in message
