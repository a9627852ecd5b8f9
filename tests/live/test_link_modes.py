"""Speed and duplex, compared with ethtool, psutil, and what a TUN device was set to: B16."""

import errno

import psutil
import pytest
from fields import fields
from netns import Namespace
from sandbox import ETHTOOL_GLINKSETTINGS, ETHTOOL_GSET, GENL_ID_CTRL, NETLINK_GENERIC, SIOCETHTOOL, Sandbox

import getifs
from getifs import Duplex

HALF, FULL = Duplex.HALF, Duplex.FULL
NO_NETLINK = f"socket:{NETLINK_GENERIC}:{errno.EPROTONOSUPPORT}"
MODES = "[(row.name, row.speed, row.duplex) for row in getifs.interfaces(link_modes=True)]"


@pytest.fixture
def modes(net: Namespace) -> Namespace:
    net.veth()
    net.ip("""
        link add br0 type bridge
        link add i0 type ifb
        tuntap add t0 mode tun
        tuntap add t1 mode tap
        tuntap add t2 mode tun
    """)
    for name, speed, duplex in (("t0", "100", "half"), ("t1", "2500", "full"), ("t2", "0", "half")):
        net.run("ethtool", "-s", name, "speed", speed, "duplex", duplex)
    return net


def told_by_ethtool(net: Namespace, name: str) -> tuple[int | None, str | None]:
    output = net.run("sh", "-c", f"ethtool {name} || true")  # it fails for a driver that tells nothing
    lines = [line.strip() for line in output.decode().splitlines()]
    shown = dict(line.split(": ", 1) for line in lines if ": " in line)
    speed, duplex = shown.get("Speed", "Unknown!"), shown.get("Duplex", "Unknown!")
    return (
        None if speed.startswith("Unknown") else int(speed.removesuffix("Mb/s")),
        None if duplex.startswith("Unknown") else duplex,
    )


def test_b16_as_ethtool_prints_them(modes: Namespace) -> None:
    rows = getifs.interfaces(link_modes=True)
    ours = {row.name: (row.to_dict().get("speed"), row.to_dict().get("duplex")) for row in rows}
    assert ours == {name: told_by_ethtool(modes, name) for name in modes.names().values()}
    assert {row.name: (row.speed, row.duplex) for row in rows} == {
        "lo": (None, None),
        "v0": (10000, FULL),
        "v1": (10000, FULL),
        "br0": (None, None),
        "i0": (None, None),
        "t0": (100, HALF),
        "t1": (2500, FULL),
        "t2": (None, HALF),
    }
    assert rows.column("speed").tolist() == [row.speed or 0 for row in rows]


def test_b16_as_psutil_has_them(modes: Namespace) -> None:
    named = {None: psutil.NIC_DUPLEX_UNKNOWN, HALF: psutil.NIC_DUPLEX_HALF, FULL: psutil.NIC_DUPLEX_FULL}
    told = {name: (stats.speed, stats.duplex) for name, stats in psutil.net_if_stats().items()}
    ours = {row.name: (row.speed or 0, named[row.duplex]) for row in getifs.interfaces(link_modes=True)}
    assert ours == told


def test_b16_only_when_asked_for(modes: Namespace) -> None:
    assert {(row.speed, row.duplex) for row in getifs.interfaces()} == {(None, None)}
    assert getifs.interface_by_name("t0").speed is None
    without, having = getifs.interfaces(), getifs.interfaces(link_modes=True)
    assert [one == other for one, other in zip(without, having, strict=True)] == [row.duplex is None for row in having]


def test_b16_one_interface(modes: Namespace) -> None:
    with getifs.Session() as session:
        for api in (getifs, session):
            for row in api.interfaces(link_modes=True, stats=True):
                assert api.interface_by_index(row.index, link_modes=True) == row
                assert api.interface_by_name(row.name, link_modes=True) == row
                assert row.stats is not None
            assert api.interface_by_name("nope", link_modes=True) is None


