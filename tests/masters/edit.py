"""Derive masters from the good one, by one edit each."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

AVERAGES = Path(__file__).parent / "averages"


class Edit:
    """The good master, open for changes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "averages.ipynb"
        self.notebook: dict[str, Any] = json.loads(self.path.read_text("utf-8"))

    def cell(self, cell_id: str) -> dict[str, Any]:
        return next(cell for cell in self.notebook["cells"] if cell["id"] == cell_id)

    def write(self, cell_id: str, source: str, kind: str | None = None) -> None:
        """Give a cell another source, and another kind if one is named."""
        cell = self.cell(cell_id)
        self.notebook["cells"][self._place(cell_id)] = _cell(
            kind or cell["cell_type"], cell_id, source
        )

    def replace(self, cell_id: str, old: str, new: str) -> None:
        """Replace a text that stands in a cell exactly once."""
        source = "".join(self.cell(cell_id)["source"])
        assert source.count(old) == 1, (cell_id, old)
        self.write(cell_id, source.replace(old, new))

    def retype(self, kind: str, *cell_ids: str) -> None:
        """Make cells of another kind, their sources unchanged."""
        for cell_id in cell_ids:
            self.write(cell_id, "".join(self.cell(cell_id)["source"]), kind)

    def insert(self, after: str, kind: str, cell_id: str, source: str) -> None:
        self.notebook["cells"].insert(self._place(after) + 1, _cell(kind, cell_id, source))

    def remove(self, cell_id: str) -> None:
        del self.notebook["cells"][self._place(cell_id)]

    def move(self, cell_id: str, after: str) -> None:
        cell = self.cell(cell_id)
        self.remove(cell_id)
        self.notebook["cells"].insert(self._place(after) + 1, cell)

    def save(self) -> None:
        self.path.write_text(json.dumps(self.notebook, indent=1), "utf-8")

    def _place(self, cell_id: str) -> int:
        return [cell["id"] for cell in self.notebook["cells"]].index(cell_id)


def derive(target: Path, change: Callable[[Edit], object] | None = None) -> Path:
    """Copy the good master to `target`, change it, and return the folder."""
    shutil.copytree(AVERAGES, target)
    edit = Edit(target)
    if change is not None:
        change(edit)
    edit.save()
    return target


def _cell(kind: str, cell_id: str, source: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": cell_id, "metadata": {}, "source": source}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell
