"""The cells of a stranger's notebook: checked, cleaned, and each with an id of its own.

Merges, older Jupyters, Colab and text editors leave notebooks that Jupyter
itself would refuse: ids missing or double, sources of the wrong type, characters
that no file may hold. Work should survive all of that. So every repair here is
one that cannot change what an answer means, the same bytes always give the same
cells, and each kind of repair is told once, with the cells it touched.
"""

from __future__ import annotations

import re
from typing import Any

from gradekit.core.errors import SubmissionError
from gradekit.core.job import Cell

MAX_CELLS = 10_000
MAX_SOURCE = 16 << 20  # characters, all cells together
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")  # what nbformat 4.5 allows
FEWER = "Hand in the notebook of this assignment only."
TYPES = {"code", "markdown", "raw"}


class Repairs:
    """What was repaired, collected by kind so that 10,000 cells give one note."""

    def __init__(self) -> None:
        self._cells: dict[str, list[int]] = {}

    def note(self, repair: str, cell: int = 0) -> None:
        """Remember one repair, of cell number `cell` (from 1) or of the whole file (0)."""
        self._cells.setdefault(repair, []).append(cell)

    def notes(self) -> tuple[str, ...]:
        """Return one sentence for each kind of repair."""
        return tuple(_sentence(repair, cells) for repair, cells in self._cells.items())


def clean_cells(notebook: object, repairs: Repairs) -> list[Cell]:
    """Return the cells of a parsed notebook, fit for the worker.

    Raises
    ------
    SubmissionError
        If this is no notebook, has no cells, or has more than the limits allow.
    """
    numbered = [
        (number, cell)
        for number, cell in enumerate(_raw_cells(notebook, repairs), start=1)
        if _is_cell(number, cell, repairs)
    ]
    if not numbered:
        raise SubmissionError("the notebook has no cells. Hand in the notebook you worked in.")
    cells = [
        {"cell_type": _type(n, cell, repairs), "source": _source(n, cell, repairs)}
        for n, cell in numbered
    ]
    size = sum(len(cell["source"]) for cell in cells)
    if size > MAX_SOURCE:
        raise SubmissionError(
            f"the cells hold {size} characters, at most {MAX_SOURCE} are read. {FEWER}"
        )
    ids = _ids(numbered, repairs)
    return [{"id": cell_id, **cell} for cell_id, cell in zip(ids, cells, strict=True)]


def _raw_cells(notebook: object, repairs: Repairs) -> list[Any]:
    if not isinstance(notebook, dict):
        kind = "a list" if isinstance(notebook, list) else "a single value"
        raise SubmissionError(
            f"the file is JSON but not a notebook (it holds {kind}). "
            "Download the notebook again from Jupyter and hand in the new file."
        )
    cells = notebook.get("cells")
    if cells is None and isinstance(notebook.get("worksheets"), list):
        cells = _upgraded(notebook["worksheets"], repairs)
    if not isinstance(cells, list):
        raise SubmissionError(
            'the file is JSON but not a notebook (it has no list of "cells"). '
            "Download the notebook again from Jupyter and hand in the new file."
        )
    if len(cells) > MAX_CELLS:
        raise SubmissionError(
            f"the notebook has {len(cells)} cells, at most {MAX_CELLS} are read. {FEWER}"
        )
    if "cells" in notebook and notebook.get("nbformat") != 4:
        repairs.note("the file does not say that it has format 4; it was read as such")
    return cells


def _upgraded(worksheets: list[Any], repairs: Repairs) -> list[Any]:
    """Return the cells of a notebook of format 3, as nbformat itself upgrades them."""
    import nbformat  # noqa: PLC0415 - slow to import, seldom needed

    sheets = [sheet.get("cells") for sheet in worksheets if isinstance(sheet, dict)]
    cells = [cell for cells in sheets if isinstance(cells, list) for cell in cells]
    bare = [_bare_cell_of_format_3(cell) for cell in cells[: MAX_CELLS + 1]]
    format_3 = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": bare}]}
    format_4 = nbformat.convert(nbformat.from_dict(format_3), 4)  # type: ignore[no-untyped-call]
    repairs.note("format 3 was upgraded to format 4")
    return [
        {"cell_type": cell["cell_type"], "source": cell["source"]} for cell in format_4["cells"]
    ]


