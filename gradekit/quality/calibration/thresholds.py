"""Thresholds that a right answer misses at most once in ten thousand, measured, not guessed.

The runs of the author's experiment give the thresholds, how often a right answer would
miss each of them, and which weak answers each catches; repeated computations give the
tolerances of comparisons. All of it is written to thresholds.json, with its provenance.
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
from gradekit.core.files import replace_file
from gradekit.quality.calibration import tail_models
from gradekit.quality.calibration.experiment import Experiment, Measure, load_experiment
from gradekit.quality.calibration.run_log import Measurements, Run, RunLog

RISK = 1e-4  # how often a right answer may miss a threshold
STEP = 0.01  # thresholds are multiples of it
MARGIN = 10  # between the largest rounding error that was measured and the tolerance
FRESH = 1_000_000  # the first of the seeds that were not used to choose thresholds
ROUNDING = "rounding"


def plan(experiment: Experiment, seeds: Sequence[int], weak_seeds: Sequence[int]) -> list[Run]:
    """Return every run of a calibration: right answers first, one seed after the other.

    So a calibration that is stopped has whole seeds, not one network's seeds alone.
    """
    right = [Run(reference, None, seed) for seed in seeds for reference in experiment.right]
    weak = [
        Run(reference, baseline, seed)
        for seed in weak_seeds
        for reference, baselines in experiment.weak.items()
        for baseline in baselines
    ]
    rounding = [Run(ROUNDING, name, seed) for seed in seeds for name in experiment.rounding]
    return right + rounding + weak


def measure(experiment: Experiment, run: Run) -> Measurements:
    """Make one run."""
    function: Measure
    if run.baseline is None:
        function = experiment.right[run.reference]
    elif run.reference == ROUNDING:
        function = experiment.rounding[run.baseline]
    else:
        function = experiment.weak[run.reference][run.baseline]
    return function(run.seed)


def measure_all(
    experiment: Experiment, runs: Sequence[Run], jobs: int
) -> Iterator[tuple[Run, Measurements]]:
    """Make runs and yield each one when it has ended, `jobs` at a time."""
    if jobs == 1:
        yield from ((run, measure(experiment, run)) for run in runs)
        return
    context = multiprocessing.get_context("spawn")  # a forked torch can wait for itself for ever
    pool = ProcessPoolExecutor(jobs, context, _load_in_process, (experiment.folder,))
    try:
        futures = {pool.submit(_measure_in_process, run): run for run in runs}
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:
        pool.shutdown(cancel_futures=True)


# The functions of an experiment cannot be sent to another process, so each process of the
# pool loads the author's file once.
_LOADED: dict[str, Experiment] = {}


def _load_in_process(folder: Path) -> None:
    _LOADED["experiment"] = load_experiment(folder)


def _measure_in_process(run: Run) -> Measurements:
    return dict(measure(_LOADED["experiment"], run))


def thresholds_section(
    experiment: Experiment, log: RunLog, seeds: Sequence[int], weak_seeds: Sequence[int]
) -> dict[str, Any]:
    """Return the section of thresholds.json that the runs lead to."""
    provenance = _provenance(log) | {"seeds": _span(seeds), "weak_seeds": _span(weak_seeds)}
    section: dict[str, Any] = {"setup": dict(experiment.setup), "provenance": provenance}
    for reference in experiment.right:
        section[reference] = {
            data_set: _threshold(
                log.values(reference, None, seeds, data_set),
                {
                    baseline: log.values(reference, baseline, weak_seeds, data_set)
                    for baseline in experiment.weak.get(reference, {})
                },
            )
            for data_set in log.names(reference, None, seeds[0])
        }
    return section


def _threshold(values: list[float], weak: Mapping[str, list[float]]) -> dict[str, Any]:
    """Return one threshold ("bar" in the file) and everything that is known about it."""
    odds = tail_models.log_odds(values)
    models = {name: model.fitted(odds) for name, model in tail_models.MODELS.items()}
    lowest = tail_models.accuracy(tail_models.threshold(odds, RISK))
    # Down, for the safe side; the second rounding removes what binary fractions add.
    threshold = round(math.floor(lowest / STEP) * STEP, 6)
    limit = float(tail_models.log_odds([threshold])[0])
    shape, low, high = tail_models.shape(odds)
    return {
        "bar": threshold,
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
            for name, model in models.items()
        },
        "without_a_model_at_most": _short(1 - (1 - tail_models.CONFIDENCE) ** (1 / len(values))),
        "pareto_shape": {"estimate": _short(shape), "interval": [_short(low), _short(high)]},
        "power": {
            baseline: {
                "mean": round(float(np.mean(accuracies)), 4),
                "max": round(max(accuracies), 4),
                **tail_models.share_below(accuracies, threshold),
            }
            for baseline, accuracies in weak.items()
        },
    }


def tolerances(
    experiment: Experiment, log: RunLog, seeds: Sequence[int]
) -> dict[str, dict[str, Any]]:
    """Return a tolerance for each comparison: the largest error measured, times a margin."""
    section = {}
    for name in experiment.rounding:
        largest = {
            cause: max(log.values(ROUNDING, name, seeds, cause))
            for cause in log.names(ROUNDING, name, seeds[0])
        }
        section[name] = {
            "tolerance": rounded_up(MARGIN * max(largest.values())),
            "largest": {cause: _short(error) for cause, error in largest.items()},
            "seeds": len(seeds),
            "margin": MARGIN,
        }
    return section


def rounded_up(value: float) -> float:
    """Return the next number of the form 1, 2 or 5 times a power of ten.

    Examples
    --------
    >>> rounded_up(3.2e-5)
    5e-05
    """
    # Where no error was measured, the tolerance is the rounding of one double.
    power = math.floor(math.log10(value)) if value > 0 else -16
    return next(
        float(f"{digit}e{power}") for digit in (1, 2, 5, 10) if float(f"{digit}e{power}") >= value
    )


def write(experiment: Experiment, section: Mapping[str, Any], rounding: Mapping[str, Any]) -> None:
    """Put a section and the tolerances into thresholds.json; other sections stay.

    Raises
    ------
    GraderError
        If the file cannot be written; the author's earlier file stays.
    """
    path = experiment.thresholds
    content = json.loads(path.read_text("utf-8")) if path.exists() else {}
    content[experiment.section] = section
    if rounding:
        content[ROUNDING] = rounding
    replace_file(path, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def check_fresh(experiment: Experiment, log: RunLog, seeds: Sequence[int]) -> list[dict[str, Any]]:
    """Return how many fresh seeds miss each threshold of thresholds.json.

    `chance` is the probability of as many failures or more, if each had probability RISK.
    """
    section = json.loads(experiment.thresholds.read_text("utf-8"))[experiment.section]
    return [
        _fresh_row(
            reference,
            data_set,
            section[reference][data_set]["bar"],
            log.values(reference, None, seeds, data_set),
        )
        for reference in experiment.right
        for data_set in log.names(reference, None, seeds[0])
    ]


def _fresh_row(
    reference: str, data_set: str, threshold: float, values: Sequence[float]
) -> dict[str, Any]:
    share = tail_models.share_below(values, threshold)
    return {
        "bar": reference,
        "set": data_set,
        "at": threshold,
        "min": min(values),
        **share,
        "chance": tail_models.at_least(int(share["below"]), len(values), RISK),
    }


def _provenance(log: RunLog) -> dict[str, Any]:
    """Return where the numbers came from.

    The date is that of the last run and not today's, so that the same runs give the same
    bytes.
    """
    last = datetime.fromtimestamp(log.path.stat().st_mtime, UTC)
    return {
        "date": f"{last:%Y-%m-%d}",
        "runs": log.digest,
        "risk": RISK,
        "gradekit": __version__,
        "python": platform.python_version(),
        "machine": platform.machine(),
        **{name: metadata.version(name) for name in ("numpy", "scipy")},
    }


def _span(seeds: Sequence[int]) -> str:
    return f"{seeds[0]} to {seeds[-1]}"


def _short(value: float) -> float:
    """Return a number with three significant digits."""
    return float(f"{value:.3g}")
