"""The result as a Markdown table, and whether getifs keeps its promise."""

from __future__ import annotations

import datetime as dt
import os
import platform
from collections.abc import Iterator

from tally import Tally

LEAST_ANSWERED = 0.995
HEAD = (
    *("query", "library", "calls", "incomplete", "repeated", "impossible", "other errors", "gave up"),
    *("dumps a call (quiet)", "mean µs", "median µs", "changes/s"),
)


def _row(tally: Tally) -> tuple[object, ...]:
    # getifaddrs() sends its requests inside the C library: count_dumps.c does not see them.
    dumps = f"{tally.dumps / tally.calls:.2f} ({tally.quiet_dumps})" if tally.quiet_dumps else ""
    return (
        *(tally.query.name, tally.library, f"{tally.calls:,}", f"{tally.incomplete:,}", f"{tally.repeated:,}"),
        *(f"{tally.impossible:,}", f"{tally.errors.total():,}", f"{tally.gave_up:,}", dumps),
        *(f"{tally.mean_us:,.0f}", f"{tally.median_us:,.0f}", f"{tally.changes / tally.seconds:,.0f}"),
    )


def machine() -> str:
    return (
        f"{dt.datetime.now(dt.timezone.utc):%Y-%m-%d}, Linux {platform.release()}, {platform.machine()}, "
        f"{os.cpu_count()} processors, Python {platform.python_version()}"
    )


def table(tallies: list[Tally]) -> str:
    rows = [HEAD, ("---",) * len(HEAD), *map(_row, tallies)]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in rows)


def details(tallies: list[Tally]) -> Iterator[str]:
    """Examples of what is wrong."""
    for tally in tallies:
        for text in [*tally.examples, *(f"{count} × {error}" for error, count in tally.errors.items())]:
            yield f"{tally.library}, {tally.query.name}: {text}"


def verdict(tallies: list[Tally]) -> tuple[bool, str]:
    """Whether these tallies, of getifs, are good enough."""
    calls, answered = sum(tally.calls for tally in tallies), sum(tally.answered for tally in tallies)
    wrong = sum(tally.wrong for tally in tallies)
    share = answered / calls
    text = f"getifs: {calls:,} calls, {wrong:,} wrong, {share:.2%} answered (at least {LEAST_ANSWERED:.1%} must be)"
    return wrong == 0 and share >= LEAST_ANSWERED, text
