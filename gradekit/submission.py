"""A stranger's upload becomes a checked, size-limited, repaired notebook.

What students hand in is only bytes until this file has looked at it: it may be
a picture, a link to somebody's password, a pipe that never ends, or a notebook
that a merge has damaged. So `find` gives a row to every file handed in without
opening one, and `read` opens one file at a time and ends in a `Submission` or
in a `SubmissionError` that names the file and the remedy.

Which files are handed in:

* One file given by name is one submission.
* In a folder, each file and each folder is one submission. A student's folder
  may hold other files, at any depth, but exactly one notebook.
* README files and .toml files beside the submissions belong to the staff; they
  get no row, and `staff_files` lists them.
* Hidden files, .ipynb_checkpoints, __MACOSX, Thumbs.db and desktop.ini are what
  programs leave behind. They are passed over.

Links are never followed. Outputs, metadata and attachments are thrown away.
Whatever was repaired becomes a note; nothing is repaired silently but line ends.
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain, count
from pathlib import Path

from gradekit.cells import Repairs, clean_cells
from gradekit.errors import SubmissionError

MAX_BYTES = 100 << 20  # of the file; outputs make honest notebooks large
MAX_VALUES = 5_000_000  # JSON values in the file, some 70 bytes of memory each
MAX_ENTRIES = 5_000  # files looked at in one student's folder
MAX_DEPTH = 8  # folders within folders

LEFT_BEHIND = {"__macosx", "thumbs.db", "desktop.ini"}
HAND_IN_AGAIN = "Download it again from Jupyter and hand in the new file."
KINDS = (  # how files begin that are handed in under the name of a notebook
    (b"PK\x03\x04", "a zip archive", "Unpack it and hand in the notebook inside."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it and hand in the notebook inside."),
    (b"%PDF", "a PDF", "Hand in the notebook (.ipynb) it was made from."),
    (b"\x89PNG", "a picture", "Hand in the notebook (.ipynb)."),
    (b"<", "a web page", "Save the notebook itself (.ipynb), not the page that shows it."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A notebook fit for the worker: JSON `{"cells": [{"id", "cell_type", "source"}]}`."""

    id: str
    file: str
    sha256: str  # of the file as it was handed in
    notebook: bytes
    notes: tuple[str, ...] = ()


def find(path: Path, leave_out: Iterable[Path] = ()) -> list[HandIn]:
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
    root = path.resolve()
    ours = {folder.resolve() for folder in leave_out}
    try:
        names = [name for name in _names(root) if not _staff(name) and root / name not in ours]
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


def contents(handin: HandIn) -> bytes:
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
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise SubmissionError(f"{handin.file}: {_why_not(error)}") from error
    if len(data) > MAX_BYTES:
        raise SubmissionError(
            f"{handin.file}: larger than {MAX_BYTES >> 20} MiB. "
            'Choose "Clear Outputs of All Cells" in Jupyter, save, and hand in the new file.'
        )
    return data


def parse(data: bytes, handin: HandIn) -> Submission:
    """Return the notebook in `data`, repaired and with notes on what was repaired.

    Raises
    ------
    SubmissionError
        If `data` is no notebook, or one beyond the limits.
    """
    repairs = Repairs()
    try:
        cells = clean_cells(_json(data, repairs), repairs)
    except SubmissionError as error:
        raise SubmissionError(f"{handin.file}: {error}") from error
    return Submission(
        id=handin.id,
        file=handin.file,
        sha256=sha256(data).hexdigest(),
        notebook=json.dumps({"cells": cells}, ensure_ascii=False).encode(),
        notes=repairs.notes(),
    )


def read(handin: HandIn) -> Submission:
    """Return the notebook handed in, or raise `SubmissionError` with file and remedy."""
    return parse(contents(handin), handin)


def printable(name: str | Path) -> str:
    """Return a text in one line: what is no printable character is spelled out."""
    return "".join(_spelled(character) for character in str(name))


def _spelled(character: str) -> str:
    if "\udc80" <= character <= "\udcff":  # a byte of a name that is not UTF-8
        return f"\\x{ord(character) - 0xDC00:02x}"
    hidden = unicodedata.category(character) in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
    return character.encode("unicode_escape").decode() if hidden else character


def _names(folder: Path) -> list[str]:
    """Return what lies in a folder, sorted, without what programs leave behind."""
    names = [path.name for path in folder.iterdir()]
    return sorted(n for n in names if not n.startswith(".") and n.lower() not in LEFT_BEHIND)


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
    trouble = _why_not(OSError(errno.ELOOP, "")) if stat.S_ISLNK(_mode(root / name)) else ""
    return HandIn(id="", file=printable(name), root=root, parts=(name,), trouble=trouble)


