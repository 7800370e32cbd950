"""A class at a glance, as one page for staff.

First what needs a person: submissions without points, and those that were repaired. Then
how the class did, question by question, and what went wrong most often, with examples that
name nobody, so that they can be shown in a lecture. At the end everybody, in a table.
"""

from __future__ import annotations

import hashlib
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gradekit.core.exhibits import Kind
from gradekit.core.marks import Report, Verdict
from gradekit.core.text import summary
from gradekit.pages.charts import Strip, bounds, histogram, strip
from gradekit.pages.feedback import STAGES
from gradekit.pages.html import render
from gradekit.pages.items import analyse, is_unanswered

MOST_MISTAKES = 20
MOST_MESSAGES = 4  # different ones, of one mistake
MOST_NAMED = 6  # submissions beside one message
MIN_SECONDS = 0.05  # of a stage that is named: shorter ones would be shown as 0.0 s
SUMMARY_WIDTH = 400  # characters: the page wraps lines, so nearly all of a summary fits


@dataclass(slots=True)
class CommonMistake:
    """A check that some did not pass, and what they were told."""

    question: str
    check: str
    hidden: bool
    stopped: int = 0
    messages: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """Each different message, with the numbers of the submissions that got it."""

    @property
    def count(self) -> int:
        """How many submissions made it."""
        return sum(map(len, self.messages.values()))

    @property
    def examples(self) -> list[tuple[str, str]]:
        """The messages, the most frequent first, each with its submissions, without names."""
        by_count = sorted(self.messages.items(), key=lambda item: (-len(item[1]), item[0]))
        return [(message, _labels(numbers)) for message, numbers in by_count[:MOST_MESSAGES]]


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of each submission, drawn as dots over an axis."""

    title: str
    values: tuple[float, ...]
    threshold: float | None
    strip: Strip

    @property
    def median(self) -> float:
        """The middle value."""
        return statistics.median(self.values)

    @property
    def below(self) -> int:
        """How many values are below the threshold."""
        return sum(self.threshold is not None and value < self.threshold for value in self.values)


@dataclass(frozen=True, slots=True)
class Row:
    """One submission in the table of all."""

    report: Report
    page: str
    lost: str


def page(reports: Sequence[Report], files: Mapping[str, str], assignment: str) -> str:
    """Return a class as an HTML page; `files` has the name of each submission's feedback."""
    reports = sorted(reports, key=lambda report: report.submission)
    graded = [report for report in reports if report.points is not None]
    points = [report.points for report in graded if report.points is not None]
    out_of = max((report.out_of for report in graded), default=0.0)
    # Submissions without points say nothing about the questions, so they are in no statistics.
    items = analyse(graded)
    return render(
        "overview.html",
        script="overview.js",
        assignment=assignment,
        reports=reports,
        files=files,
        out_of=out_of,
        points=points,
        median=statistics.median(points) if points else None,
        mean=statistics.fmean(points) if points else None,
        ungraded=[report for report in reports if report.points is None],
        noted=[report for report in graded if report.notes],
        distribution=histogram(points, out_of) if points else None,
        items=[item for item in items if item.check is None],
        odd=[item for item in items if item.check is not None and item.is_odd],
        measures=measures(graded),
        mistakes=mistakes(graded),
        times=_times(graded),
        stages=_stages(graded),
        rows=[
            Row(report, files[report.submission], summary(report, SUMMARY_WIDTH))
            for report in reports
        ],
    )


def mistakes(graded: Iterable[Report]) -> list[CommonMistake]:
    """Return the checks that most submissions did not pass, the most frequent first.

    An answer that was left as it was handed out is no mistake.
    """
    # By the name of the check, because messages have the student's own numbers in them.
    by_check: dict[tuple[str, str], CommonMistake] = {}
    for number, report in enumerate(_shuffled(graded), 1):
        for question in report.questions:
            for mark in question.checks:
                right = mark.verdict in (Verdict.PASSED, Verdict.UNMARKED)
                if right or question.written or is_unanswered(mark):
                    continue
                title = mark.claim or mark.name[:1].upper() + mark.name[1:]
                mistake = by_check.setdefault(
                    (question.name, mark.name), CommonMistake(question.name, title, mark.hidden)
                )
                mistake.messages[mark.message].append(number)
                mistake.stopped += mark.verdict is Verdict.STOPPED
    by_count = sorted(by_check.values(), key=lambda mistake: -mistake.count)
    return by_count[:MOST_MISTAKES]


def measures(graded: Iterable[Report]) -> list[Measure]:
    """Return what the author measured of each submission, all on one axis to be compared."""
    by_title: dict[str, list[tuple[float, ...]]] = {}  # a value, and a threshold if it has one
    for report in graded:
        for exhibit in report.exhibits:
            if exhibit.kind is Kind.MEASURE:
                by_title.setdefault(exhibit.title, []).append(exhibit.numbers)
    if not by_title:
        return []
    low, high = bounds([n for entries in by_title.values() for numbers in entries for n in numbers])
    return [
        _measure(
            title,
            [numbers[0] for numbers in entries],
            next((numbers[1] for numbers in entries if numbers[1:]), None),
            low,
            high,
        )
        for title, entries in by_title.items()
    ]


def _measure(
    title: str, values: Sequence[float], threshold: float | None, low: float, high: float
) -> Measure:
    return Measure(title, tuple(values), threshold, strip(values, low, high, threshold))


def _shuffled(graded: Iterable[Report]) -> list[Report]:
    """Return the class in an order that tells nothing, and is the same every time."""

    def digest(report: Report) -> bytes:
        # With the file's digest, or whoever knows the ids could tell the order.
        text = f"{report.submission}{report.sha256}"
        return hashlib.sha256(text.encode("utf-8", "backslashreplace")).digest()

    return sorted(graded, key=digest)


def _labels(numbers: Sequence[int]) -> str:
    """Return the numbers of submissions as people read them."""
    listed = ", ".join(f"#{number}" for number in numbers[:MOST_NAMED])
    more = len(numbers) - MOST_NAMED
    word = "submission" if len(numbers) == 1 else "submissions"
    return f"{word} {listed}{f' and {more} more' if more > 0 else ''}"


def _times(graded: Sequence[Report]) -> Measure | None:
    """Return the seconds of each submission, on an axis from 0."""
    seconds = [report.seconds for report in graded]
    if not seconds or max(seconds) <= 0:
        return None
    return _measure("Seconds for each submission", seconds, None, 0.0, bounds([0.0, *seconds])[1])


def _stages(graded: Iterable[Report]) -> list[tuple[str, float]]:
    """Return the median seconds of each stage, the longest first."""
    by_name: dict[str, list[float]] = {}
    for report in graded:
        for stage, seconds in report.timings.items():
            name = STAGES.get(stage, stage).replace("your", "students'")
            by_name.setdefault(name, []).append(seconds)
    medians = [(name, statistics.median(seconds)) for name, seconds in by_name.items()]
    return sorted((stage for stage in medians if stage[1] >= MIN_SECONDS), key=lambda s: -s[1])
