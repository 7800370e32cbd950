"""The zoo: a catalogue of attacks on a grader, one file each, in a folder for each kind.

An attack is the text of one code cell. Its file begins with a docstring of two
lines, `Idea: ...` and `Must: ...`: what is tried, and what has to happen instead.
The folder is its kind, the file name its name. Nothing of an attack is ever
imported or executed here: it is read, and `decoy` puts it into a notebook.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gradekit.core.errors import AuthorError

KINDS = {
    "forging": "points that were not earned",
    "reading": "what is hidden: checks, solutions, seeds, the holdout",
    "escaping": "a way out of the sandbox, to the network or to the host",
    "exhausting": "time, memory, processes, disk and output used up",
    "poisoning": "what the grader or the next submission would use or show",
}
DOCSTRING = re.compile(r'"""Idea: (?P<idea>\S.*)\nMust: (?P<must>\S.*?)\s*"""\s*\n')
NAME = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One attack on a grader."""

    name: str
    kind: str  # one of KINDS
    idea: str  # what is tried
    must: str  # what has to happen instead
    source: str  # its whole file, docstring included


def builtin_folder() -> Path:
    """Return the folder of the attacks that come with gradekit."""
    return Path(__file__).with_name("attacks")


def load(folder: Path) -> list[Attack]:
    """Return the attacks below a folder, by kind and name.

    Raises
    ------
    AuthorError
        If a file is not an attack, does not lie in the folder of a kind or has the
        name of another attack, or if there are no attacks. One line for each mistake.
    """
    attacks: list[Attack] = []
    # Whoever wrote a few attacks wants to read all mistakes at once. And a file that were
    # left out silently would count as an attack that was held.
    mistakes: list[str] = []
    for path in _files(folder):
        try:
            attacks.append(read(path))
        except AuthorError as error:
            mistakes.append(str(error))
    mistakes += _same_names(attacks)
    if mistakes:
        raise AuthorError("\n".join(mistakes))
    if not attacks:
        raise AuthorError(
            f"{folder}: there are no attacks here. "
            f"Put files into its folders {', '.join(KINDS)}, or leave out --zoo."
        )
    order = list(KINDS)
    return sorted(attacks, key=lambda attack: (order.index(attack.kind), attack.name))


def read(path: Path) -> Attack:
    """Return the attack in one file.

    Raises
    ------
    AuthorError
        If the file lies in the wrong place, has a wrong name, cannot be read or lacks
        its docstring. The text says which.
    """
    kind, name = path.parent.name, path.stem
    if kind not in KINDS:
        raise AuthorError(
            f"{path}: {kind} is not a kind of attack. Put the file into one of {', '.join(KINDS)}."
        )
    if not NAME.fullmatch(name):
        raise AuthorError(
            f"{path}: the name may have small letters, digits, - and _ only. Rename the file."
        )
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AuthorError(f"{path} cannot be read ({error}). Save it as UTF-8.") from None
    lines = DOCSTRING.match(source)
    if lines is None:
        raise AuthorError(
            f'{path}: the file does not begin with a docstring of two lines, "Idea: ..." and '
            '"Must: ...". Write there what is tried and what must happen.'
        )
    return Attack(name=name, kind=kind, idea=lines["idea"], must=lines["must"], source=source)


def _files(folder: Path) -> list[Path]:
    """Return the Python files below a folder, without those of a package (`__init__.py`)."""
    if not folder.is_dir():
        raise AuthorError(f"{folder}: there is no such folder. Give the folder of a zoo.")
    return sorted(path for path in folder.rglob("*.py") if not path.name.startswith("_"))


def _same_names(attacks: list[Attack]) -> Iterator[str]:
    """Yield a sentence for each attack whose name another kind has: a result names no kind."""
    by_name: dict[str, Attack] = {}
    for attack in attacks:
        first = by_name.setdefault(attack.name, attack)
        if first is not attack:
            yield (
                f"{attack.kind}/{attack.name}.py has the name of an attack in {first.kind}/. "
                "Rename one of them."
            )
