"""The command's answers beside the API's, beside `ip`'s, and written out by hand."""

import errno
import json
import os
import socket
from collections.abc import Callable
from typing import Any

import pytest
from command import (
    LONG_ADDR,
    LONG_NAME,
    LONG_PEER,
    LONG_WORD,
    NETWORK,
    Output,
    agree,
    answer,
    complaint,
    objects,
    settle,
)
from netns import Namespace, wait_for

import getifs
from getifs import filters
from getifs._cli import commands as cli

ROWS = {name: command for name, command in cli.COMMANDS.items() if command.method}
QUERIES: dict[tuple[str, ...], Callable[[], Any]] = {
    ("links",): getifs.interfaces,
    ("links", "--interface", "v0"): lambda: getifs.interfaces(where=filters.named("v0")),
    ("addrs",): getifs.interface_addrs,
    ("addrs", "-4"): lambda: getifs.interface_addrs(family=4),
    ("addrs", "--interface", "uplink"): lambda: getifs.interface_addrs(interface="v0"),
    ("local",): getifs.local_addrs,
    ("local", "--interface", LONG_NAME): lambda: getifs.local_addrs(where=filters.on(LONG_NAME)),
    ("private", "--family", "6"): lambda: getifs.private_addrs(family=6),
    ("private",): getifs.private_addrs,
    ("public",): getifs.public_addrs,
    ("best",): getifs.best_local_addrs,
    ("best", "-6"): lambda: getifs.best_local_addrs(family=6),
    ("multicast",): getifs.interface_multicast_addrs,
    ("multicast", "--interface", "v0"): lambda: getifs.interface_multicast_addrs(interface="v0"),
    ("gateways",): getifs.gateway_addrs,
    ("routes",): lambda: getifs.route_table(table=254, all=True),
    ("routes", "--all"): lambda: getifs.route_table(all=True),
    ("routes", "--table", "local"): lambda: getifs.route_table(table=255, all=True),
    ("routes", "--table", "1000", "-4"): lambda: getifs.route_table(table=1000, all=True, family=4),
    ("routes", "--interface", "v0", "-6"): lambda: getifs.route_table(
        family=6, table=254, all=True, where=filters.on("v0")
    ),
    ("defaults",): getifs.default_routes,
    ("neighbours",): getifs.neighbours,
    ("neighbours", "--all", "--interface", "v0"): lambda: getifs.neighbours(all=True, interface="v0"),
    ("defaults", "-4"): lambda: getifs.default_routes(family=4),
    ("rules",): getifs.rules,
    ("rules", "-6"): lambda: getifs.rules(family=6),
    ("nexthops",): getifs.nexthops,
    ("nexthops", "--interface", "v0"): lambda: getifs.nexthops(where=filters.on("v0")),
}


@pytest.mark.parametrize("arguments", QUERIES, ids=" ".join)
def test_json_is_what_the_api_gives(network: Namespace, capsysbinary: Output, arguments: tuple[str, ...]) -> None:
    rows = QUERIES[arguments]()
    assert len(rows)
    assert objects(capsysbinary, *arguments) == rows.to_dicts(network.names())


@pytest.mark.parametrize("arguments", QUERIES, ids=" ".join)
def test_a_line_for_each_row(network: Namespace, capsysbinary: Output, arguments: tuple[str, ...]) -> None:
    """Under a header, but for routes and next-hop objects, and with more about links further in."""
    lines = answer(capsysbinary, *arguments).splitlines()
    assert [line for line in lines if line != line.rstrip()] == []
    lines = [line for line in lines if arguments[0] != "links" or not line.startswith("    ") or line[4].isdigit()]
    header = ["INTERFACE" in line for line in lines]
    has_header = arguments[0] not in ("routes", "defaults", "neighbours", "nexthops", "rules")
    assert header == [True] * has_header + [False] * len(QUERIES[arguments]())


