"""A class is graded: every file handed in gets a report, whatever happens to it.

Each submission goes its own way: read, sandbox, check of what came back, report
on the disk. What goes wrong on the way becomes the reason of that one report.
A fault of ours is tried once more and then leaves the submission ungraded,
never at zero. Only two things stop a class: a results folder that cannot be
written, and a person who presses Ctrl-C; what is done by then is kept.

What a sandbox reports is believed only where it agrees with the bundle: the
same questions and checks in the same order, for the same points.
"""

from __future__ import annotations

import hmac
import threading
import time
from collections.abc import Callable, Container, Iterable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gradekit.core.errors import GradekitError, SubmissionError
from gradekit.core.escape import one_line
from gradekit.core.job import Job, Limits
from gradekit.core.marks import Outcome, Report, Verdict
from gradekit.grading.journal import Journal
from gradekit.grading.journal import key as journal_key
from gradekit.grading.recordings import Shelf
from gradekit.sandbox import MAX_MESSAGE, MAX_NOTE, MAX_NOTES, Sandbox, believed
from gradekit.submission import read_notebook

if TYPE_CHECKING:
    from gradekit.core.bundle import Bundle
    from gradekit.grading.results import Results
    from gradekit.submission import HandIn, Submission

ATTEMPTS = 2  # a fault of ours may be gone the second time


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """A report: one that the journal had, or one that lacks a score through a fault of ours."""

    report: Report
    ours: bool = False
    remembered: bool = False


def _as_it_is(report: Report) -> Report:
    return report


@dataclass(frozen=True, kw_only=True)
class Grader:
    """Everything that decides what a notebook is worth.

    `key` keeps the random inputs of checks secret and repeatable; without one
    the digest of the bundle serves. What `journal` remembers is not graded again,
    except for the ids in `again`. `finish` adds what people marked to a report; the
    journal has it without.
    """

    bundle: Bundle
    sandbox: Sandbox
    limits: Limits = field(default_factory=Limits)
    key: str = ""
    journal: Journal | None = None
    again: Container[str] = ()
    finish: Callable[[Report], Report] = _as_it_is

    def grade(self, handin: HandIn, stopping: Callable[[], bool] = lambda: False) -> Graded:
        """Return the report on one file handed in, whatever that is.

        `stopping` says whether a second attempt would come too late.

        Raises
        ------
        GraderError
            If the journal cannot be read or written. Nothing else stops a class.
        """
        start = time.monotonic()
        blank = self._blank(handin)
        try:
            blank = replace(blank, sha256=handin.digest)
            work = read_notebook(handin)
            blank = replace(blank, sha256=work.sha256)  # of what is graded, if the file changed
        except SubmissionError as error:
            graded = Graded(report=replace(blank, reason=one_line(str(error))))
        except Exception as error:  # noqa: BLE001 - one submission never ends the batch
            graded = _failed(blank, _ours(handin.file, error))
        else:
            return self._graded(work, blank, start, stopping)
        return self._timed(graded, start)

    def _graded(
        self, work: Submission, blank: Report, start: float, stopping: Callable[[], bool]
    ) -> Graded:
        """Return what the journal remembers, or what an attempt came to, and have it remembered."""
        if self.journal is None:
            return self._timed(self._attempts(work, blank, stopping), start)
        key = self._key(work.sha256)
        found = self.journal.find(key) if work.id not in self.again else None
        if found is not None:  # perhaps of an equal file under another name
            known = replace(found, submission=blank.submission, file=blank.file)
            return Graded(report=known, remembered=True)
        number = self.journal.begin(key, work.id)
        graded = self._timed(self._attempts(work, blank, stopping), start)
        self.journal.end(number, graded.report)
        return graded

    def _timed(self, graded: Graded, start: float) -> Graded:
        return replace(graded, report=replace(graded.report, seconds=time.monotonic() - start))

    def remembers(self, handin: HandIn) -> bool:
        """Whether a file gets its report without running, from the journal or as unreadable.

        Raises
        ------
        GraderError
            If the journal cannot be read.
        """
        if self.journal is None or handin.id in self.again:
            return False
        try:
            return self.journal.find(self._key(handin.digest)) is not None
        except SubmissionError:
            return True

    def _key(self, digest: str) -> str:
        """Return what stands for all that the grade of a file with this digest depends on."""
        return journal_key(
            digest, self.bundle.digest, self.sandbox.version, self.limits, self.seed(digest)
        )

    def _blank(self, handin: HandIn) -> Report:
        out_of = self.bundle.out_of
        return Report(submission=handin.id, file=handin.file, sha256="", reason=None, out_of=out_of)

    def seed(self, digest: str) -> str:
        """Return the secret seed of the submission with this digest."""
        key = self.key or self.bundle.digest
        return hmac.new(key.encode(), digest.encode(), "sha256").hexdigest()

    def _attempts(self, work: Submission, blank: Report, stopping: Callable[[], bool]) -> Graded:
        """Return the first attempt without a fault of ours, or the last one."""
        for _ in range(ATTEMPTS):
            graded = self._attempt(work, blank)
            if not graded.ours or stopping():
                break
        return graded

    def _attempt(self, work: Submission, blank: Report) -> Graded:
        shelf = Shelf(self.journal.path.parent) if self.journal else None
        new = shelf.place() if shelf else ""
        seed = self.seed(work.sha256)
        job = Job.of(work.cells, seed=seed, limits=self.limits, recording=new)
        try:
            outcome = believed(self.sandbox.grade(job), self.bundle)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is not the student's
            return _failed(blank, _ours(work.file, error))
        if shelf is not None:
            shelf.keep(new, work.sha256, self.sandbox, self.limits)
        return self._reported(work, blank, outcome)

    def _reported(self, work: Submission, blank: Report, outcome: Outcome) -> Graded:
        reason = _unmarked(work.file, outcome)
        notes = tuple(one_line(note)[:MAX_NOTE] for note in (*work.notes, *outcome.notes))
        report = replace(
            blank,
            reason=reason,
            ours=reason is not None,
            notes=notes[:MAX_NOTES],
            questions=outcome.questions,
            timings=outcome.timings,
            incidents=outcome.incidents,
            exhibits=outcome.exhibits,
        )
        return Graded(report=report, ours=reason is not None)


