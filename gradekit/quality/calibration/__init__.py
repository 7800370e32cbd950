"""Accuracy thresholds that a right answer misses with a stated, small probability."""

from gradekit.quality.calibration.experiment import Experiment, load_experiment
from gradekit.quality.calibration.plot import draw_calibration
from gradekit.quality.calibration.run_log import Run, RunLog

__all__ = [
    "Experiment",
    "Run",
    "RunLog",
    "draw_calibration",
    "load_experiment",
    "thresholds",
]
