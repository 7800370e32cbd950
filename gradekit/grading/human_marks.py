"""The marks that people gave the written answers, joined with those of the checks.

A written question counts as soon as one answer of the class has points: from then on
its points can be earned by everybody, it has a column in the gradebook, and an answer
that nobody has marked yet is an empty cell. Before, the class looks as if the question
did not exist, so that a class can be graded and published before anybody reads it.

Points belong to the text that was read. If a student hands in another file, they
stay where the answer in it is the same; else the answer waits to be marked again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from gradekit.core.bundle import Bundle, Question
from gradekit.core.errors import SubmissionError
from gradekit.core.marks import HumanMark, Mark, QuestionMark, Report, Verdict
from gradekit.core.rubric import load as load_rubrics
from gradekit.grading.results import Results
from gradekit.grading.written_answers import AnswerState, WrittenAnswer, find_answers
from gradekit.submission import HandIn

CHECK = "read by a person"  # the name of the one check of a written question

AnswerKey = tuple[str, str]  # question, submission


@dataclass(frozen=True, kw_only=True)
class HumanMarks:
    """The marks of a class's written answers, as far as they count now."""

    bundle: Bundle
    by_answer: dict[AnswerKey, HumanMark]

    @classmethod
    def of_class(
        cls, bundle: Bundle, marks: Iterable[HumanMark], handins: Iterable[HandIn]
    ) -> HumanMarks:
        """Return those marks of a journal that count for the files that are there now."""
        by_submission: dict[str, list[HumanMark]] = defaultdict(list)
        for mark in marks:
            if mark.points is not None:
                by_submission[mark.submission].append(mark)
        return cls(
            bundle=bundle,
            by_answer={
                (mark.question, mark.submission): mark
                for handin in handins
                for mark in _applicable(by_submission[handin.id], handin, bundle)
            },
        )

    @property
    def counted(self) -> list[Question]:
        """The written questions that count: at least one answer has points."""
        marked = {question for question, _ in self.by_answer}
        return [q for q in self.bundle.questions if q.manual and q.name in marked]

    @property
    def columns(self) -> list[str]:
        """The names of the gradebook's questions, in the order of the assignment."""
        counted = {question.name for question in self.counted}
        return [q.name for q in self.bundle.questions if not q.manual or q.name in counted]

    def unmarked(self, submissions: Iterable[str]) -> dict[str, int]:
        """Return how many answers to each counted question have no points yet, if any."""
        ids = list(submissions)
        counts = {
            question.name: sum((question.name, id_) not in self.by_answer for id_ in ids)
            for question in self.counted
        }
        return {question: count for question, count in counts.items() if count}

    def add_to(self, report: Report) -> Report:
        """Return a report with the counted questions, in the order of the assignment."""
        automatic = report.automatic  # a report from the disk may have older marks in it
        if not self.counted:
            return automatic
        written = [self._question_mark(question, report.submission) for question in self.counted]
        place = {question.name: place for place, question in enumerate(self.bundle.questions)}
        questions = sorted((*automatic.questions, *written), key=lambda mark: place[mark.name])
        out_of = automatic.out_of + sum(question.out_of for question in self.counted)
        return replace(automatic, questions=tuple(questions), out_of=out_of)

    def _question_mark(self, question: Question, submission: str) -> QuestionMark:
        mark = self.by_answer.get((question.name, submission))
        # A later build may have lowered what a question is worth.
        points = min(mark.points, question.out_of) if mark and mark.points else 0.0
        verdict = Verdict.PASSED if points else Verdict.FAILED
        check = Mark(
            name=CHECK,
            hidden=False,
            verdict=verdict if mark else Verdict.UNMARKED,
            points=points if mark else None,
            out_of=question.out_of,
            message=mark.comment if mark else "",
        )
        return QuestionMark(name=question.name, checks=(check,), written=True)


def applies_to(mark: HumanMark, answer: WrittenAnswer) -> bool:
    """Tell whether a mark counts for an answer: it is in the same file, or has the same text.

    The digest of a missing answer is that of no text, which is no reason to keep points: the
    answer may stand where nobody has found it.
    """
    if mark.sha256 == answer.sha256:
        return True
    return answer.state is not AnswerState.MISSING and mark.answer == answer.digest


def current_reports(
    handins: Iterable[HandIn], results: Results, human_marks: HumanMarks
) -> list[Report]:
    """Return the report of each file as the results folder has it, with the marks that count."""
    out_of = human_marks.bundle.out_of
    return [human_marks.add_to(_earlier(handin, results, out_of)) for handin in handins]


def _applicable(marks: Sequence[HumanMark], handin: HandIn, bundle: Bundle) -> Sequence[HumanMark]:
    """Return those marks of one submission that count for the file that is there now."""
    if not marks:
        return []
    try:
        digest = handin.digest
    except SubmissionError:
        return []
    if all(mark.sha256 == digest for mark in marks):
        return marks  # the usual case, without a look into the notebook
    rubrics = load_rubrics(bundle.folder)
    by_question = {answer.question: answer for answer in find_answers(handin, bundle, rubrics)}
    return [
        mark
        for mark in marks
        if mark.question in by_question and applies_to(mark, by_question[mark.question])
    ]


def _earlier(handin: HandIn, results: Results, out_of: float) -> Report:
    """Return the report of an earlier run on the very same file, or one without a score."""
    try:
        digest = handin.digest
    except SubmissionError:
        digest = ""
    report = results.load(handin.id)
    if report and (report.file, report.sha256, report.out_of) == (handin.file, digest, out_of):
        return report
    return Report(
        submission=handin.id,
        file=handin.file,
        sha256=digest,
        reason=f"{handin.file}: not graded yet. Run the command again for the whole class.",
        out_of=out_of,
        ours=True,
    )
