"""Processes that may not ask for links, or not use netlink at all: B80.

Android and some sandboxes refuse RTM_GETLINK. seccomp does it here, in send() as SELinux does; tests/faults has a
kernel that answers with an error.
"""

import errno
import json
import pickle
import sys
from typing import Any

import pytest
from fields import fields
from netlink_messages import RTM_GETADDR, RTM_GETLINK, RTM_GETMULTICAST
from netns import Namespace
from queries import QUERIES, set_up
from sandbox import SIOCGIFHWADDR, SIOCGIFMTU, SIOCGIFNAME, Sandbox, message

import getifs

NO_LINKS = message(RTM_GETLINK)
NO_BIND = f"bind:0:{errno.EACCES}"
OF_LINKS = ("interfaces", "interface_by_index", "interface_by_name", "snapshot")
# What ioctl() tells, with the 16 flags that fit.
KNOWN = "index name mtu mac_addr hw_type tx_queue_len"
ASK = """
import pickle, sys
sys.path[:0] = {path!r}
import getifs
from queries import QUERIES
results = {{}}
for name in {names!r}:
    try:
        results[name] = QUERIES[name](getifs)
    except OSError as error:
        results[name] = type(error).__name__, error.errno
sys.stdout.write(pickle.dumps(results).hex())
"""


def ask_all(sandbox: Sandbox, *rules: str) -> dict[str, Any]:
    return pickle.loads(bytes.fromhex(sandbox.run(ASK.format(path=sys.path, names=list(QUERIES)), *rules)))


def comparable(results: dict[str, Any]) -> dict[str, Any]:
    """Those that show nothing of an interface but its index and its name."""
    found = {name: result for name, result in results.items() if name not in OF_LINKS}
    return {**found, "addrs_by_interface": {str(row): addrs for row, addrs in found["addrs_by_interface"].items()}}


@pytest.mark.parametrize("error", [errno.EACCES, errno.EPERM])
def test_b80_every_query_answers(net: Namespace, sandbox: Sandbox, error: int) -> None:
    set_up(net)
    expected = {name: query(getifs) for name, query in QUERIES.items()}
    rules = [message(RTM_GETLINK, error), NO_BIND]
    found = ask_all(sandbox, *rules)
    assert comparable(found) == comparable(expected)
    assert [row["ifname"] for row in found["interfaces"]] == [row["ifname"] for row in expected["interfaces"]]
    assert found["snapshot"]["routes"] == expected["snapshot"]["routes"]
    assert (sandbox.counts[rules[0]] > len(OF_LINKS), sandbox.counts[NO_BIND]) == (True, 0)


def rows(sandbox: Sandbox, expression: str, *rules: str) -> Any:
    text = sandbox.run(f"import getifs, pickle\nprint(pickle.dumps({expression}).hex())", *rules)
    return pickle.loads(bytes.fromhex(text))


@pytest.fixture
def links(net: Namespace) -> Namespace:
    """Without the automatic changes of the flags of links that come up."""
    net.ip("""
        link add v0 mtu 1400 address 02:00:5e:10:00:01 txqueuelen 77 type veth peer name v1
        link property add dev v0 altname other altname sixteen-bytes-xx
        link set v0 alias cable group 42
        link set v0 promisc on
        tuntap add t0 mode tun
        link add br0 type bridge
        link set v1 master br0
        addr add 192.0.2.1/24 dev v0
        addr add 2001:db8::1/64 dev t0
    """)
    return net


def test_b80_what_ioctl_tells(links: Namespace, sandbox: Sandbox) -> None:
    told = getifs.interfaces()
    found = rows(sandbox, "list(getifs.interfaces())", NO_LINKS)
    assert fields(found, KNOWN) == fields(told, KNOWN)
    assert [row.flags for row in found] == [row.flags & 0xFFFF for row in told]
    missing = "carrier kind controller link alias perm_mac_addr broadcast_mac_addr min_mtu max_mtu group promiscuity"
    assert set(fields(found, missing)) == {(None,) * 11}
    assert set(fields(found, "oper_state alt_names stats")) == {(0, "()", None)}
    with_modes = rows(
        sandbox, "[(row.name, row.speed) for row in getifs.interfaces(link_modes=True, stats=True)]", NO_LINKS
    )
    assert with_modes == [(row.name, row.speed) for row in getifs.interfaces(link_modes=True)]