LINES = {
    "local": f"""
INTERFACE        ADDRESS                                 DETAILS
v0               192.0.2.1/24                            brd 192.0.2.255
v0               10.0.0.1/8                              label v0:1
v0               11.0.0.1/24
v0               10.5.5.1                                peer 10.5.6.0/24
v0               fd00::1/64                              nodad deprecated valid_lft forever preferred_lft 0sec
v0               2001:db8::1/64                          nodad
name0123456789a  {LONG_ADDR}  peer {LONG_PEER}/128 nodad noprefixroute
""",
    "gateways": """
INTERFACE        ADDRESS
v0               192.0.2.9
v0               192.0.2.10
v0               2001:db8::9
name0123456789a  2001:db8:1111:2222:3333:4444:5555:7778
""",
    "links": f"""
INDEX  INTERFACE        STATE             MTU  KIND    HARDWARE ADDRESS
    1  lo               UP              65536
    LOOPBACK,UP,LOWER_UP
    2  v1               UP               1500  veth    02:00:5e:10:00:02
    BROADCAST,MULTICAST,UP,LOWER_UP master br0 link v0
    3  v0               UP               1500  veth    02:00:5e:10:00:01
    BROADCAST,MULTICAST,UP,LOWER_UP link v1 alias cable altname uplink
    4  br0              DOWN             1500  bridge  02:00:5e:10:00:03
    BROADCAST,MULTICAST
    5  w1               DOWN             1500  veth    02:00:5e:10:00:05
    BROADCAST,MULTICAST link name0123456789a
    6  name0123456789a  LOWERLAYERDOWN   9000  veth    02:00:5e:10:00:04
    NO-CARRIER,BROADCAST,MULTICAST,UP link w1 alias {LONG_WORD} altname {"a" * 60} altname {"b" * 60}
""",
    "nexthops": """
id 1 via 192.0.2.9 dev v0 scope link
id 2 blackhole
id 3 group 1,5
""",
    "routes": f"""
default via 192.0.2.9 dev v0 metric 100
10.0.0.0/8 dev v0 proto kernel scope link src 10.0.0.1
10.5.6.0/24 dev v0 proto kernel scope link src 10.5.5.1
11.0.0.0/24 dev v0 proto kernel scope link src 11.0.0.1
169.254.0.0/16 dev v0 proto kernel scope link src 169.254.0.1
192.0.2.0/24 dev v0 proto kernel scope link src 192.0.2.1
192.0.2.128/25 nhid 1 via 192.0.2.9 dev v0
blackhole 198.51.0.0/16
198.51.100.0/24 via 192.0.2.9 dev v0 weight 3
198.51.100.0/24 via 192.0.2.10 dev v0
203.0.113.0/24 via inet6 2001:db8::9 dev v0 mtu 1300
2001:db8::/64 dev v0 proto kernel metric 256
{LONG_PEER} dev {LONG_NAME} proto kernel metric 256 linkdown
fd00::/64 dev v0 proto kernel metric 256
default via 2001:db8::9 dev v0 metric 5
""",
}


@pytest.mark.parametrize("query", LINES)
def test_lines(network: Namespace, capsysbinary: Output, query: str) -> None:
    """Written out by hand."""
    assert answer(capsysbinary, *query.split()) == LINES[query].lstrip()


def test_every_query_is_there() -> None:
    """Each query of the package has a word on the command line, and a test above or below."""
    assert {arguments[0] for arguments in QUERIES} == ROWS.keys()
    assert {command.method for command in ROWS.values()} >= {
        name for name in getifs.__all__ if name.endswith(("_addrs", "_routes")) or name in ("route_table", "nexthops")
    }
    assert cli.ALIASES.keys() & cli.COMMANDS.keys() == set()


@pytest.mark.parametrize("alias", cli.ALIASES)
def test_words_of_ip(network: Namespace, capsysbinary: Output, alias: str) -> None:
    assert objects(capsysbinary, alias) == objects(capsysbinary, cli.ALIASES[alias])


def links_of_ip(net: Namespace, *arguments: str) -> list[dict[str, Any]]:
    """Without what `ip` knows of a kind of link beside its name, and of the peer beside its index."""
    links = net.ip_json("-d", *arguments)
    for link in links:
        link["flags"] = [flag for flag in link["flags"] if flag != "M-DOWN"]
        if "linkinfo" in link:
            link["linkinfo"] = {"info_kind": link["linkinfo"]["info_kind"]}
    return links


