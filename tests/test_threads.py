"""Objects that threads share: right answers or the documented error, also where Python has no GIL."""

import pickle
import sys
import sysconfig
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from descriptors import descriptors
from interpreter import python
from netns import Namespace
from recorded_tables import INTERFACES, ROUTES

import getifs
from getifs import filters, replay

THREADS = 8
ADDRS = 200
# What the first uses import and cache, by threads that start at the same time.
FIRST_USES = """
import threading
import getifs
from getifs import replay
uses = [
    lambda: [getattr(getifs, name) for name in getifs.__all__],
    lambda: getifs.filters.up & getifs.filters.named("v*") | getifs.filters.kind("veth"),
    lambda: replay.interfaces(b"").where(getifs.filters.up).to_dicts(),
    lambda: replay.routes(b"").where(getifs.rfc.get(1918)),
    lambda: (str(getifs.Flags.UP | 2), getifs.RouteTable(254), getifs.RouteType(1)),
    lambda: replay.addrs(b"").column("addr", "text"),
]
start, errors = threading.Barrier(2 * len(uses)), []
def run(use):
    start.wait()
    try:
        use()
    except BaseException as error:
        errors.append(error)
threads = [threading.Thread(target=run, args=(use,)) for use in 2 * uses]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(errors)
"""


@pytest.fixture
def eager() -> Iterator[None]:
    """Threads take turns as often as possible, where there is a GIL."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def together(*functions: Callable[[], object]) -> None:
    """Calls each function in a thread, all at the same time. An exception of one is raised here."""
    start = threading.Barrier(len(functions))
    raised: list[BaseException] = []

    def run(function: Callable[[], object]) -> None:
        try:
            start.wait(60)
            function()
        except BaseException as error:  # noqa: BLE001  # raised below
            raised.append(error)

    threads = [threading.Thread(target=run, args=(function,), daemon=True) for function in functions]
    for thread in threads:
        thread.start()
    end = time.monotonic() + 60
    for thread in threads:
        thread.join(max(0, end - time.monotonic()))
    assert not any(thread.is_alive() for thread in threads)
    for error in raised:
        raise error


def until_closed(function: Callable[[], object]) -> Callable[[], None]:
    """A function that repeats another one until that says that something is closed."""

    def repeat() -> None:
        try:
            while True:
                function()
        except ValueError as error:
            if not str(error).endswith(" is closed"):
                raise

    return repeat


@pytest.mark.skipif(not sysconfig.get_config_var("Py_GIL_DISABLED"), reason="this build of Python has a GIL")
def test_the_import_leaves_the_gil_disabled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHON_GIL", raising=False)
    assert python("import sys, getifs\ngetifs.filters.up, getifs.Session\nprint(sys._is_gil_enabled())") == "False\n"


@pytest.mark.parametrize("_", range(3))
def test_threads_can_be_the_first_to_use_anything(_: int) -> None:
    assert python(FIRST_USES) == "[]\n"


def look(interfaces: Any, routes: Any, predicate: Any) -> list[object]:
    """Everything that can be done with tables."""
    return [
        [(row.name, row.flags, row.mac_addr, row.index) for row in interfaces],
        interfaces.where(predicate),
        interfaces[::-2].to_dicts(),
        list(interfaces.column("mtu")),
        pickle.loads(pickle.dumps(interfaces)),
        routes.column("destination", "text"),
        routes.where(filters.has_gateway & ~filters.default_route),
        [hash(row) for row in routes],
        repr(routes),
    ]


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("_", range(5))
def test_threads_share_tables_and_predicates(_: int) -> None:
    def make() -> tuple[Any, Any, Any]:
        return replay.interfaces(INTERFACES), replay.routes(ROUTES), filters.up & ~filters.named("v*")

    expected, shared = look(*make()), make()
    found: list[list[object]] = []
    together(*[lambda: found.append(look(*shared))] * THREADS)
    assert found == [expected] * THREADS


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("_", range(20))
def test_any_thread_can_drop_the_last_view_of_a_table(_: int) -> None:
    views = [replay.interfaces(INTERFACES).column("mtu")] * THREADS
    expected = sum(views[0])
    sums: list[int] = []
    together(*[lambda: sums.append(sum(views.pop()) + len(replay.interfaces(b"")))] * THREADS)
    assert sums == [expected] * THREADS
    assert views == []


@pytest.fixture
def world(net: Namespace) -> Namespace:
    net.veth()
    net.ip("addr add 192.0.2.1/24 dev v0\n route add default via 192.0.2.2")
    net.settle()
    return net


QUERIES: list[Callable[[Any], object]] = [
    lambda api: api.interfaces(where=filters.up).to_dicts(),
    lambda api: api.interface_addrs(interface="v0"),
    lambda api: api.addrs_by_interface(),
    lambda api: api.route_table(all=True),
    lambda api: api.default_routes(),
    lambda api: api.best_local_addrs(),
    lambda api: api.interface_by_name("v0"),
    lambda api: api.ifnames(),
]


@pytest.mark.usefixtures("world", "eager")
@pytest.mark.parametrize("netns", [None, "/proc/thread-self/ns/net"])
def test_threads_share_a_session_that_one_of_them_closes(netns: str | None) -> None:
    expected = [query(getifs) for query in QUERIES]
    before = descriptors()
    for _ in range(20):
        session = getifs.Session(netns=netns)
        answers: list[bool] = []

        def ask(session: Any = session, answers: list[bool] = answers) -> None:
            for query, right in zip(QUERIES, expected, strict=True):
                answers.append(query(session) == right)

        def close(session: Any = session) -> None:
            time.sleep(0.02)
            session.close()

        together(*[until_closed(ask)] * THREADS, close)
        assert answers
        assert all(answers)
        assert descriptors() == before


class Taken:
    """The addresses of the events that threads took from a watcher."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.complete = threading.Event()

    def take(self, events: Iterable[getifs.Event]) -> None:
        with self.lock:
            self.counts.update(str(event.row.addr) for event in events if isinstance(event.row, getifs.IfNet))
            if self.counts.total() >= ADDRS:
                self.complete.set()


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("_", range(5))
def test_threads_share_a_watcher_that_one_of_them_closes(world: Namespace, _: int) -> None:
    """Each event goes to one thread, and queries are answered from a state that was read, until it is closed."""
    before = descriptors()
    watcher = getifs.watch(routes=True)
    taken = Taken()

    def iterate() -> None:
        for event in watcher:
            taken.take([event])

    def ask() -> None:
        assert [row.name for row in watcher.interfaces()] == ["lo", "v1", "v0"]
        assert watcher.default_routes()[0].gateway == watcher.gateway_addrs()[0].addr
        assert 1 <= len(watcher.interface_addrs(family=4, where=filters.on("lo"))) <= ADDRS + 1

    def change() -> None:
        try:
            world.ip("\n".join(f"addr add 10.9.{n // 250}.{n % 250}/32 dev lo" for n in range(ADDRS)))
            assert taken.complete.wait(30)
        finally:
            watcher.close()

    polling = [until_closed(lambda: taken.take(watcher.poll())), until_closed(lambda: taken.take(watcher.poll(0)))]
    together(*polling, *polling, iterate, iterate, until_closed(ask), until_closed(ask), change)
    assert len(taken.counts) == taken.counts.total() == ADDRS
    assert descriptors() == before
