"""The zoo is let loose on an assignment, and what it achieves is measured.

Every attack is a submission of its own, graded as any other: behind the same walls,
by the same worker, under tighter limits. Four things are counted. *Forged* is a
check that passes and that the untouched notebook does not pass. *Leaked* is the
planted word (`decoy`), wherever it comes out. An *effect* is a change of this machine
(`effects`), or a difference in how an honest notebook is marked alone and among the
attacks. *Failed* is an attack after which we have no marks to give.

A meter that cannot move proves nothing: an attack that reads and whose notebook
could not show what it found is *blind*, and counted as such.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path

from gradekit.author.master import master as masters
from gradekit.core.errors import GraderError
from gradekit.core.escape import one_line
from gradekit.core.job import Job, Limits
from gradekit.core.marks import Mark, Outcome, Verdict
from gradekit.quality.redteam import effects
from gradekit.quality.redteam.catalogue import Attack
from gradekit.quality.redteam.decoy import SHOWN, Bait, lay
from gradekit.quality.redteam.findings import Finding, Result, Trial, What, count
from gradekit.sandbox import GRACE_SECONDS, Sandbox, believed, docker_engine

TIGHT = Limits(
    cell_seconds=6.0, call_seconds=4.0, check_seconds=8.0, total_seconds=60.0, memory_bytes=1 << 30
)
VARIABLE = "GRADEKIT_REDTEAM"  # the word, in the environment of this process


def run_campaign(
    assignment: Path,
    attacks: Sequence[Attack],
    sandbox_for: Callable[[Path], Sandbox],
    *,
    jobs: int,
    done: Callable[[Trial], None] = lambda _: None,
) -> Result:
    """Let attacks loose on a copy of an assignment, `jobs` at a time.

    Parameters
    ----------
    assignment : Path
        A master, or the folder with exactly one.
    attacks : sequence of Attack
        At least one.
    sandbox_for : callable
        Makes the sandbox that grades with the prepared bundle in the folder it is given.
    done : callable, optional
        Hears of each attack that has come to its end.

    Raises
    ------
    AuthorError
        If the assignment cannot be built.
    GraderError
        If the copy cannot be built, there is no sandbox, or an honest notebook
        cannot be graded in it.
    """
    started = time.monotonic()
    folder = masters.find(assignment).resolve().parent
    with tempfile.TemporaryDirectory(prefix="gradekit-") as name:
        scratch = Path(name).resolve()
        bait = lay(assignment, scratch)
        with _temporary_files_in(scratch / "tmp"), _in_environment(bait.word):
            sandbox = sandbox_for(bait.bundle.folder)
            try:
                watched = [folder, bait.bundle.folder]
                campaign = Campaign(bait, sandbox, attacks, watched, scratch / "tmp")
                trials, findings = campaign.fought(jobs, done)
            finally:
                _forget(sandbox)
    return Result(
        sandbox=sandbox.name,
        seconds=time.monotonic() - started,
        trials=tuple(trials),
        findings=tuple(findings),
    )


class Campaign:
    """All attacks on one assignment in one sandbox."""

    def __init__(
        self,
        bait: Bait,
        sandbox: Sandbox,
        attacks: Sequence[Attack],
        watched: Sequence[Path],
        temporary: Path,
    ) -> None:
        self._bait, self._sandbox, self._attacks = bait, sandbox, attacks
        self._run = secrets.token_hex(4)
        self._host = effects.Host.now(
            run=self._run, watched=watched, temporary=temporary, engine=sandbox.name == "docker"
        )
        self._blank = self._untouched(Limits())
        self._limits = self._tightened()
        self._passed = _names_of(self._blank, Verdict.PASSED)
        self._undecided = _names_of(self._blank, Verdict.UNMARKED)

    def fought(self, jobs: int, done: Callable[[Trial], None]) -> tuple[list[Trial], list[Finding]]:
        """Return what every attack achieved, and everything that was found."""
        alone = self._honest()
        trials, company = self._all(jobs, done)
        findings = [finding for trial in trials for finding in trial.findings]
        return trials, [*findings, *_compared(alone, company), *self._on_the_host()]

    def _untouched(self, limits: Limits) -> Outcome:
        """Grade the blank notebook with an attack that does nothing."""
        return self._graded(self._bait.hostile("", effects.mark(self._run, 0), 9), limits)

    def _tightened(self) -> Limits:
        """Return limits that are tight, and in which the blank notebook has room.

        What an attack gains must not depend on an import that was stopped.
        """
        spent = self._blank.timings.get("notebook", 0.0)
        tight = replace(
            TIGHT,
            cell_seconds=TIGHT.cell_seconds + spent,
            total_seconds=TIGHT.total_seconds + 10 * spent,
        )
        again = self._untouched(tight)
        if _marks_of(again) == _marks_of(self._blank):
            return tight
        return replace(tight, memory_bytes=Limits().memory_bytes)

    def _graded(self, notebook: bytes, limits: Limits) -> Outcome:
        return self._sandbox.grade(Job(notebook=notebook, seed=self._bait.seed, limits=limits))

    def _honest(self) -> Outcome:
        return self._graded(self._bait.honest, Limits())

    def _all(
        self, jobs: int, done: Callable[[Trial], None]
    ) -> tuple[list[Trial], Outcome | GraderError]:
        """Run every attack, and the honest notebook in the middle of them."""
        pool = ThreadPoolExecutor(jobs)
        tasks: list[Future[Trial]] = []
        middle = len(self._attacks) // 2
        company: Future[Outcome] | None = None
        try:
            for place, attack in enumerate(self._attacks):
                if place == middle:
                    company = pool.submit(self._honest)
                tasks.append(pool.submit(self._trial, attack, place + 1))
            for task in as_completed(tasks):
                done(task.result())
            assert company is not None
            return [task.result() for task in tasks], _outcome_of(company)
        except BaseException:  # Ctrl-C as well: what runs is ended, not waited for
            pool.shutdown(wait=False, cancel_futures=True)
            getattr(self._sandbox, "close", lambda: None)()
            raise
        finally:
            pool.shutdown()

    def _trial(self, attack: Attack, place: int) -> Trial:
        """Grade one hostile notebook and say what it achieved."""
        mark = effects.mark(self._run, place)
        started = time.monotonic()
        with effects.Listener() as listener:
            notebook = self._bait.hostile(attack.source, mark, listener.port)
            outcome, findings = self._attempt(notebook)
            seconds = time.monotonic() - started
            if reached := listener.connections():
                what = f"{count(reached, 'connection')} to the host's loopback"
                findings.append(Finding(what=What.EFFECT, text=what))
        findings += _effects(effects.survivors(mark))
        if seconds > self._limits.total_seconds + GRACE_SECONDS:
            text = f"ended after {seconds:.0f} s, beyond every limit"
            findings.append(Finding(what=What.FAILED, text=text))
        return Trial(
            attack=attack,
            seconds=seconds,
            findings=tuple(replace(finding, attack=attack.name) for finding in findings),
            blind=attack.kind == "reading" and not self._shows(outcome),
        )

    def _attempt(self, notebook: bytes) -> tuple[Outcome | None, list[Finding]]:
        """Grade a notebook; what comes back is looked through for points and for the word."""
        try:
            outcome = self._graded(notebook, self._limits)
            believed(outcome, self._bait.bundle)
        except Exception as error:  # noqa: BLE001 - whatever it is, there are no marks
            text = one_line(str(error))
            return None, [Finding(what=What.FAILED, text=text[:300]), *self._leaks([text])]
        said = [mark.message for question in outcome.questions for mark in question.checks]
        said += [incident.text for incident in outcome.incidents]
        said += [str(exhibit.to_json()) for exhibit in outcome.exhibits]
        return outcome, [
            *self._forged(outcome),
            *self._leaks([*outcome.notes, *said]),
            *self._ungraded(outcome),
        ]

    def _forged(self, outcome: Outcome) -> Iterator[Finding]:
        for question in outcome.questions:
            gained = [
                mark
                for mark in question.checks
                if mark.points and (question.name, mark.name) not in self._passed
            ]
            if gained:
                points = sum(mark.points or 0.0 for mark in gained)
                names = "; ".join(self._bait.without_word(mark.name) for mark in gained)
                text = f"forged {count(points, 'point')} in {question.name} ({names})"
                yield Finding(what=What.FORGED, text=text, amount=points)

    def _leaks(self, texts: Sequence[str]) -> Iterator[Finding]:
        """Find the word in what was said, wherever it came from, once for each place."""
        found = [self._bait.found_in(text) for text in texts]
        if any(places is not None for places in found):
            places = dict.fromkeys(place for some in found for place in some or ())
            names = list(places) or ["the planted word, from a place that could not be told"]
            more = f" and {len(names) - 3} more" if len(names) > 3 else ""
            text = f"read {'; '.join(names[:3])}{more}"
            yield Finding(what=What.LEAKED, text=text, amount=len(names))

    def _ungraded(self, outcome: Outcome) -> Iterator[Finding]:
        """Find checks that could not be decided: the submission would have no score."""
        undecided = _names_of(outcome, Verdict.UNMARKED) - self._undecided
        for question, check in sorted(undecided):
            text = f"{question} ({self._bait.without_word(check)}) could not be decided"
            yield Finding(what=What.FAILED, text=text)

    def _shows(self, outcome: Outcome | None) -> bool:
        """Whether the notebook came as far as to show what it had read."""
        name = self._bait.names.question
        return outcome is not None and any(
            mark.message.startswith(SHOWN)
            for question in outcome.questions
            for mark in question.checks
            if question.name == name
        )

    def _on_the_host(self) -> list[Finding]:
        """Return what is different on this machine, and whose it is where that can be told."""
        names = {
            effects.mark(self._run, place): attack.name
            for place, attack in enumerate(self._attacks, 1)
        }
        return list(_effects(self._host.effects(), names))


def _effects(
    found: Sequence[effects.Effect], names: dict[str, str] | None = None
) -> Iterator[Finding]:
    for effect in found:
        whose = (names or {}).get(effect.mark, "")
        yield Finding(what=What.EFFECT, text=effect.what, attack=whose)


def _marks_of(outcome: Outcome) -> list[tuple[str, Mark]]:
    return [(question.name, mark) for question in outcome.questions for mark in question.checks]


def _names_of(outcome: Outcome, verdict: Verdict) -> set[tuple[str, str]]:
    return {(name, mark.name) for name, mark in _marks_of(outcome) if mark.verdict is verdict}


def _outcome_of(task: Future[Outcome]) -> Outcome | GraderError:
    try:
        return task.result()
    except GraderError as error:
        return error


def _compared(alone: Outcome, company: Outcome | GraderError) -> Iterator[Finding]:
    """Find what company did to an honest notebook; only its time may differ."""
    if isinstance(company, GraderError):
        text = f"an honest notebook among them has no marks: {one_line(str(company))[:300]}"
        yield Finding(what=What.EFFECT, text=text)
    elif replace(alone, timings={}) != replace(company, timings={}):
        before, after = _marks_of(alone), _marks_of(company)
        which = [f"{name}: {mark.name}" for name, mark in after if (name, mark) not in before]
        text = f"an honest notebook is marked otherwise among them ({'; '.join(which) or 'notes'})"
        yield Finding(what=What.EFFECT, text=text)


@contextlib.contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """Have this process put its temporary files there, so that what stays there is known as ours.

    Other gradekits may be at work on this machine, and their files look the same.
    """
    folder.mkdir()
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before


@contextlib.contextmanager
def _in_environment(word: str) -> Iterator[None]:
    os.environ[VARIABLE] = word
    try:
        yield
    finally:
        del os.environ[VARIABLE]


def _forget(sandbox: Sandbox) -> None:
    """Remove the image of the copy: it has the planted words in it, and nobody needs it again."""
    image = getattr(sandbox, "image", None)
    client = docker_engine.engine() if image else None
    if client is not None:
        with contextlib.suppress(OSError):  # which the engine's errors are as well
            client.images.remove(image, force=True)
