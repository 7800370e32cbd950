"""Cells that students see, wholly or as stubs.

What Otter Assign cannot take out of a cell goes to the students, so a marker
must be exact, in its place and on a whole statement; and what is left of the
cell must be Python, or nothing after it runs.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from gradekit.author.master import markers
from gradekit.author.master.markers import Marker
from gradekit.author.master.notebook import Cell

PROMPT_BEGIN = re.compile(r"\s*(\w+\s*=\s*)?(\"\"\"|''')\s*# BEGIN PROMPT\s*")
CELL_MAGIC = re.compile(r"%%(\w+).*")  # the first line of a cell
PYTHON_MAGICS = {"capture", "prun", "time", "timeit"}
PROMPT_END = re.compile(r"\s*(\"\"\"|''');?\s*# END PROMPT\s*")


def wrong_ordinary(cell: Cell) -> Iterator[str]:
    """Say what is wrong with a cell that goes to the students as it stands."""
    if cell.kind == "markdown":
        for marker in markers.in_markdown(cell.source):
            yield (
                f'line {marker.line} of a text cell is "{marker.text}", which hides nothing '
                f'there. Put "{marker.meant}" in a raw cell of its own, or reword the line.'
            )
        return
    cell_markers = list(markers.in_code(cell.source))
    for marker in cell_markers:
        if marker.meant in markers.SEEDS_AND_PLUGINS:
            yield _unsupported(marker)
        elif marker.text not in markers.IGNORES:
            useless = f'line {marker.line} has "{marker.text}", which hides nothing here.'
            yield f"{useless} {_where(marker)}"
    unbalanced = list(_unbalanced(cell_markers, "IGNORE"))
    yield from unbalanced
    if unbalanced:
        return
    if problem := not_python(without_ignored(cell.source)):
        yield f"the cell is not Python ({problem}). Correct it."


def _where(marker: Marker) -> str:
    """Say where a marker that stands in an ordinary cell would work."""
    if marker.meant in (*markers.CONFIGS, "# HIDDEN"):
        return 'Put the cell between raw cells "# BEGIN TESTS" and "# END TESTS".'
    if marker.meant in markers.RAW and marker.meant not in markers.ANSWERS:
        return f'Put "{marker.meant}" in a raw cell of its own.'
    return 'Put the cell between raw cells "# BEGIN SOLUTION" and "# END SOLUTION".'


def _unsupported(marker: Marker) -> str:
    return (
        f'line {marker.line} has "{marker.text}", a marker of Otter that gradekit has no use for: '
        "it seeds random numbers itself and runs no plugins. Remove it."
    )


def wrong_solution(cell: Cell) -> Iterator[str]:
    """Say what is wrong with a cell between BEGIN SOLUTION and END SOLUTION."""
    if cell.kind != "code":
        for marker in markers.in_markdown(cell.source):
            if marker.meant != "# SOLUTION":
                yield (
                    f'line {marker.line} is "{marker.text}", a marker in a text cell. '
                    f'Put "{marker.meant}" in a raw cell of its own.'
                )
        return
    cell_markers = list(markers.in_code(cell.source))
    mistakes = [*_wrong_markers(cell.source, cell_markers)]
    if not any(marker.text in markers.ANSWERS for marker in cell_markers):
        mistakes.append(
            "no line of this solution is marked, so students would get all of it. Add "
            '"# BEGIN SOLUTION" and "# END SOLUTION" or end lines with "# SOLUTION".'
        )
    yield from mistakes
    if problem := not_python(cell.source):
        yield f"the solution is not Python ({problem}). Correct it."
        return
    yield from _wrong_lines(cell.source, cell_markers)
    if not mistakes:  # what a wrong marker leaves is no stub
        yield from _wrong_stub(cell.source)


def _wrong_markers(source: str, cell_markers: list[Marker]) -> Iterator[str]:
    """Say which markers are misspelled, out of place or unbalanced."""
    lines = source.split("\n")
    for marker in cell_markers:
        line = lines[marker.line - 1]
        if marker.meant in markers.SEEDS_AND_PLUGINS:
            yield _unsupported(marker)
        elif not marker.exact or marker.text not in (*markers.ANSWERS, *markers.IGNORES):
            yield f'line {marker.line} has "{marker.text}". Write exactly "{marker.meant}".'
        elif marker.text in (*markers.SOLUTION_BEGINS, markers.SOLUTION_END):
            if not marker.alone:
                yield f'line {marker.line}: "{marker.text}" needs a line of its own. Move it.'
        elif marker.text in markers.PROMPTS:
            shape = PROMPT_BEGIN if marker.text == "# BEGIN PROMPT" else PROMPT_END
            if not shape.fullmatch(line):
                yield f'line {marker.line}: write """ and then {marker.text}, nothing else.'
        elif marker.text in markers.SOLUTION_LINES and marker.alone:
            yield f'line {marker.line}: "{marker.text}" marks no statement. Put it behind one.'
    for block in ("SOLUTION", "PROMPT", "IGNORE"):
        yield from _unbalanced(cell_markers, block)


