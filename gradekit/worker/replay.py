"""Judge changed checks by what was recorded, without running a student's code.

    python -m gradekit.worker.replay --bundle FOLDER --submission JSON --recording FOLDER ...

The worker goes its way again, given a recording instead of kernels.
It answers as long as a check puts the probes that were put before, in the same order;
objects of the student's have a memory, so an answer is worth nothing out of its order.
A check may stop earlier than it did. Whatever else it does, a new probe, another
order, a check or a question that was not there, makes the recording `UnusableError`:
that submission is graded in a sandbox. So is one whose answers would now be looked for
in other cells.

What is drawn at random is drawn from the recorded seed, also where a changed bundle
would give another one: only so are the probes the same. It is assumed of checks that
none relies on what another one did to the student's objects. A question whose checks
and whose hidden modules are what they were keeps its marks.

Imports are paid once for many submissions. Each is judged in a process of its own, a
copy of this one, so that no check sees what an earlier submission left behind.
"""

from __future__ import annotations

import json
import math
import os
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from gradekit.core.bundle import Bundle, Question, contents_digest
from gradekit.core.job import Cell, Limits
from gradekit.core.marks import Mark, Verdict
from gradekit.worker.answers import CellRun, Judge
from gradekit.worker.kernel import Answering, Ended, UnansweredError
from gradekit.worker.process import begin, options, private_output
from gradekit.worker.recording import (
    RecordedCheck,
    Recording,
    UnusableError,
    probe_digest,
    question_digest,
)
from gradekit.worker.worker import Worker


class NotRecorded(BaseException):
    """A check asks what no recording can answer.

    Not an `Exception`, so that no check swallows it.
    """


class Tape:
    """Answers the probes of each check from the recording, in the recorded order."""

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._checks = iter([(q.name, check) for q in recording.questions for check in q.checks])
        self._check = RecordedCheck("", late=None, ended=None, exchanges=())
        self._place = 0
        self._label = ""
        self._why = ""  # what was missed, in case a check swallows everything that is raised
        self.alive = True

    def find(self, question: str, name: str) -> RecordedCheck:
        """Go on to a check; those in between are no longer asked."""
        self._label, self._place = f"{question}, {name.removeprefix('test_')}", 0
        for recorded_question, check in self._checks:
            if (recorded_question, check.name) == (question, name):
                self._check = check
                return check
        raise self._missed("is new, or stands in another place")

    def begin(self, question: str, name: str) -> None:
        """Go on to a check that will now be asked."""
        if self.find(question, name).late is not None:
            raise self._missed("was not asked before, because the kernel had ended")

    def probe(self, frames: Sequence[bytes], _seconds: float) -> list[Any]:
        """Return the recorded answer; see `Kernel.probe`."""
        if self._place == len(self._check.exchanges):
            if self._check.ended is None:
                raise self._missed("asks something new")
            raise UnansweredError(self._check.ended)
        exchange = self._check.exchanges[self._place]
        self._place += 1
        if exchange.probe != probe_digest(frames):
            raise self._missed("asks something new")
        if isinstance(exchange.answer, Ended):
            self.alive = exchange.answer is not Ended.DIED
            raise UnansweredError(exchange.answer)
        try:
            return list(self._recording.answer(exchange.answer))
        except UnusableError as error:
            self._why = str(error)
            raise NotRecorded(self._why) from None

    def demand_answers(self) -> None:
        """Raise `NotRecorded` again, in case the check swallowed it with a bare `except`."""
        if self._why:
            raise NotRecorded(self._why)

    def _missed(self, reason: str) -> NotRecorded:
        self._why = f"{self._label} {reason}"
        return NotRecorded(self._why)


