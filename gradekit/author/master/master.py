"""Read a master notebook, and refuse what Otter Assign lets pass.

Otter ends with exit code 0 and a leak where a marker is misspelled, in the
wrong place or in the wrong kind of cell. A master that passes here means what
it says: Otter then does the parsing and splitting (`build`). All mistakes are
reported at once, each with its cell and its remedy.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any

from gradekit.author.master import check_cell, settings, student_cells
from gradekit.author.master.blocks import Layout, Span, lay_out
from gradekit.author.master.check_cell import CheckCell
from gradekit.author.master.leftovers import leftovers
from gradekit.author.master.notebook import Cell, Mistake, cells_of, load_notebook, reading
from gradekit.core.errors import AuthorError

STAFF = ("answers", "audit.json")  # how the checks are measured; it shows solutions
GENERATED = {"tests", "README.md", "requirements.txt"}  # what a build writes beside `files:`


@dataclass(frozen=True, slots=True)
class MasterQuestion:
    """One question of the master."""

    opening: Cell
    name: str
    manual: bool
    points: Any  # as written: a number, a list, {"each": number} or None
    cells: tuple[Cell, ...]  # all between its markers, the checks excepted
    solutions: tuple[Cell, ...]  # of these, the cells between BEGIN and END SOLUTION
    prompts: tuple[Cell, ...]  # and those between BEGIN and END PROMPT
    checks: tuple[CheckCell, ...]


@dataclass(frozen=True, slots=True)
class Master:
    """A master notebook without mistakes."""

    path: Path
    cells: tuple[Cell, ...]
    questions: tuple[MasterQuestion, ...]
    files: tuple[str, ...]  # for students and the grader
    hidden_files: tuple[str, ...]  # for the grader alone
    requirements: str | list[str] | None

    @property
    def folder(self) -> Path:
        """The folder of the assignment."""
        return self.path.parent


def find_master(assignment: Path) -> Path:
    """Return the master of an assignment: a notebook, or a folder with exactly one.

    Raises
    ------
    AuthorError
        If the folder cannot be read, or holds another number of notebooks.
    """
    with reading(assignment):
        if not assignment.is_dir():
            return assignment
        notebooks = sorted(
            path
            for path in assignment.iterdir()
            if path.suffix == ".ipynb" and not path.name.startswith(".")
        )
    if len(notebooks) != 1:
        names = ", ".join(path.name for path in notebooks) or "none"
        raise AuthorError(
            f"{assignment} must hold exactly one notebook, the master, but holds: {names}. "
            "Name the notebook itself, or move the others away."
        )
    return notebooks[0]


def read_master(assignment: Path) -> Master:
    """Read the master of an assignment.

    Raises
    ------
    AuthorError
        If anything in it does not mean what it seems to; one line for each mistake.
    """
    path = find_master(assignment)
    notebook = load_notebook(path)
    cells = cells_of(notebook)
    layout = lay_out(cell for cell in cells if not cell.ignored)
    config, config_mistakes = _config(layout)
    questions, question_mistakes = _questions(layout.spans)
    with reading(path.parent):
        wrong_files = list(_wrong_files(path, config))
    mistakes = [
        *leftovers(notebook, cells),
        *layout.mistakes,
        *config_mistakes,
        *(Mistake(_config_cell(layout), text) for text in wrong_files),
        *question_mistakes,
        *_wrong_cells(layout),
        *_wrong_names(questions),
    ]
    if mistakes:
        # In the order of the notebook, so that an author mends it from top to bottom.
        order = {cell.number: n for n, cell in enumerate(cells)}
        mistakes.sort(key=lambda mistake: order[mistake.cell.number] if mistake.cell else -1)
        raise AuthorError("\n".join(dict.fromkeys(mistake.at(path) for mistake in mistakes)))
    return Master(
        path,
        tuple(cells),
        tuple(questions),
        tuple(config.get("files", [])),
        tuple(config.get("autograder_files", [])),
        config.get("requirements"),
    )


def _config_cell(layout: Layout) -> Cell | None:
    return layout.configs[0] if layout.configs else None


def _config(layout: Layout) -> tuple[dict[str, Any], list[Mistake]]:
    """Return the ASSIGNMENT CONFIG and what is wrong with it."""
    cell = _config_cell(layout)
    if cell is None:
        text = 'there is no ASSIGNMENT CONFIG. Begin with a raw cell "# ASSIGNMENT CONFIG".'
        return {}, [Mistake(None, text)]
    config, mistakes = _yaml(cell)
    wrong_keys = settings.wrong_assignment(config) if not mistakes else ()
    return config, [*mistakes, *(Mistake(cell, text) for text in wrong_keys)]


def _yaml(cell: Cell) -> tuple[dict[str, Any], list[Mistake]]:
    try:
        return settings.parsed(cell.source), []
    except ValueError as error:
        return {}, [Mistake(cell, f"the text below the marker is not YAML ({error}). Correct it.")]


def _wrong_files(path: Path, config: dict[str, Any]) -> Iterator[str]:
    """Say which listed files are missing, elsewhere or would show what is hidden."""
    public, hidden = _paths(config, "files"), _paths(config, "autograder_files")
    requirements = config.get("requirements")
    for name in (*public, *hidden, *([requirements] if isinstance(requirements, str) else [])):
        relative = PurePosixPath(name)
        if relative.is_absolute() or ".." in relative.parts or not relative.parts:
            yield f'the file "{name}" is not inside the folder of the master. Move it there.'
        elif not (path.parent / name).exists():
            yield f'the file "{name}" does not exist. Correct the name or add the file.'
    for name in public:
        # The build writes these itself, and one of the two would be lost.
        if PurePosixPath(name).parts[:1] and PurePosixPath(name).parts[0] in GENERATED:
            yield f'"{name}" under "files:" would be overwritten by the build. Rename it.'
        # In both directions: a folder hands out what is in it, and a file may lie in a hidden one.
        for secret in (*hidden, path.name, *STAFF):
            if _within(secret, name) or _within(name, secret):
                yield f'"files:" would hand "{secret}" to the students through "{name}". Part them.'


def _paths(config: dict[str, Any], key: str) -> list[str]:
    """Return the paths under a key, none where it holds something else."""
    paths = config.get(key)
    return [path for path in paths if isinstance(path, str)] if isinstance(paths, list) else []


def _within(inner: str, outer: str) -> bool:
    return PurePosixPath(inner).is_relative_to(PurePosixPath(outer))


def _questions(spans: Sequence[Span]) -> tuple[list[MasterQuestion], list[Mistake]]:
    """Read every question, with what is wrong with each."""
    questions: list[MasterQuestion] = []
    mistakes: list[Mistake] = []
    for span in spans:
        config, wrong_yaml = _yaml(span.opening)
        mistakes += wrong_yaml
        if not wrong_yaml:
            mistakes += [Mistake(span.opening, text) for text in settings.wrong_question(config)]
        checks = []
        for cell in span.of("TESTS"):
            check, texts = check_cell.read(cell)
            mistakes += [Mistake(cell, text) for text in texts]
            checks += [check] if check else []
        question = _question(span, config, checks)
        mistakes += [Mistake(span.opening, text) for text in _wrong_question(question, span)]
        mistakes += _same_functions(checks)
        questions.append(question)
    return questions, mistakes


def _question(span: Span, config: dict[str, Any], checks: list[CheckCell]) -> MasterQuestion:
    return MasterQuestion(
        opening=span.opening,
        name=str(config.get("name", "")),
        manual=config.get("manual") is True,
        points=config.get("points"),
        cells=tuple(span.of("", "PROMPT", "SOLUTION")),
        solutions=tuple(span.of("SOLUTION")),
        prompts=tuple(span.of("PROMPT")),
        checks=tuple(checks),
    )


def _wrong_question(question: MasterQuestion, span: Span) -> Iterator[str]:
    """Say what is wrong with a question as a whole."""
    if question.manual:
        if span.of("TESTS"):
            yield "a written question has no checks. Remove the TESTS or write manual: false."
        if not question.solutions and not question.prompts:
            yield "the written question has no place for an answer. Add a PROMPT or a SOLUTION."
    elif not span.of("TESTS"):
        yield "nothing marks the question. Add TESTS with a check, or write manual: true."
    elif len(question.checks) == len(span.of("TESTS")):  # else a check could not be read
        yield from _wrong_points(question)


def _wrong_points(question: MasterQuestion) -> Iterator[str]:
    """Say where the points of a question and of its checks contradict each other."""
    of_checks = [check.points for check in question.checks if check.points is not None]
    if isinstance(question.points, list):
        # For students Otter drops the hidden checks and pairs the others with the first points.
        if any(check.hidden for check in question.checks):
            yield (
                "a list of points beside a hidden check is shared out wrongly to students. "
                "Write points in the TEST CONFIG of each check."
            )
        if len(question.points) != len(question.checks):
            yield (
                f"there are {len(question.points)} points for {len(question.checks)} checks. "
                "Write points in the TEST CONFIG of each check."
            )
    if isinstance(question.points, list | dict) and of_checks:
        yield "points are given twice, to the question and to a check. Remove one."
    complete = len(of_checks) == len(question.checks)
    if question.points is None and of_checks and not complete:
        yield "some checks have points and the others would have none. Give each its points."
    if not settings.is_points(question.points) or not of_checks:
        return
    total = math.fsum(of_checks)
    if total > question.points or (complete and not math.isclose(total, question.points)):
        yield (
            f"the question has {question.points:g} points, but its checks have {total:g}. "
            "Make them equal."
        )


def _same_functions(checks: Sequence[CheckCell]) -> Iterator[Mistake]:
    """Find functions of one name: in the file, the later would replace the earlier."""
    cells: dict[str, Cell] = {}
    for check in checks:
        first = cells.setdefault(check.name, check.cell)
        if first is not check.cell:
            text = (
                f"{check.function.name} is also the name of the check in cell {first.number}, "
                "which it would replace. Rename one."
            )
            yield Mistake(check.cell, text)


def _wrong_cells(layout: Layout) -> Iterator[Mistake]:
    """Find what is wrong with the cells that students see, wholly or as stubs."""
    ordinary = chain(layout.outside, *(span.of("", "PROMPT") for span in layout.spans))
    solutions = chain.from_iterable(span.of("SOLUTION") for span in layout.spans)
    for cell in ordinary:
        yield from (Mistake(cell, text) for text in student_cells.wrong_ordinary(cell))
    for cell in solutions:
        yield from (Mistake(cell, text) for text in student_cells.wrong_solution(cell))


def _wrong_names(questions: Sequence[MasterQuestion]) -> Iterator[Mistake]:
    """Find questions of one name, also where only a file system would take them for one."""
    first_of_name: dict[str, MasterQuestion] = {}
    for question in questions:
        first = first_of_name.setdefault(question.name.lower(), question)
        if first is not question and question.name:
            text = (
                f'the question "{question.name}" has the name of the one in cell '
                f"{first.opening.number}, and Otter would merge them. Rename one."
            )
            yield Mistake(question.opening, text)
