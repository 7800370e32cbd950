"""Whose work is whose in a bulk download: the rules of each learning platform.

A platform tells who handed in what by the names of files and folders, and each
does it in its own way. Students choose parts of these names too, so every rule
reads from the side that the platform writes: the first match from the left, in the
folder nearest to the top, where most names must match. What a student writes behind
or below that decides nothing.

* Canvas: `lastnamefirstname_LATE_userid_uploadid_name.ipynb`; LATE only where it
  was late, in capitals, which names never are. Later uploads have larger numbers.
* Moodle: `Full Name_participant_assignsubmission_file/name.ipynb`, a folder for
  each, or the same with `_` in place of `/` where the teacher chose no folders.
* Gradescope: `submission_123/name.ipynb`, with `submission_metadata.yml` beside
  it, which names the students. A group is one submission of several students.
* nbgrader: `submitted/student/assignment/name.ipynb` and `timestamp.txt` there.
  The folders beside `submitted` are the course's own, its solutions among them: without
  this rule they would be collected as students.
* Otherwise each file and each folder at the top is one student's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from gradekit.core.errors import SubmissionError
from gradekit.core.escape import printable
from gradekit.core.text import listed
from gradekit.platforms.download import DownloadedFile
from gradekit.platforms.gradescope import METADATA, SubmissionMetadata, read_metadata
from gradekit.platforms.roster import Student

MAX_LISTED = 10  # assignments that an error names
NB_SUBMITTED, NB_TIME = "submitted", "timestamp.txt"
MAX_TIME = 100  # bytes of a time stamp
OUTSIDE = "not in the folder of a submission"

# A last name may hold digits, and so may a file: the first "_digits_digits_" decides.
CANVAS = re.compile(
    r"(?:(?P<name>(?!(?:LATE_)?anon_).+?)_)?(?P<late>LATE_)?(?P<id>\d+|anon_[^\W_]+)_"
    r"(?:(?P<upload>\d+)_(?P<file>.+)|(?P<typed>(?:text|link)\.html))",
    re.DOTALL,
)
MOODLE = re.compile(
    r"(?P<name>.*?)_(?P<id>\d+)_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL
)
GRADESCOPE = re.compile(r"submission_(?P<id>\w+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One file that a student or a group handed in."""

    students: tuple[Student, ...]
    file: str
    """Its name, with the folders that the students put it into."""
    entry: DownloadedFile
    late: bool | None = None
    """None where the platform does not tell."""
    attempt: int = 0
    """Larger for what was handed in later, equal where the platform does not tell."""
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SortedDownload:
    """The files of a download, sorted by student."""

    platform: str
    uploads: list[Upload] = field(default_factory=list)
    strays: list[tuple[DownloadedFile, str]] = field(default_factory=list)
    """Files that belong to nobody, each with the reason."""


def sort_by_student(
    entries: Sequence[DownloadedFile], platform: str = "auto", assignment: str = ""
) -> SortedDownload:
    """Return whose each file is, by the rules of a platform or of the first that fits.

    Raises
    ------
    SubmissionError
        If nothing in the download follows the rules of the platform, or an nbgrader
        tree holds several assignments and `assignment` names none of them.
    """
    if not entries:
        raise SubmissionError("no file in it that may be read. Download the submissions again.")
    if platform == "auto":
        platform = next(name for name, (fits, _) in PLATFORMS.items() if fits(entries))
    fits, sort = PLATFORMS[platform]
    if not fits(entries):
        raise SubmissionError(
            f"most files in it, as {entries[0].shown}, are not named as {platform} names "
            "downloads. Give the download as it came, or leave --from out to have it recognised."
        )
    return sort(entries, assignment)


def _depth(entries: Sequence[DownloadedFile], pattern: re.Pattern[str]) -> int:
    """Return how deep the names that a platform wrote are, -1 where it wrote none.

    They are the matches nearest to the top. All other files must be in the same folder,
    and most of their names must match: one student's names make no platform.
    """
    depths = (
        depth
        for entry in entries
        for depth, part in enumerate(entry.parts)
        if pattern.fullmatch(part)
    )
    depth = min(depths, default=-1)
    if depth < 0 or len({entry.parts[:depth] for entry in entries}) > 1:
        return -1
    names = {entry.parts[depth] for entry in entries} - {METADATA}
    matching = sum(1 for name in names if pattern.fullmatch(name))
    return depth if 2 * matching > len(names) else -1


