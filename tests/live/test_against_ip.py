"""Every row of a network with everything in it against `ip -j -d`: B10–B15, B20–B22, B30–B37, B60."""

import json
import subprocess

from differences import DIFFERENCES, NOT_EVERYWHERE
from netns import Namespace
from oracle import TOLD, check

import getifs


def test_rows_equal_those_of_ip(everything: Namespace) -> None:
    """Every difference that tests/differences.py lists is there to be seen."""
    for kind in TOLD:
        listed = {difference.key for difference in DIFFERENCES[kind]}
        assert listed - check(kind, everything) <= NOT_EVERYWHERE


def test_b15_the_devices_of_this_machines_own_links() -> None:
    """B15: a namespace of ours has no hardware."""
    told = json.loads(subprocess.run(["ip", "-j", "-d", "link"], capture_output=True, check=True).stdout)
    expected = {row["ifindex"]: (row.get("parentdev"), row.get("parentbus")) for row in told}
    assert {row.index: (row.parent_dev, row.parent_bus) for row in getifs.interfaces()} == expected
