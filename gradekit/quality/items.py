"""What a class says about its questions: how hard each was, and whom it told apart.

Two numbers of classical test theory for each question and each check, with 95 %
intervals. *Difficulty* is the share of its points that the class earned, so a small
number is a hard one. *Discrimination* is the correlation of its points with those of all
the rest (with itself left out, or it would always be positive): near 0 it says nothing
about a student, below 0 the better students lose it. Such checks are named for review,
because a check that fails the best is more often wrong than they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradekit.core.marks import Report

CONFIDENCE = 0.95
BEST = 0.25  # of the class, by what they earned elsewhere
ENOUGH = 4  # submissions, for a correlation and its interval
FEW = 20  # below that many, intervals are wider than most differences

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A question, or one of its checks where `check` names it.

    `discrimination` is None where nobody or everybody earned all of it, or the class is
    too small. `review` holds a sentence for each oddity.
    """

    question: str
    check: str | None
    out_of: float
    count: int
    difficulty: Estimate
    discrimination: Estimate | None
    review: tuple[str, ...]

    @property
    def name(self) -> str:
        """How people call it."""
        return self.question if self.check is None else f"{self.question}, {self.check}"

    def to_json(self) -> dict[str, Any]:
        """Return plain data for pages and machines."""
        return asdict(self)


def analysed(reports: Sequence[Report]) -> list[Item]:
    """Return every question, each followed by its checks, in the order of the notebook.

    Reports without a score are left out: they say nothing about the questions. So are
    items without points.
    """
    graded = [report for report in reports if report.reason is None and report.questions]
    totals = np.array([report.points for report in graded], dtype=float)
    return [
        _item(question, check, out_of, np.array(points), totals)
        for (question, check, out_of), points in _columns(graded).items()
        if out_of > 0
    ]


def _columns(reports: Sequence[Report]) -> dict[tuple[str, str | None, float], list[float]]:
    """Return the points of each submission by item; items of one report are those of all."""
    found: dict[tuple[str, str | None, float], list[float]] = {}
    for report in reports:
        for question in report.questions:
            key: tuple[str, str | None, float] = (question.name, None, question.out_of)
            found.setdefault(key, []).append(question.points or 0.0)
            for mark in question.checks:
                found.setdefault((question.name, mark.name, mark.out_of), []).append(
                    mark.points or 0.0
                )
    return {key: points for key, points in found.items() if len(points) == len(reports)}


def _item(question: str, check: str | None, out_of: float, points: Floats, totals: Floats) -> Item:
    shares, rest = points / out_of, totals - points
    discrimination = _correlation(points, rest)
    return Item(
        question=question,
        check=check,
        out_of=out_of,
        count=len(points),
        difficulty=_share(shares),
        discrimination=discrimination,
        review=tuple(_oddities(shares, rest, discrimination)),
    )


def _share(shares: Floats) -> Estimate:
    """Return the mean share: exact for all or nothing, else by bootstrap."""
    stats = import_module("scipy.stats")
    if set(np.unique(shares)) <= {0.0, 1.0}:
        found = stats.binomtest(int(shares.sum()), len(shares)).proportion_ci(CONFIDENCE, "exact")
    else:
        found = stats.bootstrap(
            (shares,),
            np.mean,
            confidence_level=CONFIDENCE,
            n_resamples=2000,
            method="percentile",
            rng=np.random.default_rng(0),
        ).confidence_interval
    return _rounded(shares.mean(), found.low, found.high)


def _correlation(points: Floats, rest: Floats) -> Estimate | None:
    """Return the correlation with the rest and Fisher's interval."""
    if len(points) < ENOUGH or np.ptp(points) == 0 or np.ptp(rest) == 0:
        return None
    found = import_module("scipy.stats").pearsonr(points, rest)
    interval = found.confidence_interval(CONFIDENCE)
    return _rounded(found.statistic, interval.low, interval.high)


def _oddities(shares: Floats, rest: Floats, discrimination: Estimate | None) -> Iterator[str]:
    """Yield a sentence for whatever is odd about an item on this class."""
    count = len(shares)
    if shares.min() == 1:
        yield f"passes all {count}: it is easy for everybody, or it checks nothing."
    elif shares.max() == 0:
        yield f"fails all {count}: it is wrong, or nobody was taught this."
    if discrimination is not None and discrimination.value < 0:
        sure = discrimination.high < 0
        yield (
            f"those who pass it earn less elsewhere (correlation {discrimination.value:.2f}, "
            f"{discrimination.low:.2f} to {discrimination.high:.2f})"
            + (": read what it demands." if sure else ", perhaps by chance.")
        )
    yield from _fails_the_best(shares, rest)


def _fails_the_best(shares: Floats, rest: Floats) -> Iterator[str]:
    """Say so where the best, by all else they earned, lose more often than the others."""
    size = round(BEST * len(rest))
    if size < 3:
        return
    order = np.argsort(rest, kind="stable")
    best, others = shares[order[-size:]], shares[order[:-size]]
    lost = int((best < 1).sum())
    if lost >= 2 and best.mean() < others.mean():
        yield (
            f"fails {lost} of the best {size} and {int((others < 1).sum())} of the other "
            f"{len(others)}: look at what those {lost} wrote."
        )


def _rounded(value: float, low: float, high: float) -> Estimate:
    return Estimate(*(round(float(number), 4) for number in (value, low, high)))
