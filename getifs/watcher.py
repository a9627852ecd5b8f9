"""Following changes: `watch()`, `Watcher` and `Event`."""

from __future__ import annotations

from _collections_abc import Callable, Generator, Iterator, Mapping
from collections import deque
from contextlib import suppress
from time import monotonic

from . import _arguments, _core, _records
from ._events import Event, events_of
from ._lazy import LazyModule
from ._mirror import Mirror
from ._predicates import compiler
from ._rows.addr import IfNet
from ._rows.interface import Interface
from ._rows.neighbour import Neighbour
from ._rows.nexthop import NextHop
from ._rows.route import Route
from ._rows.rule import Rule
from .errors import DumpInterruptedError
from .session import Queries

TYPE_CHECKING = False
if TYPE_CHECKING:
    import asyncio
    import typing
    from typing import Any, Literal, TypeVar

    from . import _netns
    from ._core import Block

    AllRoutes = bool | Literal["all"]
    Result = TypeVar("Result")
else:
    _netns = LazyModule("._netns", __package__)
    asyncio = LazyModule("asyncio")
    typing = LazyModule("typing")
    AllRoutes = bool | str
    Result = object

PACKAGE = __name__.rpartition(".")[0]  # pickles name the class by the package, where it is public
_RECEIVE_BUFFER = 4 << 20
_SETTLE_MOST = 10  # of the whole wait for silence, in times of `settle`


