"""Builds getifs for other architectures, checks the wheels, and runs the tests in emulated machines.

    python scripts/check_architectures.py [--build] [--run COMMAND] [ARCHITECTURE ...]

By default all architectures. The Python that runs it has the dependency groups dist and dist-matrix.

- Wheels are built by zig for musl and for an old glibc, with the headers of Debian's Python. scripts/check_symbols,
  auditwheel and abi3audit check them. `--build` stops here.
- QEMU boots Debian's kernel with Debian's Python, and runs the tests of `--offline`, and those with a network that do
  not load the machine for long. `--run COMMAND` runs a shell command instead; this directory is /share/src.

Downloads and file systems stay in build/architectures.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from guest import Guest, run

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "build/architectures"
# Pure Python, so that one copy serves every architecture. The compiled ones are Debian's.
TOOLS = ["pytest", "hypothesis", "pyroute2", "ifaddr", "trio", "anyio", "prometheus-client"]
COMPILED = ["python3-psutil", "musl-dev"]
LIVE = """against_ip against_pyroute2 links addrs routes multipath nexthops neighbours rules gateways best multicast
names details link_modes refused probe sessions snapshots watch watch_silent watch_waiting"""
TESTS = f"""
cp -r /share/src /tmp/src && cd /tmp/src || exit 1
export PYTHONPATH=/tmp/src:/share/tools:/usr/lib/python3/dist-packages HYPOTHESIS_STORAGE_DIRECTORY=/tmp/hypothesis
pytest="python3 -P -m pytest -q -p no:cacheprovider"
$pytest --offline tests && offline=0 || offline=1
$pytest {" ".join(f"tests/live/test_{name}.py" for name in LIVE.split())} && exit $offline
"""


@dataclass(frozen=True)
class Architecture:
    """How Python, Debian, zig and QEMU name it."""

    debian: str
    triplet: str
    zig: str
    emulator: str
    console: str
    kernel: str
    bus: str = "pci"
    suite: str = "bookworm"
    glibc: str = "2.17"
    flags: str = ""


ARCHITECTURES = {
    "i686": Architecture(
        "i386", "i386-linux-gnu", "x86-linux-gnu", "qemu-system-i386 -M q35 -cpu max", "ttyS0", "linux-image-686-pae"
    ),
    "aarch64": Architecture(
        "arm64",
        "aarch64-linux-gnu",
        "aarch64-linux-gnu",
        "qemu-system-aarch64 -M virt -cpu cortex-a72",
        "ttyAMA0",
        "linux-image-arm64",
    ),
    "armv7l": Architecture(
        "armhf",
        "arm-linux-gnueabihf",
        "arm-linux-gnueabihf",
        "qemu-system-arm -M virt",
        "ttyAMA0",
        "linux-image-armmp-lpae",
    ),
    "ppc64le": Architecture(
        "ppc64el",
        "powerpc64le-linux-gnu",
        "powerpc64le-linux-gnu",
        "qemu-system-ppc64 -M pseries",
        "hvc0",
        "linux-image-powerpc64le",
        glibc="2.19",  # zig has none older
        flags="-mabi=ibmlongdouble",  # of that glibc
    ),
    "s390x": Architecture(
        "s390x",
        "s390x-linux-gnu",
        "s390x-linux-gnu",
        "qemu-system-s390x -M s390-ccw-virtio -cpu max",
        "ttysclp0",
        "linux-image-s390x",
        bus="ccw",
    ),
    "riscv64": Architecture(
        "riscv64",
        "riscv64-linux-gnu",
        "riscv64-linux-gnu",
        "qemu-system-riscv64 -M virt",
        "ttyS0",
        "linux-image-riscv64",
        suite="trixie",
        glibc="2.27",  # the first one
    ),
}


def output(*command: str | Path) -> str:
    return subprocess.run([*map(str, command)], stdout=subprocess.PIPE, text=True, check=True).stdout


def copy_source(to: Path) -> None:
    """Copies what git tracks or would track."""
    shutil.rmtree(to, ignore_errors=True)
    for name in output("git", "-C", ROOT, "ls-files", "--cached", "--others", "--exclude-standard").splitlines():
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, to / name)


def target_settings(known: Architecture, guest: Guest) -> dict[str, str]:
    """Collects the headers of Debian's Python, and returns the environment for a build with them."""
    headers = guest.folder / "headers"
    (data,) = guest.root.glob(f"usr/lib/python3.*/_sysconfigdata__{known.triplet}.py")
    version = data.parent.name
    shutil.rmtree(headers, ignore_errors=True)
    for part in (version, f"{known.triplet}/{version}"):  # without the headers of Debian's C library
        shutil.copytree(guest.root / "usr/include" / part, headers / part)
    shutil.copy(data, headers)
    return {
        "_PYTHON_SYSCONFIGDATA_NAME": data.stem,
        "PYTHONPATH": str(headers),
        "CFLAGS": f"-O2 -I{headers / version} -I{headers} {known.flags}",
        "LDFLAGS": "-s",
    }


