"""What a broken hand-in is made of: a record of it, and a desk to make it at.

A fault is a small function. The first line of its docstring says the idea, the
last what must happen; the decorator says which rows the gradebook must show.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FULL = 10.0  # points of both automatic questions
FIRST = 6.0  # of the first alone

Notebook = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the gradebook must show: points and words of a note, or words of the reason."""

    points: float | None = None
    says: str = ""
    id: str = ""  # empty: the fault's own name


@dataclass(frozen=True, slots=True)
class Desk:
    """Where one fault is made: the folder of the class, and the notebook of the exercise."""

    folder: Path
    name: str
    blank: Notebook

    def solved(self) -> Notebook:
        """Return the student's notebook with both answers right."""
        notebook = deepcopy(self.blank)
        cell(notebook, "average")["source"] = (
            "def moving_average(x, width):\n"
            "    samples = np.asarray(x, dtype=float)\n"
            "    return np.convolve(samples, np.ones(width), 'valid') / width"
        )
        cell(notebook, "peak")["source"] = (
            "smooth = moving_average(pulse, 15)\nposition_of_peak = int(np.argmax(smooth))"
        )
        return notebook

    def hand_in(self, content: Notebook | str | bytes, file: str | bytes = "") -> Path:
        """Write a notebook, a text or bytes below the class's folder, and return the path."""
        name = file.decode("utf-8", "surrogateescape") if isinstance(file, bytes) else file
        path = self.folder / (name or f"{self.name}.ipynb")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else text(content).encode())
        return path


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One broken hand-in."""

    name: str
    idea: str
    must: str
    rows: tuple[Row, ...]
    build: Callable[[Desk], None]

    def lay(self, folder: Path, blank: Notebook) -> None:
        """Hand it in to the class whose folder this is."""
        self.build(Desk(folder, self.name, blank))


def fault(
    faults: list[Fault], *rows: Row, points: float | None = None, says: str = ""
) -> Callable[[Callable[[Desk], None]], Callable[[Desk], None]]:
    """Return a decorator that appends a function to `faults`, with the rows it must have."""

    def register(build: Callable[[Desk], None]) -> Callable[[Desk], None]:
        name = build.__name__.replace("_", "-")
        idea, must = inspect.cleandoc(build.__doc__ or "").split("\n\n")
        expected = rows or (Row(points=points, says=says),)
        shown = tuple(Row(points=r.points, says=r.says, id=r.id or name) for r in expected)
        faults.append(Fault(name=name, idea=idea, must=must, rows=shown, build=build))
        return build

    return register


def cell(notebook: Notebook, cell_id: str) -> dict[str, Any]:
    """Return the cell with this id."""
    return next(one for one in notebook["cells"] if one.get("id") == cell_id)


def place(notebook: Notebook, cell_id: str) -> int:
    """Return where the cell with this id stands."""
    return notebook["cells"].index(cell(notebook, cell_id))


def code(source: str, **extra: Any) -> dict[str, Any]:
    """Return a new code cell."""
    made = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    return {**made, "source": source, **extra}


def text(notebook: Notebook | str) -> str:
    """Return a notebook as Jupyter writes it."""
    return notebook if isinstance(notebook, str) else json.dumps(notebook, indent=1)