class Watcher(Queries):
    """Follows changes; made by `watch()`. A context manager, an iterator and an async iterator of `Event`s.

    Its queries are answered from the state that it keeps, without a system call: the state is that of the last event
    that was read with `poll()` or by iteration. `interfaces()` and the like work always, the others if `watch()` was
    told to follow their rows; otherwise they are a `ValueError`.

    Several threads can use a watcher. A child process cannot: there, its methods are an `OSError` with `EBADF`.
    """

    __slots__ = ("_mirror", "_ready", "_settle", "_waiting", "_where")
    __module__ = PACKAGE

    def __init__(self, mirror: Mirror, timeout_ms: int, where: Callable[[Any], object] | None, settle: float) -> None:
        super().__init__(mirror, timeout_ms)
        self._mirror = mirror
        self._where = where
        self._settle = settle
        self._ready: deque[Event] = deque()
        self._waiting: list[asyncio.Future[None]] = []
        try:
            self._fill()
        except BaseException:
            self.close()
            raise

    def _fill(self) -> None:
        """Reads the state for the first time. Events of that are kept for the next call."""
        until = monotonic() + self._timeout_ms / 100  # ten times the timeout, as every query
        block = self._mirror.read()
        while block is None and monotonic() < until:
            block = self._mirror.read()
        if block is None:
            raise DumpInterruptedError(4, "the tables changed during every attempt")
        self._keep(self._accepted(block))

    def _accepted(self, block: Block) -> list[Event]:
        events = events_of(block)
        where = self._where
        if where is None:
            return events
        return [event for event in events if where(event._row) or (event._old is not None and where(event._old))]

    def _read(self) -> list[Event]:
        """The events at hand."""
        block = self._mirror.read()
        events = [] if block is None or not block._count else self._accepted(block)
        return [*self._kept(), *events] if self._ready else events

    def _kept(self) -> Iterator[Event]:
        """Takes the events that were kept."""
        with suppress(IndexError):  # other threads can take some, too
            while True:
                yield self._ready.popleft()

    def _keep(self, events: list[Event]) -> None:
        """Keeps events for the next call. The descriptor stays readable."""
        if events:
            self._ready.extend(events)
            self._mirror.wake()

    def _steps(self, timeout: float | None) -> Generator[float | None, None, list[Event]]:
        """Yields how long to wait for the descriptor, in seconds, and returns events."""
        until = None if timeout is None else monotonic() + timeout
        while not (events := self._read()):
            left = None if until is None else until - monotonic()
            if left is not None and left <= 0:
                return []
            yield left
        if self._settle:
            try:
                yield from self._silence(events)
            except BaseException:
                self._keep(events)
                raise
        return events

    def _silence(self, events: list[Event]) -> Generator[float, None, None]:
        """Adds events until there were none for a while."""
        now = monotonic()
        quiet, last = now + self._settle, now + self._settle * _SETTLE_MOST
        while now < min(quiet, last):
            yield min(quiet, last) - now
            more = self._read()
            now = monotonic()
            if more:
                events += more
                quiet = now + self._settle

    def poll(self, timeout: float | None = None) -> list[Event]:
        """The events at hand. If there are none, waits for some.

        Args:
            timeout: The longest wait in seconds; `None` for no limit, 0 for no wait, not even for silence (`settle`).

        Returns:
            Events in the order of the kernel's notifications; empty if there were none in time.

        Raises:
            ValueError: The watcher is closed, perhaps by another thread during the wait.
        """
        if timeout is not None:
            timeout = _arguments.seconds_argument("timeout", timeout)
            if timeout == 0:
                return self._read()
        steps = self._steps(timeout)
        try:
            while True:
                self._mirror.wait(next(steps))
        except StopIteration as stop:
            events: list[Event] = stop.value
            return events
        finally:
            steps.close()

    def __iter__(self) -> Watcher:
        return self

    def __next__(self) -> Event:
        if self._ready:
            with suppress(IndexError):  # another thread took the last one
                return self._ready.popleft()
        try:
            first, *others = self.poll()
        except _core.ClosedError:
            raise StopIteration from None
        self._keep(others)
        return first

    def __aiter__(self) -> Watcher:
        return self

    async def __anext__(self) -> Event:
        if self._ready:
            with suppress(IndexError):
                return self._ready.popleft()
        steps = self._steps(None)
        try:
            while True:
                await self._readable(next(steps))
        except StopIteration as stop:
            events: list[Event] = stop.value
            first, *others = events
            self._keep(others)
            return first
        except _core.ClosedError:
            raise StopAsyncIteration from None
        finally:
            steps.close()

    async def _readable(self, seconds: float | None) -> None:
        """Waits for the descriptor in the running event loop."""
        loop = asyncio.get_running_loop()
        descriptor = self._mirror.enter()
        if descriptor < 0:
            return  # the next read says why
        future = loop.create_future()
        try:
            if not self._waiting:
                loop.add_reader(descriptor, self._release)
            self._waiting.append(future)
            await asyncio.wait((future,), timeout=seconds)
        finally:
            self._waiting.remove(future)
            if not self._waiting:
                loop.remove_reader(descriptor)
            self._mirror.leave()

    def _release(self) -> None:
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    def wait_for(self, predicate: Callable[[Watcher], Result], timeout: float | None = None) -> Result:
        """Waits until a function of the watcher returns a true value, and returns that.

            with getifs.watch(routes=True) as watcher:
                watcher.wait_for(Watcher.default_routes)

        It is called now, and after each change. Events that arrive meanwhile are kept for `poll()` and iteration.

        Args:
            predicate: A function of the watcher, such as one of its queries.
            timeout: The longest wait in seconds; `None` for no limit.

        Raises:
            TimeoutError: It was false for that long.
            ValueError: The watcher is closed.
        """
        until = None if timeout is None else monotonic() + _arguments.seconds_argument("timeout", timeout)
        kept: list[Event] = self._read()
        try:
            while not (result := predicate(self)):
                left = None if until is None else max(0.0, until - monotonic())
                events = self.poll(left)
                kept += events
                if not events and left is not None and until is not None and monotonic() >= until:
                    raise TimeoutError(110, "it was not true in time")
        finally:
            self._keep(kept)
        return result

    def fileno(self) -> int:
        """The descriptor, for `select`, `poll` and event loops: readable if `poll(0)` has something to do.

        Raises:
            ValueError: The watcher is closed.
        """
        descriptor = self._mirror.enter()
        if descriptor < 0:
            raise ValueError("the watcher is closed")
        self._mirror.leave()
        return descriptor

    def close(self) -> None:
        """Closes the watcher. Iterations that wait, in this thread or another one, end. Idempotent."""
        self._mirror.close()

    def __enter__(self) -> Watcher:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


