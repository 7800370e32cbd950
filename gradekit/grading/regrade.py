"""What a class would be given by changed checks, found out before anybody is told.

Most of a class is judged again by what was recorded, in seconds and without running
its code. Whoever's recording cannot answer is named with the reason and goes to a
sandbox. What comes out is a list of changes to look at; only `publish` writes it into
the journal, under the keys of the new bundle, so that a later `gradekit grade` with
that bundle finds it there and makes the same gradebook.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gradekit.core.errors import GraderError, SubmissionError
from gradekit.core.escape import one_line
from gradekit.core.job import Job
from gradekit.core.marks import Outcome, Report
from gradekit.grading.grader import Grader
from gradekit.grading.recordings import Shelf
from gradekit.sandbox import believed
from gradekit.submission import read_notebook
from gradekit.worker import Recording, UnusableError

if TYPE_CHECKING:
    from pathlib import Path

    from gradekit.grading.results import Results
    from gradekit.sandbox import Replaying
    from gradekit.submission import HandIn, Submission

BATCH = 16  # submissions that share the imports of one process
NOBODYS_SEED = "00"  # each recording brings its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one submission has and what it would get; without `after`, `why` it needs a sandbox."""

    handin: HandIn
    before: Report | None
    after: Report | None = None
    why: str = ""
    judged: tuple[str, ...] = ()  # questions whose checks were evaluated
    key: str = ""  # under which it is to be remembered; empty where it is already


@dataclass(frozen=True, slots=True)
class _Pending:
    """A submission whose recording is about to be asked."""

    change: Change
    work: Submission
    blank: Report
    recording: Path


@dataclass(frozen=True, kw_only=True)
class Regrader(Grader):
    """A grader that first asks the recordings. It needs a journal."""

    sandbox: Replaying

    def changes(
        self,
        handins: Iterable[HandIn],
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
        looked = [self._looked_up(handin, results) for handin in handins]
        found = {one.handin.id: one for one in looked if isinstance(one, Change)}
        for _ in found:
            done()
        pending = [one for one in looked if isinstance(one, _Pending)]
        batches = [pending[n : n + BATCH] for n in range(0, len(pending), BATCH)]
        with ThreadPoolExecutor(jobs) as pool:
            for change in itertools.chain.from_iterable(pool.map(self._replayed, batches)):
                found[change.handin.id] = change
                done()
        order = [one.handin if isinstance(one, Change) else one.change.handin for one in looked]
        return [found[handin.id] for handin in order]

    def publish(self, changes: Iterable[Change]) -> None:
        """Have the journal remember what the recordings gave."""
        assert self.journal is not None, "recordings lie beside a journal"
        for change in changes:
            if change.after is not None and change.key:
                number = self.journal.begin(change.key, change.handin.id)
                self.journal.end(number, change.after)

    def _looked_up(self, handin: HandIn, results: Results) -> Change | _Pending:
        """Return what can be said without judging anything, or what it takes to judge."""
        assert self.journal is not None, "recordings lie beside a journal"
        blank = self._blank(handin)
        before = results.load(handin.id)
        try:
            blank = replace(blank, sha256=handin.digest)
            before = before if before and before.sha256 == blank.sha256 else None
            work = read_notebook(handin)
        except SubmissionError as error:
            unread = replace(blank, reason=one_line(str(error)))
            return Change(handin=handin, before=before, after=unread)
        change = Change(handin=handin, before=before, key=self._key(work.sha256))
        known = self.journal.find(change.key)
        if known is not None:
            known = replace(known, submission=blank.submission, file=blank.file)
            return replace(change, after=known, key="")
        try:
            return _Pending(change, work, blank, self._recording(work))
        except UnusableError as error:
            return replace(change, why=str(error))

    def _recording(self, work: Submission) -> Path:
        """Return where the recording of a notebook is, if it was made with the seed that counts."""
        assert self.journal is not None, "recordings lie beside a journal"
        shelf = Shelf(self.journal.path.parent)
        path = shelf.find(work.sha256, self.sandbox, self.limits)
        found = Recording(path)
        usual = replace(self, key=self.key or found.bundle)
        if found.seed != usual.seed(work.sha256):
            raise UnusableError("it was graded with another --seed")
        return path

    def _replayed(self, batch: Sequence[_Pending]) -> list[Change]:
        """Return the changes of some submissions, judged in one process."""
        items = [{"cells": list(one.work.cells), "recording": one.recording.name} for one in batch]
        job = Job(
            notebook=json.dumps(items).encode(),
            seed=NOBODYS_SEED,
            limits=self.limits,
            recording=str(batch[0].recording.parent),
        )
        try:
            found = list(json.loads(self.sandbox.replay(job)))
            if len(found) != len(batch):
                raise GraderError("judging the recordings gave no result")
        except (GraderError, ValueError, TypeError) as error:
            return [replace(one.change, why=one_line(str(error))) for one in batch]
        return [self._change(one, data) for one, data in zip(batch, found, strict=True)]

    def _change(self, one: _Pending, data: Any) -> Change:
        try:
            if "why" in data:
                return replace(one.change, why=one_line(str(data["why"])))
            outcome = believed(Outcome.from_json(data["outcome"]), self.bundle)
            judged = tuple(map(str, data["judged"]))
        except (GraderError, ValueError, KeyError, TypeError, AttributeError) as error:
            return replace(one.change, why=one_line(f"judging its recording failed ({error})"))
        before = one.change.before
        report = self._reported(one.work, one.blank, outcome).report
        if before is not None:  # what the code did when it ran, and was seen to do
            report = replace(
                report,
                seconds=before.seconds,
                timings=before.timings,
                incidents=before.incidents,
                exhibits=before.exhibits,
            )
        return replace(one.change, after=report, judged=judged)
