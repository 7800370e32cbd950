"""The command that makes the pages of a graded class again.

`group` hangs it into the program; `gradekit grade` ends with the same pages.
"""

# ruff: noqa: PLC0415 - imports within functions are what keeps the help fast

from __future__ import annotations

from pathlib import Path

import click

from gradekit.cli.options import FOLDER


@click.command()
@click.argument("results", type=FOLDER, default=Path("results"))
@click.option(
    "--title", default="", metavar="TEXT", help="What the pages are about.  [default: the bundle's]"
)
@click.option(
    "--bundle",
    "bundle_folder",
    type=FOLDER,
    default=Path("autograder"),
    show_default=True,
    help="Whose name the pages bear, if it is there.",
)
def report(*, results: Path, title: str, bundle_folder: Path) -> None:
    """Make the pages for students and staff again, without grading.

    RESULTS is the folder that `gradekit grade` wrote (default: results), which
    ends with these pages anyway. Each is one file that needs no network and
    nothing beside it.

    \b
      $ gradekit report
      feedback: 120 pages in results/feedback
      the class: results/report/index.html

    feedback/<submission>.html is for that student. report/index.html is for
    staff: it has names, what hidden checks ask, and what they found.
    """  # noqa: D301 - click reads a true backspace as "keep these line ends"
    from gradekit.core.bundle import Bundle
    from gradekit.core.errors import AuthorError
    from gradekit.grading import Results
    from gradekit.pages import publish_pages

    reports = Results(results).reports()
    if not title:
        try:
            title = Bundle.load(bundle_folder).assignment
        except AuthorError:  # results may be looked at where there is no bundle
            title = results.resolve().name
    page = publish_pages(results, reports, title)
    count = f"{len(reports)} page{'s' if len(reports) != 1 else ''}"
    click.echo(f"feedback: {count} in {results / 'feedback'}")
    click.echo(f"the class: {page}")
