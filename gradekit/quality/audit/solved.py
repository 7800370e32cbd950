"""The solved notebook as a list of steps, so that one answer in it can be replaced.

What an answer meets is what it would meet in a notebook handed in: the given cells and
the solutions before it. Left out are the cells that only check, and those that the
author names because they take long, such as the training of a network.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from gradekit.author import AnswerBook, Built, Question, example_answers
from gradekit.worker import defined

INIT = "otter-init"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A code cell of the solved notebook that runs."""

    id: str
    source: str


class Solved:
    """The code cells of a build's solved notebook, in order."""

    def __init__(self, built: Built, book: AnswerBook) -> None:
        self._built, self._book = built, book

    @cached_property
    def cells(self) -> list[Given]:
        """The code cells that run, solutions included."""
        text = (self._built.solutions / self._built.notebook).read_text("utf-8")
        checks = {INIT, *(question.check_cell for question in self._built.bundle.questions)}
        found = []
        for cell in json.loads(text)["cells"]:
            source = "".join(cell["source"])
            left_out = cell["id"] in checks or cell["id"] in self._book.skip
            if cell["cell_type"] == "code" and source.strip() and not left_out:
                found.append(Given(id=cell["id"], source=source))
        return found

    def question(self, name: str) -> Question:
        """Return the master's question of that name."""
        return next(one for one in self._built.master.questions if one.name == name)

    def _answer_ids(self, name: str) -> list[str]:
        return [cell.id for cell in example_answers.coding(self.question(name))]

    def _range(self, name: str) -> tuple[int, int]:
        """Return the places of the first answer cell, and behind the last."""
        ids = self._answer_ids(name)
        places = [place for place, cell in enumerate(self.cells) if cell.id in ids]
        return places[0], places[-1] + 1

    def solution(self, name: str) -> tuple[str, ...]:
        """Return the sources of the question's answer cells, solved."""
        ids = self._answer_ids(name)
        return tuple(cell.source for cell in self.cells if cell.id in ids)

    def blank(self, name: str) -> tuple[str, ...]:
        """Return the sources of the question's answer cells as students receive them."""
        cells = self._built.bundle.question(name).handed_out
        return tuple(cell.source for cell in cells if cell.cell_type == "code")

    def before(self, name: str) -> list[Given]:
        """Return the cells before the question's first answer cell."""
        return self.cells[: self._range(name)[0]]

    def with_answer(self, name: str, cells: Sequence[str]) -> list[str]:
        """Return what runs from the first to the last answer cell, with other answers in them."""
        first, end = self._range(name)
        ids, answers = self._answer_ids(name), iter(cells)
        found = [
            next(answers, "") if cell.id in ids else cell.source for cell in self.cells[first:end]
        ]
        return [*found, *answers]

    def needed(self, name: str) -> list[Given]:
        """Return the earlier cells that define what the checks ask for or the solution uses.

        They are run again before each answer, since the one before may have changed in
        place what they define: a list, an array, the weights of a network.
        """
        wanted = {
            argument.arg for c in self.question(name).checks for argument in c.function.args.args
        }
        for source in self.solution(name):
            wanted |= {
                node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)
            }
        return [
            cell
            for cell in self.before(name)
            if defined({"cell_type": "code", "source": cell.source}) & wanted
        ]
