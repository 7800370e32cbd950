"""The commands that read a folder of results: `report` makes its pages, `items` its analysis."""

# ruff: noqa: PLC0415 - imports within functions are what keeps the help fast

from __future__ import annotations

import json
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gradekit.cli.options import BUNDLE, FOLDER, say

if TYPE_CHECKING:
    from gradekit.core.marks import Report
    from gradekit.pages import Estimate, Item

RESULTS = click.argument(
    "results_folder", metavar="[RESULTS]", type=FOLDER, default=Path("results")
)
NAMES = 28  # columns for the name of a check
WIDTH = 80


@click.command()
@RESULTS
@BUNDLE
@click.option(
    "--title",
    default="",
    metavar="TEXT",
    help="The assignment's name on the pages.  [default: from the bundle, if there is one]",
)
def report(*, results_folder: Path, bundle_folder: Path, title: str) -> None:
    """Make the pages for students and staff again.

    RESULTS is the folder that `gradekit grade` wrote (default: results).
    Nothing is graded; `gradekit grade` ends with the same pages. Each page is
    one file that needs no network and nothing beside it.

    \b
      $ gradekit report
      feedback: 120 pages in results/feedback
      the class: results/report/index.html

    feedback/<submission>.html is for that student. report/index.html is for
    staff: it has names, what hidden checks ask, and what they found.
    """
    from gradekit.core.bundle import Bundle
    from gradekit.core.errors import AuthorError
    from gradekit.grading import Results
    from gradekit.pages import publish_pages

    reports = Results(results_folder).reports()
    _mention_damaged(reports)
    if not title:
        try:
            title = Bundle.load(bundle_folder).assignment
        except AuthorError:  # results may be looked at where there is no bundle
            title = results_folder.resolve().name
    class_page = publish_pages(results_folder, reports, title)
    count = f"{len(reports)} page{'s' if len(reports) != 1 else ''}"
    click.echo(f"feedback: {count} in {results_folder / 'feedback'}")
    click.echo(f"the class: {class_page}")


@click.command()
@RESULTS
@click.option("--json", "as_json", is_flag=True, help="Print the analysis as JSON.")
def items(*, results_folder: Path, as_json: bool) -> None:
    """Print difficulty and discrimination of each check.

    RESULTS is the folder that `gradekit grade` wrote (default: results). For
    each question and check: difficulty, the share of its points that the class
    earned, and discrimination, the correlation of its points with all other
    points of a student; each with its 95 % interval. Checks that behave oddly
    are listed for review: those that fail the best students, that weaker
    students pass more often, or that everybody passes or fails.

    \b
      $ gradekit items
                            points  difficulty           discrimination
      conv1d                     6   0.71  0.60 to 0.81   0.55  0.31 to 0.72
        flips the kernel         2   0.64  0.51 to 0.76  -0.31  -0.5 to -0.1
      ...
      review:
      conv1d, flips the kernel: fails 4 of the best 6 and 3 of the other 17: ...
    """
    from gradekit.core.errors import SubmissionError
    from gradekit.grading import Results
    from gradekit.pages import FEW, analyse

    reports = Results(results_folder).reports()
    _mention_damaged(reports)
    analysis = analyse(reports)
    if not analysis:
        raise SubmissionError(
            f"{results_folder}: no submission has a score yet. Run `gradekit grade`."
        )
    if as_json:
        click.echo(json.dumps([item.to_json() for item in analysis], indent=1))
        return
    for line in _table(analysis, FEW):
        click.echo(line)
    click.echo("review:")
    for line in _review(analysis):
        click.echo(line)


def _mention_damaged(reports: Sequence[Report]) -> None:
    """Say of reports that cannot be read why: nobody drops out of the class unseen."""
    for report in reports:
        if not report.file:  # which every report has that gradekit wrote
            say(report.reason or "")


def _table(items: Sequence[Item], few: int) -> Iterator[str]:
    """Yield one line for each question and check, and how to read them."""
    from rich.cells import set_cell_size

    from gradekit.core.text import cut, number

    yield f"{'':{NAMES}} points  difficulty           discrimination"
    for item in items:
        name = item.question if item.check is None else f"  {item.check}"
        yield (
            f"{set_cell_size(cut(name, NAMES), NAMES)} {number(item.out_of):>6}  "
            f"{_estimate(item.difficulty)}  {_estimate(item.discrimination)}"
        ).rstrip()
    if items and items[0].count < few:
        yield f"{items[0].count} submissions are few: most of these intervals mean nothing yet."


def _review(items: Sequence[Item]) -> Iterator[str]:
    """Yield the oddities, of the oddest item first; easy checks come last, on one line."""
    checks = Counter(item.question for item in items if item.check is not None)
    odd = [
        item
        for item in items
        if item.review
        and not _is_easy(item)
        and (item.check is not None or checks[item.question] != 1)  # its only check says it
    ]
    for item in sorted(odd, key=lambda item: -len(item.review)):
        for sentence in item.review:
            yield from _wrap(f"{item.name}: {sentence}")
    easy = [item for item in items if _is_easy(item) and item.check is not None]
    if easy:
        names = ", ".join(f"{item.question} ({item.check})" for item in easy)
        yield from _wrap(f"passed by all, so they tell nobody apart: {names}")


def _wrap(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _is_easy(item: Item) -> bool:
    return item.difficulty.value == 1


def _estimate(estimate: Estimate | None) -> str:
    """Return a number with its interval, or a dash where there is none; always as wide."""
    if estimate is None:
        return f"{'-':>5}{'':14}"
    return f"{estimate.value:5.2f}  {f'{estimate.low:.2f} to {estimate.high:.2f}':<12}"
