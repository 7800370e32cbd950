"""The sample class is graded end to end, and earns exactly what was written down."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import psutil
import pytest
import sample_class

from gradekit.core.bundle import Bundle
from gradekit.grading.grader import Graded, Grader
from gradekit.grading.results import Results
from gradekit.grading.run import grade_handins
from gradekit.sandbox import choose_sandbox, docker_engine, prepare_bundle
from gradekit.submission.find import find_hand_ins

ROOT = Path(__file__).resolve().parents[2]
BUNDLE = ROOT / "autograder"
MARKS = tomllib.loads((sample_class.SUBMISSIONS / "marks.toml").read_text(encoding="utf-8"))
GRADEBOOK = Path(__file__).with_name("gradebook.csv")
SEED = "the sample class"  # the same random inputs whenever and wherever it is graded
KEYS = ("points", "trained", "every")

# Who is graded behind bubblewrap by `make test`: one for each way to end a kernel or not. The
# others differ in their answers alone, which the same worker judges in Docker.
FEW = (
    "perfect",
    "blank",
    "moved-and-deleted",
    "no-bias",
    "endless-loop",
    "eats-memory",
    "kills-its-kernel",
    "forges-by-patching",
)


@cache
def questions() -> dict[str, dict[str, float]]:
    """Return the points of each check of each automatic question."""
    manifest = json.loads((BUNDLE / "manifest.json").read_text(encoding="utf-8"))
    return {
        question["name"]: {check["name"]: check["points"] for check in question["checks"]}
        for question in manifest["questions"]
        if not question["manual"]
    }


def expected(name: str) -> dict[str, dict[str, str]]:
    """Return the verdict of each check of each question that the marks promise."""
    marks = MARKS[name]
    every = marks.get("every", "passed")
    verdicts = {question: dict.fromkeys(checks, every) for question, checks in questions().items()}
    for network in set(sample_class.TRAINING) - set(marks.get("trained", ())):
        verdicts[f"{network}_accuracy"] = dict.fromkeys(verdicts[f"{network}_accuracy"], "failed")
    for question, entry in marks.items():
        if question not in KEYS:
            lost = verdicts[question] if entry["lost"] == "all" else entry["lost"]
            assert set(lost) <= set(verdicts[question]), f"{name}: no such check in {question}"
            verdicts[question].update(dict.fromkeys(lost, entry.get("verdict", "failed")))
    return verdicts


@dataclass
class Pass:
    """The class, graded once in one sandbox."""

    sandbox: str
    folder: Path
    graded: list[Graded]
    left: list[str]

    @property
    def names(self) -> list[str]:
        """The submissions that were graded."""
        return sorted(one.report.submission for one in self.graded)

    def report(self, name: str) -> dict[str, Any]:
        [report] = [g.report.to_json() for g in self.graded if g.report.submission == name]
        return report

    def rows(self) -> list[list[str]]:
        text = (self.folder / "gradebook.csv").read_text(encoding="utf-8")
        return list(csv.reader(text.splitlines()))


def left_behind(temporary: Path, start: float) -> list[str]:
    """Return processes, containers and temporary files that outlived the class."""
    found = [f"file {path.name}" for path in sorted(temporary.iterdir())]
    for process in psutil.process_iter(["ppid", "cmdline", "create_time"]):
        words = " ".join(process.info["cmdline"] or [])
        mine = process.info["ppid"] in (1, os.getpid()) and process.info["create_time"] > start
        if mine and ("ipykernel" in words or "gradekit" in words):
            found.append(f"process {process.pid} {words[:200]}")
    if client := docker_engine.engine():
        ours = client.containers.list(all=True, filters={"label": docker_engine.LABEL})
        owners = {one.name: json.loads(one.labels[docker_engine.LABEL])["pid"] for one in ours}
        found += [f"container {name}" for name, pid in owners.items() if pid == os.getpid()]
    return found


def grade(sandbox_name: str, folder: Path, names: Collection[str]) -> Pass:
    start = time.time()
    handins = [h for h in find_hand_ins(sample_class.SUBMISSIONS) if h.id in names]
    results = Results(folder, [handin.id for handin in handins])
    graded: list[Graded] = []
    sandbox = choose_sandbox(sandbox_name, prepare_bundle(BUNDLE))
    grader = Grader(bundle=Bundle.load(BUNDLE), sandbox=sandbox, secret=SEED)
    jobs = len(os.sched_getaffinity(0))
    with temporary_folder() as temporary:
        grade_handins(handins, grader, results, jobs=jobs, done=graded.append)
        time.sleep(1.0)  # for the last process to be gone
        left = left_behind(temporary, start)
    results.save_class([one.report for one in graded], list(questions()))
    return Pass(sandbox_name, folder, graded, left)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Give temporary files a folder of their own; its path is short, for sockets."""
    before = os.environ.get("TMPDIR")
    with tempfile.TemporaryDirectory(prefix="gk-", dir="/tmp") as name:
        os.environ["TMPDIR"], tempfile.tempdir = name, name
        try:
            yield Path(name)
        finally:
            tempfile.tempdir = None
            os.environ.pop("TMPDIR")
            if before is not None:
                os.environ["TMPDIR"] = before


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("bubblewrap", marks=pytest.mark.bubblewrap),
        pytest.param("docker", marks=pytest.mark.docker),
    ],
)
def graded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pass:
    """Grade the class once for each sandbox; all claims look at that."""
    if request.param == "bubblewrap" and shutil.which("bwrap") is None:
        pytest.skip("bubblewrap is not installed")
    # Without an engine nobody would be graded in Docker, so all are graded here.
    some = request.param == "bubblewrap" and docker_engine.engine() is not None
    names = FEW if some and not request.config.getoption("everything") else sample_class.CASES
    return grade(request.param, tmp_path_factory.mktemp(request.param), names)


