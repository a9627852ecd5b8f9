"""Imports: lazy names, modules imported only when needed, the import graph, public names and docstrings."""

import ast
import importlib
import inspect
import sys
import typing
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest
from interpreter import PACKAGE, modules_after, python
from vendored import alias

import getifs

NAME = getifs.__name__
MODULES = sorted(
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
    for path in PACKAGE.rglob("*.py")
    if not path.stem.startswith("__")
)
EVERYTHING = """
import socket, getifs
from getifs import filters, probe, replay, rfc
for query in ("interfaces", "interface_addrs", "local_addrs", "default_routes", "best_local_addrs", "private_addrs",
              "public_addrs", "interface_multicast_addrs", "gateway_addrs", "route_table", "nexthops"):
    rows = getattr(getifs, query)()
    repr(rows), str(rows[0:1]), rows.to_dicts(), [hash(row) for row in rows]
with getifs.Session() as session:
    lo = session.interface_by_name("lo")
    assert lo == session.interface_by_index(lo.index) == session.interfaces(where=filters.named("l?"))[0], lo
    assert session.interfaces(where=lambda row: row.name == "lo", stats=True)[0].stats.rx_bytes >= 0
assert [str(row.net) for row in lo.addrs(family=4, where=filters.loopback)] == ["127.0.0.1/8"], lo.addrs()
assert getifs.ip_mtu("127.0.0.1") == lo.mtu
assert getifs.ifindex_to_name(lo.index) == "lo" and getifs.ifname_to_index("lo") == lo.index
assert str(getifs.ifname_to_iface("lo")[0]) == "127.0.0.1"
assert lo in getifs.addrs_by_interface()
assert getifs.snapshot().difference(getifs.snapshot()) == []
lo.multicast_addrs(), replay.routes(b""), probe.ipv4(), rfc.get(1918), getifs.MacAddr("02:00")
"""


def test_import_brings_in_nothing_else() -> None:
    assert modules_after("import getifs") == {"getifs", "__future__"}


def test_names_and_numbers_need_neither_enum_nor_ipaddress() -> None:
    program = "import getifs\nassert [(row.index, row.name, row.mtu) for row in getifs.interfaces()]"
    program += "\ngetifs.interfaces(where=getifs.filters.named('l?') & getifs.filters.up | getifs.filters.kind('veth'))"
    program += "\ngetifs.route_table(where=getifs.filters.in_table('main') | getifs.filters.private)"
    loaded = modules_after(program)
    assert {"getifs._rows.interface", "getifs._table"} <= loaded
    assert not loaded & {"enum", "ipaddress", "typing", "dataclasses", "json", "socket", "asyncio", "cffi"}


@pytest.mark.usefixtures("net")
def test_cffi_itself_is_never_loaded() -> None:
    loaded = modules_after(EVERYTHING)
    assert "_cffi_backend" in loaded or sys.implementation.name == "pypy"  # where it is a part of the interpreter
    assert not loaded & {"cffi", "pycparser", "setuptools", "asyncio", "dataclasses", "json"}


def test_every_name_is_there_and_is_what_it_says() -> None:
    assert getifs.__all__ == sorted(set(getifs.__all__))
    for name in getifs.__all__:
        value = getattr(getifs, name)
        assert getattr(value, "__name__", name).split(".")[-1] == name
        assert value is getattr(getifs, name)


def test_star_brings_every_name() -> None:
    program = "from getifs import *\nimport getifs\nprint(*[name for name in getifs.__all__ if name in globals()])"
    assert python(program).split() == getifs.__all__


def test_dir_lists_names_that_were_not_used_yet() -> None:
    names = python("import getifs\nprint(*dir(getifs))").split()
    assert set(getifs.__all__) <= set(names)
    assert names == sorted(names)


@pytest.mark.parametrize("name", ["nothing", "interface", "_kernel_of_truth", "MODULE", "Row", "__wrapped__"])
def test_unknown_name_is_an_attribute_error(name: str) -> None:
    program = f"import getifs\ntry: getattr(getifs, {name!r})\nexcept AttributeError as error: print(error)"
    assert python(program) == f"module {NAME!r} has no attribute '{name}'\n"
    assert python(f"import getifs\nprint(hasattr(getifs, {name!r}))") == "False\n"


