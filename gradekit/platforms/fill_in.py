"""Grades filled into the table that a platform will match against its own.

Canvas takes an unknown column title for a new assignment, and Moodle drops a grade
above its maximum without a word. So the teacher's own download is the template:
its headers stay, the column of the assignment is found in it, and its maximum must be
the maximum of the results.

* Canvas's gradebook: the columns up to `Section`, and one assignment, titled
  `Title (number)`. The row `Points Possible` and every student stay, all other
  assignments are left out, because what is not in the file is not changed.
* Moodle's grading worksheet: everything stays. `Identifier` is its first column and
  reads "Participant 123" in the language of the site; the grade stands before the
  maximum grade, whatever the two are called there. Moodle reads a decimal point
  in every language.

The cell of a student without points stays as it was, which mostly is empty.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gradekit.core.errors import SubmissionError
from gradekit.core.escape import cell, printable
from gradekit.core.text import listed
from gradekit.platforms.grades import Grade, class_maximum, display_name
from gradekit.platforms.table import Worksheet, csv_bytes, decimal, parse_number

MAX_LISTED = 10  # assignments that an error names
POINTS_POSSIBLE = "Points Possible"
CANVAS_STUDENT_COLUMNS = (
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
CANVAS_ID_COLUMNS = ("ID", "SIS User ID", "SIS Login ID", "Integration ID")
CANVAS_TOTALS = re.compile(r"(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
CANVAS_DECISIONS = ("EX", "N/A")  # excused, and not assigned to this student
MOODLE_MAXIMUM = re.compile(  # in the header of Moodle's maximum grade, in its larger languages
    r"(?i)m[aáà]x|massim|best|höchst|högst|høy|højest|korkein|nejv|najv|legjobb|en yüksek"
    r"|макс|най|μέγ|最高|最大|满分|滿分|최대|최고|أقصى|العظمى|מרבי|tối đa|สูงสุด"
)
SEVERAL_SUBMISSIONS = "there are several submissions under this student's id; none was exported"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledTable:
    """A file to upload."""

    data: bytes
    without_grade: list[str] = field(default_factory=list)
    """A sentence for each student who has no grade in it."""


def fill_in_canvas(
    grades: Sequence[Grade], template: Worksheet, column: str = "", scale: bool = False
) -> FilledTable:
    """Return Canvas's gradebook with the grades in one assignment's column.

    Raises
    ------
    SubmissionError
        If the template is no gradebook of Canvas, does not say which assignment is
        meant, or has another maximum and `scale` is not set.
    """
    student_columns = _student_columns(template)
    at = _assignment_column(template, column)
    first = next(n for n, row in enumerate(template.rows) if POINTS_POSSIBLE in row[0])
    possible = template.rows[first]  # a row on manual posting may come before it
    students = [row for row in template.rows[first + 1 :] if any(row)]
    factor = _factor(grades, template, parse_number(possible[at]), scale)
    id_columns = [n for n in student_columns if template.header[n] in CANVAS_ID_COLUMNS]
    without_grade = _fill_in(grades, students, id_columns, at, factor)
    columns = [*student_columns, at]
    template.header = [template.header[column] for column in columns]
    template.rows = [[row[column] for column in columns] for row in (possible, *students)]
    return FilledTable(data=template.encoded(), without_grade=without_grade)


def new_canvas(grades: Sequence[Grade], title: str) -> FilledTable:
    """Return a gradebook for Canvas without a template; an unknown title is a new assignment.

    Raises
    ------
    SubmissionError
        If nobody has been graded yet, or not everybody out of the same points.
    """
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", title]
    # Canvas itself indents the title of this row.
    possible = [f"    {POINTS_POSSIBLE}", "", "", "", "", decimal(class_maximum(grades))]
    names = {
        grade.student.id: grade.student.name or grade.student.id
        for grade in grades
        if grade.student.id
    }
    students = [[cell(name), cell(id_), "", "", "", ""] for id_, name in names.items()]
    without_grade = _fill_in(grades, students, [header.index("ID")], len(header) - 1, 1.0)
    data = csv_bytes([header, possible, *students], line_end="\n", marked=False)
    return FilledTable(data=data, without_grade=without_grade)


def fill_in_moodle(
    grades: Sequence[Grade], template: Worksheet, scale: bool = False
) -> FilledTable:
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
    maximum_column = _maximum_column(template)
    grade_column = maximum_column - 1
    [maximum] = {parse_number(text) for text in template.column(maximum_column)}
    factor = _factor(grades, template, maximum, scale)
    # The roster may have any of the columns before the grade as its id, as e-mail addresses.
    id_columns = list(range(grade_column))
    without_grade = _fill_in(grades, template.rows, id_columns, grade_column, factor)
    return FilledTable(data=template.encoded(), without_grade=without_grade)


def _fill_in(
    grades: Sequence[Grade],
    rows: list[list[str]],
    id_columns: Sequence[int],
    at: int,
    factor: float,
) -> list[str]:
    """Write the grades into column `at`; return a sentence for each that was not written.

    Students are found by the one column of ids that knows most of them: with several
    columns, one student's login could be another one's number.
    """
    ids = {grade.student.id for grade in grades if grade.student.id}
    keys = max(
        ([_key(row[column], first=column == 0) for row in rows] for column in id_columns),
        key=lambda keys: len(ids.intersection(keys)),
        default=[],
    )
    rows_by_key = {key: row for key, row in zip(keys, rows, strict=False) if key}
    ambiguous = dict.fromkeys(_repeated(keys), "the template has several rows with this id")
    ambiguous |= dict.fromkeys(_repeated([g.student.id for g in grades]), SEVERAL_SUBMISSIONS)
    without_grade = []
    for grade in grades:
        row = rows_by_key.get(grade.student.id)
        if reason := _why_not(grade, row, at, ambiguous):
            without_grade.append(f"{display_name(grade)}: {reason}")
        elif row is not None and grade.points is not None:
            row[at] = decimal(grade.points * factor)
    return without_grade


def _repeated(ids: Sequence[str]) -> list[str]:
    return [id_ for id_, count in Counter(ids).items() if count > 1]


def _key(text: str, first: bool) -> str:
    """Return the id in a cell; in the first column it follows a word, as "Participant 7"."""
    match = re.fullmatch(r"\D*(\d+)\s*", text) if first else None
    return match[1] if match else cell(text.strip())


def _why_not(grade: Grade, row: list[str] | None, at: int, ambiguous: Mapping[str, str]) -> str:
    """Return the reason why a grade is not written, or an empty text."""
    if grade.points is None:
        return grade.reason
    if not grade.student.id:
        return "the roster has no id for this submission"
    if row is None:
        return f"the template has no student with the id {grade.student.id}"
    if reason := ambiguous.get(grade.student.id):
        return reason
    # Somebody excused this student; a number would undo that decision.
    if (decision := row[at].strip()) in CANVAS_DECISIONS:
        return f"the template says {decision}, which was not changed"
    return ""


def _factor(
    grades: Sequence[Grade], template: Worksheet, maximum: float | None, scale: bool
) -> float:
    """Return what to multiply points by so that they are out of the template's maximum."""
    results_maximum = class_maximum(grades)
    if maximum is None or maximum == results_maximum:
        return 1.0
    # With an assignment of 0 points, the factor 0 would make every grade zero.
    if scale and results_maximum and maximum:
        return maximum / results_maximum
    raise SubmissionError(
        f"{template.name}: its maximum is {maximum:g}, the results are out of "
        f"{results_maximum:g} points. Set the maximum to {results_maximum:g} and download it "
        "again, or convert the points with --scale."
    )


