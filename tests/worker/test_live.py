"""A kernel may be killed by somebody who is not the student: once, that costs no points."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from pathlib import Path

import pytest

from gradekit.core.job import Job, Limits
from gradekit.core.marks import Outcome, Verdict
from gradekit.sandbox.local import LocalSandbox

# Says which process it is, and waits to be killed as often as it is asked to.
CELL = """
import os, pathlib, time
folder = pathlib.Path({folder!r})
number = len(list(folder.iterdir()))
(folder / f"{{number}}-{{os.getpid()}}").touch()
if number < {kills}:
    time.sleep(30)
seen = f"run number {{number + 1}}"
"""


def graded_under_kills(bundle: Path, folder: Path, kills: int) -> Outcome:
    """Grade a notebook whose kernel is killed from outside, the first few times."""
    over = threading.Event()

    def kill() -> None:
        killed: set[Path] = set()
        while len(killed) < kills and not over.wait(0.05):
            for path in set(folder.iterdir()) - killed:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(path.name.partition("-")[2]), signal.SIGKILL)
                killed.add(path)

    thread = threading.Thread(target=kill, daemon=True)
    thread.start()
    source = CELL.format(folder=str(folder), kills=kills)
    cell = {"id": "look", "cell_type": "code", "source": source}
    job = Job.of([cell], seed="5eed", limits=Limits(cell_seconds=25, total_seconds=120))
    try:
        return LocalSandbox(bundle, "none").grade(job)
    finally:
        over.set()
        thread.join()


@pytest.mark.slow
def test_a_kernel_that_somebody_else_kills_costs_nothing(
    secret_bundle: Path, tmp_path: Path
) -> None:
    """The cell runs once more, in another kernel, and the report does not say a word."""
    outcome = graded_under_kills(secret_bundle, tmp_path, kills=1)
    [mark] = outcome.questions[0].checks
    assert (mark.message, outcome.notes, outcome.incidents) == ("Run number 2.", (), ())


@pytest.mark.slow
def test_a_cell_that_is_killed_twice_counts_as_its_own_fault(
    secret_bundle: Path, tmp_path: Path
) -> None:
    """Code that kills itself cannot be told from an operator who does it again and again."""
    outcome = graded_under_kills(secret_bundle, tmp_path, kills=2)
    assert outcome.questions[0].checks[0].verdict is not Verdict.PASSED
    assert outcome.notes == ("cell 1 ended the kernel (it exited).",)
    assert [incident.how for incident in outcome.incidents] == ["died"]
