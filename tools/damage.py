"""Notebooks damaged as students' notebooks are, with the truth about where each answer is.

    python tools/damage.py        prints how often questions are graded at the right place

The right place of a question is the last cell that holds a part of its answer cell, or
its check cell if that stands later. A question of whose answer nothing is left has no
right place, and a repair that finds one is wrong. Damage is drawn from a seed.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scipy.stats import binomtest

from gradekit.core.bundle import Bundle, Question
from gradekit.worker.matching import defined_names, plan

Cell = dict[str, Any]  # with "from": the ids of the cells it is made of
Damage = Callable[[list[Cell], random.Random, Bundle], None]


@dataclass
class Damaged:
    """A notebook, what was done to it, and what it was."""

    cells: list[Cell]
    kinds: list[str]


def solved(notebook: Path) -> list[Cell]:
    """Return the cells of a solved notebook, each of which knows what it was."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    return [
        {"id": c["id"], "cell_type": c["cell_type"], "source": "".join(c["source"]),
         "from": {c["id"]}}
        for c in cells
    ]  # fmt: skip


def lose_all_ids(cells: list[Cell], chance: random.Random, _: Bundle) -> None:
    for number, cell in enumerate(cells):
        cell["id"] = f"fresh-{number}"


def lose_some_ids(cells: list[Cell], chance: random.Random, _: Bundle) -> None:
    for number, cell in enumerate(cells):
        if chance.random() < 0.3:
            cell["id"] = f"fresh-{number}"


def swap_two_ids(cells: list[Cell], chance: random.Random, bundle: Bundle) -> None:
    answers = [cell for cell in cells if cell["id"] in answer_ids(bundle)]
    if len(answers) > 1:
        one, other = chance.sample(answers, 2)
        one["id"], other["id"] = other["id"], one["id"]


def delete_an_answer(cells: list[Cell], chance: random.Random, bundle: Bundle) -> None:
    answers = [cell for cell in cells if cell["from"] & answer_ids(bundle)]
    if answers:
        cells.remove(chance.choice(answers))


def delete_all_checks(cells: list[Cell], chance: random.Random, _: Bundle) -> None:
    cells[:] = [cell for cell in cells if "grader.check" not in cell["source"]]


def split_an_answer(cells: list[Cell], chance: random.Random, bundle: Bundle) -> None:
    """Cut a cell between two statements at its top level; the first part keeps the id."""
    for place, cell in chance.sample(list(enumerate(cells)), len(cells)):
        lines = cell["source"].splitlines()
        cuts = [n for n, line in enumerate(lines) if n and line and not line[0].isspace()]
        if cell["from"] & answer_ids(bundle) and cell["cell_type"] == "code" and cuts:
            cut = chance.choice(cuts)
            rest = {**cell, "id": f"rest-{place}", "source": "\n".join(lines[cut:])}
            cell["source"] = "\n".join(lines[:cut])
            cells.insert(place + 1, rest)
            return


def merge_with_the_next(cells: list[Cell], chance: random.Random, bundle: Bundle) -> None:
    pairs = [n for n in range(len(cells) - 1)
             if cells[n]["cell_type"] == cells[n + 1]["cell_type"] == "code"]  # fmt: skip
    if pairs:
        first = cells[n := chance.choice(pairs)]
        second = cells.pop(n + 1)
        first["source"] += "\n" + second["source"]
        first["from"] = first["from"] | second["from"]


def move_a_cell(cells: list[Cell], chance: random.Random, _: Bundle) -> None:
    cell = cells.pop(chance.randrange(len(cells)))
    cells.insert(chance.randrange(len(cells) + 1), cell)


def insert_a_scratch_cell(cells: list[Cell], chance: random.Random, _: Bundle) -> None:
    source = chance.choice(["x = 3", "print('here')", "# my notes", "import math", "%timeit 1 + 1"])
    new = {"id": f"mine-{chance.random()}", "cell_type": "code", "source": source, "from": set()}
    cells.insert(chance.randrange(len(cells) + 1), new)


def break_an_answer(cells: list[Cell], chance: random.Random, bundle: Bundle) -> None:
    """Leave a syntax error in it."""
    answers = [c for c in cells if c["from"] & answer_ids(bundle) and c["cell_type"] == "code"]
    if answers:
        chance.choice(answers)["source"] += "\nreturn ("


