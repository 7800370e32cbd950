"""What a build says of itself: the `Bundle` that its manifest holds, and the rubrics.

The worker reads questions, checks, points and cells there instead of guessing from the
notebook, and a changed file of the bundle shows in its digest.
"""

from __future__ import annotations

import ast
import contextlib
import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from gradekit.author.master import Cell, Master, MasterQuestion
from gradekit.author.normalise import gets_response
from gradekit.core import bundle as bundles
from gradekit.core.bundle import MANIFEST, Bundle
from gradekit.core.errors import AuthorError


def describe(master: Master, student: Mapping[str, Any], folder: Path) -> Bundle:
    """Return the bundle in a folder whose other files are written already.

    Parameters
    ----------
    master : Master
        What the author wrote.
    student : Mapping
        The notebook that students receive.
    folder : Path
        The bundle's folder; its check files are read back, its files get their digests.

    Raises
    ------
    AuthorError
        If Otter cannot read the checks of a question back.
    """
    cells = {cell["id"]: cell for cell in student["cells"]}
    questions = tuple(_question(question, master, cells, folder) for question in master.questions)
    return Bundle(
        folder=folder,
        assignment=master.path.stem,
        notebook=master.path.name,
        out_of=math.fsum(question.out_of for question in questions if not question.manual),
        questions=questions,
        cells=tuple(cell["id"] for cell in student["cells"]),
        imports=tuple(imports(student)),
        files=digests(folder),
    )


def imports(student: Mapping[str, Any]) -> list[str]:
    """Return the modules that a notebook for students imports, in its order, Otter left out.

    Names that only a `from` line tells apart from modules (`from torch import nn`) are
    no modules of their own here.
    """
    modules: dict[str, None] = {}  # a set that keeps the order
    for cell in student["cells"]:
        with contextlib.suppress(SyntaxError):  # a magic, or a stub that the student completes
            tree = ast.parse("".join(cell["source"]) if cell["cell_type"] == "code" else "")
            for node in tree.body:
                if isinstance(node, ast.Import):
                    modules |= dict.fromkeys(alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    modules[node.module] = None
    return [name for name in modules if name.split(".")[0] != "otter"]


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below a folder but the manifest, by relative path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / MANIFEST
    }


def _question(
    question: MasterQuestion, master: Master, cells: Mapping[str, Mapping[str, Any]], folder: Path
) -> bundles.Question:
    """Return what the manifest says of a question; `cells` are those that students receive."""
    checks: list[bundles.Check] = []
    if not question.manual:
        checks = _checks(question, folder / "tests" / f"{question.name}.py")
    parameters = {
        argument.arg
        for check in question.checks
        for argument in (*check.function.args.args, *check.function.args.kwonlyargs)
    }
    answer_cells = _answer_cells(question, master, list(cells))
    check_cell = f"check-{question.name}"
    return bundles.Question(
        name=question.name,
        manual=question.manual,
        out_of=float(
            question.points if question.manual else math.fsum(check.points for check in checks)
        ),
        cells=tuple(answer_cells),
        check_cell=check_cell if check_cell in cells else None,
        names=tuple(sorted(parameters - {"env"})),  # env is the whole namespace, no answer
        checks=tuple(checks),
        handed_out=tuple(
            bundles.HandedOut(
                cell_type=cells[cell_id]["cell_type"], source="".join(cells[cell_id]["source"])
            )
            for cell_id in answer_cells
        ),
    )


def _checks(question: MasterQuestion, path: Path) -> list[bundles.Check]:
    """Return the checks as Otter reads them back, since Otter shares the points out."""
    test_files = import_module("otter.test_files")  # slow to import
    try:
        cases = test_files.ExceptionTestFile.from_file(str(path)).test_cases
    except Exception as error:  # the file runs the author's code when it is read
        text = f"{path.name}: Otter cannot read these checks ({error}). Correct the question."
        raise AuthorError(text) from error
    names = [check.function.name for check in question.checks]
    if [case.body.test_func.__name__ for case in cases] != names:
        raise AuthorError(f"{path.name} does not hold the checks of the master. Rename them.")
    return [
        bundles.Check(name=check.name, hidden=bool(case.hidden), points=float(case.points))
        for check, case in zip(question.checks, cases, strict=True)
    ]


def _answer_cells(question: MasterQuestion, master: Master, ids: Sequence[str]) -> list[str]:
    """Return the cells in which students answer; without any, the cell after which to mark."""
    answers = {cell.id for cell in (*question.solutions, *question.prompts)}
    if gets_response(question):
        answers.add(f"answer-{question.name}")
    if answer_cells := [cell_id for cell_id in ids if cell_id in answers]:
        return answer_cells
    before = {cell.id for cell in master.cells if cell.number < question.opening.number}
    before |= {cell.id for cell in question.cells}
    return [cell_id for cell_id in ids if cell_id in before][-1:]


def rubrics(master: Master) -> dict[str, Any]:
    """Return what `written.json` says of a master's written questions."""
    return {
        question.name: {
            "asks": _sources(
                cell
                for cell in question.cells
                if cell not in (*question.solutions, *question.prompts)
            ),
            "earns": "\n\n".join(_sources(question.solutions)),
        }
        for question in master.questions
        if question.manual
    }


def _sources(cells: Iterable[Cell]) -> list[str]:
    return [cell.source for cell in cells]
