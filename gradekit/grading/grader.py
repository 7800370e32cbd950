"""One file that was handed in becomes a report, whatever happens to it on the way.

The way is the same for all: read, sandbox, check of what came back. What goes wrong on it
becomes the reason of that one report. A fault of the grader is tried once more and then
leaves the submission ungraded, never at zero.

What a sandbox reports is believed only where it agrees with the bundle: the
same questions and checks in the same order, for the same points.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Container
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gradekit.core.errors import GradekitError, SubmissionError
from gradekit.core.escape import one_line
from gradekit.core.job import Job, Limits
from gradekit.core.marks import Outcome, Report, Verdict
from gradekit.grading.journal import Journal
from gradekit.grading.recordings import Recordings
from gradekit.sandbox import Sandbox, printable_notes, validated_outcome
from gradekit.submission import read_notebook

if TYPE_CHECKING:
    from gradekit.core.bundle import Bundle
    from gradekit.submission import HandIn, Submission

MAX_REASON = 2_000  # characters of an error's text in a report
ATTEMPTS = 2  # an engine that was busy or out of memory may not be so the second time


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """A report, and whether it was taken from the journal, so that nothing ran for it."""

    report: Report
    cached: bool = False


@dataclass(frozen=True, kw_only=True)
class Grader:
    """Everything that decides what a notebook is worth."""

    bundle: Bundle
    sandbox: Sandbox
    limits: Limits = field(default_factory=Limits)
    secret: str = ""
    """Keeps the random inputs of checks secret and repeatable; the bundle's digest by default."""
    journal: Journal | None = None
    """The cache: what it has a score of is not graded again."""
    again: Container[str] = ()
    """The ids that are graded again all the same."""

    def grade(self, handin: HandIn, stopping: Callable[[], bool] = lambda: False) -> Graded:
        """Return the report on one file handed in, whatever that is.

        `stopping` tells whether a second attempt would come too late.

        Raises
        ------
        GraderError
            If the journal cannot be read or written. Nothing else stops a class.
        """
        start = time.monotonic()
        blank, submission = read_handin(handin, self.bundle.out_of)
        if submission is None:
            return Graded(report=replace(blank, seconds=time.monotonic() - start))
        key = self.cache_key(submission.sha256)
        # An attempt is recorded before it begins, so that one that a crash ended can be seen.
        if self.journal is not None:
            cached = self.journal.find(key) if handin.id not in self.again else None
            if cached is not None:
                return Graded(report=renamed(cached, blank), cached=True)
            number = self.journal.begin(key, handin.id)
        for _ in range(ATTEMPTS):
            report = self._attempt(submission, blank)
            if not report.ours or stopping():
                break
        report = replace(report, seconds=time.monotonic() - start)
        if self.journal is not None:
            self.journal.end(number, report)
        return Graded(report=report)

    def _attempt(self, submission: Submission, blank: Report) -> Report:
        """Return the report on one notebook after one run in the sandbox."""
        recordings = Recordings(self.journal.path.parent) if self.journal else None
        recording = recordings.new_path() if recordings else ""
        seed = self.seed(submission.sha256)
        job = Job.of(submission.cells, seed=seed, limits=self.limits, recording=recording)
        # A worker writes its recording under another name and it is renamed when it is whole,
        # so that half a recording is never found.
        try:
            outcome = validated_outcome(self.sandbox.grade(job), self.bundle)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is not the student's
            return replace(blank, reason=_grader_failed(submission.file, error), ours=True)
        if recordings is not None:
            recordings.keep(recording, submission.sha256, self.sandbox, self.limits)
        return report_of(outcome, submission, blank)

    def needs_sandbox(self, handin: HandIn) -> bool:
        """Tell whether code has to run: there is a notebook, and no report of it in the journal.

        Raises
        ------
        GraderError
            If the journal cannot be read.
        """
        if self.journal is None or handin.id in self.again:
            return True
        try:
            return self.journal.find(self.cache_key(handin.digest)) is None
        except SubmissionError:
            return False

    def cache_key(self, digest: str) -> str:
        """Return the digest of everything that the marks of a file with this digest depend on."""
        # The sandbox's version stands for everything that decides how code runs in it.
        inputs = [
            digest,
            self.bundle.digest,
            self.sandbox.version,
            self.limits.to_json(),
            self.seed(digest),
        ]
        return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()

    def seed(self, digest: str) -> str:
        """Return the secret seed of the submission with this digest."""
        return seed_of(digest, self.secret or self.bundle.digest)


def seed_of(digest: str, secret: str) -> str:
    """Return the seed of a submission: nobody without the secret can tell the inputs of checks."""
    return hmac.new(secret.encode(), digest.encode(), "sha256").hexdigest()


def read_handin(handin: HandIn, out_of: float) -> tuple[Report, Submission | None]:
    """Return a report without marks on a file, and its notebook; without one, the reason why."""
    blank = Report(submission=handin.id, file=handin.file, sha256="", reason=None, out_of=out_of)
    try:
        # The digest comes first, so that a file that is no notebook is known by it too.
        blank = replace(blank, sha256=handin.digest)
        submission = read_notebook(handin)
    except SubmissionError as error:
        return replace(blank, reason=one_line(str(error))), None
    except Exception as error:  # noqa: BLE001 - one submission never ends the class
        return replace(blank, reason=_grader_failed(handin.file, error), ours=True), None
    return replace(blank, sha256=submission.sha256), submission  # the file may have changed


def report_of(outcome: Outcome, submission: Submission, blank: Report) -> Report:
    """Return the report that an outcome gives; without a score if a check could not decide."""
    reason = _undecided(submission.file, outcome)
    return replace(
        blank,
        reason=reason,
        ours=reason is not None,
        # What was repaired in the file comes first: it explains what the worker noted.
        notes=printable_notes((*submission.notes, *outcome.notes)),
        questions=outcome.questions,
        timings=outcome.timings,
        incidents=outcome.incidents,
        exhibits=outcome.exhibits,
    )


def renamed(cached: Report, blank: Report) -> Report:
    """Return a cached report under the name of a file: the key knows only the contents."""
    return replace(cached, submission=blank.submission, file=blank.file)


def _undecided(file: str, outcome: Outcome) -> str | None:
    """Return the reason why an outcome is no score, or None if every check could decide."""
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


def _grader_failed(file: str, error: Exception) -> str:
    """Return the reason of a report that lacks a score through no fault of the student's."""
    text = one_line(str(error))[:MAX_REASON]
    if isinstance(error, GradekitError):
        return f"{file}: {text}"  # its text is a sentence that says what to do
    return f"{file}: the grader failed ({type(error).__name__}: {text}). Grade it again."
