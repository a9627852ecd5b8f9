"""examples/discover.py: the network that it finds, also beside aiodiscover's libraries."""

import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from netns import Namespace

EXAMPLE = Path(__file__).parents[2] / "examples/discover.py"
NETWORK = """\
addr add 192.0.2.2/24 brd + dev v0
addr add 198.51.100.2/24 dev w0
addr add 10.0.0.2/8 dev x0
route add default via 192.0.2.1 metric 100
route add default via 198.51.100.1 metric 50
neigh add 192.0.2.1 lladdr 02:00:00:00:00:01 dev v0
neigh add 198.51.100.1 lladdr 02:00:00:00:00:02 dev w0
neigh add 198.51.100.7 lladdr 02:00:00:00:00:07 nud stale dev w0
neigh add 198.51.100.8 nud failed dev w0
neigh add 198.51.100.9 lladdr 02:00:00:00:00:09 nud noarp dev w0
neigh add 169.254.1.1 lladdr 02:00:00:00:00:0a dev w0
neigh add fe80::9 lladdr 02:00:00:00:00:0b dev w0
"""


@pytest.fixture
def discover() -> Any:
    return runpy.run_path(str(EXAMPLE))["discover"]


@pytest.fixture
def links(net: Namespace) -> Namespace:
    for name in "vwx":
        net.veth(f"{name}0", f"{name}1")
    return net


def test_the_network_of_the_best_default_route(links: Namespace) -> None:
    links.ip(NETWORK)
    done = subprocess.run([sys.executable, EXAMPLE], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        "address 198.51.100.2 in 198.51.100.0/24",
        "router 198.51.100.1",
        "neighbour 198.51.100.1 02:00:00:00:00:02",
        "neighbour 198.51.100.7 02:00:00:00:00:07",
    ]


def test_as_ip_prints_it(links: Namespace, discover: Any) -> None:
    links.ip(NETWORK)
    network = discover()
    route = links.ip_json("route", "get", "203.0.113.1")[0]
    assert (str(network.address), str(network.router)) == (route["prefsrc"], route["gateway"])
    told = [row for row in links.ip_json("-4", "neigh", "show", "dev", route["dev"]) if "lladdr" in row]
    expected = {row["dst"]: row["lladdr"] for row in told if not row["dst"].startswith("169.254.")}
    assert {str(address): mac for address, mac in network.neighbours.items()} == expected


def test_without_a_default_route(links: Namespace, discover: Any) -> None:
    links.ip("addr add 192.0.2.2/25 dev v0")
    network = discover()
    assert (str(network.address), str(network.network), network.router) == ("192.0.2.2", "192.0.2.0/25", None)
    assert network.neighbours == {}


def test_a_router_with_an_ipv6_address_only(links: Namespace, discover: Any) -> None:
    links.ip("addr add 192.0.2.2/24 dev v0\n route add default via inet6 fe80::9 dev v0", "-4")
    assert (str(discover().address), discover().router) == ("192.0.2.2", None)


def test_without_a_network(net: Namespace, discover: Any) -> None:
    assert discover() is None
    done = subprocess.run([sys.executable, EXAMPLE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "no network\n")
