"""Policy rules: B91. `test_against_ip.py` compares every key with `ip -j -d rule`."""

import pickle
import socket
import struct

import pytest
from followed import Follower, differences
from netlink_messages import NLM_F_ACK, NLM_F_CREATE, NLM_F_REQUEST, RTM_NEWRULE, attr, packed_message
from netns import KERNEL, Namespace, wait_for

import getifs
from getifs import RuleAction, RuleFlags, filters

NLM_F_EXCL = 0x200


def texts(rows: object) -> list[str]:
    return [str(row) for row in rows]  # type: ignore[attr-defined]


FIRST = ["0: from all lookup local"]
LAST4 = ["32766: from all lookup main", "32767: from all lookup default"]
LAST6 = ["32766: from all lookup main"]


def test_b91_rules_of_a_new_namespace(net: Namespace) -> None:
    assert texts(getifs.rules()) == [*FIRST, *LAST4, *FIRST, *LAST6]
    assert texts(getifs.rules(family=6)) == [*FIRST, *LAST6]
    assert [row.family for row in getifs.rules()] == [socket.AF_INET] * 3 + [socket.AF_INET6] * 2
    assert getifs.rules(family=4)[0].protocol == getifs.RouteProtocol.KERNEL
    with getifs.Session() as session:
        assert session.rules() == getifs.rules()


def test_b91_order_is_that_of_the_kernel(net: Namespace) -> None:
    """Ascending priorities; of the same one the order in which they were added."""
    net.ip("""
        rule add from 10.0.0.3 pref 20 table 9
        rule add from 10.0.0.1 pref 10 table 9
        rule add from 10.0.0.2 pref 20 table 9
        rule add from 10.0.0.4 pref 5 table 9
    """)
    assert [(row.priority, str(row.source)) for row in getifs.rules(family=4)[1:-2]] == [
        (5, "10.0.0.4/32"),
        (10, "10.0.0.1/32"),
        (20, "10.0.0.3/32"),
        (20, "10.0.0.2/32"),
    ]


def test_b91_attributes(net: Namespace) -> None:
    net.ip(
        "rule add not from 10.0.0.0/8 to 10.1.2.3 iif v0 oif v1 fwmark 0x10/0xff tos 0x10 uidrange 5-7 pref 9 table 77"
    )
    row = getifs.rules(where=filters.in_table(77))[0]
    assert (row.priority, row.family, row.table, row.action, row.tos) == (9, 2, 77, RuleAction.TO_TBL, 0x10)
    assert (str(row.source), str(row.destination), row.iif, row.oif) == ("10.0.0.0/8", "10.1.2.3/32", "v0", "v1")
    assert (row.mark, row.mask, row.uid_range, row.invert, row.goto) == (0x10, 0xFF, (5, 7), True, None)
    assert row.flags == RuleFlags.INVERT | RuleFlags.IIF_DETACHED | RuleFlags.OIF_DETACHED
    assert str(row) == "9: not from 10.0.0.0/8 to 10.1.2.3/32 fwmark 0x10/0xff iif v0 oif v1 lookup 77"
    net.ip("rule add ipproto tcp sport 80 dport 1000-2000 pref 10 goto 20\n rule add pref 11 prohibit")
    row, other = getifs.rules(where=lambda row: row.priority in (10, 11))
    assert (row.ip_proto, row.sport, row.dport, row.goto) == (socket.IPPROTO_TCP, (80, 80), (1000, 2000), 20)
    assert (row.action, row.flags) == (RuleAction.GOTO, RuleFlags.UNRESOLVED)
    assert (other.action, str(other)) == (RuleAction.PROHIBIT, "11: from all prohibit")


def test_b91_bits_behind_the_prefix_are_kept(net: Namespace) -> None:
    """The kernel keeps them, and ignores them."""
    net.ip("rule add from 10.1.2.3/8 pref 9 table 77\n rule add to 192.0.2.99/25 pref 10 table 77")
    one, other = getifs.rules(where=filters.in_table(77))
    assert (str(one.source), one.to_dict()["src"], one.to_dict()["srclen"]) == ("10.0.0.0/8", "10.1.2.3", 8)
    assert str(other.destination) == "192.0.2.0/25"


