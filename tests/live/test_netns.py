"""Sessions and watchers in other network namespaces (B94), compared with `ip -n NAME` and with queries from inside."""

import contextlib
import errno
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from descriptors import descriptors, no_descriptors
from interpreter import python
from netns import Namespace, become_root, libc, own_names, wait_for
from queries import QUERIES, set_up

import getifs

NAMES = ("blue", "green", "red")


def ip(name: str, *command: str) -> list[dict[str, Any]]:
    done = subprocess.run(["ip", "-n", name, "-j", *command], capture_output=True, check=True)
    return json.loads(done.stdout or b"[]")


def own_namespace() -> str:
    return str(Path("/proc/thread-self/ns/net").readlink())


def names_of(api: Any) -> list[str]:
    return [row.name for row in api.interfaces()]


@pytest.fixture
def far(net: Namespace) -> Namespace:
    """Another namespace than that of the test, with an answer to each query."""
    far = net.other()
    set_up(far)
    return far


@pytest.fixture
def named(net: Namespace) -> Iterator[None]:
    """Three namespaces with names, each with an address of its own."""
    with own_names():
        for number, name in enumerate(NAMES):
            commands = f"""
                link set lo up
                link add {name}0 type veth peer name {name}1
                link set {name}0 up
                link set {name}1 up
                addr add 192.0.2.{number + 1}/24 dev {name}0
                route add default via 192.0.2.9
            """
            subprocess.run(["ip", "netns", "add", name], check=True)
            subprocess.run(["ip", "-n", name, "-batch", "-"], input=commands.encode(), check=True)
        yield
        for name in NAMES:
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)


@contextlib.contextmanager
def watched_thread() -> Iterator[set[str]]:
    """The namespaces in which another thread, which looks all the time, finds the calling one."""
    path, seen, stop = Path(f"/proc/self/task/{threading.get_native_id()}/ns/net"), set[str](), threading.Event()
    looks = 0

    def look() -> None:
        nonlocal looks
        while not stop.is_set():
            seen.add(os.readlink(path))  # noqa: PTH115  # the fastest way
            looks += 1

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()
    assert looks > 100


@pytest.mark.parametrize("name", QUERIES)
def test_b94_a_session_answers_as_from_inside(far: Namespace, name: str) -> None:
    with far:
        expected = QUERIES[name](getifs)
    assert expected
    with getifs.Session(netns=far.path) as session:
        for _ in range(2):
            assert QUERIES[name](session) == expected
    assert names_of(getifs) == ["lo"]


def test_b94_link_modes(far: Namespace) -> None:
    """Asked for on a socket of another kind."""
    with getifs.Session(netns=far.path) as session:
        v0 = session.interface_by_name("v0", link_modes=True)
        assert v0 is not None
        assert v0.speed == 10_000
        assert [row.speed for row in session.interfaces(link_modes=True)] == [None, 10_000, 10_000]


def test_b94_several_namespaces_at_once(named: None) -> None:
    before = own_namespace()
    with contextlib.ExitStack() as stack, watched_thread() as seen:
        sessions = {name: stack.enter_context(getifs.Session(netns=name)) for name in NAMES}
        for _ in range(20):
            for name, session in sessions.items():
                links = ip(name, "link")
                assert [(row.index, row.name) for row in session.interfaces()] == [
                    (link["ifindex"], link["ifname"]) for link in links
                ]
                (told,) = [link["addr_info"][0]["local"] for link in ip(name, "-4", "addr", "show", "dev", f"{name}0")]
                (addr,) = session.interface_addrs(family=4, interface=f"{name}0")
                assert str(addr.addr) == told
                (route,) = session.default_routes(family=4)
                assert route.to_dict(session.ifnames())["dev"] == ip(name, "route", "show", "default")[0]["dev"]
        assert names_of(getifs) == ["lo"]
    assert seen == {before} == {own_namespace()}


def test_b94_name_path_pid_and_descriptor(named: None) -> None:
    process = subprocess.Popen(["ip", "netns", "exec", "blue", "sleep", "100"])
    inside = Path("/run/netns/blue").stat().st_ino
    wait_for(lambda: Path(f"/proc/{process.pid}/ns/net").stat().st_ino == inside)
    try:
        with Path("/run/netns/blue").open("rb") as file:
            places = ["blue", "/run/netns/blue", Path("/run/netns/blue"), process.pid, file]
            places.append(open(file.fileno(), "rb", closefd=False))  # noqa: SIM115
            for place in places:
                with getifs.Session(netns=place) as session:
                    assert names_of(session) == ["lo", "blue1", "blue0"], place
                with getifs.watch(netns=place) as watcher:
                    assert names_of(watcher) == ["lo", "blue1", "blue0"], place
            os.fstat(file.fileno())  # it is still open
    finally:
        process.kill()
        process.wait()
    os.chdir("/run/netns")
    with getifs.Session(netns=Path("green")) as session, getifs.Session(netns="./green") as same:
        assert names_of(session) == names_of(same) == ["lo", "green1", "green0"]


