"""examples/: each program does in a namespace what its first line says, compared with `ip` and a format parser."""

import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from netns import Namespace, wait_for
from prometheus_client.parser import text_string_to_metric_families

EXAMPLES = Path(__file__).parents[2] / "examples"
IP = """\
addr add 192.0.2.1/24 dev v0
addr add 192.0.2.7/24 metric 77 dev v0
addr add 10.5.5.1 peer 10.5.6.0/24 dev v0
addr add 2001:db8::1/64 dev v0 nodad
addr add fe80::1/64 dev v0 nodad
"""
MORE = """\
link add a-long-name1234 type veth peer name w1
link add br0 type bridge
tuntap add t0 mode tun
link set t0 up
addr add 172.16.0.1 peer 172.16.0.2 dev t0
"""


def run(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, EXAMPLES / name, *arguments], capture_output=True, text=True, check=False)


@contextmanager
def started(name: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, EXAMPLES / name, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def line(process: subprocess.Popen[str]) -> str:
    """The next line that it prints, or a failure after 10 s."""
    assert process.stdout
    assert select.select([process.stdout], [], [], 10)[0], "it prints nothing"
    return process.stdout.readline()


@pytest.fixture
def v0(net: Namespace) -> Namespace:
    net.veth("v0", "v1")
    net.ip(IP)
    return net


def test_ip_br_addr(v0: Namespace) -> None:
    v0.veth("far0", "far1", v0.other())
    v0.ip(MORE)
    wait_for(lambda: run("ip_br_addr.py").stdout == v0.run("ip", "-br", "addr").decode())
    assert len(run("ip_br_addr.py").stdout.splitlines()) == 8


def test_prometheus(v0: Namespace) -> None:
    v0.ip('link add name quo"te\\s type veth peer name w1')
    with v0, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(bytes(100), ("127.0.0.1", 9))
    families = {family.name: family for family in text_string_to_metric_families(run("prometheus.py").stdout)}
    links = {link["ifname"]: link for link in v0.ip_json("-d", "-s", "link")}
    assert 'quo"te\\s' in links

    def values(name: str) -> dict[str, float]:
        return {sample.labels["device"]: sample.value for sample in families[f"getifs_interface_{name}"].samples}

    assert values("mtu_bytes") == {name: link["mtu"] for name, link in links.items()}
    assert values("up") == {name: "UP" in link["flags"] for name, link in links.items()}
    assert values("rx_bytes")["lo"] == links["lo"]["stats64"]["rx"]["bytes"] > 0
    assert values("tx_packets")["lo"] == links["lo"]["stats64"]["tx"]["packets"] > 0
    info = {sample.labels["device"]: sample.labels for sample in families["getifs_interface_info"].samples}
    assert info["v0"] == {"device": "v0", "kind": "veth", "operstate": links["v0"]["operstate"].lower()}


def test_wait_for_network(net: Namespace) -> None:
    net.veth("v0", "v1")
    with started("wait_for_network.py", "20") as process:
        net.ip("addr add 192.0.2.1/24 dev v0")
        with pytest.raises(subprocess.TimeoutExpired):  # an address, but no route
            process.wait(1)
        net.ip("route add default via 192.0.2.9")
        assert process.communicate(timeout=10) == ("192.0.2.1\n", "")
        assert process.returncode == 0


def test_wait_for_network_waits_for_the_family_of_the_route(net: Namespace) -> None:
    net.veth("v0", "v1")
    net.ip("addr add 192.0.2.1/24 dev v0\n addr add 2001:db8::1/64 dev v0 nodad\n route add default via 2001:db8::9")
    done = run("wait_for_network.py", "5")
    assert (done.stdout, done.returncode) == ("2001:db8::1\n", 0)


def test_wait_for_network_fails_in_time(net: Namespace) -> None:
    done = run("wait_for_network.py", "0.2")
    assert (done.stderr, done.returncode) == ("no network after 0.2 s\n", 1)


@pytest.mark.parametrize(
    ("where", "found"),
    [("v0", "2001:db8::1"), ("192.0.2.0/24", "192.0.2.1"), ("10.0.0.0/8", "10.5.5.1"), ("fe80::/10", "fe80::1%")],
)
def test_bind_address(v0: Namespace, where: str, found: str) -> None:
    done = run("bind_address.py", where)
    assert done.stdout == (f"{found}{v0.index('v0')}\n" if found.endswith("%") else f"{found}\n"), done.stderr


@pytest.mark.parametrize(("where", "why"), [("198.51.100.0/24", "no usable address"), ("nothing0", "No such device")])
def test_bind_address_fails(v0: Namespace, where: str, why: str) -> None:
    done = run("bind_address.py", where)
    assert done.returncode == 1
    assert why in done.stderr


def test_bind_address_leaves_out_what_cannot_be_used(v0: Namespace) -> None:
    v0.ip("addr change 2001:db8::1/64 dev v0 preferred_lft 0")
    assert run("bind_address.py", "v0").stdout == "192.0.2.1\n"


@pytest.mark.parametrize("routes", [["default"], ["0.0.0.0/1", "128.0.0.0/1"]])
def test_watch_vpn(v0: Namespace, routes: list[str]) -> None:
    v0.ip("route add default via 192.0.2.9 metric 50")
    with started("watch_vpn.py") as process:
        assert line(process) == "VPN: None\n"
        v0.ip("tuntap add vpn0 mode tun\n link set vpn0 up\n addr add 10.8.0.1/24 dev vpn0")
        v0.ip("\n".join(f"route add {route} dev vpn0" for route in routes))
        assert line(process) == "VPN: vpn0\n"
        v0.ip("link del vpn0")
        assert line(process) == "VPN: None\n"


def test_watch_vpn_ignores_a_tunnel_with_a_worse_route(v0: Namespace) -> None:
    v0.ip("route add default via 192.0.2.9 metric 50")
    v0.ip("tuntap add vpn0 mode tun\n link set vpn0 up\n route add default dev vpn0 metric 99")
    with started("watch_vpn.py") as process:
        assert line(process) == "VPN: None\n"


def test_every_example_has_a_test() -> None:
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    tests += (EXAMPLES.parent / "tests/test_arrays.py").read_text()
    for path in EXAMPLES.glob("*.py"):
        assert path.name in tests, path.name
