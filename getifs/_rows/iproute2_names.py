"""Numbers that `ip` prints as names, those in its files included: see `name_files`."""

from __future__ import annotations

from functools import lru_cache

from ..enums import AddrProto, RouteProtocol, RouteTable, Scope
from . import name_files

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from enum import IntEnum


@lru_cache(256, typed=True)  # members of different enumerations are equal
def lower_name(member: object) -> str:
    return str(member).lower()


class _Names(dict["IntEnum", str]):
    """The names of members of an enumeration. Those of other numbers can change: they are looked up each time.

    Args:
        known: The members whose names are built in.
        file: Has the names of others.
        otherwise: Makes the text of a member without a name.
    """

    __slots__ = ("_file", "_otherwise")

    def __init__(
        self, known: Iterable[IntEnum], file: name_files.Names, otherwise: Callable[[IntEnum], str] = lower_name
    ) -> None:
        super().__init__((member, lower_name(member)) for member in known)
        self._file, self._otherwise = file, otherwise

    def __missing__(self, member: IntEnum) -> str:
        return self._file.name(int(member)) or self._otherwise(member)


def _decimal(member: IntEnum) -> str:
    return str(int(member))


# iproute2 has the names of these in its files, if at all.
_FILED = (RouteProtocol.MROUTED, RouteProtocol.OVN, RouteProtocol.OPENR)
_SCOPES = _Names(Scope, name_files.SCOPES)
_SCOPES[Scope.UNIVERSE] = "global"
# Functions of C, since most rows have all three.
protocol_name = _Names([one for one in RouteProtocol if one not in _FILED], name_files.PROTOCOLS).__getitem__
scope_name = _SCOPES.__getitem__
table_name = _Names((RouteTable.DEFAULT, RouteTable.MAIN, RouteTable.LOCAL), name_files.TABLES, _decimal).__getitem__
addr_protocol_name = _Names(AddrProto, name_files.ADDR_PROTOCOLS, lambda member: f"{int(member):#x}").__getitem__


def protocol_unless_zero(member: RouteProtocol) -> str | None:
    return protocol_name(member) if member else None


def tos_name(number: int) -> str | None:
    return name_files.DS_FIELDS.name(number) or f"0x{number:02x}" if number else None


def table_unless_zero(table: RouteTable) -> str | None:
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
