# The compiled module as the type checker sees it; csrc/getifs.h declares what it contains.
from collections.abc import Callable
from typing import Any

class _Lib:
    getifs_query: Callable[[Any, bytes, Any], int]
    getifs_replay: Callable[[Any, bytes, Any, int, Any, int], int]
    getifs_read_igmp: Callable[[Any, int, bool, Any, int], int]
    getifs_select: Callable[[Any, Any, Any], int]
    getifs_difference: Callable[[Any, int, Any, Any], int]
    getifs_best_routes: Callable[[Any, Any], int]
    getifs_take: Callable[[Any, Any], None]
    getifs_free: Callable[[Any], None]
    getifs_close: Callable[[Any], None]
    getifs_netns_open: Callable[[Any, Any, int], int]
    getifs_netns_close: Callable[[Any], None]
    getifs_mirror_new: Callable[[int, int, int, int, Any], Any]
    getifs_mirror_free: Callable[[Any], None]
    getifs_mirror_read: Callable[[Any], int]
    getifs_mirror_wait: Callable[[Any, int], int]
    getifs_mirror_wake: Callable[[Any], None]
    getifs_mirror_enter: Callable[[Any], int]
    getifs_mirror_leave: Callable[[Any], None]
    getifs_mirror_close: Callable[[Any], None]
    getifs_constants: Any
    getifs_records: Any

ffi: Any
lib: _Lib
