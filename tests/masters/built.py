"""The good master as it is built, once for a whole run: Otter takes seconds for each build."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from gradekit.author.build import Built, build_assignment
from masters.edit import AVERAGES


@cache
def averages() -> Built:
    """Build the exercise on averages, for everybody who only reads it.

    A test that changes a build makes one of its own: this one is shared by all files that
    a process runs.
    """
    folder = Path(tempfile.mkdtemp(prefix="averages-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return build_assignment(AVERAGES, folder)
