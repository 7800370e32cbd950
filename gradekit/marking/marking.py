"""What a person may do with the written answers of a class: read them, and mark them.

The page and the spreadsheet both go through here, so both save the same points under the
same rules. What was reported as saved is in the journal, on the disk; reports and
gradebook are derived from the journal afterwards.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from gradekit.core.bundle import Bundle, Question
from gradekit.core.errors import SubmissionError
from gradekit.core.marks import HumanMark
from gradekit.core.rubric import Rubric
from gradekit.grading import (
    AnswerState,
    HumanMarks,
    Journal,
    Results,
    WrittenAnswer,
    applies_to,
    clean_text,
    current_reports,
    find_answers,
)
from gradekit.submission import HandIn

MAX_COMMENT = 2_000  # characters
STEP = 0.5  # points
ROUNDING = 1e-6  # of a step; 0.3 / 0.1 is 2.9999999999999996

AnswerKey = tuple[str, str]  # question, submission


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerToMark:
    """One answer, under a number that hides whose it is, with the mark that it has."""

    number: int
    """Its place on the page of its question, from 1."""
    handle: str
    """What the page calls it. It is nobody's id, so the page names nobody."""
    answer: WrittenAnswer
    human_mark: HumanMark | None
    """The last mark that somebody gave, whether or not it counts for this text."""
    changed: bool
    """Whether that mark is for an earlier text of this answer, so that it does not count."""

    @property
    def points(self) -> float | None:
        """The points that count for this answer."""
        return None if self.human_mark is None or self.changed else self.human_mark.points

    @property
    def comment(self) -> str:
        """The comment that goes to the student."""
        return "" if self.human_mark is None or self.changed else self.human_mark.comment

    @property
    def marked(self) -> bool:
        """Whether the answer has points."""
        return self.points is not None

    @property
    def locked(self) -> bool:
        """Whether nobody can mark it, because there is no notebook to read."""
        return self.answer.state is AnswerState.UNREADABLE

    @property
    def notes(self) -> list[str]:
        """What the person should know before marking it."""
        notes = [self.answer.note] if self.answer.note else []
        if self.changed and self.human_mark is not None and self.human_mark.points is not None:
            earlier = f"{self.human_mark.points:g} points. {self.human_mark.comment}".strip()
            notes.append(f"The answer has changed since it was marked. Earlier mark: {earlier}")
        return notes


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedMark:
    """The mark that somebody wants to save; `points` None takes the points back."""

    question: str
    submission: str
    points: float | None
    comment: str


