"""A full disk, for whoever writes a file that people keep: the old file stays whole.

A limit on the size of files stands for the disk: what is written is cut off in the middle,
as on a disk that fills up, and no file beside it may grow either.
"""

from __future__ import annotations

import ast
import contextlib
import errno
import hashlib
import json
import os
import re
import resource
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fakes import FakeSandbox, manifest

import gradekit
from gradekit.author import pack_archives
from gradekit.cli import main
from gradekit.core.errors import GraderError
from gradekit.core.files import copy_tree
from gradekit.core.marks import Mark, QuestionMark, Report, Verdict
from gradekit.grading import Results
from gradekit.pages import publish_pages
from gradekit.quality.calibration import thresholds as calibration
from gradekit.sandbox import prepare_bundle
from masters.edit import AVERAGES

LIMIT = 1000  # bytes, of which half a file would be left
LARGE = 110_000  # bytes: more than a journal, which has to be opened first for some

Action = Callable[[], int]  # returns an exit code


def exit_code(write: Callable[[], object]) -> Action:
    """Return an action that ends as the command line does: 5 with a sentence."""

    def action() -> int:
        try:
            write()
        except GraderError as error:
            print(error)
            return 5
        return 0

    return action


def command(*arguments: str) -> Action:
    return lambda: main(list(arguments), choose=FakeSandbox().choose)


def report(text: str) -> Report:
    check = Mark(
        name="a", hidden=False, verdict=Verdict.FAILED, points=0.0, out_of=2.0, message=text
    )
    return Report(
        submission="alice", file="alice.ipynb", sha256="0" * 64, reason=None, out_of=2.0,
        questions=(QuestionMark(name="conv1d", checks=(check,)),),
    )  # fmt: skip


def hand_in(text: str) -> None:
    """Write a bundle with a written question, and an answer to it."""
    data: dict[str, Any] = manifest()
    data["questions"][1]["cells"] = ["findings"]
    data["cells"] = ["a", "findings"]
    cells = [
        {"id": "a", "cell_type": "code", "source": "right"},
        {"id": "findings", "cell_type": "markdown", "source": text},
    ]
    for name, content in {
        "autograder/tests/conv1d.py": "",
        "autograder/manifest.json": json.dumps(data),
        **{
            f"submissions/{name}.ipynb": json.dumps({"cells": cells, "nbformat": 4})
            for name in ("alice", "bo", "chen", "dana")
        },
    }.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(content, encoding="utf-8")


# What each writer writes, as a function of some text. Whatever it needs is made at once, and
# the action that is returned writes.


def a_report(text: str) -> Action:
    return exit_code(lambda: Results(Path("results"), ["alice"]).save(report(text)))


def a_gradebook(text: str) -> Action:
    results = Results(Path("results"), ["alice"])
    results.save(report("a"))
    return exit_code(lambda: results.save_class([report("a")], [text]))


def a_page_for_a_student(text: str) -> Action:
    return exit_code(lambda: publish_pages(Path("results"), [report(text)], "averages"))


def a_page_for_the_class(text: str) -> Action:
    return exit_code(lambda: publish_pages(Path("results"), [], text))


def an_export(text: str) -> Action:
    Results(Path("results"), ["alice"]).save_class([report("a")], [])
    people = f"submission,id,name\nalice,1,{text}\n"
    Path("roster.csv").write_text(people, encoding="utf-8")
    return command("export", "csv", "--roster", "roster.csv", "--into", "class.csv")


def marks_in_a_spreadsheet(text: str) -> Action:
    hand_in(text[:1] * 90_000)
    return command("written", "--export", "marks.csv")


def a_journal(text: str) -> Action:
    hand_in(text)
    return command("grade", "--seed", text[:1])


def a_collected_class(text: str) -> Action:
    notebook = {"nbformat": 4, "cells": [{"id": "a", "cell_type": "code", "source": text}]}
    with zipfile.ZipFile("class.zip", "w") as archive:
        archive.writestr("alice.ipynb", json.dumps(notebook))
    return command("collect", "class.zip", "--into", "submissions")


def archives(text: str) -> Action:
    folders = {name: Path("built") / name for name in ("student", "solutions", "autograder")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "a.txt").write_bytes(text.encode())
    for path in (folders["student"], folders["autograder"]):
        (path / "b.bin").write_bytes(b"".join(hash_of(text, n) for n in range(100)))
    built: Any = SimpleNamespace(**folders, master=SimpleNamespace(path=Path("averages.ipynb")))
    Path("dist").mkdir(exist_ok=True)
    return exit_code(lambda: pack_archives(built, Path("dist")))


def hash_of(text: str, number: int) -> bytes:
    """Return bytes that no archive makes smaller."""
    return hashlib.sha256(f"{text}{number}".encode()).digest()


def thresholds(text: str) -> Action:
    experiment: Any = SimpleNamespace(thresholds=Path("thresholds.json"), section="digits")
    return exit_code(lambda: calibration.write(experiment, {"text": text}, {}))


WRITERS: list[tuple[Callable[[str], Action], int]] = [
    (a_report, LIMIT),
    (a_gradebook, LIMIT),
    (a_page_for_a_student, LIMIT),
    (a_page_for_the_class, LIMIT),
    (an_export, LIMIT),
    (marks_in_a_spreadsheet, LARGE),
    (a_journal, LIMIT),
    (a_collected_class, LIMIT),
    (archives, LIMIT),
    (thresholds, LIMIT),
]


