"""bench/ablations.py: its replacements apply to the sources as they are, so that `make bench-tricks` stays usable."""

import ast
from pathlib import Path
from runpy import run_path

import pytest

ROOT = Path(__file__).parents[1]
ABLATIONS = run_path(str(ROOT / "bench/ablations.py"))["ABLATIONS"]


@pytest.mark.parametrize("name", ABLATIONS)
def test_replacements_apply(name: str, tmp_path: Path) -> None:
    edits = ABLATIONS[name].edits
    for folder in {(tmp_path / edit.path).parent for edit in edits}:
        folder.mkdir(parents=True, exist_ok=True)
    for edit in edits:
        (tmp_path / edit.path).write_text((ROOT / edit.path).read_text())
    ABLATIONS[name].apply(tmp_path)
    for edit in edits:
        changed = (tmp_path / edit.path).read_text()
        assert changed != (ROOT / edit.path).read_text()
        if edit.path.endswith(".py"):
            ast.parse(changed)


def test_out_of_date_replacement(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("one two two")
    edit = run_path(str(ROOT / "bench/ablations.py"))["Edit"]
    for old in ("three", "two"):
        with pytest.raises(ValueError, match="file has"):
            edit("file", old, "four").text(tmp_path)
    assert edit("file", "one", "four").text(tmp_path) == "four two two"
