"""What must hold of a build, tried out for real before the build takes its place.

1. Nothing hidden is in what students receive, whatever form it could take.
2. A rebuild gives the same bytes.
3. The solution earns every point.
4. The untouched notebook runs to its last cell, earns nothing, and whatever
   students then read is a sentence that helps.

The last two are tried where submissions are graded too: in a sandbox.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from gradekit.author import canary, leaks
from gradekit.author.build import Built, build_assignment
from gradekit.author.dist import differences
from gradekit.core.bundle import MANIFEST, Bundle
from gradekit.core.errors import AuthorError, SubmissionError
from gradekit.core.files import temporary_folder
from gradekit.core.job import Job, Limits
from gradekit.core.marks import Mark, Outcome, Verdict
from gradekit.sandbox import Sandbox
from gradekit.submission import find_hand_ins, read_notebook

SEED = "00" * 32  # any will do: the promises hold for every seed
SENTENCE = re.compile(r"[A-Z\"'`“‘].*[.?!][\"'`”’)]?", re.DOTALL)
NOISE = ("Traceback (most recent call last)", "NoneType", 'File "', "<module>", "0x7f")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was measured of a build that keeps its promises."""

    bundle: Bundle
    solution: float  # points that the solution earns
    blank: float  # points that the untouched notebook earns
    hidden_places: int  # where the canary was put

    def summary(self) -> str:
        """Return what was built and what was tried, in columns."""
        questions = self.bundle.questions
        checks = [check for question in questions for check in question.checks]
        hidden = sum(check.hidden for check in checks)
        shown_files = sum(any(not c.hidden for c in question.checks) for question in questions)
        all_files = sum(bool(question.checks) for question in questions)
        dockerfile = ", Dockerfile" if "Dockerfile" in self.bundle.files else ""
        notebook, out_of = self.bundle.notebook, f"{self.bundle.out_of:g}"
        return (
            f"{len(questions)} questions, {len(checks)} checks "
            f"({len(checks) - hidden} public, {hidden} hidden), {out_of} points\n"
            f"  student/     {notebook} and {_check_files(shown_files)}\n"
            f"  solutions/   {notebook}\n"
            f"  autograder/  {_check_files(all_files)}{dockerfile}, {MANIFEST}\n"
            f"solution {self.solution:g} / {out_of}, blank {self.blank:g} / {out_of}, "
            "nothing hidden in student/, rebuild equal"
        )


def _check_files(number: int) -> str:
    return f"{number} check file{'' if number == 1 else 's'}"


def prove_build(built: Built, sandbox: Sandbox, limits: Limits | None = None) -> Proof:
    """Try every promise of a build in a sandbox that grades with its bundle.

    Raises
    ------
    AuthorError
        If one fails: which check or file, what happened, and what to do.
    GraderError
        If the sandbox failed, or the disk for temporary files is full.
    """
    with temporary_folder() as scratch:
        # First what takes milliseconds, so that an author who leaks something knows at once.
        leaks.no_solution_line_is_shown(built)
        leaks.no_hidden_file_is_shown(built)
        leaks.no_hidden_threshold_is_shown(built)
        hidden_places = canary.nothing_hidden_is_shown(built.master, scratch)
        rebuild_is_equal(built, scratch / "again")
    solution, blank = grade_both(built, sandbox, limits)
    return Proof(bundle=built.bundle, solution=solution, blank=blank, hidden_places=hidden_places)


def rebuild_is_equal(built: Built, scratch: Path) -> None:
    """Build once more and compare the bytes.

    Raises
    ------
    AuthorError
        If they differ, with the first files or cells.
    """
    rebuilt = build_assignment(built.master.path, scratch)
    if lines := differences(rebuilt.root, built.root):
        raise AuthorError(
            f"{built.master.path}: two builds differ ({'; '.join(lines[:3])}). "
            "Remove from the master or its files what changes by itself, such as a date."
        )


