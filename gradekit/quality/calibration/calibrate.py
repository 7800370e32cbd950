"""Bars that a right answer misses at most once in ten thousand, measured and not guessed.

From the runs of the author's recipe follow the bars, how often a right answer would fail
each of them, and which weak answers each catches; and from repeated computations the
tolerances of comparisons. All of it goes to thresholds.json with where it came from.
"""

from __future__ import annotations

import json
import math
import multiprocessing
import platform
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from gradekit import __version__
from gradekit.quality.calibration import tail_models
from gradekit.quality.calibration.recipe import Measure, Recipe, load
from gradekit.quality.calibration.runs import Found, Run, Runs

RISK = 1e-4  # how often a right answer may fail a bar
STEP = 0.01  # bars are multiples of it
MARGIN = 10  # between the largest rounding error that was seen and the tolerance
FRESH = 1_000_000  # the first seed of those that no bar was chosen by
ROUNDING = "rounding"


def plan(recipe: Recipe, seeds: Sequence[int], weak_seeds: Sequence[int]) -> list[Run]:
    """Return every run of a calibration: right answers first, a seed after the other."""
    right = [Run(bar, None, seed) for seed in seeds for bar in recipe.right]
    weak = [
        Run(bar, baseline, seed)
        for seed in weak_seeds
        for bar, baselines in recipe.weak.items()
        for baseline in baselines
    ]
    rounding = [Run(ROUNDING, name, seed) for seed in seeds for name in recipe.rounding]
    return right + rounding + weak


def measure(recipe: Recipe, run: Run) -> Found:
    """Make one run."""
    function: Measure
    if run.baseline is None:
        function = recipe.right[run.bar]
    elif run.bar == ROUNDING:
        function = recipe.rounding[run.baseline]
    else:
        function = recipe.weak[run.bar][run.baseline]
    return function(run.seed)


def measured(recipe: Recipe, wanted: Sequence[Run], jobs: int) -> Iterator[tuple[Run, Found]]:
    """Make runs and yield them as they are done; several at a time have processes of their own."""
    if jobs == 1:
        yield from ((run, measure(recipe, run)) for run in wanted)
        return
    context = multiprocessing.get_context("spawn")  # a forked torch may wait for itself
    pool = ProcessPoolExecutor(jobs, context, _ready, (recipe.folder,))
    try:
        running = {pool.submit(_measure, run): run for run in wanted}
        for done in as_completed(running):
            yield running[done], done.result()
    finally:
        pool.shutdown(cancel_futures=True)


_OURS: dict[str, Recipe] = {}  # in a process of the pool: what it measures by


def _ready(folder: Path) -> None:
    _OURS["recipe"] = load(folder)


def _measure(run: Run) -> Found:
    return dict(measure(_OURS["recipe"], run))


def calibrated(
    recipe: Recipe, runs: Runs, seeds: Sequence[int], weak_seeds: Sequence[int]
) -> dict[str, Any]:
    """Return the section of thresholds.json that the runs lead to."""
    found: dict[str, Any] = {"setup": dict(recipe.setup), "provenance": _provenance(runs)}
    found["provenance"] |= {"seeds": _span(seeds), "weak_seeds": _span(weak_seeds)}
    for bar in recipe.right:
        parts = runs.names(bar, None, seeds[0])
        weak = {
            name: {part: runs.values(bar, name, weak_seeds, part) for part in parts}
            for name in recipe.weak.get(bar, {})
        }
        found[bar] = {
            part: _bar(
                runs.values(bar, None, seeds, part),
                {name: values[part] for name, values in weak.items()},
            )
            for part in parts
        }
    return found


