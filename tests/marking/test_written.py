"""Written answers: found wherever they stand, marked by people, and never lost or half counted."""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import marking_class
import pytest
from fakes import FakeSandbox
from marking_class import ANSWERS, grade, hand_in, of_class, proposed, report, rows

from gradekit.cli import main
from gradekit.core.bundle import Bundle
from gradekit.core.errors import GraderError, SubmissionError
from gradekit.core.rubric import load
from gradekit.grading.journal import WRITTEN, Journal
from gradekit.grading.written_answers import AnswerFinder, AnswerState, find_answers
from gradekit.platforms.export import export_grades
from gradekit.submission.find import find_hand_ins

Capture = pytest.CaptureFixture[str]
Cells = list[dict[str, str]]


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with a bundle and a class of four."""
    monkeypatch.chdir(tmp_path)
    marking_class.fill(tmp_path)
    return tmp_path


def give(**points: float | None) -> None:
    """Mark answers to `findings` and bring the views up, as `gradekit written` does."""
    with Journal(Path("results"), WRITTEN) as journal:
        marking = of_class(journal)
        marking.save([proposed(name, value) for name, value in points.items()])
        marking.write_views()


# Finding them


def lost(cells: Cells) -> None:
    for number, cell in enumerate(cells):
        cell["id"] = f"new-{number}"


def retyped(cells: Cells) -> None:
    cells[2]["id"] = "new"


def continued(cells: Cells) -> None:
    more = {"id": "more", "cell_type": "code", "source": "print('a table')"}
    before = {"id": "before", "cell_type": "markdown", "source": "First."}
    cells.insert(3, more)
    cells.insert(2, before)


CHANGES: dict[str, tuple[Callable[[Cells], None], list[str]]] = {
    "as it was": (lambda cells: None, ["Mine."]),
    "in a cell of its own id": (retyped, ["Mine."]),
    "without any id": (lost, ["Mine."]),
    "among cells that were added": (continued, ["First.", "Mine.", "print('a table')"]),
    "in another order": (lambda cells: cells.reverse(), ["Mine."]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_answer_is_found_whatever_became_of_its_cells(change: str, room: Path) -> None:
    """Moved, retyped, spread over several cells, or with all ids lost."""
    cells = marking_class.cells("Mine.")
    edit, expected = CHANGES[change]
    edit(cells)
    bundle = Bundle.load(Path("autograder"))
    places, note = AnswerFinder(bundle, cells, load(Path("autograder"))).find(bundle.questions[1])
    assert [cells[place]["source"] for place in places] == expected
    assert bool(note) == (change in ("in a cell of its own id", "without any id"))


def test_an_answer_that_is_not_found_is_not_an_empty_one(room: Path) -> None:
    """Nobody gets 0 points in bulk because we could not find what they wrote."""
    cells = marking_class.cells("Mine.")
    for number in (1, 2):
        cells[number] |= {"id": f"x{number}", "source": "Something else."}
    cells.reverse()
    bundle = Bundle.load(Path("autograder"))
    found = AnswerFinder(bundle, cells, load(Path("autograder"))).find(bundle.questions[1])
    assert found == ([], "no cell for this answer was found; look into the notebook.")


def test_what_was_handed_out_is_no_answer_and_a_broken_file_is_not_empty(room: Path) -> None:
    """An untouched cell is empty; without a notebook there is nothing to say of it."""
    Path("submissions/eve.ipynb").write_text("{")
    bundle, rubrics = Bundle.load(Path("autograder")), load(Path("autograder"))
    found = {
        one.id: find_answers(one, bundle, rubrics)[0] for one in find_hand_ins(Path("submissions"))
    }
    assert {name: answer.state for name, answer in found.items()} == {
        "alice": AnswerState.WRITTEN,
        "bo": AnswerState.EMPTY,
        "chen": AnswerState.WRITTEN,
        "dana": AnswerState.WRITTEN,
        "eve": AnswerState.UNREADABLE,
    }
    assert found["dana"].text == ANSWERS["dana"]
    assert "not a notebook" in found["eve"].note


# Counting them


def test_a_class_without_written_points_looks_as_if_it_had_no_written_question(room: Path) -> None:
    """No column, no points to earn, though the bundle has such a question."""
    assert grade() == 0
    assert "findings" not in rows()["alice"]
    assert (report("alice")["points"], report("alice")["out_of"]) == (2.0, 2.0)


def test_points_join_reports_gradebook_and_exports(room: Path, capsys: Capture) -> None:
    """With the first points everybody can earn them; an unread answer is an empty cell."""
    grade()
    give(alice=3.5, dana=0)
    shown = ("findings", "points", "out_of")
    assert {name: tuple(row[column] for column in shown) for name, row in rows().items()} == {
        "alice": ("3.5", "5.5", "6.0"),
        "bo": ("", "2.0", "6.0"),
        "chen": ("", "2.0", "6.0"),
        "dana": ("0.0", "2.0", "6.0"),
    }  # fmt: skip
    found = report("alice")["questions"][1]
    assert (found["name"], found["points"], found["out_of"]) == ("findings", 3.5, 4.0)
    assert report("chen")["questions"][1]["points"] is None
    new = export_grades("canvas", Path("results"), column="Exercise 9").data.decode()
    row = next(csv.DictReader(io.StringIO(new.splitlines()[0] + "\n" + new.splitlines()[2])))
    assert "5.5" in row.values()
    assert "5.5" in export_grades("csv", Path("results")).data.decode()
    capsys.readouterr()
    grade()
    assert "not marked yet: 2 written answers to findings" in capsys.readouterr().err


def test_canvas_takes_the_whole_total(room: Path, tmp_path: Path) -> None:
    """Points and maximum in Canvas are those of checks and people together."""
    grade()
    give(alice=4, bo=0, chen=1, dana=2.5)
    data = export_grades("canvas", Path("results"), column="Exercise 9").data.decode("utf-8-sig")
    header, possible, *students = csv.reader(io.StringIO(data))
    assert possible[-1] == "6"
    assert sorted(row[-1] for row in students) == ["2", "3", "4.5", "6"]
    assert header[-1] == "Exercise 9"


def test_grading_again_keeps_what_people_gave(room: Path) -> None:
    """Also when only some are graded, when all are graded anew, and with another bundle."""
    grade()
    give(alice=3.5, chen=1)
    before = rows()
    for options in ([], ["--only", "bo"], ["--again", "alice"], ["--seed", "other"]):
        assert grade(*options) == 0
        assert rows() == before
        assert report("alice")["points"] == 5.5
    path = Path("autograder/manifest.json")
    path.write_text(path.read_text() + "\n")
    grade()
    assert rows() == before


def test_points_belong_to_the_text_that_was_read(room: Path) -> None:
    """The same answer in a new file keeps them; a new one waits; the old one counts again."""
    grade()
    give(alice=3.5)
    hand_in(room, "alice", ANSWERS["alice"], saved="again")
    grade()
    assert rows()["alice"]["findings"] == "3.5"
    hand_in(room, "alice", "Something new.")
    grade()
    assert "findings" not in rows()["alice"], "no answer of the class has points now"
    with Journal(Path("results"), WRITTEN) as journal:
        entry = of_class(journal).answer("findings", "alice")
    assert (entry.changed, entry.points) == (True, None)
    hand_in(room, "alice", ANSWERS["alice"])
    grade()
    assert rows()["alice"]["findings"] == "3.5"


def test_points_can_be_taken_back(room: Path) -> None:
    """The last points taken back, the class looks as before; the journal keeps every step."""
    grade()
    before = rows()
    give(alice=3.5)
    give(alice=None)
    assert rows() == before
    assert report("alice")["out_of"] == 2.0


def test_a_mark_keeps_who_gave_it_when_and_its_comment_as_lines(room: Path) -> None:
    """Control characters are spelled out before a comment goes to a student."""
    with Journal(Path("results"), WRITTEN) as journal:
        marking = of_class(journal)
        marking.save([proposed("bo", None, "see\x1b me\n\tsoon")])
        assert marking.give_zero_to_empty("findings") == 1
        [mark] = journal.human_marks()
    assert (mark.points, mark.comment) == (0.0, "see\\x1b me\n    soon")
    assert (mark.who, mark.when) == ("tess", 1.0)


def test_what_the_journal_cannot_take_is_not_shown_as_saved(room: Path) -> None:
    """The journal comes first, the copy in memory after it."""
    import sqlite3

    with Journal(Path("results"), WRITTEN) as journal:
        marking = of_class(journal)
        with sqlite3.connect("results/journal.sqlite3") as base:
            base.execute("DROP TABLE written")
        with pytest.raises(GraderError):
            marking.save([proposed("alice", 1)])
        assert marking.answer("findings", "alice").points is None


def test_empty_answers_get_nothing_at_one_stroke(room: Path) -> None:
    """Only those that say nothing, and none that has points already."""
    with Journal(Path("results"), WRITTEN) as journal:
        marking = of_class(journal)
        assert marking.give_zero_to_empty("findings") == 1
        assert marking.give_zero_to_empty("findings") == 0
        assert marking.answer("findings", "bo").points == 0
        assert marking.answer("findings", "alice").points is None


@pytest.mark.parametrize("points", [-0.5, 4.5, 0.3])
def test_points_are_within_the_question_and_in_steps(points: float, room: Path) -> None:
    """None of a batch is given if one is wrong."""
    with Journal(Path("results"), WRITTEN) as journal:
        marking = of_class(journal)
        marks = [proposed("bo", 1), proposed("alice", points)]
        with pytest.raises(SubmissionError, match=f"{points:g} points. Give"):
            marking.save(marks)
        assert marking.answer("findings", "bo").points is None


@pytest.mark.parametrize(("characters", "fits"), [(2000, True), (2001, False)])
def test_a_comment_has_a_limit(characters: int, fits: bool, room: Path) -> None:
    """The limit is one that the page knows too, and the sentence names both numbers."""
    with Journal(Path("results"), WRITTEN) as journal:
        refusal = of_class(journal).refusal(proposed("alice", 1, "x" * characters))
    assert refusal == (
        "" if fits else "findings: the comment has 2001 characters. Give at most 2000."
    )


def test_an_answer_that_cannot_be_read_gets_no_points(room: Path) -> None:
    """Nobody has seen it, so it is no answer worth 0."""
    (room / "submissions/eve.ipynb").write_text("{")
    with Journal(Path("results"), WRITTEN) as journal:
        marking = of_class(journal)
        assert marking.answer("findings", "eve").locked
        with pytest.raises(SubmissionError, match="no notebook was handed in"):
            marking.save([proposed("eve", 0)])
        assert marking.give_zero_to_empty("findings") == 1  # bo's, not eve's


def test_full_points_can_be_given_off_the_step(room: Path) -> None:
    """Of 2.25 points by halves, 2.25 is right and 1.75 is not."""
    marking_class.build(room, out_of=2.25)
    with Journal(Path("results"), WRITTEN) as journal:
        marking = of_class(journal, step=0.5)
        marking.save([proposed("alice", 2.25)])
        assert marking.answer("findings", "alice").points == 2.25
        with pytest.raises(SubmissionError, match=r"1\.75 points\. Give a multiple of 0\.5"):
            marking.save([proposed("bo", 1.75)])


def test_written_and_grade_do_not_hold_one_folder_together(room: Path) -> None:
    """Each says which of the two is there and how to end it."""
    with (
        Journal(Path("results"), WRITTEN),
        pytest.raises(GraderError, match=r"`gradekit written`, is open on this folder\. End it"),
        Journal(Path("results")),
    ):
        pass
    with (
        Journal(Path("results")),
        pytest.raises(GraderError, match="another gradekit is grading"),
        Journal(Path("results"), WRITTEN),
    ):
        pass


def test_a_journal_of_before_gets_its_table(room: Path) -> None:
    """What it remembers stays."""
    import sqlite3

    grade()
    with sqlite3.connect("results/journal.sqlite3") as base:
        base.execute("DROP TABLE written")
    give(alice=1)
    assert rows()["alice"]["points"] == "3.0"


def test_a_bundle_without_written_questions_says_so(room: Path, capsys: Capture) -> None:
    """There is nothing to open."""
    path = Path("autograder/manifest.json")
    path.write_text(path.read_text().replace('"manual": true', '"manual": false'))
    assert main(["written"]) == 2
    assert "averages has no written question" in capsys.readouterr().err


# Losing the journal


def lose_journal() -> None:
    for path in Path("results").glob("*journal.sqlite3*"):
        path.unlink()


def test_marks_that_only_the_reports_have_are_taken_back(room: Path, capsys: Capture) -> None:
    """Without the journal, grading anew keeps each point and comment, and says so."""
    grade()
    give(alice=3.5, dana=0)
    before = rows()
    lose_journal()
    capsys.readouterr()
    assert grade() == 0
    assert (
        "2 marks of written answers, missing in the journal, taken from" in capsys.readouterr().err
    )
    assert rows() == before
    # The text that was read is known, so the mark stays where the file but not the answer changes.
    marking_class.hand_in(Path(), "alice", ANSWERS["alice"], more="new")
    grade()
    assert "taken from" not in capsys.readouterr().err
    assert rows() == before


def test_other_commands_take_marks_back_too(room: Path, capsys: Capture) -> None:
    """Marking on and publishing a regrade write the reports anew as well."""
    grade()
    give(alice=3.5)
    before = rows()
    lose_journal()
    assert main(["written", "--export", "marks.csv"]) == 0
    assert rows() == before
    with Journal(Path("results"), WRITTEN) as journal:
        assert [mark.points for mark in journal.human_marks()] == [3.5]
    grade()
    # As an older copy of the journal, from before anybody marked.
    with closing(sqlite3.connect("results/journal.sqlite3")) as base, base:
        base.execute("DELETE FROM written")
    assert main(["regrade", "--yes"], choose=FakeSandbox().choose) == 0
    assert rows() == before


def test_points_that_were_taken_back_stay_taken_back(room: Path) -> None:
    """The journal says so, whatever an older report has."""
    grade()
    give(alice=3.5, dana=1)
    old = Path("results/alice.json").read_bytes()
    give(alice=None)
    Path("results/alice.json").write_bytes(old)
    grade()
    assert rows()["alice"]["findings"] == ""


def test_a_mark_of_a_file_that_has_changed_waits_in_the_journal(room: Path) -> None:
    """Nobody can tell whether the answer is the one that was read, so a person looks again."""
    grade()
    give(alice=3.5, dana=1)
    lose_journal()
    marking_class.hand_in(Path(), "alice", "Another answer.")
    grade()
    assert rows()["alice"]["findings"] == ""
    with Journal(Path("results"), WRITTEN) as journal:
        assert "Earlier mark: 3.5 points" in " ".join(
            of_class(journal).answer("findings", "alice").notes
        )


def test_the_remedy_of_a_damaged_journal_says_that_it_has_marks(
    room: Path, capsys: Capture
) -> None:
    """Whoever moves it away knows what may be lost."""
    grade()
    give(alice=3.5)
    lose_journal()
    Path("results/journal.sqlite3").write_bytes(b"a holiday picture" * 99)
    assert grade() == 5
    assert "the marks that people gave written answers" in capsys.readouterr().err
    assert rows()["alice"]["findings"] == "3.5"
