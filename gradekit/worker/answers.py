"""Where the answers to a notebook's checks come from: what the worker is given.

`live` runs the student's code in kernels; `replay` reads a recording of such a run. The
worker asks both in the same order and judges what they answer in the same way, so that
a mark does not depend on which of them it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from gradekit.core.bundle import Question
from gradekit.core.marks import Incident, Mark
from gradekit.worker.kernel import Answering, Ended

# Judges the checks of a question by what answers them, or by nothing where that is gone.
Judge = Callable[[Answering | None], Iterator[Mark]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRun:
    """What is known of a cell that ran, if anything of it matters to the marks."""

    stopped: Ended | None = None  # how it had to be stopped
    note: str = ""  # about that, for the report
    incident: Incident | None = None
    printed: str = ""


class Answers(AbstractContextManager["Answers"], Protocol):
    """The student's side of one notebook; leaving the context ends what runs there."""

    @property
    def timings(self) -> Mapping[str, float]:
        """Seconds by stage, of the stages that are not the worker's."""

    def run(self, position: int) -> CellRun:
        """Run the cell at a position, or say what happened when it ran."""

    def marks(self, question: Question, position: int, judge: Judge) -> tuple[Mark, ...]:
        """Return the marks that `judge` gives a question after the cell at a position."""

    def is_late(self, check: str) -> bool:
        """Return whether time was over, for a check that nothing can answer."""

    def begin(self, check: str) -> None:
        """Begin a check: the probes that follow are its own."""

    def end(self, how: Ended | None = None) -> None:
        """End the check; `how` says how it had to be stopped, if it had to be."""

    def seconds_left(self) -> float:
        """Return the seconds that the whole notebook has left."""

    def for_exhibits(self) -> Answering | None:
        """Return what can be asked for something to show, if anything lives."""
