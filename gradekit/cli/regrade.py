"""The command `regrade`, and the changes of a class as lines for people.

What would change goes to standard output before anything is written; the question whether
to publish it, and the rest, to standard error.
"""

# ruff: noqa: PLC0415 - imports within functions are what keeps the help fast

from __future__ import annotations

import sys
import textwrap
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gradekit.cli.grade import Screen
from gradekit.cli.options import (
    BUNDLE,
    JOBS,
    RESULTS,
    SANDBOX,
    STAFF,
    SUBMISSIONS,
    UNPROTECTED,
    USAGE,
    restore_marks,
    say,
    warn,
)

if TYPE_CHECKING:
    from gradekit.grading import Change, Regrader, Results
    from gradekit.sandbox import Replaying
    from gradekit.submission import HandIn

WIDTH = 80  # columns that every line fits


@click.command()
@SUBMISSIONS
@BUNDLE
@RESULTS
@SANDBOX
@JOBS
@click.option(
    "--seed", default="", metavar="TEXT", help="The --seed of the grading, if it had one."
)
@click.option("--yes", is_flag=True, help="Publish without asking.")
@click.option("--dry-run", is_flag=True, help="Print the changes and publish nothing.")
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
    """Grade a class again after checks changed, by its recordings.

    Grading records what the students' code answered, in results/recordings.
    The new checks are evaluated against these recorded answers; student code
    does not run. The changes of points are shown first, and reports and
    gradebook are written only after that.

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

    A submission is graded in a sandbox if a changed check makes a call that was
    not recorded, or if files for students, packages or limits have changed.
    Random inputs stay those of the recording.

    \b
    Exit codes: 0 published, shown by --dry-run, declined, or nothing to
    publish; 2 wrong usage, or no terminal to ask on and no --yes; 5 some
    submissions are left ungraded through no fault of the students.
    """
    from gradekit.core.bundle import Bundle
    from gradekit.grading import Journal, Regrader, Results, grade_class
    from gradekit.sandbox import cores
    from gradekit.submission import find_hand_ins

    handins = find_hand_ins(submissions, leave_out=[results_folder, submissions / "roster.csv"])
    bundle = Bundle.load(bundle_folder)
    results = Results(results_folder, [handin.id for handin in handins])
    jobs = jobs or cores()
    with Journal(results_folder) as journal:
        chosen = _untried(sandbox, bundle_folder, choose)
        regrader = Regrader(bundle=bundle, sandbox=chosen, secret=seed, journal=journal)
        start = time.monotonic()
        changes = _changes_with_bar(regrader, handins, results, jobs)
        for line in change_lines(changes, time.monotonic() - start):
            click.echo(line)
        waiting = len(_unanswered(changes))
        if dry_run:
            return
        if not yes and all(map(_is_published, changes)):
            click.echo("There is nothing to publish.", err=True)
            return
        if not _confirmed(yes, waiting):
            return
        if waiting and choose is None:
            _try_promises(chosen)
        restore_marks(journal, results, bundle, handins)
        regrader.publish(changes)
        with Screen(handins) as screen:
            grade_class(handins, regrader.grader, results, screen, jobs=jobs)
    if screen.failures:
        raise click.exceptions.Exit(STAFF)


def _changes_with_bar(
    regrader: Regrader, handins: Sequence[HandIn], results: Results, jobs: int
) -> list[Change]:
    from rich.console import Console

    from gradekit.cli.progress import Bar

    with Bar(Console(stderr=True), len(handins)) as bar:
        return regrader.changes(handins, results, jobs, lambda: bar.advance("recordings"))


def _confirmed(yes: bool, waiting: int) -> bool:
    """Ask whether to publish; without somebody to ask, say what to do, and stop."""
    if yes:
        return True
    if not sys.stdin.isatty():
        click.echo("Nothing was written. Add --yes to publish these changes.", err=True)
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


def _try_promises(sandbox: Replaying) -> None:
    from gradekit.sandbox import try_promises

    if sandbox.name == "none":
        warn(UNPROTECTED)
    else:
        try_promises(sandbox, say)


