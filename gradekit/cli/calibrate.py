"""The command `calibrate` and its output."""

# ruff: noqa: PLC0415 - imports within functions are what keeps the help fast

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gradekit.cli.options import FOLDER, JOBS

if TYPE_CHECKING:
    from gradekit.quality.calibration import Experiment, Run, RunLog

BROKEN = 0.01  # chance of as many failures, below which a threshold does not keep its promise
SURPRISING = 0.05  # chance of the worst seed, below which a model does not describe the tail


@click.command()
@click.argument("assignment", type=FOLDER, default=Path("assignment"))
@click.option(
    "--seeds",
    type=click.IntRange(20),
    default=100,
    show_default=True,
    help="How many times the reference is trained.",
)
@click.option(
    "--weak-seeds",
    type=click.IntRange(5),
    default=20,
    show_default=True,
    help="How many times each weak answer is trained.",
)
@click.option(
    "--runs",
    "runs_folder",
    type=FOLDER,
    default=Path("build/calibration"),
    show_default=True,
    help="Where each run is written as soon as it has ended.",
)
@JOBS
@click.option(
    "--plot",
    type=FOLDER,
    help="File for the picture.  [default: ASSIGNMENT/calibration.png]",
)
@click.option("--no-plot", is_flag=True, help="Draw no picture.")
@click.option(
    "--check",
    type=click.IntRange(1),
    metavar="N",
    help="Test the thresholds in thresholds.json on N fresh seeds.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
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
    """Measure the accuracy thresholds and tolerances of an assignment.

    ASSIGNMENT/calibration.py says how to train the reference and weak answers
    from a seed. Each threshold is set so that a right answer misses it at most
    once in 10,000 times, by a model of the lower tail; the intervals say how
    precisely that is known. Thresholds are written to
    ASSIGNMENT/thresholds.json, which the checks read. The same command
    continues where it was stopped.

    \b
      $ gradekit calibrate
      $ gradekit calibrate --check 25      test the thresholds on fresh seeds

    With --check nothing is written, and the exit code is 3 if more fresh seeds
    miss a threshold than it promises.
    """
    from gradekit.quality.calibration import RunLog, draw_calibration, load_experiment
    from gradekit.quality.calibration import thresholds as calibration

    experiment = load_experiment(assignment)
    log = RunLog(runs_folder, experiment.setup)
    if check is not None:
        _check(experiment, log, check, jobs, as_json)
        return
    right, weak = range(seeds), range(weak_seeds)
    _run_missing(experiment, log, calibration.plan(experiment, right, weak), jobs)
    section = calibration.thresholds_section(experiment, log, right, weak)
    rounding = calibration.tolerances(experiment, log, right)
    calibration.write(experiment, section, rounding)
    experiment.publish()
    if as_json:
        click.echo(json.dumps({experiment.section: section, "rounding": rounding}, indent=1))
    else:
        for line in (*_threshold_lines(experiment, section), *_tolerance_lines(rounding)):
            click.echo(line)
    click.echo(f"thresholds: {experiment.thresholds}", err=True)
    if not no_plot:
        picture = plot or experiment.folder / "calibration.png"
        draw_calibration(picture, experiment, log, section, seeds=right, weak_seeds=weak)
        click.echo(f"picture: {picture}", err=True)


def _check(
    experiment: Experiment, log: RunLog, count: int, jobs: int | None, as_json: bool
) -> None:
    """Test the thresholds in thresholds.json on fresh seeds."""
    from gradekit.core.errors import AuthorError
    from gradekit.quality.calibration import thresholds as calibration

    seeds = range(calibration.FRESH, calibration.FRESH + count)
    # Right answers come first in a plan; tolerances and weak answers are not tested here.
    runs = calibration.plan(experiment, seeds, ())[: count * len(experiment.right)]
    _run_missing(experiment, log, runs, jobs)
    rows = calibration.check_fresh(experiment, log, seeds)
    click.echo(json.dumps(rows, indent=1) if as_json else "\n".join(_fresh_lines(rows)))
    broken = [f"{row['bar']} {row['set']}" for row in rows if row["chance"] < BROKEN]
    if broken:
        raise AuthorError(
            f"More fresh seeds miss these thresholds than one in 10,000: {', '.join(broken)}. "
            "Calibrate with more --seeds, or make the training less noisy."
        )


def _run_missing(
    experiment: Experiment, log: RunLog, runs: Sequence[Run], jobs: int | None
) -> None:
    """Make the runs that are not in the log, with a progress bar."""
    from rich.console import Console

    from gradekit.cli.progress import Bar
    from gradekit.quality.calibration import thresholds as calibration
    from gradekit.sandbox import cores

    missing = log.missing(runs)
    if missing:
        click.echo(f"{len(missing)} of {len(runs)} runs to make, logged in {log.path}", err=True)
    with Bar(Console(stderr=True), len(missing)) as bar:
        for run in log.record(calibration.measure_all(experiment, missing, jobs or cores())):
            bar.advance(f"{run.reference}, {run.baseline or 'right'}, seed {run.seed}")


def _threshold_lines(experiment: Experiment, section: Mapping[str, Any]) -> Iterator[str]:
    """Yield a table of thresholds, then what each of them catches; at most 80 columns."""
    yield "                                                  a right answer fails"
    yield "threshold            seeds   mean  worst     at  estimate  95 % interval"
    for reference in experiment.right:
        for data_set, entry in section[reference].items():
            model, chance = _more_cautious_model(entry)
            low, high = chance["interval"]
            yield (
                f"{f'{reference} {data_set}':20.20} {entry['seeds']:5} {entry['mean']:6.3f} "
                f"{entry['min']:6.3f}   {entry['bar']:.2f}   {chance['estimate']:.0e}  "
                f"{low:.0e} to {high:.0e}"
            )
            yield from _doubts(entry, model)
    for reference in experiment.weak:
        entries = section[reference]
        yield ""
        yield f"{f'caught by {reference}':28.28}" + "".join(f"{name:>12.12}" for name in entries)
        for baseline in experiment.weak[reference]:
            powers = [entry["power"][baseline] for entry in entries.values()]
            cells = [f"{power['below']} of {power['of']}" for power in powers]
            yield f"  {baseline:26.26}" + "".join(f"{cell:>12}" for cell in cells)


def _more_cautious_model(entry: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return the model by which a right answer fails more often, and its numbers."""
    models: Mapping[str, Mapping[str, Any]] = entry["false_fail"]
    return max(models.items(), key=lambda item: item[1]["estimate"])


def _doubts(entry: Mapping[str, Any], model: str) -> Iterator[str]:
    """Yield a sentence if a model does not fit the seeds."""
    chance = entry["false_fail"][model]["chance_of_the_worst_seed"]
    if chance < SURPRISING:
        yield f"  the worst seed is a surprise ({chance:g}) to the {model} model: use more seeds"
    if entry["pareto_shape"]["interval"][0] > 0:
        shape = entry["pareto_shape"]["estimate"]
        yield f"  the tail is heavier than exponential (shape {shape:g}): use a lower threshold,"
        yield "  or training that is less noisy"


def _tolerance_lines(rounding: Mapping[str, Any]) -> Iterator[str]:
    """Yield a table of tolerances."""
    if rounding:
        yield ""
        yield "comparison                  tolerance  largest error between right answers"
    for name, entry in rounding.items():
        cause, largest = max(entry["largest"].items(), key=lambda item: item[1])
        yield f"{name:26.26}  {entry['tolerance']:9.0e}  {largest:.1e} ({cause})"


def _fresh_lines(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield a table of fresh seeds against the thresholds."""
    yield "threshold             at   seeds  worst  below  share's 95 % interval"
    for row in rows:
        yield (
            f"{row['bar'] + ' ' + row['set']:20.20} {row['at']:.2f}  {row['of']:5}  "
            f"{row['min']:.3f}  {row['below']:5}  {row['low']:.4f} to {row['high']:.4f}"
        )
