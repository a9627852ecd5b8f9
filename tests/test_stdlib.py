"""What getifs needs of the standard library: docs/embedding.md, in interpreters that find nothing else."""

import re
import shutil
import sys
import sysconfig
from importlib.util import find_spec
from pathlib import Path

import pytest
from interpreter import PACKAGE, PATHS, python

ROOT = Path(__file__).parents[1]
of_cpython = pytest.mark.skipif(sys.implementation.name == "pypy", reason="the table is about CPython")
PAGE = (ROOT / "docs/embedding.md").read_text(encoding="utf-8")
TABLE = PAGE.partition("## What is needed of the standard library")[2].partition("## ")[0]
NEEDS = [
    (use, f"{modules} {in_c}".replace("`", "").split())
    for use, modules, in_c in re.findall(r"^\| (.+?) \|(.*)\|(.*)\|$", TABLE, re.MULTILINE)
    if use not in ("use", "---")
]
OPTIONAL = re.findall(
    r"`([^`]+)`", "".join(re.findall(r"^\| (`.*?) \|", PAGE.partition("## What is")[0], re.MULTILINE))
)
PROGRAMS = {
    "`interfaces()`": """
        for row in getifs.interfaces(where=getifs.filters.up & getifs.filters.named("*")):
            row.index, row.name, row.mtu, str(row.mac_addr)
        getifs.interface_by_name("lo"), len(getifs.route_table()), getifs.interfaces().column("mtu")
        with getifs.Session() as session:
            session.interface_addrs()[0].prefix_len
    """,
    "addresses": "[(str(row.addr), row.net, row.peer) for row in getifs.interface_addrs()]",
    "flags": "[(str(row.flags), row.oper_state) for row in getifs.interfaces()]",
    "`ip_mtu()`": "getifs.ip_mtu('127.0.0.1'), getifs.route_table(where=getifs.filters.covers('192.0.2.1'))",
    "`to_dict()`": "[query().to_dicts() for query in (getifs.interfaces, getifs.interface_addrs, getifs.route_table)]",
    "`watch()`": "watcher = getifs.watch(); watcher.poll(0); watcher.interfaces(); watcher.close()",
    "`probe`": "getifs.probe.ipv4()",
}


def copy_modules(names: list[str], folder: Path) -> None:
    """Copies the files of modules, packages without their other modules, and libraries of modules in C."""
    for name in names:
        spec = find_spec(name)
        assert spec is not None, name
        origin = spec.origin if spec.has_location else None
        if origin is None:
            frozen = Path(sysconfig.get_path("stdlib"), f"{name}.py")
            origin = str(frozen) if frozen.exists() else None
        if origin is None:
            continue  # built in
        target = folder / name if spec.submodule_search_locations else folder
        target.mkdir(exist_ok=True)
        shutil.copy(origin, target)
    (folder / "collections").mkdir(exist_ok=True)
    (folder / "collections/abc.py").write_text("from _collections_abc import *\nfrom _collections_abc import __all__\n")


@of_cpython
@pytest.mark.parametrize(("use", "modules"), NEEDS[1:], ids=lambda value: str(value)[:20])
def test_nothing_else_is_needed(use: str, modules: list[str], tmp_path: Path) -> None:
    run_with(modules, use, tmp_path)


@of_cpython
def test_nothing_else_is_needed_for_queries(tmp_path: Path) -> None:
    run_with([], NEEDS[0][0], tmp_path)


def run_with(modules: list[str], use: str, folder: Path) -> None:
    copy_modules(NEEDS[0][1] + modules, folder)
    (program,) = [text for start, text in PROGRAMS.items() if use.startswith(start)]
    lines = ["import sys", f"sys.path[:] = [{str(folder)!r}, *{PATHS}]", "import getifs"]
    lines += [line.removeprefix("        ") for line in program.strip().splitlines()]
    python("\n".join(lines), "-S", "-I")


def test_each_use_is_tested() -> None:
    assert len(NEEDS) == len(PROGRAMS) > 5


# Debian links _socket into the interpreter.
@of_cpython
@pytest.mark.parametrize("missing", sorted({"ipaddress", "_socket"} - {*sys.builtin_module_names}))
def test_a_module_that_is_missing_is_noticed(missing: str, tmp_path: Path) -> None:
    use, modules = next(need for need in NEEDS if need[0].startswith("addresses"))
    with pytest.raises(AssertionError, match=f"No module named '{missing}'"):
        run_with([name for name in modules if name != missing], use, tmp_path)


def test_optional_parts_can_be_left_out(tmp_path: Path) -> None:
    package = tmp_path / "getifs"
    shutil.copytree(PACKAGE, package)
    for pattern in OPTIONAL:
        for path in package.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert not (package / "watcher.py").exists()
    assert len(OPTIONAL) > 9
    program = f"import sys\nsys.path[:0] = [{str(tmp_path)!r}]\nimport getifs\nprint(getifs.__file__)\n"
    program += "getifs.interfaces().to_dicts(), getifs.interface_addrs().to_dicts(), getifs.route_table().to_dicts()\n"
    program += "getifs.default_routes(), getifs.gateway_addrs(), getifs.neighbours(), getifs.ip_mtu('127.0.0.1')"
    assert python(program).strip() == str(package / "__init__.py")
