"""Waiting for events: descriptors, threads, signals, forks and asyncio (B8, B93)."""

import asyncio
import contextlib
import copy
import gc
import json
import os
import pickle
import resource
import select
import signal
import threading
import time
from collections.abc import Iterator

import pytest
from descriptors import descriptors
from netns import Namespace, wait_for

import getifs
from getifs import Event, Watcher


@pytest.fixture
def watcher(net: Namespace) -> Iterator[Watcher]:
    before = descriptors()
    with getifs.watch(links=False) as made:
        yield made
    assert descriptors() == before


def is_readable(watcher: Watcher, seconds: float = 0.0) -> bool:
    return bool(select.select([watcher], [], [], seconds)[0])


def add(net: Namespace, *numbers: int) -> None:
    net.ip("\n".join(f"addr add 10.0.0.{number}/32 dev lo" for number in numbers))


def numbers(events: list[Event]) -> list[int]:
    return [int(str(event.row.addr).rpartition(".")[2]) for event in events if isinstance(event.row, getifs.IfNet)]


def test_the_descriptor_is_readable_if_there_are_events(net: Namespace, watcher: Watcher) -> None:
    assert not is_readable(watcher, 0.05)
    add(net, 1, 2)
    assert is_readable(watcher)
    assert is_readable(watcher)
    assert numbers(watcher.poll(0)) == [1, 2]
    assert not is_readable(watcher)
    add(net, 3, 4)
    assert numbers([next(watcher)]) == [3]
    assert is_readable(watcher), "poll() has the other event"
    assert numbers(watcher.poll(0)) == [4]
    watcher.poll(0)
    assert not is_readable(watcher)


def test_poll_waits_for_its_time(watcher: Watcher) -> None:
    start = time.monotonic()
    assert watcher.poll(0.1) == []
    assert 0.1 <= time.monotonic() - start < 1
    assert watcher.poll(0) == []
    with pytest.raises(ValueError, match="timeout must be"):
        watcher.poll(-1)


def test_an_idle_watcher_uses_no_processor_time(watcher: Watcher) -> None:
    used = time.process_time()
    watcher.poll(0.5)
    assert time.process_time() - used < 0.05


