"""Calls of the C core: requests, ownership of what comes back, errors as exceptions."""

from __future__ import annotations

import errno
import os
from struct import Struct

from . import _records
from ._native import ffi
from ._native import lib as lib
from ._records import ADDR, EVENT, IFADDR, ROUTE, Layout
from .errors import DumpInterruptedError, MalformedMessageError, NetlinkError, NetlinkPermissionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn, TypeVar

    AnyBlock = TypeVar("AnyBlock", bound="Block")

# What a caller may pass as a recording.
Bytes = bytes | bytearray | memoryview


# Queries and their options: see records.h.
LINKS = _records.GETIFS_LINKS
ONE_LINK = _records.GETIFS_LINK
ADDRS = _records.GETIFS_ADDRS
LINKS_ADDRS = _records.GETIFS_LINKS_ADDRS
GROUPS = _records.GETIFS_GROUPS
ROUTES = _records.GETIFS_ROUTES
DEFAULT_ROUTES = _records.GETIFS_DEFAULT_ROUTES
BEST_ADDRS = _records.GETIFS_BEST_ADDRS
GATEWAYS = _records.GETIFS_GATEWAYS
NEXTHOPS = _records.GETIFS_NEXTHOPS
NEIGHBOURS = _records.GETIFS_NEIGHBOURS
RULES = _records.GETIFS_RULES
ROUTE_TO = _records.GETIFS_ROUTE_TO
OWNER = _records.GETIFS_OWNER
WITH_STATS = _records.GETIFS_WITH_STATS
WITH_LINK_MODES = _records.GETIFS_WITH_LINK_MODES
WITH_DETAILS = _records.GETIFS_WITH_DETAILS
ALL = _records.GETIFS_ALL
ONE_TABLE = _records.GETIFS_ONE_TABLE

DEFAULT_TIMEOUT_MS = 5000
_OK, _PAUSED = _records.GETIFS_OK, _records.GETIFS_PAUSED


class Block:
    """Records and their side bytes: Python bytes, or, where they are many, memory of the C core that `_keeps` owns."""

    __slots__ = ("_count", "_extra", "_keeps", "_malformed", "_records")

    # Annotated as bytes: a buffer is sliced (to bytes), measured and unpacked in the same way.
    _records: bytes
    _count: int
    _extra: bytes
    _malformed: int
    _keeps: object

    def _view(self) -> memoryview:
        """The records. The memory stays as long as the view, or a view or an array made of it."""
        if self._keeps is None:
            return memoryview(self._records)
        # A cffi buffer keeps only its pointer alive, and a pointer with a destructor keeps the destructor: our method.
        pointer = ffi.gc(ffi.from_buffer(self._records), self._release)
        return memoryview(ffi.buffer(pointer, len(self._records))).toreadonly()

    def _release(self, pointer: Any) -> None:
        """Nothing to do: the owner of the block is released with this method's object."""


class Program:
    """A compiled predicate in the form that the C core runs."""

    __slots__ = ("_keeps", "filter")

    def __init__(self, tests: bytes, count: int, globs: bytes) -> None:
        self._keeps = some, patterns = ffi.from_buffer(tests), ffi.from_buffer(globs)
        pointers = ffi.cast("struct getifs_test *", some), ffi.cast("struct getifs_glob *", patterns)
        self.filter: Any = ffi.new("struct getifs_filter *", (pointers[0], count, pointers[1]))

    def select(self, rows: Rows, count: int) -> Bytes:
        """The positions of the rows that it accepts, 32 bits each."""
        found = ffi.new("uint32_t[]", count)
        accepted = lib.getifs_select(self.filter, rows.struct, found)
        return bytes(ffi.buffer(found, 4 * accepted))


class Rows:
    """Rows for the C core, which keep their memory alive."""

    __slots__ = ("_keeps", "struct")

    def __init__(self, layout: Layout, rows: Bytes, extra: Bytes) -> None:
        self._keeps = data, side = ffi.from_buffer(rows), ffi.from_buffer(extra)
        count = len(rows) // layout.size
        self.struct: Any = ffi.new("struct getifs_rows *", (data, layout.size, count, side, len(extra)))


# The first members of a struct getifs_client, and the place of a small answer in it.
_HEAD = Struct("@NNNP").unpack_from  # count, extra_len, malformed and rows of its block
_FEW = ffi.offsetof("struct getifs_client", "few")
_BLOCKS = ffi.typeof("struct getifs_blocks *")
_REQUEST = Layout("getifs_request").pack
_LOOKUP = Layout("getifs_lookup").pack

