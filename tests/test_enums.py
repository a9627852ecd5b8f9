"""Enumerations: values equal those of the installed kernel headers; texts; unknown values."""

import copy
import os
import pickle
import subprocess
import sys
from enum import IntEnum, IntFlag
from pathlib import Path
from typing import Any

import pytest

import getifs

# The prefix of the kernel's names for each enumeration.
PREFIXES: dict[Any, str] = {
    getifs.Flags: "IFF_",
    getifs.OperState: "IF_OPER_",
    getifs.HwType: "ARPHRD_",
    getifs.Duplex: "DUPLEX_",
    getifs.AddrFlags: "IFA_F_",
    getifs.AddrProto: "IFAPROT_",
    getifs.Scope: "RT_SCOPE_",
    getifs.RouteType: "RTN_",
    getifs.NeighbourState: "NUD_",
    getifs.NeighbourFlags: "NTF_",
    getifs.RouteProtocol: "RTPROT_",
    getifs.RouteTable: "RT_TABLE_",
    getifs.RouteFlags: "RTNH_F_",
    getifs.RuleAction: "FR_ACT_",
    getifs.RuleFlags: "FIB_RULE_",
    getifs.RouterPref: "ICMPV6_ROUTER_PREF_",
    getifs.EncapType: "LWTUNNEL_ENCAP_",
}
OTHERWISE_NAMED = {
    "RTNH_F_NOTIFY": "RTM_F_NOTIFY",
    "RTNH_F_CLONED": "RTM_F_CLONED",
    "RTNH_F_EQUALIZE": "RTM_F_EQUALIZE",
    "RTNH_F_PREFIX": "RTM_F_PREFIX",
    "RTNH_F_LOOKUP_TABLE": "RTM_F_LOOKUP_TABLE",
    "RTNH_F_FIB_MATCH": "RTM_F_FIB_MATCH",
    "RTNH_F_RT_OFFLOAD": "RTM_F_OFFLOAD",
    "RTNH_F_RT_TRAP": "RTM_F_TRAP",
    "RTNH_F_OFFLOAD_FAILED": "RTM_F_OFFLOAD_FAILED",
    "ARPHRD_SIXLOWPAN": "ARPHRD_6LOWPAN",
    "NTF_EXT_MANAGED": "(NTF_EXT_MANAGED<<8)",
    "NTF_EXT_LOCKED": "(NTF_EXT_LOCKED<<8)",
}
# Constants that were added after Linux 5.4, and a version that has them.
NEWER = {
    "(NTF_EXT_MANAGED<<8)": (5, 16),
    "(NTF_EXT_LOCKED<<8)": (6, 2),
    "ARPHRD_MCTP": (5, 15),
    "IFAPROT_UNSPEC": (5, 18),
    "IFAPROT_KERNEL_LO": (5, 18),
    "IFAPROT_KERNEL_RA": (5, 18),
    "IFAPROT_KERNEL_LL": (5, 18),
    "LWTUNNEL_ENCAP_RPL": (5, 7),
    "LWTUNNEL_ENCAP_IOAM6": (5, 15),
    "LWTUNNEL_ENCAP_XFRM": (6, 1),
    "RTM_F_OFFLOAD": (5, 7),
    "RTM_F_TRAP": (5, 7),
    "RTM_F_OFFLOAD_FAILED": (5, 12),
    "RTNH_F_TRAP": (5, 11),
    "RTPROT_KEEPALIVED": (5, 10),
    "RTPROT_OPENR": (5, 15),
    "RTPROT_OVN": (6, 16),
}
HEADERS = """stdio.h sys/socket.h linux/version.h linux/ethtool.h linux/if.h linux/if_addr.h linux/if_arp.h
    linux/neighbour.h linux/rtnetlink.h linux/icmpv6.h linux/lwtunnel.h
    linux/fib_rules.h"""


def constant(kind: Any, name: str) -> str:
    return OTHERWISE_NAMED.get(PREFIXES[kind] + name, PREFIXES[kind] + name)


