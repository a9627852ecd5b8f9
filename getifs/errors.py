"""Errors of queries. All are kinds of `OSError`."""

from __future__ import annotations


class NetlinkError(OSError):
    """The kernel refused a request.

    `errno` is the kernel's. `strerror` includes the kernel's explanation if it gave one (the extended
    acknowledgement, `NLMSGERR_ATTR_MSG`). The failure of a system call of this process, such as too many open
    files, is a plain `OSError`.
    """


class NetlinkPermissionError(NetlinkError, PermissionError):
    """The kernel refused a request for lack of permission; `errno` is `EACCES` or `EPERM`."""


class DumpInterruptedError(NetlinkError):
    """The table changed so fast that no number of dumps gave a complete answer; `errno` is `EINTR`."""


class MalformedMessageError(NetlinkError):
    """An answer or a recording is not a valid sequence of netlink messages; `errno` is `EBADMSG`."""


for _error in (NetlinkError, NetlinkPermissionError, DumpInterruptedError, MalformedMessageError):
    _error.__module__ = __name__.rpartition(".")[0]
