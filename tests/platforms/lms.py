"""Learning platforms as their rules describe them: what they let download and take back.

Nothing here comes from gradekit. The archives are made, and the uploads parsed, as
the published sources of Canvas (content_zipper, gradebook_exporter and
gradebook_importer) and Moodle (assign's downloader, grading table and offline
importer) do it, and as Gradescope's and nbgrader's manuals say.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import yaml


@dataclass(frozen=True)
class Person:
    """A student; `upload` numbers what they handed in, 0 where that is nothing."""

    id: int
    first: str
    last: str
    upload: int = 0
    late: bool = False

    @property
    def full(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def sortable(self) -> str:
        return f"{self.last}, {self.first}"


CLASS = [
    Person(101, "Alice", "Ångström", upload=9001),
    Person(102, "Bo", "d'Arcy-Li", upload=9002, late=True),
    Person(103, "Chen", "Wei_7", upload=9003),
    Person(104, "Dana", "Nothing"),
]


def notebook(text: str) -> bytes:
    cell = {"id": "a", "cell_type": "code", "source": text, "metadata": {}, "outputs": []}
    document = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(document).encode()


def packed(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def canvas_name(person: Person, upload: int, file: str) -> str:
    """Name a file as Canvas does: the name without signs, LATE, user, upload, file."""
    parts = [person.sortable.lower(), *(["LATE"] if person.late else []), str(person.id)]
    cleaned = re.sub(r"\W", "", "_".join(parts))
    return f"{cleaned}_{upload}_" + re.sub(r'[\x00/\\:*?"<>|]+', "_", file)


def moodle_folder(person: Person) -> str:
    """Name a folder as Moodle does: underscores in names become spaces."""
    return f"{person.full.replace('_', ' ')}_{person.id}_assignsubmission_file"


def canvas_gradebook(
    title: str = "Exercise 9 (4711)", possible: str = "4.00", separator: str = ","
) -> bytes:
    """Return the gradebook that a teacher exports, with a second assignment and totals."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    people = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    writer.writerow([*people, "Notes", "Essay (4700)", title, "Current Score", "Final Score"])
    writer.writerow([""] * 6 + ["", "Manual Posting", "", ""])
    read_only = ["(read only)"] * 2
    writer.writerow(["    Points Possible", "", "", "", "", "", "10.00", possible, *read_only])
    for one in CLASS:
        about = [one.sortable, one.id, f"S{one.id}", one.full.lower().replace(" ", ""), "A and B"]
        writer.writerow([*about, "a note", "7.50", "", "75.00", "75.00"])
    return out.getvalue().encode()


@dataclass
class CanvasCourse:
    """Canvas's importer: it matches columns and students, and says what would change."""

    assignments: dict[int, str]
    students: dict[int, str]

    def take(self, data: bytes) -> tuple[dict[str, dict[int, str]], dict[str, str]]:
        """Return the new scores by assignment title and student id, and points possible."""
        lines = data.decode("utf-8").splitlines()[:3]
        sizes = {s: {len(next(csv.reader([line], delimiter=s))) for line in lines} for s in ";,"}
        semicolon = len(sizes[";"]) == 1 and max(sizes[";"]) > 1
        header, *rows = csv.reader(io.StringIO(data.decode()), delimiter=";" if semicolon else ",")
        assert len(header) > 3
        assert ("Student" in header[0], "ID" in header[1]) == (True, True)
        width = 5 if re.search(r"SIS\s+User\s+ID", header[2]) else 4
        assert "Section" in header[width - 1]
        titles = {at: header[at] for at in range(width, len(header))}
        titles = {at: name for at, name in titles.items() if "Score" not in name}
        scores: dict[str, dict[int, str]] = {self._known(name): {} for name in titles.values()}
        possible = {}
        for row in rows:
            for at, name in titles.items():
                if "Points Possible" in row[0]:
                    possible[self._known(name)] = row[at]
                elif any(row):
                    scores[self._known(name)][self._student(row)] = self._number(row[at].strip())
        return scores, possible

    def _known(self, name: str) -> str:
        match = re.fullmatch(r"(.*?)\s*\((\d+)\)", name)
        if match and int(match[2]) in self.assignments:
            return self.assignments[int(match[2])]
        return f"NEW {name}"

    def _student(self, row: list[str]) -> int:
        if row[1].isdigit() and int(row[1]) in self.students:
            return int(row[1])
        found = [id_ for id_, name in self.students.items() if name == row[0]]
        return found[0] if found else -1

    @staticmethod
    def _number(text: str) -> str:
        """Take the last of points and commas for the decimal one, as Canvas does."""
        if not re.fullmatch(r"-?[0-9.,]+%?", text):
            return text
        *front, last = re.split(r"[.,]", text)
        return f"{''.join(front)}.{last}" if front else last


