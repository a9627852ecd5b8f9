"""Every query, with arguments that suit the networks of the tests."""

from collections.abc import Callable
from typing import Any

from netns import Namespace

QUERIES: dict[str, Callable[[Any], object]] = {
    "interfaces": lambda api: api.interfaces().to_dicts(),
    "interface_by_index": lambda api: api.interface_by_index(1).to_dict(),
    "interface_by_name": lambda api: api.interface_by_name("v0").to_dict(),
    "interface_addrs": lambda api: api.interface_addrs(),
    "addrs_by_interface": lambda api: api.addrs_by_interface(),
    "local_addrs": lambda api: api.local_addrs(),
    "default_routes": lambda api: api.default_routes(),
    "best_local_addrs": lambda api: api.best_local_addrs(),
    "private_addrs": lambda api: api.private_addrs(),
    "public_addrs": lambda api: api.public_addrs(),
    "interface_multicast_addrs": lambda api: api.interface_multicast_addrs(),
    "gateway_addrs": lambda api: api.gateway_addrs(),
    "route_table": lambda api: api.route_table(all=True),
    "neighbours": lambda api: api.neighbours(all=True, family=4),
    "nexthops": lambda api: api.nexthops(),
    "snapshot": lambda api: api.snapshot().to_dict(),
    "ip_mtu": lambda api: api.ip_mtu("10.0.0.1"),
    "ifindex_to_name": lambda api: api.ifindex_to_name(1),
    "ifname_to_index": lambda api: api.ifname_to_index("v0"),
    "ifname_to_iface": lambda api: api.ifname_to_iface("v0"),
    "rules": lambda api: api.rules(),
    "route_to": lambda api: api.route_to("10.1.2.3"),
    "ifnames": lambda api: api.ifnames(),
}


def set_up(net: Namespace) -> None:
    """A network in which every query has an answer."""
    net.veth()
    net.sysctl("net.ipv4.nexthop_compat_mode", 0)
    net.ip("""
        addr add 10.0.0.1/24 dev v0
        addr add 2a00::1/64 dev lo nodad
        neigh add 10.0.0.8 lladdr 02:00:00:00:00:08 dev v0
        nexthop add id 1 via 10.0.0.2 dev v0
        nexthop add id 2 group 1
        route add default nhid 2
        route add 10.1.0.0/16 via 10.0.0.3
        rule add from 10.3.0.0/16 pref 9 table 77
    """)
    net.settle()
