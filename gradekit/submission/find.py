"""Find what was handed in: a row for every file, and safe ways to name and open it.

What lies in a folder of submissions may be a picture, a link to somebody's
password, a pipe that never ends, or a name full of escapes. So `find_hand_ins` gives a row
to everything handed in without opening it, and `read_contents` opens one file at a
time, without following a link, and reads it up to a limit.

Which files are handed in:

* One file given by name is one submission.
* In a folder, each file and each folder is one submission. A student's folder
  may hold other files, at any depth, but exactly one notebook. Where it holds
  none, its only archive counts, or its only file.
* README files and .toml files beside the submissions belong to the staff; they
  get no row, and `staff_files` lists them.
* Hidden files, .ipynb_checkpoints, __MACOSX, Thumbs.db and desktop.ini are what
  programs leave behind. They are passed over, but for hidden notebooks beside the
  submissions: those are work under an unlucky name.

Links are never followed.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from itertools import chain, count
from pathlib import Path

from gradekit.core.errors import SubmissionError
from gradekit.core.escape import printable
from gradekit.core.text import listed

MAX_BYTES = 100 << 20  # of the file; outputs make honest notebooks large
MAX_ENTRIES = 5_000  # files looked at in one student's folder, or in an archive
MAX_DEPTH = 8  # folders within folders

LEFT_BEHIND = {"__macosx", "thumbs.db", "desktop.ini"}
ARCHIVES = (".zip", ".tar", ".tar.gz", ".tgz")
HIDDEN_WORK = re.compile(
    r"(?is)\.{3,}|\.ipynb|\.[^_~#].*\.ipynb"
)  # not ._x of macOS, .~x of Jupyter


@dataclass(frozen=True, kw_only=True)  # no slots: the digest is cached
class HandIn:
    """One file handed in, not opened yet.

    `id` and `file` are safe to print. `parts` are the true names below `root`;
    they are used to open the file and for nothing else. `trouble` is the reason
    why it cannot be read, where that could be seen without opening it.
    """

    id: str
    file: str
    root: Path
    parts: tuple[str, ...]
    trouble: str = ""

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the contents, which are read for it only once.

        Raises
        ------
        SubmissionError
            As `read_contents` does, and again each time.
        """
        return sha256(read_contents(self)).hexdigest()


def find_hand_ins(path: Path, leave_out: Iterable[Path] = ()) -> list[HandIn]:
    """Return what was handed in at `path`, sorted by id; `leave_out` names our own folders.

    Raises
    ------
    SubmissionError
        If there is nothing at `path`, or nothing that was handed in.
    """
    if not os.path.lexists(path):
        raise SubmissionError(f"{printable(path)}: there is no such file or folder.")
    if not path.is_dir():
        return _named([_one_file(path.absolute().parent.resolve(), path.name)])
    # The folder itself may be a link: whoever grades named it, and no student did.
    root = path.resolve()
    own_folders = {folder.resolve() for folder in leave_out}
    try:
        names = [name for name in _handed_in(root) if root / name not in own_folders]
    except OSError as error:
        raise SubmissionError(f"{printable(path)}: {_why_not(error)}") from error
    if not names:
        raise SubmissionError(
            f"{printable(path)}: nothing was handed in. "
            "Give a notebook, a folder of notebooks, or a folder with a folder for each student."
        )
    return _named([_entry(root, name) for name in names])


def staff_files(path: Path) -> list[str]:
    """Return the files beside the submissions that count as the staff's, fit to print."""
    return [printable(name) for name in _names(path) if _staff(name)] if path.is_dir() else []