def _is_canvas(entries: Sequence[DownloadedFile]) -> bool:
    """Tell whether these are uploads to Canvas, no two of which have one number.

    Students who name files by date, as 2026_11_20_ann.ipynb, would share the number 20.
    """
    depth = _depth(entries, CANVAS)
    if depth < 0:
        return False
    matches = [CANVAS.fullmatch(entry.parts[depth]) for entry in entries]
    numbers = [match["upload"] for match in matches if match and match["upload"]]
    return len(numbers) == len(set(numbers))


def _sort_canvas(entries: Sequence[DownloadedFile], _: str) -> SortedDownload:
    download, depth = SortedDownload(platform="canvas"), _depth(entries, CANVAS)
    for entry in entries:
        match = CANVAS.fullmatch(entry.parts[-1]) if len(entry.parts) == depth + 1 else None
        if not match:
            download.strays.append((entry, "not named as Canvas names submissions"))
            continue
        download.uploads.append(
            Upload(
                students=(Student(id=match["id"], name=match["name"] or ""),),
                file=match["file"] or match["typed"],
                entry=entry,
                late=bool(match["late"]),
                # Cut, because int raises ValueError for thousands of digits.
                attempt=int(match["upload"][:30]) if match["upload"] else 0,
            )
        )
    return download


def _is_moodle(entries: Sequence[DownloadedFile]) -> bool:
    return _depth(entries, MOODLE) >= 0


def _sort_moodle(entries: Sequence[DownloadedFile], _: str) -> SortedDownload:
    download, depth = SortedDownload(platform="moodle"), _depth(entries, MOODLE)
    for entry in entries:
        match = MOODLE.fullmatch(entry.parts[depth])
        if not match:
            download.strays.append((entry, "not named as Moodle names submissions"))
            continue
        # A text that was typed into the page has a name by the platform alone.
        file = "/".join(entry.parts[depth + 1 :]) or match["file"] or entry.parts[depth]
        student = Student(id=match["id"], name=match["name"])
        download.uploads.append(Upload(students=(student,), file=file, entry=entry))
    return download


def _is_gradescope(entries: Sequence[DownloadedFile]) -> bool:
    return _depth(entries, GRADESCOPE) >= 0


def _sort_gradescope(entries: Sequence[DownloadedFile], _: str) -> SortedDownload:
    download, depth = SortedDownload(platform="gradescope"), _depth(entries, GRADESCOPE)
    # A student's own file of this name lies deeper, so it is an upload like any other.
    metadata = [entry for entry in entries if entry.parts[depth:] == (METADATA,)]
    submissions = read_metadata(metadata[0]) if metadata and not metadata[0].skipped else {}
    for entry in entries:
        folder, *path = entry.parts[depth:]
        match = GRADESCOPE.fullmatch(folder)
        if not match or not path:
            if entry not in metadata:
                download.strays.append((entry, OUTSIDE))
            continue
        submission = submissions.get(folder, SubmissionMetadata())
        download.uploads.append(
            Upload(
                students=submission.submitters or (Student(id=match["id"]),),
                file="/".join(path),
                entry=entry,
                when=submission.created_at,
            )
        )
    return download


def _nbgrader_depth(entries: Sequence[DownloadedFile]) -> int:
    """Return how deep the students' folders are: below `submitted`, else above time stamps."""
    for depth in (0, 1):  # the course itself, or one folder around it
        submitted = [
            entry
            for entry in entries
            if len(entry.parts) > depth + 3 and entry.parts[depth] == NB_SUBMITTED
        ]
        if submitted and len({entry.parts[:depth] for entry in entries}) == 1:
            return depth + 1
    students = {entry.parts[0] for entry in entries}
    stamped = {entry.parts[0] for entry in entries if entry.parts[2:] == (NB_TIME,)}
    return 0 if 2 * len(stamped) > len(students) else -1


