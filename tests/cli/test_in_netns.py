"""`--netns`: every query in another network namespace (B94)."""

import json
import subprocess
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from command import COMMAND, Output, answer, complaint, objects
from netns import Namespace, own_names


@pytest.fixture
def blue(quiet: Namespace) -> Iterator[None]:
    """A namespace with a link `v0`; there is none where the test runs."""
    with own_names():
        subprocess.run(["ip", "netns", "add", "blue"], check=True)
        commands = b"link add v1 type veth peer name v0\n link set v0 up\n addr add 192.0.2.1/24 dev v0"
        subprocess.run(["ip", "-n", "blue", "-batch", "-"], input=commands, check=True)
        yield
        subprocess.run(["ip", "netns", "del", "blue"], check=True)


def ip(*command: str) -> list[dict[str, Any]]:
    done = subprocess.run(["ip", "-n", "blue", "-j", *command], capture_output=True, check=True)
    result: list[dict[str, Any]] = json.loads(done.stdout)
    return result


@pytest.mark.parametrize("place", ["blue", "/run/netns/blue"])
def test_queries(blue: None, capsysbinary: Output, place: str) -> None:
    names = [link["ifname"] for link in ip("link")]
    assert [row["ifname"] for row in objects(capsysbinary, "--netns", place, "links")] == names
    assert [row["ifname"] for row in objects(capsysbinary, "--netns", place)] == names
    (addr,) = objects(capsysbinary, "--netns", place, "addrs", "--where", 'on("v0")', "-4")
    (told,) = ip("-4", "addr", "show", "dev", "v0")
    assert (addr["local"], addr["ifname"]) == (told["addr_info"][0]["local"], told["ifname"])
    assert objects(capsysbinary, "--netns", place, "addrs", "--interface", "v0", "-4") == [addr]
    assert answer(capsysbinary, "--netns", place, "index", "v0") == f"{told['ifindex']}\n"
    assert complaint(capsysbinary, "index", "v0") == (1, "no interface is called v0")


def test_watch(blue: None) -> None:
    command = [*COMMAND, "watch", "addrs", "--netns", "blue", "--initial", "--where", 'on("v0")']
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        late = threading.Timer(20, process.kill)
        late.start()
        assert "192.0.2.1/24" in process.stdout.readline()
        subprocess.run(["ip", "-n", "blue", "addr", "add", "198.51.100.1/24", "dev", "v0"], check=True)
        assert process.stdout.readline().startswith("added addr v0 198.51.100.1/24")
        late.cancel()
        process.terminate()


def test_errors(blue: None, capsysbinary: Output) -> None:
    assert complaint(capsysbinary, "--netns", "nope") == (1, "/run/netns/nope: No such file or directory")
    assert complaint(capsysbinary, "--netns", "/etc/passwd") == (1, "/etc/passwd: not a network namespace")
    status, text = complaint(capsysbinary, "--netns", "")
    assert status == 2
    assert "netns" in text
