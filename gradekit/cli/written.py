"""The command for what only a person can mark: written answers.

Results go to standard output, the rest to standard error, as in all commands.
"""

# ruff: noqa: PLC0415 - imports within functions are what keeps the help fast

from __future__ import annotations

import getpass
import os
import signal
import sys
import time
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from gradekit.cli.options import BUNDLE, RESULTS, SUBMISSIONS, restore_marks

if TYPE_CHECKING:
    from gradekit.marking import Marking

PATH = click.Path(path_type=Path)


@click.command()
@SUBMISSIONS
@BUNDLE
@RESULTS
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    help="Port of the page on this machine.  [default: any free port]",
)
@click.option("--no-browser", is_flag=True, help="Print the address and open no browser.")
@click.option(
    "--step",
    type=click.FloatRange(0.05),
    default=0.5,
    show_default=True,
    help="Smallest part of a point. Full points can always be given.",
)
@click.option(
    "--who",
    default="",
    metavar="NAME",
    help="Who marks; the journal keeps it.  [default: the user name]",
)
@click.option(
    "--export", "export_to", type=PATH, metavar="FILE", help="Write a table for a spreadsheet."
)
@click.option(
    "--import", "import_from", type=PATH, metavar="FILE", help="Read the points from such a table."
)
def written(
    *,
    submissions: Path,
    bundle_folder: Path,
    results_folder: Path,
    port: int,
    no_browser: bool,
    step: float,
    who: str,
    export_to: Path | None,
    import_from: Path | None,
) -> None:
    """Mark the written answers, in the browser or in a spreadsheet.

    Opens a page for each written question. It shows all answers without names,
    and the rubric beside them. Keys: 0 to 9 give points, j and k go to the next
    and the previous answer, / writes a comment, ? shows all keys. Every change
    is saved as it is made: closing the page or killing the server loses
    nothing. Stop the server with Ctrl-C.

    \b
      $ gradekit written submissions/
      http://127.0.0.1:38221/kF0.../
      findings  120 of 120 marked
      $ gradekit written submissions/ --export marks.csv
      $ gradekit written submissions/ --import marks.csv

    A written question counts as soon as one of its answers has points: from
    then on its points are in every report, in the gradebook and in exports. An
    answer without points is an empty cell in the gradebook, adds nothing to the
    total, and is mentioned on standard error. Grading again keeps all points,
    except where the student has changed the answer: that answer must be marked
    again. The page can be opened on this machine only, and its address is
    secret.
    """
    from gradekit.core.bundle import Bundle
    from gradekit.core.rubric import load
    from gradekit.grading import WRITTEN, Journal, Results
    from gradekit.marking import Marking
    from gradekit.submission import find_hand_ins

    if export_to is not None and import_from is not None:
        raise click.UsageError("--export and --import exclude each other. Give one of them.")
    handins = find_hand_ins(submissions, leave_out=[results_folder, submissions / "roster.csv"])
    bundle = Bundle.load(bundle_folder)
    if not any(question.manual for question in bundle.questions):
        raise click.UsageError(f"{bundle.assignment} has no written question.")
    with Journal(results_folder, WRITTEN) as journal:
        results = Results(results_folder, [handin.id for handin in handins])
        restore_marks(journal, results, bundle, handins)
        marking = Marking(
            bundle=bundle,
            rubrics=load(bundle_folder),
            handins=handins,
            results=results,
            journal=journal,
            clock=time.time,
            who=who or _user(),
            step=step,
        )
        if import_from is not None:
            _import(marking, import_from)
        if export_to is not None:
            _export(marking, export_to)
        if import_from is None and export_to is None:
            _serve(marking, port, no_browser)
        _write_results(marking)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # in a container, the user may have no name
        return ""


def _import(marking: Marking, path: Path) -> None:
    from gradekit.marking import import_marks

    imported = import_marks(marking, path)
    click.echo(
        f"{imported.changed} answers marked, {imported.unchanged} as before, "
        f"{imported.without_points} rows without points"
    )


def _export(marking: Marking, path: Path) -> None:
    from gradekit.core.files import replace_file
    from gradekit.marking import export_marks

    replace_file(path, export_marks(marking))
    click.echo(f"{path}: fill in points and comment, then import it with --import", err=True)


def _serve(marking: Marking, port: int, no_browser: bool) -> None:
    """Serve the pages until Ctrl-C, or until the process is asked to end."""
    from gradekit.marking import serve

    def on_ready(address: str) -> None:
        click.echo(address)
        sys.stdout.flush()  # a program that started us waits for this line
        if not no_browser and _has_screen():
            webbrowser.open(address)
        click.echo("each change is saved as you make it; stop with Ctrl-C", err=True)

    signal.signal(signal.SIGTERM, _interrupt)  # so that the views are written then too
    try:
        serve(marking, port, on_ready)
    except KeyboardInterrupt:
        click.echo("", err=True)
    except OSError as error:
        raise click.UsageError(f"--port {port}: {error.strerror}. Give another one.") from error


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _has_screen() -> bool:
    """Whether a browser would be a window and not a program in this terminal."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")
    return sys.platform in ("darwin", "win32") or any(os.environ.get(name) for name in names)


def _write_results(marking: Marking) -> None:
    """Write reports, gradebook and pages from the journal, and print each question's progress."""
    from gradekit.pages import publish_pages

    human_marks = marking.write_views()
    for question in marking.questions:
        entries = marking.answers_to(question.name)
        marked = sum(entry.marked for entry in entries)
        click.echo(f"{question.name}  {marked} of {len(entries)} marked", err=True)
    if human_marks.counted:
        reports = marking.results.reports()
        publish_pages(marking.results.folder, reports, marking.bundle.assignment)
        click.echo(f"gradebook: {marking.results.gradebook}", err=True)
