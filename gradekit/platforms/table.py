"""A table that a teacher downloaded: read, filled in, and otherwise left as it is.

Platforms match columns by their exact, often translated names, and take over what
stands in the others: a feedback text that came back changed is a changed feedback.
So a table is kept with its headers, cells, separator and line ends, and one column
is written. Only the encoding is always UTF-8 afterwards, marked where it was
marked or was something else before.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

from gradekit.core.errors import SubmissionError
from gradekit.core.escape import printable

MAX_BYTES = 64 << 20  # a worksheet may hold what every student typed in
MARK = "\ufeff"


@dataclass(slots=True, kw_only=True)
class Worksheet:
    """A table with its dialect; every row is as long as the header, or longer."""

    name: str  # of the file, fit to print
    header: list[str]
    rows: list[list[str]]
    separator: str = ","
    line_end: str = "\r\n"
    marked: bool = False  # begins with a byte order mark

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
            raise SubmissionError(
                f"{name}: could not be opened ({error.strerror}). Check the name."
            ) from error
        if len(data) > MAX_BYTES:
            raise SubmissionError(
                f"{name}: larger than {MAX_BYTES >> 20} MiB, so no table of a class."
            )
        return cls.parse(data, name)

    @classmethod
    def parse(cls, data: bytes, name: str) -> Worksheet:
        """Read a table from the bytes of a file."""
        decoded = _decoded(data)
        text = decoded.removeprefix(MARK)
        first = text.split("\n", 1)[0]
        separator = max(",;\t", key=first.count)
        csv.field_size_limit(MAX_BYTES)
        try:
            lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
            rows = [row for row in lines if row]
        except csv.Error as error:
            raise SubmissionError(
                f"{name}: no table of comma-separated values ({error}). Download it again."
            ) from error
        if not rows or len(rows[0]) < 2:
            raise SubmissionError(f"{name}: no table of comma-separated values. Download it again.")
        header, *body = rows
        return cls(
            name=name,
            header=header,
            rows=[row + [""] * (len(header) - len(row)) for row in body],
            separator=separator,
            line_end="\r\n" if first.endswith("\r") else "\n",
            marked=decoded.startswith(MARK) or (not data.isascii() and not _is_utf8(data)),
        )

    def column(self, at: int) -> list[str]:
        """Return the cells of one column."""
        return [row[at] for row in self.rows]

    def encoded(self) -> bytes:
        """Return the table as the bytes of a file."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=self.separator, lineterminator=self.line_end)
        writer.writerows([self.header, *self.rows])
        return ((MARK if self.marked else "") + out.getvalue()).encode("utf-8", "backslashreplace")


def number(text: str) -> float | None:
    """Return the number in a cell, with a point or a comma before its decimals."""
    found = re.fullmatch(r"\s*(\d{1,12})(?:[.,](\d{1,12}))?\s*", text)
    return float(f"{found[1]}.{found[2] or 0}") if found else None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decoded(data: bytes) -> str:
    """Return the text: UTF-16 where it says so, UTF-8 where it is, else Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return MARK + data.decode("utf-16", "replace")
    return data.decode("utf-8") if _is_utf8(data) else data.decode("cp1252", "replace")
