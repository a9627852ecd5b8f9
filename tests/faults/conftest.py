"""The fixture `kernel`: `kernel(handler)` starts a fake kernel."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fake_kernel import FakeKernel, Handler

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = os.environ.get("CC") or shutil.which("cc") or "gcc"
    built = tmp_path_factory.mktemp("shim") / "shim.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", built, HERE / "shim.c", "-ldl"], check=True)
    return built


@pytest.fixture
def kernel(shim: Path) -> Iterator[Callable[[Handler], FakeKernel]]:
    with contextlib.ExitStack() as stack:

        def make(handler: Handler) -> FakeKernel:
            fake = FakeKernel(shim, handler)
            stack.callback(fake.close)
            return fake

        yield make
