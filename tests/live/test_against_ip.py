"""Every row of a network with everything in it against `ip -j -d`: B10–B15, B20–B22, B30–B37, B60, B90, B91."""

import json
import subprocess

from differences import DIFFERENCES, NOT_EVERYWHERE
from netns import Namespace
from oracle import OURS, TOLD, check

import getifs


def test_rows_equal_those_of_ip(everything: Namespace) -> None:
    """Every difference that tests/differences.py lists is there to be seen."""
    for kind in TOLD:
        lists = [kind, "details"] if kind == "link" else [kind]
        listed = {difference.key for name in lists for difference in DIFFERENCES[name]}
        assert listed - check(kind, everything) <= NOT_EVERYWHERE


# Keys that no row of that network has: real hardware, an address that the kernel removes at once, older kernels, what
# `ip` does not print.
NOT_SEEN = {
    "link": {"permaddr", "parentbus", "parentdev", "stats64", "speed", "duplex"},
    "addr": {"dst", "dev", "optimistic", "dadfailed", "autojoin", "stable-privacy"},
    "maddr": {"local", "dst", "dev"},
    "neighbour": {"local", "address", "ifname", "offload", "managed", "locked"},
    "rule": {"dscp", "dscp_mask", "sport_mask", "dport_mask", "flowlabel", "flowlabel_mask"},
}


def test_every_declared_key_is_compared(everything: Namespace) -> None:
    for kind, ask in OURS.items():
        table = ask()
        dicts = table.to_dicts(everything.names())
        dicts += [row[key][0] for row in dicts for key in ("metrics",) if key in row]
        dicts += [row["linkinfo"] for row in dicts if "linkinfo" in row]
        keys = {key for declared in table[0]._declared().values() for key in declared.keys}
        assert keys - {key for row in dicts for key in row} == NOT_SEEN.get(kind, set())


def test_b15_the_devices_of_this_machines_own_links() -> None:
    """B15: a namespace of ours has no hardware."""
    told = json.loads(subprocess.run(["ip", "-j", "-d", "link"], capture_output=True, check=True).stdout)
    expected = {row["ifindex"]: (row.get("parentdev"), row.get("parentbus")) for row in told}
    assert {row.index: (row.parent_dev, row.parent_bus) for row in getifs.interfaces()} == expected
