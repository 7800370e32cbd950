"""Exporting grades: every platform's importer sets the right mark, and only that."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import lms
import pytest

from gradekit.cli import main
from gradekit.core.errors import SubmissionError
from gradekit.core.marks import Mark, QuestionMark, Report, Verdict
from gradekit.grading.results import Results
from gradekit.platforms import roster
from gradekit.platforms.collect import collect_download
from gradekit.platforms.export import export_grades, gradescope_result
from gradekit.platforms.roster import RosterRow

MARKS = {"101": 3.5, "102": 0.1 + 0.2, "103": 0.0}


def report(submission: str, points: float | None, out_of: float = 4.0) -> Report:
    verdict = Verdict.UNMARKED if points is None else Verdict.FAILED
    unseen = Mark(name="holdout", hidden=True, verdict=Verdict.FAILED, points=0.0, out_of=0.5)
    rest = out_of - 0.5
    seen = Mark(
        name="=fits", hidden=False, verdict=verdict, points=points, out_of=rest, message="half"
    )
    return Report(
        submission=submission,
        file=f"{submission}.ipynb",
        sha256="0" * 64,
        reason="the machine failed; run it again" if points is None else None,
        out_of=out_of,
        seconds=1.4,
        questions=(
            QuestionMark(name="fc", checks=(seen,)),
            QuestionMark(name="lenet", checks=(unseen,)),
        ),
    )


def results_of(folder: Path, marks: dict[str, float | None], out_of: float = 4.0) -> Path:
    results = Results(folder, marks)
    reports = [report(name, points, out_of) for name, points in marks.items()]
    for one in reports:
        results.save(one)
    results.save_class(reports, ["fc", "lenet"])
    return folder


def template(path: Path, data: bytes) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


@pytest.fixture
def graded(tmp_path: Path) -> Path:
    """The class of `lms`, with made-up points; Dana handed in nothing."""
    return results_of(tmp_path / "results", {**MARKS})


def test_canvas_round_trip_gives_every_student_the_right_mark(tmp_path: Path, graded: Path) -> None:
    """From download to import: no new assignment, no new maximum, no mark for who has none."""
    collect_download(lms.canvas_download(tmp_path), tmp_path / "in")
    book = template(tmp_path / "book.csv", lms.canvas_gradebook())
    done = export_grades(
        "canvas", graded, roster=tmp_path / "in" / roster.ROSTER, template=book, column="Exercise 9"
    )
    scores, possible = lms.COURSE.take(done.data)
    assert scores == {"Exercise 9": {101: "3.5", 102: "0.3", 103: "0", 104: ""}}
    assert possible == {"Exercise 9": "4.00"}
    assert done.without_grade == []


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_canvas_finds_the_column_by_title_number_or_header(
    separator: str, mark: bytes, tmp_path: Path, graded: Path
) -> None:
    """The header comes back as it was, also where it holds a separator; so does the dialect."""
    title = "Nets, part=2; LeNet (2) (4711)"
    book = template(tmp_path / "b.csv", mark + lms.canvas_gradebook(title, separator=separator))
    for column in ("Nets, part=2; LeNet (2)", "4711", title):
        data = export_grades("canvas", graded, template=book, column=column).data
        assert data.startswith(mark + b"Student")
        assert data.count(b"\r\n") == data.count(b"\n") == 6
        header = next(csv.reader(data.decode("utf-8-sig").splitlines(), delimiter=separator))
        assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", title]
    with pytest.raises(SubmissionError, match=r"no assignment Nets\. Name one with --column"):
        export_grades("canvas", graded, template=book, column="Nets")
    with pytest.raises(SubmissionError, match="it has several assignments"):
        export_grades("canvas", graded, template=book)


def test_canvas_without_a_template_names_the_new_assignment(tmp_path: Path, graded: Path) -> None:
    """Its title is the teacher's words, never ours; names are matched where ids are not known."""
    collect_download(lms.canvas_download(tmp_path), tmp_path / "in")
    people = tmp_path / "in" / roster.ROSTER
    with pytest.raises(SubmissionError, match="or a title with --column"):
        export_grades("canvas", graded, roster=people)
    done = export_grades("canvas", graded, roster=people, column="Exercise 10")
    scores, possible = lms.COURSE.take(done.data)
    assert scores == {"NEW Exercise 10": {101: "3.5", 102: "0.3", 103: "0"}}
    assert possible == {"NEW Exercise 10": "4"}


