"""The bundle as the graders read it: questions, checks, points, and its folder made ready.

`autograder/` is text under version control. What it cannot hold, a data set or the
images of a holdout, its own recipe `hidden/prepare.py` makes once on the staff's
machine; `prepared` keeps the result beside the bundle's digest, and workers and
images get that folder.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradekit.core.errors import AuthorError


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What the manifest says of one check."""

    name: str
    hidden: bool
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOut:
    """A cell as students receive it, by which it is found again when its id is lost."""

    cell_type: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the manifest says of one question; a manual one has no checks."""

    name: str
    manual: bool
    out_of: float
    cells: tuple[str, ...]  # where the student answers
    check_cell: str | None
    names: tuple[str, ...]  # what the answer defines
    checks: tuple[Check, ...]
    handed_out: tuple[HandedOut, ...] = ()  # those cells as students receive them


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What grades an assignment."""

    folder: Path
    assignment: str
    out_of: float
    questions: tuple[Question, ...]
    cells: tuple[str, ...]  # of the notebook for students
    digest: str  # SHA-256 of the manifest, which has the digests of all other files
    imports: tuple[str, ...] = ()  # what the notebook for students imports, in its order

    @classmethod
    def load(cls, folder: Path) -> Bundle:
        """Read the manifest of the bundle in `folder`.

        Raises
        ------
        AuthorError
            If there is no manifest, or it is not one that `gradekit build` wrote.
        """
        path = folder / "manifest.json"
        try:
            text = path.read_bytes()
            data = json.loads(text)
            return cls(
                folder=folder,
                assignment=data["assignment"],
                out_of=data["out_of"],
                questions=tuple(_question(entry) for entry in data["questions"]),
                cells=tuple(data["cells"]),
                imports=tuple(data.get("imports", ())),
                digest=hashlib.sha256(text).hexdigest(),
            )
        except FileNotFoundError:
            raise AuthorError(
                f'{folder}: there is no bundle here (manifest.json is missing). Run "make dist", '
                "or name the folder with --bundle."
            ) from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise AuthorError(
                f'{path}: this is no manifest of a bundle ({error!r}). Run "make dist" again.'
            ) from None


def _question(entry: dict[str, Any]) -> Question:
    return Question(
        name=entry["name"],
        manual=entry["manual"],
        out_of=entry["out_of"],
        cells=tuple(entry["cells"]),
        check_cell=entry["check_cell"],
        names=tuple(entry["names"]),
        checks=tuple(Check(**check) for check in entry["checks"]),
        handed_out=tuple(HandedOut(**cell) for cell in entry["handed_out"]),
    )


def contents_digest(folder: Path) -> str:
    """Return the SHA-256 of the names and contents of all files below a folder."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file() and "__pycache__" not in path.parts:
            name = path.relative_to(folder).as_posix()
            total.update(hashlib.sha256(name.encode()).digest())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
