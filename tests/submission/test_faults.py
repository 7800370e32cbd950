"""Whatever is handed in has its row: marks where the work survives, else a reason."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from faults.catalogue import FAULTS
from faults.desk import Desk, Fault, Notebook, Row
from gradekit.author.build import Built
from gradekit.core import escape
from gradekit.core.errors import SubmissionError
from gradekit.submission import find, parse
from gradekit.submission.find import HandIn

ROWS = [(fault, row) for fault in FAULTS for row in fault.rows]
BYSTANDERS = {"bystander-one": 10.0, "bystander-two": 0.0}
REMEDY = ("hand in", "save the notebook", "leave one", "check the file", "settle")


@dataclass(frozen=True, slots=True)
class Class:
    """A class that was graded: its table by id, its folder, and what was printed."""

    folder: Path
    temporary: Path  # the command's own folder for temporary files
    table: dict[str, dict[str, str]]
    printed: str

    def report(self, submission_id: str) -> dict[str, Any]:
        """Return the report of one submission, without the time it took."""
        found = [
            report
            for path in (self.folder / "results").glob("*.json")
            if (report := json.loads(path.read_text("utf-8")))["submission"] == submission_id
        ]
        assert len(found) == 1, f"{len(found)} reports on {submission_id}"
        return {**found[0], "seconds": None, "timings": None}


@pytest.fixture(scope="session")
def blank(averages: Built) -> Notebook:
    """The notebook of the exercise on moving averages as students receive it."""
    notebook: Notebook = json.loads((averages.student / averages.notebook).read_text("utf-8"))
    return notebook


@pytest.fixture(scope="session")
def place(averages: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the bundle of that exercise, in which classes are graded."""
    folder = tmp_path_factory.mktemp("faults")
    shutil.copytree(averages.autograder, folder / "autograder")
    return folder


def names(fault: Fault) -> str:
    return fault.name


# Each fault alone, as far as the file is read: no kernel is started.


@pytest.mark.parametrize("fault", FAULTS, ids=names)
def test_a_fault_is_found_and_read_or_refused(
    fault: Fault, blank: Notebook, tmp_path: Path
) -> None:
    """Every row is found under its id; what cannot be graded is refused with the reason."""
    fault.lay(tmp_path, blank)
    found = {one.id: one for one in find.find_hand_ins(tmp_path)}
    assert sorted(found) == sorted(row.id for row in fault.rows)
    for row in fault.rows:
        if row.points is None:
            with pytest.raises(SubmissionError) as caught:
                parse.read_notebook(found[row.id])
            assert_helpful(str(caught.value), found[row.id].file, row)
        else:
            assert parse.read_notebook(found[row.id]) == parse.read_notebook(found[row.id])


def assert_helpful(reason: str, file: str, row: Row) -> None:
    assert reason.startswith(file), "the reason names the file"
    assert row.says in reason
    assert any(remedy in reason.lower() for remedy in REMEDY), f"no remedy: {reason}"


def test_there_are_enough_faults_and_each_says_its_idea() -> None:
    """146 faults, no two with one name, each with an idea and with what must happen."""
    assert len(FAULTS) == 146  # a fault that vanished would count as one that was met
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
    assert all(fault.idea.endswith(".") and fault.must.endswith(".") for fault in FAULTS)


# All faults together, graded by the command line.


def lay_bystanders(folder: Path, blank: Notebook) -> None:
    folder.mkdir(exist_ok=True)
    for name, points in BYSTANDERS.items():
        desk = Desk(folder, name, blank)
        made = desk.solved() if points else json.loads(json.dumps(blank))
        made["cells"].append({"cell_type": "markdown", "id": "me", "metadata": {}, "source": name})
        desk.hand_in(made)


def grade(place: Path, folder: str) -> Class:
    """Grade a class with the command that people type."""
    temporary = Path(tempfile.mkdtemp(prefix="f-"))  # sockets need a short path
    run = subprocess.run(
        [
            sys.executable, "-m", "gradekit", "grade", folder, "--sandbox", "bubblewrap",
            "--jobs", "2", "--results", f"{folder}-results/results",
        ],
        cwd=place, env={**os.environ, "TMPDIR": str(temporary)}, capture_output=True,
        timeout=900, check=False,
    )  # fmt: skip
    printed = (run.stdout + run.stderr).decode("utf-8", "replace")
    assert run.returncode == 0, printed
    results = place / f"{folder}-results"
    with (results / "results/gradebook.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["submission"] for row in rows}) == len(rows)
    return Class(results, temporary, {row["submission"]: row for row in rows}, printed)


def processes(temporary: Path) -> list[psutil.Process]:
    """Return what still runs of a command that had this folder for temporary files."""
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if str(temporary) in " ".join(process.info["cmdline"] or [])
    ]


