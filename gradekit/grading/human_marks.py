"""What people gave the written answers, joined with what the checks gave the rest.

A written question counts as soon as one answer of the class has points: from then on
its points can be earned by everybody, it has a column in the gradebook, and an answer
that nobody has read yet is an empty cell. Before, the class looks as if it had none.

Points belong to the text that was read. Where a student hands in another file they
stay if the answer is the same in it, else the answer waits to be read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from gradekit.core.bundle import Bundle, Question
from gradekit.core.errors import SubmissionError
from gradekit.core.marks import HumanMark, Mark, QuestionMark, Report, Verdict
from gradekit.core.rubric import load as load_rubrics
from gradekit.grading.results import Results
from gradekit.grading.written_answers import Answer, State, answers
from gradekit.submission import HandIn

CHECK = "read by a person"

Key = tuple[str, str]  # question, submission


@dataclass(frozen=True, kw_only=True)
class HumanMarks:
    """The points of a class's written answers, as far as they count now."""

    bundle: Bundle
    points: dict[Key, HumanMark]

    @property
    def begun(self) -> list[Question]:
        """The written questions of which at least one answer has points."""
        names = {question for question, _ in self.points}
        return [q for q in self.bundle.questions if q.manual and q.name in names]

    @property
    def columns(self) -> list[str]:
        """The questions of the gradebook, in the order of the exercise."""
        begun = {question.name for question in self.begun}
        return [q.name for q in self.bundle.questions if not q.manual or q.name in begun]

    def missing(self, submissions: Iterable[str]) -> dict[str, int]:
        """Return how many answers of each begun question were not read yet."""
        names = list(submissions)
        counts = {
            question.name: sum((question.name, name) not in self.points for name in names)
            for question in self.begun
        }
        return {name: count for name, count in counts.items() if count}

    def added_to(self, report: Report) -> Report:
        """Return a report with the points of the begun questions, in the exercise's order."""
        bare = report.automatic
        if not self.begun:
            return bare
        written = [self._mark(question, report.submission) for question in self.begun]
        order = {question.name: n for n, question in enumerate(self.bundle.questions)}
        marks = sorted((*bare.questions, *written), key=lambda mark: order[mark.name])
        out_of = bare.out_of + sum(question.out_of for question in self.begun)
        return replace(bare, questions=tuple(marks), out_of=out_of)

    def _mark(self, question: Question, submission: str) -> QuestionMark:
        reading = self.points.get((question.name, submission))
        points = min(reading.points, question.out_of) if reading and reading.points else 0.0
        verdict = Verdict.PASSED if points else Verdict.FAILED
        mark = Mark(
            name=CHECK,
            hidden=False,
            verdict=verdict if reading else Verdict.UNMARKED,
            points=points if reading else None,
            out_of=question.out_of,
            message=reading.comment if reading else "",
        )
        return QuestionMark(name=question.name, checks=(mark,), written=True)


def of_class(
    bundle: Bundle, readings: Iterable[HumanMark], handins: Iterable[HandIn]
) -> HumanMarks:
    """Return what counts of the readings in a journal for the files that are there now."""
    given: dict[str, list[HumanMark]] = {}
    for reading in readings:
        if reading.points is not None:
            given.setdefault(reading.submission, []).append(reading)
    points: dict[Key, HumanMark] = {}
    for handin in handins:
        if known := given.get(handin.id):
            points |= {(r.question, r.submission): r for r in _still_true(known, handin, bundle)}
    return HumanMarks(bundle=bundle, points=points)


def _still_true(known: list[HumanMark], handin: HandIn, bundle: Bundle) -> list[HumanMark]:
    """Return the readings of the very file, or of the same answers in another one."""
    try:
        digest = handin.digest
    except SubmissionError:
        return []
    if all(reading.sha256 == digest for reading in known):
        return known
    now = {a.question: a for a in answers(handin, bundle, load_rubrics(bundle.folder))}
    return [r for r in known if r.question in now and counts(r, now[r.question])]


def counts(reading: HumanMark, answer: Answer) -> bool:
    """Tell whether a reading is of this answer."""
    if reading.sha256 == answer.sha256:
        return True
    return answer.state is not State.MISSING and reading.answer == answer.digest


def write_views(reports: Sequence[Report], results: Results, readings: HumanMarks) -> None:
    """Bring the reports and the gradebook to what was read by now."""
    results.save_class(reports, readings.columns)


def standing(handins: Iterable[HandIn], results: Results, readings: HumanMarks) -> list[Report]:
    """Return the report of everybody as the results folder and the readings have it."""
    out_of = readings.bundle.out_of
    return [readings.added_to(_earlier(handin, results, out_of)) for handin in handins]


def _earlier(handin: HandIn, results: Results, out_of: float) -> Report:
    """Return the report of an earlier run on the very same file, or one that says there is none."""
    try:
        digest = handin.digest
    except SubmissionError:
        digest = ""
    report = results.load(handin.id)
    if report and (report.file, report.sha256, report.out_of) == (handin.file, digest, out_of):
        return report
    reason = f"{handin.file}: not graded yet. Run the command again for the whole class."
    return Report(
        submission=handin.id,
        file=handin.file,
        sha256=digest,
        reason=reason,
        out_of=out_of,
        ours=True,
    )
