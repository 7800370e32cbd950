"""What may be shown is small plain data of known shape, or it is not shown."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from gradekit.core.exhibits import Exhibit, Kind, made

CURVE = {"title": "Accuracy", "curve": [0.5, 0.75], "x": "epoch", "y": "accuracy"}
GREY = np.arange(12, dtype=np.uint8).reshape(3, 4)
ALL: dict[str, dict[str, Any]] = {
    "curve": CURVE,
    "pictures": {"title": "Misread", "pictures": [("7 read as 1", GREY)]},
    "measure": {"title": "Share", "measure": 0.9, "bar": 0.8, "staff": True},
    "table": {"title": "Numbers", "table": [["a", "b"], [1, 2.5]]},
}


@pytest.mark.parametrize("kind", ALL)
def test_an_exhibit_comes_back_from_json_as_it_went(kind: str) -> None:
    """All four kinds, through the text that a report is."""
    exhibit = made("fc", ALL[kind])
    assert exhibit.kind is Kind(kind)
    assert Exhibit.from_json(json.loads(json.dumps(exhibit.to_json()))) == exhibit


def test_a_picture_has_the_bytes_of_its_array() -> None:
    """Row by row, from black to white."""
    [picture] = made("fc", ALL["pictures"]).pictures
    assert (picture.height, picture.width) == (3, 4)
    assert picture.pixels() == bytes(range(12))


def test_whom_it_is_for_is_never_lost() -> None:
    """A measure for staff stays one; nothing else is."""
    assert [made("fc", given).staff for given in ALL.values()] == [False, False, True, False]


@pytest.mark.parametrize(
    "wrong",
    [
        {**CURVE, "curve": []},
        {**CURVE, "curve": [0.5, float("nan")]},
        {**CURVE, "curve": [0.5] * 201},
        {**CURVE, "title": "x" * 201},
        {"title": "Big", "pictures": [("", np.zeros((65, 65), np.uint8))]},
        {"title": "Floats", "pictures": [("", np.zeros((3, 4)))]},
        {"title": "Many", "pictures": [("", GREY)] * 13},
        {"title": "Ragged", "table": [["a", "b"], ["c"]]},
        {"title": "Nothing"},
    ],
    ids=lambda wrong: wrong["title"][:8],
)
def test_what_is_too_large_or_misshapen_is_no_exhibit(wrong: dict[str, Any]) -> None:
    """Neither endless lists nor pictures of another kind get into a report."""
    with pytest.raises((ValueError, TypeError, KeyError)):
        made("fc", wrong)


def test_a_report_with_fewer_pixels_than_it_says_cannot_be_read() -> None:
    """A page never meets a picture that it cannot draw."""
    data = made("fc", ALL["pictures"]).to_json()
    data["pictures"][0]["width"] = 5
    with pytest.raises(ValueError, match="another number of pixels"):
        Exhibit.from_json(data)
