"""The command `calibrate`, and a calibration as lines for people; `group` adds it."""

# ruff: noqa: PLC0415 - imports within functions are what keeps the help fast

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gradekit.cli.options import FOLDER, JOBS

if TYPE_CHECKING:
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
        for line in (*_bars_lines(recipe, section), *_tolerances_lines(rounding)):
            click.echo(line)
    click.echo(f"bars: {recipe.thresholds}", err=True)
    if not no_plot:
        from gradekit.quality.calibration import draw_calibration

        picture = plot or recipe.folder / "calibration.png"
        draw_calibration(picture, recipe, runs, section, seeds=right, weak_seeds=weak)
        click.echo(f"picture: {picture}", err=True)


def _check(recipe: Recipe, runs: Runs, count: int, jobs: int | None, as_json: bool) -> None:
    """Try fresh seeds against the bars that stand in thresholds.json."""
    from gradekit.core.errors import AuthorError
    from gradekit.quality.calibration import calibrate as calibration

    seeds = range(calibration.FRESH, calibration.FRESH + count)
    _make(recipe, runs, calibration.plan(recipe, seeds, ())[: count * len(recipe.right)], jobs)
    rows = calibration.checked(recipe, runs, seeds)
    click.echo(json.dumps(rows, indent=1) if as_json else "\n".join(_fresh_lines(rows)))
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


def _bars_lines(recipe: Recipe, section: Mapping[str, Any]) -> Iterator[str]:
    """Yield a table of bars, then what each of them catches; at most 80 columns."""
    yield "                                                a right answer fails"
    yield "bar                  seeds   mean  worst   bar  estimate  95 % interval"
    for bar in recipe.right:
        for part, entry in section[bar].items():
            name, fails = _cautious(entry)
            low, high = fails["interval"]
            yield (
                f"{f'{bar} {part}':20.20} {entry['seeds']:5} {entry['mean']:6.3f} "
                f"{entry['min']:6.3f}  {entry['bar']:.2f}   {fails['estimate']:.0e}  "
                f"{low:.0e} to {high:.0e}"
            )
            yield from _doubts(entry, name)
    for bar in recipe.weak:
        parts = section[bar]
        yield ""
        yield f"{f'caught by {bar}':28.28}" + "".join(f"{part:>12.12}" for part in parts)
        for name in recipe.weak[bar]:
            found = [entry["power"][name] for entry in parts.values()]
            cells = [f"{power['below']} of {power['of']}" for power in found]
            yield f"  {name:26.26}" + "".join(f"{cell:>12}" for cell in cells)


def _cautious(entry: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return the model by which a right answer fails more often, and what it says."""
    found: tuple[str, Mapping[str, Any]] = max(
        entry["false_fail"].items(), key=lambda item: item[1]["estimate"]
    )
    return found


def _doubts(entry: Mapping[str, Any], model: str) -> Iterator[str]:
    """Say where the models do not fit what was seen."""
    chance = entry["false_fail"][model]["chance_of_the_worst_seed"]
    if chance < 0.05:
        yield f"  the worst seed is a surprise ({chance:g}) to the {model} model: more seeds"
    if entry["pareto_shape"]["interval"][0] > 0:
        shape = entry["pareto_shape"]["estimate"]
        yield f"  the tail is heavier than exponential (shape {shape:g}): a lower bar, or"
        yield "  training that is less noisy"


def _tolerances_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """Yield a table of tolerances."""
    if found:
        yield ""
        yield "comparison                  tolerance  largest error between right answers"
    for name, entry in found.items():
        kind, largest = max(entry["largest"].items(), key=lambda item: item[1])
        yield f"{name:26.26}  {entry['tolerance']:9.0e}  {largest:.1e} ({kind})"


def _fresh_lines(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a table of fresh seeds against the bars."""
    yield "bar                  bar   seeds  worst  below  share's 95 % interval"
    for row in rows:
        yield (
            f"{row['bar'] + ' ' + row['set']:20.20} {row['at']:.2f}  {row['of']:5}  "
            f"{row['min']:.3f}  {row['below']:5}  {row['low']:.4f} to {row['high']:.4f}"
        )
