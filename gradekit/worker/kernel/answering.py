"""What answers the probes of checks, a kernel or a recording of one, and how code ends there."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Protocol


class Ended(StrEnum):
    """How a piece of the student's code came to an end."""

    FINE = "fine"
    RAISED = "raised"
    TIME = "time"  # stopped after its limit, and the kernel lives
    OUTPUT = "output"  # stopped because it printed too much, and the kernel lives
    MEMORY = "memory"  # a MemoryError, and the kernel lives
    DIED = "died"  # the kernel is gone: it exited, was killed, or had to be


class UnansweredError(Exception):
    """A probe had no answer; `how` says why."""

    def __init__(self, how: Ended) -> None:
        super().__init__(how)
        self.how = how


class Answering(Protocol):
    """What answers probes: a kernel, or the recording of one."""

    @property
    def alive(self) -> bool:
        """Whether another probe may be answered."""

    def probe(self, frames: Sequence[bytes], seconds: float) -> list[Any]:
        """Put one probe and return the frames of its answer.

        Raises
        ------
        UnansweredError
            If there is none within `seconds`.
        """
