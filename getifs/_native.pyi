# What the C core looks like from Python; csrc/getifs.h is what it says.
from collections.abc import Callable
from typing import Any

class _Lib:
    getifs_ask: Callable[[Any, Any, int, int, int, int, int, int, Any, int, Any], int]
    getifs_clear: Callable[[Any], None]
    getifs_free: Callable[[Any], None]
    getifs_take: Callable[[Any, Any], None]
    getifs_socket_close: Callable[[Any], None]
    getifs_socket_free: Callable[[Any], None]
    getifs_socket_new: Callable[[], Any]
    getifs_read_igmp: Callable[[Any, int, bool, Any, int], int]
    getifs_replay: Callable[[Any, int, int, int, Any, int, Any, int], int]
    getifs_select: Callable[[Any, int, Any, int, Any, Any], int]
    # The constants, all of them.
    def __getattr__(self, name: str) -> int: ...

ffi: Any
lib: _Lib
