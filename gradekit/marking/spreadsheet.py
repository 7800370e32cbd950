"""Written answers as a table, for those who mark in a spreadsheet.

The table goes out with what was given so far and comes back whole: every row is looked
at first, and if one is wrong nothing is taken over. A row without points changes
nothing, so several people may each fill in a part.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gradekit.core.errors import SubmissionError
from gradekit.core.escape import cell
from gradekit.marking.marking import Desk, Entry, Given
from gradekit.platforms import MARK, Worksheet, decimal, number

COLUMNS = ("question", "submission", "answer", "points", "out_of", "comment")
NEEDED = ("question", "submission", "points")
MAX_CELL = 30_000  # characters; spreadsheets cut a cell at 32,767


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What an import came to: how many answers got points or a comment, and how many kept them."""

    changed: int
    as_before: int
    left: int  # rows without points


def exported(desk: Desk) -> bytes:
    """Return all answers to all written questions, with their points, as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for question in desk.questions:
        for entry in desk.entries(question.name):
            writer.writerow(_row(entry, question.out_of))
    return (MARK + out.getvalue()).encode("utf-8", "backslashreplace")


def _row(entry: Entry, out_of: float) -> list[str]:
    answer = entry.answer
    points = "" if entry.points is None else decimal(entry.points)
    text = answer.text or f"[{answer.state}] {answer.note}".strip()
    comment = entry.comment
    names = [cell(answer.question), cell(answer.submission)]
    return [*names, _lines(text), points, decimal(out_of), _lines(comment)]


def _lines(text: str) -> str:
    """Return a text whose every line is safe: a program that splits rows badly computes nothing."""
    return "\n".join(map(cell, text[:MAX_CELL].split("\n")))


def imported(desk: Desk, path: Path) -> Taken:
    """Take over the points in a table.

    Raises
    ------
    SubmissionError
        If it is no such table, or a row of it may not be taken over: file, row and column
        of each, and nothing was changed.
    """
    sheet = Worksheet.load(path)
    wrong: list[str] = []
    rows = list(_rows(sheet, desk, wrong))
    seen: dict[tuple[str, str], int] = {}
    for line, question, given in rows:
        first = seen.setdefault((question, given.submission), line)
        if first != line:
            wrong.append(f"row {line}: the same answer as row {first}. Leave one of them.")
        elif refused := desk.refused(question, given):
            wrong.append(f"row {line}, column points: {refused}")
    if wrong:
        shown = [f"{sheet.name}, {text}" for text in wrong[:20]]
        more = [f"and {len(wrong) - 20} more"] if len(wrong) > 20 else []
        raise SubmissionError("\n".join([*shown, *more, "Nothing was taken over."]))
    fresh = [(question, given) for _, question, given in rows if _is_new(desk, question, given)]
    desk.give_all(fresh)
    left = len(sheet.rows) - len(rows)
    return Taken(changed=len(fresh), as_before=len(rows) - len(fresh), left=left)


def _rows(sheet: Worksheet, desk: Desk, wrong: list[str]) -> Iterator[tuple[int, str, Given]]:
    """Yield line, question and what it wants for each row with points; collect what is wrong."""
    header = [title.strip().lower() for title in sheet.header]
    if missing := [title for title in NEEDED if title not in header]:
        raise SubmissionError(
            f"{sheet.name}: the column {missing[0]} is missing. Keep the first row that "
            "`gradekit written --export` wrote."
        )
    at = {title: header.index(title) for title in COLUMNS if title in header}
    ids = {cell(handin.id): handin.id for handin in desk.handins}
    questions = {cell(question.name): question.name for question in desk.questions}
    for line, row in enumerate(sheet.rows, start=2):
        text = row[at["points"]].strip()
        if not text:
            continue
        question = questions.get(row[at["question"]].strip())
        submission = ids.get(row[at["submission"]])
        points = number(text)
        if question is None:
            wrong.append(f"row {line}, column question: there is no written question of this name.")
        elif submission is None:
            wrong.append(f"row {line}, column submission: nobody handed in under this id.")
        elif points is None:
            wrong.append(f"row {line}, column points: not a number. Give 0 or more, or nothing.")
        else:
            comment = _plain(row[at["comment"]]) if "comment" in at else None
            yield line, question, _given(desk, question, submission, points, comment)


def _given(desk: Desk, question: str, submission: str, points: float, comment: str | None) -> Given:
    """Return what a row wants; without a column of comments, the comment stays."""
    if comment is None:
        comment = desk.entry(question, submission).comment
    return Given(submission=submission, points=points, comment=comment)


def _is_new(desk: Desk, question: str, given: Given) -> bool:
    entry = desk.entry(question, given.submission)
    return (entry.points, entry.comment) != (given.points, given.comment)


def _plain(text: str) -> str:
    """Return a comment without the apostrophes that kept its lines from being computed."""
    lines = text.replace("\r\n", "\n").strip().split("\n")
    return "\n".join(x[1:] if x.startswith("'") and cell(x[1:]) == x else x for x in lines)
