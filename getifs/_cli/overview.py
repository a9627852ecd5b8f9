"""Without a command: every interface and its addresses."""

from __future__ import annotations

from .._rows.addr import IfNet
from .._rows.interface import Interface
from . import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from .._predicates.tree import Predicate
    from ..session import Session


def overview(
    session: Session, family: int | None, where: list[Predicate]
) -> tuple[Iterable[str], Iterable[dict[str, Any]]]:
    """Interfaces and their addresses. If only some addresses are wanted, interfaces without one are left out."""
    found = session.addrs_by_interface(family=family)
    names = {interface.index: interface.name for interface in found}
    certain = family is not None
    for predicate in where:
        if _takes_interfaces(predicate):
            found = {interface: addrs for interface, addrs in found.items() if predicate(interface)}
        else:
            found = {interface: [addr for addr in addrs if predicate(addr)] for interface, addrs in found.items()}
            certain = True
    found = {interface: addrs for interface, addrs in found.items() if addrs or not certain}
    return text.overview(found), (with_addrs(interface, addrs, names) for interface, addrs in found.items())


def _takes_interfaces(predicate: Predicate) -> bool:
    """Whether it takes interfaces. A TypeError if it takes neither these nor addresses."""
    from .._predicates.compiler import program_for

    try:
        program_for(predicate, Interface)
    except TypeError:
        program_for(predicate, IfNet)
        return False
    return True


def with_addrs(interface: Interface, addrs: Iterable[IfNet], names: dict[int, str]) -> dict[str, Any]:
    """The form of `ip -j addr`: the interface is named once, outside."""
    inside = [{key: value for key, value in addr.to_dict().items() if key != "ifindex"} for addr in addrs]
    return {**interface.to_dict(names), "addr_info": inside}
