"""The roster: written so that spreadsheets keep it, read as a teacher may have saved it."""

from __future__ import annotations

from pathlib import Path

import lms
import pytest

from gradekit.core.errors import SubmissionError
from gradekit.platforms.collect import collect_download
from gradekit.platforms.roster import ROSTER, RosterRow, load_roster, roster_csv

ROWS = [
    RosterRow(submission="c", id="3", late="no"),
    RosterRow(submission="a", id="2", name="Bo"),
    RosterRow(submission="a", id="1", name="Alice", late="yes", notes="does not count: x"),
]


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_a_roster_comes_back_sorted_by_submission_and_student(tmp_path: Path) -> None:
    """Whatever the order of the download, the file is the same, and nothing in it is lost."""
    path = tmp_path / ROSTER
    path.write_bytes(roster_csv(ROWS))
    assert load_roster(path) == [ROWS[2], ROWS[1], ROWS[0]]
    assert roster_csv(ROWS[::-1]) == roster_csv(ROWS)


def test_what_a_spreadsheet_adds_changes_nobody(tmp_path: Path) -> None:
    """Spaces around an id, empty lines, another order of columns, and columns of the teacher."""
    text = "Group;ID ;late;Submission\nred; 101 ;yes; ann\n;;;\n;102;;bo\n"
    assert load_roster(written(tmp_path / "r.csv", text)) == [
        RosterRow(submission="ann", id="101", late="yes"),
        RosterRow(submission="bo", id="102"),
    ]


@pytest.mark.parametrize(
    ("header", "missing"),
    [("submission,name", "no column id"), ("id,name", "no column submission"),
     ("name,late", "no column id and no submission")],
)  # fmt: skip
def test_a_roster_without_its_columns_is_refused(header: str, missing: str, tmp_path: Path) -> None:
    """Without ids or submissions nobody could be matched; the sentence says what is missing."""
    with pytest.raises(SubmissionError, match=rf"{missing}\. Its first line must name submission"):
        load_roster(written(tmp_path / "r.csv", f"{header}\nann,1\n"))


def test_late_is_empty_where_the_platform_does_not_tell(tmp_path: Path) -> None:
    """Moodle's download says nothing of it, so nobody is called punctual."""
    collected = collect_download(lms.moodle_download(tmp_path), tmp_path / "in")
    assert {row.late for row in collected.rows} == {""}
