"""Item analysis: difficulty, discrimination, and the checks that deserve a second look."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradekit.cli import main
from gradekit.core.marks import Mark, QuestionMark, Report, Verdict
from gradekit.grading.results import Results
from gradekit.pages.items import Item, analyse

Scores = dict[str, Sequence[int]]  # of each check, 1 for each student who passed


def mark(name: str, passed: int, out_of: float = 1.0) -> Mark:
    verdict = Verdict.PASSED if passed else Verdict.FAILED
    points = out_of * passed
    return Mark(name=name, hidden=False, verdict=verdict, points=points, out_of=out_of)


def reports(scores: Scores) -> list[Report]:
    """A class: each check is the only one of its question, and worth one point."""
    count = len(next(iter(scores.values())))
    return [
        Report(
            submission=f"student{n:02}",
            file=f"student{n:02}.ipynb",
            sha256="0" * 64,
            reason=None,
            out_of=float(len(scores)),
            questions=tuple(
                QuestionMark(name=name, checks=(mark(f"{name} holds", passed[n]),))
                for name, passed in scores.items()
            ),
        )
        for n in range(count)
    ]


def item(scores: Scores, question: str, check: str | None = None) -> Item:
    found = analyse(reports(scores))
    return next(one for one in found if (one.question, one.check) == (question, check))


# Twelve students, from the weakest to the best.
LADDER: Scores = {
    "one": [0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    "two": [0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1],
    "three": [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1],
    "four": [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1],
}
ODD = [1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0]  # passed by all but the best


def test_difficulty_is_the_share_of_points_with_an_exact_interval() -> None:
    """7 of 10 is 0.7, and with ten students anything from 0.35 to 0.93."""
    found = item({"q": [1] * 7 + [0] * 3, "other": [1, 0] * 5}, "q", "q holds")
    assert (found.count, found.difficulty.value) == (10, 0.7)
    assert found.difficulty.low == pytest.approx(0.3475, abs=1e-4)
    assert found.difficulty.high == pytest.approx(0.9333, abs=1e-4)


def test_discrimination_leaves_the_item_out_of_the_rest() -> None:
    """It is the correlation with all other points, not with a total that holds the item."""
    found = item(LADDER, "two")
    rest = np.sum([LADDER[name] for name in ("one", "three", "four")], axis=0)
    want = np.corrcoef(LADDER["two"], rest)[0, 1]
    assert found.discrimination is not None
    assert found.discrimination.value == pytest.approx(want, abs=1e-4)
    z, half = np.arctanh(want), 1.959964 / np.sqrt(12 - 3)  # Fisher
    assert found.discrimination.low == pytest.approx(np.tanh(z - half), abs=1e-3)
    assert found.discrimination.high == pytest.approx(np.tanh(z + half), abs=1e-3)


def test_unrelated_checks_do_not_discriminate() -> None:
    """Two independent halves: with the item in the total this would be 0.7."""
    found = item({"a": [0, 0, 1, 1] * 4, "b": [0, 1, 0, 1] * 4}, "a")
    assert found.discrimination is not None
    assert found.discrimination.value == pytest.approx(0, abs=1e-9)


def test_a_check_that_fails_the_best_is_named() -> None:
    """The three best of twelve lose what all others have."""
    found = item({**LADDER, "odd": ODD}, "odd", "odd holds")
    assert found.discrimination is not None
    assert found.discrimination.high < 0
    text = " ".join(found.review)
    assert "fails 3 of the best 3 and 0 of the other 9" in text
    assert "those who pass it earn less elsewhere" in text


def test_checks_that_behave_are_not_named() -> None:
    """What the better students pass needs no review."""
    found = analyse(reports(LADDER))
    assert [one.name for one in found if one.review] == []


def test_two_students_are_too_few_to_be_the_best_of_a_class() -> None:
    """Of eight the best quarter is two, and two who fail a check prove nothing about it."""
    eight: Scores = {name: passed[4:] for name, passed in LADDER.items()}
    found = item({**eight, "odd": [1, 1, 1, 1, 1, 1, 0, 0]}, "odd", "odd holds")
    assert "of the best" not in " ".join(found.review)


@pytest.mark.parametrize(
    ("passed", "sentence"),
    [([1] * 12, "passes all 12"), ([0] * 12, "fails all 12")],
)
def test_what_everybody_passes_or_fails_is_named(passed: list[int], sentence: str) -> None:
    """There is no discrimination to compute, and a sentence in its place."""
    found = item({**LADDER, "flat": passed}, "flat", "flat holds")
    assert found.discrimination is None
    assert found.review[0].startswith(sentence)


def test_partial_points_have_a_bootstrap_interval() -> None:
    """A question with several checks is neither all nor nothing."""
    class_ = [
        Report(
            submission=f"s{n}", file="s.ipynb", sha256="0", reason=None, out_of=4.0,
            questions=(
                QuestionMark(name="q", checks=(mark("a", n % 2), mark("b", n % 3 > 0, 3.0))),
            ),
        )
        for n in range(30)
    ]  # fmt: skip
    found = analyse(class_)[0]
    assert found.difficulty.value == pytest.approx((0.5 + 3 * 2 / 3) / 4, abs=1e-4)
    assert found.difficulty.low < found.difficulty.value < found.difficulty.high
    assert found.difficulty.high - found.difficulty.low < 0.4


def test_who_has_no_score_is_left_out(tmp_path: Path) -> None:
    """A failure of ours says nothing about a question."""
    ungraded = Report(
        submission="zoe", file="z.ipynb", sha256="0", reason="Docker stopped", out_of=4.0
    )
    assert analyse([*reports(LADDER), ungraded]) == analyse(reports(LADDER))
    assert analyse([ungraded]) == []


def test_the_command_prints_a_table_and_what_to_review(tmp_path: Path, capsys: Any) -> None:
    """80 columns for people, JSON for pages, a sentence where there is no class."""
    class_ = reports({**LADDER, "odd": ODD, "easy": [1] * 12})
    results = Results(tmp_path, [report.submission for report in class_])
    results.save_class(class_, [*LADDER, "odd", "easy"])
    assert main(["items", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert max(map(len, printed.splitlines())) <= 80
    table, review = printed.split("review:\n")
    assert "one" in table
    assert review.startswith("odd")
    assert "passed by all, so they tell nobody apart: easy (easy holds)" in review
    assert main(["items", str(tmp_path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found) == 12
    assert found[-1]["difficulty"]["value"] == 1.0
    assert main(["items", str(tmp_path / "nowhere")]) == 2
