"""New network namespaces for the live tests.

A thread is in one namespace at a time. Inside `with namespace:`, the calling thread and the commands that it starts are
in that namespace. The kernel destroys a namespace when no process and no file descriptor refers to it any more.
"""

import contextlib
import ctypes
import json
import os
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

CLONE_NEWNET = 0x40000000
CLONE_NEWNS = 0x00020000
CLONE_NEWUSER = 0x10000000
KERNEL = tuple(map(int, re.findall(r"\d+", os.uname().release)[:2]))
libc = ctypes.CDLL(None, use_errno=True)


def _call(name: str, *args: int) -> None:
    if getattr(libc, name)(*args) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}")


def index_of(name: str) -> int:
    """The index of an interface. PyPy's if_nametoindex() fails for labels, and for names that are not UTF-8."""
    index: int = libc.if_nametoindex(os.fsencode(name))
    if not index:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return index


def become_root() -> None:
    """Moves the process to a new user namespace, in which it is root and may create network namespaces.

    Must be called while the process has a single thread.
    """
    uid, gid = os.getuid(), os.getgid()
    # setns() back to the original network, and to the original mounts, would fail.
    _call("unshare", CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"0 {uid} 1")
    Path("/proc/self/gid_map").write_text(f"0 {gid} 1")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


def _own_namespace() -> int:
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


class Namespace:
    """A network namespace in which only `lo` exists and is up. New links get no IPv6 link-local address."""

    def __init__(self) -> None:
        before = _own_namespace()
        try:
            _call("unshare", CLONE_NEWNET)
            self._fd = _own_namespace()
            _call("setns", before, CLONE_NEWNET)
        finally:
            os.close(before)
        self._outer: list[int] = []
        self._others: list[Namespace] = []
        self.ip("link set lo up")
        if Path("/proc/sys/net/ipv6").exists():
            self.give_link_local_addresses(False)

    def __enter__(self) -> "Namespace":
        outer = _own_namespace()
        _call("setns", self._fd, CLONE_NEWNET)
        self._outer.append(outer)
        return self

    def __exit__(self, *_: object) -> None:
        outer = self._outer.pop()
        try:
            _call("setns", outer, CLONE_NEWNET)
        finally:
            os.close(outer)

    def close(self) -> None:
        os.close(self._fd)
        for other in self._others:
            other.close()

    def other(self) -> "Namespace":
        """Another namespace; `close()` closes it too."""
        other = Namespace()
        self._others.append(other)
        return other

    @property
    def path(self) -> str:
        """A path of this namespace for `ip link set … netns`."""
        return f"/proc/{os.getpid()}/fd/{self._fd}"

    def run(self, *command: str, stdin: bytes = b"") -> bytes:
        with self:
            done = subprocess.run(command, input=stdin, capture_output=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{command}: {os.fsdecode(done.stdout + done.stderr)}")
        return done.stdout

    def ip(self, commands: str, *options: str) -> None:
        """Runs all lines of `commands` in one `ip OPTIONS -batch`."""
        try:
            self.run("ip", *options, "-batch", "-", stdin=os.fsencode(commands))
        except RuntimeError as error:
            failed = re.search(r"Command failed -:(\d+)", str(error))
            line = commands.splitlines()[int(failed[1]) - 1] if failed else commands
            raise RuntimeError(f"{line}\n{error}") from None

    def ip_json(self, *args: str) -> list[dict[str, Any]]:
        """The output of `ip -j ARGS`, decoded with `os.fsdecode()`."""
        text = os.fsdecode(self.run("ip", "-j", *args))
        return json.loads(text, object_pairs_hook=_first_of_each) if text.strip() else []

    def sysctl(self, name: str, value: object) -> None:
        with self:
            Path("/proc/sys", *name.split(".")).write_text(f"{value}\n")

    def give_link_local_addresses(self, give: bool) -> None:
        """Sets whether links created from now on get an fe80:: address."""
        self.sysctl("net.ipv6.conf.default.addr_gen_mode", 0 if give else 1)

    def index(self, name: str) -> int:
        with self:
            return index_of(name)

    def names(self) -> dict[int, str]:
        with self:
            # With musl, if_nameindex() returns address labels too.
            return {index: socket.if_indextoname(index) for index, _ in socket.if_nameindex()}

    def settle(self) -> None:
        """Waits until each IPv6 address has its local route. The kernel adds it asynchronously, even without DAD."""

        def settled() -> bool:
            before = self.ip_json("-6", "route", "show", "table", "all")
            time.sleep(0.02)
            if before != self.ip_json("-6", "route", "show", "table", "all"):
                return False
            addrs = [addr["local"] for link in self.ip_json("-6", "addr") for addr in link["addr_info"]]
            routes = self.ip_json("-6", "route", "show", "table", "local", "type", "local")
            return set(addrs) <= {route["dst"] for route in routes}

        wait_for(settled)

    def wait_for_carrier(self, *names: str) -> None:
        """Waits until the kernel has noticed, and announced, that links have a carrier."""
        for name in names:
            wait_for(lambda name=name: self.ip_json("link", "show", name)[0]["operstate"] == "UP")

    def pull(self, name: str, peer: str) -> None:
        """Takes the carrier from `name` by setting its peer down, and waits until the kernel has noticed."""
        self.ip(f"link set {peer} down")
        wait_for(lambda: self.ip_json("link", "show", name)[0]["operstate"] != "UP")

    def veth(self, name: str = "v0", peer: str = "v1", other: "Namespace | None" = None) -> int:
        """Creates a pair of links, both up, the peer in `other` if given. Returns the index of `name`."""
        self.ip(f"link add {name} type veth peer name {peer}")
        if other:
            self.ip(f"link set {peer} netns {other.path}")
        self.ip(f"link set {name} up")
        (other or self).ip(f"link set {peer} up")
        return self.index(name)


def _first_of_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # `ip -j route` prints "dst" and "tos" of an encapsulated route twice; those of the route itself come first.
    found = dict(reversed(pairs))
    if isinstance(encap := found.get("encap"), dict):  # nested since iproute2 7, among the route's keys in iproute2 6
        found = {**encap, **found, "encap": encap["encap_type"]}
        del found["encap_type"]
    return found


@contextlib.contextmanager
def namespace() -> Iterator[Namespace]:
    """A new namespace, which the calling thread enters."""
    net = Namespace()
    try:
        with net:
            yield net
    finally:
        net.close()


@contextlib.contextmanager
def own_names() -> Iterator[None]:
    """The calling thread, and the commands that it starts, have a /run/netns of their own."""
    before, directory = os.open("/proc/thread-self/ns/mnt", os.O_RDONLY | os.O_CLOEXEC), Path.cwd()
    try:
        _call("unshare", CLONE_NEWNS)
        try:
            subprocess.run(["mount", "--make-rprivate", "/"], check=True)
            subprocess.run(["mount", "-t", "tmpfs", "names", "/run"], check=True)
            Path("/run/netns").mkdir()
            yield
        finally:
            _call("setns", before, CLONE_NEWNS)
            os.chdir(directory)
    finally:
        os.close(before)


def wait_for(condition: Callable[[], Any], seconds: float = 15.0) -> Any:
    """Calls `condition` repeatedly and returns its first true result. Fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"still waiting after {seconds} s"
        time.sleep(0.01)
    return answer
