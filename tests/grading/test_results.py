"""The results folder: whole files, safe names, and a table that computes nothing."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from gradekit.core import escape
from gradekit.core.errors import GraderError
from gradekit.core.escape import file_names
from gradekit.core.marks import Mark, QuestionMark, Report, Verdict
from gradekit.grading import results as results_module
from gradekit.grading.results import Results, table
from gradekit.pages import publish_pages

QUESTIONS = ["conv1d", "fc"]


def mark(name: str = "flips the kernel", points: float = 2.0, out_of: float = 2.0) -> Mark:
    verdict = Verdict.PASSED if points == out_of else Verdict.FAILED
    return Mark(name=name, hidden=False, verdict=verdict, points=points, out_of=out_of)


def report(submission: str = "alice", reason: str | None = None, points: float = 2.0) -> Report:
    questions = tuple(QuestionMark(name=name, checks=(mark(points=points),)) for name in QUESTIONS)
    return Report(
        submission=submission,
        file=f"{submission}.ipynb",
        sha256="0" * 64,
        reason=reason,
        out_of=4.0,
        seconds=1.2,
        notes=("cell conv1d was moved",),
        questions=() if reason else questions,
    )


def rows(reports: list[Report]) -> list[list[str]]:
    return list(csv.reader(table(reports, QUESTIONS).splitlines()))


def test_the_gradebook_has_one_row_for_each_file_in_order() -> None:
    """Points by question; a file without a score has a reason and no number."""
    text = table(
        [report("bo", reason="bo.ipynb: empty, hand in again"), report("alice")], QUESTIONS
    )
    assert text == (
        "submission,status,points,out_of,conv1d,fc,reason\n"
        "alice,graded,4.0,4.0,2.0,2.0,\n"
        'bo,ungraded,,4.0,,,"bo.ipynb: empty, hand in again"\n'
    )


def test_points_are_the_same_decimal_number_everywhere(tmp_path: Path) -> None:
    """Three tenths are written 0.3 in the table and in the JSON file."""
    checks = (mark("a", 0.1, 0.1), mark("b", 0.2, 0.2))
    questions = (QuestionMark(name="fc", checks=checks),)
    made = Report(
        submission="a", file="a", sha256="", reason=None, out_of=0.1 + 0.2, questions=questions
    )
    results = Results(tmp_path, ["a"])
    results.save(made)
    written = json.loads((tmp_path / "a.json").read_text())
    assert (written["points"], written["out_of"], written["questions"][0]["points"]) == (0.3,) * 3
    assert table([made], ["fc"]).splitlines()[1] == "a,graded,0.3,0.3,0.3,"


def test_a_third_of_a_point_keeps_six_places(tmp_path: Path) -> None:
    """Thirds add up to whole points for whoever adds the columns, to a millionth."""
    third = QuestionMark(name="fc", checks=(mark("a", 1 / 3, 1.0),))
    made = Report(submission="a", file="a", sha256="", reason=None, out_of=1.0, questions=(third,))
    Results(tmp_path, ["a"]).save(made)
    assert json.loads((tmp_path / "a.json").read_text())["points"] == 0.333333
    assert table([made], ["fc"]).splitlines()[1] == "a,graded,0.333333,1.0,0.333333,"


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@sum", " =1", "＝1", "x;=1+1", "\t=1", "\r=1"]
)
def test_a_name_never_becomes_a_formula(name: str) -> None:
    """No cell, also after a semicolon, begins with a character that starts a formula."""
    [_, row] = rows([report(name)])
    for part in row[0].split(";"):
        assert part.strip()[0] not in "=+-@＝\t\r"


def test_the_gradebook_holds_no_control_characters() -> None:
    """Line ends and terminal sequences of a name or reason are spelled out."""
    text = table([report("a\n\x1b[31m", reason="line\r\nline\x07\u202e")], QUESTIONS)
    assert all(line.isprintable() for line in text.split("\n"))
    assert text.count("\n") == 2


def test_quotes_and_commas_are_quoted() -> None:
    """The csv module reads back what was written."""
    assert rows([report('a,"b"')])[1][0] == 'a,"b"'


def test_a_report_is_written_and_read_back(tmp_path: Path) -> None:
    """The JSON file has the keys of the contract, and nothing is lost."""
    results = Results(tmp_path / "new/results", ["alice"])
    results.save(report())
    data = json.loads(results.path("alice").read_text())
    assert list(data) == [
        "submission", "file", "sha256", "status", "reason", "points", "out_of", "seconds",
        "notes", "questions", "timings", "incidents", "exhibits", "ours",
    ]  # fmt: skip
    loaded = results.load("alice")
    assert loaded is not None
    assert results_module.document(loaded) == data


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"submission": "bo"}', "[" * 100_000])
def test_a_damaged_report_counts_as_none(tmp_path: Path, text: str) -> None:
    """What cannot be read is graded again."""
    (tmp_path / "alice.json").write_text(text)
    assert Results(tmp_path, ["alice"]).load("alice") is None


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_disk_keeps_the_old_report_and_is_told(tmp_path: Path) -> None:
    """Half a report never replaces a whole one."""
    results = Results(tmp_path, ["alice"])
    results.save(report())
    before = results.path("alice").read_bytes()
    (tmp_path / ".alice.json.new").symlink_to("/dev/full")  # where a report is written first
    with pytest.raises(GraderError, match="No space left on device"):
        results.save(report(points=1.0))
    assert results.path("alice").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["alice.json"]


def test_a_file_in_the_place_of_the_results_is_told(tmp_path: Path) -> None:
    """The sentence names the path and what to do."""
    (tmp_path / "results").write_text("")
    with pytest.raises(GraderError, match=r"results/a\.json: could not be written .* folder\."):
        Results(tmp_path / "results", ["a"]).save(report("a"))


def test_a_class_is_read_from_its_reports_alone(tmp_path: Path) -> None:
    """The gradebook is a view: a spreadsheet may have saved it in any form, or lost it."""
    class_ = [report("bo"), report("a/b"), report("zoë", reason="zoë.ipynb: empty")]
    Results(tmp_path, [one.submission for one in class_]).save_class(class_, QUESTIONS)
    (tmp_path / "gradebook.csv").write_bytes(b"\xff;saved by a spreadsheet")
    (tmp_path / "canvas.json").write_text('{"score": 4.0}')  # an export beside the reports
    assert Results(tmp_path).reports() == sorted(class_, key=lambda one: one.submission)


def test_results_of_an_older_gradekit_are_read(tmp_path: Path) -> None:
    """Reports without claims, timings, incidents, exhibits and blame have their points."""
    old = results_module.document(report())
    for name in ("timings", "incidents", "exhibits", "ours"):
        del old[name]
    for check in (check for question in old["questions"] for check in question["checks"]):
        del check["claim"]
    (tmp_path / "alice.json").write_text(json.dumps(old))
    (tmp_path / "gradebook.csv").write_text(table([report()], QUESTIONS))
    assert Results(tmp_path).reports() == [report()]


def test_who_is_gone_from_the_class_is_set_aside(tmp_path: Path) -> None:
    """The report is moved, not deleted; what is no report stays where it is."""
    Results(tmp_path, ["alice", "bo"]).save_class([report("alice"), report("bo")], QUESTIONS)
    (tmp_path / "notes.json").write_text("[1, 2]")
    Results(tmp_path, ["alice"]).save_class([report("alice")], QUESTIONS)
    assert Results(tmp_path).reports() == [report("alice")]
    assert (tmp_path / "earlier" / "bo.json").is_file()
    assert (tmp_path / "notes.json").is_file()


def test_awkward_ids_get_safe_and_different_file_names() -> None:
    """Paths never contain what a student typed; equal but for case is not equal."""
    ids = [
        "alice",
        "Bo",
        "bo",
        "../x",
        "a/b",
        "-rf",
        ".hidden",
        "x" * 200,
        "zoë",
        "con:1",
        "gradebook",
    ]
    names = file_names(ids)
    assert names["alice"] == "alice"
    assert names["gradebook"] == "gradebook"
    assert len({name.casefold() for name in names.values()}) == len(ids)
    for name in names.values():
        assert escape.re.fullmatch(r"[A-Za-z0-9_~][A-Za-z0-9._~-]{0,80}", name)
    assert file_names(["zoë"]) == {"zoë": names["zoë"]}


@pytest.mark.parametrize("text", ["[]", "{}", "null", "3", '{"submission"', None])
def test_a_report_that_is_damaged_in_any_way_stays_in_the_class(
    tmp_path: Path, text: str | None
) -> None:
    """Its page tells that it was a report, also where the file is a folder or empty JSON now."""
    class_ = [report("alice"), report("bo")]
    Results(tmp_path, ["alice", "bo"]).save_class(class_, QUESTIONS)
    publish_pages(tmp_path, class_, "averages")
    bo = tmp_path / "bo.json"
    bo.unlink()
    if text is None:
        bo.mkdir()
    else:
        bo.write_text(text)
    alice, damaged = Results(tmp_path).reports()
    assert alice == report("alice")
    assert (damaged.submission, damaged.points) == ("bo", None)
    assert (damaged.reason or "").startswith("bo.json: ")


def test_the_page_of_who_is_gone_is_set_aside_too(tmp_path: Path) -> None:
    """The folder that is handed out has no page of theirs; other files in it stay."""
    class_ = [report("alice"), report("bo")]
    Results(tmp_path, ["alice", "bo"]).save_class(class_, QUESTIONS)
    publish_pages(tmp_path, class_, "averages")
    (tmp_path / "feedback/notes.html").write_text("by hand")
    Results(tmp_path, ["alice"]).save_class([report("alice")], QUESTIONS)
    left = {path.name for path in (tmp_path / "feedback").iterdir()}
    assert left == {"alice.html", "notes.html"}
    assert (tmp_path / "earlier/bo.html").is_file()
    publish_pages(tmp_path, class_, "averages")  # as a run that ended between the two moves
    Results(tmp_path, ["alice"]).save_class([report("alice")], QUESTIONS)
    assert not (tmp_path / "feedback/bo.html").exists()
    Results(tmp_path, ["alice", "bo"]).save_class(class_, QUESTIONS)
    publish_pages(tmp_path, class_, "averages")
    Results(tmp_path, ["alice", "bo"]).save_class(class_, QUESTIONS)
    assert (tmp_path / "feedback/bo.html").is_file(), "bo is back in the class"