@pytest.fixture(scope="module")
def header_values(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """The values of all constants in the installed headers, printed by a C program."""
    folder = tmp_path_factory.mktemp("constants")
    lines = [f"#include <{header}>" for header in HEADERS.split()]
    lines.append("int main(void) {")
    for kind in PREFIXES:
        for name in kind.__members__:
            wanted = constant(kind, name)
            major, minor = NEWER.get(wanted, (0, 0))
            lines.append(f"#if LINUX_VERSION_CODE >= KERNEL_VERSION({major}, {minor}, 0)")
            lines.append(f'printf("{wanted} %lld\\n", (long long)(unsigned int){wanted});')
            lines.append("#endif")
    source, program = folder / "constants.c", folder / "constants"
    source.write_text("\n".join([*lines, "return 0; }", ""]))
    # Without the sanitizer that `make sanitize` preloads.
    plain = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    subprocess.run([plain.get("CC", "cc"), "-o", program, source], check=True, env=plain)
    output = subprocess.run([program], check=True, capture_output=True, text=True, env=plain).stdout
    return {name: int(value) for name, value in map(str.split, output.splitlines())}


@pytest.mark.parametrize("kind", PREFIXES, ids=lambda kind: kind.__name__)
def test_values_are_those_of_the_kernels_headers(kind: Any, header_values: dict[str, int]) -> None:
    ours = {constant(kind, name): int(member) for name, member in kind.__members__.items()}
    known = {name: value for name, value in ours.items() if name not in NEWER or name in header_values}
    assert known == {name: header_values[name] for name in known}
    assert len(known) >= len(ours) - len(NEWER.keys() & ours.keys())


def test_every_enumeration_is_compared() -> None:
    public = {getattr(getifs, name) for name in getifs.__all__}
    assert {kind for kind in public if isinstance(kind, type) and issubclass(kind, (IntEnum, IntFlag))} == set(PREFIXES)


def test_constants_that_are_said_to_be_newer_are_ours() -> None:
    ours = {constant(kind, name) for kind in PREFIXES for name in kind.__members__}
    assert set(NEWER) | set(OTHERWISE_NAMED.values()) <= ours


KINDS_OF_NUMBERS = [kind for kind in PREFIXES if issubclass(kind, IntEnum)]
KINDS_OF_FLAGS = [kind for kind in PREFIXES if issubclass(kind, IntFlag)]


def copies(value: Any) -> list[Any]:
    pickles = [pickle.loads(pickle.dumps(value, protocol)) for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)]
    return [*pickles, copy.copy(value), copy.deepcopy(value)]


