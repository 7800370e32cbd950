"""What was scored: checks, questions, reports, to and from JSON.

A record cannot contradict itself: whatever breaks one of the rules below raises
`ValueError` where it is made, not where somebody reads it. Points that nobody could
determine are None, never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from gradekit.core.exhibits import Exhibit

OURS = "This could not be graded yet, through no fault of yours."


class Verdict(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    FAILED = "failed"  # the answer is wrong
    STOPPED = "stopped"  # the answer ran out of time, memory or output
    UNMARKED = "unmarked"  # we failed, so there is no score


class Status(StrEnum):
    """Whether a submission has a score."""

    GRADED = "graded"
    UNGRADED = "ungraded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What one check earned, and what to tell the student.

    `points` is None exactly when the check is unmarked. `claim` is what the check
    demands, as its author wrote it for students; a hidden check claims nothing.
    """

    name: str
    hidden: bool
    verdict: Verdict
    points: float | None
    out_of: float
    message: str = ""
    claim: str = ""

    def __post_init__(self) -> None:
        if (self.points is None) != (self.verdict is Verdict.UNMARKED):
            raise ValueError(f"{self.name} is {self.verdict} but has points={self.points}")
        if self.points is not None and not 0 <= self.points <= self.out_of:
            raise ValueError(f"{self.name} has {self.points} of {self.out_of} points")

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "hidden": self.hidden,
            "verdict": str(self.verdict),
            "points": self.points,
            "out_of": self.out_of,
            "message": self.message,
            "claim": self.claim,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Mark:
        return cls(**{**data, "verdict": Verdict(data["verdict"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionMark:
    """The marks of one question, one for each of its checks.

    A written question has one mark, from a person; it is unmarked until the answer was read.
    """

    name: str
    checks: tuple[Mark, ...]
    written: bool = False

    @property
    def points(self) -> float | None:
        """Points earned, or None where a check has no score."""
        earned = [mark.points for mark in self.checks if mark.points is not None]
        return sum(earned, 0.0) if len(earned) == len(self.checks) else None

    @property
    def out_of(self) -> float:
        """Points that could be earned."""
        return sum((mark.out_of for mark in self.checks), 0.0)

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "points": self.points,
            "out_of": self.out_of,
            "checks": [mark.to_json() for mark in self.checks],
            **({"written": True} if self.written else {}),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> QuestionMark:
        checks = tuple(Mark.from_json(mark) for mark in data["checks"])
        return cls(name=data["name"], checks=checks, written=data.get("written", False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a worker found out about one notebook."""

    questions: tuple[QuestionMark, ...]
    notes: tuple[str, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)  # seconds, by stage
    incidents: tuple[Incident, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "questions": [question.to_json() for question in self.questions],
            "notes": list(self.notes),
            "timings": dict(self.timings),
            "incidents": [incident.to_json() for incident in self.incidents],
            "exhibits": [exhibit.to_json() for exhibit in self.exhibits],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Outcome:
        return cls(
            questions=tuple(QuestionMark.from_json(q) for q in data["questions"]),
            notes=tuple(data["notes"]),
            timings=dict(data["timings"]),
            incidents=tuple(Incident(**item) for item in data.get("incidents", ())),
            exhibits=tuple(Exhibit.from_json(item) for item in data.get("exhibits", ())),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that is known about one file handed in.

    `reason` says why there is no score, so it is None exactly when there is one; where
    that is `ours`, no fault of the student's, it is written for staff.
    """

    submission: str  # its id
    file: str  # fit to print
    sha256: str  # of the file; empty if it could not be read
    reason: str | None
    out_of: float  # points that could be earned
    seconds: float = 0.0  # from reading the file to this report
    notes: tuple[str, ...] = ()
    questions: tuple[QuestionMark, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)  # seconds, by stage
    incidents: tuple[Incident, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    ours: bool = False

    def __post_init__(self) -> None:
        if self.reason is None and any(q.points is None for q in self.questions if not q.written):
            raise ValueError(f"{self.submission} is graded but has an unmarked check")

    @property
    def told(self) -> str:
        """The reason as the student reads it: for an error of the grader, only a generic text."""
        return OURS if self.ours else self.reason or ""

    @property
    def status(self) -> Status:
        """Graded unless a reason says otherwise."""
        return Status.GRADED if self.reason is None else Status.UNGRADED

    @property
    def points(self) -> float | None:
        """Points earned, None exactly when the submission is ungraded."""
        if self.reason is not None:
            return None
        return sum((question.points or 0.0 for question in self.questions), 0.0)

    @property
    def automatic(self) -> Report:
        """The report without what people marked, as the worker's outcome made it."""
        written = [question for question in self.questions if question.written]
        checked = tuple(question for question in self.questions if not question.written)
        out_of = self.out_of - sum(question.out_of for question in written)
        return replace(self, questions=checked, out_of=out_of) if written else self

    def to_json(self) -> dict[str, Any]:
        return {
            "submission": self.submission,
            "file": self.file,
            "sha256": self.sha256,
            "status": str(self.status),
            "reason": self.reason,
            "points": self.points,
            "out_of": self.out_of,
            "seconds": round(self.seconds, 1),
            "notes": list(self.notes),
            "questions": [question.to_json() for question in self.questions],
            "timings": {stage: round(seconds, 1) for stage, seconds in self.timings.items()},
            "incidents": [incident.to_json() for incident in self.incidents],
            "exhibits": [exhibit.to_json() for exhibit in self.exhibits],
            "ours": self.ours,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Report:
        return cls(
            submission=data["submission"],
            file=data["file"],
            sha256=data["sha256"],
            reason=data["reason"],
            out_of=data["out_of"],
            seconds=data["seconds"],
            notes=tuple(data["notes"]),
            questions=tuple(QuestionMark.from_json(question) for question in data["questions"]),
            timings=dict(data.get("timings", {})),
            incidents=tuple(Incident(**item) for item in data.get("incidents", ())),
            exhibits=tuple(Exhibit.from_json(item) for item in data.get("exhibits", ())),
            ours=data.get("ours", False),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanMark:
    """What a person gave one written answer; `points` is None where they were taken back."""

    question: str
    submission: str
    sha256: str  # of the file that was handed in
    answer: str  # SHA-256 of the answer's text, which may come back in another file
    points: float | None
    comment: str
    when: float  # seconds since 1970
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A cell that did not come to its end: which, how, and the student's one line about it."""

    cell: int  # from 1, code and text cells counted
    how: str  # "raised", or what it ran out of: "time", "output", "memory", "died"
    text: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"cell": self.cell, "how": self.how, "text": self.text}
