"""The built-in names of `ip` are those of the enumerations, but for the ones that are listed here."""

import pytest

from getifs import enums
from getifs._rows import iproute2, iproute2_names, link_names

TYPES = {
    "cisco": "hdlc",
    "tunnel": "ipip",
    "ipgre": "gre",
    "ip6gre": "gre6",
    "ieee80211": "ieee802.11",
    "ieee80211_prism": "ieee802.11/prism",
    "ieee80211_radiotap": "ieee802.11/radiotap",
    "ieee802154": "ieee802.15.4",
    "ieee802154_monitor": "ieee802.15.4/monitor",
    "sixlowpan": "6lowpan",
    # Without a name.
    **{enums.HwType(number).name.lower(): f"[{number}]" for number in (27, 290, 519, 826)},
}
# In the files of iproute2, if at all.
PROTOCOLS = {name: str(int(enums.RouteProtocol[name.upper()])) for name in ("mrouted", "ovn", "openr")}


@pytest.mark.parametrize(
    ("enumeration", "name", "other"),
    [
        (enums.OperState, link_names.link_state, {}),
        (enums.HwType, link_names.hardware_type, TYPES),
        (enums.Duplex, iproute2.duplex, {}),
        (enums.RouteType, iproute2_names.route_type_name, {}),
        (enums.RouterPref, iproute2_names.pref_name, {}),
        (enums.EncapType, iproute2_names.encap_name, {"none": None, "seg6_local": "seg6local"}),
    ],
)
def test_numbers(enumeration, name, other):
    names = {member.name.lower(): name(int(member)) for member in enumeration}
    assert {key: value and value.lower() for key, value in names.items()} == {key: key for key in names} | other
    assert name(200) in ("200", "[200]")


@pytest.mark.parametrize(
    ("enumeration", "name", "other"),
    [
        (enums.Scope, iproute2_names.scope_name, {"universe": "global"}),
        (enums.RouteProtocol, iproute2_names.protocol_name, PROTOCOLS),
        (enums.RouteTable, iproute2_names.table_name, {"unspec": "0", "compat": "252"}),
        (enums.AddrProto, iproute2_names.addr_protocol_name, {}),
    ],
)
def test_numbers_that_files_can_name(monkeypatch, enumeration, name, other):
    monkeypatch.setattr("getifs._rows.name_files.DIRECTORIES", [])
    iproute2_names.name_files.look_again()
    names = {member.name.lower(): name(int(member)) for member in enumeration}
    iproute2_names.name_files.look_again()
    assert names == {key: key for key in names} | other


@pytest.mark.parametrize(
    ("enumeration", "names"),
    [
        (enums.Flags, link_names.FLAGS),
        (enums.AddrFlags, iproute2._ADDR_FLAGS),
        (enums.RouteFlags, iproute2._HOP_FLAGS),
        (enums.NeighbourFlags, iproute2._NEIGHBOUR_FLAGS),
        (enums.NeighbourState, iproute2._NEIGHBOUR_STATES),
    ],
)
def test_bits(enumeration, names):
    other = {
        "homeaddress": "home",
        "managetempaddr": "mngtmpaddr",
        "mcautojoin": "autojoin",
        "stable_privacy": "stable-privacy",
        "offload_failed": "rt_offload_failed",
        "ext_learned": "extern_learn",
        "offloaded": "offload",
        "ext_managed": "managed",
        "ext_locked": "locked",
    }
    made = {bit: enumeration(bit).name.lower() for bit in names}
    expected = {bit: other.get(name, name) for bit, name in made.items()}
    assert {bit: name.lower() for bit, name in names.items()} == expected


def test_flags_of_an_interface():
    assert link_names.link_flags(0x1 | 0x40 | 0x8) == ["LOOPBACK", "UP"]
    assert link_names.link_flags(0x1 | 0x1000) == ["NO-CARRIER", "MULTICAST", "UP"]
    assert link_names.link_flags(0x80000 | 0x2) == ["BROADCAST", "80000"]
    assert set(link_names.FLAGS) == {int(flag) for flag in enums.Flags} - {0x40}
