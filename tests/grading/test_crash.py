"""Whatever is killed, and whenever: the same command again gives the same gradebook.

Here a few kills in a small class; thirty in a class of twenty, which takes minutes, with

    GRADEKIT_KILLS=30 GRADEKIT_CLASS=20 pytest -s tests/grading/test_crash.py -k killed_again
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import tempfile
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from rerun import assert_same, begin, grade, make_class

from gradekit.core.job import Job, Limits
from gradekit.core.marks import Outcome
from gradekit.sandbox.local import LocalSandbox
from gradekit.sandbox.prepare import prepare_bundle
from masters.built import averages

KILLS = int(os.environ.get("GRADEKIT_KILLS", "5"))
CLASS = int(os.environ.get("GRADEKIT_CLASS", "6"))

pytestmark = [pytest.mark.bubblewrap, pytest.mark.slow]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle, a class, half of it blank and half solved, no two alike, and what they get."""
    folder = make_class(tmp_path_factory.mktemp("place"), CLASS)
    grade(folder, "undisturbed", "--jobs", "1")
    return folder


def ours(process: subprocess.Popen[bytes]) -> dict[str, list[psutil.Process]]:
    """Return the command, its workers, and all that belongs to their kernels."""
    try:
        top = psutil.Process(process.pid)
        workers = [p for p in top.children() if "gradekit.worker" in p.cmdline()]
        kernels = [kernel for worker in workers for kernel in worker.children(recursive=True)]
    except psutil.Error:
        return {}
    found = {"command": [top], "worker": workers, "kernel": kernels}
    return {kind: processes for kind, processes in found.items() if processes}


def kill_one(process: subprocess.Popen[bytes], chance: random.Random) -> str:
    """Kill -9 one of our processes, each kind as likely as the others; return its kind."""
    kind = chance.choice(["command", "worker", "kernel"])
    deadline = time.monotonic() + chance.uniform(0.0, 3.0)
    while process.poll() is None:
        found = ours(process).get(kind)
        if found and time.monotonic() > deadline:
            with contextlib.suppress(psutil.NoSuchProcess):
                chance.choice(found).send_signal(signal.SIGKILL)
                return kind
        time.sleep(0.02)
    return ""


def test_killed_again_and_again_a_class_comes_to_the_same_end(place: Path) -> None:
    """Command, workers and kernels are killed at random moments; no mark changes, nothing stays."""
    chance = random.Random(9)
    kills: Counter[str] = Counter()
    classes = runs = 0
    while kills.total() < KILLS:
        classes += 1
        ended = None
        while ended != 0:
            runs += 1
            process = begin(place, f"disturbed-{classes}")
            while process.poll() is None and kills.total() < KILLS:
                if kind := kill_one(process, chance):
                    kills[kind] += 1
            process.communicate(timeout=600)
            ended = process.returncode
        assert_same(place, f"disturbed-{classes}")
    print(f"{dict(kills)} killed in {classes} classes of {CLASS}, {runs} runs: all the same bytes")
    deadline = time.monotonic() + 30
    while (left := workers()) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not left, "a worker outlived the command that started it"


SLOW = """
import subprocess
subprocess.run(["sleep", "7.5"])
def moving_average(x, width):
    subprocess.run(["sleep", "0.7"])
    return np.convolve(x, np.ones(width), "valid") / width
"""


def test_a_kernel_that_somebody_else_killed_costs_nothing(place: Path) -> None:
    """Killed once in a cell and once in a check, it is started anew, and no note tells of it."""
    data = json.loads((averages().solutions / averages().notebook).read_text("utf-8"))
    cells = [
        {"id": c["id"], "cell_type": c["cell_type"],
         "source": SLOW if c["id"] == "average" else "".join(c["source"])}
        for c in data["cells"]
    ]  # fmt: skip
    job = Job(notebook=json.dumps({"cells": cells}).encode(), seed="5eed", limits=Limits())
    sandbox = LocalSandbox(prepare_bundle(place / "autograder"), "bubblewrap")
    with ThreadPoolExecutor() as pool:
        graded = pool.submit(sandbox.grade, job)
        for where in ("7.5", "0.7"):
            kill_the_kernel_that_sleeps(where, graded)
        outcome = graded.result()
    assert [question.points for question in outcome.questions] == [6.0, 4.0]
    assert outcome.notes == ()


def kill_the_kernel_that_sleeps(seconds: str, graded: Future[Outcome]) -> None:
    """Wait for the kernel's `sleep` of so many seconds, then kill the kernel's whole sandbox."""
    while not graded.done():
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if process.cmdline() == ["sleep", seconds]:
                    first = [p for p in process.parents() if p.name() == "bwrap"][-1]
                    first.kill()
                    first.wait(10)
                    return
        time.sleep(0.02)


def workers() -> list[psutil.Process]:
    """Return the workers whose command is gone."""
    return [
        process
        for process in psutil.process_iter(["cmdline", "ppid"])
        if "gradekit.worker" in (process.info["cmdline"] or []) and process.info["ppid"] == 1
    ]


def test_what_a_killed_run_left_is_swept_away(place: Path) -> None:
    """The folders of its jobs go when the next run begins."""
    folder = Path(tempfile.gettempdir()) / "gradekit-job-4194999-left"
    folder.mkdir()
    (folder / "notebook.json").write_text("{}")
    grade(place, "undisturbed")
    assert not folder.exists()