def duplicate_a_cell(cells: list[Cell], chance: random.Random, bundle: Bundle) -> None:
    """Copy an answer to right behind itself, as copy and paste does."""
    answers = [n for n, c in enumerate(cells) if c["from"] & answer_ids(bundle)]
    if answers:
        place = chance.choice(answers)
        cells.insert(place + 1, {**cells[place], "id": f"copy-{place}"})


DAMAGES: list[Damage] = [
    lose_all_ids, lose_some_ids, swap_two_ids, delete_an_answer, delete_all_checks,
    split_an_answer, merge_with_the_next, move_a_cell, insert_a_scratch_cell,
    break_an_answer, duplicate_a_cell,
]  # fmt: skip


def answer_ids(bundle: Bundle) -> set[str]:
    return {cell for q in bundle.questions if q.checks for cell in q.cells}


def damaged(cells: list[Cell], bundle: Bundle, seed: int) -> Damaged:
    """Return a copy with one to four kinds of damage, drawn from the seed."""
    chance = random.Random(seed)
    copy = [{**cell, "from": set(cell["from"])} for cell in cells]
    chosen = chance.sample(DAMAGES, chance.randint(1, 4))
    for damage in chosen:
        damage(copy, chance, bundle)
    return Damaged(copy, [damage.__name__ for damage in chosen])


def right_place(question: Question, cells: list[Cell]) -> int | None:
    """Return after which cell a question must be graded; None if its answer is gone."""
    answers = [n for n, c in enumerate(cells) if c["from"] & set(question.cells)]
    if not answers:
        return None
    checks = [n for n, c in enumerate(cells) if question.check_cell in c["from"]]
    return max([*answers, *checks])


def same_question(question: Question, cells: list[Cell], place: int, right: int) -> bool:
    """Return whether grading after `place` sees what grading at the right place would.

    No other cell between the two may so much as mention a name that the question asks for,
    as training mentions the network; of its own answer, no part may define one.
    """
    low, high = sorted((place, right))
    return not any(_matters(question, cell) for cell in cells[low + 1 : high + 1])


def _matters(question: Question, cell: Cell) -> bool:
    if cell["from"] & set(question.cells):
        return bool(set(question.names) & defined_names(cell))
    code = cell["cell_type"] == "code" and "grader.check" not in cell["source"]
    return code and bool(set(question.names) & set(re.findall(r"\w+", cell["source"])))


def measured(bundle: Bundle, cells: list[Cell], seeds: range) -> Counter[str]:
    """Count the questions by what became of them."""
    count: Counter[str] = Counter()
    for seed in seeds:
        found = damaged(cells, bundle, seed)
        made = plan(bundle, found.cells)
        places = {q.name: place for place, questions in made.after.items() for q in questions}
        for question in bundle.questions:
            if question.checks:
                count[_became(question, found.cells, places[question.name], made.notes)] += 1
    return count


def _became(question: Question, cells: list[Cell], place: int, notes: tuple[str, ...]) -> str:
    noted = any(note.startswith(f"question {question.name}:") for note in notes)
    right = right_place(question, cells)
    if right is None:
        return "gone, noted" if noted else "gone, silent"
    if same_question(question, cells, place, right):
        return "right"
    return "wrong, noted" if noted else "wrong, silent"


def table(count: Counter[str]) -> str:
    """Return the counts as lines, with 95 % intervals (Clopper and Pearson)."""
    total = count.total()
    lines = []
    for name in ("right", "wrong, noted", "wrong, silent", "gone, noted", "gone, silent"):
        share = binomtest(count[name], total).proportion_ci(0.95)
        lines.append(
            f"{name:<14} {count[name]:>6} of {total}  {count[name] / total:7.2%}  "
            f"[{share.low:.2%}, {share.high:.2%}]"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    ROOT = Path(__file__).parent.parent
    exercise = Bundle.load(ROOT / "autograder")
    answers = solved(ROOT / "solutions" / "cnn_mnist.ipynb")
    print(table(measured(exercise, answers, range(1000))))
