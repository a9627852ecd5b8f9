"""Rows as lines for people: the output of the command line without `--json`."""

from __future__ import annotations

from .._core import ROUTE
from .._rows.addresses import address_text
from .terminal import INDENT, columns, escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from .._rows.addr import IfAddr, IfNet
    from .._rows.interface import Interface
    from .._rows.neighbour import Neighbour
    from .._rows.nexthop import NextHop
    from .._rows.route import Route

    Names = Mapping[int, str]

_DST, _DST_LEN, _FAMILY = (ROUTE.offset[name] for name in ("dst", "dst_len", "family"))
_DST_END = _DST + 16
_HOST_BITS = {2: 32, 10: 128}  # by address family
_RUNNING = 0x40  # IFF_RUNNING
_LIFETIMES = ("valid_lft", "preferred_lft")
_FOREVER = 0xFFFFFFFF  # INFINITY_LIFE_TIME
_SHARED_MOST = 10_000  # texts that are kept


def _table(header: Sequence[str], rows: Sequence[Sequence[str | int]]) -> list[str]:
    """A header and one line for each row, numbers aligned to the right. Empty if there are no rows."""
    if not rows:
        return []
    made: list[list[str]] = []
    cells: list[str | int]
    for title, *cells in zip(header, *rows, strict=True):
        texts = [title, *(escape(str(cell)) for cell in cells)]
        width = max(map(columns, texts))
        pads = [" " * (width - columns(text)) for text in texts]
        number = isinstance(cells[0], int)
        made.append([pad + text if number else text + pad for text, pad in zip(texts, pads, strict=True)])
    return ["  ".join(line).rstrip() for line in zip(*made, strict=True)]


def _name(row: IfNet | IfAddr, names: Names) -> str:
    return names.get(row.index, f"if{row.index}")


def state(row: Interface) -> str:
    """The operational state. Some drivers never set it (`lo`, tunnels); there `IFF_RUNNING` decides."""
    shown = str(row.oper_state)
    if shown == "UNKNOWN":
        return "UP" if row.flags & _RUNNING else "DOWN"
    return shown


def _address(row: IfNet) -> str:
    """The address with its prefix length, unless that is the peer's."""
    return f"{row.addr}/{row.prefix_len}" if row.peer is None else str(row.addr)


def _details(row: IfNet, name: str) -> str:
    shown = row.to_dict()
    words = {
        "peer": None if row.peer is None else f"{row.peer}/{row.prefix_len}",
        "brd": shown.get("broadcast"),
        "scope": _unless("global", shown["scope"]),
        "label": _unless(name, row.label),
    }
    lifetimes = (shown["valid_life_time"], shown["preferred_life_time"])
    limited = {} if lifetimes == (_FOREVER, _FOREVER) else dict(zip(_LIFETIMES, map(_seconds, lifetimes), strict=True))
    marks = [key for key, value in shown.items() if value is True]
    return " ".join([*_phrases(words), *marks, *_phrases(limited)])


def _seconds(lifetime: int) -> str:
    return "forever" if lifetime == _FOREVER else f"{lifetime}sec"


def overview(found: Mapping[Interface, Sequence[IfNet]]) -> Iterator[str]:
    """Every interface, followed by its addresses."""
    table = _table(
        ("INTERFACE", "STATE", "MTU", "HARDWARE ADDRESS"),
        [(row.name, state(row), row.mtu, str(row.mac_addr or "")) for row in found],
    )
    yield from table[:1]
    for line, (interface, rows) in zip(table[1:], found.items(), strict=True):
        yield line
        for row in rows:
            yield INDENT + address(row, interface.name)


def address(row: IfNet, name: str) -> str:
    """An address of the interface with that name."""
    return f"{_address(row)}  {_details(row, name)}".rstrip()


def headline(row: Interface, names: Names) -> str:
    """An interface on one line, below or above others."""
    words = {"peer" if _is_pair(row) else "link": _other(row, names), "mtu": row.mtu, "address": row.mac_addr}
    return " ".join([f"{row.name}:", *([row.kind] if row.kind else []), state(row), *_phrases(words)])


def _is_pair(row: Interface) -> bool:
    return row.kind in ("veth", "netkit", "vxcan")


def _other(row: Interface, names: Names) -> str | None:
    """The interface that it is made of or connected to: in another namespace only its index is known."""
    if not row.link:
        return None
    if row.link_netnsid is not None:
        return f"if{row.link} in another namespace"
    return names.get(row.link, f"if{row.link}")


def links(rows: Sequence[Interface], names: Names) -> Iterator[str]:
    table = _table(
        ("INDEX", "INTERFACE", "STATE", "MTU", "KIND", "HARDWARE ADDRESS"),
        [(row.index, row.name, state(row), row.mtu, row.kind or "", str(row.mac_addr or "")) for row in rows],
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
        }
        yield INDENT + " ".join([",".join(shown["flags"]) or "no flags", *_phrases(words)])
        for direction, counters in shown.get("stats64", {}).items():
            yield INDENT + " ".join([f"{direction}:", *_phrases(counters)])


def addrs(rows: Sequence[IfNet], names: Names) -> Iterator[str]:
    yield from _table(
        ("INTERFACE", "ADDRESS", "DETAILS"),
        [(_name(row, names), _address(row), _details(row, _name(row, names))) for row in rows],
    )


def ifaddrs(rows: Sequence[IfAddr], names: Names) -> Iterator[str]:
    yield from _table(("INTERFACE", "ADDRESS"), [(_name(row, names), str(row.addr)) for row in rows])


def routes(rows: Iterable[Route], names: Names) -> Iterator[str]:
    """One line for each row, as `ip route` prints it. Rows of one kind share all but the destination."""
    shared: dict[tuple[bytes, bytes, bytes], tuple[str, str]] = {}
    for row in rows:
        record = row._record
        key = record[:_DST], record[_DST_END:], row._extra
        found = shared.get(key)
        if found is None:
            found = _around(row, names)
            if len(shared) < _SHARED_MOST:
                shared[key] = found
        family, length = record[_FAMILY], record[_DST_LEN]
        to = address_text(family, record, _DST) if length else "default"
        yield f"{found[0]}{to}{found[1]}" if length in (0, _HOST_BITS[family]) else f"{found[0]}{to}/{length}{found[1]}"


def _around(row: Route, names: Names) -> tuple[str, str]:
    """What stands before and behind the destination."""
    shown = row.to_dict(names)
    words: dict[str, object] = {
        **{key: shown.get(key) for key in ("from", "tos", "nhid", "encap")},
        **_way(row, shown),
        "table": _unless("main", shown["table"]),
        "proto": _unless("boot", shown["protocol"]),
        "scope": _unless("global", shown["scope"]),
        "src": row.prefsrc,
        "metric": shown.get("metric"),
        "weight": _unless(1, row.weight),
        **_realms(shown.get("flow")),
        **(shown["metrics"][0] if "metrics" in shown else {}),
        "pref": _unless("medium", shown.get("pref")),
    }
    before = "" if shown["type"] == "unicast" else f"{shown['type']} "
    return before, "".join(f" {word}" for word in [*_phrases(words), *shown["flags"]])


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
