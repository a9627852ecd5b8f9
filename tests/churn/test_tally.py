"""What counts as a wrong answer under change. `make churn` applies it to a real network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from report import verdict
from shared import Shared
from tally import GaveUp, Query, Tally

Ask = Callable[[], Any]


@pytest.fixture
def tally(tmp_path: Path) -> Callable[[Ask], Tally]:
    """Learns the rows 1 and 2, and that 3 comes and goes; then asks once."""
    path = tmp_path / "shared"
    Shared.create(path)
    shared = Shared(path)

    def measured(ask: Ask) -> Tally:
        asked = iter([lambda: [1, 2, 3], lambda: [1, 2], ask])

        def ask_next() -> Any:
            return next(asked)()

        found = Tally("getifs", Query("rows", ask_next, list, 2), (TimeoutError,))
        found.possible |= found.quiet_answer(shared)
        found.permanent = found.quiet_answer(shared)
        found.measure(shared, 0.0)
        return found

    return measured


def raises(error: Exception) -> Ask:
    def ask() -> None:
        raise error

    return ask


@pytest.mark.parametrize("answer", [[1, 2], [3, 2, 1]])
def test_right_answers(tally: Callable[[Ask], Tally], answer: list[int]) -> None:
    found = tally(lambda: answer)
    assert (found.calls, found.answered, found.wrong) == (1, 1, 0)
    assert verdict([found])[0]


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ([1], "incomplete"),
        ([], "incomplete"),
        ([1, 2, 2], "repeated"),
        ([1, 2, 3, 3], "repeated"),
        ([1, 2, 4], "impossible"),
    ],
)
def test_wrong_answers(tally: Callable[[Ask], Tally], answer: list[int], kind: str) -> None:
    found = tally(lambda: answer)
    assert getattr(found, kind) == found.wrong == 1
    assert len(found.examples) == 1
    assert not verdict([found])[0]


def test_errors(tally: Callable[[Ask], Tally]) -> None:
    for error in (GaveUp(), TimeoutError()):
        found = tally(raises(error))
        assert (found.gave_up, found.answered, found.wrong) == (1, 0, 0)
        assert not verdict([found])[0]
    found = tally(raises(KeyError("x")))
    assert (found.gave_up, found.wrong) == (0, 1)
    assert not verdict([found])[0]


def test_a_few_calls_may_give_up(tally: Callable[[Ask], Tally]) -> None:
    good, given_up = tally(lambda: [1, 2]), tally(raises(TimeoutError()))
    assert verdict([*[good] * 199, given_up])[0]
    assert not verdict([*[good] * 198, given_up])[0]
