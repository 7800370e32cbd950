"""Where this user may not write, a sentence says where and what to allow."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fakes import FakeSandbox, manifest

from gradekit.cli import main

# Root may write everywhere; without these two it has to obey the modes like anybody else.
OBEYING = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder with a bundle and a graded class, beside a folder that is read-only."""
    monkeypatch.chdir(tmp_path)
    cell = {"id": "a", "cell_type": "code", "source": "right"}
    for name, text in {
        "autograder/tests/conv1d.py": "",
        "autograder/manifest.json": json.dumps(manifest()),
        "submissions/alice.ipynb": json.dumps({"cells": [cell], "nbformat": 4}),
    }.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
    assert main(["grade"], choose=FakeSandbox().choose) == 0
    (tmp_path / "read-only").mkdir(mode=0o555)
    return tmp_path


def gradekit(*arguments: str) -> tuple[int, str]:
    """Return the exit code and what was said on standard error."""
    command = [sys.executable, "-m", "gradekit", *arguments]
    done = subprocess.run(
        [*(OBEYING if os.geteuid() == 0 else ()), *command],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("command", "place"),
    [
        ("grade --results read-only/results", "read-only/results"),
        ("grade --results read-only", "read-only"),
        ("written --no-browser --results read-only", "read-only"),
        ("regrade --dry-run --results read-only", "read-only"),
        ("written --export read-only/marks.csv", "read-only/marks.csv"),
        ("new read-only/demo", "read-only/demo"),
        ("export csv --into read-only/class.csv", "read-only/class.csv"),
    ],
)
def test_a_read_only_folder_is_named(command: str, place: str, room: Path) -> None:
    """The results folder, the journal in it, and a file to write; exit code 5, no traceback."""
    code, said = gradekit(*command.split())
    assert code == 5
    assert f"{place}: could not be written (Permission denied). Allow this user to" in said
    assert "gradekit failed" not in said


def test_a_results_folder_that_became_read_only_is_named(room: Path) -> None:
    """The pages, the reports and the journal of a class that somebody else graded."""
    for path in (room / "results", *(room / "results").rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = {path: path.read_bytes() for path in Path("results").rglob("*") if path.is_file()}
    code, said = gradekit("report")
    assert (code, "could not be written (Permission denied). Allow" in said) == (5, True)
    code, said = gradekit("grade", "--sandbox", "none")
    assert (code, "could not be written (Permission denied). Allow" in said) == (5, True)
    assert {path: path.read_bytes() for path in before} == before


def test_a_journal_that_is_read_only_is_named(room: Path) -> None:
    """SQLite tells so only in words."""
    (room / "results/journal.sqlite3").chmod(0o444)
    code, said = gradekit("grade", "--sandbox", "none")
    assert code == 5
    assert "results/journal.sqlite3: could not be written" in said
    assert "Allow this user to write there, or name another folder with --results" in said
