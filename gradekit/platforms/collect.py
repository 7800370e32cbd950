"""The download of a class becomes a folder to grade: one notebook for each student.

`naming_rules` says whose each file is; this file decides which one counts, and writes
it under a safe name that the roster leads back from. What counts:

* A notebook before an archive, an archive before any other file.
* Of several, the one handed in last, where the platform tells (Canvas numbers its
  uploads). Else numbered copies beside their original, as `hw.ipynb` and
  `hw-1.ipynb`: the highest number. What may not be read is passed over only where
  it was handed in together with what may.
* Else it is not ours to decide: all are written into the student's folder, and
  `gradekit grade` asks which one counts.

What does not count is named in the roster's notes. The folder is made beside its
place and moved there when all is in it, so that a crash leaves the old one or none.
"""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gradekit.core.errors import GraderError, SubmissionError
from gradekit.core.escape import file_names, printable
from gradekit.platforms.download import LEADS_OUT, opened
from gradekit.platforms.naming_rules import Piece, Student, sort
from gradekit.platforms.roster import LATE, NAME, Row, load, text
from gradekit.submission import ARCHIVES, left_behind

MAX_TOTAL = 20 << 30  # bytes written for a class
MAX_LISTED = 20  # files that a note names
COPY = re.compile(r"(?is)(?P<stem>.*?)(?:-(?P<copy>\d{1,9})| ?\((?P<browser>\d{1,9})\))?\.ipynb")

