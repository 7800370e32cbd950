"""What an author may show beside the points: a curve, pictures, a measured number, a table.

It is plain data that earns nothing. An exhibit is small and of known shape, or it is
no exhibit: the rules below hold where it is made, in the worker, and again where a
report is read. What is for `staff` alone, a measure on hidden images for instance,
appears in no student's feedback.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MAX_TEXT = 200  # characters of a title, a caption, an axis, a cell
MAX_POINTS = 200  # of a curve
MAX_PICTURES = 12
MAX_SIDE = 64  # pixels of a picture
MAX_ROWS, MAX_COLUMNS = 20, 8


class Kind(StrEnum):
    """What an exhibit is drawn as."""

    CURVE = "curve"
    PICTURES = "pictures"
    MEASURE = "measure"
    TABLE = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A grey picture, `height` rows of `width` bytes from black to white, and what it shows."""

    caption: str
    height: int
    width: int
    grey: str  # base 64

    def __post_init__(self) -> None:
        _is_text(self.caption)
        if not (0 < self.height <= MAX_SIDE and 0 < self.width <= MAX_SIDE):
            raise ValueError(f"a picture has {self.height} by {self.width} pixels")
        if len(self.pixels()) != self.height * self.width:
            raise ValueError("a picture has another number of pixels than its size says")

    def pixels(self) -> bytes:
        """Return the grey values, row by row."""
        return base64.b64decode(self.grey, validate=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One thing to show below a question.

    A curve has `numbers` at 1, 2, 3, ... and the names of its two `axes`; a measure has
    one number, and a second one where a bar is to be reached; a table has its header as
    the first of its `rows`.
    """

    question: str
    kind: Kind
    title: str
    staff: bool = False
    axes: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()
    pictures: tuple[Picture, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        for text in (self.title, *self.axes, *(cell for row in self.rows for cell in row)):
            _is_text(text)
        fits = {
            Kind.CURVE: len(self.axes) == 2 and 0 < len(self.numbers) <= MAX_POINTS,
            Kind.PICTURES: 0 < len(self.pictures) <= MAX_PICTURES,
            Kind.MEASURE: len(self.numbers) in (1, 2),
            Kind.TABLE: 1 < len(self.rows) <= MAX_ROWS and _is_even(self.rows),
        }
        if not fits[self.kind] or not all(map(_is_finite, self.numbers)):
            raise ValueError(f"{self.title[:40]!r} is no {self.kind} that could be shown")

    def to_json(self) -> dict[str, Any]:
        pictures = [
            {name: getattr(picture, name) for name in picture.__slots__}
            for picture in self.pictures
        ]
        return {
            "question": self.question,
            "kind": str(self.kind),
            "title": self.title,
            "staff": self.staff,
            "axes": list(self.axes),
            "numbers": list(self.numbers),
            "pictures": pictures,
            "rows": [list(row) for row in self.rows],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Exhibit:
        return cls(
            question=str(data["question"]),
            kind=Kind(data["kind"]),
            title=data["title"],
            staff=data["staff"] is True,
            axes=tuple(data["axes"]),
            numbers=tuple(data["numbers"]),
            pictures=tuple(Picture(**picture) for picture in data["pictures"]),
            rows=tuple(tuple(row) for row in data["rows"]),
        )


def made(question: str, description: Mapping[str, Any]) -> Exhibit:
    """Return the exhibit that an author's dictionary describes.

    It has a `title` and one of `curve` (numbers, with `x` and `y`), `pictures` (pairs of
    a caption and an array of bytes, shape (height, width)), `measure` (a number, with or
    without a `bar`) and `table` (rows); and `staff`: True where students must not see it.

    Raises
    ------
    ValueError, TypeError, KeyError
        If it describes none.
    """
    common = {
        "question": question,
        "title": description["title"],
        "staff": description.get("staff") is True,
    }
    if "curve" in description:
        return Exhibit(
            kind=Kind.CURVE,
            axes=(description["x"], description["y"]),
            numbers=tuple(float(number) for number in description["curve"]),
            **common,
        )
    if "pictures" in description:
        pictures = tuple(_picture(caption, array) for caption, array in description["pictures"])
        return Exhibit(kind=Kind.PICTURES, pictures=pictures, **common)
    if "measure" in description:
        measured = [description["measure"], description.get("bar")]
        numbers = tuple(float(number) for number in measured if number is not None)
        return Exhibit(kind=Kind.MEASURE, numbers=numbers, **common)
    rows = tuple(tuple(str(cell) for cell in row) for row in description["table"])
    return Exhibit(kind=Kind.TABLE, rows=rows, **common)


def _picture(caption: str, array: Any) -> Picture:
    """Return a picture from an array of bytes, as NumPy and others have them."""
    if str(array.dtype) != "uint8" or len(array.shape) != 2:
        raise TypeError("a picture is an array of bytes with two axes")
    height, width = (int(side) for side in array.shape)
    if height * width > MAX_SIDE**2:
        raise ValueError(f"a picture has {height} by {width} pixels")
    grey = base64.b64encode(array.tobytes()).decode()
    return Picture(caption=caption, height=height, width=width, grey=grey)


def _is_text(text: object) -> None:
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        raise ValueError(f"a text is longer than {MAX_TEXT} characters, or is none")


def _is_finite(number: object) -> bool:
    return type(number) in (int, float) and math.isfinite(number)  # type: ignore[arg-type]


def _is_even(rows: Sequence[Sequence[str]]) -> bool:
    return 0 < len(rows[0]) <= MAX_COLUMNS and all(len(row) == len(rows[0]) for row in rows)
