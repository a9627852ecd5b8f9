"""Numbers with names in the files of iproute2, compared with `ip -j` with the same files: B95.

`ip` reads /etc/iproute2. A command in a mount namespace of its own sees other files there.
"""

import json
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from netns import Namespace

FILES = {
    "rt_protos": "0 unspec\n2 kernel\n77 measured\n0x4e hexadecimal # comment\n99 by-the-file\n",
    "rt_protos.d/b.conf": "77 overridden\n79 dropped-in\n",
    "rt_protos.d/ignored": "79 wrong\n",
    "rt_tables": "255 local\n254 main\n100 red\n1000 blue\n",
    "rt_tables.d/a.conf": "2000 green\n",
    "rt_scopes": "0 global\n255 nowhere\n254 host\n253 link\n200 site\n100 building\n",
    "rt_realms": "0 cosmos\n5 five\n7 seven\n",
    "rt_dsfield": "0x10 lowdelay\n",
    "group": "0 default\n42 cables\n",
}
NETWORK = """
    link add v0 type veth peer name v1
    link set v0 group 42 up
    link set v1 group 43 up
    addr add 192.0.2.1/24 dev v0
    addr add 192.0.2.7/32 dev v0 scope 100
    addr add 192.0.2.8/32 dev v0 scope 101
    route add 10.0.0.0/16 via 192.0.2.2 proto 77
    route add 10.1.0.0/16 via 192.0.2.2 proto 78
    route add 10.2.0.0/16 via 192.0.2.2 proto 79
    route add 10.3.0.0/16 via 192.0.2.2 proto 80
    route add 10.4.0.0/16 via 192.0.2.2 proto 99
    route add 10.5.0.0/16 via 192.0.2.2 table 100
    route add 10.6.0.0/16 via 192.0.2.2 table 1000
    route add 10.7.0.0/16 via 192.0.2.2 table 2000
    route add 10.8.0.0/16 via 192.0.2.2 table 3000
    route add 10.9.0.0/16 dev v0 scope 100
    route add 10.10.0.0/16 via 192.0.2.2 realms 5/7
    route add 10.11.0.0/16 via 192.0.2.2 realms 8
    route add 10.12.0.0/16 via 192.0.2.2 realms 7/0
    route add 10.13.0.0/16 via 192.0.2.2 tos 0x10
    route add 10.14.0.0/16 via 192.0.2.2 tos 0x08
    nexthop add id 1 via 192.0.2.2 dev v0 protocol 79
    rule add pref 100 from 192.0.2.0/24 table 100 protocol 77 realms 5/7
    rule add pref 101 from 192.0.2.0/24 table 3000 protocol 80 suppress_ifgroup 42
    rule add pref 102 tos 0x10 table 2000 suppress_ifgroup 43 realms 8
    neigh add 192.0.2.3 lladdr 02:00:00:00:00:03 dev v0 protocol 77
"""
Run = Callable[[str], Any]


@pytest.fixture
def run(net: Namespace, tmp_path: Path) -> Run:
    """Runs a shell command that prints JSON, with those files in /etc/iproute2."""
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    net.ip(NETWORK)

    def run(command: str) -> Any:
        mount = f"mount --bind {shlex.quote(str(tmp_path))} /etc/iproute2"
        text = net.run("unshare", "--mount", "--propagation", "private", "sh", "-c", f"{mount} && {command}")
        return json.loads(text or "[]")

    return run


def ours(run: Run, query: str) -> list[dict[str, Any]]:
    code = f"import getifs, json; print(json.dumps(getifs.{query}.to_dicts(getifs.ifnames())))"
    return run(shlex.join([sys.executable, "-c", code]))


def of(rows: list[dict[str, Any]], *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(row.get(key) for key in keys) for row in rows]


def test_b95_routes(run: Run) -> None:
    told = run("ip -j -d -4 route show table all")
    keys = ("dst", "table", "protocol", "scope", "tos", "flow")
    mine = of(ours(run, "route_table(family=4, all=True)"), *keys)
    assert mine == of(told, *keys)
    found = {value for row in mine for value in row[1:5]}
    assert found >= {"red", "blue", "green", "3000", "overridden", "hexadecimal", "dropped-in", "80", "by-the-file"}
    assert found >= {"building", "lowdelay", "0x08"}
    assert [row[5] for row in mine if row[5]] == [
        {"from": "five", "to": "seven"},
        {"to": "8"},
        {"from": "seven", "to": "cosmos"},
    ]


@pytest.mark.parametrize(
    ("query", "command", "keys"),
    [
        ("nexthops()", "ip -j -d nexthop", ("id", "protocol", "scope")),
        ("neighbours(family=4)", "ip -j -4 neigh show nud permanent", ("dst", "protocol")),
        ("interfaces()", "ip -j -d link", ("ifname", "group")),
        (
            "rules(family=4)",
            "ip -j -d -4 rule",
            ("priority", "table", "protocol", "tos", "flow_from", "flow_to", "suppress_ifgroup"),
        ),
    ],
)
def test_b95_other_rows(run: Run, query: str, command: str, keys: tuple[str, ...]) -> None:
    mine = of(ours(run, query), *keys)
    assert mine == of(run(command), *keys)
    assert {value for row in mine for value in row} & {"dropped-in", "overridden", "cables"}


def test_b95_scopes_of_addresses(run: Run) -> None:
    told = [addr for link in run("ip -j -4 addr") for addr in link["addr_info"]]
    mine = of(ours(run, "interface_addrs(family=4)"), "local", "scope")
    assert mine == of(told, "local", "scope")
    assert {scope for _, scope in mine} == {"host", "global", "building", "101"}


def test_b95_queries_by_name(run: Run) -> None:
    told = run("ip -j -d -4 route show table green") + run("ip -j -d -4 route show table red")
    by_table = ours(run, "route_table(table='green')") + ours(run, "route_table(table='red')")
    by_filter = ours(run, "route_table(all=True, where=getifs.filters.in_table('green', 'red'))")
    assert of(by_table, "dst") == of(told, "dst") == [("10.7.0.0/16",), ("10.5.0.0/16",)]
    assert sorted(of(by_filter, "dst")) == [("10.5.0.0/16",), ("10.7.0.0/16",)]
    told = run("ip -j -4 route show proto hexadecimal")
    assert of(ours(run, "route_table(where=getifs.filters.protocol('hexadecimal'))"), "dst") == of(told, "dst") != []


def test_b95_on_the_command_line(run: Run) -> None:
    command = f"{sys.executable} -m getifs --json routes --table red"
    assert of(run(command), "dst", "table") == [("10.5.0.0/16", "red")]
