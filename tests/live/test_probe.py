"""getifs.probe: which kinds of sockets the kernel creates."""

import errno

import pytest
from netns import Namespace
from sandbox import Sandbox

from getifs import probe

ANSWERS = "from getifs import probe; print(probe.ipv4(), probe.ipv6(), probe.ipv4_mapped_ipv6())"


def answers() -> tuple[bool, bool, bool]:
    return probe.ipv4(), probe.ipv6(), probe.ipv4_mapped_ipv6()


@pytest.mark.parametrize(
    ("family", "expected"), [(2, "False True True"), (10, "True False False"), (16, "True True True")]
)
def test_family_that_the_kernel_lacks(sandbox: Sandbox, family: int, expected: str) -> None:
    assert sandbox.run(ANSWERS, f"domain:{family}:{errno.EAFNOSUPPORT}") == f"{expected}\n"


@pytest.mark.usefixtures("net")
def test_all_kinds() -> None:
    assert answers() == (True, True, True)
    assert [type(answer) for answer in answers()] == [bool, bool, bool]


def test_addresses_do_not_matter(net: Namespace) -> None:
    """A socket can be created even if no address is configured."""
    net.sysctl("net.ipv6.conf.all.disable_ipv6", 1)
    net.ip("addr del 127.0.0.1/8 dev lo\n link set lo down")
    assert answers() == (True, True, True)


def test_default_of_the_namespace_does_not_matter(net: Namespace) -> None:
    net.sysctl("net.ipv6.bindv6only", 1)
    assert answers() == (True, True, True)