# A client of the C core with a view of it. Its socket, its buffers and its memory are used again.
Client = tuple["Any", bytes]


class Netns:
    """A network namespace. Its descriptor is open until `close()`, and until the queries under way have ended."""

    __slots__ = ("struct",)

    def __init__(self) -> None:
        self.struct: Any = ffi.gc(ffi.new("struct getifs_netns *"), lib.getifs_netns_close)

    def open(self, path: bytes, descriptor: int) -> int:
        """Opens a path, or a copy of a descriptor if that is empty. 0 or the errno."""
        error: int = lib.getifs_netns_open(self.struct, path or ffi.NULL, descriptor)
        return error

    def close(self) -> None:
        lib.getifs_netns_close(self.struct)

    def keep(self, pointer: Any, release: Callable[[Any], None]) -> Any:
        """As `ffi.gc()`, for what refers to the namespace in C: a pointer keeps its destructor, and that keeps us."""

        def destroy(released: Any, _keeps: Netns = self) -> None:
            release(released)

        return ffi.gc(pointer, destroy)


class Pool:
    """Idle clients. Each query takes one, or makes one, and returns it.

    Nothing is locked: `pop` and `append` of a list are atomic, so threads and signal handlers can share a pool.

    Args:
        keep_open: The clients keep their sockets between queries.
        netns: Where the clients open their sockets; the pool closes it. `None`: in the namespace of the calling thread.
    """

    __slots__ = ("_closed", "_idle", "_netns", "option")
    _MOST = 8

    def __init__(self, *, keep_open: bool, netns: Netns | None = None) -> None:
        self._idle: list[Client] = []
        self._closed = False
        self._netns = netns
        self.option = _records.GETIFS_KEEP_OPEN if keep_open else 0

    def take(self) -> Client:
        """An idle client or a new one.

        Raises:
            ValueError: The pool is closed.
        """
        try:
            return self._idle.pop()
        except IndexError:
            if self._closed:
                raise ValueError("the session is closed") from None
        return self._new()

    def _new(self) -> Client:
        struct = ffi.new("struct getifs_client *")
        if self._netns is None:
            struct = ffi.gc(struct, lib.getifs_close)
        else:
            struct.netns = self._netns.struct
            struct = self._netns.keep(struct, lib.getifs_close)
        return struct, ffi.buffer(struct)

    def give_back(self, client: Client) -> None:
        """Makes a client idle. Closes it if the pool has been closed, or has enough idle clients."""
        if len(self._idle) < self._MOST:
            self._idle.append(client)
            if not self._closed:
                return
            self.close()  # close() may have emptied the list before the append
        else:
            lib.getifs_close(client[0])

    def close(self) -> None:
        """Closes all idle clients now, and the others when their queries end."""
        self._closed = True
        while self._idle:
            try:
                client = self._idle.pop()
            except IndexError:  # another thread was faster
                break
            lib.getifs_close(client[0])
        if self._netns is not None:
            self._netns.close()


# For queries that do not belong to a session: each opens a socket and closes it.
SHARED = Pool(keep_open=False)


def fill(block: Block, client: Client, size: int, more: Block | None) -> None:
    """Moves the latest answer of a client, records of that size, to a block, and a second kind of records to `more`."""
    struct, view = client
    count, extra_len, malformed, rows = _HEAD(view)
    block._count, block._malformed, block._keeps = count, malformed, None
    if not rows and more is None:
        end = _FEW + count * size
        block._records = view[_FEW:end]
        block._extra = view[end : end + extra_len] if extra_len else b""
        return
    owner = block._keeps = ffi.gc(ffi.new(_BLOCKS), lib.getifs_free)
    lib.getifs_take(struct, owner)
    block._records = ffi.buffer(owner.block.rows, count * size) if count else b""
    block._extra = ffi.buffer(owner.block.extra, extra_len) if extra_len else b""
    if more is not None:
        count = owner.more.count
        more._count, more._malformed, more._keeps = count, owner.more.malformed, owner
        more._records, more._extra = ffi.buffer(owner.more.rows, count * ADDR.size) if count else b"", b""


def lookup(destination: bytes, source: bytes | None, mark: int | None, uid: int | None, tos: int) -> bytes:
    """What ROUTE_TO asks for. `None` is not sent."""
    has = (
        (0 if source is None else _records.LOOKUP_HAS_SOURCE)
        | (0 if mark is None else _records.LOOKUP_HAS_MARK)
        | (0 if uid is None else _records.LOOKUP_HAS_UID)
    )
    return _LOOKUP(mark or 0, uid or 0, destination, source or b"", tos, has, b"")


