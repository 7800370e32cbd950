"""What a sandbox is asked to do, under which limits, and what it promises."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Cell = Mapping[str, str]  # "id", "cell_type" and "source"; nothing else reaches a worker


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A promise of a sandbox that was tried out; `through` says what got through, if anything."""

    promise: str
    through: str

    @property
    def holds(self) -> bool:
        """Whether nothing got through."""
        return not self.through

    def to_json(self) -> dict[str, Any]:
        return {"promise": self.promise, "through": self.through}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one submission may use; seconds are wall-clock time.

    The student's processes get `memory_bytes` and `processes`; the worker beside
    them has a share of its own, so that it survives what they do.
    """

    cell_seconds: float = 90.0  # one cell of the notebook
    call_seconds: float = 20.0  # one request of a check
    check_seconds: float = 40.0  # one check
    total_seconds: float = 600.0  # notebook and checks together
    memory_bytes: int = 3 << 30
    processes: int = 128  # threads count too
    disk_bytes: int = 256 << 20  # home, /tmp and /dev/shm, each
    output_bytes: int = 32 << 20  # what one cell may print, plots included

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Limits:
        return cls(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a sandbox needs to know of one submission."""

    notebook: bytes  # JSON, {"cells": [{"id", "cell_type", "source"}]}
    seed: str  # hexadecimal
    limits: Limits
    recording: str = ""  # the file to keep probes and answers in; of a replay, the folder of them

    @classmethod
    def of(cls, cells: Sequence[Cell], *, seed: str, limits: Limits, recording: str = "") -> Job:
        """Return the job of grading these cells: the only place where they become bytes."""
        notebook = json.dumps({"cells": list(cells)}, ensure_ascii=False).encode()
        return cls(notebook=notebook, seed=seed, limits=limits, recording=recording)
