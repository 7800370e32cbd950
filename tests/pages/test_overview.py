"""The class at a glance: what is counted, what is said, and who is named."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from made_class import HOSTILE, made_class
from test_feedback import mark, report

from gradekit.cli import main
from gradekit.core.escape import file_names
from gradekit.core.exhibits import made
from gradekit.core.marks import QuestionMark, Report, Verdict
from gradekit.grading.results import Results
from gradekit.pages import overview
from gradekit.pages.items import Item, analyse
from gradekit.pages.publish import publish_pages

BLANK = mark(Verdict.FAILED, "Question conv1d: return y.")
PASSED, WRONG = mark(Verdict.PASSED, ""), mark(Verdict.FAILED, "It is flipped.")
UNREAD: Any = {"verdict": Verdict.UNMARKED, "points": None}
STOPPED = mark(Verdict.STOPPED, "Your code took too long and was stopped.")


def page(reports: list[Report]) -> str:
    return overview.page(reports, file_names(r.submission for r in reports), "averages")


def questions(reports: list[Report]) -> list[Item]:
    return [item for item in analyse(reports) if item.check is None]


def test_a_question_has_its_pass_rate_and_its_difficulty() -> None:
    """Full, some and no points, and the mean share of them."""
    [item] = questions(
        [report(PASSED, PASSED), report(PASSED, WRONG), report(WRONG, WRONG), report(BLANK, BLANK)]
    )
    assert (item.full, item.part, item.none, item.unanswered) == (1, 1, 2, 1)
    assert item.passed == 0.25
    assert item.difficulty.value == pytest.approx(3 / 8)


def test_written_answers_count_once_they_were_read_and_are_no_mistakes() -> None:
    """An unread one is no zero in the difficulty of its question."""
    read, unread = mark(Verdict.FAILED, "Too short."), replace(WRONG, **UNREAD)
    reports = [
        report(questions=(QuestionMark(name="findings", checks=(one,), written=True),))
        for one in (read, unread)
    ]
    [item] = questions(reports)
    assert (item.count, item.none) == (1, 1)
    assert overview.mistakes(reports) == []


def test_without_a_script_the_table_is_whole_and_the_filter_is_not_there() -> None:
    """What needs the script is shown by the script."""
    shown = page(made_class(12))
    assert '<form class="tools" hidden>' in shown
    assert shown.partition('class="sortable"')[2].count("<tr>") == 13


def test_a_mistake_is_counted_and_a_blank_answer_is_none() -> None:
    """Who wrote nothing made no mistake; who was stopped is counted as that, too."""
    [mistake] = overview.mistakes([report(m) for m in (WRONG, WRONG, STOPPED, BLANK, PASSED)])
    assert (mistake.count, mistake.stopped) == (3, 1)
    assert [text for text, _ in mistake.examples] == [WRONG.message, STOPPED.message]


def test_the_most_frequent_mistake_and_its_most_frequent_message_come_first() -> None:
    """Three mistakes of one, three and two submissions; of the second, one message twice."""
    rare, often, second = (
        replace(WRONG, name=name, claim=name) for name in ("rare", "often", "second")
    )
    other = replace(often, message="Another message.")
    found = overview.mistakes([report(rare, second), report(second, often), report(often),
                               report(other)])  # fmt: skip
    assert [(mistake.check, mistake.count) for mistake in found] == [
        ("often", 3), ("second", 2), ("rare", 1)
    ]  # fmt: skip
    assert [text for text, _ in found[0].examples] == [WRONG.message, "Another message."]


def test_of_many_mistakes_the_most_frequent_are_kept() -> None:
    """The page has room for some; the one that most made is among them."""
    many = [replace(WRONG, name=f"check {n}", claim="") for n in range(overview.MOST_MISTAKES + 5)]
    found = overview.mistakes([report(*many), report(many[-1])])
    assert len(found) == overview.MOST_MISTAKES
    assert found[0].check == f"Check {len(many) - 1}"


def test_who_reaches_the_threshold_exactly_is_not_below_it() -> None:
    """0.82 of 0.82 is reached."""
    measures = overview.measures(
        [
            report(exhibits=(made("fc", {"title": "t", "measure": value, "bar": 0.82}),))
            for value in (0.81, 0.82, 0.83)
        ]
    )
    assert [measure.below for measure in measures] == [1]


def test_the_longest_stage_comes_first_and_the_shortest_are_left_out() -> None:
    """A median for each stage, in the words of the page."""
    timings = ({"kernel": 3.0, "notebook": 20.0, "checks": 0.01}, {"kernel": 5.0, "notebook": 10.0})
    shown = page([report(PASSED, timings=each, seconds=9.0) for each in timings])
    assert "Median times: 15.0 s for students&#39; cells, 4.0 s for starting Python." in shown


def test_examples_name_nobody_and_their_numbers_are_in_no_order() -> None:
    """The same class has the same numbers, which follow neither names nor marks."""
    reports = made_class(60)
    graded = [one for one in reports if one.points is not None]
    shown = [text for mistake in overview.mistakes(graded) for _, text in mistake.examples]
    assert shown == [t for m in overview.mistakes(graded[::-1]) for _, t in m.examples]
    assert all(re.fullmatch(r"submissions? #\d+(, #\d+)*( and \d+ more)?", text) for text in shown)
    order = [one.submission for one in overview._shuffled(graded)]
    assert order != sorted(order)


def test_whoever_has_no_points_comes_first() -> None:
    """With the reason, before any statistics, and then whoever was repaired."""
    shown = html.unescape(page(made_class(60)))
    places = [shown.index(f'id="{name}"') for name in ("ungraded", "repaired", "points")]
    assert places == sorted(places)
    assert places[0] < shown.index("student-001.ipynb: it cannot be read") < places[1]


def test_measures_stand_beside_their_bar() -> None:
    """Median and how many are below, in words too."""
    [first, _] = overview.measures([one for one in made_class(60) if one.points is not None])
    assert first.threshold == 0.82
    assert first.below == sum(value < 0.82 for value in first.values)
    assert len(first.strip.dots) == len(first.values)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_the_smallest_classes_have_a_page(count: int) -> None:
    """Nobody, one hostile student, and one without points."""
    shown = page(made_class(count))
    assert HOSTILE[:20] not in shown
    assert "The class" in shown


def test_a_class_in_which_nobody_has_points_has_a_page() -> None:
    """As after a morning without Docker."""
    shown = page([report(reason="Docker ran out of disk.", questions=())])
    assert "Docker ran out of disk." in shown


def test_pages_can_be_made_again_from_the_results_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`gradekit report` gives the pages that grading gave, byte for byte."""
    reports = made_class(4)
    results = Results(tmp_path, [one.submission for one in reports])
    results.save_class(reports, ["conv1d"])
    read = [Report.from_json(json.loads(results.path(r.submission).read_text())) for r in reports]
    publish_pages(tmp_path, read, "averages")
    first = {path: path.read_bytes() for path in tmp_path.rglob("*.html")}
    for path in first:
        path.unlink()
    assert main(["report", str(tmp_path), "--title", "averages"]) == 0
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.html")} == first
    assert len(first) == 5
    out = capsys.readouterr().out
    assert f"feedback: 4 pages in {tmp_path / 'feedback'}" in out


def test_a_report_that_is_damaged_leaves_a_row_with_the_reason(tmp_path: Path) -> None:
    """Whoever it was about must not drop out of the class unseen."""
    reports = made_class(3)
    Results(tmp_path, [one.submission for one in reports]).save_class(reports, ["conv1d"])
    (tmp_path / "student-002.json").write_text('{"submission": "student-002", "points"')
    assert main(["report", str(tmp_path)]) == 0
    shown = html.unescape((tmp_path / "report/index.html").read_text("utf-8"))
    assert "student-002</a>: student-002.json: the report is damaged." in shown


def test_a_folder_without_results_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong folder, clear words, no page; a file that is no report is no result."""
    (tmp_path / "settings.json").write_text('{"theme": "dark"}')
    assert main(["report", str(tmp_path)]) == 2
    assert "there are no results of gradekit" in capsys.readouterr().err
    assert not list(tmp_path.rglob("*.html"))


def test_half_of_the_class_is_told_only_where_it_says_something() -> None:
    """Everybody has the least points or more, so such a median says nothing."""
    alike = [report(submission=f"s{number}") for number in range(3)]
    assert "Half of the class" not in page(alike)
    assert "Half of the class" in page(made_class(9))
