"""The only caller of the C core: asks, owns what comes back, turns errors into exceptions."""

from __future__ import annotations

import errno
import os

from ._native import ffi
from ._native import lib as lib
from .errors import DumpInterruptedError, MalformedMessageError, NetlinkError

TYPE_CHECKING = False
if TYPE_CHECKING:
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
_ANSWER = ffi.typeof("struct getifs_answer *")
_REQUEST = ffi.typeof("struct getifs_request *")
_CODES = {"uint8_t": "B", "uint16_t": "H", "uint32_t": "I", "int32_t": "i"}


class Layout:
    """How a record lies in memory: what `struct` needs to unpack it, and where each field then stands."""

    __slots__ = ("_widths", "codes", "offset", "position", "size", "unpacker")

    def __init__(self, struct_name: str) -> None:
        from struct import Struct

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
    """Records in C memory, and their side text. The memory goes with the last block of its answer."""

    __slots__ = ("_answer", "count", "malformed", "rows", "text")

    def __init__(self, answer: Any, block: Any, size: int) -> None:
        self._answer = answer
        count = block.count
        text_size = block.text_size
        self.count: int = count
        self.malformed: int = block.malformed
        # Told to be bytes: a buffer is sliced (to bytes), measured and unpacked like them.
        self.rows: bytes = ffi.buffer(block.rows, count * size) if count else b""
        self.text: bytes = ffi.buffer(block.text, text_size) if text_size else b""

    def view(self) -> memoryview:
        """The records. The memory stays as long as the view, or a view or an array made of it."""
        if self._answer is None or not self.rows:
            return memoryview(self.rows)
        # A buffer of cffi's keeps its pointer alone, and a pointer with a destructor the destructor: a method of ours.
        pointer = ffi.gc(ffi.from_buffer(self.rows), self._let_go)
        return memoryview(ffi.buffer(pointer, len(self.rows))).toreadonly()

    def _let_go(self, pointer: Any) -> None:
        """Nothing is left to do: what owned the block is about to go."""

    @classmethod
    def of(cls, rows: bytes, count: int, text: bytes, malformed: int) -> Block:
        """Records that are not in C memory."""
        block = object.__new__(cls)
        block._answer = None
        block.rows, block.count, block.text, block.malformed = rows, count, text, malformed
        return block


class Socket:
    """A netlink socket that is kept between queries. A query that finds it in use asks through one of its own."""

    __slots__ = ("_struct",)

    def __init__(self) -> None:
        self._struct: Any = ffi.gc(lib.getifs_socket_new(), lib.getifs_socket_free)
        if not self._struct:
            raise MemoryError

    def close(self) -> None:
        """Closes it now, or when the query ends that uses it."""
        lib.getifs_socket_close(self._struct)


class Program:
    """A compiled predicate (see `getifs.predicate`) as the C core reads it."""

    __slots__ = ("_globs", "_tests")

    def __init__(self, tests: list[dict[str, Any]], globs: list[dict[str, int]]) -> None:
        self._tests: Any = ffi.new("struct getifs_test[]", tests)
        self._globs: Any = ffi.new("struct getifs_glob[]", globs)

    @classmethod
    def owner_of(cls, family: int, packed: bytes) -> Program:
        """Accepts the ifnets with that address."""
        test = {
            "op": lib.GETIFS_TEST_PREFIX,
            "offset": IFNET.offset["addr"],
            "family_at": IFNET.offset["family"],
            "length_at": lib.GETIFS_FULL_LENGTH,
            "family": family,
            "addr": packed.ljust(16, b"\0"),
            "length": len(packed) * 8,
            "on_true": lib.GETIFS_ACCEPT,
            "on_false": lib.GETIFS_REJECT,
        }
        return cls([test], [])

    def install(self, filter_struct: Any) -> None:
        filter_struct.tests = self._tests
        filter_struct.test_count = len(self._tests)
        filter_struct.globs = self._globs

    def select(self, layout: Layout, rows: Bytes, count: int, text: Bytes) -> Bytes:
        """Positions of the rows that it accepts, 32 bits each."""
        found = ffi.new("uint32_t[]", count)
        compiled = ffi.new("struct getifs_filter *")
        self.install(compiled)
        accepted = lib.getifs_select(compiled, ffi.from_buffer(rows), layout.size, count, ffi.from_buffer(text), found)
        return bytes(ffi.buffer(found, 4 * accepted))


