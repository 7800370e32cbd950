"""The cells of a master notebook, and where a mistake stands.

Authors count cells from 1 and see ids only in the file, so an error names both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradekit.core.errors import AuthorError

IGNORED = re.compile(r"(##\s*ignore\s*##\s*|#\s*ignore\s*)", re.IGNORECASE)  # Otter's own test


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `number` counts from 1."""

    number: int
    id: str
    kind: str  # code, markdown or raw
    source: str
    node: Mapping[str, Any]

    @property
    def first_line(self) -> str:
        """The line on which Otter looks for a marker."""
        return self.source.split("\n", 1)[0]

    @property
    def ignored(self) -> bool:
        """Whether Otter leaves the whole cell out."""
        return IGNORED.match(self.source) is not None


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a cell, or with the notebook where `cell` is None, and what to do."""

    cell: Cell | None
    text: str

    def at(self, path: Path) -> str:
        """Return the sentence that names the file, the cell and the remedy."""
        where = f", cell {self.cell.number} ({self.cell.id or 'no id'})" if self.cell else ""
        return f"{path}{where}: {self.text}"


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Say of a file or folder that cannot be read that its author can mend it, and how."""
    try:
        yield
    except OSError as error:
        raise AuthorError(
            f"{error.filename or path} cannot be read ({error.strerror}). "
            "Allow this user to read it."
        ) from error


def load_notebook(path: Path) -> dict[str, Any]:
    """Read a notebook of format 4.5 or later, the first that gives cells an id.

    Raises
    ------
    AuthorError
        If the file is missing, is not a notebook or is older than that.
    """
    try:
        data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise AuthorError(f"{path} cannot be read ({error.strerror}). Name a notebook.") from error
    except ValueError as error:
        raise AuthorError(
            f"{path} is not a notebook ({error}). Save it again in Jupyter."
        ) from error
    if not _has_cells(data):
        raise AuthorError(f"{path} has no list of sound cells. Save it again in Jupyter.")
    if (data.get("nbformat"), data.get("nbformat_minor", 0)) < (4, 5):
        raise AuthorError(f"{path} is older than format 4.5. Save it again in a current Jupyter.")
    return data


def _has_cells(data: Any) -> bool:
    """Whether the outer shape is that of a notebook, so that the rest can rely on it."""
    if not isinstance(data, dict) or not isinstance(data.get("cells"), list):
        return False
    return isinstance(data.get("metadata"), dict) and all(map(_is_cell, data["cells"]))


def _is_cell(node: Any) -> bool:
    """Whether a cell has metadata, and a source that is a text or lines of text."""
    if not isinstance(node, dict) or not isinstance(node.get("metadata"), dict):
        return False
    source = node.get("source")
    lines = source if isinstance(source, list) else [source]
    return all(isinstance(line, str) for line in lines)


def cells_of(notebook: Mapping[str, Any]) -> list[Cell]:
    """Return the cells in order, sources joined, line ends made equal."""
    return [
        Cell(
            number,
            str(node.get("id", "")),
            str(node.get("cell_type", "")),
            text_of(node.get("source", "")).replace("\r\n", "\n"),
            node,
        )
        for number, node in enumerate(notebook["cells"], 1)
    ]


def text_of(source: str | Sequence[str]) -> str:
    """Return a source that is stored as a text or as a list of lines as a text."""
    return source if isinstance(source, str) else "".join(source)
