"""A stranger's bytes become a checked, size-limited, repaired notebook.

What `find` has read is only bytes until this file has looked at it: a PDF, an
archive, a page that shows a notebook, or a notebook that a merge has damaged.
`parse_submission` ends in a `Submission`, or in a `SubmissionError` that names the file and
the remedy.

Outputs, metadata and attachments are thrown away. Whatever was repaired becomes
a note; nothing is repaired silently but line ends.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from gradekit.core.errors import SubmissionError
from gradekit.core.job import Cell
from gradekit.submission.archive import Inside, notebook_inside
from gradekit.submission.find import HandIn, read_contents
from gradekit.submission.repair import Repairs, clean_cells

MAX_VALUES = 5_000_000  # JSON values in the file, some 70 bytes of memory each

HAND_IN_AGAIN = "Download it again from Jupyter and hand in the new file."
INSIDE = "Unpack it and hand in the notebook inside."
KINDS = (  # how files begin that are handed in under the name of a notebook
    (b"PK\x03\x04", "a zip archive", INSIDE),  # these two in an archive: no other comes here
    (b"\x1f\x8b", "a gzip archive", INSIDE),
    (b"Rar!\x1a\x07", "a rar archive", INSIDE),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", INSIDE),
    (b"BZh", "a bzip2 archive", INSIDE),
    (b"\xfd7zXZ\x00", "an xz archive", INSIDE),
    (b"version https://git-lfs", "a pointer of Git LFS", "Hand in the notebook it points to."),
    (b"{\\rtf", "a text document", "Hand in the notebook (.ipynb)."),
    (b"#", "a script or a text", "Hand in the notebook (.ipynb) itself."),
    (b"%PDF", "a PDF", "Hand in the notebook (.ipynb) it was made from."),
    (b"\x89PNG", "a picture", "Hand in the notebook (.ipynb)."),
    (b"\xff\xd8\xff", "a picture", "Hand in the notebook (.ipynb)."),
    (b"<<<<<<<", "the two sides of a merge", "Settle the conflict and hand in the notebook."),
    (b"<", "a web page", "Save the notebook itself (.ipynb), not the page that shows it."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A notebook fit for the worker: its cells, cleaned of everything but their text."""

    id: str
    file: str
    sha256: str  # of the file as it was handed in
    cells: Sequence[Cell]
    notes: tuple[str, ...] = ()


def parse_submission(data: bytes, handin: HandIn) -> Submission:
    """Return the notebook in `data`, or in the archive it is, with notes on what was repaired.

    Raises
    ------
    SubmissionError
        If `data` is no notebook, holds none or several, or is beyond the limits.
    """
    repairs = Repairs()
    where = handin.file
    try:
        inside = _opened(data, repairs)
        where = f"{where}: {inside.name}" if inside.name else where
        cells = clean_cells(_json(inside.data, repairs), repairs)
    except SubmissionError as error:
        raise SubmissionError(f"{where}: {error}") from error
    return Submission(
        id=handin.id,
        file=handin.file,
        sha256=sha256(data).hexdigest(),
        cells=tuple(cells),
        notes=repairs.notes(),
    )


def _opened(data: bytes, repairs: Repairs) -> Inside:
    """Return the notebook in an archive, noting where it was; else `data` without a name.

    The note lacks the file's name: notes are remembered with the bytes, and
    another student may have handed in the same bytes under a name of their own.
    """
    inside = notebook_inside(data)
    if inside is None:
        return Inside(kind="", name="", data=data)
    repairs.note(f"read from the {inside.kind} archive handed in: {inside.name}")
    for note in inside.notes:
        repairs.note(note)
    return inside


def read_notebook(handin: HandIn) -> Submission:
    """Return the notebook handed in, or raise `SubmissionError` with file and remedy."""
    return parse_submission(read_contents(handin), handin)


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
    # Some editors leave line ends inside texts; what they mean is plain.
    value = json.loads(text, strict=False)
    repairs.note("line ends or control characters inside JSON texts were accepted")
    return value


def _text(data: bytes, repairs: Repairs) -> tuple[str, str]:
    """Return the text and its encoding: UTF-8, UTF-16 or UTF-32, with or without a mark."""
    encoding = json.detect_encoding(data)
    try:
        # Halves of characters are replaced cell by cell, with a note (`repair`).
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
    # An upper bound that is counted in no time; nearly every file is below it.
    if sum(map(text.count, "[{,")) <= MAX_VALUES:
        return
    values = 0
    for token in re.finditer(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[{,]', text, re.DOTALL):
        values += text[token.start()] != '"'
        if values > MAX_VALUES:
            raise SubmissionError(
                f"more than {MAX_VALUES} values in one file. "
                'Choose "Clear Outputs of All Cells" in Jupyter, save, and hand in the new file.'
            )
