"""The settings of kinds of interfaces in messages written by hand: B15a. tests/live compares them with `ip`."""

import json
import struct
from contextlib import suppress
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given
from netlink_messages import RTM_NEWLINK, packed_message
from netlink_messages import attr as attribute
from recorded import CAPTURES, SOUND, recorded

import getifs
from getifs import replay
from getifs._rows import kinds

IFLA_IFNAME, IFLA_LINKINFO = 3, 18
KIND, DATA, PORT_KIND, PORT_DATA = 1, 2, 4, 5  # IFLA_INFO_*


def link(info: bytes, name: bytes = b"x0\0", index: int = 7) -> bytes:
    header = struct.pack("=BxHiII", 0, 1, index, 0, 0)
    return packed_message(RTM_NEWLINK, header + attribute(IFLA_IFNAME, name) + attribute(IFLA_LINKINFO, info))


def row(info: bytes) -> getifs.Interface:
    (found,) = replay.interfaces(link(info), details=True)
    return found


def of_kind(kind: bytes, *settings: tuple[int, bytes]) -> bytes:
    return attribute(KIND, kind + b"\0") + attribute(DATA, b"".join(attribute(*one) for one in settings))


def details(kind: bytes, *settings: tuple[int, bytes]) -> Any:
    return row(of_kind(kind, *settings)).details


def u16(number: int) -> bytes:
    return struct.pack("=H", number)


def u32(number: int) -> bytes:
    return struct.pack("=I", number)


ADDRESS, ADDRESS6 = bytes([192, 0, 2, 1]), bytes.fromhex("20010db8000000000000000000000001")


def test_settings_that_no_kernel_at_hand_sends() -> None:
    encap = ((15, u16(2)), (16, u16(0b101)), (17, b"\0\5"), (18, b"\x15\xb3"))
    assert details(b"ipip", *encap)["encap"] == {
        "type": "gue",
        "sport": 5,
        "dport": 5555,
        "csum": True,
        "csum6": False,
        "remcsum": True,
    }
    assert details(b"sit", (15, u16(3)))["encap"]["type"] is None  # TUNNEL_ENCAP_MPLS
    assert "encap" not in details(b"sit", (15, u16(0)))
    deployment = ((11, ADDRESS6), (12, ADDRESS), (13, u16(32)), (14, u16(8)))
    assert details(b"sit", *deployment) == {
        "remote": "any",
        "local": "any",
        "ttl": 0,
        "pmtudisc": False,
        "prefix": "2001:db8::1",
        "prefixlen": 32,
        "relay_prefix": "192.0.2.1",
        "relay_prefixlen": 8,
    }
    assert "relay_prefix" not in details(b"sit", (11, ADDRESS6), (13, u16(32)))
    assert details(b"xfrm", (2, u32(9))) == {"if_id": "0x9"}
    assert details(b"bridge", (50, u32(2)), (48, u32(3)))["stp_mode"] == "kernel"
    assert details(b"hsr", (1, u32(3)), (8, u32(4))) == {"slave1": 3, "interlink": 4}
    assert details(b"vxlan", (33, bytes(8)), (34, b"\1")) == {"reserved_bits": "0", "mcroute": True}


def test_values_without_a_name() -> None:
    assert details(b"macvlan", (1, u32(3))) == {"mode": "unknown"}
    assert details(b"bond", (1, b"\x09"))["mode"] == "UNKNOWN"
    assert details(b"tun", (3, b"\7"))["type"] == "UNKNOWN:7"
    assert details(b"vlan", (5, b"\x91\0"), (2, u32(0x101) + u32(0))) == {
        "protocol": "[37120]",
        "flags": ["REORDER_HDR", "100"],
    }
    ports = attribute(PORT_KIND, b"bridge") + attribute(PORT_DATA, attribute(1, b"\x09"))
    assert row(ports).port_details == {"state_index": 9}
    assert row(ports).details == {}


def test_kinds_without_known_settings() -> None:
    assert details(b"strange", (1, b"\1")) == {}
    assert details(b"dummy") == {}
    assert row(attribute(KIND, b"bridge")).details == {}
    assert row(attribute(KIND, b"bridge")).to_dict()["linkinfo"] == {"info_kind": "bridge", "info_data": {}}
    assert row(attribute(KIND, b"strange")).to_dict()["linkinfo"] == {"info_kind": "strange"}
    assert row(b"").details == row(b"").port_details == {}
    assert "linkinfo" not in row(b"").to_dict()
    (plain,) = replay.interfaces(packed_message(RTM_NEWLINK, struct.pack("=BxHiII", 0, 1, 7, 0, 0)), details=True)
    assert plain.details == {}


