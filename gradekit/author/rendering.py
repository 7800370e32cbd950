"""Render the solved notebook, executed, as a page to read.

Outputs depend on the machine and the day, so the page goes into `dist/`, which
is not committed. The author's own code runs here, not a student's.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from gradekit.author.build import Built
from gradekit.core.errors import AuthorError

CELL_SECONDS = 600


def render_solution(built: Built, files: Path, target: Path) -> Path:
    """Execute the solutions notebook beside its files and write it as HTML.

    Parameters
    ----------
    built : Built
        The build whose solution is shown.
    files : Path
        What the notebook finds beside it: `files/` of the prepared bundle.
    target : Path
        The page to write; its folder is made where it is missing.

    Raises
    ------
    AuthorError
        If a cell of the solution fails, with the last line of its error.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="gradekit-") as name:
        folder = Path(name) / "notebook"
        shutil.copytree(files, folder)
        shutil.copytree(built.student / "tests", folder / "tests", dirs_exist_ok=True)
        shutil.copyfile(built.solutions / built.notebook, folder / built.notebook)
        done = subprocess.run(
            [
                *(sys.executable, "-m", "nbconvert", "--to", "html", "--execute"),
                *("--output-dir", name, "--output", "page"),
                f"--ExecutePreprocessor.timeout={CELL_SECONDS}",
                "--ExecutePreprocessor.kernel_name=python3",
                str(folder / built.notebook),
            ],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise AuthorError(
                f"{built.master.path}: the solution could not be executed ({last}). "
                "Run the master from top to bottom and mend the cell that fails."
            )
        shutil.move(Path(name) / "page.html", target)
    return target
