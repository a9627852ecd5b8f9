"""Waiting for a watcher's descriptor in trio and anyio, as docs/watch.md shows (B93)."""

from collections.abc import Awaitable, Callable, Iterator

import anyio
import pytest
import trio
import trio.testing
from netns import Namespace

import getifs
from getifs import Event, Watcher


@pytest.fixture
def watcher(net: Namespace) -> Iterator[Watcher]:
    with getifs.watch(links=False) as made:
        yield made


async def follow(watcher: Watcher, until: int, readable: Callable[[Watcher], Awaitable[None]]) -> list[list[Event]]:
    """Reads until so many events have come; the events of each time that the descriptor was readable."""
    found: list[list[Event]] = []
    while sum(map(len, found)) < until:
        await readable(watcher)
        found.append(watcher.poll(0))
    return found


def add(net: Namespace, number: int) -> None:
    net.ip(f"addr add 192.0.2.{number}/32 dev lo")


def addrs(found: list[list[Event]]) -> list[str]:
    return [str(event.row.addr) for events in found for event in events if isinstance(event.row, getifs.IfNet)]


def test_b93_trio(net: Namespace, watcher: Watcher) -> None:
    found: list[list[Event]] = []

    async def read() -> None:
        found.extend(await follow(watcher, 2, trio.lowlevel.wait_readable))

    async def main() -> None:
        with trio.fail_after(5):
            async with trio.open_nursery() as nursery:
                nursery.start_soon(read)
                for number in (1, 2):
                    await trio.testing.wait_all_tasks_blocked(0.05)
                    add(net, number)

    trio.run(main)
    assert addrs(found) == ["192.0.2.1", "192.0.2.2"]
    assert all(found), "it was readable for nothing"


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_b93_anyio(net: Namespace, watcher: Watcher, backend: str) -> None:
    found: list[list[Event]] = []

    async def read() -> None:
        found.extend(await follow(watcher, 2, anyio.wait_readable))

    async def main() -> None:
        with anyio.fail_after(5):
            async with anyio.create_task_group() as group:
                group.start_soon(read)
                for number in (1, 2):
                    await anyio.wait_all_tasks_blocked()
                    await anyio.sleep(0.05)
                    add(net, number)

    anyio.run(main, backend=backend)
    assert addrs(found) == ["192.0.2.1", "192.0.2.2"]
    assert all(found), "it was readable for nothing"


def test_b93_a_cancelled_wait_loses_no_event(net: Namespace, watcher: Watcher) -> None:
    async def main() -> list[list[Event]]:
        with trio.move_on_after(0.05) as scope:
            await follow(watcher, 1, trio.lowlevel.wait_readable)
        assert scope.cancelled_caught
        add(net, 1)
        with trio.fail_after(5):
            return await follow(watcher, 1, trio.lowlevel.wait_readable)

    assert addrs(trio.run(main)) == ["192.0.2.1"]
