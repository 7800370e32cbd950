"""Which cell of a submission answers which question, and when to grade it.

Each question is graded where it stands: after its last answer cell, or its check
cell if that comes later. A student may have renamed the file, moved cells, deleted
them, split them, copied everything into a new notebook or written the answer
elsewhere. So a cell is looked for by its id; by its text, if that was left as it was
handed out; by the names that only this question asks for; and by its likeness to what
was handed out. What was assumed is noted, because it may change marks.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from gradekit.core.bundle import Bundle, Question
from gradekit.core.job import Cell

# Two short functions that have nothing to do with each other share about half of their words.
ALIKE = 0.6  # likeness from which two cells may be the same one
MAX_COMPARED = 20_000  # characters of a cell
CLEAR = 0.15  # by which the likest cell has to be ahead of the next


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The questions to grade after each cell, by the position of the cell; -1 is before all."""

    after: Mapping[int, tuple[Question, ...]]
    notes: tuple[str, ...]


def plan(bundle: Bundle, cells: Sequence[Cell]) -> Plan:
    """Return when to grade each automatic question of the bundle."""
    search = Search(bundle, cells)
    after: dict[int, list[Question]] = {}
    for question in search.questions:
        after.setdefault(search.position(question), []).append(question)
    notes = [*search.notes, *_moved(search)]
    return Plan(
        after={position: tuple(questions) for position, questions in after.items()},
        notes=tuple(notes),
    )


@dataclass
class Search:
    """One notebook, searched for the answers of one bundle."""

    bundle: Bundle
    cells: Sequence[Cell]
    notes: list[str] = field(default_factory=list)

    @cached_property
    def questions(self) -> list[Question]:
        """The questions that are graded here."""
        return [question for question in self.bundle.questions if question.checks]

    @cached_property
    def by_id(self) -> dict[str, int]:
        """The position of each id."""
        positions: dict[str, int] = {}
        for position, cell in enumerate(self.cells):
            positions.setdefault(cell["id"], position)
        return positions

    @cached_property
    def names(self) -> list[set[str]]:
        """The names that each cell defines."""
        return [defined_names(cell) for cell in self.cells]

    @cached_property
    def words(self) -> list[Counter[str]]:
        """The words of each cell."""
        return [_words(cell["source"]) for cell in self.cells]

    @cached_property
    def own(self) -> dict[str, set[str]]:
        """The names that one question asks for and no other, by question."""
        count = Counter(name for question in self.questions for name in set(question.names))
        return {q.name: {name for name in q.names if count[name] == 1} for q in self.questions}

    def position(self, question: Question) -> int:
        """Return after which cell to grade a question, and note what was assumed."""
        answers = self._by_id(question)
        check = self._check_cell(question)
        if not answers:
            answers = self._elsewhere(question, check)
        if not answers and check is None:
            self._note(question, "its cells are missing; graded after the last cell.")
            return len(self.cells) - 1
        if not answers:
            self._note(question, "its answer cell is missing; graded at its check.")
        last = max([*answers, *([check] if check is not None else [])])
        return self._with_additions(question, last)

    def known(self, question: Question) -> dict[int, str]:
        """Return the positions of the question's own ids, with the kind of cell handed out."""
        kinds = [cell.cell_type for cell in question.handed_out] or ["code"] * len(question.cells)
        pairs = zip(question.cells, kinds, strict=True)
        return {self.by_id[cell]: kind for cell, kind in pairs if cell in self.by_id}

    def _by_id(self, question: Question) -> list[int]:
        """Return the cells with the question's ids, unless they plainly hold something else."""
        kinds = self.known(question)
        for position, kind in list(kinds.items()):
            if self.cells[position]["cell_type"] == kind:
                continue
            if kind == "code":
                self._note(
                    question,
                    f"its cell {position + 1} is no longer code and was not run. "
                    "Make it a code cell and hand in again.",
                )
            else:  # the id of a text on a cell of code: it came there by accident
                del kinds[position]
        return list(kinds) if not kinds or self._plausible(question, max(kinds)) else []

    def _plausible(self, question: Question, position: int) -> bool:
        """Return whether the cell with the id may hold the answer; noted where that is doubtful.

        It may not if it defines nothing of this question's, and something of another's or
        another cell does define it. What stands right behind it belongs to it.
        """
        own = self.own[question.name]
        last = self._with_additions(question, position)
        defined_here: set[str] = set().union(*self.names[position : last + 1])
        of_others = {name for q in self.questions if q is not question for name in self.own[q.name]}
        if not own or defined_here & own:
            return True
        if defined_here & of_others or self._defining(own):
            return False
        if self.cells[position]["source"] not in (cell.source for cell in question.handed_out):
            text = f"its cell {position + 1} does not define {_listed(own)}, or cannot be parsed."
            self._note(question, text)
        return True

    def _defining(self, own: set[str]) -> list[int]:
        """Return the cells that define one of these names and are not the exercise's own code."""
        answers = {cell for question in self.bundle.questions for cell in question.cells}
        exercise_cells = set(self.bundle.cells) - answers
        positions = enumerate(zip(self.cells, self.names, strict=True))
        return [
            n for n, (cell, names) in positions if names & own and cell["id"] not in exercise_cells
        ]

    def _elsewhere(self, question: Question, check: int | None) -> list[int]:
        """Return the cell that holds the answer although it has not the id, noted."""
        own = self.own[question.name]
        is_text = any(cell.cell_type != "code" for cell in question.handed_out)
        defining = [] if is_text else self._defining(own)
        if defining:
            names = _listed(self.names[defining[-1]] & own)
            assumption = f"the answer was found in cell {defining[-1] + 1}, which defines {names}."
            self._note(question, f"{self._why_elsewhere(question)}; {assumption}")
            return defining[-1:]
        likest = self._likest(question)
        if likest is not None:
            position, likeness = likest
            same = "has the text" if likeness == 1 else "is most like the one"
            assumption = f"cell {position + 1} {same} that was handed out, and is taken for it."
            if names := _listed(self.names[position] & own):  # merged into a cell of the exercise's
                assumption = f"the answer was found in cell {position + 1}, which defines {names}."
            self._note(question, f"{self._why_elsewhere(question)}; {assumption}")
            return [position]
        names_asked = set(question.names)
        if check is None and (
            mentioning := [n for n, s in enumerate(self.names) if s & names_asked]
        ):
            names = _listed(self.names[mentioning[-1]] & names_asked)
            assumption = (
                f"the answer was looked for in cell {mentioning[-1] + 1}, which defines {names}."
            )
            self._note(question, f"{self._why_elsewhere(question)}; {assumption}")
            return mentioning[-1:]
        return []

    def _why_elsewhere(self, question: Question) -> str:
        """Return why the answer was looked for in a cell that has not the question's id."""
        if self.known(question):
            return "the cell with its id defines nothing of it"
        return "its cell is missing"

    def _likest(self, question: Question) -> tuple[int, float] | None:
        """Return the cell most like the last one handed out, and how like, if it stands out."""
        if not question.handed_out:
            return None
        handed_out = question.handed_out[-1]
        text = _words(handed_out.source)
        claimed = {position for q in self.questions for position in self.known(q)}
        ratios = sorted(
            (
                (_likeness(text, self.words[position]), position)
                for position, cell in enumerate(self.cells)
                if position not in claimed and cell["cell_type"] == handed_out.cell_type
            ),
            reverse=True,
        )
        best, position = ratios[0] if ratios else (0.0, -1)
        second = ratios[1][0] if len(ratios) > 1 else 0.0
        # A text that was left as it was handed out needs no lead; nobody else has it.
        clear = best == 1 > second or best - second >= CLEAR
        return (position, best) if best >= ALIKE and clear else None

    def _with_additions(self, question: Question, position: int) -> int:
        """Go on over cells the student added right behind, if they define the answer anew."""
        handed_out, names = frozenset(self.bundle.cells), set(question.names)
        last = position
        for n in range(position + 1, len(self.cells)):
            if self.cells[n]["id"] in handed_out or self._check_of_another(question, n):
                break
            last = n if names & self.names[n] else last
        return last

    def _check_cell(self, question: Question) -> int | None:
        for position, cell in enumerate(self.cells):
            if cell["cell_type"] == "code" and question.name in _checked(cell):
                return position
        return self.by_id.get(question.check_cell or "")

    def _check_of_another(self, question: Question, position: int) -> bool:
        """Return whether another question begins to be asked here, though all ids are lost."""
        other_names = {q.name for q in self.questions} - {question.name}
        foreign = {name for name in other_names for name in self.own[name]}
        return bool(
            other_names & set(_checked(self.cells[position])) or foreign & self.names[position]
        )

    def _note(self, question: Question, text: str) -> None:
        self.notes.append(f"question {question.name}: {text}")