def _bar(values: list[float], weak: Mapping[str, list[float]]) -> dict[str, Any]:
    """Return one bar and everything that is known about it."""
    odds = tail_models.log_odds(values)
    fitted = {name: model.fitted(odds) for name, model in tail_models.MODELS.items()}
    lowest = tail_models.accuracy(tail_models.bar(odds, RISK))
    bar = round(math.floor(lowest / STEP) * STEP, 6)
    limit = float(tail_models.log_odds([bar])[0])
    shape, low, high = tail_models.shape(odds)
    return {
        "bar": bar,
        "seeds": len(values),
        "mean": round(float(np.mean(values)), 4),
        "std": round(float(np.std(values, ddof=1)), 4),
        "min": round(min(values), 4),
        "false_fail": {
            name: {
                "estimate": _short(model.beyond(limit)),
                "interval": [_short(end) for end in tail_models.interval(type(model), odds, limit)],
                "one_in_10000_at": round(tail_models.accuracy(model.quantile(RISK)), 4),
                "chance_of_the_worst_seed": _short(tail_models.surprise(model, odds)),
            }
            for name, model in fitted.items()
        },
        "without_a_model_at_most": _short(1 - (1 - tail_models.CONFIDENCE) ** (1 / len(values))),
        "pareto_shape": {"estimate": _short(shape), "interval": [_short(low), _short(high)]},
        "power": {
            name: {
                "mean": round(float(np.mean(found)), 4),
                "max": round(max(found), 4),
                **tail_models.share_below(found, bar),
            }
            for name, found in weak.items()
        },
    }


def tolerances(recipe: Recipe, runs: Runs, seeds: Sequence[int]) -> dict[str, Any]:
    """Return a tolerance for each comparison: the largest error seen, times a margin."""
    found = {}
    for name in recipe.rounding:
        kinds = {
            kind: max(runs.values(ROUNDING, name, seeds, kind))
            for kind in runs.names(ROUNDING, name, seeds[0])
        }
        found[name] = {
            "tolerance": rounded_up(MARGIN * max(kinds.values())),
            "largest": {kind: _short(value) for kind, value in kinds.items()},
            "seeds": len(seeds),
            "margin": MARGIN,
        }
    return found


def rounded_up(value: float) -> float:
    """Return the next number of the form 1, 2 or 5 times a power of ten.

    Examples
    --------
    >>> rounded_up(3.2e-5)
    5e-05
    """
    power = math.floor(math.log10(value)) if value > 0 else -16
    return next(
        float(f"{digit}e{power}") for digit in (1, 2, 5, 10) if float(f"{digit}e{power}") >= value
    )


def write(recipe: Recipe, section: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    """Put a section and the tolerances into thresholds.json; other sections stay."""
    path = recipe.thresholds
    text = json.loads(path.read_text("utf-8")) if path.exists() else {}
    text[recipe.section] = section
    if found:
        text[ROUNDING] = found
    path.write_text(json.dumps(text, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def checked(recipe: Recipe, runs: Runs, seeds: Sequence[int]) -> list[dict[str, Any]]:
    """Return how many fresh seeds fall below each bar of thresholds.json.

    `chance` is the probability of as many failures or more, if each had probability RISK.
    """
    section = json.loads(recipe.thresholds.read_text("utf-8"))[recipe.section]
    rows = []
    for bar in recipe.right:
        for part in runs.names(bar, None, seeds[0]):
            values = runs.values(bar, None, seeds, part)
            share = tail_models.share_below(values, section[bar][part]["bar"])
            row = {"bar": bar, "set": part, "at": section[bar][part]["bar"], "min": min(values)}
            rows.append(
                {
                    **row,
                    **share,
                    "chance": tail_models.at_least(int(share["below"]), len(values), RISK),
                }
            )
    return rows


def _provenance(runs: Runs) -> dict[str, Any]:
    """Return where the numbers came from; the date is that of the last run."""
    last = datetime.fromtimestamp(runs.path.stat().st_mtime, UTC)
    return {
        "date": f"{last:%Y-%m-%d}",
        "runs": runs.digest,
        "risk": RISK,
        "gradekit": __version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        **{name: metadata.version(name) for name in ("numpy", "scipy")},
    }


def _span(seeds: Sequence[int]) -> str:
    return f"{seeds[0]} to {seeds[-1]}"


def _short(value: float) -> float:
    """Return a number with three digits."""
    return float(f"{value:.3g}")
