"""The command line: words become calls, and what comes back becomes an exit code.

This is the only place that prints. Results go to standard output, the rest to
standard error, so that a pipe gets results alone. Every error that was raised
on purpose is shown as its sentence; its class decides the exit code. The other
modules are imported inside the commands, because `gradekit --help` must answer
at once and Docker, Otter and NumPy take seconds to load.
"""

# ruff: noqa: PLC0415 - imports within functions are what keeps the help fast

from __future__ import annotations

import itertools
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gradekit import __version__
from gradekit.errors import AuthorError, GradekitError, GraderError, SubmissionError

if TYPE_CHECKING:
    from rich.text import Text

    from gradekit.bundle import Bundle
    from gradekit.gradebook import Results
    from gradekit.grading import Graded, Grader
    from gradekit.records import Report
    from gradekit.sandbox import Sandbox
    from gradekit.submission import HandIn

Choose = Callable[[str, "Path"], "Sandbox"]  # of a name and a bundle

USAGE, AUTHOR, STAFF, STOPPED = 2, 3, 5, 130
FOLDER = click.Path(path_type=Path)
UNPROTECTED = (
    "WARNING: --sandbox none protects nothing. The students' code runs with your rights:\n"
    "it can read and change your files and its own marks. For notebooks you trust only."
)


def main(arguments: Sequence[str] | None = None, choose: Choose | None = None) -> int:
    """Run the command line and return its exit code; `choose` makes sandboxes in tests."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
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
    from gradekit.submission import printable

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
      gradekit build                 master -> student/ solutions/ autograder/
      gradekit grade submissions/    one line for each, results/gradebook.csv
      gradekit doctor                can this machine grade?

    \b
    Exit codes: 0 done, whatever the students scored; 2 wrong usage;
    3 the author must mend the master; 5 gradekit failed, results so far
    are kept; 130 stopped with Ctrl-C.
    """  # noqa: D301 - click reads a true backspace as "keep these line ends"


@cli.command()
@click.argument("assignment", type=FOLDER, default=Path("assignment"))
@click.option(
    "--into", type=FOLDER, default=Path(), help="Folder for the three folders.  [default: here]"
)
def build(assignment: Path, into: Path) -> None:
    """Build what students receive, what staff read and what grades.

    ASSIGNMENT is a master notebook or the folder with it (default: assignment).
    Afterwards the promises of a build are tried out: the solution earns full
    marks, the blank notebook none, nothing leaks, a rebuild is equal.
    """
    from gradekit.build import build as build_folders

    built = build_folders(assignment, into)
    click.echo(_built_summary(built.manifest))


def _built_summary(manifest: dict[str, Any]) -> str:
    checks = [check for question in manifest["questions"] for check in question["checks"]]
    hidden = sum(check["hidden"] for check in checks)
    return (
        f"{len(manifest['questions'])} questions, {len(checks)} checks "
        f"({len(checks) - hidden} public, {hidden} hidden), {manifest['out_of']:g} points"
    )


@cli.command()
@click.argument("submissions", type=FOLDER)
@click.option(
    "--bundle",
    "bundle_folder",
    type=FOLDER,
    default=Path("autograder"),
    show_default=True,
    help="What grades, as `gradekit build` wrote it.",
)
@click.option(
    "--results",
    "results_folder",
    type=FOLDER,
    default=Path("results"),
    show_default=True,
    help="Folder for the reports and gradebook.csv.",
)
@click.option(
    "--sandbox",
    type=click.Choice(["auto", "docker", "bubblewrap", "none"]),
    default="auto",
    show_default=True,
    help="What holds the students' code. auto takes docker, else bubblewrap; "
    "none protects nothing.",
)
@click.option(
    "--jobs", type=click.IntRange(1, 256), help="How many at a time.  [default: one for each core]"
)
@click.option("--only", multiple=True, metavar="ID", help="Grade only this one. May be repeated.")
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
    only: tuple[str, ...],
    seed: str,
    as_json: bool,
) -> None:
    """Grade a class: every file handed in gets a line, a report and a row.

    SUBMISSIONS is a folder of notebooks, a folder with a folder for each
    student, or one notebook. Each file and each folder in it is one submission,
    except README files, .toml files and hidden ones. A student's folder may
    hold other files, but exactly one notebook. Links are not followed.

    \b
      $ gradekit grade submissions/
      alice    34 / 40  failed: conv1d (flips the kernel)
      bo       40 / 40
      chen    ungraded  the file is empty. Download it again from Jupyter ...

    "ungraded" means that there is no score, which is not zero. Ctrl-C once
    waits for what runs and keeps it, twice stops now.
    """  # noqa: D301 - the backspace again
    from gradekit.bundle import Bundle
    from gradekit.gradebook import Results
    from gradekit.grading import Grader
    from gradekit.submission import find

    handins = find(submissions, leave_out=[results_folder])
    wanted = _wanted(handins, only)
    bundle = Bundle.load(bundle_folder)
    results = Results(results_folder, [handin.id for handin in handins])
    _mention_staff_files(submissions)
    grader = Grader(bundle=bundle, sandbox=_sandbox(sandbox, bundle_folder, choose), key=seed)
    session = _Session(handins, wanted, bundle, results, as_json)
    session.grade(grader, jobs or len(os.sched_getaffinity(0)))
    if session.ours:
        raise click.exceptions.Exit(STAFF)