def _moved(search: Search) -> Iterator[str]:
    """Note the answers that stand in another order than in the exercise, as few as explain it."""
    positions = []
    for question in search.bundle.questions:
        known = search.known(question)
        if known:
            positions.append((max(known), question))
    in_order = _longest_rise([position for position, _ in positions])
    for n, (_, question) in enumerate(positions):
        if n not in in_order:
            yield f"question {question.name}: its cell was moved; matched by its id."


def _longest_rise(positions: Sequence[int]) -> set[int]:
    """Return the indices of a longest subsequence that does not fall."""
    best: list[list[int]] = []  # ending at each index
    for n, position in enumerate(positions):
        before = [chain for chain in best if positions[chain[-1]] <= position]
        best.append([*_longest(before), n])
    return set(_longest(best))


def _longest(chains: Sequence[list[int]]) -> list[int]:
    longest: list[int] = []
    for chain in chains:
        longest = chain if len(chain) > len(longest) else longest
    return longest


def _checked(cell: Cell) -> list[str]:
    """Return the questions whose checks a cell runs."""
    return re.findall(r"""grader\.check\(\s*["']([^"']+)["']\s*\)""", cell["source"])


def _words(source: str) -> Counter[str]:
    """Return how often each word and each sign stands in the beginning of a cell."""
    return Counter(re.findall(r"\w+|[^\w\s]", source[:MAX_COMPARED]))


def _likeness(handed_out: Counter[str], candidate: Counter[str]) -> float:
    """Return how like two cells are, from 0 to 1.

    The mean of two shares: of the words handed out that are found, which an answer added
    to them does not lower, and of the words of both that are common (Dice's coefficient).
    It takes no longer for hostile texts than for others.
    """
    common = (handed_out & candidate).total()
    if not common:
        return 0.0
    return (common / handed_out.total() + 2 * common / (handed_out.total() + candidate.total())) / 2


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names))


def defined_names(cell: Cell) -> set[str]:
    """Return the names that a code cell defines at its top level, if it can be parsed."""
    if cell["cell_type"] != "code":
        return set()
    try:
        tree = ast.parse(_without_magics(cell["source"]))
    # The last three are raised at null bytes and at brackets thousands deep.
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
