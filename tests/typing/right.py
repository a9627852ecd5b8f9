"""What a type checker, or an editor, infers of a user's program: checked by test_typing.py, never run."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network, ip_address
from pathlib import Path
from typing import Any

from typing_extensions import assert_type

import getifs
from getifs import filters, probe, replay, rfc
from getifs.compat import ifaddr, netifaces, psutil


def queries() -> None:
    assert_type(getifs.interfaces(), getifs.Table[getifs.Interface])
    assert_type(getifs.interface_by_index(1), getifs.Interface | None)
    assert_type(getifs.interface_by_name("lo"), getifs.Interface | None)
    assert_type(getifs.interface_addrs(), getifs.Table[getifs.IfNet])
    assert_type(getifs.addrs_by_interface(), dict[getifs.Interface, list[getifs.IfNet]])
    assert_type(getifs.local_addrs(), getifs.Table[getifs.IfNet])
    assert_type(getifs.default_routes(), getifs.Table[getifs.Route])
    assert_type(getifs.best_local_addrs(), getifs.Table[getifs.IfNet])
    assert_type(getifs.private_addrs(), getifs.Table[getifs.IfNet])
    assert_type(getifs.public_addrs(), getifs.Table[getifs.IfNet])
    assert_type(getifs.interface_multicast_addrs(), getifs.Table[getifs.IfAddr])
    assert_type(getifs.gateway_addrs(), getifs.Table[getifs.IfAddr])
    assert_type(getifs.route_table(), getifs.Table[getifs.Route])
    assert_type(getifs.nexthops(), getifs.Table[getifs.NextHop])
    rules = getifs.rules(family=4, where=lambda row: row.action == getifs.RuleAction.TO_TBL)
    assert_type(rules, getifs.Table[getifs.Rule])
    assert_type(rules[0].uid_range, tuple[int, int] | None)
    assert_type(rules[0].flags, getifs.RuleFlags)
    assert_type(getifs.route_to("192.0.2.1", source="192.0.2.2", mark=1, uid=1, tos=0), getifs.Route)
    neighbours = getifs.neighbours(interface="eth0", where=lambda row: row.state == getifs.NeighbourState.STALE)
    assert_type(neighbours, getifs.Table[getifs.Neighbour])
    assert_type(neighbours[0].mac_addr, getifs.MacAddr | None)
    assert_type(neighbours[0].flags, getifs.NeighbourFlags)
    assert_type(getifs.ip_mtu("127.0.0.1"), int)
    assert_type(getifs.ifindex_to_name(1), str)
    assert_type(getifs.ifname_to_index("lo"), int)
    assert_type(getifs.ifname_to_iface("lo"), tuple[IPv4Address | None, int])
    assert_type(getifs.__version__, str)


def arguments(interface: getifs.Interface, address: IPv4Address | IPv6Address) -> None:
    getifs.interfaces(where=filters.up, stats=True, details=True, timeout=1)
    getifs.interfaces(link_modes=True)
    getifs.interfaces(where=lambda row: row.mtu > 1500, timeout=0.5)
    getifs.interface_addrs(family=6, interface=interface, where=None, timeout=None)
    getifs.interface_addrs(family=4, interface="eth0", where=filters.private | rfc.RFC4193)
    getifs.interface_multicast_addrs(interface=3)
    getifs.route_table(table=254, all=True, where=filters.within("10.0.0.0/8", IPv6Network("2001:db8::/32")))
    getifs.ip_mtu(address)
    assert_type(getifs.ifnames(), dict[int, str])
    getifs.route_table(table="main")
    getifs.route_table(table=getifs.RouteTable.LOCAL)
    interface.addrs(family=4, where=filters.local)
    interface.multicast_addrs(where=~filters.ipv6)
    filters.has_flags(getifs.Flags.UP | getifs.Flags.RUNNING)
    filters.has_flags(0x10000)
    filters.has_flags("UP", getifs.Flags.RUNNING, 0x10000)
    filters.protocol("kernel")
    filters.protocol(getifs.RouteProtocol.KERNEL)
    filters.protocol(2)
    filters.protocol("kernel", getifs.RouteProtocol.BGP)
    filters.in_table("main", 100)
    filters.kind("veth", "bridge")
    filters.named("eth*", "wlan*")
    filters.covers("192.0.2.1")
    filters.covers(address)
    filters.on(1)
    filters.on("eth0")
    filters.on(interface)


def sessions() -> None:
    with getifs.Session(timeout=2.5) as session:
        assert_type(session, getifs.Session)
        assert_type(session.interfaces(where=filters.up), getifs.Table[getifs.Interface])
        assert_type(session.route_table(family=6), getifs.Table[getifs.Route])
        assert_type(session.interface_by_name("lo"), getifs.Interface | None)
        assert_type(session.ifname_to_iface("lo"), tuple[IPv4Address | None, int])
        assert_type(session.close(), None)
    with getifs.Session(netns="blue") as session, Path("/proc/1/ns/net").open("rb") as file:
        assert_type(session.snapshot(), getifs.Snapshot)
        getifs.Session(netns=1).close()
        getifs.Session(netns=file, timeout=1).close()
        getifs.watch(netns=Path("/run/netns/blue")).close()


def tables(table: getifs.Table[getifs.IfNet]) -> None:
    assert_type(table[0], getifs.IfNet)
    assert_type(table[1:], getifs.Table[getifs.IfNet])
    assert_type(len(table), int)
    assert_type(iter(table), Iterator[getifs.IfNet])
    assert_type(reversed(table), Iterator[getifs.IfNet])
    assert_type([row.addr for row in table], list[IPv4Address | IPv6Address])
    assert_type(table.where(filters.ipv4), getifs.Table[getifs.IfNet])
    assert_type(table.where(lambda row: row.index == 1), getifs.Table[getifs.IfNet])
    assert_type(table.to_dicts(), list[dict[str, Any]])
    assert_type(table.column("index"), memoryview[int] | list[Any])
    assert_type(table.column("addr", "object"), list[Any])
    assert_type(table.column("addr", "text"), list[str | None])
    assert_type(table.column("addr", form="int"), list[int | None])
    assert_type(table.to_dicts({1: "lo"}), list[dict[str, Any]])
    assert_type(table.malformed, int)
    assert_type(table.index(table[0]), int)
    assert_type(table == [table[0]], bool)
    assert_type(table[0] in table, bool)
    assert_type(sorted(table), list[getifs.IfNet])
    assert_type(max(table), getifs.IfNet)
    as_sequence: Sequence[getifs.IfNet] = table
    as_sequence.index(table[0])


def interfaces(row: getifs.Interface) -> None:
    assert_type(row.index, int)
    assert_type(row.name, str)
    assert_type(row.mtu, int)
    assert_type(row.mac_addr, getifs.MacAddr | None)
    assert_type(row.broadcast_mac_addr, getifs.MacAddr | None)
    assert_type(row.perm_mac_addr, getifs.MacAddr | None)
    assert_type(row.flags, getifs.Flags)
    assert_type(row.oper_state, getifs.OperState)
    assert_type(row.carrier, bool | None)
    assert_type(row.kind, str | None)
    assert_type(row.controller, int | None)
    assert_type(row.link, int | None)
    assert_type(row.link_netnsid, int | None)
    assert_type(row.hw_type, getifs.HwType)
    assert_type(row.tx_queue_len, int | None)
    assert_type(row.min_mtu, int | None)
    assert_type(row.max_mtu, int | None)
    assert_type(row.group, int | None)
    assert_type(row.alias, str | None)
    assert_type(row.alt_names, tuple[str, ...])
    assert_type(row.parent_dev, str | None)
    assert_type(row.parent_bus, str | None)
    assert_type(row.stats, getifs.LinkStats | None)
    assert_type(row.speed, int | None)
    assert_type(row.duplex, getifs.Duplex | None)
    assert_type(row.details, Mapping[str, Any] | None)
    assert_type(row.port_details, Mapping[str, Any] | None)
    assert_type(row.addrs(), getifs.Table[getifs.IfNet])
    assert_type(row.multicast_addrs(), getifs.Table[getifs.IfAddr])
    assert_type(row.to_dict(), dict[str, Any])
    assert_type({row: 1}[row], int)
    if row.stats:
        assert_type(row.stats.rx_bytes, int)
        assert_type(row.stats.rx_nohandler, int | None)


def addresses(row: getifs.IfNet, plain: getifs.IfAddr) -> None:
    assert_type(row.index, int)
    assert_type(row.addr, IPv4Address | IPv6Address)
    assert_type(row.scoped, IPv4Address | IPv6Address)
    assert_type(row.prefix_len, int)
    assert_type(row.net, IPv4Interface | IPv6Interface)
    assert_type(row.network, IPv4Network | IPv6Network)
    assert_type(row.peer, IPv4Address | IPv6Address | None)
    assert_type(row.broadcast, IPv4Address | None)
    assert_type(row.scope, getifs.Scope)
    assert_type(row.flags, getifs.AddrFlags)
    assert_type(row.label, str | None)
    assert_type(row.valid_lft, int | None)
    assert_type(row.preferred_lft, int | None)
    assert_type(row.metric, int | None)
    assert_type(row.proto, getifs.AddrProto | None)
    assert_type(row.ifname(), str | None)
    assert_type(row.sockaddr(), tuple[str, int] | tuple[str, int, int, int])
    assert_type(row.sockaddr(port=80), tuple[str, int] | tuple[str, int, int, int])
    assert_type(row.to_dict({1: "lo"}), dict[str, Any])
    assert_type(plain.index, int)
    assert_type(plain.addr, IPv4Address | IPv6Address)
    assert_type(plain.scoped, IPv4Address | IPv6Address)
    assert_type(plain.ifname(), str | None)
    assert_type(plain.sockaddr(80), tuple[str, int] | tuple[str, int, int, int])
    assert_type(plain.to_dict(), dict[str, Any])


def routes(row: getifs.Route) -> None:
    assert_type(row.index, int)
    assert_type(row.destination, IPv4Network | IPv6Network)
    assert_type(row.gateway, IPv4Address | IPv6Address | None)
    assert_type(row.is_default, bool)
    assert_type(row.metric, int)
    assert_type(row.table, getifs.RouteTable)
    assert_type(row.protocol, getifs.RouteProtocol)
    assert_type(row.scope, getifs.Scope)
    assert_type(row.type, getifs.RouteType)
    assert_type(row.prefsrc, IPv4Address | IPv6Address | None)
    assert_type(row.source, IPv4Network | IPv6Network | None)
    assert_type(row.tos, int)
    assert_type(row.mtu, int | None)
    assert_type(row.metrics, dict[int, int])
    assert_type(row.weight, int)
    assert_type(row.nexthop_id, int | None)
    assert_type(row.flags, getifs.RouteFlags)
    assert_type(row.pref, getifs.RouterPref | None)
    assert_type(row.encap, getifs.EncapType | None)
    assert_type(row.hop, int)
    assert_type(row.flow, int)
    assert_type(row.congestion, str | None)
    assert_type(row.ifname(), str | None)
    assert_type(row.to_dict(), dict[str, Any])


def next_hops(row: getifs.NextHop) -> None:
    assert_type(row.id, int)
    assert_type(row.index, int)
    assert_type(row.gateway, IPv4Address | IPv6Address | None)
    assert_type(row.family, int)
    assert_type(row.blackhole, bool)
    assert_type(row.fdb, bool)
    assert_type(row.ifname(), str | None)
    assert_type(row.group, tuple[tuple[int, int], ...])
    assert_type(row.flags, getifs.RouteFlags)
    assert_type(row.protocol, getifs.RouteProtocol)
    assert_type(row.scope, getifs.Scope)
    assert_type(row.encap, getifs.EncapType | None)
    assert_type(row.to_dict(), dict[str, Any])


def add_filter(predicate: getifs.Predicate) -> getifs.Predicate:
    return predicate & filters.up | ~predicate


def is_large(row: getifs.Interface) -> bool:
    return row.mtu > 9000


def predicates(row: getifs.IfNet) -> None:
    assert_type(filters.up(row), bool)
    assert_type(filters.private(ip_address("10.0.0.1")), bool)
    assert_type(filters.private("10.0.0.1"), bool)
    assert_type(filters.loopback, rfc.AddressSet)
    assert_type(filters.loopback.name, str)
    assert_type(repr(filters.up & ~filters.running), str)
    both: Callable[[getifs.Interface], object] = filters.up & is_large
    getifs.interfaces(where=both)
    getifs.interfaces(where=is_large)
    getifs.interfaces(where=is_large | filters.up)
    getifs.interfaces(where=~(filters.named("eth*") | filters.kind("veth") & is_large))
    every = [
        *(filters.benchmark, filters.broadcast, filters.deprecated, filters.documentation, filters.ipv4, filters.ipv6),
        *(filters.link_local, filters.loopback, filters.multicast, filters.private, filters.public, filters.shared),
        *(filters.temporary, filters.tentative, filters.unique_local, filters.unspecified, filters.local),
        *(filters.up, filters.running, filters.lower_up, filters.reachable, filters.default_route),
        filters.has_gateway,
        *(filters.in_table(254), filters.covers("192.0.2.1")),
    ]
    for predicate in every:
        getifs.interface_addrs(where=predicate)


def blocks(address: IPv4Address | IPv6Address) -> None:
    assert_type("10.0.0.1" in rfc.RFC1918, bool)
    assert_type(address in rfc.FORWARDING_BLACKLIST, bool)
    assert_type(list(rfc.RFC6890), list[IPv4Network | IPv6Network])
    assert_type(len(rfc.IANA_SPECIAL_PURPOSE), int)
    assert_type(rfc.get(1918)(address), bool)
    assert_type(rfc.get(1918).name, str)


def the_rest(data: bytes) -> None:
    assert_type(replay.interfaces(data, stats=True), getifs.Table[getifs.Interface])
    assert_type(replay.addrs(bytearray(data)), getifs.Table[getifs.IfNet])
    assert_type(replay.routes(memoryview(data), nexthops=data, table=254, all=True), getifs.Table[getifs.Route])
    assert_type(replay.neighbours(data, all=True), getifs.Table[getifs.Neighbour])
    assert_type(replay.rules(data), getifs.Table[getifs.Rule])
    assert_type(replay.gateways(data, data), getifs.Table[getifs.IfAddr])
    assert_type(replay.best_interfaces(data), list[tuple[int, int]])
    assert_type(probe.ipv4(), bool)
    assert_type(probe.ipv6(), bool)
    assert_type(probe.ipv4_mapped_ipv6(), bool)
    assert_type(getifs.MacAddr("02:00:5e:10:00:01"), getifs.MacAddr)
    assert_type(str(getifs.MacAddr(data)), str)
    assert_type(getifs.MacAddr(data)[0], int)
    assert_type(getifs.Flags.UP | getifs.Flags.RUNNING, getifs.Flags)
    assert_type(getifs.Scope(77), getifs.Scope)
    assert_type(getifs.Scope.LINK + 1, int)


def snapshots() -> None:
    snapshot = getifs.snapshot(neighbours=True, all_routes=True, timeout=5)
    assert_type(snapshot, getifs.Snapshot)
    assert_type(snapshot.interfaces, getifs.Table[getifs.Interface])
    assert_type(snapshot.neighbours, getifs.Table[getifs.Neighbour] | None)
    assert_type(snapshot.rules, getifs.Table[getifs.Rule] | None)
    assert_type(snapshot.interface("lo"), getifs.Interface | None)
    assert_type(snapshot.addrs_of(1), getifs.Table[getifs.IfNet])
    assert_type(snapshot.routes_of("lo"), getifs.Table[getifs.Route])
    assert_type(snapshot.controller_of(snapshot.interfaces[0]), getifs.Interface | None)
    assert_type(snapshot.nexthop_of(snapshot.routes[0]), getifs.NextHop | None)
    assert_type(snapshot.default_routes(family=4), getifs.Table[getifs.Route])
    assert_type(snapshot.difference(snapshot), list[getifs.Event])
    assert_type(snapshot.to_dict(), dict[str, list[dict[str, Any]]])


def following() -> None:
    with getifs.watch(routes="all", nexthops=True, where=lambda row: row.index == 1, settle=0.2) as watcher:
        assert_type(watcher, getifs.Watcher)
        assert_type(watcher.wait_for(getifs.Watcher.default_routes, timeout=5), getifs.Table[getifs.Route])
        assert_type(watcher.interface_addrs(), getifs.Table[getifs.IfNet])
        assert_type(watcher.poll(0), list[getifs.Event])
        assert_type(watcher.snapshot(), getifs.Snapshot)
        assert_type(watcher.fileno(), int)
        for event in watcher:
            assert_type(event, getifs.Event)
            match event:
                case getifs.Event("added", getifs.IfNet() as addr):
                    assert_type(addr.net, IPv4Interface | IPv6Interface)
                case getifs.Event(kind="changed", row=getifs.Interface() as row, old=getifs.Interface() as old):
                    assert_type(row.mtu - old.mtu, int)
                case _:
                    assert_type(event.to_dict({1: "lo"}), dict[str, Any])


async def following_asynchronously(watcher: getifs.Watcher) -> None:
    async for event in watcher:
        assert_type(
            event.row, getifs.Interface | getifs.IfNet | getifs.Route | getifs.NextHop | getifs.Neighbour | getifs.Rule
        )


def shims() -> None:
    assert_type(psutil.net_if_addrs(), dict[str, list[psutil.snicaddr]])
    assert_type(psutil.net_if_addrs()["lo"][0].broadcast, str | None)
    assert_type(psutil.net_if_stats()["lo"].speed, int)
    assert_type(psutil.net_io_counters(), psutil.snetio | None)
    assert_type(psutil.net_io_counters(pernic=True, nowrap=False), dict[str, psutil.snetio])
    assert_type(netifaces.interfaces(), list[str])
    assert_type(netifaces.ifaddresses("lo")[netifaces.AF_INET][0]["addr"], str)
    assert_type(ifaddr.get_adapters(include_unconfigured=True), list[ifaddr.Adapter])
    assert_type(ifaddr.get_adapters()[0].ips[0].ip, str | tuple[str, int, int])


def errors() -> None:
    try:
        getifs.interfaces()
    except getifs.DumpInterruptedError as error:
        assert_type(error.errno, int | None)
    except getifs.MalformedMessageError as error:
        as_netlink: getifs.NetlinkError = error
        raise as_netlink from None
    except getifs.NetlinkPermissionError as error:
        refused: PermissionError = error
        raise refused from None
    except getifs.NetlinkError as error:
        as_os: OSError = error
        raise as_os from None
