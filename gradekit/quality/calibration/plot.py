"""The calibration as a picture: accuracies, thresholds, and how far the tail extrapolates.

One row for each threshold. On the left every run is a dot, right answers on top and each
weak baseline below, with the threshold between them. On the right is the chance of an
accuracy below x: the seeds as dots, both models as curves, down to the risk for which the
threshold was set. Where the curves leave the dots, the number is an extrapolation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gradekit.core.errors import GraderError
from gradekit.core.files import replace_file
from gradekit.quality.calibration import tail_models
from gradekit.quality.calibration.thresholds import RISK

if TYPE_CHECKING:
    from gradekit.quality.calibration.experiment import Experiment
    from gradekit.quality.calibration.run_log import RunLog

COLOURS = {"normal": "#0072b2", "exponential": "#d55e00"}  # also for the colour-blind
PALETTE = 128  # colours in the file
THRESHOLD = {"color": "black", "linewidth": 1.4}


def draw_calibration(
    path: Path,
    experiment: Experiment,
    log: RunLog,
    section: Mapping[str, Any],
    *,
    seeds: Sequence[int],
    weak_seeds: Sequence[int],
) -> None:
    """Write the picture as a PNG.

    Raises
    ------
    GraderError
        If matplotlib is not installed, or the file cannot be written.
    """
    figures = _figures()
    rows = [
        (reference, data_set) for reference in experiment.right for data_set in section[reference]
    ]
    figure = figures.Figure(figsize=(11, 2.5 * len(rows) + 0.8), layout="constrained")
    figure.suptitle(
        f"{experiment.section}: thresholds that a right answer misses at most once in "
        f"{1 / RISK:,.0f} times"
    )
    for (reference, data_set), (dots, tail) in zip(
        rows, figure.subplots(len(rows), 2, squeeze=False), strict=True
    ):
        threshold = section[reference][data_set]["bar"]
        values = log.values(reference, None, seeds, data_set)
        weak = {
            baseline: log.values(reference, baseline, weak_seeds, data_set)
            for baseline in experiment.weak.get(reference, {})
        }
        _dots(dots, {"right answers": values, **weak}, threshold)
        _tail(tail, np.sort(values), threshold)
        name = f"{reference}, {data_set}"
        dots.set(title=f"{name}: threshold {threshold:g}", xlabel="accuracy")
        tail.set(title=f"{name}: the tail of {len(values)} seeds", xlabel="accuracy")
    replace_file(path, _png(figure))


def _png(figure: Any) -> bytes:
    """Return a figure as a PNG with few colours, which has a third of the bytes."""
    full, small = BytesIO(), BytesIO()
    # Without the version of matplotlib in it, equal pictures are equal files.
    figure.savefig(full, dpi=100, metadata={"Software": None})
    picture = import_module("PIL.Image").open(full)
    picture.convert("RGB").quantize(PALETTE).save(small, "PNG", optimize=True)
    return small.getvalue()


def _dots(axis: Any, groups: Mapping[str, Sequence[float]], threshold: float) -> None:
    """Draw one line of dots for each kind of answer."""
    for row, (name, values) in enumerate(groups.items()):
        spread = np.linspace(-0.25, 0.25, len(values))
        colour = "#009e73" if row == 0 else "#777777"
        axis.plot(values, row + spread, ".", color=colour, markersize=4, label=name)
    axis.axvline(threshold, **THRESHOLD)
    axis.set_yticks(range(len(groups)), list(groups))
    axis.invert_yaxis()
    axis.set_xlim(0, 1)
    axis.grid(axis="x", alpha=0.3)


def _tail(axis: Any, values: Any, threshold: float) -> None:
    """Draw the chance of an accuracy below x: as measured, and by each model."""
    count = len(values)
    chances = (np.arange(count) + 0.5) / count
    axis.plot(values, chances, ".", color="#009e73", markersize=5, label="seeds")
    odds = tail_models.log_odds(values)
    x = np.linspace(min(threshold, values[0]) - 0.02, values[-1], 200)
    for name, model in tail_models.MODELS.items():
        fitted = model.fitted(odds)
        domain = x
        if isinstance(fitted, tail_models.Exponential):
            domain = x[tail_models.log_odds(x) > fitted.start]  # it describes its tail alone
        line = [fitted.beyond(float(z)) for z in tail_models.log_odds(domain)]
        axis.plot(domain, line, color=COLOURS[name], label=f"{name} model")
    axis.axvline(threshold, **THRESHOLD, label="threshold")
    axis.axhline(RISK, color="#777777", linestyle=":", label="risk allowed")
    axis.set(yscale="log", ylim=(RISK / 10, 1.2), ylabel="chance of a lower accuracy")
    axis.legend(fontsize=7, loc="lower right")
    axis.grid(alpha=0.3)


def _figures() -> Any:
    try:
        return import_module("matplotlib.figure")
    except ImportError as error:
        text = "The picture needs matplotlib. Install it, or use --no-plot."
        raise GraderError(text) from error
