"""Ask the author's `exhibits.py` what to show of a question that has just been graded.

The bundle may have a module `hidden/exhibits.py` with a function for a question, of the
question's name. It gets the namespace as a check does, and what the cells since the
question before printed; it returns dictionaries (`exhibits.made`). Nothing here can
cost or earn a point: whatever goes wrong, there is less to see, and that is all.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from gradekit.core.exhibits import Exhibit, made
from gradekit.worker.kernel import Environment, Stopped

SECONDS = 15.0  # for the student's side of one question's exhibits
MAX_EXHIBITS = 6  # of one question
MODULE = "exhibits"


def shown(
    bundle: Path, question: str, environment: Environment, seconds: float, printed: str
) -> tuple[Exhibit, ...]:
    """Return what the author wants to show of a question, which may be nothing.

    The student's side has `seconds`, and never more than `SECONDS`.
    """
    if not (bundle / "hidden" / f"{MODULE}.py").is_file():
        return ()
    exhibits: list[Exhibit] = []
    # What the author's function prints is for nobody; errors go to staff below.
    quiet = contextlib.redirect_stdout(io.StringIO())
    try:
        with quiet, contextlib.redirect_stderr(io.StringIO()):
            function = getattr(importlib.import_module(MODULE), question, None)
            if function is not None:
                environment.begin(min(seconds, SECONDS), 0)
                exhibits += _made(function, question, environment, printed)
    except (Exception, Stopped) as error:  # noqa: BLE001 - of the author's, or a stranger's values
        cause = f"{type(error).__name__}: {str(error)[:200]}"
        sys.stderr.write(f"{question}, exhibits: {cause}\n")
    return tuple(exhibits)


def _made(
    function: Callable[..., Any], question: str, environment: Environment, printed: str
) -> Iterator[Exhibit]:
    for description in islice(function(environment, printed), MAX_EXHIBITS):
        yield made(question, description)
