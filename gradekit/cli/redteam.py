"""The command `redteam` and its output."""

# ruff: noqa: PLC0415 - imports within functions are what keeps the help fast

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from gradekit.quality.redteam import Breach, CampaignResult

UNPROTECTED = (
    "WARNING: --sandbox none runs the attacks with your rights: they read and write your\n"
    "files, fill memory and start processes. Only for a machine that you can throw away."
)
HOW_TO_ADD = """\
An attack of your own is a file FOLDER/KIND/name.py for --zoo FOLDER, where KIND is
forging, reading, escaping, exhausting or poisoning. The file begins with a docstring
of two lines, and the whole file becomes the first cell of the notebook:

\b
  \"\"\"Idea: A list that is equal to every list.
  Must: No check passes.
  \"\"\"
  class Equal(list):
      __eq__ = lambda self, other: True
  def forge(name):
      return Equal()

If the file defines forge, every answer becomes name = forge("name"). The attack may
call keep(data), which searches a text or bytes for planted words; it must put MARK on
everything that it leaves behind; and no connection to port HOST_PORT of 127.0.0.1
may succeed. Let the attack end by itself: attacks are real.
"""


@click.command(epilog=HOW_TO_ADD)
@click.argument("assignment", type=FOLDER, default=Path("assignment"))
@SANDBOX
@JOBS
@click.option(
    "--only", multiple=True, metavar="NAME", help="Run only this attack. May be repeated."
)
@click.option(
    "--zoo",
    "zoo_folder",
    type=FOLDER,
    help="Folder of other attacks.  [default: the attacks of gradekit]",
)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
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
    """Attack the grading of an assignment and count what gets through.

    ASSIGNMENT is a master notebook or the folder with it (default: assignment).
    A copy of it is built, with words planted in everything that is hidden. Each
    attack is then handed in as the first cell of the untouched notebook: it
    forges answers, reads hidden files, tries to leave the sandbox, uses up
    resources, or poisons what is graded next. A point that only an attack gets
    is forged; a planted word that appears in the results has leaked; an honest
    notebook must get the same marks alone and among the attacks.

    \b
      $ gradekit redteam
      forging     76 attacks  1 forged points
        a_list_that_agrees: forged 2 points in conv1d (returns a list)
      reading     55 attacks  nothing
      ...
      2 points forged, 0 canaries leaked, 0 effects on the host
      284 attacks in docker, 4 min 20 s, slowest a_nap_in_every_answer 14 s

    Most forged points come from a check that trusts an answer. Let the check
    ask for plain values and compare them itself.

    \b
    Exit codes: 0 nothing got through; 3 something got through, or the
    assignment cannot be built; 5 an attacked submission could not be
    graded, or gradekit failed.
    """
    from functools import partial

    from rich.console import Console

    from gradekit.cli.progress import Bar
    from gradekit.quality.redteam import catalogue, run_campaign
    from gradekit.sandbox import choose_sandbox, cores

    attacks = catalogue.load(zoo_folder or catalogue.builtin_folder())
    refuse_unknown("--only", only, [attack.name for attack in attacks], "no attack has this name")
    attacks = [attack for attack in attacks if not only or attack.name in only]
    if sandbox == "none":
        warn(UNPROTECTED)
    chosen = choose or partial(choose_sandbox, say=say)
    with Bar(Console(stderr=True), len(attacks)) as bar:
        result = run_campaign(
            assignment,
            attacks,
            lambda bundle: chosen(sandbox, bundle),
            jobs=jobs or cores(),
            on_result=lambda ended: bar.advance(ended.attack.name),
        )
    click.echo(json.dumps(result.to_json(), indent=1) if as_json else "\n".join(lines(result)))
    if result.breaches:
        raise click.exceptions.Exit(STAFF if result.held else AUTHOR)


def lines(result: CampaignResult) -> Iterator[str]:
    """Yield a line for each kind of attack with its breaches below it, then the totals."""
    from gradekit.core.text import duration, number
    from gradekit.quality.redteam import BreachKind, catalogue, counted

    for kind in catalogue.KINDS:
        results = [attack for attack in result.attacks if attack.attack.kind == kind]
        if results:
            names = {attack.attack.name for attack in results}
            breaches = [breach for breach in result.breaches if breach.attack in names]
            blind = sum(attack.blind for attack in results)
            could_not = f", {blind} could not report" if blind else ""
            noun = "attack " if len(results) == 1 else "attacks"
            yield f"{kind:<11}{len(results):>3} {noun}  {_summary(breaches)}{could_not}"
            yield from map(_line, breaches)
    yield from (_line(breach) for breach in result.breaches if not breach.attack)
    failed = result.amount(BreachKind.FAILED)
    yield (
        f"{counted(result.amount(BreachKind.FORGED), 'point')} forged, "
        f"{counted(result.amount(BreachKind.LEAKED), 'canary', 'canaries')} leaked, "
        f"{counted(result.amount(BreachKind.EFFECT), 'effect')} on the host"
        + (f", {number(failed)} not graded" if failed else "")
    )
    slowest = result.slowest
    yield (
        f"{counted(len(result.attacks), 'attack')} in {result.sandbox}, "
        f"{duration(result.seconds)}, slowest {slowest.attack.name} {duration(slowest.seconds)}"
    )


def _line(breach: Breach) -> str:
    text = f"{breach.attack or 'host'}: {breach.text}"
    return textwrap.fill(text, 80, initial_indent="  ", subsequent_indent="    ")


def _summary(breaches: Sequence[Breach]) -> str:
    """Return what was achieved, and by how many attacks."""
    from gradekit.quality.redteam import BreachKind

    verbs = {
        BreachKind.FORGED: "forged points",
        BreachKind.LEAKED: "read hidden content",
        BreachKind.EFFECT: "changed the host",
        BreachKind.FAILED: "could not be graded",
    }
    attacks = {kind: {b.attack for b in breaches if b.kind is kind} for kind in verbs}
    texts = [f"{len(names)} {verbs[kind]}" for kind, names in attacks.items() if names]
    return ", ".join(texts) or "nothing"
