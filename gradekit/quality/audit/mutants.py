"""Mutants: a solution with one small change each, to see whether the checks notice it.

The changes are those of Cosmic Ray's operators: another sign, another number, a loop
that does not run. The name of a mutant is made of the operator and of the line before
and after, so that it stays the same when other lines change: audit.toml explains
survivors by name.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import count

from gradekit.core.errors import GraderError

MAX_MUTANTS = 60  # of one question, unless all are asked for
NOT_INSTALLED = (
    "Cosmic Ray, which makes the mutants, is not installed. "
    'Run "python -m pip install gradekit[audit]".'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A solution with one small change."""

    name: str  # operator: line before -> line after
    cells: tuple[str, ...]


def make_mutants(cells: Sequence[str]) -> list[Mutant]:
    """Return every mutant of a solution's cells that is Python and another program.

    They come in the order of the lines that change, and within a line of the operators.

    Raises
    ------
    GraderError
        If Cosmic Ray is not installed.
    """
    changes: list[tuple[int, int, str, tuple[str, ...]]] = []
    programs = {tuple(_program(cell) for cell in cells)}
    for index, cell in enumerate(cells):
        for operator, source in _changes(cell):
            changed = (*cells[:index], source, *cells[index + 1 :])
            program = tuple(_program(text) for text in changed)
            # Two operators may make the same program, and some only move spaces.
            if program in programs or None in program:
                continue
            programs.add(program)
            line, before, after = _difference(cell, source)
            changes.append((index, line, f"{operator}: {before} -> {after}", changed))
    changes.sort(key=lambda change: change[:2])
    names: Counter[str] = Counter()
    return [Mutant(name=_numbered(name, names), cells=changed) for *_, name, changed in changes]


def sample(mutants: Sequence[Mutant], size: int | None) -> list[Mutant]:
    """Return at most `size` mutants, spread evenly over the solution; None for all.

    Not drawn at random: the same mutants are graded on every machine.
    """
    if size is None or len(mutants) <= size:
        return list(mutants)
    return [mutants[index * len(mutants) // size] for index in range(size)]


def _changes(source: str) -> Iterator[tuple[str, str]]:
    """Yield the operator and the text of every change that Cosmic Ray can make."""
    try:
        provider = import_module("cosmic_ray.operators.provider").OperatorProvider()
        mutate = import_module("cosmic_ray.mutating").mutate_code
    except ImportError as error:
        raise GraderError(NOT_INSTALLED) from error
    for name in provider:
        operator = provider[name]
        if operator.arguments():
            continue  # which names to replace would be our choice, and so the measurement too
        for occurrence in count():
            changed = mutate(source, operator(), occurrence)
            if changed is None:
                break
            yield name, changed


def _program(source: str) -> str | None:
    """Return the syntax tree of a text, which ignores spaces; None if it is not Python."""
    try:
        tree = ast.parse(source)
        compile(tree, "mutant", "exec")
    except (SyntaxError, ValueError):
        return None
    return ast.dump(tree)


def _difference(before: str, after: str) -> tuple[int, str, str]:
    """Return the first line that differs, from 0, and its text before and after."""
    lines_before, lines_after = before.split("\n"), after.split("\n")
    shorter = min(len(lines_before), len(lines_after))
    number = next((n for n in range(shorter) if lines_before[n] != lines_after[n]), shorter)
    return number, _line(lines_before, number), _line(lines_after, number)


def _line(lines: Sequence[str], number: int) -> str:
    text = " ".join(lines[number].split()) if number < len(lines) else ""
    return text.replace("( ", "(")  # Cosmic Ray inserts a number with a space before it


def _numbered(name: str, names: Counter[str]) -> str:
    names[name] += 1
    return name if names[name] == 1 else f"{name} ({names[name]})"
