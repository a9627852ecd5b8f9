"""Numbers that `ip` prints as names, those in its files included: see `name_files`."""

from __future__ import annotations

from functools import lru_cache

from ..enums import RouteProtocol, Scope
from . import name_files

_TABLES = {253: "default", 254: "main", 255: "local"}
# Names of the kernel that iproute2 has in its files, if at all.
_FILED_PROTOCOLS = (RouteProtocol.MROUTED, RouteProtocol.OVN, RouteProtocol.OPENR)


@lru_cache(256, typed=True)  # members of different enumerations are equal
def lower_name(member: object) -> str:
    return "global" if member is Scope.UNIVERSE else str(member).lower()


def protocol_name(member: int) -> str:
    name = lower_name(member)
    if name.isdecimal() or member in _FILED_PROTOCOLS:
        return name_files.PROTOCOLS.name(int(member)) or name
    return name


def protocol_unless_zero(member: int) -> str | None:
    return protocol_name(member) if member else None


def addr_protocol_name(member: int) -> str:
    name = lower_name(member)
    return name_files.ADDR_PROTOCOLS.name(int(member)) or f"{member:#x}" if name.isdecimal() else name


def scope_name(member: int) -> str:
    name = lower_name(member)
    return name_files.SCOPES.name(int(member)) or name if name.isdecimal() else name


def tos_name(number: int) -> str | None:
    return name_files.DS_FIELDS.name(number) or f"0x{number:02x}" if number else None


def table_name(table: int) -> str:
    number = int(table)
    return _TABLES.get(number) or name_files.TABLES.name(number) or str(number)


def table_unless_zero(table: int) -> str | None:
    return table_name(table) if table else None


def group_name(group: int) -> str:
    return (name_files.GROUPS.name(group) or str(group)) if group else "default"


def flow(realms: int) -> dict[str, str] | None:
    if not realms:
        return None
    source, destination = realms >> 16, realms & 0xFFFF
    return {**({"from": realm(source)} if source else {}), "to": realm(destination)}


def realm(number: int) -> str:
    return name_files.REALMS.name(number) or (str(number) if number else "cosmos")
