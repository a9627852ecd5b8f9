"""The settings of kinds of interfaces, compared with `ip -j -d link` and with values written by hand: B15a."""

import copy
import pickle
from typing import Any

import pytest
from netns import Namespace, wait_for
from oracle import check

import getifs


def details(name: str) -> Any:
    (row,) = getifs.interfaces(where=getifs.filters.named(name), details=True)
    return row.details


def port_details(name: str) -> Any:
    (row,) = getifs.interfaces(where=getifs.filters.named(name), details=True)
    return row.port_details


def test_b15a_only_when_asked_for(net: Namespace) -> None:
    net.ip("link add br0 type bridge\n link add v0 type veth peer name v1\n link set v0 master br0")
    assert {row.details for row in getifs.interfaces()} == {row.port_details for row in getifs.interfaces()} == {None}
    assert getifs.interface_by_name("br0").details is None
    for found in (
        getifs.interface_by_name("br0", details=True),
        getifs.interface_by_index(net.index("br0"), details=True),
    ):
        assert (found, found.details["priority"]) == (getifs.interface_by_name("br0"), 32768)
    assert getifs.interface_by_name("nope", details=True) is None
    rows = {row.name: row for row in getifs.interfaces(details=True)}
    assert [bool(rows[name].details) for name in ("lo", "br0", "v0", "v1")] == [False, True, False, False]
    assert [bool(rows[name].port_details) for name in ("lo", "br0", "v0", "v1")] == [False, False, True, False]
    assert rows["lo"].details == rows["lo"].port_details == rows["v0"].details == {}
    with getifs.Session() as session:
        assert session.interfaces(details=True) == getifs.interfaces(stats=True) == getifs.interfaces()
        assert {bool(row.stats) for row in session.interfaces(details=True, stats=True)} == {True}


def test_b15a_rows_are_values_without_them(net: Namespace) -> None:
    net.ip("link add br0 type bridge\n link set br0 type bridge priority 8192")
    wait_for(lambda: not getifs.interface_by_name("br0").carrier)
    before = getifs.interfaces(details=True)[1]
    net.ip("link set br0 type bridge priority 4096")
    after = getifs.interfaces(details=True, stats=True)[1]
    assert before == after == getifs.interfaces()[1]
    assert hash(before) == hash(after)
    assert not before < after and not after < before
    assert (before.details["priority"], after.details["priority"]) == (8192, 4096)
    for same in (copy.copy(after), copy.deepcopy(after), pickle.loads(pickle.dumps(after))):
        assert (same, same.details, same.stats) == (after, after.details, after.stats)
    assert pickle.loads(pickle.dumps(getifs.interfaces(details=True)))[1].details["priority"] == 4096


def test_b15a_a_watcher_keeps_none(net: Namespace) -> None:
    with getifs.watch() as watcher:
        net.ip("link add br0 type bridge")
        (event,) = [event for event in watcher.poll() if event.row.name == "br0"]
        assert event.row.details is None
        assert {row.details for row in watcher.interfaces()} == {None}
        with pytest.raises(ValueError, match="does not keep the details"):
            watcher.interfaces(details=True)
        with pytest.raises(ValueError, match="does not keep the details"):
            watcher.interface_by_name("br0", details=True)


