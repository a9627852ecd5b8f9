"""More of what the kernel changes without a notification about it; each case names its behaviour (B93)."""

import pytest
from followed import Follower, differences
from netns import Namespace, wait_for

import getifs


def watched(net: Namespace, setup: str, *commands: str) -> tuple[str, ...]:
    """What events say about each command. In the end they, and the mirror, must lead to what a fresh dump says."""
    net.veth()
    net.wait_for_carrier("v0", "v1")
    net.ip(f"addr add 192.0.2.1/24 dev v0\n addr add 2001:db8::1/64 dev v0 nodad\n {setup}")
    net.settle()
    said = []
    follower = Follower()
    with getifs.watch(routes="all", nexthops=True, rules=True, initial=True) as watcher:
        follower.apply(watcher.poll(0))
        for command in commands:
            net.ip(command)
            net.wait_for_carrier(*(["v0"] if command == "link set v1 up" else []))
            events = []

            def follows(events: list[getifs.Event] = events) -> bool:
                new = watcher.poll(0)
                follower.apply(new)
                events += new
                return not differences(watcher, follower)

            wait_for(follows, 5)
            said.append("\n".join(map(str, events)))
    return tuple(said)


OBJECT = "nexthop add id 1 via 192.0.2.5 dev v0"


@pytest.mark.parametrize("command", ["link del v0", "link set v0 down", "link set v1 down"])
def test_b93_objects_go_with_their_link_and_its_carrier(net: Namespace, command: str) -> None:
    """nexthop_flush_dev() removes next-hop objects of a link that goes, or loses its carrier, and routes over them."""
    (said,) = watched(net, f"{OBJECT}\n route add 198.51.100.0/24 nhid 1", command)
    wait_for(lambda: not getifs.nexthops())
    assert "removed nexthop id 1" in said
    assert "removed route 198.51.100.0/24" in said


def test_b93_a_group_loses_a_member(net: Namespace) -> None:
    """The group and routes over it change with the member."""
    setup = f"{OBJECT}\n nexthop add id 2 via 192.0.2.6 dev v0\n nexthop add id 3 group 1/2"
    (said,) = watched(net, f"{setup}\n route add 198.51.100.0/24 nhid 3", "nexthop del id 2")
    assert "changed nexthop id 3" in said
    assert "removed route 198.51.100.0/24 via 192.0.2.6" in said


def test_b93_ipv6_routes_between_hops_of_another_are_hidden(net: Namespace) -> None:
    """Dumps skip what was inserted between the hops of an IPv6 route. It reappears when the hops after it go."""
    hidden, back = watched(
        net,
        "route add 2001:db8:5::/64 via fe80::1 dev v0\n route append 2001:db8:5::/64 dev v0",
        "route append 2001:db8:5::/64 via fe80::2 dev v0",
        "route del 2001:db8:5::/64 via fe80::2 dev v0",
    )
    index = net.index("v0")
    assert f"route 2001:db8:5::/64 ({index})" not in hidden
    assert f"route 2001:db8:5::/64 ({index})" in back


def test_b93_hops_of_ipv6_come_and_go_one_by_one(net: Namespace) -> None:
    """The kernel announces a multipath route whole or hop by hop; hops change their positions in silence."""
    hops = [f"via fe80::{number} dev v0" for number in range(1, 5)]
    said = watched(
        net,
        f"route add 2001:db8:5::/64 nexthop {hops[0]} nexthop {hops[1]}",
        f"route append 2001:db8:5::/64 {hops[2]}",
        f"route del 2001:db8:5::/64 {hops[0]}",
        f"route replace 2001:db8:5::/64 nexthop {hops[3]} nexthop {hops[1]}",
        "route del 2001:db8:5::/64",
    )
    assert all("route 2001:db8:5::/64" in text for text in said)


def test_b93_ipv6_routes_go_with_their_link_unannounced(net: Namespace) -> None:
    """With `skip_notify_on_dev_down`, IPv6 is as silent as IPv4."""
    net.sysctl("net.ipv6.route.skip_notify_on_dev_down", 1)
    (said,) = watched(net, "route add 2001:db8:5::/64 via fe80::1 dev v0", "link set v0 down")
    assert "removed route 2001:db8:5::/64 via fe80::1" in said


def test_b93_a_link_that_is_down_changes_unannounced(net: Namespace) -> None:
    """netdev_state_change() announces only links that are up. What has changed meanwhile is seen when one comes up."""
    net.ip("link add i0 type veth peer name i1")
    with getifs.watch(addrs=False) as watcher:
        net.ip("link property add dev i0 altname another\n link set i0 alias cable group 5")
        watcher.poll(0.1)
        net.ip("link set i0 up")
        wait_for(lambda: watcher.poll(0) or watcher.interfaces() == getifs.interfaces())
        link = watcher.interface_by_name("i0")
        assert link is not None
        assert (link.alias, link.group, link.alt_names) == ("cable", 5, ("another",))
