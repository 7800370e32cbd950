"""Grades filled into the table that a platform will match against its own.

Canvas takes an unknown column title for a new assignment, and Moodle drops a grade
above its maximum without a word. So the teacher's own download is the template:
its headers stay, our column is found in it, and its maximum must be ours.

* Canvas's gradebook: the columns up to `Section`, and one assignment, titled
  `Title (number)`. The row `Points Possible` and every student stay, all other
  assignments are left out, because what is not in the file is not changed.
* Moodle's grading worksheet: everything stays. `Identifier` is its first column and
  reads "Participant 123" in the language of the site; the grade stands before the
  maximum grade, whatever the two are called there. Moodle reads a decimal point
  in every language.

A student without points keeps what stood in the cell, which mostly is nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from gradekit.core.errors import SubmissionError
from gradekit.core.escape import cell, printable
from gradekit.platforms.grades import Grade, named, out_of
from gradekit.platforms.table import Worksheet, number

POINTS_POSSIBLE = "    Points Possible"
CANVAS_PEOPLE = (
    "LastName",
    "FirstName",
    "Student",
    "ID",
    "SIS User ID",
    "SIS Login ID",
    "Integration ID",
    "Root Account",
    "Section",
)
CANVAS_IDS = ("ID", "SIS User ID", "SIS Login ID", "Integration ID")
CANVAS_TOTALS = re.compile(r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
CANVAS_KEEPS = ("EX", "N/A")  # excused, and not assigned to this student
HIGHEST = re.compile(  # in the header of Moodle's maximum grade, in its larger languages
    r"(?i)m[aáà]x|massim|best|höchst|högst|høy|højest|korkein|nejv|najv|legjobb|en yüksek"
    r"|макс|най|μέγ|最高|最大|满分|滿分|최대|최고|أقصى|العظمى|מרבי|tối đa|สูงสุด"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A table to upload, and a sentence for each student who has no grade in it."""

    data: bytes
    left: list[str] = field(default_factory=list)


def decimal(points: float) -> str:
    """Return points as plain decimal digits: never an exponent, never a comma."""
    return f"{points:.6f}".rstrip("0").rstrip(".")


def canvas(
    grades: Sequence[Grade], template: Worksheet, column: str = "", scale: bool = False
) -> Filled:
    """Return Canvas's gradebook with the grades in one assignment's column.

    Raises
    ------
    SubmissionError
        If the template is no gradebook of Canvas, does not say which assignment is
        meant, or has another maximum and `scale` is not set.
    """
    people = _people(template)
    at = _assignment(template, column)
    possible = next(row for row in template.rows if "Points Possible" in row[0])
    factor = _factor(grades, template, number(possible[at]), scale)
    students = [row for row in template.rows[template.rows.index(possible) + 1 :] if any(row)]
    ids = [place for place in people if template.header[place] in CANVAS_IDS]
    left = _fill(grades, students, ids, at, factor)
    rows = [possible, *students]
    template.header = [template.header[place] for place in (*people, at)]
    template.rows = [[row[place] for place in (*people, at)] for row in rows]
    return Filled(data=template.encoded(), left=left)


def new_canvas(grades: Sequence[Grade], title: str) -> Filled:
    """Return a gradebook for Canvas without a template; an unknown title is a new assignment."""
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", title]
    rows = [[POINTS_POSSIBLE, "", "", "", "", decimal(out_of(grades))]]
    ids = dict.fromkeys(grade.who.id for grade in grades if grade.who.id)
    names = {grade.who.id: grade.who.name or grade.who.id for grade in grades}
    students = [[cell(names[id_]), cell(id_), "", "", "", ""] for id_ in ids]
    left = _fill(grades, students, [1], 5, 1.0)
    sheet = Worksheet(name="", header=header, rows=[*rows, *students], line_end="\n")
    return Filled(data=sheet.encoded(), left=left)


def moodle(grades: Sequence[Grade], template: Worksheet, scale: bool = False) -> Filled:
    """Return Moodle's grading worksheet with the grades filled in.

    Raises
    ------
    SubmissionError
        If the template is no grading worksheet with points, or has another maximum
        and `scale` is not set.
    """
    if any(not re.fullmatch(r"\D*\d+\s*", text) for text in template.column(0)):
        raise SubmissionError(
            f"{template.name}: its first column holds no participants' numbers. "
            "Download the grading worksheet of the assignment and give it with --template."
        )
    at = _maximum(template) - 1
    maxima = {number(text) for text in template.column(at + 1)}
    factor = _factor(grades, template, maxima.pop(), scale)
    left = _fill(grades, template.rows, list(range(at)), at, factor)
    return Filled(data=template.encoded(), left=left)


