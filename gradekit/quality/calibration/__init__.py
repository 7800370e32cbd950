"""Accuracy thresholds that a correct solution misses with a stated, small probability."""

from gradekit.quality.calibration.plot import draw_calibration
from gradekit.quality.calibration.recipe import Recipe
from gradekit.quality.calibration.runs import Run, Runs

__all__ = [
    "Recipe",
    "Run",
    "Runs",
    "calibrate",
    "draw_calibration",
    "recipe",
]
