"""A class is graded: every file handed in gets a report, a row and a page.

Only two things stop a class: a results folder that cannot be written, and a person who
presses Ctrl-C. What is done by then is kept, and the folder says of everybody else that
they were not graded yet. What is written is decided here; whoever watches is told of it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from gradekit.core.marks import Report
from gradekit.grading.grader import Graded, Grader
from gradekit.grading.human_marks import HumanMarks, current_reports
from gradekit.pages import publish_pages

if TYPE_CHECKING:
    from gradekit.grading.results import Results
    from gradekit.sandbox import Sandbox
    from gradekit.submission import HandIn


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a run left behind, whether it came to its end or was stopped."""

    gradebook: Path
    class_page: Path
    seconds: float
    unmarked: Mapping[str, int]
    """How many written answers to each question have no points yet."""


class Watcher(Protocol):
    """Whoever is told how a run gets on, as a terminal is."""

    def begun(self) -> None:
        """Take note that a submission has begun; called in its thread."""

    def done(self, graded: Graded) -> None:
        """Take note of a report, which is on the disk."""

    def stopping(self) -> None:
        """Take note of the first Ctrl-C: what runs is waited for."""

    def finished(self, summary: Summary) -> None:
        """Take note that reports, gradebook and pages of everybody are written."""


def grade_class(
    handins: Sequence[HandIn],
    grader: Grader,
    results: Results,
    watcher: Watcher,
    *,
    jobs: int,
    selected: Sequence[HandIn] | None = None,
) -> None:
    """Grade those of a class that are selected, and bring the results folder up to date.

    Points that people gave written answers are taken from the journal. The folder is
    written also where the run is stopped, so that it always says what is known.

    Raises
    ------
    GraderError
        If the results cannot be written. What was written before stays.
    KeyboardInterrupt
        After Ctrl-C, as `grade_handins` does.
    """
    start = time.monotonic()
    marks = grader.journal.human_marks() if grader.journal is not None else []
    human_marks = HumanMarks.of_class(grader.bundle, marks, handins)
    reports: dict[str, Report] = {}

    def done(graded: Graded) -> None:
        reports[graded.report.submission] = graded.report
        watcher.done(graded)

    try:
        grade_handins(
            handins if selected is None else selected,
            grader,
            results,
            jobs=jobs,
            finish=human_marks.add_to,
            begun=watcher.begun,
            done=done,
            stopping=watcher.stopping,
        )
    finally:
        # Also after a full disk or Ctrl-C, so that gradebook and pages never tell of another run.
        not_run = [handin for handin in handins if handin.id not in reports]
        everybody = [*reports.values(), *current_reports(not_run, results, human_marks)]
        results.save_class(everybody, human_marks.columns)
        class_page = publish_pages(results.folder, everybody, grader.bundle.assignment)
        summary = Summary(
            gradebook=results.gradebook,
            class_page=class_page,
            seconds=time.monotonic() - start,
            unmarked=human_marks.unmarked(handin.id for handin in handins),
        )
        watcher.finished(summary)


def grade_handins(
    handins: Iterable[HandIn],
    grader: Grader,
    results: Results,
    *,
    jobs: int,
    done: Callable[[Graded], None],
    finish: Callable[[Report], Report] = lambda report: report,
    begun: Callable[[], None] = lambda: None,
    stopping: Callable[[], None] = lambda: None,
) -> None:
    """Grade files, `jobs` at a time; each report is on the disk before `done` is called.

    `finish` adds what people marked: the journal keeps reports without it, because marks
    of people change after a notebook was graded.

    Raises
    ------
    GraderError
        If a report cannot be written. Reports before it are kept.
    KeyboardInterrupt
        After Ctrl-C: nothing more is begun, what runs is waited for and kept.
        A second Ctrl-C ends what runs.
    """
    stop = threading.Event()

    def grade(handin: HandIn) -> Graded:
        begun()
        graded = grader.grade(handin, stop.is_set)
        # The second Ctrl-C ended its sandbox. That is no failure to be written down.
        if stop.is_set() and graded.report.ours:
            raise CancelledError
        graded = replace(graded, report=finish(graded.report))
        results.save(graded.report)
        return graded

    # Threads are enough: each only waits for the processes of its sandbox.
    pool = ThreadPoolExecutor(max_workers=jobs)
    futures = [pool.submit(grade, handin) for handin in handins]
    try:
        for future in as_completed(futures):
            futures.remove(future)  # the others are looked at again if the class is stopped
            done(future.result())
    except BaseException as error:  # a full disk, or Ctrl-C, which is no Exception
        stop.set()
        if isinstance(error, KeyboardInterrupt):
            stopping()
        _shut_down(pool, grader.sandbox)
        _report_finished(futures, done)
        raise
    pool.shutdown()


def _shut_down(pool: ThreadPoolExecutor, sandbox: Sandbox) -> None:
    """Wait for what runs; a second Ctrl-C ends it, where the sandbox knows how."""
    try:
        pool.shutdown(wait=True, cancel_futures=True)
    except KeyboardInterrupt:
        getattr(sandbox, "close", lambda: None)()  # a container would run on; a process dies
        pool.shutdown(wait=True, cancel_futures=True)


def _report_finished(futures: list[Future[Graded]], done: Callable[[Graded], None]) -> None:
    """Call `done` for what came to its end while the others were being stopped."""
    for future in futures:
        if not future.cancelled() and future.exception() is None:
            done(future.result())
