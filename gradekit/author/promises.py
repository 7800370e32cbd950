"""What must hold of a build, tried out for real before it takes its place.

1. Nothing hidden is in what students receive, whatever form it could take.
2. A rebuild gives the same bytes.
3. The solution earns every point.
4. The untouched notebook runs to its last cell, earns nothing, and whatever
   students then read is a sentence that helps.

The last two are tried where submissions are graded too: in a sandbox.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from gradekit.author import canary, leaks, shown_thresholds
from gradekit.author.build import Built, build_assignment
from gradekit.author.compare import differences
from gradekit.core.errors import AuthorError, SubmissionError
from gradekit.core.job import Job, Limits
from gradekit.core.marks import Mark, Outcome, Verdict
from gradekit.sandbox import Sandbox
from gradekit.submission import find_hand_ins, read_notebook

SEED = "00" * 32  # any will do: the promises hold for every seed
SENTENCE = re.compile(r"[A-Z\"'`“‘].*[.?!][\"'`”’)]?", re.DOTALL)
NOISE = ("Traceback (most recent call last)", "NoneType", 'File "', "<module>", "0x7f")


@dataclass(frozen=True, slots=True)
class Kept:
    """A build that kept its promises, in numbers."""

    built: Built
    solution: float
    blank: float
    hidden_places: int  # where the canary was put

    def summary(self) -> str:
        """Return what was built and what was tried, in columns."""
        manifest = self.built.manifest
        checks = [check for question in manifest["questions"] for check in question["checks"]]
        hidden = sum(check["hidden"] for check in checks)
        out_of = f"{manifest['out_of']:g}"
        bundle = self.built.autograder
        return (
            f"{len(manifest['questions'])} questions, {len(checks)} checks "
            f"({len(checks) - hidden} public, {hidden} hidden), {out_of} points\n"
            f"  student/     {self.built.notebook} and {_files(self.built.student)}\n"
            f"  solutions/   {self.built.notebook}\n"
            f"  autograder/  {_files(bundle)}{_beside(bundle)}\n"
            f"solution {self.solution:g} / {out_of}, blank {self.blank:g} / {out_of}, "
            "nothing hidden in student/, rebuild equal"
        )


def build_and_try(
    assignment: Path,
    destination: Path,
    sandbox_for: Callable[[Path], Sandbox],
    limits: Limits | None = None,
    admit: Callable[[Built], object] = lambda _: None,
) -> Kept:
    """Build an assignment, try its promises, and only then replace the earlier build.

    Parameters
    ----------
    assignment : Path
        The master, or a folder with exactly one notebook.
    destination : Path
        The folder below which `student`, `solutions` and `autograder` are written.
    sandbox_for : callable
        Makes the sandbox that grades with the bundle in the folder it is given.
    admit : callable, optional
        Called with a build that keeps its promises; it refuses by raising.

    Raises
    ------
    AuthorError
        If the master has mistakes or a promise fails. The earlier build is unchanged.
    GraderError
        If the sandbox failed.
    """
    kept: list[Kept] = []

    def accept(fresh: Built) -> None:
        kept.append(keep(fresh, sandbox_for(fresh.autograder), limits))
        admit(fresh)

    built = build_assignment(assignment, destination, accept)
    return Kept(built, kept[0].solution, kept[0].blank, kept[0].hidden_places)


def keep(built: Built, sandbox: Sandbox, limits: Limits | None = None) -> Kept:
    """Try every promise of a build; what the sandbox grades with is its bundle.

    Raises
    ------
    AuthorError
        If one fails: which check or file, what happened, and what to do.
    GraderError
        If the sandbox failed.
    """
    with tempfile.TemporaryDirectory(prefix="gradekit-") as name:
        scratch = Path(name).resolve()
        leaks.no_solution_line_is_shown(built)
        leaks.no_hidden_file_is_shown(built)
        shown_thresholds.no_hidden_threshold_is_shown(built)
        places = canary.nothing_hidden_is_shown(built.master, scratch)
        rebuild_is_equal(built, scratch / "again")
    return Kept(built, *both_graded(built, sandbox, limits), places)


def both_graded(
    built: Built, sandbox: Sandbox, limits: Limits | None = None
) -> tuple[float, float]:
    """Return the points of the solution and of the untouched notebook, as they must be."""
    notebooks = [folder / built.notebook for folder in (built.solutions, built.student)]
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(graded, notebook, sandbox, limits) for notebook in notebooks]
        solution, blank = (run.result() for run in runs)
    return solution_earns_all(built, solution), blank_earns_nothing(built, blank)


def graded(notebook: Path, sandbox: Sandbox, limits: Limits | None) -> Outcome:
    """Grade a notebook of a build on the way that a student's takes."""
    try:
        submission = read_notebook(find_hand_ins(notebook)[0])
    except SubmissionError as error:
        raise AuthorError(
            f"{notebook} could not be handed in ({error}). Mend the master."
        ) from error
    return sandbox.grade(Job.of(submission.cells, seed=SEED, limits=limits or Limits()))