def _student_columns(template: Worksheet) -> list[int]:
    """Return the places of Canvas's columns about the student, which end with the section."""
    header = [name.strip() for name in template.header]
    columns = [at for at, name in enumerate(header) if name in CANVAS_STUDENT_COLUMNS]
    names = {header[at] for at in columns}
    has_possible = any(POINTS_POSSIBLE in row[0] for row in template.rows)
    if not {"ID", "Section"} <= names or not names & {"Student", "LastName"} or not has_possible:
        raise SubmissionError(
            f"{template.name}: not a gradebook of Canvas (Student, ID, ..., Section, and a row "
            "Points Possible). Export the gradebook there and give it with --template."
        )
    return columns


def _assignment_column(template: Worksheet, column: str) -> int:
    """Return the place of the one assignment that `column` names by title or number."""
    header = template.header
    # Canvas ignores the columns of totals in an upload, so grades in one would be lost.
    titles = {
        at: title
        for at, name in enumerate(header)
        if (title := re.fullmatch(r"(?s)(.*) \((\d+)\)", name)) and not CANVAS_TOTALS.search(name)
    }
    # Without --column, the only assignment of the gradebook is meant.
    matching = [
        at for at, title in titles.items() if column in ("", header[at], title[1], title[2])
    ]
    if len(matching) == 1:
        return matching[0]
    names = listed([printable(header[at]) for at in matching or titles], MAX_LISTED) or "none"
    problem = (
        f"there is no assignment {printable(column)}"
        if column and not matching
        else "it has several assignments"
    )
    raise SubmissionError(
        f"{template.name}: {problem}. Name one with --column; its assignments are: {names}."
    )


def _maximum_column(template: Worksheet) -> int:
    """Return the place of Moodle's maximum grade: one number in every row, behind the grades."""
    # The first column is the identifier, and a column of grades comes before the maximum.
    likely = [at for at in range(2, len(template.header)) if _is_maximum(template, at)]
    by_name = [at for at in likely if MOODLE_MAXIMUM.search(template.header[at])]
    columns = by_name or likely  # a site may speak a language that the pattern lacks
    if len(columns) == 1:
        return columns[0]
    raise SubmissionError(
        f"{template.name}: no column of one maximum grade behind a column of grades. Set the "
        "assignment to points, not a scale, and download its grading worksheet again."
    )


def _is_maximum(template: Worksheet, at: int) -> bool:
    maxima = {parse_number(text) for text in template.column(at)}
    grades = (text.strip() for text in template.column(at - 1))
    return (
        len(maxima) == 1
        and (maxima.pop() or 0) > 0
        and all(text in ("", "-") or parse_number(text) is not None for text in grades)
    )
