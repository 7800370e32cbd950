"""The results folder: one JSON file for each submission, and one table of the class.

The JSON files are the results, and everything else that is made of a class is made of
them: pages, exports, the analysis of its checks. gradebook.csv is a view for people, who
may sort it, colour it and save it in another form; nothing here reads it back.

Names that strangers chose never become paths, and never become formulas in a
spreadsheet. Numbers stand in the table exactly as in the JSON files: decimal,
rounded to six places, so that 0.1 + 0.2 is 0.3 and whole points read 57.0.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from gradekit.core.errors import GraderError, SubmissionError
from gradekit.core.escape import cell, file_names, printable
from gradekit.core.files import not_written, replace_file
from gradekit.core.marks import Report

PLACES = 6  # decimal places of points
PAGES = "feedback"  # the folder of pages for students, which is handed out as a whole
EARLIER = "earlier"  # the folder of reports on submissions that are not there any more
DAMAGED = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


class Results:
    """The folder that holds what a class was given.

    Whoever only reads it need not know the ids. Every method that writes raises
    `GraderError` when the disk refuses.
    """

    def __init__(self, folder: Path, ids: Iterable[str] = ()) -> None:
        self.folder = folder
        self._names = file_names(ids)

    @property
    def gradebook(self) -> Path:
        """Where the table of the class is."""
        return self.folder / "gradebook.csv"

    def path(self, submission: str) -> Path:
        """Where the report of a submission is."""
        return self.folder / f"{self._names[submission]}.json"

    def save(self, report: Report) -> None:
        """Write one report, as a whole or not at all."""
        # Letters stay as they are, because people look into these files.
        text = json.dumps(document(report), indent=1, ensure_ascii=False) + "\n"
        replace_file(self.path(report.submission), text)

    def load(self, submission: str) -> Report | None:
        """Return an earlier report without what people marked, or None if none can be read."""
        try:
            report = Report.from_json(json.loads(self.path(submission).read_bytes()))
        except (OSError, *DAMAGED):
            return None
        return report.automatic if report.submission == submission else None

    def reports(self) -> list[Report]:
        """Return the report on everybody in the class, sorted by submission.

        A damaged file gives a report without points that says so, because whoever it was
        about must not drop out of the class unseen.

        Raises
        ------
        SubmissionError
            If there is no report in the folder.
        """
        # By the ids inside and not by the names of the files, which are shortened for odd ids.
        reports = [_read(path) for path in sorted(self.folder.glob("*.json"))]
        by_submission = {report.submission: report for report in reports if report is not None}
        if not by_submission:
            raise SubmissionError(
                f"{printable(self.folder)}: there are no results of gradekit. Give the folder "
                "that `gradekit grade` wrote."
            )
        return [by_submission[submission] for submission in sorted(by_submission)]

    def marked_reports(self) -> list[Report]:
        """Return the reports in which a person has given points to a written answer."""
        reports = [_read(path) for path in sorted(self.folder.glob("*.json"))]
        return [
            report
            for report in reports
            if report is not None
            and any(q.written and q.points is not None for q in report.questions)
        ]

    def save_class(self, reports: Sequence[Report], questions: Sequence[str]) -> None:
        """Make the folder say what is known of everybody: reports, gradebook, nothing else."""
        for report in reports:
            self.save(report)
        self._set_aside(reports)
        replace_file(self.gradebook, table(reports, questions))

    def _set_aside(self, reports: Iterable[Report]) -> None:
        """Move reports and pages of submissions that are gone: they would count as the class's.

        They are moved and not deleted, as somebody may have graded one notebook by mistake
        into the folder of a class.
        """
        current = {self.path(report.submission) for report in reports}
        for path in set(self.folder.glob("*.json")) - current:
            if _read(path) is not None:
                _move(path, self.folder / EARLIER / path.name)
        # Pages go by the reports that are set aside already, so that an interrupted move is
        # finished by the next run. A page that gradekit did not write has no such report.
        earlier = (self.folder / EARLIER).glob("*.json")
        pages = {_page(self.folder / path.name) for path in earlier}
        for page in pages - set(map(_page, current)):
            if page.is_file():
                _move(page, self.folder / EARLIER / page.name)


def _move(path: Path, target: Path) -> None:
    try:
        target.parent.mkdir(exist_ok=True)
        path.replace(target)
    except OSError as error:
        raise GraderError(not_written(target, error)) from error


def document(report: Report) -> dict[str, Any]:
    """Return a report as JSON, its points without binary noise."""
    data: dict[str, Any] = report.to_json()
    for entry in (data, *data["questions"]):
        entry["points"] = _rounded(entry["points"])
        entry["out_of"] = _rounded(entry["out_of"])
    return data


def table(reports: Iterable[Report], questions: Sequence[str]) -> str:
    """Return the gradebook as CSV: ids in order, no score left empty, one line for each row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["submission", "status", "points", "out_of", *map(cell, questions), "reason"])
    for report in sorted(reports, key=lambda report: report.submission):
        data = document(report)
        earned = {q["name"]: q["points"] for q in data["questions"]} if not report.reason else {}
        points = [data["points"], data["out_of"], *(earned.get(name) for name in questions)]
        row = [report.submission, str(report.status), *points, report.reason or ""]
        writer.writerow([cell(value) if isinstance(value, str) else value for value in row])
    return text.getvalue()


def _read(path: Path) -> Report | None:
    """Return the report in a JSON file; None if the file is something else, as an export is."""
    # Exports and settings may lie here too; what every report has had from the start is an id.
    # Only a report has a page, which tells of a damaged one that it was a report.
    is_report = _page(path).is_file()
    if not is_report and not path.is_file():
        return None
    try:
        data = json.loads(path.read_bytes())
        if not is_report and (not isinstance(data, dict) or "submission" not in data):
            return None
        return Report.from_json(data)
    except OSError as error:
        reason = f"{path.name}: cannot be read ({error.strerror})."
    except DAMAGED:
        reason = (
            f"{path.name}: the report is damaged. Run `gradekit grade` again: the journal keeps "
            "the points, and the report is written anew."
        )
    return Report(
        submission=path.stem, file="", sha256="", reason=printable(reason), out_of=0.0, ours=True
    )


def _page(report: Path) -> Path:
    """Return where the page for the student is whose report is in a file."""
    return report.parent / PAGES / f"{report.stem}.html"


def _rounded(points: float | None) -> float | None:
    return None if points is None else round(float(points), PLACES)
