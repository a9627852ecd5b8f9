"""The only caller of the C core: asks, owns what comes back, turns errors into exceptions."""

from __future__ import annotations

import errno
import os
from struct import Struct

from ._native import ffi
from ._native import lib as lib
from .errors import DumpInterruptedError, MalformedMessageError, NetlinkError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

    # Whatever a caller may hand in.
    Bytes = bytes | bytearray | memoryview

# What is asked, and options of it: see getifs.h.
LINKS = lib.GETIFS_ASK_LINKS
ONE_LINK = lib.GETIFS_ASK_LINK
ADDRS = lib.GETIFS_ASK_ADDRS
LINKS_ADDRS = lib.GETIFS_ASK_LINKS_ADDRS
MULTICAST = lib.GETIFS_ASK_MULTICAST
ROUTES = lib.GETIFS_ASK_ROUTES
DEFAULT_ROUTES = lib.GETIFS_ASK_DEFAULT_ROUTES
BEST_ADDRS = lib.GETIFS_ASK_BEST_ADDRS
GATEWAYS = lib.GETIFS_ASK_GATEWAYS
NEXTHOPS = lib.GETIFS_ASK_NEXTHOPS
OWNER = lib.GETIFS_ASK_OWNER
WITH_STATS = lib.GETIFS_WITH_STATS
ALL_ROUTES = lib.GETIFS_ALL_ROUTES
ONE_TABLE = lib.GETIFS_ONE_TABLE

DEFAULT_TIMEOUT_MS = 5000
# Looked up once: an attribute of cffi's costs more than a variable.
_NULL, _buffer, _ask = ffi.NULL, ffi.buffer, lib.getifs_ask
_OK, _SIGNAL = lib.GETIFS_OK, lib.GETIFS_SIGNAL
_CODES = {"uint8_t": "B", "uint16_t": "H", "uint32_t": "I", "int32_t": "i"}


class Layout:
    """How a record lies in memory: what `struct` needs to unpack it, and where each field then stands."""

    __slots__ = ("_widths", "codes", "offset", "position", "size", "unpacker")

    def __init__(self, struct_name: str) -> None:
        ctype = ffi.typeof(f"struct {struct_name}")
        self.size = ffi.sizeof(ctype)
        self.offset: dict[str, int] = {}
        self.position: dict[str, int] = {}
        self.codes: dict[str, str] = {}
        position = 0
        for name, field in ctype.fields:
            self.offset[name] = field.offset
            self.position[name] = position
            if field.type.kind == "primitive":
                self.codes[name] = _CODES[field.type.cname]
                position += 1
            elif field.type.item.cname == "uint8_t":
                self.codes[name] = f"{field.type.length}s"
                position += 1
            else:
                self.codes[name] = f"{field.type.length}{_CODES[field.type.item.cname]}"
                position += field.type.length
        self.unpacker = Struct("=" + "".join(self.codes.values()))
        self._widths: dict[str, int] = {name: ffi.sizeof(field.type) for name, field in ctype.fields}

    def width(self, name: str) -> int:
        """The bytes of a field."""
        return self._widths[name]


LINK = Layout("getifs_link")
IFNET = Layout("getifs_ifnet")
IFADDR = Layout("getifs_ifaddr")
ROUTE = Layout("getifs_route")
NEXTHOP = Layout("getifs_nexthop")


class Block:
    """Records and their side text: bytes, or, where they are many, memory of C's, which `keeps` owns."""

    __slots__ = ("_keeps", "count", "malformed", "more", "rows", "text")

    # Told to be bytes: a buffer is sliced (to bytes), measured and unpacked like them.
    rows: bytes
    text: bytes
    more: Block  # the other block of an answer that has two

    def __init__(self, rows: bytes, count: int, text: bytes, malformed: int, keeps: object = None) -> None:
        self.rows, self.count, self.text, self.malformed, self._keeps = rows, count, text, malformed, keeps

    def view(self) -> memoryview:
        """The records. The memory stays as long as the view, or a view or an array made of it."""
        if self._keeps is None:
            return memoryview(self.rows)
        # A buffer of cffi's keeps its pointer alone, and a pointer with a destructor the destructor: a method of ours.
        pointer = ffi.gc(ffi.from_buffer(self.rows), self._let_go)
        return memoryview(_buffer(pointer, len(self.rows))).toreadonly()

    def _let_go(self, pointer: Any) -> None:
        """Nothing is left to do: what owned the block is about to go."""


class Socket:
    """A netlink socket that is kept between queries. A query that finds it in use asks through one of its own."""

    __slots__ = ("pointer",)

    def __init__(self) -> None:
        self.pointer: Any = ffi.gc(lib.getifs_socket_new(), lib.getifs_socket_free)
        if not self.pointer:
            raise MemoryError

    def close(self) -> None:
        """Closes it now, or when the query ends that uses it."""
        lib.getifs_socket_close(self.pointer)


