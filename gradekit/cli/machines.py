"""The commands about machines: what this one can do, its image, and grading on many.

Dask is an extra that most never need, so it is imported only by who asks for it.
"""

# ruff: noqa: PLC0415 - Dask takes a second to load

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gradekit.cli.options import BUNDLE, STAFF, say
from gradekit.core.errors import GraderError

if TYPE_CHECKING:
    from gradekit.sandbox import Sandbox
    from gradekit.sandbox.dask import Cluster
    from gradekit.sandbox.doctor import Diagnosis

HOST = "127.0.0.1"
NOT_INSTALLED = 'Dask is not installed. Install it with: pip install "gradekit[dask]"'
DASK = click.option(
    "--dask",
    "address",
    metavar="ADDRESS",
    help="Grade on the workers of this Dask scheduler, tcp://HOST:PORT. [default: here]",
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a class is graded: on a Dask cluster if it has an address, else on this machine."""

    address: str | None
    sandbox: str
    bundle: Path
    folder: Path

    @contextlib.contextmanager
    def open(self, local_sandbox: Callable[[], Sandbox]) -> Iterator[tuple[Sandbox, int]]:
        """Yield what grades, and how many at a time; `here` makes this machine's sandbox.

        Raises
        ------
        GraderError
            As `cluster.Cluster` and `here` do, and if Dask is not installed.
        """
        if self.address is None:
            from gradekit.sandbox import cores

            yield local_sandbox(), cores()
            return
        if self.sandbox == "none":
            raise click.UsageError(
                "--dask needs a sandbox: without, students' code could speak with the scheduler."
            )
        with _cluster(self.address, self.sandbox, self.bundle, self.folder) as cluster:
            click.echo(
                f"dask: {_workers(len(cluster.workers))}, {cluster.threads} at a time; each tried "
                f"the promises of its {cluster.name}, and they hold",
                err=True,
            )
            yield cluster, cluster.threads


def _workers(count: int) -> str:
    return "1 worker" if count == 1 else f"{count} workers"


def _cluster(address: str, sandbox: str, bundle: Path, folder: Path) -> Cluster:
    try:
        from gradekit.sandbox.dask import Cluster
    except ModuleNotFoundError:
        raise GraderError(NOT_INSTALLED) from None
    return Cluster(address, sandbox, bundle, folder)


@click.command()
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="How many Dask workers to start; each grades one submission at a time.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8786,
    show_default=True,
    help="Port of the scheduler on this machine; 0 takes a free one.",
)
def cluster(*, workers: int, port: int) -> None:
    """Start a small Dask cluster on this machine, to try it out.

    Its scheduler and workers listen on 127.0.0.1 only and end with Ctrl-C. Do not
    start it on a machine that others use: they can reach it and run code as you.

    \b
      $ gradekit cluster
      tcp://127.0.0.1:8786, 2 workers; in another terminal:
        gradekit grade SUBMISSIONS --dask tcp://127.0.0.1:8786
      Ctrl-C ends them.
    """
    try:
        from distributed import LocalCluster
    except ModuleNotFoundError:
        raise GraderError(NOT_INSTALLED) from None
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        started = LocalCluster(
            n_workers=workers,
            threads_per_worker=1,  # a submission has one core
            host=HOST,
            scheduler_port=port,
            dashboard_address=f"{HOST}:0",  # the usual port may be taken
            memory_limit=0,  # sandboxes have their own
        )
    except (OSError, RuntimeError) as error:
        raise GraderError(f"{HOST}:{port}: cannot be listened on ({error}). Give --port.") from None
    with started:
        address = started.scheduler_address
        click.echo(f"{address}, {_workers(workers)}; in another terminal:")
        click.echo(f"  gradekit grade SUBMISSIONS --dask {address}")
        click.echo("Ctrl-C ends them.")
        stop.wait()


@click.command()
@BUNDLE
def image(bundle_folder: Path) -> None:
    """Build the Docker image that grades, if anything has changed.

    `gradekit grade` does this by itself; here it can be done beforehand. The
    base image is python:3.11-slim, or the one named by BASE_IMAGE.
    """
    from gradekit.sandbox import cache_root, prepare_bundle
    from gradekit.sandbox import image as images
    from gradekit.sandbox.docker_engine import ask_engine

    answer = ask_engine()
    if answer.client is None:
        raise GraderError(f"Docker: {answer.reason}. Start it and run this again.")
    folder, base, cache = prepare_bundle(bundle_folder), images.base_image(), cache_root()
    click.echo(images.ensure_image(answer.client, folder, base=base, cache=cache, say=say))


@click.command()
@BUNDLE
def doctor(bundle_folder: Path) -> None:
    """Check whether this machine can grade, and what is enforced.

    Each line is something that was tried, not looked up; the promises of the
    sandbox are put to the same self-check that precedes every grading. Exit
    code 0 if `gradekit grade` would work here, 5 if not; then the lines say
    what to do.
    """
    from gradekit.sandbox.doctor import examine

    diagnosis = examine(bundle_folder if bundle_folder.is_dir() else None)
    click.echo(_diagnosis(diagnosis))
    if not diagnosis.can_grade:
        raise click.exceptions.Exit(STAFF)


def _diagnosis(diagnosis: Diagnosis) -> str:
    """Return the findings in columns, and what the sandbox holds."""
    lines = []
    for finding in diagnosis.findings:
        start = f"{finding.subject:<11} {'ok' if finding.ok else 'NO':<3} "
        lines.append(_wrapped(start, finding.says))
        if not finding.ok:
            lines.append(_wrapped(" " * len(start), finding.remedy))
    if diagnosis.sandbox is not None:
        lines += ["", f"Grading here takes {diagnosis.sandbox}. What it promises, tried out:"]
    for one in diagnosis.tried:
        lines.append(_wrapped(f"  {'ok' if one.holds else 'NO':<3} ", one.promise))
        if not one.holds:
            lines.append(_wrapped("      ", f"what got through: {one.through}"))
    lines += [_wrapped("  ", diagnosis.untried)] if diagnosis.untried else []
    if not diagnosis.can_grade:
        return "\n".join([*lines, "", "This machine cannot grade yet."])
    lines += ["It does not protect from:"]
    lines += [_wrapped("      ", text) for text in diagnosis.not_covered]
    return "\n".join(lines)


def _wrapped(start: str, text: str) -> str:
    return click.wrap_text(text, width=80, initial_indent=start, subsequent_indent=" " * len(start))