def test_type_checkers_see_every_name() -> None:
    """`__init__.pyi` declares exactly the names of `getifs.__all__`; classes are the same objects."""
    seen: dict[str, str] = {}
    for node in ast.parse((PACKAGE / "__init__.pyi").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            seen |= {alias.asname or alias.name: node.module or "" for alias in node.names}
        elif isinstance(node, ast.Assign):
            (target,) = map(ast.unparse, node.targets)
            assert ast.unparse(node.value) == f"_MODULE.{target}"
            seen[target] = "session"
    del seen["_MODULE"]
    assert sorted(seen) == getifs.__all__
    for name, module in seen.items():
        value = getattr(getifs, name)
        if inspect.isclass(value):
            assert value is getattr(importlib.import_module(f"getifs.{module}"), name)


def public_callables() -> Iterator[tuple[str, Any]]:
    """Public functions, methods and getters of properties."""
    for name, value in PUBLIC.items():
        if isinstance(value, property):
            yield name, value.fget
        elif inspect.isroutine(value):
            yield name, value


def test_type_hints_can_be_resolved() -> None:
    found = dict(public_callables())
    assert {"getifs.interfaces", "getifs.filters.within", "getifs.Interface.addrs", "getifs.Route.gateway"} <= set(
        found
    )
    for name, function in found.items():
        assert typing.get_type_hints(function), name


@pytest.mark.usefixtures("net")
def test_works_from_any_directory(tmp_path: Path) -> None:
    (tmp_path / "getifs.txt").touch()
    program = "import getifs\nprint(getifs.interface_by_name('lo').index, getifs.__file__)"
    index, file = python(program, folder=tmp_path).split(maxsplit=1)
    assert int(index) == 1
    assert Path(file.strip()) == Path(getifs.__file__)


def test_version_is_that_of_the_project() -> None:
    assert python("import getifs\nprint(getifs.__version__)") == f"{getifs.__version__}\n"
    project = Path(__file__).parents[1] / "pyproject.toml"
    text = project.read_text(encoding="utf-8")
    assert 'version = { attr = "getifs.__version__" }' in text  # the only place
    assert getifs.__version__ not in text


def test_typed_marker_is_there() -> None:
    assert (PACKAGE / "py.typed").read_bytes() == b""


@pytest.mark.parametrize("name", MODULES)
def test_every_module_can_come_first(name: str) -> None:
    assert python(f"import getifs.{name}\nprint(getifs.{name}.__name__)") == f"{NAME}.{name}\n"


def imports(name: str) -> set[str]:
    """Modules of the package that a module imports at run time, including inside functions."""
    path = PACKAGE / f"{name.replace('.', '/')}.py"
    found = set()
    nodes: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            nodes += node.orelse
            continue
        nodes += ast.iter_child_nodes(node)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "LazyModule" and len(node.args) == 2:
            target = ast.literal_eval(node.args[0])
            level = len(target) - len(target.lstrip("."))
            found.add(".".join([*name.split(".")[:-level], target[level:]]))
        if isinstance(node, ast.ImportFrom) and node.level:
            package = name.split(".")[: -node.level]
            base = ".".join([*package, *([node.module] if node.module else [])])
            found |= {base} if base in MODULES else {f"{base}.{alias.name}".lstrip(".") for alias in node.names}
    return found & {*MODULES}


def test_the_import_graph_has_no_circle() -> None:
    graph = {name: imports(name) for name in MODULES}
    assert graph["session"] >= {"_core", "_lookups", "_rows.interface", "filters"}
    assert graph["_lookups"] >= {"_query", "_rows.interface"}
    assert graph["_table"] >= {"_core", "_predicates.compiler"}
    TopologicalSorter(graph).prepare()  # raises CycleError


def members(kind: type) -> Iterator[str]:
    """Methods and properties of a class that the package defines. The fields of named tuples are neither."""
    for base in kind.__mro__:
        if base.__module__.startswith(NAME):
            for name, value in vars(base).items():
                function = value.fget if isinstance(value, property) else value
                if not name.startswith("_") and isinstance(function, FunctionType):
                    yield name


def public() -> Iterator[tuple[str, object]]:
    """Names of all public objects and of their members."""
    modules = [value for name in getifs.__all__ if isinstance(value := getattr(getifs, name), ModuleType)]
    for module in [getifs, *modules]:
        yield alias(module.__name__), module
        for name, value in vars(module).items():
            if not name.startswith("_") and name in getattr(module, "__all__", [name]):
                if inspect.isroutine(value) or inspect.isclass(value):
                    yield f"{alias(module.__name__)}.{name}", value
                for member in members(value) if inspect.isclass(value) else []:
                    yield f"{alias(module.__name__)}.{name}.{member}", getattr(value, member)


PUBLIC = {name: value for name, value in public() if getattr(value, "__module__", NAME).startswith(NAME)}


@pytest.mark.parametrize("name", PUBLIC)
def test_everything_public_is_documented(name: str) -> None:
    first, *_ = (inspect.getdoc(PUBLIC[name]) or "").splitlines() or [""]
    assert first.endswith((".", "?", ":")), first


def test_nothing_public_is_forgotten() -> None:
    for name in ("interfaces", "Interface.alt_names", "Route.to_dict", "Table.where", "Session.close", "Flags"):
        assert f"getifs.{name}" in PUBLIC
    for name in ("filters.within", "rfc.get", "probe.ipv6", "replay.routes"):
        assert f"getifs.{name}" in PUBLIC


def test_test_modules_do_not_import_each_other() -> None:
    for path in Path(__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert not [name for name in names if name.startswith("test_")], path