def test_b15a_vxlan(net: Namespace) -> None:
    net.ip(
        """
        link add v0 type veth peer name v1
        link set v0 up
        link add vx0 type vxlan id 5 dev v0 remote 192.0.2.9 local 192.0.2.1 dstport 4789 ttl 7 tos 0x10 df set gbp
        link add vx1 type vxlan id 6 dev v0 group 239.1.1.1 dstport 4790 nolearning proxy rsc l2miss l3miss noudpcsum
        link add vx2 type vxlan id 7 local 2001:db8::1 remote 2001:db8::2 dstport 4791 flowlabel 0x55 udp6zerocsumtx
        link add vx3 type vxlan id 8 dev v0 group ff02::99 dstport 4792 srcport 1000 2000 ageing 0 ttl inherit
        link add vx4 type vxlan external vnifilter dstport 4793 maxaddress 77 tos inherit
        link add vx5 type vxlan dstport 4794 gpe external
    """
    )
    check("link", net)
    found = details("vx0")
    assert {key: found[key] for key in ("id", "remote", "local", "link", "port", "ttl", "tos", "df", "gbp")} == {
        "id": 5,
        "remote": "192.0.2.9",
        "local": "192.0.2.1",
        "link": net.index("v0"),
        "port": 4789,
        "ttl": 7,
        "tos": "0x10",
        "df": "set",
        "gbp": True,
    }
    assert found["port_range"] == {"low": 0, "high": 0}
    assert (found["learning"], found["proxy"]) == (True, False)
    assert (details("vx1")["group"], details("vx1")["proxy"], details("vx1")["learning"]) == ("239.1.1.1", True, False)
    assert (details("vx2")["remote6"], details("vx2")["local6"], details("vx2")["label"]) == (
        *("2001:db8::2", "2001:db8::1"),
        "0x55",
    )
    assert (details("vx3")["group6"], "ttl" in details("vx3")) == ("ff02::99", False)
    assert details("vx4")["external"] is details("vx4")["vnifilter"] is True
    shown = {row.name: row.to_dict(net.names()) for row in getifs.interfaces(details=True)}
    assert shown["vx0"]["linkinfo"]["info_data"]["link"] == "v0"
    (row,) = getifs.interfaces(where=getifs.filters.named("vx0"), details=True)
    assert row.to_dict()["linkinfo"]["info_data"]["link"] == f"if{net.index('v0')}"


def test_b15a_bridge_and_its_ports(net: Namespace) -> None:
    net.ip("""
        link add br0 type bridge stp_state 1 priority 4096 group_fwd_mask 0x8 mcast_snooping 0 ageing_time 5000
        link add p0 type veth peer name p1
        link add q0 type veth peer name q1
        link set p0 master br0
        link set q0 master br0
        link set p0 type bridge_slave hairpin on isolated on group_fwd_mask 0x4008 cost 77 priority 5 guard on
        link set q0 type bridge_slave backup_port p0 mcast_flood off neigh_suppress on
    """)
    check("link", net)
    for name in ("br0", "p0", "p1"):
        net.ip(f"link set {name} up")
    wait_for(lambda: port_details("p0")["state"] in ("listening", "learning"))
    check("link", net)
    found = details("br0")
    assert (found["stp_state"], found["priority"], found["group_fwd_mask"]) == (1, 4096, "0x8")
    assert 0 < found["hello_timer"] <= 2
    port = port_details("p0")
    assert (port["hairpin"], port["isolated"], port["cost"], port["group_fwd_mask_str"]) == (True, True, 77, "0x8,lldp")
    assert port_details("q0")["backup_port"] == net.index("p0")
    assert details("p0") == {}


def test_b15a_queriers_of_a_bridge(net: Namespace) -> None:
    """None, itself, and then another bridge behind a port. iproute2 prints them from 6.13 on."""
    far = net.other()
    net.ip("link add br0 type bridge")
    assert "mcast_querier_state_ipv4" not in details("br0")
    net.ip("link set br0 type bridge mcast_querier 1")
    check("link", net)
    assert details("br0")["mcast_querier_state_ipv4"] == {"mcast_querier_ipv4_addr": "0.0.0.0"}
    assert details("br0")["mcast_querier_state_ipv6"] == {"mcast_querier_ipv6_addr": "::"}
    net.ip("link set br0 up type bridge mcast_querier 0")
    p0 = net.veth("p0", "p1", far)
    net.ip("link set p0 master br0")
    far.ip("""
        link add br1 type bridge mcast_querier 1 mcast_query_use_ifaddr 1
        link set p1 master br1
        addr add 192.0.2.1/24 dev br1
        addr add fe80::1/64 dev br1 nodad
        link set br1 up
    """)
    wait_for(lambda: "mcast_querier_ipv6_port" in details("br0").get("mcast_querier_state_ipv6", {}))
    for version, querier in ((4, "192.0.2.1"), (6, "fe80::1")):
        state = details("br0")[f"mcast_querier_state_ipv{version}"]
        assert 200 < state.pop(f"mcast_querier_ipv{version}_other_timer") <= 255, "seconds; 255 is the default"
        assert state == {f"mcast_querier_ipv{version}_addr": querier, f"mcast_querier_ipv{version}_port": p0}
    check("link", net)


