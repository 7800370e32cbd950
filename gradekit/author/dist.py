"""Pack what students receive and what grades: equal folders give equal archives."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from gradekit.author.build import Built
from gradekit.author.otter import JUNK

DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip can hold


def pack_archives(built: Built, folder: Path) -> tuple[Path, Path]:
    """Write `student.zip` and `autograder.zip` and return their paths.

    Students unpack a folder with the name of the assignment; the grader's
    archive has no such folder, because Gradescope wants none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    student, grader = folder / "student.zip", folder / "autograder.zip"
    student.write_bytes(zipped(built.student, f"{built.master.path.stem}/"))
    grader.write_bytes(zipped(built.autograder))
    return student, grader


def zipped(folder: Path, prefix: str = "") -> bytes:
    """Return an archive of all files below a folder, sorted, with one fixed date."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in files_below(folder):
            info = zipfile.ZipInfo(prefix + path.relative_to(folder).as_posix(), DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3  # Unix, on every system
            info.external_attr = 0o100644 << 16  # a plain file
            archive.writestr(info, path.read_bytes())
    return buffer.getvalue()


def files_below(folder: Path) -> list[Path]:
    """Return the files below a folder in order, without what programs leave behind."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not set(path.relative_to(folder).parts) & set(JUNK)
    )