@pytest.mark.parametrize("waits", ["iteration", "poll"])
def test_close_by_another_thread_ends_a_wait(watcher: Watcher, waits: str) -> None:
    ends: list[object] = []

    def wait() -> None:
        try:
            ends.append(list(watcher) if waits == "iteration" else watcher.poll())
        except ValueError as error:
            ends.append(str(error))

    threads = [threading.Thread(target=wait) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(0.1)
    watcher.close()
    for thread in threads:
        thread.join(5)
    assert ends == [[] if waits == "iteration" else "the watcher is closed"] * 3
    watcher.close()
    with pytest.raises(ValueError, match="closed"):
        watcher.poll(0)
    with pytest.raises(ValueError, match="closed"):
        watcher.fileno()
    with pytest.raises(ValueError, match="closed"):
        watcher.interfaces()
    assert list(watcher) == []


def test_threads_share_a_watcher(net: Namespace, watcher: Watcher) -> None:
    """Each event goes to one of them, and queries always see a whole state."""
    found: list[int] = []
    wrong: list[object] = []

    def read() -> None:
        with contextlib.suppress(ValueError):
            while True:
                found.extend(numbers(watcher.poll()))

    def query() -> None:
        try:
            while True:
                if not 2 <= len(watcher.interface_addrs()) <= 202:
                    wrong.append(watcher.interface_addrs())
        except ValueError:
            pass

    threads = [threading.Thread(target=target) for target in (read, read, query, query)]
    for thread in threads:
        thread.start()
    add(net, *range(200))
    wait_for(lambda: len(found) == 200, 5)
    watcher.close()
    for thread in threads:
        thread.join(5)
    assert sorted(found) == list(range(200))
    assert wrong == []


class Alarm(Exception):
    pass


def test_a_signal_handler_runs_during_a_wait(net: Namespace, watcher: Watcher) -> None:
    handled: list[int] = []
    old = signal.signal(signal.SIGALRM, lambda *_: handled.append(len(watcher.interface_addrs())))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        assert watcher.poll(0.2) == []
    finally:
        signal.signal(signal.SIGALRM, old)
    assert handled == [2]


def test_a_signal_handler_that_raises_loses_no_event(net: Namespace, watcher: Watcher) -> None:
    def handler(*_: object) -> None:
        raise Alarm

    old = signal.signal(signal.SIGALRM, handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        with pytest.raises(Alarm):
            watcher.poll()
        add(net, 1)
        assert numbers(watcher.poll()) == [1]
    finally:
        signal.signal(signal.SIGALRM, old)


def raise_alarm(*_: object) -> None:
    raise Alarm


def test_an_error_while_events_settle_loses_none(net: Namespace) -> None:
    with getifs.watch(links=False, settle=5) as watcher:
        add(net, 1, 2)
        old = signal.signal(signal.SIGALRM, raise_alarm)
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.1)
            with pytest.raises(Alarm):
                watcher.poll()
            assert is_readable(watcher)
            assert numbers([next(watcher) for _ in range(2)]) == [1, 2]
        finally:
            signal.signal(signal.SIGALRM, old)
        add(net, 3, 4)

        async def cancelled() -> None:
            await asyncio.wait_for(anext(watcher), 0.1)

        with pytest.raises(asyncio.TimeoutError):
            asyncio.run(cancelled())
        assert numbers([next(watcher) for _ in range(2)]) == [3, 4]


def test_a_signal_handler_that_raises_in_the_middle_of_a_dump(net: Namespace) -> None:
    """The next call goes on, and finds all."""
    count = 40_000
    net.veth()
    net.wait_for_carrier("v0")
    net.ip("\n".join(f"route add 10.{n >> 16}.{n >> 8 & 255}.{n & 255}/32 dev v0" for n in range(2**17, 2**17 + count)))
    old = signal.signal(signal.SIGALRM, raise_alarm)
    raised = 0
    gc.disable()  # an exception is lost if the handler runs within a callback of the collector, as Hypothesis has one
    try:
        with getifs.watch(links=False, addrs=False, routes=True, family=4) as watcher:
            for attempt in range(8):
                net.ip(f"link set v0 {'up' if attempt % 2 else 'down'}")
                net.ip("\n".join(f"route add 11.{attempt}.{n >> 8}.{n & 255}/32 dev v1" for n in range(600)))
                try:
                    try:
                        signal.setitimer(signal.ITIMER_REAL, 0.004 * (attempt + 1))
                        watcher.poll(0)
                    finally:
                        signal.setitimer(signal.ITIMER_REAL, 0)
                except Alarm:  # perhaps before the timer was off
                    raised += 1
                wait_for(lambda: watcher.poll(0) or len(watcher.route_table()) == len(getifs.route_table(family=4)), 5)
                assert set(watcher.route_table()) == set(getifs.route_table(family=4))
    finally:
        gc.enable()
        signal.signal(signal.SIGALRM, old)
    assert raised


def test_an_error_of_where_reaches_the_caller(net: Namespace) -> None:
    with getifs.watch(links=False, where=lambda row: 1 // (row.prefix_len - 32)) as watcher:
        add(net, 1)
        with pytest.raises(ZeroDivisionError):
            watcher.poll()
        net.ip("addr add 10.0.0.9/31 dev lo")
        assert numbers(watcher.poll(1)) == [9]


def test_a_child_process_gets_a_clear_error(net: Namespace, watcher: Watcher) -> None:
    add(net, 1)
    child = os.fork()
    if child == 0:
        right = 0
        for use in (lambda: watcher.poll(0), lambda: next(watcher), watcher.interfaces, watcher.fileno):
            with pytest.raises((OSError, ValueError), match="parent|closed"):
                use()
            right += 1
        watcher.close()
        os._exit(right)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 4
    assert numbers(watcher.poll(0)) == [1]


def test_a_descriptor_that_somebody_closed(net: Namespace) -> None:
    watcher = getifs.watch(links=False)
    os.close(watcher.fileno())
    with pytest.raises(OSError, match="Bad file descriptor"):
        watcher.poll()
    watcher.close()


def test_asyncio(net: Namespace, watcher: Watcher) -> None:
    async def main() -> list[Event]:
        found: list[Event] = []
        asyncio.get_running_loop().call_later(0.05, add, net, 1, 2)
        asyncio.get_running_loop().call_later(0.1, add, net, 3)
        async for event in watcher:
            found.append(event)
            if len(found) == 3:
                break
        return found

    assert numbers(asyncio.run(main())) == [1, 2, 3]


def test_asyncio_settles(net: Namespace) -> None:
    async def main(watcher: Watcher) -> list[Event]:
        asyncio.get_running_loop().call_later(0.05, add, net, 1)
        asyncio.get_running_loop().call_later(0.1, add, net, 2)
        first = await anext(watcher)
        return [first, *watcher.poll(0)]

    with getifs.watch(links=False, settle=0.3) as watcher:
        assert numbers(asyncio.run(main(watcher))) == [1, 2]


def test_asyncio_tasks_share_a_watcher(net: Namespace, watcher: Watcher) -> None:
    async def main() -> list[Event]:
        tasks = [asyncio.create_task(anext(watcher)) for _ in range(3)]
        await asyncio.sleep(0.05)
        add(net, 1)
        await asyncio.sleep(0.05)
        add(net, 2)
        await asyncio.sleep(0.05)
        add(net, 3)
        return await asyncio.gather(*tasks)

    assert sorted(numbers(asyncio.run(main()))) == [1, 2, 3]


def test_asyncio_cancellation(net: Namespace, watcher: Watcher) -> None:
    async def main() -> list[Event]:
        for _ in range(3):
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(anext(watcher), 0.02)
        add(net, 1)
        return [await anext(watcher)]

    assert numbers(asyncio.run(main())) == [1]


@pytest.mark.parametrize("thread", [True, False])
def test_asyncio_ends_when_the_watcher_is_closed(watcher: Watcher, thread: bool) -> None:
    async def main() -> int:
        loop = asyncio.get_running_loop()
        if thread:
            loop.run_in_executor(None, lambda: (time.sleep(0.1), watcher.close()))
        else:
            loop.call_later(0.1, watcher.close)
        return len([event async for event in watcher])

    assert asyncio.run(asyncio.wait_for(main(), 5)) == 0


def test_asyncio_opens_and_closes_many_watchers(net: Namespace) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    before = descriptors()

    async def follow() -> int:
        with getifs.watch(links=False, receive_buffer=4096) as watcher:
            return numbers([await anext(watcher)])[0]

    async def main() -> None:
        tasks = [asyncio.create_task(follow()) for _ in range(1000)]
        cancelled = tasks[::2]
        await asyncio.sleep(0)
        for task in cancelled:
            task.cancel()
        await asyncio.sleep(0.05)
        add(net, 7)
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert results[1::2] == [7] * 500
        assert all(isinstance(result, asyncio.CancelledError) for result in results[::2])

    try:
        asyncio.run(main())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert descriptors() == before


def test_an_abandoned_watcher_is_freed(net: Namespace) -> None:
    before = descriptors()
    watcher = getifs.watch()
    watcher.poll(0)
    del watcher
    assert descriptors() == before


def test_events_are_values(net: Namespace, watcher: Watcher) -> None:
    add(net, 1)
    net.ip("addr change 10.0.0.1/32 dev lo metric 5")
    added, changed = watcher.poll(0)
    assert added == Event("added", added.row) == pickle.loads(pickle.dumps(added)) == copy.deepcopy(added)
    assert hash(added) == hash(Event("added", added.row))
    assert added != changed != added.row
    assert Event(changed.kind, changed.row, changed.old) == changed
    assert str(added) == "added addr 10.0.0.1/32 (1)"
    assert repr(added).startswith("Event('added', IfNet(index=1, net=IPv4Interface('10.0.0.1/32')")
    assert "old=IfNet(" in repr(changed)
    shown = json.loads(json.dumps(changed.to_dict({1: "lo"})))
    assert (shown["event"], shown["object"]) == ("changed", "addr")
    assert (shown["row"]["metric"], shown["row"]["ifindex"], "metric" in shown["old"]) == (5, 1, False)
    for name in ("kind", "row", "old"):
        with pytest.raises(AttributeError):
            setattr(added, name, None)
    assert not hasattr(added, "__dict__")
    with pytest.raises(ValueError, match="kind must be"):
        Event("gone", added.row)  # type: ignore[arg-type]
