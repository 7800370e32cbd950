"""Measure the checks of an assignment on answers of which is known what they are worth.

For each question: the author's right and wrong answers, mutants of the solution, and the
untouched cell, all marked by the real worker and judged by the author's oracle. What was
measured is kept under a digest of everything it depends on, so that nothing is measured
twice and a page costs nothing.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

from gradekit.author import ORACLE, AnswerBook, Built
from gradekit.core import program
from gradekit.core.bundle import Bundle
from gradekit.core.errors import AuthorError
from gradekit.quality.audit import oracle
from gradekit.quality.audit.mutants import MOST, Mutant, mutants, sample
from gradekit.quality.audit.rates import Measured, Trial
from gradekit.quality.audit.rehearsal import MakeSandbox, Rehearsal
from gradekit.quality.audit.solved import Solved
from gradekit.sandbox import cache_root, prepare_bundle

# Where one of these changes, an answer may be marked otherwise, and is marked again.
# Of this folder: what decides which answers and mutants are put to the checks.
ASKING = ("mutants.py", "oracle.py", "oracle_process.py", "rehearsal.py", "solved.py")
Cells = tuple[str, ...]
Draft = tuple[str, str, str, Cells]  # kind, name, idea, cells


@dataclass(frozen=True, kw_only=True)
class Audit:
    """A build and its answers, and how to measure."""

    built: Built
    book: AnswerBook
    sandbox_for: MakeSandbox
    jobs: int = 1
    fresh: bool = False  # a worker of its own for each answer, and nothing remembered
    most: int | None = MOST  # mutants of one question

    @cached_property
    def solved(self) -> Solved:
        return Solved(self.built, self.book)

    @property
    def questions(self) -> list[str]:
        """The questions that are measured."""
        return [name for name in self.book.questions if name not in self.book.leave]

    def digest(self, question: str) -> str:
        """Return the digest of all that decides what is measured for a question."""
        files = {
            name: digest
            for name, digest in self.built.bundle.files.items()
            if name.startswith(("files/", "hidden/")) or name == f"tests/{question}.py"
        }
        parts = {
            "files": files,
            "cells": [cell.source for cell in self.solved.before(question)],
            "solution": self.solved.with_answer(question, self.solved.solution(question)),
            "blank": self.solved.blank(question),
            "answers": [(a.right, a.name, a.cells) for a in self.book.of(question)],
            "oracle": _without_others(self.book.folder / ORACLE, question, self.book.questions),
            "mutants": self.most,
        }
        return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()

    def remembered(self, question: str) -> Measured | None:
        """Return what an earlier audit of the very same found."""
        path = self._kept(question)
        if self.fresh or not path.is_file():
            return None
        return Measured.from_json(json.loads(path.read_text("utf-8")))

    def _kept(self, question: str) -> Path:
        """Return where this program keeps what it measures for a question."""
        key = sha256(f"{self.digest(question)} {_marking()}".encode()).hexdigest()
        return cache_root() / "audits" / f"{key[:24]}.json"

    def measure(
        self,
        questions: Sequence[str],
        begin: Callable[[int], None] = lambda _: None,
        done: Callable[[str, int], None] = lambda _, __: None,
    ) -> list[Measured]:
        """Measure some questions; `begin` hears how much there is to do, `done` of each piece.

        Every answer is two pieces: what the oracle says, and what the worker marks.

        Raises
        ------
        AuthorError
            If the oracle cannot be asked, or does not pass the solution.
        GraderError
            If a worker gave no report.
        """
        found = {name: self.remembered(name) for name in questions}
        drafts = {name: self._drafts(name) for name in questions if found[name] is None}
        begin(2 * sum(len(some) for _, some in drafts.values()))
        if drafts:
            bundle = Bundle.load(prepare_bundle(self.built.autograder))
            cells = {name: [one[3] for one in some] for name, (_, some) in drafts.items()}
            whys = oracle.ask(
                self.solved, self.book, bundle.folder / "files", cells, lambda name: done(name, 1)
            )
            for name, (made, some) in drafts.items():
                self._solution_passes(name, whys[name][0])
                found[name] = self._measured(
                    name, made, drafts=some, whys=whys[name], bundle=bundle, done=done
                )
        return [one for one in found.values() if one is not None]

    def _drafts(self, question: str) -> tuple[int, list[Draft]]:
        """Return how many mutants there are, and what to try: the solution first, then all."""
        solution = self.solved.solution(question)
        made = mutants(solution)
        tried: list[Mutant] = sample(made, self.most)
        return len(made), [
            ("solution", "solution", "the solution", solution),
            ("blank", "blank", "the untouched cell", self.solved.blank(question)),
            *(
                ("right" if answer.right else "wrong", answer.name, answer.idea, answer.cells)
                for answer in self.book.of(question)
            ),
            *(("mutant", mutant.name, "", mutant.cells) for mutant in tried),
        ]

    def _solution_passes(self, question: str, why: str) -> None:
        if why:
            raise AuthorError(
                f"{self.book.folder / ORACLE}: {question}() rejects the solution ({why}). "
                "Correct the oracle or the solution."
            )

    def _measured(
        self,
        question: str,
        made: int,
        *,
        drafts: Sequence[Draft],
        whys: Sequence[str],
        bundle: Bundle,
        done: Callable[[str, int], None],
    ) -> Measured:
        """Have the worker mark everything, and remember it."""
        rehearsal = Rehearsal(
            solved=self.solved,
            bundle=bundle,
            question=question,
            sandbox_for=self.sandbox_for,
        )
        marks = rehearsal.marks(
            [draft[3] for draft in drafts],
            jobs=self.jobs,
            fresh=self.fresh,
            done=lambda number: done(question, number),
        )
        trials = [
            Trial(
                kind=kind,
                name=name,
                idea=idea,
                cells=cells,
                why=why,
                verdicts=tuple(str(one.verdict) for one in mark.checks),
                messages=tuple(one.message for one in mark.checks),
            )
            for (kind, name, idea, cells), why, mark in zip(drafts, whys, marks, strict=True)
        ]
        self._is_full(question, trials[0])
        measured = Measured(
            question=question,
            digest=self.digest(question),
            checks=tuple(one.name for one in marks[0].checks),
            hidden=tuple(one.hidden for one in marks[0].checks),
            mutants_made=made,
            trials=tuple(trials[1:]),
        )
        if not self.fresh:
            _write(self._kept(question), measured.to_json())
        return measured

    def _is_full(self, question: str, solution: Trial) -> None:
        """Make sure that the solution gets all points where the answers do."""
        if not solution.full:
            said = "; ".join(message for message in solution.messages if message)
            raise AuthorError(
                f"{self.book.folder}: without the cells that audit.toml skips, the solution of "
                f"{question} does not pass its own checks ({said}). Skip less, or leave {question}."
            )


@cache
def _marking() -> str:
    """Return a digest of the packages here, and of those of our modules that mark."""
    distributions = [one for one in metadata.distributions() if one.name != "gradekit"]
    found = sorted(f"{one.name}=={one.version}" for one in distributions)
    texts = [Path(__file__).with_name(name).read_text("utf-8") for name in ASKING]
    texts.append(program.digest())
    return sha256(json.dumps([sys.version, found, texts]).encode()).hexdigest()


def _without_others(path: Path, question: str, names: Sequence[str]) -> str:
    """Return the oracle's program without the functions of other questions."""
    tree = ast.parse(path.read_text("utf-8"))
    others = set(names) - {question}
    kept = [
        one for one in tree.body if not (isinstance(one, ast.FunctionDef) and one.name in others)
    ]
    return ast.unparse(ast.Module(kept, []))


def _write(path: Path, data: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(data), "utf-8")
    draft.replace(path)
