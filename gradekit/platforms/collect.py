"""The download of a class becomes a folder to grade: one notebook for each student.

`naming_rules` says whose each file is; this module decides which one counts, and writes
it under a safe name that the roster leads back from. What counts:

* A notebook before an archive, an archive before any other file.
* Of several, the one handed in last, where the platform tells (Canvas numbers its
  uploads). Else numbered copies beside their original, as `hw.ipynb` and
  `hw-1.ipynb`: the highest number. A file that cannot be read is passed over only where
  it was handed in together with one that can.
* Else a person has to decide: all are written into the student's folder, and
  `gradekit grade` asks which one counts.

The roster's notes name what does not count. The folder is made beside its place and
moved there when it is complete, so that a crash leaves the old one or none.
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
from gradekit.core.files import not_opened, not_written
from gradekit.core.text import listed
from gradekit.platforms.download import LEADS_OUT, open_download
from gradekit.platforms.naming_rules import Upload, sort_by_student
from gradekit.platforms.roster import LATE, ROSTER, RosterRow, Student, load_roster, roster_csv
from gradekit.submission import ARCHIVES, left_behind

NOTEBOOK = ".ipynb"
MAX_TOTAL = 20 << 30  # bytes written for a class
MAX_LISTED = 20  # files that a note names
MAX_NAME = 120  # characters of a file's name in a note
NUMBERED_COPY = re.compile(
    r"(?is)(?P<stem>.*?)(?:-(?P<copy>\d{1,9})| ?\((?P<browser>\d{1,9})\))?\.ipynb"
)
# Names that `gradekit grade` takes for the staff's, or for no submission.
STAFF_FILES = re.compile(r"(?is)(readme|roster)(\..*)?|.*\.(toml|tar)")

Group = tuple[Student, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectedClass:
    """What was collected of a download."""

    platform: str
    rows: list[RosterRow]
    problems: list[str] = field(default_factory=list)
    """A sentence for each file that could not be collected, or that a person must look at."""

    def summary(self) -> str:
        """Return one line for a person."""
        collected = {row.submission for row in self.rows if row.file}
        late = {row.submission for row in self.rows if row.late == LATE[True]}
        with_notes = {row.submission for row in self.rows if row.notes}
        parts = [f"{len(collected)} submissions"]
        parts += [f"{len(late)} late"] if late else []
        parts += [f"{len(with_notes)} with notes in {ROSTER}"] if with_notes else []
        return f"{self.platform}: {', '.join(parts)}"


def collect_download(
    archive: Path, into: Path, *, platform: str = "auto", assignment: str = ""
) -> CollectedClass:
    """Write what counts of each student's work, and the roster, into the folder `into`.

    Raises
    ------
    SubmissionError
        If the download cannot be read, or `into` holds what `collect_download` did not write.
    GraderError
        If `into` cannot be read or written.
    """
    # A link is followed here, once: its folder is replaced, and the link stays.
    into = into.resolve()
    if archive.resolve() == into:
        raise SubmissionError(f"{printable(into)}: cannot be collected into itself.")
    _refuse_foreign_files(into)
    with open_download(archive, leave_out=[into]) as entries:
        # Where a path leads out, even its folders say nothing about whose the file is.
        leading_out = [entry for entry in entries if entry.skipped == LEADS_OUT]
        inside = [entry for entry in entries if entry.skipped != LEADS_OUT]
        download = sort_by_student(inside, platform, assignment)
        with _replaced(into) as folder:
            writer = _ClassWriter(folder)
            uploads: dict[Group, list[Upload]] = {}
            for upload in download.uploads:
                uploads.setdefault(upload.students, []).append(upload)
            for group, name in _submission_names(uploads).items():
                writer.write(group, name, uploads[group])
            _write(folder / ROSTER, roster_csv(writer.rows))
    strays = [f"{entry.shown}: {entry.skipped or reason}" for entry, reason in download.strays]
    strays += [f"{entry.shown}: {LEADS_OUT}" for entry in leading_out]
    problems = [*writer.problems, *_shared_ids(writer.rows), *strays]
    return CollectedClass(platform=download.platform, rows=writer.rows, problems=problems)


class _ClassWriter:
    """Writes submissions into a folder, and keeps their rows and problems."""

    def __init__(self, folder: Path) -> None:
        self.rows: list[RosterRow] = []
        self.problems: list[str] = []
        self._folder, self._bytes_left = folder, MAX_TOTAL

    def write(self, group: Group, name: str, uploads: Sequence[Upload]) -> None:
        """Write what counts of one group's uploads."""
        counting, notes = _counting(uploads)
        if len(counting) > 1:
            notes.insert(0, f"which one counts? {_file_list(counting)}")
        written, failures = [], []
        for upload, path in zip(counting[:MAX_LISTED], _paths(name, counting), strict=False):
            try:
                self._copy(upload, path)
                written.append(upload)
            except SubmissionError as error:
                failures.append(f"{printable(upload.file)}: {error}")
        self.rows += [
            RosterRow(
                submission=name,
                name=student.name,
                id=student.id,
                late=LATE[counting[0].late],
                file=_file_list(written),
                when=counting[0].when,
                notes="; ".join([*failures, *notes]),
            )
            for student in group
        ]
        # Notes are for the roster, but a question must be answered before grading.
        questions = notes[:1] if len(counting) > 1 else []
        self.problems += [f"{name}: {problem}" for problem in (*failures, *questions)]

    def _copy(self, upload: Upload, path: str) -> None:
        if upload.entry.skipped:
            raise SubmissionError(upload.entry.skipped)
        content = upload.entry.read()
        if len(content) > self._bytes_left:
            raise SubmissionError(f"the class takes more than {MAX_TOTAL >> 30} GiB")
        self._bytes_left -= len(content)
        _write(self._folder / path, content)