Group = tuple[Student, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What came of a download: the roster, and sentences on what could not be taken."""

    platform: str
    rows: list[Row]
    left: list[str] = field(default_factory=list)

    def summary(self) -> str:
        """Return one line for a person."""
        taken = {row.submission for row in self.rows if row.file}
        late = {row.submission for row in self.rows if row.late == "yes"}
        parts = [f"{len(taken)} submissions"]
        parts += [f"{len(late)} late"] if late else []
        noted = {row.submission for row in self.rows if row.notes}
        parts += [f"{len(noted)} with notes in {NAME}"] if noted else []
        return f"{self.platform}: {', '.join(parts)}"


def collect_download(
    archive: Path, into: Path, *, platform: str = "auto", assignment: str = ""
) -> Collected:
    """Write what counts of each student's work, and the roster, into the folder `into`.

    Raises
    ------
    SubmissionError
        If the download cannot be read, or `into` holds what `collect_download` did not write.
    GraderError
        If the disk refuses.
    """
    into = into.resolve()
    if archive.resolve() == into:
        raise SubmissionError(f"{printable(into)}: cannot be collected into itself.")
    _refuse_others_work(into)
    with opened(archive, leave_out=[into]) as entries:
        inside = [entry for entry in entries if entry.skipped != LEADS_OUT]
        found = sort(inside, platform, assignment)
        with _replaced(into) as folder:
            taken = _Taken(folder)
            theirs: dict[Group, list[Piece]] = {}
            for piece in found.pieces:
                theirs.setdefault(piece.students, []).append(piece)
            for group, name in _names(theirs).items():
                taken.take(group, name, theirs[group])
            _write(folder / NAME, text(taken.rows).encode("utf-8", "backslashreplace"))
        strays = [f"{entry.shown}: {entry.skipped or why}" for entry, why in found.strays]
        strays += [f"{one.shown}: {LEADS_OUT}" for one in entries if one.skipped == LEADS_OUT]
    left = [*taken.left, *_under_one_id(taken.rows), *strays]
    return Collected(platform=found.platform, rows=taken.rows, left=left)


class _Taken:
    """What has been written so far, and the rows that say so."""

    def __init__(self, folder: Path) -> None:
        self.rows: list[Row] = []
        self.left: list[str] = []
        self._folder, self._room = folder, MAX_TOTAL

    def take(self, group: Group, name: str, pieces: Sequence[Piece]) -> None:
        """Write what counts of one group's pieces."""
        counting, notes = _counting(pieces)
        if len(counting) > 1:
            notes.insert(0, f"which one counts? {_listed(counting)}")
        written, troubles = [], []
        for piece, place in zip(counting[:MAX_LISTED], _places(name, counting), strict=False):
            try:
                self._copy(piece, place)
                written.append(piece)
            except SubmissionError as error:
                troubles.append(f"{printable(piece.file)}: {error}")
        self.rows += _rows(group, name, counting[0], written, "; ".join([*troubles, *notes]))
        doubts = notes[:1] if len(counting) > 1 else []
        self.left += [f"{name}: {doubt}" for doubt in (*troubles, *doubts)]

    def _copy(self, piece: Piece, name: str) -> None:
        if piece.entry.skipped:
            raise SubmissionError(piece.entry.skipped)
        data = piece.entry.read()
        if (room := self._room - len(data)) < 0:
            raise SubmissionError(f"the class takes more than {MAX_TOTAL >> 30} GiB")
        self._room = room
        _write(self._folder / name, data)


def _rows(
    group: Group, name: str, counts: Piece, written: Sequence[Piece], notes: str
) -> list[Row]:
    return [
        Row(
            submission=name,
            name=student.name,
            id=student.id,
            late=LATE[counts.late],
            file=_listed(written),
            when=counts.when,
            notes=notes,
        )
        for student in group
    ]


def _under_one_id(rows: Sequence[Row]) -> list[str]:
    """Say where several submissions claim to be the same student's: a name may imitate an id."""
    theirs: dict[str, list[str]] = {}
    for row in rows:
        theirs.setdefault(row.id, []).append(row.submission)
    return [
        f"{printable(id_)}: the id of several submissions, {printable(', '.join(names))}; "
        "no export takes a mark from any of them"
        for id_, names in theirs.items()
        if len(names) > 1
    ]


def _counting(pieces: Sequence[Piece]) -> tuple[list[Piece], list[str]]:
    """Return the piece that counts, or all that might, and notes on the others."""
    notebooks = [piece for piece in pieces if _is(piece, (".ipynb",))]
    candidates = notebooks or [piece for piece in pieces if _is(piece, ARCHIVES)] or list(pieces)
    last = max(piece.attempt for piece in candidates)
    counting = [piece for piece in candidates if piece.attempt == last]
    counting = [piece for piece in counting if not piece.entry.skipped] or counting
    counting = _without_copies(counting)
    count, could = set(map(id, counting)), set(map(id, candidates))
    others = [piece for piece in pieces if id(piece) not in count]
    replaced = [piece for piece in others if id(piece) in could]
    beside = [piece for piece in others if id(piece) not in could]
    return counting, [
        *([f"does not count: {_listed(replaced)}"] if replaced else []),
        *([f"not needed: {_listed(beside)}"] if beside else []),
    ]


def _without_copies(pieces: list[Piece]) -> list[Piece]:
    """Return the highest numbered copy where all are copies of one that has no number."""
    matches = [(COPY.fullmatch(piece.file), piece) for piece in pieces]
    numbers = [
        (match["stem"].casefold(), int(match["copy"] or match["browser"] or 0), piece)
        for match, piece in matches
        if match
    ]
    stems, order = {stem for stem, _, _ in numbers}, [number for _, number, _ in numbers]
    if len(numbers) < len(pieces) or len(stems) > 1 or order.count(0) != 1:
        return pieces
    return [max(numbers, key=lambda one: one[1])[2]]


def _is(piece: Piece, suffixes: tuple[str, ...]) -> bool:
    return piece.file.lower().endswith(suffixes)


def _suffix(piece: Piece) -> str:
    """Return the suffix under which grading takes a file as it is; others go into a folder."""
    return next((end for end in (".ipynb", *reversed(ARCHIVES)) if _is(piece, (end,))), "")


def _places(name: str, pieces: Sequence[Piece]) -> list[str]:
    """Return where each piece goes: one as a file, several into the student's folder."""
    if len(pieces) == 1 and (suffix := _suffix(pieces[0])):
        return [f"{name}{suffix}"]
    places: dict[str, str] = {}
    for number, piece in enumerate(pieces[:MAX_LISTED], 1):
        known = piece.file in places or left_behind([piece.file])
        places[f"{number} {piece.file}" if known else piece.file] = piece.file
    safe = file_names(places)
    ends = {key: re.search(r"\.[A-Za-z0-9]{1,10}$|$", file) for key, file in places.items()}
    kept = {key: "" if safe[key] == key else end[0] for key, end in ends.items() if end}
    return [f"{name}/{safe[key]}{end}" for key, end in kept.items()]


def _names(groups: Iterable[Group]) -> dict[Group, str]:
    """Return the submission's name for each group: its id where that can be a file's name."""
    ids = {group: "-".join(student.id for student in group) for group in groups}
    same = Counter(ids.values())
    keys: dict[str, Group] = {}
    for group, key in ids.items():
        people = ", ".join(student.name for student in group)
        wanted = key if same[key] == 1 and not _awkward(key) else f"student {key} {people}"
        while wanted in keys:
            wanted += " again"
        keys[wanted] = group
    return {keys[key]: name for key, name in file_names(keys).items()}


def _awkward(name: str) -> bool:
    """Tell whether grading would not take a file of this name for a student's."""
    staff = re.fullmatch(r"(?is)(readme|roster)(\..*)?|.*\.(toml|tar)", name)
    return bool(staff) or left_behind([name])


def _listed(pieces: Sequence[Piece]) -> str:
    shown = [printable(piece.file)[:120] for piece in pieces[:MAX_LISTED]]
    more = len(pieces) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _refuse_others_work(into: Path) -> None:
    """Refuse a folder in which anything lies that an earlier `collect_download` did not write."""
    if not os.path.lexists(into):
        return
    try:
        there = {path.name for path in into.iterdir()}
        ours = {row.submission for row in load(into / NAME)} if NAME in there else set()
    except NotADirectoryError as error:
        raise SubmissionError(f"{printable(into)}: a file. Give a folder with --into.") from error
    except OSError as error:
        raise GraderError(f"{printable(into)}: {error.strerror}.") from error
    mine = {f"{name}{end}" for name in ours for end in ("", ".ipynb", *ARCHIVES)} | {NAME}
    if others := sorted(there - mine):
        raise SubmissionError(
            f"{printable(into)}: holds {printable(others[0])}, which `gradekit collect` did not "
            "write. Give a folder that is empty or not there."
        )


@contextmanager
def _replaced(into: Path) -> Iterator[Path]:
    """Give a new folder beside `into`, and put it in its place if all went well."""
    new, old = (into.with_name(f".{into.name}.{os.getpid()}.{end}") for end in ("new", "old"))
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        new.mkdir()
        yield new
        if into.exists():
            into.rename(old)
        new.rename(into)
    except OSError as error:
        raise GraderError(
            f"{printable(into)}: could not be written ({error.strerror}). "
            "Make room or give another folder with --into."
        ) from error
    finally:
        if old.exists() and not into.exists():
            old.rename(into)
        for folder in (new, old):
            shutil.rmtree(folder, ignore_errors=True)


def _write(path: Path, data: bytes) -> None:
    """Write a file that is not there yet, in a folder that is ours."""
    path.parent.mkdir(exist_ok=True)
    with path.open("xb") as file:
        file.write(data)
