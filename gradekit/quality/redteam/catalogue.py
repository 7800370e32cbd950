"""The zoo: attacks on a grader, one file each, sorted into folders by what they try.

An attack is the text of one code cell. Its file begins with a docstring of two
lines, `Idea: ...` and `Must: ...`: what is tried, and what has to happen instead.
The folder is its kind, the file name its name. Nothing of an attack is ever
imported or executed here; it is read, and put into a notebook by `decoy`.
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
BEGINNING = re.compile(r'"""Idea: (?P<idea>\S.*)\nMust: (?P<must>\S.*?)\s*"""\s*\n')
NAME = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")
LET_LOOSE = (
    "WARNING: --sandbox none lets the attacks loose with your rights: they read and write your\n"
    "files, fill memory and start processes. For a machine that you can throw away only."
)
HOW_TO_ADD = """\
An attack of your own is a file FOLDER/KIND/name.py for --zoo FOLDER, where KIND is
forging, reading, escaping, exhausting or poisoning. It begins with two lines; all of
it becomes the first cell:

\b
  \"\"\"Idea: A list that is equal to every list.
  Must: No check passes.
  \"\"\"
  class Equal(list):
      __eq__ = lambda self, other: True
  def forge(name):
      return Equal()

Where it defines forge, every answer becomes name = forge("name"). It may call
keep(data), which searches a text or bytes for planted words; it puts MARK on all that
it leaves behind; and nothing must answer it on 127.0.0.1, port HOST_PORT. Let it end
by itself: the attacks are real.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """One attack; `source` is its whole file."""

    name: str
    kind: str
    idea: str
    must: str
    source: str


def home() -> Path:
    """Return the folder of the attacks that come with gradekit."""
    return Path(__file__).with_name("attacks")


def load(folder: Path) -> list[Attack]:
    """Return the attacks below a folder, by kind and name.

    Raises
    ------
    AuthorError
        If a file is no attack, lies in no folder of a kind or has the name of
        another, or if there is none at all. One line for each.
    """
    attacks: list[Attack] = []
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
    """Return the attack in one file, or raise an `AuthorError` that says what it lacks."""
    kind, name = path.parent.name, path.stem
    if kind not in KINDS:
        raise AuthorError(
            f"{path}: {kind} is no kind of attack. Put it into one of {', '.join(KINDS)}."
        )
    if not NAME.fullmatch(name):
        raise AuthorError(
            f"{path}: the name is no word of small letters, digits and dashes. Rename the file."
        )
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AuthorError(f"{path} cannot be read ({error}). Save it as UTF-8.") from None
    found = BEGINNING.match(source)
    if found is None:
        raise AuthorError(
            f'{path}: it does not begin with a docstring of two lines, "Idea: ..." and '
            '"Must: ...". Write there what is tried and what must happen.'
        )
    return Attack(name=name, kind=kind, idea=found["idea"], must=found["must"], source=source)


def _files(folder: Path) -> list[Path]:
    """Return the Python files below a folder, without what packages need."""
    if not folder.is_dir():
        raise AuthorError(f"{folder}: there is no such folder. Name the folder of a zoo.")
    return sorted(path for path in folder.rglob("*.py") if not path.name.startswith("_"))


def _same_names(attacks: list[Attack]) -> Iterator[str]:
    seen: dict[str, Attack] = {}
    for attack in attacks:
        first = seen.setdefault(attack.name, attack)
        if first is not attack:
            yield (
                f"{attack.kind}/{attack.name}.py has the name of an attack in {first.kind}/. "
                "Rename one."
            )
