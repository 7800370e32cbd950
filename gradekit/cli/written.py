"""The command for what only a person can mark: written answers.

`group` hangs it into the program. It prints as that does: results to standard output, the
rest to standard error.
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

from gradekit.cli.options import BUNDLE, RESULTS, SUBMISSIONS

if TYPE_CHECKING:
    from gradekit.marking import Desk

PATH = click.Path(path_type=Path)


@click.command()
@SUBMISSIONS
@BUNDLE
@RESULTS
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Of the page.  [default: a free one]"
)
@click.option("--no-browser", is_flag=True, help="Print the address and open nothing.")
@click.option("--step", type=click.FloatRange(0.05), default=0.5, show_default=True)
@click.option("--who", default="", metavar="NAME", help="Who marks.  [default: the user]")
@click.option("--export", "export_to", type=PATH, help="Write a table to mark in a spreadsheet.")
@click.option("--import", "import_from", type=PATH, help="Take the points of such a table.")
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

    Opens a page for each written question: all answers in one place without
    names, the rubric beside. Keys: 0 to 9 give points, j and k go on and back,
    / comments, ? shows all. Each change is saved as it is made; closing the
    page or killing the server loses nothing. End it with Ctrl-C.

    \b
      $ gradekit written submissions/
      http://127.0.0.1:38221/kF0.../
      findings  120 of 120 marked
      $ gradekit written submissions/ --export marks.csv
      $ gradekit written submissions/ --import marks.csv

    A written question counts as soon as one of its answers has points: then its
    points stand in every report, in the gradebook and in exports. Until then
    the class looks as if it had none. An answer without points is an empty cell
    in the gradebook, adds nothing, and is counted on standard error. Grading
    again keeps all points; an answer that was changed since has to be read
    again. The page is on this machine only and its address is secret.
    """  # noqa: D301 - click reads a true backspace as "keep these line ends"
    from gradekit.core.bundle import Bundle
    from gradekit.core.rubric import load
    from gradekit.grading import WRITTEN, Journal, Results
    from gradekit.marking import Desk
    from gradekit.submission import find_hand_ins

    handins = find_hand_ins(submissions, leave_out=[results_folder, submissions / "roster.csv"])
    bundle = Bundle.load(bundle_folder)
    if not any(question.manual for question in bundle.questions):
        raise click.UsageError(f"{bundle.assignment} has no written question.")
    with Journal(results_folder, WRITTEN) as journal:
        desk = Desk(
            bundle=bundle,
            rubrics=load(bundle_folder),
            handins=handins,
            results=Results(results_folder, [handin.id for handin in handins]),
            journal=journal,
            clock=time.time,
            who=who or _user(),
            step=step,
        )
        if import_from is not None:
            _take(desk, import_from)
        if export_to is not None:
            _give_out(desk, export_to)
        if import_from is None and export_to is None:
            _open(desk, port, no_browser)
        _conclude(desk)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user without a name
        return ""


def _take(desk: Desk, path: Path) -> None:
    from gradekit.marking import imported

    taken = imported(desk, path)
    click.echo(
        f"{taken.changed} answers marked, {taken.as_before} as before, "
        f"{taken.left} rows without points"
    )


def _give_out(desk: Desk, path: Path) -> None:
    from gradekit.marking import exported
    from gradekit.platforms import write_export

    write_export(path, exported(desk))
    click.echo(f"{path}: fill in points and comment, then --import it", err=True)


def _open(desk: Desk, port: int, no_browser: bool) -> None:
    """Serve the desk until Ctrl-C, or until somebody ends the process politely."""
    from gradekit.marking import serve

    def ready(address: str) -> None:
        click.echo(address)
        sys.stdout.flush()
        if not no_browser and _has_screen():
            webbrowser.open(address)
        click.echo("saved as you go; Ctrl-C ends it", err=True)

    signal.signal(signal.SIGTERM, _interrupt)
    try:
        serve(desk, port, ready)
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


def _conclude(desk: Desk) -> None:
    """Bring all views up to the journal, and say how far each question is."""
    from gradekit.pages import publish_pages

    readings = desk.write_views()
    for question in desk.questions:
        entries = desk.entries(question.name)
        read = sum(entry.read for entry in entries)
        click.echo(f"{question.name}  {read} of {len(entries)} marked", err=True)
    if readings.begun:
        publish_pages(desk.results.folder, desk.results.reports(), desk.bundle.assignment)
        click.echo(f"gradebook: {desk.results.gradebook}", err=True)