def _student_folder(root: Path, name: str) -> HandIn:
    """Return the one notebook in a student's folder, or the reason why there is none."""
    notebooks: list[tuple[str, ...]] = []
    others: list[tuple[str, ...]] = []
    trouble = ""
    try:
        for parts in _files(root, (name,)):
            (notebooks if parts[-1].lower().endswith(".ipynb") else others).append(parts)
    except SubmissionError as error:
        trouble = str(error)
    except OSError as error:
        trouble = _why_not(error)
    if not trouble and len(notebooks) == 1:
        return HandIn(id="", file=_shown(notebooks[0]), root=root, parts=notebooks[0])
    if not trouble and notebooks:
        trouble = f"{_listed(notebooks)}: which one counts? Leave one notebook in the folder."
    elif not trouble and others:
        trouble = f"no notebook here, only {_listed(others)}. Hand in the notebook (.ipynb)."
    trouble = trouble or "an empty folder. Hand in the notebook (.ipynb)."
    return HandIn(id="", file=printable(name) + "/", root=root, parts=(name,), trouble=trouble)


def _files(root: Path, parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the files below a student's folder, nearest first, never through a link."""
    queue, seen = [parts], 0
    while queue:
        here = queue.pop(0)
        for name in _names(root.joinpath(*here)):
            path, seen = root.joinpath(*here, name), seen + 1
            if seen > MAX_ENTRIES or len(here) > MAX_DEPTH:
                raise SubmissionError("too many files to look through. Hand in the notebook only.")
            if stat.S_ISDIR(_mode(path)):
                queue.append((*here, name))
            else:
                yield (*here, name)


def _shown(parts: tuple[str, ...]) -> str:
    return printable("/".join(parts))


def _listed(files: list[tuple[str, ...]]) -> str:
    shown = [printable("/".join(parts[1:]))[:60] for parts in files[:3]]
    more = [f"{len(files) - 3} more"] if len(files) > 3 else []
    return " and ".join([", ".join(shown), *more])


def _named(handins: list[HandIn]) -> list[HandIn]:
    """Give each its id: folder name or file stem; where that is taken, the whole file name."""
    taken: dict[str, HandIn] = {}
    for handin in sorted(handins, key=_rank):
        whole = printable(handin.parts[0])
        stem = whole if _rank(handin) == 0 else Path(whole).stem
        numbered = (f"{whole} ({number})" for number in count(2))
        name = next(name for name in chain((stem, whole), numbered) if name not in taken)
        taken[name] = replace(handin, id=name)
    return [taken[name] for name in sorted(taken)]


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


def _json(data: bytes, repairs: Repairs) -> object:
    """Return the JSON in `data`, or the sentence that says what `data` is instead."""
    if not data.strip(b"\0\t\r\n "):
        raise SubmissionError(f"the file is empty. {HAND_IN_AGAIN}")
    for start, kind, remedy in KINDS:
        if data.lstrip().startswith(start):
            raise SubmissionError(f"the file is {kind}, not a notebook. {remedy}")
    text, encoding = _text(data, repairs)
    text = text.rstrip("\0")  # some disks pad files
    _refuse_too_many_values(text)
    try:
        return _tolerant_json(text, repairs)
    except json.JSONDecodeError as error:
        at = len(text[: error.pos].encode(encoding, errors="surrogatepass"))
        raise SubmissionError(
            f"the file is not a notebook (JSON breaks off at byte {at} of {len(data)}). "
            + HAND_IN_AGAIN
        ) from error
    except (RecursionError, ValueError) as error:
        raise SubmissionError(
            "the file is not a notebook (its JSON is nested too deeply, or holds a number "
            f"of thousands of digits). {HAND_IN_AGAIN}"
        ) from error


def _tolerant_json(text: str, repairs: Repairs) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if not error.msg.startswith("Invalid control character"):
            raise
    value = json.loads(text, strict=False)
    repairs.note("line ends or control characters inside JSON texts were accepted")
    return value


def _text(data: bytes, repairs: Repairs) -> tuple[str, str]:
    """Return the text and its encoding: UTF-8, UTF-16 or UTF-32, with or without a mark."""
    encoding = json.detect_encoding(data)
    try:
        return data.decode(encoding, errors="surrogatepass"), encoding
    except UnicodeDecodeError as error:
        if not encoding.startswith("utf-8"):
            raise SubmissionError(
                f"the file is not a notebook (its {encoding} text breaks off at byte "
                f"{error.start}). {HAND_IN_AGAIN}"
            ) from error
        text = data.decode(encoding, errors="replace")
        where = f"byte {error.start} is not UTF-8"
    if re.search(r"[^\x00-\x7f\ufffd]", text):  # the rest is UTF-8, so a few bytes are damaged
        repairs.note(f"{where}; damaged characters were replaced")
        return text, encoding
    repairs.note(f"{where}; the file was read as Windows-1252 (Latin-1)")
    return data.decode("cp1252", errors="replace"), "utf-8"


def _refuse_too_many_values(text: str) -> None:
    """Stop before parsing would fill the memory: tiny values cost far more there than here."""
    if sum(map(text.count, "[{,")) <= MAX_VALUES:
        return
    values = 0
    for found in re.finditer(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[{,]', text, re.DOTALL):
        values += text[found.start()] != '"'
        if values > MAX_VALUES:
            raise SubmissionError(
                f"more than {MAX_VALUES} values in one file. "
                'Choose "Clear Outputs of All Cells" in Jupyter, save, and hand in the new file.'
            )
