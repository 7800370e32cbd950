"""The results folder: one JSON file for each submission, and one table of the class.

A crash may come at any moment, so a file is either there as a whole or not at
all: it is written beside its place, forced to the disk, and then renamed.
Names that strangers chose never become paths, and never become formulas in a
spreadsheet. Numbers stand in the table exactly as in the JSON files: decimal,
rounded to six places, so that 0.1 + 0.2 is 0.3 and whole points read 57.0.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from gradekit.core.errors import GraderError
from gradekit.core.escape import cell, file_names, printable
from gradekit.core.marks import Report

PLACES = 6  # decimal places of points


class Results:
    """The folder that holds what a class was given.

    Every method that writes raises `GraderError` when the disk refuses.
    """

    def __init__(self, folder: Path, ids: Iterable[str]) -> None:
        self.folder = folder
        self._names = file_names(ids)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise GraderError(_refused(folder, error)) from error

    @property
    def gradebook(self) -> Path:
        """Where the table of the class is."""
        return self.folder / "gradebook.csv"

    def path(self, submission: str) -> Path:
        """Where the report of a submission is."""
        return self.folder / f"{self._names[submission]}.json"

    def save(self, report: Report) -> None:
        """Write one report, as a whole or not at all."""
        text = json.dumps(document(report), indent=1, ensure_ascii=False) + "\n"
        if not _holds(self.path(report.submission), text):
            _write(self.path(report.submission), text)

    def load(self, submission: str) -> Report | None:
        """Return an earlier report without what people marked, or None if none can be read."""
        try:
            found = Report.from_json(json.loads(self.path(submission).read_bytes()))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        return found.automatic if found.submission == submission else None

    def write_gradebook(self, reports: Iterable[Report], questions: Sequence[str]) -> None:
        """Write the table of the class, one row for each file handed in."""
        _write(self.gradebook, table(reports, questions))


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


def _rounded(points: float | None) -> float | None:
    return None if points is None else round(float(points), PLACES)


def _holds(path: Path, text: str) -> bool:
    """Return whether a file has this text already: a thousand forced writes take long."""
    try:
        return path.read_text("utf-8") == text
    except (OSError, ValueError):
        return False


def _write(path: Path, text: str) -> None:
    """Replace a file at once: after a crash there is the old one or the new one."""
    beside = path.with_name(f".{path.name}.new")
    try:
        with beside.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()  # half a file is of no use, and takes room
        raise GraderError(_refused(path, error)) from error


def _refused(path: Path, error: OSError) -> str:
    return (
        f"{printable(path)}: could not be written ({error.strerror}). "
        "Make room or give another folder with --results; results so far are kept."
    )