def add_rule(family: int, *attributes: bytes, flags: int = NLM_F_EXCL) -> int:
    """Sends RTM_NEWRULE with what `ip` does not know. Returns the errno."""
    header = struct.pack("=8BI", family, 0, 0, 0, 0, 0, 0, RuleAction.TO_TBL, 0)
    flags |= NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as sock:
        sock.send(packed_message(RTM_NEWRULE, header + b"".join(attributes), flags=flags, sequence=1))
        return -int(struct.unpack_from("=i", sock.recv(4096), 16)[0])


@pytest.mark.skipif(KERNEL < (6, 14), reason="Linux before 6.14 refuses or ignores some of these selectors")
def test_b91_selectors_that_ip_does_not_know(net: Namespace) -> None:
    """Of Linux 6.12 to 6.15; rows written by hand."""
    word, table = struct.Struct("=I").pack, attr(15, struct.pack("=I", 77))
    assert add_rule(2, table, attr(25, b"\x2d")) == 0
    label = struct.Struct(">I").pack
    assert add_rule(10, table, attr(26, label(0x12045)), attr(27, label(0xFF0FF))) == 0
    assert add_rule(2, table, attr(22, b"\6"), attr(23, struct.pack("=HH", 80, 80)), attr(6, word(9))) == 0
    ports, dscp, flow = getifs.rules(where=filters.in_table(77))
    assert (dscp.dscp, dscp.tos, dscp.to_dict()["dscp"]) == (45, 0, "45")
    assert (flow.flowlabel, flow.flowlabel_mask, flow.to_dict()["flowlabel"]) == (0x12045, 0xFF0FF, "0x12045")
    assert (ports.sport, ports.to_dict().get("sport_mask")) == ((80, 80), None)


def test_b91_equal_rules_are_one_row(net: Namespace) -> None:
    """Without NLM_F_EXCL the kernel takes a rule that it has already."""
    rule = [attr(6, struct.pack("=I", 9)), attr(15, struct.pack("=I", 77))]
    assert [add_rule(2, *rule, flags=0) for _ in range(2)] == [0, 0]
    assert len(net.ip_json("rule", "show", "pref", "9")) == 2
    assert len(getifs.rules(where=filters.in_table(77))) == 1
    with getifs.watch(rules=True) as watcher:
        net.ip("rule del pref 9")
        assert following(watcher, net) == []
        net.ip("rule del pref 9")
        assert following(watcher, net) == ["removed rule 9: from all lookup 77"]


def test_b91_many_rules(net: Namespace) -> None:
    """More than a datagram holds."""
    net.ip("\n".join(f"rule add from 10.{n // 250}.{n % 250}.0/24 iif v{n} pref {n + 1} table 9" for n in range(1500)))
    rows = getifs.rules(family=4)
    assert [row.priority for row in rows[1:-2]] == list(range(1, 1501))
    assert rows.to_dicts() == net.ip_json("-d", "rule")
    with getifs.Session() as session:
        assert [session.rules(family=4) == rows for _ in range(3)] == [True] * 3


def test_b91_filters(net: Namespace) -> None:
    net.ip("rule add pref 9 table 77 protocol static\n rule add pref 8 table 78")
    assert [row.priority for row in getifs.rules(where=filters.in_table(77, 78))] == [8, 9]
    assert [row.priority for row in getifs.rules(where=filters.protocol("static"))] == [9]
    assert [row.priority for row in getifs.rules(family=6, where=~filters.in_table("main"))] == [0]
    assert [row.priority for row in getifs.rules(where=lambda row: row.table == 78)] == [8]
    with pytest.raises(TypeError, match=r"private.*Rule"):
        getifs.rules(where=filters.private)


# Followed by a watcher.