def _bare_cell_of_format_3(cell: object) -> dict[str, Any]:
    """Return only what has a meaning here; nbformat is not shown a stranger's structures."""
    if not isinstance(cell, dict):
        return {"cell_type": "raw", "source": "", "metadata": {}}
    text = _joined(cell.get("input", cell.get("source"))) or ""
    if cell.get("cell_type") == "code":
        code = {"input": text, "language": "python", "outputs": [], "collapsed": False}
        return {"cell_type": "code", "metadata": {}, **code}
    if cell.get("cell_type") == "heading":
        level = cell.get("level")
        level = level if isinstance(level, int) and 1 <= level <= 6 else 1
        return {"cell_type": "heading", "level": level, "source": text, "metadata": {}}
    kind = cell.get("cell_type") if cell.get("cell_type") in ("markdown", "html") else "raw"
    return {"cell_type": kind, "source": text, "metadata": {}}


def _is_cell(number: int, cell: object, repairs: Repairs) -> bool:
    if not isinstance(cell, dict):
        repairs.note("not a cell, left out", number)
    return isinstance(cell, dict)


def _type(number: int, cell: dict[str, Any], repairs: Repairs) -> str:
    kind = cell.get("cell_type")
    if isinstance(kind, str) and kind in TYPES:
        return kind
    repairs.note("of no known type, read as raw text", number)
    return "raw"


def _source(number: int, cell: dict[str, Any], repairs: Repairs) -> str:
    """Return the text of a cell, which any file and any interpreter can hold."""
    text = _joined(cell.get("source"))
    if text is None:
        repairs.note("no text in it, read as empty", number)
        return ""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # Joins the pairs that JSON wrote as two escapes, and replaces halves that stand alone.
    encodable = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    clean = encodable.removeprefix("\ufeff").replace("\0", "")
    if clean != text:
        repairs.note("characters that no notebook may hold were removed or replaced", number)
    return clean


def _joined(source: object) -> str | None:
    """Return a source, which is a text or a list of texts, or None."""
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        return "".join(source)
    return source if isinstance(source, str) else None


def _ids(cells: list[tuple[int, dict[str, Any]]], repairs: Repairs) -> list[str]:
    """Return an id for each cell: its own, or one made from its place.

    Of cells with the same id the first keeps it. Colab keeps ids in the metadata.
    """
    own_ids = [_own_id(cell) for _, cell in cells]
    used_ids = set(own_ids) - {""}
    ids: list[str] = []
    given_ids: set[str] = set()
    for (number, _), own_id in zip(cells, own_ids, strict=True):
        if own_id and own_id not in given_ids:
            ids.append(own_id)
        else:
            repairs.note(f"id {own_id} twice, the first keeps it" if own_id else "no id", number)
            ids.append(_free(f"{own_id[:50] or 'cell'}-{number}", used_ids))
        given_ids.add(ids[-1])
        used_ids.add(ids[-1])
    return ids


def _own_id(cell: dict[str, Any]) -> str:
    metadata = cell.get("metadata")
    candidates = (cell.get("id"), metadata.get("id") if isinstance(metadata, dict) else None)
    return next(
        (
            candidate
            for candidate in candidates
            if isinstance(candidate, str) and ID.fullmatch(candidate)
        ),
        "",
    )


def _free(name: str, used_ids: set[str]) -> str:
    while name in used_ids:
        name += "x"
    return name


def _sentence(repair: str, cells: list[int]) -> str:
    if cells == [0]:
        return repair
    numbers = ", ".join(str(cell) for cell in cells[:5])
    more = f" and {len(cells) - 5} more" if len(cells) > 5 else ""
    return f"cell{'s' if len(cells) > 1 else ''} {numbers}{more}: {repair}"