def _shared_ids(rows: Sequence[RosterRow]) -> list[str]:
    """Return a sentence for each id of several submissions: a name may imitate an id."""
    submissions: dict[str, list[str]] = {}
    for row in rows:
        submissions.setdefault(row.id, []).append(row.submission)
    return [
        f"{printable(id_)}: the id of several submissions, {printable(', '.join(names))}; "
        "none of them gets a grade in an export"
        for id_, names in submissions.items()
        if len(names) > 1
    ]


def _counting(uploads: Sequence[Upload]) -> tuple[list[Upload], list[str]]:
    """Return the upload that counts, or all that may count, and notes on the others."""
    notebooks = [upload for upload in uploads if _has_suffix(upload, (NOTEBOOK,))]
    archives = [upload for upload in uploads if _has_suffix(upload, ARCHIVES)]
    candidates = notebooks or archives or list(uploads)
    last_attempt = max(upload.attempt for upload in candidates)
    counting = [upload for upload in candidates if upload.attempt == last_attempt]
    # A file that cannot be read is never replaced by one of an earlier attempt: grading
    # what the student meant to replace would be wrong, and nobody would notice.
    counting = [upload for upload in counting if not upload.entry.skipped] or counting
    counting = _highest_copy(counting)
    # By identity: one student may hand in two files with equal names.
    counting_ids, candidate_ids = set(map(id, counting)), set(map(id, candidates))
    replaced = [u for u in candidates if id(u) not in counting_ids]
    not_needed = [u for u in uploads if id(u) not in candidate_ids]
    return counting, [
        *([f"does not count: {_file_list(replaced)}"] if replaced else []),
        *([f"not needed: {_file_list(not_needed)}"] if not_needed else []),
    ]


def _highest_copy(uploads: list[Upload]) -> list[Upload]:
    """Return the highest numbered copy where all are copies of one that has no number.

    Without that original, hw-1 and hw-2 may be two parts of one exercise.
    """
    matches = [NUMBERED_COPY.fullmatch(upload.file) for upload in uploads]
    stems = {match["stem"].casefold() if match else "" for match in matches}
    numbers = [int(match["copy"] or match["browser"] or 0) if match else 0 for match in matches]
    if not all(matches) or len(stems) > 1 or numbers.count(0) != 1:
        return uploads
    return [uploads[numbers.index(max(numbers))]]


def _has_suffix(upload: Upload, suffixes: tuple[str, ...]) -> bool:
    return upload.file.lower().endswith(suffixes)