def test_the_table_of_interfaces_beside_ip(network: Namespace, capsysbinary: Output) -> None:
    ours, theirs = objects(capsysbinary), links_of_ip(network, "addr")
    inner = "family local prefixlen scope valid_life_time preferred_life_time"
    for mine, its in zip(ours, theirs, strict=True):
        if mine["addr_info"] or its["addr_info"]:
            agree(mine.pop("addr_info"), its.pop("addr_info"), inner)
    agree(ours, theirs, "ifindex ifname flags mtu operstate group txqlen link_type")
    assert [link["master"] for link in ours if "master" in link] == ["br0"]


@pytest.mark.parametrize(
    ("arguments", "command", "needed"),
    [
        ("links", "link", "ifindex ifname flags mtu operstate link_type min_mtu"),
        ("links --interface v0", "link show v0", "ifname link address ifalias altnames linkinfo"),
        ("nexthops", "nexthop", "id flags protocol"),
        ("routes -4", "-4 route", "dst protocol scope flags"),
        ("routes -6", "-6 route", "dst dev protocol scope flags metric"),
        ("routes --table 1000", "-4 route show table 1000", "dst dev protocol scope flags"),
    ],
)
def test_json_beside_ip(quiet: Namespace, capsysbinary: Output, arguments: str, command: str, needed: str) -> None:
    # But for the route of two hops, which `ip` groups.
    quiet.ip("\n".join(line for line in NETWORK.splitlines() if "nexthop via" not in line))
    settle(quiet)
    theirs = links_of_ip(quiet, *command.split()) if "link" in command else quiet.ip_json("-d", *command.split())
    agree(objects(capsysbinary, *arguments.split()), theirs, needed)


def test_counters(network: Namespace, capsysbinary: Output) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"counted", ("127.0.0.1", 9))
    agree(
        objects(capsysbinary, "links", "--stats", "--interface", "lo"),
        network.ip_json("-s", "-d", "link", "show", "lo"),
        "stats64",
    )
    lines = answer(capsysbinary, "links", "--interface", "lo", "--stats").splitlines()
    assert len([line for line in lines if line.startswith(("    rx: bytes ", "    tx: bytes "))]) == 2
    assert "stats64" not in objects(capsysbinary, "links")[0]


def test_b16_speed_and_duplex(quiet: Namespace, capsysbinary: Output) -> None:
    quiet.ip("tuntap add t0 mode tun")
    quiet.run("ethtool", "-s", "t0", "speed", "100", "duplex", "half")
    shown = objects(capsysbinary, "links", "--link-modes")
    assert [(row["ifname"], row.get("speed"), row.get("duplex")) for row in shown] == [
        ("lo", None, None),
        ("t0", 100, "Half"),
    ]
    assert answer(capsysbinary, "links", "--link-modes").splitlines()[-1].endswith(" speed 100 duplex Half")
    assert "speed" not in objects(capsysbinary, "links")[1]


def test_the_table_of_interfaces(quiet: Namespace, capsysbinary: Output) -> None:
    quiet.ip("""
        link add v0 mtu 1400 address 02:00:5e:10:00:01 type veth peer name v1
        link set v1 address 02:00:5e:10:00:02
        link set v0 up
        addr add 192.0.2.1/24 dev v0 label v0:1
        addr add 10.5.5.1 peer 10.5.6.0/24 dev v0
        addr add 2001:db8::1/64 dev v0 nodad preferred_lft 0
    """)
    wait_for(lambda: quiet.ip_json("link", "show", "v0")[0]["operstate"] == "LOWERLAYERDOWN")
    assert answer(capsysbinary).splitlines() == [
        "INTERFACE  STATE             MTU  HARDWARE ADDRESS",
        "lo         UP              65536",
        "    127.0.0.1/8  scope host",
        "    ::1/128  scope host",
        "v1         DOWN             1500  02:00:5e:10:00:02",
        "v0         LOWERLAYERDOWN   1400  02:00:5e:10:00:01",
        "    192.0.2.1/24  label v0:1",
        "    10.5.5.1  peer 10.5.6.0/24",
        "    2001:db8::1/64  nodad deprecated valid_lft forever preferred_lft 0sec",
    ]


