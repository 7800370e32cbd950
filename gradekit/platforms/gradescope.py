"""Gradescope's `submission_metadata.yml`: who handed in each submission, and when.

The folders of a Gradescope download have numbers for names, and this file beside them
says whose they are. Most of it is what the last autograder printed, students' output
included, so only the two entries that are needed are read, and they as texts alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from gradekit.core.errors import SubmissionError
from gradekit.platforms.download import DownloadedFile
from gradekit.platforms.roster import Student

METADATA = "submission_metadata.yml"
KEYS = (":submitters", ":created_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionMetadata:
    """What the file says of one submission; a group has several submitters."""

    submitters: tuple[Student, ...] = ()
    created_at: str = ""


def read_metadata(entry: DownloadedFile) -> dict[str, SubmissionMetadata]:
    """Return what the file says of each folder.

    Raises
    ------
    SubmissionError
        If it cannot be read, or is no YAML.
    """
    try:
        text = _without_output(entry.read().decode("utf-8", "replace"))
    except SubmissionError as error:
        raise SubmissionError(f"{entry.shown}: {error}. Download it again.") from error
    try:
        data = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - texts alone: no tag means anything
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise SubmissionError(
            f"{entry.shown}: not readable as YAML. Download the submissions again."
        ) from error
    if not isinstance(data, dict):
        return {}
    return {
        folder: SubmissionMetadata(
            submitters=_students(submission.get(":submitters")),
            created_at=_text(submission.get(":created_at")),
        )
        for folder, submission in data.items()
        if isinstance(submission, dict)
    }


def _without_output(text: str) -> str:
    """Return the lines of the entries in `KEYS`, and of the folders that they belong to."""
    lines, needed = [], False
    # Not splitlines: it also breaks lines where YAML's writer does not, so that a printed
    # line separator would begin a line that names another submitter.
    for line in text.split("\n"):
        if re.match(r"\S", line):
            needed = True
        elif match := re.match(r"  (:\w+):", line):
            needed = match[1] in KEYS
        if needed:
            lines.append(line)
    return "\n".join(lines)


def _students(people: object) -> tuple[Student, ...]:
    """Return the submitters; whoever has no student number is known by e-mail."""
    students = [
        Student(
            id=_text(person.get(":sid")) or _text(person.get(":email")),
            name=_text(person.get(":name")),
        )
        for person in (people if isinstance(people, list) else [])
        if isinstance(person, dict)
    ]
    return tuple(student for student in students if student.id)


def _text(value: object) -> str:
    """Return a text, empty for what would be nothing if it were not read as text."""
    return value.strip() if isinstance(value, str) and value.strip() not in ("~", "null") else ""
