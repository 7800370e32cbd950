"""A table that a teacher downloaded: read, filled in, and otherwise left as it is.

Platforms match columns by their exact, often translated names, and import what the
other columns hold: a feedback text that came back changed is a changed feedback. So a
table keeps its headers, cells, separator and line ends, and one column is written. Only
the encoding is always UTF-8 afterwards, with a byte order mark where the table had one
or was in another encoding before.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gradekit.core.errors import SubmissionError
from gradekit.core.escape import printable
from gradekit.core.files import not_opened

MAX_BYTES = 64 << 20  # a worksheet may hold what every student typed in
BYTE_ORDER_MARK = "\ufeff"  # without it, Excel takes a UTF-8 file for one in Windows-1252
UTF16 = (b"\xff\xfe", b"\xfe\xff")
NO_TABLE = "no table of comma-separated values"


@dataclass(slots=True, kw_only=True)
class Worksheet:
    """A table with its dialect; every row is as long as the header, or longer."""

    name: str
    """The file's name, fit to print."""
    header: list[str]
    rows: list[list[str]]
    separator: str = ","
    line_end: str = "\r\n"
    marked: bool = False
    """Whether the file begins with a byte order mark."""

    @classmethod
    def load(cls, path: Path) -> Worksheet:
        """Read a table, whatever separator, line end and encoding a program gave it.

        Raises
        ------
        SubmissionError
            If it cannot be opened, is larger than `MAX_BYTES`, or is no table.
        """
        name = printable(path)
        try:
            with path.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise SubmissionError(not_opened(path, error)) from error
        if len(data) > MAX_BYTES:
            raise SubmissionError(
                f"{name}: larger than {MAX_BYTES >> 20} MiB, so no table of a class."
            )
        return cls.parse(data, name)

    @classmethod
    def parse(cls, data: bytes, name: str) -> Worksheet:
        """Read a table from the bytes of a file.

        Raises
        ------
        SubmissionError
            If it is no table.
        """
        decoded = _decoded(data)
        text = decoded.removeprefix(BYTE_ORDER_MARK)
        first_line = text.split("\n", 1)[0]
        # Spreadsheets that are set to German or French separate by semicolons.
        separator = max(",;\t", key=first_line.count)
        csv.field_size_limit(MAX_BYTES)  # the default refuses long feedback texts
        try:
            # strict: an open quotation mark would swallow the rest of the class.
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
            rows = [row for row in reader if row]
        except csv.Error as error:
            raise SubmissionError(f"{name}: {NO_TABLE} ({error}). Download it again.") from error
        if not rows or len(rows[0]) < 2:
            raise SubmissionError(f"{name}: {NO_TABLE}. Download it again.")
        header, *body = rows
        return cls(
            name=name,
            header=header,
            # Spreadsheets leave out empty cells at the end of a row.
            rows=[row + [""] * (len(header) - len(row)) for row in body],
            separator=separator,
            line_end="\r\n" if first_line.endswith("\r") else "\n",
            marked=decoded.startswith(BYTE_ORDER_MARK)
            or (not data.isascii() and not _is_utf8(data)),
        )

    def column(self, at: int) -> list[str]:
        """Return the cells of one column."""
        return [row[at] for row in self.rows]

    def encoded(self) -> bytes:
        """Return the table as the bytes of a file."""
        return csv_bytes(
            [self.header, *self.rows],
            separator=self.separator,
            line_end=self.line_end,
            marked=self.marked,
        )


def csv_bytes(
    rows: Iterable[Sequence[str]],
    *,
    separator: str = ",",
    line_end: str = "\r\n",
    marked: bool = True,
) -> bytes:
    """Return rows as the bytes of a CSV file: by default one that any spreadsheet opens."""
    lines = io.StringIO()
    csv.writer(lines, delimiter=separator, lineterminator=line_end).writerows(rows)
    text = (BYTE_ORDER_MARK if marked else "") + lines.getvalue()
    return text.encode("utf-8", "backslashreplace")


def decimal(points: float) -> str:
    """Return points as plain decimal digits: never an exponent, never a comma."""
    return f"{points:.6f}".rstrip("0").rstrip(".")


def parse_number(text: str) -> float | None:
    """Return the number in a cell, with a point or a comma before its decimals."""
    match = re.fullmatch(r"\s*(\d{1,12})(?:[.,](\d{1,12}))?\s*", text)
    return float(f"{match[1]}.{match[2] or 0}") if match else None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decoded(data: bytes) -> str:
    """Return the text: UTF-16 where it says so, UTF-8 where it is, else Windows-1252."""
    if data.startswith(UTF16):
        return BYTE_ORDER_MARK + data.decode("utf-16", "replace")
    return data.decode("utf-8") if _is_utf8(data) else data.decode("cp1252", "replace")
