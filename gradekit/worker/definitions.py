"""The names that a code cell defines at its top level, as far as its text can be parsed."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

Cell = Mapping[str, Any]


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
