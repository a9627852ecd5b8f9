"""Compares all rows, in order (B9a), with the output of `ip -j -d`; tests/differences.py lists the exceptions."""

from collections.abc import Callable
from typing import Any

from differences import ABSENT, DIFFERENCES, OFF, UNKNOWN
from netns import Namespace

import getifs

Rows = list[dict[str, Any]]


def _links(net: Namespace) -> Rows:
    return net.ip_json("-d", "link")


def _addrs(net: Namespace) -> Rows:
    """Sorted by family like the rows of getifs; `ip` groups addresses by link."""
    rows = [
        {"ifindex": link["ifindex"], "ifname": link["ifname"]} | addr
        for link in net.ip_json("-d", "addr")
        for addr in link["addr_info"]
    ]
    return sorted(rows, key=lambda row: row["family"])


def _routes(net: Namespace) -> Rows:
    """One dict for each hop, with the flags of the route and of the hop."""
    rows = []
    for route in net.ip_json("-d", "route", "show", "table", "all"):
        hops = route.pop("nexthops", [{"flags": []}])
        rows += [route | hop | {"flags": route["flags"] + hop["flags"]} for hop in hops]
    return rows


def _nexthops(net: Namespace) -> Rows:
    return net.ip_json("-d", "nexthop")


def _maddrs(net: Namespace) -> Rows:
    """The groups of IPv4 and IPv6. `ip` also prints those of Ethernet."""
    rows = [
        {"ifindex": link["ifindex"], "ifname": link["ifname"]} | group
        for link in net.ip_json("maddr")
        for group in link["maddr"]
        if "link" not in group
    ]
    return sorted(rows, key=lambda row: row["family"])


def _neighbours(net: Namespace) -> Rows:
    shown = [("nud", "all"), ("proxy",)]
    return [row for words in shown for family in "46" for row in net.ip_json(f"-{family}", "neigh", "show", *words)]


def _rules(net: Namespace) -> Rows:
    return net.ip_json("-4", "-d", "rule") + net.ip_json("-6", "-d", "rule")


TOLD: dict[str, Callable[[Namespace], Rows]] = {
    "link": _links,
    "addr": _addrs,
    "route": _routes,
    "nexthop": _nexthops,
    "maddr": _maddrs,
    "neighbour": _neighbours,
    "rule": _rules,
}
OURS: dict[str, Callable[[], Any]] = {
    "link": lambda: getifs.interfaces(details=True),
    "addr": getifs.interface_addrs,
    "route": lambda: getifs.route_table(all=True),
    "nexthop": getifs.nexthops,
    "maddr": getifs.interface_multicast_addrs,
    "neighbour": lambda: getifs.neighbours(all=True),
    "rule": getifs.rules,
}


def _expected(kind: str, row: dict[str, Any], indexes: dict[str, int], seen: set[str]) -> dict[str, Any]:
    """A row of `ip` with all known differences applied. Adds their keys to `seen`."""
    result = dict(row)
    for difference in DIFFERENCES[kind]:
        value = difference.expected(row, indexes)
        if value == row.get(difference.key, ABSENT):
            continue
        seen.add(difference.key)
        if value is ABSENT:
            del result[difference.key]
        else:
            result[difference.key] = value
    return result


def _both(kind: str, net: Namespace) -> tuple[Rows, Rows]:
    """Rows of getifs and of `ip`. Retries until `ip` prints the same before and after: timers and states change."""
    names = net.names()
    for _ in range(50):
        before = TOLD[kind](net)
        ours = OURS[kind]().to_dicts(names)
        after = TOLD[kind](net)
        if _without_timers(before) == _without_timers(after):
            return ours, after
    raise AssertionError("`ip` never printed the same twice")


def _without_timers(rows: Rows) -> Rows:
    """The settings of a bridge include timers in hundredths of a second."""

    def still(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {key: still(one) for key, one in value.items() if not key.endswith("_timer")}

    return list(map(still, rows))


def _compare(mine: dict[str, Any], expected: dict[str, Any]) -> None:
    for key in [key for key, value in expected.items() if value is UNKNOWN]:
        del expected[key]
        mine.pop(key, None)
    for key in [key for key, value in expected.items() if value is OFF]:
        del expected[key]
        assert mine.pop(key, False) is False, key
    assert mine == expected


def check(kind: str, net: Namespace) -> set[str]:
    """Asserts that the rows of `kind` equal those of `ip`. Returns the keys of the differences that occurred."""
    ours, told = _both(kind, net)
    indexes = {name: index for index, name in net.names().items()}
    seen: set[str] = set()
    expected = [_expected(kind, row, indexes, seen) for row in told]
    for mine, theirs in zip(ours, expected, strict=False):
        for key in ("info_data", "info_slave_data"):
            data, told_data = (row.get("linkinfo", {}).get(key) for row in (mine, theirs))
            if data is not None and told_data is not None:
                _compare(data, _expected("details", told_data, indexes, seen))
                mine["linkinfo"][key] = theirs["linkinfo"][key] = None
        _compare(mine, theirs)
    assert len(ours) == len(expected)
    return seen
