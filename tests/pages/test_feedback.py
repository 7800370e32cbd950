"""What a student reads, and what no student may read."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from made_class import HOSTILE, made_class

from gradekit.cli import main
from gradekit.core.exhibits import made
from gradekit.core.marks import Incident, Mark, QuestionMark, Report, Verdict
from gradekit.pages import feedback
from gradekit.quality.redteam import decoy
from gradekit.quality.redteam.decoy import Decoy
from gradekit.sandbox.local import LocalSandbox
from masters.edit import AVERAGES


def mark(verdict: Verdict, message: str, hidden: bool = False, claim: str = "") -> Mark:
    points = 2.0 if verdict is Verdict.PASSED else 0.0
    name = "the_name_of_a_check"
    return Mark(
        name=name, hidden=hidden, verdict=verdict, points=points, out_of=2, message=message,
        claim=claim,
    )  # fmt: skip


def report(*marks: Mark, **more: object) -> Report:
    questions = (QuestionMark(name="conv1d", checks=marks),)
    plain = {"submission": "alice", "file": "alice.ipynb", "sha256": "0" * 64, "reason": None}
    return Report(**{**plain, "out_of": 4.0, "questions": questions, **more})  # type: ignore[arg-type]


def text(report: Report) -> str:
    """Return what stands on the page, its style left out."""
    return html.unescape(feedback.page(report, "averages").partition("<body")[2])


def test_a_failed_public_check_says_its_claim_and_what_came_back() -> None:
    """What was asked stands above what was found."""
    said = "x = [1, 2], h = [1] gave [2, 1], expected [1, 2]."
    shown = text(report(mark(Verdict.FAILED, said, claim="The unit kernel changes nothing.")))
    assert shown.index("The unit kernel changes nothing.") < shown.index(said)
    assert "(failed)" in shown
    assert "0 of 2" in shown


def test_a_stopped_check_does_not_say_its_claim_twice() -> None:
    """The message ends with the claim, which stands above it already."""
    said = "Your code took too long and was stopped. The kernel is flipped."
    shown = text(report(mark(Verdict.STOPPED, said, claim="The kernel is flipped.")))
    assert shown.count("The kernel is flipped.") == 1
    assert "took too long" in shown


def test_of_a_hidden_check_the_student_reads_only_the_author_s_sentence() -> None:
    """Neither its name nor a claim; hidden checks of a question are told apart by number."""
    marks = [
        mark(Verdict.FAILED, "Random signals must agree.", hidden=True),
        mark(Verdict.PASSED, "", hidden=True),
    ]
    shown = text(report(*marks))
    assert "Random signals must agree." in shown
    assert "Hidden check 1" in shown
    assert "Hidden check 2" in shown
    assert "the_name_of_a_check" not in shown


def test_exhibits_for_staff_are_in_no_feedback() -> None:
    """The curve beside them is."""
    curve = made("conv1d", {"title": "Curve", "curve": [0.5, 0.75], "x": "epoch", "y": "share"})
    measure = made("conv1d", {"title": "Holdout", "measure": 0.51234, "staff": True})
    shown = text(report(mark(Verdict.PASSED, ""), exhibits=(curve, measure)))
    assert "Curve" in shown
    assert "Holdout" not in shown
    assert "0.512" not in shown


def test_what_raised_what_was_repaired_and_the_time_are_told() -> None:
    """With the student's own line about it."""
    incidents = (
        Incident(cell=7, how="raised", text="NameError: name 'x' is not defined"),
        Incident(cell=9, how="time"),
    )
    timings = {"notebook": 30.2, "checks": 4.0}
    shown = text(
        report(
            mark(Verdict.PASSED, ""),
            incidents=incidents, timings=timings, notes=("cell conv1d was moved",), seconds=36.0,
        )
    )  # fmt: skip
    assert "Cell 7 ended with an error. <code dir=\"auto\">NameError: name 'x'" in shown
    assert "Cell 9 was stopped: it took too long" in shown
    assert "cell conv1d was moved" in shown
    assert "36 s in all; of that 30 s for your cells, 4 s for the checks" in shown


def test_points_and_losses_of_each_question_are_told() -> None:
    """What was earned, what was lost, and how many questions are complete."""
    right, half = mark(Verdict.PASSED, ""), mark(Verdict.FAILED, "No.")
    questions = (
        QuestionMark(name="conv1d", checks=(right, right)),
        QuestionMark(name="fc", checks=(right, half, half)),
    )
    shown = " ".join(text(report(questions=questions, out_of=10.0)).split())
    assert "6 of 10 points" in re.sub(r"<[^>]*>", "", shown)
    assert "1 of 2 questions with full points." in shown
    assert re.findall(r"−([\d.]+)", shown) == ["4"]


def test_without_points_the_reason_stands_there_and_that_it_is_not_zero() -> None:
    """A student without a score is not told that there were no points."""
    shown = text(report(reason="alice.ipynb: the file is empty. Hand it in again.", questions=()))
    assert "alice.ipynb: the file is empty. Hand it in again." in shown
    assert "This is not zero" in shown
    assert "of 4 points" not in shown


def test_what_staff_should_know_of_our_failure_is_not_told_to_the_student() -> None:
    """The worker's last words may say what a hidden check expected."""
    ours = report(reason="Its last words, for staff: expected [1, 2].", questions=(), ours=True)
    shown = text(ours)
    assert "through no fault of yours" in shown
    assert "expected" not in shown


