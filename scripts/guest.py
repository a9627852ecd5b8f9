"""Debian for another architecture: its packages, and a machine that QEMU emulates with Debian's kernel.

The packages are downloaded by apt-get with a configuration of its own, and unpacked, not installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

PACKAGES = "python3 libpython3-dev python3-cffi-backend bash coreutils util-linux mount"
PACKAGES += " iproute2 netbase procps ethtool kmod grep sed findutils gcc"
# What the tests make: all kinds of links. The rest of the modules would fill the memory.
MODULES = ("crypto", "drivers/char", "drivers/net", "drivers/virtio", "fs/9p", "fs/fscache", "fs/netfs", "lib", "net")
# Files of packages that nothing here reads.
UNUSED = ("usr/share/doc", "usr/share/locale", "usr/share/man", "usr/share/zoneinfo", "usr/share/perl", "boot")
UNUSED_DRIVERS = ("drivers/net/ethernet", "drivers/net/wireless")

# The first process of the machine. It takes its command from the directory that it shares with this one.
INIT = """#!/bin/bash
export PATH=/usr/sbin:/usr/bin HOME=/root
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs run /run
mount -t tmpfs tmp /tmp
mkdir /run/netns
for module in virtio_pci virtio_mmio 9pnet_virtio 9p tun; do modprobe -q $module; done
mount -t 9p -o trans=virtio,version=9p2000.L,msize=131072,cache=mmap share /share
ip link set lo up
bash /share/command > /share/output 2>&1
echo $? > /share/status
sync
echo o > /proc/sysrq-trigger
sleep 60
"""


@dataclass(frozen=True)
class Guest:
    """An architecture as Debian and QEMU name it, and the directory for what is made of it."""

    folder: Path
    debian: str
    suite: str
    emulator: str  # the program of QEMU with its machine
    console: str
    kernel: str  # Debian's package
    bus: str = "pci"  # of virtio

    @property
    def root(self) -> Path:
        return self.folder / "root"

    @property
    def share(self) -> Path:
        """The directory that the machine sees as /share."""
        return self.folder / "share"

    def prepare(self, *packages: str) -> None:
        """Downloads and unpacks Python, the kernel and tools, unless that was done before."""
        wanted = [*PACKAGES.split(), *packages, self.kernel]
        made_of = self.folder / "packages"
        if made_of.exists() and made_of.read_text().split() == wanted:
            return
        archives = self._download(*wanted)
        shutil.rmtree(self.root, ignore_errors=True)
        (self.folder / "initrd").unlink(missing_ok=True)
        unpacked = self.folder / "unpacked"
        shutil.rmtree(unpacked, ignore_errors=True)
        for name in ("bin", "sbin", "lib", "lib64"):  # packages have files in /lib, which is a link in Debian
            (unpacked / "usr" / name).mkdir(parents=True)
            (unpacked / name).symlink_to(f"usr/{name}")
        for path in archives:
            with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", path], stdout=subprocess.PIPE) as reader:
                run("tar", "-x", "--no-same-owner", "--keep-directory-symlink", "-C", unpacked, stdin=reader.stdout)
        # What the installation of packages would do.
        (unpacked / "bin/sh").symlink_to("bash")
        (unpacked / "etc/passwd").write_text("root:x:0:0::/root:/bin/bash\nnobody:x:65534:65534::/:/bin/false\n")
        (unpacked / "etc/group").write_text("root:x:0:\nnogroup:x:65534:\n")
        (libc,) = (path for path in archives if path.name.startswith("libc6_"))
        run("dpkg-deb", "--control", libc, self.folder / "libc6")
        unpacked.rename(self.root)
        made_of.write_text("\n".join(wanted))

    def _download(self, *packages: str) -> list[Path]:
        apt = self.folder / "apt"
        for name in ("lists/partial", "archives/partial", "parts"):
            (apt / name).mkdir(parents=True, exist_ok=True)
        (apt / "status").touch()
        this = Path("/etc/os-release").read_text().split("VERSION_CODENAME=")[1].split()[0]
        where = ["--format", "$(REPO_URI)", "Created-By: Packages", f"Codename: {this}"]
        mirror = subprocess.run(["apt-get", "indextargets", *where], capture_output=True, text=True, check=True)
        keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
        source = f"deb [signed-by={keyring}] {mirror.stdout.split()[0]} {self.suite} main\n"
        (apt / "parts/debian.list").write_text(source)
        settings = {
            "APT::Architecture": self.debian,
            "APT::Architectures": self.debian,
            "APT::Sandbox::User": "root",
            "Dir::State::status": apt / "status",
            "Dir::State::Lists": apt / "lists",
            "Dir::Etc::SourceList": "/dev/null",
            "Dir::Etc::SourceParts": apt / "parts",
            "Dir::Cache": apt,
            "Dir::Cache::archives": apt / "archives",
        }
        options = [part for name, value in settings.items() for part in ("-o", f"{name}={value}")]
        run("apt-get", "-qq", *options, "update")
        run("apt-get", "-qq", *options, "install", "-y", "--download-only", "--no-install-recommends", *packages)
        return sorted((apt / "archives").glob("*.deb"))

    def _initrd(self, scratch: Path) -> None:
        """Makes the file system of the machine, which is kept in its memory."""
        image = scratch / "image"
        run("cp", "-a", self.root, image)
        (modules,) = (image / "usr/lib/modules").iterdir()
        for name in UNUSED:
            shutil.rmtree(image / name, ignore_errors=True)
        (modules / "kernel").rename(scratch / "kernel")
        for name in UNUSED_DRIVERS:
            shutil.rmtree(scratch / "kernel" / name, ignore_errors=True)
        for name in MODULES:
            if (scratch / "kernel" / name).exists():
                (modules / "kernel" / name).parent.mkdir(parents=True, exist_ok=True)
                (scratch / "kernel" / name).rename(modules / "kernel" / name)
        run("depmod", "-b", image, modules.name)
        for name in ("dev", "proc", "root", "run", "share", "sys", "tmp"):
            (image / name).mkdir(exist_ok=True)
        (image / "init").write_text(INIT)
        (image / "init").chmod(0o755)
        shell = "find . | cpio --quiet -o -H newc -R 0:0 > ../initrd"
        subprocess.run(["sh", "-c", shell], cwd=image, check=True)
        (scratch / "initrd").rename(self.folder / "initrd")

    def boot(self, command: str, seconds: int = 7200) -> tuple[int, str]:
        """Runs a shell command as root in a new machine, and returns its exit status and output."""
        if not (self.folder / "initrd").exists():
            scratch = self.folder / "scratch"
            shutil.rmtree(scratch, ignore_errors=True)
            scratch.mkdir()
            self._initrd(scratch)
            shutil.rmtree(scratch)
        for name in ("status", "output"):
            (self.share / name).unlink(missing_ok=True)
        (self.share / "command").write_text(command)
        (kernel,) = (self.root / "boot").glob("vmlinu[xz]-*")
        machine = [*self.emulator.split(), "-m", "2048", "-nodefaults", "-nographic", "-no-reboot"]
        machine += ["-serial", f"file:{self.folder / 'console'}", "-kernel", kernel, "-initrd", self.folder / "initrd"]
        machine += ["-append", f"console={self.console} quiet panic=-1"]
        machine += ["-fsdev", f"local,id=share,path={self.share},security_model=none"]
        machine += ["-device", f"virtio-9p-{self.bus},fsdev=share,mount_tag=share"]
        try:
            run(*machine, timeout=seconds)
            status = int((self.share / "status").read_text())
        except (FileNotFoundError, subprocess.TimeoutExpired) as error:
            console = (self.folder / "console").read_text(errors="replace")
            raise SystemExit(f"{self.debian}: the machine did not finish: {error}\n{console[-4000:]}") from None
        return status, (self.share / "output").read_text()


def run(*command: str | Path, **settings: object) -> None:
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*map(str, command)], check=True, env=env, **settings)
