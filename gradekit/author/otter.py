"""Run Otter Assign, our parser, where it cannot touch this process.

`otter.assign.main` changes the working folder and sets up logging, so it runs
in a process of its own, on a copy that holds the listed files and no others.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from gradekit.author.master import Master, reading
from gradekit.core.errors import AuthorError
from gradekit.core.files import full_disk

JUNK = ("__pycache__", ".ipynb_checkpoints", ".DS_Store", ".OTTER_LOG")
RUN = (
    "import sys; from otter.assign import main; "
    "main(sys.argv[1], sys.argv[2], no_pdfs=True, no_run_tests=True)"
)
ASSIGN_SECONDS = 300


def assign(master: Master, scratch: Path) -> Path:
    """Split a master with Otter Assign; return the folder with `student` and `autograder`.

    Raises
    ------
    AuthorError
        If Otter refuses the master, with the last line that it printed.
    OSError
        If the disk is full, which is no fault of the master's.
    """
    source, assigned = scratch / "source", scratch / "assigned"
    copy_listed(master, [*master.files, *master.hidden_files], source)
    (source / master.path.name).write_bytes(contents(master.path))
    if isinstance(master.requirements, str):
        copy_listed(master, [master.requirements], source)
    temporary = scratch / "temporary"  # Otter leaves its own folders behind where it fails
    temporary.mkdir()
    # -I: no module beside the master may stand in the place of one that Otter imports.
    command = [sys.executable, "-I", "-c", RUN, str(source / master.path.name), str(assigned)]
    try:
        process = subprocess.run(
            command, cwd=source, env={**os.environ, "TMPDIR": str(temporary)},
            capture_output=True, text=True, timeout=ASSIGN_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise AuthorError(
            f"{master.path}: Otter Assign took longer than {ASSIGN_SECONDS} s. "
            "Make the files smaller."
        ) from error
    if process.returncode != 0:
        if disk_error := full_disk(process.stderr):
            raise disk_error
        last_line = (process.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise AuthorError(
            f"{master.path}: Otter Assign refused it ({last_line}). Correct the master."
        )
    return assigned


def copy_listed(master: Master, names: list[str], target: Path) -> None:
    """Copy listed files and folders of an assignment, each to its own relative path.

    Raises
    ------
    AuthorError
        If one is a symbolic link, which may lead anywhere, or cannot be read.
    """
    target.mkdir(parents=True, exist_ok=True)
    for name in names:
        listed = master.folder / name
        below = sorted(listed.rglob("*")) if listed.is_dir() else []
        for path in [listed, *below]:
            relative = path.relative_to(master.folder)
            if path.is_symlink():
                text = f"{path} is a symbolic link, which may lead anywhere. Put the file there."
                raise AuthorError(text)
            if path.is_file() and not set(relative.parts) & set(JUNK) and path.suffix != ".pyc":
                (target / relative).parent.mkdir(parents=True, exist_ok=True)
                (target / relative).write_bytes(contents(path))


def contents(path: Path) -> bytes:
    """Return the bytes of a file of the assignment.

    Raises
    ------
    AuthorError
        If the file cannot be read, because of its permissions for example.
    """
    with reading(path):
        return path.read_bytes()
