"""The marks that changed checks would give a class, found out before anything is published.

Most submissions are judged again by what was recorded, in seconds and without running
their code. A submission whose recording cannot answer is listed with the reason and goes
to a sandbox. The result is a list of changes to look at; only `publish` writes it into
the journal, under the keys of the new bundle, so that a later `gradekit grade` with
that bundle finds it there and makes the same gradebook.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from gradekit.core.errors import GraderError
from gradekit.core.escape import one_line
from gradekit.core.job import Job, Limits
from gradekit.core.marks import Outcome, Report
from gradekit.grading.grader import Grader, read_handin, renamed, report_of, seed_of
from gradekit.grading.recordings import Recordings
from gradekit.sandbox import validated_outcome
from gradekit.worker import Recording, UnusableError

if TYPE_CHECKING:
    from pathlib import Path

    from gradekit.core.bundle import Bundle
    from gradekit.grading.journal import Journal
    from gradekit.grading.results import Results
    from gradekit.sandbox import Replaying
    from gradekit.submission import HandIn, Submission

BATCH = 16  # submissions that share the imports of one process
NOBODYS_SEED = "00"  # each recording brings its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one submission has and what it would get."""

    handin: HandIn
    before: Report | None
    """None if this very file has no report yet."""
    after: Report | None = None
    """None if its recording cannot answer, so that it has to be graded in a sandbox."""
    why: str = ""
    """Why a sandbox is needed."""
    judged: tuple[str, ...] = ()
    """The questions whose checks were evaluated: those that changed."""
    key: str = ""
    """The cache key to publish it under; empty if the journal has it already."""


@dataclass(frozen=True, slots=True)
class _Pending:
    """A submission whose recording is about to be asked."""

    change: Change
    submission: Submission
    blank: Report
    recording: Path


@dataclass(frozen=True, kw_only=True)
class Regrader:
    """What judges a class by its recordings, which lie beside the journal."""

    bundle: Bundle
    sandbox: Replaying
    journal: Journal
    limits: Limits = field(default_factory=Limits)
    secret: str = ""

    @property
    def grader(self) -> Grader:
        """The grader of those whom no recording can answer for."""
        return Grader(
            bundle=self.bundle,
            sandbox=self.sandbox,
            limits=self.limits,
            secret=self.secret,
            journal=self.journal,
        )

    def changes(
        self,
        handins: Sequence[HandIn],
        results: Results,
        jobs: int,
        done: Callable[[], None] = lambda: None,
    ) -> list[Change]:
        """Return what would change for each submission; nothing is written.

        Raises
        ------
        GraderError
            If the journal cannot be read.
        """
        changes: dict[str, Change] = {}
        pending: list[_Pending] = []
        for handin in handins:
            change = self._look_up(handin, results)
            if isinstance(change, Change):
                changes[handin.id] = change
                done()
            else:
                pending.append(change)
        batches = [pending[start : start + BATCH] for start in range(0, len(pending), BATCH)]
        with ThreadPoolExecutor(jobs) as pool:
            for change in itertools.chain.from_iterable(pool.map(self._replay, batches)):
                changes[change.handin.id] = change
                done()
        return [changes[handin.id] for handin in handins]

    def publish(self, changes: Iterable[Change]) -> None:
        """Have the journal remember what the recordings gave."""
        for change in changes:
            if change.after is not None and change.key:
                number = self.journal.begin(change.key, change.handin.id)
                self.journal.end(number, change.after)

    def _look_up(self, handin: HandIn, results: Results) -> Change | _Pending:
        """Return what can be said without judging anything, or what it takes to judge."""
        blank, submission = read_handin(handin, self.bundle.out_of)
        before = results.load(handin.id)
        if before is not None and before.sha256 != blank.sha256:
            before = None  # another file was graded then
        if submission is None:
            return Change(handin=handin, before=before, after=blank)
        key = self.grader.cache_key(submission.sha256)
        cached = self.journal.find(key)
        if cached is not None:  # an earlier regrade was published, or half of it
            return Change(handin=handin, before=before, after=renamed(cached, blank))
        change = Change(handin=handin, before=before, key=key)
        try:
            return _Pending(change, submission, blank, self._recording(submission))
        except UnusableError as error:
            return replace(change, why=str(error))

    def _recording(self, submission: Submission) -> Path:
        """Return where the recording of a notebook is, if it was made with the seed that counts.

        Raises
        ------
        UnusableError
            If there is no such recording.
        """
        recordings = Recordings(self.journal.path.parent)
        path = recordings.find(submission.sha256, self.sandbox, self.limits)
        recording = Recording(path)
        # Without a secret, the seed was made of the bundle that the class was graded with.
        if recording.seed != seed_of(submission.sha256, self.secret or recording.bundle):
            raise UnusableError("it was graded with another --seed")
        return path

    def _replay(self, batch: Sequence[_Pending]) -> list[Change]:
        """Return the changes of some submissions, judged in one process."""
        items = [
            {"cells": list(pending.submission.cells), "recording": pending.recording.name}
            for pending in batch
        ]
        job = Job(
            notebook=json.dumps(items).encode(),
            seed=NOBODYS_SEED,
            limits=self.limits,
            recording=str(batch[0].recording.parent),
        )
        try:
            answers = list(json.loads(self.sandbox.replay(job)))
            if len(answers) != len(batch):
                raise GraderError("judging the recordings gave no result")
        except (GraderError, ValueError, TypeError) as error:  # all of these need a sandbox then
            return [replace(pending.change, why=one_line(str(error))) for pending in batch]
        return [self._judged(pending, data) for pending, data in zip(batch, answers, strict=True)]

    def _judged(self, pending: _Pending, data: Any) -> Change:
        """Return the change that a replay's answer on one submission means."""
        change = pending.change
        # The answer comes out of a process that read what students' code once said, so it is
        # believed no more than what a worker prints.
        try:
            if "why" in data:
                return replace(change, why=one_line(str(data["why"])))
            outcome = validated_outcome(Outcome.from_json(data["outcome"]), self.bundle)
            judged = tuple(map(str, data["judged"]))
        except (GraderError, ValueError, KeyError, TypeError, AttributeError) as error:
            return replace(change, why=one_line(f"judging its recording failed ({error})"))
        after = report_of(outcome, pending.submission, pending.blank)
        if change.before is not None:
            # No code ran, so what it did when it ran is still what is known of it.
            after = replace(
                after,
                seconds=change.before.seconds,
                timings=change.before.timings,
                incidents=change.before.incidents,
                exhibits=change.before.exhibits,
            )
        return replace(change, after=after, judged=judged)