@pytest.fixture(scope="session")
def graded(place: Path, blank: Notebook) -> Class:
    """All faults and two honest bystanders, graded as one class."""
    lay_bystanders(place / "class", blank)
    for fault in FAULTS:
        fault.lay(place / "class", blank)
    return grade(place, "class")


def difference(fault: Fault, row: Row, graded: Class) -> str:
    """Return in which way a row of the gradebook is not the one it must be, or nothing."""
    try:
        shown = graded.table[escape.cell(row.id)]
        report = graded.report(row.id)
        if row.points is None:
            assert (shown["status"], shown["points"]) == ("ungraded", "")
            assert_helpful(shown["reason"].lstrip("'"), report["file"].rstrip("'"), row)
        else:
            assert (shown["status"], shown["reason"]) == ("graded", ""), fault.idea
            assert float(shown["points"]) == row.points, fault.must
            assert row.says in " · ".join(report["notes"])
    except (AssertionError, KeyError) as error:
        return f"{fault.name}, {row.id[:40]!a}: {type(error).__name__}: {error}"
    return ""


@pytest.mark.bubblewrap
@pytest.mark.slow
@pytest.mark.remembered("faults")
def test_every_fault_has_the_row_it_must_have(
    graded: Class, record_property: Callable[[str, object], None]
) -> None:
    """Marks where the work survives, else a reason that names the file and a remedy."""
    differences = [difference(fault, row, graded) for fault, row in ROWS]
    assert [text for text in differences if text] == []
    record_property("showed", f"{len(FAULTS)} faults, {len(ROWS)} rows, each as it must be")


@pytest.mark.bubblewrap
@pytest.mark.slow
@pytest.mark.remembered("faults")
def test_the_table_holds_these_rows_and_no_others(graded: Class) -> None:
    """Nobody is forgotten, and nobody is made up."""
    expected = {escape.cell(row.id) for _, row in ROWS} | set(BYSTANDERS)
    assert set(graded.table) == expected


@pytest.mark.bubblewrap
@pytest.mark.slow
@pytest.mark.remembered("faults")
def test_the_company_changes_nothing_for_the_honest(
    graded: Class, place: Path, blank: Notebook
) -> None:
    """Graded alone and graded among all faults, two notebooks have the same reports."""
    lay_bystanders(place / "alone", blank)
    alone = grade(place, "alone")
    for name, points in BYSTANDERS.items():
        assert graded.report(name) == alone.report(name)
        assert graded.report(name)["points"] == points
        assert graded.table[name] == alone.table[name]


@pytest.mark.bubblewrap
@pytest.mark.slow
@pytest.mark.remembered("faults")
def test_nothing_is_left_behind(graded: Class) -> None:
    """No process, no temporary folder, no member of an archive, no path that climbed."""
    deadline = time.monotonic() + 30
    while processes(graded.temporary) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not processes(graded.temporary)
    assert list(graded.temporary.iterdir()) == []
    graded.temporary.rmdir()
    assert not list(graded.folder.parent.rglob("climbed.ipynb"))
    assert not Path("/tmp/planted.ipynb").exists()
    kinds = {path.suffix for path in (graded.folder / "results").iterdir() if path.is_file()}
    assert kinds == {".json", ".csv", ".sqlite3", ".lock"}, kinds


@pytest.mark.bubblewrap
@pytest.mark.slow
@pytest.mark.remembered("faults")
def test_neither_terminal_nor_table_obeys_a_name(graded: Class) -> None:
    """No cell of the table begins a formula, and no escape reaches the terminal."""
    assert "\x1b" not in graded.printed
    assert "\u202e" not in graded.printed
    values = [value for row in graded.table.values() for value in row.values()]
    assert not [value for value in values if value.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert not [value for value in values if ";=" in value or "\n" in value]


def test_ids_never_share_a_report(tmp_path: Path) -> None:
    """Every id in the folder has a file name of its own, whatever the disk thinks of case."""
    ids = [row.id for _, row in ROWS]
    paths = escape.file_names(ids)
    assert len({path.casefold() for path in paths.values()}) == len(ids)
    assert HandIn(id="x", file="x", root=tmp_path, parts=("x",)).id == "x"