def test_b80_one_interface(links: Namespace, sandbox: Sandbox) -> None:
    index = links.index("v0")
    assert sandbox.ask("[getifs.interface_by_name(name).index for name in ('v0', 'other')]", NO_LINKS) == [index, index]
    assert sandbox.ask("getifs.interface_by_name('other').name", NO_LINKS) == "v0"
    assert sandbox.ask("getifs.interface_by_name('nope')", NO_LINKS) is None
    assert sandbox.ask("getifs.interface_by_index(7777)", NO_LINKS) is None
    assert sandbox.ask("getifs.ifindex_to_name(7777)", NO_LINKS) == ["NetlinkError", errno.ENODEV]
    assert sandbox.ask("len(getifs.interface_addrs(interface='nope'))", NO_LINKS) == ["NetlinkError", errno.ENODEV]
    assert sandbox.ask("getifs.ip_mtu('192.0.2.1')", NO_LINKS) == 1400
    # ioctl() takes at most 15 bytes, and would find v0 by a label.
    for name in ("sixteen-bytes-xx", "v0:1"):
        assert sandbox.ask(f"getifs.interface_by_name({name!r})", NO_LINKS) == ["NetlinkPermissionError", errno.EACCES]


def test_b80_where_sees_the_same_rows(links: Namespace, sandbox: Sandbox) -> None:
    expression = "[row.name for row in getifs.interfaces(where=getifs.filters.named('v*') & ~getifs.filters.up)]"
    assert sandbox.ask(expression, NO_LINKS) == ["v1", "v0"]


def test_b80_large_indexes(net: Namespace, sandbox: Sandbox) -> None:
    """All that have an address or are in /sys are found, in the order of their indexes, and all with a small index."""
    net.ip("""
        link add a0 index 90000 type ifb
        link add a1 index 4096 type ifb
        link add a2 index 4097 type ifb
        link add a3 index 70000 type ifb
        link set a0 up
        addr add 2001:db8::1/64 dev a0 nodad
        addr add 192.0.2.1/24 dev a3
    """)
    assert [name for _, name in sorted(net.names().items())] == ["lo", "a1", "a2", "a3", "a0"]
    expression = "list(getifs.ifnames().values())"
    assert sandbox.ask(expression, NO_LINKS) == ["lo", "a1", "a3", "a0"]
    by_interface = "[[str(row) for row in group] for group in getifs.addrs_by_interface(family=4).values()]"
    assert sandbox.ask(by_interface, NO_LINKS) == [["127.0.0.1/8 (1)"], [], ["192.0.2.1/24 (70000)"], []]
    sandbox.before = ["unshare", "--mount", "sh", "-c", 'mount -t sysfs none /sys && exec "$@"', "sh"]
    try:
        assert sandbox.ask(expression, NO_LINKS) == ["lo", "a1", "a2", "a3", "a0"]
    finally:
        sandbox.before = []


def test_b94_interfaces_of_another_namespace(links: Namespace, sandbox: Sandbox) -> None:
    far = links.other()
    far.ip("link add a0 mtu 1300 type ifb\n addr add 192.0.2.7/24 dev a0")
    expression = f"(lambda session: [%s, session.ip_mtu('192.0.2.7')])(getifs.Session(netns={far.path!r}))"
    rows = "[(row.name, row.mtu) for row in session.interfaces()]"
    assert sandbox.ask(expression % rows, NO_LINKS) == [[["lo", 65536], ["a0", 1300]], 1300]


def test_b80_ioctl_is_refused_in_part(links: Namespace, sandbox: Sandbox) -> None:
    no_hardware = f"ioctl:{SIOCGIFHWADDR}:{errno.EACCES}"  # as on Android
    expression = "[(row.name, row.mac_addr, str(row.hw_type)) for row in getifs.interfaces()]"
    assert sandbox.ask(expression, NO_LINKS, no_hardware) == [
        [name, None, "VOID"] for _, name in sorted(links.names().items())
    ]
    refused = ["NetlinkPermissionError", errno.EACCES]
    for rule in (f"ioctl:{SIOCGIFNAME}:{errno.EPERM}", f"ioctl:{SIOCGIFMTU}:{errno.EPERM}"):
        assert sandbox.ask("len(getifs.interfaces())", NO_LINKS, rule) == refused
        assert sandbox.ask("getifs.interface_by_index(1).name", NO_LINKS, rule) == refused
    no_internet = f"domain:2:{errno.EAFNOSUPPORT}"
    assert sandbox.ask("len(getifs.interfaces())", NO_LINKS, no_internet) == 5
    no_local = f"domain:1:{errno.EAFNOSUPPORT}"
    assert sandbox.ask("len(getifs.interfaces())", NO_LINKS, no_internet, no_local) == refused


