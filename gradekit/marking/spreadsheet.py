"""Written answers as a table, for those who mark in a spreadsheet.

The table is exported with the marks given so far and imported as a whole: every row is
checked first, and if one is wrong nothing is imported. A row without points changes
nothing, so several people may each fill in a part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gradekit.core.errors import SubmissionError
from gradekit.core.escape import cell
from gradekit.marking.marking import AnswerToMark, Marking, ProposedMark
from gradekit.platforms import Worksheet, csv_bytes, decimal, parse_number

COLUMNS = ("question", "submission", "answer", "points", "out_of", "comment")
NEEDED = ("question", "submission", "points")
MAX_CELL = 30_000  # characters; spreadsheets cut a cell at 32,767
MAX_MISTAKES = 20  # wrong rows that an error lists


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedMarks:
    """What an import changed, in numbers of rows."""

    changed: int
    unchanged: int
    """Rows whose points and comment were saved before."""
    without_points: int


def export_marks(marking: Marking) -> bytes:
    """Return all answers to all written questions, with their marks, as CSV."""
    rows = [
        _row(entry, question.out_of)
        for question in marking.questions
        for entry in marking.answers_to(question.name)
    ]
    return csv_bytes([COLUMNS, *rows])


def _row(entry: AnswerToMark, out_of: float) -> list[str]:
    answer = entry.answer
    return [
        cell(answer.question),
        cell(answer.submission),
        _safe_lines(answer.text or f"[{answer.state}] {answer.note}".strip()),
        "" if entry.points is None else decimal(entry.points),
        decimal(out_of),
        _safe_lines(entry.comment),
    ]


def _safe_lines(text: str) -> str:
    """Return a text none of whose lines can begin a formula.

    Some programs split a cell with line ends into several rows, so that each of its
    lines begins a cell.
    """
    return "\n".join(map(cell, text[:MAX_CELL].split("\n")))


def _as_typed(text: str) -> str:
    """Return a comment without the apostrophes that `_safe_lines` put before its lines."""
    lines = text.replace("\r\n", "\n").strip().split("\n")
    return "\n".join(
        line[1:] if line.startswith("'") and cell(line[1:]) == line else line for line in lines
    )


def import_marks(marking: Marking, path: Path) -> ImportedMarks:
    """Save the marks in a table.

    Raises
    ------
    SubmissionError
        If it is no such table, or a row of it cannot be saved: file, row and column of
        each, and nothing was changed.
    """
    sheet = Worksheet.load(path)
    mistakes: list[str] = []
    marks = list(_marks(sheet, marking, mistakes))
    first_lines: dict[tuple[str, str], int] = {}
    for line, mark in marks:
        first_line = first_lines.setdefault((mark.question, mark.submission), line)
        if first_line != line:
            mistakes.append(f"row {line}: the same answer as row {first_line}. Leave one of them.")
        elif refusal := marking.refusal(mark):
            mistakes.append(f"row {line}, column points: {refusal}")
    if mistakes:
        lines = [f"{sheet.name}, {mistake}" for mistake in mistakes[:MAX_MISTAKES]]
        more = len(mistakes) - len(lines)
        lines += [f"and {more} more"] if more else []
        raise SubmissionError("\n".join([*lines, "Nothing was imported."]))
    changes = [mark for _, mark in marks if _is_change(marking, mark)]
    marking.save(changes)
    return ImportedMarks(
        changed=len(changes),
        unchanged=len(marks) - len(changes),
        without_points=len(sheet.rows) - len(marks),
    )


def _marks(
    sheet: Worksheet, marking: Marking, mistakes: list[str]
) -> Iterator[tuple[int, ProposedMark]]:
    """Yield line number and mark of each row with points; add the others' mistakes."""
    header = [title.strip().lower() for title in sheet.header]
    if missing := [title for title in NEEDED if title not in header]:
        raise SubmissionError(
            f"{sheet.name}: the column {missing[0]} is missing. Keep the first row that "
            "`gradekit written --export` wrote."
        )
    at = {title: header.index(title) for title in COLUMNS if title in header}
    # Names are compared as the table has them, with their apostrophes.
    submissions = {cell(handin.id): handin.id for handin in marking.handins}
    questions = {cell(question.name): question.name for question in marking.questions}
    for line, row in enumerate(sheet.rows, start=2):  # as spreadsheets number them
        text = row[at["points"]].strip()
        if not text:
            continue
        question = questions.get(row[at["question"]].strip())
        submission = submissions.get(row[at["submission"]])
        points = parse_number(text)
        if question is None:
            mistakes.append(f"row {line}, column question: there is no such written question.")
        elif submission is None:
            mistakes.append(f"row {line}, column submission: nobody handed in under this id.")
        elif points is None:
            mistakes.append(
                f"row {line}, column points: not a number. Give 0 or more, or leave it empty."
            )
        else:
            # Without a column of comments, the comments that were saved before stay.
            saved = marking.answer(question, submission).comment
            yield (
                line,
                ProposedMark(
                    question=question,
                    submission=submission,
                    points=points,
                    comment=_as_typed(row[at["comment"]]) if "comment" in at else saved,
                ),
            )


def _is_change(marking: Marking, mark: ProposedMark) -> bool:
    entry = marking.answer(mark.question, mark.submission)
    return (entry.points, entry.comment) != (mark.points, mark.comment)
