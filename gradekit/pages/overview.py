"""A class at a glance, as one page for staff.

First what needs a person: work without points, and work that was repaired. Then how the
class did, question by question, and what went wrong most often, with examples that name
nobody, so that they can be shown in a lecture. At the end everybody, in a table.
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
from gradekit.pages.charts import Histogram, Strip, bounds, histogram, strip
from gradekit.pages.feedback import STAGES
from gradekit.pages.html import render
from gradekit.pages.items import analyse, is_unanswered

MOST_MISTAKES = 20
MOST_MESSAGES = 4  # different ones, of one mistake
MOST_NAMED = 6  # submissions beside one message


@dataclass(slots=True)
class Mistake:
    """A check that some did not pass, and what they were told."""

    question: str
    check: str
    hidden: bool
    stopped: int = 0
    messages: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    @property
    def count(self) -> int:
        """How many submissions made it."""
        return sum(map(len, self.messages.values()))

    @property
    def examples(self) -> list[tuple[str, str]]:
        """What was said, the most frequent first, and to which submissions, without names."""
        often = sorted(self.messages.items(), key=lambda one: (-len(one[1]), one[0]))
        return [(text, _labels(numbers)) for text, numbers in often[:MOST_MESSAGES]]


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of each submission, drawn as dots over an axis."""

    title: str
    values: tuple[float, ...]
    limit: float | None
    strip: Strip

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values)

    @property
    def below(self) -> int:
        """How many miss the bar."""
        return sum(self.limit is not None and value < self.limit for value in self.values)


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
    items = analyse(graded)
    return render(
        "overview.html",
        script="overview.js",
        assignment=assignment,
        reports=reports,
        files=files,
        out_of=out_of,
        points=points,
        middle=statistics.median(points) if points else None,
        mean=statistics.fmean(points) if points else None,
        ungraded=[report for report in reports if report.points is None],
        noted=[report for report in graded if report.notes],
        distribution=_distribution(points, out_of),
        items=[item for item in items if item.check is None],
        odd=[item for item in items if item.check is not None and item.is_odd],
        measures=measures(graded),
        mistakes=mistakes(graded),
        times=_times(graded),
        stages=_stages(graded),
        rows=[Row(report, files[report.submission], summary(report, 400)) for report in reports],
    )


def mistakes(graded: Iterable[Report]) -> list[Mistake]:
    """Return the checks that most submissions did not pass; a blank answer is no mistake."""
    found: dict[tuple[str, str], Mistake] = {}
    for number, report in enumerate(_shuffled(graded), 1):
        for question in report.questions:
            for mark in question.checks:
                right = mark.verdict in (Verdict.PASSED, Verdict.UNMARKED)
                if right or question.written or is_unanswered(mark):
                    continue
                title = mark.claim or mark.name[:1].upper() + mark.name[1:]
                fresh = Mistake(question.name, title, mark.hidden)
                mistake = found.setdefault((question.name, mark.name), fresh)
                mistake.messages[mark.message].append(number)
                mistake.stopped += mark.verdict is Verdict.STOPPED
    often = sorted(found.values(), key=lambda mistake: -mistake.count)
    return often[:MOST_MISTAKES]


def measures(graded: Iterable[Report]) -> list[Measure]:
    """Return what the author measured of each submission, all on one axis."""
    found: dict[str, list[tuple[float, ...]]] = {}
    for report in graded:
        for exhibit in report.exhibits:
            if exhibit.kind is Kind.MEASURE:
                found.setdefault(exhibit.title, []).append(exhibit.numbers)
    if not found:
        return []
    low, high = bounds([number for entries in found.values() for one in entries for number in one])
    return [
        _measure(title, [one[0] for one in entries], next((o[1] for o in entries if o[1:]), None),
                 low, high)
        for title, entries in found.items()
    ]  # fmt: skip


def _measure(
    title: str, values: Sequence[float], limit: float | None, low: float, high: float
) -> Measure:
    return Measure(title, tuple(values), limit, strip(values, low, high, limit))


def _shuffled(graded: Iterable[Report]) -> list[Report]:
    """Return the class in an order that tells nothing, and is the same every time."""
    return sorted(graded, key=lambda r: hashlib.sha256(f"{r.submission}{r.sha256}".encode(
        "utf-8", "backslashreplace")).digest())  # fmt: skip


def _labels(numbers: Sequence[int]) -> str:
    named = ", ".join(f"#{number}" for number in numbers[:MOST_NAMED])
    more = len(numbers) - MOST_NAMED
    word = "submission" if len(numbers) == 1 else "submissions"
    return f"{word} {named}{f' and {more} more' if more > 0 else ''}"


def _distribution(points: Sequence[float], out_of: float) -> Histogram | None:
    return histogram(points, out_of) if points else None


def _times(graded: Sequence[Report]) -> Measure | None:
    seconds = [report.seconds for report in graded]
    if not seconds or max(seconds) <= 0:
        return None
    return _measure("Seconds for each submission", seconds, None, 0.0, bounds([0.0, *seconds])[1])


def _stages(graded: Iterable[Report]) -> list[tuple[str, float]]:
    """Return how long each stage took in the middle of the class, the longest first."""
    found: dict[str, list[float]] = {}
    for report in graded:
        for name, spent in report.timings.items():
            found.setdefault(STAGES.get(name, name).replace("your", "students'"), []).append(spent)
    middle = [(name, statistics.median(spent)) for name, spent in found.items()]
    return sorted((one for one in middle if one[1] >= 0.05), key=lambda one: -one[1])