def test_a_written_answer_has_its_points_and_the_comment_of_who_read_it() -> None:
    """Neither passed nor failed; until somebody has read it, it has no points and lost none."""
    read = mark(Verdict.PASSED, "Well argued, one number is missing.")
    unread = Mark(name="", hidden=False, verdict=Verdict.UNMARKED, points=None, out_of=2.0)
    for one, words in ((read, "Well argued"), (unread, "has not yet")):
        questions = (QuestionMark(name="findings", checks=(one,), written=True),)
        shown = text(report(questions=questions))
        assert words in shown
        assert "passed" not in shown
        assert "−2" not in shown
    assert "– of 2" in shown


def test_nothing_a_student_wrote_is_markup() -> None:
    """Names, messages, notes, errors, tables: none of it opens a tag."""
    for one in made_class(30):
        page = feedback.page(one, HOSTILE)
        assert HOSTILE[:20] not in page
        assert "<img src=x" not in page
        assert page.count("<script") == 0
        assert page.count("</style>") == 1


def test_a_page_may_load_and_run_nothing() -> None:
    """Said in the page itself, for whoever opens it."""
    page = feedback.page(made_class(1)[0], "averages")
    policy = page.partition('http-equiv="Content-Security-Policy" content="')[2].partition('"')[0]
    rules = html.unescape(policy).split("; ")
    assert rules[0] == "default-src 'none'"
    assert not [
        rule for rule in rules if "unsafe" in rule or "script-src" in rule or "http" in rule
    ]


# Real notebooks, with words planted in all that is hidden

EXHIBITS = """
def moving_average(env, printed):
    import re
    curve = [float(text) for text in re.findall(r"score ([0-9.]+)", printed)]
    yield {"title": "Scores", "curve": curve, "x": "step", "y": "score"}
    yield {"title": "For staff", "measure": 0.5, "staff": True}
    if "die" in env:
        env["die"]()
    yield {"title": "After the end", "curve": curve, "x": "step", "y": "score"}

def peak(env, printed):
    yield {"title": "Two long", "table": []}
"""
WRONG = """\
def moving_average(x, width): return [0.0]
def die():
    import os
    os._exit(3)
print("score 0.25")
print("score 0.75")
"""
PEAK = "position_of_peak = int(np.argmax(np.convolve(pulse, np.ones(15), 'valid')))\n1 / 0"


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Decoy:
    """A bundle with words planted in it, and exhibits."""
    decoy_copy = decoy.build_decoy(AVERAGES, tmp_path_factory.mktemp("decoy"))
    (decoy_copy.bundle.folder / "hidden" / "exhibits.py").write_text(EXHIBITS, encoding="utf-8")
    return decoy_copy


@pytest.fixture(scope="module")
def results(laid: Decoy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of two in bubblewrap: nothing answered, and most answered wrongly."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "class").mkdir()
    answers = {"blank": {}, "wrong": {"average": WRONG, "peak": PEAK}}
    for name, given in answers.items():
        cells = [{**c, "source": given.get(c["id"], c["source"])} for c in laid.blank]
        data = {"cells": cells, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}
        (folder / "class" / f"{name}.ipynb").write_text(json.dumps(data), encoding="utf-8")
    arguments = ["grade", folder / "class", "--bundle", laid.bundle.folder]
    arguments += ["--results", folder / "results", "--jobs", 2]
    sandbox = LocalSandbox(laid.bundle.folder, "bubblewrap")
    assert main([str(argument) for argument in arguments], choose=lambda *_: sandbox) == 0
    return folder / "results"


def load(results: Path, name: str) -> Report:
    return Report.from_json(json.loads((results / f"{name}.json").read_text("utf-8")))


@pytest.mark.bubblewrap
def test_nothing_hidden_is_in_any_feedback(results: Path, laid: Decoy) -> None:
    """Words planted in hidden checks, their names and files reach staff, and no student."""
    pages = sorted((results / "feedback").glob("*.html"))
    assert [page.stem for page in pages] == ["blank", "wrong"]
    for page in pages:
        assert laid.leaked_places(page.read_text("utf-8")) is None
    assert laid.leaked_places((results / "wrong.json").read_text("utf-8")) is not None


@pytest.mark.bubblewrap
def test_a_cell_that_raised_is_in_the_report_with_its_error(results: Path) -> None:
    """Type and first line; an answer counts though the cell went on to raise."""
    found = load(results, "wrong")
    assert [(one.how, one.text) for one in found.incidents] == [
        ("raised", "ZeroDivisionError: division by zero")
    ]
    assert "ZeroDivisionError: division by zero" in (results / "feedback/wrong.html").read_text()


@pytest.mark.bubblewrap
def test_exhibits_show_what_was_printed_and_cost_nothing_whatever_they_do(results: Path) -> None:
    """One ends the kernel, one is misshapen: there is less to see, and every point stays."""
    found = load(results, "wrong")
    assert [(one.title, one.numbers, one.staff) for one in found.exhibits] == [
        ("Scores", (0.25, 0.75), False),
        ("For staff", (0.5,), True),
    ]
    assert [question.points for question in found.questions[:2]] == [0.0, 4.0]


@pytest.mark.bubblewrap
def test_a_public_check_has_its_claim_in_the_report_and_a_hidden_one_has_none(
    results: Path,
) -> None:
    """The first line of its docstring."""
    marks = load(results, "wrong").questions[0].checks
    assert marks[0].claim == "The mean of equal samples is that sample."
    assert [mark.claim for mark in marks if mark.hidden] == ["", ""]