COURSE = CanvasCourse({4711: "Exercise 9", 4700: "Essay"}, {p.id: p.sortable for p in CLASS})

# How Moodle calls things: the columns that its importer looks up, the word before a
# participant's number, and the sign before decimals.
ENGLISH = (
    "Identifier",
    "Grade",
    "Maximum grade",
    "Last modified (grade)",
    "Participant ",
    ".",
)
GERMAN = ("ID", "Bewertung", "Bestwertung", "Zuletzt geändert (Bewertung)", "Teilnehmer/in", ",")
FRENCH = (
    "Identifiant",
    "Note",
    "Note maximale",
    "Dernière modification (note)",
    "Participant",
    ",",
)
UNKNOWN = ("Ŝildo", "Poento", "Plej alta", "Laste ŝanĝita (poento)", "Partoprenanto ", ",")
LANGUAGES = [ENGLISH, GERMAN, FRENCH, UNKNOWN]


def moodle_worksheet(language: tuple[str, ...] = ENGLISH, maximum: float = 4.0) -> bytes:
    """Return the grading worksheet that a teacher downloads, before anything is graded."""
    id_, grade, highest, modified, participant, point = language
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    status, change, submitted = "Status", "Grade can be changed", "Last modified (submission)"
    feedback = "Feedback comments"
    columns = [id_, "Full name", "ID number", status, grade, highest, change, submitted, modified]
    writer.writerow([*columns, feedback])
    shown = f"{maximum:.2f}".replace(".", point)
    for one in CLASS:
        about = [f"{participant}{one.id}", one.full, f"S{one.id}", "Submitted for grading"]
        comment = "- well begun;\n=half done"
        writer.writerow([*about, "", shown, "Yes", "Monday, 3:00 PM", "-", comment])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def moodle_takes(
    data: bytes, language: tuple[str, ...], maximum: float = 4.0
) -> tuple[dict[int, float], dict[int, str]]:
    """Return the grades that Moodle's importer would set, and the feedback it would read."""
    id_, grade, _, modified, participant, point = language
    header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    assert {id_, grade, modified} <= set(header), "Moodle refuses the file"
    grades, feedback = {}, {}
    for row in rows:
        who = int(row[header.index(id_)][len(participant) :])
        feedback[who] = row[header.index("Feedback comments")]
        text = row[header.index(grade)].replace(" ", "").replace(point, ".")
        if text and 0 <= float(text) <= maximum:  # what is outside is skipped without a word
            grades[who] = float(text)
    return grades, feedback


def canvas_download(path: Path) -> Path:
    """Pack what the class handed in as Canvas does; Alice did it twice."""
    files = {
        canvas_name(one, one.upload, "hw.ipynb"): notebook(one.first) for one in CLASS if one.upload
    }
    alice = CLASS[0]
    files[canvas_name(alice, alice.upload + 500, "hw-1.ipynb")] = notebook("Alice again")
    return packed(path / "submissions.zip", files)


def moodle_download(path: Path, folders: bool = True) -> Path:
    """Pack what the class handed in as Moodle does, in folders or side by side."""
    between = "/" if folders else "_"
    handed = [one for one in CLASS if one.upload]
    files = {f"{moodle_folder(one)}{between}hw.ipynb": notebook(one.first) for one in handed}
    return packed(path / "Course-Exercise 9-55.zip", files)


def gradescope_download(path: Path, noise: str = "fine") -> Path:
    """Pack what the class handed in as Gradescope does; `noise` is what a test printed."""
    top, about, files = "assignment_77_export", {}, {}
    for one in CLASS:
        if one.upload:
            folder = f"submission_{one.upload}"
            files[f"{top}/{folder}/hw.ipynb"] = notebook(one.first)
            person = {":name": one.full, ":sid": str(one.id), ":email": f"{one.id}@example.org"}
            about[folder] = {
                ":submitters": [person],
                ":created_at": "2026-11-20 23:59:59.123 Z",
                ":score": 0.0,
                ":results": {"tests": [{"name": "t", "output": noise}]},
            }
    text = yaml.safe_dump(about, allow_unicode=True, sort_keys=False)
    files[f"{top}/submission_metadata.yml"] = text.replace("':", ":").replace("':", ":").encode()
    return packed(path / "export.zip", files)


def nbgrader_tree(path: Path) -> Path:
    """Lay out a course folder as nbgrader does, with two assignments."""
    for one in CLASS:
        for assignment in ("ps1", "ps2") if one.upload else ():
            folder = path / "course" / "submitted" / str(one.id) / assignment
            folder.mkdir(parents=True)
            (folder / "hw.ipynb").write_bytes(notebook(f"{one.first} {assignment}"))
            (folder / "timestamp.txt").write_text("2026-11-20 23:59:59.000000 UTC\n")
    return path / "course"
