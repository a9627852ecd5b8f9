"""Rows as lines for people: the output of the command line without `--json`."""

from __future__ import annotations

import shutil

from ..enums import Flags, OperState

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from .._rows.addr import IfAddr, IfNet
    from .._rows.interface import Interface
    from .._rows.neighbour import Neighbour
    from .._rows.nexthop import NextHop
    from .._rows.route import Route
    from .._rows.rule import Rule

    Names = Mapping[int, str]

_INDENT = "    "


def escape(text: str) -> str:
    """Escapes control characters and everything else that a terminal could interpret.

    Lone surrogates stay: they stand for the bytes of a name that is not UTF-8.
    """
    if text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable() or "\udc80" <= character <= "\udcff"
        else character.encode("unicode_escape").decode()
        for character in text
    )


def fold(lines: Iterable[str]) -> Iterator[str]:
    """Escapes the lines, and wraps those that are too long for the terminal with an indent."""
    width = shutil.get_terminal_size((0, 0)).columns  # 0: not a terminal
    for text in lines:
        line = escape(text.rstrip(" "))
        start = len(line) - len(line.lstrip())
        indent = start + len(_INDENT)
        while 0 < width < _columns(line):
            cut = line.rfind(" ", start, width + 1)
            if cut < 0:
                cut = line.find(" ", max(start, width))
            if cut < 0:
                break
            yield line[:cut].rstrip()
            line = " " * indent + line[cut:].lstrip()
            start = indent
        yield line


def _columns(text: str) -> int:
    """The width of a text in columns of a terminal."""
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def _table(header: Sequence[str], rows: Sequence[Sequence[str | int]]) -> list[str]:
    """A header and one line for each row, numbers aligned to the right. Empty if there are no rows."""
    if not rows:
        return []
    columns: list[list[str]] = []
    cells: list[str | int]
    for title, *cells in zip(header, *rows, strict=True):
        texts = [title, *(escape(str(cell)) for cell in cells)]
        width = max(map(_columns, texts))
        pads = [" " * (width - _columns(text)) for text in texts]
        number = isinstance(cells[0], int)
        columns.append([pad + text if number else text + pad for text, pad in zip(texts, pads, strict=True)])
    return ["  ".join(line).rstrip() for line in zip(*columns, strict=True)]


def _name(row: IfNet | IfAddr, names: Names) -> str:
    return names.get(row.index, f"if{row.index}")


def _state(row: Interface) -> str:
    """The operational state. Some drivers never set it (`lo`, tunnels); there `IFF_RUNNING` decides."""
    if row.oper_state is OperState.UNKNOWN:
        return "UP" if row.flags & Flags.RUNNING else "DOWN"
    return row.oper_state.name


def _address(row: IfNet) -> str:
    """The address with its prefix length, unless that is the peer's."""
    return f"{row.addr}/{row.prefix_len}" if row.peer is None else str(row.addr)


def _details(row: IfNet, name: str) -> str:
    shown = row.to_dict()
    words = {
        "peer": None if row.peer is None else f"{row.peer}/{row.prefix_len}",
        "scope": _unless("global", shown["scope"]),
        "label": _unless(name, row.label),
    }
    return " ".join([*_phrases(words), *(key for key, value in shown.items() if value is True)])


def overview(found: Mapping[Interface, Sequence[IfNet]]) -> Iterator[str]:
    """Every interface, followed by its addresses."""
    table = _table(
        ("INTERFACE", "STATE", "MTU", "HARDWARE ADDRESS"),
        [(row.name, _state(row), row.mtu, str(row.mac_addr or "")) for row in found],
    )
    yield from table[:1]
    for line, (interface, rows) in zip(table[1:], found.items(), strict=True):
        yield line
        for row in rows:
            yield f"{_INDENT}{_address(row)}  {_details(row, interface.name)}".rstrip()


def links(rows: Sequence[Interface], names: Names) -> Iterator[str]:
    table = _table(
        ("INDEX", "INTERFACE", "STATE", "MTU", "KIND", "HARDWARE ADDRESS"),
        [(row.index, row.name, _state(row), row.mtu, row.kind or "", str(row.mac_addr or "")) for row in rows],
    )
    yield from table[:1]
    for line, row in zip(table[1:], rows, strict=True):
        yield line
        shown = row.to_dict(names)
        below = shown.get("link", f"if{row.link}" if row.link else None)
        words = {
            "master": shown.get("master"),
            "link": below,
            "link-netnsid": row.link_netnsid,
            "alias": row.alias,
            "altname": " altname ".join(row.alt_names) or None,
            "speed": row.speed,
            "duplex": shown.get("duplex"),
        }
        yield _INDENT + " ".join([",".join(shown["flags"]) or "no flags", *_phrases(words)])
        info = shown.get("linkinfo", {})
        for title, kind, data in (("", "info_kind", "info_data"), ("port of a ", "info_slave_kind", "info_slave_data")):
            if info.get(data):
                yield _INDENT + " ".join(
                    [f"{title}{info[kind]}:", *_phrases({key: _setting(one) for key, one in info[data].items()})]
                )
        for direction, counters in shown.get("stats64", {}).items():
            yield _INDENT + " ".join([f"{direction}:", *_phrases(counters)])


