"""The contract of a sandbox: it takes a cleaned notebook and returns a worker's outcome.

Docker isolates worker and kernel in a container. The local sandboxes run the worker as
a process of the host and isolate only the kernel, with bubblewrap or not at all.
"""

from __future__ import annotations

from typing import Protocol

from gradekit.core.job import Job, Limits, Promise
from gradekit.core.marks import Outcome

GRACE_SECONDS = 120.0  # for imports and for ending kernels, beyond the limits


def longest_run(limits: Limits) -> float:
    """Return the seconds after which a host ends a worker that has not ended by itself."""
    return limits.total_seconds + GRACE_SECONDS


class Sandbox(Protocol):
    """Something that grades one submission at a time; threads may share it."""

    name: str
    version: str  # of all that decides here how code runs: equal versions give equal grades
    environment: str  # of what the student's code meets: `version` without the checks

    def grade(self, job: Job) -> Outcome:
        """Return what a worker found out.

        Raises
        ------
        GraderError
            If the worker gave no report. Whatever the student's code does, running
            out of time and memory included, is in the report and is no exception.
        """

    def check(self) -> tuple[Promise, ...]:
        """Return what the sandbox promises, each tried out by hostile code.

        Raises
        ------
        GraderError
            If the trial did not come to its end.
        """


class Replaying(Sandbox, Protocol):
    """A sandbox that can also judge what was recorded in one of its kind."""

    def replay(self, job: Job) -> bytes:
        """Return what `gradekit.worker.replay` prints of a batch of recordings.

        No student's code runs.

        Raises
        ------
        GraderError
            If it did not come to its end.
        """
