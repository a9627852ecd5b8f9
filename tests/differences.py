"""All differences between `row.to_dict()` and the output of `ip -j -d` for the same row, each with its rule.

Everything else must be equal; a key that only one side has is a difference too. `tests/live/oracle.py` applies the list
to the output of `ip`, converted to one dict for each row (hops are not nested in routes, nor groups in links).
"""

from collections.abc import Callable, Mapping
from grp import getgrnam
from pwd import getpwnam
from typing import Any, NamedTuple

OFF = object()  # `False` or absent
ABSENT = object()  # getifs does not print this key
UNKNOWN = object()  # `ip` does not print the value; another test checks it

Row = Mapping[str, Any]


class Difference(NamedTuple):
    key: str
    rule: str
    why: str
    expected: Callable[[Row, Mapping[str, int]], Any]  # arguments: the row of `ip`, and interface indexes by name


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
    "ifindex",
    "B36",
    "`ip` prints only the name of the interface",
    lambda row, indexes: indexes.get(row.get("dev", ""), 0),
)

LINK = [
    *_only_ip("B15", "not among the fields of an interface", "qdisc", "linkmode", "allmulti"),
    *_only_ip("B15", "not among the fields of an interface", "inet6_addr_gen_mode", "num_tx_queues", "num_rx_queues"),
    *_only_ip("B15", "not among the fields of an interface", "gso_max_size", "gso_max_segs", "gro_max_size"),
    *_only_ip("B15", "not among the fields of an interface", "tso_max_size", "tso_max_segs"),
    Difference(
        "flags",
        "B14",
        "M-DOWN is not a flag of the link; `ip` derives it from the lower link",
        lambda row, _: [flag for flag in row["flags"] if flag != "M-DOWN"],
    ),
    Difference("address", "B12", "all zeros, or the end point of a tunnel", _hardware("address")),
    Difference("broadcast", "B12", "all zeros, or the end point of a tunnel", _hardware("broadcast")),
    Difference("permaddr", "B12", "all zeros, or the end point of a tunnel", _hardware("permaddr")),
    *_only_ip("B12", "the end points of a tunnel are not hardware addresses", "link_pointtopoint"),
]
ADDR = [
    Difference("protocol", "B22", "iproute2 6.1 does not know IFA_PROTO", lambda row, _: row.get("protocol", UNKNOWN)),
]
ROUTE = [
    _IFINDEX,
    Difference(
        "weight",
        "B36",
        "every hop has a weight, including that of a single-path route",
        lambda row, _: row.get("weight", 1),
    ),
    *_only_ip("B34", "next-hop objects are rows of their own", "nh_info"),
    *_only_ip("B36", "not among the fields of a route", "expires"),
    *_only_ip("B36", "only the type of the encapsulation", "id", "src", "ttl", "hoplimit", "tc"),
    Difference(
        "tos", "B36", "not the TOS of the encapsulation", lambda row, _: row["tos"] if row.get("tos") else ABSENT
    ),
]
NEXTHOP = [
    Difference("ifindex", "B36", _IFINDEX.why, lambda row, indexes: indexes[row["dev"]] if "dev" in row else ABSENT),
    *_only_ip("B36", "only the type of the encapsulation", "dst", "src", "ttl", "tos"),
]
MADDR = [
    *_only_ip("B60", "not among the fields of a group", "users"),
]
NEIGHBOUR = [
    Difference("ifindex", "B90", _IFINDEX.why, _IFINDEX.expected),
    Difference("family", "B90", "`ip` does not print it", lambda row, _: "inet6" if ":" in row["dst"] else "inet"),
    Difference(
        "lladdr",
        "B90",
        "of an address without bytes, as on a TUN device, `ip` prints a byte of what follows",
        lambda row, _: row["lladdr"] if ":" in row.get("lladdr", "") else ABSENT,
    ),
]


def _port_mask(key: str) -> Difference:
    why = "a mask of all bits, which newer iproute2 prints, is none"
    return Difference(key, "B91", why, lambda row, _: ABSENT if row.get(key) == "0xffff" else row.get(key, ABSENT))


