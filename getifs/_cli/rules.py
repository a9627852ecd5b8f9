"""Policy rules as lines."""

from __future__ import annotations

from .routes import realms
from .text import phrases

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from .._rows.rule import Rule


def lines(rows: Sequence[Rule], _names: Mapping[int, str]) -> Iterator[str]:
    """One line for each row, as `ip rule` prints it."""
    for row in rows:
        shown = row.to_dict()
        marks = [key for key in ("unresolved", "iif_detached", "oif_detached") if key in shown]
        words: dict[str, object] = {
            "from": _prefix(shown, "src"),
            "to": _prefix(shown, "dst"),
            "tos": shown.get("tos"),
            "dscp": row.dscp,
            "fwmark": "/".join(shown[key] for key in ("fwmark", "fwmask") if key in shown) or None,
            "iif": row.iif,
            "oif": row.oif,
            "uidrange": _span(row.uid_range),
            "ipproto": shown.get("ipproto"),
            "sport": _span(row.sport),
            "dport": _span(row.dport),
            "tun_id": row.tun_id,
            "flowlabel": shown.get("flowlabel"),
            "lookup": "[l3mdev-table]" if row.l3mdev else shown.get("table"),
            "suppress_prefixlength": row.suppress_prefixlen,
            "suppress_ifgroup": shown.get("suppress_ifgroup"),
            **realms({key[5:]: shown[key] for key in ("flow_from", "flow_to") if key in shown}),
            "goto": shown.get("goto"),
        }
        action = "nop" if "nop" in shown else shown.get("action")
        parts = [*(["not"] if row.invert else []), *phrases(words), *([action] if action else [])]
        yield " ".join([f"{row.priority}:", *parts, *(f"[{mark}]" for mark in marks)])


def _prefix(shown: Mapping[str, Any], key: str) -> str | None:
    return f"{shown[key]}/{shown[f'{key}len']}" if f"{key}len" in shown else shown.get(key)


def _span(span: tuple[int, int] | None) -> str | None:
    return None if span is None else str(span[0]) if span[0] == span[1] else f"{span[0]}-{span[1]}"
