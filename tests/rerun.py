"""A small class, the command that grades it, and whether two runs came to the same bytes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from masters.built import averages


def make_class(folder: Path, size: int) -> Path:
    """Hand in blank and solved notebooks on averages in turn, no two alike, beside the bundle."""
    built = averages()
    shutil.copytree(built.autograder, folder / "autograder")
    (folder / "class").mkdir()
    for number in range(size):
        source = (built.student if number % 2 else built.solutions) / built.notebook
        notebook = json.loads(source.read_text("utf-8"))
        notebook["cells"][-1]["source"] += f"\n{number}"
        (folder / "class" / f"s{number:02}.ipynb").write_text(json.dumps(notebook), "utf-8")
    return folder


def begin(place: Path, results: str, *how: str) -> subprocess.Popen[bytes]:
    """Start the command that grades the class, here or on a cluster."""
    return subprocess.Popen(
        [sys.executable, "-m", "gradekit", "grade", "class", "--sandbox", "bubblewrap",
         "--results", results, *(how or ("--jobs", "2"))],
        cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def grade(place: Path, results: str, *how: str) -> None:
    """Grade the class; assert that everybody was."""
    process = begin(place, results, *how)
    _, words = process.communicate(timeout=600)
    assert process.returncode == 0, words.decode()


def assert_same(place: Path, results: str) -> None:
    """Assert that a class came to what it came to undisturbed, byte for byte."""
    assert _files(place / results) == _files(place / "undisturbed")
    for name in _files(place / "undisturbed"):
        before, after = (place / folder / name for folder in ("undisturbed", results))
        assert _without_times(after) == _without_times(before)


def _files(results: Path) -> list[str]:
    return ["gradebook.csv", *sorted(path.name for path in results.glob("s*.json"))]


def _without_times(path: Path) -> object:
    if path.suffix != ".json":
        return path.read_bytes()
    return {**json.loads(path.read_text("utf-8")), "seconds": None, "timings": None}
