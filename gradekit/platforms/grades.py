"""The results of a class, one grade for each student, as an export needs them.

The gradebook says who belongs to the class, the reports what each earned, and the
roster who each is. Where one of them lacks somebody, that person has no grade and
a reason: nobody is dropped, and no missing grade becomes a number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradekit.core.errors import SubmissionError
from gradekit.core.escape import cell, printable
from gradekit.core.marks import Report
from gradekit.platforms.roster import RosterRow
from gradekit.platforms.table import Worksheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """What one student has for one submission; `reason` says why there are no points."""

    who: RosterRow
    report: Report | None
    reason: str

    @property
    def points(self) -> float | None:
        """Points earned, None where nobody could determine them."""
        return self.report.points if self.report else None


def load_grades(results: Path, roster: Sequence[RosterRow] = ()) -> list[Grade]:
    """Return a grade for each student in the gradebook or the roster, sorted by submission.

    Without a roster, a submission's name is taken for its student's id.

    Raises
    ------
    SubmissionError
        If there is no gradebook in the folder.
    """
    book = Worksheet.load(results / "gradebook.csv")
    if book.header[:4] != ["submission", "status", "points", "out_of"]:
        raise SubmissionError(
            f"{book.name}: not a gradebook of gradekit. Give the folder that "
            "`gradekit grade` wrote with --results."
        )
    reports = {cell(report.submission): report for report in _reports(results)}
    reasons = {row[0]: row[-1] for row in book.rows}
    rows = list(roster) or [RosterRow(submission=name, id=name) for name in reasons]
    known = {row.submission for row in rows}
    rows += [RosterRow(submission=name) for name in reasons if name not in known]
    grades = [_grade(row, reports.get(row.submission), reasons) for row in rows]
    return sorted(grades, key=lambda grade: (grade.who.submission, grade.who.id))


def out_of(grades: Iterable[Grade]) -> float:
    """Return how many points could be earned, which must be the same for everybody."""
    found = {round(grade.report.out_of, 6) for grade in grades if grade.report}
    if len(found) == 1:
        return found.pop()
    if not found:
        raise SubmissionError("nobody has been graded yet. Run `gradekit grade` first.")
    raise SubmissionError(
        f"the results are out of {min(found):g} and of {max(found):g} points. "
        "Grade the whole class with one bundle, then export again."
    )


def _grade(row: RosterRow, report: Report | None, reasons: dict[str, str]) -> Grade:
    if row.submission not in reasons:
        return Grade(who=row, report=None, reason=row.notes or "not among the results")
    if report is None:
        return Grade(who=row, report=None, reason=reasons[row.submission] or "no report of it")
    return Grade(who=row, report=report, reason=report.reason or "")


def _reports(results: Path) -> list[Report]:
    """Return the reports that can be read; the others' rows say that there is none."""
    found = []
    for path in sorted(results.glob("*.json")):
        try:
            found.append(Report.from_json(json.loads(path.read_bytes())))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
    return found


def named(grade: Grade) -> str:
    """Return whose grade it is, fit to print."""
    who = [grade.who.submission]
    who += [grade.who.name] if grade.who.name else []
    return printable(" ".join(who))