def dead_pid() -> int:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return child


class Fileno:
    def __init__(self, number: int) -> None:
        self.number = number

    def fileno(self) -> int:
        return self.number


WRONG: dict[str, tuple[Callable[[], Any], type[Exception], int, str]] = {
    "no such name": (lambda: "nope", FileNotFoundError, errno.ENOENT, "/run/netns/nope"),
    "no such path": (lambda: Path("/nope/at/all"), FileNotFoundError, errno.ENOENT, "/nope/at/all"),
    "no such process": (dead_pid, ProcessLookupError, errno.ESRCH, "pid "),
    "a file": (lambda: "/etc/passwd", OSError, errno.EINVAL, "not a network namespace: '/etc/passwd'"),
    "a directory": (lambda: "/etc/", OSError, errno.EINVAL, "not a network namespace"),
    "a namespace of another kind": (lambda: "/proc/self/ns/mnt", OSError, errno.EINVAL, "not a network namespace"),
    "a closed descriptor": (lambda: Fileno(1000000), OSError, errno.EBADF, "descriptor 1000000"),
    "a descriptor of a file": (lambda: sys.__stderr__, OSError, errno.EINVAL, "namespace: 'descriptor 2'"),
}


@pytest.mark.parametrize("make", [getifs.Session, getifs.watch])
@pytest.mark.parametrize("case", WRONG)
def test_b94_errors_leave_nothing(net: Namespace, make: Callable[..., Any], case: str) -> None:
    place, kind, number, text = WRONG[case]
    before, here = descriptors(), own_namespace()
    with pytest.raises(kind, match=text) as caught:
        make(netns=place())
    assert caught.value.errno == number
    assert descriptors() == before, "while the traceback is alive"
    assert own_namespace() == here


def test_b94_a_fifo_does_not_make_it_wait(net: Namespace, tmp_path: Path) -> None:
    fifo, waited = tmp_path / "fifo", threading.Event()
    os.mkfifo(fifo)

    def end_the_wait() -> None:
        waited.set()
        os.close(os.open(fifo, os.O_RDWR))

    timer = threading.Timer(5, end_the_wait)
    timer.start()
    try:
        with pytest.raises(OSError, match="not a network namespace"):
            getifs.Session(netns=fifo)
    finally:
        timer.cancel()
    assert not waited.is_set(), "it waited for a writer"


def test_b94_no_descriptor_is_left_for_the_socket(far: Namespace) -> None:
    """It joins the namespace, and then cannot open a socket."""
    before, here = descriptors(), own_namespace()
    with getifs.Session(netns=far.path) as session:
        opened = descriptors()
        with no_descriptors(), pytest.raises(OSError, match=os.strerror(errno.EMFILE)):
            session.interfaces()
        assert descriptors() == opened
        assert len(session.interfaces()) == 3
    with no_descriptors(), pytest.raises(OSError, match=os.strerror(errno.EMFILE)):
        getifs.Session(netns=far.path)
    assert (descriptors(), own_namespace()) == (before, here)


def test_b94_it_survives_its_name(named: None) -> None:
    with getifs.Session(netns="blue") as session, getifs.watch(netns="blue", links=False) as watcher:
        expected = session.interfaces()
        subprocess.run(["ip", "netns", "del", "blue"], check=True)
        with pytest.raises(FileNotFoundError, match="blue"):
            getifs.Session(netns="blue")
        threads = [threading.Thread(target=session.interfaces) for _ in range(3)]  # some open another socket
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert session.interfaces() == expected == watcher.interfaces()
        with Path(f"/proc/self/fd/{session._pool._netns.struct.fd}").open("rb") as file:
            subprocess.run(
                [
                    "nsenter",
                    f"--net=/proc/self/fd/{file.fileno()}",
                    "ip",
                    "addr",
                    "add",
                    "192.0.2.77/24",
                    "dev",
                    "blue0",
                ],
                check=True,
                pass_fds=[file.fileno()],
            )
        (event,) = watcher.poll(5)
        assert str(event.row).startswith("192.0.2.77/24")
        assert session.ip_mtu("192.0.2.77") == 1500


