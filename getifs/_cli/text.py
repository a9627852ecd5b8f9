"""Rows as lines for people: the output of the command line without `--json`."""

from __future__ import annotations

from .._records import LINK, u32
from .._rows import link_names
from .terminal import INDENT, columns, escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from .._rows.addr import IfAddr, IfNet
    from .._rows.interface import Interface
    from .._rows.neighbour import Neighbour
    from .._rows.nexthop import NextHop
    from .._rows.route import Route

    Names = Mapping[int, str]

_FLAGS_AT, _STATE_AT = LINK.offset["flags"], LINK.offset["oper_state"]
_RUNNING = 0x40  # IFF_RUNNING
_FOREVER = 0xFFFFFFFF  # INFINITY_LIFE_TIME


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
    number = row._record[_STATE_AT]
    if number:
        return link_names.link_state(number)
    return "UP" if u32(row._record, _FLAGS_AT)[0] & _RUNNING else "DOWN"


def flags(row: Interface) -> str:
    """The flags as `ip link` lists them."""
    return ",".join(link_names.link_flags(u32(row._record, _FLAGS_AT)[0]))


def _address(shown: Mapping[str, Any]) -> str:
    """The address with its prefix length, unless that is the peer's."""
    return shown["local"] if "address" in shown else f"{shown['local']}/{shown['prefixlen']}"


def _details(shown: Mapping[str, Any], name: str) -> str:
    words = {
        "peer": f"{shown['address']}/{shown['prefixlen']}" if "address" in shown else None,
        "brd": shown.get("broadcast"),
        "scope": unless("global", shown["scope"]),
        "label": unless(name, shown.get("label")),
    }
    valid, preferred = shown["valid_life_time"], shown["preferred_life_time"]
    limited = {"valid_lft": _seconds(valid), "preferred_lft": _seconds(preferred)}
    is_limited = (valid, preferred) != (_FOREVER, _FOREVER)
    marks = [key for key, value in shown.items() if value is True]
    return " ".join([*phrases(words), *marks, *(phrases(limited) if is_limited else [])])


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
    shown = row.to_dict()
    return f"{_address(shown)}  {_details(shown, name)}".rstrip()


def headline(row: Interface, names: Names) -> str:
    """An interface on one line, below or above others."""
    words = {"peer" if _is_pair(row) else "link": _other(row, names), "mtu": row.mtu, "address": row.mac_addr}
    return " ".join([f"{row.name}:", *([row.kind] if row.kind else []), state(row), *phrases(words)])


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
        controller, link = row.controller, row.link
        words = {
            "master": names.get(controller, f"if{controller}") if controller else None,
            "link": (row.link_netnsid is None and names.get(link)) or f"if{link}" if link else None,
            "link-netnsid": row.link_netnsid,
            "alias": row.alias,
            "altname": " altname ".join(row.alt_names) or None,
            "speed": row.speed,
            "duplex": None if row.duplex is None else row.to_dict()["duplex"],
        }
        yield INDENT + " ".join([flags(row) or "no flags", *phrases(words)])
        yield from _settings(row.to_dict(names) if row.details is not None else {})
        for direction, counters in ({} if row.stats is None else row.stats.to_dict()).items():
            yield INDENT + " ".join([f"{direction}:", *phrases(counters)])


def _settings(shown: Mapping[str, Any]) -> Iterator[str]:
    """The settings of the kind of an interface, and those of a port."""
    info = shown.get("linkinfo", {})
    for title, kind, data in (("", "info_kind", "info_data"), ("port of a ", "info_slave_kind", "info_slave_data")):
        if info.get(data):
            words = {key: _setting(one) for key, one in info[data].items()}
            yield INDENT + " ".join([f"{title}{info[kind]}:", *phrases(words)])


def _setting(value: Any) -> str:
    """The value of a setting of a kind of interface."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if hasattr(value, "items"):
        return " ".join(["{", *phrases({key: _setting(one) for key, one in value.items()}), "}"])
    if hasattr(value, "append"):
        items = [":".join(map(str, one.values())) if hasattr(one, "values") else str(one) for one in value]
        return " ".join(["{", *items, "}"])
    return "none" if value is None else str(value)


def addrs(rows: Sequence[IfNet], names: Names) -> Iterator[str]:
    named = [(_name(row, names), row.to_dict()) for row in rows]
    yield from _table(
        ("INTERFACE", "ADDRESS", "DETAILS"), [(name, _address(shown), _details(shown, name)) for name, shown in named]
    )


def ifaddrs(rows: Sequence[IfAddr], names: Names) -> Iterator[str]:
    yield from _table(("INTERFACE", "ADDRESS"), [(_name(row, names), row.to_dict()["address"]) for row in rows])


def neighbours(rows: Sequence[Neighbour], names: Names) -> Iterator[str]:
    """One line for each row, as `ip neigh` prints it."""
    for row in rows:
        shown = row.to_dict(names)
        words = {"dev": shown.get("dev", f"if{row.index}"), "lladdr": row.mac_addr}
        marks = [key for key, value in shown.items() if value is None]
        proto = phrases({"proto": shown.get("protocol")})
        yield " ".join([shown["dst"], *phrases(words), *marks, *shown.get("state", []), *proto])


def nexthops(rows: Sequence[NextHop], names: Names) -> Iterator[str]:
    """One line for each row, as `ip nexthop` prints it."""
    for row in rows:
        shown = row.to_dict(names)
        group = "/".join(f"{member},{weight}" if weight > 1 else str(member) for member, weight in row.group)
        words = {
            "id": row.id,
            "group": group or None,
            "encap": shown.get("encap"),
            **way(row, shown),
            "scope": unless("global", shown["scope"]),
            "proto": unless("unspec", shown["protocol"]),
        }
        marks = [key for key in ("blackhole", "fdb") if key in shown]
        yield " ".join([*phrases(words), *marks, *shown["flags"]])


def way(row: Route | NextHop, shown: Mapping[str, Any]) -> dict[str, object]:
    """The next hop. `via inet6 ADDRESS` is a gateway of the other family."""
    gateway = " ".join(shown["via"].values()) if "via" in shown else shown.get("gateway")
    return {"via": gateway, "dev": shown.get("dev", f"if{row.index}" if row.index else None)}


def unless(usual: object, value: object) -> object:
    return None if value == usual else value


def phrases(words: Mapping[str, object]) -> list[str]:
    return [f"{word} {value}" for word, value in words.items() if value is not None]
