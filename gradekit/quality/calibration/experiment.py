"""The author's experiment: how to train right and weak answers from a seed.

`gradekit calibrate` knows nothing about any exercise. It reads `calibration.py` beside
the master notebook, a Python file of the author's that defines these names:

SECTION : str
    The key of thresholds.json below which the thresholds are written, such as "digits":
    one for a data set.
RIGHT : dict of str to function
    For each reference solution a function of a seed that trains it as a student would,
    and returns the accuracy on each data set: `{"test": 0.91, "holdout": 0.93}`.
WEAK : dict of str to dict of str to function
    For each reference solution the weak baselines that its thresholds should catch, by
    name: functions of the same kind.
ROUNDING : dict of str to function, optional
    For each floating-point comparison of the checks a function of a seed that returns
    the error between two right computations, by what differed: `{"threads": 1e-7}`.
PUBLISH : function, optional
    Called without arguments after thresholds.json was written, to copy its numbers to
    other places, such as the text of the notebook.
setup : function
    Returns what the numbers depend on besides the seed, as plain data: digests of the
    data, architectures, rates, versions. Runs under different setups are not mixed.

The file may import its neighbours. It is the author's own program, and is run as such.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gradekit.core.errors import AuthorError

NAME = "calibration.py"
THRESHOLDS = "thresholds.json"

Measure = Callable[[int], Mapping[str, float]]  # from a seed to accuracies or errors by name
SEE = "docs/calibration.md describes the file"


@dataclass(frozen=True, slots=True)
class Experiment:
    """What calibration.py defines; the module's docstring says what each name means."""

    folder: Path  # of calibration.py
    section: str
    right: Mapping[str, Measure]
    weak: Mapping[str, Mapping[str, Measure]]
    setup: Mapping[str, Any]
    rounding: Mapping[str, Measure] = field(default_factory=dict)
    publish: Callable[[], None] = lambda: None

    @property
    def thresholds(self) -> Path:
        """The file that the checks read."""
        return self.folder / THRESHOLDS


def load_experiment(assignment: Path) -> Experiment:
    """Return the experiment of an assignment: a master notebook, or the folder with it.

    Raises
    ------
    AuthorError
        If there is no calibration.py, it stops with an error, or a name is missing.
    """
    folder = assignment if assignment.is_dir() else assignment.parent
    path = folder / NAME
    if not path.is_file():
        raise AuthorError(f"{path}: there is no such file. It says how to train; {SEE}.")
    names = _run(path)
    try:
        return Experiment(
            folder=folder,
            section=str(names["SECTION"]),
            right=names["RIGHT"],
            weak=names.get("WEAK", {}),
            setup=names["setup"](),
            rounding=names.get("ROUNDING", {}),
            publish=names.get("PUBLISH", lambda: None),
        )
    except KeyError as error:
        raise AuthorError(f"{path} does not define {error}. Add it; {SEE}.") from error


def _run(path: Path) -> dict[str, Any]:
    """Run an author's file with its folder on the path, and return its names."""
    spec = importlib.util.spec_from_file_location("calibration", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.parent.resolve()))
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # the author's own code may raise anything
        text = f"{path} stopped with {type(error).__name__}: {error}. Correct it."
        raise AuthorError(text) from error
    return vars(module)
