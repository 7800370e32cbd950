"""The written answers of a submission: found, cleaned for reading, and digested.

An answer is looked for by the ids of its cells, as the worker does for code; else behind
the cell that was its neighbour; else behind the question's own text. What a student added
right beside it belongs to it. Where nothing is found, a person has to look into the
notebook: a missing answer is not an empty one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from hashlib import sha256

from gradekit.core.bundle import Bundle, Question
from gradekit.core.errors import SubmissionError
from gradekit.core.escape import printable
from gradekit.core.job import Cell
from gradekit.core.rubric import Rubric
from gradekit.submission import HandIn, read_notebook

MAX_SHOWN = 100_000  # characters of one answer: a pasted log must not stop the browser
MAX_ADDED = 50  # cells beside the one that was handed out
BORDER = re.compile(r"<!-- (BEGIN|END) QUESTION -->|grader\.check")  # the next thing begins here


class AnswerState(StrEnum):
    """What there is of an answer."""

    WRITTEN = "written"
    EMPTY = "empty"  # as it was handed out, or nothing
    MISSING = "missing"  # no cell for it was found; a person has to look
    UNREADABLE = "unreadable"  # there is no notebook in what was handed in


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCell:
    """One cell of an answer, its text fit to show."""

    kind: str  # "code", "markdown" or "raw"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenAnswer:
    """One student's answer to one written question."""

    question: str
    submission: str
    sha256: str
    """Digest of the whole file; empty if that could not be read."""
    state: AnswerState
    parts: tuple[AnswerCell, ...] = ()
    note: str = ""
    """What was assumed to find it, for whoever marks it."""

    @property
    def text(self) -> str:
        """The whole answer."""
        return "\n\n".join(part.text for part in self.parts)

    @property
    def digest(self) -> str:
        """Digest of the text alone: the same answer in another file keeps its mark."""
        parts = [str(self.state), *([part.kind, part.text] for part in self.parts)]
        return sha256(json.dumps(parts).encode()).hexdigest()


def find_answers(
    handin: HandIn, bundle: Bundle, rubrics: Mapping[str, Rubric]
) -> list[WrittenAnswer]:
    """Return the answer to each written question of the bundle, whatever was handed in."""
    questions = [question for question in bundle.questions if question.manual]
    try:
        submission = read_notebook(handin)
    except SubmissionError as error:
        return [
            WrittenAnswer(
                question=question.name,
                submission=handin.id,
                sha256="",
                state=AnswerState.UNREADABLE,
                note=printable(str(error)),
            )
            for question in questions
        ]
    finder = AnswerFinder(bundle, submission.cells, rubrics)
    answers = []
    for question in questions:
        places, note = finder.find(question)
        parts = _parts([submission.cells[place] for place in places], question)
        without_text = AnswerState.EMPTY if places else AnswerState.MISSING
        answers.append(
            WrittenAnswer(
                question=question.name,
                submission=handin.id,
                sha256=submission.sha256,
                state=AnswerState.WRITTEN if parts else without_text,
                parts=parts,
                note=note,
            )
        )
    return answers


@dataclass
class AnswerFinder:
    """Where in one notebook the written answers are; a place is the number of a cell."""

    bundle: Bundle
    cells: Sequence[Cell]
    rubrics: Mapping[str, Rubric]

    def find(self, question: Question) -> tuple[list[int], str]:
        """Return the places of an answer's cells, and what was assumed to find them."""
        rubric = self.rubrics.get(question.name, Rubric())
        # As for code: an id that was handed out is proof enough, wherever the cell is now.
        own = sorted(self._places[id_] for id_ in question.cells if id_ in self._places)
        if own:
            before = self._added_before(own[0], rubric)
            places = [*before, *own, *self._added_after(own[-1])]
            return places, self._below_another(own[0], rubric)
        # The cell lost its id, as copying it into a new notebook does. What was handed out
        # right before it, or the question's own text, may still be there.
        start, how = self._place_before(question), "its neighbours"
        if start is None:
            start, how = self._question_place(rubric), "the question's text"
        added = self._added_after(start) if start is not None else []
        if not added:
            return [], "no cell for this answer was found; look into the notebook."
        if not self._places and not self._ends_at(added[-1] + 1):
            added = added[:1]  # nothing tells where the answer ends
        return added, f"its cell is missing; this was found by {how}."

    @cached_property
    def _places(self) -> dict[str, int]:
        """The place of each id that was handed out."""
        handed_out = set(self.bundle.cells)
        return {
            cell["id"]: place for place, cell in enumerate(self.cells) if cell["id"] in handed_out
        }

    @cached_property
    def _handed_out(self) -> set[int]:
        return set(self._places.values())

    def _added_after(self, place: int) -> list[int]:
        """Return the student's own cells right behind a place."""
        added: list[int] = []
        for n in range(place + 1, min(place + 1 + MAX_ADDED, len(self.cells))):
            if n in self._handed_out or BORDER.search(self.cells[n]["source"]):
                break
            added.append(n)
        return added

    def _ends_at(self, place: int) -> bool:
        return place < len(self.cells) and bool(BORDER.search(self.cells[place]["source"]))

    def _added_before(self, place: int, rubric: Rubric) -> list[int]:
        """Return the student's own cells between the question's text and its answer cell."""
        start = max(place - MAX_ADDED, 0)
        # Only directly behind the question's own text: elsewhere it may belong to what is above.
        before = [n for n in range(start, place) if n in self._handed_out]
        own_texts = {_bare(text) for text in rubric.asks}
        if not before or _bare(self.cells[before[-1]]["source"]) not in own_texts:
            return []
        return list(range(before[-1] + 1, place))

    def _place_before(self, question: Question) -> int | None:
        """Return the place of the cell that was handed out right before the answer's."""
        order = list(self.bundle.cells)  # as handed out, whatever order the student has now
        first = order.index(question.cells[0]) if question.cells[0] in order else 0
        return self._places.get(order[first - 1]) if first else None

    def _question_place(self, rubric: Rubric) -> int | None:
        """Return the place of the question's own text."""
        text = _bare(rubric.asks[-1]) if rubric.asks else ""
        places = (place for place, cell in enumerate(self.cells) if _bare(cell["source"]) == text)
        return next(places, None) if text else None

    def _below_another(self, place: int, rubric: Rubric) -> str:
        """Return a note where an answer stands below the text of another question."""
        names = {_bare(text): name for name, other in self.rubrics.items() for text in other.asks}
        own_texts = {_bare(text) for text in rubric.asks}
        for cell in reversed(self.cells[:place]):
            text = _bare(cell["source"])
            if text in own_texts or text not in names:
                return ""
            return f"it stands below the text of {names[text]}; is it an answer to that?"
        return ""


def _bare(source: str) -> str:
    """Return a text without the comments that Otter puts around a written question."""
    return re.sub(r"<!-- (BEGIN|END) QUESTION -->", "", source).strip()


def _parts(cells: Sequence[Cell], question: Question) -> tuple[AnswerCell, ...]:
    """Return the cells that say something: not those left as they were handed out."""
    untouched = {"", *(_bare(cell.source) for cell in question.handed_out)}
    return tuple(
        AnswerCell(kind=cell["cell_type"], text=clean_text(_bare(cell["source"])))
        for cell in cells
        if _bare(cell["source"]) not in untouched
    )


def clean_text(source: str) -> str:
    """Return a text whose lines are lines and whose other control characters are spelled out."""
    text = source.strip("\n")[:MAX_SHOWN].expandtabs(4).rstrip()
    return "\n".join(map(printable, text.splitlines()))
