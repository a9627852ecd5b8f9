"""What all queries of many rows share: from the arguments to a table."""

from __future__ import annotations

import errno

from . import _arguments, _core
from ._lazy import LazyModule
from ._names import no_such_interface
from ._table import Table
from .errors import NetlinkError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from ._predicates import compiler
    from ._predicates.tree import Predicate
    from ._rows.base import Row as AnyRow

    Row = TypeVar("Row", bound=AnyRow)
else:
    compiler = LazyModule("._predicates.compiler", __package__)


class Asker:
    """The clients of the C core that queries use, and their timeout."""

    __slots__ = ("_pool", "_timeout_ms")

    def __init__(self, pool: _core.Pool = _core.SHARED, timeout_ms: int = _core.DEFAULT_TIMEOUT_MS) -> None:
        self._pool = pool
        self._timeout_ms = timeout_ms

    def _ask(  # noqa: PLR0917  # private, and its callers pass most of them
        self,
        query: int,
        cls: type[Row],
        family: int | None,
        interface: object,
        where: Callable[[Any], object] | None,
        timeout: float | None,
        options: int = 0,
        table: int = 0,
        required: Predicate | None = None,
    ) -> Table[Row]:
        """Checks the arguments, runs the query, and returns the rows that `required` and `where` accept."""
        program = function = None
        if where is not None or required is not None:
            program, function = compiler.split(required, where, cls)
        index, name = (0, b"") if interface is None else _arguments.interface_argument(interface)
        rows = Table(cls)
        try:
            _core.ask(
                rows,
                self._pool,
                query,
                cls._layout.size,
                0 if family is None else _arguments.family_argument(family),
                index,
                name,
                options,
                table,
                self._timeout_ms if timeout is None else _arguments.timeout_argument(timeout),
                program,
            )
        except NetlinkError as error:
            if error.errno == errno.ENODEV and interface is not None:
                raise no_such_interface(interface) from None
            raise
        return rows if function is None else rows.where(function)

    def _timeout(self, timeout: float | None) -> int:
        return self._timeout_ms if timeout is None else _arguments.timeout_argument(timeout)


ONCE = Asker()
