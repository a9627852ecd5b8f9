"""Queries through one socket."""

from __future__ import annotations

from . import _kernel, arguments
from .queries import Queries

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self


class Session(Queries):
    """The queries through one socket that is kept, and closed in the end.

        with Session() as session:
            for interface in session.interfaces():
                print(interface, session.interface_addrs(interface=interface))

    Threads may share it (one that finds the socket in use opens its own), and it survives `fork`.

    Args:
        timeout: Seconds that its queries wait for an answer, unless they are told otherwise.
    """

    __slots__ = ()

    def __init__(self, *, timeout: float = 5.0) -> None:
        super().__init__(_kernel.Socket(), arguments.timeout_argument(timeout))

    def close(self) -> None:
        """Closes the socket; a query after that is a `ValueError`. Closing twice is no error."""
        if self._socket is not None:
            self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
