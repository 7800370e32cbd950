"""The desk at which a person reads written answers: the class's answers and their points.

Everything that the page and the spreadsheet may do goes through here, so both give the
same points under the same rules. What was said to be saved is in the journal, forced
to the disk; reports and gradebook are brought up to it afterwards.
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
    Answer,
    HumanMarks,
    Journal,
    Results,
    State,
    answers,
    counts,
    of_class,
    shown,
    standing,
    write_views,
)
from gradekit.submission import HandIn

MAX_COMMENT = 2_000  # characters
STEP = 0.5  # points


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One answer under the number that hides whose it is, and the reading that counts for it."""

    number: int
    handle: str  # names the answer to the page; nobody's id
    answer: Answer
    reading: HumanMark | None
    changed: bool  # there is a reading, of an earlier answer

    @property
    def points(self) -> float | None:
        """The points that count for this answer."""
        return None if self.reading is None or self.changed else self.reading.points

    @property
    def comment(self) -> str:
        """What was said of this answer."""
        return "" if self.reading is None or self.changed else self.reading.comment

    @property
    def read(self) -> bool:
        """Whether the answer has points."""
        return self.points is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What somebody wants to give one answer; `points` None takes them back."""

    submission: str
    points: float | None
    comment: str


@dataclass
class Desk:
    """All answers of a class to the written questions of one bundle.

    Threads may share it. `clock` returns seconds since 1970; `step` is the smallest
    part of a point that can be given.
    """

    bundle: Bundle
    rubrics: dict[str, Rubric]
    handins: Sequence[HandIn]
    results: Results
    journal: Journal
    clock: Callable[[], float]
    who: str = ""
    step: float = STEP
    _answers: dict[tuple[str, str], Answer] = field(init=False)
    _readings: dict[tuple[str, str], HumanMark] = field(init=False)
    _change: threading.RLock = field(init=False, default_factory=threading.RLock)

    def __post_init__(self) -> None:
        found = [one for handin in self.handins for one in self._of(handin)]
        self._answers = {(answer.question, answer.submission): answer for answer in found}
        self._readings = {(r.question, r.submission): r for r in self.journal.readings()}

    def _of(self, handin: HandIn) -> list[Answer]:
        return answers(handin, self.bundle, self.rubrics)

    @property
    def questions(self) -> list[Question]:
        """The written questions."""
        return [question for question in self.bundle.questions if question.manual]

    def entries(self, question: str) -> list[Entry]:
        """Return the answers to a question, in an order that tells nothing of whose they are.

        It is the same every time, and another for each question, so that nobody is
        always read first or after the same neighbour.
        """
        with self._change:
            mine = [a for (name, _), a in self._answers.items() if name == question]
            readings = dict(self._readings)
        mine.sort(key=_handle)
        return [
            self._entry(number, answer, readings.get((question, answer.submission)))
            for number, answer in enumerate(mine, start=1)
        ]

    def entry(self, question: str, submission: str) -> Entry:
        """Return one answer, without a number."""
        key = question, submission
        return self._entry(0, self._answers[key], self._readings.get(key))

    def _entry(self, number: int, answer: Answer, reading: HumanMark | None) -> Entry:
        changed = reading is not None and not counts(reading, answer)
        handle = _handle(answer)
        return Entry(number=number, handle=handle, answer=answer, reading=reading, changed=changed)

    def give(self, question: str, wanted: Sequence[Given]) -> None:
        """Put points and comments into the journal, all of them or none; they are on the disk.

        Raises
        ------
        SubmissionError
            If one may not be given: the reasons, in the order of `wanted`.
        GraderError
            If the journal cannot be written.
        """
        self.give_all([(question, given) for given in wanted])

    def give_all(self, wanted: Sequence[tuple[str, Given]]) -> None:
        """Do as `give` does, over several questions."""
        wrong = [text for question, given in wanted if (text := self.refused(question, given))]
        if wrong:
            raise SubmissionError("\n".join(wrong))
        now = self.clock()
        readings = [self._reading(question, given, now) for question, given in wanted]
        with self._change:
            self.journal.note(readings)
            self._readings |= {(r.question, r.submission): r for r in readings}

    def refused(self, question: str, given: Given) -> str:
        """Return why points may not be given, or an empty text."""
        answer = self._answers.get((question, given.submission))
        if answer is None:
            return f"{question}: there is no such written question, or nobody of this name."
        if answer.state is State.UNREADABLE:
            return f"{question}: no notebook was handed in. It stays without points."
        out_of = next(one.out_of for one in self.questions if one.name == question)
        points = given.points
        if points is not None and not 0 <= points <= out_of:
            return f"{question}: {points:g} points. Give 0 to {out_of:g}."
        if points is not None and points != out_of and not _is_whole(points / self.step):
            return f"{question}: {points:g} points. Give a multiple of {self.step:g}."
        if len(given.comment) > MAX_COMMENT:
            return (
                f"{question}: a comment of {len(given.comment)} characters. Give {MAX_COMMENT} "
                "at most."
            )
        return ""

    def _reading(self, question: str, given: Given, now: float) -> HumanMark:
        answer = self._answers[question, given.submission]
        return HumanMark(
            question=question,
            submission=given.submission,
            sha256=answer.sha256,
            answer=answer.digest,
            points=given.points,
            comment=shown(given.comment),
            when=now,
            who=self.who,
        )

    def give_nothing_to_empty(self, question: str) -> int:
        """Give 0 points to every empty answer that has none yet; return how many those were."""
        empty = [
            Given(submission=entry.answer.submission, points=0.0, comment=entry.comment)
            for entry in self.entries(question)
            if entry.answer.state is State.EMPTY and not entry.read
        ]
        self.give(question, empty)
        return len(empty)

    def standing(self) -> HumanMarks:
        """Return what counts now."""
        with self._change:
            readings = list(self._readings.values())
        return of_class(self.bundle, readings, self.handins)

    def write_views(self) -> HumanMarks:
        """Bring reports and gradebook up to the journal; return what counts.

        Raises
        ------
        GraderError
            If the disk refuses. The journal has everything all the same.
        """
        readings = self.standing()
        reports = standing(self.handins, self.results, readings)
        write_views(reports, self.results, readings)
        return readings


def _is_whole(number: float) -> bool:
    return abs(number - round(number)) < 1e-6


def _handle(answer: Answer) -> str:
    return sha256(f"{answer.question}\0{answer.submission}".encode()).hexdigest()[:20]