MALFORMED = {
    "too short": of_kind(b"vlan", (1, b"\5")),
    "empty": of_kind(b"vxlan", (2, b"")),
    "short address": of_kind(b"ip6tnl", (3, ADDRESS)),
    "longer than the rest": attribute(KIND, b"vlan") + attribute(DATA, struct.pack("=HH", 9, 1) + b"\5\0"),
    "shorter than its header": attribute(KIND, b"vlan") + attribute(DATA, struct.pack("=HH", 3, 1)),
    "in a list": of_kind(b"bond", (8, struct.pack("=HH", 99, 0))),
    "short in a list": of_kind(b"bond", (8, attribute(0, b"\1"))),
    "IFLA_LINKINFO itself": attribute(KIND, b"vlan") + struct.pack("=HH", 99, 2),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed(name: str) -> None:
    """They are read when they are touched: the row itself is sound."""
    found = row(MALFORMED[name])
    assert (found.name, found.kind) == ("x0", str(found.kind))
    for read in (lambda: found.details, found.to_dict):
        with pytest.raises(getifs.MalformedMessageError, match="malformed (settings of|IFLA_LINKINFO)"):
            read()
    (without,) = replay.interfaces(link(MALFORMED[name]))
    assert without.details is None
    assert without == found
    assert without.to_dict()["linkinfo"] == {"info_kind": found.kind}


def test_longer_payloads_and_padding() -> None:
    assert details(b"vlan", (1, u16(5) + b"more")) == {"id": 5}
    info = of_kind(b"vlan", (1, u16(5)))
    assert row(info + b"\0\0\0").details == {"id": 5}


@given(st.sampled_from([*kinds.KINDS, *kinds.PORTS]), st.lists(st.tuples(st.integers(0, 60), st.binary(max_size=24))))
def test_any_bytes_give_json_or_an_error(kind: str, settings: list[tuple[int, bytes]]) -> None:
    data = b"".join(attribute(*one) for one in settings)
    name = kind.encode()
    info = attribute(KIND, name) + attribute(DATA, data) + attribute(PORT_KIND, name) + attribute(PORT_DATA, data)
    found = row(info)
    with suppress(getifs.MalformedMessageError):
        json.dumps([found.details, found.port_details, found.to_dict({})])


@pytest.mark.parametrize("name", [name for name in SOUND if CAPTURES[name]["query"] == "interfaces"])
def test_recorded_links(name: str) -> None:
    """Rows with details are those without them, and tables make the same dicts as rows."""
    data = recorded(CAPTURES[name])
    without, table = replay.interfaces(data), replay.interfaces(data * 12, details=True, stats=True)
    assert without == table
    assert [one.details for one in without] == [None] * len(without)
    names = {index: f"name{index}" for index in range(1, 10000)}
    for one in table:
        assert one.details is not None
        assert one.details.keys() == one.to_dict(names).get("linkinfo", {}).get("info_data", {}).keys()
    many = replay.interfaces(
        b"".join(link(of_kind(b"vlan", (1, u16(at))), index=at) for at in range(1, 40)), details=True
    )
    assert many.to_dicts(names) == [one.to_dict(names) for one in many]
    assert [made["linkinfo"]["info_data"]["id"] for made in many.to_dicts()] == list(range(1, 40))
    assert table.to_dicts(names) == [one.to_dict(names) for one in table]


def test_every_kind_in_a_recording_is_known() -> None:
    recordings = [recorded(CAPTURES[name]) for name in SOUND if CAPTURES[name]["query"] == "interfaces"]
    found = {one.kind for data in recordings for one in replay.interfaces(data)}
    without_settings = {None, "dummy", "veth", "ifb", "nlmon", "team", "can", "vcan", "vxcan"}
    assert found - without_settings <= kinds.KINDS.keys()
    shown = {one.kind for data in recordings for one in replay.interfaces(data, details=True) if one.details}
    assert shown >= {"bond", "bridge", "gre", "ip6gre", "ip6tnl", "ipip", "ipvlan", "macvlan", "sit", "tun", "vlan"}
