"""Random changes: whenever the network is quiet, a follower and the mirror equal what the kernel says (B93)."""

import pytest
from netns import Namespace
from storm.following import follow


@pytest.mark.parametrize("seed", range(10))
def test_b93_random_changes(net: Namespace, seed: int) -> None:
    """`make storm` runs more and longer storms."""
    counts = follow(net, seed, 300, pause_every=60)
    assert counts.accepted > counts.refused
    assert counts.lost, "the watcher with a small buffer must have lost some"
