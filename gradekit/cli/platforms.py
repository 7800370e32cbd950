"""The commands that bring a class from a learning platform, and its grades back.

Results go to standard output, the rest to standard error, as in all commands.
"""

# ruff: noqa: PLC0415 - imports within functions are what keeps the help fast

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from gradekit.cli.options import FOLDER, RESULTS


@click.command()
@click.argument("archive", type=FOLDER)
@click.option(
    "--into", type=FOLDER, required=True, help="Folder to write: one notebook for each student."
)
@click.option(
    "--from",
    "platform",
    type=click.Choice(["auto", "canvas", "moodle", "gradescope", "nbgrader", "plain"]),
    default="auto",
    show_default=True,
    help="Platform that the download comes from. auto recognises it by the names in it.",
)
@click.option(
    "--assignment", default="", metavar="NAME", help="Assignment to collect of an nbgrader course."
)
def collect(*, archive: Path, into: Path, platform: str, assignment: str) -> None:
    """Turn the download of a class into a folder of notebooks to grade.

    ARCHIVE is the zip of all submissions from Canvas, Moodle or Gradescope, a
    course of nbgrader, or a zip or folder with a file or folder for each
    student. Links in it are not followed, and nothing is written outside the
    folder.

    \b
      $ gradekit collect submissions.zip --into submissions
      canvas: 120 submissions, 3 late
      $ gradekit grade submissions

    Of several notebooks the last upload counts, or the copy with the highest
    number (hw-2.ipynb beside hw.ipynb); otherwise `gradekit grade` asks which
    one counts. roster.csv in the folder keeps names, ids, who was late, and
    which files do not count. The same command again replaces the folder, unless
    it holds anything else.
    """
    from gradekit.platforms import collect_download

    collected = collect_download(archive, into, platform=platform, assignment=assignment)
    _list_on_stderr("needs a look", collected.problems)
    click.echo(collected.summary())


@click.command()
@click.argument("form", type=click.Choice(["canvas", "moodle", "gradescope", "csv"]))
@RESULTS
@click.option("--roster", type=FOLDER, help="roster.csv, as `gradekit collect` wrote it.")
@click.option(
    "--template", type=FOLDER, help="The gradebook or worksheet downloaded from the platform."
)
@click.option("--column", default="", metavar="TITLE", help="Title of the assignment in Canvas.")
@click.option("--only", default="", metavar="ID", help="Submission to export for Gradescope.")
@click.option("--scale", is_flag=True, help="Convert points to the template's maximum.")
@click.option("--into", type=FOLDER, help="File to write.  [default: standard output]")
def export(
    *,
    form: str,
    results_folder: Path,
    roster: Path | None,
    template: Path | None,
    column: str,
    only: str,
    scale: bool,
    into: Path | None,
) -> None:
    """Write the grades in the form that a learning platform imports.

    canvas fills in one assignment's column of the exported gradebook, moodle
    the grading worksheet; gradescope is results.json of one submission; csv is
    a table for people. The cell of a student without points stays empty, and
    the reason is printed on standard error.

    \b
      $ gradekit export moodle --roster submissions/roster.csv
            --template Grades-Exercise_9.csv --into upload.csv
      no grade, 1:
        4711 Chen Wei: the file is empty. Download it again from Jupyter ...
    """
    from gradekit.core.files import replace_file
    from gradekit.platforms import export_grades

    table = export_grades(
        form,
        results_folder,
        roster=roster,
        template=template,
        column=column,
        only=only,
        scale=scale,
    )
    if into is None:
        click.echo(table.data, nl=False)
    else:
        replace_file(into, table.data)
    _list_on_stderr("no grade", table.without_grade)


def _list_on_stderr(heading: str, sentences: Sequence[str]) -> None:
    """Print a heading with the number of sentences, and the sentences below it."""
    from gradekit.core.escape import printable

    if sentences:
        click.echo(f"{heading}, {len(sentences)}:", err=True)
    for sentence in sentences:
        click.echo(f"  {printable(sentence)}", err=True)
