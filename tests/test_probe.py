"""getifs.probe: which kinds of sockets the kernel creates."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from netns import Namespace

from getifs import probe

# Runs a command with a seccomp filter: socket() fails for one family, as in a kernel without that family.
REFUSE = r"""
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    unsigned low_word = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0;
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args) + low_word),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)atoi(argv[1]), 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAFNOSUPPORT),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
        return 1;
    execv(argv[2], argv + 2);
    return argc;
}
"""
ANSWERS = "from getifs import probe; print(probe.ipv4(), probe.ipv6(), probe.ipv4_mapped_ipv6())"


def answers() -> tuple[bool, bool, bool]:
    return probe.ipv4(), probe.ipv6(), probe.ipv4_mapped_ipv6()


@pytest.fixture(scope="module")
def refuse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    program = tmp_path_factory.mktemp("refuse") / "refuse"
    plain = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    subprocess.run([plain.get("CC", "cc"), "-xc", "-", "-o", program], input=REFUSE, text=True, check=True, env=plain)
    return program


@pytest.mark.parametrize(
    ("family", "expected"), [(2, "False True True"), (10, "True False False"), (16, "True True True")]
)
def test_family_that_the_kernel_lacks(refuse: Path, family: int, expected: str) -> None:
    command = [str(refuse), str(family), sys.executable, "-c", ANSWERS]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout == f"{expected}\n"


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
