"""Whatever is killed, and whenever: the same command again gives the same gradebook."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from gradekit.build import build
from masters.edit import AVERAGES

GRADE = (
    sys.executable,
    "-m",
    "gradekit",
    "grade",
    "class",
    "--sandbox",
    "bubblewrap",
    "--jobs",
    "2",
)
KILLS = 6
CLASS = 6

pytestmark = [pytest.mark.bubblewrap, pytest.mark.slow]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a bundle and a class, half of it blank and half solved, no two alike."""
    folder = tmp_path_factory.mktemp("place")
    built = build(AVERAGES, folder)
    (folder / "class").mkdir()
    for number in range(CLASS):
        source = (built.student if number % 2 else built.solutions) / built.notebook
        notebook = json.loads(source.read_text("utf-8"))
        notebook["cells"][-1]["source"] += f"\n{number}"
        (folder / "class" / f"s{number}.ipynb").write_text(json.dumps(notebook), "utf-8")
    return folder


def grade(place: Path, results: str, wait: bool = True) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [*GRADE, "--results", results],
        cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    if wait:
        _, words = process.communicate(timeout=300)
        assert process.returncode == 0, words.decode()
    return process


def ours(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """Return the command and its workers; the kernels below them are the students' own."""
    try:
        top = psutil.Process(process.pid)
        below = top.children(recursive=True)
        return [top, *(p for p in below if "gradekit.worker" in p.cmdline())]
    except psutil.Error:
        return []


def test_killed_again_and_again_a_class_comes_to_the_same_end(place: Path) -> None:
    """Command and workers are killed at random moments; nothing is lost, nothing stays behind."""
    grade(place, "undisturbed")
    chance = random.Random(9)
    for _ in range(KILLS):
        process = grade(place, "disturbed", wait=False)
        time.sleep(chance.uniform(1.0, 6.0))
        for victim in chance.sample(found, 1) if (found := ours(process)) else []:
            victim.send_signal(signal.SIGKILL)
        if process.poll() is None and chance.random() < 0.5:
            process.kill()
        process.communicate(timeout=300)
    grade(place, "disturbed")
    for one in ("gradebook.csv", *(f"s{n}.json" for n in range(CLASS))):
        before, after = (place / name / one for name in ("undisturbed", "disturbed"))
        assert without_times(after) == without_times(before)
    deadline = time.monotonic() + 30
    while (left := workers()) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not left, "a worker outlived the command that started it"


def without_times(path: Path) -> object:
    if path.suffix != ".json":
        return path.read_bytes()
    return {**json.loads(path.read_text("utf-8")), "seconds": None, "timings": None}


def workers() -> list[psutil.Process]:
    """Return the workers whose command is gone."""
    return [
        process
        for process in psutil.process_iter(["cmdline", "ppid"])
        if "gradekit.worker" in (process.info["cmdline"] or []) and process.info["ppid"] == 1
    ]


def test_what_a_killed_run_left_is_swept_away(place: Path, tmp_path: Path) -> None:
    """The folders of its jobs go when the next run begins."""
    folder = Path(tempfile.gettempdir()) / "gradekit-job-4194999-left"
    folder.mkdir()
    (folder / "notebook.json").write_text("{}")
    grade(place, str(tmp_path / "results"))
    assert not folder.exists()
