"""Copies of getifs in other projects: their builds, the tests run against them, what they need of Python."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).parents[1]
NAME = "acme._vendor.getifs"
SETUP = """
    import os
    from setuptools import setup

    os.environ["GETIFS_PACKAGE"] = "acme._vendor.getifs"
    setup(name="acme", packages=["acme"], cffi_modules=["third_party/getifs/csrc/build_ffi.py:ffi"])
"""
PROGRAM = """
    import pickle, sys
    import acme._vendor.getifs as vendored
    from acme._vendor.getifs import enums, errors, filters, rfc

    rows = vendored.interfaces()
    values = [rows, rows[0].flags, filters.up & filters.named("l*"), rfc.RFC1918, filters.private]
    assert repr(pickle.loads(pickle.dumps(values))) == repr(values)
    for name in vendored.__all__:
        module = getattr(getattr(vendored, name), "__module__", vendored.__name__)
        assert module.startswith("acme._vendor.getifs"), (name, module)
    assert not [name for name in sys.modules if name.startswith("getifs")], sys.modules
"""
# As if setuptools was not installed: the first finder refuses it.
WITHOUT_SETUPTOOLS = """
    import sys

    class Refuse:
        def find_spec(self, name, path=None, target=None):
            if name.partition(".")[0] in {"setuptools", "distutils", "pip"}:
                raise ImportError(f"{name} is not to be imported")

    sys.meta_path.insert(0, Refuse())
"""


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    """Another project with a copy of getifs, not built."""
    package = tmp_path / "acme/_vendor/getifs"
    package.parent.mkdir(parents=True)
    for folder in (package.parent, package.parent.parent):
        (folder / "__init__.py").touch()
    shutil.copytree(ROOT / "getifs", package, ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    shutil.copytree(ROOT / "csrc", tmp_path / "third_party/getifs/csrc")
    return tmp_path


def run(acme: Path, *arguments: str | Path, **settings: str) -> str:
    env = {**os.environ, "PYTHONPATH": str(acme), **settings}
    done = subprocess.run([sys.executable, *arguments], cwd=acme, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def check(acme: Path) -> None:
    run(acme, "-c", dedent(PROGRAM))


def test_built_by_setup_py_of_another_project(acme: Path) -> None:
    (acme / "setup.py").write_text(dedent(SETUP))
    run(acme, "setup.py", "-q", "build_ext", "--inplace")
    assert [path.parent for path in acme.rglob("*.so")] != []
    check(acme)


def test_built_without_setuptools_and_tested_under_its_name(acme: Path) -> None:
    (acme / "sitecustomize.py").write_text(dedent(WITHOUT_SETUPTOOLS))
    script = acme / "third_party/getifs/csrc/build_in_place.py"
    target = run(acme, script, "--name", NAME, "acme/_vendor/getifs").strip()
    (acme / "sitecustomize.py").unlink()
    assert Path(target).parent == acme / "acme/_vendor/getifs"
    check(acme)
    tests = [ROOT / "tests", "-c", ROOT / "pyproject.toml", f"--rootdir={ROOT}", "-p", "no:cacheprovider"]
    output = run(acme, "-m", "pytest", "-q", "--offline", *tests, GETIFS_PACKAGE=NAME)
    assert int(output.split(" passed")[0].split()[-1]) > 1000, output[-500:]


@pytest.mark.parametrize("argument", ["nowhere", "csrc"])
def test_directory_that_is_not_the_package(argument: str) -> None:
    command = [sys.executable, ROOT / "csrc/build_in_place.py", argument]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.endswith(f"{ROOT / argument} is not the package getifs\n")