def read_contents(handin: HandIn) -> bytes:
    """Return the bytes handed in.

    Raises
    ------
    SubmissionError
        If it is no regular file, is larger than `MAX_BYTES`, or cannot be opened.
    """
    if handin.trouble:
        raise SubmissionError(f"{handin.file}: {handin.trouble}")
    try:
        with open(_open_below(handin.root, handin.parts), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise SubmissionError(f"{handin.file}: not a regular file. Hand in a notebook.")
            # One byte more than allowed: a size that is asked for first may be another one by
            # then.
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SubmissionError(f"{handin.file}: {_why_not(error)}") from error
    if len(data) > MAX_BYTES:
        raise SubmissionError(
            f"{handin.file}: larger than {MAX_BYTES >> 20} MiB. "
            'Choose "Clear Outputs of All Cells" in Jupyter, save, and hand in the new file.'
        )
    return data


def left_behind(parts: Iterable[str]) -> bool:
    """Return whether a path is one of those that programs leave behind unasked."""
    # Hidden names, but neither "." nor "..".
    return any(part.lower() in LEFT_BEHIND or re.match(r"\.(?!\.?$)", part) for part in parts)


def is_hidden_work(name: str) -> bool:
    """Return whether a hidden file is a notebook all the same, under an unlucky name."""
    return bool(HIDDEN_WORK.fullmatch(name))


def _names(folder: Path) -> list[str]:
    """Return what lies in a folder, sorted, without what programs leave behind."""
    return sorted(name for path in folder.iterdir() if not left_behind([name := path.name]))


def _handed_in(root: Path) -> list[str]:
    """Return the names that get a row. No program hides a notebook, so a hidden one counts."""
    hidden = {path.name for path in root.iterdir() if is_hidden_work(path.name)}
    return sorted({*(name for name in _names(root) if not _staff(name)), *hidden})


def _mode(path: Path) -> int:
    """Return the kind and rights of what lies there, 0 where we may not look."""
    try:
        return path.lstat().st_mode
    except OSError:
        return 0


def _staff(name: str) -> bool:
    return bool(re.fullmatch(r"(?is)readme(\..*)?|.*\.toml", name))


def _entry(root: Path, name: str) -> HandIn:
    if stat.S_ISDIR(_mode(root / name)):
        return _student_folder(root, name)
    return _one_file(root, name)


def _one_file(root: Path, name: str) -> HandIn:
    # Said here, so that the row has its reason before anything is opened.
    trouble = _why_not(OSError(errno.ELOOP, "")) if stat.S_ISLNK(_mode(root / name)) else ""
    return HandIn(id="", file=printable(name), root=root, parts=(name,), trouble=trouble)


def _student_folder(root: Path, name: str) -> HandIn:
    """Return the one file that counts in a student's folder, or why there is none."""
    try:
        parts = _counting(list(_files(root, (name,))))
    except SubmissionError as error:
        trouble = str(error)
    except OSError as error:
        trouble = _why_not(error)
    else:
        return HandIn(id="", file=_shown(parts), root=root, parts=parts)
    return HandIn(id="", file=printable(name) + "/", root=root, parts=(name,), trouble=trouble)


def _counting(files: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the only notebook, where there is none the only archive, else the only file."""
    notebooks = [parts for parts in files if parts[-1].lower().endswith(".ipynb")]
    archives = [parts for parts in files if parts[-1].lower().endswith(ARCHIVES)]
    candidates = notebooks or archives or files
    if len(candidates) == 1:
        return candidates[0]
    if notebooks:
        raise SubmissionError(
            f"{_names_of(candidates)}: which one counts? Leave one notebook in the folder."
        )
    if archives:
        raise SubmissionError(
            f"{_names_of(candidates)}: which one counts? "
            "Leave one archive or one notebook in the folder."
        )
    if files:
        raise SubmissionError(
            f"no notebook here, only {_names_of(files)}. Hand in the notebook (.ipynb)."
        )
    raise SubmissionError("an empty folder. Hand in the notebook (.ipynb).")


def _files(root: Path, parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the files below a student's folder, nearest first, never through a link."""
    queue, entries = [parts], 0
    while queue:
        folder = queue.pop(0)
        for name in _names(root.joinpath(*folder)):
            path, entries = root.joinpath(*folder, name), entries + 1
            if entries > MAX_ENTRIES or len(folder) > MAX_DEPTH:
                raise SubmissionError("too many files to look through. Hand in the notebook only.")
            if stat.S_ISDIR(_mode(path)):
                queue.append((*folder, name))
            else:
                yield (*folder, name)


def _shown(parts: tuple[str, ...]) -> str:
    return printable("/".join(parts))


def _names_of(files: list[tuple[str, ...]]) -> str:
    return listed([printable("/".join(parts[1:]))[:60] for parts in files], 3)


def _named(handins: list[HandIn]) -> list[HandIn]:
    """Give each its id: folder name or file stem; where that is taken, the whole file name."""
    by_id: dict[str, HandIn] = {}
    for handin in sorted(handins, key=_rank):
        full_name = printable(handin.parts[0])
        stem = full_name if _rank(handin) == 0 else Path(full_name).stem.removesuffix(".tar")
        numbered = (f"{full_name} ({number})" for number in count(2))
        name = next(name for name in chain((stem, full_name), numbered) if name not in by_id)
        by_id[name] = replace(handin, id=name)
    return [by_id[name] for name in sorted(by_id)]


def _rank(handin: HandIn) -> int:
    """Order folders before notebooks before the rest, so that a stray file renames no other."""
    if len(handin.parts) > 1 or handin.file.endswith("/"):
        return 0
    return 1 if handin.parts[-1].endswith(".ipynb") else 2


def _open_below(root: Path, parts: tuple[str, ...]) -> int:
    """Open a file without following a link on the way, nor waiting for a pipe's other end."""
    flags = os.O_RDONLY | os.O_CLOEXEC
    folder = os.open(root, flags | os.O_DIRECTORY)
    try:
        for part in parts[:-1]:
            inner = os.open(part, flags | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = inner
        # NONBLOCK: a pipe would wait for its other end. NOCTTY: a terminal must not become ours.
        last = flags | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
        return os.open(parts[-1], last, dir_fd=folder)
    finally:
        os.close(folder)


def _why_not(error: OSError) -> str:
    if error.errno == errno.ELOOP:
        return "a link, and links are not followed. Hand in the file itself."
    if error.errno in (errno.ENXIO, errno.ENODEV, errno.EISDIR):
        return "not a regular file. Hand in a notebook."
    return (
        f"could not be opened ({error.strerror}). Check the file's permissions, or copy it again."
    )
