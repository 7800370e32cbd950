"""What an author says about calibration: how to train right and weak answers from a seed.

`gradekit calibrate` knows nothing of any exercise. It reads `calibration.py` beside the
master notebook, a Python file of the author's with these names:

SECTION : str
    Under which key of thresholds.json the bars go, such as "digits": one for a data set.
RIGHT : dict of str to function
    For each bar a function of a seed that trains the reference as a student would, and
    returns the accuracy on each set: `{"test": 0.91, "holdout": 0.93}`.
WEAK : dict of str to dict of str to function
    For each bar the baselines it should catch, by name: functions of the same kind.
ROUNDING : dict of str to function, optional
    For each floating-point comparison of the checks a function of a seed that returns
    the error between two right computations, by what differed: `{"threads": 1e-7}`.
PUBLISH : function, optional
    Called without arguments when thresholds.json was written, to bring its numbers to
    wherever else they stand, such as the text of the notebook.
setup : function
    Returns what the numbers depend on beside the seed, as plain data: digests of the data,
    architectures, rates, versions. Runs under another setup are not mixed.

The file may import its neighbours. It is the author's own program, and runs as such.
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

Measure = Callable[[int], Mapping[str, float]]  # of a seed


@dataclass(frozen=True, slots=True)
class Recipe:
    """What calibration.py defines, and the folder it lies in."""

    folder: Path
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


def load(assignment: Path) -> Recipe:
    """Return the recipe of an assignment.

    Raises
    ------
    AuthorError
        If there is none, it does not run, or a name is missing.
    """
    folder = assignment if assignment.is_dir() else assignment.parent
    path = folder / NAME
    if not path.is_file():
        text = f"{path}: there is no such file. It says how to train; see gradekit/recipe.py."
        raise AuthorError(text)
    module = _run(path)
    try:
        found = module["setup"]()
        return Recipe(
            folder=folder,
            section=str(module["SECTION"]),
            right=module["RIGHT"],
            weak=module.get("WEAK", {}),
            setup=found,
            rounding=module.get("ROUNDING", {}),
            publish=module.get("PUBLISH", lambda: None),
        )
    except KeyError as error:
        raise AuthorError(
            f"{path} does not define {error}. Add it; see gradekit/recipe.py."
        ) from error


def _run(path: Path) -> dict[str, Any]:
    """Run an author's file with its folder on the path, and return its names."""
    spec = importlib.util.spec_from_file_location("calibration", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(path.parent.resolve()))
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        text = f"{path} stopped with {type(error).__name__}: {error}. Mend it."
        raise AuthorError(text) from error
    return vars(module)