@contextlib.contextmanager
def full_disk(most: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes; Python ignores the signal that comes with it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def files(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder; SQLite's own draft and the lock are no files to keep."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not re.search(r"journal\.sqlite3(-wal|-shm|\.lock)?$", path.name)
    }


@pytest.mark.parametrize(
    ("writer", "most"), WRITERS, ids=[writer.__name__ for writer, _ in WRITERS]
)
def test_a_full_disk_leaves_the_old_files_and_says_so(
    writer: Callable[[str], Action],
    most: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit code 5, one sentence, nothing half-written; with room the same command completes."""
    monkeypatch.chdir(tmp_path)
    assert writer("old " * 500)() == 0
    action = writer("new " * 500)
    before = files(tmp_path)
    capsys.readouterr()
    with full_disk(most):
        code = action()
    out, err = capsys.readouterr()
    [sentence] = [line for line in (out + err).splitlines() if "could not be written" in line]
    assert code == 5
    assert "Make room there" in sentence
    assert "gradekit failed" not in out + err
    assert files(tmp_path) == before
    assert action() == 0
    assert files(tmp_path) != before or writer is a_journal


def test_a_journal_on_a_full_disk_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it had is still there: nobody is graded again."""
    monkeypatch.chdir(tmp_path)
    assert a_journal("old")() == 0
    with full_disk(LIMIT):
        assert command("grade", "--seed", "n")() == 5
    with contextlib.closing(sqlite3.connect("results/journal.sqlite3")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    capsys.readouterr()
    assert command("grade", "--seed", "o")() == 0
    assert "4 of them graded earlier" in capsys.readouterr().err


# Files that nobody keeps: in a temporary folder, or in a draft that is put in place as a
# whole. Whatever else is written goes through `core.files.replace_file`, or is the journal.
DRAFTS = {
    "author/build.py": "a draft of the three folders",
    "author/canary.py": "a copy of the master in a temporary folder",
    "author/otter.py": "the folders of Otter, which are temporary",
    "author/starter.py": "a draft of the new folder",
    "quality/audit/answer_grader.py": "a bundle in a temporary folder",
    "quality/redteam/decoy.py": "an assignment in a temporary folder",
    "sandbox/dask.py": "a bundle, sent to workers",
    "sandbox/docker.py": "the folder of a job",
    "sandbox/local.py": "the folder of a job",
    "sandbox/wheels.py": "what pip is given, in a temporary folder",
    "worker/kernel/control_group.py": "files of the system",
    "worker/kernel/agent.py": "a file of the system",
    "worker/kernel/fork_server.py": "a file of the system",
    "worker/escape_attempts.py": "attempts to fill the disk",
}


def test_what_people_keep_is_written_in_one_way() -> None:
    """A new writer uses `replace_file`, or says here why it need not."""
    package = Path(gradekit.__file__).parent
    writers = set()
    for path in package.rglob("*.py"):
        name = path.relative_to(package).as_posix()
        if name.startswith(("author/new/", "quality/redteam/attacks/")):
            continue  # data, not the program
        called = {
            node.func.attr
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        if called & {"write_text", "write_bytes"}:
            writers.add(name)
    assert sorted(writers - set(DRAFTS)) == []
    assert sorted(set(DRAFTS) - writers) == [], "no longer writers"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with hardly any room."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("A FULL DISK IS NOT TESTED: only root may mount one")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("place", ["cache", "into", "temporary", "new"])
def test_a_full_disk_is_not_the_authors_mistake(
    place: str,
    disk: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One sentence with the folder that is full, exit code 5, and nothing is left there."""
    monkeypatch.chdir(tmp_path)
    arguments = ["build", str(AVERAGES), "--no-page", "--into", "built"]
    named = disk
    if place == "cache":
        monkeypatch.setenv("XDG_CACHE_HOME", str(disk))
        named = disk / "gradekit" / "bundles"
    elif place == "into":
        arguments[-1] = str(named := disk / "a" / "b")
    elif place == "temporary":
        monkeypatch.setattr(tempfile, "tempdir", str(disk))
    else:
        arguments = ["new", str(named := disk / "demo")]

    def prepared(sandbox: str, bundle: Path) -> Any:
        return FakeSandbox().choose(sandbox, prepare_bundle(bundle))

    assert main(arguments, choose=prepared) == 5
    [sentence] = capsys.readouterr().err.splitlines()
    assert sentence.startswith(f"{named}: could not be written (No space left on device). Make")
    assert set(disk.rglob("*")) <= {disk / "gradekit", disk / "gradekit" / "bundles"}
    assert not (tmp_path / "built").exists()


def test_a_folder_that_cannot_be_copied_is_an_error_with_a_name(disk: Path, tmp_path: Path) -> None:
    """Not a list of all its files; an unreadable source is told apart from a full target."""
    for number in range(30):
        (tmp_path / "source").mkdir(exist_ok=True)
        (tmp_path / "source" / f"{number}.txt").write_text("x" * 4000)
    with pytest.raises(OSError, match="No space left") as full:
        copy_tree(tmp_path / "source", disk / "copy")
    assert (full.value.errno, full.value.filename) == (errno.ENOSPC, str(disk / "copy"))
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "link").symlink_to("nowhere")
    with pytest.raises(GraderError, match="link: could not be opened"):
        copy_tree(tmp_path / "broken", tmp_path / "copy")