def rebuild_is_equal(built: Built, scratch: Path) -> None:
    """Build once more and compare the bytes."""
    again = build_assignment(built.master.path, scratch)
    if lines := differences(again.root, built.root):
        raise AuthorError(
            f"{built.master.path}: two builds differ ({'; '.join(lines[:3])}). "
            "Remove from the master or its files what changes by itself, such as a date."
        )


def solution_earns_all(built: Built, outcome: Outcome) -> float:
    """Return the points of the solution, which are all there are."""
    wrong = [
        f"{built.master.path}: the solution does not pass {where}: {_how(mark)}"
        for where, mark in _marks(built, outcome)
        if mark.verdict is not Verdict.PASSED or mark.points != mark.out_of
    ]
    if wrong:
        raise AuthorError("\n".join(wrong))
    return _points(outcome)


def _how(mark: Mark) -> str:
    """Say how a check of the solution ended, and what to do."""
    if mark.verdict is Verdict.UNMARKED:
        return (
            "the check itself failed, as for a missing module or a name that is not defined. "
            "Run its cell in the master."
        )
    said = f", {mark.message!r}" if mark.message else ""
    return f"{mark.verdict}{said}. Correct the solution or the check."


def blank_earns_nothing(built: Built, outcome: Outcome) -> float:
    """Return the points of the untouched notebook, which are none."""
    wrong = [
        f"the untouched notebook does not run to its last cell: {note} "
        'Let its stubs end at once, with raise NotImplementedError("Question ...: ...").'
        for note in outcome.notes
    ]
    wrong += [text for where, mark in _marks(built, outcome) for text in _wrong_blank(where, mark)]
    if wrong:
        raise AuthorError("\n".join(f"{built.master.path}: {text}" for text in wrong))
    return _points(outcome)


def _wrong_blank(where: str, mark: Mark) -> Iterator[str]:
    """Say what is wrong with the mark that an untouched notebook got from one check."""
    if mark.verdict is Verdict.PASSED and mark.out_of > 0:
        yield (
            f"the untouched notebook passes {where} and earns {mark.points:g}. "
            "Make the check demand an answer, or remove what answers it."
        )
    elif mark.verdict in (Verdict.STOPPED, Verdict.UNMARKED):
        yield (
            f"the untouched notebook does not get as far as {where}: {mark.verdict}. "
            'Let its stub end at once, with raise NotImplementedError("Question ...: ...").'
        )
    elif mark.verdict is Verdict.FAILED and not is_sentence(mark.message):
        yield (
            f"with the untouched notebook {where} says {mark.message!r}, which is no sentence. "
            "Write a failure_message or an assertion text that begins with a capital or a name "
            "in quotes and ends with a full stop."
        )


def is_sentence(message: str) -> bool:
    """Whether a student can read a message: it begins and ends like a sentence, without noise."""
    text = message.strip()
    return SENTENCE.fullmatch(text) is not None and not any(noise in text for noise in NOISE)


def _marks(built: Built, outcome: Outcome) -> Iterator[tuple[str, Mark]]:
    """Return each mark with its question and check; all checks of the bundle must be there."""
    marks = {(q.name, mark.name): mark for q in outcome.questions for mark in q.checks}
    for question in built.manifest["questions"]:
        for check in question["checks"]:
            where = f'check "{check["name"]}" of question {question["name"]}'
            mark = marks.get((question["name"], check["name"]))
            if mark is None:
                raise AuthorError(f"{built.master.path}: {where} was not marked. Look at its file.")
            yield where, mark


def _points(outcome: Outcome) -> float:
    return sum(question.points or 0.0 for question in outcome.questions)


def stale(assignment: Path, root: Path) -> list[str]:
    """Return where the committed folders below `root` differ from a fresh build: files and cells.

    Raises
    ------
    AuthorError
        If the master cannot be built.
    """
    with tempfile.TemporaryDirectory(prefix="gradekit-") as name:
        fresh = build_assignment(assignment, Path(name).resolve() / "fresh")
        return differences(fresh.root, root)


def _files(folder: Path) -> str:
    number = len(list((folder / "tests").glob("*.py")))
    return f"{number} check file{'' if number == 1 else 's'}"


def _beside(bundle: Path) -> str:
    names = [name for name in ("Dockerfile", "manifest.json") if (bundle / name).is_file()]
    return "".join(f", {name}" for name in names)