@pytest.mark.parametrize("mode", ["private", "vepa", "bridge", "passthru", "source"])
@pytest.mark.parametrize("kind", ["macvlan", "macvtap"])
def test_b15a_macvlan(net: Namespace, kind: str, mode: str) -> None:
    net.ip(f"link add v0 type veth peer name v1\n link add mv0 link v0 type {kind} mode {mode} bcqueuelen 77")
    if mode == "source":
        net.ip(f"link set mv0 type {kind} macaddr add 02:00:00:00:00:99")
        assert details("mv0")["macaddr_data"] == ["02:00:00:00:00:99"]
    if mode == "passthru":
        net.ip(f"link set mv0 type {kind} mode passthru nopromisc")
    check("link", net)
    found = details("mv0")
    assert (found["mode"], found["bcqueuelen"]) == (mode, 77)
    assert found.get("nopromisc", False) is (mode == "passthru")


def test_b15a_tun(net: Namespace) -> None:
    net.ip("""
        tuntap add t0 mode tun user 0
        tuntap add t1 mode tap multi_queue pi
        tuntap add t2 mode tap vnet_hdr group 0
    """)
    check("link", net)
    assert details("t0") == {
        "type": "tun",
        "pi": False,
        "vnet_hdr": False,
        "multi_queue": False,
        "persist": True,
        "user": 0,
    }
    assert details("t1")["pi"] is details("t1")["multi_queue"] is True
    assert (details("t1")["numqueues"], details("t2")["type"], details("t2")["group"]) == (0, "tap", 0)
    assert details("t2")["vnet_hdr"] is True


VXLAN = "link add x0 type vxlan dstport 4789 {}"
BRIDGE = "link add x0 type bridge {}"
PORT = """
    link add x0 type bridge
    link add p0 type veth peer name p1
    link set p0 master x0
    link set p0 type bridge_slave {}
"""
# One at a time: two that are equal could be confused, and `ip` would print the same.
SETTINGS = {
    VXLAN: (
        *("id 5 proxy", "id 5 rsc", "id 5 l2miss", "id 5 l3miss", "id 5 nolearning", "id 5 noudpcsum", "external"),
        *("id 5 udp6zerocsumtx", "id 5 udp6zerocsumrx", "id 5 remcsumtx", "id 5 remcsumrx", "id 5 gbp", "id 5 ttl 5"),
        *("id 5 ageing 5", "id 5 maxaddress 5", "id 5 tos 0x5", "id 5 srcport 5 6", "id 5 df inherit"),
    ),
    BRIDGE: (
        *("forward_delay 1600", "hello_time 300", "max_age 2100", "ageing_time 5000", "stp_state 1", "priority 4096"),
        *("mcast_router 2", "mcast_snooping 0", "mcast_query_use_ifaddr 1", "mcast_querier 1", "mcast_hash_max 64"),
        *("mcast_last_member_count 5", "mcast_startup_query_count 5", "mcast_last_member_interval 500"),
        *("mcast_membership_interval 500", "mcast_querier_interval 500", "mcast_query_interval 5000"),
        *("mcast_query_response_interval 500", "mcast_startup_query_interval 5000", "mcast_stats_enabled 1"),
        *("mcast_igmp_version 3", "mcast_mld_version 2", "no_linklocal_learn 1", "group_fwd_mask 8"),
        "group_address 01:80:c2:00:00:04",
    ),
    PORT: (
        *("priority 5", "cost 5", "hairpin on", "guard on", "root_block on", "learning off", "flood off"),
        *("proxy_arp on", "proxy_arp_wifi on", "mcast_router 2", "mcast_fast_leave on", "mcast_flood off"),
        *("bcast_flood off", "mcast_to_unicast on", "neigh_suppress on", "group_fwd_mask 8", "vlan_tunnel on"),
        *("isolated on", "locked on"),
    ),
}


@pytest.mark.parametrize(("commands", "setting"), [(on, one) for on, settings in SETTINGS.items() for one in settings])
def test_b15a_one_setting(net: Namespace, commands: str, setting: str) -> None:
    net.ip(commands.format(setting))
    check("link", net)
