"""Compiles the C core and its cffi glue with the kernel headers of Linux 3.10 (tests/old_headers).

First it checks that the constants and offsets in those headers equal those in this machine's headers: they are part of
the kernel's stable ABI.
"""

import os
import re
import runpy
import shlex
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORE = ROOT / "csrc"
OLD = ROOT / "tests" / "old_headers"


def compile_c(source: Path, *flags: str) -> None:
    compiler = shlex.split(os.environ.get("CC", "cc"))
    command = [*compiler, "-std=gnu11", "-Wall", "-Wextra", "-Werror", *flags, "-c", "-o", os.devnull, str(source)]
    if subprocess.run(command, check=False).returncode:
        sys.exit(f"{source.name} does not compile: {shlex.join(command)}")


def facts() -> list[str]:
    """Returns a C expression for each constant and each struct member in the old headers."""
    found = []
    for header in sorted(OLD.glob("linux/*.h")):
        if header.name == "version.h":
            continue
        text = re.sub(r"/\*.*?\*/", "", header.read_text(), flags=re.DOTALL)
        macros = [name for name in re.findall(r"^#define (\w+) .", text, re.MULTILINE) if "_ALIGN" not in name]
        enumerators = [
            item.split("=")[0].strip()
            for body in re.findall(r"\benum(?: \w+)? \{(.*?)\}", text, re.DOTALL)
            for item in body.split(",")
        ]
        found += [f"(int)offsetof(struct ifreq, {name})" if name.startswith("ifr_") else name for name in macros]
        found += enumerators
        for name, body in re.findall(r"\bstruct (\w+) \{(.*?)\}", text, re.DOTALL):
            members = [part.split()[-1] for line in body.split(";") if line.strip() for part in line.split(",")]
            found += [f"(int)offsetof(struct {name}, {member})" for member in members]
    return found


def check_facts(scratch: Path) -> None:
    includes = "".join(f"#include <linux/{header.name}>\n" for header in sorted(OLD.glob("linux/*.h")))
    head = f"#include <stddef.h>\n#include <stdio.h>\n#include <sys/socket.h>\n{includes}"
    expressions = facts()
    lines = "\n".join(f'printf("_Static_assert({fact} == %d, \\"{fact}\\");\\n", {fact});' for fact in expressions)
    printer, program, asserts = scratch / "printer.c", scratch / "printer", scratch / "asserts.c"
    printer.write_text(f"{head}int main(void) {{\n{lines}\nreturn 0; }}\n")
    compiler = shlex.split(os.environ.get("CC", "cc"))
    subprocess.run([*compiler, "-isystem", OLD, "-o", program, printer], check=True)
    asserts.write_text(head + subprocess.run([program], capture_output=True, check=True, text=True).stdout)
    compile_c(asserts)
    print(f"{len(expressions)} constants and offsets of Linux 3.10 equal those of this machine's headers")


def old_include_path(scratch: Path) -> Path:
    """Returns a directory with the old headers, and an #error for each included header that Linux 3.10 lacks."""
    linux = scratch / "include" / "linux"
    linux.mkdir(parents=True)
    for header in OLD.glob("linux/*.h"):
        (linux / header.name).symlink_to(header)
    for source in CORE.glob("*.[ch]"):
        for name in re.findall(r"#\s*include\s*<linux/(\S+)>", source.read_text()):
            if not (linux / name).exists():
                (linux / name).parent.mkdir(parents=True, exist_ok=True)
                (linux / name).write_text(f'#error "linux/{name} is not in tests/old_headers"\n')
    return linux.parent


def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        scratch = Path(directory)
        check_facts(scratch)
        include = ["-isystem", str(old_include_path(scratch))]
        sources = sorted(CORE.glob("*.c"))
        for source in sources:
            compile_c(source, *include)
        glue = scratch / "_native.c"
        runpy.run_path(str(CORE / "build_ffi.py"))["ffi"].emit_c_code(str(glue))
        python = ["-I", str(CORE), "-isystem", sysconfig.get_paths()["include"]]
        compile_c(glue, *include, *python, "-Wno-unused-function", "-Wno-missing-field-initializers")
    print(f"{len(sources)} files of the core and its cffi glue compile with the headers of Linux 3.10")


if __name__ == "__main__":
    main()