def _failed(blank: Report, reason: str) -> Graded:
    return Graded(report=replace(blank, reason=reason, ours=True), ours=True)


def earlier(handin: HandIn, results: Results, out_of: float) -> Report:
    """Return the report of an earlier run on the very same file, or one that says there is none."""
    try:
        digest = handin.digest
    except SubmissionError:
        digest = ""
    found = results.load(handin.id)
    if found and (found.file, found.sha256, found.out_of) == (handin.file, digest, out_of):
        return found
    reason = f"{handin.file}: not graded yet. Run the command again for the whole class."
    return Report(
        submission=handin.id,
        file=handin.file,
        sha256=digest,
        reason=reason,
        out_of=out_of,
        ours=True,
    )


def grade_class(
    handins: Iterable[HandIn],
    grader: Grader,
    results: Results,
    *,
    jobs: int,
    done: Callable[[Graded], None],
    begun: Callable[[], None] = lambda: None,
    stopping: Callable[[], None] = lambda: None,
) -> None:
    """Grade a class, `jobs` at a time; each report is on the disk before `done` hears of it.

    `begun` hears in its thread that one is begun, `stopping` of the first Ctrl-C.

    Raises
    ------
    GraderError
        If a report cannot be written. Reports before it are kept.
    KeyboardInterrupt
        After Ctrl-C: nothing more is begun, what runs is waited for and kept.
        A second Ctrl-C ends what runs.
    """
    stop = threading.Event()

    def one(handin: HandIn) -> Graded:
        begun()
        graded = grader.grade(handin, stop.is_set)
        if stop.is_set() and graded.ours:  # the second Ctrl-C ended its sandbox
            raise CancelledError
        graded = replace(graded, report=grader.finish(graded.report))
        results.save(graded.report)
        return graded

    pool = ThreadPoolExecutor(max_workers=jobs)
    futures = [pool.submit(one, handin) for handin in handins]
    try:
        for future in as_completed(futures):
            futures.remove(future)
            done(future.result())
    except BaseException as error:
        stop.set()
        if isinstance(error, KeyboardInterrupt):
            stopping()
        _wind_up(pool, grader.sandbox)
        _tell_the_rest(futures, done)
        raise
    pool.shutdown()


def _wind_up(pool: ThreadPoolExecutor, sandbox: Sandbox) -> None:
    """Wait for what runs; a second Ctrl-C ends it, where the sandbox knows how."""
    try:
        pool.shutdown(wait=True, cancel_futures=True)
    except KeyboardInterrupt:
        getattr(sandbox, "close", lambda: None)()
        pool.shutdown(wait=True, cancel_futures=True)


def _tell_the_rest(futures: list[Future[Graded]], done: Callable[[Graded], None]) -> None:
    """Report what was finished while the others were being stopped."""
    for future in futures:
        if not future.cancelled() and future.exception() is None:
            done(future.result())


def _unmarked(file: str, outcome: Outcome) -> str | None:
    """Return why an outcome is no score: a check that we could not decide."""
    names = [
        f"{question.name}: {mark.name}"
        for question in outcome.questions
        for mark in question.checks
        if mark.verdict is Verdict.UNMARKED
    ]
    if not names:
        return None
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return one_line(
        f"{file}: the grader could not decide {names[0]}{more}. "
        "Grade it again; if that does not help, mend the check."
    )


def _ours(file: str, error: Exception) -> str:
    """Return the reason that says a fault of ours left this file without a score."""
    text = one_line(str(error))[:MAX_MESSAGE]
    if isinstance(error, GradekitError):
        return f"{file}: {text}"
    return f"{file}: the grader failed ({type(error).__name__}: {text}). Grade it again."