# The class itself.


def test_the_committed_class_is_what_the_generator_makes() -> None:
    """A master that has changed shows here: run `python tests/sample_class.py`."""
    fresh = dict(sample_class.made())
    committed = {path.name for path in sample_class.SUBMISSIONS.glob("*.ipynb")}
    assert committed == set(fresh)
    stale = [
        name
        for name, text in fresh.items()
        if (sample_class.SUBMISSIONS / name).read_text(encoding="utf-8") != text
    ]
    assert not stale, "stale; run: python tests/sample_class.py"


def test_marks_are_written_down_for_each_of_the_class() -> None:
    """No hand-in without marks, no marks without a hand-in."""
    assert set(MARKS) == set(sample_class.CASES)


def test_the_marks_written_down_add_up() -> None:
    """The total and the points of each question follow from the checks that are named."""
    wrong = []
    for name in sample_class.CASES:
        points = {
            question: sum(questions()[question][c] for c, v in checks.items() if v == "passed")
            for question, checks in expected(name).items()
        }
        if sum(points.values()) != MARKS[name]["points"]:
            wrong.append(f"{name}: {sum(points.values())} points in all")
        wrong += [
            f"{name}: {points[question]} points for {question}"
            for question, entry in MARKS[name].items()
            if question not in KEYS and points[question] != entry["points"]
        ]
    assert wrong == []


# The class, graded.


def differences(graded: Pass, name: str) -> Iterator[str]:
    """Yield in which way a report is not the one that was written down."""
    report = graded.report(name)
    if report["reason"] is not None:
        yield f"{name} has no score: {report['reason']}"
    if (report["points"], report["out_of"]) != (MARKS[name]["points"], 60):
        yield f"{name}: {report['points']} of {report['out_of']} points"
    verdicts = {
        q["name"]: {c["name"]: c["verdict"] for c in q["checks"]} for q in report["questions"]
    }
    if set(verdicts) != set(expected(name)):
        yield f"{name}: graded in {', '.join(verdicts)}"
    for question, checks in expected(name).items():
        for check in set(checks) | set(verdicts.get(question, ())):
            verdict = verdicts.get(question, {}).get(check)
            if verdict != checks.get(check):
                yield f"{name}: {question}, {check}: {verdict} instead of {checks.get(check)}"


