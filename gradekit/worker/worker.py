"""Grade one notebook: go through its cells and questions, judge the checks here.

    python -m gradekit.worker --bundle FOLDER --submission FILE --seed HEX
                              --limits JSON --isolation user|bubblewrap|none

prints one JSON document, an `Outcome`, and exits 0. Anything else is our failure,
and the host takes it as one. This process reads the hidden checks and the holdout;
the student's code runs in another one (`kernel`) and is asked (`environment`), never
believed (`judging`).

Each question is graded where it stands in the notebook. Where the answers come from,
kernels or a recording, the worker is given (`answers`).
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import random
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

from gradekit.core.bundle import Bundle, Question
from gradekit.core.exhibits import Exhibit
from gradekit.core.job import Cell, Limits
from gradekit.core.marks import Incident, Mark, Outcome, QuestionMark, Verdict
from gradekit.worker import check_file
from gradekit.worker.answers import Answers
from gradekit.worker.judging import OUT_OF_TIME, STOPS, Judgement, claim, judge, mark, stopped
from gradekit.worker.kernel import Answering, Ended, Environment, Stopped
from gradekit.worker.matching import plan
from gradekit.worker.showing import shown

MAX_INCIDENTS, MAX_EXHIBITS = 50, 40
MAX_PRINTED = 16 << 10  # characters of the cells between two questions


class Worker:
    """One submission on its way through its cells and its questions."""

    def __init__(
        self, bundle: Bundle, cells: Sequence[Cell], answers: Answers, seed: str, limits: Limits
    ) -> None:
        self._bundle, self._cells, self._limits = bundle, cells, limits
        self._answers, self._seed = answers, bytes.fromhex(seed)
        self._plan = plan(bundle, cells)
        self._notes = list(self._plan.notes)
        self._marks: dict[str, tuple[Mark, ...]] = {}
        self._timings = {"checks": 0.0, "exhibits": 0.0}
        self._incidents: list[Incident] = []
        self._exhibits: list[Exhibit] = []
        self._printed = ""  # since the question before
        self._stopped: dict[str, Ended] = {}  # cells that had to be stopped, by their id

    def outcome(self) -> Outcome:
        """Go through the whole notebook and return what was found."""
        with self._answers:
            for position in range(-1, len(self._cells)):
                if position >= 0:
                    self._run(position)
                questions = self._plan.after.get(position, ())
                for question in questions:
                    self._grade(question, position)
                self._printed = "" if questions else self._printed
        graded = [
            QuestionMark(name=question.name, checks=self._marks[question.name])
            for question in self._bundle.questions if question.checks
        ]  # fmt: skip
        return Outcome(
            questions=tuple(graded),
            notes=tuple(self._notes),
            timings={**self._answers.timings, **self._timings},
            incidents=tuple(self._incidents[:MAX_INCIDENTS]),
            exhibits=tuple(self._exhibits[:MAX_EXHIBITS]),
        )

    def _run(self, position: int) -> None:
        """Run one cell and keep what matters of it to questions and report."""
        run = self._answers.run(position)
        self._printed = (self._printed + run.printed)[-MAX_PRINTED:]
        if run.incident is not None:
            self._incidents.append(run.incident)
        if run.stopped is not None:
            self._notes.append(run.note)
            self._stopped[self._cells[position]["id"]] = run.stopped

    def _grade(self, question: Question, position: int) -> None:
        with self._timed("checks"):
            self._marks[question.name] = self._answers.marks(
                question, position, lambda answering: self._checked(question, answering)
            )
        with self._timed("exhibits"):
            self._exhibits += self._shown(question)

    def _checked(self, question: Question, answering: Answering | None) -> Iterator[Mark]:
        """Yield the marks of one question; once its kernel is dead the other checks are stopped."""
        cases = check_file.read_cases(self._bundle.folder / "tests" / f"{question.name}.py")
        alive = answering is not None
        for check, case in zip(question.checks, cases, strict=True):
            public = "" if check.hidden else claim(case.body.test_func)
            if answering is None or not alive:
                late = self._answers.is_late(case.body.test_func.__name__)
                text = OUT_OF_TIME if late else STOPS[Ended.DIED]
                yield mark(check, Judgement(Verdict.STOPPED, text), public)
                continue
            judgement, alive = self._judged(question, case, check.hidden, answering)
            if judgement.staff:
                sys.stderr.write(f"{question.name}, {check.name}: {judgement.staff}\n")
            yield mark(check, judgement, public)

    def _judged(
        self, question: Question, case: Any, hidden: bool, answering: Answering
    ) -> tuple[Judgement, bool]:
        """Judge one check; return whether another one can be judged after it."""
        name = case.body.test_func.__name__
        public = "" if hidden else claim(case.body.test_func)
        self._answers.begin(name)
        try:
            environment = self._environment(f"{question.name}/{name}".encode(), answering)
            judgement = judge(case, hidden, environment)
        except Stopped as stop:
            self._answers.end(stop.how)
            return stopped(stop.how, public), answering.alive
        self._answers.end()
        how = next((self._stopped[c] for c in question.cells if c in self._stopped), None)
        if how is not None and judgement.verdict is Verdict.FAILED:
            judgement = stopped(how, public)  # the answer never came to its end
        return judgement, True

    def _environment(self, check: bytes, answering: Answering) -> Environment:
        """Return the student's namespace for one check, within its time, on inputs of the seed."""
        draw = hmac.digest(self._seed, check, hashlib.sha256)
        # The kernel's own seed is another one, from which those of the inputs cannot be told.
        kernel_draw = hmac.digest(self._seed, check + b"/kernel", hashlib.sha256)
        _seed_everything(int.from_bytes(draw[:4], "big"))
        environment = Environment(answering, self._limits.call_seconds)
        seconds = min(self._answers.seconds_left(), self._limits.check_seconds)
        environment.begin(seconds, int.from_bytes(kernel_draw[:4], "big"))
        return environment

    def _shown(self, question: Question) -> tuple[Exhibit, ...]:
        """Return what the author shows of a question whose checks all came to an end."""
        answering = self._answers.for_exhibits()
        if answering is None or any(
            check.verdict is Verdict.STOPPED for check in self._marks[question.name]
        ):
            return ()
        environment = Environment(answering, self._limits.call_seconds)
        seconds = self._answers.seconds_left()
        return shown(self._bundle.folder, question.name, environment, seconds, self._printed)

    @contextlib.contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        started = time.monotonic()
        try:
            yield
        finally:
            self._timings[stage] += time.monotonic() - started


def _seed_everything(number: int) -> None:
    random.seed(number)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(number)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(number)
