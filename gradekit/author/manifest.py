"""What the bundle says about itself: questions, checks, points, cells, digests.

The worker reads the manifest instead of guessing from the notebook, and a
changed file of the bundle shows in its digest.
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

from gradekit.author.master import Cell, Master, Question
from gradekit.author.normalise import gets_response
from gradekit.core.errors import AuthorError

FORMAT = 2


def manifest(master: Master, student: Mapping[str, Any], bundle: Path) -> dict[str, Any]:
    """Return the manifest of a bundle, from the master and the notebook for students."""
    ids = [cell["id"] for cell in student["cells"]]
    questions = [_question(question, master, ids, bundle) for question in master.questions]
    texts = {cell["id"]: cell for cell in student["cells"]}
    for question in questions:
        question["handed_out"] = [
            {"cell_type": texts[one]["cell_type"], "source": "".join(texts[one]["source"])}
            for one in question["cells"]
        ]
    return {
        "format": FORMAT,
        "assignment": master.path.stem,
        "notebook": master.path.name,
        "out_of": math.fsum(q["out_of"] for q in questions if not q["manual"]),
        "questions": questions,
        "cells": ids,
        "imports": imports(student),
        "files": digests(bundle),
    }


def imports(student: Mapping[str, Any]) -> list[str]:
    """Return the modules that a notebook for students imports, in its order, Otter left out.

    Names that only a `from` line tells apart from modules (`from torch import nn`) are
    no modules of their own here.
    """
    found: dict[str, None] = {}
    for cell in student["cells"]:
        with contextlib.suppress(SyntaxError):  # a magic, or a stub that the student completes
            tree = ast.parse("".join(cell["source"]) if cell["cell_type"] == "code" else "")
            for node in tree.body:
                if isinstance(node, ast.Import):
                    found |= dict.fromkeys(alias.name for alias in node.names)
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    found[node.module] = None
    return [name for name in found if name.split(".")[0] != "otter"]


def digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file that is there before the manifest, by relative path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / "manifest.json"
    }


def _question(
    question: Question, master: Master, ids: Sequence[str], bundle: Path
) -> dict[str, Any]:
    checks = [] if question.manual else _checks(question, bundle / "tests" / f"{question.name}.py")
    names = {
        argument.arg
        for check in question.checks
        for argument in (*check.function.args.args, *check.function.args.kwonlyargs)
    }
    out_of = question.points if question.manual else math.fsum(c["points"] for c in checks)
    check_cell = f"check-{question.name}"
    return {
        "name": question.name,
        "manual": question.manual,
        "out_of": float(out_of),
        "cells": _answer_cells(question, master, ids),
        "check_cell": check_cell if check_cell in ids else None,
        "names": sorted(names - {"env"}),
        "checks": checks,
    }


def _checks(question: Question, path: Path) -> list[dict[str, Any]]:
    """Return the checks as Otter reads them back, its sharing out of points included."""
    test_files = import_module("otter.test_files")  # slow to import
    try:
        cases = test_files.ExceptionTestFile.from_file(str(path)).test_cases
    except Exception as error:  # whatever the author's file does when it is read
        text = f"{path.name}: Otter cannot read these checks ({error}). Correct the question."
        raise AuthorError(text) from error
    written = [check.function.name for check in question.checks]
    if [case.body.test_func.__name__ for case in cases] != written:
        raise AuthorError(f"{path.name} does not hold the checks of the master. Rename them.")
    return [
        {"name": check.name, "hidden": bool(case.hidden), "points": float(case.points)}
        for check, case in zip(question.checks, cases, strict=True)
    ]


def _answer_cells(question: Question, master: Master, ids: Sequence[str]) -> list[str]:
    """Return where students answer; without such a cell, the cell after which to mark."""
    answers = {cell.id for cell in (*question.solutions, *question.prompts)}
    if gets_response(question):
        answers.add(f"answer-{question.name}")
    found = [cell_id for cell_id in ids if cell_id in answers]
    if found:
        return found
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
