"""What a class says about the checks: how hard each was, and whom it told apart.

Two numbers of classical test theory for each question and each check, with 95 %
intervals. *Difficulty* is the share of its points that the class earned, so a small
number is a hard one. *Discrimination* is the correlation of its points with those of all
the rest (with itself left out, or it would always be positive): near 0 it says nothing
about a student, below 0 the better students lose it. Such checks are listed for review,
because a check that fails the best is more often wrong than they are.

The intervals are computed here and not by SciPy, which those who only grade need not have.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradekit.core.marks import Mark, Report, Verdict

CONFIDENCE = 0.95
BEST = 0.25  # of the class, by what they earned elsewhere
FEWEST_BEST = 3  # one or two who slip are no sign of a wrong check
FEWEST_CORRELATED = 4  # Fisher's interval divides by the root of n - 3
FEW = 20  # below that many, intervals are wider than most differences
RESAMPLES = 2000
ROUNDING = 1e-9  # of points, which are sums of decimal fractions
# What checks say of an answer that was left as it was handed out.
UNANSWERED = re.compile(
    r"Question \S+:|Not answered yet|.* (is|are) not defined\. Run the cell", re.DOTALL
)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """How the class did on a question, or on one of its checks where `check` names it."""

    question: str
    check: str | None
    out_of: float
    full: int
    """Submissions that earned all of its points."""
    part: int
    """Submissions that earned some of them."""
    none: int
    """Submissions that earned nothing."""
    unanswered: int
    """Submissions that left it as it was handed out; they are among those with nothing."""
    difficulty: Estimate
    discrimination: Estimate | None
    """None where all submissions earned the same, or the class is too small."""
    review: tuple[str, ...]
    """A sentence for each oddity."""

    @property
    def count(self) -> int:
        """How many submissions have points here."""
        return self.full + self.part + self.none

    @property
    def passed(self) -> float:
        """Share of submissions that earned everything."""
        return self.full / self.count

    @property
    def is_odd(self) -> bool:
        """Whether it deserves a look; that all passed an easy one is no reason for that."""
        return bool(self.review) and self.passed < 1

    @property
    def name(self) -> str:
        """How people call it."""
        return self.question if self.check is None else f"{self.question}, {self.check}"

    def to_json(self) -> dict[str, Any]:
        """Return plain data for machines."""
        return {**asdict(self), "count": self.count}


@dataclass(frozen=True, slots=True)
class _Score:
    """What one submission earned for one item, and for everything else."""

    points: float
    out_of: float
    elsewhere: float
    unanswered: bool


def analyse(reports: Sequence[Report]) -> list[Item]:
    """Return every question, each followed by its checks, in the order of the notebook.

    Reports without a score are left out: they say nothing about the questions. So are
    items without points, and written answers that nobody has marked yet.
    """
    scores: dict[tuple[str, str | None], list[_Score]] = {}
    for report in reports:
        for question in report.questions if report.points is not None else ():
            if question.points is None:
                continue
            unanswered = [is_unanswered(mark) for mark in question.checks]
            entries: list[tuple[str | None, float | None, float, bool]] = [
                (None, question.points, question.out_of, bool(unanswered) and all(unanswered))
            ]
            entries += [
                (mark.name, mark.points, mark.out_of, blank)
                for mark, blank in zip(question.checks, unanswered, strict=True)
            ]
            for check, points, out_of, blank in entries:
                if out_of > 0 and points is not None and report.points is not None:
                    score = _Score(points, out_of, report.points - points, blank)
                    scores.setdefault((question.name, check), []).append(score)
    return [_item(question, check, rows) for (question, check), rows in scores.items()]


def is_unanswered(mark: Mark) -> bool:
    """Tell whether a check failed only because nothing was written."""
    return mark.verdict is Verdict.FAILED and UNANSWERED.match(mark.message) is not None


def _item(question: str, check: str | None, scores: Sequence[_Score]) -> Item:
    full = sum(score.points >= score.out_of - ROUNDING for score in scores)
    none = sum(score.points <= ROUNDING for score in scores)
    shares = np.array([score.points / score.out_of for score in scores])
    elsewhere = np.array([score.elsewhere for score in scores])
    discrimination = _correlation(shares, elsewhere)
    return Item(
        question=question,
        check=check,
        out_of=scores[0].out_of,
        full=full,
        part=len(scores) - full - none,
        none=none,
        unanswered=sum(score.unanswered for score in scores),
        difficulty=_mean(shares),
        discrimination=discrimination,
        review=tuple(_oddities(shares, elsewhere, discrimination)),
    )


def _mean(shares: Floats) -> Estimate:
    """Return the mean share: its interval is exact for all or nothing, else by bootstrap."""
    count, edge = len(shares), (1 - CONFIDENCE) / 2
    # Clopper and Pearson's interval never promises too much, also for a class of five.
    if set(np.unique(shares)) <= {0.0, 1.0}:
        successes = int(shares.sum())
        low = _solve(lambda p: _at_least(successes, count, p) - edge) if successes else 0.0
        high = (
            _solve(lambda p: _at_least(successes + 1, count, p) - (1 - edge))
            if successes < count
            else 1.0
        )
    else:
        # The same draws each time: pages made again are the same bytes.
        draws = np.random.default_rng(0).choice(shares, (RESAMPLES, count))
        low, high = np.quantile(draws.mean(axis=1), (edge, 1 - edge))
    return _rounded(shares.mean(), low, high)


def _at_least(successes: int, count: int, probability: float) -> float:
    """Return the chance of so many successes or more among `count`."""
    numbers = np.arange(successes, count + 1)
    logarithms = (
        _log_binomials(count)[successes:]
        + numbers * math.log(probability)
        + (count - numbers) * math.log1p(-probability)
    )
    return float(np.exp(logarithms).sum())


@cache
def _log_binomials(count: int) -> Floats:
    """Return log(count choose k) for k = 0, ..., count; a product would leave the floats."""
    factorials = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, count + 1)))])
    result: Floats = factorials[-1] - factorials - factorials[::-1]
    return result


def _solve(rising: Any) -> float:
    """Return where a rising function of a probability is zero, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(40):  # 2 ** -40 is far below the four places that are kept
        middle = (low + high) / 2
        low, high = (low, middle) if rising(middle) > 0 else (middle, high)
    return (low + high) / 2