class RecordedAnswers:
    """The answers of one submission, read from its recording; see `answers.Answers`."""

    def __init__(self, bundle: Bundle, recording: Recording) -> None:
        self._bundle, self._stops = bundle, recording.stops
        self._tape = Tape(recording)
        self._questions = {question.name: question for question in recording.questions}
        self._same_hidden = recording.hidden == contents_digest(bundle.folder / "hidden")
        self._question = ""  # whose checks are evaluated now
        self.judged: list[str] = []  # the questions whose checks were evaluated
        self.timings = {"kernel": 0.0, "notebook": 0.0}  # nothing runs, so it takes no time

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End nothing: no code of the student's runs here."""

    def run(self, position: int) -> CellRun:
        """Return what was noted when the cell ran."""
        how, note = self._stops.get(position, (None, ""))
        return CellRun(stopped=how, note=note)

    def marks(self, question: Question, position: int, judge: Judge) -> tuple[Mark, ...]:
        """Return the recorded marks where no check has changed, else those that `judge` gives.

        Raises
        ------
        NotRecorded
            If the recording does not have what the checks ask now.
        """
        recorded = self._questions.get(question.name)
        if recorded is None:
            raise NotRecorded(f"question {question.name} is new")
        if recorded.place != position:
            raise NotRecorded(f"question {question.name}: its answer is looked for elsewhere now")
        if self._same_hidden and recorded.digest == question_digest(self._bundle, question):
            return recorded.marks
        self._question = question.name
        self.judged.append(question.name)
        self._tape.alive = True
        gone = bool(recorded.checks) and recorded.checks[0].late is not None
        return tuple(self._decided(question, judge(None if gone else self._tape)))

    def _decided(self, question: Question, marks: Iterator[Mark]) -> Iterator[Mark]:
        """Yield marks; one that a check's own fault prevents is no mark to publish."""
        for mark in marks:
            if mark.verdict is Verdict.UNMARKED:
                raise NotRecorded(f"{question.name}, {mark.name}: the check itself failed")
            yield mark

    def is_late(self, check: str) -> bool:
        return bool(self._tape.find(self._question, check).late)

    def begin(self, check: str) -> None:
        self._tape.begin(self._question, check)

    def end(self, how: Ended | None = None) -> None:
        if how is None:
            self._tape.demand_answers()

    def seconds_left(self) -> float:
        return math.inf

    def for_exhibits(self) -> Answering | None:
        return None  # a recording holds what checks asked, not what was shown


def replayed(bundle: Bundle, cells: Sequence[Cell], path: Path, limits: Limits) -> dict[str, Any]:
    """Return {"outcome", "judged"}, or {"why"} where the recording cannot answer."""
    unhurried = replace(limits, call_seconds=math.inf, check_seconds=math.inf)
    try:
        recording = Recording(path)
        answers = RecordedAnswers(bundle, recording)
        outcome = Worker(bundle, cells, answers, recording.seed, unhurried).outcome()
    except (UnusableError, NotRecorded) as error:
        return {"why": str(error)}
    return {"outcome": outcome.to_json(), "judged": answers.judged}


def _apart(bundle: Bundle, item: Mapping[str, Any], folder: Path, limits: Limits) -> Any:
    """Return what `replayed` finds, in a copy of this process; whatever ends it ends it alone."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            judged = replayed(bundle, item["cells"], folder / item["recording"], limits)
            with os.fdopen(writing, "w", encoding="utf-8") as report:
                json.dump(judged, report)
        except BaseException:  # noqa: BLE001 - what it was is for staff; the parent goes on
            traceback.print_exc()
        finally:
            # Not `sys.exit`: what the parent has in its buffers would be written twice.
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as report:
        data = report.read()
    os.waitpid(child, 0)
    try:
        return json.loads(data)
    except ValueError:
        return {"why": "judging its recording failed"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge a batch of recordings and print what was found, in their order."""
    report = private_output()
    chosen = options(arguments)
    bundle = begin(chosen)
    limits = Limits.from_json(json.loads(chosen.limits))
    batch = json.loads(chosen.submission.read_bytes())
    with report:
        json.dump([_apart(bundle, item, chosen.recording, limits) for item in batch], report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
