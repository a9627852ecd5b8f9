"""Fast changes of addresses and routes: datagrams that are packed in advance, with many requests each."""

from __future__ import annotations

import socket
import struct
import sys
import threading
import time
from pathlib import Path

from worker import enter

sys.path.append(str(Path(__file__).parent.parent / "tests"))
from netlink_messages import NLM_F_CREATE, NLM_F_REQUEST, RTM_NEWADDR, RTM_NEWROUTE, attr, packed_message

LOOPBACK = 1
MARK = 4242  # the metric of the route that is added last


def addr(number: int, *, add: bool) -> bytes:
    """A request to add or delete an address of lo."""
    text = struct.pack("!BBH", 172, 16, number)
    body = struct.pack("=BBBBI", socket.AF_INET, 32, 0, 0, LOOPBACK) + attr(2, text) + attr(1, text)
    return _request(RTM_NEWADDR, body, add=add)


def route(number: int, *, add: bool, metric: int = 0) -> bytes:
    """A request to add or delete a route over lo."""
    body = struct.pack("=BBBBBBBBI", socket.AF_INET, 32, 0, 0, 254, 4, 253, 1, 0)
    body += attr(1, struct.pack("!I", (110 << 24) + number)) + attr(4, struct.pack("=I", LOOPBACK))
    return _request(RTM_NEWROUTE, body + attr(6, struct.pack("=I", metric)), add=add)


def _request(new: int, body: bytes, *, add: bool) -> bytes:
    return (
        packed_message(new, body, flags=NLM_F_REQUEST | NLM_F_CREATE)
        if add
        else packed_message(new + 1, body, flags=NLM_F_REQUEST)
    )


def batched(requests: list[bytes], size: int) -> list[bytes]:
    """Datagrams of so many requests each."""
    return [b"".join(requests[at : at + size]) for at in range(0, len(requests), size)]


class Sender:
    """A netlink socket in a namespace."""

    def __init__(self, namespace: str) -> None:
        thread = threading.Thread(target=self._open, args=(namespace,))  # a thread of its own enters the namespace
        thread.start()
        thread.join()

    def _open(self, namespace: str) -> None:
        enter(namespace)
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)

    def send(self, datagrams: list[bytes], per_second: float = float("inf")) -> float:
        """Sends so many datagrams a second. The kernel has done it all on return. Returns how many it were."""
        start = time.monotonic()
        for number, datagram in enumerate(datagrams):
            time.sleep(max(0.0, start + number / per_second - time.monotonic()))
            self.socket.send(datagram)
        seconds = time.monotonic() - start
        self._check()
        return len(datagrams) / seconds

    def _check(self) -> None:
        """Fails if the kernel refused a request. It answers nothing else."""
        try:
            answer = self.socket.recv(4096, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        raise RuntimeError(f"a change was refused: errno {-struct.unpack_from('=i', answer, 16)[0]}")

    def close(self) -> None:
        self.socket.close()


def pairs(make, count: int) -> list[bytes]:
    """So many requests: half of them add, and the others delete the same."""
    return [make(number, add=add) for number in range(count // 2) for add in (True, False)]