def _unbalanced(cell_markers: list[Marker], block: str) -> Iterator[str]:
    """Say which BEGIN has no END, and the other way round."""
    opened: Marker | None = None
    for marker in cell_markers:
        if marker.text.startswith(f"# BEGIN {block}"):
            if opened:
                yield f'line {marker.line}: "{marker.text}" begins inside another. Move it.'
            opened = marker
        elif marker.text == f"# END {block}":
            if not opened:
                yield f'line {marker.line}: "{marker.text}" has no "# BEGIN {block}". Add it.'
            opened = None
    if opened:
        yield f'line {opened.line}: BEGIN {block} has no "# END {block}". Add it.'


def _wrong_lines(source: str, cell_markers: list[Marker]) -> Iterator[str]:
    """Say which marked lines are only a part of their statement."""
    tree = ast.parse(transformed(source))
    lines = source.split("\n")
    for marker in cell_markers:
        if marker.text not in markers.SOLUTION_LINES or marker.alone:
            continue
        statement = _innermost(tree, marker.line)
        if statement is None or statement.lineno != statement.end_lineno:
            yield (
                f'line {marker.line}: "{marker.text}" ends a statement of several lines, and '
                'Otter would leave the others. Use "# BEGIN SOLUTION" and "# END SOLUTION".'
            )
        elif marker.text == "# SOLUTION" and _keeps(lines[marker.line - 1], statement):
            yield (
                f"line {marker.line}: Otter would keep a part of the answer. "
                'Use "# BEGIN SOLUTION" and "# END SOLUTION".'
            )


def _innermost(tree: ast.Module, line: int) -> ast.stmt | None:
    """Return the smallest statement on a line, the last of several."""
    on_line = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    return min(on_line, key=lambda node: (node.end_lineno or 0) - node.lineno, default=None)


def _keeps(line: str, statement: ast.stmt) -> bool:
    """Whether Otter's pattern leaves more of a line than its target and an equals sign."""
    stub_line = "".join(_otter().replace_solutions([line], "python"))
    if stub_line.strip() == "...":
        return False
    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
    end = target.end_col_offset if target is not None else None
    # `ast` counts bytes of UTF-8, and a name may be written in other letters.
    target_text = line.encode()[:end].decode() if end is not None else ""
    return re.sub(r"\s", "", stub_line) != re.sub(r"\s", "", target_text) + "=..."


def _wrong_stub(source: str) -> Iterator[str]:
    """Say why what is left for the student would not run."""
    if problem := not_python(stub(source)):
        yield (
            f"what is left for the student is not Python ({problem}). Leave a statement: "
            '""" # BEGIN PROMPT, raise NotImplementedError("Question ...: ..."), """ # END PROMPT.'
        )


def stub(source: str) -> str:
    """Return what Otter leaves of a solution cell."""
    lines = without_ignored(source).split("\n")
    return "\n".join(_otter().replace_solutions(lines, "python"))


def without_ignored(source: str) -> str:
    """Return a source without the lines that no built notebook holds."""
    if "IGNORE" not in source.upper():
        return source
    return "\n".join(_otter().remove_ignored_lines(source.split("\n")))


def _otter() -> Any:
    """Return Otter's own rules, imported late: it takes three seconds."""
    return import_module("otter.assign.solutions")


def transformed(source: str) -> str:
    """Return the Python that IPython makes of a cell, line by line.

    The body of %%time and its like is Python; that of %%bash and the others is not.
    A statement takes the place of the magic, so that lines keep their numbers.
    """
    if magic := CELL_MAGIC.match(source):
        body = source[magic.end() :]
        return transformed(f"pass{body}") if magic[1] in PYTHON_MAGICS else ""
    module = import_module("IPython.core.inputtransformer2")
    return str(module.TransformerManager().transform_cell(source))


def not_python(source: str) -> str | None:
    """Return why a cell does not compile, or None."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a warning of the compiler stops nobody
            compile(transformed(source), "cell", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    except SyntaxError as error:
        return f"{error.msg}, line {error.lineno}"
    except ValueError as error:  # null bytes
        return str(error)
    return None
