"""A file is replaced at once: the old one or the new one is there, never half of one."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from gradekit.core.errors import GraderError


def replace_file(path: Path, data: str | bytes, *, mode: int = 0o644) -> None:
    """Write `data` beside `path` and move it there; folders above it are made.

    Raises
    ------
    GraderError
        If it cannot be written: a full disk, a denied permission, a read-only folder.
        What was there before is still there, and nothing half-written.
    """
    content = data.encode("utf-8") if isinstance(data, str) else data
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A name of its own, because the name of the file may be as long as names can be.
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    except OSError as error:
        raise GraderError(not_written(path, error)) from None
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).chmod(mode)
        Path(draft).replace(path)
    except OSError as error:
        raise GraderError(not_written(path, error)) from None
    finally:
        with suppress(OSError):
            Path(draft).unlink()


def not_written(path: Path, error: OSError) -> str:
    """Return a sentence that says why a file could not be written, and what to do."""
    remedy = {
        "PermissionError": "Allow this user to write there, or name another folder",
        "NotADirectoryError": "Name another folder",
        "FileExistsError": "Name another folder",
        "IsADirectoryError": "Name another file",
    }.get(type(error).__name__, "Make room there, or name another folder")
    return f"{path}: could not be written ({error.strerror or error}). {remedy}."
