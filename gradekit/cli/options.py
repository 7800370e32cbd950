"""What several commands take alike: their options, exit codes and choice of a sandbox.

A word means the same wherever it is typed, so it is explained in one place.
"""

# ruff: noqa: PLC0415 - imports within functions are what keeps the help fast

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gradekit.core.bundle import Bundle
    from gradekit.grading import Journal, Results
    from gradekit.sandbox import Replaying, Sandbox
    from gradekit.submission import HandIn

Choose = Callable[[str, "Path"], "Sandbox"]  # of a name and a bundle

USAGE, AUTHOR, STAFF, STOPPED = 2, 3, 5, 130
FOLDER = click.Path(path_type=Path)
UNPROTECTED = (
    "WARNING: --sandbox none does not isolate anything. Student code runs with your rights:\n"
    "it can read and change your files and its own marks. Use it for notebooks you trust."
)


def default_submissions(
    context: click.Context, parameter: click.Parameter, folder: Path | None
) -> Path:
    """Return the folder that was named, else `submissions`, which is what people call it.

    Raises
    ------
    click.MissingParameter
        If none was named and there is no such folder here.
    """
    if folder is not None:
        return folder
    if Path("submissions").is_dir():
        return Path("submissions")
    text = "Name a folder or a notebook: there is no folder submissions/ here."
    raise click.MissingParameter(text, ctx=context, param=parameter)


SUBMISSIONS = click.argument(
    "submissions", type=FOLDER, required=False, callback=default_submissions
)
SANDBOX = click.option(
    "--sandbox",
    type=click.Choice(["auto", "docker", "bubblewrap", "none"]),
    default="auto",
    show_default=True,
    help="Where student code runs. auto: docker if it is available, else bubblewrap. "
    "none: no isolation (unsafe).",
)
BUNDLE = click.option(
    "--bundle",
    "bundle_folder",
    type=FOLDER,
    default=Path("autograder"),
    show_default=True,
    help="The autograder folder that `gradekit build` wrote.",
)
RESULTS = click.option(
    "--results",
    "results_folder",
    type=FOLDER,
    default=Path("results"),
    show_default=True,
    help="The folder with reports, pages and gradebook.csv.",
)
JOBS = click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    help="How many run at a time.  [default: one per core]",
)


def refuse_unknown(option: str, values: Sequence[str], names: Sequence[str], sentence: str) -> None:
    """Refuse a value of an option that is no known name, and suggest the names like it.

    Raises
    ------
    click.UsageError
        If there is such a value; `sentence` says what is wrong with it.
    """
    for value in values:
        if value not in names:
            similar = difflib.get_close_matches(value, names, n=3)
            hint = f" Did you mean {', '.join(similar)}?" if similar else ""
            raise click.UsageError(f"{option} {value}: {sentence}.{hint}")


def sandbox_for(
    name: str,
    bundle: Path,
    choose: Choose | None,
    needed: Callable[[Sandbox], bool] = lambda _: True,
) -> Sandbox:
    """Return the sandbox of this name for a bundle, which is prepared first.

    The self-check of the sandbox runs unless it is not `needed`: it takes seconds.

    Raises
    ------
    GraderError
        If there is no such sandbox here, or it does not keep a promise.
    """
    if name == "none":
        warn(UNPROTECTED)
    if choose is not None:
        return choose(name, bundle)
    from gradekit.sandbox import choose_sandbox as choose_real
    from gradekit.sandbox import prepare_bundle, try_promises

    def tried_if_needed(sandbox: Replaying, tell: Callable[[str], None]) -> Replaying:
        return try_promises(sandbox, tell) if needed(sandbox) else sandbox

    return choose_real(name, prepare_bundle(bundle), say, tried_if_needed)


def restore_marks(
    journal: Journal, results: Results, bundle: Bundle, handins: Sequence[HandIn]
) -> None:
    """Take marks of people that only the reports have into the journal, and say so.

    Raises
    ------
    GraderError
        If the journal cannot be written; the reports still have the marks then.
    """
    from gradekit.grading import restore_human_marks

    if count := restore_human_marks(journal, results, bundle, handins):
        marks = "1 mark" if count == 1 else f"{count} marks"
        say(f"{marks} of written answers, missing in the journal, taken from the reports")


def warn(text: str) -> None:
    """Print a warning, in red unless NO_COLOR is set."""
    click.secho(text, fg=None if os.environ.get("NO_COLOR") else "red", err=True)


def say(text: str) -> None:
    """Print something that is no result, so that a pipe does not get it."""
    click.echo(text, err=True)
