"""What a program needs in order to look for other hosts: its own address and network, the router, the neighbours.

Other programs, such as aiodiscover, use pyroute2, ifaddr or netifaces for parts of this. It needs only getifs.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network
from typing import NamedTuple

import getifs
from getifs import filters

HOSTS = filters.ipv4 & ~filters.loopback & ~filters.link_local & ~filters.multicast


class Network(NamedTuple):
    """The IPv4 network that the best default route leads through; without one, that of the first local address."""

    address: IPv4Address
    network: IPv4Network
    router: IPv4Address | None
    neighbours: dict[IPv4Address, str]


def discover() -> Network | None:
    """The network of this machine, `None` if it has no IPv4 address but 127.0.0.1."""
    with getifs.Session() as session:
        routes = session.default_routes(family=4)
        own = session.best_local_addrs(family=4) or session.local_addrs(family=4)
        if not own:
            return None
        row = next((row for row in own if routes and row.index == routes[0].index), own[0])
        found = session.neighbours(family=4, interface=row.index, where=HOSTS)
        gateway = routes[0].gateway if routes else None
        return Network(
            row.addr,
            row.network,
            gateway if isinstance(gateway, IPv4Address) else None,
            {neighbour.addr: str(neighbour.mac_addr) for neighbour in found if neighbour.mac_addr},
        )


if __name__ == "__main__":
    network = discover()
    if network is None:
        raise SystemExit("no network")
    print("address", network.address, "in", network.network)
    print("router", network.router or "none")
    for address, mac in sorted(network.neighbours.items()):
        print("neighbour", address, mac)