_FOLLOW = {
    "links": (_records.GETIFS_FOLLOW_LINKS, Interface),
    "addrs": (_records.GETIFS_FOLLOW_ADDRS, IfNet),
    "routes": (_records.GETIFS_FOLLOW_ROUTES, Route),
    "nexthops": (_records.GETIFS_FOLLOW_NEXTHOPS, NextHop),
    "neighbours": (_records.GETIFS_FOLLOW_NEIGHBOURS, Neighbour),
    "rules": (_records.GETIFS_FOLLOW_RULES, Rule),
}


def _followed(flags: Mapping[str, object], where: Callable[[Any], object] | None) -> int:
    """The sum of what is followed. `where` must take its rows."""
    follow = 0
    for name, value in flags.items():
        option, cls = _FOLLOW[name]
        if _arguments.option_argument(name, value, option):
            follow |= option
            compiler.split(None, where, cls)  # checks the argument
    if not follow:
        raise ValueError("one of links, addrs, routes, nexthops, neighbours and rules must be true")
    return follow


def watch(
    *,
    links: bool = True,
    addrs: bool = True,
    routes: AllRoutes = False,
    nexthops: bool = False,
    neighbours: bool = False,
    rules: bool = False,
    family: int | None = None,
    where: Callable[[typing.Any], object] | None = None,
    initial: bool = False,
    netns: _netns.Netns | None = None,
    settle: float = 0.0,
    timeout: float | None = None,
    receive_buffer: int = _RECEIVE_BUFFER,
) -> Watcher:
    """Follows changes of interfaces, addresses, routes, next-hop objects, neighbours and policy rules.

        with getifs.watch(links=False) as watcher:
            for event in watcher:
                print(event.kind, event.row)

    At any moment without changes, the state that the events led to equals that of a new query. What the kernel does not
    announce is found: routes and next-hop objects that disappear with a link or an address, and notifications that were
    lost because they were not read in time.

    Args:
        links: Follow `interfaces()`.
        addrs: Follow `interface_addrs()`.
        routes: Follow `route_table()`; with `"all"`, `route_table(all=True)`.
        nexthops: Follow `nexthops()`.
        neighbours: Follow `neighbours()`.
        rules: Follow `rules()`.
        family: Addresses, routes, neighbours and rules of this family only: 4, 6 or `None` for both.
        where: Only events with a row, new or old, that it accepts. It must take all rows that are followed.
        initial: Begin with an event `"added"` for each row that exists.
        netns: The network namespace, as of a `Session`. By default it is that of the calling thread.
        settle: Collect events until there was none for so many seconds, for ten times as long at most.
        timeout: The longest wait for the kernel when a state is read, in seconds (5).
        receive_buffer: Notifications that the kernel keeps for the watcher, in bytes. If that was too few, everything
            is read again. Without `CAP_NET_ADMIN` the limit is `net.core.rmem_max`.

    Raises:
        OSError: The kernel refused a request, or the namespace cannot be joined; see `Session`.
        TypeError: An argument has a wrong type, or `where` does not take rows that are followed.
        ValueError: An argument has a wrong value, or nothing is followed.
    """
    flags: dict[str, object] = {"links": links, "addrs": addrs, "nexthops": nexthops, "neighbours": neighbours}
    flags |= {"routes": routes == "all" or routes, "rules": rules}
    follow = _followed(flags, where) | (_records.GETIFS_FOLLOW_ALL_ROUTES if routes == "all" else 0)
    follow |= _arguments.option_argument("initial", initial, _records.GETIFS_FOLLOW_INITIAL)
    timeout_ms = _core.DEFAULT_TIMEOUT_MS if timeout is None else _arguments.timeout_argument(timeout)
    number = _arguments.family_argument(family)
    size = _arguments.integer_argument("receive_buffer", receive_buffer, 1, 2**31 - 1)
    silence = _arguments.seconds_argument("settle", settle)
    place = None if netns is None else _netns.open_netns(netns)
    return Watcher(Mirror(follow, number, timeout_ms, size, place), timeout_ms, where, silence)


watch.__module__ = PACKAGE
