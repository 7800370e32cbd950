"""The grades of a class in the form that a learning platform imports.

Whoever has no points stays empty, never zero, and is named beside the table. All numbers
are decimals from the results, no sheet computes anything, and a platform's own table is
filled in (`fill_in`), because its importer matches by exact names.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gradekit.core.errors import SubmissionError
from gradekit.core.escape import cell, printable
from gradekit.core.marks import Mark, Report
from gradekit.core.text import listed
from gradekit.platforms.fill_in import FilledTable, fill_in_canvas, fill_in_moodle, new_canvas
from gradekit.platforms.grades import PLACES, Grade, display_name, load_grades
from gradekit.platforms.roster import load_roster
from gradekit.platforms.table import Worksheet, csv_bytes, decimal

STUDENT_COLUMNS = ("submission", "name", "id", "late")
MAX_LISTED = 5  # submissions that an error names


def export_grades(
    form: str,
    results: Path,
    *,
    roster: Path | None = None,
    template: Path | None = None,
    column: str = "",
    only: str = "",
    scale: bool = False,
) -> FilledTable:
    """Return the results of a class as canvas, moodle, gradescope or csv.

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
        return FilledTable(data=grades_csv(grades), without_grade=_without_points(grades))
    sheet = Worksheet.load(template) if template else None
    if form == "moodle":
        if sheet is None:
            raise SubmissionError(
                "Moodle imports only its own grading worksheet. Download it from the "
                "assignment and give it with --template."
            )
        return fill_in_moodle(grades, sheet, scale)
    if sheet is not None:
        return fill_in_canvas(grades, sheet, column, scale)
    if not column:
        raise SubmissionError(
            "Canvas makes a new assignment of a title that it does not know. Give the gradebook "
            "that Canvas exports with --template, or a title with --column."
        )
    return new_canvas(grades, column)


def grades_csv(grades: Sequence[Grade]) -> bytes:
    """Return one row for each student as CSV, with the points of each question."""
    reports = [grade.report for grade in grades if grade.report]
    # In the order of the exercise. A class graded by two bundles may have more than one has.
    questions = list(dict.fromkeys(q.name for report in reports for q in report.questions))
    header = [*STUDENT_COLUMNS, "points", "out_of", *map(cell, questions), "reason"]
    return csv_bytes([header, *(_row(grade, questions) for grade in grades)])


def _row(grade: Grade, questions: Sequence[str]) -> list[str]:
    points: dict[str, float | None] = {}
    if grade.report and grade.points is not None:
        points = {question.name: question.points for question in grade.report.questions}
    return [
        *(cell(getattr(grade.student, column)) for column in STUDENT_COLUMNS),
        _decimal_or_empty(grade.points),
        _decimal_or_empty(grade.report.out_of if grade.report else None),
        *(_decimal_or_empty(points.get(name)) for name in questions),
        cell(grade.reason),
    ]


def _decimal_or_empty(points: float | None) -> str:
    return "" if points is None else decimal(points)


def _one_result(grades: Sequence[Grade], only: str) -> FilledTable:
    """Return `results.json` of one submission: Gradescope has no form for a class."""
    submissions = {grade.student.submission: grade for grade in grades}
    if not only and len(submissions) == 1:
        only = next(iter(submissions))
    grade = submissions.get(only)
    if grade is None:
        names = printable(listed(list(submissions), MAX_LISTED))
        raise SubmissionError(
            f"results.json is about one submission. Say which with --only; there are: {names}."
        )
    if grade.report is None:
        raise SubmissionError(f"{display_name(grade)}: {grade.reason}. Run `gradekit grade` first.")
    text = json.dumps(gradescope_result(grade.report), indent=1, ensure_ascii=False) + "\n"
    data = text.encode("utf-8", "backslashreplace")
    return FilledTable(data=data, without_grade=_without_points([grade]))


def gradescope_result(report: Report) -> dict[str, Any]:
    """Return what Gradescope shows of one submission, in the form of its `results.json`.

    Hidden checks appear once the grades are published. Without points there is no
    score and no test, so Gradescope calls it a failure of the autograder, which it is.
    """
    if report.points is None:
        return {"output": report.told, "visibility": "visible"}
    return {
        "score": round(report.points, PLACES),
        "execution_time": round(report.seconds),
        "output": "\n".join(report.notes),
        "visibility": "visible",
        "stdout_visibility": "hidden",  # the grader's own lines
        "tests": [
            _gradescope_test(question.name, mark)
            for question in report.questions
            for mark in question.checks
            if mark.points is not None  # a written answer that nobody has marked yet
        ],
    }


def _gradescope_test(question: str, mark: Mark) -> dict[str, Any]:
    return {
        "name": f"{question}: {mark.name}",
        "score": round(mark.points or 0.0, PLACES),
        "max_score": round(mark.out_of, PLACES),
        "status": "passed" if mark.points == mark.out_of else "failed",
        "output": mark.message,
        "visibility": "after_published" if mark.hidden else "visible",
    }


def _without_points(grades: Sequence[Grade]) -> list[str]:
    return [f"{display_name(grade)}: {grade.reason}" for grade in grades if grade.points is None]