class Program:
    """A compiled predicate (see `getifs.predicate`) as the C core reads it."""

    __slots__ = ("_globs", "_tests", "filter")

    def __init__(self, tests: list[dict[str, Any]], globs: list[dict[str, int]]) -> None:
        self._tests: Any = ffi.new("struct getifs_test[]", tests)
        self._globs: Any = ffi.new("struct getifs_glob[]", globs)
        self.filter: Any = ffi.new("struct getifs_filter *", (self._tests, len(tests), self._globs))

    def select(self, layout: Layout, rows: Bytes, count: int, text: Bytes) -> Bytes:
        """Positions of the rows that it accepts, 32 bits each."""
        found = ffi.new("uint32_t[]", count)
        accepted = lib.getifs_select(
            self.filter, ffi.from_buffer(rows), layout.size, count, ffi.from_buffer(text), found
        )
        return bytes(_buffer(found, 4 * accepted))


# How a struct getifs_answer begins, and where it holds a small answer.
_HEAD = Struct("@NNNP").unpack_from  # count, text_size, malformed and rows of its block
_BLOCKS = ffi.typeof("struct getifs_blocks *")
_FEW = ffi.offsetof("struct getifs_answer", "few")
# Answers to be used again, with views of them: making one costs as much as a system call.
_spare: list[tuple[Any, bytes]] = []
_SPARE_MOST = 8


def _new_answer() -> tuple[Any, bytes]:
    try:
        return _spare.pop()
    except IndexError:
        struct = ffi.new("struct getifs_answer *")
        return struct, _buffer(struct)


def _block(answer: tuple[Any, bytes], size: int, *, has_more: bool = False) -> Block:
    """What is in an answer, with records of that size; the answer itself may be used again."""
    struct, view = answer
    count, text_size, malformed, rows = _HEAD(view)
    if not rows and not has_more:
        end = _FEW + count * size
        return Block(view[_FEW:end], count, view[end : end + text_size], malformed)
    owner = ffi.gc(ffi.new(_BLOCKS), lib.getifs_free)
    lib.getifs_take(struct, owner)
    pointers = owner.block
    text = _buffer(pointers.text, text_size) if text_size else b""
    block = Block(_buffer(pointers.rows, count * size) if count else b"", count, text, malformed, owner)
    if has_more:
        more = owner.more
        more_rows = _buffer(more.rows, more.count * IFNET.size) if more.count else b""
        block.more = Block(more_rows, more.count, b"", more.malformed, owner)
    return block


def ask(  # noqa: PLR0917  # names would cost as much as a system call
    query: int,
    size: int,
    socket: Socket | None,
    family: int = 0,
    index: int = 0,
    name: bytes | None = None,
    options: int = 0,
    table: int = 0,
    timeout_ms: int = DEFAULT_TIMEOUT_MS,
    program: Program | None = None,
) -> Block:
    """One query, one crossing: the answer's records, of that size."""
    answer = _new_answer()
    struct = answer[0]
    kept = _NULL if socket is None else socket.pointer
    text, text_len = (_NULL, 0) if name is None else (name, len(name))
    chosen = _NULL if program is None else program.filter
    try:
        while (
            status := _ask(struct, kept, query, options, family, index, table, timeout_ms, text, text_len, chosen)
        ) == _SIGNAL:
            pass  # on the way back here the interpreter runs the handlers, which may raise
        if status != _OK:
            _raise(struct, status)
        block = _block(answer, size, has_more=query == LINKS_ADDRS)
    except BaseException:
        # At once: a traceback would keep the answer, and its socket, alive.
        lib.getifs_clear(struct)
        raise
    if len(_spare) < _SPARE_MOST:
        _spare.append(answer)  # from here on another thread may have it: nothing may be cleared any more
    return block


def _raise(struct: Any, status: int) -> NoReturn:
    if status == lib.GETIFS_CLOSED:
        raise ValueError("the session is closed")
    message = ffi.string(struct.message).decode(errors="replace")
    if status == lib.GETIFS_INTERRUPTED:
        raise DumpInterruptedError(errno.EINTR, message)
    if status == lib.GETIFS_MALFORMED:
        raise MalformedMessageError(errno.EBADMSG, message)
    code = struct.error
    if code == -errno.ENOMEM:
        raise MemoryError
    if code == -errno.ETIMEDOUT:
        raise TimeoutError(errno.ETIMEDOUT, "no answer from the kernel in time")
    if code < 0:
        raise OSError(-code, os.strerror(-code))
    raise NetlinkError(code, f"{os.strerror(code)}: {message}" if message else os.strerror(code))


def replay(query: int, size: int, data: Bytes, nexthops: Bytes = b"", *, options: int = 0, table: int = 0) -> Block:
    """Recorded messages through the parsers of `ask`."""
    messages, objects = ffi.from_buffer(data), ffi.from_buffer(nexthops)
    return _read(size, lib.getifs_replay, query, options, table, messages, len(messages), objects, len(objects))


def read_igmp(text: Bytes, *, family: int, big_endian: bool) -> Block:
    """The groups in a text of /proc/net/igmp or igmp6, as a machine of that byte order wrote it."""
    content = ffi.from_buffer(text)
    return _read(IFADDR.size, lib.getifs_read_igmp, family, big_endian, content, len(content))


def _read(size: int, function: Callable[..., int], *arguments: object) -> Block:
    answer = _new_answer()
    try:
        status = function(answer[0], *arguments)
        if status != _OK:
            _raise(answer[0], status)
        block = _block(answer, size)
    except BaseException:
        lib.getifs_clear(answer[0])
        raise
    if len(_spare) < _SPARE_MOST:
        _spare.append(answer)
    return block
