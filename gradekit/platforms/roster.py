"""Who handed in what: the table that leads from a submission back to a student.

Grading knows submissions by safe names; learning platforms know students by their
own ids. `roster.csv` holds both. It lies beside the notebooks that `collect`
wrote, it may be edited in a spreadsheet, and it tells `collect` which folders are
its own. A group is one submission in several rows. Texts are compared as the table
has them, where nothing can begin a formula.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gradekit.core.errors import SubmissionError
from gradekit.core.escape import cell
from gradekit.platforms.table import Worksheet, csv_bytes

ROSTER = "roster.csv"
COLUMNS = ("submission", "name", "id", "late", "file", "when", "notes")
LATE = {None: "", True: "yes", False: "no"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Student:
    """One person, as the platform knows them."""

    id: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """One student's part in one submission."""

    submission: str
    name: str = ""
    id: str = ""
    late: str = ""
    """yes, no, or empty where the platform did not tell."""
    file: str = ""
    """The file that counts, by its name in the download; empty where none could be collected."""
    when: str = ""
    notes: str = ""
    """Why nothing could be collected, and which files do not count."""


def roster_csv(rows: Iterable[RosterRow]) -> bytes:
    """Return the roster as a file that spreadsheets open."""
    by_submission = sorted(rows, key=lambda row: (row.submission, row.id))
    lines = [[cell(getattr(row, column)) for column in COLUMNS] for row in by_submission]
    return csv_bytes([COLUMNS, *lines], line_end="\n")


def load_roster(path: Path) -> list[RosterRow]:
    """Return the rows of a roster, as `collect` wrote it or as a spreadsheet saved it.

    Raises
    ------
    SubmissionError
        If it cannot be read, or has no column `submission` or no column `id`.
    """
    sheet = Worksheet.load(path)
    header = [name.strip().casefold() for name in sheet.header]
    if missing := {"submission", "id"} - set(header):
        raise SubmissionError(
            f"{sheet.name}: the roster has no column {' and no '.join(sorted(missing))}. "
            f"Its first line must name {', '.join(COLUMNS)}."
        )
    # The columns may come in any order, and a teacher may have added others.
    columns = [(column, header.index(column)) for column in COLUMNS if column in header]
    rows = [
        RosterRow(**{column: cell(line[at].strip()) for column, at in columns})
        for line in sheet.rows
    ]
    return [row for row in rows if row.submission]
