"""Sessions, threads, forks and descriptors: the same answers each way, and nothing left behind (B8)."""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from descriptors import descriptors
from netns import Namespace
from queries import QUERIES, set_up

import getifs
from getifs import _core

FAILING: dict[str, Callable[[Any], object]] = {
    "no such link": lambda api: api.interface_addrs(interface="nope"),
    "no such index": lambda api: api.interface_multicast_addrs(interface=99),
    "no such address": lambda api: api.ip_mtu("192.0.2.77"),
    "no such name": lambda api: api.ifname_to_index("nope"),
    "a filter that raises": lambda api: api.interfaces(where=lambda row: 1 // 0),
    "a filter that raises over routes": lambda api: api.route_table(where=lambda row: 1 // 0),
}


@pytest.fixture
def world(net: Namespace) -> Namespace:
    set_up(net)
    return net


@pytest.mark.parametrize("name", QUERIES)
def test_a_session_answers_as_the_module_does(world: Namespace, name: str) -> None:
    expected = QUERIES[name](getifs)
    assert expected
    with getifs.Session() as session:
        for _ in range(3):
            assert QUERIES[name](session) == expected


def test_every_query_is_here() -> None:
    public = {name for name in dir(getifs.Session) if not name.startswith("_")} - {"close"}
    assert public == set(QUERIES)


@pytest.mark.parametrize("name", QUERIES)
def test_b8_a_query_leaves_no_descriptor(world: Namespace, name: str) -> None:
    QUERIES[name](getifs)
    before = descriptors()
    kept = QUERIES[name](getifs)
    assert descriptors() == before
    with getifs.Session() as session:
        kept = QUERIES[name](session)
    assert descriptors() == before
    del kept


@pytest.mark.parametrize("name", FAILING)
def test_b8_an_error_leaves_no_descriptor(world: Namespace, name: str) -> None:
    before = descriptors()
    caught = None
    try:
        FAILING[name](getifs)
    except (OSError, ZeroDivisionError) as error:
        caught = error
    assert caught is not None
    assert descriptors() == before, "while the traceback is alive"
    with getifs.Session() as session:
        with pytest.raises((OSError, ZeroDivisionError)):
            FAILING[name](session)
        assert session.ifname_to_index("v0") == getifs.ifname_to_index("v0")
    assert descriptors() == before


def test_b8_a_signal_handler_that_raises_ends_the_query(world: Namespace) -> None:
    """B8: it leaves no descriptor, and the session goes on."""
    world.ip("\n".join(f"addr add 10.9.{number // 250}.{number % 250}/32 dev lo" for number in range(2000)))

    class Alarm(Exception):
        pass

    def handler(*_: object) -> None:
        raise Alarm

    assert len(getifs.interface_addrs()) == 2004  # no import is interrupted below
    before = descriptors()
    old = signal.signal(signal.SIGALRM, handler)
    ended = 0
    try:
        with getifs.Session() as session:
            for number in range(200):
                with contextlib.suppress(Alarm):
                    signal.setitimer(signal.ITIMER_REAL, (number + 1) * 50e-6)
                    for _ in range(1000):
                        assert len(session.interface_addrs()) == 2004
                        assert len(getifs.interface_addrs()) == 2004
                    ended -= 1
                ended += 1
            assert len(session.interface_addrs()) == 2004
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)
    assert ended == 200
    assert descriptors() == before


def test_a_session_survives_a_fork(world: Namespace) -> None:
    """Parent and child ask at once, each over a socket of its own."""
    expected = getifs.route_table(all=True)
    with getifs.Session() as session:
        assert session.route_table(all=True) == expected
        child = os.fork()
        if child == 0:
            good = False
            try:
                good = all(session.route_table(all=True) == expected for _ in range(200))
            finally:
                os._exit(0 if good else 1)
        try:
            for _ in range(200):
                assert session.route_table(all=True) == expected
        finally:
            _, status = os.waitpid(child, 0)
        assert status == 0
        assert session.route_table(all=True) == expected


def test_a_session_serves_threads_at_once(world: Namespace) -> None:
    expected = {name: ask(getifs) for name, ask in QUERIES.items()}
    wrong: list[object] = []

    def ask_all(session: Any) -> None:
        try:
            for _ in range(30):
                wrong.extend(name for name, ask in QUERIES.items() if ask(session) != expected[name])
        except BaseException as error:  # noqa: BLE001  # a thread's exception would be lost
            wrong.append(error)

    with getifs.Session() as session:
        threads = [threading.Thread(target=ask_all, args=(session,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []


def test_a_query_sees_the_namespace_of_its_thread(world: Namespace) -> None:
    other = world.other()
    other.veth("elsewhere", "farther")
    found: list[list[str]] = []

    def ask() -> None:
        with other:
            found.append([row.name for row in getifs.interfaces()])

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert found == [["lo", "farther", "elsewhere"]]
    assert [row.name for row in getifs.interfaces()] == ["lo", "v1", "v0"]


def test_a_session_stays_in_the_namespace_where_it_was_first_used(world: Namespace) -> None:
    with getifs.Session() as session:
        before = session.interfaces()
        with world.other():
            assert session.interfaces() == before
            assert len(getifs.interfaces()) == 1


def test_b8_descriptors_close_on_exec(world: Namespace) -> None:
    """B1."""
    before = set(descriptors())
    with getifs.Session() as session:
        session.interfaces()
        (mine,) = set(descriptors()) - before
        assert descriptors()[mine].startswith("socket:")
        assert not os.get_inheritable(int(mine))


def test_b8_a_signal_handler_runs_in_the_middle_of_a_long_dump(world: Namespace) -> None:
    """Not only after it. The first half of the dump is early enough, in any of a few attempts."""
    world.ip(
        "\n".join(f"route add 10.{n >> 16}.{n >> 8 & 255}.{n & 255}/32 dev v0" for n in range(2**17, 2**17 + 60_000))
    )
    handled: list[float] = []
    old = signal.signal(signal.SIGALRM, lambda *_: handled.append(time.perf_counter()))
    try:
        for _ in range(20):
            handled.clear()
            start = time.perf_counter()
            signal.setitimer(signal.ITIMER_REAL, 0.001)
            assert len(getifs.route_table(family=4)) >= 60_000
            end = time.perf_counter()
            if handled and handled[0] < (start + end) / 2:
                break
        else:
            pytest.fail("the handler never ran in the first half of the dump")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")  # that is the test
def test_b8_a_child_closes_the_sockets_that_another_thread_uses(world: Namespace) -> None:
    world.ip("\n".join(f"addr add 10.9.{number // 250}.{number % 250}/32 dev lo" for number in range(2000)))
    before = set(descriptors())
    stop = threading.Event()
    with getifs.Session() as session:

        def ask() -> None:
            while not stop.is_set():
                session.interface_addrs()

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(20):
                child = os.fork()
                if child == 0:
                    left = {fd: name for fd, name in descriptors().items() if fd not in before}
                    os._exit(len(left) and 1)
                assert os.waitpid(child, 0)[1] == 0
        finally:
            stop.set()
            for thread in threads:
                thread.join()


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_session_that_is_closed_in_the_middle_of_queries(world: Namespace, elsewhere: bool) -> None:
    """B8, B94: queries under way end as usual, later ones are a ValueError, and no descriptor is left."""
    expected, wrong = getifs.interface_addrs(), list[object]()
    netns = world.path if elsewhere else None
    with world.other() if elsewhere else contextlib.nullcontext():
        opened = descriptors()
        for _ in range(50):
            session = getifs.Session(netns=netns)

            def ask(session: Any = session) -> None:
                try:
                    while True:
                        wrong.extend(row for row in session.interface_addrs() if row not in expected)
                except ValueError as error:
                    if "closed" not in str(error):
                        wrong.append(error)
                except BaseException as error:  # noqa: BLE001  # a thread's exception would be lost
                    wrong.append(error)

            threads = [threading.Thread(target=ask) for _ in range(3)]
            for thread in threads:
                thread.start()
            session.interfaces()
            session.close()
            for thread in threads:
                thread.join()
            assert descriptors() == opened
    assert wrong == []


def test_a_session_that_is_closed_during_a_query_closes_its_socket(
    world: Namespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = descriptors()
    session = getifs.Session()
    real = _core.fill

    def closing(*args: Any, **options: Any) -> Any:
        """Between the end of the query and the return of its client."""
        session.close()
        return real(*args, **options)

    monkeypatch.setattr(_core, "fill", closing)
    assert session.interfaces()
    assert descriptors() == before
    with pytest.raises(ValueError, match="closed"):
        session.interfaces()
