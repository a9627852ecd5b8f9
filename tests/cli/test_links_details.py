"""`getifs links --details`: B15a."""

from command import Output, answer, objects
from netns import Namespace

NETWORK = """
    link add v0 type veth peer name v1
    link add vx0 type vxlan id 5 dev v0 remote 192.0.2.9 dstport 4789 srcport 1000 2000
    link add br0 type bridge stp_state 1
    link set v1 master br0
    link add mv0 link v0 type macvlan mode source
    link set mv0 type macvlan macaddr add 02:00:00:00:00:99
"""


def test_json(quiet: Namespace, capsysbinary: Output) -> None:
    quiet.ip(NETWORK)
    told = {row["ifname"]: row["linkinfo"] for row in quiet.ip_json("-d", "link") if "linkinfo" in row}
    mine = {row["ifname"]: row["linkinfo"] for row in objects(capsysbinary, "links", "--details") if "linkinfo" in row}
    assert mine.keys() == told.keys() == {"v0", "v1", "vx0", "br0", "mv0"}
    assert mine["mv0"] == told["mv0"]
    assert mine["v0"] == told["v0"] == {"info_kind": "veth"}
    assert told["vx0"]["info_data"].items() <= mine["vx0"]["info_data"].items()
    assert mine["v1"].keys() == told["v1"].keys() == {"info_kind", "info_slave_kind", "info_slave_data"}
    assert all("info_data" not in row.get("linkinfo", {}) for row in objects(capsysbinary, "links"))


def test_text(quiet: Namespace, capsysbinary: Output) -> None:
    quiet.ip(NETWORK)
    lines = [line.strip() for line in answer(capsysbinary, "links", "--details").splitlines()]
    (vxlan,) = [line for line in lines if line.startswith("vxlan:")]
    assert "id 5 remote 192.0.2.9 link v0 port_range { low 1000 high 2000 } port 4789" in vxlan
    assert "learning on proxy off" in vxlan
    assert "macvlan: mode source bcqueuelen 1000 usedbcqueuelen 1000 macaddr_count 1 macaddr_data" in "\n".join(lines)
    assert any(line.endswith("macaddr_data { 02:00:00:00:00:99 }") for line in lines)
    assert [line for line in lines if line.startswith("port of a bridge: state disabled priority 32 ")]
    assert [line for line in lines if line.startswith("bridge: forward_delay 1500 ")]
    assert not [line for line in lines if line.startswith("veth:")]
    assert "bridge: " not in answer(capsysbinary, "links")
