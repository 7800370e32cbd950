"""The commands that bring a class from a learning platform and its grades back.

`group` hangs them into the program. They print as it does: results to standard output,
whom something holds for to standard error.
"""

# ruff: noqa: PLC0415 - imports within functions are what keeps the help fast

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from gradekit.cli.options import FOLDER, RESULTS


@click.command()
@click.argument("archive", type=FOLDER)
@click.option("--into", type=FOLDER, required=True, help="Folder for one notebook each.")
@click.option(
    "--from",
    "platform",
    type=click.Choice(["auto", "canvas", "moodle", "gradescope", "nbgrader", "plain"]),
    default="auto",
    show_default=True,
    help="Whose download it is.",
)
@click.option("--assignment", default="", metavar="NAME", help="Which one of an nbgrader course.")
def collect(*, archive: Path, into: Path, platform: str, assignment: str) -> None:
    """Turn the download of a class into a folder to grade.

    ARCHIVE is the zip of all submissions from Canvas, Moodle or Gradescope, a
    course of nbgrader, or a zip or folder with a file or folder for each
    student. Nothing is unpacked through a link or outside the folder.

    \b
      $ gradekit collect submissions.zip --into submissions
      canvas: 120 submissions, 3 late
      $ gradekit grade submissions

    Of several notebooks the last upload counts, or the highest numbered copy
    (hw-2.ipynb beside hw.ipynb); otherwise grading asks which one. roster.csv
    in the folder keeps names, ids, who was late and what does not count. The
    same command again replaces the folder, unless something else lies in it.
    """  # noqa: D301 - the backspace again
    from gradekit.platforms import collect_download as collect_class

    collected = collect_class(archive, into, platform=platform, assignment=assignment)
    _mention_all("could not be taken as it is", collected.left)
    click.echo(collected.summary())


@click.command()
@click.argument("form", type=click.Choice(["canvas", "moodle", "gradescope", "csv"]))
@RESULTS
@click.option("--roster", type=FOLDER, help="roster.csv, as `gradekit collect` wrote it.")
@click.option("--template", type=FOLDER, help="The table that the platform let you download.")
@click.option("--column", default="", metavar="TITLE", help="The assignment in Canvas.")
@click.option("--only", default="", metavar="ID", help="The submission for Gradescope.")
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
    """Write the grades in the form that a learning platform takes back.

    canvas fills one assignment's column of the exported gradebook, moodle the
    grading worksheet; gradescope is results.json of one submission; csv is for
    people. Whoever has no points stays empty, and is named on standard error.

    \b
      $ gradekit export moodle --roster submissions/roster.csv
            --template Grades-Exercise_9.csv --into upload.csv
      no mark, 1:
        4711 Chen Wei: the file is empty. Download it again from Jupyter ...
    """  # noqa: D301 - the backspace again
    from gradekit.platforms import export_grades, write_export

    done = export_grades(
        form,
        results_folder,
        roster=roster,
        template=template,
        column=column,
        only=only,
        scale=scale,
    )
    if into is None:
        click.echo(done.data, nl=False)
    else:
        write_export(into, done.data)
    _mention_all("no mark", done.left)


def _mention_all(what: str, texts: Sequence[str]) -> None:
    """List on standard error whom or what something holds for."""
    from gradekit.core.escape import printable

    if texts:
        click.echo(f"{what}, {len(texts)}:", err=True)
    for text in texts:
        click.echo(f"  {printable(text)}", err=True)
