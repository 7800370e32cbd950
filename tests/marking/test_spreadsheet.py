"""Marking in a spreadsheet: the table goes out, comes back, and is imported whole or not."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import marking_class
import pytest
from marking_class import ANSWERS, grade, hand_in, of_class, proposed, report, rows

from gradekit.cli import main
from gradekit.grading.journal import WRITTEN, Journal

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with a bundle and a class of four."""
    monkeypatch.chdir(tmp_path)
    marking_class.fill(tmp_path)
    return tmp_path


def table_of(path: str = "marks.csv") -> list[dict[str, str]]:
    assert main(["written", "--export", path]) == 0
    return list(csv.DictReader(io.StringIO(Path(path).read_text("utf-8-sig"), newline="")))


def take(lines: list[dict[str, str]], capsys: Capture, separator: str = ",") -> tuple[int, str]:
    with Path("back.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]), delimiter=separator)
        writer.writeheader()
        writer.writerows(lines)
    capsys.readouterr()
    code = main(["written", "--import", "back.csv"])
    out, err = capsys.readouterr()
    return code, out + err


def test_a_spreadsheet_brings_the_points_back(room: Path, capsys: Capture) -> None:
    """Half points with a comma, comments with lines, rows left empty; the same table twice."""
    grade()
    lines = table_of()
    assert {line["submission"] for line in lines} == set(ANSWERS)
    by_name = {line["submission"]: line for line in lines}
    by_name["alice"] |= {"points": "3,5", "comment": "'- good\nand short"}
    by_name["chen"]["points"] = "4"
    code, said = take(lines, capsys, separator=";")
    assert (code, said.splitlines()[0]) == (
        0,
        "2 answers marked, 0 as before, 2 rows without points",
    )
    assert rows()["alice"]["findings"] == "3.5"
    assert report("alice")["questions"][1]["checks"][0]["message"] == "- good\nand short"
    again = table_of()
    assert {line["submission"]: line["points"] for line in again} == {
        "alice": "3.5", "bo": "", "chen": "4", "dana": ""
    }  # fmt: skip
    assert take(again, capsys)[1].startswith("0 answers marked, 2 as before, 2 rows")


def test_no_cell_of_the_table_is_computed(room: Path) -> None:
    """Not the answers, not the comments, and no line of one, however a program splits it."""
    with Journal(Path("results"), WRITTEN) as journal:
        of_class(journal).save([proposed("bo", 1, "=cmd\n@x;+1")])
    for line in table_of():
        for text in (line["answer"], line["comment"], line["submission"]):
            for piece in text.replace(";", "\n").split("\n"):
                assert not piece.lstrip().startswith(("=", "+", "-", "@")), piece


def test_a_comment_alone_is_a_change_and_a_mark_alone_keeps_its_comment(
    room: Path, capsys: Capture
) -> None:
    """Line ends of another system and apostrophes of the spreadsheet are no part of a comment."""
    lines = {line["submission"]: line for line in table_of()}
    lines["alice"] |= {"points": "3", "comment": "'- good\r\n'quoted'\r\n"}
    assert take([lines["alice"]], capsys)[1].startswith("1 answers marked")
    with Journal(Path("results"), WRITTEN) as journal:
        assert of_class(journal).answer("findings", "alice").comment == "- good\n'quoted'"
    [alice] = [line for line in table_of() if line["submission"] == "alice"]
    alice["comment"] = "better"
    assert take([alice], capsys)[1].startswith("1 answers marked, 0 as before")
    points = {"QUESTION": "findings", "Submission ": "alice", "Points": "2"}
    assert take([points], capsys)[1].startswith("1 answers marked")
    [alice] = [line for line in table_of() if line["submission"] == "alice"]
    assert (alice["points"], alice["comment"]) == ("2", "better")


def test_an_answer_without_a_text_says_what_was_found(room: Path) -> None:
    """Empty, or no notebook; a text is cut where a spreadsheet would cut it unseen."""
    (room / "submissions/eve.ipynb").write_text("{")
    hand_in(room, "fay", "x" * 40_000)
    answers = {line["submission"]: line["answer"] for line in table_of()}
    assert answers["bo"] == "[empty]"
    assert answers["eve"].startswith("[unreadable] eve.ipynb: the file is not a notebook")
    assert len(answers["fay"]) == 30_000


def test_only_the_first_twenty_wrong_rows_are_listed(room: Path, capsys: Capture) -> None:
    """And how many more there are."""
    wrong = {**table_of()[0], "points": "two"}
    said = take([wrong] * 22, capsys)[1].splitlines()
    listed = [line for line in said if "column points: not a number" in line]
    assert (len(listed), said[-2]) == (20, "and 2 more")


def test_a_wrong_row_is_named_and_nothing_is_imported(room: Path, capsys: Capture) -> None:
    """Every wrong row at once, each with its column."""
    lines = table_of()
    for n, points in enumerate(("5", "two", "1", "1")):
        lines[n]["points"] = points
    lines[2]["submission"] = "zoe"
    code, said = take([*lines, dict(lines[3])], capsys)
    assert code == 2
    assert "back.csv, row 2, column points: findings: 5 points. Give 0 to 4." in said
    assert "back.csv, row 3, column points: not a number" in said
    assert "back.csv, row 4, column submission: nobody handed in under this id" in said
    assert "back.csv, row 6: the same answer as row 5" in said
    assert "Nothing was imported." in said
    assert all(not line["points"] for line in table_of())


def test_a_table_without_its_columns_is_refused(room: Path, capsys: Capture) -> None:
    """The sentence says which one is missing."""
    code, said = take([{"question": "findings", "points": "1"}], capsys)
    assert (code, "the column submission is missing" in said) == (2, True)