def _is_nbgrader(entries: Sequence[DownloadedFile]) -> bool:
    return _nbgrader_depth(entries) >= 0


def _sort_nbgrader(entries: Sequence[DownloadedFile], assignment: str) -> SortedDownload:
    download, depth = SortedDownload(platform="nbgrader"), _nbgrader_depth(entries)
    submitted = [
        entry for entry in entries if not depth or entry.parts[depth - 1 : depth] == (NB_SUBMITTED,)
    ]
    in_folders = [entry for entry in submitted if len(entry.parts) > depth + 2]
    download.strays.extend((entry, OUTSIDE) for entry in submitted if len(entry.parts) <= depth + 2)
    assignment = _assignment({entry.parts[depth + 1] for entry in in_folders}, assignment)
    of_assignment = [entry for entry in in_folders if entry.parts[depth + 1] == assignment]
    times = {
        entry.parts[depth]: _time_stamp(entry)
        for entry in of_assignment
        if entry.parts[depth + 2 :] == (NB_TIME,)
    }
    for entry in of_assignment:
        if entry.parts[depth + 2 :] != (NB_TIME,):
            download.uploads.append(
                Upload(
                    students=(Student(id=entry.parts[depth]),),
                    file="/".join(entry.parts[depth + 2 :]),
                    entry=entry,
                    when=times.get(entry.parts[depth], ""),
                )
            )
    return download


def _assignment(assignments: set[str], assignment: str) -> str:
    """Return the assignment to collect: the named one, or the only one."""
    if assignment in assignments:
        return assignment
    if assignment or len(assignments) > 1:
        names = printable(listed(sorted(assignments), MAX_LISTED))
        raise SubmissionError(f"the assignments in it are {names}. Say which with --assignment.")
    return next(iter(assignments))


def _time_stamp(entry: DownloadedFile) -> str:
    """Return the time at which somebody handed in, empty where it cannot be read."""
    try:
        content = b"" if entry.skipped else entry.read()
    except SubmissionError:
        return ""
    return content[:MAX_TIME].decode("utf-8", "replace").strip()


def _sort_plain(entries: Sequence[DownloadedFile], _: str) -> SortedDownload:
    """Give each file and folder at the top to one student, inside a single wrapping folder."""
    depth = 1 if _is_wrapped(entries) else 0
    download = SortedDownload(platform="plain")
    for entry in entries:
        name, *path = entry.parts[depth:]
        if not path and re.fullmatch(r"(?is)readme(\..*)?|.*\.toml", name):
            download.strays.append((entry, "not a student submission"))
            continue
        stem = name if path else re.sub(r"(?i)\.(ipynb|zip|tar|tar\.gz|tgz)$", "", name)
        student = Student(id=stem or name)  # a file may be called ".ipynb"
        upload = Upload(students=(student,), file="/".join(path) or name, entry=entry)
        download.uploads.append(upload)
    return download


def _is_wrapped(entries: Sequence[DownloadedFile]) -> bool:
    """Tell a folder around the class from the folder of an only student: by two notebooks."""
    if len({entry.parts[0] for entry in entries}) > 1 or len(entries[0].parts) == 1:
        return False
    notebooks = {entry.parts[1] for entry in entries if entry.parts[-1].lower().endswith(".ipynb")}
    return len(notebooks) > 1


Fits = Callable[[Sequence[DownloadedFile]], bool]
Sort = Callable[[Sequence[DownloadedFile], str], SortedDownload]
# In this order: the names of the first are the most particular, those of the last fit all.
PLATFORMS: dict[str, tuple[Fits, Sort]] = {
    "gradescope": (_is_gradescope, _sort_gradescope),
    "moodle": (_is_moodle, _sort_moodle),
    "canvas": (_is_canvas, _sort_canvas),
    "nbgrader": (_is_nbgrader, _sort_nbgrader),
    "plain": (bool, _sort_plain),
}