@pytest.mark.parametrize("decision", ["EX", "N/A"])
def test_who_is_excused_in_canvas_stays_so(decision: str, tmp_path: Path, graded: Path) -> None:
    """EX and N/A are the teacher's decisions; a number would undo them."""
    lines = lms.canvas_gradebook().decode().splitlines()
    lines[3] = lines[3].replace("7.50,,", f"7.50,{decision},")
    book = template(tmp_path / "book.csv", "\r\n".join(lines).encode())
    done = export_grades("canvas", graded, template=book, column="4711")
    assert lms.COURSE.take(done.data)[0]["Exercise 9"][101] == decision
    assert done.without_grade == [f"101: the template says {decision}, which was not changed"]


@pytest.mark.parametrize("language", lms.LANGUAGES, ids=lambda language: language[0])
@pytest.mark.parametrize("folders", [True, False])
def test_moodle_round_trip_gives_every_student_the_right_mark(
    language: tuple[str, ...], folders: bool, tmp_path: Path, graded: Path
) -> None:
    """In any language the grade lands in its column, and nothing else in the sheet changes."""
    collect_download(lms.moodle_download(tmp_path, folders), tmp_path / "in")
    sheet = template(tmp_path / "sheet.csv", lms.moodle_worksheet(language))
    done = export_grades("moodle", graded, roster=tmp_path / "in" / roster.ROSTER, template=sheet)
    grades, feedback = lms.moodle_takes(done.data, language)
    assert grades == {101: 3.5, 102: 0.3, 103: 0.0}
    assert done.data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in done.data  # Moodle's own line ends
    assert feedback == lms.moodle_takes(sheet.read_bytes(), language)[1]
    assert done.without_grade == []


def test_gradescope_round_trip_gives_every_student_the_right_mark(
    tmp_path: Path, graded: Path
) -> None:
    """Students of a Gradescope download are found in Canvas's gradebook by their number."""
    collect_download(lms.gradescope_download(tmp_path), tmp_path / "in")
    book = template(tmp_path / "book.csv", lms.canvas_gradebook())
    people = tmp_path / "in" / roster.ROSTER
    text = people.read_text("utf-8").replace(",101,", ",S101,").replace(",102,", ",S102,")
    people.write_text(text.replace(",103,", ",S103,"), "utf-8")
    done = export_grades("canvas", graded, roster=people, template=book, column="Exercise 9")
    assert lms.COURSE.take(done.data)[0]["Exercise 9"] == {
        101: "3.5",
        102: "0.3",
        103: "0",
        104: "",
    }


def test_results_json_hides_what_is_hidden_until_grades_are_published(graded: Path) -> None:
    """The score is the total, each check is a test, and hidden ones wait."""
    shown = json.loads(export_grades("gradescope", graded, only="101").data)
    assert shown["score"] == 3.5
    assert sum(test["score"] for test in shown["tests"]) == shown["score"]
    assert shown["tests"] == [
        {
            "name": "fc: =fits",
            "score": 3.5,
            "max_score": 3.5,
            "status": "passed",
            "output": "half",
            "visibility": "visible",
        },
        {
            "name": "lenet: holdout",
            "score": 0.0,
            "max_score": 0.5,
            "status": "failed",
            "output": "",
            "visibility": "after_published",
        },
    ]
    with pytest.raises(SubmissionError, match="Say which with --only"):
        export_grades("gradescope", graded)


def test_results_json_has_only_what_was_marked_and_passes_only_full_points() -> None:
    """Some of the points is no pass, and a written answer that nobody has read is no test."""
    part = Mark(name="some", hidden=False, verdict=Verdict.FAILED, points=1.0, out_of=2.0)
    unread = Mark(name="by hand", hidden=False, verdict=Verdict.UNMARKED, points=None, out_of=4.0)
    questions = (
        QuestionMark(name="fc", checks=(part,)),
        QuestionMark(name="findings", checks=(unread,), written=True),
    )
    whole = replace(report("101", 3.5), questions=questions, notes=("a cell was moved",))
    result = gradescope_result(whole)
    assert [(test["name"], test["status"]) for test in result["tests"]] == [("fc: some", "failed")]
    assert (result["score"], result["output"]) == (1.0, "a cell was moved")
    ours = replace(report("101", None), reason="the disk of host seven is full", ours=True)
    assert "host seven" not in gradescope_result(ours)["output"]


def exports(results: Path, tmp_path: Path) -> dict[str, Callable[[], object]]:
    book = template(tmp_path / "book.csv", lms.canvas_gradebook())
    sheet = template(tmp_path / "sheet.csv", lms.moodle_worksheet())
    return {
        "canvas": lambda: export_grades("canvas", results, template=book, column="4711"),
        "canvas, new": lambda: export_grades("canvas", results, column="New"),
        "moodle": lambda: export_grades("moodle", results, template=sheet),
        "csv": lambda: export_grades("csv", results),
    }


