"""What a notebook carries beside its sources.

Otter hands outputs of checks, attachments and metadata on as they are, and an
answer may hide in each. A master has none of them: it is saved without.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gradekit.author.master.notebook import Cell, Mistake

CELL_METADATA = {"tags", "editable", "deletable", "trusted", "collapsed", "scrolled"}
NOTEBOOK_METADATA = {"kernelspec", "language_info"}
# By these tags Otter itself notes what becomes of a cell; `otter_include` shows a rubric.
OTTERS_TAGS = {"otter_answer_cell", "otter_include", "otter_assign_solution_cell"}
# No blanks and no long texts: a tag is handed on, so a whole answer could be written in it.
TAG = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,29}")
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
OF_A_BUILD = re.compile(r"(check|answer|otter)-.*")  # ids of the cells that a build adds


def leftovers(notebook: Mapping[str, Any], cells: Sequence[Cell]) -> Iterator[Mistake]:
    """Find what does not belong into a master, cell by cell."""
    metadata = notebook.get("metadata", {})
    for key in sorted(set(metadata) - NOTEBOOK_METADATA):
        yield Mistake(
            None, f'the notebook metadata has "{key}", which students would get. Remove it.'
        )
    kernel = metadata.get("kernelspec")
    if not isinstance(kernel, dict):
        yield Mistake(None, "the notebook names no kernel. Choose one in Jupyter and save it.")
    elif str(kernel.get("language", "python")).lower() != "python":
        yield Mistake(None, "the notebook is not for Python. Choose a Python kernel.")
    id_counts = Counter(cell.id for cell in cells)
    for cell in cells:
        yield from (Mistake(cell, text) for text in _in_cell(cell, id_counts[cell.id]))


def _in_cell(cell: Cell, id_count: int) -> Iterator[str]:
    yield from _wrong_id(cell.id, id_count)
    if cell.kind not in ("code", "markdown", "raw"):
        yield f'"{cell.kind}" is no kind of cell. Save the notebook again in Jupyter.'
    if cell.node.get("outputs"):
        yield "the cell has outputs. Clear all outputs and save the master."
    if cell.node.get("attachments"):
        yield (
            "the cell has attachments, which Otter hands on. Keep pictures as files, listed "
            'under "files:".'
        )
    if any(line.strip() == "```otter" for line in cell.source.split("\n")):
        yield (
            'the line "```otter" makes Otter cut the cell into a text and a marker. '
            "Put the marker in a raw cell of its own, or reword the line."
        )
    yield from _wrong_metadata(cell.node["metadata"])
    if cell.ignored and cell.first_line.rstrip() not in ("# IGNORE", "## IGNORE ##"):
        yield (
            "the first line begins with # ignore, so Otter would drop the cell. "
            'Reword it, or write exactly "# IGNORE".'
        )


def _wrong_id(cell_id: str, count: int) -> Iterator[str]:
    # The grader finds an answer by its id, so two cells of one id would be taken for each other.
    if not ID.fullmatch(cell_id):
        yield "the cell has no usable id. Give it one of letters, digits and dashes."
    elif count > 1:
        yield f'the id "{cell_id}" belongs to {count} cells. Give each its own.'
    elif OF_A_BUILD.fullmatch(cell_id):
        yield f'the id "{cell_id}" is kept for cells that the build adds. Choose another.'


def _wrong_metadata(metadata: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted(set(metadata) - CELL_METADATA):
        yield f'the cell metadata has "{key}", which students would get. Remove it.'
    tags = metadata.get("tags", [])
    for tag in tags if isinstance(tags, list) else [tags]:
        if tag in OTTERS_TAGS or not TAG.fullmatch(str(tag)):
            yield f'the tag "{tag}" is Otter\'s own or not a word. Remove it.'
    for key in CELL_METADATA - {"tags"} & set(metadata):
        if not isinstance(metadata[key], bool | None):
            yield f'the cell metadata "{key}" is not true or false. Remove it.'
