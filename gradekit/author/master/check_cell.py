"""A test cell of the master, read as one check.

The function becomes part of a Python file, beside the others of its question
and with Otter's decorator above it; what would not survive that is refused.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gradekit.author.master import markers, settings
from gradekit.author.master.notebook import Cell

CONFIG_BEGIN = re.compile(r'"""\s*# BEGIN TEST CONFIG')
CONFIG_END = re.compile(r'"""\s*# END TEST CONFIG')


@dataclass(frozen=True, slots=True)
class CheckCell:
    """One check; `points` is None where the question shares its points out."""

    cell: Cell
    function: ast.FunctionDef
    hidden: bool
    points: float | None
    failure_message: str

    @property
    def name(self) -> str:
        """The function name in words."""
        return self.function.name.removeprefix("test_").replace("_", " ")


class NotACheckError(ValueError):
    """The cell cannot be read as a check; the text says why and what to do.

    Not an AuthorError: the reading of the master goes on, to report all mistakes at once.
    """


def read(cell: Cell) -> tuple[CheckCell | None, list[str]]:
    """Return the check of a cell, where there is one, and what is wrong with it."""
    try:
        if cell.kind != "code" or not cell.source.strip():
            raise NotACheckError(
                "a TESTS block holds code cells with one check each. Remove this cell."
            )
        config, body, hidden = _split(cell.source)
        function = _function(body)
    except NotACheckError as error:
        return None, [*_marker_mistakes(cell.source), str(error)]
    mistakes = [
        *_marker_mistakes(cell.source),
        *settings.wrong_check(config),
        *_wrong_function(function),
    ]
    points = config.get("points")
    return CheckCell(
        cell,
        function,
        config.get("hidden", hidden) is True,
        points if points is not None and settings.is_points(points) else None,
        str(config.get("failure_message", "")),
    ), mistakes


def configuration(cell: Cell) -> Mapping[str, Any]:
    """Return the TEST CONFIG of a cell that `read` found to be a check."""
    return _split(cell.source)[0]


def _split(source: str) -> tuple[Mapping[str, Any], str, bool]:
    """Return the configuration, the Python text below it and whether line 1 says HIDDEN."""
    lines = source.split("\n")
    if lines[0] == "# HIDDEN":  # Otter's old way, still read
        return {}, "\n".join(lines[1:]), True
    if not CONFIG_BEGIN.fullmatch(lines[0].rstrip()):
        return {}, source, False
    end = next((n for n, line in enumerate(lines) if CONFIG_END.fullmatch(line.rstrip())), None)
    if end is None:
        raise NotACheckError(
            'the TEST CONFIG has no end. Add the line """ # END TEST CONFIG below it.'
        )
    try:
        config = settings.parsed("\n".join(lines[1:end]))
    except ValueError as error:
        text = f"the TEST CONFIG is not YAML ({error}). Correct it."
        raise NotACheckError(text) from error
    return config, "\n".join(lines[end + 1 :]), False


def _function(body: str) -> ast.FunctionDef:
    """Return the one function of a test cell; a call of it may follow, for the author's use."""
    try:
        statements = ast.parse(body).body
    except SyntaxError as error:
        raise NotACheckError(f"the check is not Python ({error.msg}). Correct it.") from error
    # The function alone gets Otter's decorator, and the file of checks holds nothing beside it.
    match statements:
        case [ast.FunctionDef() as function]:
            return function
        case [
            ast.FunctionDef(name=name) as function,
            ast.Expr(value=ast.Call(func=ast.Name(id=called))),
        ] if called == name:
            return function
    raise NotACheckError(
        "a test cell is one function and nothing else. "
        "Move imports and helpers into the function or into a file."
    )


def _wrong_function(function: ast.FunctionDef) -> Iterator[str]:
    """Say what Otter or the worker could not use in a function."""
    parameters = function.args
    if not function.name.startswith("test_") or function.name in ("test_", "test_case"):
        yield (
            f'the check "{function.name}" needs a name that begins with test_ and goes on '
            "in words, and is not test_case, which is Otter's own. Rename it."
        )
    if not (ast.get_docstring(function) or "").strip():
        yield f"{function.name} has no docstring. Add a sentence that says what must hold."
    if function.decorator_list:
        yield f"{function.name} has a decorator, which Otter would apply twice. Remove it."
    if (
        parameters.vararg
        or parameters.kwarg
        or parameters.posonlyargs
        or parameters.defaults
        or parameters.kw_defaults
    ):
        yield (
            f"{function.name} has parameters that are not plain names. "
            "Name what the student defines, and env for everything else."
        )
    annotated = any(argument.annotation for argument in (*parameters.args, *parameters.kwonlyargs))
    if annotated or function.returns:
        yield f"{function.name} has annotations, evaluated where nothing is imported. Remove them."


def _marker_mistakes(source: str) -> Iterator[str]:
    """Say which lines were meant to hide or configure something and do not."""
    lines = source.split("\n")
    # Otter hides a check if the word stands anywhere on line 1, as in "# no hidden layers".
    if lines[0].lstrip().startswith("#") and lines[0] != "# HIDDEN":
        yield (
            f'the first line is "{lines[0].strip()}", from which Otter guesses whether the check '
            'is hidden. Begin with a TEST CONFIG, and write "hidden: true" there if it is.'
        )
    for marker in markers.in_code(source, everyday=True):
        if marker.meant == "# HIDDEN":
            if marker.line > 1:
                yield (
                    f'line {marker.line} is "{marker.text}", which hides nothing there. '
                    'Write "hidden: true" in the TEST CONFIG.'
                )
        elif marker.meant not in markers.CONFIGS:
            yield f'line {marker.line} has "{marker.text}", a marker without use here. Remove it.'
        elif not _configures(marker, lines):
            yield (
                f'line {marker.line} has "{marker.text}", which Otter reads otherwise. Write '
                '""" # BEGIN TEST CONFIG on line 1 and """ # END TEST CONFIG after the keys.'
            )


def _configures(marker: markers.Marker, lines: list[str]) -> bool:
    """Whether a TEST CONFIG marker stands as Otter wants it."""
    line = lines[marker.line - 1].rstrip()
    if marker.meant == "# BEGIN TEST CONFIG":
        return marker.line == 1 and CONFIG_BEGIN.fullmatch(line) is not None
    return CONFIG_END.fullmatch(line) is not None and bool(CONFIG_BEGIN.match(lines[0]))
