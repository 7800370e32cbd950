"""Each question is graded where its answer stands, whatever became of the notebook."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import damage
import pytest

from gradekit.core.bundle import Bundle, Check, HandedOut, Question
from gradekit.worker.matching import defined_names, plan

ROOT = Path(__file__).parents[2]
CHECK = (Check(name="c", hidden=False, points=1.0),)


def question(name: str, cell: str, *names: str) -> Question:
    return Question(
        name=name, manual=False, out_of=1.0, cells=(cell,), check_cell=f"check-{name}",
        names=names, checks=CHECK,
    )  # fmt: skip


BUNDLE = Bundle(
    folder=Path(), assignment="a", out_of=2.0, files={},
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


def handed_out(name: str, kind: str, source: str, *names: str) -> Question:
    """A question whose cell students received with this text."""
    given = (HandedOut(cell_type=kind, source=source),)
    return replace(question(name, f"{name}-answer", *names), handed_out=given)


STUB = 'def f(x):\n    """Return twice x."""\n    raise NotImplementedError("Question one")'
GIVEN = "Nothing to write: the training above is checked."
FULL = replace(
    BUNDLE,
    questions=(
        handed_out("one", "code", STUB, "f"),
        handed_out("two", "markdown", GIVEN, "model"),
    ),
)


def test_a_broken_answer_without_its_id_is_found_by_likeness() -> None:
    """It cannot be parsed, so it defines nothing; its text is still most like the one given."""
    broken = cell("x", 'def f(x):\n    """Return twice x."""\n    return 2 * x)')
    made = plan(FULL, [cell("a", "import math"), broken, cell("b", "print(3)")])
    assert [q.name for q in made.after[1]] == ["one"]
    assert made.notes[0] == (
        "question one: its cell is missing; cell 2 is most like the one that was handed out, "
        "and is taken for it."
    )


def test_a_text_that_was_left_as_it_was_is_stronger_than_a_name() -> None:
    """Training must be graded after it, not where the network is defined."""
    cells = [cell("a", "model = 1"), cell("b", "train(model)"), cell("c", GIVEN, "markdown")]
    made = plan(FULL, cells)
    assert [q.name for q in made.after[2]] == ["one", "two"]
    assert "cell 3 has the text that was handed out" in made.notes[1]


def test_a_helper_of_the_students_own_is_no_answer() -> None:
    """It shares a docstring's marks and a `return` with the stub, as any two functions do."""
    helper = cell("x", 'def area(r):\n    """Return the area."""\n    return 3.14 * r * r')
    found = plan(FULL, [cell("a", "import math"), helper, cell("b", "print(3)")])
    assert found.notes[0] == "question one: its cells are missing; graded after the last cell."


def test_two_cells_that_are_equally_like_are_none() -> None:
    """A guess that could as well be the other cell is not made."""
    twins = [cell("a", STUB.replace("f(", "h(")), cell("b", STUB.replace("f(", "k("))]
    assert "graded after the last cell" in plan(FULL, twins).notes[0]


def test_exchanged_ids_do_not_exchange_the_answers() -> None:
    """What a cell plainly defines counts for more than the id it carries."""
    swapped = [cell("two-answer", "def f(): pass"), cell("one-answer", "g = 2")]
    made = plan(BUNDLE, swapped)
    assert [q.name for q in made.after[0]] == ["one"]
    assert any("the cell with its id defines nothing of it" in note for note in made.notes)


def test_a_name_in_the_exercises_own_code_is_no_answer() -> None:
    """Later cells of the exercise may use the same name, and a blank answer must not gain by it."""
    given = replace(FULL, cells=(*BUNDLE.cells, "later"))
    stub = cell("one-answer", 'raise NotImplementedError("Question one")')
    made = plan(given, [stub, CHECK_ONE, cell("later", "f = 3")])
    assert [q.name for q in made.after[1]] == ["one"]


def test_a_renamed_answer_is_noted() -> None:
    """Its checks will not find it, and the student can see why."""
    made = plan(BUNDLE, [INTRO, cell("one-answer", "def ff(): pass"), CHECK_ONE, TWO, CHECK_TWO])
    assert made.notes == ("question one: its cell 2 does not define f, or cannot be parsed.",)


def test_an_answer_that_became_text_is_told_what_to_do() -> None:
    """It is not run, and the student can mend that."""
    made = plan(FULL, [cell("one-answer", STUB, "markdown"), CHECK_ONE])
    assert "its cell 1 is no longer code and was not run. Make it a code cell" in made.notes[0]


def test_a_deleted_answer_is_noted() -> None:
    """Its check says only that a name is missing."""
    assert plan(BUNDLE, [INTRO, CHECK_ONE, TWO, CHECK_TWO]).notes == (
        "question one: its answer cell is missing; graded at its check.",
    )


def test_damaged_notebooks_are_graded_at_the_right_place_or_with_a_note() -> None:
    """Sixty damages drawn from seeds, of one to four kinds each; none is passed over in silence."""
    exercise = Bundle.load(ROOT / "autograder")
    answers = damage.solved(ROOT / "solutions" / "cnn_mnist.ipynb")
    count = damage.measured(exercise, answers, range(60))
    assert count["wrong, silent"] == count["gone, silent"] == 0
    assert count["right"] >= 0.995 * (count["right"] + count["wrong, noted"])


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
    assert defined_names(cell("x", source)) == names