@pytest.mark.parametrize("kind", KINDS_OF_NUMBERS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("number", [78, 199, 65533])
def test_unknown_number_stays_a_usable_number(kind: Any, number: int) -> None:
    value = kind(number)
    assert number not in set(kind)
    assert isinstance(value, kind)
    assert (value, int(value), value + 1, f"{value:d}", hash(value)) == (
        number,
        number,
        number + 1,
        str(number),
        hash(number),
    )
    assert {number: "it"}[value] == "it"
    assert value == kind(number)
    assert value != kind(number + 1)
    assert value.name == str(number)
    assert value.value == number
    assert repr(value) == f"<{kind.__name__}.{number}: {number}>"
    assert all(type(again) is kind and again == number for again in copies(value))
    assert number not in set(kind)  # the enumeration itself is unchanged


@pytest.mark.parametrize("kind", KINDS_OF_FLAGS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("unknown", [1 << 30, 1 << 31, 0xC0000000])
def test_unknown_flags_survive(kind: Any, unknown: int) -> None:
    """B14."""
    known = next(iter(kind))
    value = kind(unknown | known)
    assert isinstance(value, kind)
    assert int(value) == unknown | int(known)
    assert value & known == known
    assert int(value & unknown) == unknown
    assert int(value | 4) == unknown | known | 4
    assert known in value
    assert all(type(again) is kind and again == value for again in copies(value))


@pytest.mark.parametrize("kind", PREFIXES, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("value", ["up", None, 1.5, b"\1"])
def test_what_is_no_number_is_refused(kind: Any, value: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        kind(value)


TEXTS = [
    (getifs.Flags.UP, "UP", "<Flags.UP: 1>"),
    (getifs.Flags(0x41), "UP|RUNNING", "<Flags.UP|RUNNING: 65>"),
    (getifs.Flags.LOWER_UP | getifs.Flags.UP, "UP|LOWER_UP", "<Flags.UP|LOWER_UP: 65537>"),
    (getifs.Flags(0x80000001), "UP|0x80000000", "<Flags.UP|0x80000000: 2147483649>"),
    (getifs.Flags(0xC0000000), "0xc0000000", "<Flags.0xc0000000: 3221225472>"),
    (getifs.Flags(0), "NONE", "<Flags.NONE: 0>"),
    (getifs.Flags(0x41) & ~getifs.Flags.UP, "RUNNING", "<Flags.RUNNING: 64>"),
    (getifs.AddrFlags.TEMPORARY, "SECONDARY", "<AddrFlags.SECONDARY: 1>"),
    (getifs.AddrFlags(0x81), "SECONDARY|PERMANENT", "<AddrFlags.SECONDARY|PERMANENT: 129>"),
    (getifs.Scope.LINK, "LINK", "<Scope.LINK: 253>"),
    (getifs.Scope(77), "77", "<Scope.77: 77>"),
    (getifs.EncapType(0), "NONE", "<EncapType.NONE: 0>"),
    (getifs.RouteTable(254), "MAIN", "<RouteTable.MAIN: 254>"),
    (getifs.RouteTable(1000), "1000", "<RouteTable.1000: 1000>"),
]


@pytest.mark.parametrize(("value", "text", "representation"), TEXTS)
def test_texts_are_names(value: Any, text: str, representation: str) -> None:
    assert str(value) == f"{value}" == f"{value!s}" == "%s" % value == text  # noqa: UP031
    assert repr(value) == representation
    for spec in ("<20", ">20", "^20", ".2", "20s"):
        assert format(value, spec) == format(text, spec)
    for spec in ("d", "x", "#x", "08b", ",d", "o", "X", "e", "n", "%", "+d"):
        assert format(value, spec) == format(int(value), spec)
    assert "%d %x" % (value, value) == "%d %x" % (int(value), int(value))  # noqa: UP031


def test_every_member_has_its_name_as_text() -> None:
    for kind in PREFIXES:
        for member in kind:
            assert str(member) == member.name
    for kind in KINDS_OF_FLAGS:
        members = sorted(kind, key=int)
        assert str(kind(sum(members))) == "|".join(member.name for member in members)


def test_inverted_flags_and_negative_numbers_are_of_32_bits() -> None:
    for value in (~getifs.Flags.UP, ~getifs.Flags(0x80000001), getifs.Flags(-2)):
        assert 0 <= int(value) < 2**32
        assert getifs.Flags.UP not in value
        assert getifs.Flags.DORMANT in value
    assert ~~getifs.Flags.UP == getifs.Flags.UP
    assert getifs.Flags(-2) == 0xFFFFFFFE


TRY = """
import sys
from importlib.util import module_from_spec, spec_from_file_location
spec = spec_from_file_location("getifs.enums", sys.argv[1])
sys.modules["getifs.enums"] = getifs = module_from_spec(spec)
spec.loader.exec_module(getifs)
for expression in sys.argv[2:]:
    print(eval(expression))
"""


OTHER_PYTHONS = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser().glob("versions/3.1?.*/bin/python")


def told_by(python: Path | str) -> list[str]:
    """The texts and hashes of values in another interpreter, which imports only enums.py."""
    values = [f"getifs.{type(value).__name__}({int(value)})" for value, _, _ in TEXTS]
    values += ["~getifs.Flags.UP", "getifs.Flags(-2)", "~getifs.Flags(1 << 31)"]
    expressions = [f"({value}, str({value}), f'{{{value}:x}}', hash({value}))" for value in values]
    file = Path(getifs.__file__).with_name("enums.py")
    # Python refuses to start with PYTHON_GIL=0 if it has a GIL.
    env = {name: value for name, value in os.environ.items() if name != "PYTHON_GIL"}
    command = [python, "-c", TRY, file, *expressions]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout.splitlines()


@pytest.mark.parametrize("python", [Path(sys.executable), *sorted(OTHER_PYTHONS)], ids=lambda path: path.parts[-3])
def test_all_pythons_agree(python: Path) -> None:
    told = told_by(python)
    assert told == told_by(sys.executable)
    assert told[0] == "(<Flags.UP: 1>, 'UP', '1', 1)"


def test_names_of_the_kernel_in_use() -> None:
    assert getifs.Flags.UP | getifs.Flags.RUNNING == 0x41
    assert getifs.Scope["LINK"] is getifs.Scope(253)
    assert (
        getifs.AddrFlags["TEMPORARY"] is getifs.AddrFlags.SECONDARY
    )  # the same bit: temporary for IPv6, secondary for IPv4
    assert [member.name for member in getifs.RouterPref] == ["MEDIUM", "HIGH", "INVALID", "LOW"]