RULE = [_port_mask("sport_mask"), _port_mask("dport_mask")]


def _later(key: str) -> Difference:
    return Difference(key, "B15a", "iproute2 6.1 does not print it", lambda row, _: row.get(key, UNKNOWN))


def _querier(family: str) -> Difference:
    key, timer = f"mcast_querier_state_{family}", f"mcast_querier_{family}_other_timer"

    def expected(row: Row, _indexes: Mapping[str, int]) -> Any:
        return UNKNOWN if timer in row.get(key, {timer: ""}) else row[key]

    why = "iproute2 6.1 does not print it; 7.1 prints the timer, clock ticks, as nanoseconds"
    return Difference(key, "B15a", why, expected)


def _timer(key: str) -> Difference:
    why = "it runs; tests/live/test_details.py checks one"
    return Difference(key, "B15a", why, lambda row, _: UNKNOWN if key in row else ABSENT)


def _switch(key: str) -> Difference:
    """iproute2 6.1 prints these only if they are on. Not every kernel has them."""
    return Difference(key, "B15a", "also if it is off, as newer iproute2 prints it", lambda row, _: row.get(key, OFF))


def _present(key: str) -> Difference:
    return Difference(key, "B15a", "newer iproute2 prints null", lambda row, _: True if key in row else ABSENT)


def _owner(key: str, number: Callable[[str], int]) -> Difference:
    """Of a TUN or TAP: VXLAN has a group too."""

    def expected(row: Row, _indexes: Mapping[str, int]) -> Any:
        value = row.get(key, ABSENT)
        return number(value) if isinstance(value, str) and "multi_queue" in row else value

    return Difference(key, "B15a", "a number: its name can be in a directory on the network", expected)


_SWITCHES = ["external", "vnifilter", "proxy", "rsc", "l2miss", "l3miss", "remcsum_tx", "remcsum_rx"]
_NEW_DETAILS = [
    *("localbypass", "reserved_bits", "mcroute", "fdb_n_learned", "fdb_max_learned", "stp_mode", "mst_enabled"),
    *("mdb_offload_fail_notification", "fdb_local_vlan_0", "bclim", "neigh_vlan_suppress", "neigh_forward_grat"),
    *("mab", "backup_nhid", "coupled_control", "broadcast_neighbor", "actor_port_prio"),
    *("churn_actor_state", "churn_partner_state"),
]
_TIMERS = ["hello_timer", "tcn_timer", "topology_change_timer", "gc_timer", "hold_timer", "message_age_timer"]
# Of the settings of kinds: `info_data` and `info_slave_data` of `linkinfo`.
DETAILS = [
    *map(_switch, _SWITCHES),
    *map(_later, _NEW_DETAILS),
    *map(_timer, [*_TIMERS, "forward_delay_timer"]),
    *map(_querier, ("ipv4", "ipv6")),
    *map(_present, ("gbp", "gpe")),
    _owner("user", lambda name: getpwnam(name).pw_uid),
    _owner("group", lambda name: getgrnam(name).gr_gid),
]
# Keys that iproute2 6.1 does not print, or that depend on the version and the configuration of the kernel.
LATER = ["gso_ipv4_max_size", "gro_ipv4_max_size", "max_pacing_offload_horizon", "netns-immutable"]
LINK += _only_ip("B15", "not among the fields of an interface", *LATER)
NOT_EVERYWHERE = {*LATER, "permaddr", "link", "link_pointtopoint", "num_rx_queues"}
NOT_EVERYWHERE |= {*_SWITCHES, *_NEW_DETAILS, "gbp", "gpe", "lladdr"}
NOT_EVERYWHERE |= {"mcast_querier_state_ipv4", "mcast_querier_state_ipv6", "sport_mask", "dport_mask"}

DIFFERENCES = {"details": DETAILS, "link": LINK, "addr": ADDR, "route": ROUTE, "nexthop": NEXTHOP, "maddr": MADDR}
DIFFERENCES |= {"rule": RULE, "neighbour": NEIGHBOUR}
