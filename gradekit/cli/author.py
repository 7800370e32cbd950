"""The commands of an author: start an assignment, and build it.

What runs here is the author's own code, so a sandbox
only keeps it apart; it is taken where it costs nothing, which is bubblewrap.
"""

# ruff: noqa: PLC0415 - imports within functions are what keeps the help fast

from __future__ import annotations

import shutil
from pathlib import Path

import click

from gradekit.cli.audit import ASSIGNMENT, audit_of, measure_with_bar
from gradekit.cli.options import FOLDER, Choose, sandbox_for, say


@click.command()
@click.argument("name", type=FOLDER)
def new(*, name: Path) -> None:
    """Make a small assignment to start from, in a new folder NAME.

    It has two questions with public and hidden checks, a written question, helper
    functions, and three examples of what students hand in. It can be built and
    graded at once:

    \b
      $ gradekit new demo
      $ cd demo
      $ gradekit build
      $ gradekit grade
    """
    from gradekit.author import start_assignment

    for file in start_assignment(name):
        click.echo(f"{name / file}")
    say(f'next: "cd {name}", "gradekit build", "gradekit grade"')


@click.command()
@ASSIGNMENT
@click.option(
    "--into", type=FOLDER, help="Folder for student/, solutions/, autograder/.  [default: here]"
)
@click.option("--no-page", is_flag=True, help="Do not execute the solution as a page to read.")
@click.option(
    "--accept-rates",
    multiple=True,
    metavar="QUESTION",
    help="Accept the error rates of this question, though they are worse. May be repeated.",
)
@click.option(
    "--sandbox",
    type=click.Choice(["auto", "docker", "bubblewrap", "none"]),
    default="auto",
    show_default=True,
    help="Where the solution and the untouched notebook are tried. auto: bubblewrap if it is "
    "installed, else docker. none: no isolation (unsafe).",
)
@click.pass_obj
def build(
    choose: Choose | None,
    *,
    assignment: Path,
    into: Path | None,
    no_page: bool,
    accept_rates: tuple[str, ...],
    sandbox: str,
) -> None:
    """Build what students receive, what staff read and what grades.

    ASSIGNMENT is a master notebook or the folder with it (default: assignment).
    The build is tried out before it replaces an earlier one: the solution must
    earn every point and the untouched notebook none, nothing hidden may be in
    student/, and a rebuild must give the same bytes. Zips of student/ and
    autograder/, and the executed solution as a page, are written to dist/.

    \b
      $ gradekit build
      7 questions, 31 checks (18 public, 13 hidden), 40 points
        student/     exercise.ipynb and 7 check files
        solutions/   exercise.ipynb
        autograder/  7 check files, Dockerfile, manifest.json
      solution 40 / 40, blank 0 / 40, nothing hidden in student/, rebuild equal
      errors: right 0 / 90 (<4 %), wrong 0 / 160 (<2.3 %), mutants 1 / 210 (<3 %)

    The last line is printed if there is a folder answers/ beside the master. It
    says how often the checks are wrong, and in brackets the upper bound of a 95 %
    interval, as `gradekit audit` measures them. Only questions that have changed
    are measured again. The numbers are kept in audit.json beside the master, and
    a build with worse numbers than those is refused.
    """
    from gradekit.author import draft_assignment, pack_archives, prove_build
    from gradekit.quality.audit import HINT, Gate

    into = into or Path()
    if sandbox == "auto" and shutil.which("bwrap"):
        sandbox = "bubblewrap"  # no image to build for a notebook that changes all the time
    gate = Gate(
        audit_of=lambda built, book: audit_of(built, book, sandbox, choose),
        accepted=accept_rates,
        measuring=measure_with_bar,
    )
    # Leaving this block puts the build in place; what refuses it is raised inside.
    with draft_assignment(assignment, into) as draft:
        proof = prove_build(draft, sandbox_for(sandbox, draft.autograder, choose))
        gate.admit(draft)
    gate.commit()  # after the swap, so that audit.json never speaks of a build that is not there
    built = draft.moved_to(into)
    click.echo(proof.summary())
    click.echo(gate.line, err=gate.line == HINT)
    pack_archives(built, into / "dist")
    if not no_page:
        from gradekit.author import render_solution
        from gradekit.sandbox import prepare_bundle

        files = prepare_bundle(built.autograder) / "files"
        render_solution(built, files, into / "dist" / f"{built.master.path.stem}.html")
