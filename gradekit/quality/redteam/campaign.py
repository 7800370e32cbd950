"""A campaign: the attacks are run against an assignment, and what they achieve is measured.

Every attack is a submission of its own, graded like any other: in the same sandbox, by
the same worker, under tighter limits. Four things are counted. *Forged* is a check that
passes and that the untouched notebook does not pass. *Leaked* is the planted word
(`decoy`), wherever it comes out. An *effect* is a change of this machine (`effects`), or
a difference between how an honest notebook is graded alone and among the attacks.
*Failed* is an attack whose submission could not be graded.

A measurement that cannot fail proves nothing: an attack that reads, and whose notebook
could not show what it had read, is *blind*, and is counted as such.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path

from gradekit.author import find_master
from gradekit.core.errors import GraderError
from gradekit.core.escape import one_line
from gradekit.core.job import Job, Limits
from gradekit.core.marks import Outcome
from gradekit.quality.redteam.breaches import (
    AttackResult,
    Breach,
    BreachKind,
    CampaignResult,
    counted,
)
from gradekit.quality.redteam.catalogue import Attack
from gradekit.quality.redteam.decoy import Decoy, build_decoy
from gradekit.quality.redteam.effects import Effect, HostSnapshot, Listener, surviving_processes
from gradekit.quality.redteam.inspection import (
    MAX_ERROR,
    OutcomeInspector,
    differences,
    marks_of,
)
from gradekit.quality.redteam.tags import tag_of
from gradekit.sandbox import Sandbox, docker_engine, longest_run, validated_outcome

# Most attacks that exhaust something end at a limit, so the limits decide how long a
# campaign takes. They are the same mechanism at other numbers.
TIGHT = Limits(
    cell_seconds=6.0, call_seconds=4.0, check_seconds=8.0, total_seconds=60.0, memory_bytes=1 << 30
)
VARIABLE = "GRADEKIT_REDTEAM"  # in the environment of this process: the planted word
DISCARD_PORT = 9  # where nothing listens


def run_campaign(
    assignment: Path,
    attacks: Sequence[Attack],
    sandbox_for: Callable[[Path], Sandbox],
    *,
    jobs: int,
    on_result: Callable[[AttackResult], None] = lambda _: None,
    limits_for: Callable[[Attack], Limits] = lambda _: TIGHT,
) -> CampaignResult:
    """Run attacks against a copy of an assignment, `jobs` at a time.

    Parameters
    ----------
    assignment : Path
        A master notebook, or the folder with exactly one.
    attacks : sequence of Attack
        At least one.
    sandbox_for : callable
        Makes the sandbox that grades with the prepared bundle in a folder.
    on_result : callable, optional
        Called with the result of each attack when the attack has ended.
    limits_for : callable, optional
        Returns the limits of an attack, to which the time is added that the blank notebook
        needs. The default takes about four minutes for all attacks on two cores.

    Raises
    ------
    AuthorError
        If the assignment cannot be built.
    GraderError
        If the copy cannot be built, there is no sandbox, or an honest notebook
        cannot be graded in it.
    """
    started = time.monotonic()
    folder = find_master(assignment).resolve().parent
    with tempfile.TemporaryDirectory(prefix="gradekit-") as name:
        scratch = Path(name).resolve()
        decoy = build_decoy(assignment, scratch)
        with _temporary_files_in(scratch / "tmp"), _in_environment(decoy.word):
            sandbox = sandbox_for(decoy.bundle.folder)
            try:
                watched = [folder, decoy.bundle.folder]
                campaign = Campaign(
                    decoy, sandbox, attacks, watched, scratch / "tmp", limits_for=limits_for
                )
                results, breaches = campaign.run(jobs, on_result)
            finally:
                _remove_image(sandbox)
    return CampaignResult(
        sandbox=sandbox.name,
        seconds=time.monotonic() - started,
        attacks=tuple(results),
        breaches=tuple(breaches),
    )


class Campaign:
    """All attacks on one assignment in one sandbox."""

    def __init__(
        self,
        decoy: Decoy,
        sandbox: Sandbox,
        attacks: Sequence[Attack],
        watched: Sequence[Path],
        temporary: Path,
        *,
        limits_for: Callable[[Attack], Limits],
    ) -> None:
        self._decoy, self._sandbox, self._attacks = decoy, sandbox, attacks
        self._limits_for = limits_for
        self._run = secrets.token_hex(4)
        self._host = HostSnapshot.take(
            run=self._run, watched=watched, temporary=temporary, engine=sandbox.name == "docker"
        )
        self._blank = self._grade_blank(Limits())
        self._memory_bytes = self._tight_memory()
        self._inspector = OutcomeInspector(decoy, self._blank)

    def run(
        self, jobs: int, on_result: Callable[[AttackResult], None]
    ) -> tuple[list[AttackResult], list[Breach]]:
        """Return what every attack achieved, and all breaches, those of no attack last."""
        alone = self._grade_honest()
        results, among_attacks = self._run_attacks(jobs, on_result)
        breaches = [breach for result in results for breach in result.breaches]
        breaches += differences(alone, among_attacks)
        return results, [*breaches, *self._effects_on_the_host()]

    def _grade_blank(self, limits: Limits) -> Outcome:
        """Grade the blank notebook with an attack that does nothing."""
        return self._grade(self._decoy.attacked("", tag_of(self._run, 0), DISCARD_PORT), limits)

    def _limits_of(self, limits: Limits) -> Limits:
        """Return limits with the time added that the blank notebook needs for itself.

        Whether an attack gains points must not depend on an import that was stopped.
        """
        spent = self._blank.timings.get("notebook", 0.0)
        return replace(
            limits,
            cell_seconds=limits.cell_seconds + spent,
            total_seconds=limits.total_seconds + 10 * spent,
            memory_bytes=max(limits.memory_bytes, self._memory_bytes),
        )

    def _tight_memory(self) -> int:
        """Return the memory in which the blank notebook is still graded as before."""
        self._memory_bytes = TIGHT.memory_bytes
        if marks_of(self._grade_blank(self._limits_of(TIGHT))) == marks_of(self._blank):
            return TIGHT.memory_bytes
        return Limits().memory_bytes

    def _grade(self, notebook: bytes, limits: Limits) -> Outcome:
        return self._sandbox.grade(Job(notebook=notebook, seed=self._decoy.seed, limits=limits))

    def _grade_honest(self) -> Outcome:
        return self._grade(self._decoy.honest, Limits())

    def _run_attacks(
        self, jobs: int, on_result: Callable[[AttackResult], None]
    ) -> tuple[list[AttackResult], Outcome | GraderError]:
        """Run every attack, and grade the honest notebook in the middle of them."""
        pool = ThreadPoolExecutor(jobs)
        tasks: list[Future[AttackResult]] = []
        middle = len(self._attacks) // 2
        honest: Future[Outcome] | None = None
        try:
            for number, attack in enumerate(self._attacks, 1):
                # In the middle, so that attacks before it may have left something, and attacks
                # beside it run at the same time.
                if number == middle + 1:
                    honest = pool.submit(self._grade_honest)
                tasks.append(pool.submit(self._run_attack, attack, number))
            for task in as_completed(tasks):
                on_result(task.result())
            assert honest is not None
            return [task.result() for task in tasks], _outcome_of(honest)
        except BaseException:  # Ctrl-C as well: what runs is ended, not waited for
            pool.shutdown(wait=False, cancel_futures=True)
            getattr(self._sandbox, "close", lambda: None)()
            raise
        finally:
            pool.shutdown()

    def _run_attack(self, attack: Attack, number: int) -> AttackResult:
        """Grade the notebook with one attack in it and return what the attack achieved."""
        tag = tag_of(self._run, number)
        limits = self._limits_of(self._limits_for(attack))
        started = time.monotonic()
        with Listener() as listener:
            notebook = self._decoy.attacked(attack.source, tag, listener.port)
            outcome, breaches = self._breaches(notebook, limits)
            seconds = time.monotonic() - started
            if connections := listener.connections():
                text = f"{counted(connections, 'connection')} to the host's loopback"
                breaches.append(Breach(kind=BreachKind.EFFECT, text=text))
        breaches += _breaches_of(surviving_processes(tag), {})
        if seconds > longest_run(limits):
            text = f"ended after {seconds:.0f} s, beyond every limit"
            breaches.append(Breach(kind=BreachKind.FAILED, text=text))
        return AttackResult(
            attack=attack,
            seconds=seconds,
            breaches=tuple(replace(breach, attack=attack.name) for breach in breaches),
            blind=attack.kind == "reading" and not self._inspector.shows_loot(outcome),
        )

    def _breaches(self, notebook: bytes, limits: Limits) -> tuple[Outcome | None, list[Breach]]:
        """Grade a notebook and inspect the outcome, or the error in its place."""
        try:
            outcome = self._grade(notebook, limits)
            validated_outcome(outcome, self._decoy.bundle)
        except Exception as error:  # noqa: BLE001 - whatever it is, there is no score
            text = one_line(str(error))
            failure = Breach(kind=BreachKind.FAILED, text=text[:MAX_ERROR])
            return None, [failure, *self._inspector.leaks([text])]
        return outcome, self._inspector.breaches(outcome)

    def _effects_on_the_host(self) -> list[Breach]:
        """Return what is different on this machine, with the attack where that can be told."""
        attack_names = {
            tag_of(self._run, number): attack.name for number, attack in enumerate(self._attacks, 1)
        }
        return list(_breaches_of(self._host.effects(), attack_names))


def _breaches_of(effects: Sequence[Effect], attack_names: Mapping[str, str]) -> Iterator[Breach]:
    """Yield effects as breaches; `attack_names` is by tag."""
    for effect in effects:
        attack = attack_names.get(effect.tag, "")
        yield Breach(kind=BreachKind.EFFECT, text=effect.text, attack=attack)


def _outcome_of(task: Future[Outcome]) -> Outcome | GraderError:
    try:
        return task.result()
    except GraderError as error:
        return error


@contextlib.contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """Have this process put its temporary files into a folder of its own.

    What stays there was left behind by this campaign. Other gradekits may run on this
    machine, and their files have the same names.
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


def _remove_image(sandbox: Sandbox) -> None:
    """Remove the image of the copy: it contains the planted words, and is never used again."""
    image = getattr(sandbox, "image", None)
    client = docker_engine.engine() if image else None
    if client is not None:
        with contextlib.suppress(OSError):  # which the engine's errors are as well
            client.images.remove(image, force=True)
