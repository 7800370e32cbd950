"""Judge changed checks by what was recorded, without running a student's code.

    python -m gradekit.worker.replay --bundle FOLDER --submission JSON --recording FOLDER ...

The worker's own steps are gone through again, with a recording in the kernel's place.
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
from typing import Any

from gradekit.core.bundle import Bundle, Question, contents_digest
from gradekit.core.job import Limits
from gradekit.core.marks import Mark, Outcome, Verdict
from gradekit.worker import worker
from gradekit.worker.judging import Judgement
from gradekit.worker.kernel import Ended, UnansweredError
from gradekit.worker.recording import (
    RecordedCheck,
    RecordedQuestion,
    Recording,
    UnusableError,
    asked,
    digest_of,
)


class NotRecorded(BaseException):
    """A check asks what no recording can answer.

    Not an `Exception`, so that no check swallows it.
    """


class Tape:
    """Answers the probes of one check after the other, in the recorded order."""

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
        for found, check in self._checks:
            if (found, check.name) == (question, name):
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
        if exchange.probe != digest_of(frames):
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
        """Raise what a check may have swallowed."""
        if self._why:
            raise NotRecorded(self._why)

    def _missed(self, what: str) -> NotRecorded:
        self._why = f"{self._label} {what}"
        return NotRecorded(self._why)


class Replay(worker.Worker):
    """One submission on its way through its questions, its answers read from a recording."""

    def __init__(self, bundle: Bundle, cells: Sequence[Mapping[str, Any]], recording: Recording,
                 limits: Limits) -> None:  # fmt: skip
        unhurried = replace(
            limits, call_seconds=math.inf, check_seconds=math.inf, total_seconds=math.inf
        )
        super().__init__(bundle, cells, recording.seed, unhurried, "none")
        self._recording, self._tape = recording, Tape(recording)
        self._known = {question.name: question for question in recording.questions}
        self._same_hidden = recording.hidden == contents_digest(bundle.folder / "hidden")
        self._current: RecordedQuestion | None = None
        self.judged: list[str] = []  # the questions whose checks were evaluated

    def _start(self) -> None:
        """Start nothing: no code of the student's runs here."""

    def _run(self, place: int) -> None:
        """Note what was noted when the cell ran."""
        if place in self._recording.stops:
            how, note = self._recording.stops[place]
            self._notes.append(note)
            self._stopped[self._cells[place]["id"]] = how

    def _alive(self, _place: int) -> Any:
        assert self._current is not None
        checks = self._current.checks
        if checks and checks[0].late is not None:
            return None
        self._tape.alive = True
        return self._tape

    def _question(self, question: Question, place: int) -> tuple[Mark, ...]:
        return tuple(self._checked(question, place))  # nobody can have killed a recording

    def _late(self, question: str, name: str) -> bool:
        return bool(self._tape.find(question, name).late)

    def _checked(self, question: Question, place: int) -> Iterator[Mark]:
        known = self._current = self._known.get(question.name)
        if known is None:
            raise NotRecorded(f"question {question.name} is new")
        if known.place != place:
            raise NotRecorded(f"question {question.name}: its answer is looked for elsewhere now")
        if self._same_hidden and known.digest == asked(self._bundle, question):
            yield from known.marks
            return
        self.judged.append(question.name)
        for found in super()._checked(question, place):
            if found.verdict is Verdict.UNMARKED:
                raise NotRecorded(f"{question.name}, {found.name}: the check itself failed")
            yield found

    def _judged(self, case: Any, hidden: bool, question: str, kernel: Any) -> Judgement:
        self._tape.begin(question, case.body.test_func.__name__)
        judgement = super()._judged(case, hidden, question, kernel)
        self._tape.demand_answers()
        return judgement


def replayed(bundle: Bundle, cells: Sequence[Mapping[str, Any]], path: Path,
             limits: Limits) -> dict[str, Any]:  # fmt: skip
    """Return {"outcome", "judged"}, or {"why"} where the recording cannot answer."""
    try:
        replay = Replay(bundle, cells, Recording(path), limits)
        outcome: Outcome = replay.outcome()
    except (UnusableError, NotRecorded) as error:
        return {"why": str(error)}
    return {"outcome": outcome.to_json(), "judged": replay.judged}


def _apart(bundle: Bundle, item: Mapping[str, Any], folder: Path, limits: Limits) -> Any:
    """Return what `replayed` finds, in a copy of this process; whatever ends it ends it alone."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            found = replayed(bundle, item["cells"], folder / item["recording"], limits)
            with os.fdopen(writing, "w", encoding="utf-8") as report:
                json.dump(found, report)
        except BaseException:  # noqa: BLE001 - what it was is for staff; the parent goes on
            traceback.print_exc()
        finally:
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
    report = worker.private_output()
    given = worker.options(arguments)
    bundle = worker.begin(given)
    limits = Limits.from_json(json.loads(given.limits))
    batch = json.loads(given.submission.read_bytes())
    with report:
        json.dump([_apart(bundle, item, given.recording, limits) for item in batch], report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
