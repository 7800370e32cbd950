"""Run Otter Assign, our parser, where it cannot touch this process.

`otter.assign.main` changes the working folder and sets up logging, so it runs
in a process of its own, on a copy that holds the listed files and no others.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from gradekit.author.master import Master
from gradekit.core.errors import AuthorError

JUNK = ("__pycache__", ".ipynb_checkpoints", ".DS_Store", ".OTTER_LOG")
RUN = (
    "import sys; from otter.assign import main; "
    "main(sys.argv[1], sys.argv[2], no_pdfs=True, no_run_tests=True)"
)
SECONDS = 300


def assign(master: Master, scratch: Path) -> Path:
    """Split a master with Otter Assign; return the folder with `student` and `autograder`.

    Raises
    ------
    AuthorError
        If Otter refuses the master, with the last line that it printed.
    """
    source, result = scratch / "source", scratch / "result"
    copy_listed(master, [*master.files, *master.hidden_files], source)
    shutil.copyfile(master.path, source / master.path.name)
    if isinstance(master.requirements, str):
        copy_listed(master, [master.requirements], source)
    command = [sys.executable, "-I", "-c", RUN, str(source / master.path.name), str(result)]
    try:
        done = subprocess.run(
            command, cwd=source, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        text = f"{master.path}: Otter Assign took longer than {SECONDS} s. Make the files smaller."
        raise AuthorError(text) from error
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise AuthorError(f"{master.path}: Otter Assign refused it ({last}). Correct the master.")
    return result


def copy_listed(master: Master, names: list[str], target: Path) -> None:
    """Copy listed files and folders of an assignment, each to its own relative path.

    Raises
    ------
    AuthorError
        If one is a symbolic link, which may lead anywhere.
    """
    target.mkdir(parents=True, exist_ok=True)
    for name in names:
        start = master.folder / name
        inside = sorted(start.rglob("*")) if start.is_dir() else []
        for path in [start, *inside]:
            relative = path.relative_to(master.folder)
            if path.is_symlink():
                text = f"{path} is a symbolic link, which may lead anywhere. Put the file there."
                raise AuthorError(text)
            if path.is_file() and not set(relative.parts) & set(JUNK) and path.suffix != ".pyc":
                (target / relative).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target / relative)
