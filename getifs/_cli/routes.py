"""Routes as lines and as JSON. There can be very many, of few kinds."""

from __future__ import annotations

from .._records import ROUTE
from .._rows.address_texts import address_text, is_host
from .text import phrases, unless, way

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from .._rows.route import Route

    Names = Mapping[int, str]

_DST, _DST_LEN, _FAMILY = (ROUTE.offset[name] for name in ("dst", "dst_len", "family"))
_DST_END = _DST + 16
_KINDS_MOST = 10_000  # that are kept


def lines(rows: Iterable[Route], names: Names) -> Iterator[str]:
    """One line for each row, as `ip route` prints it."""
    return _with_destinations(rows, lambda row: _around(row, names))


def as_json(rows: Iterable[Route], names: Names) -> Iterator[str]:
    """One JSON object for each row."""
    from .json_text import dumps

    def around(row: Route) -> tuple[str, str]:
        # No other value is NUL: the kernel's strings end there.
        before, after = dumps({**row.to_dict(names), "dst": "\0"}).split("\\u0000")
        return before, after

    yield from _with_destinations(rows, around)


def _with_destinations(rows: Iterable[Route], around: Callable[[Route], tuple[str, str]]) -> Iterator[str]:
    """The text of each row. Those that differ in the destination alone share what is around it: most of many routes."""
    shared: dict[tuple[bytes, bytes, bytes], tuple[str, str]] = {}
    for row in rows:
        record = row._record
        key = record[:_DST], record[_DST_END:], row._extra
        found = shared.get(key)
        if found is None:
            found = around(row)
            if len(shared) < _KINDS_MOST:
                shared[key] = found
        family, length = record[_FAMILY], record[_DST_LEN]
        to = address_text(family, record, _DST) if length else "default"
        if length and not is_host(family, length):
            to = f"{to}/{length}"
        yield f"{found[0]}{to}{found[1]}"


def _around(row: Route, names: Names) -> tuple[str, str]:
    """What stands before and behind the destination."""
    shown = row.to_dict(names)
    words: dict[str, object] = {
        **{key: shown.get(key) for key in ("from", "tos", "nhid", "encap")},
        **way(row, shown),
        "table": unless("main", shown.get("table")),
        "proto": unless("unspec", unless("boot", shown["protocol"])),
        "scope": unless("global", shown["scope"]),
        "src": shown.get("prefsrc"),
        "metric": shown.get("metric"),
        "weight": unless(1, row.weight),
        **realms(shown.get("flow")),
        **(shown["metrics"][0] if "metrics" in shown else {}),
        "pref": unless("medium", shown.get("pref")),
    }
    before = "" if shown["type"] == "unicast" else f"{shown['type']} "
    return before, "".join(f" {word}" for word in [*phrases(words), *shown["flags"]])


def realms(flow: Mapping[str, str] | None) -> dict[str, str]:
    if not flow:
        return {}
    return {"realms": f"{flow['from']}/{flow['to']}"} if "from" in flow else {"realm": flow["to"]}
