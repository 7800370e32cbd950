"""Tables as programs write them: read whatever the dialect, and given back in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradekit.core.errors import SubmissionError
from gradekit.platforms.table import MAX_BYTES, Worksheet, csv_bytes, decimal, parse_number


def test_short_rows_and_empty_lines_are_what_spreadsheets_leave_out() -> None:
    """A row gets the empty cells that were cut from its end; a line of nothing is no row."""
    sheet = Worksheet.parse(b"a,b,c\n1\n\n1,2,3,4\n", "x.csv")
    assert sheet.rows == [["1", "", ""], ["1", "2", "3", "4"]]
    assert sheet.column(1) == ["", "2"]


@pytest.mark.parametrize(
    ("data", "marked"),
    [
        ("a,€ é\n1,2\n".encode("cp1252"), True),
        ("a,€ é\n1,2\n".encode("utf-16"), True),
        ("a,€ é\n1,2\n".encode("utf-8-sig"), True),
        ("a,€ é\n1,2\n".encode(), False),
        (b"a,b\n1,2\n", False),
    ],
)
def test_a_table_comes_back_in_utf_8(data: bytes, marked: bool) -> None:
    """With the mark where it had one or was in another encoding, else without."""
    sheet = Worksheet.parse(data, "x.csv")
    assert sheet.header[1] in ("€ é", "b")
    assert sheet.encoded().startswith(b"\xef\xbb\xbf") is marked
    assert sheet.encoded().decode("utf-8-sig") == f"a,{sheet.header[1]}\n1,2\n"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_separator_and_line_ends_stay(separator: str, line_end: str) -> None:
    """Also where a cell holds the separator or a line end."""
    rows = [["name", "text"], ["a", f"x{separator}y"], ["b", "two\nlines"]]
    data = csv_bytes(rows, separator=separator, line_end=line_end, marked=False)
    sheet = Worksheet.parse(data, "x.csv")
    assert [sheet.header, *sheet.rows] == rows
    assert sheet.encoded() == data


@pytest.mark.parametrize("data", [b"", b"one column\n1\n", b'a,b\n"open', b"\x00" * 9])
def test_what_is_no_table_is_refused(data: bytes) -> None:
    """The sentence names the file."""
    with pytest.raises(SubmissionError, match=r"x\.csv: no table of comma-separated values"):
        Worksheet.parse(data, "x.csv")


def test_a_file_that_is_too_large_is_not_parsed(tmp_path: Path) -> None:
    """No class fills 64 MiB, so it is another file by mistake."""
    with (tmp_path / "x.csv").open("wb") as file:
        file.write(b"a,b\n")
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(SubmissionError, match="larger than 64 MiB"):
        Worksheet.load(tmp_path / "x.csv")


@pytest.mark.parametrize(
    ("text", "number"),
    [("4", 4.0), (" 3,50 ", 3.5), ("3.25", 3.25), ("0", 0.0),
     ("", None), ("-1", None), ("1e3", None), ("nan", None), ("1.2.3", None), (".5", None)],
)  # fmt: skip
def test_a_number_has_a_point_or_a_comma(text: str, number: float | None) -> None:
    """Nothing else is one: no sign, no exponent, no word."""
    assert parse_number(text) == number


@pytest.mark.parametrize(
    ("points", "text"), [(3.0, "3"), (0.1 + 0.2, "0.3"), (1e-6, "0.000001"), (1e7, "10000000")]
)
def test_points_are_written_as_decimals(points: float, text: str) -> None:
    """No exponent and no binary noise."""
    assert decimal(points) == text
