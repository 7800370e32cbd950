"""The bundle: what a build tells the graders about an assignment, and `manifest.json`, its file.

The author's side builds a `Bundle`, the grading side loads one, and only this module
knows how it is written: a key is added here or nowhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from gradekit.core.errors import AuthorError

MANIFEST = "manifest.json"
FORMAT = 2


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
    cells: tuple[str, ...]  # ids of the cells in which students answer
    check_cell: str | None
    names: tuple[str, ...]  # what the answer defines
    checks: tuple[Check, ...]
    handed_out: tuple[HandedOut, ...] = ()  # the cells of `cells`, as students receive them


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """What grades an assignment: the folder `autograder/`, as its manifest describes it."""

    folder: Path
    assignment: str
    notebook: str = ""  # the file name that students receive
    out_of: float  # of the questions that checks mark
    questions: tuple[Question, ...]
    cells: tuple[str, ...]  # ids of the cells of the notebook for students, in order
    imports: tuple[str, ...] = ()  # modules that this notebook imports, in its order
    files: Mapping[str, str]  # SHA-256 of each file that grading depends on, by relative path

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the manifest, and so of all that grades, since it has the files' digests.

        It is taken from the content: whoever only reformats `manifest.json` grades nobody anew.
        """
        return hashlib.sha256(self.text().encode()).hexdigest()

    def question(self, name: str) -> Question:
        """Return the question of that name."""
        return next(question for question in self.questions if question.name == name)

    def text(self) -> str:
        """Return the manifest as it is committed: equal bundles give equal bytes."""
        return json.dumps(self.to_json(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    def to_json(self) -> dict[str, Any]:
        """Return the manifest as plain data; the folder is not part of it."""
        return {
            "format": FORMAT,
            "assignment": self.assignment,
            "notebook": self.notebook,
            "out_of": self.out_of,
            "questions": [asdict(question) for question in self.questions],
            "cells": list(self.cells),
            "imports": list(self.imports),
            "files": dict(self.files),
        }

    @classmethod
    def load(cls, folder: Path) -> Bundle:
        """Read the manifest of the bundle in `folder`.

        Raises
        ------
        AuthorError
            If there is no manifest, or it is not one that `gradekit build` wrote.
        """
        path = folder / MANIFEST
        try:
            data = json.loads(path.read_bytes())
            return cls(
                folder=folder,
                assignment=data["assignment"],
                notebook=data["notebook"],
                out_of=data["out_of"],
                questions=tuple(_question(entry) for entry in data["questions"]),
                cells=tuple(data["cells"]),
                imports=tuple(data.get("imports", ())),  # format 1 had none
                files=dict(data["files"]),
            )
        except FileNotFoundError:
            raise AuthorError(
                f'{folder}: there is no bundle here ({MANIFEST} is missing). Run "gradekit build", '
                "or name the folder with --bundle."
            ) from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise AuthorError(
                f'{path}: this is no manifest of a bundle ({error!r}). Run "gradekit build" again.'
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
            # Each part is hashed by itself, so that no name can run on into a content.
            name = path.relative_to(folder).as_posix()
            total.update(hashlib.sha256(name.encode()).digest())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
