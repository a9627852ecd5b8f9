"""`getifs tree`: what is stacked on what."""

import json
from typing import Any

import pytest
from command import Output, answer, objects, run
from netns import Namespace

from getifs._cli.tree import _is_circle

NETWORK = """
    link add br0 address 02:00:5e:10:00:01 type bridge
    link add v0 address 02:00:5e:10:00:02 type veth peer name v1 address 02:00:5e:10:00:03
    link set v0 up
    link set v1 master br0 up
    link add mv0 link v0 address 02:00:5e:10:00:04 type macvlan
    link add mv1 link v0 address 02:00:5e:10:00:05 type macvlan
    link set mv1 master br0
    link add mv2 link br0 address 02:00:5e:10:00:06 type macvlan
    link set br0 up
    addr add 192.0.2.1/24 brd + dev br0
    addr add 2001:db8::1/64 dev br0 nodad
    route add default via 192.0.2.9 metric 5
    route add default via 192.0.2.8 metric 7
    route add default via 2001:db8::9
    route add default via 192.0.2.9 table 7
"""
TREE = """\
lo: UP mtu 65536
├─ 127.0.0.1/8  scope host
└─ ::1/128  scope host
br0: bridge UP mtu 1500 address 02:00:5e:10:00:01
├─ 192.0.2.1/24  brd 192.0.2.255
├─ 2001:db8::1/64  nodad
├─ default via 192.0.2.9 dev br0 metric 5
├─ default via 192.0.2.8 dev br0 metric 7
├─ default via 2001:db8::9 dev br0 metric 1024
├─ v1: veth UP peer v0 mtu 1500 address 02:00:5e:10:00:03
├─ mv1: macvlan DOWN link v0 mtu 1500 address 02:00:5e:10:00:05
└─ mv2: macvlan DOWN link br0 mtu 1500 address 02:00:5e:10:00:06
v0: veth UP peer v1 mtu 1500 address 02:00:5e:10:00:02
└─ mv0: macvlan DOWN link v0 mtu 1500 address 02:00:5e:10:00:04
"""


@pytest.fixture
def stacked(quiet: Namespace) -> Namespace:
    quiet.ip(NETWORK)
    quiet.wait_for_carrier("v0", "v1", "br0")
    return quiet


@pytest.mark.usefixtures("stacked")
def test_lines(capsysbinary: Output) -> None:
    assert answer(capsysbinary, "tree") == TREE


@pytest.mark.usefixtures("stacked")
def test_one_family(capsysbinary: Output) -> None:
    assert answer(capsysbinary, "tree", "-6") == "".join(
        line for line in TREE.splitlines(keepends=True) if "127." not in line and "192." not in line
    )


@pytest.mark.usefixtures("stacked")
def test_ascii_where_the_encoding_has_no_lines() -> None:
    drawn = run("tree", PYTHONIOENCODING="ascii").stdout.decode("ascii")
    assert drawn == TREE.replace("├─", "|-").replace("└─", "`-")
    assert run("tree", PYTHONIOENCODING="utf-8").stdout.decode() == TREE


def test_json(stacked: Namespace, capsysbinary: Output) -> None:
    roots = objects(capsysbinary, "tree")
    assert nested(roots) == {"lo": {}, "br0": {"v1": {}, "mv1": {}, "mv2": {}}, "v0": {"mv0": {}}}
    bridge = roots[1]
    assert [addr["local"] for addr in bridge["addr_info"]] == ["192.0.2.1", "2001:db8::1"]
    assert [route["gateway"] for route in bridge["default_routes"]] == ["192.0.2.9", "192.0.2.8", "2001:db8::9"]
    flat = {link["ifname"]: link for link in everything(roots)}
    for link in stacked.ip_json("-d", "addr"):
        mine = flat[link["ifname"]]
        assert {key: mine.get(key) for key in ("master", "link", "mtu")} == {
            key: link.get(key) for key in ("master", "link", "mtu")
        }
    assert len(flat) == len(roots) + sum(len(root["children"]) for root in roots)
    assert json.dumps(roots)


def nested(links: list[dict[str, Any]]) -> dict[str, Any]:
    return {link["ifname"]: nested(link["children"]) for link in links}


def everything(links: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for link in links for one in (link, *everything(link["children"]))]


def test_a_link_in_another_namespace(quiet: Namespace, capsysbinary: Output) -> None:
    other = quiet.other()
    quiet.ip("link add v0 address 02:00:5e:10:00:01 type veth peer name v1")
    quiet.ip(f"link set v1 netns {other.path}")
    index = other.index("v1")
    assert answer(capsysbinary, "tree", "-6").splitlines()[-1] == (
        f"v0: veth DOWN peer if{index} in another namespace mtu 1500 address 02:00:5e:10:00:01"
    )


def test_a_circle_is_cut_once() -> None:
    """The kernel makes none, but a snapshot of changing links could hold one."""
    above = {1: None, 2: 3, 3: 4, 4: 2, 5: 4}
    assert [index for index in above if _is_circle(index, above)] == [2]
