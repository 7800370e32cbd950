"""The commands of an author: build an assignment, and measure how good its checks are.

`group` hangs them into the program. What runs here is the author's own code, so a sandbox
only keeps it apart; it is taken where it costs nothing, which is bubblewrap.
"""

# ruff: noqa: PLC0415 - imports within functions are what keeps the help fast

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gradekit.cli.options import AUTHOR, FOLDER, JOBS, SANDBOX, Choose, sandbox_for, say

if TYPE_CHECKING:
    from gradekit.author import AnswerBook, Built
    from gradekit.quality.audit import Audit, QuestionAudit
    from gradekit.sandbox import Sandbox

ASSIGNMENT = click.argument("assignment", type=FOLDER, default=Path("assignment"))


@click.command()
@ASSIGNMENT
@click.option("--into", type=FOLDER, help="Where the three folders go.  [default: here]")
@click.option("--no-page", is_flag=True, help="Do not execute the solution as a page to read.")
@click.option(
    "--accept-rates",
    multiple=True,
    metavar="QUESTION",
    help="Accept this question's error rates, though worse. May be repeated.",
)
@SANDBOX
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
    Its build is tried out before it replaces an earlier one: the solution earns
    every point, the untouched notebook none, nothing hidden is in student/, and
    a rebuild is equal. Zips of student/ and autograder/, and the executed
    solution as a page, go to dist/. Here --sandbox auto takes bubblewrap first,
    which needs no image.

    \b
      $ gradekit build
      7 questions, 31 checks (18 public, 13 hidden), 40 points
        student/     exercise.ipynb and 7 files
        solutions/   exercise.ipynb
        autograder/  7 check files, Dockerfile, manifest.json
      solution 40 / 40, blank 0 / 40, nothing hidden in student/, rebuild equal
      errors: right 0 / 90 (<4 %), wrong 0 / 160 (<2.3 %), mutants 1 / 210 (<3 %)

    The last line is there where answers/ lies beside the master: how often the
    checks are wrong, and how often at most (95 %), as `gradekit audit` measures
    it. What has changed is measured again, and written to audit.json beside the
    master; worse numbers than those there stop the build.
    """  # noqa: D301 - click reads a true backspace as "keep these line ends"
    from gradekit.author import build_and_try, pack_archives
    from gradekit.quality.audit import HINT, Gate

    into = into or Path()
    if sandbox == "auto" and shutil.which("bwrap"):
        sandbox = "bubblewrap"  # no image to build for a notebook that changes all the time
    gate = Gate(
        audit_of=lambda built, book: _audit(built, book, sandbox, choose),
        accepted=accept_rates,
        measuring=_measured,
    )
    kept = build_and_try(
        assignment, into, lambda bundle: sandbox_for(sandbox, bundle, choose), admit=gate.admit
    )
    gate.commit()
    click.echo(kept.summary())
    click.echo(gate.line, err=gate.line == HINT)
    pack_archives(kept.built, into / "dist")
    if not no_page:
        from gradekit.author import render_solution
        from gradekit.sandbox import prepare_bundle

        files = prepare_bundle(kept.built.autograder) / "files"
        render_solution(kept.built, files, into / "dist" / f"{kept.built.master.path.stem}.html")


@click.command()
@ASSIGNMENT
@click.option("--only", multiple=True, metavar="QUESTION", help="Only this one. May be repeated.")
@click.option("--page", type=FOLDER, help="Write the page with the pictures to this file.")
@click.option("--json", "as_json", is_flag=True, help="Print all that was found as JSON.")
@click.option("--all-mutants", is_flag=True, help="Try every mutant, not 60 for a question.")
@click.option("--fresh", is_flag=True, help="A worker for each answer; nothing remembered. Slow.")
@click.option(
    "--sandbox",
    type=click.Choice(["auto", "bubblewrap", "none"]),
    default="auto",
    show_default=True,
    help="What keeps the answers apart from you. They are your own, so none will do; "
    "auto takes bubblewrap where it is installed.",
)
@JOBS
@click.pass_obj
def audit(
    choose: Choose | None,
    *,
    assignment: Path,
    only: tuple[str, ...],
    page: Path | None,
    as_json: bool,
    all_mutants: bool,
    fresh: bool,
    sandbox: str,
    jobs: int | None,
) -> None:
    """Measure how good the checks are: what they reject and accept wrongly.

    ASSIGNMENT is a master notebook or the folder with it (default: assignment).
    Beside the master lie answers that the author wrote:

    \b
      answers/<question>/right/<name>.py   the text of the answer cell; the first
      answers/<question>/wrong/<name>.py   line, a comment, says the idea
      answers/oracle.py                    def <question>(namespace): assert ...
      answers/audit.toml                   skip, leave, shown, [[survivor]]

    Every answer, mutants of the solution and the untouched cell are marked by
    the real worker. The oracle, which knows nothing of the checks, proves the
    labels and says which mutants are wrong. Nothing is committed here;
    `gradekit build` does that, and refuses to get worse.

    \b
      $ gradekit audit
                right: rejected      wrong: accepted      mutants: survive
      conv1d    0 of 16 (0-21 %)     0 of 27 (0-13 %)     0 of 18 (0-19 %)
      ...

    \b
    Exit codes: 0 no finding; 3 an answer is marked wrongly, a mutant
    survives without an explanation, or a check fails nobody; 5 we failed.
    """  # noqa: D301 - the backspace again
    import tempfile

    from gradekit.author import build_assignment as build_bundle
    from gradekit.author import example_answers
    from gradekit.author.master import master
    from gradekit.cli import audit_lines
    from gradekit.core.errors import AuthorError
    from gradekit.quality.audit import MAX_MUTANTS
    from gradekit.quality.audit import page as audit_page

    found = example_answers.read(master.read_master(assignment))
    if found is None:
        raise AuthorError(
            f"{master.find(assignment).parent}: there is no folder answers/ to measure with. "
            '"gradekit audit --help" says what goes into it.'
        )
    with tempfile.TemporaryDirectory(prefix="gradekit-") as folder:
        built = build_bundle(assignment, Path(folder).resolve())
        todo = _audit(built, found, sandbox, choose, jobs=jobs, fresh=fresh,
                      most=None if all_mutants else MAX_MUTANTS)  # fmt: skip
        measured = _measured(todo, _wanted(only, todo.questions))
    asked = [
        question.name for question in built.master.questions if example_answers.coding(question)
    ]
    if page is not None:
        audit_page.write(page, measured, found, built.master.path.stem)
    findings = [line for one in measured for line in audit_lines.findings(one, found)]
    if as_json:
        click.echo(json.dumps(audit_lines.as_json(measured, found), indent=1))
    else:
        blocks = [audit_lines.rates(measured)]
        blocks += [audit_lines.checks(one) for one in measured]
        blocks += [(line for one in measured for line in audit_lines.notes(one, found))]
        blocks += [iter(findings), audit_lines.unmeasured(found, asked)]
        texts = ["\n".join(block) for block in blocks]
        click.echo("\n\n".join(text for text in texts if text))
    if findings:
        raise click.exceptions.Exit(AUTHOR)


def _wanted(only: Sequence[str], questions: Sequence[str]) -> list[str]:
    for name in only:
        if name not in questions:
            raise click.UsageError(f"--only {name}: measured are {', '.join(questions)}.")
    return [name for name in questions if not only or name in only]


def _audit(
    built: Built, book: AnswerBook, sandbox: str, choose: Choose | None, *,
    jobs: int | None = None, fresh: bool = False, most: int | None = 60,
) -> Audit:  # fmt: skip
    """Return an audit whose answers run where this sandbox says."""
    from gradekit.quality.audit import Audit
    from gradekit.sandbox import LocalSandbox, cores

    isolation = "bubblewrap" if sandbox != "none" and shutil.which("bwrap") else "none"

    def local(bundle: Path) -> Sandbox:
        return choose(isolation, bundle) if choose else LocalSandbox(bundle, isolation)

    return Audit(
        built=built,
        book=book,
        sandbox_for=local,
        jobs=jobs or cores(),
        fresh=fresh,
        max_mutants=most,
    )


def _measured(audit: Audit, questions: Sequence[str]) -> list[QuestionAudit]:
    """Measure with a bar for whoever waits."""
    from rich.console import Console

    from gradekit.cli.progress import Bar

    bars: list[Bar] = []
    with contextlib.ExitStack() as stack:

        def begin(total: int) -> None:
            if total:
                names = [name for name in questions if audit.cached(name) is None]
                say(f"measuring the checks of {', '.join(names)}: {total // 2} answers")
            bars.append(stack.enter_context(Bar(Console(stderr=True), total)))

        def done(question: str, number: int) -> None:
            for _ in range(number):
                bars[0].advance(question)

        return audit.measure(questions, begin, done)
