"""A disk that fills up in the middle of a class: a clear stop, and nothing is lost."""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from rerun import make_class

from gradekit.cli import main
from gradekit.core.bundle import Bundle
from gradekit.core.job import Job, Promise
from gradekit.core.marks import Mark, Outcome, QuestionMark, Verdict
from gradekit.grading.journal import FILE

DISK = 4 << 20
CLASS = 30


class FakeSandbox:
    """Gives every submission no points and long messages, at once."""

    name, version, environment = "fake", "1", "1"

    def __init__(self, bundle: Path) -> None:
        questions = [one for one in Bundle.load(bundle).questions if not one.manual]
        self.outcome = Outcome(
            questions=tuple(
                QuestionMark(
                    name=question.name,
                    checks=tuple(
                        Mark(
                            name=check.name, hidden=check.hidden, verdict=Verdict.FAILED,
                            points=0.0, out_of=check.points, message="too long " * 50,
                        )
                        for check in question.checks
                    ),
                )
                for question in questions
            )
        )  # fmt: skip

    def grade(self, job: Job) -> Outcome:
        return self.outcome

    def check(self) -> tuple[Promise, ...]:
        return ()


def grade(place: Path, results: Path) -> int:
    where = ["--bundle", str(place / "autograder"), "--results", str(results)]
    return main(
        ["grade", str(place / "class"), *where, "--jobs", "2"],
        choose=lambda _, bundle: FakeSandbox(bundle),
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class and what it gets on a disk with room enough."""
    folder = make_class(tmp_path_factory.mktemp("place"), CLASS)
    assert grade(folder, folder / "undisturbed") == 0
    return folder


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("A FULL DISK IS NOT TESTED: only root may mount one")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("kilobytes", [0, 32, 100, 400])
def test_a_full_disk_stops_the_class_and_loses_nothing(
    place: Path, disk: Path, kilobytes: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Journal, report or gradebook meets it first; with room the same command completes."""
    ballast = disk / "ballast"
    ballast.write_bytes(b"x" * (DISK - (kilobytes << 10)))
    assert grade(place, disk) == 5
    error = capsys.readouterr().err
    assert "written" in error
    assert "Make room" in error
    ballast.unlink()
    with contextlib.closing(sqlite3.connect(disk / FILE)) as base:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    kept = len(list(disk.glob("s*.json")))
    assert grade(place, disk) == 0
    known = re.search(r"(\d+) of them graded earlier", capsys.readouterr().err)
    assert int(known[1] if known else 0) >= kept, "what had a report is not graded again"
    after, before = (folder / "gradebook.csv" for folder in (disk, place / "undisturbed"))
    assert after.read_bytes() == before.read_bytes()