DOUBLE = "several submissions under this student's id; none was taken over"


def _twice(grades: Sequence[Grade]) -> set[str]:
    return {one for one, times in Counter(grade.who.id for grade in grades).items() if times > 1}


def _fill(
    grades: Sequence[Grade],
    rows: list[list[str]],
    ids: Sequence[int],
    at: int,
    factor: float,
) -> list[str]:
    """Write the grades into column `at`, matched by the id column that knows most students."""
    wanted = {grade.who.id for grade in grades if grade.who.id}
    keys = max(
        ([_key(row[place], first=place == 0) for row in rows] for place in ids),
        key=lambda keys: len(wanted.intersection(keys)),
        default=[],
    )
    found = {key: row for key, row in zip(keys, rows, strict=False) if key}
    repeated = {key for key, times in Counter(keys).items() if times > 1}
    left, twice = [], _twice(grades)
    for grade in grades:
        row = found.get(grade.who.id)
        if why := _why_not(grade, row, at, twice | repeated):
            left.append(f"{named(grade)}: {why}")
        elif row is not None and grade.points is not None:
            row[at] = decimal(grade.points * factor)
    return left


def _key(text: str, first: bool) -> str:
    """Return the id in a cell; in the first column it follows a word, as "Participant 7"."""
    match = re.fullmatch(r"\D*(\d+)\s*", text) if first else None
    return match[1] if match else cell(text.strip())


def _why_not(grade: Grade, row: list[str] | None, at: int, twice: set[str]) -> str:
    if grade.points is None:
        return grade.reason
    if not grade.who.id:
        return "not in the roster"
    if row is None:
        return f"the template has no student with the id {grade.who.id}"
    if grade.who.id in twice:
        return DOUBLE
    if row[at].strip() in CANVAS_KEEPS:
        return f"the template says {row[at].strip()}; left so"
    return ""


def _factor(
    grades: Sequence[Grade], template: Worksheet, maximum: float | None, scale: bool
) -> float:
    """Return what to multiply points by so that they are out of the template's maximum."""
    ours = out_of(grades)
    if maximum is None or maximum == ours:
        return 1.0
    if scale and ours and maximum:
        return maximum / ours
    raise SubmissionError(
        f"{template.name}: its maximum is {maximum:g}, the results are out of {ours:g} points. "
        f"Set the maximum to {ours:g} and download it again, or convert the points with --scale."
    )


def _people(template: Worksheet) -> list[int]:
    """Return where Canvas's columns about the student are, which end with the section."""
    header = [name.strip() for name in template.header]
    known = [at for at, name in enumerate(header) if name in CANVAS_PEOPLE]
    named_so = {header[at] for at in known}
    rows = [row for row in template.rows if "Points Possible" in row[0]]
    if not {"ID", "Section"} <= named_so or not named_so & {"Student", "LastName"} or not rows:
        raise SubmissionError(
            f"{template.name}: not a gradebook of Canvas (Student, ID, ..., Section, and a row "
            "Points Possible). Export the gradebook there and give it with --template."
        )
    return known


def _assignment(template: Worksheet, column: str) -> int:
    """Return where the one assignment is that `column` names by title or number."""
    header = template.header
    titles = [re.fullmatch(r"(?s)(.*) \((\d+)\)", name) for name in header]
    places = [
        at for at, title in enumerate(titles) if title and not CANVAS_TOTALS.search(header[at])
    ]
    matching = [
        at
        for at in places
        if (title := titles[at]) and column in ("", header[at], title[1], title[2])
    ]
    if len(matching) == 1:
        return matching[0]
    shown = ", ".join(printable(header[at]) for at in (matching or places)[:10]) or "none"
    problem = f"no assignment {printable(column)}" if column and not matching else "which one"
    raise SubmissionError(
        f"{template.name}: {problem}? Say one with --column; its assignments are: {shown}."
    )


def _maximum(template: Worksheet) -> int:
    """Return where Moodle's maximum grade is: one number in every row, the grades before it."""
    likely = [at for at in range(2, len(template.header)) if _is_maximum(template, at)]
    named_so = [at for at in likely if HIGHEST.search(template.header[at])]
    found = named_so or likely
    if len(found) == 1:
        return found[0]
    raise SubmissionError(
        f"{template.name}: no column of one maximum grade behind a column of grades. Set the "
        "assignment to points, not a scale, and download its grading worksheet again."
    )


def _is_maximum(template: Worksheet, at: int) -> bool:
    maxima = {number(text) for text in template.column(at)}
    before = (text.strip() for text in template.column(at - 1))
    return (
        len(maxima) == 1
        and (maxima.pop() or 0) > 0
        and all(text in ("", "-") or number(text) is not None for text in before)
    )