@dataclass
class Marking:
    """All answers of a class to the written questions of one bundle, and their marks.

    Threads may share it: the browser sends several requests at once. `clock` returns
    seconds since 1970; `step` is the smallest part of a point that can be given.
    """

    bundle: Bundle
    rubrics: dict[str, Rubric]
    handins: Sequence[HandIn]
    results: Results
    journal: Journal
    clock: Callable[[], float]
    who: str = ""
    step: float = STEP
    _answers: dict[AnswerKey, WrittenAnswer] = field(init=False)
    # A copy of the journal's rows: each page needs all of them, and this process holds the
    # journal's lock, so nobody else can add one.
    _human_marks: dict[AnswerKey, HumanMark] = field(init=False)
    _lock: threading.RLock = field(init=False, default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self._answers = {
            (answer.question, answer.submission): answer
            for handin in self.handins
            for answer in find_answers(handin, self.bundle, self.rubrics)
        }
        self._human_marks = {_key(mark): mark for mark in self.journal.human_marks()}

    @property
    def questions(self) -> list[Question]:
        """The written questions."""
        return [question for question in self.bundle.questions if question.manual]

    def answers_to(self, question: str) -> list[AnswerToMark]:
        """Return the answers to a question, in an order that does not reveal whose they are.

        The order is the same every time, and another for each question, so that nobody
        is always marked first or after the same neighbour.
        """
        with self._lock:
            human_marks = dict(self._human_marks)
        of_question = [answer for (name, _), answer in self._answers.items() if name == question]
        return [
            _to_mark(number, answer, human_marks.get((question, answer.submission)))
            for number, answer in enumerate(sorted(of_question, key=handle_of), start=1)
        ]

    def answer(self, question: str, submission: str) -> AnswerToMark:
        """Return one answer, without a number."""
        key = question, submission
        return _to_mark(0, self._answers[key], self._human_marks.get(key))

    def save(self, marks: Sequence[ProposedMark]) -> None:
        """Write marks into the journal, all of them or none; they are on the disk afterwards.

        Raises
        ------
        SubmissionError
            If one cannot be saved: a line with the reason for each, in the order of `marks`.
        GraderError
            If the journal cannot be written.
        """
        refusals = [refusal for mark in marks if (refusal := self.refusal(mark))]
        if refusals:
            raise SubmissionError("\n".join(refusals))
        now = self.clock()
        human_marks = [self._human_mark(mark, now) for mark in marks]
        # The journal comes first: what cannot be written must not be shown as saved.
        with self._lock:
            self.journal.add_human_marks(human_marks)
            self._human_marks |= {_key(mark): mark for mark in human_marks}

    def refusal(self, mark: ProposedMark) -> str:
        """Return the reason why a mark cannot be saved, or an empty text."""
        answer = self._answers.get(_key(mark))
        if answer is None:
            return (
                f"{mark.question}: there is no such written question, or no submission "
                f"{mark.submission}."
            )
        if answer.state is AnswerState.UNREADABLE:
            return f"{mark.question}: no notebook was handed in, so the answer has no points."
        points = mark.points
        out_of = next(q.out_of for q in self.questions if q.name == mark.question)
        if points is not None and not 0 <= points <= out_of:
            return f"{mark.question}: {points:g} points. Give 0 to {out_of:g}."
        # Full points can always be given, also where they are no multiple: 2.25 by halves.
        if points is not None and points != out_of and not _is_whole(points / self.step):
            return f"{mark.question}: {points:g} points. Give a multiple of {self.step:g}."
        if len(mark.comment) > MAX_COMMENT:
            return (
                f"{mark.question}: the comment has {len(mark.comment)} characters. "
                f"Give at most {MAX_COMMENT}."
            )
        return ""

    def _human_mark(self, mark: ProposedMark, now: float) -> HumanMark:
        answer = self._answers[_key(mark)]
        return HumanMark(
            question=mark.question,
            submission=mark.submission,
            sha256=answer.sha256,
            answer=answer.digest,
            points=mark.points,
            comment=clean_text(mark.comment),
            when=now,
            who=self.who,
        )

    def give_zero_to_empty(self, question: str) -> int:
        """Give 0 points to every empty answer that has no points yet, and return their number."""
        zeros = [
            ProposedMark(
                question=question,
                submission=entry.answer.submission,
                points=0.0,
                comment=entry.comment,
            )
            for entry in self.answers_to(question)
            if entry.answer.state is AnswerState.EMPTY and not entry.marked
        ]
        self.save(zeros)
        return len(zeros)

    def human_marks(self) -> HumanMarks:
        """Return the marks that count now."""
        with self._lock:
            human_marks = list(self._human_marks.values())
        return HumanMarks.of_class(self.bundle, human_marks, self.handins)

    def write_views(self) -> HumanMarks:
        """Write reports and gradebook anew from the journal; return the marks that count.

        Raises
        ------
        GraderError
            If the disk refuses. The journal has every mark all the same.
        """
        human_marks = self.human_marks()
        reports = current_reports(self.handins, self.results, human_marks)
        self.results.save_class(reports, human_marks.columns)
        return human_marks


def _to_mark(number: int, answer: WrittenAnswer, human_mark: HumanMark | None) -> AnswerToMark:
    return AnswerToMark(
        number=number,
        handle=handle_of(answer),
        answer=answer,
        human_mark=human_mark,
        changed=human_mark is not None and not applies_to(human_mark, answer),
    )


def _key(mark: HumanMark | ProposedMark) -> AnswerKey:
    return mark.question, mark.submission


def _is_whole(number: float) -> bool:
    return abs(number - round(number)) < ROUNDING


def handle_of(answer: WrittenAnswer) -> str:
    """Return what the page calls an answer: the same every time, and nothing of whose it is."""
    return sha256(f"{answer.question}\0{answer.submission}".encode()).hexdigest()[:20]
