"""Which marks of people count, and what they add to a report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fakes import manifest

from gradekit.core.bundle import Bundle
from gradekit.core.marks import HumanMark, Mark, QuestionMark, Report, Verdict
from gradekit.grading.human_marks import HumanMarks
from gradekit.grading.written_answers import AnswerState, WrittenAnswer, find_answers
from gradekit.submission.find import HandIn, find_hand_ins

ANSWER = {"id": "findings", "cell_type": "markdown", "source": "More filters help."}


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    """A bundle with an automatic question of 2 points and a written one of 4."""
    folder = tmp_path / "autograder"
    (folder / "tests").mkdir(parents=True)
    (folder / "tests/conv1d.py").write_text("")
    data: dict[str, Any] = manifest()
    data["questions"][1]["cells"] = ["findings"]
    data["cells"] = ["a", "findings"]
    (folder / "manifest.json").write_text(json.dumps(data))
    return Bundle.load(folder)


def hand_in(folder: Path, *cells: dict[str, str]) -> HandIn:
    """Hand in a notebook with one code cell and these cells."""
    (folder / "class").mkdir(exist_ok=True)
    first = {"id": "a", "cell_type": "code", "source": f"x = {len(cells)}"}
    notebook = {"nbformat": 4, "cells": [first, *cells]}
    (folder / "class/alice.ipynb").write_text(json.dumps(notebook))
    [handin] = find_hand_ins(folder / "class")
    return handin


def marked(handin: HandIn, bundle: Bundle, points: float) -> tuple[HumanMark, WrittenAnswer]:
    """Return the mark of somebody who reads the answer in a file, and that answer."""
    [answer] = find_answers(handin, bundle, {})
    mark = HumanMark(
        question="findings", submission="alice", sha256=answer.sha256, answer=answer.digest,
        points=points, comment="", when=1.0, who="tess",
    )  # fmt: skip
    return mark, answer


def test_a_mark_of_an_answer_that_is_missing_now_does_not_count(
    tmp_path: Path, bundle: Bundle
) -> None:
    """Somebody found it elsewhere in one file; in the next file it has to be looked for again."""
    other = {"id": "x", "cell_type": "raw", "source": "<!-- BEGIN QUESTION -->"}
    mark, answer = marked(hand_in(tmp_path, other), bundle, 3.0)
    assert answer.state is AnswerState.MISSING
    again = hand_in(tmp_path, other, other)
    assert find_answers(again, bundle, {})[0].digest == mark.answer
    assert HumanMarks.of_class(bundle, [mark], [again]).by_answer == {}


def test_a_mark_of_an_answer_whose_cell_is_gone_does_not_count(
    tmp_path: Path, bundle: Bundle
) -> None:
    """Handed in again without the cell, the points wait for a person."""
    mark, answer = marked(hand_in(tmp_path, ANSWER), bundle, 3.0)
    assert answer.state is AnswerState.WRITTEN
    assert HumanMarks.of_class(bundle, [mark], [hand_in(tmp_path)]).counted == []
    kept = HumanMarks.of_class(bundle, [mark], [hand_in(tmp_path, ANSWER, ANSWER | {"id": "y"})])
    assert kept.counted == [], "something was added to the answer"


def test_a_mark_is_at_most_what_the_question_is_worth_now(tmp_path: Path, bundle: Bundle) -> None:
    """A later build may have lowered it; the report stays one that can be."""
    handin = hand_in(tmp_path, ANSWER)
    mark, _ = marked(handin, bundle, 5.0)
    check = Mark(name="x", hidden=False, verdict=Verdict.PASSED, points=2.0, out_of=2.0)
    report = Report(
        submission="alice", file="alice.ipynb", sha256="", reason=None, out_of=2.0,
        questions=(QuestionMark(name="conv1d", checks=(check,)),),
    )  # fmt: skip
    joined = HumanMarks.of_class(bundle, [mark], [handin]).add_to(report)
    assert (joined.points, joined.out_of) == (6.0, 6.0)
