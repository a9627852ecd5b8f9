"""Annotations of rows and tables can be evaluated, although their modules are imported lazily."""

import inspect
import sys
import typing
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

import pytest
from interpreter import modules_after

import getifs
from getifs._lazy import LazyModule

CLASSES: list[Any] = [
    *(getifs.Interface, getifs.IfNet, getifs.IfAddr, getifs.Route, getifs.NextHop, getifs.Neighbour),
    getifs.Rule,
    *(getifs.Table, getifs.MacAddr, getifs.LinkStats),
]


def functions(kind: Any) -> Iterator[tuple[str, FunctionType]]:
    """The public methods and the getters of public properties of a class that the package defines."""
    for name in dir(kind):
        value = inspect.getattr_static(kind, name)
        function = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
        is_ours = isinstance(function, FunctionType) and (function.__module__ or "").startswith(getifs.__name__)
        if is_ours and not name.startswith("_"):
            yield f"{kind.__name__}.{name}", function


FUNCTIONS = dict(pair for kind in CLASSES for pair in functions(kind))


def test_functions_are_many() -> None:
    assert len(FUNCTIONS) > 90
    assert {"Interface.mtu", "IfNet.sockaddr", "Route.ifname", "Route.to_dict", "Table.column"} <= FUNCTIONS.keys()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_annotations_can_be_evaluated(name: str) -> None:
    function = FUNCTIONS[name]
    hints = typing.get_type_hints(function)
    parameters = [one for one in inspect.signature(function).parameters if one not in ("self", "cls")]
    assert hints.keys() == {*parameters, "return"}


def test_annotations_name_what_the_attributes_are() -> None:
    def returned(name: str) -> object:
        return typing.get_type_hints(FUNCTIONS[name])["return"]

    assert returned("Interface.flags") is getifs.Flags
    assert returned("Interface.stats") == getifs.LinkStats | None
    assert returned("Route.table") is getifs.RouteTable
    assert returned("Table.to_dicts") == list[dict[str, Any]]
    where = typing.get_type_hints(FUNCTIONS["Interface.addrs"])["where"]
    assert where == Callable[[getifs.IfNet], object] | None


def test_import_brings_in_no_module_for_annotations() -> None:
    loaded = modules_after("import getifs._rows.route, getifs._rows.interface, getifs._rows.nexthop, getifs._table")
    assert "getifs._rows.addr" in loaded
    assert not loaded & {"enum", "ipaddress", "typing", "typing_extensions"}


def test_lazy_module_imports_at_the_first_use() -> None:
    lazy = LazyModule("colorsys")
    sys.modules.pop("colorsys", None)
    LazyModule("colorsys")
    assert "colorsys" not in sys.modules
    assert lazy.rgb_to_hsv(0, 0, 0) == (0, 0, 0)
    assert "rgb_to_hsv" in vars(lazy)  # cached: __getattr__ is not called again
    with pytest.raises(AttributeError, match="nothing"):
        lazy.nothing
    assert LazyModule("..enums", f"{getifs.__name__}._rows").Flags is getifs.Flags
