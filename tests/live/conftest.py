"""The fixture `everything`: a network with all kinds of rows, for comparisons of all rows with the output of `ip`."""

import pytest
from netns import Namespace, wait_for
from packets import advertise
from sandbox import Sandbox, build

LINKS = """
    link add v0 mtu 1400 txqueuelen 77 type veth peer name v1
    link set v0 alias cable group 42 up
    link property add dev v0 altname another altname sixteen-bytes-xx
    link set v1 up
    link add w0 type veth peer name w1
    link set w0 up
    link set w1 up
    link add br0 type bridge
    link add p0 type veth peer name p1
    link add q0 type veth peer name q1
    link set p0 master br0
    link set q0 master br0
    link set br0 up
    link set p0 up
    link set p1 up
    link set q0 up
    link set q1 up
    link add vx0 type vxlan id 5 dev v0 remote 192.0.2.9 dstport 4789
    link add mv0 link v1 type macvlan mode bridge
    link set mv0 up
    link set mv0 protodown on
    link add down0 type veth peer name down1
    link add i0 type ifb
    tuntap add t0 mode tun
    tuntap add t1 mode tap user root group root
    link set t0 up
    link set w0 promisc on
"""
ADDRS = """
    addr add 192.0.2.1/24 brd + dev v0
    addr add 192.0.2.2/24 dev v0 label v0:1
    addr add 10.5.5.1 peer 10.5.6.0/24 dev v0
    addr add 198.51.100.1/24 dev w0 metric 77 noprefixroute
    addr add 198.51.100.2/25 dev w0 valid_lft 5000 preferred_lft 4000
    addr add 198.51.100.2/26 dev w0 preferred_lft 0
    addr add 169.254.1.1/16 dev w0 scope link
    addr add 172.16.0.1 peer 172.16.0.2 dev t0
    addr add 10.9.9.9/32 dev lo scope host
    addr add 2001:db8::1/64 dev v0 nodad
    addr add 2001:db8::11 peer 2001:db8::12 dev v0 nodad
    addr add fd00::1/64 dev v0 nodad mngtmpaddr
    addr add fec0::1/64 dev w0 nodad
    addr add 2001:db8:b::1/64 dev w0 nodad preferred_lft 0
    addr add 2001:db8:b::2/64 dev w0 nodad home metric 99 noprefixroute
    addr add 2001:db8:d::1/64 dev down0
"""
NEXTHOPS = """
    nexthop add id 1 via 192.0.2.5 dev v0
    nexthop add id 2 via 198.51.100.5 dev w0 onlink protocol static
    nexthop add id 3 blackhole
    nexthop add id 4 group 1,250/2
    nexthop add id 5 via fe80::5 dev v0
    nexthop add id 6 via fe80::6 dev w0
    nexthop add id 7 group 5/6,9 protocol 99
    nexthop add id 8 dev w0
    nexthop add id 9 group 1/2,3 type resilient buckets 8 idle_timer 60 unbalanced_timer 300
    nexthop add id 10 group 1/8 type resilient buckets 4
    nexthop add id 11 encap ip id 5 dst 192.0.2.8 dev v0
    nexthop add id 12 via 192.0.2.5 fdb
    nexthop add id 13 group 12 fdb
"""
ROUTES = """
    route add default via 192.0.2.5
    route add default via 198.51.100.5 dev w0 onlink metric 50
    route add default via 192.0.2.6 table default
    route add default metric 60 nexthop via 192.0.2.5 weight 3 nexthop via 198.51.100.5 dev w0 onlink weight 256
    route add default via 2001:db8::5 metric 5
    route add default via 2001:db8:b::5 metric 6 pref high
    route add 10.1.0.0/16 nexthop via 192.0.2.5 nexthop via inet6 fe80::5 dev v0 nexthop dev w0
    route add 10.2.0.0/16 via inet6 fe80::5 dev v0
    route add 10.3.0.0/16 nhid 1
    route add 10.4.0.0/16 nhid 2 src 192.0.2.1 mtu 1300
    route add 10.5.0.0/16 nhid 3
    route add 10.6.0.0/16 nhid 4
    route add 10.7.0.0/16 nhid 5
    route add 10.8.0.0/16 nhid 8
    route add 10.10.0.0/16 via 192.0.2.5 metric 4294967295 mtu lock 1200 advmss 1100 proto static
    route add 10.11.0.0/16 dev v0 table 100
    route add 10.12.0.0/16 dev v0 table 1000
    route add 10.13.0.0/16 dev v0 tos 0x10
    route add 10.23.0.0/16 via 192.0.2.5 rtt 100ms rttvar 51ms rto_min 200ms ssthresh 7 cwnd lock 9 window 10
    route add 10.24.0.0/16 via 192.0.2.5 reordering 3 hoplimit 5 initcwnd 6 initrwnd 8 quickack 1 fastopen_no_cookie 1
    route add 10.25.0.0/16 via 192.0.2.5 features ecn congctl reno mtu lock 1200 rtt lock 80ms
    route add 10.26.0.0/16 via 192.0.2.5 congctl lock reno hoplimit 255 mtu 0
    route add 10.32.0.0/16 via 192.0.2.5 rtt lock 0 initcwnd 4
    route add 10.27.0.0/16 via 192.0.2.5 realms 5/7 congctl cubic
    route add 10.28.0.0/16 via 192.0.2.5 realms 9
    route add 10.29.0.0/16 via 192.0.2.5 realms 9/0
    route add 10.30.0.0/16 nexthop via 192.0.2.5 realms 3/4 nexthop via 198.51.100.5 dev w0 onlink realms 5
    route add 10.31.0.0/16 nhid 9
    route add 10.14.0.0/16 encap ip id 5 dst 192.0.2.8 dev v0
    route add blackhole 10.15.0.0/16
    route add unreachable 10.16.0.0/16 metric 7
    route add prohibit 10.17.0.0/16
    route add throw 10.18.0.0/16 table 100
    route add multicast 225.0.0.0/8 dev v0
    route add broadcast 10.19.0.255 dev v0
    route add local 10.20.0.0/16 dev lo proto 77
    route add 10.21.0.0/16 dev p0
    route add 10.22.0.0/16 nexthop dev q0 nexthop dev v0
    route add 2001:db8:1::/48 nexthop via fe80::5 dev v0 weight 3 nexthop via fe80::6 dev w0
    route add 2001:db8:2::/48 nhid 5
    route add 2001:db8:3::/48 nhid 7 metric 9
    route add 2001:db8:4::/48 from 2001:db8:5::/48 dev v0
    route add 2001:db8:6::/48 via fe80::5 dev v0 table 100 mtu 1300 hoplimit 7
    route add 2001:db8:7::/48 via fe80::5 dev v0 table 1000 pref low
    route add 2001:db8:8::/48 encap ip6 id 6 dst 2001:db8::9 dev v0
    route add 2001:db8:24::/48 via fe80::5 dev v0 hoplimit 255 mtu lock 1300 features ecn congctl reno rtt 12ms
    route add 2001:db8:9::/48 dev v0 expires 3000
    route add blackhole 2001:db8:15::/48
    route add unreachable 2001:db8:16::/48
    route add prohibit 2001:db8:17::/48
    route add throw 2001:db8:18::/48
    route add anycast 2001:db8:19::1 dev v0
    route add local 2001:db8:20::/48 dev lo
    route add 2001:db8:21::1 dev w0 src 2001:db8:b::1
"""
NEIGHBOURS = """
    neigh add 192.0.2.12 lladdr 02:00:00:00:00:02 dev v0
    neigh add 192.0.2.13 lladdr 02:00:00:00:00:03 dev v0 nud stale router protocol static
    neigh add 192.0.2.14 lladdr 02:00:00:00:00:04 dev v0 nud noarp
    neigh add 192.0.2.12 lladdr 02:00:00:00:00:12 dev v1 extern_learn protocol 99
    neigh add 192.0.2.15 dev v0 nud failed
    neigh add 172.16.0.9 lladdr 02:00:00:00:00:09 dev t0 nud stale
    neigh add proxy 192.0.2.19 dev v0
    neigh add 2001:db8::22 lladdr 02:00:00:00:00:22 dev v0
    neigh add fe80::29 lladdr 02:00:00:00:00:29 dev v0 nud stale router extern_learn
    neigh add fe80::2a lladdr 02:00:00:00:00:2a dev w0 nud noarp
    neigh add proxy 2001:db8::29 dev v0 protocol static
"""
RULES = {
    4: """
        rule add from 10.0.0.0/8 to 192.0.2.0/24 iif lo oif v0 fwmark 0x10/0xff table 100 pref 100
        rule add from 10.1.2.3/8 fwmark 0/0xff table 100 pref 100
        rule add to 10.1.2.3 fwmark 7 tos 0x10 table 5000 pref 101
        rule add not from 10.1.0.1 uidrange 100-200 ipproto tcp sport 80 dport 100-200 pref 102 suppress_prefixlength 0
        rule add from 10.77.0.0/16 pref 103 blackhole
        rule add from 10.78.0.0/16 pref 104 unreachable
        rule add from 10.79.0.0/16 pref 105 prohibit
        rule add pref 106 goto 32766
        rule add pref 107 goto 40000
        rule add pref 108 nop
        rule add iif nope oif w0 pref 109 table default suppress_ifgroup 7
        rule add l3mdev pref 110
        rule add realms 5/7 table main proto static pref 111
        rule add realms 9 table main proto 99 pref 112
        rule add tun_id 7777777777 pref 113 table 4294967294
        rule add ipproto 99 sport 10-20 dport 5000 oif nope pref 114 table 9
        rule add ipproto udp fwmark 0xffffffff pref 114 table 9
    """,
    6: """
        rule add from 2001:db8::/32 to 2001:db8::1 iif v0 fwmark 0x10/0xff table 100 pref 100
        rule add not from fe80::1 ipproto ipv6-icmp uidrange 0-4294967294 table 1000 pref 101
        rule add from ::ffff:192.0.2.1 tos 0x10 unreachable pref 102
        rule add pref 103 goto 32766
        rule add pref 104 suppress_ifgroup default table main
    """,
}


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    """Runs programs whose system calls are refused."""
    return build(tmp_path_factory.mktemp("sandbox"))


@pytest.fixture
def everything(net: Namespace) -> Namespace:
    far = net.other()
    net.give_link_local_addresses(True)
    net.veth("f0", "f1", far)
    net.sysctl("net.ipv6.conf.f0.use_tempaddr", 2)
    far.ip("addr add fe80::a/64 dev f1 nodad\n addr add fe80::b/64 dev f1 nodad")
    net.ip(LINKS)
    net.ip(ADDRS)
    net.ip(NEXTHOPS)
    net.ip(ROUTES)
    net.ip(NEIGHBOURS)
    for family, commands in RULES.items():
        net.ip(commands, f"-{family}")
    net.ip("link set p1 down\n link set q1 down")
    advertise(far, "f1", "fe80::a", "high", "2001:db8:aa::", host=net)
    advertise(far, "f1", "fe80::b", "low", host=net)
    wait_for(lambda: net.ip_json("addr", "show", "temporary", "dev", "f0"))
    return net
