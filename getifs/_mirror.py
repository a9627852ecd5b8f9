"""The mirror of the C core: state that is kept by notifications."""

from __future__ import annotations

from . import _records
from ._core import Block, Client, Netns, Pool, fail, fill, lib
from ._native import ffi
from ._records import EVENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Mirror(Pool):
    """Clients whose queries are answered from state that is kept by notifications.

    Threads can share it: the C core locks it for the time of each call.
    """

    __slots__ = ("_mirror",)

    def __init__(self, follow: int, family: int, timeout_ms: int, receive_buffer: int, netns: Netns | None) -> None:
        super().__init__(keep_open=False, netns=netns)
        place = ffi.NULL if netns is None else netns.struct
        mirror = lib.getifs_mirror_new(follow, family, timeout_ms, receive_buffer, place)
        if mirror == ffi.NULL:
            raise MemoryError
        free = lib.getifs_mirror_free
        self._mirror: Any = ffi.gc(mirror, free) if netns is None else netns.keep(mirror, free)

    def _new(self) -> Client:
        client = super()._new()
        client[0].mirror = self._mirror
        return client

    def read(self) -> Block | None:
        """The events at hand; `None` if a dump has to be repeated first, which is due now."""
        client = self.take()
        struct = client[0]
        try:
            while (status := lib.getifs_mirror_read(struct)) == _records.GETIFS_PAUSED:
                pass
        except BaseException:
            self.wake()  # what is under way goes on at the next call
            raise
        if status == _records.GETIFS_INTERRUPTED:
            self.give_back(client)
            return None
        if status != _records.GETIFS_OK:
            fail(self, client, status)
        block = Block()
        fill(block, client, EVENT.size, None)
        self.give_back(client)
        return block

    def wait(self, seconds: float | None) -> None:
        """Waits until there is something to read, a signal arrives, or the time is over."""
        milliseconds = -1 if seconds is None else int(min(seconds * 1000 + 0.999, 2**31 - 1))
        client = self.take()
        status = lib.getifs_mirror_wait(client[0], milliseconds)
        if status not in (_records.GETIFS_OK, _records.GETIFS_PAUSED, _records.GETIFS_TIMED_OUT):
            fail(self, client, status)
        self.give_back(client)

    def wake(self) -> None:
        """Makes the descriptor readable until the next read."""
        lib.getifs_mirror_wake(self._mirror)

    def enter(self) -> int:
        """The descriptor, which stays open until `leave()`; -1 if the mirror is closed."""
        return lib.getifs_mirror_enter(self._mirror)

    def leave(self) -> None:
        lib.getifs_mirror_leave(self._mirror)

    def close(self) -> None:
        """Closes it. Those that wait return at once."""
        lib.getifs_mirror_close(self._mirror)
        if self._netns is not None:
            self._netns.close()