def test_b80_an_interface_that_changes_all_the_time(links: Namespace, sandbox: Sandbox) -> None:
    vanishing = f"ioctl:{SIOCGIFMTU}:{errno.ENODEV}"
    for expression in ("len(getifs.interfaces())", "getifs.interface_by_index(1).name"):
        assert sandbox.ask(expression, NO_LINKS, vanishing) == ["DumpInterruptedError", errno.EINTR]


def test_b80_addresses_are_refused_too(links: Namespace, sandbox: Sandbox) -> None:
    rules = [NO_LINKS, message(RTM_GETADDR, errno.EPERM)]
    assert sandbox.ask("len(getifs.interfaces())", *rules) == ["NetlinkPermissionError", errno.EPERM]
    assert sandbox.ask("getifs.interface_by_name('v0').mtu", *rules) == 1400


@pytest.mark.parametrize("error", [errno.EACCES, errno.EPERM])
def test_b60_groups_that_are_refused_come_from_proc(net: Namespace, sandbox: Sandbox, error: int) -> None:
    net.veth()
    expression = "[str(row) for row in getifs.interface_multicast_addrs()]"
    told = [str(row) for row in getifs.interface_multicast_addrs()]
    assert sorted(sandbox.ask(expression, message(RTM_GETMULTICAST, error))) == sorted(told)
    assert sandbox.counts[message(RTM_GETMULTICAST, error)] == 2
    of_one = expression.replace("()", "(interface='v0')")
    mine = [str(row) for row in getifs.interface_multicast_addrs(interface="v0")]
    assert sorted(sandbox.ask(of_one, message(RTM_GETMULTICAST, error), NO_LINKS)) == sorted(mine)


@pytest.mark.parametrize("error", [errno.EACCES, errno.EPERM, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT])
def test_b80_without_netlink_every_query_fails_with_its_errno(net: Namespace, sandbox: Sandbox, error: int) -> None:
    found = ask_all(sandbox, f"socket:-1:{error}")
    kind = "PermissionError" if error in (errno.EACCES, errno.EPERM) else "OSError"
    assert found == dict.fromkeys(QUERIES, (kind, error))
    assert sandbox.ask("getifs.watch()", f"socket:-1:{error}") == [kind, error]


def test_b80_watching_needs_links(links: Namespace, sandbox: Sandbox) -> None:
    assert sandbox.ask("getifs.watch()", NO_LINKS) == ["NetlinkPermissionError", errno.EACCES]


def test_b6a_large_answers_without_the_lock(net: Namespace, sandbox: Sandbox) -> None:
    """RTM_GETLINK is also the request that is answered under the RTNL lock: without it several dumps are connected."""
    v0 = net.veth()
    net.ip("\n".join(f"addr add 10.{n // 250}.{n % 250}.1/32 dev v0" for n in range(1000)))
    net.ip("\n".join(f"route add 10.99.{n // 250}.{n % 250} dev v0" for n in range(1000)))
    net.settle()
    addrs = [str(row) for row in getifs.interface_addrs()]
    routes = [str(row) for row in getifs.route_table()]
    program = (
        "import getifs, json\n"
        "with getifs.Session() as session:\n"
        "    for api in (getifs, session, session):\n"
        "        answers = api.interface_addrs(), api.route_table(), api.interface_addrs(interface='v0')\n"
        "        print(json.dumps([[str(row) for row in rows] for rows in answers]))\n"
    )
    found = [json.loads(line) for line in sandbox.run(program, NO_LINKS).splitlines()]
    own = [row for row in addrs if row.endswith(f"({v0})")]
    assert found == [[addrs, routes, own]] * 3
    assert len(own) == 1000


def test_b8_no_descriptor_is_left(links: Namespace, sandbox: Sandbox) -> None:
    program = (
        "import getifs, os\n"
        "def opened():\n    return len(os.listdir('/proc/self/fd'))\n"
        "before = opened()\n"
        "getifs.interfaces(link_modes=True)\n"
        "print(opened() - before)\n"
        "with getifs.Session() as session:\n"
        "    for _ in range(3):\n        session.interfaces(link_modes=True); session.ip_mtu('192.0.2.1')\n"
        "    print(opened() - before)\n"
        "print(opened() - before)\n"
    )
    assert sandbox.run(program, NO_LINKS).split() == ["0", "3", "0"]


def test_b80_the_command_line(links: Namespace, sandbox: Sandbox) -> None:
    program = "import sys\nfrom getifs._cli.main import main\nsys.exit(main([]))"
    assert "192.0.2.1/24" in sandbox.run(program, NO_LINKS)
