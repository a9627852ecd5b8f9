"""Forms of the settings of a kind that are more than a number, and entries that several attributes make together."""

from __future__ import annotations

from struct import Struct

from .nested import (
    LEFT_OUT,
    attributes,
    be16,
    be32,
    bit_names,
    choice,
    ethernet,
    hexadecimal,
    inet,
    inet6,
    items,
    timer,
    u8,
    u16,
    u32,
    unless_zero,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .nested import Attributes, Field, Form

_PAIR = Struct("=II").unpack_from
_Entries = dict[str, object]


# Forms of one attribute.

_VLAN_FLAGS = ("REORDER_HDR", "GVRP", "MVRP", "LOOSE_BINDING", "BRIDGE_BINDING")


def vlan_flags(data: bytes) -> list[str]:
    flags = u32(data)
    unknown = flags >> len(_VLAN_FLAGS) << len(_VLAN_FLAGS)
    return bit_names(flags, _VLAN_FLAGS) + ([f"{unknown:x}"] if unknown else [])


def priorities(data: bytes) -> list[_Entries]:
    return [dict(zip(("from", "to"), _PAIR(mapping), strict=True)) for _, mapping in items(data)]


def port_range(data: bytes) -> _Entries:
    return {"low": be16(data), "high": be16(data[2:])}


def targets(form: Form) -> Form:
    def addresses(data: bytes) -> object:
        return [form(address) for _, address in items(data)] or LEFT_OUT

    return addresses


def aggregation(data: bytes) -> _Entries:
    found = attributes(data)
    keys = ("aggregator", "num_ports", "actor_key", "partner_key")
    info: _Entries = {key: u16(found[number]) for number, key in enumerate(keys, 1) if number in found}
    return {**info, "partner_mac": ethernet(found[5])} if 5 in found else info


def arp_validate(data: bytes) -> object:
    return _VALIDATED(data) if u32(data) else None


_VALIDATED = choice(
    u32, ("none", "active", "backup", "all", "filter", "filter_active", "filter_backup"), unknown="UNKNOWN"
)


_CHURN = ("MONITOR", "CHURN", "NO_CHURN")


def churn(data: bytes) -> str | int:
    """The state of the churn detection of LACP."""
    state = u8(data)
    return _CHURN[state] if state < len(_CHURN) else state


def tun_type(data: bytes) -> str:
    number = u8(data)
    return {1: "tun", 2: "tap"}.get(number) or f"UNKNOWN:{number}"


def erspan_direction(data: bytes) -> str:
    return "egress" if u8(data) else "ingress"


def inner(names: dict[int, str]) -> Form:
    """The protocol inside of a tunnel."""
    return lambda data: names.get(u8(data), LEFT_OUT)


# Entries of several attributes.

_FORWARDED = {0: "stp", 2: "lacp", 14: "lldp"}


def forwarded(found: Attributes) -> _Entries:
    """The link-local groups that a port of a bridge forwards, as a number and as text."""
    if 31 not in found:  # IFLA_BRPORT_GROUP_FWD_MASK
        return {}
    mask = u16(found[31])
    names = [_FORWARDED.get(bit, f"{1 << bit:#x}") for bit in range(16) if mask >> bit & 1]
    return {"group_fwd_mask": hexadecimal(u16)(found[31]), "group_fwd_mask_str": ",".join(names) or "0x0"}


_QUERIERS = (("ipv4", 1, inet), ("ipv6", 5, inet6))  # and their first attribute: BRIDGE_QUERIER_*


def queriers(found: Attributes) -> _Entries:
    """The multicast querier of each family that a bridge knows: itself, or another one that is seen on a port."""
    if 47 not in found:  # IFLA_BR_MCAST_QUERIER_STATE
        return {}
    state = attributes(found[47])
    result: _Entries = {}
    for family, first, address in _QUERIERS:
        known = (("addr", address), ("port", u32), ("other_timer", timer))
        result[f"mcast_querier_state_{family}"] = {
            f"mcast_querier_{family}_{key}": form(state[number])
            for number, (key, form) in enumerate(known, first)
            if number in state
        }
    return result


def bits(number: int, *names: str) -> Field:
    """An entry of each option that the kernel knows, from a value and the mask of what it knows."""

    def entries(found: Attributes) -> _Entries:
        value, known = _PAIR(found[number]) if number in found else (0, 0)
        return {name: value >> bit & 1 for bit, name in enumerate(names) if known >> bit & 1}

    return entries


def flags(number: int, form: Form, *names: str) -> Field:
    """A key for each of the lowest bits that is set."""

    def entries(found: Attributes) -> _Entries:
        value = form(found[number]) if number in found else 0
        return dict.fromkeys(bit_names(value, names), True) if isinstance(value, int) else {}

    return entries


def macvlan_sources(found: Attributes) -> _Entries:
    """The addresses of mode `source`: the kernel sends their number in the other modes too."""
    if u32(found.get(1, bytes(4))) != 16 or 6 not in found:  # MACVLAN_MODE_SOURCE
        return {}
    count: _Entries = {"macaddr_count": u32(found[6])}
    return (
        {**count, "macaddr_data": [ethernet(one) for kind, one in items(found[5]) if kind == 4]}
        if 5 in found
        else count
    )


def ipvlan_flags(found: Attributes) -> _Entries:
    if 2 not in found:
        return {}
    flags = u16(found[2])
    return {"private" if flags & 1 else "vepa" if flags & 2 else "bridge": True}


def queues(found: Attributes) -> _Entries:
    if not u8(found.get(7, b"\0")):
        return {"multi_queue": False}
    counts = ((8, "numqueues"), (9, "numdisabled"))
    return {"multi_queue": True, **{key: u32(found[number]) for number, key in counts if number in found}}


def end_point(v4: int, v6: int, key: str, multicast_key: str = "") -> Field:
    """An address of either family, whose attributes are these. A multicast address can have a key of its own."""

    def entries(found: Attributes) -> _Entries:
        for number, form, suffix, multicast in ((v4, inet, "", 0xE0), (v6, inet6, "6", 0xFF)):
            if number in found:
                text, data = form(found[number]), found[number]
                name = multicast_key if multicast_key and data[0] & multicast == multicast else key
                return {name + suffix: text} if any(data) else {}
        return {}

    return entries


def ttl_unless_inherited(inherit: int, number: int) -> Field:
    def entries(found: Attributes) -> _Entries:
        if number not in found or u8(found.get(inherit, b"\0")):
            return {}
        return {"ttl": u8(found[number])}

    return entries


def ends(remote: int, local: int, form: Form) -> Field:
    """The end points of a tunnel."""
    shown = unless_zero(form)

    def entries(found: Attributes) -> _Entries:
        result: _Entries = {"remote": "any", "local": "any"}
        for key, number in (("remote", remote), ("local", local)):
            address = shown(found[number]) if number in found else LEFT_OUT
            if address is not LEFT_OUT:
                result[key] = address
        return result

    return entries


def ttl(number: int) -> Field:
    return lambda found: {"ttl": u8(found.get(number, b"\0"))}


def path_mtu(found: Attributes) -> _Entries:
    return {"pmtudisc": bool(u8(found.get(10, b"\0")))}


_KEY, _SEQ, _CSUM = 0x2000, 0x1000, 0x8000  # GRE_*


def gre_flags(found: Attributes) -> _Entries:
    result: _Entries = {}
    directions = (("i", be16(found.get(2, bytes(2))), 4), ("o", be16(found.get(3, bytes(2))), 5))
    for side, flags, key in directions:
        if flags & _KEY and key in found:
            result[f"{side}key"] = inet(found[key])
    for flag, name in ((_SEQ, "seq"), (_CSUM, "csum")):
        result |= {f"{side}{name}": True for side, flags, _ in directions if flags & flag}
    return result


def ip6_flags(flags_at: int, limit_at: int, flow_at: int, mark_at: int) -> Field:
    """The settings of an IPv6 tunnel: each is a value, or a flag that says where the value comes from."""

    def entries(found: Attributes) -> _Entries:
        flags, flow = u32(found.get(flags_at, bytes(4))), be32(found.get(flow_at, bytes(4)))
        values: list[tuple[int, str, str, object]] = [
            (1, "ign_encap_limit", "encap_limit", u8(found[limit_at]) if limit_at in found else LEFT_OUT),
            (2, "use_orig_tclass", "tclass", f"0x{flow >> 20 & 0xFF:02x}" if flow_at in found else LEFT_OUT),
            (4, "use_orig_flowlabel", "flowlabel", f"0x{flow & 0xFFFFF:05x}" if flow_at in found else LEFT_OUT),
            (16, "rcv_dscp_copy", "", LEFT_OUT),
            (8, "mip6_dev", "", LEFT_OUT),
            (64, "allow_local_remote", "", LEFT_OUT),
            (32, "use_orig_fwmark", "fwmark", MARK(found[mark_at]) if mark_at in found else LEFT_OUT),
        ]
        result: _Entries = {}
        for flag, name, key, value in values:
            if flags & flag:
                result[f"ip6_tnl_f_{name}"] = True
            elif value is not LEFT_OUT:
                result[key] = value
        return result

    return entries


MARK = unless_zero(hexadecimal(u32))


def encap(first: int) -> Field:
    """The encapsulation in UDP: four attributes from `first` on."""

    def entries(found: Attributes) -> _Entries:
        kind, flags, source, destination = [found.get(first + at, bytes(2)) for at in range(4)]
        if not u16(kind):
            return {}
        sums = {name: bool(u16(flags) >> bit & 1) for bit, name in enumerate(("csum", "csum6", "remcsum"))}
        ports = {"sport": be16(source), "dport": be16(destination)}
        return {"encap": {"type": {1: "fou", 2: "gue"}.get(u16(kind)), **ports, **sums}}

    return entries


def rapid_deployment(found: Attributes) -> _Entries:
    """6rd, RFC 5969."""
    if not u16(found.get(13, bytes(2))):  # IFLA_IPTUN_6RD_PREFIXLEN
        return {}
    result: _Entries = {"prefix": inet6(found[11]) if 11 in found else "::", "prefixlen": u16(found[13])}
    if any(found.get(12, b"")):
        result |= {"relay_prefix": inet(found[12]), "relay_prefixlen": u16(found.get(14, bytes(2)))}
    return result


def port_state(found: Attributes) -> _Entries:
    """The state of a port of a bridge (`BR_STATE_*`)."""
    names = ("disabled", "listening", "learning", "forwarding", "blocking")
    return _named(found, 1, "state", names)


def bond_state(found: Attributes) -> _Entries:
    """Whether a port of a bond is in use, and the state of its link."""
    states = _named(found, 1, "state", ("ACTIVE", "BACKUP"))
    return states | _named(found, 2, "mii_status", ("UP", "GOING_DOWN", "DOWN", "GOING_BACK"))


def _named(found: Attributes, number: int, key: str, names: tuple[str, ...]) -> _Entries:
    """A name, or the number with a key of its own."""
    if number not in found:
        return {}
    value = u8(found[number])
    return {key: names[value]} if value < len(names) else {f"{key}_index": value}


_LACP_STATE = (
    *("active", "short_timeout", "aggregating", "in_sync"),
    *("collecting", "distributing", "defaulted", "expired"),
)


def lacp_state(number: int, key: str) -> Field:
    """The state of LACP on a port, as a number and as names."""

    def entries(found: Attributes) -> _Entries:
        if number not in found:
            return {}
        state = u8(found[number])
        return {key: state, f"{key}_str": bit_names(state, _LACP_STATE)}

    return entries
