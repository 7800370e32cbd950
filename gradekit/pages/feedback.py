"""What one student reads about one submission, as one page.

It says what was asked, what came of it and where the points went. Of a public check it
shows everything; of a hidden one only the sentence that its author wrote for whoever
fails it, not even its name. Exhibits for staff are left out here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

from gradekit.core.exhibits import Exhibit, Kind
from gradekit.core.marks import Mark, QuestionMark, Report
from gradekit.pages.charts import Curve, curve
from gradekit.pages.html import render

STAGES = {
    "notebook": "your cells",
    "checks": "the checks",
    "kernel": "starting Python",
    "exhibits": "curves and pictures",
}
HOW = {
    "raised": "ended with an error",
    "time": "was stopped: it took too long",
    "output": "was stopped: it printed too much",
    "memory": "was stopped: it ran out of memory",
    "died": "ended Python itself: it exited, ran out of memory or hung",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One check as the student reads it."""

    title: str
    mark: Mark
    message: str


@dataclass(frozen=True, slots=True)
class Shown:
    """An exhibit, and the line to draw where it is a curve."""

    exhibit: Exhibit
    curve: Curve | None


@dataclass(frozen=True, slots=True)
class Part:
    """One question with its checks and what is shown below them."""

    question: QuestionMark
    lines: tuple[Line, ...]
    shown: tuple[Shown, ...]

    @property
    def lost(self) -> float:
        """Points that were not earned; none of an answer that nobody has read yet."""
        return 0.0 if self.question.points is None else self.question.out_of - self.question.points


def page(report: Report, assignment: str) -> str:
    """Return the feedback on one submission as an HTML page."""
    parts = [_part(question, report) for question in report.questions]
    return render(
        "feedback.html",
        report=report,
        assignment=assignment,
        parts=parts,
        whole=sum(part.question.points == part.question.out_of for part in parts),
        incidents=[(one.cell, HOW.get(one.how, one.how), one.text) for one in report.incidents],
        stages=stages(report),
    )


def stages(report: Report) -> list[tuple[str, float]]:
    """Return where the time went, the longest first; what took no second is left out."""
    found = [(STAGES.get(name, name), spent) for name, spent in report.timings.items()]
    return sorted((one for one in found if one[1] >= 0.5), key=lambda one: -one[1])


def _part(question: QuestionMark, report: Report) -> Part:
    hidden = [mark for mark in question.checks if mark.hidden]
    lines = tuple(_line(mark, hidden) for mark in question.checks)
    mine = [e for e in report.exhibits if e.question == question.name and not e.staff]
    return Part(question, lines, tuple(map(_shown, mine)))


def _line(mark: Mark, hidden: list[Mark]) -> Line:
    """Return a check as a line: of a hidden one its number, and what its author says."""
    if not mark.hidden:
        title = mark.claim or mark.name[:1].upper() + mark.name[1:]
        return Line(title, mark, _without(mark.message, mark.claim))
    number = f" {hidden.index(mark) + 1}" if len(hidden) > 1 else ""
    return Line(f"Hidden check{number}", mark, mark.message)


def _without(message: str, claim: str) -> str:
    """Return a message without the claim that stands above it already."""
    bare = claim.rstrip(".")
    for end in (f" {bare}.", f" {bare}") if bare else ():
        if message.endswith(end):
            return message.removesuffix(end)
    return message


def _shown(exhibit: Exhibit) -> Shown:
    return Shown(exhibit, curve(exhibit.numbers) if exhibit.kind is Kind.CURVE else None)