def test_lifetimes_and_broadcast(quiet: Namespace, capsysbinary: Output) -> None:
    quiet.ip("link add v0 type veth peer name v1")
    quiet.ip("addr add 192.0.2.1/24 brd 192.0.2.99 dev v0 valid_lft 5000 preferred_lft 3000")
    (line,) = [line for line in answer(capsysbinary, "addrs", "-4").splitlines() if "192.0.2.1/24" in line]
    words = line.split()
    assert words[:5] == ["v0", "192.0.2.1/24", "brd", "192.0.2.99", "dynamic"]
    (told,) = quiet.ip_json("-4", "addr", "show", "v0")[0]["addr_info"]
    for word, key, most in (("valid_lft", "valid_life_time", 5000), ("preferred_lft", "preferred_life_time", 3000)):
        seconds = int(words[words.index(word) + 1].removesuffix("sec"))
        assert most >= seconds >= told[key] > 0


def test_routes_are_those_of_ip_route(network: Namespace, capsysbinary: Output) -> None:
    """The same destinations, in the same order: of table main, of all types; a route of several hops once for each."""
    for family in ("-4", "-6"):
        shown = [row["dst"] for row in objects(capsysbinary, "routes", family)]
        told = [row["dst"] for row in network.ip_json(family, "route") for _ in row.get("nexthops", [None])]
        assert shown == told
    everything = {(row["table"], row["dst"]) for row in objects(capsysbinary, "routes", "--all")}
    assert everything >= {("local", "127.0.0.1"), ("1000", "198.18.0.0/15"), ("main", "198.51.0.0/16")}


def test_lookups(network: Namespace, capsysbinary: Output) -> None:
    v0 = network.index("v0")
    for arguments, text, found in (
        (("name", str(v0)), "v0", {"ifname": "v0"}),
        (("index", "v0"), f"{v0}", {"ifindex": v0}),
        (("index", "uplink"), f"{v0}", {"ifindex": v0}),
        (("iface", "v0"), f"{v0} 192.0.2.1", {"ifindex": v0, "local": "192.0.2.1"}),
        (("iface", "br0"), f"{network.index('br0')}", {"ifindex": network.index("br0")}),
        (("mtu", "127.0.0.1"), "65536", {"mtu": 65536}),
        (("mtu", "2001:db8::1"), "1500", {"mtu": 1500}),
    ):
        assert answer(capsysbinary, *arguments) == f"{text}\n"
        assert objects(capsysbinary, *arguments) == [found]


@pytest.mark.parametrize(
    "arguments",
    [
        "addrs -4 --interface v0 --json --where private",
        "-4 addrs --json --where=private --interface v0",
        "--where private --interface=v0 --json -4 addrs",
        "--json --family 4 --interface {v0} addrs --where private",
    ],
)
def test_options_stand_before_and_behind(network: Namespace, capsysbinary: Output, arguments: str) -> None:
    rows = getifs.private_addrs(family=4, where=filters.on("v0"))
    assert [str(row.addr) for row in rows] == ["10.0.0.1", "10.5.5.1"]
    out = answer(capsysbinary, *arguments.format(v0=network.index("v0")).split())
    assert json.loads(out) == rows.to_dicts(network.names())


def test_the_route_to_a_destination(network: Namespace, capsysbinary: Output) -> None:
    """Beside `ip route get`, in its words."""
    for arguments, command in (
        ("198.51.100.7", "198.51.100.7"),
        ("192.0.2.77 --from 10.0.0.1", "192.0.2.77 from 10.0.0.1"),
        ("192.0.2.77 --interface v0 --mark 0x10 --uid 7 --tos 16", "192.0.2.77 oif v0 mark 16 uid 7 tos 16"),
        ("2001:db8:5::1", "2001:db8:5::1"),
    ):
        (mine,) = objects(capsysbinary, "get", *arguments.split())
        (its,) = network.ip_json("route", "get", *command.split())
        keys = {"dst", "gateway", "dev", "prefsrc"} & its.keys()
        assert {key: mine.get(key) for key in keys} == {key: its[key] for key in keys}
    assert answer(capsysbinary, "get", "192.0.2.77").startswith("192.0.2.77 dev v0 ")


def test_no_route_to_a_destination(net: Namespace, capsysbinary: Output) -> None:
    message = f"no route to 198.51.100.7: {os.strerror(errno.ENETUNREACH)}"
    assert complaint(capsysbinary, "get", "198.51.100.7") == (1, message)


def test_no_rows(net: Namespace, capsysbinary: Output) -> None:
    for query in ("best", "gateways", "defaults", "nexthops", "public"):
        assert answer(capsysbinary, query) == ""
        assert objects(capsysbinary, query) == []