def test_b16_where_sees_them(modes: Namespace) -> None:
    fast = getifs.interfaces(link_modes=True, where=lambda row: (row.speed or 0) > 1000)
    assert fields(fast, "name speed") == [("v1", 10000), ("v0", 10000), ("t1", 2500)]
    one = getifs.interfaces(link_modes=True, where=getifs.filters.named("t?") & ~getifs.filters.named("t[12]"))
    assert fields(one, "name speed duplex") == [("t0", 100, HALF)]
    assert getifs.interfaces(link_modes=True, where=getifs.filters.named("nope")) == []


def test_b16_of_many_links(net: Namespace, sandbox: Sandbox) -> None:
    net.ip("\n".join(f"tuntap add t{number} mode tun" for number in range(300)))
    net.run("ethtool", "-s", "t217", "speed", "100", "duplex", "half")
    rows = getifs.interfaces(link_modes=True)
    usual = rows[1].speed  # 10 in Linux 6.1, 10000 in 6.18
    assert [(row.name, row.speed) for row in rows if row.speed != usual] == [("lo", None), ("t217", 100)]
    assert len(rows) == 301
    assert sandbox.ask(MODES, NO_NETLINK) == [[row.name, row.speed, row.duplex] for row in rows]


@pytest.mark.parametrize(
    "rules",
    [
        [NO_NETLINK, f"ethtool:{ETHTOOL_GLINKSETTINGS}:0"],
        [f"message:{GENL_ID_CTRL}:{errno.EPERM}", f"ethtool:{ETHTOOL_GLINKSETTINGS}:0"],
        [NO_NETLINK, f"ethtool:{ETHTOOL_GLINKSETTINGS}:{errno.EOPNOTSUPP}", f"ethtool:{ETHTOOL_GSET}:0"],
    ],
    ids=["no generic netlink", "refused", "before Linux 4.6"],
)
def test_b16_the_same_by_ioctl(modes: Namespace, sandbox: Sandbox, rules: list[str]) -> None:
    expected = [[row.name, row.speed, row.duplex] for row in getifs.interfaces(link_modes=True)]
    assert sandbox.ask(MODES, *rules) == expected
    assert sandbox.counts[rules[-1]] >= len(expected)
    assert sandbox.ask("getifs.interface_by_name('t0', link_modes=True).speed", *rules) == 100


def test_b16_a_process_that_may_ask_neither_way(modes: Namespace, sandbox: Sandbox) -> None:
    assert sandbox.ask(MODES, NO_NETLINK, f"ioctl:{SIOCETHTOOL}:{errno.EPERM}") == ["PermissionError", errno.EPERM]
    rules = [NO_NETLINK, f"domain:1:{errno.EAFNOSUPPORT}", f"domain:2:{errno.EAFNOSUPPORT}"]
    assert sandbox.ask(MODES, *rules) == ["OSError", errno.EAFNOSUPPORT]
    assert sandbox.ask(f"len({MODES})", *rules[:1], rules[2]) == 8  # a local socket does as well
    assert sandbox.ask("len(getifs.interfaces())", *rules) == 8


@pytest.mark.parametrize("rules", [[], [NO_NETLINK]], ids=["netlink", "ioctl"])
def test_b94_of_another_namespace(modes: Namespace, sandbox: Sandbox, rules: list[str]) -> None:
    far = modes.other()
    far.ip("tuntap add t0 mode tun\n link add v0 type ifb")
    far.run("ethtool", "-s", "t0", "speed", "25", "duplex", "half")
    with far:
        expected = [[row.name, row.speed, row.duplex] for row in getifs.interfaces(link_modes=True)]
    expression = f"(lambda getifs: {MODES})(getifs.Session(netns={far.path!r}))"
    assert sandbox.ask(expression, *rules) == expected == [["lo", None, None], ["t0", 25, HALF], ["v0", None, None]]
