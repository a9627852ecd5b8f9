"""A network that has something to answer to every query."""

from collections.abc import Iterator

import pytest
from command import NETWORK, settle
from netns import Namespace


@pytest.fixture
def quiet(net: Namespace) -> Namespace:
    """Nothing in it changes by itself: its links get no link-local addresses."""
    net.sysctl("net.ipv6.conf.default.addr_gen_mode", 1)
    return net


@pytest.fixture(scope="module")
def built() -> Iterator[Namespace]:
    fresh = Namespace()
    fresh.sysctl("net.ipv6.conf.default.addr_gen_mode", 1)
    fresh.ip(NETWORK)
    settle(fresh)
    yield fresh
    fresh.close()


@pytest.fixture
def network(built: Namespace) -> Iterator[Namespace]:
    """The test runs in a network that has something to answer to each query; it changes nothing there."""
    with built:
        yield built


@pytest.fixture(autouse=True)
def _no_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """From Python 3.14 on argparse colours what it prints on a terminal. This takes precedence over FORCE_COLOR."""
    monkeypatch.setenv("PYTHON_COLORS", "0")
