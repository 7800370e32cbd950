"""The command line: words become calls, and what comes back becomes an exit code.

This and `session` are the only places that print. Results go to standard output, the rest to
standard error, so that a pipe gets results alone. Every error that was raised
on purpose is shown as its sentence; its class decides the exit code. The other
modules are imported inside the commands, because `gradekit --help` must answer
at once and Docker, Otter and NumPy take seconds to load.
"""

# ruff: noqa: PLC0415 - imports within functions are what keeps the help fast

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gradekit import __version__
from gradekit.cli import (
    author,
    calibrate,
    machines,
    platforms,
    quality,
    redteam,
    regrade,
    report,
    starter,
    written,
)
from gradekit.cli.options import (
    AUTHOR,
    BUNDLE,
    JOBS,
    RESULTS,
    SANDBOX,
    STAFF,
    STOPPED,
    USAGE,
    Choose,
    refuse_unknown,
    sandbox_for,
    say,
)
from gradekit.core.errors import AuthorError, GradekitError, GraderError, SubmissionError

if TYPE_CHECKING:
    from gradekit.sandbox import Sandbox
    from gradekit.sandbox.doctor import Diagnosis


def main(arguments: Sequence[str] | None = None, choose: Choose | None = None) -> int:
    """Run the command line and return its exit code; `choose` makes sandboxes in tests."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # names need more letters than some terminals have
            stream.reconfigure(errors="backslashreplace")
    try:
        code = cli.main(arguments, prog_name="gradekit", standalone_mode=False, obj=choose)
        return int(code or 0)
    except click.ClickException as error:
        error.show()
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        return STOPPED
    except BrokenPipeError:  # `gradekit grade ... | head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if "--debug" in arguments:
            raise
        return _explained(error)


def _explained(error: Exception) -> int:
    """Print the sentence for an error and return the exit code of whoever can mend it."""
    from gradekit.core.escape import printable

    codes = {AuthorError: AUTHOR, SubmissionError: USAGE, GraderError: STAFF}
    if isinstance(error, GradekitError):
        text = "\n".join(printable(line) for line in str(error).splitlines())
    else:
        kind = f"{type(error).__name__}: {printable(str(error))}"
        text = f"gradekit failed ({kind}). Run it again with --debug and report what it prints."
    click.echo(text, err=True)
    return next((code for kind, code in codes.items() if isinstance(error, kind)), STAFF)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def cli(debug: bool) -> None:
    """Grade Jupyter notebooks without letting them grade themselves.

    \b
      gradekit new NAME              a small assignment to start from
      gradekit build                 master -> student/ solutions/ autograder/
      gradekit audit                 how good are the checks?
      gradekit calibrate             which bars are safe, and against what?
      gradekit grade submissions/    one line for each, results/gradebook.csv
      gradekit regrade submissions/  changed checks, without running code again
      gradekit written submissions/  mark written answers in the browser
      gradekit report                pages for students and staff, again
      gradekit items                 which checks told the class apart?
      gradekit collect ARCHIVE       a platform's download -> submissions/
      gradekit export canvas         grades in the form a platform takes back
      gradekit cluster               workers to try `grade --dask ADDRESS` with
      gradekit redteam               attack the grading of an assignment
      gradekit doctor                can this machine grade?

    \b
    Exit codes: 0 done, whatever the students scored; 2 wrong usage;
    3 the author must mend the master; 5 gradekit failed, results so far
    are kept; 130 stopped with Ctrl-C.
    """  # noqa: D301 - click reads a true backspace as "keep these line ends"


cli.add_command(author.build)
cli.add_command(author.audit)
cli.add_command(platforms.collect)
cli.add_command(platforms.export)
cli.add_command(machines.cluster)
cli.add_command(calibrate.calibrate)
cli.add_command(quality.items)
cli.add_command(redteam.redteam)
cli.add_command(regrade.regrade)
cli.add_command(starter.new)
cli.add_command(written.written)
cli.add_command(report.report)


@cli.command()
@written.SUBMISSIONS
@BUNDLE
@RESULTS
@SANDBOX
@JOBS
@machines.DASK
@click.option("--only", multiple=True, metavar="ID", help="Grade only this one. May be repeated.")
@click.option(
    "--again", multiple=True, metavar="ID", help="Grade this one though it was graded before."
)
@click.option("--seed", default="", metavar="TEXT", help="Draw other random inputs for checks.")
@click.option("--json", "as_json", is_flag=True, help="Print the reports as one JSON document.")
@click.pass_obj
def grade(
    choose: Choose | None,
    *,
    submissions: Path,
    bundle_folder: Path,
    results_folder: Path,
    sandbox: str,
    jobs: int | None,
    address: str | None,
    only: tuple[str, ...],
    again: tuple[str, ...],
    seed: str,
    as_json: bool,
) -> None:
    """Grade a class: every file handed in gets a line, a report and a row.

    SUBMISSIONS is a folder of notebooks, a folder with a folder for each
    student, or one notebook (default: submissions, where there is one). Each
    file and each folder in it is one submission, except README files, .toml
    files and hidden ones. A student's folder may hold other files, but exactly
    one notebook. Links are not followed.

    \b
      $ gradekit grade submissions/
      alice    34 / 40  failed: conv1d (flips the kernel)
      bo       40 / 40
      chen    ungraded  the file is empty. Download it again from Jupyter ...

    "ungraded" means that there is no score, which is not zero. Ctrl-C once
    waits for what runs and keeps it, twice stops now. The same command goes on
    after that, or after a crash: what was graded is not graded again unless
    the file, the bundle, the sandbox, a limit or the seed has changed.
    """  # noqa: D301 - the backspace again
    from gradekit.cli.session import Session
    from gradekit.core.bundle import Bundle
    from gradekit.grading import Grader, Journal, Results
    from gradekit.submission import find_hand_ins

    handins = find_hand_ins(submissions, leave_out=[results_folder, submissions / "roster.csv"])
    ids = [handin.id for handin in handins]
    refuse_unknown("--only", only, ids, "nobody handed in under this id")
    refuse_unknown("--again", again, ids, "nobody handed in under this id")
    wanted = [handin for handin in handins if not only or handin.id in only]
    bundle = Bundle.load(bundle_folder)
    results = Results(results_folder, [handin.id for handin in handins])
    _mention_staff_files(submissions)
    place = machines.Place(address, sandbox, bundle_folder, results_folder)
    with Journal(results_folder) as journal:

        def grader(chosen: Sandbox) -> Grader:
            return Grader(bundle=bundle, sandbox=chosen, key=seed, journal=journal, again=again)

        def something_runs(chosen: Sandbox) -> bool:
            return not all(map(grader(chosen).remembers, wanted))

        here = partial(sandbox_for, sandbox, bundle_folder, choose, something_runs)
        with place.open(here) as (chosen, room):
            session = Session(handins, wanted, bundle, results, as_json)
            session.grade(grader(chosen), jobs or room)
    if session.ours:
        raise click.exceptions.Exit(STAFF)


def _mention_staff_files(submissions: Path) -> None:
    from gradekit.submission import staff_files

    if names := staff_files(submissions):
        click.echo(f"not graded, because they are the staff's: {', '.join(names)}", err=True)


@cli.command()
@BUNDLE
def image(bundle_folder: Path) -> None:
    """Build the Docker image that grades, if anything in it has changed.

    `gradekit grade` does this by itself; here it can be done beforehand. The
    base image is python:3.11-slim, or the one named by BASE_IMAGE.
    """
    from gradekit.sandbox import cache_root, prepare_bundle
    from gradekit.sandbox import image as images
    from gradekit.sandbox.docker import ask_engine

    answer = ask_engine()
    if answer.client is None:
        raise GraderError(f"Docker: {answer.reason}. Start it and run this again.")
    folder, base, cache = prepare_bundle(bundle_folder), images.base_image(), cache_root()
    click.echo(images.ensure_image(answer.client, folder, base=base, cache=cache, say=say))


@cli.command()
@BUNDLE
def doctor(bundle_folder: Path) -> None:
    """Say whether this machine can grade, and what is enforced.

    Each line is something that was tried, not looked up; the promises of the
    sandbox are put to the same self-check that precedes every grading. Exit
    code 0 if `gradekit grade` would work here, 5 if not; then the lines say
    what to do.
    """
    from gradekit.sandbox.doctor import examine

    diagnosis = examine(bundle_folder if bundle_folder.is_dir() else None)
    click.echo(_diagnosis(diagnosis))
    if not diagnosis.can_grade:
        raise click.exceptions.Exit(STAFF)


def _diagnosis(diagnosis: Diagnosis) -> str:
    """Return the findings in columns, and what the sandbox holds."""
    lines = []
    for finding in diagnosis.findings:
        start = f"{finding.subject:<11} {'ok' if finding.ok else 'NO':<3} "
        lines.append(_wrapped(start, finding.says))
        if not finding.ok:
            lines.append(_wrapped(" " * len(start), finding.remedy))
    if diagnosis.sandbox is not None:
        lines += ["", f"Grading here takes {diagnosis.sandbox}. What it promises, tried out:"]
    for one in diagnosis.tried:
        lines.append(_wrapped(f"  {'ok' if one.holds else 'NO':<3} ", one.promise))
        if not one.holds:
            lines.append(_wrapped("      ", f"what got through: {one.through}"))
    lines += [_wrapped("  ", diagnosis.untried)] if diagnosis.untried else []
    if not diagnosis.can_grade:
        return "\n".join([*lines, "", "This machine cannot grade yet."])
    lines += ["It does not protect from:"]
    lines += [_wrapped("      ", text) for text in diagnosis.not_covered]
    return "\n".join(lines)


def _wrapped(start: str, text: str) -> str:
    return click.wrap_text(text, width=80, initial_indent=start, subsequent_indent=" " * len(start))
