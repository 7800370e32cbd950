"""Give built notebooks equal bytes for equal content.

Otter names the cells that it adds at random. Here they get names that say what
they are, everything that only depends on a machine goes, and so does the check
cell of a question whose checks are all hidden: it would say "all passed".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from gradekit.author.master import Master, MasterQuestion, text_of
from gradekit.core.errors import AuthorError

CHECK_CALL = re.compile(r'grader\.check\("(\w+)"\)')
RESPONSE = "_Type your answer here, replacing this text._"  # Otter's, where there is no PROMPT
ADDED_BY_OTTER = {  # a text that only this added cell holds, and the id that the cell gets
    "grader = otter.Notebook(": "otter-init",
    "grader.check_all()": "otter-check-all",
    "To double-check your work": "otter-check-all-text",
    "grader.export(": "otter-export",
    "The cell below will generate a zip file": "otter-export-text",
}
CELL_METADATA = ("deletable", "editable", "tags")
KERNEL_KEYS = ("display_name", "language", "name")


def normalised_notebook(path: Path, master: Master) -> dict[str, Any]:
    """Return a notebook that Otter wrote, with stable ids and without what is not content.

    Raises
    ------
    AuthorError
        If a raw cell is left in it, which Otter did not take for a marker.
    """
    notebook = json.loads(path.read_text(encoding="utf-8"))
    with_public_checks = {question.name for question in master.questions if has_public(question)}
    cells = []
    ids = _CellIds(master)
    for cell in notebook["cells"]:
        source = text_of(cell["source"])
        if cell["cell_type"] == "raw":
            raise AuthorError(
                f"{master.path}: students would receive the raw cell {cell['id']}, which Otter "
                "did not take for a marker. Correct the marker, or make it a text cell."
            )
        check_call = CHECK_CALL.fullmatch(source.strip())
        if check_call and check_call[1] not in with_public_checks:
            continue
        cells.append(_cell(cell, ids.of(cell["id"], source), source))
    return {
        "cells": cells,
        "metadata": _metadata(notebook["metadata"]),
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def json_text(data: Mapping[str, Any]) -> str:
    """Return JSON as it is committed: sorted keys, indent 1, a newline at the end."""
    return json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def has_public(question: MasterQuestion) -> bool:
    """Whether students get a check of this question."""
    return any(not check.hidden for check in question.checks)


class _CellIds:
    """The ids of the cells of one notebook, asked for in order."""

    def __init__(self, master: Master) -> None:
        self._of_master = {cell.id for cell in master.cells}
        self._responses: Iterator[str] = iter(
            f"answer-{question.name}" for question in master.questions if gets_response(question)
        )
        self._unnamed = 0

    def of(self, cell_id: str, source: str) -> str:
        """Return the id of a cell: its own, or one that says why Otter added it."""
        if cell_id in self._of_master:
            return cell_id
        if check_call := CHECK_CALL.fullmatch(source.strip()):
            return f"check-{check_call[1]}"
        if RESPONSE in source:
            return next(self._responses)
        for text, name in ADDED_BY_OTTER.items():
            if text in source:
                return name
        self._unnamed += 1  # the empty cells around a question for Otter's PDF
        return f"otter-{self._unnamed}"


def gets_response(question: MasterQuestion) -> bool:
    """Whether Otter adds a text cell for the answer: a written question without PROMPT."""
    written = any(cell.kind == "markdown" for cell in question.solutions)
    return question.manual and written and not question.prompts


def _cell(cell: Mapping[str, Any], cell_id: str, source: str) -> dict[str, Any]:
    """Return a cell with its content and nothing else."""
    content: dict[str, Any] = {
        "cell_type": cell["cell_type"],
        "id": cell_id,
        "metadata": {
            key: cell["metadata"][key] for key in CELL_METADATA if key in cell["metadata"]
        },
        "source": source.splitlines(keepends=True),
    }
    if cell["cell_type"] == "code":
        content |= {"execution_count": None, "outputs": []}
    return content


def _metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return kernel, language and Otter's own keys, without versions that differ."""
    kernel = metadata["kernelspec"]
    content: dict[str, Any] = {
        "kernelspec": {key: kernel[key] for key in KERNEL_KEYS if key in kernel},
        "language_info": {"name": "python"},
    }
    if "otter" in metadata:
        content["otter"] = metadata["otter"]
    return content
