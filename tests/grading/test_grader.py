"""A class is graded whatever one submission, or one sandbox, does."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import pytest

from gradekit.core.errors import GraderError
from gradekit.core.escape import one_line
from gradekit.core.job import Job, Limits
from gradekit.core.marks import Mark, Outcome, QuestionMark, Status, Verdict
from gradekit.grading.grader import MAX_REASON, Graded, Grader
from gradekit.grading.journal import Journal
from gradekit.grading.results import Results
from gradekit.grading.run import grade_handins
from gradekit.submission.find import find_hand_ins


@dataclass(frozen=True)
class FakeCheck:
    name: str = "flips the kernel"
    hidden: bool = False
    points: float = 2.0


@dataclass(frozen=True)
class FakeQuestion:
    name: str
    manual: bool = False
    checks: tuple[FakeCheck, ...] = (FakeCheck(),)


@dataclass(frozen=True)
class FakeBundle:
    questions: tuple[FakeQuestion, ...] = (
        FakeQuestion("conv1d"),
        FakeQuestion("findings", manual=True, checks=()),
        FakeQuestion("fc"),
    )
    digest: str = "d" * 64
    out_of: float = 4.0


def outcome(verdict: Verdict = Verdict.PASSED, message: str = "", **change: str) -> Outcome:
    points = {Verdict.PASSED: 2.0, Verdict.UNMARKED: None}.get(verdict, 0.0)
    name = change.get("check", "flips the kernel")
    mark = Mark(
        name=name, hidden=False, verdict=verdict, points=points, out_of=2.0, message=message
    )
    questions = [QuestionMark(name=name, checks=(mark,)) for name in ("conv1d", "fc")]
    return Outcome(questions=tuple(questions), notes=("seen\x1b[2J",))


@dataclass
class FakeSandbox:
    """Answers each job by its source, as a dictionary says; remembers the jobs."""

    answers: dict[str, Callable[[], Outcome]] = field(default_factory=dict)
    jobs: list[Job] = field(default_factory=list)
    name: str = "fake"
    version: str = "1"

    def grade(self, job: Job) -> Outcome:
        self.jobs.append(job)
        source = json.loads(job.notebook)["cells"][0]["source"]
        return self.answers.get(source, outcome)()


def hand_in(folder: Path, **sources: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, source in sources.items():
        cell = {"id": "a", "cell_type": "code", "source": source}
        (folder / f"{name}.ipynb").write_text(json.dumps({"cells": [cell], "nbformat": 4}))


@dataclass
class Class:
    """A class in a folder, graded by a fake sandbox."""

    folder: Path
    sandbox: FakeSandbox = field(default_factory=FakeSandbox)
    heard: list[Graded] = field(default_factory=list)

    def grade(self, *, jobs: int = 2, key: str = "", bundle: FakeBundle | None = None) -> None:
        handins = find_hand_ins(self.folder / "class")
        results = Results(self.folder / "results", [one.id for one in handins])
        grader = Grader(bundle=bundle or FakeBundle(), sandbox=self.sandbox, secret=key)
        grade_handins(handins, grader, results, jobs=jobs, done=self.hear)

    def hear(self, graded: Graded) -> None:
        path = self.folder / "results" / f"{graded.report.submission}.json"
        assert path.exists(), "a report is on the disk before anybody hears of it"
        self.heard.append(graded)

    def __getitem__(self, name: str) -> Graded:
        return next(one for one in self.heard if one.report.submission == name)


@pytest.fixture
def room(tmp_path: Path) -> Class:
    hand_in(tmp_path / "class", alice="1", bo="2", chen="3")
    return Class(tmp_path)


def fails(error: BaseException) -> Callable[[], Outcome]:
    def fail() -> Outcome:
        raise error

    return fail


def test_every_file_gets_a_report_on_the_disk(room: Class) -> None:
    """Points, notes, digest of the file and seconds are there."""
    room.grade()
    assert sorted(one.report.submission for one in room.heard) == ["alice", "bo", "chen"]
    data = json.loads((room.folder / "results/bo.json").read_text())
    assert (data["status"], data["points"], data["out_of"]) == ("graded", 4.0, 4.0)
    assert data["sha256"] == sha256((room.folder / "class/bo.ipynb").read_bytes()).hexdigest()
    assert data["notes"] == ["seen\\x1b[2J"]
    assert data["seconds"] >= 0


def test_a_file_that_cannot_be_read_costs_only_itself(room: Class) -> None:
    """It has a reason, the sandbox never sees it, and the fault is not ours."""
    (room.folder / "class/dan.ipynb").write_text("{")
    room.grade()
    assert "dan.ipynb: the file is not a notebook" in (room["dan"].report.reason or "")
    assert not room["dan"].report.ours
    assert room["dan"].report.sha256 == sha256(b"{").hexdigest()
    assert len(room.sandbox.jobs) == 3


def test_what_needs_no_sandbox_is_known_beforehand(room: Class) -> None:
    """Marks in the journal and files that cannot be read; not what --again names."""
    (room.folder / "class/dan.ipynb").symlink_to("alice.ipynb")  # links are not followed
    handins = find_hand_ins(room.folder / "class")
    with Journal(room.folder) as journal:
        grader = Grader(bundle=FakeBundle(), sandbox=room.sandbox, journal=journal)
        assert all(map(grader.needs_sandbox, handins[:3]))
        for handin in handins[:2]:
            grader.grade(handin)
        assert list(map(grader.needs_sandbox, handins)) == [False, False, True, False]
        again = replace(grader, again={handins[0].id})
        assert list(map(again.needs_sandbox, handins[:2])) == [True, False]


@pytest.mark.parametrize(
    "error", [GraderError("Docker ran out of disk."), KeyError("x"), MemoryError()]
)
def test_a_fault_of_ours_is_tried_again_and_never_costs_marks(
    room: Class, error: Exception
) -> None:
    """Twice the same fault leaves the submission ungraded, and the others graded."""
    room.sandbox.answers["2"] = fails(error)
    room.grade()
    assert room["bo"].report.ours
    assert room["bo"].report.points is None
    assert "bo.ipynb: " in (room["bo"].report.reason or "")
    assert len(room.sandbox.jobs) == 4
    assert room["alice"].report.status is Status.GRADED


def test_a_fault_that_is_gone_the_second_time_leaves_no_trace(room: Class) -> None:
    """The second attempt counts like a first one."""
    attempts = [outcome, fails(GraderError("busy"))]

    def attempt() -> Outcome:
        return attempts.pop()()

    room.sandbox.answers["2"] = attempt
    room.grade()
    assert room["bo"].report.points == 4.0
    assert not room["bo"].report.ours


def test_a_check_without_a_verdict_leaves_the_submission_ungraded(room: Class) -> None:
    """The reason names the question and the check; what is known is kept for staff."""
    room.sandbox.answers["2"] = lambda: outcome(Verdict.UNMARKED)
    room.grade()
    report = room["bo"].report
    assert "bo.ipynb: the grader could not decide conv1d: flips the kernel and 1 more." in (
        report.reason or ""
    )
    assert report.points is None
    assert room["bo"].report.ours
    assert len(report.questions) == 2


@pytest.mark.parametrize(
    "bundle",
    [
        FakeBundle(questions=(FakeQuestion("conv1d"),)),
        FakeBundle(questions=(FakeQuestion("fc"), FakeQuestion("conv1d"))),
        FakeBundle(questions=(FakeQuestion("conv1d", checks=(FakeCheck(points=3.0),)),) * 2),
        FakeBundle(questions=(FakeQuestion("conv1d", checks=(FakeCheck(hidden=True),)),) * 2),
    ],
)
def test_a_report_that_does_not_fit_the_bundle_is_not_believed(
    room: Class, bundle: FakeBundle
) -> None:
    """Other questions, another order, other points: the sandbox is not trusted with them."""
    room.grade(bundle=bundle)
    assert all(one.report.ours for one in room.heard)
    assert "other questions or checks than the bundle" in (room["bo"].report.reason or "")


def test_messages_are_cut_and_hold_no_terminal_sequences(room: Class) -> None:
    """Lines stay lines; everything else that a terminal would obey is spelled out."""
    message = "one\r\ntwo\x1b[2J\x07\u202e" + "x" * 10_000
    room.sandbox.answers["2"] = lambda: outcome(Verdict.FAILED, message)
    room.grade()
    shown = room["bo"].report.questions[0].checks[0].message
    assert shown.startswith("one\ntwo\\x1b[2J\\x07\\u202exxx")
    assert len(shown) == MAX_REASON


def test_seeds_are_secret_repeatable_and_differ(room: Class) -> None:
    """The same bytes and key give the same seed; another key or file another one."""
    room.grade(jobs=1)
    room.grade(jobs=1)
    room.grade(jobs=1, key="winter")
    first, second, third = ([job.seed for job in room.sandbox.jobs[n : n + 3]] for n in (0, 3, 6))
    assert first == second
    assert len({*first, *third}) == 6
    assert all(len(seed) == 64 and int(seed, 16) for seed in first)


def test_the_key_changes_with_everything_that_marks_depend_on() -> None:
    """Submission, bundle, sandbox, limits, secret; and with nothing else."""
    base = Grader(bundle=FakeBundle(), sandbox=FakeSandbox(), secret="s")
    others = [
        replace(base, bundle=FakeBundle(digest="x" * 64)),
        replace(base, sandbox=FakeSandbox(version="2")),
        replace(base, limits=Limits(processes=1)),
        replace(base, secret="x"),
    ]
    keys = {one.cache_key("a" * 64) for one in (base, *others)}
    assert len({*keys, base.cache_key("b" * 64)}) == 6
    assert base.cache_key("a" * 64) == replace(base, again={"alice"}).cache_key("a" * 64)


def test_limits_reach_the_sandbox(room: Class) -> None:
    """A job carries the limits it is run under."""
    room.grade()
    assert room.sandbox.jobs[0].limits == Limits()


def test_ctrl_c_stops_the_class_and_keeps_what_is_done(room: Class) -> None:
    """Nothing more is begun; a report that came before or meanwhile is kept and told."""
    entered = threading.Event()

    def interrupt(graded: Graded) -> None:
        room.heard.append(graded)
        if len(room.heard) == 1:
            raise KeyboardInterrupt

    def slow() -> Outcome:
        entered.wait(0.2)
        return outcome()

    room.sandbox.answers = {"2": slow, "3": slow}
    room.hear = interrupt  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        room.grade(jobs=1)
    assert [one.report.submission for one in room.heard] == ["alice", "bo"]
    assert not (room.folder / "results/chen.json").exists()


def test_a_sandbox_killed_by_ctrl_c_gives_no_report(room: Class) -> None:
    """Ctrl-C reaches the sandbox's processes as well; their end is no fault to be written down."""
    entered = threading.Event()
    interrupted = threading.Event()

    def interrupt(graded: Graded) -> None:
        interrupted.set()
        raise KeyboardInterrupt

    def dies() -> Outcome:
        entered.set()
        interrupted.wait(5)
        raise GraderError("the worker was killed")

    def quick() -> Outcome:
        entered.wait(5)
        return outcome()

    room.sandbox.answers = {"1": quick, "2": dies}
    room.hear = interrupt  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        room.grade(jobs=2)
    assert not (room.folder / "results/bo.json").exists()


