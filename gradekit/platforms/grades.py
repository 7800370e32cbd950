"""The results of a class, one grade for each student, as an export needs them.

The reports say who belongs to the class and what each earned, the roster who each is.
Where one of them lacks somebody, that person has no grade and a reason: nobody is
dropped, and no missing grade becomes a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradekit.core.errors import SubmissionError
from gradekit.core.escape import cell, printable
from gradekit.core.marks import Report
from gradekit.grading import Results
from gradekit.platforms.roster import RosterRow

PLACES = 6  # decimal places of points, as in the results


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """What one student has for one submission."""

    student: RosterRow
    report: Report | None
    """None where nothing is known of the submission."""
    reason: str
    """Why there are no points, empty where there are."""

    @property
    def points(self) -> float | None:
        """Points earned, None where nobody could determine them."""
        return self.report.points if self.report else None


def load_grades(results: Path, roster: Sequence[RosterRow] = ()) -> list[Grade]:
    """Return a grade for each student in the results or the roster, sorted by submission.

    Without a roster, a submission's name is taken for its student's id.

    Raises
    ------
    SubmissionError
        If there are no results in the folder.
    """
    # The roster has names as a spreadsheet may show them, so they are compared as such.
    reports = {cell(report.submission): report for report in Results(results).reports()}
    rows = list(roster) or [RosterRow(submission=name, id=name) for name in reports]
    # A submission that the roster lacks has no id, so it gets no grade, but it is mentioned.
    in_roster = {row.submission for row in rows}
    rows += [RosterRow(submission=name) for name in reports if name not in in_roster]
    grades = [_grade(row, reports.get(row.submission)) for row in rows]
    return sorted(grades, key=lambda grade: (grade.student.submission, grade.student.id))


def class_maximum(grades: Iterable[Grade]) -> float:
    """Return how many points could be earned, which must be the same for everybody.

    Raises
    ------
    SubmissionError
        If nobody has been graded yet, or not everybody out of the same points.
    """
    maxima = {round(grade.report.out_of, PLACES) for grade in grades if grade.report}
    if len(maxima) == 1:
        return maxima.pop()
    if not maxima:
        raise SubmissionError("nobody has been graded yet. Run `gradekit grade` first.")
    raise SubmissionError(
        f"the results are out of {min(maxima):g} and of {max(maxima):g} points. "
        "Grade the whole class with one bundle, then export again."
    )


def _grade(row: RosterRow, report: Report | None) -> Grade:
    if report is None:
        return Grade(student=row, report=None, reason=row.notes or "not among the results")
    if not report.file:  # its own file is damaged, so nothing in it is known
        return Grade(student=row, report=None, reason=report.reason or "")
    return Grade(student=row, report=report, reason=report.reason or "")


def display_name(grade: Grade) -> str:
    """Return whose grade it is, fit to print."""
    student = grade.student
    return printable(f"{student.submission} {student.name}".rstrip())
