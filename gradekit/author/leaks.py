"""Look for lines of the solution in what students receive.

The canary shows that a build takes out what it should. This looks at the real
build: a line of a solution that the master shows nowhere else must not be in
the notebook, nor a run of such lines in a file beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from gradekit.author.build import Built
from gradekit.author.canary import solution_lines
from gradekit.author.dist import files_below
from gradekit.author.master import SOLUTION_LINES, Cell, Master, without_ignored
from gradekit.core.errors import AuthorError

LONG = 12  # characters; shorter lines, such as "return y", stand everywhere
RUN = 3  # lines in a row: helpers may well share single lines with a solution


def no_solution_line_is_shown(built: Built) -> None:
    """Compare every text below `student` with the solutions of the master.

    Raises
    ------
    AuthorError
        If a line of a solution is there, with file, cell and line.
    """
    shown = _shown(built.master)
    for cell in _solutions(built.master):
        lines = [line for line in _hidden_lines(cell) if len(line) > LONG]
        secret = [line for line in lines if line not in shown]
        for path in files_below(built.student):
            text = text_of_file(path)
            name = path.relative_to(built.student)
            notebook = path.name == built.notebook
            found = next((x for x in secret if x in text), None) if notebook else _run(lines, text)
            if found is not None:
                raise AuthorError(
                    f"{built.master.path}, cell {cell.number} ({cell.id}): the line {found!r} of "
                    f"the solution is also in student/{name}. Remove it there, or show it openly."
                )


def no_hidden_file_is_shown(built: Built) -> None:
    """Compare the bytes of every file below `student` with those that only the grader may read.

    Raises
    ------
    AuthorError
        If one is there, under whatever name.
    """
    hidden = built.autograder / "hidden"
    secret = {path.read_bytes(): path for path in files_below(hidden) if path.stat().st_size}
    for path in files_below(built.student):
        if found := secret.get(path.read_bytes()):
            raise AuthorError(
                f"{built.master.path}: student/{path.relative_to(built.student)} has the same "
                f"content as the hidden {found.relative_to(hidden)}. Remove it from the files."
            )


def _solutions(master: Master) -> Iterator[Cell]:
    return chain.from_iterable(question.solutions for question in master.questions)


def _hidden_lines(cell: Cell) -> list[str]:
    """Return the lines of a solution cell that students must not see, without markers."""
    lines = cell.source.split("\n")
    if cell.kind != "code":
        return [line.strip() for line in lines]
    return [_unmarked(lines[number]) for number in solution_lines(cell.source)]


def _unmarked(line: str) -> str:
    for marker in sorted(SOLUTION_LINES, key=len, reverse=True):
        line = line.rstrip().removesuffix(marker)
    return line.strip()


def _shown(master: Master) -> str:
    """Return everything that the master shows to students on purpose, checks included."""
    hidden = {check.cell.id for q in master.questions for check in q.checks if check.hidden}
    solutions = {cell.id: cell for cell in _solutions(master)}
    texts = []
    for cell in master.cells:
        if cell.id in solutions:
            secret = set(solution_lines(cell.source)) if cell.kind == "code" else None
            lines = enumerate(cell.source.split("\n"))
            texts += [line for n, line in lines if secret is not None and n not in secret]
        elif cell.id not in hidden and not cell.ignored:
            texts.append(without_ignored(cell.source) if cell.kind == "code" else cell.source)
    return "\n".join(texts)


def text_of_file(path: Path) -> str:
    """Return the text of a file; of JSON, the texts in it, so that nothing is escaped."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""
    if path.suffix == ".ipynb":
        return "\n".join(_strings(json.loads(text)))
    return text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value.rstrip("\n")
    elif isinstance(value, dict | list):
        inside = chain(value, value.values()) if isinstance(value, dict) else value
        for inner in inside:
            yield from _strings(inner)


def _run(lines: list[str], text: str) -> str | None:
    """Return the first of several lines that stand in a text one after the other."""
    there = [line for line in (line.strip() for line in text.split("\n")) if len(line) > LONG]
    runs = {tuple(there[n : n + RUN]) for n in range(len(there) - RUN + 1)}
    for n in range(len(lines) - RUN + 1):
        if tuple(lines[n : n + RUN]) in runs:
            return lines[n]
    return None
