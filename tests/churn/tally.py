"""Queries, and what is wrong with their answers."""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

from shared import Shared

Identities = Iterable[Hashable]
EXAMPLES = 3


class GaveUp(Exception):
    """The library says that it has no consistent answer."""


@dataclass(frozen=True)
class Query:
    """A question to a library.

    `identities` tells what identifies the rows of an answer. A complete answer has at least `least` of them.
    """

    name: str
    ask: Callable[[], Any]
    identities: Callable[[Any], Identities]
    least: int


@dataclass
class Tally:
    """The answers of a library to one query, compared with its answers while nothing changed."""

    library: str
    query: Query
    gave_up_errors: tuple[type[BaseException], ...]
    permanent: frozenset[Hashable] = frozenset()
    possible: frozenset[Hashable] = frozenset()
    quiet_dumps: int = 0
    calls: int = 0
    answered: int = 0
    incomplete: int = 0
    repeated: int = 0
    impossible: int = 0
    gave_up: int = 0
    dumps: int = 0
    changes: int = 0
    seconds: float = 0.0
    errors: Counter[str] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)
    texts: dict[Hashable, str] = field(default_factory=dict)

    def quiet_answer(self, shared: Shared) -> frozenset[Hashable]:
        before = shared.dumps
        answer = self.query.ask()
        self.quiet_dumps = shared.dumps - before
        rows = list(self.query.identities(answer))
        found = frozenset(rows)
        assert len(rows) == len(found), f"{self.library}, {self.query.name}: the quiet answer has repeated rows"
        if isinstance(rows[0], bytes):  # identities of records, which nobody can read
            self.texts.update(zip(rows, map(str, answer), strict=True))
        least = self.query.least
        assert len(found) >= least, f"{self.library}, {self.query.name}: {len(found)} rows, expected {least}"
        return found

    def measure(self, shared: Shared, seconds: float) -> None:
        """Asks for this time, but at least once."""
        dumps, changes = shared.dumps, sum(shared.changes)
        start = time.monotonic()
        end = start + seconds
        while True:
            self._call()
            if time.monotonic() >= end:
                break
        self.seconds += time.monotonic() - start
        self.dumps += shared.dumps - dumps
        self.changes += sum(shared.changes) - changes

    def _call(self) -> None:
        self.calls += 1
        start = time.perf_counter()
        try:
            answer = self.query.ask()
        except (GaveUp, *self.gave_up_errors):
            self.gave_up += 1
            return
        except Exception as error:  # noqa: BLE001  # counted as a wrong one
            self.errors[f"{type(error).__name__}: {error}"] += 1
            return
        finally:
            self.times.append(time.perf_counter() - start)
        self.answered += 1
        self._check(list(self.query.identities(answer)))

    def _check(self, rows: list[Hashable]) -> None:
        found = set(rows)
        if missing := self.permanent - found:
            self.incomplete += 1
            self._note("lacks", missing)
        if len(found) != len(rows):
            self.repeated += 1
            self._note("repeats", {row for row, count in Counter(rows).items() if count > 1})
        if extra := found - self.possible:
            self.impossible += 1
            self._note("has impossible", extra)

    def _note(self, what: str, rows: set[Hashable]) -> None:
        if len(self.examples) < EXAMPLES:
            row = next(iter(rows))
            self.examples.append(f"{what} {len(rows)} rows, such as {self.texts.get(row, row)}")

    @property
    def mean_us(self) -> float:
        return statistics.fmean(self.times) * 1e6

    @property
    def median_us(self) -> float:
        return statistics.median(self.times) * 1e6

    @property
    def wrong(self) -> int:
        """Wrong answers, and errors that say something else than that there is no answer."""
        return self.incomplete + self.repeated + self.impossible + self.errors.total()
