"""What goes wrong between the kernel and the caller."""

from __future__ import annotations


class NetlinkError(OSError):
    """The kernel refused a request.

    `errno` is the kernel's own; `strerror` has the kernel's explanation behind it where it gave one
    (the extended acknowledgement, `NLMSGERR_ATTR_MSG`). An error of this process's own system calls,
    such as too many open files, is a plain `OSError`.
    """


class DumpInterruptedError(NetlinkError):
    """The table changed while it was read, at every attempt (`NLM_F_DUMP_INTR`); `errno` is `EINTR`."""


class MalformedMessageError(NetlinkError):
    """An answer or a recording makes no sense as netlink messages; `errno` is `EBADMSG`."""
