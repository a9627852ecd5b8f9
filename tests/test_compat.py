"""getifs.compat: what importing a shim imports, that the rest does without it, documentation and annotations."""

import inspect
import re
import shutil
import struct
import subprocess
import sys
import typing
from importlib import import_module
from pathlib import Path

import pytest
from interpreter import PACKAGE, modules_after
from vendored import alias

from getifs import LinkStats

SHIMS = ["psutil", "netifaces", "ifaddr"]


@pytest.mark.parametrize("name", SHIMS)
def test_a_shim_does_not_import_the_others(name: str) -> None:
    loaded = modules_after(f"import getifs.compat.{name}")
    public = {
        module for module in loaded if module.startswith("getifs.compat.") and not module.split(".")[2].startswith("_")
    }
    assert public == {f"getifs.compat.{name}"}
    assert not loaded & set(SHIMS)


def test_the_rest_works_without_it(tmp_path: Path) -> None:
    """A copy of the library that leaves it out has all other modules."""
    shutil.copytree(PACKAGE, tmp_path / "getifs", ignore=shutil.ignore_patterns("compat", "__pycache__"))
    modules = [
        ".".join(path.relative_to(tmp_path).with_suffix("").parts)
        for path in (tmp_path / "getifs").rglob("*.py")
        if path.stem != "__main__"
    ]
    program = f"from importlib import import_module\nfor name in {modules}: print(import_module(name).__file__)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert len(modules) > 20
    assert all(line.startswith(f"{tmp_path}/getifs/") for line in done.stdout.splitlines())
    others = [path for path in PACKAGE.rglob("*") if path.suffix in {".py", ".pyi"} and "compat" not in path.parts]
    assert not [path for path in others if re.search(r"\bcompat\b", path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("name", [*SHIMS, "ifaddr.netifaces", "ifaddr._shared"])
def test_everything_is_documented_and_annotated(name: str) -> None:
    module = import_module(f"getifs.compat.{name}")
    assert inspect.getdoc(module)
    for value in vars(module).values():
        is_ours = inspect.isfunction(value) or inspect.isclass(value)
        if is_ours and alias(value.__module__).startswith("getifs.compat"):
            assert (inspect.getdoc(value) or "").splitlines()[0].endswith("."), value
            assert typing.get_type_hints(value) or inspect.isclass(value), value


def test_counters_are_the_words_of_the_kernel() -> None:
    """`psutil` reads them by their place; links of which each counter differs are rare."""
    psutil = import_module("getifs.compat.psutil")
    names = LinkStats._fields
    words = psutil._counted(struct.pack(f"={len(names)}Q", *range(len(names))))
    assert [names[word] for word in words] == [*names[:8], "rx_missed_errors"]