def following(watcher: getifs.Watcher, net: Namespace) -> list[str]:
    """What events say until the watcher has what a new query has."""
    said: list[str] = []

    def follows() -> bool:
        said.extend(map(str, watcher.poll(0)))
        return list(watcher.rules()) == list(getifs.rules())

    wait_for(follows, 5)
    return said


def test_b93_rules(net: Namespace) -> None:
    with getifs.watch(links=False, addrs=False, rules=True, initial=True) as watcher:
        assert texts(event.row for event in watcher.poll(0)) == texts(getifs.rules())
        net.ip("rule add from 10.0.0.1 pref 9 table 77\n rule add pref 8 table 78")
        assert following(watcher, net) == [
            "added rule 8: from all lookup 78",
            "added rule 9: from 10.0.0.1/32 lookup 77",
        ]
        assert [row.priority for row in watcher.rules(family=4)] == [0, 8, 9, 32766, 32767]
        assert watcher.rules(where=filters.in_table(77))[0].to_dict()["src"] == "10.0.0.1"
        net.ip("rule del pref 8")
        assert following(watcher, net) == ["removed rule 8: from all lookup 78"]
        net.ip("rule add pref 7 table 9", "-6")
        assert following(watcher, net) == ["added rule 7: from all lookup 9"]
        assert watcher.rules(family=6) == getifs.rules(family=6)
    with getifs.watch(rules=True, family=6) as watcher:
        net.ip("rule add pref 8 table 78")
        net.ip("rule add pref 8 table 79", "-6")
        watcher.wait_for(lambda watcher: len(watcher.rules()) == 4, timeout=5)
        assert texts(watcher.poll(0)) == ["added rule 8: from all lookup 79"]
        with pytest.raises(ValueError, match="other family"):
            watcher.rules(family=4)


@pytest.mark.parametrize(
    ("command", "flags"),
    [
        ("link add v0 type veth peer name v1", "changed"),
        ("link set w0 name v0", "changed"),
        ("link del w1", "changed"),
        ("link set w1 name w2", "changed"),
        ("rule add pref 20 table 9", "added changed"),
    ],
)
def test_b93_rules_that_change_in_silence(net: Namespace, command: str, flags: str) -> None:
    """A rule says whether its interfaces, and the rule that it goes to, exist. The kernel does not announce it."""
    net.ip("link add w0 type veth peer name w1")
    net.ip("rule add iif v0 pref 9 table 77\n rule add oif w1 pref 10 table 77\n rule add pref 11 goto 20")
    follower = Follower()
    with getifs.watch(rules=True, initial=True) as watcher:
        follower.apply(watcher.poll(0))
        before = list(watcher.rules())
        net.ip(command)
        events: list[getifs.Event] = []

        def follows() -> bool:
            new = watcher.poll(0)
            events.extend(new)
            follower.apply(new)
            return list(watcher.rules()) == list(getifs.rules()) and not differences(watcher, follower, kinds=["rules"])

        wait_for(follows, 5)
        assert list(watcher.rules()) != before
        assert sorted(event.kind for event in events if isinstance(event.row, getifs.Rule)) == flags.split()


def test_b92_snapshots(net: Namespace) -> None:
    with getifs.watch(routes=True, nexthops=True, rules=True) as watcher:
        net.ip("rule add pref 9 table 77 iif absent")
        before = getifs.snapshot(rules=True)
        assert before.rules == getifs.rules()
        assert list(before.to_dict())[-1] == "rules"
        net.ip("rule add pref 8 table 78\n rule del pref 9")
        after = getifs.snapshot(rules=True)
        events = ["added rule 8: from all lookup 78", "removed rule 9: from all iif absent lookup 77"]
        assert sorted(map(str, after.difference(before))) == events
        following(watcher, net)
        assert watcher.snapshot(rules=True) == after == pickle.loads(pickle.dumps(after)) != before
    assert getifs.snapshot().rules is None
    with pytest.raises(ValueError, match="rules="):
        after.difference(getifs.snapshot())


def test_b93_a_watcher_that_does_not_follow_rules(net: Namespace) -> None:
    with getifs.watch() as watcher, pytest.raises(ValueError, match="rules=True"):
        watcher.rules()
