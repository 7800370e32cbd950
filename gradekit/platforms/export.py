"""The grades of a class in the form that a learning platform takes back.

Whoever has no points is left empty, never zero, and is named on the way out. The
numbers are decimal and of the results, no sheet computes anything, and a platform's
own table is filled in (`fill_in`), because its importer matches by exact names.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gradekit.core.errors import GraderError, SubmissionError
from gradekit.core.escape import cell, printable
from gradekit.core.marks import Mark, Report
from gradekit.platforms.fill_in import Filled, canvas, decimal, moodle, new_canvas
from gradekit.platforms.grades import Grade, load_grades, named
from gradekit.platforms.roster import load as load_roster
from gradekit.platforms.table import MARK, Worksheet

FORMS = ("canvas", "moodle", "gradescope", "csv")


def export_grades(
    form: str,
    results: Path,
    *,
    roster: Path | None = None,
    template: Path | None = None,
    column: str = "",
    only: str = "",
    scale: bool = False,
) -> Filled:
    """Return the results of a class in one of `FORMS`, and who has no grade in it.

    `column` is the assignment's title in Canvas, `only` the submission for
    Gradescope, and `scale` converts points where the template has another maximum.

    Raises
    ------
    SubmissionError
        If results, roster or template cannot be read or do not fit together.
    """
    grades = load_grades(results, load_roster(roster) if roster else ())
    if form == "gradescope":
        return _one_result(grades, only)
    if form == "csv":
        return Filled(data=table(grades), left=_without(grades))
    sheet = Worksheet.load(template) if template else None
    if form == "moodle":
        if sheet is None:
            raise SubmissionError(
                "Moodle takes back its own grading worksheet only. Download it from the "
                "assignment and give it with --template."
            )
        return moodle(grades, sheet, scale)
    if sheet is not None:
        return canvas(grades, sheet, column, scale)
    if not column:
        raise SubmissionError(
            "Canvas makes a new assignment of a title that it does not know. Give the gradebook "
            "that Canvas exports with --template, or a title with --column."
        )
    return new_canvas(grades, column)


def table(grades: Sequence[Grade]) -> bytes:
    """Return one row for each student as CSV, marked as UTF-8 for spreadsheets."""
    reports = [grade.report for grade in grades if grade.report]
    questions = list(dict.fromkeys(q.name for report in reports for q in report.questions))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    people = ["submission", "name", "id", "late"]
    writer.writerow([*people, "points", "out_of", *map(cell, questions), "reason"])
    for grade in grades:
        who = [cell(getattr(grade.who, column)) for column in people]
        possible = decimal(grade.report.out_of) if grade.report else ""
        earned = _by_question(grade.report) if grade.points is not None else {}
        numbers = [_shown(grade.points), possible, *(_shown(earned.get(q)) for q in questions)]
        writer.writerow([*who, *numbers, cell(grade.reason)])
    return (MARK + out.getvalue()).encode("utf-8", "backslashreplace")


def gradescope(report: Report) -> dict[str, Any]:
    """Return what Gradescope shows of one submission, as its `results.json` wants it.

    Hidden checks appear once the grades are published. Without points there is no
    score and no test, so Gradescope calls it a failure of the autograder, which it is.
    """
    if report.points is None:
        return {"output": report.told, "visibility": "visible"}
    return {
        "score": round(report.points, 6),
        "execution_time": round(report.seconds),
        "output": "\n".join(report.notes),
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [
            _test(question.name, mark)
            for question in report.questions
            for mark in question.checks
            if mark.points is not None  # a written answer that nobody has read yet
        ],
    }


def write_export(path: Path, data: bytes) -> None:
    """Replace a file at once: after a crash there is the old one or the new one."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise GraderError(
            f"{printable(path)}: could not be written ({error.strerror}). "
            "Make room or give another file with --into."
        ) from error


def _one_result(grades: Sequence[Grade], only: str) -> Filled:
    chosen = {g.who.submission: g for g in grades if not only or g.who.submission == only}
    if len(chosen) != 1:
        raise SubmissionError(
            f"results.json is about one submission, and {len(chosen)} of "
            f"{len(grades)} are meant. Say which with --only."
        )
    grade = next(iter(chosen.values()))
    if grade.report is None:
        raise SubmissionError(f"{named(grade)}: {grade.reason}. Run `gradekit grade` first.")
    text = json.dumps(gradescope(grade.report), indent=1, ensure_ascii=False) + "\n"
    return Filled(data=text.encode("utf-8", "backslashreplace"), left=_without([grade]))


def _test(question: str, mark: Mark) -> dict[str, Any]:
    return {
        "name": f"{question}: {mark.name}",
        "score": round(mark.points or 0.0, 6),
        "max_score": round(mark.out_of, 6),
        "status": "passed" if mark.points == mark.out_of else "failed",
        "output": mark.message,
        "visibility": "after_published" if mark.hidden else "visible",
    }


def _without(grades: Sequence[Grade]) -> list[str]:
    return [f"{named(grade)}: {grade.reason}" for grade in grades if grade.points is None]


def _by_question(report: Report | None) -> dict[str, float | None]:
    return {question.name: question.points for question in report.questions} if report else {}


def _shown(points: float | None) -> str:
    return "" if points is None else decimal(points)
