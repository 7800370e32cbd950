"""Look in what students receive for what they must not: solutions, hidden files, thresholds.

The canary shows that a build takes out what it should. This looks at the real build:

* a line of a solution that the master shows nowhere else must not be in the notebook, nor
  a run of such lines in a file beside it;
* no file may have the content of a hidden one;
* a threshold that only the grader reads, a number below a key "bar" or "threshold" in a
  hidden JSON file, must not stand in a text, as a share or in per cent: whoever knows it
  can aim at it. Thresholds that students may know are listed by the author, under "shown"
  in `answers/audit.toml`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path
from typing import Any

from gradekit.author.build import Built
from gradekit.author.canary import solution_lines
from gradekit.author.dist import files_below
from gradekit.author.example_answers import FOLDER, SETTINGS, shown_thresholds
from gradekit.author.master import SOLUTION_LINES, Cell, Master, without_ignored
from gradekit.core.errors import AuthorError

LONG = 12  # characters; shorter lines, such as "return y", stand everywhere
RUN = 3  # lines in a row: helpers may well share single lines with a solution
THRESHOLD_KEYS = ("bar", "threshold")
NUMBER = re.compile(
    r"(?<![\w.])(\d+\.\d*|\.\d+|\d+)(?:e(-?\d+))?(\s*%)?(?![\w.]*\d)", re.IGNORECASE
)
TELLING_DIGITS = 2  # from here a number stands for itself: 0.5 and 1 are everywhere


def no_solution_line_is_shown(built: Built) -> None:
    """Compare every text below `student` with the solutions of the master.

    Raises
    ------
    AuthorError
        If a line of a solution is there, with file, cell and line.
    """
    shown_text = _shown_text(built.master)
    for cell in _solutions(built.master):
        solution = [line for line in _hidden_lines(cell) if len(line) > LONG]
        secret = [line for line in solution if line not in shown_text]
        for path in files_below(built.student):
            text = text_of_file(path)
            if path.name == built.notebook:
                leaked_line = next((line for line in secret if line in text), None)
            else:
                leaked_line = _first_of_run(solution, text)
            if leaked_line is not None:
                raise AuthorError(
                    f"{built.master.path}, cell {cell.number} ({cell.id}): the line "
                    f"{leaked_line!r} of the solution is also in "
                    f"student/{path.relative_to(built.student)}. "
                    "Remove it there, or show it openly."
                )


def no_hidden_file_is_shown(built: Built) -> None:
    """Compare the bytes of every file below `student` with those that only the grader may read.

    Raises
    ------
    AuthorError
        If one is there, under whatever name.
    """
    hidden_folder = built.autograder / "hidden"
    hidden_files = {
        path.read_bytes(): path for path in files_below(hidden_folder) if path.stat().st_size
    }
    for path in files_below(built.student):
        if hidden_file := hidden_files.get(path.read_bytes()):
            raise AuthorError(
                f"{built.master.path}: student/{path.relative_to(built.student)} has the same "
                f"content as the hidden {hidden_file.relative_to(hidden_folder)}. "
                "Remove it from the files."
            )


def no_hidden_threshold_is_shown(built: Built) -> None:
    """Compare every number below `student` with the thresholds that only the grader may read.

    Raises
    ------
    AuthorError
        If one is there, with its key and the file.
    """
    thresholds = dict(_hidden_thresholds(built))
    if not thresholds:
        return
    for path in files_below(built.student):
        for number in numbers(text_of_file(path)):
            if number in thresholds:
                raise AuthorError(
                    f"{built.master.path}: the hidden threshold {thresholds[number]} = {number} "
                    f"is also in student/{path.relative_to(built.student)}. Remove it there, or "
                    f'list it under "shown" in {FOLDER}/{SETTINGS} if students may know it.'
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
    for marker in sorted(SOLUTION_LINES, key=len, reverse=True):  # one marker begins another
        line = line.rstrip().removesuffix(marker)
    return line.strip()


def _shown_text(master: Master) -> str:
    """Return everything that the master shows to students on purpose, checks included."""
    checks = chain.from_iterable(question.checks for question in master.questions)
    hidden_checks = {check.cell.id for check in checks if check.hidden}
    solutions = {cell.id for cell in _solutions(master)}
    texts = []
    for cell in master.cells:
        if cell.id in solutions:
            if cell.kind == "code":  # of a rubric or a model answer, students see nothing
                secret = set(solution_lines(cell.source))
                lines = enumerate(cell.source.split("\n"))
                texts += [line for number, line in lines if number not in secret]
        elif cell.id not in hidden_checks and not cell.ignored:
            texts.append(without_ignored(cell.source) if cell.kind == "code" else cell.source)
    return "\n".join(texts)


def text_of_file(path: Path) -> str:
    """Return the text of a file; of JSON, the texts in it, so that nothing is escaped."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""  # a picture or data, which the canary searches byte by byte
    if path.suffix == ".ipynb":
        return "\n".join(_strings(json.loads(text)))
    return text


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value.rstrip("\n")
    elif isinstance(value, dict | list):
        items = chain(value, value.values()) if isinstance(value, dict) else value
        for item in items:
            yield from _strings(item)


def _first_of_run(lines: list[str], text: str) -> str | None:
    """Return the first of several lines that stand in a text one after the other."""
    long_lines = [line for line in (line.strip() for line in text.split("\n")) if len(line) > LONG]
    runs = {tuple(long_lines[n : n + RUN]) for n in range(len(long_lines) - RUN + 1)}
    for n in range(len(lines) - RUN + 1):
        if tuple(lines[n : n + RUN]) in runs:
            return lines[n]
    return None


def _hidden_thresholds(built: Built) -> Iterator[tuple[Decimal, str]]:
    """Yield the thresholds of the hidden files, each with its dotted key."""
    patterns = shown_thresholds(built.master)
    if patterns is None:
        return
    thresholds = [
        (key, number)
        for path in files_below(built.autograder / "hidden")
        if path.suffix == ".json"
        for key, number in _thresholds(_json(path), path.stem)
    ]
    # A hidden threshold that equals a shown one gives nothing away.
    shown = {
        number
        for key, number in thresholds
        if any(fnmatchcase(key, pattern) for pattern in patterns)
    }
    for key, number in thresholds:
        if number not in shown and len(number.normalize().as_tuple().digits) >= TELLING_DIGITS:
            yield number, key


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"), parse_float=Decimal)
    except ValueError:
        return None


def _thresholds(value: Any, key: str) -> Iterator[tuple[str, Decimal]]:
    """Yield the numbers below keys that say they are thresholds, with their dotted keys."""
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    else:
        items = []
    for name, item in items:
        yield from _thresholds(item, f"{key}.{name}")
    last = key.rpartition(".")[2].lower()
    if isinstance(value, Decimal) and any(word in last for word in THRESHOLD_KEYS):
        yield key, value.normalize()


def numbers(text: str) -> Iterator[Decimal]:
    """Yield the numbers in a text as shares: 85 % is 0.85."""
    for match in NUMBER.finditer(text):
        # An exponent of many digits is no threshold, and scaling by it would never end.
        exponent = int(match[2] or 0) if len(match[2] or "") < 4 else 0
        number = Decimal(match[1]).scaleb(exponent)
        yield number.normalize()
        if match[3]:
            yield number.scaleb(-2).normalize()
