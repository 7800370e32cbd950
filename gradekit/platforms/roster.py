"""Who handed in what: the table that leads from a submission back to a student.

Grading knows submissions by safe names; learning platforms know students by their
own ids. `roster.csv` holds both. It lies beside the notebooks that `collect`
wrote, it may be edited in a spreadsheet, and it tells `collect` which folders are
its own. A group is one submission in several rows. Comparisons are made on texts
as they stand in the table, where nothing can begin a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gradekit.core.errors import SubmissionError
from gradekit.core.escape import cell
from gradekit.platforms.table import Worksheet

NAME = "roster.csv"
COLUMNS = ("submission", "name", "id", "late", "file", "when", "notes")
LATE = {None: "", True: "yes", False: "no"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One student's part in one submission.

    `late` is yes, no, or empty where the platform did not tell. `file` is what
    counts, as it was called in the download; it is empty where nothing could be
    taken, and `notes` say why, and what else was handed in.
    """

    submission: str
    name: str = ""
    id: str = ""
    late: str = ""
    file: str = ""
    when: str = ""
    notes: str = ""


def text(rows: Iterable[Row]) -> str:
    """Return the roster as CSV, with the mark by which spreadsheets know UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in sorted(rows, key=lambda row: (row.submission, row.id)):
        writer.writerow([cell(getattr(row, column)) for column in COLUMNS])
    return "\ufeff" + out.getvalue()


def load(path: Path) -> list[Row]:
    """Return the rows of a roster, as `collect` wrote it or as a spreadsheet saved it.

    Raises
    ------
    SubmissionError
        If it cannot be read, or has no column `parse` or no column `id`.
    """
    sheet = Worksheet.load(path)
    header = [name.strip().casefold() for name in sheet.header]
    if missing := {"submission", "id"} - set(header):
        raise SubmissionError(
            f"{sheet.name}: the roster has no column {' and no '.join(sorted(missing))}. "
            f"Its first line must name {', '.join(COLUMNS)}."
        )
    places = [(column, header.index(column)) for column in COLUMNS if column in header]
    rows = (Row(**{name: cell(line[at].strip()) for name, at in places}) for line in sheet.rows)
    return [row for row in rows if row.submission]
