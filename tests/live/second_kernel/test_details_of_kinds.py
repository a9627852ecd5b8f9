"""The settings of kinds of interfaces that only the second kernel makes, compared with `ip -j -d link`: B15a."""

from typing import Any

import pytest
from netns import Namespace
from oracle import check

import getifs

DUMMY = "link add d0 type dummy\n link set d0 up\n"
# Some of the settings that each command makes, written by hand. `check` compares all.
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "vlan": (
        "link add link d0 name x0 type vlan id 5 gvrp on mvrp on loose_binding on ingress-qos-map 1:2 3:4 egress 5:6",
        {
            "id": 5,
            "protocol": "802.1Q",
            "flags": ["REORDER_HDR", "GVRP", "MVRP", "LOOSE_BINDING"],
            "ingress_qos": [{"from": 1, "to": 2}, {"from": 3, "to": 4}],
            "egress_qos": [{"from": 5, "to": 6}],
        },
    ),
    "vlan-ad": (
        "link add link d0 name x0 type vlan proto 802.1ad id 4094 reorder_hdr off bridge_binding on",
        {"id": 4094, "protocol": "802.1ad", "flags": ["BRIDGE_BINDING"]},
    ),
    "bond": (
        "link add x0 type bond mode active-backup miimon 100 updelay 200 fail_over_mac active xmit_hash_policy 1",
        {"mode": "active-backup", "miimon": 100, "updelay": 200, "fail_over_mac": "active", "arp_validate": None},
    ),
    "bond-lacp": (
        "link add x0 type bond mode 802.3ad lacp_rate fast ad_select count ad_user_port_key 7 min_links 2",
        {"mode": "802.3ad", "ad_lacp_rate": "fast", "ad_select": "count", "ad_user_port_key": 7, "min_links": 2},
    ),
    "bond-arp": (
        (
            "link add x0 type bond mode 1 arp_interval 100 arp_ip_target 192.0.2.1,192.0.2.2 arp_validate all "
            "arp_all_targets all ns_ip6_target 2001:db8::1 primary_reselect better num_grat_arp 3"
        ),
        {
            "arp_ip_target": ["192.0.2.1", "192.0.2.2"],
            "ns_ip6_target": ["2001:db8::1"],
            "arp_validate": "all",
            "arp_all_targets": "all",
            "primary_reselect": "better",
            "num_peer_notif": 3,
        },
    ),
    "vrf": ("link add x0 type vrf table 500", {"table": 500}),
    "ipvlan": ("link add x0 link d0 type ipvlan mode l2 vepa", {"mode": "l2", "vepa": True}),
    "ipvtap": ("link add x0 link d0 type ipvtap mode l3s bridge", {"mode": "l3s", "bridge": True}),
    "geneve": (
        "link add x0 type geneve id 9 remote 192.0.2.9 ttl 8 tos 0x20 df set dstport 7000 noudpcsum",
        {"id": 9, "remote": "192.0.2.9", "ttl": 8, "tos": "0x20", "df": "set", "port": 7000, "udp_csum": False},
    ),
    "geneve6": (
        "link add x0 type geneve id 9 remote 2001:db8::9 flowlabel 0x77 udp6zerocsumrx ttl inherit",
        {"id": 9, "remote6": "2001:db8::9", "label": "0x77", "udp_zero_csum6_rx": True},
    ),
    "geneve-external": ("link add x0 type geneve external", {"external": True}),
    "gre": (
        "link add x0 type gre local 192.0.2.1 remote 192.0.2.2 ttl 64 tos 0x10 ikey 1 okey 0.0.1.2 iseq ocsum dev d0",
        {
            "local": "192.0.2.1",
            "remote": "192.0.2.2",
            "ttl": 64,
            "tos": "0x10",
            "ikey": "0.0.0.1",
            "okey": "0.0.1.2",
            "iseq": True,
            "ocsum": True,
            "pmtudisc": True,
        },
    ),
    "gretap": (
        "link add x0 type gretap local 192.0.2.1 remote 192.0.2.2 nopmtudisc ignore-df oseq icsum fwmark 0x55",
        {"pmtudisc": False, "ignore_df": True, "oseq": True, "icsum": True, "fwmark": "0x55", "ttl": 0},
    ),
    "gretap-external": ("link add x0 type gretap external", {"external": True, "remote": "any", "local": "any"}),
    "erspan": (
        "link add x0 type erspan local 192.0.2.1 remote 192.0.2.2 seq key 30 erspan_ver 1 erspan 123",
        {"erspan_index": 123, "erspan_ver": 1, "ikey": "0.0.0.30"},
    ),
    "erspan2": (
        "link add x0 type erspan remote 192.0.2.2 seq key 3 erspan_ver 2 erspan_dir egress erspan_hwid 7",
        {"erspan_dir": "egress", "erspan_hwid": "0x7"},
    ),
    "ip6gre": (
        (
            "link add x0 type ip6gre local 2001:db8::1 remote 2001:db8::2 hoplimit 9 encaplimit 3 tclass 0x20 "
            "flowlabel 0x12345 key 7"
        ),
        {"ttl": 9, "encap_limit": 3, "tclass": "0x20", "flowlabel": "0x12345", "ikey": "0.0.0.7", "okey": "0.0.0.7"},
    ),
    "ip6gretap": (
        (
            "link add x0 type ip6gretap local 2001:db8::1 remote 2001:db8::2 encaplimit none tclass inherit "
            "flowlabel inherit dscp inherit fwmark 7 allow-localremote"
        ),
        {
            "ip6_tnl_f_ign_encap_limit": True,
            "ip6_tnl_f_use_orig_tclass": True,
            "fwmark": "0x7",
            "ip6_tnl_f_use_orig_flowlabel": True,
            "ip6_tnl_f_rcv_dscp_copy": True,
            "ip6_tnl_f_allow_local_remote": True,
        },
    ),
    "ip6erspan": (
        "link add x0 type ip6erspan local 2001:db8::1 remote 2001:db8::2 seq key 30 erspan_ver 1 erspan 12",
        {"erspan_index": 12},
    ),
    "ipip": (
        "link add x0 type ipip local 192.0.2.1 remote 192.0.2.2 ttl 5 mode any fwmark 9",
        {"proto": "any", "ttl": 5, "fwmark": "0x9", "local": "192.0.2.1"},
    ),
    "sit": (
        "link add x0 type sit local 192.0.2.1 remote 192.0.2.2 mode ip6ip ttl 3 tos inherit dev d0",
        {"proto": "ip6ip", "ttl": 3, "tos": "0x1"},
    ),
    "sit-isatap": ("link add x0 type sit local 192.0.2.1 isatap", {"isatap": True}),
    "ip6tnl": (
        "link add x0 type ip6tnl local 2001:db8::1 remote 2001:db8::2 mode ip6ip6 hoplimit 7 tclass 0x10 flowlabel 0x1",
        {"proto": "ip6ip6", "ttl": 7, "tclass": "0x10", "flowlabel": "0x00001", "encap_limit": 4},
    ),
    "ip6tnl-any": (
        "link add x0 type ip6tnl remote 2001:db8::2 mode any encaplimit none fwmark inherit",
        {"proto": "any", "ip6_tnl_f_use_orig_fwmark": True, "local": "any"},
    ),
    "vti": (
        "link add x0 type vti local 192.0.2.1 remote 192.0.2.2 ikey 1 okey 2 fwmark 3",
        {"ikey": "0.0.0.1", "okey": "0.0.0.2", "fwmark": "0x3"},
    ),
    "vti6": ("link add x0 type vti6 local 2001:db8::1 remote 2001:db8::2 key 5", {"ikey": "0.0.0.5"}),
    "dummy": ("link add x0 type dummy", {}),
    "ifb": ("link add x0 type ifb", {}),
    "team": ("link add x0 type team", {}),
    "nlmon": ("link add x0 type nlmon", {}),
    "hsr": (
        "link add d1 type dummy\n link add x0 type hsr slave1 d0 slave2 d1 supervision 45 version 1",
        {"supervision_addr": "01:15:4e:00:01:2d", "proto": 0},
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_b15a_settings_equal_those_of_ip(net: Namespace, name: str) -> None:
    commands, expected = KINDS[name]
    net.ip(DUMMY + commands)
    check("link", net)
    (row,) = getifs.interfaces(where=getifs.filters.named("x0"), details=True)
    assert row.details is not None
    found = {key: value for key, value in row.details.items() if key in expected}
    assert found == expected
    assert row.port_details == {}


def test_b15a_ports_of_bonds_and_vrfs(net: Namespace) -> None:
    net.ip(
        """
        link add b0 type bond mode active-backup miimon 100
        link add b1 type bond mode 802.3ad
        link add red type vrf table 500
        link add d0 type dummy
        link add d1 type dummy
        link add d2 type dummy
        link set d0 master b0
        link set d1 master b1
        link set d2 master red
        link set b0 type bond primary d0
        link set b0 up
        link set b1 up
    """
    )
    check("link", net)
    rows = {row.name: row for row in getifs.interfaces(details=True)}
    assert rows["b0"].details["active_slave"] == rows["b0"].details["primary"] == net.index("d0")
    assert (rows["d0"].port_details["state"], rows["d0"].port_details["mii_status"]) == ("ACTIVE", "UP")
    assert rows["d1"].port_details["ad_actor_oper_port_state_str"][0] == "active"
    assert rows["d2"].port_details == {"table": 500}
    assert rows["b1"].details["ad_info"]["num_ports"] == 1
    shown = rows["b0"].to_dict(net.names())["linkinfo"]["info_data"]
    assert (shown["active_slave"], shown["primary"]) == ("d0", "d0")


# One at a time: two that are equal could be confused.
BRIDGE = (
    *("vlan_filtering 1", "vlan_protocol 802.1ad", "vlan_default_pvid 5", "vlan_stats_enabled 1"),
    *("vlan_stats_per_port 1", "vlan_filtering 1 mcast_vlan_snooping 1"),
    *("nf_call_iptables 1", "nf_call_ip6tables 1", "nf_call_arptables 1"),
)
BOND = (
    *("mode 1 downdelay 200 miimon 100", "mode 1 peer_notify_delay 200 miimon 100", "mode 1 use_carrier 0"),
    *("mode 1 all_slaves_active 1", "mode 1 resend_igmp 5", "mode 1 min_links 5", "mode 0 packets_per_slave 5"),
    *("mode 1 lp_interval 5", "mode 5 tlb_dynamic_lb 0", "mode 1 arp_missed_max 5", "mode 4 lacp_active off"),
    *("mode 4 ad_actor_sys_prio 5", "mode 4 ad_actor_system 02:00:00:00:00:05", "mode 2 xmit_hash_policy 5"),
)


@pytest.mark.parametrize(("kind", "setting"), [*(("bridge", one) for one in BRIDGE), *(("bond", one) for one in BOND)])
def test_b15a_one_setting_that_only_this_kernel_has(net: Namespace, kind: str, setting: str) -> None:
    net.ip(f"link add x0 type {kind} {setting}")
    check("link", net)
