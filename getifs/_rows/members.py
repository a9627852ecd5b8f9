"""From numbers to members of enumerations. `enum` is imported when the first member is needed."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .. import enums


class _Members(dict[int, "Any"]):
    """The members by number. A lookup is much faster than a call of the enumeration."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def __missing__(self, value: int) -> Any:
        from .. import enums

        member = self[value] = getattr(enums, self._name)(value)
        return member


if TYPE_CHECKING:
    ADDR_FLAGS: dict[int, enums.AddrFlags]
    ADDR_PROTO: dict[int, enums.AddrProto]
    DUPLEX: dict[int, enums.Duplex]
    ENCAP_TYPE: dict[int, enums.EncapType]
    FLAGS: dict[int, enums.Flags]
    HW_TYPE: dict[int, enums.HwType]
    NEIGHBOUR_FLAGS: dict[int, enums.NeighbourFlags]
    NEIGHBOUR_STATE: dict[int, enums.NeighbourState]
    OPER_STATE: dict[int, enums.OperState]
    ROUTER_PREF: dict[int, enums.RouterPref]
    ROUTE_FLAGS: dict[int, enums.RouteFlags]
    ROUTE_PROTOCOL: dict[int, enums.RouteProtocol]
    ROUTE_TABLE: dict[int, enums.RouteTable]
    ROUTE_TYPE: dict[int, enums.RouteType]
    RULE_ACTION: dict[int, enums.RuleAction]
    RULE_FLAGS: dict[int, enums.RuleFlags]
    SCOPE: dict[int, enums.Scope]
else:
    ADDR_FLAGS = _Members("AddrFlags")
    ADDR_PROTO = _Members("AddrProto")
    DUPLEX = _Members("Duplex")
    ENCAP_TYPE = _Members("EncapType")
    FLAGS = _Members("Flags")
    HW_TYPE = _Members("HwType")
    NEIGHBOUR_FLAGS = _Members("NeighbourFlags")
    NEIGHBOUR_STATE = _Members("NeighbourState")
    OPER_STATE = _Members("OperState")
    ROUTER_PREF = _Members("RouterPref")
    ROUTE_FLAGS = _Members("RouteFlags")
    ROUTE_PROTOCOL = _Members("RouteProtocol")
    ROUTE_TABLE = _Members("RouteTable")
    ROUTE_TYPE = _Members("RouteType")
    RULE_ACTION = _Members("RuleAction")
    RULE_FLAGS = _Members("RuleFlags")
    SCOPE = _Members("Scope")
