"""The command `grade`, and a run over a class as the person at the terminal sees it.

Lines appear in the order of the gradebook, each as soon as all before it are
there, so that the same class always prints the same. They go to standard
output; the bar, the summary and what to do next go to standard error.
"""

# ruff: noqa: PLC0415 - imports within functions are what keeps the help fast

from __future__ import annotations

import itertools
import json
import os
import shlex
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gradekit.cli.machines import DASK, Place
from gradekit.cli.options import (
    BUNDLE,
    JOBS,
    RESULTS,
    SANDBOX,
    STAFF,
    SUBMISSIONS,
    Choose,
    refuse_unknown,
    restore_marks,
    sandbox_for,
)

if TYPE_CHECKING:
    from rich.text import Text

    from gradekit.core.marks import Report
    from gradekit.grading import Graded, Grader, Summary
    from gradekit.sandbox import Sandbox
    from gradekit.submission import HandIn


@click.command()
@SUBMISSIONS
@BUNDLE
@RESULTS
@SANDBOX
@JOBS
@DASK
@click.option("--only", multiple=True, metavar="ID", help="Grade only this one. May be repeated.")
@click.option(
    "--again",
    multiple=True,
    metavar="ID",
    help="Grade this submission again even if it already has a result. May be repeated.",
)
@click.option("--seed", default="", metavar="TEXT", help="Draw other random inputs for checks.")
@click.option("--json", "as_json", is_flag=True, help="Print the reports as one JSON document.")
@click.pass_obj
def grade(
    choose: Choose | None,
    *,
    submissions: Path,
    bundle_folder: Path,
    results_folder: Path,
    sandbox: str,
    jobs: int | None,
    address: str | None,
    only: tuple[str, ...],
    again: tuple[str, ...],
    seed: str,
    as_json: bool,
) -> None:
    """Grade a class of submissions.

    SUBMISSIONS is a folder of notebooks, a folder with a folder for each
    student, or one notebook (default: submissions, if there is one). Each
    file and each folder in it is one submission, except README files, .toml
    files and hidden ones. A student's folder may hold other files, but exactly
    one notebook. Links are not followed.

    \b
      $ gradekit grade submissions/
      alice    34 / 40  failed: conv1d (flips the kernel)
      bo       40 / 40
      chen    ungraded  the file is empty. Download it again from Jupyter ...

    Every submission gets a line here, a row in gradebook.csv, a report and a
    page. "ungraded" means that it has no score yet, which is not zero. The exit
    code is 5 only if some are ungraded through no fault of the students; a
    student's file that cannot be read leaves it at 0.

    Ctrl-C once waits for what runs and keeps it, twice stops now. After that,
    or after a crash, run the same command again: submissions that have a
    result are not graded again unless the file, the bundle, the sandbox, a
    limit or the seed has changed.
    """
    from gradekit.core.bundle import Bundle
    from gradekit.grading import Grader, Journal, Results, grade_class
    from gradekit.submission import find_hand_ins

    handins = find_hand_ins(submissions, leave_out=[results_folder, submissions / "roster.csv"])
    ids = [handin.id for handin in handins]
    refuse_unknown("--only", only, ids, "there is no submission with this id")
    refuse_unknown("--again", again, ids, "there is no submission with this id")
    selected = [handin for handin in handins if not only or handin.id in only]
    bundle = Bundle.load(bundle_folder)
    results = Results(results_folder, ids)
    _mention_staff_files(submissions)
    place = Place(address, sandbox, bundle_folder, results_folder)
    with Journal(results_folder) as journal:
        restore_marks(journal, results, bundle, handins)

        def grader(chosen: Sandbox) -> Grader:
            return Grader(bundle=bundle, sandbox=chosen, secret=seed, journal=journal, again=again)

        def something_runs(chosen: Sandbox) -> bool:
            return any(map(grader(chosen).needs_sandbox, selected))

        # Trying the promises takes seconds; a class that is cached needs no sandbox at all.
        here = partial(sandbox_for, sandbox, bundle_folder, choose, something_runs)
        with place.open(here) as (chosen, room), Screen(selected, as_json=as_json) as screen:
            grade_class(
                handins, grader(chosen), results, screen, jobs=jobs or room, selected=selected
            )
    if screen.failures:
        raise click.exceptions.Exit(STAFF)


