"""All differences between `row.to_dict()` and what `ip -j -d` prints for the same row, each with its rule.

Whatever is not listed here must be equal: a key that only one side has is a difference too. `tests/live/oracle.py`
applies the list to the rows of `ip`, one dict a row (hops and groups are not grouped under their route or link).
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

ABSENT = object()  # we have no such key
UNKNOWN = object()  # `ip` does not tell: another test holds it against something else

Row = Mapping[str, Any]


class Difference(NamedTuple):
    key: str
    rule: str
    why: str
    expected: Callable[[Row, Mapping[str, int]], Any]  # from the row of `ip` and the indexes by name


def _absent(_row: Row, _indexes: Mapping[str, int]) -> object:
    return ABSENT


def _hardware(key: str) -> Callable[[Row, Mapping[str, int]], Any]:
    tunnels = {"gre", "ipip", "sit", "tunnel6", "gre6"}

    def expected(row: Row, _indexes: Mapping[str, int]) -> Any:
        text = row.get(key)
        if row["link_type"] in tunnels or (text is not None and not text.strip("0:")):
            return ABSENT
        return ABSENT if text is None else text

    return expected


def _only_ip(rule: str, why: str, *keys: str) -> list[Difference]:
    return [Difference(key, rule, why, _absent) for key in keys]


_IFINDEX = Difference(
    "ifindex", "B36", "`ip` names the interface alone", lambda row, indexes: indexes.get(row.get("dev", ""), 0)
)

LINK = [
    *_only_ip("B15", "not among the fields of an interface", "qdisc", "linkmode", "allmulti"),
    *_only_ip("B15", "not among the fields of an interface", "inet6_addr_gen_mode", "num_tx_queues", "num_rx_queues"),
    *_only_ip("B15", "not among the fields of an interface", "gso_max_size", "gso_max_segs", "gro_max_size"),
    *_only_ip("B15", "not among the fields of an interface", "tso_max_size", "tso_max_segs"),
    Difference(
        "linkinfo",
        "B15",
        "its kind alone, not what it is set to",
        lambda row, _: {"info_kind": row["linkinfo"]["info_kind"]} if "linkinfo" in row else ABSENT,
    ),
    Difference(
        "flags",
        "B14",
        "M-DOWN is no flag of the link: `ip` looks at the link below",
        lambda row, _: [flag for flag in row["flags"] if flag != "M-DOWN"],
    ),
    Difference("address", "B12", "nothing but zeros, or a tunnel's end point", _hardware("address")),
    Difference("broadcast", "B12", "nothing but zeros, or a tunnel's end point", _hardware("broadcast")),
    Difference("permaddr", "B12", "nothing but zeros, or a tunnel's end point", _hardware("permaddr")),
    *_only_ip("B12", "a tunnel's end points are not hardware addresses", "link_pointtopoint"),
]
ADDR = [
    Difference("protocol", "B22", "iproute2 6.1 does not know IFA_PROTO", lambda row, _: row.get("protocol", UNKNOWN)),
]
ROUTE = [
    _IFINDEX,
    Difference(
        "weight", "B36", "every hop has one, that of a single-path route too", lambda row, _: row.get("weight", 1)
    ),
    *_only_ip("B34", "next-hop objects are rows of their own", "nh_info"),
    *_only_ip("B36", "not among the fields of a route", "expires"),
    *_only_ip("B36", "the type of the encapsulation alone", "id", "src", "ttl", "hoplimit", "tc"),
    Difference("tos", "B36", "not the encapsulation's", lambda row, _: row["tos"] if row.get("tos") else ABSENT),
]
NEXTHOP = [
    Difference("ifindex", "B36", _IFINDEX.why, lambda row, indexes: indexes[row["dev"]] if "dev" in row else ABSENT),
    *_only_ip("B36", "the type of the encapsulation alone", "dst", "src", "ttl", "tos"),
]
MADDR = [
    *_only_ip("B60", "who joined a group is not told", "users"),
]
# What `ip` tells since later than iproute2 6.1, of links that not every kernel has, or where the kernel is built so.
LATER = ["gso_ipv4_max_size", "gro_ipv4_max_size", "max_pacing_offload_horizon", "netns-immutable"]
LINK += _only_ip("B15", "not among the fields of an interface", *LATER)
NOT_EVERYWHERE = {*LATER, "permaddr", "link", "link_pointtopoint", "num_rx_queues"}

DIFFERENCES = {"link": LINK, "addr": ADDR, "route": ROUTE, "nexthop": NEXTHOP, "maddr": MADDR}
