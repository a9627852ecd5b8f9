"""Mistakes that a type checker has to find: each line without its error is an error. Checked by test_typing.py."""

# pyright: reportUnnecessaryTypeIgnoreComment=true

from ipaddress import IPv4Address, ip_network

import getifs
from getifs import filters, probe, replay, rfc

getifs.interfaces(filters.up)  # type: ignore[call-arg]
getifs.interfaces(where="up")  # type: ignore[arg-type]
getifs.interfaces(where=1)  # type: ignore[arg-type]
getifs.interfaces(stats="yes")  # type: ignore[arg-type]
getifs.interfaces(link_modes=1)  # type: ignore[arg-type]
getifs.interfaces(details="yes")  # type: ignore[arg-type]
getifs.interfaces(timeout="5")  # type: ignore[arg-type]
getifs.interfaces(family=4)  # type: ignore[call-arg]
getifs.interface_by_index("1")  # type: ignore[arg-type]
getifs.interface_by_index()  # type: ignore[call-arg]
getifs.interface_by_name(1)  # type: ignore[arg-type]
getifs.interface_by_name("lo").mtu  # type: ignore[union-attr]
getifs.interface_addrs(family="inet")  # type: ignore[arg-type]
getifs.interface_addrs(interface=1.5)  # type: ignore[arg-type]
getifs.default_routes(where=filters.ipv4)  # type: ignore[call-arg]
getifs.route_table(table=1.5)  # type: ignore[arg-type]
getifs.ip_mtu(1)  # type: ignore[arg-type]
getifs.ip_mtu(ip_network("10.0.0.0/8"))  # type: ignore[arg-type]
getifs.ifindex_to_name("lo")  # type: ignore[arg-type]
getifs.ifname_to_index(1)  # type: ignore[arg-type]
getifs.no_such_thing  # type: ignore[attr-defined]
getifs.Session("blue")  # type: ignore[call-arg]
getifs.Session(netns=b"blue")  # type: ignore[arg-type]
getifs.watch(netns=1.5)  # type: ignore[arg-type]

filters.within("10.0.0.0/8", 5)  # type: ignore[arg-type]
filters.within(IPv4Address("10.0.0.1"))  # type: ignore[arg-type]
filters.has_flags("UP", 1.5)  # type: ignore[arg-type]
filters.kind(1)  # type: ignore[arg-type]
filters.named(b"eth*")  # type: ignore[arg-type]
filters.in_table(None)  # type: ignore[arg-type]
filters.protocol(1.5)  # type: ignore[arg-type]
filters.covers(1)  # type: ignore[arg-type]
filters.on(None)  # type: ignore[arg-type]
filters.up & 1  # type: ignore[operator]
"up" | filters.up  # type: ignore[operator]
filters.nothing  # type: ignore[attr-defined]

rfc.get("1918")  # type: ignore[arg-type]
1.5 in rfc.RFC1918  # type: ignore[operator]
replay.routes("text")  # type: ignore[arg-type]
replay.addrs(b"", b"")  # type: ignore[call-arg]
probe.ipv4(1)  # type: ignore[call-arg]
getifs.MacAddr(1)  # type: ignore[arg-type]


def rows(
    interface: getifs.Interface, net: getifs.IfNet, route: getifs.Route, table: getifs.Table[getifs.IfNet]
) -> None:
    interface.mtu = 9000  # type: ignore[misc]
    interface.nothing  # type: ignore[attr-defined]
    interface.addrs(interface="lo")  # type: ignore[call-arg]
    interface.name()  # type: ignore[operator]
    interface.ifname()  # type: ignore[attr-defined]
    interface.addrs(where=lambda row: row.destination)  # type: ignore[attr-defined]
    interface.kind.upper()  # type: ignore[union-attr]
    net.addr = IPv4Address("10.0.0.1")  # type: ignore[misc]
    net.name()  # type: ignore[attr-defined]
    net.sockaddr("80")  # type: ignore[arg-type]
    net.mtu  # type: ignore[attr-defined]
    net.broadcast.packed  # type: ignore[union-attr]
    route.gateway.packed  # type: ignore[union-attr]
    route.destination + 1  # type: ignore[operator]
    table[0] = net  # type: ignore[index]
    del table[0]  # type: ignore[attr-defined]
    table.append(net)  # type: ignore[attr-defined]
    table.malformed = 1  # type: ignore[misc]
    table["lo"]  # type: ignore[call-overload]
    table.where("up")  # type: ignore[arg-type]
    table.where()  # type: ignore[call-arg]
    table.where(lambda row: row.destination)  # type: ignore[attr-defined]
    table.dtype  # type: ignore[attr-defined]
    other: getifs.Table[getifs.Route] = table  # type: ignore[assignment]
    other.where(filters.ipv4)
    for row in table:
        row.destination  # type: ignore[attr-defined]