def _correlation(shares: Floats, elsewhere: Floats) -> Estimate | None:
    """Return the correlation with the points elsewhere, and Fisher's interval."""
    if len(shares) < FEWEST_CORRELATED or np.ptp(shares) == 0 or np.ptp(elsewhere) == 0:
        return None
    # Rounding may lead beyond 1, where atanh has no value.
    value = float(np.clip(np.corrcoef(shares, elsewhere)[0, 1], -1.0, 1.0))
    if abs(value) == 1:
        return _rounded(value, value, value)
    half = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) / math.sqrt(len(shares) - 3)
    return _rounded(value, math.tanh(math.atanh(value) - half), math.tanh(math.atanh(value) + half))


def _oddities(shares: Floats, elsewhere: Floats, discrimination: Estimate | None) -> Iterator[str]:
    """Yield a sentence for whatever is odd about an item on this class."""
    count = len(shares)
    if shares.min() == 1:
        yield f"passes all {count}: it is easy for everybody, or it checks nothing."
    elif shares.max() == 0:
        yield f"fails all {count}: it is wrong, or nobody was taught this."
    if discrimination is not None and discrimination.value < 0:
        significant = discrimination.high < 0
        yield (
            f"those who pass it earn less elsewhere (correlation {discrimination.value:.2f}, "
            f"{discrimination.low:.2f} to {discrimination.high:.2f})"
            + (": read what it demands." if significant else ", perhaps by chance.")
        )
    yield from _fails_the_best(shares, elsewhere)


def _fails_the_best(shares: Floats, elsewhere: Floats) -> Iterator[str]:
    """Yield a sentence where the best, by all else they earned, lose more often than others."""
    size = round(BEST * len(elsewhere))
    if size < FEWEST_BEST:
        return
    # By the points elsewhere: by the total, whoever passes the item would be among the best.
    order = np.argsort(elsewhere, kind="stable")
    best, others = shares[order[-size:]], shares[order[:-size]]
    lost = int((best < 1).sum())
    if lost >= 2 and best.mean() < others.mean():
        yield (
            f"fails {lost} of the best {size} and {int((others < 1).sum())} of the other "
            f"{len(others)}: look at what those {lost} wrote."
        )


def _rounded(value: float, low: float, high: float) -> Estimate:
    return Estimate(*(round(float(number), 4) for number in (value, low, high)))
