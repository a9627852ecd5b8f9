"""Runs Python programs whose netlink requests and ioctl() calls are refused: see sandbox.c."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

SIOCGIFNAME, SIOCGIFMTU, SIOCGIFHWADDR, SIOCETHTOOL = 0x8910, 0x8921, 0x8927, 0x8946
ETHTOOL_GSET, ETHTOOL_GLINKSETTINGS = 0x01, 0x4C
NETLINK_GENERIC = GENL_ID_CTRL = 16


def build(folder: Path) -> Sandbox:
    program = folder / "sandbox"
    # Without the sanitizer that `make sanitize` preloads.
    plain = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    compiler = plain.get("CC") or shutil.which("cc") or "gcc"
    subprocess.run([compiler, "-o", program, Path(__file__).with_suffix(".c")], check=True, env=plain)
    return Sandbox(program)


class Sandbox:
    """Rules have the form `call:number:errno`. An errno of 0 only counts. `before`: a command that runs Python."""

    def __init__(self, program: Path) -> None:
        self._program = program
        self.before: list[str] = []
        self.counts: dict[str, int] = {}

    def run(self, code: str, *rules: str) -> str:
        """The output of a Python program. The number of calls that matched each rule is in `counts` then."""
        command = [self._program, *rules, "--", *self.before, sys.executable, "-c", code]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        lines = done.stderr.splitlines()[-len(rules) :]
        self.counts = {rule: int(line.split()[1]) for rule, line in zip(rules, lines, strict=True)}
        return done.stdout

    def ask(self, expression: str, *rules: str) -> object:
        """The value of an expression, which must be valid JSON. An exception is [class name, errno]."""
        code = (
            "import json, getifs\n"
            "try:\n"
            f"    result = {expression}\n"
            "except Exception as error:\n"
            "    result = [type(error).__name__, getattr(error, 'errno', None)]\n"
            "print(json.dumps(result))\n"
        )
        return json.loads(self.run(code, *rules))


def message(kind: int, error: int = errno.EACCES) -> str:
    return f"message:{kind}:{error}"
