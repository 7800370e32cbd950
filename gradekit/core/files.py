"""A file is replaced at once: the old one or the new one is there, never half of one."""

from __future__ import annotations

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gradekit.core.errors import GraderError
from gradekit.core.escape import printable

LONGEST_NAME = 255  # bytes, on the file systems that people have
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # the disk, or this user's share of it
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


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Say of an error of the file system which folder could not be written, and what to do.

    The path inside the error is that of a draft, which tells the reader nothing.

    Raises
    ------
    GraderError
        If the block raises an error of the file system.
    """
    try:
        yield
    except OSError as error:
        raise GraderError(not_written(folder, error)) from error


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Lend a folder for what nobody keeps.

    Raises
    ------
    GraderError
        If the disk fills up; the sentence names the folder of all temporary files, because
        this one is gone when somebody reads it.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="gradekit-") as name:
            yield Path(name).resolve()
    except (OSError, GraderError) as error:
        cause = error if isinstance(error, OSError) else error.__cause__
        if not isinstance(cause, OSError) or cause.errno not in FULL:
            raise
        reason = f"{printable(tempfile.gettempdir())}: could not be written ({cause.strerror})"
        raise GraderError(f"{reason}. Make room there, or set TMPDIR to another folder.") from cause


def copy_tree(source: Path, target: Path) -> None:
    """Copy a folder into another, which may be there already.

    Raises
    ------
    GraderError
        If a file below `source` cannot be opened.
    OSError
        If one cannot be written; it has a number and a file name, which `shutil.Error` lacks.
    """
    try:
        shutil.copytree(source, target, dirs_exist_ok=True)
    except shutil.Error as error:
        # It lists (source, target, text) for each file, or for all files of a folder.
        path, _, text = error.args[0][0]
        number = re.search(r"\[Errno (\d+)\]", text)
        code = int(number[1]) if number else errno.ENOSPC
        reason = OSError(code, os.strerror(code), str(target))
        if text.endswith(f": {str(path)!r}"):  # about the source alone
            raise GraderError(not_opened(Path(path), reason)) from error
        raise reason from error


def full_disk(printed: str) -> OSError | None:
    """Return the error of a full disk that another program printed before it ended, if any."""
    for code in FULL:
        if f"[Errno {code}]" in printed:
            return OSError(code, os.strerror(code))
    return None


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
