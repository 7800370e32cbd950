"""Which cell of a submission answers which question, and when to grade it.

Each question is graded where it stands: after its last answer cell, or its check
cell if that comes later. A student may have renamed the file, moved cells, deleted
them or written the answer elsewhere, so a cell is looked for by its id, then by the
check it calls, then by the names it defines; what was assumed is noted.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradekit.bundle import Bundle, Question

Cell = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The questions to grade after each cell, by the cell's place; -1 is before all."""

    after: Mapping[int, tuple[Question, ...]]
    notes: tuple[str, ...]


def plan(bundle: Bundle, cells: Sequence[Cell]) -> Plan:
    """Return when to grade each automatic question of the bundle."""
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        places.setdefault(cell["id"], place)
    known = frozenset(bundle.cells)
    after: dict[int, list[Question]] = {}
    notes: list[str] = []
    for question in bundle.questions:
        if question.checks:
            place, note = _place(question, known, cells, places)
            after.setdefault(place, []).append(question)
            notes += [note] if note else []
    notes += _moved(bundle, places)
    return Plan(after={place: tuple(found) for place, found in after.items()}, notes=tuple(notes))


def _place(
    question: Question, known: frozenset[str], cells: Sequence[Cell], places: Mapping[str, int]
) -> tuple[int, str]:
    """Return after which cell to grade a question, and what was assumed."""
    answers = [places[cell] for cell in question.cells if cell in places]
    check = _check_cell(question, cells, places)
    wanted = set(question.names)
    note = ""
    if not answers and (found := [n for n, cell in enumerate(cells) if wanted & defined(cell)]):
        answers = found[-1:]
        names = ", ".join(sorted(wanted & defined(cells[answers[0]])))
        note = (
            f"question {question.name}: its cell is missing; the answer was found in cell "
            f"{answers[0] + 1}, which defines {names}."
        )
    if not answers and check is None:
        note = f"question {question.name}: its cells are missing; graded after the last cell."
        return len(cells) - 1, note
    last = max([*answers, *([check] if check is not None else [])])
    return _with_additions(last, wanted, known, cells), note


def _with_additions(
    place: int, wanted: set[str], known: frozenset[str], cells: Sequence[Cell]
) -> int:
    """Go on over cells the student added right behind, if they define the answer anew."""
    last = place
    for n in range(place + 1, len(cells)):
        if cells[n]["id"] in known:
            break
        last = n if wanted & defined(cells[n]) else last
    return last


def _check_cell(question: Question, cells: Sequence[Cell], places: Mapping[str, int]) -> int | None:
    pattern = re.compile(rf"""grader\.check\(\s*["']{re.escape(question.name)}["']\s*\)""")
    for place, cell in enumerate(cells):
        if cell["cell_type"] == "code" and pattern.search(cell["source"]):
            return place
    return places.get(question.check_cell or "")


def _moved(bundle: Bundle, places: Mapping[str, int]) -> list[str]:
    """Note the answers that stand in another order than in the exercise, as few as explain it."""
    found = []
    for question in bundle.questions:
        here = [places[cell] for cell in question.cells if cell in places]
        if here:
            found.append((max(here), question))
    kept = _longest_rise([place for place, _ in found])
    return [
        f"question {question.name}: its cell was moved; matched by its id."
        for n, (_, question) in enumerate(found)
        if n not in kept
    ]


def _longest_rise(places: Sequence[int]) -> set[int]:
    """Return the indices of a longest subsequence that does not fall."""
    best: list[list[int]] = []  # ending at each index
    for n, place in enumerate(places):
        before = [chain for chain in best if places[chain[-1]] <= place]
        best.append([*_longest(before), n])
    return set(_longest(best))


def _longest(chains: Sequence[list[int]]) -> list[int]:
    longest: list[int] = []
    for chain in chains:
        longest = chain if len(chain) > len(longest) else longest
    return longest


def defined(cell: Cell) -> set[str]:
    """Return the names that a code cell defines at its top level, if it can be parsed."""
    if cell["cell_type"] != "code":
        return set()
    try:
        tree = ast.parse(_without_magics(cell["source"]))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    names: set[str] = set()
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(statement.name)
        elif isinstance(statement, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).split(".")[0] for alias in statement.names}
        else:
            names |= _stored(statement)
    return names


def _stored(statement: ast.stmt) -> set[str]:
    return {
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _without_magics(source: str) -> str:
    return "\n".join(
        "pass" if line.startswith(("%", "!")) else line for line in source.splitlines()
    )
