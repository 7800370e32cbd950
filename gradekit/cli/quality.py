"""The commands that say how good the checks are: `calibrate`, and `items` after grading.

`group` hangs them into the program. They print as it does: results to standard output, the
rest to standard error.
"""

# ruff: noqa: PLC0415 - imports within functions are what keeps the help fast

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gradekit.cli.options import FOLDER, JOBS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gradekit.quality.calibration import Recipe, Run, Runs


@click.command()
@click.argument("assignment", type=FOLDER, default=Path("assignment"))
@click.option("--seeds", type=click.IntRange(20), default=100, show_default=True)
@click.option("--weak-seeds", type=click.IntRange(5), default=20, show_default=True)
@click.option(
    "--runs",
    "runs_folder",
    type=FOLDER,
    default=Path("build/calibration"),
    show_default=True,
    help="Where each run is kept as soon as it is done.",
)
@JOBS
@click.option(
    "--plot",
    type=FOLDER,
    help="The picture.  [default: ASSIGNMENT/calibration.png]",
)
@click.option("--no-plot", is_flag=True, help="Draw no picture.")
@click.option("--check", type=click.IntRange(1), metavar="N", help="Try N fresh seeds instead.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def calibrate(
    *,
    assignment: Path,
    seeds: int,
    weak_seeds: int,
    runs_folder: Path,
    jobs: int | None,
    plot: Path | None,
    no_plot: bool,
    check: int | None,
    as_json: bool,
) -> None:
    """Measure the accuracy bars and tolerances of an assignment.

    ASSIGNMENT/calibration.py says how to train the reference and weak answers
    from a seed. Each bar is set so that a right answer misses it at most once
    in 10,000 times, by a model of the lower tail; the intervals say how well
    that is known. Bars go to ASSIGNMENT/thresholds.json, which the checks read.
    The same command goes on where it was stopped.

    \b
      $ gradekit calibrate
      $ gradekit calibrate --check 25      fresh seeds against the bars

    With --check nothing is written, and the exit code is 3 if more fresh seeds
    miss a bar than its promise allows.
    """  # noqa: D301 - click reads a true backspace as "keep these line ends"
    from gradekit.cli import calibration_lines as lines
    from gradekit.quality.calibration import Runs
    from gradekit.quality.calibration import calibrate as calibration
    from gradekit.quality.calibration import recipe as recipes

    recipe = recipes.load(assignment)
    runs = Runs(runs_folder, recipe.setup)
    if check is not None:
        _check(recipe, runs, check, jobs, as_json)
        return
    right, weak = range(seeds), range(weak_seeds)
    _make(recipe, runs, calibration.plan(recipe, right, weak), jobs)
    section = calibration.calibrated(recipe, runs, right, weak)
    rounding = calibration.tolerances(recipe, runs, right)
    calibration.write(recipe, section, rounding)
    recipe.publish()
    if as_json:
        click.echo(json.dumps({recipe.section: section, "rounding": rounding}, indent=1))
    else:
        for line in (*lines.bars(recipe, section), *lines.tolerances(rounding)):
            click.echo(line)
    click.echo(f"bars: {recipe.thresholds}", err=True)
    if not no_plot:
        from gradekit.quality.calibration import draw_calibration

        picture = plot or recipe.folder / "calibration.png"
        draw_calibration(picture, recipe, runs, section, seeds=right, weak_seeds=weak)
        click.echo(f"picture: {picture}", err=True)


def _check(recipe: Recipe, runs: Runs, count: int, jobs: int | None, as_json: bool) -> None:
    """Try fresh seeds against the bars that stand in thresholds.json."""
    from gradekit.cli import calibration_lines as lines
    from gradekit.core.errors import AuthorError
    from gradekit.quality.calibration import calibrate as calibration

    seeds = range(calibration.FRESH, calibration.FRESH + count)
    _make(recipe, runs, calibration.plan(recipe, seeds, ())[: count * len(recipe.right)], jobs)
    rows = calibration.checked(recipe, runs, seeds)
    click.echo(json.dumps(rows, indent=1) if as_json else "\n".join(lines.fresh(rows)))
    broken = [f"{row['bar']} {row['set']}" for row in rows if row["chance"] < 0.01]
    if broken:
        raise AuthorError(
            f"More fresh seeds miss these bars than one in 10,000: {', '.join(broken)}. "
            "Calibrate with more --seeds, or make the training less noisy."
        )


def _make(recipe: Recipe, runs: Runs, wanted: Sequence[Run], jobs: int | None) -> None:
    """Make what is missing, with a bar for whoever waits."""
    from rich.console import Console

    from gradekit.cli.progress import Bar
    from gradekit.quality.calibration import calibrate as calibration
    from gradekit.sandbox import cores

    missing = runs.missing(wanted)
    if missing:
        click.echo(f"{len(missing)} of {len(wanted)} runs to make, kept in {runs.path}", err=True)
    with Bar(Console(stderr=True), len(missing)) as bar:
        for run in runs.keep(calibration.measured(recipe, missing, jobs or cores())):
            bar.advance(f"{run.bar}, {run.baseline or 'right'}, seed {run.seed}")