def build(name: str, target: str, guest: Guest, settings: dict[str, str]) -> Path:
    """Builds a wheel with zig, by the Python that runs this, and returns its path."""
    compiler = f"{files('ziglang') / 'zig'} cc -target {target}"
    source, wheels = guest.share / "src", guest.folder / "wheels"
    for folder in (source / "build", wheels):
        shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "build", "-n", "-w", "--outdir", str(wheels), str(source)]
    env = {**os.environ, "_PYTHON_HOST_PLATFORM": f"linux-{name}", **settings}
    env |= {"CC": compiler, "LDSHARED": f"{compiler} -shared"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"check_architectures: {target}\n{done.stdout}{done.stderr}")
    (wheel,) = wheels.glob("*.whl")
    return wheel


def module_of(wheel: Path) -> Path:
    run(sys.executable, "-m", "zipfile", "-e", wheel, wheel.parent)
    (module,) = (wheel.parent / "getifs").glob("_native*.so")
    return module


def platform_of(wheel: Path) -> str:
    """Audits the use of the ABI of Python, and returns the platform that auditwheel finds."""
    run(sys.executable, "-m", "abi3audit", "--strict", "--assume-minimum-abi3", "3.10", wheel)
    shown = " ".join(output(sys.executable, "-m", "auditwheel", "show", wheel).split())
    return re.search(r'platform tag: "(\w+)"', shown)[1]


def check_glibc(name: str, known: Architecture, guest: Guest, settings: dict[str, str]) -> None:
    """Builds and checks the wheel, and leaves its module in the directory of the machine."""
    wheel = build(name, f"{known.zig}.{known.glibc}", guest, settings)
    symbols = f"--symbols={guest.folder / 'libc6/symbols'}"
    run(sys.executable, ROOT / "scripts/check_symbols", wheel, known.glibc, "--built-there", symbols)
    module = Path(shutil.copy(module_of(wheel), guest.share / "src/getifs"))
    size = f"{module.stat().st_size / 1024:.0f} KB"
    print(f"{name}: {platform_of(wheel)}, {size}, no symbol newer than glibc {known.glibc}", flush=True)


def check_musl(name: str, known: Architecture, guest: Guest, settings: dict[str, str]) -> None:
    """Builds the wheel, and checks that musl has the functions that it imports."""
    module = module_of(build(name, known.zig.replace("-gnu", "-musl"), guest, settings))
    (musl,) = guest.root.glob("usr/lib/*-linux-musl*/libc.so")
    has = set(re.findall(r" (\w+)$", output("nm", "-D", "--defined-only", musl), re.MULTILINE))
    needs = set(re.findall(r" U (\w+)$", output("nm", "-D", module), re.MULTILINE))
    missing = {symbol for symbol in needs if not symbol.startswith(("Py", "_Py"))} - has
    if missing:
        raise SystemExit(f"check_architectures: musl for {name} has no {' '.join(sorted(missing))}")
    print(f"{name}: {module.stat().st_size / 1024:.0f} KB with musl, which has all that it imports", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", action="store_true")
    parser.add_argument("--run", default=TESTS)
    parser.add_argument("architectures", nargs="*", choices=[*ARCHITECTURES, []], default=[*ARCHITECTURES])
    arguments = parser.parse_args()
    failed = []
    for name in arguments.architectures:
        known = ARCHITECTURES[name]
        guest = Guest(FOLDER / name, known.debian, known.suite, known.emulator, known.console, known.kernel, known.bus)
        guest.prepare(*COMPILED)
        copy_source(guest.share / "src")
        settings = target_settings(known, guest)
        check_musl(name, known, guest, settings)
        check_glibc(name, known, guest, settings)
        if arguments.build:
            continue
        if not (guest.share / "tools").exists():
            pure = ["--only-binary=:all:", "--platform=any", "--implementation=py", "--abi=none"]
            where = ["--target", guest.share / "tools", "--python-version=3.11"]
            run(sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", *pure, *where, *TOOLS)
        status, said = guest.boot(arguments.run)
        print(said, flush=True)
        if status:
            failed.append(name)
    if failed:
        raise SystemExit(f"check_architectures: failed: {' '.join(failed)}")


if __name__ == "__main__":
    main()
