"""A sandbox is put to the test before it is trusted, and the test can fail."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gradekit.cli.options import sandbox_for
from gradekit.core.errors import GraderError
from gradekit.core.job import Job, Promise
from gradekit.core.marks import Outcome
from gradekit.sandbox.choose import choose_sandbox, try_promises
from gradekit.sandbox.docker import DockerSandbox
from gradekit.sandbox.local import LocalSandbox
from gradekit.sandbox.outcome import self_check_failed
from gradekit.worker import self_check

NETWORK = Promise(promise="no network", through="a way to 192.0.2.1")


class FakeSandbox:
    """Promises one thing, and says whether it holds."""

    name = "fake"

    def __init__(self, *tried: Promise) -> None:
        self._tried = tried

    def check(self) -> tuple[Promise, ...]:
        return self._tried

    def grade(self, job: Job) -> Outcome:
        raise AssertionError("nothing is graded here")


@pytest.mark.bubblewrap
def test_bubblewrap_holds_what_it_promises(secret_bundle: Path) -> None:
    """Every promise is tried from inside, by code that a student could have written."""
    tried = LocalSandbox(secret_bundle, "bubblewrap").check()
    assert [one for one in tried if not one.holds] == []
    assert {*self_check.PROMISES.values()} < {one.promise for one in tried}


@pytest.mark.docker
def test_docker_holds_what_it_promises(secret_bundle: Path) -> None:
    """The same list, inside the container; the control group is always promised there."""
    tried = DockerSandbox(secret_bundle).check()
    assert [one for one in tried if not one.holds] == []
    assert {*self_check.PROMISES.values(), self_check.TOGETHER} < {one.promise for one in tried}


def test_without_isolation_the_check_says_what_gets_through(secret_bundle: Path) -> None:
    """An ordinary process reads the checks, writes beside them, and is the worker's own user."""
    through = {one.promise: one.through for one in LocalSandbox(secret_bundle, "none").check()}
    assert str(secret_bundle / "tests") in through[self_check.PROMISES["secrets"]]
    assert "/arguments" in through[self_check.PROMISES["secrets"]]
    assert through[self_check.PROMISES["writing"]]
    assert "signals to process" in through[self_check.PROMISES["processes of others"]]
    assert "the worker's own user" in through[self_check.PROMISES["rights"]]
    assert "MiB in " in through[self_check.PROMISES["disk"]]


def test_a_promise_that_does_not_hold_stops_grading() -> None:
    """The sentence names the promise, what got through, and where the whole list is."""
    said: list[str] = []
    with pytest.raises(GraderError, match=r"no network.*a way to 192\.0\.2\.1.*gradekit doctor"):
        try_promises(FakeSandbox(Promise(promise="no escape", through=""), NETWORK), said.append)
    assert said == []


def test_promises_that_hold_are_counted_aloud() -> None:
    """Whoever grades sees which sandbox was taken."""
    said: list[str] = []
    try_promises(FakeSandbox(Promise(promise="no network", through="")), said.append)
    assert said == ["sandbox: fake; all its 1 promises were tried, and hold"]


@pytest.mark.bubblewrap
def test_a_sandbox_in_which_nothing_runs_is_not_tried(
    secret_bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A class that was graded before waits for no container."""
    for needed in (False, True):
        sandbox_for("bubblewrap", secret_bundle, None, lambda _, needed=needed: needed)
        assert ("promises were tried" in capsys.readouterr().err) == needed


@pytest.mark.bubblewrap
def test_the_chosen_sandbox_was_tried(secret_bundle: Path) -> None:
    """Nobody gets a sandbox from `choose` that was not put to the test."""
    said: list[str] = []
    assert choose_sandbox("bubblewrap", secret_bundle, said.append).name == "bubblewrap"
    assert "and hold" in said[-1]


def test_a_check_that_gives_no_answer_is_our_failure(secret_bundle: Path, tmp_path: Path) -> None:
    """No answer is not a good answer."""
    broken = tmp_path / "bundle"
    shutil.copytree(secret_bundle, broken)
    shutil.rmtree(broken / "files")
    (broken / "files").write_text("not a folder")
    with pytest.raises(GraderError):
        self_check.parse_promises(b"nonsense")
    if shutil.which("bwrap"):
        with pytest.raises(GraderError, match="self-check of bubblewrap failed") as failure:
            LocalSandbox(broken / "absent", "bubblewrap").check()
        assert "File" not in str(failure.value)


def test_a_failed_self_check_is_one_sentence() -> None:
    """The exception itself, not a traceback cut in the middle, and what to do next."""
    traceback = 'process)\n  File "worker.py", line 3, in begin\nOSError: no namespaces\n'
    assert str(self_check_failed("bubblewrap", traceback)) == (
        "The self-check of bubblewrap failed (OSError: no namespaces). "
        'Run "gradekit doctor", which says what this machine lacks.'
    )
    assert "failed (no reason given)." in str(self_check_failed("docker", ""))