def _setting(value: Any) -> str:
    """The value of a setting of a kind of interface."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if hasattr(value, "items"):
        return " ".join(["{", *_phrases({key: _setting(one) for key, one in value.items()}), "}"])
    if hasattr(value, "append"):
        items = [":".join(map(str, one.values())) if hasattr(one, "values") else str(one) for one in value]
        return " ".join(["{", *items, "}"])
    return "none" if value is None else str(value)


def addrs(rows: Sequence[IfNet], names: Names) -> Iterator[str]:
    yield from _table(
        ("INTERFACE", "ADDRESS", "DETAILS"),
        [(_name(row, names), _address(row), _details(row, _name(row, names))) for row in rows],
    )


def ifaddrs(rows: Sequence[IfAddr], names: Names) -> Iterator[str]:
    yield from _table(("INTERFACE", "ADDRESS"), [(_name(row, names), str(row.addr)) for row in rows])


def routes(rows: Sequence[Route], names: Names) -> Iterator[str]:
    """One line for each row, as `ip route` prints it."""
    for row in rows:
        shown = row.to_dict(names)
        words: dict[str, object] = {
            **{key: shown.get(key) for key in ("from", "tos", "nhid", "encap")},
            **_way(row, shown),
            "table": _unless("main", shown.get("table")),
            "proto": _unless("unspec", _unless("boot", shown["protocol"])),
            "scope": _unless("global", shown["scope"]),
            "src": row.prefsrc,
            "metric": shown.get("metric"),
            "weight": _unless(1, row.weight),
            **_realms(shown.get("flow")),
            **(shown["metrics"][0] if "metrics" in shown else {}),
            "pref": _unless("medium", shown.get("pref")),
        }
        kind = [] if shown["type"] == "unicast" else [shown["type"]]
        yield " ".join([*kind, shown["dst"], *_phrases(words), *shown["flags"]])


def neighbours(rows: Sequence[Neighbour], names: Names) -> Iterator[str]:
    """One line for each row, as `ip neigh` prints it."""
    for row in rows:
        shown = row.to_dict(names)
        words = {"dev": shown.get("dev", f"if{row.index}"), "lladdr": row.mac_addr}
        marks = [key for key, value in shown.items() if value is None]
        proto = _phrases({"proto": shown.get("protocol")})
        yield " ".join([str(row.addr), *_phrases(words), *marks, *shown.get("state", []), *proto])


def nexthops(rows: Sequence[NextHop], names: Names) -> Iterator[str]:
    """One line for each row, as `ip nexthop` prints it."""
    for row in rows:
        shown = row.to_dict(names)
        group = "/".join(f"{member},{weight}" if weight > 1 else str(member) for member, weight in row.group)
        words = {
            "id": row.id,
            "group": group or None,
            "encap": shown.get("encap"),
            **_way(row, shown),
            "scope": _unless("global", shown["scope"]),
            "proto": _unless("unspec", shown["protocol"]),
        }
        marks = [key for key in ("blackhole", "fdb") if key in shown]
        yield " ".join([*_phrases(words), *marks, *shown["flags"]])


def rules(rows: Sequence[Rule], _names: Names) -> Iterator[str]:
    """One line for each row, as `ip rule` prints it."""
    for row in rows:
        shown = row.to_dict()
        marks = [key for key in ("unresolved", "iif_detached", "oif_detached") if key in shown]
        words: dict[str, object] = {
            "from": row.source or "all",
            "to": row.destination,
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
            **_realms({key[5:]: shown[key] for key in ("flow_from", "flow_to") if key in shown}),
            "goto": shown.get("goto"),
        }
        action = "nop" if "nop" in shown else shown.get("action")
        phrases = [*(["not"] if row.invert else []), *_phrases(words), *([action] if action else [])]
        yield " ".join([f"{row.priority}:", *phrases, *(f"[{mark}]" for mark in marks)])


def _span(span: tuple[int, int] | None) -> str | None:
    return None if span is None else str(span[0]) if span[0] == span[1] else f"{span[0]}-{span[1]}"


def _way(row: Route | NextHop, shown: Mapping[str, Any]) -> dict[str, object]:
    """The next hop. `via inet6 ADDRESS` is a gateway of the other family."""
    gateway = " ".join(shown["via"].values()) if "via" in shown else shown.get("gateway")
    return {"via": gateway, "dev": shown.get("dev", f"if{row.index}" if row.index else None)}


def _realms(flow: Mapping[str, str] | None) -> dict[str, str]:
    if not flow:
        return {}
    return {"realms": f"{flow['from']}/{flow['to']}"} if "from" in flow else {"realm": flow["to"]}


def _unless(usual: object, value: object) -> object:
    return None if value == usual else value


def _phrases(words: Mapping[str, object]) -> list[str]:
    return [f"{word} {value}" for word, value in words.items() if value is not None]
