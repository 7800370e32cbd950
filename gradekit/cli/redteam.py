"""The command that attacks the grading of an assignment; `group` hangs it into the program."""

# ruff: noqa: PLC0415 - imports within functions are what keeps the help fast

from __future__ import annotations

import json
from pathlib import Path

import click

from gradekit.cli.options import (
    AUTHOR,
    FOLDER,
    JOBS,
    SANDBOX,
    STAFF,
    Choose,
    refuse_unknown,
    say,
    warn,
)
from gradekit.quality.redteam import catalogue


@click.command(epilog=catalogue.HOW_TO_ADD)
@click.argument("assignment", type=FOLDER, default=Path("assignment"))
@SANDBOX
@JOBS
@click.option("--only", multiple=True, metavar="NAME", help="Only this attack. May be repeated.")
@click.option("--zoo", "zoo_folder", type=FOLDER, help="Other attacks.  [default: gradekit's own]")
@click.option("--json", "as_json", is_flag=True, help="Print all that was found as JSON.")
@click.pass_obj
def redteam(
    choose: Choose | None,
    *,
    assignment: Path,
    sandbox: str,
    jobs: int | None,
    only: tuple[str, ...],
    zoo_folder: Path | None,
    as_json: bool,
) -> None:
    """Attack the grading of an assignment, and count what gets through.

    ASSIGNMENT is a master notebook or the folder with it (default: assignment).
    A copy of it is built, with words planted in all that is hidden. Then every
    attack hands in the untouched notebook with a first cell of its own, which
    forges answers, reads, breaks out, uses everything up, or poisons what comes
    after. Points that only an attack gets are forged; a planted word that comes
    out is leaked; an honest notebook must be marked alike alone and among them.

    \b
      $ gradekit redteam
      forging     31 attacks  1 forged points
        equal-lists: forged 2 points in conv1d (returns a list)
      reading     22 attacks  nothing
      ...
      2 points forged, 0 canaries leaked, 0 effects on the host
      97 attacks in docker, 4 min 20 s, slowest a-loop-without-end 14 s

    Points are mostly given away by a check that believes an answer: let it ask
    for plain values and compare them itself.

    \b
    Exit codes: 0 nothing got through; 3 something did, or the assignment
    cannot be built; 5 an attack left no marks, or gradekit failed.
    """  # noqa: D301 - the backspace again
    from functools import partial

    from rich.console import Console

    from gradekit.cli.progress import Bar
    from gradekit.quality.redteam import run_campaign
    from gradekit.sandbox import choose_sandbox as choose_real
    from gradekit.sandbox import cores

    attacks = catalogue.load(zoo_folder or catalogue.home())
    refuse_unknown("--only", only, [attack.name for attack in attacks], "no attack has this name")
    attacks = [attack for attack in attacks if not only or attack.name in only]
    if sandbox == "none":
        warn(catalogue.LET_LOOSE)
    chosen = choose or partial(choose_real, say=say)
    with Bar(Console(stderr=True), len(attacks)) as bar:
        result = run_campaign(
            assignment,
            attacks,
            lambda ready: chosen(sandbox, ready),
            jobs=jobs or cores(),
            done=lambda trial: bar.advance(trial.attack.name),
        )
    click.echo(json.dumps(result.to_json(), indent=1) if as_json else "\n".join(result.lines()))
    if not result.held or result.findings:
        raise click.exceptions.Exit(STAFF if result.held else AUTHOR)
