"""Measure the checks of an assignment on answers that are known to be right or wrong.

For each question: the author's right and wrong answers, mutants of the solution, and the
untouched cell, all graded by the real worker and judged by the author's oracle. Results
are cached under a digest of everything that they depend on, so that nothing is measured
twice.
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
from typing import NamedTuple

from gradekit.author import ORACLE, AnswerBook, Built
from gradekit.core import program
from gradekit.core.bundle import Bundle
from gradekit.core.errors import AuthorError
from gradekit.core.files import replace_file
from gradekit.quality.audit import oracle
from gradekit.quality.audit.answer_grader import AnswerGrader, MakeSandbox
from gradekit.quality.audit.mutants import MAX_MUTANTS, make_mutants, sample
from gradekit.quality.audit.rates import GradedAnswer, QuestionAudit
from gradekit.quality.audit.solved_notebook import SolvedNotebook
from gradekit.sandbox import cache_root, prepare_bundle

Cells = tuple[str, ...]


class Candidate(NamedTuple):
    """An answer that is to be graded."""

    kind: str  # one of rates.KINDS, or "solution"
    name: str
    idea: str
    cells: Cells


@dataclass(frozen=True, kw_only=True)
class Audit:
    """A build with its example answers, and how they are graded."""

    built: Built
    book: AnswerBook
    sandbox_for: MakeSandbox
    jobs: int = 1
    fresh: bool = False  # a worker of its own for each answer, and no cache
    max_mutants: int | None = MAX_MUTANTS  # of one question; None for all

    @cached_property
    def solved(self) -> SolvedNotebook:
        return SolvedNotebook(self.built, self.book)

    @property
    def questions(self) -> list[str]:
        """The questions that are measured."""
        return [name for name in self.book.questions if name not in self.book.leave]

    def digest(self, question: str) -> str:
        """Return a digest of everything in the assignment that a question's results depend on.

        The program is left out on purpose: this digest is committed in audit.json, and an
        upgrade of gradekit shall not make every author measure again. The cache, which is
        private to a machine, takes the program into account.
        """
        files = {
            name: digest
            for name, digest in self.built.bundle.files.items()
            if name.startswith(("files/", "hidden/")) or name == f"tests/{question}.py"
        }
        content = {
            "files": files,
            "cells": [cell.source for cell in self.solved.before(question)],
            "solution": self.solved.with_answer(question, self.solved.solution(question)),
            "blank": self.solved.blank(question),
            "answers": [
                (answer.right, answer.name, answer.cells) for answer in self.book.of(question)
            ],
            "oracle": _without_others(self.book.folder / ORACLE, question, self.book.questions),
            "mutants": self.max_mutants,
        }
        return sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def cached(self, question: str) -> QuestionAudit | None:
        """Return the result of an earlier audit of the very same, if there is one."""
        path = self._cache_path(question)
        if self.fresh or not path.is_file():
            return None
        return QuestionAudit.from_json(json.loads(path.read_text("utf-8")))

    def _cache_path(self, question: str) -> Path:
        key = sha256(f"{self.digest(question)} {_program_digest()}".encode()).hexdigest()
        return cache_root() / "audits" / f"{key[:24]}.json"

    def measure(
        self,
        questions: Sequence[str],
        on_begin: Callable[[int], None] = lambda _: None,
        on_progress: Callable[[str, int], None] = lambda _, __: None,
    ) -> list[QuestionAudit]:
        """Measure some questions; those in the cache cost nothing.

        Every answer counts twice for progress: once when the oracle has judged it, once
        when the worker has graded it.

        Parameters
        ----------
        questions : sequence of str
            Their names.
        on_begin : callable, optional
            Called once with the total, before anything is measured.
        on_progress : callable, optional
            Called with a question and how many of its pieces are done now.

        Raises
        ------
        AuthorError
            If the oracle cannot be asked, or the solution does not pass oracle and checks.
        GraderError
            If a worker gave no report, or a result cannot be written.
        """
        results = {name: self.cached(name) for name in questions}
        mutant_counts: dict[str, int] = {}
        candidates: dict[str, list[Candidate]] = {}
        for name in questions:
            if results[name] is None:
                mutant_counts[name], candidates[name] = self._candidates(name)
        on_begin(2 * sum(map(len, candidates.values())))
        if candidates:
            bundle = Bundle.load(prepare_bundle(self.built.autograder))
            cells = {
                name: [candidate.cells for candidate in group] for name, group in candidates.items()
            }
            objections = oracle.judge(
                self.solved,
                self.book,
                bundle.folder / "files",
                cells,
                lambda name: on_progress(name, 1),
            )
            for name, group in candidates.items():
                # A wrong oracle spoils everything below, so it fails before minutes of grading.
                self._solution_satisfies_oracle(name, objections[name][0])
                results[name] = self._grade(
                    name,
                    group,
                    mutants_made=mutant_counts[name],
                    objections=objections[name],
                    bundle=bundle,
                    on_progress=on_progress,
                )
        return [result for result in results.values() if result is not None]

    def _candidates(self, question: str) -> tuple[int, list[Candidate]]:
        """Return how many mutants there are, and the answers to grade, the solution first."""
        solution = self.solved.solution(question)
        all_mutants = make_mutants(solution)
        return len(all_mutants), [
            Candidate("solution", "solution", "the solution", solution),
            Candidate("blank", "blank", "the untouched cell", self.solved.blank(question)),
            *(
                Candidate(
                    "right" if answer.right else "wrong", answer.name, answer.idea, answer.cells
                )
                for answer in self.book.of(question)
            ),
            *(
                Candidate("mutant", mutant.name, "", mutant.cells)
                for mutant in sample(all_mutants, self.max_mutants)
            ),
        ]

    def _solution_satisfies_oracle(self, question: str, objection: str) -> None:
        if objection:
            raise AuthorError(
                f"{self.book.folder / ORACLE}: {question}() rejects the solution ({objection}). "
                "Correct the oracle or the solution."
            )

    def _grade(
        self,
        question: str,
        candidates: Sequence[Candidate],
        *,
        mutants_made: int,
        objections: Sequence[str],
        bundle: Bundle,
        on_progress: Callable[[str, int], None],
    ) -> QuestionAudit:
        """Have the worker grade all candidates, and cache the result."""
        grader = AnswerGrader(
            solved=self.solved,
            bundle=bundle,
            question=question,
            sandbox_for=self.sandbox_for,
        )
        marks = grader.grade(
            [candidate.cells for candidate in candidates],
            jobs=self.jobs,
            fresh=self.fresh,
            on_graded=lambda count: on_progress(question, count),
        )
        answers = [
            GradedAnswer(
                **candidate._asdict(),
                why=objection,
                verdicts=tuple(str(check.verdict) for check in mark.checks),
                messages=tuple(check.message for check in mark.checks),
            )
            for candidate, objection, mark in zip(candidates, objections, marks, strict=True)
        ]
        self._solution_passes_checks(question, answers[0])
        result = QuestionAudit(
            question=question,
            digest=self.digest(question),
            checks=tuple(check.name for check in marks[0].checks),
            hidden=tuple(check.hidden for check in marks[0].checks),
            mutants_made=mutants_made,
            answers=tuple(answers[1:]),
        )
        if not self.fresh:
            replace_file(self._cache_path(question), json.dumps(result.to_json()))
        return result

    def _solution_passes_checks(self, question: str, solution: GradedAnswer) -> None:
        """Make sure that the solution gets all points where the answers are graded."""
        if not solution.full:
            messages = "; ".join(message for message in solution.messages if message)
            raise AuthorError(
                f"{self.book.folder}: without the cells that audit.toml skips, the solution of "
                f"{question} does not pass its own checks ({messages}). "
                f"Skip less, or leave {question}."
            )


@cache
def _program_digest() -> str:
    """Return a digest of all that decides a verdict and is not in the assignment.

    That is the program that grades (`core.program`), this folder, which chooses the
    mutants and puts answers before the checks, Python and every installed package.
    """
    installed = [package for package in metadata.distributions() if package.name != "gradekit"]
    versions = sorted(f"{package.name}=={package.version}" for package in installed)
    folder = [path.read_text("utf-8") for path in sorted(Path(__file__).parent.glob("*.py"))]
    everything = [sys.version, versions, folder, program.digest()]
    return sha256(json.dumps(everything).encode()).hexdigest()


def _without_others(path: Path, question: str, questions: Sequence[str]) -> str:
    """Return the oracle's program without the functions of other questions.

    So an edit for one question does not make all others be measured again.
    """
    tree = ast.parse(path.read_text("utf-8"))
    other_questions = set(questions) - {question}
    body = [
        statement
        for statement in tree.body
        if not (isinstance(statement, ast.FunctionDef) and statement.name in other_questions)
    ]
    return ast.unparse(ast.Module(body, []))
