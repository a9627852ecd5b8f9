"""Random networks: every row of every kind equals that of `ip -j -d`, but for what tests/differences.py lists.

SEEDS=200 in the environment tries so many networks, FIRST=… begins with another one.
"""

import os

import pytest
from netns import Namespace
from oracle import TOLD, check
from random_network import build

import getifs

FIRST = int(os.environ.get("FIRST", "1"))
SEEDS = range(FIRST, FIRST + int(os.environ.get("SEEDS", "8")))


@pytest.mark.parametrize("seed", SEEDS)
def test_rows_equal_those_of_ip(net: Namespace, seed: int) -> None:
    accepted = build(net, seed)
    net.settle()
    for kind in TOLD:
        check(kind, net)
    assert accepted > 60
    assert len(getifs.rules()) > 5
    assert len(getifs.neighbours(all=True)) > 2