def test_b94_close_closes_its_descriptors(far: Namespace) -> None:
    before = descriptors()
    session = getifs.Session(netns=far.path)
    opened = descriptors()
    (mine,) = opened.keys() - before.keys()
    assert opened[mine].startswith("net:[")
    assert not os.get_inheritable(int(mine))
    assert session.interfaces()
    assert len(descriptors()) == len(before) + 2
    session.close()
    session.close()
    assert descriptors() == before
    with pytest.raises(ValueError, match="the session is closed"):
        session.interfaces()
    with getifs.watch(netns=far.path) as watcher:
        assert len(descriptors()) == len(before) + 3  # and its two sockets
    assert descriptors() == before
    with pytest.raises(ValueError, match="the watcher is closed"):
        watcher.poll(0)
    with contextlib.suppress(ZeroDivisionError), getifs.Session(netns=far.path) as session:
        session.interfaces(where=lambda row: 1 // 0)
    assert descriptors() == before


def test_b94_a_new_client_of_a_closed_namespace(far: Namespace) -> None:
    """The session is closed between the look at that and the first query of a new client."""
    with getifs.Session(netns=far.path) as session:
        session._pool._netns.close()
        with pytest.raises(ValueError, match="the session is closed"):
            session.interfaces()


def test_b94_threads_at_once(far: Namespace) -> None:
    with far:
        expected = {name: ask(getifs) for name, ask in QUERIES.items()}
    wrong: list[object] = []
    with getifs.Session(netns=far.path) as session:

        def ask_all() -> None:
            here = own_namespace()
            try:
                for _ in range(10):
                    wrong.extend(name for name, ask in QUERIES.items() if ask(session) != expected[name])
                    wrong.extend([] if own_namespace() == here else ["moved"])
            except BaseException as error:  # noqa: BLE001  # a thread's exception would be lost
                wrong.append(error)

        threads = [threading.Thread(target=ask_all) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(session._pool._idle) > 1
    assert wrong == []


def test_b94_after_a_fork(far: Namespace) -> None:
    before = set(descriptors())
    with far:
        expected = getifs.route_table(all=True)
    with getifs.Session(netns=far.path) as session:
        assert session.route_table(all=True) == expected
        child = os.fork()
        if child == 0:
            good = False
            try:
                good = all(session.route_table(all=True) == expected for _ in range(20))
                session.close()
                good = good and set(descriptors()) == before
            finally:
                os._exit(0 if good else 1)
        for _ in range(20):
            assert session.route_table(all=True) == expected
        assert os.waitpid(child, 0)[1] == 0
        assert session.route_table(all=True) == expected


def test_b94_a_large_link_needs_another_socket(far: Namespace) -> None:
    """Its answer does not fit into the buffer: the kernel drops it, and a new socket asks again (B5)."""
    far.ip("\n".join(f"link property add dev v0 altname {number:03}-{'x' * 120}" for number in range(300)))
    with far:
        expected = getifs.interface_by_name("v0")
    assert expected is not None and len(expected.alt_names) == 300
    with getifs.Session(netns=far.path) as session:
        for _ in range(3):
            assert session.interface_by_name("v0") == expected
            assert session.interfaces()[-1].alt_names == expected.alt_names


def test_b94_the_mask_of_signals_is_as_before(far: Namespace) -> None:
    before = signal.pthread_sigmask(signal.SIG_SETMASK, [signal.SIGUSR1])
    try:
        with getifs.Session(netns=far.path) as session:
            assert session.interfaces()
            assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == {signal.SIGUSR1}
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def test_b94_rows_ask_the_namespace_of_the_calling_thread(far: Namespace) -> None:
    with getifs.Session(netns=far.path) as session:
        v0 = session.interface_by_name("v0")
        assert v0 is not None
        (addr,) = session.interface_addrs(interface=v0, family=4)
        assert session.ifindex_to_name(addr.index) == "v0"
        with pytest.raises(OSError, match="No such device"):
            v0.addrs()
        with pytest.raises(OSError, match="No such device"):
            addr.ifname()
        with far:
            assert [str(row.addr) for row in v0.addrs(family=4)] == ["10.0.0.1"]
            assert addr.ifname() == "v0"


def test_b94_watchers(named: None) -> None:
    """Each follows its own namespace; the state is dumped again there, on another socket."""
    before = own_namespace()
    with contextlib.ExitStack() as stack, watched_thread() as seen:
        watchers = {
            name: stack.enter_context(getifs.watch(netns=name, routes="all", nexthops=True, receive_buffer=5000))
            for name in NAMES
        }
        for name in NAMES:
            subprocess.run(["ip", "-n", name, "link", "set", f"{name}1", "down"], check=True)
            lines = [f"addr add 198.51.{number // 250}.{number % 250}/32 dev {name}0" for number in range(500)]
            subprocess.run(["ip", "-n", name, "-batch", "-"], input="\n".join(lines).encode(), check=True)
        for name, watcher in watchers.items():
            with getifs.Session(netns=name) as session:

                def equal(watcher: Any = watcher, session: Any = session) -> bool:
                    watcher.poll(0.05)
                    return (
                        watcher.interfaces() == session.interfaces()
                        and sorted(watcher.interface_addrs()) == sorted(session.interface_addrs())
                        and sorted(watcher.route_table(all=True)) == sorted(session.route_table(all=True))
                    )

                wait_for(equal)
                assert watcher.snapshot(all_routes=True).difference(session.snapshot(all_routes=True)) == []
                assert len(watcher.interface_addrs(family=4)) == 502
    assert seen == {before} == {own_namespace()}


def in_child(body: Callable[[], object]) -> None:
    """Runs an assertion in a child process, which may become another user."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            body()
            status = 0
        except BaseException as error:  # noqa: BLE001
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0


def test_b94_a_process_without_privileges(far: Namespace) -> None:
    path = far.path.replace(str(os.getpid()), "self")

    def body() -> None:
        before = descriptors()
        assert libc.unshare(0x10000000) == 0  # CLONE_NEWUSER: no capability in the namespace that owns `far`
        for make in (getifs.Session, getifs.watch):
            with pytest.raises(PermissionError) as caught:
                make(netns=path)
            assert (caught.value.errno, caught.value.filename) == (errno.EPERM, path)
        assert descriptors() == before

    with pytest.raises(FileNotFoundError):
        getifs.Session(netns="/nonsense")  # imports what it needs
    in_child(body)


def test_b94_an_ordinary_user_in_a_user_namespace(net: Namespace) -> None:
    """Root of a user namespace of its own (`unshare -Urn`) can ask about the network namespaces that it makes."""
    restricted = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")  # Ubuntu: root alone may make one

    def body() -> None:
        if Path("/proc/self/uid_map").read_text().split()[2] != "1":  # this process is not in one already
            if not restricted.exists() or restricted.read_text() == "0\n":
                os.setgroups([])
                os.setresgid(65534, 65534, 65534)
                os.setresuid(65534, 65534, 65534)
                libc.prctl(4, 1, 0, 0, 0)  # PR_SET_DUMPABLE: its files in /proc are its own again
            become_root()
        inner = Namespace()
        inner.veth("w0", "w1")
        with getifs.Session(netns=f"/proc/self/fd/{inner._fd}") as session:
            assert names_of(session) == ["lo", "w1", "w0"]
        with inner:
            process = subprocess.Popen(["sleep", "100"])
        try:
            with getifs.Session(netns=process.pid) as session:
                assert names_of(session) == ["lo", "w1", "w0"]
        finally:
            process.kill()
            process.wait()
        assert names_of(getifs) == ["lo"]

    getifs.interfaces()
    with getifs.Session(netns=net.path) as session:  # imports what it needs
        session.interfaces()
    in_child(body)


def test_b94_a_session_that_is_never_closed(far: Namespace) -> None:
    """At the end of the interpreter, and when it is collected."""
    before = descriptors()
    session = getifs.Session(netns=far.path)
    session.interfaces()
    watcher = getifs.watch(netns=far.path)
    del session, watcher
    assert descriptors() == before
    path = far.path
    program = f"import getifs\ns = getifs.Session(netns={path!r})\nw = getifs.watch(netns={path!r})"
    assert python(f"{program}\nprint(len(s.interfaces()), len(w.interfaces()))").split() == ["3", "3"]


def test_b94_a_session_stays_fast(far: Namespace) -> None:
    """The namespace is joined once for each socket, not for each query."""
    with getifs.Session(netns=far.path) as session:
        session.interfaces()
        opened = descriptors()
        for _ in range(100):
            session.interfaces()
            session.interface_addrs(interface="v0")
        assert descriptors() == opened