def test_the_ungraded_are_left_empty_and_named(tmp_path: Path) -> None:
    """No score is no zero in any form, and each says who has none and why."""
    results = results_of(tmp_path / "results", {"101": 0.0, "102": None, "999": 1.0})
    done = {name: make() for name, make in exports(results, tmp_path).items()}
    canvas = lms.COURSE.take(done["canvas"].data)[0]["Exercise 9"]
    assert (canvas[101], canvas[102]) == ("0", "")
    assert lms.COURSE.take(done["canvas, new"].data)[0]["NEW New"][102] == ""
    assert lms.moodle_takes(done["moodle"].data, lms.ENGLISH)[0] == {101: 0.0}
    rows = list(csv.reader(done["csv"].data.decode("utf-8-sig").splitlines()))
    assert rows[2] == ["102", "", "102", "", "", "4", "", "", "the machine failed; run it again"]
    for filled in done.values():
        assert "102: the machine failed; run it again" in filled.without_grade
    assert "999: the template has no student with the id 999" in done["moodle"].without_grade
    alone = json.loads(export_grades("gradescope", results, only="102").data)
    assert set(alone) == {"output", "visibility"}


def test_a_student_whose_work_could_not_be_taken_is_named(tmp_path: Path, graded: Path) -> None:
    """Whoever is in the roster and not among the results is not forgotten."""
    rows = [RosterRow(submission=name, id=name) for name in MARKS]
    rows.append(RosterRow(submission="104", name="Dana", id="104", notes="hw.ipynb: a link"))
    people = tmp_path / "roster.csv"
    people.write_bytes(roster.roster_csv(rows))
    done = export_grades("csv", graded, roster=people)
    assert done.without_grade == ["104 Dana: hw.ipynb: a link"]
    assert b"104,Dana,104,,,,,,hw.ipynb: a link" in done.data


def test_late_and_group_work_are_in_the_table(tmp_path: Path, graded: Path) -> None:
    """The late flag survives to the table, and both of a group have its mark."""
    rows = [RosterRow(submission="101", id=id_, late="yes") for id_ in ("101", "104")]
    people = tmp_path / "roster.csv"
    people.write_bytes(roster.roster_csv(rows))
    book = template(tmp_path / "book.csv", lms.canvas_gradebook())
    done = export_grades("canvas", graded, roster=people, template=book, column="4711")
    marks = lms.COURSE.take(done.data)[0]["Exercise 9"]
    assert (marks[101], marks[104]) == ("3.5", "3.5")
    assert b"101,,104,yes,3.5,4" in export_grades("csv", graded, roster=people).data


def test_the_table_is_sorted_whatever_the_order_of_the_roster(tmp_path: Path, graded: Path) -> None:
    """By submission, then by student: the same class gives the same file."""
    rows = [RosterRow(submission=n, id=i) for n, i in (("103", "9"), ("101", "8"), ("101", "7"))]
    people = tmp_path / "roster.csv"
    lines = [",".join(("submission", "id")), *(f"{row.submission},{row.id}" for row in rows)]
    people.write_text("\n".join(lines), "utf-8")
    data = export_grades("csv", graded, roster=people).data.decode("utf-8-sig")
    table = list(csv.DictReader(data.splitlines()))
    assert [(row["submission"], row["id"]) for row in table] == [
        ("101", "7"), ("101", "8"), ("102", ""), ("103", "9")
    ]  # fmt: skip


def test_a_student_without_a_name_is_called_by_the_id(tmp_path: Path, graded: Path) -> None:
    """Canvas finds the row by its id; an empty name would be no student."""
    data = export_grades("canvas", graded, column="New").data.decode("utf-8-sig")
    assert [row[:2] for row in csv.reader(data.splitlines()[2:])] == [[id_, id_] for id_ in MARKS]


def test_two_submissions_of_one_id_give_nobody_a_mark(tmp_path: Path, graded: Path) -> None:
    """Which of them is the student's is for the teacher to say."""
    people = tmp_path / "roster.csv"
    people.write_bytes(roster.roster_csv(RosterRow(submission=n, id="101") for n in ("101", "102")))
    for name, make in {
        "template": lambda: export_grades(
            "canvas", graded, roster=people, column="4711",
            template=template(tmp_path / "book.csv", lms.canvas_gradebook()),
        ),
        "new": lambda: export_grades("canvas", graded, roster=people, column="New"),
    }.items():  # fmt: skip
        done = make()
        assert set(next(iter(lms.COURSE.take(done.data)[0].values())).values()) <= {""}, name
        assert sum("several submissions" in text for text in done.without_grade) == 2


