"""How often would a right answer fail? Models of the lower tail of accuracies.

A hundred seeds show what happens once in a hundred; a threshold for one failure in ten
thousand is an extrapolation and needs a model. Two are fitted, to the log-odds of the
error, on whose scale no threshold lies beyond 0 or 1: a normal distribution of all seeds,
and an exponential tail of the worst fifth (the odds then follow a power law, and this is
Hill's estimator). Few seeds determine the slope of that tail badly, so a threshold is set
by the upper end of its 95 % interval: fewer seeds give a lower threshold, never a bolder
one. The normal distribution is a second opinion that may lower a threshold further.

Both models can be wrong, so three diagnostics are reported: how surprising the worst seed
is under each model; the shape of a generalised Pareto tail with its interval, which lies
above 0 where the tail is heavier than exponential; and the bound that n seeds without a
failure give without any model, about 3 / n. The Pareto shape is fitted by L-moments
(Hosking and Wallis, Technometrics 29, 1987), which are steadier than maximum likelihood
with twenty values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

WORST_SHARE = 0.2  # of the seeds, to which a tail is fitted
MIN_WORST = 5  # seeds, below which a tail has no shape
RESAMPLES = 2_000
CONFIDENCE = 0.95
_INTERVAL = ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2)
EDGE = 5e-4  # an accuracy of 1 counts as 0.9995, so that its log-odds are finite


def log_odds(accuracies: ArrayLike) -> Floats:
    """Return the log-odds of the error, log((1 - a) / a); larger is worse.

    Examples
    --------
    >>> log_odds([0.5, 0.9]).round(2)
    array([ 0. , -2.2])
    """
    share = np.clip(np.asarray(accuracies, float), EDGE, 1 - EDGE)
    return np.asarray(np.log1p(-share) - np.log(share))


def accuracy(odds: float) -> float:
    """Return the accuracy whose error has these log-odds."""
    return float(1 / (1 + np.exp(odds)))


class Tail(Protocol):
    """A distribution of log-odds that describes the large ones well."""

    def beyond(self, odds: float) -> float:
        """Return the probability of an answer as bad as this or worse."""

    def quantile(self, probability: float) -> float:
        """Return the log-odds that are exceeded with this probability."""


@dataclass(frozen=True, slots=True)
class Normal:
    """All seeds as one normal distribution."""

    mean: float
    std: float

    @classmethod
    def fitted(cls, odds: Floats) -> Normal:
        return cls(float(odds.mean()), float(odds.std(ddof=1)))

    def beyond(self, odds: float) -> float:
        return float(_stats().norm.sf(odds, self.mean, self.std))

    def quantile(self, probability: float) -> float:
        return float(_stats().norm.isf(probability, self.mean, self.std))


@dataclass(frozen=True, slots=True)
class Exponential:
    """The worst seeds: P(odds > start + t) = share * exp(-t / scale) for t > 0."""

    start: float  # of the tail, in log-odds
    share: float  # of all seeds, beyond the start
    scale: float
    count: int  # of seeds beyond the start

    @classmethod
    def fitted(cls, odds: Floats) -> Exponential:
        start, excesses = worst(odds)
        scale = max(float(excesses.mean()), 1e-6)  # a resample may consist of one value
        return cls(start, len(excesses) / len(odds), scale, len(excesses))

    def cautious(self) -> Exponential:
        """Return the tail whose scale is the upper 95 % limit.

        Twice the sum of n exponential values, over their scale, is chi-squared with 2 n
        degrees of freedom, so the limit is exact for a tail that is exponential.
        """
        freedom = 2 * self.count
        factor = freedom / float(_stats().chi2.ppf(1 - CONFIDENCE, freedom))
        return replace(self, scale=self.scale * factor)

    def beyond(self, odds: float) -> float:
        return self.share * float(np.exp(-max(odds - self.start, 0.0) / self.scale))

    def quantile(self, probability: float) -> float:
        return self.start + self.scale * float(np.log(self.share / probability))


MODELS: dict[str, type[Normal | Exponential]] = {"normal": Normal, "exponential": Exponential}


def worst(odds: Floats) -> tuple[float, Floats]:
    """Return where the tail of the worst fifth starts, and by how much its seeds exceed that."""
    count = max(round(WORST_SHARE * len(odds)), MIN_WORST)
    ordered = np.sort(odds)
    start = float((ordered[-count] + ordered[-count - 1]) / 2)
    return start, ordered[-count:] - start


def shape(odds: Floats, seed: int = 0) -> tuple[float, float, float]:
    """Return the shape of a Pareto tail of the worst fifth, and its 95 % bootstrap interval.

    The shape of an exponential tail is 0. A tail with a negative shape ends somewhere, one
    with a positive shape is heavier than exponential.
    """
    draws = np.random.default_rng(seed)
    excesses = worst(odds)[1]
    drawn = draws.choice(excesses, (RESAMPLES, len(excesses)))
    first, second = _stats().lmoment(drawn, order=[1, 2], axis=1)
    second += 1e-12  # a resample may consist of one value, which has no spread
    low, high = np.quantile(np.clip(2 - first / second, -9, 9), _INTERVAL)
    first, second = _stats().lmoment(excesses, order=[1, 2])
    return float(2 - first / second), float(low), float(high)


def threshold(odds: Floats, risk: float) -> float:
    """Return the log-odds that a right answer exceeds with at most this probability.

    The larger of two quantiles, which is the lower accuracy: a threshold that is too low
    lets a weak answer pass, one that is too high fails a student who did everything right.
    """
    tail, normal = Exponential.fitted(odds).cautious(), Normal.fitted(odds)
    return max(tail.quantile(risk), normal.quantile(risk))


def surprise(tail: Tail, odds: Floats) -> float:
    """Return the chance that the worst of as many seeds is as bad as the worst one here.

    Below a few per cent the model does not describe this tail.
    """
    return 1 - (1 - tail.beyond(float(odds.max()))) ** len(odds)


def interval(
    model: type[Normal | Exponential], odds: Floats, limit: float, seed: int = 0
) -> tuple[float, float]:
    """Return a 95 % bootstrap interval for the probability of log-odds beyond `limit`.

    The seeds are drawn again with replacement, and the model is fitted to each draw.
    """
    draws = np.random.default_rng(seed)
    chances = [model.fitted(draws.choice(odds, len(odds))).beyond(limit) for _ in range(RESAMPLES)]
    low, high = np.quantile(chances, _INTERVAL)
    return float(low), float(high)


def share_below(accuracies: Sequence[float], limit: float) -> dict[str, float]:
    """Return the share of accuracies below a limit, with an exact 95 % interval.

    Examples
    --------
    >>> share_below([0.1] * 20, 0.8)["low"]
    0.8316
    """
    below = sum(value < limit for value in accuracies)
    interval = _stats().binomtest(below, len(accuracies)).proportion_ci(CONFIDENCE, "exact")
    return {
        "below": below,
        "of": len(accuracies),
        "share": round(below / len(accuracies), 4),
        "low": round(float(interval.low), 4),
        "high": round(float(interval.high), 4),
    }


def at_least(count: int, of: int, probability: float) -> float:
    """Return the chance of `count` events or more in `of` trials."""
    return float(_stats().binom.sf(count - 1, of, probability))


def _stats() -> Any:
    """Import SciPy's statistics when they are needed: a second of processor time."""
    return import_module("scipy.stats")