def change_lines(changes: Sequence[Change], seconds: float) -> Iterator[str]:
    """Yield what a regrade found, in lines of at most 80 columns, the moves first."""
    from gradekit.core.text import cut, duration, name_width

    judged = {name for change in changes for name in change.judged}
    if judged:
        text = f"checked again: {', '.join(sorted(judged))}"
        yield textwrap.fill(text, WIDTH, subsequent_indent="  ")
    yield from _totals(changes)
    names = name_width(change.handin.id for change in changes)
    for direction in ("up", "down", "without points before"):
        moved = [change for change in changes if _move(change) == direction]
        if moved:
            yield f"{direction}, {len(moved)}:"
        for change in moved:
            start = f"  {cut(change.handin.id, names):<{names}}  {_points(change)}  "
            yield f"{start}{cut(_causes(change), WIDTH - len(start))}".rstrip()
    yield f"the same, {sum(_move(change) == 'same' for change in changes)}"
    waiting = _unanswered(changes)
    if waiting:
        yield f"a sandbox is needed, {len(waiting)}:"
    yield from _waiting_lines(waiting, names)
    spent = sum(c.before.seconds for c in changes if c.before and c.after)
    if spent:
        yield f"no student's code ran: {duration(seconds)}, where grading took {duration(spent)}"


def _waiting_lines(waiting: Sequence[Change], names: int) -> Iterator[str]:
    """Yield who needs a sandbox; a reason that several share is printed once, as a whole."""
    from gradekit.core.text import cut

    by_reason: dict[str, list[str]] = {}
    for change in waiting:
        by_reason.setdefault(change.why, []).append(cut(change.handin.id, names))
    for why, ids in by_reason.items():
        first = f"  {ids[0]:<{names}}  " if len(ids) == 1 else f"  {len(ids)} because: "
        later = " " * len(first) if len(ids) == 1 else "    "
        yield textwrap.fill(why, WIDTH, initial_indent=first, subsequent_indent=later)
        if len(ids) > 1:
            text = ", ".join(ids)
            yield textwrap.fill(text, WIDTH, initial_indent="    ", subsequent_indent="    ")


def _is_published(change: Change) -> bool:
    """Tell whether a submission has the very marks already, in the journal and in its report."""
    before, after = change.before, change.after
    if before is None or after is None or change.key:
        return False
    return (before.reason, before.questions) == (after.reason, after.questions)


def _unanswered(changes: Sequence[Change]) -> list[Change]:
    """Return the submissions that no recording can answer for."""
    return [change for change in changes if change.after is None]


def _totals(changes: Sequence[Change]) -> Iterator[str]:
    from gradekit.core.text import number

    before = {number(c.before.out_of) for c in changes if c.before and c.after}
    after = {number(c.after.out_of) for c in changes if c.before and c.after}
    if before != after:
        yield f"points to earn: {', '.join(sorted(before))} -> {', '.join(sorted(after))}"


def _move(change: Change) -> str:
    """Return where a submission goes; empty for one that has to be graded first."""
    if change.after is None:
        return ""
    before = change.before.points if change.before else None
    after = change.after.points
    if before is None or after is None:
        return "same" if before == after else "without points before"
    if abs(after - before) < 1e-9:  # sums of decimal fractions
        return "same"
    return "up" if after > before else "down"


def _points(change: Change) -> str:
    from gradekit.core.text import score

    before = score(change.before) if change.before else "ungraded"
    return f"{before} -> {score(change.after) if change.after else '?'}"


def _causes(change: Change) -> str:
    """Return the checks that earn other points now, those of one question together."""
    marks = [
        {(q.name, mark.name): mark.points for q in report.questions for mark in q.checks}
        for report in (change.before, change.after)
        if report is not None
    ]
    before, after = marks if len(marks) == 2 else ({}, {})
    moved: dict[str, list[str]] = {}
    # Checks that are gone come last; a renamed one is a check that went and one that came.
    for question, check in [*after, *(key for key in before if key not in after)]:
        if before.get((question, check)) != after.get((question, check)):
            moved.setdefault(question, []).append(check)
    return ", ".join(f"{question} ({', '.join(checks)})" for question, checks in moved.items())
