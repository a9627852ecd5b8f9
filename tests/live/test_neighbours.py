"""Neighbours, compared with `ip -j neigh` and with rows written by hand: B90."""

import errno
import socket
from typing import Any

import pytest
from netns import KERNEL, Namespace, wait_for

import getifs
from getifs import NeighbourFlags, NeighbourState

NEIGHBOURS = """
    neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev v0
    neigh add 192.0.2.3 lladdr 02:00:00:00:00:03 dev v0 nud stale router protocol static
    neigh add 192.0.2.4 lladdr 02:00:00:00:00:04 dev v0 nud noarp
    neigh add 192.0.2.2 lladdr 02:00:00:00:00:12 dev v1
    neigh add proxy 192.0.2.9 dev v0
    neigh add 2001:db8::2 lladdr 02:00:00:00:00:22 dev v0
    neigh add fe80::9 lladdr 02:00:00:00:00:29 dev v0 nud stale router extern_learn
    neigh add fe80::a lladdr 02:00:00:00:00:2a dev v1 nud noarp
    neigh add proxy 2001:db8::9 dev v0
"""


@pytest.fixture
def v0(net: Namespace) -> int:
    index = net.veth()
    net.ip("addr add 192.0.2.1/24 dev v0\n addr add 2001:db8::1/64 dev v0 nodad")
    net.ip(NEIGHBOURS)
    net.settle()
    return index


def as_ip(row: getifs.Neighbour, names: dict[int, str]) -> dict[str, Any]:
    """`ip` prints neither the index nor the family."""
    return {key: value for key, value in row.to_dict(names).items() if key not in ("ifindex", "family")}


def by_place(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The kernel dumps by hash, and in another order each time a table was resized."""
    return sorted(rows, key=lambda row: (row["dev"], row["dst"], "proxy" in row))


def without_multicast(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Multicast entries come and go as links come up."""
    return [row for row in rows if not row["dst"].startswith("ff")]


@pytest.mark.parametrize("family", [4, 6])
def test_b90_rows_equal_those_of_ip(net: Namespace, v0: int, family: int) -> None:
    told = net.ip_json(f"-{family}", "neigh", "show", "nud", "all") + net.ip_json(
        f"-{family}", "neigh", "show", "proxy"
    )
    ours = [as_ip(row, net.names()) for row in getifs.neighbours(family=family, all=True)]
    assert by_place(without_multicast(ours)) == by_place(without_multicast(told))
    assert len(without_multicast(ours)) == (5 if family == 4 else 4)


def test_b90_entries_without_resolution_and_proxies_are_left_out(net: Namespace, v0: int) -> None:
    rows = getifs.neighbours()
    assert sorted(
        (row.index - v0, str(row.addr), str(row.mac_addr), row.state, row.flags, row.family) for row in rows
    ) == [
        (-1, "192.0.2.2", "02:00:00:00:00:12", NeighbourState.PERMANENT, 0, socket.AF_INET),
        (0, "192.0.2.2", "02:00:00:00:00:02", NeighbourState.PERMANENT, 0, socket.AF_INET),
        (0, "192.0.2.3", "02:00:00:00:00:03", NeighbourState.STALE, NeighbourFlags.ROUTER, socket.AF_INET),
        (0, "2001:db8::2", "02:00:00:00:00:22", NeighbourState.PERMANENT, 0, socket.AF_INET6),
        (
            *(0, "fe80::9", "02:00:00:00:00:29", NeighbourState.STALE),
            *(NeighbourFlags.ROUTER | NeighbourFlags.EXT_LEARNED, socket.AF_INET6),
        ),
    ]
    assert getifs.neighbours().malformed == 0
    with getifs.Session() as session:
        assert session.neighbours() == rows


def test_b90_of_one_interface(net: Namespace, v0: int) -> None:
    (row,) = getifs.neighbours(interface="v1")
    assert (row.index, str(row.addr), row.ifname()) == (net.index("v1"), "192.0.2.2", "v1")
    assert {row.index for row in getifs.neighbours(interface=v0, all=True)} == {v0}
    for missing in ("nope", 99):
        with pytest.raises(OSError, match="No such device") as caught:
            getifs.neighbours(interface=missing)
        assert caught.value.errno == errno.ENODEV


def test_b90_forwarding_entries_of_a_bridge_are_no_neighbours(net: Namespace, v0: int) -> None:
    net.ip("link add br0 type bridge\n link set br0 up\n link set v1 master br0")
    net.run("bridge", "fdb", "add", "02:00:00:00:00:77", "dev", "v1", "master")
    assert all(str(row.mac_addr) != "02:00:00:00:00:77" for row in getifs.neighbours(all=True))


def test_b90_filters(net: Namespace, v0: int) -> None:
    filters = getifs.filters
    assert {str(row.addr) for row in getifs.neighbours(where=filters.link_local)} == {"fe80::9"}
    assert {str(row.addr) for row in getifs.neighbours(where=~filters.on(v0))} == {"192.0.2.2"}
    assert {str(row.addr) for row in getifs.neighbours(where=lambda row: row.state == NeighbourState.STALE)} == {
        "192.0.2.3",
        "fe80::9",
    }


def test_b90_reachable(net: Namespace, v0: int) -> None:
    net.ip("neigh replace 192.0.2.3 lladdr 02:00:00:00:00:03 dev v0 nud reachable")
    assert [str(row.addr) for row in getifs.neighbours(where=getifs.filters.reachable)] == ["192.0.2.3"]
    assert len(getifs.neighbours(where=~getifs.filters.reachable)) == 4


def test_scoped_and_str(net: Namespace, v0: int) -> None:
    (row,) = getifs.neighbours(where=getifs.filters.link_local)
    assert str(row.scoped) == f"fe80::9%{v0}"
    assert str(row) == f"fe80::9 lladdr 02:00:00:00:00:29 STALE ({v0})"
    assert row.sockaddr(53) == ("fe80::9", 53, 0, v0)


RENAMES_LINKS_THAT_ARE_UP = KERNEL >= (6, 2)
GOING = ["link set v0 down", "link set v1 down", "link del v0", *["link set v0 name w0"] * RENAMES_LINKS_THAT_ARE_UP]


@pytest.mark.parametrize("command", GOING)
def test_b93_neighbours_of_a_link_that_goes(net: Namespace, v0: int, command: str) -> None:
    """The kernel announces each neighbour that goes with its link."""
    with getifs.watch(neighbours=True) as watcher:
        before = set(watcher.neighbours())
        net.ip(command)
        wait_for(lambda: watcher.poll(0) is not None and set(watcher.neighbours()) == set(getifs.neighbours()), 5)
        assert (set(watcher.neighbours()) == before) is ("name" in command)


def test_b90_address_predicates(net: Namespace, v0: int) -> None:
    filters = getifs.filters

    def of(where: getifs.Predicate) -> set[str]:
        found = {str(row.addr) for row in getifs.neighbours(where=where)}
        assert found == {str(row.addr) for row in getifs.neighbours(where=lambda row: bool(where(row)))}
        return found

    assert of(filters.ipv6) == {"2001:db8::2", "fe80::9"}
    assert of(filters.within("192.0.2.2/31")) == {"192.0.2.2", "192.0.2.3"}
    assert of(filters.documentation & ~filters.ipv4 & filters.on("v0")) == {"2001:db8::2"}
