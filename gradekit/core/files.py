"""A file is replaced at once: the old one or the new one is there, never half of one."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

from gradekit.core.errors import GraderError
from gradekit.core.escape import printable

LONGEST_NAME = 255  # bytes, on the file systems that people have
REMEDIES = {
    errno.EACCES: "Allow this user to write there, or name another folder",
    errno.EPERM: "Allow this user to write there, or name another folder",
    errno.EROFS: "Name a folder that can be written to",
    errno.ENOTDIR: "Name another folder",
    errno.EEXIST: "Name another folder",
    errno.EISDIR: "Name another file",
    errno.ENAMETOOLONG: "Name a shorter one",
}


def replace_file(path: Path, content: str | bytes) -> None:
    """Put `content` in the place of a file; folders above it are made.

    After a crash there is the old file or the new one, on the disk itself. Characters
    that no encoding has are spelled out.

    Raises
    ------
    GraderError
        If it cannot be written: a full disk, a denied permission, a read-only folder.
        What was there before is still there, and nothing half-written.
    """
    data = content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")
    if _holds(path, data):
        return  # a class of a thousand has two thousand files, and forcing one takes milliseconds
    # In the same folder: only there can it be renamed over the old file in one step.
    draft = _draft(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _sync(path.parent)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()  # half a file is of no use, and takes room
        raise GraderError(not_written(path, error)) from error


def _holds(path: Path, data: bytes) -> bool:
    """Tell whether a file has this content already."""
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except OSError:
        return False


def not_written(path: Path, error: OSError) -> str:
    """Return a sentence that says why a file could not be written, and what to do."""
    remedy = REMEDIES.get(error.errno or 0, "Make room there, or name another folder")
    return f"{printable(path)}: could not be written ({error.strerror or error}). {remedy}."


def not_opened(path: Path, error: OSError) -> str:
    """Return a sentence that says why a file or folder could not be opened, and what to do."""
    denied = isinstance(error, PermissionError)
    remedy = "Allow this user to read it" if denied else "Check the name"
    return f"{printable(path)}: could not be opened ({error.strerror or error}). {remedy}."


def _draft(path: Path) -> Path:
    """Return where a file is written first: the same name every time, so that none is left."""
    name = os.fsencode(path.name)[: LONGEST_NAME - len(".") - len(".new")]
    return path.with_name(f".{os.fsdecode(name)}.new")


def _sync(folder: Path) -> None:
    """Have the new name on the disk too."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
