"""The solved notebook as a list of code cells, so that one answer in it can be replaced.

An answer is run after what would precede it in a submission: the given cells and the
solutions of earlier questions. Left out are the cells that only check, and those that
the author names because they take long, such as the training of a network.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from gradekit.author import AnswerBook, Built, MasterQuestion, example_answers
from gradekit.worker import defined_names

INIT = "otter-init"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCell:
    """A code cell of the solved notebook that is run."""

    id: str
    source: str


class SolvedNotebook:
    """The code cells of a build's solved notebook, in order."""

    def __init__(self, built: Built, book: AnswerBook) -> None:
        self._built, self._book = built, book

    @cached_property
    def cells(self) -> list[CodeCell]:
        """The code cells that are run, solutions included."""
        text = (self._built.solutions / self._built.notebook).read_text("utf-8")
        checks = {INIT, *(question.check_cell for question in self._built.bundle.questions)}
        cells = []
        for cell in json.loads(text)["cells"]:
            source = "".join(cell["source"])
            left_out = cell["id"] in checks or cell["id"] in self._book.skip
            if cell["cell_type"] == "code" and source.strip() and not left_out:
                cells.append(CodeCell(id=cell["id"], source=source))
        return cells

    def question(self, name: str) -> MasterQuestion:
        """Return the master's question of that name."""
        return next(question for question in self._built.master.questions if question.name == name)

    def _answer_ids(self, name: str) -> list[str]:
        return [cell.id for cell in example_answers.coding(self.question(name))]

    def _answer_range(self, name: str) -> tuple[int, int]:
        """Return the index of the first answer cell, and the index after the last one."""
        ids = self._answer_ids(name)
        indices = [index for index, cell in enumerate(self.cells) if cell.id in ids]
        return indices[0], indices[-1] + 1

    def solution(self, name: str) -> tuple[str, ...]:
        """Return the sources of the question's answer cells, solved."""
        ids = self._answer_ids(name)
        return tuple(cell.source for cell in self.cells if cell.id in ids)

    def blank(self, name: str) -> tuple[str, ...]:
        """Return the sources of the question's answer cells as students receive them."""
        cells = self._built.bundle.question(name).handed_out
        return tuple(cell.source for cell in cells if cell.cell_type == "code")

    def before(self, name: str) -> list[CodeCell]:
        """Return the cells before the question's first answer cell."""
        return self.cells[: self._answer_range(name)[0]]

    def with_answer(self, name: str, answer: Sequence[str]) -> list[str]:
        """Return the sources from the first to the last answer cell, with another answer in them.

        Given cells between the answer cells stay. An answer with more cells than the
        question continues after the last one, one with fewer leaves the others empty.
        """
        first, end = self._answer_range(name)
        ids, sources = self._answer_ids(name), iter(answer)
        cells = [
            next(sources, "") if cell.id in ids else cell.source for cell in self.cells[first:end]
        ]
        return [*cells, *sources]

    def needed(self, name: str) -> list[CodeCell]:
        """Return the earlier cells that define what the checks ask for or the solution uses.

        They are run again before each answer, since the previous answer may have changed
        in place what they define: a list, an array, the weights of a network.
        """
        used = {
            argument.arg
            for check in self.question(name).checks
            for argument in check.function.args.args
        }
        for source in self.solution(name):
            used |= {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
        return [
            cell
            for cell in self.before(name)
            if defined_names({"cell_type": "code", "source": cell.source}) & used
        ]