class EndlessSandbox(FakeSandbox):
    """Grades until it is closed; a first and a second Ctrl-C come meanwhile."""

    closed = threading.Event()

    def grade(self, job: Job) -> Outcome:
        self.jobs.append(job)
        for seconds in (0.1, 0.4):
            threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT)).start()
        assert self.closed.wait(10)
        raise GraderError("the worker was killed")

    def close(self) -> None:
        self.closed.set()


def test_a_second_ctrl_c_ends_what_runs(room: Class) -> None:
    """The sandbox is closed, nothing is tried again, and no report tells of it."""
    room.sandbox = EndlessSandbox()
    with pytest.raises(KeyboardInterrupt):
        room.grade(jobs=1)
    assert room.sandbox.closed.is_set()
    assert len(room.sandbox.jobs) == 1
    assert not list((room.folder / "results").glob("*.json"))


def test_a_disk_that_is_full_stops_the_class(room: Class) -> None:
    """Grading on without being able to keep the marks would waste hours."""
    (room.folder / "results/.alice.json.new").mkdir(parents=True)
    with pytest.raises(GraderError, match="could not be written"):
        room.grade(jobs=1)


def test_a_reason_is_one_printable_line() -> None:
    """Whatever an error said."""
    assert one_line(" a\n\tb\x00\ud800 ") == "a b\\x00\\ud800"
