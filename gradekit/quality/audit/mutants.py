"""Small changes to a solution, to see whether the checks notice them.

The changes are those of Cosmic Ray's operators: another sign, another number, a loop
that does not run. A mutant is known by the operator and by the line before and after,
so that its name stays the same when other lines change.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import count

from gradekit.core.errors import GraderError

MOST = 60  # mutants of one question, unless all are asked for
LACKING = (
    "Cosmic Ray is not installed, whose operators make the mutants. "
    'Run "python -m pip install gradekit[audit]".'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A solution with one small change."""

    name: str  # operator: line before -> line after
    cells: tuple[str, ...]


def mutants(cells: Sequence[str]) -> list[Mutant]:
    """Return every mutant of a solution's cells that is Python and another program.

    They come in the order of the lines that change, and within a line of the operators.

    Raises
    ------
    GraderError
        If Cosmic Ray is not installed.
    """
    found: list[tuple[int, int, str, tuple[str, ...]]] = []
    seen = {tuple(_program(cell) for cell in cells)}
    for place, cell in enumerate(cells):
        for operator, source in _changes(cell):
            changed = (*cells[:place], source, *cells[place + 1 :])
            program = tuple(_program(one) for one in changed)
            if program in seen or None in program:
                continue
            seen.add(program)
            line, before, after = _difference(cell, source)
            found.append((place, line, f"{operator}: {before} -> {after}", changed))
    found.sort(key=lambda one: one[:2])
    names: Counter[str] = Counter()
    return [Mutant(name=_numbered(name, names), cells=changed) for _, _, name, changed in found]


def sample(found: Sequence[Mutant], most: int | None) -> list[Mutant]:
    """Return at most so many mutants, spread evenly over the solution."""
    if most is None or len(found) <= most:
        return list(found)
    return [found[index * len(found) // most] for index in range(most)]


def _changes(source: str) -> Iterator[tuple[str, str]]:
    """Yield the operator and the text of every change that Cosmic Ray can make."""
    try:
        provider = import_module("cosmic_ray.operators.provider").OperatorProvider()
        mutate = import_module("cosmic_ray.mutating").mutate_code
    except ImportError as error:
        raise GraderError(LACKING) from error
    for name in provider:
        operator = provider[name]
        if operator.arguments():
            continue  # of names to put in or replace: ours to invent, and so not even-handed
        for occurrence in count():
            changed = mutate(source, operator(), occurrence)
            if changed is None:
                break
            yield name, changed


def _program(source: str) -> str | None:
    """Return what stands for the program in a text, whatever its spaces; None if it is none."""
    try:
        tree = ast.parse(source)
        compile(tree, "mutant", "exec")
    except (SyntaxError, ValueError):
        return None
    return ast.dump(tree)


def _difference(before: str, after: str) -> tuple[int, str, str]:
    """Return the first line that differs, from 0, and its text before and after."""
    old, new = before.split("\n"), after.split("\n")
    pairs = zip(old, new, strict=False)
    line = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(old), len(new)))
    return line, _at(old, line), _at(new, line)


def _at(lines: Sequence[str], number: int) -> str:
    text = " ".join(lines[number].split()) if number < len(lines) else ""
    return text.replace("( ", "(")  # a number is put in with a space before it


def _numbered(name: str, names: Counter[str]) -> str:
    names[name] += 1
    return name if names[name] == 1 else f"{name} ({names[name]})"