def _wanted(handins: list[HandIn], only: tuple[str, ...]) -> list[HandIn]:
    """Return the submissions asked for, all of them if none was named."""
    import difflib

    ids = [handin.id for handin in handins]
    for name in only:
        if name not in ids:
            near = difflib.get_close_matches(name, ids, n=3)
            hint = f" Did you mean {', '.join(near)}?" if near else ""
            raise click.UsageError(f"--only {name}: nobody handed in under this id.{hint}")
    return [handin for handin in handins if not only or handin.id in only]


def _mention_staff_files(submissions: Path) -> None:
    from gradekit.submission import staff_files

    if names := staff_files(submissions):
        click.echo(f"not graded, because they are the staff's: {', '.join(names)}", err=True)


def _sandbox(name: str, bundle_folder: Path, choose: Choose | None) -> Sandbox:
    from gradekit.sandbox import choose as choose_real

    if name == "none":
        click.secho(UNPROTECTED, fg="red", bold=True, err=True)
    return (choose or choose_real)(name, bundle_folder)


class _Session:
    """One run over a class, as the person at the terminal sees it."""

    def __init__(
        self,
        handins: list[HandIn],
        wanted: list[HandIn],
        bundle: Bundle,
        results: Results,
        as_json: bool,
    ) -> None:
        from rich.console import Console

        from gradekit.progress import Bar

        self.ours = 0  # submissions left ungraded through a fault of ours
        self._handins, self._wanted = handins, wanted
        self._bundle, self._results, self._as_json = bundle, results, as_json
        self._reports: dict[str, Report] = {}
        self._shown = 0
        self._out = Console(highlight=False)
        self._bar = Bar(Console(stderr=True), len(wanted))

    def grade(self, grader: Grader, jobs: int) -> None:
        """Grade, print a line for each submission in order, and leave a gradebook."""
        from gradekit.grading import grade_class

        start = time.monotonic()
        try:
            with self._bar:
                grade_class(
                    self._wanted,
                    grader,
                    self._results,
                    jobs=jobs,
                    done=self._done,
                    stopping=self._stopping,
                )
        finally:
            self._finish(time.monotonic() - start)

    def _done(self, graded: Graded) -> None:
        self.ours += graded.ours
        self._reports[graded.report.submission] = graded.report
        self._bar.advance(graded.report.submission)
        if not self._as_json:
            self._show_in_order()

    def _show_in_order(self) -> None:
        """Print the lines that no unfinished submission stands before."""
        from gradekit.lines import name_width

        width = name_width(handin.id for handin in self._wanted)
        ready = list(itertools.takewhile(self._is_done, self._wanted[self._shown :]))
        with self._bar.hidden():
            for handin in ready:
                self._out.print(
                    _line(self._reports[handin.id], width, self._out.width), no_wrap=True
                )
        self._shown += len(ready)

    def _is_done(self, handin: HandIn) -> bool:
        return handin.id in self._reports

    def _stopping(self) -> None:
        with self._bar.hidden():
            click.echo("stopping after what runs now; Ctrl-C again stops at once", err=True)

    def _finish(self, seconds: float) -> None:
        """Write the gradebook of all that was handed in, and say how it went."""
        from gradekit.gradebook import document
        from gradekit.grading import earlier
        from gradekit.lines import totals

        out_of = self._bundle.out_of
        everyone = [
            self._reports.get(handin.id) or earlier(handin, self._results, out_of)
            for handin in self._handins
        ]
        questions = [question.name for question in self._bundle.questions if not question.manual]
        self._results.write_gradebook(everyone, questions)
        if self._as_json:
            data = [document(report) for report in self._reports.values()]
            click.echo(json.dumps(sorted(data, key=lambda one: one["submission"]), indent=1))
        if self._reports:
            click.echo(totals(list(self._reports.values()), seconds), err=True)
        click.echo(f"gradebook: {self._results.gradebook}", err=True)
        left = len(self._wanted) - len(self._reports)
        if left or self.ours:
            again = f"{left + self.ours} not graded through no fault of the students"
            click.echo(f"{again}; run the same command again", err=True)


def _line(report: Report, names: int, width: int) -> Text:
    from rich.text import Text

    from gradekit.lines import columns

    name, score, summary = columns(report, names, width)
    colour = "green" if report.points == report.out_of else "yellow"
    style = "red" if report.points is None else colour
    return Text.assemble(name, "  ", (score, style), "  ", summary)