def grade_both(built: Built, sandbox: Sandbox, limits: Limits | None = None) -> tuple[float, float]:
    """Return the points of the solution, all there are, and of the untouched notebook, none.

    Raises
    ------
    AuthorError
        If either is graded otherwise, with one line for each check.
    GraderError
        If the sandbox failed.
    """
    notebooks = [folder / built.notebook for folder in (built.solutions, built.student)]
    with ThreadPoolExecutor(2) as pool:
        solution, blank = pool.map(lambda path: _graded(path, sandbox, limits), notebooks)
    return solution_earns_all(built, solution), blank_earns_nothing(built, blank)


def _graded(notebook: Path, sandbox: Sandbox, limits: Limits | None) -> Outcome:
    """Grade a notebook of a build on the way that a student's takes."""
    # Through the reader of submissions too: what it repairs or refuses is part of the promise.
    try:
        submission = read_notebook(find_hand_ins(notebook)[0])
    except SubmissionError as error:
        raise AuthorError(
            f"{notebook} could not be handed in ({error}). Mend the master."
        ) from error
    return sandbox.grade(Job.of(submission.cells, seed=SEED, limits=limits or Limits()))


def solution_earns_all(built: Built, outcome: Outcome) -> float:
    """Return the points of the solution, which are all there are."""
    mistakes = [
        f"{built.master.path}: the solution does not pass {check}: {_how_it_ended(mark)}"
        for check, mark in _marks(built, outcome)
        if mark.verdict is not Verdict.PASSED or mark.points != mark.out_of
    ]
    if mistakes:
        raise AuthorError("\n".join(mistakes))
    return _points(outcome)


def _how_it_ended(mark: Mark) -> str:
    """Say how a check of the solution ended, and what to do."""
    if mark.verdict is Verdict.UNMARKED:
        return (
            "the check itself failed, as for a missing module or a name that is not defined. "
            "Run its cell in the master."
        )
    message = f", {mark.message!r}" if mark.message else ""
    return f"{mark.verdict}{message}. Correct the solution or the check."


def blank_earns_nothing(built: Built, outcome: Outcome) -> float:
    """Return the points of the untouched notebook, which are none."""
    mistakes = [
        f"the untouched notebook does not run to its last cell: {note} "
        'Let its stubs end at once, with raise NotImplementedError("Question ...: ...").'
        for note in outcome.notes
    ]
    for check, mark in _marks(built, outcome):
        mistakes += _wrong_blank(check, mark)
    if mistakes:
        raise AuthorError("\n".join(f"{built.master.path}: {text}" for text in mistakes))
    return _points(outcome)


def _wrong_blank(check: str, mark: Mark) -> Iterator[str]:
    """Say what is wrong with the mark that an untouched notebook got from one check."""
    # A check without points may pass: nobody gains by it.
    if mark.verdict is Verdict.PASSED and mark.out_of > 0:
        yield (
            f"the untouched notebook passes {check} and earns {mark.points:g}. "
            "Make the check demand an answer, or remove what answers it."
        )
    elif mark.verdict in (Verdict.STOPPED, Verdict.UNMARKED):
        yield (
            f"the untouched notebook does not get as far as {check}: {mark.verdict}. "
            'Let its stub end at once, with raise NotImplementedError("Question ...: ...").'
        )
    elif mark.verdict is Verdict.FAILED and not is_sentence(mark.message):
        yield (
            f"with the untouched notebook {check} says {mark.message!r}, which is no sentence. "
            "Write a failure_message or an assertion text that begins with a capital or a name "
            "in quotes and ends with a full stop."
        )


def is_sentence(message: str) -> bool:
    """Whether a student can read a message: it begins and ends like a sentence, without noise."""
    text = message.strip()
    return SENTENCE.fullmatch(text) is not None and not any(noise in text for noise in NOISE)


def _marks(built: Built, outcome: Outcome) -> Iterator[tuple[str, Mark]]:
    """Yield each mark after the name of its check; every check of the bundle must have one."""
    marks = {(q.name, mark.name): mark for q in outcome.questions for mark in q.checks}
    for question in built.bundle.questions:
        for check in question.checks:
            name = f'check "{check.name}" of question {question.name}'
            mark = marks.get((question.name, check.name))
            if mark is None:
                raise AuthorError(f"{built.master.path}: {name} was not marked. Look at its file.")
            yield name, mark


def _points(outcome: Outcome) -> float:
    return sum(question.points or 0.0 for question in outcome.questions)
