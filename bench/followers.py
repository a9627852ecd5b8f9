"""One library that follows changes: reads lines "operation count", does it, and answers with a number or "-".

Started by watch.py, once for each library, in the namespace to be measured. The operations are the methods of
`Follower`; "-" stands for what the library does not have, and for what took longer than `PATIENCE` seconds.
"""

from __future__ import annotations

import asyncio
import errno
import gc
import signal
import sys
import threading
import time
from pathlib import Path

from changes import MARK
from worker import enter, peak_kb

PATIENCE = 30


def resident() -> int:
    """Bytes of memory that this process has now."""
    gc.collect()
    return int(Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0]) * 1024


class Follower:
    """A library. Times are nanoseconds of the processor, all threads together, unless another clock is named."""

    before = seen = 0

    def addrs(self, _: int) -> int:
        """Begins to follow addresses."""
        return self._timed(self.follow_addrs)

    def routes(self, _: int) -> int:
        """Begins to follow IPv4 routes."""
        self.before = resident()
        return self._timed(self.follow_routes)

    def events(self, count: int) -> int:
        """Reads so many changes that have been made already."""
        return self._timed(lambda: self.read(count))

    def idle(self, seconds: int) -> int:
        """Follows while nothing changes."""
        return self._timed(lambda: self.wait(seconds))

    def mark(self, _: int) -> int:
        """Reads until the change with the metric MARK. Returns the time of CLOCK_MONOTONIC."""
        self.seen = 0
        self.used = self._timed(self.read_until_mark)
        return time.monotonic_ns()

    def events_seen(self, _: int) -> int:
        """Changes that `mark` has read, with the one that it waited for."""
        return self.seen

    def time_used(self, _: int) -> int:
        """The time that `mark` took."""
        return self.used

    def memory(self, _: int) -> int:
        """Bytes of memory more than before `routes`."""
        return resident() - self.before

    def peak(self, _: int) -> int:
        """Bytes of memory more than before `routes`, at the most."""
        return peak_kb() * 1024 - self.before

    def interfaces(self, count: int) -> int:
        """Answers so many queries for the interfaces from the state that is kept."""
        return self._timed(lambda: [self.query("interfaces") for _ in range(count)])

    def interface_addrs(self, count: int) -> int:
        return self._timed(lambda: [self.query("addresses") for _ in range(count)])

    def close(self) -> None:
        pass

    @staticmethod
    def _timed(action) -> int:
        start = time.process_time_ns()
        action()
        return time.process_time_ns() - start


class Getifs(Follower):
    def follow_addrs(self) -> None:
        import getifs

        self.watcher = getifs.watch(links=False)

    def follow_routes(self) -> None:
        import getifs

        self.watcher = getifs.watch(family=4, links=False, addrs=False, routes=True)

    def read(self, count: int) -> None:
        while count > 0:
            count -= len(self.watcher.poll())

    def wait(self, seconds: int) -> None:
        self.watcher.poll(seconds)

    def read_until_mark(self) -> None:
        while True:
            events = self.watcher.poll()
            self.seen += len(events)
            if any(event.row.metric == MARK for event in events):
                return

    def query(self, what: str) -> None:
        if what == "interfaces":
            self.watcher.interfaces()
        else:
            self.watcher.interface_addrs()


class Dump(Follower):
    """The table of one query, for a comparison of memory."""

    def follow_routes(self) -> None:
        import getifs

        self.table = getifs.route_table(family=4)


class AsyncIPRoute(Follower):
    """Gives messages, and keeps no state."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()

    def _follow(self, groups: int) -> None:
        import pyroute2

        self.ipr = pyroute2.AsyncIPRoute()
        self.loop.run_until_complete(self.ipr.bind(groups=groups))

    def follow_addrs(self) -> None:
        self._follow(0x110)  # RTMGRP_IPV4_IFADDR, RTMGRP_IPV6_IFADDR

    def follow_routes(self) -> None:
        self._follow(0x40)  # RTMGRP_IPV4_ROUTE

    async def _messages(self):
        while True:
            try:
                async for message in self.ipr.get():
                    yield message
            except OSError as error:  # noqa: PERF203
                if error.errno != errno.ENOBUFS:  # notifications were lost: what is left is read
                    raise

    def read(self, count: int) -> None:
        async def take() -> None:
            left = count
            async for _ in self._messages():
                left -= 1
                if not left:
                    return

        self.loop.run_until_complete(take())

    def wait(self, seconds: int) -> None:
        async def wait() -> None:
            task = asyncio.ensure_future(self.ipr.get().__anext__())
            await asyncio.wait((task,), timeout=seconds)
            task.cancel()

        self.loop.run_until_complete(wait())

    def read_until_mark(self) -> None:
        async def take() -> None:
            async for message in self._messages():
                self.seen += 1
                if message.get("priority") == MARK:
                    return

        self.loop.run_until_complete(take())

    def close(self) -> None:
        async def finish() -> None:
            await self.loop.shutdown_asyncgens()
            await asyncio.sleep(0)

        self.loop.run_until_complete(finish())


class NDB(Follower):
    """Keeps everything in a database, by threads of its own. It cannot be told to follow less."""

    def _follow(self, message: type) -> None:
        import pyroute2

        self.ndb = pyroute2.NDB(log="off")
        self.found = threading.Condition()
        self.marked = False
        self.ndb.task_manager.register_handler(message, self._handle)

    def follow_addrs(self) -> None:
        from pyroute2.netlink.rtnl.ifaddrmsg import ifaddrmsg

        self._follow(ifaddrmsg)

    def follow_routes(self) -> None:
        from pyroute2.netlink.rtnl.rtmsg import rtmsg

        self._follow(rtmsg)

    def _handle(self, sources, target, event) -> None:
        with self.found:
            self.seen += 1
            self.marked |= event.get("priority") == MARK
            self.found.notify_all()

    def read(self, count: int) -> None:
        with self.found:
            self.found.wait_for(lambda: self.seen >= count)
        self.seen -= count

    def wait(self, seconds: int) -> None:
        time.sleep(seconds)

    def read_until_mark(self) -> None:
        with self.found:
            self.found.wait_for(lambda: self.marked)

    def query(self, what: str) -> None:
        list(getattr(self.ndb, what).dump())


def main() -> None:
    library, namespace = sys.argv[1:]
    enter(namespace)
    follower = {"getifs": Getifs, "dump": Dump, "AsyncIPRoute": AsyncIPRoute, "NDB": NDB}[library]()

    def give_up(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, give_up)
    for line in sys.stdin:
        operation, count = line.split()
        try:
            signal.alarm(PATIENCE)
            answer = str(getattr(follower, operation)(int(count)))
        except (AttributeError, TimeoutError):
            answer = "-"
        finally:
            signal.alarm(0)
        print(answer, flush=True)
    follower.close()


if __name__ == "__main__":
    main()