def _suffix(upload: Upload) -> str:
    """Return the suffix under which grading takes a file alone; others go into a folder."""
    suffixes = (NOTEBOOK, *ARCHIVES)
    return next((suffix for suffix in suffixes if _has_suffix(upload, (suffix,))), "")


def _paths(name: str, uploads: Sequence[Upload]) -> list[str]:
    """Return the path of each upload: one as a file, several in the student's folder."""
    if len(uploads) == 1 and (suffix := _suffix(uploads[0])):
        return [f"{name}{suffix}"]
    files: dict[str, str] = {}
    for number, upload in enumerate(uploads[:MAX_LISTED], 1):
        # A number makes equal names different, and keeps grading from passing over a file.
        numbered = upload.file in files or left_behind([upload.file])
        files[f"{number} {upload.file}" if numbered else upload.file] = upload.file
    paths = []
    for key, safe_name in file_names(files).items():
        # A name that was replaced by a safe one lost its suffix with the rest.
        end = re.search(r"\.[A-Za-z0-9]{1,10}$", files[key]) if safe_name != key else None
        ending = end[0] if end else ""
        paths.append(f"{name}/{safe_name}{ending}")
    return paths


def _submission_names(groups: Iterable[Group]) -> dict[Group, str]:
    """Return the submission's name for each group: its id where that can be a file's name."""
    ids = {group: "-".join(student.id for student in group) for group in groups}
    counts = Counter(ids.values())
    groups_by_name: dict[str, Group] = {}
    for group, id_ in ids.items():
        people = ", ".join(student.name for student in group)
        # Where two groups claim one id, both are told apart by their people.
        name = id_ if counts[id_] == 1 and not _is_awkward(id_) else f"student {id_} {people}"
        while name in groups_by_name:
            name += " again"
        groups_by_name[name] = group
    return {groups_by_name[name]: safe for name, safe in file_names(groups_by_name).items()}


def _is_awkward(name: str) -> bool:
    """Tell whether grading would not take a file of this name for a student's."""
    return bool(STAFF_FILES.fullmatch(name)) or left_behind([name])


def _file_list(uploads: Sequence[Upload]) -> str:
    return listed([printable(upload.file)[:MAX_NAME] for upload in uploads], MAX_LISTED)


def _refuse_foreign_files(into: Path) -> None:
    """Refuse a folder that holds anything which an earlier `collect_download` did not write."""
    if not os.path.lexists(into):
        return
    try:
        names = {path.name for path in into.iterdir()}
    except NotADirectoryError as error:
        raise SubmissionError(f"{printable(into)}: a file. Give a folder with --into.") from error
    except OSError as error:
        raise GraderError(not_opened(into, error)) from error
    submissions = {row.submission for row in load_roster(into / ROSTER)} if ROSTER in names else ()
    collected = {f"{name}{suffix}" for name in submissions for suffix in ("", NOTEBOOK, *ARCHIVES)}
    if foreign := sorted(names - collected - {ROSTER}):
        raise SubmissionError(
            f"{printable(into)}: holds {printable(foreign[0])}, which `gradekit collect` did not "
            "write. Give a folder that is empty or not there."
        )


@contextmanager
def _replaced(into: Path) -> Iterator[Path]:
    """Give a new folder beside `into`, and move it there if all went well."""
    new, old = (into.with_name(f".{into.name}.{os.getpid()}.{end}") for end in ("new", "old"))
    moved_away = False
    try:
        into.parent.mkdir(parents=True, exist_ok=True)
        new.mkdir()
        yield new
        # A folder with files in it cannot be replaced in one step, so a crash right here
        # leaves the old one beside its place.
        if into.exists():
            into.rename(old)
            moved_away = True
        new.rename(into)
    except OSError as error:
        raise GraderError(not_written(into, error)) from error
    finally:
        if moved_away and not into.exists():
            old.rename(into)
        # Whatever cannot be removed is hidden, and has our process in its name.
        for folder in (new, old):
            shutil.rmtree(folder, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, in a folder that nobody reads yet.

    Nothing is replaced here, on purpose: two students' work must never meet in one file.
    """
    path.parent.mkdir(exist_ok=True)
    with path.open("xb") as file:
        file.write(content)