def ask(
    query: int,
    layout: Layout,
    *,
    socket: Socket | None = None,
    family: int = 0,
    index: int = 0,
    name: bytes | None = None,
    options: int = 0,
    table: int = 0,
    timeout_ms: int = DEFAULT_TIMEOUT_MS,
    program: Program | None = None,
) -> Block:
    """One query, one crossing: the answer's records."""
    request = ffi.new(_REQUEST, (query, options, family, index, table, timeout_ms))
    if name is not None:
        name_buffer = ffi.from_buffer(name)
        request.name = name_buffer
        request.name_len = len(name)
    answer = _run(request, program, socket)
    return Block(answer, answer.block, layout.size)


def ask_both(
    query: int, *, socket: Socket | None, family: int, timeout_ms: int, program: Program | None
) -> tuple[Block, Block]:
    """The same where the answer has links and addresses."""
    request = ffi.new(_REQUEST, (query, 0, family, 0, 0, timeout_ms))
    answer = _run(request, program, socket)
    return Block(answer, answer.block, LINK.size), Block(answer, answer.more, IFNET.size)


def _run(request: Any, program: Program | None, socket: Socket | None) -> Any:
    if program is not None:
        program.install(request.filter)
    answer = ffi.gc(ffi.new(_ANSWER), lib.getifs_clear)
    kept = ffi.NULL if socket is None else socket._struct
    try:
        while (status := lib.getifs_ask(answer, kept, request)) == lib.GETIFS_SIGNAL:
            pass  # on the way back here the interpreter runs the handlers, which may raise
        if status != lib.GETIFS_OK:
            _raise(answer, status)
    except BaseException:
        # At once: a traceback would keep the answer, and its socket, alive.
        lib.getifs_clear(answer)
        raise
    return answer


def _raise(answer: Any, status: int) -> NoReturn:
    if status == lib.GETIFS_CLOSED:
        raise ValueError("the session is closed")
    message = ffi.string(answer.message).decode(errors="replace")
    if status == lib.GETIFS_INTERRUPTED:
        raise DumpInterruptedError(errno.EINTR, message)
    if status == lib.GETIFS_MALFORMED:
        raise MalformedMessageError(errno.EBADMSG, message)
    code = answer.error
    if code == -errno.ENOMEM:
        raise MemoryError
    if code == -errno.ETIMEDOUT:
        raise TimeoutError(errno.ETIMEDOUT, "no answer from the kernel in time")
    if code < 0:
        raise OSError(-code, os.strerror(-code))
    raise NetlinkError(code, f"{os.strerror(code)}: {message}" if message else os.strerror(code))


def replay(
    query: int, layout: Layout, data: Bytes, nexthops: Bytes = b"", *, options: int = 0, table: int = 0
) -> Block:
    """Recorded messages through the parsers of `ask`."""
    request = ffi.new(_REQUEST)
    request.query = query
    request.options = options
    request.table = table
    answer = ffi.gc(ffi.new(_ANSWER), lib.getifs_clear)
    messages, objects = ffi.from_buffer(data), ffi.from_buffer(nexthops)
    status = lib.getifs_replay(answer, request, messages, len(messages), objects, len(objects))
    if status != lib.GETIFS_OK:
        _raise(answer, status)
    return Block(answer, answer.block, layout.size)


def read_igmp(text: Bytes, *, family: int, big_endian: bool) -> Block:
    """The groups in a text of /proc/net/igmp or igmp6, as a machine of that byte order wrote it."""
    answer = ffi.gc(ffi.new(_ANSWER), lib.getifs_clear)
    content = ffi.from_buffer(text)
    status = lib.getifs_read_igmp(answer, family, big_endian, content, len(content))
    if status != lib.GETIFS_OK:
        _raise(answer, status)
    return Block(answer, answer.block, IFADDR.size)
