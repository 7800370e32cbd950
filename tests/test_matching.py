"""Each question is graded where its answer stands, whatever became of the notebook."""

from pathlib import Path
from typing import Any

import pytest

from gradekit.bundle import Bundle, Check, Question
from gradekit.matching import defined, plan

CHECK = (Check(name="c", hidden=False, points=1.0),)


def question(name: str, cell: str, *names: str) -> Question:
    return Question(
        name=name, manual=False, out_of=1.0, cells=(cell,), check_cell=f"check-{name}",
        names=names, checks=CHECK,
    )  # fmt: skip


BUNDLE = Bundle(
    folder=Path(), assignment="a", out_of=2.0, digest="0",
    questions=(question("one", "one-answer", "f"), question("two", "two-answer", "g")),
    cells=("intro", "one-answer", "check-one", "two-answer", "check-two"),
)  # fmt: skip


def cell(cell_id: str, source: str, kind: str = "code") -> dict[str, Any]:
    return {"id": cell_id, "cell_type": kind, "source": source}


INTRO = cell("intro", "# Text", "markdown")
ONE = cell("one-answer", "def f(): pass")
CHECK_ONE = cell("check-one", 'grader.check("one")')
TWO = cell("two-answer", "g = 2")
CHECK_TWO = cell("check-two", 'grader.check("two")')


def places(cells: list[dict[str, Any]]) -> dict[str, int]:
    """Return after which cell each question is graded."""
    found = plan(BUNDLE, cells).after
    return {q.name: place for place, questions in found.items() for q in questions}


def test_a_question_is_graded_after_its_check_cell() -> None:
    """In the notebook as it was handed out."""
    assert places([INTRO, ONE, CHECK_ONE, TWO, CHECK_TWO]) == {"one": 2, "two": 4}


def test_a_deleted_check_cell_changes_nothing() -> None:
    """The answer cell is enough."""
    assert places([INTRO, ONE, TWO]) == {"one": 1, "two": 2}


def test_an_answer_moved_behind_its_check_is_graded_after_it() -> None:
    """Whichever comes last."""
    assert places([INTRO, CHECK_ONE, ONE, TWO]) == {"one": 2, "two": 3}


def test_moved_questions_are_noted() -> None:
    """The report says what was assumed."""
    assert plan(BUNDLE, [TWO, CHECK_TWO, ONE, CHECK_ONE]).notes == (
        "question two: its cell was moved; matched by its id.",
    )


def test_an_answer_in_a_new_cell_is_found_by_what_it_defines() -> None:
    """Ids are lost when a student copies everything into a fresh notebook."""
    fresh = [cell("a", "import math"), cell("b", "def f(): pass"), cell("c", "g = 2")]
    found = plan(BUNDLE, fresh)
    assert places(fresh) == {"one": 1, "two": 2}
    assert "found in cell 2, which defines f" in found.notes[0]


def test_a_second_try_right_behind_the_check_counts() -> None:
    """Students leave the stub alone and answer in a new cell below."""
    retry = cell("mine", "def f(): return 1")
    assert places([INTRO, ONE, CHECK_ONE, retry, TWO]) == {"one": 3, "two": 4}


def test_a_name_used_again_much_later_does_not_count() -> None:
    """A question is graded on what stands at its place."""
    assert places([INTRO, ONE, CHECK_ONE, TWO, CHECK_TWO, cell("mine", "f = 3")])["one"] == 2


def test_a_question_without_any_cell_is_graded_at_the_end_and_noted() -> None:
    """So that its checks say what is missing."""
    found = plan(BUNDLE, [INTRO, TWO])
    assert found.after[1][0].name == "one"
    assert "its cells are missing" in found.notes[0]


def test_an_empty_notebook_still_has_a_place_for_every_question() -> None:
    """Before the first cell that there is not."""
    assert places([]) == {"one": -1, "two": -1}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a, (b, *c) = 1, (2, 3)", {"a", "b", "c"}),
        ("class A: x = 1\nasync def h(): y = 2", {"A", "h"}),
        ("%matplotlib inline\n!ls\nz = 1", {"z"}),
        ("import os.path as p, sys", {"p", "sys"}),
        ("for i in []: k = 1", {"i", "k"}),
        ("def broken(:", set()),
        ("\0", set()),
        ("(" * 5000, set()),
    ],
)
def test_the_names_a_cell_defines(source: str, names: set[str]) -> None:
    """At its top level; a cell that cannot be parsed defines none."""
    assert defined(cell("x", source)) == names
