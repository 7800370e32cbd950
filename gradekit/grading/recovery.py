"""The marks of people that only the reports still have go back into the journal.

Reports are views of the journal, so each run writes them anew. Where the journal was lost,
moved away or replaced by an older copy, that would delete the work of whoever marked.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from gradekit.core.errors import SubmissionError
from gradekit.core.marks import HumanMark, Report
from gradekit.core.rubric import load as load_rubrics
from gradekit.grading.written_answers import find_answers

if TYPE_CHECKING:
    from gradekit.core.bundle import Bundle
    from gradekit.grading.journal import Journal
    from gradekit.grading.results import Results
    from gradekit.submission import HandIn


def restore_human_marks(
    journal: Journal, results: Results, bundle: Bundle, handins: Sequence[HandIn]
) -> int:
    """Add the marks that only the reports have to the journal, and return their number.

    Call it before anything is written into the results folder. Points that were taken back
    have a row in the journal, so they stay taken back.

    Raises
    ------
    GraderError
        If the journal cannot be read or written.
    """
    marked = results.marked_reports()
    if not marked:
        return 0
    recorded = {(mark.question, mark.submission) for mark in journal.human_marks()}
    by_id = {handin.id: handin for handin in handins}
    marks = [
        mark
        for report in marked
        if any((q.name, report.submission) not in recorded for q in report.questions if q.written)
        for mark in _human_marks(report, by_id.get(report.submission), bundle)
        if (mark.question, mark.submission) not in recorded
    ]
    journal.add_human_marks(marks)
    return len(marks)


def _human_marks(report: Report, handin: HandIn | None, bundle: Bundle) -> Iterator[HumanMark]:
    """Yield the marks in a report; who gave them and when only the lost journal knew."""
    digests = _answer_digests(report, handin, bundle)
    for question in report.questions:
        if question.written and question.points is not None:
            yield HumanMark(
                question=question.name,
                submission=report.submission,
                sha256=report.sha256,
                # Without the text that was read, the mark counts for that very file alone.
                answer=digests.get(question.name, ""),
                points=question.points,
                comment=question.checks[0].message,
                when=time.time(),
                who="",
            )


def _answer_digests(report: Report, handin: HandIn | None, bundle: Bundle) -> dict[str, str]:
    """Return the digest of each answer's text, if the file that was marked is still there."""
    try:
        if handin is None or handin.digest != report.sha256:
            return {}
    except SubmissionError:
        return {}
    answers = find_answers(handin, bundle, load_rubrics(bundle.folder))
    return {answer.question: answer.digest for answer in answers}