def test_two_rows_of_one_id_in_a_template_get_no_grade(tmp_path: Path, graded: Path) -> None:
    """Which of them is the student is for the teacher to say; the others get their grades."""
    lines = lms.canvas_gradebook().splitlines(keepends=True)
    book = template(tmp_path / "book.csv", b"".join([*lines, lines[3]]))
    done = export_grades("canvas", graded, template=book, column="4711")
    scores = [row.split(b",")[-1].strip() for row in done.data.splitlines()[2:]]
    assert scores == [b"", b"0.3", b"0", b"", b""]
    assert done.without_grade == ["101: the template has several rows with this id"]


def test_the_smallest_worksheet_of_moodle_is_filled_in(tmp_path: Path, graded: Path) -> None:
    """Three columns are enough, also where Moodle shows a missing grade as a dash."""
    rows = "".join(f"Participant {id_},-,4.00\n" for id_ in MARKS)
    sheet = template(tmp_path / "sheet.csv", f"Identifier,Grade,Maximum Grade\n{rows}".encode())
    done = export_grades("moodle", graded, template=sheet)
    assert done.data.decode().splitlines()[1:] == [
        "Participant 101,3.5,4.00", "Participant 102,0.3,4.00", "Participant 103,0,4.00"
    ]  # fmt: skip


@pytest.mark.parametrize("form", ["canvas", "moodle"])
def test_another_maximum_is_refused_or_converted_on_demand(form: str, tmp_path: Path) -> None:
    """57 of 60 in an assignment out of 100 is never written as 57."""
    results = results_of(tmp_path / "results", {"101": 30.0}, out_of=60.0)
    data = lms.canvas_gradebook(possible="100,00", separator=";")
    if form == "moodle":
        data = lms.moodle_worksheet(lms.GERMAN, 100)
    sheet = template(tmp_path / "sheet.csv", data)
    column = "4711" if form == "canvas" else ""
    with pytest.raises(SubmissionError, match="its maximum is 100, the results are out of 60"):
        export_grades(form, results, template=sheet, column=column)
    done = export_grades(form, results, template=sheet, column=column, scale=True)
    if form == "moodle":
        assert lms.moodle_takes(done.data, lms.GERMAN, 100)[0] == {101: 50.0}
    else:
        assert lms.COURSE.take(done.data)[0]["Exercise 9"][101] == "50"


def test_a_maximum_of_zero_is_never_converted_to(tmp_path: Path, graded: Path) -> None:
    """An assignment without points in Canvas would make every mark zero."""
    book = template(tmp_path / "book.csv", lms.canvas_gradebook(possible="0.00"))
    with pytest.raises(SubmissionError, match="its maximum is 0,"):
        export_grades("canvas", graded, template=book, column="4711", scale=True)


def test_totals_of_canvas_are_no_assignments(tmp_path: Path, graded: Path) -> None:
    """Canvas ignores columns that are called like its totals, so none is filled in."""
    data = lms.canvas_gradebook().replace(b"Essay (4700)", b"Essays Final Score (4700)")
    done = export_grades("canvas", graded, template=template(tmp_path / "book.csv", data))
    assert set(lms.COURSE.take(done.data)[0]) == {"Exercise 9"}


def test_a_column_that_only_looks_like_a_maximum_is_told_apart_or_refused(
    tmp_path: Path, graded: Path
) -> None:
    """The name decides where the numbers do not; where neither does, nothing is written."""
    for language in (lms.GERMAN, lms.UNKNOWN):
        data = lms.moodle_worksheet(language).replace(b"Submitted for grading", b"2026")
        sheet = template(tmp_path / "sheet.csv", data.replace(b'"S1', b'"1'))
        if language is lms.UNKNOWN:
            with pytest.raises(SubmissionError, match="no column of one maximum grade"):
                export_grades("moodle", graded, template=sheet)
        else:
            data = export_grades("moodle", graded, template=sheet).data
            assert lms.moodle_takes(data, language)[0] == {101: 3.5, 102: 0.3, 103: 0.0}


