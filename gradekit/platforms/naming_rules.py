"""Whose work is whose in a bulk download: the rules of each learning platform.

A platform tells who handed in what by the names of files and folders, and each
does it in its own way. Students choose parts of these names too, so every rule
reads from the side that the platform writes: the first match from the left, in the
folder nearest to the top, where most names must match. What a student puts behind
or below that decides nothing.

* Canvas: `lastnamefirstname_LATE_userid_uploadid_name.ipynb`; LATE only where it
  was late, in capitals, which names never are. Later uploads have larger numbers.
* Moodle: `Full Name_participant_assignsubmission_file/name.ipynb`, a folder for
  each, or the same with `_` in place of `/` where the teacher chose no folders.
* Gradescope: `submission_123/name.ipynb`, with `submission_metadata.yml` beside
  it, which names the students. A group is one submission of several students.
* nbgrader: `submitted/student/assignment/name.ipynb` and `timestamp.txt` there.
  What lies beside `submitted` is the course's own and was not handed in.
* Otherwise each file and each folder at the top is one student's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import yaml

from gradekit.core.errors import SubmissionError
from gradekit.core.escape import printable
from gradekit.platforms.download import Entry

METADATA = "submission_metadata.yml"
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
class Student:
    """One person, as the platform knows them."""

    id: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One file of one student's or group's work.

    `attempt` is larger for what was handed in later, and equal where the platform
    does not tell; `late` is None where it does not tell either.
    """

    students: tuple[Student, ...]
    file: str
    entry: Entry
    late: bool | None = None
    attempt: int = 0
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """A download sorted by student; `strays` are entries that belong to nobody, and why."""

    platform: str
    pieces: list[Piece] = field(default_factory=list)
    strays: list[tuple[Entry, str]] = field(default_factory=list)


def sort(entries: Sequence[Entry], platform: str = "auto", assignment: str = "") -> Sorted:
    """Return whose each entry is, by the rules of a platform or of the one that fits.

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
    fits, sort_by = PLATFORMS[platform]
    if not fits(entries):
        raise SubmissionError(
            f"most of it, as {entries[0].shown}, is not named as {platform} names downloads. "
            "Give the download as it came, or leave --from out to have it recognised."
        )
    return sort_by(entries, assignment)


def _layer(entries: Sequence[Entry], pattern: re.Pattern[str]) -> int:
    """Return how deep the names that a platform wrote lie, -1 where it wrote none.

    They are the matches nearest to the top. All else must lie in the same folder,
    and most of it must match: one student's names make no platform.
    """
    matches = (
        depth
        for entry in entries
        for depth, part in enumerate(entry.parts)
        if pattern.fullmatch(part)
    )
    depth = min(matches, default=-1)
    if depth < 0 or len({entry.parts[:depth] for entry in entries}) > 1:
        return -1
    names = {entry.parts[depth] for entry in entries} - {METADATA}
    return depth if 2 * sum(1 for name in names if pattern.fullmatch(name)) > len(names) else -1


def _is_canvas(entries: Sequence[Entry]) -> bool:
    """No two uploads have one number; names such as 2026_11_20_ann.ipynb would share it."""
    depth = _layer(entries, CANVAS)
    named = [CANVAS.fullmatch(entry.parts[depth]) for entry in entries] if depth >= 0 else []
    uploads = [match["upload"] for match in named if match and match["upload"]]
    return depth >= 0 and len(uploads) == len(set(uploads))


def _canvas(entries: Sequence[Entry], _: str) -> Sorted:
    found, depth = Sorted(platform="canvas"), _layer(entries, CANVAS)
    for entry in entries:
        match = CANVAS.fullmatch(entry.parts[-1]) if len(entry.parts) == depth + 1 else None
        if not match:
            found.strays.append((entry, "not named as Canvas names submissions"))
            continue
        found.pieces.append(
            Piece(
                students=(Student(id=match["id"], name=match["name"] or ""),),
                file=match["file"] or match["typed"],
                entry=entry,
                late=bool(match["late"]),
                attempt=int(match["upload"][:30]) if match["upload"] else 0,
            )
        )
    return found


def _is_moodle(entries: Sequence[Entry]) -> bool:
    return _layer(entries, MOODLE) >= 0


def _moodle(entries: Sequence[Entry], _: str) -> Sorted:
    found, depth = Sorted(platform="moodle"), _layer(entries, MOODLE)
    for entry in entries:
        match = MOODLE.fullmatch(entry.parts[depth])
        if not match:
            found.strays.append((entry, "not named as Moodle names submissions"))
            continue
        file = "/".join(entry.parts[depth + 1 :]) or match["file"] or entry.parts[depth]
        student = Student(id=match["id"], name=match["name"])
        found.pieces.append(Piece(students=(student,), file=file, entry=entry))
    return found


def _is_gradescope(entries: Sequence[Entry]) -> bool:
    return _layer(entries, GRADESCOPE) >= 0


def _gradescope(entries: Sequence[Entry], _: str) -> Sorted:
    found, depth = Sorted(platform="gradescope"), _layer(entries, GRADESCOPE)
    beside = [entry for entry in entries if entry.parts[depth:] == (METADATA,)]
    known = _metadata(beside[0]) if beside and not beside[0].skipped else {}
    for entry in entries:
        match = GRADESCOPE.fullmatch(entry.parts[depth])
        match = match if len(entry.parts) > depth + 1 else None
        if not match:
            if entry not in beside:
                found.strays.append((entry, "not in the folder of a submission"))
            continue
        about = known.get(entry.parts[depth], {})
        found.pieces.append(
            Piece(
                students=_submitters(about) or (Student(id=match["id"]),),
                file="/".join(entry.parts[depth + 1 :]),
                entry=entry,
                when=_text(about.get(":created_at")),
            )
        )
    return found


def _metadata(entry: Entry) -> dict[str, dict[str, object]]:
    """Return what the metadata says about each submission: who handed it in, and when.

    Most of the file is what the last autograder printed. That is dropped before
    the rest is parsed, as texts alone: no tag in it means anything.
    """
    try:
        lines = entry.read().decode("utf-8", "replace").split("\n")  # as YAML's writer breaks them
    except SubmissionError as error:
        raise SubmissionError(f"{entry.shown}: {error}. Download it again.") from error
    kept, keep = [], False
    for line in lines:
        if re.match(r"\S", line):
            keep = True
        elif match := re.match(r"  (:\w+):", line):
            keep = match[1] in (":submitters", ":created_at")
        if keep:
            kept.append(line)
    try:
        found = yaml.load("\n".join(kept), Loader=yaml.BaseLoader)  # noqa: S506 - texts alone
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise SubmissionError(
            f"{entry.shown}: not readable as YAML. Download the submissions again."
        ) from error
    if not isinstance(found, dict):
        return {}
    return {name: about for name, about in found.items() if isinstance(about, dict)}


def _submitters(about: dict[str, object]) -> tuple[Student, ...]:
    people = about.get(":submitters")
    found = []
    for person in people if isinstance(people, list) else []:
        if isinstance(person, dict):
            id_ = _text(person.get(":sid")) or _text(person.get(":email"))
            found.append(Student(id=id_, name=_text(person.get(":name"))))
    return tuple(student for student in found if student.id)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) and value.strip() not in ("~", "null") else ""


def _nbgrader_top(entries: Sequence[Entry]) -> int:
    """Return how deep the students' folders lie: below `submitted`, else above time stamps."""
    for depth in (0, 1):
        below = [e for e in entries if len(e.parts) > depth + 3 and e.parts[depth] == "submitted"]
        if below and len({entry.parts[:depth] for entry in entries}) == 1:
            return depth + 1
    students = {entry.parts[0] for entry in entries}
    stamped = {e.parts[0] for e in entries if e.parts[2:] == ("timestamp.txt",)}
    return 0 if 2 * len(stamped) > len(students) else -1


