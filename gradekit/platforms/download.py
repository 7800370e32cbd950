"""The files of a bulk download: a zip or a folder, looked into without obeying it.

A learning platform packs the work of a whole class into one archive, and most of
what is in it was named and written by students. So nothing here is unpacked: an
entry is a list of names fit for comparing, and a way to read its bytes up to a
limit. No name becomes a path of ours, no link is followed, and what a zip says
about its own sizes is only believed where it makes an entry larger. Unlike the
archive that one student hands in, a class may be larger than the memory, so only its
list of names is held there.
"""

from __future__ import annotations

import mmap
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gradekit.core.errors import SubmissionError
from gradekit.core.escape import printable
from gradekit.core.files import not_opened
from gradekit.submission import (
    MAX_BYTES,
    HandIn,
    is_hidden_work,
    left_behind,
    read_contents,
    zip_members,
)

MAX_FILES = 50_000  # in the download of a class
MAX_FOLDERS_DEEP = 20
MAX_SHOWN = 200  # characters of a path in a message
LEADS_OUT = zip_members.LEADS_OUT
TOO_LARGE = f"larger than {MAX_BYTES >> 20} MiB"


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadedFile:
    """One file in the download of a class."""

    parts: tuple[str, ...]
    """The names on the way to it, for comparing only: no path is made of them."""
    skipped: str
    """The reason why it may not be read, empty where it may."""
    read: Callable[[], bytes]
    """Raises `SubmissionError` with a reason that lacks the file's name."""

    @property
    def shown(self) -> str:
        """Its path in the download, fit to print."""
        return printable("/".join(self.parts))[:MAX_SHOWN]


@contextmanager
def open_download(path: Path, leave_out: Iterable[Path] = ()) -> Iterator[list[DownloadedFile]]:
    """Open the download of a class; its files can be read until the context ends.

    Raises
    ------
    SubmissionError
        If there is nothing at `path`, it is neither folder nor zip, it is damaged,
        or it holds more than `MAX_FILES` files.
    """
    try:
        is_folder = path.is_dir()
    except OSError as error:  # in a folder that this user may not look into
        raise SubmissionError(not_opened(path, error)) from error
    if is_folder:
        left_out = {folder.resolve() for folder in leave_out}
        yield _without_leftovers(_in_folder(path.resolve(), left_out), path)
        return
    _refuse_no_zip(path)
    try:
        archive = zipfile.ZipFile(path)
    except zip_members.DAMAGED as error:
        raise SubmissionError(
            f"{printable(path)}: the zip archive is damaged. Download it again."
        ) from error
    with archive:
        yield _without_leftovers(_in_zip(archive), path)


def _without_leftovers(files: Iterable[DownloadedFile], path: Path) -> list[DownloadedFile]:
    """Return the files without what operating systems and editors leave behind."""
    remaining: list[DownloadedFile] = []
    for file in files:
        # A student may hand in a hidden file, as .ipynb, but nobody hands in a hidden folder.
        is_work = len(file.parts) == 1 and is_hidden_work(file.parts[0])
        if left_behind(file.parts) and not is_work:
            continue
        remaining.append(file)
        if len(remaining) > MAX_FILES:
            raise SubmissionError(_too_many(path))
    if not remaining:
        raise SubmissionError(f"{printable(path)}: no file in it. Download the submissions again.")
    return remaining


def _too_many(path: Path) -> str:
    return f"{printable(path)}: more than {MAX_FILES} files. Collect one assignment at a time."


def _refuse_no_zip(path: Path) -> None:
    """Refuse what is no zip, and count its members before anything is made of them."""
    try:
        with path.open("rb") as file:
            # Nothing is read from a device, which may have no end.
            if not stat.S_ISREG(path.stat().st_mode) or file.read(2) != b"PK":
                raise SubmissionError(
                    f"{printable(path)}: neither a folder nor a zip archive. "
                    "Unpack it and give the folder."
                )
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                # Twice, because the archives inside have members too.
                if zip_members.has_more_members(data, 2 * MAX_FILES):
                    raise SubmissionError(_too_many(path))
    except OSError as error:
        raise SubmissionError(not_opened(path, error)) from error


def _in_zip(archive: zipfile.ZipFile) -> Iterator[DownloadedFile]:
    for member in zip_members.files_in(archive):
        name = member.filename
        yield DownloadedFile(
            parts=zip_members.path_parts(name) or ("(no name)",),
            skipped=zip_members.leads_out(name) or _unreadable(member),
            read=partial(_from_zip, archive, member),
        )


def _unreadable(member: zipfile.ZipInfo) -> str:
    reason = zip_members.not_a_file(member) or zip_members.cannot_unpack(member)
    return reason or (TOO_LARGE if member.file_size > MAX_BYTES else "")


def _from_zip(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    try:
        data = zip_members.unpacked(archive, member, MAX_BYTES + 1)
    except zip_members.DAMAGED as error:
        raise SubmissionError("damaged in the archive") from error
    if len(data) > MAX_BYTES:
        raise SubmissionError(TOO_LARGE)
    return data


def _in_folder(root: Path, leave_out: set[Path]) -> Iterator[DownloadedFile]:
    """Yield the files below a folder in the order of their names, never through a link."""
    folders: list[tuple[str, ...]] = [()]
    while folders:
        folder = folders.pop()
        try:
            paths = sorted(root.joinpath(*folder).iterdir())
        except OSError as error:
            if not folder:
                raise SubmissionError(not_opened(root, error)) from error
            reason = f"could not be read ({error.strerror})"
            yield DownloadedFile(parts=folder, skipped=reason, read=bytes)
            continue
        for path in paths:
            parts = (*folder, path.name)
            mode, size = _mode_and_size(path)
            if path in leave_out or (left_behind([path.name]) and stat.S_ISDIR(mode)):
                continue
            if stat.S_ISDIR(mode) and len(parts) <= MAX_FOLDERS_DEEP:
                folders.append(parts)
            else:
                yield DownloadedFile(
                    parts=parts,
                    skipped=_why_skipped(mode, size),
                    read=partial(_from_folder, root, parts),
                )


def _mode_and_size(path: Path) -> tuple[int, int]:
    """Return kind and size of what is at a path, not of what a link leads to."""
    try:
        status = path.lstat()
    except OSError:
        return 0, 0  # no regular file, so that it is mentioned and not read
    return status.st_mode, status.st_size


def _why_skipped(mode: int, size: int) -> str:
    if stat.S_ISLNK(mode):
        return zip_members.IS_A_LINK
    if stat.S_ISDIR(mode):
        return "too many folders within folders"
    if not stat.S_ISREG(mode):
        return zip_members.NOT_A_FILE
    return TOO_LARGE if size > MAX_BYTES else ""


def _from_folder(root: Path, parts: tuple[str, ...]) -> bytes:
    try:
        return read_contents(HandIn(id="", file="", root=root, parts=parts))
    except SubmissionError as error:
        # The hand-in has no name here, so that its reason begins with the colon after it.
        raise SubmissionError(str(error).removeprefix(": ")) from error
