"""The command `items`, which analyses the questions after grading; `group` adds it."""

# ruff: noqa: PLC0415 - imports within functions are what keeps the help fast

from __future__ import annotations

import json
from pathlib import Path

import click

from gradekit.cli.options import FOLDER


@click.command()
@click.argument("results", type=FOLDER, default=Path("results"))
@click.option("--json", "as_json", is_flag=True, help="Print the analysis as JSON.")
def items(*, results: Path, as_json: bool) -> None:
    """Say how hard each question was, and whom it told apart.

    RESULTS is the folder that `gradekit grade` wrote. For each question and check:
    difficulty, the share of its points that the class earned, and discrimination,
    the correlation of its points with all other points of a student; each with
    its 95 % interval. Checks that behave oddly are named with a sentence: those
    that fail the best students, that the weaker ones pass more often, or that
    everybody passes or fails.

    \b
      $ gradekit items
                            points  difficulty           discrimination
      conv1d                     6   0.71  0.60 to 0.81   0.55  0.31 to 0.72
        flips the kernel         2   0.64  0.51 to 0.76  -0.31  -0.5 to -0.1
      ...
      review:
      conv1d, flips the kernel: fails 4 of the best 6 and 3 of the other 17: ...
    """  # noqa: D301 - the backspace again
    from gradekit.cli import item_lines
    from gradekit.core.errors import SubmissionError
    from gradekit.platforms import grades
    from gradekit.quality import items as analysis

    reports = [grade.report for grade in grades.load_grades(results) if grade.report is not None]
    found = analysis.analysed(reports)
    if not found:
        raise SubmissionError(f"{results}: no submission has a score yet. Run `gradekit grade`.")
    if as_json:
        click.echo(json.dumps([item.to_json() for item in found], indent=1))
        return
    for line in item_lines.table(found, analysis.FEW):
        click.echo(line)
    click.echo("review:")
    for line in item_lines.review(found):
        click.echo(line)