def ask(  # noqa: PLR0917  # private, and its callers pass most of them
    block: AnyBlock,
    pool: Pool,
    query: int,
    size: int,
    family: int = 0,
    index: int = 0,
    name: bytes = b"",
    options: int = 0,
    table: int = 0,
    timeout_ms: int = DEFAULT_TIMEOUT_MS,
    program: Program | None = None,
    more: Block | None = None,
) -> AnyBlock:
    """Runs one query in the C core. The block takes its records, of that size; `more` the addresses of LINKS_ADDRS."""
    request = _REQUEST(query, options | pool.option, family, index, table, timeout_ms, len(name), name)
    client = pool.take()
    struct = client[0]
    chosen = ffi.NULL if program is None else program.filter
    try:
        while (status := lib.getifs_query(struct, request, chosen)) == _PAUSED:
            pass  # between the calls the interpreter runs signal handlers, which can raise
        if status == _OK:
            fill(block, client, size, more)
    except BaseException:
        lib.getifs_close(struct)  # now, since the traceback keeps the client alive
        raise
    if status != _OK:
        fail(pool, client, status)
    pool.give_back(client)
    return block


def fail(pool: Pool, client: Client, status: int) -> NoReturn:
    error = _error(client[0], status)
    pool.give_back(client)
    raise error


class ClosedError(ValueError):
    """A watcher, or the namespace of a session, is closed, perhaps by another thread."""


_RARE_ERRORS: dict[int, Callable[[Any, str], Exception]] = {
    _records.GETIFS_UNFOLLOWED: lambda _, message: ValueError(message),
    _records.GETIFS_CLOSED: lambda struct, _: ClosedError(f"the {'watcher' if struct.mirror else 'session'} is closed"),
    _records.GETIFS_FORKED: lambda _, __: OSError(errno.EBADF, "the watcher belongs to the parent process"),
}


def _error(struct: Any, status: int) -> Exception:
    message = ffi.string(struct.message).decode(errors="replace")
    if status == _records.GETIFS_INTERRUPTED:
        return DumpInterruptedError(errno.EINTR, message)
    if status == _records.GETIFS_MALFORMED:
        return MalformedMessageError(errno.EBADMSG, message)
    if status in _RARE_ERRORS:
        return _RARE_ERRORS[status](struct, message)
    if status == _records.GETIFS_TIMED_OUT:
        return TimeoutError(errno.ETIMEDOUT, "no answer from the kernel in time")
    code = struct.error
    if status == _records.GETIFS_FAILED:
        return MemoryError() if code == errno.ENOMEM else OSError(code, os.strerror(code))
    kind = NetlinkPermissionError if code in (errno.EACCES, errno.EPERM) else NetlinkError
    return kind(code, f"{os.strerror(code)}: {message}" if message else os.strerror(code))


def replay(
    block: AnyBlock, query: int, size: int, data: Bytes, nexthops: Bytes = b"", *, options: int = 0, table: int = 0
) -> AnyBlock:
    """Parses recorded messages in the way of `ask`."""
    request = _REQUEST(query, options, 0, 0, table, 0, 0, b"")
    # Released here: PyPy would keep the caller's buffers locked until a garbage collection, and any traceback does too.
    with ffi.from_buffer(data) as messages, ffi.from_buffer(nexthops) as objects:
        return _compute(block, size, lib.getifs_replay, request, messages, len(messages), objects, len(objects))


def read_igmp(block: AnyBlock, text: Bytes, *, family: int, big_endian: bool) -> AnyBlock:
    """The groups in the text of /proc/net/igmp (family 4) or igmp6, as a machine of that byte order wrote it."""
    with ffi.from_buffer(text) as content:
        return _compute(block, IFADDR.size, lib.getifs_read_igmp, family, big_endian, content, len(content))


def difference(object_number: int, old: Rows, now: Rows) -> Block:
    """The events that lead from some rows to others."""
    return _compute(Block(), EVENT.size, lib.getifs_difference, object_number, old.struct, now.struct)


def best_routes(block: AnyBlock, routes: Rows) -> AnyBlock:
    """The best default routes among some rows."""
    return _compute(block, ROUTE.size, lib.getifs_best_routes, routes.struct)


def _compute(block: AnyBlock, size: int, function: Callable[..., int], *arguments: Any) -> AnyBlock:
    """Calls a function of the C core that makes no system call. The block takes its records, of that size."""
    client = SHARED.take()
    status = function(client[0], *arguments)
    if status != _OK:
        fail(SHARED, client, status)
    fill(block, client, size, None)
    SHARED.give_back(client)
    return block
