"""The command that judges a class anew by what was recorded.

`group` hangs it into the program. What would change goes to standard output before
anything is written; the question whether to publish it, and the rest, to standard error.
"""

# ruff: noqa: PLC0415 - imports within functions are what keeps the help fast

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gradekit.cli.options import (
    BUNDLE,
    FOLDER,
    JOBS,
    RESULTS,
    SANDBOX,
    STAFF,
    UNPROTECTED,
    USAGE,
    say,
    warn,
)

if TYPE_CHECKING:
    from gradekit.grading import Regrader
    from gradekit.sandbox import Replaying


@click.command()
@click.argument("submissions", type=FOLDER)
@BUNDLE
@RESULTS
@SANDBOX
@JOBS
@click.option("--seed", default="", metavar="TEXT", help="The --seed it was graded with, if any.")
@click.option("--yes", is_flag=True, help="Publish without asking.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.pass_obj
def regrade(
    choose: Any,
    *,
    submissions: Path,
    bundle_folder: Path,
    results_folder: Path,
    sandbox: str,
    jobs: int | None,
    seed: str,
    yes: bool,
    dry_run: bool,
) -> None:
    """Mark a class anew after checks, points or thresholds changed.

    Grading keeps what the students' code answered in results/recordings. The
    checks of the new bundle are put to that, and no student's code runs. Who
    goes up and who goes down is shown first; only then are reports and
    gradebook written.

    \b
      $ gradekit build && gradekit regrade submissions
      checked again: conv1d
      up, 1:
        alice  34 / 40 -> 36 / 40  conv1d (flips the kernel)
      the same, 198
      a sandbox is needed, 1:
        chen   conv1d, one_tap asks something new
      no student's code ran: 31 s, where grading took 134 min 2 s
      Publish, and grade 1 in a sandbox? [y/N]:

    A recording answers what it was asked, in that order. A check that asks
    something new, changed files for students, packages or limits send a
    submission back to a sandbox. Random inputs stay those of the recording.

    \b
    Exit codes: 0 published, or shown by --dry-run, or declined; 2 wrong usage,
    or nobody there to ask and no --yes; 5 some are left ungraded.
    """  # noqa: D301 - click reads a true backspace as "keep these line ends"
    from gradekit.cli.changes import lines, needing
    from gradekit.cli.session import Session
    from gradekit.core.bundle import Bundle
    from gradekit.grading import Journal, Regrader, Results
    from gradekit.sandbox import cores
    from gradekit.submission import find_hand_ins

    handins = find_hand_ins(submissions, leave_out=[results_folder, submissions / "roster.csv"])
    bundle = Bundle.load(bundle_folder)
    results = Results(results_folder, [handin.id for handin in handins])
    jobs = jobs or cores()
    with Journal(results_folder) as journal:
        chosen = _untried(sandbox, bundle_folder, choose)
        regrader = Regrader(bundle=bundle, sandbox=chosen, key=seed, journal=journal)
        start = time.monotonic()
        changes = _with_a_bar(regrader, handins, results, jobs)
        for line in lines(changes, time.monotonic() - start):
            click.echo(line)
        waiting = len(needing(changes))
        if dry_run or not _agreed(yes, waiting):
            return
        if waiting and choose is None:
            _tried(chosen)
        regrader.publish(changes)
        session = Session(handins, handins, bundle, results, as_json=False)
        session.grade(regrader, jobs)
    if session.ours:
        raise click.exceptions.Exit(STAFF)


def _with_a_bar(regrader: Regrader, handins: list[Any], results: Any, jobs: int) -> list[Any]:
    from rich.console import Console

    from gradekit.cli.progress import Bar

    with Bar(Console(stderr=True), len(handins)) as bar:
        return regrader.changes(handins, results, jobs, lambda: bar.advance("recordings"))


def _agreed(yes: bool, waiting: int) -> bool:
    """Ask whether to publish; without somebody to ask, say what to do, and stop."""
    if yes:
        return True
    if not sys.stdin.isatty():
        click.echo("Nothing was written. Add --yes to publish this.", err=True)
        raise click.exceptions.Exit(USAGE)
    more = f", and grade {waiting} in a sandbox" if waiting else ""
    if click.confirm(f"Publish{more}?", err=True):
        return True
    click.echo("Nothing was written.", err=True)
    return False


def _untried(name: str, bundle: Path, choose: Any) -> Replaying:
    """Return the sandbox, whose promises are tried when code is about to run in it."""
    if choose is not None:
        return choose(name, bundle)  # type: ignore[no-any-return]
    from gradekit.sandbox import choose_sandbox as choose_real
    from gradekit.sandbox import prepare_bundle

    return choose_real(name, prepare_bundle(bundle), say, lambda sandbox, _: sandbox)


def _tried(sandbox: Replaying) -> None:
    from gradekit.sandbox import try_promises

    if sandbox.name == "none":
        warn(UNPROTECTED)
    else:
        try_promises(sandbox, say)
