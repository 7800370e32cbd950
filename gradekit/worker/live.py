"""Answers from the student's code itself: cells run in a kernel, and in another where it dies.

Code that is stopped costs its own question: where the kernel died, another takes its
place, the cells that went well are run again, and the notebook goes on. What a kernel
was killed in, and not by us, is tried once more before it counts: an operator or a
machine short of memory may have done it.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from typing import Self

from gradekit.core.bundle import Bundle, Question
from gradekit.core.errors import GraderError
from gradekit.core.job import Cell, Limits
from gradekit.core.marks import Incident, Mark
from gradekit.worker.answers import CellRun, Judge
from gradekit.worker.judging import STOPS
from gradekit.worker.kernel import Answering, Ended, ForkServer, Kernel
from gradekit.worker.recording import Recorder

MAX_RESTARTS = 4
START = -1  # where a kernel is before its first cell
MAX_FORGIVEN = 8  # restarts that do not count, because somebody else killed the kernel


class LiveAnswers:
    """The kernels of one submission; see `answers.Answers`."""

    def __init__(
        self, bundle: Bundle, cells: Sequence[Cell], limits: Limits, isolation: str, *,
        server: ForkServer | None = None, recorder: Recorder | None = None,
    ) -> None:  # fmt: skip
        self._cells, self._limits, self._isolation = cells, limits, isolation
        self._files = bundle.folder / "files"
        self._check_cells = {question.check_cell for question in bundle.questions}  # no answers
        self._server = server  # where there is one, kernels come from it
        self._recorder = recorder or Recorder()
        self.timings = {"kernel": 0.0, "notebook": 0.0}
        self._deadline = 0.0
        self._lethal: set[int] = set()  # cells that are not run a second time
        # Each restart runs the earlier cells again, so a few of them are all that time allows.
        self._restarts, self._allowed = 0, MAX_RESTARTS
        self._forgiven: set[int | str] = set()  # cells and questions that had a second chance
        self._kernel: Kernel | None = None
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self._deadline = time.monotonic() + self._limits.total_seconds
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def run(self, position: int) -> CellRun:
        """Run one cell; note it if it had to be stopped."""
        cell = self._cells[position]
        if cell["cell_type"] != "code" or not cell["source"].strip():
            return CellRun()
        kernel = self._alive(position)
        if kernel is None:
            return CellRun()
        with self._timed("notebook"):
            ended = self._run_in(kernel, cell["source"])
        if ended in STOPS and self._forgives(position):
            return self.run(position)
        if ended is Ended.DIED:
            self._lethal.add(position)
        # A check cell raises what the check says of the answer; that is no news.
        tells = ended in STOPS or (ended is Ended.RAISED and cell["id"] not in self._check_cells)
        incident = (
            Incident(cell=position + 1, how=str(ended), text=kernel.raised) if tells else None
        )
        if ended not in STOPS:
            return CellRun(incident=incident, printed=kernel.printed)
        note = f"cell {position + 1} {self._why_stopped(kernel, ended)}."
        self._recorder.stop(position, ended, note)
        return CellRun(stopped=ended, note=note, incident=incident, printed=kernel.printed)

    def marks(self, question: Question, position: int, judge: Judge) -> tuple[Mark, ...]:
        """Return the marks of a question, judged again if somebody else killed its kernel."""
        kernel = self._alive(position + 1)
        marks = tuple(judge(self._overheard(kernel)))
        if kernel is not None and self._forgives(question.name):
            self._recorder.again()
            marks = tuple(judge(self._overheard(self._alive(position + 1))))
        self._recorder.question(question.name, position, marks)
        return marks

    def is_late(self, check: str) -> bool:
        late = self.seconds_left() <= 0
        self._recorder.check(check, late)
        return late

    def begin(self, check: str) -> None:
        self._recorder.check(check)

    def end(self, how: Ended | None = None) -> None:
        if how is not None:
            self._recorder.ended(how)

    def seconds_left(self) -> float:
        return self._deadline - time.monotonic()

    def for_exhibits(self) -> Answering | None:
        """Return the kernel itself: what is shown is no part of a recording."""
        return self._kernel if self._kernel is not None and self._kernel.alive else None

    def _overheard(self, kernel: Kernel | None) -> Answering | None:
        return None if kernel is None else self._recorder.over(kernel)

    def _start(self) -> None:
        with self._timed("kernel"):
            kernel = Kernel(self._isolation, self._files, self._limits, self._server)
            self._kernel = self._stack.enter_context(kernel)

    def _run_in(self, kernel: Kernel, source: str) -> Ended:
        """Run a cell within its own time and that of the whole notebook."""
        seconds_left = max(self.seconds_left(), 0.0)
        return kernel.run(
            source, min(seconds_left, self._limits.cell_seconds), longest=seconds_left
        )

    def _why_stopped(self, kernel: Kernel, ended: Ended) -> str:
        if self.seconds_left() <= 0:
            return "was stopped: the notebook as a whole ran out of time"
        return {
            Ended.TIME: f"was stopped after {self._limits.cell_seconds:.0f} s",
            Ended.OUTPUT: "was stopped because it printed too much",
            Ended.MEMORY: "ran out of memory",
            Ended.DIED: f"ended the kernel ({kernel.why_dead})",
        }[ended]

    def _alive(self, position: int) -> Kernel | None:
        """Return a kernel in which the cells before `position` have run, if time allows."""
        if self.seconds_left() <= 0:
            return None
        if self._kernel is not None and self._kernel.alive:
            return self._kernel
        while self._restarts < self._allowed and self.seconds_left() > 0:
            self._restarts += 1
            self._stack.close()  # every process of the old kernel's is gone before the new one
            try:
                self._start()
            except GraderError:  # what the first one could do, what it left behind prevents
                if self._forgiven_once(START):
                    continue
                # Nothing has changed since: the next attempt would fail as well.
                self._restarts = self._allowed
                break
            if self._caught_up(position):
                return self._kernel
        return None

    def _caught_up(self, position: int) -> bool:
        """Run the earlier cells again, all but those that ended a kernel."""
        assert self._kernel is not None
        for earlier in range(position):
            cell = self._cells[earlier]
            if cell["cell_type"] == "code" and earlier not in self._lethal:
                with self._timed("notebook"):
                    ended = self._run_in(self._kernel, cell["source"])
                if self._forgives(earlier):
                    return False
                # At every restart it would use up time again that belongs to the questions behind
                # it.
                if ended in (Ended.TIME, Ended.OUTPUT, Ended.DIED):
                    self._lethal.add(earlier)
                if ended is Ended.DIED:
                    return False
        return True

    def _forgives(self, where: int | str) -> bool:
        """Return whether a cell or question is to be tried again, for it may be without blame."""
        killed = self._kernel is not None and self._kernel.killed
        return killed and self._forgiven_once(where)

    def _forgiven_once(self, where: int | str) -> bool:
        if where in self._forgiven or len(self._forgiven) == MAX_FORGIVEN:
            return False
        self._forgiven.add(where)
        self._allowed += 1
        return True

    @contextlib.contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        started = time.monotonic()
        try:
            yield
        finally:
            self.timings[stage] += time.monotonic() - started
