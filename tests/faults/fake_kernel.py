"""A fake kernel: answers the netlink requests of a process that runs with shim.c preloaded."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from netlink_messages import (
    HEADER,
    NLM_F_ACK_TLVS,
    NLM_F_CAPPED,
    NLM_F_DUMP,
    NLM_F_MULTI,
    NLMSG_DONE,
    NLMSG_ERROR,
    RTM_GETADDR,
    RTM_GETLINK,
    RTM_NEWADDR,
    RTM_NEWLINK,
    RTM_NEWROUTE,
    attr,
    packed_message,
)

PORT = 4242  # as in shim.c


class Request:
    """A netlink request of the process."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.length, self.type, self.flags, self.sequence, self.port = HEADER.unpack_from(data)
        self.payload = data[16 : self.length]
        self.family = self.payload[0] if self.payload else 0  # NLMSG_NOOP has none

    @property
    def is_probe(self) -> bool:
        """A request that the kernel refuses at once: it asks for a link or an address, and does not say which."""
        return not self.flags & NLM_F_DUMP and self.type in (RTM_GETLINK, RTM_GETADDR) and not any(self.payload[1:])


class Fault(Exception):
    """Sent instead of a datagram: recvfrom() fails with this errno."""


class Datagram(bytes):
    """A datagram from the port id `sender` instead of the kernel's, which is 0, or to the multicast groups `groups`."""

    sender = groups = 0


def message(
    request: Request,
    kind: int,
    payload: bytes,
    *,
    flags: int = NLM_F_MULTI,
    port: int = PORT,
    sequence: int | None = None,
) -> bytes:
    sequence = request.sequence if sequence is None else sequence
    return packed_message(kind, payload, flags=flags, sequence=sequence, port=port)


def done(request: Request, error: int = 0, text: str | None = None, **fields: int) -> bytes:
    payload = struct.pack("=i", -error)
    flags = NLM_F_MULTI
    if text is not None:
        payload += attr(1, text.encode() + b"\0")
        flags |= NLM_F_ACK_TLVS
    return message(request, NLMSG_DONE, payload, flags=flags, **fields)


def refusal(request: Request, error: int, text: str | None = None, *, capped: bool = True, sign: int = -1) -> bytes:
    payload = struct.pack("=i", sign * error) + (request.data[:16] if capped else request.data)
    flags = NLM_F_CAPPED if capped else 0
    if text is not None:
        payload += attr(1, text.encode() + b"\0")
        flags |= NLM_F_ACK_TLVS
    return message(request, NLMSG_ERROR, payload, flags=flags)


def link(request: Request, index: int, name: str, extra: bytes = b"", **fields: int) -> bytes:
    body = struct.pack("=BxHiII", 0, 1, index, 1, 0) + attr(3, name.encode() + b"\0") + attr(4, struct.pack("=I", 1500))
    return message(request, RTM_NEWLINK, body + extra, **fields)


def address(request: Request, index: int, packed: bytes, length: int, **fields: int) -> bytes:
    family = socket.AF_INET if len(packed) == 4 else socket.AF_INET6
    body = struct.pack("=BBBBI", family, length, 0x80, 0, index) + attr(1, packed) + attr(2, packed)
    return message(request, RTM_NEWADDR, body, **fields)


def route(request: Request, index: int, destination: bytes, length: int, extra: bytes = b"", **fields: int) -> bytes:
    family = socket.AF_INET if len(destination) == 4 else socket.AF_INET6
    body = struct.pack("=BBBBBBBBI", family, length, 0, 0, 254, 4, 0, 1, 0)
    body += attr(1, destination) if length else b""
    body += attr(4, struct.pack("=I", index)) if index else b""
    return message(request, RTM_NEWROUTE, body + extra, **fields)


Handler = Callable[[Request], "Iterable[bytes | Fault]"]


class FakeKernel:
    """Answers each request with the datagrams and faults that `handler` returns, and probes with `probe_handler`'s."""

    def __init__(self, shim: Path, handler: Handler) -> None:
        self.shim = shim
        self.handler = handler
        self.probe_handler: Handler = lambda request: [refusal(request, errno.EINVAL)]
        self.requests: list[Request] = []
        self.probes: list[Request] = []
        self.sockets = 0
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._listener.bind("")  # the kernel chooses an abstract address
        self._listener.listen(64)
        self._connections: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()
        self._listener.close()
        for connection, thread in zip(self._connections, self._threads[1:], strict=True):
            with contextlib.suppress(OSError):  # the process has closed its end
                connection.shutdown(socket.SHUT_RDWR)
            thread.join()
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
            self.sockets += 1
            self._connections.append(connection)
            self._threads.append(threading.Thread(target=self._serve, args=(connection,)))
            self._threads[-1].start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):  # the process has closed the socket
            while data := connection.recv(4096):
                request = Request(data)
                known, handler = (
                    (self.probes, self.probe_handler) if request.is_probe else (self.requests, self.handler)
                )
                known.append(request)
                for datagram in handler(request):
                    sender, groups = getattr(datagram, "sender", 0), getattr(datagram, "groups", 0)
                    error = datagram.args[0] if isinstance(datagram, Fault) else 0
                    content = b"" if isinstance(datagram, Fault) else datagram
                    connection.sendall(struct.pack("=III", sender, groups, error) + content)

    def run(self, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Runs a Python program with the shim preloaded."""
        name = self._listener.getsockname()[1:].decode()
        preloaded = ":".join(filter(None, [os.environ.get("LD_PRELOAD"), str(self.shim)]))
        return subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "LD_PRELOAD": preloaded, "FAKE_KERNEL": name, **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def ask(self, expression: str, **environment: str) -> object:
        """Evaluates an expression with the shim preloaded and returns its value, which must be valid JSON.

        An exception is returned as [class name, errno, text].
        """
        code = (
            "import json, getifs\n"
            "try:\n"
            f"    result = {expression}\n"
            "except Exception as error:\n"
            "    result = [type(error).__name__, getattr(error, 'errno', None), str(error)]\n"
            "print(json.dumps(result))\n"
        )
        done = self.run(code, **environment)
        assert done.returncode == 0, done.stderr
        result: object = json.loads(done.stdout)
        return result


def notification(kind: int, row: bytes) -> bytes:
    """A notification of another process's change. `row` is a message of a dump, whose content it has."""
    return packed_message(kind, row[16:], flags=0, sequence=7, port=4711)


def word(number: int) -> bytes:
    return struct.pack("=I", number)


def in_turn(*answers: Callable[[Request], Iterable[bytes | Fault]]) -> Handler:
    """A handler that gives each request its own answer, in order, and repeats the last one."""
    left: Iterator[Callable[[Request], Iterable[bytes | Fault]]] = iter(answers)
    current = [answers[-1]]

    def handler(request: Request) -> Iterable[bytes | Fault]:
        current[0] = next(left, current[0])
        return current[0](request)

    return handler


def links(*names: str, **fields: int) -> Callable[[Request], Iterable[bytes]]:
    return lambda request: [
        b"".join(link(request, index, name, **fields) for index, name in enumerate(names, 1)),
        done(request),
    ]