@pytest.mark.slow
@pytest.mark.remembered("class")
def test_the_gradebook_is_the_one_of_earlier_versions_byte_for_byte(graded: Pass) -> None:
    """However the program is arranged, the same class earns the same table."""
    header, *rows = GRADEBOOK.read_text(encoding="utf-8").splitlines(keepends=True)
    rows = [row for row in rows if next(csv.reader([row]))[0] in graded.names]
    text = (graded.folder / "gradebook.csv").read_bytes().decode("utf-8")
    assert text == "".join([header, *rows])


def test_each_earns_exactly_the_marks_written_down(
    graded: Pass, record_property: Callable[[str, object], None]
) -> None:
    """Total, points of each question, verdict of each check."""
    assert [line for name in graded.names for line in differences(graded, name)] == []
    count = len(graded.names)
    record_property("showed", f"{count} submissions, each with the marks written down for it")


@pytest.mark.slow
@pytest.mark.remembered("class")
def test_every_hand_in_has_a_row_and_a_report(graded: Pass) -> None:
    """The gradebook holds the marks, in order, and each report is a file."""
    header, *rows = graded.rows()
    assert header == ["submission", "status", "points", "out_of", *questions(), "reason"]
    assert [row[0] for row in rows] == graded.names
    for row in rows:
        assert row[1] == "graded"
        assert float(row[2]) == MARKS[row[0]]["points"]
    assert len(list(graded.folder.glob("*.json"))) == len(graded.names)


@pytest.mark.slow
@pytest.mark.remembered("class")
def test_what_students_read_about_hidden_checks_tells_no_data(graded: Pass) -> None:
    """The author's sentence, a type that was raised, a name that is missing: nothing else."""
    said: dict[str, set[str]] = {}
    for one in graded.graded:
        for question in one.report.questions:
            for mark in question.checks:
                if mark.hidden and mark.verdict == "failed":
                    said.setdefault(f"{question.name}: {mark.name}", set()).add(mark.message)
    assert said
    for check, messages in said.items():
        texts = {re.sub(r" Your code raised (an exception|\w+)\.$", "", one) for one in messages}
        others = {
            one for one in texts if not re.match(r"Not answered yet:|`\w+`.* not defined\.", one)
        }
        assert len(others) <= 1, f"{check} says {others}"


@pytest.mark.slow
@pytest.mark.remembered("class")
def test_nothing_is_left_behind(graded: Pass) -> None:
    """No process, container or temporary file outlives the class."""
    assert graded.left == []


@pytest.mark.slow
@pytest.mark.remembered("class")
def test_graded_alone_and_in_company_the_report_is_the_same(graded: Pass, tmp_path: Path) -> None:
    """The command line, for one submission, gives the same marks, messages and notes."""
    command = [sys.executable, "-m", "gradekit", "grade", str(sample_class.SUBMISSIONS), "--json"]
    command += ["--only", "no-bias", "--seed", SEED, "--sandbox", graded.sandbox]
    command += ["--results", str(tmp_path), "--bundle", str(BUNDLE)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    [alone] = json.loads(done.stdout)
    together = graded.report("no-bias")
    times = {"seconds": 0, "timings": 0}
    assert {**alone, **times} == {**together, **times}


@pytest.mark.slow
@pytest.mark.remembered("class")
def test_a_trained_network_is_shown_with_its_curve_and_the_digits_it_misreads(
    graded: Pass,
) -> None:
    """From what the training printed and the public test set; the hidden one is for staff."""
    exhibits = [e for e in graded.report("perfect")["exhibits"] if e["question"] == "cnn_accuracy"]
    measure, curve, pictures = exhibits
    assert [e["staff"] for e in exhibits] == [True, False, False]
    assert measure["numbers"][0] >= measure["numbers"][1]
    assert len(curve["numbers"]) == 3
    assert all(0.5 < share < 1 for share in curve["numbers"])
    captions = [picture["caption"].split(" read as ") for picture in pictures["pictures"]]
    assert captions
    assert all(digit != read for digit, read in captions)