def _mention_staff_files(submissions: Path) -> None:
    from gradekit.submission import staff_files

    if names := staff_files(submissions):
        click.echo(f"skipped (not student submissions): {', '.join(names)}", err=True)


class Screen:
    """The terminal, as the watcher of a run; use it as a context."""

    def __init__(self, handins: Sequence[HandIn], *, as_json: bool = False) -> None:
        from rich.console import Console

        from gradekit.cli.progress import Bar
        from gradekit.core.text import name_width

        self.failures = 0
        """Submissions without a score through no fault of the students."""
        self._cached = 0  # submissions that an earlier run had graded
        self._handins = handins
        self._as_json = as_json
        self._reports: dict[str, Report] = {}
        self._printed = 0
        self._stopped = False
        self._names = name_width(handin.id for handin in handins)
        self._out = Console(highlight=False)
        self._err = Console(stderr=True, highlight=False, soft_wrap=True)
        self._bar = Bar(self._err, len(handins))

    def __enter__(self) -> Screen:
        self._bar.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def begun(self) -> None:
        """Count a submission that runs from now on."""
        self._bar.begin()

    def done(self, graded: Graded) -> None:
        """Count a report, and print the lines that no unfinished submission stands before."""
        report = graded.report
        self.failures += report.ours
        self._cached += graded.cached
        self._reports[report.submission] = report
        self._bar.advance(report.submission, failed=report.points is None, cached=graded.cached)
        if self._as_json:
            return
        # The slowest submission may be the first, so what is ready waits for it.
        waiting = itertools.islice(self._handins, self._printed, None)
        printable = list(itertools.takewhile(self._is_done, waiting))
        if printable:
            with self._bar.hidden():
                self._print(printable)
        self._printed += len(printable)

    def stopping(self) -> None:
        """Say what the first Ctrl-C does."""
        self._stopped = True
        with self._bar.hidden():
            self._err.out("stopping after what runs now; Ctrl-C again stops at once")

    def finished(self, summary: Summary) -> None:
        """Print what is left to print, how it went, where it lies and what to do next."""
        from gradekit.core.text import totals

        self._bar.stop()
        if self._as_json:
            self._print_json()
        else:  # after Ctrl-C some lines still wait for one that will not come
            self._print(list(filter(self._is_done, self._handins[self._printed :])))
        if self._reports:
            self._say(totals(list(self._reports.values()), summary.seconds, self._cached))
        self._say(f"gradebook: {summary.gradebook}")
        self._say(f"the class: {summary.class_page}")
        for question, count in summary.unmarked.items():
            answers = f"{count} written answer{'s' if count != 1 else ''}"
            self._say(f"not marked yet: {answers} to {question}")
        if missing := len(self._handins) - len(self._reports) + self.failures:
            remedy = "to go on:" if self._stopped else "run the command again"
            self._say(f"{missing} not graded, through no fault of the students; {remedy}")
            if self._stopped:
                self._say(f"  {_command()}")

    def _is_done(self, handin: HandIn) -> bool:
        return handin.id in self._reports

    def _say(self, text: str) -> None:
        self._err.out(text, highlight=False)

    def _print(self, handins: Sequence[HandIn]) -> None:
        for handin in handins:
            line = _line(self._reports[handin.id], self._names, self._out.width)
            self._out.print(line, no_wrap=True)

    def _print_json(self) -> None:
        from gradekit.grading import document

        reports = [self._reports[handin.id] for handin in filter(self._is_done, self._handins)]
        self._out.out(json.dumps([document(report) for report in reports], indent=1))


def _command() -> str:
    """Return the very command that was given, for a shell in this folder."""
    program, *arguments = sys.argv
    if program.endswith("__main__.py"):
        return shlex.join([sys.executable, "-m", "gradekit", *arguments])
    relative = os.path.relpath(program)  # a shell gives a whole path for what is on PATH
    return shlex.join([min(program, relative, key=len), *arguments])


def _line(report: Report, names: int, width: int) -> Text:
    """Return one submission as a line of a terminal that is so wide."""
    from rich.text import Text

    from gradekit.core.text import columns

    name, score, summary = columns(report, names, width)
    colour = "green" if report.points == report.out_of else "yellow"
    style = "red" if report.points is None else colour
    line = Text.assemble(name, "  ", (score, style), "  ", summary)
    line.rstrip()
    return line
