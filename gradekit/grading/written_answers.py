"""The written answers in what was handed in: found, cleaned for reading, and digested.

An answer is looked for by the ids of its cells, as `matching` does for code; else
between the cells that were its neighbours; else behind the question's own text. What a
student added right beside it belongs to it. Where nothing is found a person has to look
into the notebook, so that is not the same as an empty answer.
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

MAX_SHOWN = 100_000  # characters of one answer
MAX_ADDED = 50  # cells beside the one that was handed out
BORDER = re.compile(r"<!-- (BEGIN|END) QUESTION -->|grader\.check")  # the next thing begins here


class State(StrEnum):
    """What was found of an answer."""

    WRITTEN = "written"
    EMPTY = "empty"  # as it was handed out, or nothing
    MISSING = "missing"  # no cell for it was found; a person has to look
    UNREADABLE = "unreadable"  # there is no notebook in what was handed in


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One cell of an answer, its text fit to show."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One student's answer to one written question; `note` says what was assumed."""

    question: str
    submission: str
    sha256: str  # of the file
    state: State
    parts: tuple[Part, ...] = ()
    note: str = ""

    @property
    def text(self) -> str:
        """The whole answer."""
        return "\n\n".join(part.text for part in self.parts)

    @property
    def digest(self) -> str:
        """What the answer is known by, whatever file it comes in."""
        parts = [str(self.state), *([part.kind, part.text] for part in self.parts)]
        return sha256(json.dumps(parts).encode()).hexdigest()


def answers(handin: HandIn, bundle: Bundle, rubrics: Mapping[str, Rubric]) -> list[Answer]:
    """Return the answer to each written question of the bundle, whatever was handed in."""
    manual = [question for question in bundle.questions if question.manual]
    try:
        work = read_notebook(handin)
    except SubmissionError as error:
        note = printable(str(error))
        return [
            Answer(
                question=question.name,
                submission=handin.id,
                sha256="",
                state=State.UNREADABLE,
                note=note,
            )
            for question in manual
        ]
    place = Places(bundle, work.cells, rubrics)
    found = []
    for question in manual:
        numbers, note = place.of(question)
        parts = _parts([work.cells[number] for number in numbers], question)
        state = State.WRITTEN if parts else State.EMPTY if numbers else State.MISSING
        found.append(
            Answer(
                question=question.name,
                submission=handin.id,
                sha256=work.sha256,
                state=state,
                parts=parts,
                note=note,
            )
        )
    return found


@dataclass
class Places:
    """Where in one notebook the written answers stand."""

    bundle: Bundle
    cells: Sequence[Cell]
    rubrics: Mapping[str, Rubric]

    @cached_property
    def by_id(self) -> dict[str, int]:
        """The place of each id that was handed out."""
        known = set(self.bundle.cells)
        return {cell["id"]: n for n, cell in enumerate(self.cells) if cell["id"] in known}

    def of(self, question: Question) -> tuple[list[int], str]:
        """Return the places of an answer's cells, and what was assumed to find them."""
        rubric = self.rubrics.get(question.name, Rubric())
        own = sorted(self.by_id[cell] for cell in question.cells if cell in self.by_id)
        if own:
            before = self._added_before(own[0], rubric)
            found = [*before, *own, *self._added_behind(own[-1])]
            return found, self._below_another(own[0], rubric)
        start, how = self._neighbour(question), "its neighbours"
        if start is None:
            start, how = self._asked(rubric), "the question's text"
        behind = self._added_behind(start) if start is not None else []
        if not behind:
            return [], "no cell for this answer was found; look into the notebook."
        if not self.by_id and not self._ends(behind[-1] + 1):
            behind = behind[:1]  # nothing tells where the answer ends
        return behind, f"its cell is missing; this was found by {how}."

    def _added_behind(self, place: int) -> list[int]:
        """Return the student's own cells right behind a place."""
        found: list[int] = []
        for n in range(place + 1, min(place + 1 + MAX_ADDED, len(self.cells))):
            if n in self._handed_out or BORDER.search(self.cells[n]["source"]):
                break
            found.append(n)
        return found

    def _ends(self, place: int) -> bool:
        return place < len(self.cells) and bool(BORDER.search(self.cells[place]["source"]))

    def _added_before(self, place: int, rubric: Rubric) -> list[int]:
        """Return the student's own cells between the question's text and its answer cell."""
        start = max(place - MAX_ADDED, 0)
        before = [n for n in range(start, place) if n in self._handed_out]
        asked = {_bare(text) for text in rubric.asks}
        if not before or _bare(self.cells[before[-1]]["source"]) not in asked:
            return []
        return list(range(before[-1] + 1, place))

    @cached_property
    def _handed_out(self) -> set[int]:
        return set(self.by_id.values())

    def _neighbour(self, question: Question) -> int | None:
        """Return the place of the cell that was handed out right before the answer's."""
        order = list(self.bundle.cells)
        first = order.index(question.cells[0]) if question.cells[0] in order else 0
        return self.by_id.get(order[first - 1]) if first else None

    def _asked(self, rubric: Rubric) -> int | None:
        """Return the place of the question's own text."""
        wanted = _bare(rubric.asks[-1]) if rubric.asks else ""
        places = (n for n, cell in enumerate(self.cells) if _bare(cell["source"]) == wanted)
        return next(places, None) if wanted else None

    def _below_another(self, place: int, rubric: Rubric) -> str:
        """Return a note where an answer stands below the text of another question."""
        others = {_bare(text): name for name, one in self.rubrics.items() for text in one.asks}
        asked = {_bare(text) for text in rubric.asks}
        for cell in reversed(self.cells[:place]):
            text = _bare(cell["source"])
            if text in asked or text not in others:
                return ""
            return f"it stands below the text of {others[text]}; is it an answer to that?"
        return ""


def _bare(source: str) -> str:
    """Return a text without the comments that Otter puts around a written question."""
    return re.sub(r"<!-- (BEGIN|END) QUESTION -->", "", source).strip()


def _parts(cells: Sequence[Cell], question: Question) -> tuple[Part, ...]:
    """Return the cells that say something: not those left as they were handed out."""
    untouched = {"", *(_bare(cell.source) for cell in question.handed_out)}
    return tuple(
        Part(kind=cell["cell_type"], text=shown(_bare(cell["source"])))
        for cell in cells
        if _bare(cell["source"]) not in untouched
    )


def shown(source: str) -> str:
    """Return a text whose lines are lines and whose other control characters are spelled out."""
    cut = source.strip("\n")[:MAX_SHOWN].expandtabs(4).rstrip()
    return "\n".join(map(printable, cut.splitlines()))
