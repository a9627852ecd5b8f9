"""The files of iproute2 in which numbers get names: which are read, when, and what is in them."""

import os
from pathlib import Path

import pytest
from recorded import CAPTURES, recorded

import getifs
from getifs import replay
from getifs._rows import name_files


@pytest.fixture
def directories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Those of this test instead of those of the machine: /etc, /usr/share, /usr/lib."""
    found = [tmp_path / name for name in ("etc", "share", "lib")]
    for directory in found:
        directory.mkdir()
    monkeypatch.setattr(name_files, "DIRECTORIES", list(map(str, found)))
    return found


def names(*, directory: bool = False) -> name_files.Names:
    return name_files.Names("rt_some", 255, has_directory=directory)


def shown(of: name_files.Names, count: int = 30) -> dict[int, str]:
    of.look_again()
    return {number: name for number in range(count) if (name := of.name(number))}


def test_lines(directories: list[Path]) -> None:
    lines = (
        *("1 one", "\t 2\ttwo # a comment", "0x3 three", "# 4 four", "#5 five", "", "six 6", "-7 seven", "0x8x eight"),
        *("9", "10 ten eleven", "12 first", "12 second", "300 large", "13 caf\xe9", "0xzz none", "14 \xff", "15 last"),
    )
    (directories[0] / "rt_some").write_bytes("\n".join(lines).encode("latin-1"))
    expected = {1: "one", 2: "two", 3: "three", 10: "ten", 12: "second", 13: "caf\udce9", 14: "\udcff", 15: "last"}
    assert shown(names(), 400) == expected
    assert names().number("first") == names().number("second") == 12
    assert names().number("large") is names().number("nothing") is None


def test_the_smallest_number_with_a_name(directories: list[Path]) -> None:
    (directories[0] / "rt_some").write_text("7 same\n3 same\n5 same\n")
    assert names().number("same") == 3


def test_the_first_directory_that_has_the_file(directories: list[Path]) -> None:
    for at in (2, 1, 0):
        (directories[at] / "rt_some").write_text(f"1 one-{at}\n{at + 2} own\n")
        assert shown(names()) == {1: f"one-{at}", at + 2: "own"}
    (directories[0] / "rt_some").write_text("")
    assert shown(names()) == {}


def test_more_files_in_directories(directories: list[Path]) -> None:
    """A file of /etc replaces that of /usr with the same name, also by a link to nothing. The last name wins."""
    (directories[0] / "rt_some").write_text("1 main\n2 main\n3 main\n")
    for at, files in enumerate((("b.conf", "c.conf"), ("a.conf", "b.conf", "d.conf"), ("a.conf", "e.conf"))):
        place = directories[at] / "rt_some.d"
        place.mkdir()
        for number, name in enumerate(files):
            (place / name).write_text(f"{10 * at + 10 + number} {name}-{at}\n2 {name}-{at}\n")
    (directories[0] / "rt_some.d" / "d.conf").symlink_to("/dev/null")
    for ignored in (".hidden.conf", "README", "x.conf~"):
        (directories[0] / "rt_some.d" / ignored).write_text("3 wrong\n")
    expected = {1: "main", 2: "c.conf-0", 3: "main", 10: "b.conf-0", 11: "c.conf-0", 20: "a.conf-1"}
    assert shown(names(directory=True), 40) == {**expected, 31: "e.conf-2"}
    assert shown(names(), 40) == {1: "main", 2: "main", 3: "main"}


def test_what_is_no_file(directories: list[Path]) -> None:
    """Nothing waits for the other end of a pipe."""
    os.mkfifo(directories[0] / "rt_some")
    assert shown(names()) == {}
    (directories[0] / "rt_some").unlink()
    (directories[0] / "rt_some").mkdir()
    (directories[0] / "rt_some.d").write_text("1 one\n")
    assert shown(names(directory=True)) == {}


def test_a_changed_file_is_read_again(directories: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    file, now = directories[0] / "rt_some", [100.0]
    monkeypatch.setattr(name_files, "monotonic", lambda: now[0])
    of = names(directory=True)
    assert of.name(1) is None
    file.write_text("1 one\n")
    assert of.number("one") == 1  # looks at once
    file.write_text("1 another\n")
    assert of.name(1) == "one"
    now[0] += 1.5
    assert of.name(1) == "another"
    (directories[0] / "rt_some.d").mkdir()
    (directories[0] / "rt_some.d" / "a.conf").write_text("1 a\n")
    of.look_again()
    assert of.name(1) == "a"
    (directories[0] / "rt_some.d" / "a.conf").unlink()
    file.unlink()
    assert of.number("a") is None
    assert of.name(1) is None


def test_to_dicts_looks_again(directories: list[Path]) -> None:
    capture = CAPTURES["route-table-1000-all"]
    table = replay.routes(recorded(capture), all=True)
    assert {row["table"] for row in table.to_dicts()} >= {"1000"}
    (directories[0] / "rt_tables").write_text("1000 red\n")
    assert {row["table"] for row in table.to_dicts()} >= {"red"}
    (directories[0] / "rt_tables").write_text("1000 reddish\n")
    assert {row["table"] for row in table.to_dicts()} >= {"reddish"}
    found = [row for row in table if row.table == 1000]
    assert {row.to_dict()["table"] for row in found} == {"reddish"}
    assert replay.routes(recorded(capture), table="reddish", all=True) == found
    assert table.where(getifs.filters.in_table("reddish")) == found
    assert repr(getifs.filters.in_table("reddish")) == "in_table('reddish')"


def test_names_of_the_kernel_come_first(directories: list[Path]) -> None:
    (directories[0] / "rt_tables").write_text("254 other\n1000 main\n")
    (directories[0] / "rt_protos").write_text("3 other\n4 boot\n")
    table = replay.routes(recorded(CAPTURES["route-table-1000-all"]), all=True)
    assert table.where(getifs.filters.in_table("main")) == [row for row in table if row.table == 254] != []
    boot = [row for row in table if row.protocol == 3]
    assert table.where(getifs.filters.protocol("boot")) == table.where(getifs.filters.protocol("other")) == boot != []
    assert {(row["table"], row["protocol"]) for row in table.to_dicts()} >= {("main", "boot")}
