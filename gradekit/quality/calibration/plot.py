"""The calibration as a picture: where answers land, and how far the tail was stretched.

One row for each bar. On the left every run is a dot, right answers on top and each weak
baseline below, with the bar between them. On the right stands the chance of an accuracy
below x: the seeds as steps, both models as curves, down to the risk at which the bar was
set. Where the curves leave the steps, the number is an extrapolation, and it shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gradekit.core.errors import GraderError
from gradekit.quality.calibration import tail_models
from gradekit.quality.calibration.calibrate import RISK

if TYPE_CHECKING:
    from gradekit.quality.calibration.recipe import Recipe
    from gradekit.quality.calibration.runs import Runs

COLOURS = {"normal": "#0072b2", "exponential": "#d55e00"}  # told apart by everyone
COUNT = 128  # of colours in the file
BAR = {"color": "black", "linewidth": 1.4}


def draw_calibration(
    path: Path,
    recipe: Recipe,
    runs: Runs,
    section: Mapping[str, Any],
    *,
    seeds: Sequence[int],
    weak_seeds: Sequence[int],
) -> None:
    """Write the picture as a PNG.

    Raises
    ------
    GraderError
        If matplotlib is not installed.
    """
    figures = _figures()
    rows = [(bar, part) for bar in recipe.right for part in section[bar]]
    figure = figures.Figure(figsize=(11, 2.5 * len(rows) + 0.8), layout="constrained")
    figure.suptitle(
        f"{recipe.section}: bars that a right answer misses at most once in {1 / RISK:,.0f} times"
    )
    for (bar, part), (left, right) in zip(
        rows, figure.subplots(len(rows), 2, squeeze=False), strict=True
    ):
        at = section[bar][part]["bar"]
        values = runs.values(bar, None, seeds, part)
        weak = {name: runs.values(bar, name, weak_seeds, part) for name in recipe.weak.get(bar, {})}
        _dots(left, {"right answers": values, **weak}, at)
        _tail(right, np.sort(values), at)
        left.set(title=f"{bar}, {part}: bar {at:g}", xlabel="accuracy")
        right.set(title=f"{bar}, {part}: the tail of {len(values)} seeds", xlabel="accuracy")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=100, metadata={"Software": None})
    picture = import_module("PIL.Image").open(path)
    picture.convert("RGB").quantize(COUNT).save(path, optimize=True)  # a third of the bytes


def _dots(axis: Any, groups: Mapping[str, Sequence[float]], bar: float) -> None:
    """Draw one line of dots for each kind of answer."""
    for row, (name, values) in enumerate(groups.items()):
        spread = np.linspace(-0.25, 0.25, len(values))
        colour = "#009e73" if row == 0 else "#777777"
        axis.plot(values, row + spread, ".", color=colour, markersize=4, label=name)
    axis.axvline(bar, **BAR)
    axis.set_yticks(range(len(groups)), list(groups))
    axis.invert_yaxis()
    axis.set_xlim(0, 1)
    axis.grid(axis="x", alpha=0.3)


def _tail(axis: Any, values: Any, bar: float) -> None:
    """Draw the chance of an accuracy below x: as seen, and by each model."""
    count = len(values)
    chances = (np.arange(count) + 0.5) / count
    axis.plot(values, chances, ".", color="#009e73", markersize=5, label="seeds")
    odds = tail_models.log_odds(values)
    x = np.linspace(min(bar, values[0]) - 0.02, values[-1], 200)
    for name, model in tail_models.MODELS.items():
        fitted = model.fitted(odds)
        known = (
            x
            if isinstance(fitted, tail_models.Normal)
            else x[tail_models.log_odds(x) > fitted.threshold]
        )
        line = [fitted.beyond(float(z)) for z in tail_models.log_odds(known)]
        axis.plot(known, line, color=COLOURS[name], label=f"{name} model")
    axis.axvline(bar, **BAR, label="bar")
    axis.axhline(RISK, color="#777777", linestyle=":", label="risk allowed")
    axis.set(yscale="log", ylim=(RISK / 10, 1.2), ylabel="chance of a lower one")
    axis.legend(fontsize=7, loc="lower right")
    axis.grid(alpha=0.3)


def _figures() -> Any:
    try:
        return import_module("matplotlib.figure")
    except ImportError as error:
        text = "The picture needs matplotlib. Install it, or give --no-plot."
        raise GraderError(text) from error
