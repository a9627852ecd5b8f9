"""getifs.compat.ifaddr beside ifaddr: the same answers, but for the differences that docs/porting.md lists."""

import socket
import subprocess
import sys
from pathlib import Path

import ifaddr
import pytest
from netns import Namespace, index_of
from rtnetlink import add_addr

from getifs.compat import ifaddr as shim

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=sys.implementation.name == "pypy")
def names_as_in_libc(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gives ifaddr the function of the C library, which accepts labels."""
    with pytest.raises(OSError, match="No such device"):
        socket.if_nametoindex("lo:1")
    monkeypatch.setattr(socket, "if_nametoindex", index_of)


@pytest.mark.parametrize("all_links", [False, True])
def test_adapters_of_all_kinds(everything: Namespace, all_links: bool) -> None:
    assert repr(shim.get_adapters(all_links)) == repr(list(ifaddr.get_adapters(all_links)))
    for mine, theirs in zip(shim.get_adapters(all_links), ifaddr.get_adapters(all_links), strict=True):
        assert vars(mine).keys() == vars(theirs).keys()
        assert [(ip.is_IPv4, ip.is_IPv6) for ip in mine.ips] == [(ip.is_IPv4, ip.is_IPv6) for ip in theirs.ips]


def test_nothing_is_configured(net: Namespace) -> None:
    net.ip("link set lo down\n link add v0 type veth peer name v1")
    net.ip("addr flush dev lo")
    assert shim.get_adapters() == list(ifaddr.get_adapters()) == []
    assert repr(shim.get_adapters(True)) == repr(list(ifaddr.get_adapters(include_unconfigured=True)))


def test_a_label_has_the_index_of_its_interface(net: Namespace) -> None:
    """ifaddr asks the kernel for a link with the name of the label, which ignores what follows a colon."""
    v0 = net.veth("v0", "v1")
    net.ip("addr add 192.0.2.1/24 label v0:1 dev v0")
    add_addr(v0, "192.0.2.9", 24, label="other")
    assert [(adapter.name, adapter.index) for adapter in ifaddr.get_adapters()] == [
        ("lo", 1),
        ("v0:1", v0),
        ("other", None),
    ]
    assert [(adapter.name, adapter.index) for adapter in shim.get_adapters()] == [
        ("lo", 1),
        ("v0:1", v0),
        ("other", v0),
    ]


def test_names_that_are_not_utf8(net: Namespace) -> None:
    net.run("ip", "link", "add", b"caf\xe9", "type", "veth", "peer", "name", "v1")  # type: ignore[arg-type]
    with pytest.raises(UnicodeDecodeError):
        ifaddr.get_adapters(include_unconfigured=True)
    assert [adapter.name for adapter in shim.get_adapters(include_unconfigured=True)] == ["lo", "v1", "caf\udce9"]


def test_the_adapters_can_be_used_twice(net: Namespace) -> None:
    assert len(adapters := shim.get_adapters()) == len(list(adapters)) == len(list(adapters)) == 1


def in_place(program: str) -> str:
    """The output of a program in which the shim has the place of ifaddr."""
    code = f"import sys\nfrom getifs.compat import ifaddr\nsys.modules['ifaddr'] = ifaddr\n{program}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout


def test_modules_inside_it(net: Namespace) -> None:
    """What programs import from inside ifaddr comes from the shim too."""
    program = """
import ifaddr
import ifaddr.netifaces
from ifaddr._shared import IP, Adapter, _IPv4Address, _IPv6Address, ipv6_prefixlength
from ipaddress import IPv6Address
assert IP is ifaddr.IP and Adapter is ifaddr.Adapter
print(ifaddr.netifaces.interfaces(), ipv6_prefixlength(IPv6Address("ffff:ffff:ff80::")))
print({name.partition(".")[2] for name, module in sys.modules.items()
       if name.startswith("ifaddr.") and "compat" not in module.__file__})
"""
    assert in_place(program) == "['lo'] 41\nset()\n"


def test_its_own_tests_pass(net: Namespace) -> None:
    """Those that are installed with it. tests/compat/run_suites.py runs the suites of the other projects."""
    tests = Path(ifaddr.__file__).with_name("test_ifaddr.py")
    program = f"import pytest\npytest.main(['-q', '-p', 'no:cacheprovider', '--import-mode=importlib', {str(tests)!r}])"
    assert "2 passed" in in_place(program)
