"""Work with finished folders: pack them, compare two builds, show the solution as a page."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gradekit.author.build import FOLDERS, Built
from gradekit.author.otter import JUNK
from gradekit.core.errors import AuthorError
from gradekit.core.files import copy_tree, full_disk, replace_file, temporary_folder

DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip can hold
CELL_SECONDS = 600


def files_below(folder: Path) -> list[Path]:
    """Return the files below a folder in order, without what programs leave behind."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not set(path.relative_to(folder).parts) & set(JUNK)
    )


def pack_archives(built: Built, folder: Path) -> tuple[Path, Path]:
    """Write `student.zip` and `autograder.zip` and return their paths.

    Students unpack a folder with the name of the assignment; the grader's
    archive has no such folder, because Gradescope wants none.

    Raises
    ------
    GraderError
        If the folder cannot be written.
    """
    student, grader = folder / "student.zip", folder / "autograder.zip"
    replace_file(student, zipped(built.student, f"{built.master.path.stem}/"))
    replace_file(grader, zipped(built.autograder))
    return student, grader


def zipped(folder: Path, prefix: str = "") -> bytes:
    """Return an archive of all files below a folder: equal folders give equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in files_below(folder):
            # Everything that a zip takes from the machine or the clock is set by hand.
            info = zipfile.ZipInfo(prefix + path.relative_to(folder).as_posix(), DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # Unix, on every system
            info.external_attr = 0o100644 << 16  # a plain file
            archive.writestr(info, path.read_bytes())
    return buffer.getvalue()


def differences(fresh: Path, committed: Path) -> list[str]:
    """Return one line for each file or cell in which two builds differ; none if they are equal.

    Parameters
    ----------
    fresh : Path
        The folder that holds the three folders of a fresh build.
    committed : Path
        The folder that holds those of a build that may be stale.
    """
    lines: list[str] = []
    for folder in FOLDERS:
        if not (committed / folder).is_dir():
            lines.append(f"{folder}/ is missing")
            continue
        fresh_files = _contents(fresh / folder)
        committed_files = _contents(committed / folder)
        for name in sorted(fresh_files | committed_files):
            path = f"{folder}/{name}"
            lines += _difference(path, fresh_files.get(name), committed_files.get(name))
    return lines


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files_below(folder)}


def _difference(name: str, fresh: bytes | None, committed: bytes | None) -> Iterator[str]:
    if committed is None:
        yield f"{name} is missing"
    elif fresh is None:
        yield f"{name} is not part of the build"
    elif fresh != committed and name.endswith(".ipynb"):
        yield from _different_cells(name, fresh, committed)
    elif fresh != committed:
        yield f"{name} differs"


def _different_cells(name: str, fresh: bytes, committed: bytes) -> Iterator[str]:
    """Name the cells that differ, or say that only what is around them does."""
    try:
        fresh_cells, committed_cells = _cells(fresh), _cells(committed)
    except (ValueError, KeyError, TypeError):
        yield f"{name} differs and is not a notebook that gradekit wrote"
        return
    common = [cell_id for cell_id in fresh_cells if cell_id in committed_cells]
    changed = [cell_id for cell_id in common if fresh_cells[cell_id] != committed_cells[cell_id]]
    added = [cell_id for cell_id in fresh_cells if cell_id not in committed_cells]
    removed = [cell_id for cell_id in committed_cells if cell_id not in fresh_cells]
    for verb, ids in (("differs in", changed), ("lacks", added), ("has in addition", removed)):
        if ids:
            yield f"{name} {verb} cell {', '.join(ids)}"
    if not (changed or added or removed):
        moved = list(fresh_cells) != list(committed_cells)
        yield f"{name} differs in {'the order of its cells' if moved else 'its metadata'}"


def _cells(data: bytes) -> dict[str, Any]:
    return {str(cell["id"]): cell for cell in json.loads(data)["cells"]}


def render_solution(built: Built, files: Path, target: Path) -> Path:
    """Execute the solutions notebook beside its files and write it as HTML.

    The author's own code runs here, not a student's. Outputs depend on the machine and
    the day, so the page belongs into `dist/`, which is not committed.

    Parameters
    ----------
    built : Built
        The build whose solution is shown.
    files : Path
        The folder whose files the notebook opens: `files/` of the prepared bundle.
    target : Path
        The page to write; its folder is made where it is missing.

    Raises
    ------
    AuthorError
        If a cell of the solution fails, with the last line of its error.
    GraderError
        If the page cannot be written.
    """
    with temporary_folder() as scratch:
        folder = scratch / "notebook"
        copy_tree(files, folder)
        if (built.student / "tests").is_dir():  # not where all checks are hidden
            copy_tree(built.student / "tests", folder / "tests")
        shutil.copyfile(built.solutions / built.notebook, folder / built.notebook)
        command = [
            *(sys.executable, "-m", "nbconvert", "--to", "html", "--execute"),
            *("--output-dir", str(scratch), "--output", "page"),
            f"--ExecutePreprocessor.timeout={CELL_SECONDS}",
            "--ExecutePreprocessor.kernel_name=python3",
            str(folder / built.notebook),
        ]
        process = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if process.returncode != 0:
            if error := full_disk(process.stderr):  # no fault of the solution
                raise error
            last_line = (process.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise AuthorError(
                f"{built.master.path}: the solution could not be executed ({last_line}). "
                "Run the master from top to bottom and mend the cell that fails."
            )
        replace_file(target, (scratch / "page.html").read_bytes())
    return target
