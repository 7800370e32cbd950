"""One run over a class, as the person at the terminal sees it.

Lines appear in the order of the gradebook, each as soon as all before it are
there, so that the same class always prints the same. They go to standard
output; the bar, the summary and what to do next go to standard error.
"""

from __future__ import annotations

import itertools
import json
import os
import shlex
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from gradekit.cli.progress import Bar
from gradekit.core.text import columns, name_width, totals
from gradekit.grading import HumanMarks, document, grade_class, of_class, standing, write_views
from gradekit.pages import publish_pages

if TYPE_CHECKING:
    from gradekit.core.bundle import Bundle
    from gradekit.core.marks import Report
    from gradekit.grading import Graded, Grader, Results
    from gradekit.submission import HandIn


class Session:
    """One run over a class, as the person at the terminal sees it."""

    def __init__(
        self,
        handins: list[HandIn],
        wanted: list[HandIn],
        bundle: Bundle,
        results: Results,
        as_json: bool,
    ) -> None:
        self.ours = 0  # submissions left ungraded through a fault of ours
        self._remembered = 0  # submissions that an earlier run had graded
        self._handins, self._wanted = handins, wanted
        self._bundle, self._results, self._as_json = bundle, results, as_json
        self._readings = HumanMarks(bundle=bundle, points={})
        self._reports: dict[str, Report] = {}
        self._shown = 0
        self._stopped = False
        self._width = name_width(handin.id for handin in wanted)
        self._out = Console(highlight=False)
        self._err = Console(stderr=True, highlight=False, soft_wrap=True)
        self._bar = Bar(self._err, len(wanted))

    def grade(self, grader: Grader, jobs: int) -> None:
        """Grade, print a line for each submission in order, and leave a gradebook."""
        start = time.monotonic()
        if grader.journal is not None:
            given = grader.journal.readings()
            self._readings = of_class(self._bundle, given, self._handins)
        grader = replace(grader, finish=self._readings.added_to)
        try:
            with self._bar:
                grade_class(
                    self._wanted,
                    grader,
                    self._results,
                    jobs=jobs,
                    done=self._done,
                    begun=self._bar.begin,
                    stopping=self._stopping,
                )
        finally:
            self._finish(time.monotonic() - start)

    def _done(self, graded: Graded) -> None:
        self.ours += graded.ours
        self._remembered += graded.remembered
        self._reports[graded.report.submission] = graded.report
        self._bar.advance(
            graded.report.submission,
            failed=graded.report.points is None,
            known=graded.remembered,
        )
        if not self._as_json:
            self._show_in_order()

    def _show_in_order(self) -> None:
        """Print the lines that no unfinished submission stands before."""
        waiting = itertools.islice(self._wanted, self._shown, None)
        ready = list(itertools.takewhile(self._is_done, waiting))
        if ready:
            with self._bar.hidden():
                self._show(ready)
        self._shown += len(ready)

    def _show(self, handins: list[HandIn]) -> None:
        width = self._width
        for handin in handins:
            self._out.print(_line(self._reports[handin.id], width, self._out.width), no_wrap=True)

    def _is_done(self, handin: HandIn) -> bool:
        return handin.id in self._reports

    def _stopping(self) -> None:
        self._stopped = True
        with self._bar.hidden():
            self._err.out("stopping after what runs now; Ctrl-C again stops at once")

    def _finish(self, seconds: float) -> None:
        """Write the gradebook of all that was handed in, and say how it went."""
        if self._as_json:
            self._print_json()
        else:  # after Ctrl-C some lines still wait for one that will not come
            self._show(list(filter(self._is_done, self._wanted[self._shown :])))
        left_out = [handin for handin in self._handins if not self._is_done(handin)]
        others = standing(left_out, self._results, self._readings)
        everyone = [*self._reports.values(), *others]
        write_views(everyone, self._results, self._readings)
        page = publish_pages(self._results.folder, everyone, self._bundle.assignment)
        if self._reports:
            text = totals(list(self._reports.values()), seconds, self._remembered)
            self._err.out(text, highlight=False)
        self._err.out(f"gradebook: {self._results.gradebook}", highlight=False)
        self._err.out(f"the class: {page}", highlight=False)
        for name, count in self._readings.missing(one.id for one in self._handins).items():
            text = f"not marked yet: {count} written answer{'s' if count != 1 else ''} to {name}"
            self._err.out(text, highlight=False)
        if left := len(self._wanted) - len(self._reports) + self.ours:
            how = "to go on:" if self._stopped else "run the command again"
            text = f"{left} not graded, through no fault of the students; {how}"
            self._err.out(text, highlight=False)
            if self._stopped:
                self._err.out(f"  {_command()}", highlight=False)

    def _print_json(self) -> None:
        done = [self._reports[handin.id] for handin in self._wanted if self._is_done(handin)]
        self._out.out(json.dumps([document(report) for report in done], indent=1), highlight=False)


def _command() -> str:
    """Return the very command that was given, for a shell in this folder."""
    program, *arguments = sys.argv
    if program.endswith("__main__.py"):
        return shlex.join([sys.executable, "-m", "gradekit", *arguments])
    near = os.path.relpath(program)
    return shlex.join([program if len(program) < len(near) else near, *arguments])


def _line(report: Report, names: int, width: int) -> Text:
    name, score, summary = columns(report, names, width)
    colour = "green" if report.points == report.out_of else "yellow"
    style = "red" if report.points is None else colour
    line = Text.assemble(name, "  ", (score, style), "  ", summary)
    line.rstrip()
    return line