def _is_nbgrader(entries: Sequence[Entry]) -> bool:
    return _nbgrader_top(entries) >= 0


def _nbgrader(entries: Sequence[Entry], assignment: str) -> Sorted:
    found, top = Sorted(platform="nbgrader"), _nbgrader_top(entries)
    below = [e for e in entries if not top or e.parts[top - 1 : top] == ("submitted",)]
    inside = [entry for entry in below if len(entry.parts) > top + 2]
    for entry in below:
        if len(entry.parts) <= top + 2:
            found.strays.append((entry, "not in the folder of a submission"))
    chosen = _chosen({entry.parts[top + 1] for entry in inside}, assignment)
    mine = [entry for entry in inside if entry.parts[top + 1] == chosen]
    stamps = {e.parts[top]: _stamp(e) for e in mine if e.parts[top + 2 :] == ("timestamp.txt",)}
    for entry in mine:
        if entry.parts[top + 2 :] != ("timestamp.txt",):
            found.pieces.append(
                Piece(
                    students=(Student(id=entry.parts[top]),),
                    file="/".join(entry.parts[top + 2 :]),
                    entry=entry,
                    when=stamps.get(entry.parts[top], ""),
                )
            )
    return found


def _chosen(assignments: set[str], assignment: str) -> str:
    if assignment in assignments:
        return assignment
    if assignment or len(assignments) > 1:
        shown = printable(", ".join(sorted(assignments)[:10]))
        raise SubmissionError(f"the assignments in it are {shown}. Say which with --assignment.")
    return next(iter(assignments))


def _stamp(entry: Entry) -> str:
    try:
        return "" if entry.skipped else entry.read()[:100].decode("utf-8", "replace").strip()
    except SubmissionError:
        return ""


def _plain(entries: Sequence[Entry], _: str) -> Sorted:
    """Give each file and folder at the top to one student, inside a single wrapping folder."""
    top = 1 if _is_wrapped(entries) else 0
    found = Sorted(platform="plain")
    for entry in entries:
        here = entry.parts[top]
        alone = len(entry.parts) == top + 1
        name = re.sub(r"(?i)\.(ipynb|zip|tar|tar\.gz|tgz)$", "", here) if alone else here
        file = here if alone else "/".join(entry.parts[top + 1 :])
        if alone and re.fullmatch(r"(?is)readme(\..*)?|.*\.toml", here):
            found.strays.append((entry, "counts as the staff's"))
            continue
        found.pieces.append(Piece(students=(Student(id=name or here),), file=file, entry=entry))
    return found


def _is_wrapped(entries: Sequence[Entry]) -> bool:
    """Tell a folder around the class from the folder of an only student: by two notebooks."""
    if len({entry.parts[0] for entry in entries}) > 1 or len(entries[0].parts) == 1:
        return False
    notebooks = {e.parts[1] for e in entries if e.parts[-1].lower().endswith(".ipynb")}
    return len(notebooks) > 1


SortBy = Callable[[Sequence[Entry], str], Sorted]
PLATFORMS: dict[str, tuple[Callable[[Sequence[Entry]], bool], SortBy]] = {
    "gradescope": (_is_gradescope, _gradescope),
    "moodle": (_is_moodle, _moodle),
    "canvas": (_is_canvas, _canvas),
    "nbgrader": (_is_nbgrader, _nbgrader),
    "plain": (bool, _plain),
}
