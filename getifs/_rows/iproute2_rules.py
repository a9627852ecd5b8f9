"""The entries of policy rules in `to_dict()`, as `ip -j -d rule` prints them: see `iproute2`."""

from __future__ import annotations

from .._records import RULE, u32
from . import name_files
from .address_texts import address_text, is_host
from .iproute2_names import realm

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    Row = Any
    Dict = dict[str, Any]
    Names = Mapping[int, str]

_RULE = RULE.offset
_RULE_FAMILY = _RULE["family"]
_ACTION, _FLAGS = _RULE["action"], _RULE["flags"]
_TO_TBL, _GOTO, _NOP = 1, 2, 3  # FR_ACT_*
_ACTIONS = {0: "unspec", 6: "blackhole", 7: "unreachable", 8: "prohibit"}
_UNRESOLVED, _IIF_DETACHED, _OIF_DETACHED = 0x4, 0x8, 0x10  # FIB_RULE_*
# Names of IPPROTO_*, which `ip` reads from /etc/protocols.
_IP_PROTOS = {
    1: "icmp",
    2: "igmp",
    4: "ipencap",
    6: "tcp",
    8: "egp",
    17: "udp",
    33: "dccp",
    41: "ipv6",
    46: "rsvp",
    47: "gre",
    50: "esp",
    51: "ah",
    58: "ipv6-icmp",
    98: "encap",
    103: "pim",
    108: "ipcomp",
    115: "l2tp",
    132: "sctp",
    136: "udplite",
    137: "mpls-in-ip",
    143: "ethernet",
}


def _set_if(result: Dict, key: str, is_set: object) -> None:
    """Where `ip -j` prints a key with the value null, or not at all."""
    if is_set:
        result[key] = None


def rule_invert(row: Row, _names: Names, result: Dict) -> None:
    _set_if(result, "not", row.invert)


def _rule_prefix(row: Row, result: Dict, key: str) -> int:
    record = row._record
    length: int = record[_RULE[f"{key}_len"]]
    if length:
        family = record[_RULE_FAMILY]
        result[key] = address_text(family, record, _RULE[key])
        if not is_host(family, length):
            result[f"{key}len"] = length
    return length


def rule_source(row: Row, _names: Names, result: Dict) -> None:
    if not _rule_prefix(row, result, "src"):
        result["src"] = "all"


def rule_destination(row: Row, _names: Names, result: Dict) -> None:
    _rule_prefix(row, result, "dst")


def rule_dscp(row: Row, _names: Names, result: Dict) -> None:
    if row.dscp is not None:
        result["dscp"] = name_files.DS_FIELDS.name(row.dscp << 2) or str(row.dscp)
        if row.dscp_mask not in (0, 0x3F):
            result["dscp_mask"] = f"{row.dscp_mask:#x}"


def _hex(number: int) -> str:
    return f"{number:#x}" if number else "0"


def rule_mark(row: Row, _names: Names, result: Dict) -> None:
    if row.mark or row.mask:
        result["fwmark"] = _hex(row.mark)
        if row.mask != 0xFFFFFFFF:
            result["fwmask"] = _hex(row.mask)


def rule_iif(row: Row, _names: Names, result: Dict) -> None:
    if row.iif is not None:
        result["iif"] = row.iif


def rule_oif(row: Row, _names: Names, result: Dict) -> None:
    if row.oif is not None:
        result["oif"] = row.oif


def rule_l3mdev(row: Row, _names: Names, result: Dict) -> None:
    _set_if(result, "l3mdev", row.l3mdev)


def rule_uid_range(row: Row, _names: Names, result: Dict) -> None:
    if row.uid_range is not None:
        result["uid_start"], result["uid_end"] = row.uid_range


def rule_ip_proto(row: Row, _names: Names, result: Dict) -> None:
    if row.ip_proto is not None:
        result["ipproto"] = _IP_PROTOS.get(row.ip_proto, f"ipproto-{row.ip_proto}")


def _rule_ports(ports: tuple[int, int] | None, mask: int, result: Dict, key: str) -> None:
    if ports is None:
        return
    if ports[0] == ports[1]:
        result[key] = ports[0]
        if mask not in (0, 0xFFFF):
            result[f"{key}_mask"] = f"{mask:#x}"
    else:
        result[f"{key}_start"], result[f"{key}_end"] = ports


def rule_sport(row: Row, _names: Names, result: Dict) -> None:
    _rule_ports(row.sport, row.sport_mask, result, "sport")


def rule_dport(row: Row, _names: Names, result: Dict) -> None:
    _rule_ports(row.dport, row.dport_mask, result, "dport")


def rule_flowlabel(row: Row, _names: Names, result: Dict) -> None:
    if row.flowlabel is not None:
        result["flowlabel"] = _hex(row.flowlabel)
        if row.flowlabel_mask != 0xFFFFF:
            result["flowlabel_mask"] = f"{row.flowlabel_mask:#x}"


def rule_flow(row: Row, _names: Names, result: Dict) -> None:
    source, destination = row.flow >> 16, row.flow & 0xFFFF
    if source:
        result["flow_from"] = realm(source)
    if row.flow:
        result["flow_to"] = realm(destination)


def rule_action(row: Row, _names: Names, result: Dict) -> None:
    action = row._record[_ACTION]
    if action == _NOP:
        result["nop"] = None
    elif action not in (_TO_TBL, _GOTO):
        result["action"] = _ACTIONS.get(action) or str(action)


def rule_goto(row: Row, _names: Names, result: Dict) -> None:
    if row._record[_ACTION] == _GOTO:
        result["goto"] = "none" if row.goto is None else row.goto


def rule_flags(row: Row, _names: Names, result: Dict) -> None:
    flags = u32(row._record, _FLAGS)[0]
    _set_if(result, "unresolved", row._record[_ACTION] == _GOTO and flags & _UNRESOLVED)
    _set_if(result, "iif_detached", row.iif is not None and flags & _IIF_DETACHED)
    _set_if(result, "oif_detached", row.oif is not None and flags & _OIF_DETACHED)