def test_a_roster_written_by_hand_finds_awkward_submissions(tmp_path: Path) -> None:
    """Ids that a spreadsheet could compute are compared as they stand in the tables."""
    results = results_of(tmp_path / "results", {"=2+2": 1.0})
    people = template(tmp_path / "r.csv", "ID;Submission\r\n101;=2+2\r\n".encode("utf-16"))
    book = template(tmp_path / "book.csv", lms.canvas_gradebook())
    done = export_grades("canvas", results, roster=people, template=book, column="4711")
    assert lms.COURSE.take(done.data)[0]["Exercise 9"][101] == "1"


def test_nothing_that_we_add_is_a_formula_and_every_number_is_decimal(tmp_path: Path) -> None:
    """Names, ids and questions begin no formula; small points have no exponent."""
    results = results_of(tmp_path / "results", {"101": 0.000004, "=2+2": 1.0})
    people = tmp_path / "roster.csv"
    rows = [RosterRow(submission="101", id="@id", name="=HYPERLINK(1)", notes="+1")]
    people.write_bytes(roster.roster_csv(rows))
    for form, column in (("csv", ""), ("canvas", "New")):
        data = export_grades(form, results, roster=people, column=column).data.decode("utf-8-sig")
        cells = [cell for row in csv.reader(data.splitlines()) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
        assert "0.000004" in cells


def test_the_table_opens_in_a_spreadsheet(graded: Path) -> None:
    """It begins with the mark of UTF-8, and its lines end as spreadsheets write them."""
    data = export_grades("csv", graded).data
    assert data.startswith(b"\xef\xbb\xbfsubmission,name,id,late,points,out_of,fc,lenet,reason\r\n")
    assert data.count(b"\r\n") == data.count(b"\n") == 4


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no table"),
        (b"\x89PNG\r\n\x1a\n", "no table"),
        (b'a,b\n"open', "no table"),
        (b"Name,Points\nAlice,3\n", "first column|not a gradebook of Canvas"),
        (b"ID,Name,Status,Grade,Scale\nParticipant 1,A,x,,\n", "points|not a gradebook"),
    ],
)
@pytest.mark.parametrize("form", ["canvas", "moodle"])
def test_a_template_that_is_none_is_refused_with_a_sentence(
    form: str, data: bytes, says: str, tmp_path: Path, graded: Path
) -> None:
    """Whatever file is given, the answer names it and says what to give instead."""
    sheet = template(tmp_path / "sheet.csv", data)
    with pytest.raises(SubmissionError, match=says) as caught:
        export_grades(form, graded, template=sheet, column="x")
    assert "sheet.csv" in str(caught.value)


def test_results_of_two_bundles_or_of_none_are_refused(tmp_path: Path) -> None:
    """There is one maximum for a class, and grading comes before exporting."""
    with pytest.raises(SubmissionError, match="there are no results of gradekit"):
        export_grades("csv", tmp_path / "none")
    results = results_of(tmp_path / "r", {"101": 1.0, "102": 1.0})
    Results(results, ["102"]).save(report("102", 1.0, out_of=8.0))
    with pytest.raises(SubmissionError, match="out of 4 and of 8 points"):
        export_grades("canvas", results, column="New")


def test_a_report_that_is_left_over_gives_no_mark(tmp_path: Path, graded: Path) -> None:
    """Whoever is not in the class any more has no mark; a damaged report is no grade."""
    results_of(graded, {**MARKS, "104": 3.0})
    results_of(graded, {**MARKS})  # 104 withdrew, and the class was graded again
    (graded / "101.json").write_text("{")
    book = template(tmp_path / "book.csv", lms.canvas_gradebook())
    done = export_grades("canvas", graded, template=book, column="4711")
    marks = lms.COURSE.take(done.data)[0]["Exercise 9"]
    assert (marks[101], marks[104]) == ("", "")
    [missing] = done.without_grade
    assert missing.startswith("101: 101.json: the report is damaged.")


def test_an_export_replaces_its_file_or_says_why_not(
    tmp_path: Path, graded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A worksheet may be filled in where it lies; a folder that cannot be made is named."""
    sheet = template(tmp_path / "out" / "sheet.csv", lms.moodle_worksheet())
    command = ["export", "moodle", "--results", str(graded), "--template", str(sheet)]
    assert main([*command, "--into", str(sheet)]) == 0
    assert lms.moodle_takes(sheet.read_bytes(), lms.ENGLISH)[0] == {101: 3.5, 102: 0.3, 103: 0.0}
    assert list(sheet.parent.iterdir()) == [sheet]
    assert main([*command, "--into", str(sheet / "upload.csv")]) == 5
    assert f"{sheet / 'upload.csv'}: could not be written" in capsys.readouterr().err
