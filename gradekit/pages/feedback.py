"""What one student reads about one submission, as one page.

It says what each check demands, what came of it and where the points went. Of a public
check it shows everything; of a hidden one only the sentence that its author wrote for
those who fail it, not even its name. Exhibits for staff are left out here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

from gradekit.core.exhibits import Exhibit, Kind
from gradekit.core.marks import Mark, QuestionMark, Report
from gradekit.pages.charts import Curve, curve
from gradekit.pages.html import render

MIN_SECONDS = 0.5  # of a stage that is named: shorter ones would be shown as 0 s
STAGES = {
    "notebook": "your cells",
    "checks": "the checks",
    "kernel": "starting Python",
    "exhibits": "curves and pictures",
}
INCIDENTS = {
    "raised": "ended with an error",
    "time": "was stopped: it took too long",
    "output": "was stopped: it printed too much",
    "memory": "was stopped: it ran out of memory",
    "died": "ended Python itself: it exited, ran out of memory or hung",
}


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One check as the student reads it."""

    title: str
    mark: Mark
    message: str


@dataclass(frozen=True, slots=True)
class ShownExhibit:
    """An exhibit, and the line to draw if it is a curve."""

    exhibit: Exhibit
    curve: Curve | None


@dataclass(frozen=True, slots=True)
class QuestionFeedback:
    """One question with its checks, and the exhibits that are shown below them."""

    question: QuestionMark
    lines: tuple[CheckLine, ...]
    exhibits: tuple[ShownExhibit, ...]

    @property
    def lost(self) -> float:
        """Points that were not earned; an answer that nobody has marked yet lost none."""
        return 0.0 if self.question.points is None else self.question.out_of - self.question.points


def page(report: Report, assignment: str) -> str:
    """Return the feedback on one submission as an HTML page."""
    questions = [_question_feedback(question, report) for question in report.questions]
    return render(
        "feedback.html",
        report=report,
        assignment=assignment,
        questions=questions,
        full=sum(question.points == question.out_of for question in report.questions),
        incidents=[
            (incident.cell, INCIDENTS.get(incident.how, incident.how), incident.text)
            for incident in report.incidents
        ],
        stages=stages(report),
    )


def stages(report: Report) -> list[tuple[str, float]]:
    """Return where the time went, the longest first, without what took no second."""
    times = [(STAGES.get(name, name), seconds) for name, seconds in report.timings.items()]
    return sorted((time for time in times if time[1] >= MIN_SECONDS), key=lambda time: -time[1])


def _question_feedback(question: QuestionMark, report: Report) -> QuestionFeedback:
    hidden = [mark for mark in question.checks if mark.hidden]
    lines = tuple(_check_line(mark, hidden) for mark in question.checks)
    exhibits = [e for e in report.exhibits if e.question == question.name and not e.staff]
    return QuestionFeedback(question, lines, tuple(map(_shown_exhibit, exhibits)))


def _check_line(mark: Mark, hidden: list[Mark]) -> CheckLine:
    """Return a check as a line: of a hidden one its number, and what its author says."""
    if not mark.hidden:
        title = mark.claim or mark.name[:1].upper() + mark.name[1:]
        return CheckLine(title, mark, _without_claim(mark.message, mark.claim))
    # The name of a hidden check may give away what it tries.
    number = f" {hidden.index(mark) + 1}" if len(hidden) > 1 else ""
    return CheckLine(f"Hidden check{number}", mark, mark.message)


def _without_claim(message: str, claim: str) -> str:
    """Return a message without the claim, which the page has printed above it already."""
    bare = claim.rstrip(".")
    for end in (f" {bare}.", f" {bare}") if bare else ():
        if message.endswith(end):
            return message.removesuffix(end)
    return message


def _shown_exhibit(exhibit: Exhibit) -> ShownExhibit:
    line = curve(exhibit.numbers) if exhibit.kind is Kind.CURVE else None
    return ShownExhibit(exhibit, line)
